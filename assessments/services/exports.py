"""Asking for everything of an organisation or of one's own account as a file, and what a worker makes of it."""

import contextlib
import datetime as dt
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any
from uuid import UUID

from django.core.files import File as DjangoFile
from django.db import connection, transaction
from django.utils import timezone
from pghistory.models import Context
from procrastinate.contrib.django import app

from assessments.models import (
    Assessment,
    Comment,
    Engagement,
    EvidenceItem,
    Export,
    Membership,
    Organisation,
    Report,
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
    Part,
    Row,
    Scope,
    history_of,
    scope_of,
)
from assessments.services.organisation_rows import (
    fields_of,
    file_of,
    line,
    pointing_to,
    written,
)
from assessments.services.person_file import write_person

MAKE_EXPORT = "assessments.tasks.make_export"
KEPT_FOR = dt.timedelta(days=7)
AT_ONCE = 500
"""Rows in memory at a time."""


# Asking and keeping -----------------------------------------------------------------------------------------------


@transaction.atomic
def ask(*, organisation: Organisation, by: User) -> Export:
    """The export that is being made, or a new one in the queue."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    waiting = Export.objects.filter(organisation=organisation, status=Export.Status.QUEUED).first()
    return waiting or _queued(Export.objects.create(organisation=organisation, asked_by=by))


@transaction.atomic
def ask_own(*, by: User) -> Export:
    """The same of one's own account."""
    User.objects.select_for_update().get(pk=by.pk)
    waiting = Export.objects.filter(person=by, status=Export.Status.QUEUED).first()
    return waiting or _queued(Export.objects.create(person=by, asked_by=by))


def _queued(export: Export) -> Export:
    app.configure_task(MAKE_EXPORT, lock=f"export-{export.pk}").defer(export_id=str(export.pk))
    return export


