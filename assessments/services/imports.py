"""Bringing in an organisation from the file that `organisation_file` describes. All of it, or nothing.

The file is not believed: it is read twice. The first time everything is checked and nothing is written: members, sizes,
digests, columns, kinds of values, and that each row hangs on this organisation and on no other. The second time it is
written in one transaction, without the triggers that note changes, since its history comes with it; then the site's own
code reads every assessment once. A file that fails anywhere leaves no trace.
"""

import secrets
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.core.files import File as DjangoFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from pghistory.models import Context

from assessments.catalogue.schema import FactQuestion
from assessments.models import (
    Assessment,
    EvidenceItem,
    Organisation,
    Report,
    Submission,
    User,
)
from assessments.models.organisation import new_code
from assessments.models.user import NO_ADDRESS
from assessments.selectors.frozen import given_of
from assessments.selectors.results import result_page
from assessments.services.append_only import lifted
from assessments.services.assessments import rescore
from assessments.services.organisation_file import (
    CONTEXTS,
    FIRMS,
    PARTS,
    PEOPLE,
    AnyModel,
    Part,
    Row,
    events_of,
    history_of,
)
from assessments.services.organisation_package import (
    HUNG_ON,
    Package,
    firm_row,
    opened,
    person_row,
    read_manifest,
    row_reader,
)
from assessments.services.organisation_rows import (
    EXPORT_AGAIN,
    BadFile,
    has_number,
    insert,
    pointing_to,
    shown,
)

BATCH = 4 * 1024 * 1024
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Imported:
    organisation: Organisation
    rows: int
    files: int
    people_known: int
    people_made: int
    left_out: tuple[str, ...]


def import_organisation(source: Path) -> Imported:
    """The organisation, as it was. Raises `BadFile`; then nothing is different from before."""
    try:
        with source.open("rb") as content, opened(content, source.name) as archive:
            package = Package(archive, read_manifest(archive))
            package.check()
            return _write_all(package)
    except OSError as error:
        raise BadFile(source.name, f"it cannot be read ({error.strerror})", "Check the path and the file") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, RecursionError) as error:
        found = f"it is damaged ({str(error)[:80] or type(error).__name__})"
        raise BadFile(source.name, found, EXPORT_AGAIN) from None


def _write_all(package: Package) -> Imported:
    kept: list[str] = []
    try:
        with lifted():
            imported = _write_rows(package)
            _read_once(package)
            files = _keep_files(package, kept)
    except BaseException:
        for name in kept:
            default_storage.delete(name)
        raise
    return Imported(**imported, files=files, organisation=Organisation.objects.get(pk=package.organisation))


def _write_rows(package: Package) -> dict[str, Any]:
    _check_clashes(package)
    with connection.cursor() as cursor:
        # Rows point to each other; whether they fit is looked at when all of them are there.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    people, made = _people(package)
    _firms(package, people)
    shifts = {part.model: _shift(part.model) for part in PARTS if has_number(part.model)}
    for batch in _batches(package.lines(CONTEXTS, row_reader(Context))):
        insert(Context, [{**row, "metadata": _context(row["metadata"], people)} for row in batch])
    rows = 0
    for part in PARTS:
        point = _pointer(part, people, shifts)
        number = 0
        for batch in _batches(package.lines(part.member, row_reader(part.model))):
            try:
                insert(part.model, [point(row) for row in batch])
            except DatabaseError as error:
                where = f"{part.member}, lines {number + 1} to {number + len(batch)}"
                raise BadFile(where, f"the database refuses them ({_said(error)})", EXPORT_AGAIN) from None
            number += len(batch)
        rows += number
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError as error:
        raise BadFile("The rows", f"they do not fit together ({_said(error)})", EXPORT_AGAIN) from None
    for part in PARTS:
        _count_on(part.model)
    left_out = tuple(f"{name}: {entry.rows} rows" for name, entry in sorted(package.manifest.to_read.items()))
    return {
        "rows": rows,
        "people_known": len(people) - made,
        "people_made": made,
        "left_out": (*left_out, *(f"{name}: was missing" for name in package.manifest.missing_files)),
    }


