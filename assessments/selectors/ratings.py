"""What others said beside the answers: second opinions, and what client and adviser settled on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from assessments.agreement.counts import Pair, double_ratings
from assessments.catalogue.schema import Catalogue, Gate
from assessments.models import Assessment, Rating, State, Submission
from assessments.scoring.answers import (
    AgreedGate,
    AgreedLevel,
    Answers,
    AnswerState,
    DoubleRatings,
    GateState,
)
from assessments.scoring.answers import Rating as Level


def with_ratings(answers: Answers, assessment: Assessment) -> Answers:
    """The answers with everything that others than the people who gave them said about them, and that counts."""
    found = double_ratings_of(assessment)
    answers = replace(answers, double_ratings=found) if found else answers
    if not assessment.is_reviewed:
        return answers
    return with_review(assessment.catalogue, answers, signed_off_ratings(assessment))


def double_ratings_of(assessment: Assessment) -> Mapping[str, DoubleRatings]:
    """How second opinions agree, by barrier, as the assessment keeps it."""
    return {barrier: DoubleRatings(*counts) for barrier, counts in assessment.double_ratings.items()}


# What an adviser found ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody makes of a question or gate, in the words of `State`."""

    state: str
    level: int | None = None

    @property
    def is_unknown(self) -> bool:
        return self.state in (State.NOT_ANSWERED, State.DONT_KNOW, State.NOT_KNOWN)

    def is_same(self, other: "Said") -> bool:
        """Who gave no answer knows no more than who says so."""
        return self == other or (self.is_unknown and other.is_unknown)


def client_said(catalogue: Catalogue, answers: Answers, item_id: str) -> Said:
    if isinstance(catalogue.item(item_id), Gate):
        gate = answers.gates.get(item_id)
        return Said(State.NOT_KNOWN.value if gate is None else gate.state.value)
    answer = answers.questions.get(item_id)
    return Said(State.NOT_ANSWERED.value) if answer is None else Said(answer.state.value, answer.level)


def adviser_said(rating: Rating) -> Said:
    return Said(rating.state, rating.level)


def agreed_said(rating: Rating) -> Said | None:
    """What counts, once it is settled."""
    return Said(rating.agreed_state, rating.agreed_level) if rating.settled else None


def signed_off_ratings(assessment: Assessment) -> list[Rating]:
    """Of the last review that was signed off, in one query."""
    signed_off = Submission.objects.filter(assessment=assessment, status=Submission.Status.SIGNED_OFF)
    return list(Rating.objects.filter(review__in=signed_off.order_by("-number").values("pk")[:1]))


def with_review(catalogue: Catalogue, answers: Answers, ratings: Iterable[Rating]) -> Answers:
    """The answers with what client and adviser settled on, and with how near the two came by themselves."""
    every = [rating for rating in ratings if rating.item in catalogue.items]
    return replace(
        answers,
        agreed=agreed_of(catalogue, every),
        double_ratings=_added(answers.double_ratings, double_ratings(pairs_of(catalogue, answers, every))),
    )


def agreed_of(catalogue: Catalogue, ratings: Iterable[Rating]) -> dict[str, AgreedLevel | AgreedGate]:
    """What scoring reads of each rating that is settled."""
    return {rating.item: _agreed(catalogue, rating) for rating in ratings if rating.settled}


def _agreed(catalogue: Catalogue, rating: Rating) -> AgreedLevel | AgreedGate:
    reason = rating.settled_reason or rating.reason
    is_dissent = rating.settled == Rating.Settled.DISSENT
    if isinstance(catalogue.item(rating.item), Gate):
        state = None if is_dissent else GateState(rating.agreed_state)
        return AgreedGate(GateState(rating.state), state, reason, rating.client_words)
    own, settled = _level(adviser_said(rating)), _level(Said(rating.agreed_state, rating.agreed_level))
    return AgreedLevel(own, None if is_dissent else settled, reason, rating.client_words)


def _level(said: Said) -> Level:
    return AnswerState(said.state) if said.level is None else said.level


def pairs_of(catalogue: Catalogue, answers: Answers, ratings: Iterable[Rating]) -> tuple[Pair, ...]:
    """What client and adviser said, each before seeing the other's: of the ratings only those made blind."""
    return tuple(_pair(catalogue, answers, rating) for rating in ratings if rating.is_blind)


def _pair(catalogue: Catalogue, answers: Answers, rating: Rating) -> Pair:
    barrier = catalogue.barrier_of(rating.item)
    client, adviser = client_said(catalogue, answers, rating.item), adviser_said(rating)
    named = rating.item, barrier.id if barrier else ""
    if isinstance(catalogue.item(rating.item), Gate):
        return Pair(*named, GateState(client.state), GateState(adviser.state))
    return Pair(*named, _level(client), _level(adviser))


def _added(one: Mapping[str, DoubleRatings], two: Mapping[str, DoubleRatings]) -> dict[str, DoubleRatings]:
    none = DoubleRatings(0, 0)
    sums = {barrier: (one.get(barrier, none), two.get(barrier, none)) for barrier in (*one, *two)}
    return {
        barrier: DoubleRatings(first.rated + second.rated, first.within_one + second.within_one)
        for barrier, (first, second) in sums.items()
    }
