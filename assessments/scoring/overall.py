"""The colour of the whole: the first line of rule 6 that is true, never an average."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assessments.scoring import sentences
from assessments.scoring.result import Colour, Decision, Trigger
from assessments.scoring.sentences import number
from assessments.scoring.tally import HARD_OPEN, LIMITING_OPEN, Count, Tally

NOTHING_APPLIES = "6.0"
HARD_GATE = "6.1"
TWO_RED = "6.2"
ONE_RED = "6.3"
LIMITING_GATE = "6.4"
TWO_AMBER = "6.5"
GREEN = "6.6"

COLOURS = {
    NOTHING_APPLIES: Colour.NOT_APPLICABLE,
    HARD_GATE: Colour.RED,
    TWO_RED: Colour.RED,
    ONE_RED: Colour.AMBER,
    LIMITING_GATE: Colour.AMBER,
    TWO_AMBER: Colour.AMBER,
    GREEN: Colour.GREEN,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """One barrier as the whole sees it in one run."""

    id: str
    title: str
    decision: Decision
    count: Count

    @property
    def standing(self) -> Standing:
        return standing_of(self.count.total, self.decision.colour)


class Standing(NamedTuple):
    """How many gates are open, and how many barriers have each colour."""

    hard_open: int = 0
    limiting_open: int = 0
    red: int = 0
    amber: int = 0
    green: int = 0

    def with_change(self, before: Standing, after: Standing) -> Standing:
        return Standing._make([now - old + new for now, old, new in zip(self, before, after, strict=True)])


_BECAUSE: Mapping[str, Callable[[Standing], str]] = {
    NOTHING_APPLIES: lambda _: "nothing that is asked at this stage applies",
    HARD_GATE: lambda standing: number(standing.hard_open, "hard gate is open", "hard gates are open"),
    TWO_RED: lambda standing: f"{number(standing.red, 'barrier is', 'barriers are')} Red",
    ONE_RED: lambda _: "one barrier is Red",
    LIMITING_GATE: lambda standing: number(standing.limiting_open, "limiting gate is open", "limiting gates are open"),
    TWO_AMBER: lambda standing: f"{number(standing.amber, 'barrier is', 'barriers are')} Amber",
    GREEN: lambda standing: (
        "no gate is open and no barrier is Red"
        + (", on condition that one Amber barrier is seen to" if standing.amber else "")
    ),
}


def standing_of(counts: Tally, colour: Colour) -> Standing:
    return Standing(
        counts.hard_open,
        counts.limiting_open,
        int(colour is Colour.RED),
        int(colour is Colour.AMBER),
        int(colour is Colour.GREEN),
    )


def total(standings: Iterable[Standing]) -> Standing:
    return Standing(*map(sum, zip(Standing(), *standings, strict=True)))


def rule(standing: Standing) -> str:
    """The first line of rule 6 that is true."""
    if standing.hard_open:
        return HARD_GATE
    if standing.red >= 2:
        return TWO_RED
    if standing.red == 1:
        return ONE_RED
    if standing.limiting_open:
        return LIMITING_GATE
    if standing.amber >= 2:
        return TWO_AMBER
    return GREEN if standing.amber or standing.green else NOTHING_APPLIES


def colour(standing: Standing) -> Colour:
    return COLOURS[rule(standing)]


def decide(barriers: Sequence[Decided]) -> Decision:
    standing = total(barrier.standing for barrier in barriers)
    decided_by = rule(standing)
    return Decision(
        colour=COLOURS[decided_by],
        rule=decided_by,
        sentence=sentences.decided(COLOURS[decided_by], [_BECAUSE[decided_by](standing)]),
        triggers=_triggers(decided_by, barriers),
    )


_GATES = {HARD_GATE: HARD_OPEN, LIMITING_GATE: LIMITING_OPEN}
_BARRIERS = {TWO_RED: Colour.RED, ONE_RED: Colour.RED, TWO_AMBER: Colour.AMBER, GREEN: Colour.AMBER}


def _triggers(decided_by: str, barriers: Sequence[Decided]) -> tuple[Trigger, ...]:
    """The open gates or the barriers that the rule speaks of; for Green, the one Amber barrier if any."""
    if decided_by in _GATES:
        return tuple(
            Trigger("gate", gate.id, sentences.gate(gate, barrier.count.run))
            for barrier in barriers
            for gate, counted in barrier.count.gates
            if counted == _GATES[decided_by]
        )
    return tuple(
        Trigger("barrier", barrier.id, sentences.barrier(barrier.title, barrier.decision))
        for barrier in barriers
        if barrier.decision.colour is _BARRIERS.get(decided_by)
    )
