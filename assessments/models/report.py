import uuid
from typing import ClassVar

from django.db import models

from assessments.models.assessment import Assessment
from assessments.models.user import User


def _file_name(report: "Report", _name: str) -> str:
    return report.file_name


class Report(models.Model):
    """A readiness report as PDF, made by a worker from a frozen copy of the answers.

    `key` is the hash of everything the bytes depend on (inputs, catalogue, template, engine), so that unchanged
    answers are served the kept file. `inputs` is the frozen copy, in the shape of an answers file.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reports")
    key = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    inputs = models.JSONField()
    pdf = models.FileField(upload_to=_file_name, blank=True, max_length=200)
    size = models.PositiveIntegerField("bytes", default=0)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "key"], name="one_report_per_inputs"),
            models.CheckConstraint(
                condition=models.Q(status="ready", ready_at__isnull=False) | ~models.Q(status="ready"),
                name="ready_report_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_status_display()}"

    @property
    def file_name(self) -> str:
        """Where the file is kept. Two assessments with the same inputs have a file each."""
        return f"reports/{self.pk}.pdf"
