import uuid
from typing import ClassVar

from django.db import models

from assessments.models.organisation import Organisation
from assessments.models.user import User


def _file_name(export: "Export", _name: str) -> str:
    return f"exports/{export.pk}.zip"


class Export(models.Model):
    """Everything of an organisation, or of one person, as a file that a worker makes and that goes after some days."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="exports"
    )
    # Whose account it is, where it is no organisation's.
    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="exports")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    file = models.FileField(upload_to=_file_name, blank=True, max_length=200)
    size = models.PositiveBigIntegerField("bytes", default=0)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=True, person__isnull=False)
                | models.Q(organisation__isnull=False, person__isnull=True),
                name="export_of_organisation_or_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Export, {self.get_status_display()}"
