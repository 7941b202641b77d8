from typing import ClassVar

import pghistory
from django.db import models

from assessments.models.assessment import Assessment
from assessments.models.user import User


class Progress(models.TextChoices):
    """How far an action is."""

    OPEN = "open", "Open"
    DOING = "doing", "Doing"
    DONE = "done", "Done"
    WILL_NOT_DO = "will_not_do", "Will not do"


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
