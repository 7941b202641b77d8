"""An adviser's work on a submission: claim it, rate unseen, settle what differs, return it or sign it off.

Every act locks the assessment. An act that the state does not allow raises InvalidTransition, so that of two people
who act at once one wins and the other is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from assessments.models import (
    Answer,
    Ask,
    Assessment,
    CashFlow,
    InvalidTransition,
    Membership,
    Opinion,
    RatedPair,
    Rating,
    Review,
    Submission,
    User,
)
from assessments.selectors.copies import Copy, answer_in, is_same_record, unseen_items
from assessments.selectors.frozen import inputs_of
from assessments.selectors.ratings import Said, adviser_said
from assessments.selectors.workbook import workbook
from assessments.services.asks import ask, done
from assessments.services.assessments import rescore, scored_as
from assessments.services.submissions import (
    NOTE_ON_ASK,
    about,
    ask_for_review,
    close_asks,
    is_engaged,
    locked_submission,
)


class CannotReview(Exception):
    """This person may not moderate this assessment (scoring method, rule 13.6). Says why."""


class NotReady(Exception):
    """Something is still to be rated or settled before the review can be signed off."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else, or another window, changed the rating since the page was filled. Nothing was written."""

    theirs: Rating | None


# Claiming and giving back ------------------------------------------------------------------------------------


@transaction.atomic
def claim(*, submission: Submission, by: User) -> Review:
    """Take the review on. What the firm rated before, of answers that have not changed, is carried over."""
    locked = locked_submission(submission)
    locked.move(Submission.Status.IN_REVIEW)
    check_may_moderate(locked, by)
    review = Review.objects.filter(submission=locked).first()
    if review is None:
        review = Review(submission=locked, adviser=by, changed_by=by)
        _begin(review, locked, by)
    else:
        review.adviser, review.changed_by, review.ended_at = by, by, None
        review.save(update_fields=["adviser", "changed_by", "ended_at"])
    locked.changed_by = by
    locked.save(update_fields=["status", "moved_at", "changed_by"])
    _reveal_when_all_rated(locked, review, by)
    _close_asks_of_others(locked, by)
    return review


def check_may_moderate(submission: Submission, person: User) -> None:
    """Raises CannotReview for who is not of the firm, or ever answered anything in the assessment."""
    of_firm = Membership.objects.filter(organisation=submission.firm_id, user=person).exists()
    if not of_firm or not is_engaged(submission.assessment, submission.firm):
        raise CannotReview("Only an adviser of the firm that it was given to can review it.")
    if has_answered(submission.assessment, person):
        raise CannotReview("You answered something in this assessment, and nobody reviews their own answers.")


def has_answered(assessment: Assessment, person: User) -> bool:
    """Ever: an answer or a figure, also one that somebody else has changed since; or a second opinion."""
    of_theirs: dict[str, Any] = {"assessment_id": assessment.pk, "changed_by_id": person.pk}
    return (
        Answer.objects.filter(**of_theirs).exists()
        or Answer.pgh_event_model.objects.filter(**of_theirs).exists()  # type: ignore[attr-defined]
        or CashFlow.pgh_event_model.objects.filter(**of_theirs).exists()  # type: ignore[attr-defined]
        or Opinion.objects.filter(assessment=assessment, user=person, given_at__isnull=False).exists()
    )


def _begin(review: Review, submission: Submission, by: User) -> None:
    """A first claim: what is to be rated unseen, and what of it is known from the review before."""
    before = review_before(submission)
    ratings = list(before.ratings.all()) if before else []
    copy = Copy(submission)
    of_asked = [rating for rating in ratings if rating.item in copy.items]
    kept = [rating for rating in of_asked if before and _stands(before.submission, submission, rating.item)]
    review.items = unseen_items(
        copy,
        before={rating.item for rating in of_asked if rating.is_blind},
        known={rating.item for rating in kept if not rating.is_blind},
    )
    review.save(force_insert=True)
    Rating.objects.bulk_create(_carried(rating, review, by) for rating in kept)