def make(*, export: Export) -> Export:
    """Write the file and keep it, for `KEPT_FOR`. What is in memory does not grow with what is exported."""
    with tempfile.TemporaryFile() as target:
        with _as_it_is_now(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            if export.organisation is not None:
                write_organisation(archive, export.organisation)
            elif export.person is not None:
                write_person(archive, export.person)
        target.seek(0)
        return _keep(export, target)


@contextlib.contextmanager
def _as_it_is_now() -> Iterator[None]:
    """One view of the data for all parts of the file, whatever is saved meanwhile."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@transaction.atomic
def _keep(export: Export, content: IO[bytes]) -> Export:
    kept = Export.objects.select_for_update().get(pk=export.pk)
    if kept.status == Export.Status.READY:
        return kept
    name = f"exports/{kept.pk}.zip"
    # Left by a worker that was killed after writing the file and before its row: its name would be taken.
    kept.file.storage.delete(name)
    kept.file.save(name, DjangoFile(content), save=False)
    kept.size = kept.file.size
    kept.status = Export.Status.READY
    kept.ready_at = timezone.now()
    kept.save(update_fields=["file", "size", "status", "ready_at"])
    return kept


@transaction.atomic
def give_up(*, export: Export) -> Export:
    """Say that it could not be made, so that its page stops waiting and offers to try again."""
    given_up = Export.objects.select_for_update().get(pk=export.pk)
    if given_up.status != Export.Status.READY:
        given_up.status = Export.Status.FAILED
        given_up.save(update_fields=["status"])
    return given_up


def expired(now: dt.datetime) -> Iterable[Export]:
    """Those whose days are over, also those that never became a file."""
    return Export.objects.filter(asked_at__lte=now - KEPT_FOR).exclude(
        status=Export.Status.READY, ready_at__gt=now - KEPT_FOR
    )


def remove(*, export: Export) -> None:
    """The row, and when that is certain the file."""
    storage, name = export.file.storage, f"exports/{export.pk}.zip"
    with transaction.atomic():
        export.delete()
        transaction.on_commit(lambda: storage.delete(name))


# Writing an organisation ------------------------------------------------------------------------------------------


class _Seen:
    """Whom and what the rows named so far: each is written once, at the end."""

    def __init__(self) -> None:
        self.people: set[int] = set()
        self.firms: set[UUID] = set()
        self.contexts: set[UUID] = set()


def write_organisation(archive: zipfile.ZipFile, organisation: Organisation) -> None:
    """All members of the file that `organisation_file` describes."""
    scope = scope_of(organisation)
    seen = _Seen()
    parts = {part.member: _write(archive, part.member, _rows_of(part, scope, seen)) for part in PARTS}
    parts[CONTEXTS] = _write(archive, CONTEXTS, _contexts(seen))
    parts[FIRMS] = _write(archive, FIRMS, _firms(seen.firms - {organisation.pk}))
    parts[PEOPLE] = _write(archive, PEOPLE, _people(seen.people, organisation))
    to_read = {}
    if organisation.is_firm:
        for name, rows in (("clients", _clients(organisation)), ("private-comments", _private_comments(organisation))):
            to_read[f"to-read/{name}.jsonl"] = _write(archive, f"to-read/{name}.jsonl", rows)
    files: dict[str, Any] = {}
    missing: list[str] = []
    for name, stored in _files(scope):
        found = _copy(archive, name, stored)
        if found is None:
            missing.append(name)
        else:
            files[name] = found
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": timezone.now().isoformat(),
        "organisation": {"id": str(organisation.pk), "name": organisation.name, "kind": organisation.kind},
        "editions": sorted(
            Assessment.objects.filter(pk__in=scope.assessments).order_by().values_list("edition", flat=True).distinct()
        ),
        "parts": parts,
        "files": files,
        "missing_files": missing,
        "to_read": to_read,
    }
    archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    archive.writestr(README, _readme(organisation))


def _write(archive: zipfile.ZipFile, name: str, rows: Iterable[Row]) -> Row:
    digest = hashlib.sha256()
    count = 0
    with archive.open(name, "w", force_zip64=True) as target:
        for row in rows:
            written_line = line(row)
            digest.update(written_line)
            target.write(written_line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def _rows_of(part: Part, scope: Scope, seen: _Seen) -> Iterator[Row]:
    people = pointing_to(part.model, User)
    organisations = pointing_to(part.model, Organisation)
    contexts = pointing_to(part.model, Context)
    soften: Callable[[Row], None] | None = part.soften(scope) if part.soften else None
    columns = [field.attname for field in fields_of(part.model)]
    for values in part.rows(scope, readable=True).values_list(*columns).iterator(chunk_size=AT_ONCE):
        row = written(part.model, values)
        if soften is not None:
            soften(row)
        seen.people.update(row[name] for name in people if row[name] is not None)
        seen.firms.update(UUID(row[name]) for name in organisations if row[name] is not None)
        seen.contexts.update(UUID(row[name]) for name in contexts if row[name] is not None)
        yield row


def _contexts(seen: _Seen) -> Iterator[Row]:
    for some in _some(sorted(seen.contexts)):
        columns = [field.attname for field in fields_of(Context)]
        for values in Context.objects.filter(pk__in=some).order_by("pk").values_list(*columns):
            row = written(Context, values)
            known = row["metadata"] or {}
            row["metadata"] = {key: known[key] for key in ("user", "url") if key in known}
            if isinstance(known.get("user"), int):
                seen.people.add(known["user"])
            yield row


def _firms(firms: set[UUID]) -> Iterator[Row]:
    for pk, name in Organisation.objects.filter(pk__in=firms).order_by("pk").values_list("pk", "name"):
        yield {"id": str(pk), "name": name}


def _people(people: set[int], organisation: Organisation) -> Iterator[Row]:
    """Whoever belongs or belonged here with their address; others, who are advisers, by name alone."""
    events = history_of(Membership)
    ours = set(Membership.objects.filter(organisation=organisation).values_list("user_id", flat=True)) | set(
        events._base_manager.filter(organisation_id=organisation.pk).values_list("user_id", flat=True)
    )
    for some in _some(sorted(people)):
        known = User.objects.in_bulk(some)
        for pk in some:
            yield _person(pk, known.get(pk), named=pk in ours)


def _person(pk: int, person: User | None, *, named: bool) -> Row:
    if person is None or person.erased_at is not None:
        return {"id": pk, "email": None, "name": "", "is_gone": True}
    if named:
        return {"id": pk, "email": person.email, "name": person.name, "is_gone": False}
    return {"id": pk, "email": None, "name": str(person), "is_gone": False}


def _clients(firm: Organisation) -> Iterator[Row]:
    """When it was let in where. The names only where it still is."""
    engagements = Engagement.objects.filter(firm=firm).select_related("assessment__service__organisation")
    for one in engagements.order_by("began_at").iterator(chunk_size=AT_ONCE):
        standing = one.ended_at is None
        yield {
            "assessment": str(one.assessment_id),
            "organisation": one.assessment.organisation_name if standing else None,
            "service": one.assessment.service_name if standing else None,
            "began_at": one.began_at.isoformat(),
            "ended_at": None if one.ended_at is None else one.ended_at.isoformat(),
        }


def _private_comments(firm: Organisation) -> Iterator[Row]:
    comments = Comment.objects.filter(thread__firm=firm, thread__audience=Thread.Audience.ADVISER)
    for one in comments.select_related("thread", "written_by").iterator(chunk_size=AT_ONCE):
        yield {
            "assessment": str(one.thread.assessment_id),
            "item": one.thread.item,
            "thread": str(one.thread_id),
            "text": one.text,
            "written_by": str(one.written_by),
            "written_at": one.written_at.isoformat(),
        }


def _files(scope: Scope) -> Iterator[tuple[str, Any]]:
    """Name in the ZIP, and the stored file."""
    evidence = EvidenceItem.objects.filter(assessment_id__in=scope.assessments, size__gt=0).only("file", "assessment")
    for item in evidence.order_by("pk").iterator(chunk_size=AT_ONCE):
        yield file_of(EvidenceItem, item.pk), item.file
    reports = Report.objects.filter(assessment_id__in=scope.assessments, status=Report.Status.READY).only("pdf")
    for report in reports.order_by("pk").iterator(chunk_size=AT_ONCE):
        yield file_of(Report, report.pk), report.pdf


def _copy(archive: zipfile.ZipFile, name: str, stored: Any) -> Row | None:
    """Bytes and hash; None where the file is gone from its place."""
    try:
        content = stored.open("rb")
    except (FileNotFoundError, ValueError):
        return None
    digest = hashlib.sha256()
    size = 0
    with content, archive.open(name, "w") as target:
        for piece in content.chunks():
            digest.update(piece)
            target.write(piece)
            size += len(piece)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _some(values: list[Any]) -> Iterator[list[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _readme(organisation: Organisation) -> str:
    return README_TEXT.format(
        name=organisation.name,
        when=timezone.localtime().strftime("%d %B %Y, %H:%M"),
        firm=README_FIRM if organisation.is_firm else "",
        version=VERSION,
    )


README_FIRM = """
to-read/clients.jsonl           The assessments that your firm was let in to, and when.
to-read/private-comments.jsonl  What your people wrote for your firm alone on assessments of others.
"""

README_TEXT = """\
Everything of {name}, as it was on {when}

Keep this file as safe as the site itself: it holds names, e-mail addresses, answers and papers.

WHAT IS IN IT
organisation.json    What this file holds, with the number of rows and a SHA-256 of each part.
rows/                One file for each kind of thing: services, assessments, answers, plan, comments and so on. Each
                     line is one thing, as a JSON object. Any text editor opens it; spreadsheets and most
                     programming languages can read it ("JSON Lines", UTF-8).
history/             Every change to these things, oldest first: what it was after the change ("pgh_label" says
                     whether it was added, changed or deleted, "pgh_created_at" when). history/contexts.jsonl says
                     who was signed in ("user" is a number in rows/people.jsonl).
rows/people.jsonl    The people whom the rows name by number. E-mail addresses only of your own people.
files/evidence/      The papers that your people added. rows/evidence.jsonl has their names and what they prove.
files/reports/       The readiness reports, as PDF.
{firm}
HOW THINGS HANG TOGETHER
A service belongs to the organisation, an assessment to a service, and everything else to an assessment, by its
"id". "item" is the question or gate as the catalogue names it. The result of an assessment is in "result".

WHAT IS NOT IN IT
Passwords and other secrets. Comments that an adviser firm wrote for itself. Levels that an adviser has recorded and
not yet shown. Second opinions that are not given yet. Files that could not be found are named under "missing_files".

TO BRING IT INTO ANOTHER INSTALLATION OF SPINOUT
    manage.py import_organisation this-file.zip
People are matched by e-mail address; who is not known there gets an account without a password, and sets one by
"I have forgotten my password". Format: spinout-organisation, version {version}.
"""
