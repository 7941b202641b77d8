"""Conditions, in three values: true, false, unknown (something is missing that would decide).

When something is asked depends on facts only. Rules across barriers may also test the level that is claimed for a
question and what is said of a gate. One table of operators serves evaluator and validator, so that what may be
written is what can be judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from assessments.catalogue.schema import AllOf, AnyOf, Condition, FactTest, FactValue, GateTest, LevelTest, NotOf


class Truth(IntEnum):
    """Kleene's three values. What is TRUE or FALSE stays so, however the unknown facts turn out."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __and__(self, other: int) -> Truth:
        return Truth(min(self, other))

    def __or__(self, other: int) -> Truth:
        return Truth(max(self, other))

    def __invert__(self) -> Truth:
        return _NOT[self]

    @property
    def is_possible(self) -> bool:
        return self is not Truth.FALSE


_NOT = {Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN, Truth.TRUE: Truth.FALSE}


# Operators --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Operator:
    """`kinds` are the kinds of fact question it fits; `holds(value, operand, as_of)` is what it means."""

    name: str
    kinds: tuple[str, ...]
    holds: Callable[[Any, Any, dt.date], bool]


def listed(operand: Any) -> tuple[Any, ...]:
    """`is` and `includes` take one value or a list of values: any of them."""
    return operand if isinstance(operand, tuple) else (operand,)


OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        operator.name: operator
        for operator in (
            Operator("is", ("yes_no", "choice"), lambda value, wanted, _: value in listed(wanted)),
            Operator("includes", ("choices",), lambda value, wanted, _: not set(listed(wanted)).isdisjoint(value)),
            Operator("at_least", ("number", "money"), lambda value, least, _: value >= least),
            Operator("below", ("number", "money"), lambda value, limit, _: value < limit),
            Operator("on_or_after", ("date",), lambda value, day, _: value >= day),
            Operator("before", ("date",), lambda value, day, _: value < day),
            Operator("within_days", ("date",), lambda value, days, as_of: value <= as_of + dt.timedelta(days)),
            # Compared with another fact: its value stands in for its id.
            Operator("before_fact", ("date",), lambda value, other, _: value < other),
            Operator("below_fact", ("number", "money"), lambda value, other, _: value < other),
        )
    }
)


def operators_for(kind: str) -> tuple[str, ...]:
    """The operators that fit a kind of fact question; none for text."""
    return tuple(name for name, operator in OPERATORS.items() if kind in operator.kinds)


# Evaluation -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known on a day, and of each thing whether it is asked (TRUE where nothing is said).

    `levels` are levels as claimed, `gates` the gates said to be "met" or "not_met". What is answered "not
    applicable" is as good as not asked; what is not answered, or answered "don't know", is left out. A fact whose
    option is one of `undecided` may yet turn out otherwise: only a test that names that option is certain.
    """

    facts: Mapping[str, FactValue]
    as_of: dt.date
    asked: Mapping[str, Truth]
    levels: Mapping[str, int] = field(default_factory=dict)
    gates: Mapping[str, str] = field(default_factory=dict)
    undecided: frozenset[str] = frozenset()


Rule = Callable[[Situation], Truth]
"""A condition made ready: quick to judge again and again."""


def evaluate(
    condition: Condition,
    facts: Mapping[str, FactValue],
    as_of: dt.date,
    asked: Mapping[str, Truth] | None = None,
) -> Truth:
    """Whether the condition holds. A missing fact gives UNKNOWN; a fact not asked gives FALSE to every test.

    A fact that *may* be asked gives at most UNKNOWN, whatever is stored for it: it may yet turn out hidden.
    """
    return rule(condition)(Situation(facts, as_of, asked or {}))


def rule(condition: Condition) -> Rule:
    """The condition as a function. Raises ValueError where it cannot be evaluated; it is never skipped."""
    return _RULES[type(condition)](condition)


def tests_in(condition: Condition) -> Iterator[FactTest | LevelTest | GateTest]:
    """Every single test in the condition, in reading order."""
    if isinstance(condition, FactTest | LevelTest | GateTest):
        yield condition
    for part in parts_of(condition):
        yield from tests_in(part)


def facts_in(condition: Condition) -> Iterator[FactTest]:
    """Every test of a fact in the condition, in reading order."""
    return (test for test in tests_in(condition) if isinstance(test, FactTest))


def ids_in(condition: Condition) -> tuple[str, ...]:
    """The facts, questions and gates that the condition looks at, each once, in reading order."""
    return tuple(dict.fromkeys(item for test in tests_in(condition) for item in looked_at(test)))


def looked_at(test: FactTest | LevelTest | GateTest) -> tuple[str, ...]:
    match test:
        case FactTest():
            return test.facts
        case LevelTest():
            return (test.question,)
        case GateTest():
            return (test.gate,)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that this one is put together from; none for a single test."""
    return _PARTS[type(condition)](condition)


