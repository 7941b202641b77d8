"""What people ask of each other and say to each other about an assessment."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from assessments.models.access import Access, Seat
from assessments.models.assessment import Assessment
from assessments.models.organisation import Membership, Organisation
from assessments.models.tracked import tracked
from assessments.models.user import User


class AskQuerySet(models.QuerySet["Ask"]):
    def waiting(self) -> Self:
        """What is not done, and about an assessment that the person may still see; or about a second opinion that
        is theirs to give."""
        seat = Access.objects.filter(assessment=OuterRef("assessment"), user=OuterRef("user"))
        opinion = Opinion.objects.held().filter(
            assessment=OuterRef("assessment"), barrier=OuterRef("about"), user=OuterRef("user"), given_at=None
        )
        return self.filter(Exists(seat) | Q(Exists(opinion), kind=Ask.Kind.OPINION), done_at=None)


@tracked("AskEvent", without=("mailed_at",))
class Ask(models.Model):
    """Something that waits for one person. `about` is a questionnaire, a barrier, a thread or a submission."""

    class Kind(models.TextChoices):
        FILL_IN = "fill_in", "Answer a questionnaire"
        OPINION = "opinion", "Give a second opinion"
        SETTLE = "settle", "Settle second opinions"
        REPLY = "reply", "Reply to a comment"
        REVIEW = "review", "Review a submission"
        CHANGES = "changes", "Make changes that the adviser asked for"
        SETTLEMENT = "settlement", "Read what the adviser proposes"
        SIGNED_OFF = "signed_off", "Read what was signed off"
        LEAD = "lead", "Lead an assessment"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="asks", db_index=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="asks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    about = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=500, blank=True)
    due_on = models.DateField("wanted by", null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, editable=False)

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "asked_at"], condition=models.Q(done_at=None), name="ask_waiting"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "assessment", "kind", "about"],
                condition=models.Q(done_at=None),
                name="asked_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, seat: Seat) -> Self:
        """The threads that somebody with this seat may read, of the assessment that the seat is in: by their audience,
        and among advisers by their firm. The one place that says so."""
        may = Q(audience=Thread.Audience.ADVISER, firm__in=seat.firms)
        if seat.is_client:
            may |= Q(audience=Thread.Audience.CLIENT)
        if seat.roles:
            may |= Q(audience=Thread.Audience.BOTH)
        return self.filter(may)


@tracked("ThreadEvent")
class Thread(models.Model):
    """A conversation about one question or gate. It stays when the question is hidden.

    `audience` says who reads it: the client's people, the advisers of `firm`, or both.
    """

    class Audience(models.TextChoices):
        CLIENT = "client", "Only the service's people"
        ADVISER = "adviser", "Only your own firm"
        BOTH = "both", "The service's people and the advisers"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="threads")
    item = models.CharField("question or gate", max_length=120)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["opened_at"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["assessment", "item"], name="thread_of_item")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(audience="adviser", firm__isnull=False)
                | models.Q(audience__in=("client", "both"), firm__isnull=True),
                name="thread_of_advisers_has_firm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} of {self.assessment_id}"


@tracked("CommentEvent")
class Comment(models.Model):
    """What somebody said in a thread. Nobody edits it; taking part again is another comment."""

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["written_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(text=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def held(self) -> Self:
        """Opinions that stand, and whose person may still open them: a member of the organisation, or somebody with a
        seat in the assessment."""
        member = Membership.objects.filter(
            organisation=OuterRef("assessment__service__organisation"), user=OuterRef("user")
        )
        seat = Access.objects.filter(assessment=OuterRef("assessment"), user=OuterRef("user"))
        return self.filter(Exists(member) | Exists(seat), closed_at=None)


@tracked("OpinionEvent")
class Opinion(models.Model):
    """A second opinion on one barrier, given separately by somebody in a named role (scoring method, rule 12).

    `answers` maps questions and gates to what they said: {item: {"state", "level", "note"}}, in the words of `State`.
    Nobody else reads it before `given_at` is set and they have given their own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="opinions")
    barrier = models.CharField(max_length=60)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="opinions")
    capacity = models.CharField("asked as", max_length=60)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField("taken back, or replaced by a newer one", null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["assessment", "barrier", "user"],
                condition=models.Q(closed_at=None),
                name="one_opinion_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capacity} on {self.barrier}"


@tracked("SettlementEvent")
class Settlement(models.Model):
    """Where second opinions differ on an item, what the lead settled on and why. The answer itself says what."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="settlements", db_index=False)
    item = models.CharField("question or gate", max_length=120)
    reason = models.TextField()
    settled_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "item"], name="one_settlement_per_item"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="settlement_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.reason[:60]}"
