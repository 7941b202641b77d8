from typing import ClassVar

import pghistory
from django.db import models

from assessments.models.assessment import Assessment
from assessments.models.user import User


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=["assessment", "inputs", "version", "changed_by"],
    model_name="CashFlowEvent",
    append_only=True,
)
class CashFlow(models.Model):
    """The figures of one service for the working-capital calculator, and what they come to.

    `inputs` is the table [cashflow] of an answers file, amounts as text; `forecast` is what `cashflow.serialise`
    makes of them, written in the same transaction.
    """

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, primary_key=True, related_name="cash_flow")
    inputs = models.JSONField(default=dict)
    forecast = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name: ClassVar[str] = "cash flow"

    def __str__(self) -> str:
        return f"Cash flow of {self.assessment}"