def _fact_rule(test: FactTest) -> Rule:
    if len(test.given) != 1:
        raise ValueError(f"a test of {test.fact} needs exactly one operator, not {len(test.given)}")
    [(name, operand)] = test.given
    holds, fact = OPERATORS[name].holds, test.fact
    if test.other_fact is not None:
        return _comparison_rule(holds, fact, test.other_fact)

    def judge(situation: Situation) -> Truth:
        asked = situation.asked.get(fact, Truth.TRUE)
        if asked is Truth.FALSE:
            return Truth.FALSE
        value = situation.facts.get(fact)
        if value is None:
            return Truth.UNKNOWN
        if holds(value, operand, situation.as_of):
            return asked
        return Truth.UNKNOWN if is_undecided(value, situation.undecided) else Truth.FALSE

    return judge


def is_undecided(value: FactValue, undecided: frozenset[str]) -> bool:
    """Whether the fact is answered by an option that stands for no choice yet, alone or among others."""
    options = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    return not undecided.isdisjoint(options)


def _comparison_rule(holds: Callable[[Any, Any, dt.date], bool], fact: str, other_fact: str) -> Rule:
    def judge(situation: Situation) -> Truth:
        asked = situation.asked.get(fact, Truth.TRUE) & situation.asked.get(other_fact, Truth.TRUE)
        if asked is Truth.FALSE:
            return Truth.FALSE
        value, other = situation.facts.get(fact), situation.facts.get(other_fact)
        if value is None or other is None:
            return Truth.UNKNOWN
        return asked if holds(value, other, situation.as_of) else Truth.FALSE

    return judge


def _level_rule(test: LevelTest) -> Rule:
    if len(test.given) != 1:
        raise ValueError(f"a test of {test.question} needs exactly one operator, not {len(test.given)}")
    [(name, operand)] = test.given
    holds, question = OPERATORS[name].holds, test.question

    def judge(situation: Situation) -> Truth:
        asked = situation.asked.get(question, Truth.TRUE)
        if asked is Truth.FALSE:
            return Truth.FALSE
        level = situation.levels.get(question)
        if level is None:
            return Truth.UNKNOWN
        return asked if holds(level, operand, situation.as_of) else Truth.FALSE

    return judge


def _gate_rule(test: GateTest) -> Rule:
    gate, wanted = test.gate, test.is_

    def judge(situation: Situation) -> Truth:
        asked = situation.asked.get(gate, Truth.TRUE)
        if asked is Truth.FALSE:
            return Truth.FALSE
        state = situation.gates.get(gate)
        if state is None:
            return Truth.UNKNOWN
        return asked if state == wanted else Truth.FALSE

    return judge


def _all_rule(condition: AllOf) -> Rule:
    rules = tuple(rule(part) for part in condition.all)

    def judge(situation: Situation) -> Truth:
        found = Truth.TRUE
        for part in rules:
            truth = part(situation)
            if truth is Truth.FALSE:
                return truth
            if truth is Truth.UNKNOWN:
                found = truth
        return found

    return judge


def _any_rule(condition: AnyOf) -> Rule:
    rules = tuple(rule(part) for part in condition.any)

    def judge(situation: Situation) -> Truth:
        found = Truth.FALSE
        for part in rules:
            truth = part(situation)
            if truth is Truth.TRUE:
                return truth
            if truth is Truth.UNKNOWN:
                found = truth
        return found

    return judge


def _not_rule(condition: NotOf) -> Rule:
    judge = rule(condition.not_)
    return lambda situation: _NOT[judge(situation)]


_RULES: Mapping[type, Callable[[Any], Rule]] = {
    FactTest: _fact_rule,
    LevelTest: _level_rule,
    GateTest: _gate_rule,
    AllOf: _all_rule,
    AnyOf: _any_rule,
    NotOf: _not_rule,
}
_PARTS: Mapping[type, Callable[[Any], tuple[Condition, ...]]] = {
    FactTest: lambda _: (),
    LevelTest: lambda _: (),
    GateTest: lambda _: (),
    AllOf: lambda condition: condition.all,
    AnyOf: lambda condition: condition.any,
    NotOf: lambda condition: (condition.not_,),
}
