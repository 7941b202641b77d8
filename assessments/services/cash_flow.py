"""What changes the figures of the working-capital calculator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from assessments.cashflow.forecast import forecast
from assessments.cashflow.reading import read
from assessments.cashflow.serialise import to_dict
from assessments.cashflow.stored import to_stored
from assessments.cashflow.stress import stress
from assessments.models import Assessment, CashFlow, User
from assessments.services.assessments import rescore


@dataclass(frozen=True, slots=True)
class Saved:
    """`before` and the assessment's own `colours` say what the figures did to the result."""

    assessment: Assessment
    cash_flow: CashFlow
    before: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody saved or deleted the figures since the page was filled. Nothing was written.

    `theirs` are the figures as they stand, None where they were deleted; `mine` is the table that was sent.
    """

    theirs: CashFlow | None
    mine: Mapping[str, Any]


@transaction.atomic
def save_cash_flow(*, assessment: Assessment, by: User, version: int, table: Mapping[str, Any]) -> Saved | Conflict:
    """Store a table [cashflow], its forecast and the new result of the assessment, all or nothing.

    `version` is that of the figures which the person saw, 0 for none. Raises InputsError for a table that cannot be
    worked out.
    """
    inputs = read(table, "figures")
    locked, kept = _locked(assessment)
    if version != (kept.version if kept else 0):
        return Conflict(kept, table)
    cash_flow = kept or CashFlow(assessment=locked, version=0)
    cash_flow.inputs = to_stored(table)
    cash_flow.forecast = to_dict(forecast(inputs), stress(inputs))
    cash_flow.version += 1
    cash_flow.changed_by = by
    cash_flow.save(force_insert=kept is None)
    before = locked.colours
    return Saved(_rescored(locked, by), cash_flow, before)


@transaction.atomic
def delete_cash_flow(*, assessment: Assessment, by: User, version: int) -> Assessment | Conflict:
    """Take the figures away again; the history keeps them. What they capped is scored without them."""
    locked, kept = _locked(assessment)
    if version != (kept.version if kept else 0):
        return Conflict(kept, {})
    if kept:
        kept.delete()
    return _rescored(locked, by)


def _locked(assessment: Assessment) -> tuple[Assessment, CashFlow | None]:
    """The assessment's lock stands for its figures too: there may be no row of them yet to lock."""
    locked = Assessment.objects.select_for_update(of=("self",)).defer("result").get(pk=assessment.pk)
    kept = CashFlow.objects.select_related("changed_by").filter(assessment=locked).first()
    return locked, kept


def _rescored(assessment: Assessment, by: User) -> Assessment:
    assessment.changed_by = by
    # What an adviser signed off were other figures.
    assessment.is_reviewed = False
    assessment.save(update_fields=["is_reviewed", "changed_by", "changed_at"])
    return rescore(assessment=assessment)
