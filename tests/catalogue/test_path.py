"""What is asked: hidden facts do not count, unknown ones leave "may apply", and levels play no part."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue.conditions import Truth
from assessments.catalogue.path import Path, path
from assessments.catalogue.schema import Catalogue, FactValue, Stage

DAY = dt.date(2026, 11, 21)
TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
COUNCIL: dict[str, FactValue] = {
    "sector": "council",
    "reorganisation": True,
    "vesting-date": DAY + dt.timedelta(30),
    "schemes": ("lgps",),
    "staff": 40,
    "contract-value": 5000,
    "pensions.joined": False,
}


def make_path(catalogue: Catalogue, stage: Stage = Stage.GO_LIVE, **changes: FactValue) -> Path:
    return path(catalogue, stage, COUNCIL | changes, DAY)


def test_everything_known(small: Catalogue) -> None:
    found = make_path(small)
    assert [item.id for item in found.items("pensions")] == [
        "pensions.access",
        "pensions.joined",
        "pensions.list",
        "pensions.rate",
        "pensions.debt",
        "pensions.bond",
    ]
    assert set(found.truths.values()) == {TRUE}


def test_stage_asks_only_what_it_needs(small: Catalogue) -> None:
    found = make_path(small, Stage.EXPLORE)
    assert [item.id for item in found.items("pensions")] == ["pensions.joined", "pensions.list"]
    assert not found.asks("contract-value")


def test_hidden_fact_does_not_count(small: Catalogue) -> None:
    found = make_path(small, sector="nhs")
    assert found.truth("reorganisation") is FALSE
    assert "reorganisation" not in found.facts
    assert not found.asks("pensions.rate")


def test_hiding_is_handed_on(small: Catalogue) -> None:
    """The stored vesting date hangs on reorganisation, which hangs on the sector."""
    found = make_path(small, sector="nhs")
    assert not found.asks("vesting-date")
    assert not found.asks("pensions.debt")


def test_stored_value_returns_with_its_question(small: Catalogue) -> None:
    assert make_path(small, sector="council").facts["reorganisation"] is True


def test_fact_of_a_later_stage_does_not_count(small: Catalogue) -> None:
    assert "contract-value" not in make_path(small, Stage.EXPLORE).facts


def test_missing_fact_leaves_may_apply(small: Catalogue) -> None:
    found = path(small, Stage.GO_LIVE, {}, DAY)
    assert found.truth("reorganisation") is UNKNOWN
    assert found.truth("pensions.rate") is UNKNOWN
    assert found.asks("pensions.rate")
    assert found.may_apply("pensions.rate")
    assert not found.may_apply("pensions.list")


def test_value_of_a_fact_that_may_be_asked_decides_nothing(small: Catalogue) -> None:
    found = path(small, Stage.GO_LIVE, {"reorganisation": True, "vesting-date": DAY}, DAY)
    assert found.truth("vesting-date") is UNKNOWN
    assert found.truth("pensions.debt") is UNKNOWN


def test_fact_inside_a_barrier(small: Catalogue) -> None:
    facts: dict[str, FactValue] = {
        "pensions.joined": True,
        "pensions.joined-on": dt.date(2070, 1, 1),
        "vesting-date": DAY.replace(2070),
    }
    found = path(small, Stage.GO_LIVE, COUNCIL | facts, DAY)
    assert found.asks("pensions.joined-on")
    assert found.truth("pensions.debt") is TRUE


def test_pages_without_a_question_are_left_out(small: Catalogue) -> None:
    assert [page.page.id for page in make_path(small, Stage.EXPLORE).pages("pensions")] == ["access"]


def test_pages_hold_what_is_asked_in_order(small: Catalogue) -> None:
    [page, *_] = make_path(small).pages("pensions")
    assert [item.id for item in page.items] == ["pensions.access", "pensions.joined", "pensions.list"]


def test_profile_pages(small: Catalogue) -> None:
    [page] = make_path(small, Stage.EXPLORE, sector="nhs").profile_pages()
    assert [item.id for item in page.items] == ["sector", "schemes", "staff"]


def test_kinds_of_items(small: Catalogue) -> None:
    found = make_path(small)
    assert [gate.id for gate in found.gates("pensions")] == ["pensions.access"]
    assert [fact.id for fact in found.fact_questions("pensions")] == ["pensions.joined"]
    assert len(found.levels("pensions")) == 4


def test_lookups(small: Catalogue) -> None:
    assert small.question("pensions.list").kind == "level"
    assert small.gate("pensions.access").title == "Access"
    assert small.action("pensions.ask-the-fund").after == ("pensions.make-the-list",)
    assert small.barrier_of("pensions.ask-the-fund") is small.barrier("pensions")
    assert small.barrier_of("sector") is None
    assert small.source("s1").year == "2024"
    assert small.law_change("new-act").sources == ("s1",)


def test_question_and_gate_are_told_apart(small: Catalogue) -> None:
    with pytest.raises(KeyError):
        small.question("pensions.access")
    with pytest.raises(KeyError):
        small.gate("pensions.list")


answers = st.fixed_dictionaries(
    {
        "sector": st.sampled_from(["council", "nhs", "other"]),
        "reorganisation": st.booleans(),
        "vesting-date": st.dates(DAY, DAY + dt.timedelta(120)),
        "schemes": st.sampled_from([("lgps",), ("nhs", "lgps"), ("none",)]),
        "staff": st.integers(0, 20),
        "contract-value": st.integers(900, 1100),
        "pensions.joined": st.booleans(),
        "pensions.joined-on": st.dates(dt.date(2079, 12, 1), dt.date(2080, 2, 1)),
    }
)


@given(answers, st.sets(st.sampled_from(list(COUNCIL))), st.sampled_from(Stage))
def test_answering_never_turns_round_what_is_asked(
    small: Catalogue, facts: dict[str, FactValue], missing: set[str], stage: Stage
) -> None:
    before = path(small, stage, {fact: value for fact, value in facts.items() if fact not in missing}, DAY)
    after = path(small, stage, facts, DAY)
    assert [item for item in small.items if before.truth(item) not in (UNKNOWN, after.truth(item))] == []
