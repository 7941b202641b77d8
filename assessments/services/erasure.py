"""Deleting for good: one assessment, or everything of an organisation after days in which it can be stopped.

The history is append-only: no page and no command changes it. Here, and where an account is erased, is the only place
that lifts that, inside one transaction, because what somebody has a right to have deleted stands in it too.

What stays is what belongs to others, without a name: that a firm was once let in to something (its own history), the
levels kept for the catalogue's keepers (`RatedPair`), and a firm's part in the reviews of its clients.
"""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from uuid import UUID

import pghistory
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.utils import timezone
from pghistory.models import Context

from assessments.models import (
    Assessment,
    Comment,
    Engagement,
    Export,
    Invitation,
    Membership,
    Organisation,
    Report,
    Service,
    Submission,
    Thread,
    User,
)
from assessments.models.organisation import new_code
from assessments.models.user import NO_ADDRESS
from assessments.services import engagements
from assessments.services.append_only import lifted
from assessments.services.evidence import remove_files_of
from assessments.services.organisation_file import (
    PARTS,
    AnyModel,
    Part,
    Scope,
    history_of,
    scope_of,
    scope_of_assessment,
)

GRACE = dt.timedelta(days=14)
NOBODY = f"nobody{NO_ADDRESS}"
FIRM_IS_GONE = "A firm that is gone"


class NoErasurePlanned(Exception):
    """It was stopped already, or done."""


@transaction.atomic
def ask(*, organisation: Organisation, by: User) -> Organisation:
    """Everything goes on a day after `GRACE`. Asked again while it is planned, the day stays."""
    locked = _locked(organisation)
    if locked.erase_on is None:
        locked.erase_on = timezone.localdate() + GRACE
        locked.erase_asked_by = locked.changed_by = by
        locked.save(update_fields=["erase_on", "erase_asked_by", "changed_by"])
    return locked


@transaction.atomic
def cancel(*, organisation: Organisation, by: User) -> Organisation:
    """Everything stays."""
    locked = _locked(organisation)
    if locked.erase_on is None:
        raise NoErasurePlanned
    locked.erase_on = locked.erase_asked_by = None
    locked.changed_by = by
    locked.save(update_fields=["erase_on", "erase_asked_by", "changed_by"])
    return locked


def due(today: dt.date) -> list[Organisation]:
    return list(Organisation.objects.filter(erase_on__lte=today).order_by("erase_on", "pk"))


@transaction.atomic
def erase_if_due(*, organisation: Organisation, today: dt.date) -> bool:
    """Erase it, if that was not stopped meanwhile."""
    locked = Organisation.objects.select_for_update().filter(pk=organisation.pk, erase_on__lte=today).first()
    if locked is None:
        return False
    erase(organisation=locked)
    return True


@transaction.atomic
def erase(*, organisation: Organisation) -> None:
    """Everything of it goes, at once and for good. Its people keep their accounts."""
    scope = scope_of(organisation)
    _shut_firms_out(organisation, scope)
    with lifted():
        if organisation.is_firm:
            _erase_private_threads(organisation)
        contexts = _contexts_of(PARTS, scope)
        files = _files_of(scope) | _files_of_exports(organisation)
        _forget_engagements(scope)
        _delete_assessments(scope.assessments)
        Invitation.objects.filter(organisation=organisation).delete()
        Membership.objects.filter(organisation=organisation).delete()
        _delete_history(PARTS, scope)
        _delete_organisation(organisation)
        _delete_contexts(contexts)
    _remove(files, scope.assessments)


@transaction.atomic
def delete_assessment(*, assessment: Assessment, by: User | None = None) -> None:
    """The assessment with all that hangs on it, and its service, if that has no other.

    Its history goes with it. That there was one, who led it and who deleted it when stays in the organisation's.
    """
    locked = Assessment.objects.select_for_update(of=("self",)).defer("result").get(pk=assessment.pk)
    scope = scope_of_assessment(locked)
    service = locked.service
    parts = [part for part in PARTS if part.scope in ("assessments", "submissions", "threads")]
    with lifted():
        contexts = _contexts_of(parts, scope)
        files = _files_of(scope)
        _forget_engagements(scope)
        _forget_invitations_to(locked)
        for part in reversed([part for part in parts if not part.is_history]):
            _delete(part.model, part.rows(scope))
        _delete_history(parts, scope)
        _delete_contexts(contexts)
    with pghistory.context(user=by.pk if by else None):
        if by is not None:
            Assessment.objects.filter(pk=locked.pk).update(changed_by=by)
        _delete(Assessment, Assessment._base_manager.filter(pk=locked.pk))
        if not Assessment.objects.filter(service=service).exists():
            _delete(Service, Service._base_manager.filter(pk=service.pk))
    _remove(files, scope.assessments)


def nobody() -> User:
    """Who stands where a name would tell whose it was. Nobody signs in as them."""
    person, made = User.objects.get_or_create(
        email=NOBODY, defaults={"is_active": False, "erased_at": timezone.now(), "wants_mail": False}
    )
    if made:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    return person


# Step by step -----------------------------------------------------------------------------------------------------


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _shut_firms_out(organisation: Organisation, scope: Scope) -> None:
    """Engagements end before they go, so that the firm's history says until when it was let in. Of a firm: with its
    clients, whose history says so."""
    by = organisation.erase_asked_by or nobody()
    if organisation.is_firm:
        standing = Engagement.objects.filter(firm=organisation, ended_at=None)
        clients = Assessment.objects.filter(pk__in=standing.values("assessment"))
        engagements.end(firm=organisation, assessments=list(clients.defer("result")), by=by)
        return
    now = timezone.now()
    Engagement.objects.filter(assessment__in=scope.assessments, ended_at=None).update(ended_at=now, ended_by=by)


