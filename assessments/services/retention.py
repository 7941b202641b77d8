"""What is kept for how long, and clearing away what is over. `look` only looks; `apply` does what `look` found.

An assessment goes when nobody has changed anything of it for the months that its organisation set, or else for those
that the installation sets; by default there are none, and nothing goes. It never goes sooner than `NOTICE` after the
organisation set its months, and never while advisers have it in hand.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import DateTimeField, F, Max, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from assessments.models import (
    Answer,
    Assessment,
    CashFlow,
    Comment,
    EvidenceItem,
    Export,
    Invitation,
    Opinion,
    Organisation,
    Participation,
    PlanItem,
    Rating,
    Report,
    Submission,
    WhatIf,
)
from assessments.models.user import NO_ADDRESS
from assessments.services import erasure, exports
from assessments.services.append_only import lifted
from assessments.services.organisation_file import history_of

NOTICE = dt.timedelta(days=30)
INVITATIONS_KEPT = dt.timedelta(days=30)
FILES_WITHOUT_A_ROW_KEPT = dt.timedelta(days=1)
REMOVED_ADDRESS = f"removed{NO_ADDRESS}"


@dataclass(frozen=True, slots=True)
class Kept:
    """An assessment that has an end: when it was last changed, and the day on which it goes."""

    assessment: Assessment
    last_change: dt.datetime
    goes_on: dt.date


@dataclass(frozen=True, slots=True)
class Found:
    """What is over today, and which assessments will be over within `NOTICE`."""

    assessments: tuple[Kept, ...]
    soon: tuple[Kept, ...]
    organisations: tuple[Organisation, ...]
    exports: tuple[Export, ...]
    invitations: tuple[Invitation, ...]
    sessions: int
    files: tuple[str, ...]


def look(now: dt.datetime) -> Found:
    today = timezone.localdate(now)
    ends = list(ending(today + NOTICE))
    return Found(
        assessments=tuple(kept for kept in ends if kept.goes_on <= today),
        soon=tuple(kept for kept in ends if kept.goes_on > today),
        organisations=tuple(erasure.due(today)),
        exports=tuple(exports.expired(now)),
        invitations=tuple(_invitations(now).select_related("organisation")),
        sessions=Session.objects.filter(expire_date__lt=now).count(),
        files=tuple(files_without_a_row(now)),
    )


def apply(found: Found, now: dt.datetime) -> None:
    """Each by itself: what fails leaves the rest as it would be. What changed since is looked at again."""
    for kept in found.assessments:
        _delete_if_over(kept.assessment.pk, timezone.localdate(now))
    for organisation in found.organisations:
        erasure.erase_if_due(organisation=organisation, today=timezone.localdate(now))
    clear(now)
    for name in files_without_a_row(now):
        default_storage.delete(name)


def clear(now: dt.datetime) -> None:
    """What no setting decides: exports, invitations and sessions that are over."""
    for export in exports.expired(now):
        exports.remove(export=export)
    forget_invitations(now)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@transaction.atomic
def _delete_if_over(pk: UUID, today: dt.date) -> None:
    if not Assessment.objects.select_for_update(of=("self",)).defer("result").filter(pk=pk).exists():
        return
    if any(kept.goes_on <= today for kept in ending(today, among=Assessment.objects.filter(pk=pk))):
        erasure.delete_assessment(assessment=Assessment(pk=pk))


# Assessments ------------------------------------------------------------------------------------------------------

# Everything that people do in an assessment: the model, the way to it, and when.
_DOINGS: tuple[tuple[type[Model], str, str], ...] = (
    (Answer, "assessment", "changed_at"),
    (CashFlow, "assessment", "changed_at"),
    (PlanItem, "assessment", "changed_at"),
    (WhatIf, "assessment", "changed_at"),
    (EvidenceItem, "assessment", "added_at"),
    (Report, "assessment", "asked_at"),
    (Participation, "assessment", "added_at"),
    (Submission, "assessment", "moved_at"),
    (Rating, "review__submission__assessment", "changed_at"),
    (Comment, "thread__assessment", "written_at"),
    (Opinion, "assessment", "given_at"),
)


def ending(until: dt.date, among: QuerySet[Assessment] | None = None) -> Iterator[Kept]:
    """Those that go by `until`, the first to go first. In as many statements for ten as for ten thousand."""
    months = _months()
    if not months:
        return
    rows = Assessment.objects.all() if among is None else among
    rows = rows.filter(service__organisation__in=list(months)).exclude(latest__status__in=Submission.OPEN)
    found = []
    for assessment in rows.defer("result").annotate(_last=_last_change()).iterator(chunk_size=500):
        kept_for, since = months[assessment.organisation_id]
        over = _after(timezone.localdate(assessment._last), kept_for)
        goes_on = max(over, since + NOTICE) if since else over
        if goes_on <= until:
            found.append(Kept(assessment, assessment._last, goes_on))
    yield from sorted(found, key=lambda kept: (kept.goes_on, kept.assessment.service_name, str(kept.assessment.pk)))


def ending_of(organisation: Organisation, until: dt.date) -> list[Kept]:
    return list(ending(until, Assessment.objects.filter(service__organisation=organisation)))


def _last_change() -> Greatest:
    """Of anything in it. Where there is nothing of a kind, PostgreSQL leaves that out."""
    each = (
        Subquery(
            model._base_manager.filter(**{way: OuterRef("pk")})
            .order_by()
            .values(way)
            .annotate(last=Max(when))
            .values("last"),
            output_field=DateTimeField(),
        )
        for model, way, when in _DOINGS
    )
    return Greatest(F("changed_at"), *each)


def _months() -> dict[UUID, tuple[int, dt.date | None]]:
    """For whom how many months hold, and since when they chose so many; organisations without any are left out."""
    default: int | None = settings.SPINOUT_KEEP_MONTHS
    bodies = Organisation.objects.filter(kind=Organisation.Kind.PUBLIC_BODY)
    if default is None:
        bodies = bodies.filter(keep_months__isnull=False)
    chosen = dict(bodies.order_by().values_list("pk", "keep_months"))
    since = _since(pk for pk, months in chosen.items() if months)
    return {pk: (months or default or 0, since.get(pk)) for pk, months in chosen.items()}


def _since(organisations: Iterable[UUID]) -> dict[UUID, dt.date]:
    """When the months that hold now were chosen, out of the history."""
    events = history_of(Organisation)
    rows = events._base_manager.filter(pgh_obj_id__in=list(organisations)).order_by("pgh_id")
    found: dict[UUID, tuple[int | None, dt.date]] = {}
    for pk, months, at in rows.values_list("pgh_obj_id", "keep_months", "pgh_created_at"):
        if pk not in found or found[pk][0] != months:
            found[pk] = (months, timezone.localdate(at))
    return {pk: day for pk, (_months, day) in found.items()}


def _after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


@transaction.atomic
def set_months(*, organisation: Organisation, months: int | None, by: object) -> None:
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if locked.keep_months != months:
        locked.keep_months = months
        locked.changed_by = by  # type: ignore[assignment]
        locked.save(update_fields=["keep_months", "changed_by"])


# Invitations and files ----------------------------------------------------------------------------------------------


def _invitations(now: dt.datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, expires_at__lt=now - INVITATIONS_KEPT).order_by("expires_at")


@transaction.atomic
def forget_invitations(now: dt.datetime) -> None:
    """Nobody came: the history keeps that somebody was invited, and forgets the address."""
    ids = list(_invitations(now).values_list("pk", flat=True))
    with lifted():
        Invitation.objects.filter(pk__in=ids).delete()
        history_of(Invitation)._base_manager.filter(pgh_obj_id__in=ids).update(email=REMOVED_ADDRESS)


# Where files are kept, and which rows name them.
_FOLDERS: tuple[tuple[str, type[Model], str], ...] = (
    ("evidence", EvidenceItem, "file"),
    ("reports", Report, "pdf"),
    ("exports", Export, "file"),
)
AT_ONCE = 500


def files_without_a_row(now: dt.datetime) -> Iterator[str]:
    """What a process left that was killed between a row and its file. A young file may still get its row."""
    for folder, model, column in _FOLDERS:
        some: list[str] = []
        for name in _walk(folder):
            some.append(name)
            if len(some) == AT_ONCE:
                yield from _unnamed(some, model, column, now)
                some = []
        yield from _unnamed(some, model, column, now)


def _unnamed(names: list[str], model: type[Model], column: str, now: dt.datetime) -> Iterator[str]:
    rows = model._base_manager.filter(**{f"{column}__in": names})
    named = set(rows.values_list(column, flat=True))
    for name in names:
        if name not in named and now - default_storage.get_modified_time(name) > FILES_WITHOUT_A_ROW_KEPT:
            yield name


def _walk(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(files))
    for below in sorted(folders):
        yield from _walk(f"{folder}/{below}")
