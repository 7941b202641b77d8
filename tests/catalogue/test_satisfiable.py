"""A condition that can never hold is found exactly: no false alarm, none missed."""

import datetime as dt
from itertools import chain, combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assessments.catalogue.conditions import Truth, evaluate
from assessments.catalogue.satisfiable import can_hold
from assessments.catalogue.schema import (
    Condition,
    FactQuestion,
    FactValue,
    Gate,
    Item,
    LevelQuestion,
    Option,
    Stage,
)

DAY = dt.date(2026, 11, 21)
CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


def make_fact(fact_id: str, kind: str, **more: Any) -> FactQuestion:
    options = tuple(Option(id=option, text=option) for option in more.pop("options", ()))
    return FactQuestion.model_validate(
        {"id": fact_id, "kind": kind, "title": fact_id, "text": fact_id, "options": options} | more
    )


def make_level(question_id: str, **more: Any) -> LevelQuestion:
    words = {"title": "T", "text": "T", "levels": ["a", "b", "c", "d", "e"], "required": dict.fromkeys(Stage, 1)}
    return LevelQuestion.model_validate({"id": question_id, "kind": "level"} | words | more)


def make_gate(gate_id: str) -> Gate:
    words = {"title": "T", "text": "T", "met_means": "Yes", "not_met_means": "No"}
    return Gate.model_validate({"id": gate_id, "binds": dict.fromkeys(Stage, "hard")} | words)


FACTS: dict[str, Item] = {
    fact.id: fact
    for fact in (
        make_fact("sector", "choice", options=("council", "nhs", "other")),
        make_fact("reorganised", "yes_no", when={"fact": "sector", "is": "council"}),
        make_fact("vesting", "date", when={"fact": "reorganised", "is": True}),
        make_fact("schemes", "choices", options=("lgps", "nhs")),
        make_fact("staff", "number", minimum=0, maximum=9),
        make_fact("value", "money", from_stage="plan"),
        make_fact("go-live", "date"),
        make_fact("decision", "date"),
        make_fact("members", "number", minimum=0, maximum=9),
        make_level("q"),
        make_level("r", when={"fact": "sector", "is": "nhs"}),
        make_gate("g"),
    )
}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"fact": "sector", "is": "other"}, True),
        ({"not": {"fact": "sector", "is": ["council", "nhs", "other"]}}, False),
        ({"all": [{"fact": "sector", "is": "council"}, {"fact": "sector", "is": "nhs"}]}, False),
        ({"all": [{"fact": "sector", "is": "nhs"}, {"fact": "reorganised", "is": True}]}, False),
        ({"all": [{"fact": "sector", "is": "nhs"}, {"not": {"fact": "reorganised", "is": True}}]}, True),
        ({"all": [{"fact": "vesting", "before": DAY}, {"fact": "sector", "is": "nhs"}]}, False),
        ({"all": [{"fact": "vesting", "before": DAY}, {"not": {"fact": "reorganised", "is": True}}]}, False),
        ({"all": [{"fact": "schemes", "includes": "lgps"}, {"fact": "schemes", "includes": "nhs"}]}, True),
        ({"not": {"fact": "schemes", "includes": ["lgps", "nhs"]}}, False),
        ({"fact": "staff", "at_least": 9}, True),
        ({"fact": "staff", "at_least": 10}, False),
        ({"fact": "staff", "below": 0}, False),
        ({"all": [{"fact": "staff", "at_least": 3}, {"fact": "staff", "below": 4}]}, True),
        ({"all": [{"fact": "staff", "at_least": 4}, {"fact": "staff", "below": 4}]}, False),
        ({"all": [{"fact": "go-live", "before": DAY}, {"fact": "go-live", "on_or_after": DAY}]}, False),
        (
            {"all": [{"fact": "go-live", "within_days": 9}, {"not": {"fact": "go-live", "within_days": 10}}]},
            False,
        ),
        (
            {"all": [{"fact": "go-live", "within_days": 10}, {"not": {"fact": "go-live", "within_days": 9}}]},
            True,
        ),
        (
            {"all": [{"fact": "go-live", "before": DAY}, {"not": {"fact": "go-live", "within_days": 90}}]},
            True,
        ),
        (
            {
                "all": [
                    {"fact": "go-live", "on_or_after": DAY},
                    {"fact": "go-live", "within_days": 0},
                    {"fact": "vesting", "before": DAY},
                    {"not": {"fact": "vesting", "within_days": 0}},
                ]
            },
            False,
        ),
        ({"fact": "value", "at_least": 5}, False),
        (
            {"all": [{"fact": "go-live", "before_fact": "decision"}, {"fact": "decision", "before_fact": "go-live"}]},
            False,
        ),
        ({"all": [{"fact": "go-live", "before_fact": "decision"}, {"fact": "decision", "within_days": 3}]}, True),
        (
            {
                "all": [
                    {"fact": "go-live", "before_fact": "decision"},
                    {"fact": "decision", "before": DAY},
                    {"fact": "go-live", "on_or_after": DAY - dt.timedelta(1)},
                ]
            },
            False,
        ),
        (
            {
                "all": [
                    {"fact": "go-live", "before_fact": "decision"},
                    {"fact": "decision", "before": DAY},
                    {"fact": "go-live", "on_or_after": DAY - dt.timedelta(2)},
                ]
            },
            True,
        ),
        ({"all": [{"fact": "staff", "below_fact": "members"}, {"fact": "staff", "at_least": 9}]}, False),
        ({"all": [{"fact": "staff", "below_fact": "members"}, {"fact": "staff", "at_least": 8}]}, True),
        ({"all": [{"fact": "staff", "below_fact": "members"}, {"fact": "members", "below": 1}]}, False),
        ({"all": [{"question": "q", "at_least": 3}, {"question": "q", "below": 3}]}, False),
        ({"all": [{"question": "q", "at_least": 3}, {"question": "q", "below": 4}]}, True),
        ({"all": [{"question": "r", "at_least": 3}, {"fact": "sector", "is": "council"}]}, False),
        ({"all": [{"gate": "g", "is": "met"}, {"gate": "g", "is": "not_met"}]}, False),
        ({"all": [{"gate": "g", "is": "met"}, {"question": "r", "at_least": 4}]}, True),
    ],
)
def test_can_hold(raw: dict[str, Any], expected: bool) -> None:
    assert can_hold(CONDITION.validate_python(raw), FACTS, Stage.EXPLORE) is expected


