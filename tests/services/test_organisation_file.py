"""Everything of an organisation out, and in again somewhere else: the same rows, results, reports and history."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from pghistory.models import Context

from assessments.models import (
    Answer,
    Assessment,
    Comment,
    Engagement,
    EvidenceItem,
    Export,
    Invitation,
    Membership,
    Opinion,
    Organisation,
    Rating,
    Report,
    Submission,
    Thread,
    User,
)
from assessments.reports.inputs import inputs_of, report_key
from assessments.selectors.workbook import workbook
from assessments.services import erasure, exports
from assessments.services.organisation_file import NOT_OF_AN_ORGANISATION, PARTS, events_of
from assessments.tasks import make_export
from tests.factories import level, make_answer, make_assessment, make_firm, make_user
from tests.rich import PDF, Rich, make_rich

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def rich() -> Rich:
    return make_rich()


def exported(organisation: Organisation, by: User, tmp_path: Path) -> Path:
    """As an administrator asks and a worker makes it."""
    export = exports.make(export=exports.ask(organisation=organisation, by=by))
    target = tmp_path / "export.zip"
    target.write_bytes(content(export.file))
    return target


def tables_of_ours() -> set[str]:
    """Not the queue's, which a worker has open."""
    return {
        table for table in connection.introspection.table_names() if not table.startswith(("procrastinate", "spinout_"))
    }


