"""The file of an organisation, read and checked: nothing of it is believed, and nothing is written."""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from pghistory.models import Context
from pydantic import ValidationError as Misshapen

from assessments.catalogue.loader import editions
from assessments.models import (
    Assessment,
    CashFlow,
    EvidenceItem,
    Organisation,
    Report,
    Review,
    Service,
    Submission,
    Thread,
    User,
)
from assessments.services.organisation_file import (
    CONTEXTS,
    FIRMS,
    FORMAT,
    MANIFEST,
    PARTS,
    PEOPLE,
    README,
    VERSION,
    AnyModel,
    Part,
    Row,
)
from assessments.services.organisation_rows import (
    EXPORT_AGAIN,
    BadFile,
    Manifest,
    expected_parts,
    fields_of,
    file_of,
    pointing_to,
    read_value,
    shown,
)
from assessments.uploads import LARGEST, Refused, check

MEGABYTE = 1024 * 1024
MOST_ROWS_UNPACKED = 4096 * MEGABYTE
LONGEST_LINE = 32 * MEGABYTE
LARGEST_REPORT = 100 * MEGABYTE
LARGEST_MANIFEST = 64 * MEGABYTE
MOST_MEMBERS = 200_000


@contextlib.contextmanager
def opened(content: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    if not zipfile.is_zipfile(content):
        raise BadFile(name, "it is no ZIP file", "Give the ZIP that Spinout made when you asked for an export")
    content.seek(0)
    with zipfile.ZipFile(content) as archive:
        yield archive


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """organisation.json, and that the ZIP holds what it names and nothing else."""
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(names) > MOST_MEMBERS:
        raise BadFile("The ZIP", f"it has {len(names)} members; {MOST_MEMBERS} are allowed", EXPORT_AGAIN)
    if len(set(names)) != len(names):
        raise BadFile("The ZIP", "it has two members with one name", EXPORT_AGAIN)
    for member in members:
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadFile(shown(member.filename), "it is encrypted or packed in an unusual way", EXPORT_AGAIN)
    if MANIFEST not in names:
        raise BadFile("The ZIP", f"{MANIFEST} is missing", EXPORT_AGAIN)
    raw = _whole(archive, MANIFEST, LARGEST_MANIFEST)
    plain = _json(raw, MANIFEST)
    _check_version(plain)
    try:
        manifest = Manifest.model_validate(plain)
    except Misshapen as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])[:120]
        raise BadFile(f"{MANIFEST}, {where}", first["msg"].lower(), EXPORT_AGAIN) from None
    _check_names(set(names), manifest)
    return manifest


def _check_version(plain: Any) -> None:
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise BadFile(MANIFEST, "this is not an export of an organisation", "Give the ZIP of an organisation's export")
    if plain.get("version") != VERSION:
        raise BadFile(
            f"{MANIFEST}, version",
            f"it is {shown(plain.get('version'))}; this Spinout reads version {VERSION}",
            "Install the release of Spinout that made the file, or a newer one",
        )


def _check_names(names: set[str], manifest: Manifest) -> None:
    parts = expected_parts()
    if lacking := sorted(parts - set(manifest.parts)):
        raise BadFile(f"{MANIFEST}, parts", f"{lacking[0]} is not named", EXPORT_AGAIN)
    if unknown := sorted(set(manifest.parts) - parts):
        raise BadFile(f"{MANIFEST}, parts", f"{shown(unknown[0])} is no part that Spinout knows", EXPORT_AGAIN)
    named = {MANIFEST, README, *manifest.parts, *manifest.files, *manifest.to_read}
    if lacking := sorted(named - names - {README}):
        raise BadFile("The ZIP", f"{shown(lacking[0])} is named in {MANIFEST} and missing", EXPORT_AGAIN)
    if unknown := sorted(names - named):
        raise BadFile("The ZIP", f"{shown(unknown[0])} is in it, and {MANIFEST} does not name it", EXPORT_AGAIN)


