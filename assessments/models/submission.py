import uuid
from typing import ClassVar

from django.db import models

from assessments.models.answer import State
from assessments.models.assessment import Assessment
from assessments.models.organisation import Organisation
from assessments.models.tracked import tracked
from assessments.models.user import User


class InvalidTransition(Exception):
    """The submission is past this point: somebody else moved it on, or it never was there."""


@tracked("SubmissionEvent", only=("assessment", "number", "firm", "status", "words", "revealed_at", "changed_by"))
class Submission(models.Model):
    """A frozen copy of an assessment, given to an adviser firm for review.

    `inputs` is the copy in the shape of an answers file (`selectors.frozen`), `result` what scoring made of it then.
    `revealed_at`: the adviser's own levels are all recorded, so that the client's answers are open to the firm.
    `words` are what was said with the last move.
    """

    class Status(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        IN_REVIEW = "in_review", "In review"
        RETURNED = "returned", "Returned for changes"
        SIGNED_OFF = "signed_off", "Signed off"
        WITHDRAWN = "withdrawn", "Withdrawn"

    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        Status.SUBMITTED: frozenset({Status.IN_REVIEW, Status.WITHDRAWN}),
        Status.IN_REVIEW: frozenset({Status.SUBMITTED, Status.RETURNED, Status.SIGNED_OFF, Status.WITHDRAWN}),
        Status.RETURNED: frozenset(),
        Status.SIGNED_OFF: frozenset(),
        Status.WITHDRAWN: frozenset(),
    }
    OPEN: ClassVar = (Status.SUBMITTED, Status.IN_REVIEW)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="submissions", db_index=False)
    number = models.PositiveSmallIntegerField()
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.SUBMITTED)
    inputs = models.JSONField()
    result = models.JSONField()
    colours = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    words = models.TextField(blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(auto_now_add=True)
    revealed_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "number"], name="submissions_are_numbered"),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=models.Q(status__in=("submitted", "in_review")),
                name="one_open_submission",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=("submitted", "in_review", "returned", "signed_off", "withdrawn")),
                name="submission_status_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="signed_off", revealed_at__isnull=True), name="signed_off_after_own_levels"
            ),
        ]

    def __str__(self) -> str:
        return f"Submission {self.number} of {self.assessment_id}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    def move(self, status: str) -> None:
        """Set the status, if it may be set from the one that stands. The caller holds the lock and saves."""
        if status not in self.MOVES[self.status]:
            raise InvalidTransition(f"{self.status} to {status}")
        self.status = status


@tracked("ReviewEvent", only=("submission", "adviser", "wanted", "ended_at", "changed_by"))
class Review(models.Model):
    """An adviser's work on one submission. `items` are those whose level is recorded before the client's is shown.

    `wanted` says by question or gate what the service is to change, for when the submission is returned. `result` and
    `colours` are what the agreed levels come to, once it is signed off.
    """

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, primary_key=True, related_name="review")
    adviser = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    items = models.JSONField(default=list)
    wanted = models.JSONField("changes asked for", default=dict)
    result = models.JSONField(default=dict)
    colours = models.JSONField(default=dict)
    claimed_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Review of {self.submission}"


@tracked("RatingEvent")
class Rating(models.Model):
    """The adviser's level for one question or gate, what was settled, and why (scoring method, rule 13).

    `state` and `level` are the adviser's own, in the words of `State`; `is_blind` if they were recorded before the
    client's were shown. `agreed_state` and `agreed_level` are what counts: agreed by both, or in dissent the adviser's.
    """

    class Settled(models.TextChoices):
        NOT_YET = "", "Not settled"
        SAME = "same", "Both say the same"
        AGREED = "agreed", "Agreed"
        DISSENT = "dissent", "Not agreed: the adviser's level is used"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="ratings", db_index=False)
    item = models.CharField("question or gate", max_length=120)
    is_blind = models.BooleanField("recorded before the client's was shown")
    state = models.CharField(max_length=20, choices=State.choices)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField()
    rated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField(auto_now_add=True)
    is_carried = models.BooleanField("taken over from the review before", default=False)
    settled = models.CharField(max_length=10, choices=Settled.choices, blank=True)
    agreed_state = models.CharField(max_length=20, choices=State.choices, blank=True)
    agreed_level = models.PositiveSmallIntegerField(null=True, blank=True)
    settled_reason = models.TextField(blank=True)
    client_words = models.TextField("what the service says to it", blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["item"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "item"], name="one_rating_per_item"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="rating_has_reason"),
            models.CheckConstraint(
                condition=models.Q(state="answered", level__isnull=False, level__lte=4)
                | ~models.Q(state="answered") & models.Q(level__isnull=True),
                name="rating_answered_has_level",
            ),
            models.CheckConstraint(
                condition=models.Q(settled="", agreed_state="")
                | models.Q(settled__in=("same", "agreed", "dissent")) & ~models.Q(agreed_state=""),
                name="rating_settled_on_something",
            ),
            models.CheckConstraint(
                condition=~models.Q(settled__in=("agreed", "dissent"), settled_reason=""),
                name="rating_difference_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_state_display()}"


class RatedPair(models.Model):
    """What a service and an adviser said of one question, without a trace of which: for the catalogue's keepers
    (scoring method, rule 14). It outlives the assessment."""

    unit = models.UUIDField("one review", db_index=True)
    edition = models.CharField(max_length=20)
    item = models.CharField(max_length=120)
    client_state = models.CharField(max_length=20)
    client_level = models.PositiveSmallIntegerField(null=True)
    adviser_state = models.CharField(max_length=20)
    adviser_level = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "item"], name="rated_pair_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.client_level} and {self.adviser_level}"
