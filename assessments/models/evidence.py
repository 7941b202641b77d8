import datetime as dt
import uuid
from typing import ClassVar

from django.db import models

from assessments.models.answer import Evidence
from assessments.models.assessment import Assessment
from assessments.models.tracked import tracked
from assessments.models.user import User


def _file_name(item: "EvidenceItem", _name: str) -> str:
    """A name of ours: what the sender called the file is only ever shown."""
    return f"evidence/{item.assessment_id}/{item.pk}"


@tracked("EvidenceItemEvent")
class EvidenceItem(models.Model):
    """One piece of proof for an answer or a gate: a link, or a file that was checked by its content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    item = models.CharField("question or gate", max_length=120)
    title = models.CharField(max_length=200)
    grade = models.CharField("evidence grade", max_length=2, choices=Evidence.choices)
    dated = models.DateField("date of the evidence")
    link = models.URLField(max_length=2000, blank=True)
    file = models.FileField(upload_to=_file_name, blank=True, max_length=200)
    file_name = models.CharField("name of the file, made harmless", max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField("bytes", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["added_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["assessment", "item"], name="evidence_of_item"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(link="", size__gt=0) & ~models.Q(file="")
                | models.Q(file="", size=0) & ~models.Q(link=""),
                name="evidence_is_link_or_file",
            ),
            models.CheckConstraint(condition=models.Q(grade__in=Evidence.values), name="evidence_item_grade_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_file(self) -> bool:
        return bool(self.size)

    @property
    def age_key(self) -> tuple[str, dt.date]:
        """The better of two: the higher grade, then the younger."""
        return self.grade, self.dated
