"""Giving a frozen copy of an assessment to a firm of advisers, and taking it back."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from assessments.models import (
    Ask,
    Assessment,
    Engagement,
    InvalidTransition,
    Membership,
    Organisation,
    Review,
    Submission,
    User,
)
from assessments.selectors.cash_flow import capped
from assessments.selectors.frozen import inputs_of
from assessments.selectors.workbook import workbook
from assessments.services.asks import ask, done
from assessments.services.assessments import scored_as

NOTE_ON_ASK = 500


class NotEngaged(Exception):
    """The firm is not, or no longer, let in to the assessment."""


@transaction.atomic
def submit(*, assessment: Assessment, firm: Organisation, by: User, note: str = "") -> Submission:
    """Freeze the answers as they stand, give the copy to `firm` and ask its advisers to review it.

    One at a time: InvalidTransition while another is open. The record can be edited on.
    """
    lock(assessment.pk)
    # Read once the lock is ours: who waits for one is given the row anew, but not what is joined to it.
    whole = Assessment.objects.select_related("cash_flow", "latest").defer("result", "cash_flow__forecast")
    record = whole.get(pk=assessment.pk)
    if record.latest is not None and record.latest.is_open:
        raise InvalidTransition("open to submitted")
    if not is_engaged(record, firm):
        raise NotEngaged
    submission = _frozen(record, firm, by, note)
    record.latest = submission
    record.save(update_fields=["latest"])
    done(assessment=record, kind=Ask.Kind.CHANGES, by=by)
    done(assessment=record, kind=Ask.Kind.SIGNED_OFF, by=by)
    ask_for_review(submission, by=by, note=note)
    return submission


def _frozen(record: Assessment, firm: Organisation, by: User, note: str) -> Submission:
    # The copy says what the service says: not what an adviser settled with it the last time.
    standing, record.is_reviewed = record.is_reviewed, False
    book = workbook(record)
    scored = scored_as(book.catalogue, capped(book.answers, record))
    inputs = inputs_of(book)
    record.is_reviewed = standing
    last = Submission.objects.filter(assessment=record).aggregate(last=Max("number"))["last"]
    return Submission.objects.create(
        assessment=record,
        number=(last or 0) + 1,
        firm=firm,
        inputs=inputs,
        result=scored.result,
        colours=scored.colours,
        fingerprint=scored.fingerprint,
        words=note,
        submitted_by=by,
        changed_by=by,
    )


@transaction.atomic
def withdraw(*, submission: Submission, by: User, words: str, ended: bool = False) -> Submission:
    """Take an open submission back; `ended` says that the firm's engagement ends. What was rated is kept."""
    locked = locked_submission(submission)
    locked.move(Submission.Status.WITHDRAWN)
    locked.words = words or ("The firm was let out of the assessment." if ended else "")
    locked.changed_by = by
    locked.save(update_fields=["status", "words", "moved_at", "changed_by"])
    Review.objects.filter(submission=locked).update(ended_at=timezone.now(), changed_by=by)
    close_asks(locked, by=by)
    return locked


# Shared with reviews -----------------------------------------------------------------------------------------


def lock(pk: UUID) -> Assessment:
    return Assessment.objects.select_for_update(of=("self",)).defer("result").get(pk=pk)


def locked_submission(submission: Submission) -> Submission:
    """The submission as it stands, once nobody else can change it or its assessment: that one row is the lock."""
    record = lock(submission.assessment_id)
    fresh = Submission.objects.select_related("firm").defer("result").get(pk=submission.pk)
    fresh.assessment = record
    return fresh


def is_engaged(assessment: Assessment, firm: Organisation) -> bool:
    return Engagement.objects.filter(assessment=assessment, firm=firm, ended_at=None).exists()


def about(submission: Submission) -> str:
    """What asks about a submission are about: its number, by which its pages are found."""
    return str(submission.number)


def ask_for_review(submission: Submission, *, by: User, note: str = "") -> None:
    for member in Membership.objects.filter(organisation=submission.firm_id).select_related("user"):
        ask(
            user=member.user,
            assessment=submission.assessment,
            kind=Ask.Kind.REVIEW,
            by=by,
            about=about(submission),
            note=note[:NOTE_ON_ASK],
        )


def close_asks(submission: Submission, *, by: User) -> None:
    """Nothing waits for anybody any more because of this submission."""
    for kind in (Ask.Kind.REVIEW, Ask.Kind.SETTLEMENT):
        done(assessment=submission.assessment, kind=kind, about=about(submission), by=by)
