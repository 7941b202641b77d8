"""The shortest way up: the smallest set of changes that reaches the next colour (scoring method, rule 15).

A change clears a gate or raises a question to the level that the stage needs. The next colour is the one above the
worst case on the evidence, so to settle an unknown well is a change too. No search is needed, because the rules are
plain about what must go:

- Out of Red, every open hard gate and every serious gap. What remains falls short by half or not by a sum, to which
  each question adds its own part (`_lifts`), so that the fewest questions are found by adding up.
- Up to Green, every open gate (all limiting: a hard one would be Red) and every gap but one small one, if the barrier
  is not Red with it.
- The whole may keep one Red barrier for Amber and one Amber barrier for Green: the one that saves most changes.

Of sets of one size, that with the fewest levels to raise is taken, then with the most essential questions, then with
the most weight in its barrier; ids settle the rest, so that the order of the catalogue chooses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from assessments.catalogue.schema import Strength
from assessments.scoring import barrier as barrier_rule
from assessments.scoring import tally
from assessments.scoring.changes import Change, cleared, raised
from assessments.scoring.result import BarrierResult, Colour, GateResult, QuestionResult, Result
from assessments.scoring.runs import EVIDENCED_WORST
from assessments.scoring.tally import Tally

Questions = tuple[QuestionResult, ...]
Cost = tuple[int, int, int]
"""How many questions, by how many levels, and minus how many of them are essential: the least is best."""


def way_up(result: Result) -> tuple[Change, ...]:
    """For the whole: gates first, then questions, both as asked. Empty where nothing is above."""
    barriers = result.barriers
    match result.supported.worst.colour:
        case Colour.RED:
            in_full = {barrier.id: _out_of_red(barrier) for barrier in barriers}
            return _changes(barriers, _open_gates(barriers, Strength.HARD), _one_spared(in_full, {}))
        case Colour.AMBER:
            in_full = {barrier.id: _to_green(barrier) for barrier in barriers}
            lesser = {barrier.id: _out_of_red(barrier) for barrier in barriers}
            return _changes(barriers, _open_gates(barriers, Strength.LIMITING), _one_spared(in_full, lesser))
        case _:
            return ()


def ways_up_of_barriers(result: Result) -> dict[str, tuple[Change, ...]]:
    """For every barrier by itself; empty where nothing is above."""
    return {barrier.id: _way_up_of(barrier) for barrier in result.barriers}


def _way_up_of(barrier: BarrierResult) -> tuple[Change, ...]:
    match barrier.supported.worst.colour:
        case Colour.RED:
            return _changes([barrier], _open_gates([barrier], Strength.HARD), _out_of_red(barrier))
        case Colour.AMBER:
            return _changes([barrier], _open_gates([barrier], Strength.LIMITING), _to_green(barrier))
        case _:
            return ()


def _changes(
    barriers: Iterable[BarrierResult], gates: Iterable[GateResult], questions: Iterable[QuestionResult]
) -> tuple[Change, ...]:
    chosen = {question.id for question in questions}
    in_order = (question for barrier in barriers for question in barrier.questions if question.id in chosen)
    return (*map(cleared, gates), *map(raised, in_order))


# Gates ------------------------------------------------------------------------------------------------------


def _open_gates(barriers: Iterable[BarrierResult], strength: Strength) -> list[GateResult]:
    return [
        gate
        for barrier in barriers
        for gate in barrier.gates
        if gate.strength is strength and tally.is_open(gate, EVIDENCED_WORST)
    ]


# Questions of the whole -------------------------------------------------------------------------------------


def _one_spared(in_full: Mapping[str, Questions], lesser: Mapping[str, Questions]) -> list[QuestionResult]:
    """All that the barriers need in full, but for the one where the lesser way, or none, saves most."""

    def saving(barrier_id: str) -> tuple[int, int, int, str]:
        questions, levels, essential = _cost(in_full[barrier_id])
        less_questions, less_levels, less_essential = _cost(lesser.get(barrier_id, ()))
        return questions - less_questions, levels - less_levels, essential - less_essential, barrier_id

    spared = max(in_full, key=saving, default="")
    ways = {**in_full, spared: lesser.get(spared, ())}
    return [question for way in ways.values() for question in way]


def _cost(questions: Questions) -> Cost:
    levels = sum(question.gap_worst for question in questions)
    return len(questions), levels, -sum(question.essential for question in questions)


# Questions of one barrier -----------------------------------------------------------------------------------


def _out_of_red(barrier: BarrierResult) -> Questions:
    """The fewest questions to raise so that, its hard gates cleared, the barrier is no longer Red."""
    counts = tally.total(_counted(question) for question in barrier.questions)
    short = _short(barrier)
    serious = tuple(question for question in short if _counted(question).serious)
    others = tuple(question for question in short if not _counted(question).serious)
    excess = 2 * counts.gap_weight - counts.weight - sum(map(_lifts, serious))
    return (*serious, *_fewest(others, excess))


def _to_green(barrier: BarrierResult) -> Questions:
    """The fewest questions to raise so that, its gates cleared, the barrier is Green, or nothing of it applies."""
    short = _short(barrier)
    without_gaps = tally.total(map(_after_raising, barrier.questions))
    left = [_without(short, one) for one in short if _may_stay(one, without_gaps)]
    return min(left, key=lambda rest: (_cost(rest), -sum(map(_lifts, rest)), _ids(rest)), default=short)


def _may_stay(one: QuestionResult, without_gaps: Tally) -> bool:
    """Whether the barrier is Green with this as its only gap."""
    counts = without_gaps.with_change(_after_raising(one), _counted(one))
    return barrier_rule.colour(counts) is Colour.GREEN


def _short(barrier: BarrierResult) -> Questions:
    return tuple(question for question in barrier.questions if _counted(question).gaps)


def _without(questions: Questions, one: QuestionResult) -> Questions:
    return tuple(question for question in questions if question is not one)


def _counted(question: QuestionResult) -> Tally:
    return tally.of_question(question, EVIDENCED_WORST)


def _after_raising(question: QuestionResult) -> Tally:
    """Without a gap, one that only may apply no longer counts against the service."""
    counted = _counted(question)
    if question.may_apply or not counted.questions:
        return tally.NOTHING
    return Tally(questions=1, weight=question.weight)


def _lifts(question: QuestionResult) -> int:
    """How much nearer to "below half" raising it brings: by how much twice the gap weight falls against the weight."""
    return question.weight if question.may_apply else 2 * question.weight


def _ids(questions: Iterable[QuestionResult]) -> list[str]:
    return sorted(question.id for question in questions)


# Adding up to enough ----------------------------------------------------------------------------------------


def _fewest(questions: Questions, excess: int) -> Questions:
    """The fewest that together lift by more than the excess; all, where only having no gap left is enough."""
    if excess < 0:
        return ()
    if sum(map(_lifts, questions)) <= excess:
        return questions
    enough = [way for way in _ways(questions, excess).items() if way[1][0] > excess]
    return min(enough)[1][1]


Way = tuple[int, Questions]


def _ways(questions: Questions, excess: int) -> dict[Cost, Way]:
    """For each cost the set that lifts most, up to the fewest questions that are enough."""
    most = _how_many(questions, excess)
    best: dict[Cost, Way] = {(0, 0, 0): (0, ())}
    for question in sorted(questions, key=lambda question: question.id):
        for cost, way in list(_one_more(best, question, most)):
            if cost not in best or way[0] > best[cost][0]:
                best[cost] = way
    return best


def _how_many(questions: Questions, excess: int) -> int:
    """The heaviest first: with fewer, no set is enough."""
    lifted = 0
    for number, lift in enumerate(sorted(map(_lifts, questions), reverse=True), start=1):
        lifted += lift
        if lifted > excess:
            return number
    return len(questions)


def _one_more(best: Mapping[Cost, Way], question: QuestionResult, most: int) -> Iterator[tuple[Cost, Way]]:
    lift, levels, essential = _lifts(question), question.gap_worst, int(question.essential)
    for (count, raised_by, left), (lifted, chosen) in best.items():
        if count < most:
            yield (count + 1, raised_by + levels, left - essential), (lifted + lift, (*chosen, question))
