"""How firm the colour of the whole is: what other weights, or one thing less, would make of it (rule 11).

Both ends on the evidence are tried, worst case and best case, each in five ways: equal weights; each weight halved and
increased by half; 1,000 random sets of weights; each question left out; each open gate cleared. The random sets decide
the share and the word; the other runs are reported beside them. Nothing here changes a colour.

Weights matter in one place only, whether the gaps of a barrier make up half of its weight, so only barriers that
have gaps, not in everything, and nothing else that makes them Red can change colour with them. All sums are exact.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import shake_256
from typing import Any

from pydantic import TypeAdapter

from assessments.scoring import barrier as barrier_rule
from assessments.scoring import overall, tally
from assessments.scoring.overall import Standing
from assessments.scoring.result import BarrierResult, Colour, GateResult, QuestionResult, Result
from assessments.scoring.runs import EVIDENCED_BEST, EVIDENCED_WORST, Run
from assessments.scoring.sentences import listing, number
from assessments.scoring.tally import Tally

RUNS = 1_000
SEED = 2026
STABLE_FROM, FAIRLY_STABLE_FROM = 95, 80
"""Per cent of the runs that give the same colour (convention, rule 11)."""


class Firmness(StrEnum):
    STABLE = "stable"
    FAIRLY_STABLE = "fairly stable"
    DEPENDS = "depends on the weights"


class Way(StrEnum):
    """What is done to one question or gate in one run."""

    HALVED = "halved"
    INCREASED = "increased"
    LEFT_OUT = "left_out"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Mover:
    """One question or gate that alone moves the colour of the whole, with the colour that each way gives.

    `of` is how many ways there are to try it. `text` is a sentence.
    """

    kind: str
    id: str
    barrier: str
    title: str
    moved: Mapping[Way, Colour]
    of: int
    text: str


@dataclass(frozen=True, slots=True)
class EndStability:
    """One end of the result. `share` is the whole per cent of the random weightings that give its colour, rounded
    down so that 100 means all; `counts` how many gave each colour. `equal_weights` is the colour that those give.

    `movers` are the questions and gates that alone move the colour, the most often moving first.
    """

    colour: Colour
    share: int
    word: Firmness
    counts: Mapping[Colour, int]
    equal_weights: Colour
    movers: tuple[Mover, ...]
    sentence: str

    @property
    def moves_most(self) -> Mover | None:
        return self.movers[0] if self.movers else None

    def moved_by(self, way: Way) -> tuple[str, ...]:
        """The ids of what moves the colour in this way."""
        return tuple(mover.id for mover in self.movers if way in mover.moved)


@dataclass(frozen=True, slots=True)
class Stability:
    worst: EndStability
    best: EndStability
    sentence: str


def stability(result: Result, seed: int = SEED) -> Stability:
    """Of the colour on the evidence. The same result and seed always give the same."""
    worst = _End(result.barriers, EVIDENCED_WORST).stability(seed)
    best = _End(result.barriers, EVIDENCED_BEST).stability(seed)
    return Stability(worst, best, _both(worst, best))


_STABILITY = TypeAdapter(Stability)


def stability_to_dict(found: Stability) -> dict[str, Any]:
    """Ready for JSON."""
    plain: dict[str, Any] = _STABILITY.dump_python(found, mode="json")
    return plain


def stability_from_dict(plain: Mapping[str, Any]) -> Stability:
    return _STABILITY.validate_python(plain)


def firmness(same: int, runs: int) -> Firmness:
    """By the exact count: 949 runs of 1,000 are not yet stable."""
    if 100 * same >= STABLE_FROM * runs:
        return Firmness.STABLE
    return Firmness.FAIRLY_STABLE if 100 * same >= FAIRLY_STABLE_FROM * runs else Firmness.DEPENDS


# One end ----------------------------------------------------------------------------------------------------


class _End:
    """All barriers in one run, ready to be asked what other counts in one of them do to the whole."""

    def __init__(self, barriers: Sequence[BarrierResult], run: Run) -> None:
        self.counts = [tally.count(barrier.questions, barrier.gates, run) for barrier in barriers]
        self.standings = [_standing(count.total) for count in self.counts]
        self.standing = overall.total(self.standings)
        self.colour = overall.colour(self.standing)

    def stability(self, seed: int) -> EndStability:
        counts = self.at_random(seed)
        same, equal = counts.get(self.colour, 0), self.at_equal_weights()
        movers = tuple(sorted(self.movers(), key=_most_often_first))
        return EndStability(
            colour=self.colour,
            share=100 * same // RUNS,
            word=firmness(same, RUNS),
            counts=counts,
            equal_weights=equal,
            movers=movers,
            sentence=_sentence(self.colour, counts, equal, movers),
        )

    def at_equal_weights(self) -> Colour:
        equal = (
            count.total._replace(weight=count.total.questions, gap_weight=count.total.gaps) for count in self.counts
        )
        return overall.colour(overall.total(map(_standing, equal)))

    def movers(self) -> Iterator[Mover]:
        """What counts alike in one barrier does alike, so that each such effect is worked out once."""
        for count, standing in zip(self.counts, self.standings, strict=True):
            effects: dict[Tally, dict[Way, Colour]] = {}
            for ways, items in ((_ways_of_question, count.questions), (_ways_of_gate, count.gates)):
                for item, counted in items:
                    if counted not in effects:
                        effects[counted] = self._moved(standing, ways(count.total, counted))
                    if effects[counted]:
                        yield _mover(item, effects[counted], self.colour)

    def _moved(self, before: Standing, ways: Mapping[Way, Tally]) -> dict[Way, Colour]:
        found = {way: overall.colour(self.standing.with_change(before, _standing(to))) for way, to in ways.items()}
        return {way: colour for way, colour in found.items() if colour is not self.colour}

    def at_random(self, seed: int) -> dict[Colour, int]:
        """How many of the random weightings give each colour, the best first.

        Weightings are told apart only as far as their barriers' colours are: `runs` are bits, one in a lane.
        """
        runs_by_standing = {self.standing: LANES}
        for count, standing in zip(self.counts, self.standings, strict=True):
            # An open hard gate makes the whole Red whatever the weights.
            if not self.standing.hard_open and _may_turn(count.total):
                red, light = _short_by_half(count, seed), _standing(count.total._replace(weight=1, gap_weight=0))
                heavy = overall.standing_of(count.total, Colour.RED)
                runs_by_standing = _split(runs_by_standing, standing, {heavy: red, light: LANES ^ red})
        counts: Counter[Colour] = Counter()
        for whole, runs in runs_by_standing.items():
            counts[overall.colour(whole)] += runs.bit_count()
        return {colour: counts[colour] for colour in Colour if counts[colour]}


def _standing(counts: Tally) -> Standing:
    return overall.standing_of(counts, barrier_rule.colour(counts))


def _ways_of_question(counts: Tally, counted: Tally) -> dict[Way, Tally]:
    """Twice all weights, so that half of one is whole."""
    if counted == tally.NOTHING:
        return {}
    weight, gap_weight = 2 * counts.weight, 2 * counts.gap_weight
    return {
        Way.HALVED: counts._replace(weight=weight - counted.weight, gap_weight=gap_weight - counted.gap_weight),
        Way.INCREASED: counts._replace(weight=weight + counted.weight, gap_weight=gap_weight + counted.gap_weight),
        Way.LEFT_OUT: counts.with_change(counted, tally.NOTHING),
    }


def _ways_of_gate(counts: Tally, counted: Tally) -> dict[Way, Tally]:
    return {} if counted == tally.NOTHING else {Way.CLEARED: counts.with_change(counted, tally.NOTHING)}


# Random weightings ------------------------------------------------------------------------------------------
#
# The weights of one question in all runs are one whole number, each run in 64 bits of it, a lane. Adding two such
# numbers adds all runs at once, and the top bit of a lane says, as a sign does, which of two sums is the larger.

LANE = 64
LANES = sum(1 << (LANE * run + LANE - 1) for run in range(RUNS))
UNIT = 1 << 32


def _may_turn(counts: Tally) -> bool:
    """Whether, its hard gates aside, some weights make the barrier Red and others do not."""
    return not counts.serious and 0 < counts.gaps < counts.questions


def _short_by_half(count: tally.Count, seed: int) -> int:
    """The runs in which the gaps weigh half or more: at least as much as all that has none."""
    balance = LANES
    for question, counted in count.questions:
        if counted.gaps:
            balance += _weights(seed, question.id)
        elif counted.questions:
            balance -= _weights(seed, question.id)
    return balance & LANES


def _split(
    runs_by_standing: Mapping[Standing, int], before: Standing, parts: Mapping[Standing, int]
) -> dict[Standing, int]:
    split: dict[Standing, int] = {}
    for whole, runs in runs_by_standing.items():
        for after, part in parts.items():
            if runs & part:
                changed = whole.with_change(before, after)
                split[changed] = split.get(changed, 0) | (runs & part)
    return split


@lru_cache(maxsize=1024)
def _weights(seed: int, question_id: str) -> int:
    """What a question weighs in every run, from the seed and its id alone: no order makes a difference.

    Exponential draws, which as shares of their sum are uniform over all sets of weights; 8 kB.
    """
    stream = shake_256(f"{seed}:{question_id}".encode()).digest(8 * RUNS)
    draws = struct.unpack(f"<{RUNS}Q", stream)
    weights = (1 + int(-math.log((draw + 0.5) / 2**64) * UNIT) for draw in draws)
    return int.from_bytes(struct.pack(f"<{RUNS}Q", *weights), "little")


# Words ------------------------------------------------------------------------------------------------------

_WAYS = {
    Way.HALVED: "with its weight halved",
    Way.INCREASED: "with its weight increased by half",
    Way.LEFT_OUT: "without it",
    Way.CLEARED: "with it cleared",
}
_SO = {
    Firmness.STABLE: "so the colour is stable",
    Firmness.FAIRLY_STABLE: "so the colour is fairly stable",
    Firmness.DEPENDS: "so the colour depends on the weights",
}


def _mover(item: QuestionResult | GateResult, moved: Mapping[Way, Colour], colour: Colour) -> Mover:
    is_gate = isinstance(item, GateResult)
    return Mover(
        kind="gate" if is_gate else "question",
        id=item.id,
        barrier=item.barrier,
        title=item.title,
        moved=moved,
        of=1 if is_gate else 3,
        text=f"{item.title} moves the colour: the result would be {_would_be(moved)}, not {colour.word}.",
    )


def _would_be(moved: Mapping[Way, Colour]) -> str:
    ways: dict[Colour, list[str]] = {}
    for way, colour in moved.items():
        ways.setdefault(colour, []).append(_WAYS[way])
    return listing([f"{colour.word} {_either(phrases)}" for colour, phrases in ways.items()])


def _most_often_first(mover: Mover) -> tuple[float, bool, str]:
    return -_share_moved(mover), mover.kind != "gate", mover.id


def _share_moved(mover: Mover) -> float:
    """Of its own runs, because a gate has one and a question three."""
    return len(mover.moved) / mover.of


def _sentence(colour: Colour, counts: Mapping[Colour, int], equal: Colour, movers: Sequence[Mover]) -> str:
    if colour is Colour.NOT_APPLICABLE:
        return "Nothing that is asked applies, so no weight can change the result."
    parts = [f"{_shares(colour, counts)}, {_SO[firmness(counts.get(colour, 0), RUNS)]}."]
    if equal is not colour:
        parts.append(f"With equal weights it would be {equal.word}.")
    parts.append(_moved_most(movers) if movers else "No single question, weight or gate moves it.")
    return " ".join(parts)


def _moved_most(movers: Sequence[Mover]) -> str:
    most = movers[0]
    alike = sum(_share_moved(mover) == _share_moved(most) for mover in movers)
    result = f"the result would be {_would_be(most.moved)}"
    if alike == 1:
        return f"{most.title} moves it most often: {result}."
    counted = number(alike, "question or gate moves", "questions or gates move")
    return f"{counted.capitalize()} it equally often, among them {most.title}: {result}."


def _shares(colour: Colour, counts: Mapping[Colour, int]) -> str:
    same, others = counts.get(colour, 0), [other.word for other in counts if other is not colour]
    if not others:
        return f"{colour.word} in all {RUNS:,} random weightings"
    share = f"{100 * same // RUNS}%" if 100 * same >= RUNS else "under 1%" if same else "none"
    return f"{colour.word} in {share} of {RUNS:,} random weightings and {_either(others)} in the rest"


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _both(worst: EndStability, best: EndStability) -> str:
    if worst == best:
        return worst.sentence
    return f"Worst case: {worst.sentence} Best case: {best.sentence}"
