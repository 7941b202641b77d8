"""What the items of a barrier add up to in one run: all that the colour rule needs to know.

Tallies add and subtract, so that the effect of one answer can be had without counting the others again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from assessments.catalogue.schema import Strength
from assessments.scoring.answers import AnswerState, GateState
from assessments.scoring.result import GateResult, QuestionResult
from assessments.scoring.runs import Run


class Tally(NamedTuple):
    """`minor` counts gaps of one level on questions that are not essential, `serious` essential gaps of two
    or more. `questions` and `weight` are of applicable questions only."""

    questions: int = 0
    weight: int = 0
    gaps: int = 0
    gap_weight: int = 0
    minor: int = 0
    serious: int = 0
    hard_open: int = 0
    limiting_open: int = 0

    def with_change(self, before: Tally, after: Tally) -> Tally:
        return Tally._make([now - old + new for now, old, new in zip(self, before, after, strict=True)])


NOTHING = Tally()
HARD_OPEN = Tally(hard_open=1)
LIMITING_OPEN = Tally(limiting_open=1)


def total(tallies: Iterable[Tally]) -> Tally:
    return Tally(*map(sum, zip(NOTHING, *tallies, strict=True)))


@dataclass(frozen=True, slots=True)
class Count:
    """The items of one barrier in one run, each with what it counts for, and what that adds up to."""

    run: Run
    questions: tuple[tuple[QuestionResult, Tally], ...]
    gates: tuple[tuple[GateResult, Tally], ...]
    total: Tally


def count(questions: Iterable[QuestionResult], gates: Iterable[GateResult], run: Run) -> Count:
    counted_questions = tuple((question, of_question(question, run)) for question in questions)
    counted_gates = tuple((gate, of_gate(gate, run)) for gate in gates)
    tallies = [counted for _, counted in counted_questions] + [counted for _, counted in counted_gates]
    return Count(run, counted_questions, counted_gates, total(tallies))


def of_question(question: QuestionResult, run: Run) -> Tally:
    """One that does not apply, as claimed or as is agreed, leaves. One that only may apply counts at worst if it has
    a gap, at best if it has none; else it leaves."""
    agreed = None if run.claimed else question.agreed
    if (question if agreed is None else agreed).state is AnswerState.NOT_APPLICABLE:
        return NOTHING
    gap = gap_in(question, run)
    if question.may_apply and (gap > 0) != run.against:
        return NOTHING
    return _counted(gap, question.weight, question.essential)


def of_gate(gate: GateResult, run: Run) -> Tally:
    if not is_open(gate, run):
        return NOTHING
    return HARD_OPEN if gate.strength is Strength.HARD else LIMITING_OPEN


def of_item(item: QuestionResult | GateResult, run: Run) -> Tally:
    return of_question(item, run) if isinstance(item, QuestionResult) else of_gate(item, run)


def gap_in(question: QuestionResult, run: Run) -> int:
    if run.claimed:
        return question.claimed_gap_worst if run.worst else question.claimed_gap_best
    return question.gap_worst if run.worst else question.gap_best


def is_open(gate: GateResult, run: Run) -> bool:
    """Not met, or taken as not met because it is not known; at best, one that only may apply is left out."""
    if gate.may_apply and not run.against:
        return False
    state = gate.claimed if run.claimed else gate.counts
    return state is GateState.NOT_MET or (run.worst and state is GateState.NOT_KNOWN)


@lru_cache(maxsize=1024)
def _counted(gap: int, weight: int, essential: bool) -> Tally:
    short = gap > 0
    return Tally(
        questions=1,
        weight=weight,
        gaps=int(short),
        gap_weight=weight if short else 0,
        minor=int(gap == 1 and not essential),
        serious=int(gap >= 2 and essential),
    )
