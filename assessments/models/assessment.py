import uuid
from typing import Any, ClassVar, Self

import pghistory
from django.contrib.auth.models import AnonymousUser
from django.db import models

from assessments.catalogue.loader import edition
from assessments.catalogue.schema import Catalogue
from assessments.catalogue.schema import Stage as CatalogueStage
from assessments.models.access import Access, Seat
from assessments.models.organisation import Organisation, Service
from assessments.models.user import User


class Stage(models.TextChoices):
    """The next decision, as the catalogue names it."""

    EXPLORE = CatalogueStage.EXPLORE.value, CatalogueStage.EXPLORE.title
    MAKE_THE_CASE = CatalogueStage.MAKE_THE_CASE.value, CatalogueStage.MAKE_THE_CASE.title
    PLAN = CatalogueStage.PLAN.value, CatalogueStage.PLAN.title
    GO_LIVE = CatalogueStage.GO_LIVE.value, CatalogueStage.GO_LIVE.title


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The assessments that `user` may know of: who they are is said by the view behind `Access`."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=Access.objects.filter(user_id=user.pk).values("assessment_id"))


# Put together by hand: every question page and every save asks this, and Django takes longer to write it than
# PostgreSQL to answer. Without the result, far the heaviest thing, and without what only lists and reports read.
_WITH_SEATS = """
SELECT assessment.id, assessment.service_id, assessment.lead_id, assessment.edition, assessment.stage,
  assessment.colours, assessment.double_ratings, assessment.latest_id, assessment.is_reviewed,
  service.name AS service_name_now, organisation.id AS organisation_pk, organisation.name AS organisation_name_now,
  organisation.erase_on AS organisation_goes_on,
  access.role AS seat_role, access.questionnaires AS seat_questionnaires, access.firm_id AS seat_firm,
  EXISTS (SELECT FROM assessments_thread WHERE assessment_id = assessment.id) AS has_threads,
  EXISTS (SELECT FROM assessments_evidenceitem WHERE assessment_id = assessment.id) AS has_evidence
FROM assessments_assessment AS assessment
JOIN assessments_access AS access ON access.assessment_id = assessment.id
JOIN assessments_service AS service ON service.id = assessment.service_id
JOIN assessments_organisation AS organisation ON organisation.id = service.organisation_id
WHERE assessment.id = %s AND access.user_id = %s
"""
_AND_LOCK = "FOR UPDATE OF assessment"


class AssessmentManager(models.Manager.from_queryset(AssessmentQuerySet)):  # type: ignore[misc]
    """Every assessment comes with the names of its service and organisation."""

    def get_queryset(self) -> AssessmentQuerySet:
        return super().get_queryset().select_related("service__organisation")  # type: ignore[no-any-return]


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("lead", "service", "stage", "edition", "is_reviewed")),
    pghistory.DeleteEvent(),
    fields=["lead", "service", "stage", "edition", "is_reviewed", "changed_by"],
    model_name="AssessmentEvent",
    append_only=True,
)
class Assessment(models.Model):
    """The living record of one service's readiness: who it is for, its next decision, and the stored result.

    `result` is what `scoring.serialise` makes of the answers; it is written in the same transaction as the
    answer that changed it, and never computed by a page that only reads. `colours` is its short form for lists:
    [worst, best] by barrier and for "overall"; `target_date` is the fact of that name, for lists too.

    `latest` is the last submission. `is_reviewed` while the answers are those that an adviser signed off: the first
    change ends it. `double_ratings` counts second opinions: {barrier: [rated twice, within one level]}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="assessments")
    lead = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assessments")
    edition = models.CharField("catalogue edition", max_length=20)
    stage = models.CharField("next decision", max_length=20, choices=Stage.choices)
    result = models.JSONField(default=dict, editable=False)
    colours = models.JSONField(default=dict, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    scored_on = models.DateField("scored as of", null=True, editable=False)
    target_date = models.DateField("decision due", null=True, editable=False)
    double_ratings = models.JSONField(default=dict, editable=False)
    latest = models.ForeignKey(
        "assessments.Submission", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    is_reviewed = models.BooleanField("reviewed and signed off", default=False, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    # What the person is who asked for it; set by `permissions.get_for`.
    seat: Seat = Seat.NOBODY

    objects: ClassVar[models.Manager["Assessment"]] = AssessmentManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-changed_at"], name="assessment_changed"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="assessment_stage_known"),
        ]

    def __str__(self) -> str:
        return self.service_name

    @classmethod
    def with_seats(cls, pk: uuid.UUID, user_id: int, *, lock: bool = False) -> list["Assessment"]:
        """The assessment once for each seat that the person has in it, with `has_threads` and `has_evidence`, in one
        query that Django need not put together. With `lock`, nobody else changes it until the transaction ends."""
        rows: list[Any] = list(cls.objects.raw(_WITH_SEATS + (_AND_LOCK if lock else ""), [pk, user_id]))
        for row in rows:
            # In the order of the model's own fields, whatever order the names have.
            service = (row.service_id, row.organisation_pk, row.service_name_now)
            row.service = Service.from_db("default", ("id", "organisation_id", "name"), service)
            organisation = (row.organisation_pk, row.organisation_name_now, row.organisation_goes_on)
            row.service.organisation = Organisation.from_db("default", ("id", "name", "erase_on"), organisation)
        return rows

    @property
    def service_name(self) -> str:
        return self.service.name

    @property
    def organisation_name(self) -> str:
        return self.service.organisation.name

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.service.organisation_id

    @property
    def catalogue(self) -> Catalogue:
        return edition(self.edition)

    @property
    def next_decision(self) -> CatalogueStage:
        return CatalogueStage(self.stage)
