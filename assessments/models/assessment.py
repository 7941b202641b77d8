import uuid
from typing import ClassVar, Self

import pghistory
from django.contrib.auth.models import AnonymousUser
from django.db import models

from assessments.catalogue.loader import edition
from assessments.catalogue.schema import Catalogue
from assessments.catalogue.schema import Stage as CatalogueStage
from assessments.models.user import User


class Stage(models.TextChoices):
    """The next decision, as the catalogue names it."""

    EXPLORE = CatalogueStage.EXPLORE.value, CatalogueStage.EXPLORE.title
    MAKE_THE_CASE = CatalogueStage.MAKE_THE_CASE.value, CatalogueStage.MAKE_THE_CASE.title
    PLAN = CatalogueStage.PLAN.value, CatalogueStage.PLAN.title
    GO_LIVE = CatalogueStage.GO_LIVE.value, CatalogueStage.GO_LIVE.title


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The assessments that `user` may know of: for now those that they started."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(
        condition=pghistory.AnyChange("owner", "service_name", "organisation_name", "stage", "edition")
    ),
    pghistory.DeleteEvent(),
    fields=["owner", "service_name", "organisation_name", "stage", "edition", "changed_by"],
    model_name="AssessmentEvent",
    append_only=True,
)
class Assessment(models.Model):
    """The living record of one service's readiness: who it is for, its next decision, and the stored result.

    `result` is what `scoring.serialise` makes of the answers; it is written in the same transaction as the
    answer that changed it, and never computed by a page that only reads. `colours` is its short form for lists:
    [worst, best] by barrier and for "overall".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assessments")
    service_name = models.CharField("service", max_length=200)
    organisation_name = models.CharField("organisation", max_length=200)
    edition = models.CharField("catalogue edition", max_length=20)
    stage = models.CharField("next decision", max_length=20, choices=Stage.choices)
    result = models.JSONField(default=dict, editable=False)
    colours = models.JSONField(default=dict, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    scored_on = models.DateField("scored as of", null=True, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["Assessment"]] = AssessmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "-changed_at"], name="assessment_owner_changed"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="assessment_stage_known"),
            models.CheckConstraint(condition=~models.Q(service_name=""), name="assessment_service_named"),
        ]

    def __str__(self) -> str:
        return self.service_name

    @property
    def catalogue(self) -> Catalogue:
        return edition(self.edition)

    @property
    def next_decision(self) -> CatalogueStage:
        return CatalogueStage(self.stage)
