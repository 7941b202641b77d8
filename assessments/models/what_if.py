import uuid
from typing import ClassVar

from django.db import models

from assessments.models.assessment import Assessment
from assessments.models.user import User


class WhatIf(models.Model):
    """A set of changes tried on a copy of an assessment, under an address of its own. The record never changes.

    `done` are ids of actions taken as done; `answers` maps item ids to what they are set to: a level, the state of a
    gate, or None where it is chosen and not yet set. `cash` are figures as `cashflow.tried` writes them. Everything
    is worked out on the record as it is when somebody looks; `record` is a stamp of what it was at the last save.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="what_ifs")
    name = models.CharField(max_length=200)
    done = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    cash = models.JSONField(default=dict)
    record = models.CharField(max_length=64, blank=True, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at"]

    def __str__(self) -> str:
        return self.name
