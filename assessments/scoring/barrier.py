"""The colour of a barrier, by rule (scoring method, rule 5), and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from assessments.scoring import sentences
from assessments.scoring.result import Colour, Decision, Trigger
from assessments.scoring.rounding import whole_per_cent
from assessments.scoring.sentences import number
from assessments.scoring.tally import Count, Tally, gap_in

HARD_GATE = "5.red.hard-gate"
ESSENTIAL = "5.red.essential-gap"
HALF = "5.red.half-the-weight"
AMBER_GATE = "5.amber.limiting-gate"
AMBER_GAPS = "5.amber.gaps"
GREEN = "5.green.no-gap"
GREEN_ONE_GAP = "5.green.one-small-gap"
NOTHING_APPLIES = "5.nothing-applies"

ANY_GAP = frozenset({HALF, AMBER_GAPS, GREEN_ONE_GAP})
"""The rules that every question with a gap has a part in."""

_BECAUSE: Mapping[str, Callable[[Tally], str]] = {
    HARD_GATE: lambda counts: number(counts.hard_open, "hard gate is open", "hard gates are open"),
    ESSENTIAL: lambda counts: (
        number(counts.serious, "essential question is", "essential questions are") + " two or more levels short"
    ),
    HALF: lambda counts: (
        f"questions with a gap make up {whole_per_cent(counts.gap_weight, counts.weight)}% of the weight (half or more)"
    ),
    AMBER_GATE: lambda counts: number(counts.limiting_open, "limiting gate is open", "limiting gates are open"),
    AMBER_GAPS: lambda counts: number(counts.gaps, "question falls", "questions fall") + " short of the level needed",
    GREEN: lambda _: "no gate is open and no question falls short",
    GREEN_ONE_GAP: lambda _: "no gate is open and only one question, not essential, falls one level short",
    NOTHING_APPLIES: lambda _: "no question of this barrier applies",
}


def colour(counts: Tally) -> Colour:
    """Gates first. Without an applicable question only an open gate gives a colour: never Green."""
    if counts.hard_open or counts.serious or falls_short_by_half(counts):
        return Colour.RED
    if counts.limiting_open:
        return Colour.AMBER
    if counts.questions == 0:
        return Colour.NOT_APPLICABLE
    return Colour.GREEN if counts.gaps == 0 or has_one_small_gap(counts) else Colour.AMBER


def falls_short_by_half(counts: Tally) -> bool:
    return counts.gaps > 0 and 2 * counts.gap_weight >= counts.weight


def has_one_small_gap(counts: Tally) -> bool:
    return counts.gaps == counts.minor == 1


def decide(count: Count) -> Decision:
    """The colour that the count gives, with the rule in words and everything that triggered it."""
    decided = colour(count.total)
    rules = _rules(decided, count.total)
    return Decision(
        colour=decided,
        rule=rules[0],
        sentence=sentences.decided(decided, [_BECAUSE[rule](count.total) for rule in rules]),
        triggers=(*_gate_triggers(rules, count), *_question_triggers(rules, count)),
    )


def _rules(decided: Colour, counts: Tally) -> tuple[str, ...]:
    """Every rule that gives this colour, the first of them first."""
    if decided is Colour.RED:
        holds = {HARD_GATE: counts.hard_open, ESSENTIAL: counts.serious, HALF: falls_short_by_half(counts)}
    elif decided is Colour.AMBER:
        holds = {AMBER_GATE: counts.limiting_open, AMBER_GAPS: counts.gaps and not has_one_small_gap(counts)}
    elif decided is Colour.GREEN:
        holds = {GREEN_ONE_GAP: counts.gaps, GREEN: not counts.gaps}
    else:
        holds = {NOTHING_APPLIES: True}
    return tuple(rule for rule, is_true in holds.items() if is_true)


def _gate_triggers(rules: tuple[str, ...], count: Count) -> Iterator[Trigger]:
    for gate, counted in count.gates:
        if (counted.hard_open and HARD_GATE in rules) or (counted.limiting_open and AMBER_GATE in rules):
            yield Trigger("gate", gate.id, sentences.gate(gate, count.run))


def _question_triggers(rules: tuple[str, ...], count: Count) -> list[Trigger]:
    """Essential questions first, the widest gap first; questions alike stay in asking order."""
    if ANY_GAP.isdisjoint(rules):
        short = [question for question, counted in count.questions if counted.serious and ESSENTIAL in rules]
    else:
        short = [question for question, counted in count.questions if counted.gaps]
    short.sort(key=lambda question: (not question.essential, -gap_in(question, count.run)))
    return [Trigger("question", question.id, sentences.question(question, count.run)) for question in short]
