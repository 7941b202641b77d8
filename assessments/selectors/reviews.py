"""What pages tell of a submission and its review: item by item what service, evidence and adviser say.

Until an adviser has rated an item, nothing that leaves this module for them holds what the service says of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import QuerySet

from assessments.agreement.counts import counts
from assessments.agreement.words import count_sentences
from assessments.catalogue.schema import EvidenceGrade, Gate
from assessments.models import Assessment, Rating, Review, State, Submission
from assessments.models.answer import Content
from assessments.planning.changed import Changed, ItemChange, Kind, changed
from assessments.scoring.answers import Answer, GateAnswer
from assessments.scoring.sentences import number
from assessments.selectors.cash_flow import capped
from assessments.selectors.checking import answer_in_words, proof_in_words
from assessments.selectors.copies import Copy, Rated, answer_in, is_same_record
from assessments.selectors.frozen import inputs_of
from assessments.selectors.ratings import Said, adviser_said, agreed_of, agreed_said, pairs_of
from assessments.selectors.workbook import workbook


def submissions_of(assessment: Assessment) -> QuerySet[Submission]:
    """With everything but the stored result, newest first."""
    people = ("firm", "submitted_by", "review__adviser")
    return Submission.objects.filter(assessment=assessment).select_related(*people).defer("review__result")


def review_of(submission: Submission) -> Review | None:
    """The review, if anybody ever claimed it. No query where the submission was read together with it."""
    return getattr(submission, "review", None)


def in_words(item: Rated, said: Said | None) -> str:
    """The state in the catalogue's words: "Level 2. A dated, costed draft exists"."""
    return "" if said is None else answer_in_words(item, Content(said.state, level=said.level))


def in_short(said: Said | None) -> str:
    if said is None:
        return ""
    return str(State(said.state).label) if said.level is None else f"Level {said.level}"


@dataclass(frozen=True)
class Line:
    """One question or gate in a review. `claimed` and `supported` are None while who looks may not see them."""

    item: Rated
    barrier: str
    rating: Rating | None
    claimed: Said | None
    supported: Said | None
    is_unseen: bool
    is_changed: bool
    wanted: str

    @property
    def kind(self) -> str:
        if isinstance(self.item, Gate):
            return "Gate"
        return "Essential question" if self.item.essential else "Question"

    @property
    def own(self) -> Said | None:
        return adviser_said(self.rating) if self.rating else None

    @property
    def agreed(self) -> Said | None:
        return agreed_said(self.rating) if self.rating else None

    @property
    def is_to_rate(self) -> bool:
        return self.is_unseen and self.rating is None

    @property
    def is_shown(self) -> bool:
        return self.claimed is not None

    @property
    def differs(self) -> bool:
        """Both said something else. Only known of what is shown."""
        return self.rating is not None and self.is_shown and self.rating.settled != Rating.Settled.SAME

    @property
    def is_open(self) -> bool:
        return self.differs and self.rating is not None and not self.rating.settled

    @property
    def is_dissent(self) -> bool:
        return self.rating is not None and self.rating.settled == Rating.Settled.DISSENT

    @property
    def is_proposed(self) -> bool:
        """Something that the service can object to."""
        return self.rating is not None and self.rating.settled in (Rating.Settled.AGREED, Rating.Settled.DISSENT)

    @property
    def status(self) -> tuple[str, str]:
        """A word for its tag, and the tag's colour."""
        if self.rating is None:
            return ("Rate again", "orange") if self.is_changed else ("To rate", "blue")
        if not self.is_shown:
            return "Rated", ""
        if not self.rating.settled:
            return "To settle", "orange"
        return _STATUS[self.rating.settled]

    # In words, for templates.

    @property
    def claimed_short(self) -> str:
        return in_short(self.claimed)

    @property
    def supported_short(self) -> str:
        return in_short(self.supported)

    @property
    def own_short(self) -> str:
        return in_short(self.own)

    @property
    def agreed_short(self) -> str:
        return in_short(self.agreed)

    @property
    def claimed_words(self) -> str:
        return in_words(self.item, self.claimed)

    @property
    def supported_words(self) -> str:
        return in_words(self.item, self.supported)

    @property
    def own_words(self) -> str:
        return in_words(self.item, self.own)

    @property
    def agreed_words(self) -> str:
        return in_words(self.item, self.agreed)


