"""Adviser firms are let in to assessments, and out again."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment, Engagement, Membership, Organisation, User
from assessments.services import people
from assessments.services.submissions import withdraw


@transaction.atomic
def begin(*, firm: Organisation, assessments: Iterable[Assessment], by: User) -> list[Engagement]:
    """The firm may see these assessments from now on. Those that it sees already are left as they are."""
    wanted = [assessment.pk for assessment in assessments]
    locked = _locked(wanted)
    standing = set(
        Engagement.objects.filter(firm=firm, assessment__in=locked, ended_at=None).values_list(
            "assessment_id", flat=True
        )
    )
    fresh = [assessment for assessment in locked if assessment.pk not in standing]
    return [Engagement.objects.create(assessment=assessment, firm=firm, began_by=by) for assessment in fresh]


@transaction.atomic
def end(*, firm: Organisation, assessments: Iterable[Assessment], by: User) -> int:
    """Nothing of these assessments can be seen by the firm from now on. In how many of them that was different.

    An open submission that the firm has is withdrawn, and nothing waits for its advisers any more. Both facts stay.
    """
    locked = _locked([assessment.pk for assessment in assessments])
    standing = Engagement.objects.filter(firm=firm, assessment__in=locked, ended_at=None)
    ended = standing.update(ended_at=timezone.now(), ended_by=by)
    for assessment in locked:
        _withdraw(assessment, firm, by)
    advisers = Membership.objects.filter(organisation=firm).values_list("user_id", flat=True)
    people.close_what_waits(advisers, by, among=[assessment.pk for assessment in locked])
    return ended


def _locked(wanted: Collection[UUID]) -> list[Assessment]:
    """In one order, so that two who do this at once do not wait for each other."""
    rows = Assessment.objects.select_for_update(of=("self",)).defer("result")
    return list(rows.filter(pk__in=wanted).order_by("pk"))


def _withdraw(assessment: Assessment, firm: Organisation, by: User) -> None:
    """The submission that waits at the firm, if there is one."""
    latest = assessment.latest
    if latest is None or latest.firm_id != firm.pk or not latest.is_open:
        return
    withdraw(submission=latest, by=by, words="", ended=True)