def test_fact_of_a_later_stage_counts_from_then_on() -> None:
    assert can_hold(CONDITION.validate_python({"fact": "value", "at_least": 5}), FACTS, Stage.PLAN)


GRID: dict[str, list[FactValue]] = {
    "sector": ["council", "nhs", "other"],
    "reorganised": [True, False],
    "schemes": list(chain.from_iterable(combinations(("lgps", "nhs"), size) for size in (1, 2))),
    "staff": list(range(10)),
}
grid_tests = st.one_of(
    st.builds(lambda v: {"fact": "sector", "is": v}, st.sampled_from(["council", "nhs", "other"])),
    st.builds(lambda v: {"fact": "reorganised", "is": v}, st.booleans()),
    st.builds(lambda v: {"fact": "schemes", "includes": v}, st.sampled_from(["lgps", "nhs"])),
    st.builds(lambda v: {"fact": "staff", "at_least": v}, st.integers(0, 10)),
    st.builds(lambda v: {"fact": "staff", "below": v}, st.integers(0, 10)),
)
grid_conditions = st.recursive(
    grid_tests,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=2, max_size=4)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
).map(CONDITION.validate_python)


def holds_somewhere(condition: Condition) -> bool:
    """Tries every combination of answers."""
    every = (dict(zip(GRID, values, strict=True)) for values in product(*GRID.values()))
    asked = {True: Truth.TRUE, False: Truth.FALSE}
    return any(
        evaluate(condition, facts, DAY, {"reorganised": asked[facts["sector"] == "council"]}) is Truth.TRUE
        for facts in every
    )


@given(grid_conditions)
def test_can_hold_agrees_with_trying_everything(condition: Condition) -> None:
    assert can_hold(condition, FACTS, Stage.EXPLORE) is holds_somewhere(condition)
