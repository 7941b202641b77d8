"""What an organisation and a person have here: what pages say of it before it goes or is taken along."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from assessments.models import (
    Answer,
    Assessment,
    Comment,
    Engagement,
    EvidenceItem,
    Export,
    Membership,
    Opinion,
    Organisation,
    PlanItem,
    Report,
    Submission,
    Thread,
    User,
)
from assessments.services.exports import KEPT_FOR
from assessments.services.retention import NOTICE, Kept, ending_of

SHOWN = 50
HANGS_ON = "assessment__service__organisation"


@dataclass(frozen=True, slots=True)
class Going:
    """How many of one kind go, and what they are called."""

    count: int
    one: str
    many: str

    def __str__(self) -> str:
        return f"{self.count:,} {self.one if self.count == 1 else self.many}"


@dataclass(frozen=True, slots=True)
class WhatGoes:
    """All that an organisation has. Names are shown up to `SHOWN` of a kind; `more` are the others."""

    counts: tuple[Going, ...]
    services: tuple[str, ...]
    people: tuple[str, ...]
    firms: tuple[str, ...]
    clients: int

    @property
    def more_services(self) -> int:
        return max(0, len(self.services) - SHOWN)

    @property
    def more_people(self) -> int:
        return max(0, len(self.people) - SHOWN)


def what_goes(organisation: Organisation) -> WhatGoes:
    """The same number of statements for one assessment as for a thousand."""
    of_services = Assessment.objects.filter(service__organisation=organisation)
    standing = Engagement.objects.filter(assessment__service__organisation=organisation, ended_at=None)
    people = Membership.objects.filter(organisation=organisation).select_related("user").order_by("user__name", "pk")
    return WhatGoes(
        counts=(
            Going(of_services.count(), "assessment", "assessments"),
            *_counts("assessment__service__organisation", organisation),
        ),
        services=tuple(organisation.services.order_by("name", "pk").values_list("name", flat=True)),
        people=tuple(str(membership.user) for membership in people),
        firms=tuple(standing.order_by("firm__name").values_list("firm__name", flat=True).distinct()),
        clients=Engagement.objects.filter(firm=organisation, ended_at=None).values("assessment").distinct().count(),
    )


def what_goes_with(assessment: Assessment) -> tuple[Going, ...]:
    return _counts("assessment", assessment)


def _counts(way: str, of: Organisation | Assessment) -> tuple[Going, ...]:
    kinds = (
        (Answer, "answer", "answers"),
        (PlanItem, "agreed action", "agreed actions"),
        (EvidenceItem, "piece of evidence", "pieces of evidence"),
        (Opinion, "second opinion", "second opinions"),
        (Submission, "submission with its review", "submissions with their reviews"),
        (Report, "report", "reports"),
    )
    counted = [Going(model._base_manager.filter(**{way: of}).count(), one, many) for model, one, many in kinds]
    # What advisers say among themselves is counted to nobody else.
    comments = Comment.objects.filter(**{f"thread__{way}": of}).exclude(thread__audience=Thread.Audience.ADVISER)
    counted.insert(3, Going(comments.count(), "comment", "comments"))
    return tuple(going for going in counted if going.count)


@dataclass(frozen=True, slots=True)
class DataPage:
    exports: tuple[Export, ...]
    ending: tuple[Kept, ...]
    months: int | None
    is_default: bool
    is_applied: bool

    @property
    def is_being_made(self) -> bool:
        return any(export.status == Export.Status.QUEUED for export in self.exports)


def data_page(organisation: Organisation) -> DataPage:
    today = timezone.localdate()
    default: int | None = settings.SPINOUT_KEEP_MONTHS
    return DataPage(
        exports=exports_of(organisation=organisation),
        ending=tuple(ending_of(organisation, today + NOTICE))[:SHOWN],
        months=organisation.keep_months or default,
        is_default=organisation.keep_months is None,
        is_applied=settings.SPINOUT_RETENTION == "apply",
    )


def exports_of(**whose: Organisation | User) -> tuple[Export, ...]:
    """The newest first, none that is over."""
    fresh = Export.objects.filter(asked_at__gt=timezone.now() - 2 * KEPT_FOR, **whose).select_related("asked_by")
    return tuple(export for export in fresh if not is_over(export))


def is_over(export: Export) -> bool:
    """Also where the worker has not been by yet to delete it."""
    return (export.ready_at or export.asked_at) <= timezone.now() - KEPT_FOR


def goes_at(export: Export) -> dt.datetime:
    return (export.ready_at or export.asked_at) + KEPT_FOR