def review_before(submission: Submission) -> Review | None:
    """The last that the same firm made of this assessment in the same edition; what it rated is kept however the
    submission ended."""
    earlier = Review.objects.filter(
        submission__assessment=submission.assessment_id,
        submission__firm=submission.firm_id,
        submission__number__lt=submission.number,
        submission__inputs__catalogue=submission.inputs["catalogue"],
    )
    return earlier.select_related("submission").order_by("-submission__number").first()


def _stands(before: Submission, after: Submission, item: str) -> bool:
    return bool(answer_in(before.inputs, item) == answer_in(after.inputs, item))


_CARRIED = (
    "item",
    "is_blind",
    "state",
    "level",
    "reason",
    "rated_by",
    "settled",
    "agreed_state",
    "agreed_level",
    "settled_reason",
    "client_words",
)


def _carried(rating: Rating, review: Review, by: User) -> Rating:
    return Rating(review=review, is_carried=True, changed_by=by, **{name: getattr(rating, name) for name in _CARRIED})


def _close_asks_of_others(submission: Submission, by: User) -> None:
    for member in Membership.objects.filter(organisation=submission.firm_id).exclude(user=by).select_related("user"):
        done(
            assessment=submission.assessment,
            kind=Ask.Kind.REVIEW,
            user=member.user,
            about=about(submission),
            by=by,
        )


@transaction.atomic
def release(*, submission: Submission, by: User) -> Submission:
    """Give the review back, so that a colleague can take it on. What was rated stays."""
    locked = locked_submission(submission)
    review = _review_of(locked)
    if not can_release(locked, review, by):
        raise InvalidTransition("somebody else's review")
    locked.move(Submission.Status.SUBMITTED)
    locked.changed_by = by
    locked.save(update_fields=["status", "moved_at", "changed_by"])
    _end(review, by)
    ask_for_review(locked, by=by)
    return locked


def can_release(submission: Submission, review: Review, person: User) -> bool:
    """The adviser who has it, and for somebody who cannot any more the firm's administrators."""
    administrators = Membership.objects.filter(
        organisation=submission.firm_id, role=Membership.Role.ADMINISTRATOR, user=person
    )
    return review.adviser_id == person.pk or administrators.exists()


# Rating ------------------------------------------------------------------------------------------------------


@transaction.atomic
def rate(*, submission: Submission, by: User, item: str, version: int, said: Said, reason: str) -> Rating | Conflict:
    """Record the adviser's own level and reason for one question or gate.

    One that is to be rated unseen is rated once: with it the service's level is shown, and from then on only what is
    agreed can change. Others can be rated, openly and more than once, when all those are done.
    """
    locked, review = _mine(submission, by)
    copy = Copy(_whole(locked))
    is_blind = item in review.items
    if item not in copy.items or not (is_blind or locked.revealed_at):
        raise InvalidTransition(f"{item} is not to be rated now")
    rating = Rating.objects.filter(review=review, item=item).first()
    if version != (rating.version if rating else 0):
        return Conflict(rating)
    if rating is not None and rating.is_blind:
        raise InvalidTransition(f"{item} has been shown")
    rating = rating or Rating(review=review, item=item, is_blind=is_blind, version=0)
    rating.state, rating.level, rating.reason = said.state, said.level, reason
    rating.rated_by, rating.is_carried, rating.client_words = by, False, ""
    rating.settled, rating.agreed_state, rating.agreed_level, rating.settled_reason = "", "", None, ""
    if said.is_same(copy.claimed(item)):
        _settle(rating, Rating.Settled.SAME, said, "")
    _save(rating, by)
    _reveal_when_all_rated(locked, review, by)
    return rating


def _reveal_when_all_rated(submission: Submission, review: Review, by: User) -> None:
    """Opens the service's answers to the firm."""
    if submission.revealed_at is not None:
        return
    rated = set(Rating.objects.filter(review=review).values_list("item", flat=True))
    if rated.issuperset(review.items):
        submission.revealed_at, submission.changed_by = timezone.now(), by
        submission.save(update_fields=["revealed_at", "changed_by"])


# Settling ----------------------------------------------------------------------------------------------------