def _erase_private_threads(firm: Organisation) -> None:
    """What its people wrote for themselves on assessments of others."""
    events = history_of(Thread)
    threads = frozenset(Thread.objects.filter(firm=firm).values_list("pk", flat=True)) | frozenset(
        events._base_manager.filter(firm_id=firm.pk).values_list("pgh_obj_id", flat=True)
    )
    scope = Scope(frozenset(), frozenset(), frozenset(), frozenset(), threads)
    parts = [part for part in PARTS if part.scope == "threads"]
    contexts = _contexts_of(parts, scope)
    _delete_asks_about(threads)
    _delete(Comment, Comment.objects.filter(thread__in=threads))
    _delete(Thread, Thread.objects.filter(pk__in=threads))
    _delete_history(parts, scope)
    _delete_contexts(contexts)


def _delete_asks_about(threads: frozenset[UUID]) -> None:
    about = [str(pk) for pk in threads]
    for part in PARTS:
        if part.name in ("rows/asks", "history/asks"):
            _delete(part.model, part.model._base_manager.filter(about__in=about))


def _forget_engagements(scope: Scope) -> None:
    """The firm's history keeps that it was let in to something, and until when; not by whom."""
    gone = nobody().pk
    events = history_of(Engagement)
    rows = events._base_manager.filter(assessment_id__in=scope.assessments)
    rows.update(began_by_id=gone, pgh_context_id=None)
    rows.filter(ended_by_id__isnull=False).update(ended_by_id=gone)


def _forget_invitations_to(assessment: Assessment) -> None:
    Invitation.objects.filter(assessment=assessment).update(assessment=None, part="", questionnaires=[])


def _delete_assessments(assessments: Iterable[UUID]) -> None:
    scope = Scope(
        frozenset(),
        frozenset(),
        frozenset(assessments),
        frozenset(Submission.objects.filter(assessment__in=assessments).values_list("pk", flat=True)),
        frozenset(Thread.objects.filter(assessment__in=assessments).values_list("pk", flat=True)),
    )
    hanging = [
        part for part in PARTS if not part.is_history and part.scope in ("assessments", "submissions", "threads")
    ]
    for part in reversed(hanging):
        _delete(part.model, part.rows(scope))
    _delete(Assessment, Assessment._base_manager.filter(pk__in=scope.assessments))


def _delete_history(parts: Iterable[Part], scope: Scope) -> None:
    kept = history_of(Engagement)
    for part in parts:
        if part.is_history and part.model is not kept:
            _delete(part.model, part.rows(scope))


def _delete_organisation(organisation: Organisation) -> None:
    """The row itself. A firm that stands in the reviews of its clients stays as a place without a name."""
    Export.objects.filter(organisation=organisation).delete()
    _delete(Service, Service._base_manager.filter(organisation=organisation))
    if not organisation.is_firm or not _is_named_by_clients(organisation):
        _delete(Organisation, Organisation._base_manager.filter(pk=organisation.pk))
        return
    gone = nobody()
    Organisation.objects.filter(pk=organisation.pk).update(
        name=FIRM_IS_GONE,
        code=new_code(),
        founded_by=gone,
        changed_by=gone,
        keep_months=None,
        erase_on=None,
        erase_asked_by=None,
    )


def _is_named_by_clients(firm: Organisation) -> bool:
    return (
        Engagement.objects.filter(firm=firm).exists()
        or Submission.objects.filter(firm=firm).exists()
        or Thread.objects.filter(firm=firm).exists()
    )


def _delete(model: AnyModel, rows: models.QuerySet[models.Model]) -> None:
    """Rows by a statement of their own. What hangs on them was deleted before; what still does is refused at the end
    of the transaction, and then nothing happens."""
    rows.order_by()._raw_delete(using=connection.alias)


def _contexts_of(parts: Iterable[Part], scope: Scope) -> set[UUID]:
    """By whom and where the changes were made whose history goes."""
    found: set[UUID] = set()
    for part in parts:
        if part.is_history:
            rows = part.rows(scope).order_by().exclude(pgh_context_id=None)
            found.update(rows.values_list("pgh_context_id", flat=True).distinct())
    return found


def _delete_contexts(contexts: set[UUID]) -> None:
    """Those that no other history points to."""
    left = set(contexts)
    for part in PARTS:
        if part.is_history and left:
            rows = part.model._base_manager.filter(pgh_context_id__in=left)
            left -= set(rows.values_list("pgh_context_id", flat=True).distinct())
    _delete(Context, Context._base_manager.filter(pk__in=left))


def _files_of(scope: Scope) -> set[str]:
    """The reports. Evidence is in folders of its own, one for each assessment."""
    reports = Report.objects.filter(assessment_id__in=scope.assessments).exclude(pdf="")
    return set(reports.values_list("pdf", flat=True))


def _files_of_exports(organisation: Organisation) -> set[str]:
    return set(organisation.exports.exclude(file="").values_list("file", flat=True))


def _remove(files: set[str], assessments: Iterable[UUID]) -> None:
    """When the rows are gone for certain. What a killed process leaves is cleared away by `retention`."""
    remove_files_of(assessments=[Assessment(pk=pk) for pk in assessments])
    for name in sorted(files):
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
