"""Can a condition ever hold? Answered exactly, by trying all situations that can make a difference.

Between two neighbouring constants of its tests every number and every date gives the same truths, so one
value for each stretch is enough; options that no test names are all alike, so one of them is enough.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, combinations

from assessments.catalogue.conditions import Rule, Situation, Truth, facts_in, ids_in, listed, rule, tests_in
from assessments.catalogue.schema import (
    Condition,
    FactQuestion,
    FactTest,
    FactValue,
    Gate,
    GateTest,
    Item,
    LevelQuestion,
    LevelTest,
    Stage,
)

Items = Mapping[str, Item]
Test = FactTest | LevelTest | GateTest

_DAY = dt.timedelta(1)
_SOME_DAY = dt.date(2000, 1, 1)


def can_hold(condition: Condition, items: Items, stage: Stage, undecided: frozenset[str] = frozenset()) -> bool:
    """Whether some answers, on some day, make the condition TRUE at the stage."""
    return witness(condition, items, stage, undecided) is not None


def witness(
    condition: Condition, items: Items, stage: Stage, undecided: frozenset[str] = frozenset()
) -> Situation | None:
    """Answers on a day that make the condition TRUE at the stage; None where there are none.

    `items` are what it may look at, in asking order, `undecided` the options that decide nothing. The condition, and
    the `when` of everything it refers to, must be sound in themselves: they refer to earlier facts, with operators
    that fit.
    """
    needed = _needed(condition, items)
    tests = list(chain(tests_in(condition), *(facts_in(item.when) for item in needed if item.when is not None)))
    steps = tuple(_Step(item, rule(item.when) if item.when else None, stage in item.stages) for item in needed)
    goal = rule(condition)
    days = _days_to_ask_on(_of_facts(tests))
    found = (_search(goal, steps, tests, Situation({}, day, {}, undecided=undecided)) for day in days)
    return next((situation for situation in found if situation is not None), None)


def _needed(condition: Condition, items: Items) -> tuple[Item, ...]:
    """What the condition depends on, directly or through the conditions of that, in asking order."""
    found: set[str] = set()
    waiting = [condition]
    while waiting:
        new = set(ids_in(waiting.pop())) - found
        found |= new
        waiting += [when for when in (items[item].when for item in new) if when is not None]
    return tuple(item for item in items.values() if item.id in found)


def _of_facts(tests: Iterable[Test]) -> list[FactTest]:
    return [test for test in tests if isinstance(test, FactTest)]


@dataclass(frozen=True, slots=True)
class _Step:
    item: Item
    when: Rule | None
    at_stage: bool

    def is_asked(self, situation: Situation) -> bool:
        return self.at_stage and (self.when is None or self.when(situation) is Truth.TRUE)


def _search(goal: Rule, steps: tuple[_Step, ...], tests: list[Test], situation: Situation) -> Situation | None:
    """Settles one thing after another, giving up a branch as soon as the goal cannot hold in it any more."""
    truth = goal(situation)
    if truth is not Truth.UNKNOWN or not steps:
        return situation if truth is Truth.TRUE else None
    step, rest = steps[0], steps[1:]
    if not step.is_asked(situation):
        return _search(goal, rest, tests, _hidden(situation, step.item.id))
    found = (_search(goal, rest, tests, answered) for answered in _answers(step.item, tests, situation))
    return next((answered for answered in found if answered is not None), None)


def _hidden(situation: Situation, item_id: str) -> Situation:
    return replace(situation, asked={**situation.asked, item_id: Truth.FALSE})


def _answers(item: Item, tests: list[Test], situation: Situation) -> Iterator[Situation]:
    """The situation with every answer to the item that can make a difference."""
    match item:
        case LevelQuestion():
            for level in _levels(item, tests):
                yield replace(situation, levels={**situation.levels, item.id: level})
        case Gate():
            for state in ("met", "not_met"):
                yield replace(situation, gates={**situation.gates, item.id: state})
        case FactQuestion():
            matter = _that_matter(item, _of_facts(tests))
            decisive = _that_decides(item, matter, situation.undecided)
            for value in _VALUES[item.kind](decisive, matter, situation.as_of):
                yield replace(situation, facts={**situation.facts, item.id: value})


def _that_matter(fact: FactQuestion, tests: list[FactTest]) -> list[FactTest]:
    """The tests of the fact, and all tests of the facts that it is compared with, one after another."""
    together = {fact.id}
    for _ in tests:
        together.update(*(test.facts for test in tests if not together.isdisjoint(test.facts)))
    return [test for test in tests if test.fact in together]


def _that_decides(fact: FactQuestion, tests: list[FactTest], undecided: frozenset[str]) -> FactQuestion:
    """The fact without the options that decide nothing, but for those that a test names."""
    named = {option for test in tests for option in listed(test.is_ or test.includes or ())}
    options = tuple(option for option in fact.options if option.id in named or option.id not in undecided)
    return fact.model_copy(update={"options": options})


def _levels(question: LevelQuestion, tests: list[Test]) -> list[int]:
    constants = {
        number
        for test in tests
        if isinstance(test, LevelTest) and test.question == question.id
        for _, number in test.given
    }
    return sorted(level for level in {0, *constants, *(number - 1 for number in constants)} if 0 <= level <= 4)


# The values that can make a difference ----------------------------------------------------------------------


def _yes_and_no(fact: FactQuestion, tests: list[FactTest], as_of: dt.date) -> Iterable[FactValue]:
    return (True, False)


def _one_option(fact: FactQuestion, tests: list[FactTest], as_of: dt.date) -> Iterable[FactValue]:
    return _options_that_matter(fact, [test.is_ for test in tests])


def _some_options(fact: FactQuestion, tests: list[FactTest], as_of: dt.date) -> Iterable[FactValue]:
    options = _options_that_matter(fact, [test.includes for test in tests])
    return chain.from_iterable(combinations(options, size) for size in range(1, len(options) + 1))


def _options_that_matter(fact: FactQuestion, operands: Iterable[object]) -> list[str]:
    named = {option for operand in operands if operand is not None for option in listed(operand)}
    known = [option.id for option in fact.options]
    return [option for option in known if option in named] + [option for option in known if option not in named][:1]


def _numbers(fact: FactQuestion, tests: list[FactTest], as_of: dt.date) -> Iterable[FactValue]:
    """Numbers that are compared with one another need enough values around every limit that is named."""
    constants = [limit for test in tests for limit in (test.at_least, test.below) if limit is not None]
    ends = [end for end in (fact.minimum, fact.maximum) if end is not None]
    compared = _compared(tests)
    named = {0, *ends, *constants}
    candidates = {number + step for number in named for step in range(-max(compared, 1), compared + 1)}
    least, most = fact.minimum, fact.maximum
    return sorted(n for n in candidates if (least is None or n >= least) and (most is None or n <= most))


def _dates(fact: FactQuestion, tests: list[FactTest], as_of: dt.date) -> Iterable[FactValue]:
    """Dates are compared with one another too: so there are enough of them around every date that is named."""
    named = {as_of, *(as_of + dt.timedelta(days) for days in _spans(tests)), *_fixed_days(tests)}
    compared = _compared(tests)
    steps = range(-compared, max(compared, 1) + 1)
    return sorted({day + _DAY * step for day in named for step in steps})


def _compared(tests: list[FactTest]) -> int:
    """How many facts are compared with one another."""
    return len({fact for test in tests for fact in test.facts if test.other_fact is not None})


def _text(fact: FactQuestion, tests: list[FactTest], as_of: dt.date) -> Iterable[FactValue]:
    return ("text",)


_VALUES: Mapping[str, Callable[[FactQuestion, list[FactTest], dt.date], Iterable[FactValue]]] = {
    "yes_no": _yes_and_no,
    "choice": _one_option,
    "choices": _some_options,
    "number": _numbers,
    "money": _numbers,
    "date": _dates,
    "text": _text,
}


def _days_to_ask_on(tests: list[FactTest]) -> Iterator[dt.date]:
    """The days of asking that can make a difference: around each fixed date, seen from each span of days."""
    spans, fixed = _spans(tests), _fixed_days(tests)
    turning = {day - dt.timedelta(span) for day in fixed for span in spans}
    yield from sorted({_SOME_DAY, *(day + _DAY * step for day in turning for step in (-1, 0, 1))})


def _spans(tests: Iterable[FactTest]) -> list[int]:
    return [test.within_days for test in tests if test.within_days is not None]


def _fixed_days(tests: Iterable[FactTest]) -> set[dt.date]:
    """Each date that a test names, and the day before it: the last that is still before."""
    days = {day for test in tests for day in (test.on_or_after, test.before) if day is not None}
    return days | {day - _DAY for day in days}