@transaction.atomic
def settle(
    *, submission: Submission, by: User, item: str, version: int, agreed: Said | None, reason: str
) -> Rating | Conflict:
    """What client and adviser agreed on after talking it over; or, with None, that they could not: then the adviser's
    own level counts. The lead is told, and may object to what is said to be agreed."""
    locked, review = _mine(submission, by)
    if locked.revealed_at is None:
        raise InvalidTransition("before everything is rated")
    rating = Rating.objects.filter(review=review, item=item).first()
    if rating is None or rating.settled == Rating.Settled.SAME:
        raise InvalidTransition(f"{item} has nothing to settle")
    if rating.version != version:
        return Conflict(rating)
    if agreed is None:
        _settle(rating, Rating.Settled.DISSENT, adviser_said(rating), reason)
    else:
        # What the service said was about another level.
        rating.client_words = ""
        _settle(rating, Rating.Settled.AGREED, agreed, reason)
    _save(rating, by)
    ask(user=locked.assessment.lead, assessment=locked.assessment, kind=Ask.Kind.SETTLEMENT, by=by, about=about(locked))
    return rating


@transaction.atomic
def object_to(*, submission: Submission, by: User, item: str, version: int, words: str) -> Rating | Conflict:
    """The service does not agree, in its own words. What was said to be agreed becomes a dissent: the adviser's own
    level counts, and both reasons are printed. The adviser may propose again."""
    locked = locked_submission(submission)
    if locked.status != Submission.Status.IN_REVIEW or locked.revealed_at is None:
        raise InvalidTransition(f"{locked.status}: nothing to object to")
    rating = Rating.objects.filter(review=locked.pk, item=item).first()
    if rating is None or rating.settled not in (Rating.Settled.AGREED, Rating.Settled.DISSENT):
        raise InvalidTransition(f"{item} has no proposal")
    if rating.version != version:
        return Conflict(rating)
    _settle(rating, Rating.Settled.DISSENT, adviser_said(rating), rating.settled_reason)
    rating.client_words = words
    _save(rating, by)
    adviser = _review_of(locked).adviser
    note = "The service does not agree with a level that you proposed."
    ask(
        user=adviser,
        assessment=locked.assessment,
        kind=Ask.Kind.REVIEW,
        by=by,
        about=about(locked),
        note=note,
        mail_again=True,
    )
    return rating


def _settle(rating: Rating, settled: Rating.Settled, counts: Said, reason: str) -> None:
    rating.settled = settled
    rating.agreed_state, rating.agreed_level = counts.state, counts.level
    rating.settled_reason = reason


def _save(rating: Rating, by: User) -> None:
    rating.version += 1
    rating.changed_by = by
    rating.save(force_insert=rating.pk is None)


# Asking for changes, and returning ---------------------------------------------------------------------------


@transaction.atomic
def want(*, submission: Submission, by: User, item: str, words: str) -> Review:
    """Note what the service is to change about one answer, for when the submission is returned; nothing, to take it
    back."""
    locked, review = _mine(submission, by)
    if item not in Copy(_whole(locked)).items:
        raise InvalidTransition(f"{item} is not asked")
    review.wanted = {key: text for key, text in review.wanted.items() if key != item}
    if words:
        review.wanted[item] = words
    review.changed_by = by
    review.save(update_fields=["wanted", "changed_by"])
    return review


@transaction.atomic
def return_for_changes(*, submission: Submission, by: User, words: str) -> Submission:
    """Give the submission back to the lead with what is to change: overall, and answer by answer as noted before."""
    locked, review = _mine(submission, by)
    locked.move(Submission.Status.RETURNED)
    locked.words, locked.changed_by = words, by
    locked.save(update_fields=["status", "words", "moved_at", "changed_by"])
    _end(review, by)
    close_asks(locked, by=by)
    ask(
        user=locked.assessment.lead,
        assessment=locked.assessment,
        kind=Ask.Kind.CHANGES,
        by=by,
        about=about(locked),
        note=words[:NOTE_ON_ASK],
    )
    return locked