_STATUS = {
    Rating.Settled.SAME.value: ("Same", "green"),
    Rating.Settled.AGREED.value: ("Agreed", "green"),
    Rating.Settled.DISSENT.value: ("Not agreed", "purple"),
}


@dataclass(frozen=True)
class Group:
    barrier: str
    title: str
    lines: tuple[Line, ...]

    @property
    def to_rate(self) -> int:
        return sum(line.is_to_rate for line in self.lines)


@dataclass(frozen=True)
class ReviewPage:
    """A submission and its review as `viewer` may see it. `sees_all`: their seat lets them read the answers, and what
    the adviser recorded is open to them."""

    submission: Submission
    viewer: int
    sees_all: bool

    @cached_property
    def review(self) -> Review | None:
        return review_of(self.submission)

    @cached_property
    def copy(self) -> Copy:
        return Copy(self.submission)

    @cached_property
    def ratings(self) -> Mapping[str, Rating]:
        if self.review is None:
            return {}
        kept = Rating.objects.filter(review=self.review).select_related("rated_by")
        return {rating.item: rating for rating in kept}

    @property
    def is_mine(self) -> bool:
        """Whether the viewer has claimed it and can go on with it."""
        in_review = self.submission.status == Submission.Status.IN_REVIEW
        return in_review and self.review is not None and self.review.adviser_id == self.viewer

    @property
    def is_revealed(self) -> bool:
        return self.submission.revealed_at is not None

    def line(self, item_id: str) -> Line | None:
        item = self.copy.items.get(item_id)
        return None if item is None else self._line(item)

    def _line(self, item: Rated) -> Line:
        rating = self.ratings.get(item.id)
        is_shown = self.sees_all or (self.is_mine and rating is not None)
        barrier = self.copy.catalogue.barrier_of(item.id)
        return Line(
            item=item,
            barrier=barrier.title if barrier else "",
            rating=rating if self.sees_all or self.is_mine else None,
            claimed=self.copy.claimed(item.id) if is_shown else None,
            supported=self.copy.supported(item.id) if is_shown else None,
            is_unseen=item.id in self._unseen,
            is_changed=item.id in self.changed_items,
            wanted=self.review.wanted.get(item.id, "") if self.review else "",
        )

    @cached_property
    def _unseen(self) -> frozenset[str]:
        return frozenset(self.review.items) if self.review else frozenset()

    # The whole list

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What is in the review, by barrier: to be rated unseen, or rated."""
        return self._grouped(item for item in self.copy.items.values() if self._is_in_review(item))

    @cached_property
    def others(self) -> tuple[Group, ...]:
        """What is asked and not in the review: it can be rated openly."""
        return self._grouped(item for item in self.copy.items.values() if not self._is_in_review(item))

    def _is_in_review(self, item: Rated) -> bool:
        return item.id in self._unseen or item.id in self.ratings

    def _grouped(self, items: Iterable[Rated]) -> tuple[Group, ...]:
        lines: dict[str, list[Line]] = {}
        for item in items:
            barrier = self.copy.catalogue.barrier_of(item.id)
            lines.setdefault(barrier.id if barrier else "", []).append(self._line(item))
        return tuple(
            # What changed since the last review comes first.
            Group(barrier, self.copy.catalogue.barrier(barrier).title, tuple(sorted(its, key=_order)))
            for barrier, its in lines.items()
        )

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    @cached_property
    def rated(self) -> int:
        return sum(item in self.ratings for item in self._unseen)

    @property
    def to_rate(self) -> int:
        return len(self._unseen) - self.rated

    @property
    def first_to_rate(self) -> Line | None:
        return next((line for line in self.lines if line.is_to_rate), None)

    @property
    def going_on_in(self) -> str:
        """The barrier of the first to rate. With ten barriers the page would be too long with all of them open."""
        return next((group.barrier for group in self.groups if group.to_rate), "")

    @cached_property
    def open(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_open)

    @cached_property
    def dissents(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_dissent)

    @cached_property
    def proposed(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_proposed)

    @cached_property
    def wanted(self) -> tuple[Line, ...]:
        every = self.review.wanted if self.review else {}
        return tuple(self._line(item) for item_id, item in self.copy.items.items() if item_id in every)

    @property
    def can_be_signed_off(self) -> bool:
        return self.is_mine and self.is_revealed and all(rating.settled for rating in self.ratings.values())

    def next_after(self, item_id: str) -> Line | None:
        """The next to rate unseen, from here on and then from the beginning."""
        todo = [line for line in self.lines if line.is_to_rate and line.item.id != item_id]
        order = [line.item.id for line in self.lines]
        here = order.index(item_id) if item_id in order else -1
        return next((line for line in todo if order.index(line.item.id) > here), todo[0] if todo else None)

    # What was found

    @cached_property
    def agreement(self) -> tuple[str, ...]:
        """How near the two came by themselves, in sentences."""
        return count_sentences(counts(pairs_of(self.copy.catalogue, self.copy.answers, self.ratings.values())))

    # What changed since the review before

    @cached_property
    def before(self) -> Submission | None:
        """The submission that this review starts from."""
        earlier = Submission.objects.filter(
            assessment=self.submission.assessment_id,
            firm=self.submission.firm_id,
            number__lt=self.submission.number,
            review__isnull=False,
            inputs__catalogue=self.submission.inputs["catalogue"],
        )
        return earlier.defer("result").order_by("-number").first()

    @cached_property
    def changed_items(self) -> frozenset[str]:
        """Questions and gates of which the copies do not say the same, answer or proof."""
        if self.before is None:
            return frozenset()
        one, two = self.before.inputs, self.submission.inputs
        return frozenset(item for item in self.copy.items if answer_in(one, item) != answer_in(two, item))

    @cached_property
    def changes(self) -> "Changes | None":
        """What changed since the review before; as long as levels are kept back, in words that tell none."""
        if self.before is None:
            return None
        kept = [rating for rating in self.ratings.values() if rating.is_carried]
        then = Copy(self.before)
        rated_then = Rating.objects.filter(review=self.before.pk)
        found = changed(
            self.copy.catalogue,
            replace(then.answers, agreed=agreed_of(self.copy.catalogue, rated_then)),
            replace(self.copy.answers, agreed=agreed_of(self.copy.catalogue, kept)),
        )
        if self.sees_all:
            return Changes(self.before, found.rescored, found.sentence, tuple(change.text for change in found.items))
        sentences = tuple(_untold(found))
        count = number(len(sentences), "thing has", "things have").capitalize()
        return Changes(
            self.before, found.rescored, f"{count} changed. You see how when you have rated them.", sentences
        )


@dataclass(frozen=True)
class Changes:
    since: Submission
    rescored: str
    sentence: str
    sentences: tuple[str, ...]


def _untold(found: Changed) -> Iterator[str]:
    """Facts in full; of questions and gates only that something about them is different."""
    told = set()
    for change in found.items:
        if change.about == "fact":
            yield change.text
        elif change.id not in told:
            told.add(change.id)
            yield f"{change.title}: {_what(change)}."


def _what(change: ItemChange) -> str:
    return {Kind.ASKED: "asked now", Kind.NOT_ASKED: "no longer asked"}.get(
        change.kind, "its answer or its proof is another one"
    )


def _order(line: Line) -> bool:
    return not (line.is_changed and line.is_to_rate)


# The record since ---------------------------------------------------------------------------------------------


def changes_since(assessment: Assessment, submission: Submission) -> Changed | None:
    """What the living answers say other than the copy; None where they say the same."""
    record = workbook(assessment)
    # What an adviser settled is no change that the service made.
    standing, assessment.is_reviewed = assessment.is_reviewed, False
    inputs, answers = inputs_of(record), capped(record.answers, assessment)
    assessment.is_reviewed = standing
    if is_same_record(inputs, submission.inputs):
        return None
    return changed(assessment.catalogue, Copy(submission).answers, answers)


# What is submitted --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """What a submission would freeze."""

    asked: int
    answered: int
    unknown: int

    @property
    def open(self) -> int:
        return self.asked - self.answered - self.unknown


def ready_of(assessment: Assessment) -> Ready:
    every = [found.progress for found in workbook(assessment).questionnaires]
    return Ready(*(sum(getattr(one, name) for one in every) for name in ("asked", "answered", "unknown")))


# One item -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """What the service gives for an answer, without the answer: no reason why it does not apply, nobody who would
    know, since both tell what was answered."""

    words: str
    note: str


def proof_of(copy: Copy, item_id: str) -> Proof:
    given: Answer | GateAnswer | None = copy.answers.questions.get(item_id) or copy.answers.gates.get(item_id)
    if given is None:
        return Proof("", "")
    grade = "" if given.evidence is EvidenceGrade.E0 else given.evidence.value
    return Proof(proof_in_words(Content(evidence=grade, evidence_date=given.evidence_date)), given.note)
