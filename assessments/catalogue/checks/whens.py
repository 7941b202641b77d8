"""Conditions: they test what is there, with operators and values that fit, and can hold.

What is asked may depend only on facts asked earlier; a rule across barriers may look at everything that is asked,
but what excludes what is decided by facts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assessments.catalogue.checks.draft import Draft, Place, did_you_mean
from assessments.catalogue.conditions import ids_in, listed, looked_at, operators_for
from assessments.catalogue.problems import Problem, several, shown
from assessments.catalogue.reader import PROFILE, RULES, barrier_file
from assessments.catalogue.satisfiable import can_hold
from assessments.catalogue.schema import (
    AllOf,
    AnyOf,
    Condition,
    ContradictionRule,
    Exclusion,
    FactQuestion,
    FactTest,
    Gate,
    GateTest,
    Item,
    LevelQuestion,
    LevelTest,
    NotOf,
    Stage,
)

Test = FactTest | LevelTest | GateTest


def sound_conditions(draft: Draft) -> Iterator[Problem]:
    """Every test, and then, of the conditions whose tests are all sound, whether they can ever hold."""
    faulty: set[str] = set()
    items = draft.catalogue.items
    for place, item in _in_asking_order(draft):
        if item.when is None:
            continue
        found = list(_test_problems(draft, place, item, item.when))
        if not found and not _leans_on(item.when, items, faulty):
            found = list(_never_holds(place, item, item.when, draft))
        if found or _leans_on(item.when, items, faulty):
            faulty.add(item.id)
        yield from found
    yield from _rule_problems(draft, faulty)


def _in_asking_order(draft: Draft) -> list[tuple[Place, Item]]:
    """Facts before what depends on them, so that a fault is reported where it begins."""
    order = {item_id: number for number, item_id in enumerate(draft.catalogue.items)}
    return sorted(draft.items, key=lambda placed: order.get(placed[1].id, len(order)))


def _leans_on(condition: Condition, items: Mapping[str, Item], faulty: set[str]) -> bool:
    """Whether it tests something whose own condition is faulty, or which could not be read."""
    return any(tested in faulty or tested not in items for tested in ids_in(condition))


def _never_holds(place: Place, item: Item, condition: Condition, draft: Draft) -> Iterator[Problem]:
    items, undecided = draft.catalogue.items, draft.catalogue.rules.undecided
    never = [stage for stage in item.stages[:1] if not can_hold(condition, items, stage, undecided)]
    if never and any(can_hold(condition, items, stage, undecided) for stage in item.stages):
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


def _tests(condition: Condition, key: str) -> Iterator[tuple[str, Test]]:
    """Every single test with its key inside the condition."""
    match condition:
        case FactTest() | LevelTest() | GateTest():
            yield key, condition
        case NotOf():
            yield from _tests(condition.not_, f"{key}.not")
        case AllOf() | AnyOf():
            word, parts = ("all", condition.all) if isinstance(condition, AllOf) else ("any", condition.any)
            for number, part in enumerate(parts, start=1):
                yield from _tests(part, f"{key}.{word}[#{number}]")


def _fact_problems(draft: Draft, here: Place, item: Item, test: Test) -> list[Problem]:
    """What is wrong with referring to these facts from here: at most one problem for each."""
    return [problem for tested in looked_at(test) for problem in _fact_problem(draft, here, item, test, tested)]


def _fact_problem(draft: Draft, here: Place, item: Item, test: Test, tested_id: str) -> list[Problem]:
    items, field = draft.catalogue.items, _field(test, tested_id)
    tested = items.get(tested_id)
    if not isinstance(test, FactTest) or (tested is not None and not isinstance(tested, FactQuestion)):
        return [
            here.problem(
                field,
                f"{tested_id}, which is no fact",
                "a fact: a level or a gate must never change what is asked, or doing better could look worse",
                "Test a fact of the profile, or add a fact question before this one.",
            )
        ]
    if tested is None:
        allowed = "a fact of the profile, or one asked earlier in this barrier"
        return _unknown(draft, here, field, tested_id, [fact.id for _, fact in draft.facts], allowed)
    owner = draft.catalogue.barrier_of(tested.id)
    if owner is not None and barrier_file(owner.id) != here.file:
        return [
            here.problem(
                field,
                f"{tested_id}, a fact of another barrier",
                "a fact of the profile, or of the same barrier",
                "Move the fact to the profile if several barriers need it.",
            )
        ]
    order = list(items)
    if item.id in items and order.index(tested.id) >= order.index(item.id):
        return [_later_fact(here, field, item, tested)]
    return []


def _field(test: Test, tested: str) -> str:
    """Under which key the test names what it looks at."""
    match test:
        case FactTest():
            return "fact" if tested == test.fact else "before_fact" if tested == test.before_fact else "below_fact"
        case LevelTest():
            return "question"
        case GateTest():
            return "gate"


def _unknown(draft: Draft, here: Place, field: str, wrong: str, known: Sequence[str], allowed: str) -> list[Problem]:
    file = here.file if "." in wrong and here.file != RULES else PROFILE
    if draft.damage.hides(wrong, file) or any(wrong == item.id for _, item in draft.items):
        return []
    return [here.problem(field, f"{wrong}, which is not there", allowed, did_you_mean(wrong, known))]


def _later_fact(here: Place, field: str, item: Item, tested: FactQuestion) -> Problem:
    back = tested.when is not None and item.id in ids_in(tested.when)
    circle = f"; and {tested.id} waits for {item.id}: a circle" if back else ""
    return here.problem(
        field,
        f"{tested.id}, which is {'this very fact' if tested.id == item.id else 'asked later'}{circle}",
        "a fact that is asked earlier",
        f"Put {tested.id} before {item.id} on the pages, or take out the condition.",
    )


def _operator_problems(draft: Draft, here: Place, test: Test) -> Iterator[Problem]:
    match test:
        case FactTest():
            fact = draft.catalogue.items.get(test.fact)
            if isinstance(fact, FactQuestion):
                yield from _fact_operator_problems(draft, here, fact, test)
        case LevelTest():
            yield from _level_operator_problems(here, test)
        case GateTest():
            pass  # the structure lets nothing else through


def _level_operator_problems(here: Place, test: LevelTest) -> Iterator[Problem]:
    given = [name for name, _ in test.given]
    if len(given) != 1:
        yield here.problem(
            "",
            "no operator" if not given else f"{len(given)} operators: {several(given)}",
            "exactly one of at_least, below",
            f"Say what level of {test.question} is meant, in one test; join several tests with all or any.",
        )
        return
    [(name, level)] = test.given
    if not 1 <= level <= 4:
        yield here.problem(name, str(level), "a level from 1 to 4", "Correct the level: any other decides nothing.")


def _fact_operator_problems(draft: Draft, here: Place, fact: FactQuestion, test: FactTest) -> Iterator[Problem]:
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
    elif test.other_fact is not None:
        other = draft.catalogue.items.get(test.other_fact)
        if isinstance(other, FactQuestion) and (other.kind != fact.kind or other.id == fact.id):
            yield here.problem(
                given[0],
                f"{other.id}, " + ("this very fact" if other.id == fact.id else f"a fact of the kind {other.kind}"),
                f"another fact of the kind {fact.kind}",
                "Compare two facts of the same kind.",
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


# Rules across barriers --------------------------------------------------------------------------------------


def _rule_problems(draft: Draft, faulty: set[str]) -> Iterator[Problem]:
    """As for what is asked; but a rule may look at anything, and it is enough that it can hold at some stage."""
    items = draft.catalogue.items
    written_rules: tuple[tuple[Place, ContradictionRule | Exclusion], ...] = (*draft.contradictions, *draft.exclusions)
    for place, written in written_rules:
        facts_only = isinstance(written, Exclusion) and written.effect == "closes"
        found = [
            problem
            for key, test in _tests(written.when, "when")
            for problem in _rule_test_problems(
                draft, Place(place.file, f"{place.key}.{key}"), test, facts_only=facts_only
            )
        ]
        yield from found
        if found or _leans_on(written.when, items, faulty):
            continue
        if not any(can_hold(written.when, items, stage, draft.catalogue.rules.undecided) for stage in reversed(Stage)):
            yield place.problem(
                "when",
                "a condition that can never hold: the rule would never speak",
                "a condition that some answers fulfil",
                "Look for tests that exclude each other, also with the conditions of what they test.",
            )


_TESTED: Mapping[type, tuple[type, str]] = {
    FactTest: (FactQuestion, "a fact"),
    LevelTest: (LevelQuestion, "a question with levels"),
    GateTest: (Gate, "a gate"),
}


def _rule_test_problems(draft: Draft, here: Place, test: Test, *, facts_only: bool) -> Iterator[Problem]:
    wanted, allowed = _TESTED[type(test)]
    wrong = False
    for tested_id in looked_at(test):
        field, tested = _field(test, tested_id), draft.catalogue.items.get(tested_id)
        if facts_only and not isinstance(test, FactTest):
            wrong = True
            yield here.problem(
                field,
                f"{tested_id}, which is no fact",
                "a fact: choices exclude each other, however far the work on them has got",
                'Test a fact; or give it the effect "doubts", which closes nothing.',
            )
        elif tested is None:
            wrong = True
            known = [item.id for _, item in draft.items if isinstance(item, wanted)]
            yield from _unknown(draft, here, field, tested_id, known, f"the id of {allowed}")
        elif not isinstance(tested, wanted):
            wrong = True
            yield here.problem(
                field, f"{tested_id}, which is not {allowed}", f"the id of {allowed}", _USE[type(tested)]
            )
    if not wrong:
        yield from _operator_problems(draft, here, test)


_USE: Mapping[type, str] = {
    FactQuestion: "Test a fact with { fact = ... }.",
    LevelQuestion: "Test a level with { question = ... }.",
    Gate: "Test a gate with { gate = ... }.",
}