def empty_installation(files: Path) -> None:
    """Nobody and nothing: no row in any table of ours, no file; numbers begin anew."""
    kept = {"django_content_type", "auth_permission", "django_migrations"}
    tables = ", ".join(f'"{table}"' for table in tables_of_ours() - kept)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for path in sorted(files.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()


@pytest.fixture(scope="module")
def good_file(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Path:
    """One export for all that only read it. What it was made from is taken back."""
    folder: Path = tmp_path_factory.mktemp("export")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "files"), transaction.atomic():
        rich = make_rich()
        source = exported(rich.organisation, rich.people["olive"], folder)
        transaction.set_rollback(True)
    return source


@pytest.fixture
def shared(good_file: Path, tmp_path: Path) -> Path:
    """The good file in a folder of the test's own, and an empty installation."""
    return Path(shutil.copy(good_file, tmp_path / "export.zip"))


def rows(source: Path) -> dict[str, list[dict[str, Any]]]:
    with zipfile.ZipFile(source) as archive:
        names = [name for name in archive.namelist() if name.endswith(".jsonl")]
        return {name: [json.loads(line) for line in archive.read(name).splitlines()] for name in names}


def content(stored: Any) -> bytes:
    with stored.open() as opened:
        found: bytes = opened.read()
    return found


def manifest(source: Path) -> dict[str, Any]:
    with zipfile.ZipFile(source) as archive:
        found: dict[str, Any] = json.loads(archive.read("organisation.json"))
        return found


def named(source: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows with names where people's numbers are, which are another installation's own."""
    found = rows(source)
    names = {row["id"]: row["name"] or "gone" for row in found["rows/people.jsonl"]}
    people = {
        part.member: [field.name for field in part.model._meta.concrete_fields if field.related_model is User]
        for part in PARTS
    }
    for member, columns in people.items():
        for row in found[member]:
            row.update({column: names.get(row[column]) for column in columns})
    for row in found["history/contexts.jsonl"]:
        row["metadata"]["user"] = names[row["metadata"]["user"]]
    found["rows/people.jsonl"] = sorted(
        ({"email": row["email"], "name": row["name"]} for row in found["rows/people.jsonl"]), key=str
    )
    return found


# What there is ----------------------------------------------------------------------------------------------


def test_every_model_is_in_it_or_named_as_not() -> None:
    events = {events_of(part.model) for part in PARTS} - {None}
    models = {
        model.__name__ for model in apps.get_app_config("assessments").get_models() if model not in events
    } - NOT_OF_AN_ORGANISATION

    assert models == {part.model.__name__ for part in PARTS if not part.is_history}
    assert events == {part.model for part in PARTS if part.is_history}


def test_export_has_a_row_of_every_kind(rich: Rich, tmp_path: Path) -> None:
    source = exported(rich.organisation, rich.people["olive"], tmp_path)

    found = rows(source)
    empty = {name for name, lines in found.items() if not lines}
    assert empty == set()
    assert {name: entry["rows"] for name, entry in manifest(source)["parts"].items()} == {
        name: len(lines) for name, lines in found.items()
    }


def test_export_of_files(rich: Rich, tmp_path: Path) -> None:
    source = exported(rich.organisation, rich.people["olive"], tmp_path)

    piece, report = EvidenceItem.objects.get(size__gt=0), Report.objects.get()
    with zipfile.ZipFile(source) as archive:
        assert archive.read(f"files/evidence/{piece.pk}") == content(piece.file)
        assert archive.read(f"files/reports/{report.pk}.pdf") == PDF
        assert b"Zinnia Borough Council" in archive.read("README.txt")


def test_export_says_which_files_are_gone(rich: Rich, tmp_path: Path) -> None:
    report = Report.objects.get()
    report.pdf.storage.delete(str(report.pdf.name))

    assert manifest(exported(rich.organisation, rich.people["olive"], tmp_path))["missing_files"] == [
        f"files/reports/{report.pk}.pdf"
    ]


@pytest.mark.parametrize(
    "secret", ["hiding something", "As Eve says", "Zinnia draft", "ada@advice", "pbkdf2", "argon2", "scrypt"]
)
def test_export_tells_nothing_that_its_people_may_not_read(rich: Rich, tmp_path: Path, secret: str) -> None:
    """A firm's private thread, an opinion not given, advisers' addresses, passwords."""
    rich.people["lena"].set_password("correct horse battery staple")
    rich.people["lena"].save()

    with zipfile.ZipFile(exported(rich.organisation, rich.people["olive"], tmp_path)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist() if not name.startswith("files/"))

    assert secret.encode() not in everything
    assert Invitation.objects.get().secret.encode() not in everything


def test_export_keeps_levels_back_until_they_are_shown(rich: Rich, tmp_path: Path) -> None:
    Submission.objects.filter(number=1).update(status="withdrawn", revealed_at=None)

    found = rows(exported(rich.organisation, rich.people["olive"], tmp_path))

    assert Rating.objects.exists()
    assert found["rows/ratings.jsonl"] == found["history/ratings.jsonl"] == []


def test_export_of_another_organisation_holds_nothing_of_it(rich: Rich, tmp_path: Path) -> None:
    other = make_rich("Marigold District", "marigold.example")

    with zipfile.ZipFile(exported(other.organisation, other.people["olive"], tmp_path)) as archive:
        lines = b"".join(archive.read(name) for name in archive.namelist() if not name.startswith("files/"))

    assert str(rich.assessment.pk).encode() not in lines
    assert str(rich.organisation.pk).encode() not in lines
    assert b"olive@zinnia.example" not in lines


def test_statements_of_an_export_do_not_grow_with_its_rows(rich: Rich, tmp_path: Path) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            exports.write_organisation(zipfile.ZipFile(io.BytesIO(), "w"), rich.organisation)
        return len(captured)

    few = statements()
    for number in range(30):
        make_answer(rich.other, f"pensions.x{number}", level(1))

    assert statements() == few


# There and back ---------------------------------------------------------------------------------------------


@pytest.fixture
def moved(rich: Rich, tmp_path: Path, files: Path) -> tuple[Rich, Path, dict[str, Any]]:
    """Exported, and imported into an empty installation. `before` is what pages and reports said."""
    before = told(rich)
    source = exported(rich.organisation, rich.people["olive"], tmp_path)
    empty_installation(files)
    call_command("import_organisation", str(source), stdout=io.StringIO())
    return rich, source, before


def told(rich: Rich) -> dict[str, Any]:
    assessment = Assessment.objects.select_related("cash_flow").get(pk=rich.assessment.pk)
    inputs = inputs_of(workbook(assessment))
    return {
        "result": assessment.result,
        "colours": assessment.colours,
        "fingerprint": assessment.fingerprint,
        "changed_at": assessment.changed_at,
        "inputs": inputs,
        "key": report_key(inputs),
        "forecast": assessment.cash_flow.forecast,
        "submissions": list(
            Submission.objects.order_by("number").values("pk", "inputs", "result", "colours", "status")
        ),
        "reports": list(Report.objects.values("pk", "key", "inputs", "status", "asked_at", "ready_at", "size")),
    }


def test_import_gives_the_same_results_and_reports(moved: tuple[Rich, Path, dict[str, Any]]) -> None:
    rich, _source, before = moved

    assert told(rich) == before
    report = Report.objects.get()
    assert content(report.pdf) == PDF
    assert report.key == report_key(report.inputs)


def test_export_of_the_import_is_the_export(moved: tuple[Rich, Path, dict[str, Any]], tmp_path: Path) -> None:
    """Every row and every step of the history, with its time, its hand and its context."""
    rich, source, _before = moved
    (tmp_path / "again").mkdir()

    again = exported(rich.organisation, User.objects.get(email="olive@zinnia.example"), tmp_path / "again")

    first, second = named(source), named(again)
    assert first.keys() == second.keys()
    differing = [name for name in first if first[name] != second[name]]
    assert differing == []
    assert manifest(source)["files"] == manifest(again)["files"]


def test_import_writes_no_history_of_its_own(moved: tuple[Rich, Path, dict[str, Any]]) -> None:
    _rich, source, _before = moved

    counts = {part.member: part.model._base_manager.count() for part in PARTS if part.is_history}

    entries = manifest(source)["parts"]
    assert counts == {name: entries[name]["rows"] for name in counts}
    assert Context.objects.count() == entries["history/contexts.jsonl"]["rows"]


def test_people_sign_in_anew_after_an_import(moved: tuple[Rich, Path, dict[str, Any]]) -> None:
    lena = User.objects.get(email="lena@zinnia.example")
    ada = User.objects.get(name="Ada Adler")

    assert not lena.has_usable_password()
    assert lena.is_active
    assert EmailAddress.objects.filter(user=lena, primary=True).exists()
    assert not ada.is_active
    assert not EmailAddress.objects.filter(user=ada).exists()
    assert Membership.objects.get(user__email="olive@zinnia.example").is_administrator


def test_history_goes_on_after_an_import(moved: tuple[Rich, Path, dict[str, Any]]) -> None:
    """Numbers go on where they stopped, and what happens is noted again."""
    rich, _source, _before = moved
    lena = User.objects.get(email="lena@zinnia.example")
    events = Answer.pgh_event_model.objects  # type: ignore[attr-defined]
    before = events.count()

    make_answer(Assessment.objects.get(pk=rich.other.pk), "pensions.cost-in-model", level(1), lena)

    assert events.count() == before + 1
    assert events.latest("pgh_id").changed_by_id == lena.pk


def test_firm_comes_as_a_name(moved: tuple[Rich, Path, dict[str, Any]]) -> None:
    rich, _source, _before = moved

    firm = Organisation.objects.get(pk=rich.firm.pk)
    assert (firm.name, firm.kind) == (rich.firm.name, "adviser_firm")
    assert not firm.memberships.exists()
    assert set(Engagement.objects.values_list("firm", flat=True)) == {rich.firm.pk, rich.ended_firm.pk}


def test_firms_own_file_takes_the_place_of_its_name(rich: Rich, tmp_path: Path, files: Path) -> None:
    client = exported(rich.organisation, rich.people["olive"], tmp_path)
    (tmp_path / "firm").mkdir()
    own = exported(rich.firm, rich.people["ada"], tmp_path / "firm")
    empty_installation(files)
    call_command("import_organisation", str(client), stdout=io.StringIO())
    output = io.StringIO()

    call_command("import_organisation", str(own), stdout=output)

    firm = Organisation.objects.get(pk=rich.firm.pk)
    assert firm.code == rich.firm.code
    assert [str(member.user) for member in firm.memberships.all()] == ["Ada Adler"]
    assert Submission.objects.filter(firm=firm).count() == 2
    assert "Left out: to-read/private-comments.jsonl: 1 rows" in output.getvalue()


def test_import_beside_others(rich: Rich, tmp_path: Path, files: Path) -> None:
    """Numbers that are taken here are counted on; whoever has an account here is that person."""
    source = exported(rich.organisation, rich.people["olive"], tmp_path)
    empty_installation(files)
    here = make_rich("Marigold District", "marigold.example")
    lena = make_user("LENA@zinnia.example", "Lena who is here")
    answers = {answer.pk: answer.note for answer in Answer.objects.all()}

    call_command("import_organisation", str(source), stdout=io.StringIO())

    assert {answer.pk: answer.note for answer in Answer.objects.filter(pk__in=answers)} == answers
    imported = Assessment.objects.get(pk=rich.assessment.pk)
    assert imported.lead == lena
    assert imported.answers.get(item="pensions.contribution-rate").note == "Zinnia note"
    events = Answer.pgh_event_model.objects.filter(assessment_id=imported.pk)  # type: ignore[attr-defined]
    assert set(events.values_list("pgh_obj_id", flat=True)) == set(imported.answers.values_list("pk", flat=True))
    assert Comment.objects.filter(thread__assessment=here.assessment).count() == 4
    assert str(lena) == "Lena who is here"


def test_import_of_what_is_here(rich: Rich, tmp_path: Path) -> None:
    source = exported(rich.organisation, rich.people["olive"], tmp_path)

    with pytest.raises(CommandError, match="is here already: the organisation “Zinnia Borough Council”"):
        call_command("import_organisation", str(source))


def test_import_after_an_erasure(rich: Rich, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    """Who erased too soon gets it back, with the people who are still here."""
    before = told(rich)
    source = exported(rich.organisation, rich.people["olive"], tmp_path)
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(organisation=rich.organisation)

    call_command("import_organisation", str(source), stdout=io.StringIO())

    assert told(rich) == before
    assert Assessment.objects.get(pk=rich.assessment.pk).lead == rich.people["lena"]
    assert Thread.objects.filter(audience="adviser").count() == 0


def test_clash_of_one_row(rich: Rich, tmp_path: Path, files: Path) -> None:
    source = exported(rich.organisation, rich.people["olive"], tmp_path)
    taken = Report.objects.get().pk
    empty_installation(files)
    charlie = make_user("charlie@example.org")
    Report.objects.create(pk=taken, assessment=make_assessment(charlie), key="0" * 64, inputs={}, asked_by=charlie)
    before = state()

    with pytest.raises(CommandError, match=f"is here already: reports {taken}"):
        call_command("import_organisation", str(source))

    assert state() == before


def state() -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables_of_ours():
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


# Hostile files ----------------------------------------------------------------------------------------------


def rewritten(source: Path, change: Callable[[dict[str, bytes]], None], *, honest: bool = True) -> Path:
    """The same file with members changed; `honest` writes the digests and numbers that fit."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if honest and b'"parts"' in members.get("organisation.json", b""):
        plain = json.loads(members["organisation.json"])
        for kind, size in (("parts", "rows"), ("to_read", "rows"), ("files", "bytes")):
            for name, entry in plain[kind].items():
                content = members.get(name, b"")
                entry["sha256"] = hashlib.sha256(content).hexdigest()
                entry[size] = content.count(b"\n") if size == "rows" else len(content)
        members["organisation.json"] = json.dumps(plain).encode()
    target = source.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def in_line(member: str, number: int, **columns: Any) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        lines = members[member].splitlines(keepends=True)
        lines[number] = json.dumps({**json.loads(lines[number]), **columns}).encode() + b"\n"
        members[member] = b"".join(lines)

    return change


def in_manifest(**entries: Any) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members["organisation.json"] = json.dumps({**json.loads(members["organisation.json"]), **entries}).encode()

    return change


def without(member: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        del members[member]

    return change


def with_member(member: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members[member] = content

    return change


def whole_line(member: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members[member] = content + b"\n" + members[member]

    return change


def twice(members: dict[str, bytes]) -> None:
    members[ANSWERS] += members[ANSWERS].splitlines(keepends=True)[0]


ELSEWHERE = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
ANSWERS = "rows/answers.jsonl"
HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "no manifest": (without("organisation.json"), "organisation.json is missing"),
    "manifest is no JSON": (with_member("organisation.json", b"{"), "organisation.json: it is no JSON"),
    "manifest is a list": (with_member("organisation.json", b"[]"), "this is not an export"),
    "another format": (in_manifest(format="other"), "this is not an export of an organisation"),
    "unknown version": (in_manifest(version=2), "it is 2; this Spinout reads version 1"),
    "unknown edition": (in_manifest(editions=["2031.4"]), "'2031.4' of the catalogue, which is not installed"),
    "unknown entry": (in_manifest(more=1), "organisation.json, more: extra inputs are not permitted"),
    "part is missing": (without(ANSWERS), "rows/answers.jsonl' is named in organisation.json and missing"),
    "part too many": (with_member("rows/secrets.jsonl", b"{}\n"), "does not name it"),
    "path upwards": (with_member("../../etc/cron.d/x", b"x"), "'../../etc/cron.d/x' is in it"),
    "absolute path": (with_member("/etc/passwd", b"x"), "'/etc/passwd' is in it"),
    "line is no JSON": (whole_line(ANSWERS, b"{no"), "rows/answers.jsonl, line 1: it is no JSON"),
    "line is no object": (whole_line(ANSWERS, b"[1]"), "rows/answers.jsonl, line 1: it is no object"),
    "not a number": (whole_line(ANSWERS, b'{"a": NaN}'), "rows/answers.jsonl, line 1: it is no JSON"),
    "nested too deep": (whole_line(ANSWERS, b"[" * 200_000), "rows/answers.jsonl, line 1: it is no JSON"),
    "column is missing": (whole_line(ANSWERS, b"{}"), "rows/answers.jsonl, line 1: assessment is missing"),
    "column too many": (in_line(ANSWERS, 0, x=1), "rows/answers.jsonl, line 1: 'x' is no column"),
    "wrong kind": (in_line(ANSWERS, 0, item=7), "rows/answers.jsonl, line 1: item: 7 is no text"),
    "too long": (in_line(ANSWERS, 0, item="x" * 500), "item: the text has 500 characters; 120 are allowed"),
    "zero sign": (in_line(ANSWERS, 0, note="a\0b"), "note: the text holds signs that no database keeps"),
    "zero sign in JSON": (in_line(ANSWERS, 0, value={"a": ["\0"]}), "value: the text holds signs"),
    "out of range": (in_line(ANSWERS, 0, version=2**40), "version: 1099511627776 is out of range"),
    "unknown choice": (in_line(ANSWERS, 0, state="perhaps"), "state: 'perhaps' is not one of"),
    "no date": (in_line(ANSWERS, 0, know_by="soon"), "know_by: Invalid isoformat string"),
    "no time zone": (
        in_line(ANSWERS, 0, changed_at="2026-01-01T00:00:00"),
        "changed_at: .* does not say its time zone",
    ),
    "against a rule": (in_line(ANSWERS, 0, level=9), "the database refuses them .*answered_has_one_value"),
    "the same id twice": (twice, "the id .* is there twice"),
    "another's assessment": (
        in_line(ANSWERS, 0, assessment=ELSEWHERE),
        "assessment '6f96.* is not of this organisation",
    ),
    "history of another's": (
        in_line("history/answers.jsonl", 0, assessment=ELSEWHERE),
        "assessment '6f96.* is not of this organisation",
    ),
    "history of another row": (
        in_line("history/answers.jsonl", 0, pgh_obj=999),
        "pgh_obj is not the row that it tells",
    ),
    "another's context": (in_line("history/answers.jsonl", 0, pgh_context=ELSEWHERE), "is not in history/contexts"),
    "unknown person": (in_line(ANSWERS, 0, changed_by=999), "changed_by 999 is not in rows/people.jsonl"),
    "unknown firm": (in_line("rows/engagements.jsonl", 0, firm=ELSEWHERE), "firm .* is not in rows/firms.jsonl"),
    "another organisation": (
        in_line("rows/organisation.jsonl", 0, id=ELSEWHERE),
        "is not .*organisation",
    ),
    "no address": (in_line("rows/people.jsonl", 0, email="x"), "email: 'x' is no address"),
    "answer that cannot be scored": (
        in_line(ANSWERS, 0, item="sector", state="answered", level=None, value={"a": 1}),
        "what belongs to it cannot be read",
    ),
    "date that cannot be read": (
        in_line(ANSWERS, 0, item="target-date", state="answered", level=None, value="soon"),
        "what belongs to it cannot be read",
    ),
    "result that cannot be read": (in_line("rows/assessments.jsonl", 0, result={"overall": 3}), "cannot be read"),
    "inputs that cannot be read": (in_line("rows/reports.jsonl", 0, inputs={"catalogue": "2026.1"}), "cannot be read"),
}


@pytest.mark.parametrize("fault", sorted(HOSTILE))
def test_hostile_file(shared: Path, fault: str) -> None:
    change, message = HOSTILE[fault]
    source = rewritten(shared, change)
    before = state()

    with pytest.raises(CommandError, match=f"Nothing was imported. .*({message})") as refused:
        call_command("import_organisation", str(source))

    assert refused.value.returncode == 2
    assert str(refused.value).endswith(".")
    assert state() == before


def stored(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "member", ["rows/answers.jsonl", "history/answers.jsonl", "rows/people.jsonl", "history/contexts.jsonl"]
)
def test_row_that_was_changed_after_the_export(shared: Path, member: str) -> None:
    def change(members: dict[str, bytes]) -> None:
        members[member] = members[member].replace(b"2026", b"2025", 1).replace(b"Lena", b"Lina", 1)

    with pytest.raises(CommandError, match=f"{member}: it was changed after the export"):
        call_command("import_organisation", str(rewritten(shared, change, honest=False)))


def of_files(content: bytes, kind: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        name = next(name for name in members if name.startswith(f"files/{kind}/"))
        members[name] = content

    return change


@pytest.mark.parametrize(
    ("kind", "content", "honest", "message"),
    [
        ("evidence", b"<svg onload='alert(1)'>", True, "Such a file is not kept as evidence here"),
        ("evidence", b"x", False, "1 bytes, organisation.json says"),
        ("evidence", b"\0" * 3_000_000, False, "unpacked it is larger than the"),
        ("evidence", b"\0" * 21_000_000, True, "it has 21000000 bytes; 20971520 are allowed"),
        ("reports", b"<script>", True, "it is no PDF"),
    ],
)
def test_hostile_files(shared: Path, files: Path, kind: str, content: bytes, honest: bool, message: str) -> None:
    before = state()

    with pytest.raises(CommandError, match=message):
        call_command("import_organisation", str(rewritten(shared, of_files(content, kind), honest=honest)))

    assert state() == before
    assert stored(files) == []


def test_file_that_no_row_names(shared: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        plain = json.loads(members["organisation.json"])
        plain["files"][f"files/evidence/{ELSEWHERE}"] = {"bytes": 1, "sha256": "0" * 64}
        members["organisation.json"] = json.dumps(plain).encode()
        members[f"files/evidence/{ELSEWHERE}"] = b"x"

    with pytest.raises(CommandError, match="no row names this file"):
        call_command("import_organisation", str(rewritten(shared, change)))


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "it is no ZIP file"), (b"PK\x03\x04 and no more", "it is no ZIP file"), (None, "it cannot be read")],
)
def test_no_zip_at_all(tmp_path: Path, content: bytes | None, message: str) -> None:
    source = tmp_path / "file.zip"
    write: dict[bool, Callable[[], Any]] = {True: lambda: None, False: lambda: source.write_bytes(content or b"")}
    write[content is None]()

    with pytest.raises(CommandError, match=message):
        call_command("import_organisation", str(source))


def test_damaged_zip(shared: Path) -> None:
    content = bytearray(shared.read_bytes())
    content[200:4000] = b"\0" * 3800
    shared.write_bytes(content)

    with pytest.raises(CommandError, match=r"damaged|no JSON|missing"):
        call_command("import_organisation", str(shared))


def test_history_of_an_assessment_that_is_somebody_elses(rich: Rich, tmp_path: Path, files: Path) -> None:
    """The file says of an assessment here that it was once its own, to write into its history."""
    source = exported(rich.organisation, rich.people["olive"], tmp_path)
    empty_installation(files)
    theirs = make_assessment(make_user("charlie@example.org"))

    def change(members: dict[str, bytes]) -> None:
        lines = members["history/assessments.jsonl"].splitlines(keepends=True)
        row = {**json.loads(lines[0]), "pgh_obj": str(theirs.pk), "id": str(theirs.pk), "pgh_id": 9999}
        members["history/assessments.jsonl"] += json.dumps({k: row[k] for k in json.loads(lines[0])}).encode() + b"\n"

    with pytest.raises(CommandError, match=f"is here already: assessment {theirs.pk}|pgh_obj is not"):
        call_command("import_organisation", str(rewritten(source, change)))


# Asking -----------------------------------------------------------------------------------------------------


def test_ask_twice_is_one_export(rich: Rich) -> None:
    first = exports.ask(organisation=rich.organisation, by=rich.people["olive"])

    assert exports.ask(organisation=rich.organisation, by=rich.people["olive"]) == first
    assert Export.objects.count() == 1


def test_private_threads_are_in_the_firms_own_export(rich: Rich, tmp_path: Path) -> None:
    found = rows(exported(rich.firm, rich.people["ada"], tmp_path))

    assert [row["text"] for row in found["to-read/private-comments.jsonl"]] == ["Zinnia is hiding something"]
    assert [row["service"] for row in found["to-read/clients.jsonl"]] == ["Zinnia Hubs"]
    assert found["rows/assessments.jsonl"] == []


def test_names_of_former_clients_are_not_in_a_firms_export(rich: Rich, tmp_path: Path) -> None:
    found = rows(exported(rich.ended_firm, rich.people["eve"], tmp_path))

    assert [(row["service"], row["organisation"]) for row in found["to-read/clients.jsonl"]] == [(None, None)]
    assert Opinion.objects.exists()
    assert make_firm(rich.people["eve"], "Another")


def job(attempts: int) -> Any:
    """As much of a job as the worker's own code looks at."""
    return SimpleNamespace(job=SimpleNamespace(attempts=attempts))


def test_worker_makes_the_export_once(rich: Rich) -> None:
    export = exports.ask(organisation=rich.organisation, by=rich.people["olive"])

    make_export(job(0), export_id=str(export.pk))
    made = Export.objects.get()
    make_export(job(0), export_id=str(export.pk))

    assert (made.status, Export.objects.get().ready_at) == ("ready", made.ready_at)
    assert zipfile.is_zipfile(made.file.path)


@pytest.mark.parametrize(("attempts", "status"), [(0, "queued"), (2, "failed")])
def test_export_that_cannot_be_made(rich: Rich, settings: Any, tmp_path: Path, attempts: int, status: str) -> None:
    """The disk refuses: it is tried again, and given up at last."""
    export = exports.ask(organisation=rich.organisation, by=rich.people["olive"])
    (tmp_path / "file").write_bytes(b"")
    settings.MEDIA_ROOT = tmp_path / "file"

    with pytest.raises(OSError, match="file"):
        make_export(job(attempts), export_id=str(export.pk))

    assert Export.objects.get().status == status
    assert exports.ask(organisation=rich.organisation, by=rich.people["olive"]).status == "queued"