def _check_clashes(package: Package) -> None:
    """Names what of the file is here already."""
    found = []
    here = Organisation.objects.filter(pk=package.organisation).first()
    if here is not None and not _is_placeholder(here):
        found.append(f"the organisation “{here.name}”")
    for part in PARTS:
        if part.is_history or has_number(part.model) or part.model is Organisation:
            continue
        key = part.model._meta.pk.name
        for batch in _batches(package.lines(part.member, row_reader(part.model))):
            ids = [row[key] for row in batch]
            taken = part.model._base_manager.filter(pk__in=ids).values_list("pk", flat=True)[:SHOWN]
            found += [f"{part.name.removeprefix('rows/')} {pk}" for pk in taken]
        if len(found) >= SHOWN:
            break
    # History of something that is here, and is somebody else's.
    for model in HUNG_ON:
        others = package.known.ever[model] - package.known.rows[model]
        found += [f"{model._meta.model_name} {pk}" for pk in _present(model, others)]
    if found:
        raise BadFile(
            "The file",
            f"what it holds is here already: {', '.join(found[:SHOWN])}",
            "Nothing was changed. Import it into an empty installation, or erase that organisation here first",
        )


def _present(model: AnyModel, ids: set[str]) -> list[UUID]:
    return list(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True)[:SHOWN]) if ids else []


def _is_placeholder(organisation: Organisation) -> bool:
    """A firm that came with a client's file, by name alone: its own file may take its place."""
    events = history_of(Organisation)
    return (
        organisation.is_firm
        and not organisation.memberships.exists()
        and not events._base_manager.filter(pgh_obj_id=organisation.pk).exists()
    )


def _people(package: Package) -> tuple[dict[int, int], int]:
    """Who they are here: by e-mail address whoever has an account, all others new."""
    found: dict[int, int] = {}
    made = 0
    for row in package.lines(PEOPLE, person_row):
        known = User.objects.filter(email__iexact=row["email"]).first() if row["email"] else None
        if known is None:
            known = _made(row)
            made += 1
        found[row["id"]] = known.pk
    return found, made


def _made(row: Row) -> User:
    """Somebody without a password, who resets it; or somebody who only has a name, and never signs in."""
    if row["email"]:
        person = User.objects.create_user(row["email"], name=row["name"])
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
        return person
    unknown = f"imported-{uuid4()}{NO_ADDRESS}"
    gone = timezone.now() if row["is_gone"] else None
    return User.objects.create_user(unknown, name=row["name"], is_active=False, erased_at=gone)


def _firms(package: Package, people: dict[int, int]) -> None:
    """Firms that are not here come as a name without members, so that what they did has a name."""
    organisation = next(iter(package.lines(PARTS[0].member, row_reader(Organisation))))
    founder = people[organisation["founded_by"]]
    for row in package.lines(FIRMS, firm_row):
        if row["id"] == package.organisation:
            continue
        here = Organisation.objects.filter(pk=row["id"]).first()
        if here is None:
            Organisation.objects.create(
                pk=row["id"],
                name=row["name"],
                kind=Organisation.Kind.ADVISER_FIRM,
                founded_by_id=founder,
                changed_by_id=founder,
            )
        elif not here.is_firm:
            raise BadFile(FIRMS, f"{row['id']} is here, and is no adviser firm", EXPORT_AGAIN)
    # The firm's own file takes the place of its name.
    for here in Organisation.objects.filter(pk=package.organisation):
        if _is_placeholder(here):
            _make_way(here)


