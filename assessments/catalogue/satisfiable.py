"""Can a condition ever hold? Answered exactly, by trying all situations that can make a difference.

Between two neighbouring constants of its tests every number and every date gives the same truths, so one
value for each stretch is enough; options that no test names are all alike, so one of them is enough.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations

from assessments.catalogue.conditions import Rule, Situation, Truth, facts_in, listed, rule
from assessments.catalogue.schema import Condition, FactQuestion, FactTest, FactValue, Stage

Questions = Mapping[str, FactQuestion]

_DAY = dt.timedelta(1)
_SOME_DAY = dt.date(2000, 1, 1)


def can_hold(condition: Condition, facts: Questions, stage: Stage) -> bool:
    """Whether some answers to the facts, on some day, make the condition TRUE at the stage.

    `facts` are the fact questions in asking order. The condition, and the `when` of every fact it refers to,
    must be sound in themselves: they refer to earlier facts, with operators that fit.
    """
    needed = _needed(condition, facts)
    tests = list(chain(facts_in(condition), *(facts_in(fact.when) for fact in needed if fact.when is not None)))
    steps = tuple(_Step(fact, rule(fact.when) if fact.when else None, stage in fact.stages) for fact in needed)
    goal = rule(condition)
    return any(_search(goal, steps, tests, Situation({}, as_of, {})) for as_of in _days_to_ask_on(tests))


def _needed(condition: Condition, facts: Questions) -> tuple[FactQuestion, ...]:
    """The facts that the condition depends on, directly or through their own conditions, in asking order."""
    found: set[str] = set()
    waiting = [condition]
    while waiting:
        new = {test.fact for test in facts_in(waiting.pop())} - found
        found |= new
        waiting += [when for when in (facts[fact].when for fact in new) if when is not None]
    return tuple(fact for fact in facts.values() if fact.id in found)


@dataclass(frozen=True, slots=True)
class _Step:
    fact: FactQuestion
    when: Rule | None
    at_stage: bool

    def is_asked(self, situation: Situation) -> bool:
        return self.at_stage and (self.when is None or self.when(situation) is Truth.TRUE)


def _search(goal: Rule, steps: tuple[_Step, ...], tests: list[FactTest], situation: Situation) -> bool:
    """Settles fact after fact, giving up a branch as soon as the goal cannot hold in it any more."""
    truth = goal(situation)
    if truth is not Truth.UNKNOWN or not steps:
        return truth is Truth.TRUE
    step, rest = steps[0], steps[1:]
    if not step.is_asked(situation):
        return _search(goal, rest, tests, _hidden(situation, step.fact.id))
    values = _VALUES[step.fact.kind](step.fact, [test for test in tests if test.fact == step.fact.id], situation.as_of)
    return any(_search(goal, rest, tests, _answered(situation, step.fact.id, value)) for value in values)


def _hidden(situation: Situation, fact: str) -> Situation:
    return Situation(situation.facts, situation.as_of, {**situation.asked, fact: Truth.FALSE})


def _answered(situation: Situation, fact: str, value: FactValue) -> Situation:
    return Situation({**situation.facts, fact: value}, situation.as_of, situation.asked)


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
    constants = [limit for test in tests for limit in (test.at_least, test.below) if limit is not None]
    ends = [end for end in (fact.minimum, fact.maximum) if end is not None]
    candidates = {0, *ends, *constants, *(limit - 1 for limit in constants)}
    least, most = fact.minimum, fact.maximum
    return sorted(n for n in candidates if (least is None or n >= least) and (most is None or n <= most))


def _dates(fact: FactQuestion, tests: list[FactTest], as_of: dt.date) -> Iterable[FactValue]:
    limits = [as_of + dt.timedelta(days) for days in _spans(tests)]
    return sorted({as_of, *limits, *(day + _DAY for day in limits), *_fixed_days(tests)})


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