def _whole(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as content:
        found = content.read(most + 1)
    if len(found) > most:
        raise BadFile(name, f"it is larger than {most // MEGABYTE} MB", EXPORT_AGAIN)
    return found


def _json(raw: bytes, where: str) -> Any:
    try:
        return json.loads(raw.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadFile(where, f"it is no JSON ({str(error)[:80]})", EXPORT_AGAIN) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


@dataclass
class _Known:
    """The ids that the file itself brings: rows may point to these and to nothing else."""

    rows: dict[AnyModel, set[str]] = field(default_factory=dict)
    # With those that stand in the history alone.
    ever: dict[AnyModel, set[str]] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    firms: set[str] = field(default_factory=set)


# What other rows point to, in the order in which they hang on each other.
HUNG_ON: tuple[AnyModel, ...] = (Service, Assessment, Submission, Thread)
SCOPES: dict[str, AnyModel] = {
    "organisation": Organisation,
    "services": Service,
    "assessments": Assessment,
    "submissions": Submission,
    "threads": Thread,
}


_WITH_FILES: dict[AnyModel, tuple[str, ...]] = {
    EvidenceItem: ("id", "assessment", "file_name", "size", "sha256", "content_type"),
    Report: ("id", "assessment"),
}


class Package:
    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.archive = archive
        self.manifest = manifest
        self.organisation = manifest.organisation.id
        self.known = _Known()
        self.unpacked = 0

    def check(self) -> None:
        """Raises `BadFile` for the first thing that is wrong."""
        self._check_editions()
        self.known.people = {row["id"] for row in self.lines(PEOPLE, person_row)}
        self.known.firms = {row["id"] for row in self.lines(FIRMS, firm_row)}
        self._learn_ids()
        contexts = {row["id"] for row in self.lines(CONTEXTS, row_reader(Context))}
        for part in PARTS:
            seen: set[Any] = set()
            for number, row in enumerate(self.lines(part.member, row_reader(part.model)), 1):
                self._check_row(part, row, contexts, f"{part.member}, line {number}", seen)
        if self.known.rows[Organisation] != {self.organisation}:
            raise BadFile("rows/organisation.jsonl", f"it is not the organisation that {MANIFEST} names", EXPORT_AGAIN)
        for name in self.manifest.to_read:
            self._check_digest(name)
        self._check_files()

    def _check_editions(self) -> None:
        lacking = sorted(set(self.manifest.editions) - set(editions()))
        if lacking:
            raise BadFile(
                f"{MANIFEST}, editions",
                f"it was answered by edition {shown(lacking[0])} of the catalogue, which is not installed here",
                "Install a release of Spinout that has this edition",
            )

    def _learn_ids(self) -> None:
        """Which services, assessments, submissions and threads the file brings, now and in its history."""
        parts = {part.name: part for part in PARTS}
        self.known.rows[Organisation] = self.known.ever[Organisation] = {
            row["id"] for row in self.lines(parts["rows/organisation"].member, row_reader(Organisation))
        }
        for model in HUNG_ON:
            name = next(part.name for part in PARTS if part.model is model).removeprefix("rows/")
            now, once = parts[f"rows/{name}"], parts[f"history/{name}"]
            self.known.rows[model] = {row["id"] for row in self.lines(now.member, row_reader(model))}
            before = {row["pgh_obj"] for row in self.lines(once.member, row_reader(once.model))}
            self.known.ever[model] = self.known.rows[model] | before
        self.known.rows[CashFlow] = {
            row["assessment"] for row in self.lines(parts["rows/cash-flows"].member, row_reader(CashFlow))
        }
        self.known.rows[Review] = {
            row["submission"] for row in self.lines(parts["rows/reviews"].member, row_reader(Review))
        }

    def _check_row(self, part: Part, row: Row, contexts: set[str], where: str, seen: set[Any]) -> None:
        own = row[part.model._meta.pk.name]
        if own in seen:
            raise BadFile(where, f"the id {shown(own)} is there twice", EXPORT_AGAIN)
        seen.add(own)
        hangs_on = row[_column(part)]
        # A row must hang on one that is there; its history may hang on one that is gone.
        known = self.known.ever if part.is_history else self.known.rows
        if part.is_history and row["pgh_obj"] != row.get(_key_of_tracked(part), row["pgh_obj"]):
            raise BadFile(where, "pgh_obj is not the row that it tells of", EXPORT_AGAIN)
        if hangs_on not in known[SCOPES[part.scope]]:
            raise BadFile(where, f"{_column(part)} {shown(hangs_on)} is not of this organisation", EXPORT_AGAIN)
        for name in pointing_to(part.model, User):
            if row[name] is not None and row[name] not in self.known.people:
                raise BadFile(where, f"{name} {shown(row[name])} is not in {PEOPLE}", EXPORT_AGAIN)
        for name in pointing_to(part.model, Organisation):
            if row[name] is not None and row[name] not in self.known.firms | {self.organisation}:
                raise BadFile(where, f"{name} {shown(row[name])} is not in {FIRMS}", EXPORT_AGAIN)
        for name in pointing_to(part.model, Context):
            if row[name] is not None and row[name] not in contexts:
                raise BadFile(where, f"{name} {shown(row[name])} is not in {CONTEXTS}", EXPORT_AGAIN)
        for target in (Service, Assessment, Submission, Thread, Review):
            for name in pointing_to(part.model, target):
                known_ids = self.known.rows.get(target, set()) if not part.is_history else self._ever(target)
                if row[name] is not None and row[name] not in known_ids:
                    raise BadFile(where, f"{name} {shown(row[name])} is not of this organisation", EXPORT_AGAIN)

    def _ever(self, target: AnyModel) -> set[str]:
        return self.known.ever[Submission if target is Review else target]

    # Members

    def lines(self, name: str, read: Callable[[Any], Row]) -> Iterator[Row]:
        """The rows of a part, checked; at its end also their number and digest."""
        entry = self.manifest.parts[name]
        digest = hashlib.sha256()
        count = 0
        with self.archive.open(name) as content:
            while raw := content.readline(LONGEST_LINE + 1):
                count += 1
                where = f"{name}, line {count}"
                if len(raw) > LONGEST_LINE:
                    raise BadFile(where, f"it is longer than {LONGEST_LINE // MEGABYTE} MB", EXPORT_AGAIN)
                if content.tell() > MOST_ROWS_UNPACKED:
                    most = f"{MOST_ROWS_UNPACKED // MEGABYTE:,} MB"
                    raise BadFile(name, f"unpacked it is larger than {most}", EXPORT_AGAIN)
                digest.update(raw)
                try:
                    yield read(_json(raw, where))
                except ValueError as error:
                    raise BadFile(where, str(error), EXPORT_AGAIN) from None
        if count != entry.rows:
            raise BadFile(name, f"it has {count} rows, {MANIFEST} says {entry.rows}", EXPORT_AGAIN)
        _same(name, digest.hexdigest(), entry.sha256)

    def _check_digest(self, name: str) -> None:
        digest = hashlib.sha256()
        with self.archive.open(name) as content:
            while piece := content.read(MEGABYTE):
                digest.update(piece)
                if content.tell() > MOST_ROWS_UNPACKED:
                    raise BadFile(name, "unpacked it is too large", EXPORT_AGAIN)
        _same(name, digest.hexdigest(), self.manifest.to_read[name].sha256)

    def _check_files(self) -> None:
        """Each file belongs to a row, has the size and the digest that are named, and may be kept here."""
        wanted = dict(self.files_of_rows())
        if unknown := sorted(set(self.manifest.files) - set(wanted)):
            raise BadFile(shown(unknown[0]), "no row names this file", EXPORT_AGAIN)
        lacking = sorted(set(wanted) - set(self.manifest.files) - set(self.manifest.missing_files))
        if lacking:
            raise BadFile(lacking[0], "a row names this file, and it is not there", EXPORT_AGAIN)
        for name in self.manifest.files:
            with self.file(name) as content:
                _allowed(name, content, wanted[name])

    def files_of_rows(self) -> Iterator[tuple[str, Row]]:
        """Name in the ZIP, and as much of the row as a file needs."""
        for model, needed in _WITH_FILES.items():
            part = next(part for part in PARTS if part.model is model)
            for row in self.lines(part.member, row_reader(model)):
                if row["size"] if model is EvidenceItem else row["status"] == Report.Status.READY:
                    yield file_of(model, row["id"]), {name: row[name] for name in needed}

    @contextlib.contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """A copy on disk of one file in the ZIP, checked against its size and digest while it is unpacked."""
        entry = self.manifest.files[name]
        most = LARGEST_REPORT if name.startswith("files/reports/") else LARGEST
        if entry.bytes > most:
            raise BadFile(name, f"it has {entry.bytes} bytes; {most} are allowed", EXPORT_AGAIN)
        digest = hashlib.sha256()
        size = 0
        with tempfile.TemporaryFile() as copy, self.archive.open(name) as content:
            while piece := content.read(MEGABYTE):
                size += len(piece)
                if size > entry.bytes:
                    raise BadFile(name, f"unpacked it is larger than the {entry.bytes} bytes named", EXPORT_AGAIN)
                digest.update(piece)
                copy.write(piece)
            if size != entry.bytes:
                raise BadFile(name, f"it has {size} bytes, {MANIFEST} says {entry.bytes}", EXPORT_AGAIN)
            _same(name, digest.hexdigest(), entry.sha256)
            copy.seek(0)
            yield copy


def _same(name: str, found: str, named: str) -> None:
    if found != named:
        raise BadFile(name, f"it was changed after the export: its SHA-256 is not the one in {MANIFEST}", EXPORT_AGAIN)


def _allowed(name: str, content: IO[bytes], row: Row) -> None:
    """Evidence is looked at as if somebody uploaded it; a report must be a PDF."""
    if name.startswith("files/reports/"):
        if content.read(5) != b"%PDF-":
            raise BadFile(name, "it is no PDF", EXPORT_AGAIN)
        return
    try:
        accepted = check(content, row["file_name"])  # type: ignore[arg-type]
    except Refused as refused:
        raise BadFile(name, refused.message.rstrip("."), "Such a file is not kept as evidence here") from None
    if (accepted.sha256, accepted.size, accepted.content_type) != (row["sha256"], row["size"], row["content_type"]):
        raise BadFile(name, "it is not the file that its row describes", EXPORT_AGAIN)


def _key_of_tracked(part: Part) -> str:
    """The column in which most history repeats the key of the row that it tells of."""
    tracked = part.model._meta.get_field("pgh_obj").related_model
    return str(tracked._meta.pk.name)  # type: ignore[union-attr]


def _column(part: Part) -> str:
    """The field behind the column that the part hangs on."""
    return next(one.name for one in part.model._meta.concrete_fields if part.by in (one.attname, one.name))


def row_reader(model: AnyModel) -> Callable[[Any], Row]:
    fields = {one.name: one for one in fields_of(model)}

    def read(plain: Any) -> Row:
        if not isinstance(plain, dict):
            raise ValueError("it is no object")
        if lacking := fields.keys() - plain.keys():
            raise ValueError(f"{sorted(lacking)[0]} is missing")
        if unknown := plain.keys() - fields.keys():
            raise ValueError(f"{shown(sorted(unknown)[0])} is no column of it")
        return {name: _read(one, plain[name]) for name, one in fields.items()}

    return read


def _read(one: models.Field[Any, Any], value: Any) -> Any:
    try:
        return read_value(one, value)
    except ValueError as error:
        raise ValueError(f"{one.name}: {error}") from None


def person_row(plain: Any) -> Row:
    row = _exactly(plain, {"id": int, "email": (str, type(None)), "name": str, "is_gone": bool})
    if isinstance(row["id"], bool):
        raise ValueError("id: it is no number")
    _read(User._meta.get_field("name"), row["name"])
    if row["email"] is not None:
        try:
            validate_email(_read(User._meta.get_field("email"), row["email"]))
        except ValidationError:
            raise ValueError(f"email: {shown(row['email'])} is no address") from None
    return row


def firm_row(plain: Any) -> Row:
    row = _exactly(plain, {"id": str, "name": str})
    _read(Organisation._meta.get_field("id"), row["id"])
    _read(Organisation._meta.get_field("name"), row["name"])
    return row


def _exactly(plain: Any, kinds: dict[str, Any]) -> Row:
    if not isinstance(plain, dict) or plain.keys() != kinds.keys():
        raise ValueError(f"it is not an object of {', '.join(kinds)}")
    for name, kind in kinds.items():
        if not isinstance(plain[name], kind):
            raise ValueError(f"{name}: {shown(plain[name])} is of another kind")
    return plain
