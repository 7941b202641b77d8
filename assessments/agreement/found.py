"""What an adviser found: of each reviewed question and gate the three levels side by side (scoring method, rule 13)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assessments.agreement.counts import Pair, counts
from assessments.agreement.words import count_sentences
from assessments.scoring import sentences
from assessments.scoring.answers import AnswerState, GateState, Rating
from assessments.scoring.before_review import before_review
from assessments.scoring.result import BarrierResult, GateResult, QuestionResult, Range, Result

WORDS = {
    AnswerState.DONT_KNOW: "Don't know",
    AnswerState.NOT_APPLICABLE: "Not applicable",
    AnswerState.NOT_ANSWERED: "Not answered",
    GateState.MET: "Met",
    GateState.NOT_MET: "Not met",
    GateState.NOT_KNOWN: "Not known",
    GateState.NOT_APPLICABLE: "Not applicable",
}
UNKNOWN = frozenset({"Don't know", "Not answered", "Not known"})
SHORT = 10
CAPPED = "but the cash-flow calculator caps it"


def in_short(rating: Rating | GateState) -> str:
    return f"Level {rating}" if isinstance(rating, int) else WORDS[rating]


@dataclass(frozen=True, slots=True)
class Levels:
    """One question or gate: `claimed` by the service, `supported` by its evidence (empty for a question that has no
    level, and for a gate without an answer), the `adviser`'s own, and what is `agreed`; in dissent that is the
    adviser's. `reason` are the adviser's words, `client_words` the service's."""

    id: str
    title: str
    claimed: str
    supported: str
    adviser: str
    agreed: str
    is_dissent: bool
    is_capped: bool
    reason: str
    client_words: str

    @property
    def differs(self) -> bool:
        """The two did not say the same by themselves, or settled on something else."""
        return self.is_dissent or self.adviser != self.agreed or not _is_same(self.claimed, self.adviser)

    @property
    def agreed_in_words(self) -> str:
        """What is agreed, with what else there is to say of it."""
        if self.is_dissent:
            told = f"{self.agreed}, the adviser's: not agreed"
        elif self.adviser != self.agreed:
            told = f"{self.agreed}; the adviser had said {_inside(self.adviser)}"
        else:
            told = self.agreed
        return f"{told}, {CAPPED}" if self.is_capped else told

    @property
    def same_in_words(self) -> str:
        """For a line where both said the same: the level, and the evidence where it carries something else."""
        evidence = "" if self.supported in ("", self.agreed) else f"; the evidence supports {_inside(self.supported)}"
        capped = f", {CAPPED}" if self.is_capped else ""
        return f"{_inside(self.agreed)}{capped}{evidence}"


@dataclass(frozen=True, slots=True)
class Ends:
    """A colour range three times: as claimed, on the evidence alone, and as reviewed."""

    title: str
    id: str
    claimed: Range
    evidence: Range
    reviewed: Range


