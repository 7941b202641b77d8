import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import ClassVar, NamedTuple

import pghistory
from django.db import models

from assessments.models.assessment import Assessment
from assessments.models.user import User
from assessments.planning.progress import Agreed
from assessments.planning.progress import Progress as PlainProgress


class Progress(models.TextChoices):
    """How far an action is."""

    OPEN = "open", "Open"
    DOING = "doing", "Doing"
    DONE = "done", "Done"
    WILL_NOT_DO = "will_not_do", "Will not do"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What people agreed about one action, apart from whose row it is: two equal agreements say the same thing."""

    progress: str = Progress.OPEN.value
    owner: str = ""
    starts_on: dt.date | None = None
    due_on: dt.date | None = None
    reason: str = ""
    note: str = ""

    FIELDS: ClassVar[tuple[str, ...]] = ("progress", "owner", "starts_on", "due_on", "reason", "note")


NOTHING_SAID = Agreement()
_agreement_of = attrgetter(*Agreement.FIELDS)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="PlanItemEvent",
    append_only=True,
)
class PlanItem(models.Model):
    """What people have agreed about one action of a plan: who, by when, how far.

    `action` is the id that planning gives the action. A row is written when somebody first agrees something, and
    outlives the gap: `called_for` says whether the answers call for the action now, so that one whose gap closed
    can be marked so and one that reopens returns with its history.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="plan", db_index=False)
    action = models.CharField(max_length=140)
    progress = models.CharField(max_length=20, choices=Progress.choices, default=Progress.OPEN)
    reason = models.TextField("reason why it will not be done", blank=True)
    owner = models.CharField("who does it", max_length=200, blank=True)
    starts_on = models.DateField("start", null=True, blank=True)
    due_on = models.DateField("due", null=True, blank=True)
    note = models.TextField(blank=True)
    called_for = models.BooleanField(default=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["action"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "action"], name="one_plan_item_per_action"),
            models.CheckConstraint(condition=models.Q(progress__in=Progress.values), name="plan_item_progress_known"),
            models.CheckConstraint(
                condition=~models.Q(progress="will_not_do", reason=""), name="plan_item_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(due_on__isnull=True)
                | models.Q(starts_on__lte=models.F("due_on")),
                name="plan_item_starts_before_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_progress_display()}"

    @property
    def agreement(self) -> Agreement:
        return Agreement(*_agreement_of(self))


class StoredAgreement(NamedTuple):
    """An agreement as it is stored: which save it is, and whether the answers call for its action."""

    version: int
    called_for: bool
    agreement: Agreement


def stored_plan(assessment: Assessment) -> dict[str, StoredAgreement]:
    """All that is agreed in an assessment by action, in one query."""
    values = PlanItem.objects.filter(assessment=assessment).order_by()
    return {
        action: StoredAgreement(version, called_for, Agreement(*agreement))
        for action, version, called_for, *agreement in values.values_list(
            "action", "version", "called_for", *Agreement.FIELDS
        )
    }


def agreed_plan(stored: Mapping[str, StoredAgreement]) -> dict[str, Agreed]:
    """The same as what the schedule reads."""
    return {action: _plain(row.agreement) for action, row in stored.items()}


def _plain(agreement: Agreement) -> Agreed:
    return Agreed(
        progress=PlainProgress(agreement.progress),
        owner=agreement.owner,
        starts_on=agreement.starts_on,
        due_on=agreement.due_on,
        reason=agreement.reason,
    )
