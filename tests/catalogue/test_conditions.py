"""Conditions in three values: the operators, Kleene's tables; knowing more never turns an answer round."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assessments.catalogue.conditions import (
    OPERATORS,
    Situation,
    Truth,
    evaluate,
    ids_in,
    operators_for,
    rule,
)
from assessments.catalogue.schema import Condition, FactTest, FactValue

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
DAY = dt.date(2026, 11, 21)

truths = st.sampled_from(Truth)


def make_condition(raw: dict[str, Any]) -> Condition:
    condition: Condition = TypeAdapter(Condition).validate_python(raw)
    return condition


# Operators


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        ({"is": "council"}, "council", TRUE),
        ({"is": "council"}, "nhs-trust", FALSE),
        ({"is": ["council", "other"]}, "other", TRUE),
        ({"is": True}, True, TRUE),
        ({"is": True}, False, FALSE),
        ({"is": False}, False, TRUE),
        ({"includes": "lgps"}, ("lgps", "nhs"), TRUE),
        ({"includes": ["nhs", "teachers"]}, ("lgps", "nhs"), TRUE),
        ({"includes": "teachers"}, ("lgps", "nhs"), FALSE),
        ({"includes": "lgps"}, (), FALSE),
        ({"at_least": 20}, 20, TRUE),
        ({"at_least": 20}, 19, FALSE),
        ({"at_least": 20}, Decimal("19.99"), FALSE),
        ({"below": 20}, Decimal("19.99"), TRUE),
        ({"below": 20}, 20, FALSE),
        ({"on_or_after": DAY}, DAY, TRUE),
        ({"on_or_after": DAY}, DAY - dt.timedelta(1), FALSE),
        ({"before": DAY}, DAY, FALSE),
        ({"before": DAY}, DAY - dt.timedelta(1), TRUE),
        ({"within_days": 30}, DAY + dt.timedelta(30), TRUE),
        ({"within_days": 30}, DAY + dt.timedelta(31), FALSE),
        ({"within_days": 30}, DAY - dt.timedelta(400), TRUE),
        ({"within_days": -1}, DAY - dt.timedelta(1), TRUE),
        ({"within_days": -1}, DAY, FALSE),
        ({"before_fact": "day"}, DAY - dt.timedelta(1), TRUE),
        ({"before_fact": "day"}, DAY, FALSE),
        ({"below_fact": "ten"}, 9, TRUE),
        ({"below_fact": "ten"}, 10, FALSE),
    ],
)
def test_operator(test: dict[str, Any], value: FactValue, expected: Truth) -> None:
    assert evaluate(make_condition({"fact": "f"} | test), {"f": value, "day": DAY, "ten": 10}, DAY) is expected


@pytest.mark.parametrize("known", [{"f": 1}, {"g": 1}, {}], ids=["one", "other", "neither"])
def test_comparison_with_a_missing_fact_is_unknown(known: dict[str, FactValue]) -> None:
    assert evaluate(make_condition({"fact": "f", "below_fact": "g"}), known, DAY) is UNKNOWN


@pytest.mark.parametrize("hidden", ["f", "g"])
def test_comparison_with_a_fact_not_asked_fails(hidden: str) -> None:
    condition = make_condition({"fact": "f", "below_fact": "g"})
    assert evaluate(condition, {"f": 1, "g": 2}, DAY, {hidden: FALSE}) is FALSE
    assert evaluate(condition, {"f": 1, "g": 2}, DAY, {hidden: UNKNOWN}) is UNKNOWN


# Levels and gates


def judge(raw: dict[str, Any], situation: Situation) -> Truth:
    return rule(make_condition(raw))(situation)


def answered(levels: dict[str, int] | None = None, gates: dict[str, str] | None = None, **asked: Truth) -> Situation:
    return Situation({}, DAY, asked, levels or {}, gates or {})


@pytest.mark.parametrize(
    ("test", "level", "expected"),
    [({"at_least": 3}, 3, TRUE), ({"at_least": 3}, 2, FALSE), ({"below": 2}, 1, TRUE), ({"below": 2}, 2, FALSE)],
)
def test_level(test: dict[str, int], level: int, expected: Truth) -> None:
    assert judge({"question": "q"} | test, answered({"q": level})) is expected


def test_level_not_answered_is_unknown() -> None:
    assert judge({"question": "q", "below": 2}, answered()) is UNKNOWN


def test_level_not_asked_fails_every_test() -> None:
    assert judge({"question": "q", "below": 2}, answered({"q": 0}, q=FALSE)) is FALSE
    assert judge({"question": "q", "below": 2}, answered({"q": 0}, q=UNKNOWN)) is UNKNOWN


@pytest.mark.parametrize("test", [{}, {"at_least": 1, "below": 2}], ids=["none", "two"])
def test_level_without_exactly_one_operator_cannot_be_evaluated(test: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="exactly one operator"):
        judge({"question": "q"} | test, answered({"q": 1}))


@pytest.mark.parametrize(("wanted", "expected"), [("met", TRUE), ("not_met", FALSE)])
def test_gate(wanted: str, expected: Truth) -> None:
    assert judge({"gate": "g", "is": wanted}, answered(gates={"g": "met"})) is expected


def test_gate_not_answered_is_unknown() -> None:
    assert judge({"gate": "g", "is": "not_met"}, answered()) is UNKNOWN


def test_gate_not_asked_fails_every_test() -> None:
    assert judge({"gate": "g", "is": "met"}, answered(gates={"g": "met"}, g=FALSE)) is FALSE
    assert judge({"gate": "g", "is": "met"}, answered(gates={"g": "met"}, g=UNKNOWN)) is UNKNOWN


def test_what_a_condition_looks_at() -> None:
    condition = make_condition(
        {"all": [{"fact": "a", "before_fact": "b"}, {"not": {"question": "q", "below": 1}}, {"gate": "g", "is": "met"}]}
    )
    assert ids_in(condition) == ("a", "b", "q", "g")


def test_missing_fact_is_unknown() -> None:
    assert evaluate(make_condition({"fact": "f", "is": True}), {}, DAY) is UNKNOWN


@pytest.mark.parametrize(
    "test",
    [{"is": True}, {"is": False}, {"at_least": 0}, {"below": 10**9}],
    ids=lambda test: next(iter(test)),
)
def test_fact_not_asked_fails_every_test(test: dict[str, Any]) -> None:
    assert evaluate(make_condition({"fact": "f"} | test), {"f": True}, DAY, {"f": FALSE}) is FALSE


def test_fact_that_may_be_asked_is_at_most_unknown() -> None:
    condition = make_condition({"fact": "f", "is": True})
    assert evaluate(condition, {"f": True}, DAY, {"f": UNKNOWN}) is UNKNOWN
    assert evaluate(condition, {"f": False}, DAY, {"f": UNKNOWN}) is FALSE


@pytest.mark.parametrize("test", [{}, {"at_least": 1, "below": 2}], ids=["none", "two"])
def test_test_without_exactly_one_operator_cannot_be_evaluated(test: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="exactly one operator"):
        evaluate(FactTest.model_validate({"fact": "f"} | test), {"f": 1}, DAY)


def test_every_operator_of_the_files_is_in_the_table() -> None:
    written = {field.alias or name for name, field in FactTest.model_fields.items()} - {"fact"}
    assert written == set(OPERATORS)


@pytest.mark.parametrize(
    ("kind", "operators"),
    [
        ("yes_no", ("is",)),
        ("choice", ("is",)),
        ("choices", ("includes",)),
        ("number", ("at_least", "below", "below_fact")),
        ("money", ("at_least", "below", "below_fact")),
        ("date", ("on_or_after", "before", "within_days", "before_fact")),
        ("text", ()),
    ],
)
def test_operators_for_kind(kind: str, operators: tuple[str, ...]) -> None:
    assert operators_for(kind) == operators


# Kleene's tables


AND = {
    (TRUE, TRUE): TRUE,
    (TRUE, UNKNOWN): UNKNOWN,
    (TRUE, FALSE): FALSE,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, FALSE): FALSE,
    (FALSE, FALSE): FALSE,
}
OR = {
    (TRUE, TRUE): TRUE,
    (TRUE, UNKNOWN): TRUE,
    (TRUE, FALSE): TRUE,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, FALSE): UNKNOWN,
    (FALSE, FALSE): FALSE,
}
ANSWER: dict[Truth, dict[str, FactValue]] = {TRUE: {"value": True}, FALSE: {"value": False}, UNKNOWN: {}}


def facts_for(**wanted: Truth) -> dict[str, FactValue]:
    return {fact: value for fact, truth in wanted.items() for value in ANSWER[truth].values()}


A, B = {"fact": "a", "is": True}, {"fact": "b", "is": True}


@pytest.mark.parametrize(("a", "b"), list(product(Truth, Truth)))
def test_tables(a: Truth, b: Truth) -> None:
    facts, pair = facts_for(a=a, b=b), tuple(sorted((a, b), reverse=True))
    assert evaluate(make_condition({"all": [A, B]}), facts, DAY) is (a & b) is AND[pair]  # type: ignore[index]
    assert evaluate(make_condition({"any": [A, B]}), facts, DAY) is (a | b) is OR[pair]  # type: ignore[index]
    assert evaluate(make_condition({"not": A}), facts, DAY) is ~a


@given(truths, truths, truths)
def test_laws(a: Truth, b: Truth, c: Truth) -> None:
    assert ~~a is a
    assert ~(a & b) is (~a | ~b)
    assert (a & b) is (b & a)
    assert ((a & b) & c) is (a & (b & c))
    assert (a & (b | c)) is ((a & b) | (a & c))
    assert (a | (a & b)) is a


# Knowing more

FACTS: dict[str, st.SearchStrategy[FactValue]] = {
    "yes": st.booleans(),
    "choice": st.sampled_from(["x", "y", "z"]),
    "choices": st.sets(st.sampled_from(["x", "y", "z"])).map(lambda chosen: tuple(sorted(chosen))),
    "number": st.integers(0, 5),
    "other-number": st.integers(0, 5),
    "date": st.dates(DAY - dt.timedelta(5), DAY + dt.timedelta(5)),
    "other-date": st.dates(DAY - dt.timedelta(5), DAY + dt.timedelta(5)),
}
LEVELS = {"q": st.integers(0, 4), "r": st.integers(0, 4)}
GATES = {"g": st.sampled_from(["met", "not_met"])}
tests_of_facts = st.one_of(
    st.builds(lambda value: {"fact": "yes", "is": value}, st.booleans()),
    st.builds(lambda value: {"fact": "choice", "is": value}, st.sampled_from(["x", "y", "z"])),
    st.builds(lambda value: {"fact": "choices", "includes": value}, st.sampled_from(["x", "y", "z"])),
    st.builds(lambda value: {"fact": "number", "at_least": value}, st.integers(0, 5)),
    st.builds(lambda value: {"fact": "number", "below": value}, st.integers(0, 5)),
    st.builds(lambda value: {"fact": "date", "within_days": value}, st.integers(-5, 5)),
    st.just({"fact": "date", "before_fact": "other-date"}),
    st.just({"fact": "number", "below_fact": "other-number"}),
)
tests_of_answers = st.one_of(
    tests_of_facts,
    st.builds(lambda q, value: {"question": q, "at_least": value}, st.sampled_from(list(LEVELS)), st.integers(1, 4)),
    st.builds(lambda q, value: {"question": q, "below": value}, st.sampled_from(list(LEVELS)), st.integers(1, 4)),
    st.builds(lambda value: {"gate": "g", "is": value}, st.sampled_from(["met", "not_met"])),
)


def conditions_over(single: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        single,
        lambda inner: st.one_of(
            st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda part: {"not": part}, inner),
        ),
        max_leaves=8,
    ).map(make_condition)


conditions = conditions_over(tests_of_facts)


@given(conditions, st.fixed_dictionaries(FACTS), st.sets(st.sampled_from(list(FACTS))))
def test_what_is_known_stays_when_more_is_known(
    condition: Condition, facts: dict[str, FactValue], missing: set[str]
) -> None:
    before = evaluate(condition, {fact: value for fact, value in facts.items() if fact not in missing}, DAY)
    after = evaluate(condition, facts, DAY)
    assert before in (UNKNOWN, after)


@given(conditions, st.fixed_dictionaries(FACTS), st.sets(st.sampled_from(list(FACTS))), st.data())
def test_what_is_known_stays_when_it_turns_out_what_is_asked(
    condition: Condition, facts: dict[str, FactValue], doubtful: set[str], data: st.DataObject
) -> None:
    before = evaluate(condition, facts, DAY, dict.fromkeys(doubtful, UNKNOWN))
    settled = {fact: data.draw(st.sampled_from([TRUE, FALSE])) for fact in sorted(doubtful)}
    assert before in (UNKNOWN, evaluate(condition, facts, DAY, settled))


situations = st.builds(
    lambda facts, levels, gates: Situation(facts, DAY, {}, levels, gates),
    st.fixed_dictionaries(FACTS),
    st.fixed_dictionaries(LEVELS),
    st.fixed_dictionaries(GATES),
)


@given(conditions_over(tests_of_answers), situations, st.sets(st.sampled_from([*FACTS, *LEVELS, *GATES])), st.data())
def test_what_is_known_stays_when_more_is_answered_or_left_out(
    condition: Condition, whole: Situation, missing: set[str], data: st.DataObject
) -> None:
    """What is missing is answered, or turns out not to be asked."""
    gone = {name for name in sorted(missing) if data.draw(st.booleans())}
    before = Situation(
        without(whole.facts, missing), DAY, {}, without(whole.levels, missing), without(whole.gates, missing)
    )
    after = Situation(whole.facts, DAY, dict.fromkeys(gone, FALSE), whole.levels, whole.gates)

    assert rule(condition)(before) in (UNKNOWN, rule(condition)(after))


def without(known: Mapping[str, Any], missing: set[str]) -> dict[str, Any]:
    return {name: value for name, value in known.items() if name not in missing}
