"""What changes a plan: what people agree about its actions, and what the answers call for."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Case, F, PositiveIntegerField, Q, Value, When

from assessments.models import Assessment, PlanItem, Progress, User
from assessments.models.plan import NOTHING_SAID, Agreement
from assessments.planning.planned import PlannedAction
from assessments.selectors.plan import called_for, plan_of


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


@dataclass(frozen=True, slots=True)
class Filled:
    """How many actions got somebody who does them, and how many a date."""

    named: int
    dated: int


@transaction.atomic
def fill(*, assessment: Assessment, by: User, people: Mapping[str, str], dated: bool) -> Filled:
    """Name people and dates where nobody has yet, for everything that is still to be done.

    `people` says who it is that usually does such, by that role. With `dated`, what has no date is due when the
    schedule has it finished, by its likely times. What somebody agreed stays, also where it was agreed since the page
    was filled.
    """
    plan = plan_of(Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk))
    changed: list[PlanItem] = []
    named = dates = 0
    for entry in plan.still_to_do:
        agreed = entry.agreement
        owner = agreed.owner or people.get(entry.action.owner, "")
        due = working_day(entry.scheduled.finish) if dated and entry.due is None and entry.scheduled else agreed.due_on
        if (owner, due) != (agreed.owner, agreed.due_on):
            now = replace(agreed, owner=owner, due_on=due)
            row = PlanItem(assessment=plan.assessment, action=entry.id, version=entry.version + 1, changed_by=by)
            for name in Agreement.FIELDS:
                setattr(row, name, getattr(now, name))
            changed.append(row)
            named += owner != agreed.owner
            dates += due != agreed.due_on
    PlanItem.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["assessment", "action"],
        update_fields=[*Agreement.FIELDS, "version", "changed_by", "changed_at"],
    )
    return Filled(named, dates)


def working_day(date: dt.date) -> dt.date:
    """The date, or the Monday after where it falls on a weekend."""
    return date + dt.timedelta(days=7 - date.weekday()) if date.weekday() > FRIDAY else date


FRIDAY = 4


def keep_in_step(assessment: Assessment, actions: Iterable[PlannedAction], agreed: Mapping[str, bool]) -> None:
    """Mark which agreed actions the answers call for now; `agreed` says of each whether they did before.

    Writes only where that changed, which is seldom.

    The caller holds the assessment's lock. Who agreed and when stays as it is: the history's own time says when a gap
    closed, or opened again. What was done and comes back is open again, in the same statement.
    """
    now = {action.id for action in actions}
    moved = [action for action, was in agreed.items() if was != (action in now)]
    if moved:
        undone = Q(called_for=False, progress=Progress.DONE)
        PlanItem.objects.filter(assessment=assessment, action__in=moved).update(
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
