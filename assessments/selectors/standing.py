"""Reviewed or not, by whom and when; who answered: what every page with a colour says, and what a report prints."""

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils import timezone

from assessments.agreement.standing import OpenSubmission, SignOff, Standing
from assessments.models import Answer, Assessment, Rating, Role, Submission, User
from assessments.selectors.frozen import Inputs, Origin, given_of, inputs_of, origin_to_inputs, to_inputs
from assessments.selectors.ratings import signed_off_ratings, with_review
from assessments.selectors.workbook import workbook


def standing_of(assessment: Assessment) -> Standing:
    """How the living answers stand. One query; none for an assessment that was never submitted."""
    if assessment.latest_id is None:
        return Standing()
    wanted = Q(pk=assessment.latest_id) | Q(status=Submission.Status.SIGNED_OFF)
    found = list(_light(Submission.objects.filter(wanted, assessment=assessment).order_by("-number")))
    signed_off = next((one for one in found if one.status == Submission.Status.SIGNED_OFF), None)
    latest = next((one for one in found if one.pk == assessment.latest_id), None)
    return Standing(
        is_reviewed=assessment.is_reviewed,
        signed_off=None if signed_off is None else sign_off_of(signed_off),
        open=_open(latest) if latest is not None and latest.is_open else None,
    )


def sign_off_of(submission: Submission) -> SignOff:
    """Of a submission that was read with its firm, its review and the adviser."""
    review = getattr(submission, "review", None)
    when = (review and review.ended_at) or submission.moved_at
    return SignOff(
        number=submission.number,
        by=str(review.adviser) if review else "",
        firm=submission.firm.name,
        on=timezone.localdate(when),
    )


def signed_off_submissions(assessment: Assessment) -> Any:
    """Those that were signed off, the newest first, with what `sign_off_of` reads."""
    rows = Submission.objects.filter(assessment=assessment, status=Submission.Status.SIGNED_OFF)
    return _light(rows.order_by("-number"))


def _open(submission: Submission) -> OpenSubmission:
    is_in_review = submission.status == Submission.Status.IN_REVIEW
    since = submission.moved_at if is_in_review else submission.submitted_at
    return OpenSubmission(submission.number, submission.firm.name, timezone.localdate(since), is_in_review)


def _light(rows: Any) -> Any:
    return rows.select_related("firm", "review__adviser").defer(
        "inputs", "result", "colours", "review__result", "review__colours", "review__items", "review__wanted"
    )


# Who answered --------------------------------------------------------------------------------------------------


def answered_by(assessment: Assessment) -> tuple[str, ...]:
    """The lead first, then the contributors and whoever else gave an answer that stands, by name."""
    contributors = assessment.participations.filter(role=Role.CONTRIBUTOR).values("user")
    answered = Answer.objects.filter(assessment=assessment).order_by().values("changed_by")
    return _names(assessment.lead, Q(pk__in=contributors) | Q(pk__in=answered))


def answered_before(submission: Submission) -> tuple[str, ...]:
    """Who led the assessment when it was submitted, and who had answered until then, by the history."""
    events = Answer.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        assessment_id=submission.assessment_id, pgh_created_at__lte=submission.submitted_at
    )
    return _names(submission.submitted_by, Q(pk__in=events.order_by().values("changed_by_id")))


def _names(lead: User, others: Q) -> tuple[str, ...]:
    people = User.objects.filter(others).exclude(pk=lead.pk)
    return (f"{lead} (lead)", *sorted(str(person) for person in people))


# What a report is made from ------------------------------------------------------------------------------------


def report_inputs(assessment: Assessment) -> Inputs:
    """Everything that the report of the living answers depends on, with who answered and who reviewed them."""
    book = workbook(assessment)
    origin = Origin(answered_by(assessment), standing_of(assessment), unseen_in(assessment))
    return {**inputs_of(book), **origin_to_inputs(origin)}


def submission_inputs(submission: Submission) -> Inputs:
    """The same of a submission that was signed off: the frozen copy with what its review settled. Whatever is changed
    afterwards, this stays."""
    ratings = list(Rating.objects.filter(review=submission.pk))
    given = given_of(submission.inputs)
    origin = Origin(
        answered_before(submission),
        Standing(is_reviewed=True, signed_off=sign_off_of(submission)),
        tuple(sorted(rating.item for rating in ratings if rating.is_blind)),
    )
    reviewed = with_review(given.catalogue, given.answers, ratings)
    return to_inputs(replace(given, answers=reviewed, origin=origin))


def unseen_in(assessment: Assessment) -> tuple[str, ...]:
    """What the adviser rated before the service's level was shown, in the review that still holds. One query; none for
    answers that nobody reviewed."""
    if not assessment.is_reviewed:
        return ()
    return tuple(sorted(rating.item for rating in signed_off_ratings(assessment) if rating.is_blind))
