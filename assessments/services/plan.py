"""What changes a plan: what people agree about its actions, and what the answers call for."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, F, PositiveIntegerField, Q, Value, When

from assessments.models import Assessment, PlanItem, Progress, User
from assessments.models.plan import NOTHING_SAID, Agreement
from assessments.planning.planned import PlannedAction
from assessments.selectors.plan import called_for


class ActionNotInPlan(LookupError):
    """The answers do not call for this action, and never have while somebody agreed something about it."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else agreed something about the same action since the page was filled: what stands, and what was
    about to be saved."""

    version: int
    theirs: Agreement
    theirs_by: User
    theirs_at: dt.datetime
    mine: Agreement


@transaction.atomic
def agree(*, assessment: Assessment, by: User, action: str, version: int, agreement: Agreement) -> Agreement | Conflict:
    """Agree `agreement` about the action, where its row still has the version that the page was filled from (0: none).

    What stands now is returned. An agreement that says what stands already, or that the person did not touch,
    leaves the row as it is; one that both changed comes back as a `Conflict`, and nothing is written.
    """
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    row = PlanItem.objects.filter(assessment=locked, action=action).first()
    if row is None:
        return _first(locked, by, action, agreement)
    if agreement == row.agreement:
        return agreement
    if version != row.version:
        return row.agreement if agreement == _agreement_at(row, version) else _conflict(row, agreement)
    _set(row, by, agreement)
    return agreement


def keep_in_step(assessment: Assessment, actions: Iterable[PlannedAction]) -> None:
    """Mark which agreed actions the answers call for now. Writes only where that changed, which is seldom.

    The caller holds the assessment's lock. Who agreed and when stays as it is: the history's own time says when a gap
    closed, or opened again. What was done and comes back is open again, in the same statement.
    """
    now = {action.id for action in actions}
    agreed = PlanItem.objects.filter(assessment=assessment).order_by()
    moved = [pk for pk, action, was in agreed.values_list("pk", "action", "called_for") if was != (action in now)]
    if moved:
        undone = Q(called_for=False, progress=Progress.DONE)
        PlanItem.objects.filter(pk__in=moved).update(
            called_for=~F("called_for"),
            progress=Case(When(undone, then=Value(Progress.OPEN)), default=F("progress")),
            version=F("version") + Case(When(undone, then=1), default=0, output_field=PositiveIntegerField()),
        )


def _first(assessment: Assessment, by: User, action: str, agreement: Agreement) -> Agreement:
    if action not in {planned.id for planned in called_for(assessment)}:
        raise ActionNotInPlan(action)
    if agreement != NOTHING_SAID:
        _set(PlanItem(assessment=assessment, action=action, version=0), by, agreement)
    return agreement


def _set(row: PlanItem, by: User, agreement: Agreement) -> None:
    for name in Agreement.FIELDS:
        setattr(row, name, getattr(agreement, name))
    row.version += 1
    row.changed_by = by
    row.save()


def _conflict(row: PlanItem, agreement: Agreement) -> Conflict:
    return Conflict(
        version=row.version,
        theirs=row.agreement,
        theirs_by=row.changed_by,
        theirs_at=row.changed_at,
        mine=agreement,
    )


def _agreement_at(row: PlanItem, version: int) -> Agreement | None:
    """What the row said at that version, out of the history."""
    if version == 0:
        return NOTHING_SAID
    events = PlanItem.pgh_event_model.objects.filter(pgh_obj_id=row.pk, version=version)  # type: ignore[attr-defined]
    event = events.order_by("-pgh_id").first()
    return None if event is None else Agreement(*(getattr(event, name) for name in Agreement.FIELDS))