# Signing off -------------------------------------------------------------------------------------------------


@transaction.atomic
def sign_off(*, submission: Submission, by: User) -> Review:
    """Score the frozen copy with what was agreed, and keep that with the review. If the record still says what was
    submitted it counts as reviewed, and is scored so until somebody changes it."""
    locked, review = _mine(submission, by)
    check_may_moderate(locked, by)
    ratings = list(review.ratings.all())
    if locked.revealed_at is None or any(not rating.settled for rating in ratings):
        raise NotReady
    whole = _whole(locked)
    copy = Copy(whole)
    scored = scored_as(copy.catalogue, copy.reviewed(ratings))
    review.result, review.colours = scored.result, scored.colours
    locked.move(Submission.Status.SIGNED_OFF)
    locked.words, locked.changed_by = "", by
    locked.save(update_fields=["status", "words", "moved_at", "changed_by"])
    _end(review, by)
    _keep_pairs(copy, review, ratings)
    _store_on_record(whole, by)
    close_asks(locked, by=by)
    ask(user=locked.assessment.lead, assessment=locked.assessment, kind=Ask.Kind.SIGNED_OFF, by=by, about=about(locked))
    return review


def _store_on_record(submission: Submission, by: User) -> None:
    record = Assessment.objects.select_related("cash_flow").defer("result").get(pk=submission.assessment_id)
    # Compared is what the service says, not what the last review settled.
    record.is_reviewed = False
    if not is_same_record(inputs_of(workbook(record)), submission.inputs):
        return
    record.is_reviewed, record.changed_by = True, by
    record.save(update_fields=["is_reviewed", "changed_by"])
    rescore(assessment=record)


def _keep_pairs(copy: Copy, review: Review, ratings: Iterable[Rating]) -> None:
    """For the catalogue's keepers, without a trace of whose they are. What was carried over from a review that was
    signed off is kept already."""
    unit = uuid4()
    blind = [rating for rating in ratings if rating.is_blind]
    kept = _kept_before(copy.submission, [rating.item for rating in blind if rating.is_carried])
    RatedPair.objects.bulk_create(
        RatedPair(
            unit=unit,
            edition=copy.catalogue.edition.edition,
            item=rating.item,
            client_state=(claimed := copy.claimed(rating.item)).state,
            client_level=claimed.level,
            adviser_state=rating.state,
            adviser_level=rating.level,
        )
        for rating in blind
        if rating.item not in kept
    )


def _kept_before(submission: Submission, carried: list[str]) -> set[str]:
    """Of what was carried over, what was rated in a review that was signed off."""
    earlier = Rating.objects.filter(
        item__in=carried,
        review__submission__assessment=submission.assessment_id,
        review__submission__firm=submission.firm_id,
        review__submission__number__lt=submission.number,
    ).order_by("-review__submission__number")
    kept, settled = set(), set()
    for item, status, is_carried in earlier.values_list("item", "review__submission__status", "is_carried"):
        if item in settled:
            continue
        if status == Submission.Status.SIGNED_OFF:
            kept.add(item)
        if status == Submission.Status.SIGNED_OFF or not is_carried:
            settled.add(item)
    return kept


# Shared ------------------------------------------------------------------------------------------------------


def _mine(submission: Submission, by: User) -> tuple[Submission, Review]:
    """The submission and its review, locked, while it is in review by `by`."""
    locked = locked_submission(submission)
    review = _review_of(locked)
    if locked.status != Submission.Status.IN_REVIEW or review.adviser_id != by.pk:
        raise InvalidTransition(f"{locked.status}, not in review by {by.pk}")
    return locked, review


def _review_of(submission: Submission) -> Review:
    review = Review.objects.filter(submission=submission).select_related("adviser").first()
    if review is None:
        raise InvalidTransition(f"{submission.status}, not claimed")
    return review


def _whole(submission: Submission) -> Submission:
    """With the stored result, which tells what evidence supports."""
    submission.refresh_from_db(fields=["result"])
    return submission


def _end(review: Review, by: User) -> None:
    review.ended_at, review.changed_by = timezone.now(), by
    review.save()
