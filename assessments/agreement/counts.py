"""Plain counts for one assessment (scoring method, rule 14): never a coefficient for a handful of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.agreement.ratings import Rating, is_level, is_not_applicable
from assessments.agreement.rounding import average
from assessments.scoring.answers import DoubleRatings, GateState


@dataclass(frozen=True, slots=True)
class Pair:
    """What client and adviser said of one question or gate, each before seeing the other's.

    A gate's ratings are both `GateState`; anything else is a question. What only one of them was asked to rate is no
    pair: leave it out. A client who gave no answer was asked: `AnswerState.NOT_ANSWERED`, `GateState.NOT_KNOWN`.
    """

    item: str
    barrier: str
    client: Rating
    adviser: Rating

    def __post_init__(self) -> None:
        if isinstance(self.client, GateState) != isinstance(self.adviser, GateState):
            raise ValueError(f"{self.item}: one of the two rated a gate, the other a question.")

    @property
    def is_gate(self) -> bool:
        return isinstance(self.client, GateState)


@dataclass(frozen=True, slots=True)
class LevelCounts:
    """Level questions. `rated`: both gave a level; only those are in `exact`, `within_one` (the exact ones are) and
    `difference`, the average of client minus adviser in levels, to one place, None without any.

    The others are counted apart, each once: exactly one said that it does not apply; one gave a level and the other
    did not know or gave no answer; neither gave a level, though they do not differ over whether it applies.
    """

    rated: int
    exact: int
    within_one: int
    difference: Decimal | None
    not_applicable_to_one: int
    unknown_to_one: int
    without_level: int


@dataclass(frozen=True, slots=True)
class GateCounts:
    """Gates. `rated`: both said met, not met or not known; `agreed`: both the same of the three.

    Counted apart: exactly one said that it does not apply; both said so.
    """

    rated: int
    agreed: int
    not_applicable_to_one: int
    not_applicable_to_both: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions and gates are never added up: a gate has no levels to be one apart."""

    questions: LevelCounts
    gates: GateCounts


def counts(pairs: Iterable[Pair]) -> Counts:
    """What client and adviser agreed on, in whole numbers and one average."""
    every = tuple(pairs)
    return Counts(
        _levels([pair for pair in every if not pair.is_gate]), _gates([pair for pair in every if pair.is_gate])
    )


def double_ratings(pairs: Iterable[Pair]) -> dict[str, DoubleRatings]:
    """By barrier what confidence reads (rule 11): questions rated twice, and how many within one level."""
    by_barrier: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_barrier.setdefault(pair.barrier, []).append(pair)
    found = {barrier: counts(its).questions for barrier, its in by_barrier.items()}
    return {barrier: DoubleRatings(its.rated, its.within_one) for barrier, its in found.items() if its.rated}


def _levels(pairs: Sequence[Pair]) -> LevelCounts:
    differences = [
        pair.client - pair.adviser for pair in pairs if isinstance(pair.client, int) and isinstance(pair.adviser, int)
    ]
    one_na = sum(_is_not_applicable_to_one(pair) for pair in pairs)
    one_unknown = sum(
        is_level(pair.client) != is_level(pair.adviser) and not _is_not_applicable_to_one(pair) for pair in pairs
    )
    return LevelCounts(
        rated=len(differences),
        exact=sum(difference == 0 for difference in differences),
        within_one=sum(abs(difference) <= 1 for difference in differences),
        difference=average(sum(differences), len(differences)),
        not_applicable_to_one=one_na,
        unknown_to_one=one_unknown,
        without_level=len(pairs) - len(differences) - one_na - one_unknown,
    )


def _gates(pairs: Sequence[Pair]) -> GateCounts:
    one_na = sum(_is_not_applicable_to_one(pair) for pair in pairs)
    both_na = sum(is_not_applicable(pair.client) and is_not_applicable(pair.adviser) for pair in pairs)
    return GateCounts(
        rated=len(pairs) - one_na - both_na,
        agreed=sum(pair.client == pair.adviser for pair in pairs) - both_na,
        not_applicable_to_one=one_na,
        not_applicable_to_both=both_na,
    )


def _is_not_applicable_to_one(pair: Pair) -> bool:
    return is_not_applicable(pair.client) != is_not_applicable(pair.adviser)
