"""Conditions: they test facts asked earlier, with operators and values that fit, and can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from assessments.catalogue.checks.draft import Draft, Place, did_you_mean
from assessments.catalogue.conditions import facts_in, listed, operators_for
from assessments.catalogue.problems import Problem, several, shown
from assessments.catalogue.reader import PROFILE, barrier_file
from assessments.catalogue.satisfiable import can_hold
from assessments.catalogue.schema import AllOf, AnyOf, Condition, FactQuestion, FactTest, Item, NotOf


def sound_conditions(draft: Draft) -> Iterator[Problem]:
    """Every test, and then, of the conditions whose tests are all sound, whether they can ever hold."""
    faulty: set[str] = set()
    facts = {fact.id: fact for fact in draft.catalogue.items.values() if isinstance(fact, FactQuestion)}
    for place, item in _in_asking_order(draft):
        if item.when is None:
            continue
        found = list(_test_problems(draft, place, item, item.when))
        if not found and not _leans_on(item.when, facts, faulty):
            found = list(_never_holds(place, item, item.when, facts))
        if found or _leans_on(item.when, facts, faulty):
            faulty.add(item.id)
        yield from found


def _in_asking_order(draft: Draft) -> list[tuple[Place, Item]]:
    """Facts before what depends on them, so that a fault is reported where it begins."""
    order = {item_id: number for number, item_id in enumerate(draft.catalogue.items)}
    return sorted(draft.items, key=lambda placed: order.get(placed[1].id, len(order)))


def _leans_on(condition: Condition, facts: Mapping[str, FactQuestion], faulty: set[str]) -> bool:
    """Whether it tests a fact whose own condition is faulty, or which could not be read."""
    return any(test.fact in faulty or test.fact not in facts for test in facts_in(condition))


def _never_holds(
    place: Place, item: Item, condition: Condition, facts: Mapping[str, FactQuestion]
) -> Iterator[Problem]:
    never = [stage for stage in item.stages[:1] if not can_hold(condition, facts, stage)]
    if never and any(can_hold(condition, facts, stage) for stage in item.stages):
        yield place.problem(
            "when",
            f"a condition that cannot hold at {several(never)}: a fact that it tests is asked later",
            "a condition that can hold from the first stage on",
            "Ask this from the stage on at which the fact is asked, or ask the fact earlier.",
        )
    elif never:
        yield place.problem(
            "when",
            "a condition that can never hold: it would never be asked",
            "a condition that some answers fulfil",
            "Look for tests that exclude each other, also with the conditions of the facts themselves.",
        )


# Single tests -----------------------------------------------------------------------------------------------


def _test_problems(draft: Draft, place: Place, item: Item, condition: Condition) -> Iterator[Problem]:
    for key, test in _tests(condition, "when"):
        here = Place(place.file, f"{place.key}.{key}")
        yield from _fact_problems(draft, here, item, test) or _operator_problems(draft, here, test)


def _tests(condition: Condition, key: str) -> Iterator[tuple[str, FactTest]]:
    """Every test of a fact with its key inside the condition."""
    match condition:
        case FactTest():
            yield key, condition
        case NotOf():
            yield from _tests(condition.not_, f"{key}.not")
        case AllOf() | AnyOf():
            word, parts = ("all", condition.all) if isinstance(condition, AllOf) else ("any", condition.any)
            for number, part in enumerate(parts, start=1):
                yield from _tests(part, f"{key}.{word}[#{number}]")


def _fact_problems(draft: Draft, here: Place, item: Item, test: FactTest) -> list[Problem]:
    """What is wrong with referring to this fact from here: at most one problem."""
    items = draft.catalogue.items
    tested = items.get(test.fact)
    if tested is None:
        return _unknown_fact(draft, here, test)
    if not isinstance(tested, FactQuestion):
        return [
            here.problem(
                "fact",
                f"{test.fact}, which is no fact",
                "a fact: a level or a gate must never change what is asked, or doing better could look worse",
                "Test a fact of the profile, or add a fact question before this one.",
            )
        ]
    owner = draft.catalogue.barrier_of(tested.id)
    if owner is not None and barrier_file(owner.id) != here.file:
        return [
            here.problem(
                "fact",
                f"{test.fact}, a fact of another barrier",
                "a fact of the profile, or of the same barrier",
                "Move the fact to the profile if several barriers need it.",
            )
        ]
    order = list(items)
    if item.id in items and order.index(tested.id) >= order.index(item.id):
        return [_later_fact(here, item, tested)]
    return []


def _unknown_fact(draft: Draft, here: Place, test: FactTest) -> list[Problem]:
    file = here.file if "." in test.fact else PROFILE
    if draft.damage.hides(test.fact, file) or any(test.fact == item.id for _, item in draft.items):
        return []
    facts = [fact.id for _, fact in draft.facts]
    return [
        here.problem(
            "fact",
            f"{test.fact}, which is not there",
            "a fact of the profile, or one asked earlier in this barrier",
            did_you_mean(test.fact, facts),
        )
    ]


def _later_fact(here: Place, item: Item, tested: FactQuestion) -> Problem:
    back = tested.when is not None and any(test.fact == item.id for test in facts_in(tested.when))
    circle = f"; and {tested.id} waits for {item.id}: a circle" if back else ""
    return here.problem(
        "fact",
        f"{tested.id}, which is {'this very fact' if tested.id == item.id else 'asked later'}{circle}",
        "a fact that is asked earlier",
        f"Put {tested.id} before {item.id} on the pages, or take out the condition.",
    )


def _operator_problems(draft: Draft, here: Place, test: FactTest) -> Iterator[Problem]:
    fact = draft.catalogue.items.get(test.fact)
    if not isinstance(fact, FactQuestion):
        return
    fitting = operators_for(fact.kind)
    given = [name for name, _ in test.given]
    if len(given) != 1:
        yield here.problem(
            "",
            "no operator" if not given else f"{len(given)} operators: {several(given)}",
            f"exactly one of {several(fitting)}",
            f"Say what {test.fact} must be, in one test; join several tests with all or any.",
        )
    elif given[0] not in fitting:
        yield here.problem(
            given[0],
            f"{given[0]}, for a fact of the kind {fact.kind}",
            several(fitting),
            "Use an operator that fits the kind of the fact.",
        )
    else:
        yield from _value_problems(here, fact, *test.given[0])


def _value_problems(here: Place, fact: FactQuestion, operator: str, operand: Any) -> Iterator[Problem]:
    allowed = _ALLOWED.get(fact.kind, _anything)(fact)
    if allowed is None:
        return
    wrong = [value for value in listed(operand) if value not in allowed or type(value) is not type(allowed[0])]
    if wrong or not listed(operand):
        yield here.problem(
            operator,
            several(shown(value) for value in wrong),
            several(_spelled(value) for value in allowed),
            did_you_mean(str(wrong[0]), [str(value) for value in allowed]) if wrong else "Name a value.",
        )


def _anything(fact: FactQuestion) -> None:
    """Numbers and dates: the structure already lets nothing else through."""


def _option_ids(fact: FactQuestion) -> tuple[str, ...]:
    return tuple(option.id for option in fact.options)


_ALLOWED: Mapping[str, Callable[[FactQuestion], tuple[object, ...] | None]] = {
    "yes_no": lambda fact: (True, False),
    "choice": _option_ids,
    "choices": _option_ids,
}


def _spelled(value: object) -> str:
    """As it is written in TOML."""
    return str(value).lower() if isinstance(value, bool) else str(value)