def _make_way(here: Organisation) -> None:
    """Takes the row away that its own file brings: what points to it is checked only at the end."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assessments_organisation WHERE id = %s", [here.pk])


def _context(metadata: Any, people: dict[int, int]) -> Any:
    user = metadata.get("user") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or not isinstance(user, int):
        return metadata if isinstance(metadata, dict) else {}
    return {**metadata, "user": people.get(user)}


def _shift(model: AnyModel) -> int:
    """How much is added to the numbers of rows: nothing in an empty table, else so much that none is taken."""
    name = model._meta.pk.name
    highest = model._base_manager.aggregate(most=models.Max(name))["most"] or 0
    events = events_of(model)
    if events is not None:
        highest = max(highest, events._base_manager.aggregate(most=models.Max("pgh_obj_id"))["most"] or 0)
    return int(highest)


def _pointer(part: Part, people: dict[int, int], shifts: dict[AnyModel, int]) -> Callable[[Row], Row]:
    """What makes a row of the file one of this database: people and numbers as they are here, files under our names."""
    names = pointing_to(part.model, User)
    key = part.model._meta.pk.name
    tracked = part.model._meta.get_field("pgh_obj").related_model if part.is_history else None
    moved = {key: shifts[part.model]} if part.model in shifts else {}
    if tracked in shifts:
        moved |= {"pgh_obj": shifts[tracked], "id": shifts[tracked]}

    def point(row: Row) -> Row:
        for name in names:
            row[name] = None if row[name] is None else people[row[name]]
        for name, shift in moved.items():
            row[name] += shift
        return row | _ours(part.model, row)

    return point


def _ours(model: AnyModel, row: Row) -> Row:
    """The columns that do not travel."""
    if model is Organisation:
        taken = Organisation.objects.filter(code=row["code"]).exclude(pk=row["id"]).exists()
        return {"erase_on": None, "erase_asked_by": None} | ({"code": new_code()} if taken else {})
    if model.__name__ == "Invitation":
        return {"secret": secrets.token_hex(32)}
    if model is EvidenceItem:
        return {"file": _stored(EvidenceItem, row) if row["size"] else ""}
    if model is Report:
        return {"pdf": _stored(Report, row) if row["status"] == Report.Status.READY else ""}
    return {}


def _stored(model: AnyModel, row: Row) -> str:
    """Where the file is kept: by our own rule, whatever the file says."""
    return f"reports/{row['id']}.pdf" if model is Report else f"evidence/{row['assessment']}/{row['id']}"


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(str(row))
        if size > BATCH or len(batch) >= 500:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _count_on(model: AnyModel) -> None:
    """The next row that somebody adds gets a number that is free."""
    if not has_number(model):
        return
    table, column = model._meta.db_table, str(model._meta.pk.column)
    quote = connection.ops.quote_name
    highest = f"SELECT COALESCE(MAX({quote(column)}), 0) + 1 FROM {quote(table)}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(seq, GREATEST(({highest}), nextval(seq)), false)"  # noqa: S608
            " FROM (SELECT pg_get_serial_sequence(%s, %s) AS seq) AS found",
            [table, column],
        )


def _said(error: DatabaseError) -> str:
    cause = getattr(error.__cause__, "diag", None)
    parts = (getattr(cause, "message_primary", None), getattr(cause, "message_detail", None))
    return "; ".join(part for part in parts if part)[:300] or "no reason given"


def _read_once(package: Package) -> None:
    """The site's own code reads every assessment, so that no page falls over it later. Results stay as they are."""
    for pk in sorted(package.known.rows[Assessment]):
        try:
            _read_assessment(pk)
        except Exception as error:
            # Whatever a hostile value makes our code do, the answer is the same.
            where = f"rows/assessments.jsonl, {pk}"
            found = f"what belongs to it cannot be read ({type(error).__name__}: {str(error)[:120]})"
            raise BadFile(where, found, EXPORT_AGAIN) from None


def _read_assessment(pk: str) -> None:
    assessment = Assessment.objects.select_related("cash_flow").get(pk=pk)
    _check_facts(assessment)
    result_page(assessment)
    for model in (Report, Submission):
        for inputs in (
            model._base_manager.filter(assessment_id=pk).values_list("inputs", flat=True).iterator(chunk_size=5)
        ):
            given_of(inputs)
    with transaction.atomic():
        # Scored once to see that it can be; what is stored came with the file.
        rescore(assessment=assessment)
        transaction.set_rollback(True)


# As JSON has them. What a date or an amount says is read by whoever reads the answers.
_KINDS: dict[str, type[Any]] = {
    "yes_no": bool,
    "choice": str,
    "choices": list,
    "number": int,
    "money": str,
    "date": str,
    "text": str,
}


def _check_facts(assessment: Assessment) -> None:
    items = assessment.catalogue.items
    for item_id, value in assessment.answers.exclude(value=None).values_list("item", "value"):
        item = items.get(item_id)
        if isinstance(item, FactQuestion) and not _fits(item, value):
            raise ValueError(f"{item_id} cannot be {shown(value)}")


def _fits(item: FactQuestion, value: Any) -> bool:
    # True is a number to Python.
    if type(value) is not _KINDS[item.kind]:
        return False
    allowed = [option.id for option in item.options]
    if isinstance(value, list):
        return all(one in allowed for one in value)
    return item.kind != "choice" or value in allowed


def _keep_files(package: Package, kept: list[str]) -> int:
    """Every file under the name that its row has here. `kept` is what to take away again if anything fails."""
    wanted = dict(package.files_of_rows())
    for name in package.manifest.files:
        row = wanted[name]
        stored = _stored(Report if name.startswith("files/reports/") else EvidenceItem, row)
        with package.file(name) as content:
            # Nothing here has this id: a file of that name is left over from something that is gone.
            default_storage.delete(stored)
            kept.append(stored)
            default_storage.save(stored, DjangoFile(content))
    lost = [wanted[name]["id"] for name in package.manifest.missing_files if name in wanted and "reports/" in name]
    # As where a file is lost: it is made again when somebody asks.
    Report.objects.filter(pk__in=lost).update(status=Report.Status.FAILED, pdf="")
    return len(package.manifest.files)