@dataclass(frozen=True, slots=True)
class FoundIn:
    """One barrier: where the two differed at first, and where they said the same."""

    id: str
    title: str
    differing: tuple[Levels, ...]
    same: tuple[Levels, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`whole` and `barriers` are colours; `items` are by barrier, those with nothing reviewed left out; `dissents`
    come with the titles of their barriers. `told` says how much is settled, `moved` what that made of the whole,
    `agreement` how near the two came before they saw each other's: empty where nothing was rated so."""

    whole: Ends
    barriers: tuple[Ends, ...]
    items: tuple[FoundIn, ...]
    dissents: tuple[tuple[str, Levels], ...]
    told: str
    moved: str
    agreement: tuple[str, ...]

    @property
    def is_short(self) -> bool:
        """Whether so little was seen differently that a page can show all of it at once."""
        return sum(len(part.differing) for part in self.items) <= SHORT


def found(result: Result, unseen: Collection[str] = ()) -> Found | None:
    """What was found in a reviewed result; None for one that nobody reviewed. `unseen` was rated by the adviser before
    the service's own was shown."""
    if not result.reviewed:
        return None
    before = before_review(result)
    whole = Ends("The whole", "", result.claimed, before.whole, result.supported)
    items = tuple(part for barrier in result.barriers if (part := _found_in(barrier)).differing or part.same)
    return Found(
        whole=whole,
        barriers=tuple(
            Ends(barrier.title, barrier.id, barrier.claimed, before.barriers[barrier.id], barrier.supported)
            for barrier in result.barriers
        ),
        items=items,
        dissents=tuple((part.title, levels) for part in items for levels in part.differing if levels.is_dissent),
        told=sentences.reviewed(len(result.reviewed), len(result.dissents)),
        moved=_moved(whole, has_caps=result.has_caps),
        agreement=_agreement(result, unseen),
    )


def levels_of(item: QuestionResult | GateResult) -> Levels | None:
    """The levels of one item, if an adviser reviewed it."""
    agreed = item.agreed
    if agreed is None:
        return None
    return Levels(
        id=item.id,
        title=item.title,
        claimed=in_short(_claimed(item)) if _is_answered(item) else WORDS[AnswerState.NOT_ANSWERED],
        supported=_supported(item),
        adviser=in_short(agreed.adviser),
        agreed=in_short(agreed.counts),
        is_dissent=agreed.dissent,
        is_capped=item.is_capped,
        reason=agreed.reason,
        client_words=agreed.client_words,
    )


def ends_in_words(both: Range) -> str:
    """ "Amber", or "between Red and Amber"."""
    if both.known:
        return both.worst.colour.word
    return f"between {both.worst.colour.word} and {both.best.colour.word}"


def _found_in(barrier: BarrierResult) -> FoundIn:
    every = list(_levels(barrier))
    return FoundIn(
        barrier.id,
        barrier.title,
        differing=tuple(levels for levels in every if levels.differs),
        same=tuple(levels for levels in every if not levels.differs),
    )


def _levels(barrier: BarrierResult) -> Iterator[Levels]:
    items: list[QuestionResult | GateResult] = [*barrier.gates, *barrier.questions]
    for item in items:
        if (levels := levels_of(item)) is not None:
            yield levels


def _agreement(result: Result, unseen: Collection[str]) -> tuple[str, ...]:
    pairs = [
        Pair(item.id, item.barrier, _claimed(item), item.agreed.adviser)
        for item in result.reviewed
        if item.agreed is not None and item.id in unseen
    ]
    return count_sentences(counts(pairs)) if pairs else ()


def _is_same(claimed: str, adviser: str) -> bool:
    """Who gave no answer knows no more than who says so."""
    return claimed == adviser or (claimed in UNKNOWN and adviser in UNKNOWN)


def _is_answered(item: QuestionResult | GateResult) -> bool:
    return item.answered if isinstance(item, GateResult) else item.state is not AnswerState.NOT_ANSWERED


def _claimed(item: QuestionResult | GateResult) -> Rating | GateState:
    if isinstance(item, GateResult):
        return item.claimed
    return item.state if item.claimed is None else item.claimed


def _supported(item: QuestionResult | GateResult) -> str:
    """Empty where there is nothing that evidence could support."""
    if isinstance(item, GateResult):
        return in_short(item.supported) if item.answered else ""
    return "" if item.supported is None else in_short(item.supported)


def _inside(words: str) -> str:
    """Inside a sentence: level 2, not known."""
    return words[:1].lower() + words[1:]


def _moved(whole: Ends, *, has_caps: bool) -> str:
    aside = " and with the cash-flow figures left aside" if has_caps else ""
    return (
        f"As the service claims it{aside}, the result is {ends_in_words(whole.claimed)};"
        f" on its evidence alone {ends_in_words(whole.evidence)}; as reviewed {ends_in_words(whole.reviewed)}."
    )
