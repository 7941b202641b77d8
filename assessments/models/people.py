from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from assessments.models.access import Role
from assessments.models.assessment import Assessment
from assessments.models.organisation import Organisation
from assessments.models.tracked import tracked
from assessments.models.user import User


@tracked("ParticipationEvent")
class Participation(models.Model):
    """Somebody beside the lead who takes part: a contributor answers the questionnaires named, a reader reads."""

    ROLES: ClassVar = [(role.value, role.label) for role in (Role.CONTRIBUTOR, Role.READER)]

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="participations", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20, choices=ROLES)
    questionnaires = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["added_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "user"], name="one_participation_per_person"),
            models.CheckConstraint(
                condition=models.Q(role="reader", questionnaires__len=0)
                | models.Q(role="contributor", questionnaires__len__gt=0),
                name="contributors_have_questionnaires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} of {self.assessment}"


@tracked("EngagementEvent")
class Engagement(models.Model):
    """An adviser firm is let in to one assessment, until it is ended. Rows stay: both facts belong to the history."""

    id = models.BigAutoField(primary_key=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="engagements")
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="engagements")
    began_at = models.DateTimeField(auto_now_add=True)
    began_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-began_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["firm", "assessment"], condition=models.Q(ended_at=None), name="engagement_standing"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["assessment", "firm"], condition=models.Q(ended_at=None), name="one_engagement_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="engagement_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} with {self.assessment}"
