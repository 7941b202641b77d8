"""Which choices go together: every exclusion with a neighbour that stays open, and nothing ever turning round."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue.conditions import facts_in, ids_in
from assessments.catalogue.loader import edition
from assessments.catalogue.schema import Exclusion, FactQuestion, FactValue, Rules, Stage
from assessments.scoring.answers import AgreedLevel, Answer, Answers, AnswerState, GateAnswer, GateState
from assessments.scoring.compatibility import Compatibility, Finding, State, compatibility, from_dict, to_dict

AS_OF = dt.date(2026, 11, 21)
CATALOGUE = edition("2026.1")
CASES = tomllib.loads((Path(__file__).parent / "compatibility.toml").read_text(encoding="utf-8"))["cases"]

NAMES = [f"{case['exclusion']}-{number}" for number, case in enumerate(CASES)]


def given_facts(
    facts: dict[str, Any],
    stage: Stage = Stage.PLAN,
    levels: Mapping[str, int] = MappingProxyType({}),
    gates: Mapping[str, str] = MappingProxyType({}),
) -> Answers:
    """The facts as answers, wherever each is asked; with them levels and gates."""
    values: dict[str, FactValue] = {
        fact: tuple(value) if isinstance(value, list) else value for fact, value in facts.items()
    }
    of_barriers = {fact for fact in values if CATALOGUE.barrier_of(fact) is not None}
    return Answers(
        stage,
        AS_OF,
        {fact: value for fact, value in values.items() if fact not in of_barriers},
        {
            **{fact: Answer(AnswerState.ANSWERED, value=values[fact]) for fact in of_barriers},
            **{question: Answer(AnswerState.ANSWERED, level=level) for question, level in levels.items()},
        },
        {gate: GateAnswer(GateState(state)) for gate, state in gates.items()},
    )


def compared(**facts: Any) -> Compatibility:
    return table({name.replace("_", "-"): value for name, value in facts.items()})


def table(facts: dict[str, Any], stage: Stage = Stage.PLAN, **said: Any) -> Compatibility:
    found = compatibility(CATALOGUE, given_facts(facts, stage, **said))
    assert found is not None
    return found


def table_of(case: dict[str, Any]) -> Compatibility:
    return table(case["facts"], levels=case.get("levels", {}), gates=case.get("gates", {}))


def neighbour_of(case: dict[str, Any]) -> dict[str, Any]:
    """The case with what is changed in it."""
    then = case.get("then", {})
    return {
        "facts": {**case["facts"], **case.get("open", {})},
        "levels": {**case.get("levels", {}), **then.get("levels", {})},
        "gates": {**case.get("gates", {}), **then.get("gates", {})},
    }


def written_as(exclusion_id: str) -> Exclusion:
    return next(one for one in CATALOGUE.rules.exclusions if one.id == exclusion_id)


STATES = {"closes": State.CLOSED, "doubts": State.NOT_KNOWN}


# Every exclusion


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_exclusion_closes_what_it_should_and_not_its_neighbour(case: dict[str, Any]) -> None:
    closed, neighbour = table_of(case), table_of(neighbour_of(case))

    assert case["exclusion"] in closed.chosen.finding.exclusions
    assert closed.chosen.finding.state is STATES[written_as(case["exclusion"]).effect]
    assert case["exclusion"] not in neighbour.chosen.finding.exclusions


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_exclusion_is_explained_in_full(case: dict[str, Any]) -> None:
    found, written = table_of(case), written_as(case["exclusion"])

    said = found.exclusion(case["exclusion"])

    assert (said.title, said.reason, said.mend) == (written.title, written.reason, written.mend)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_exclusion_closes_the_cell_of_its_choices(case: dict[str, Any]) -> None:
    """In every matrix whose column it speaks of, wherever the row is chosen too."""
    facts = case["facts"]
    found, written = table_of(case), written_as(case["exclusion"])
    columns = {matrix.fact for matrix in found.matrices} & set(ids_in(written.when)) & set(facts)
    form = facts.get("legal-form", "company-guarantee")

    closed = [found.cell(form, column, facts[column]) for column in sorted(columns)]

    assert all(case["exclusion"] in cell.exclusions for cell in closed)


def test_every_exclusion_has_a_case() -> None:
    assert {case["exclusion"] for case in CASES} == {one.id for one in CATALOGUE.rules.exclusions}


# The two examples that everything began with


@pytest.mark.parametrize("control", ["employees", "trustees", "community", "shared"])
def test_an_award_to_an_owned_company_leaves_control_to_the_parent(control: str) -> None:
    found = compared(contract_route="owned-company")
    forms = [choice.id for choice in found.rows]

    assert {found.cell(form, "control", control).state for form in forms} == {State.CLOSED}
    assert found.cell("parent-owned-company", "control", "parent").state is not State.CLOSED


@pytest.mark.parametrize("control", ["parent", "trustees", "community"])
def test_a_reserved_contract_leaves_control_to_employees(control: str) -> None:
    found = compared(contract_route="reserved-mutual", contract_years=5, nation="england", health_services=False)
    forms = [choice.id for choice in found.rows]

    assert {found.cell(form, "control", control).state for form in forms} == {State.CLOSED}
    assert found.cell("cic-guarantee", "control", "employees").state is not State.CLOSED


DECIDED = {
    "nation": "england",
    "sector": "council",
    "service-type": ["library"],
    "health-services": False,
    "contract-years": 5,
    "partner": False,
    "parent-stake": "none",
    "pension-schemes": ["none"],
    "governance-and-legal-form.form-needs": ["none"],
}


SHOWN: dict[str, Any] = {"levels": {"tendering.mutual-tests": 3}, "gates": {"tendering.mutual-bars": "met"}}
"""The answers that a reserved contract waits for."""


def test_a_combination_that_goes_together_is_open() -> None:
    chosen = {"legal-form": "cic-guarantee", "contract-route": "reserved-mutual", "control": "employees"}
    found = table({**DECIDED, **chosen}, **SHOWN)

    assert found.chosen.finding == Finding(State.OPEN)
    assert found.chosen.way_left == Finding(State.OPEN)
    assert found.cell("cic-guarantee", "contract-route", "reserved-mutual") == Finding(State.OPEN)
    assert found.cell("cio", "contract-route", "reserved-mutual").state is State.CLOSED


def test_every_exclusion_of_what_is_chosen_is_found() -> None:
    found = table({**DECIDED, "legal-form": "cio", "contract-route": "reserved-mutual", "control": "employees"})

    assert found.chosen.options == {"legal-form": "cio", "contract-route": "reserved-mutual", "control": "employees"}
    assert found.chosen.finding.exclusions == ("reserved-does-not-fit-a-charity", "charity-not-run-by-its-staff")


NEEDS = (
    "control",
    "partner",
    "contract-years",
    "governance-and-legal-form.form-needs",
    "service-type",
    "tendering.mutual-tests",
    "tendering.mutual-bars",
)


def test_what_would_settle_a_cell_is_named() -> None:
    cell = compared(nation="england", health_services=False, parent_stake="none").cell(
        "cic-guarantee", "contract-route", "reserved-mutual"
    )

    assert cell == Finding(State.NOT_KNOWN, needs=NEEDS)


# Standings


def test_a_form_is_open_while_some_choice_goes_with_it() -> None:
    found = table({**DECIDED, "contract-route": "reserved-mutual"}, **SHOWN)
    standings = {standing.choice: standing.finding.state for standing in found.standings}

    assert standings["cic-guarantee"] is State.OPEN
    assert standings["cio"] is State.CLOSED
    assert standings["parent-owned-company"] is State.CLOSED


def test_a_route_is_closed_when_what_is_decided_excludes_it() -> None:
    found = table({**DECIDED, "legal-form": "cio"})
    standings = {standing.choice: standing.finding for standing in found.matrix("contract-route").standings}

    assert standings["reserved-mutual"].exclusions == ("reserved-does-not-fit-a-charity",)
    assert standings["open-competition"].state is State.OPEN


def test_a_form_waits_for_facts_that_are_no_choice() -> None:
    decided = {**DECIDED, "contract-route": "open-competition"}
    found = table({name: value for name, value in decided.items() if name != "partner"})
    standings = {standing.choice: standing.finding for standing in found.standings}

    assert standings["joint-venture-company"] == Finding(State.NOT_KNOWN, needs=("partner",))


def test_where_nothing_is_decided_a_choice_is_open_if_one_way_is_certain() -> None:
    """The first forms that could win an open competition wait for facts; an existing body could whatever they are. A
    competition reserved for mutuals waits for facts whatever the form, and a direct award for its ground."""
    standings = {standing.choice: standing.finding for standing in compared().matrix("contract-route").standings}

    assert standings["open-competition"] == Finding(State.OPEN)
    assert "tendering.direct-award" in standings["direct-award"].needs
    assert {"parent-stake", "contract-years", "nation"} < set(standings["reserved-mutual"].needs)


def test_what_would_settle_a_standing_is_that_of_its_first_way_left() -> None:
    """No fact of another way, and none that only decides whether something not looked at is asked."""
    standings = {standing.choice: standing.finding for standing in compared().standings}

    of_a_direct_award = ("tendering.direct-award", "health-services", "nation")
    assert standings["cic-guarantee"].needs == (
        *of_a_direct_award,
        "governance-and-legal-form.form-needs",
        "service-type",
    )
    assert standings["community-benefit-society"].needs == (*of_a_direct_award, "parent-stake", "service-type")


def test_what_may_be_asked_is_settled_by_what_decides_that_too() -> None:
    """Whether a form goes with a grant rests on the route for the NHS scheme, which only its members are asked for."""
    assert compared().cell("cic-guarantee", "contract-route", "grant").needs == (
        "pensions.nhs-route",
        "pension-schemes",
    )


SHARES = {"governance-and-legal-form.form-needs": ["community-shares"]}


def test_a_choice_is_closed_by_all_that_closes_any_of_its_ways() -> None:
    """Community shares leave a society only, and the parent owns no society: one or the other closes every form."""
    found = table({name: value for name, value in DECIDED.items() if name != "parent-stake"} | SHARES)
    standings = {standing.choice: standing.finding for standing in found.matrix("contract-route").standings}

    assert standings["owned-company"].state is State.CLOSED
    assert {"community-shares-need-a-society", "owned-award-does-not-fit-member-bodies"} <= set(
        standings["owned-company"].exclusions
    )


# What counts as known


def test_undecided_counts_as_missing() -> None:
    assert compared(control="not-decided", legal_form="not-decided") == compared()


def test_undecided_is_neither_row_nor_column() -> None:
    found = compared()
    offered = [choice.id for choice in found.rows]
    offered += [choice.id for matrix in found.matrices for choice in matrix.columns]

    assert "not-decided" not in offered


def test_what_is_asked_later_is_not_known_yet() -> None:
    """The length of the contract is asked from "make the case" on; what is stored for it waits until then."""
    facts = {"contract-route": "reserved-mutual", "contract-years": 6}

    assert "reserved-lasts-five-years-at-most" in table(facts).chosen.finding.exclusions
    assert "contract-years" in table(facts, Stage.EXPLORE).chosen.finding.needs


def test_pension_access_without_members_is_left_out() -> None:
    assert [matrix.fact for matrix in compared(pension_schemes=["nhs"]).matrices] == [
        "contract-route",
        "control",
        "pensions.nhs-route",
    ]


def test_an_edition_without_a_table_has_no_answer() -> None:
    bare = CATALOGUE.model_copy(update={"rules": Rules(), "digest": "without a table"})

    assert compatibility(bare, given_facts({})) is None


def test_it_comes_back_from_json_as_it_was() -> None:
    found = compared(contract_route="reserved-mutual", control="trustees")

    assert from_dict(json.loads(json.dumps(to_dict(found)))) == found


# Knowing more

LOOKED_AT = sorted(
    {test.fact for one in CATALOGUE.rules.exclusions for test in facts_in(one.when)}
    | {"reorganisation", "pension-schemes"}
)


def values_of(fact: str) -> st.SearchStrategy[FactValue]:
    item = CATALOGUE.item(fact)
    assert isinstance(item, FactQuestion)
    options = [option.id for option in item.options]
    strategies: dict[str, st.SearchStrategy[FactValue]] = {
        "yes_no": st.booleans(),
        "choice": st.sampled_from(options or ["none"]),
        "choices": st.lists(st.sampled_from(options or ["none"]), min_size=1, max_size=2, unique=True).map(tuple),
        "number": st.integers(0, 12),
    }
    return strategies[item.kind]


@st.composite
def some_facts(draw: st.DrawFn) -> dict[str, FactValue]:
    chosen = draw(st.sets(st.sampled_from(LOOKED_AT)))
    return {fact: draw(values_of(fact)) for fact in sorted(chosen)}


DOUBTS = {one.id for one in CATALOGUE.rules.exclusions if one.effect == "doubts"}
# What is closed names only what closes it.
NO_LONGER_NAMED = {State.CLOSED: DOUBTS, State.NOT_KNOWN: set[str](), State.OPEN: set[str]()}


@given(some_facts(), st.data())
def test_what_is_open_or_closed_stays_so_when_a_fact_is_added(facts: dict[str, FactValue], data: st.DataObject) -> None:
    added = data.draw(st.sampled_from(LOOKED_AT))
    before = table(facts)
    after = table({added: data.draw(values_of(added)), **facts})

    for matrix in after.matrices:
        was = before.matrix(matrix.fact)
        for row, row_before in zip(matrix.cells, was.cells, strict=True):
            for cell, cell_before in zip(row, row_before, strict=True):
                assert cell_before.state in (State.NOT_KNOWN, cell.state)
                assert set(cell_before.exclusions) - NO_LONGER_NAMED[cell.state] <= set(cell.exclusions)


@given(some_facts(), st.data())
def test_what_has_no_way_left_never_gets_one_by_a_fact_added(facts: dict[str, FactValue], data: st.DataObject) -> None:
    added = data.draw(st.sampled_from(LOOKED_AT))
    before, after = table(facts), table({added: data.draw(values_of(added)), **facts})

    for standing, was in zip(after.standings, before.standings, strict=True):
        assert was.finding.state is not State.CLOSED or standing.finding.state is State.CLOSED
    assert before.chosen.way_left.state is not State.CLOSED or after.chosen.way_left.state is State.CLOSED


@given(some_facts())
def test_every_finding_is_accounted_for(facts: dict[str, FactValue]) -> None:
    found = table(facts)
    cells = [cell for matrix in found.matrices for row in matrix.cells for cell in row]

    for cell in (*cells, *(standing.finding for standing in found.standings), found.chosen.finding):
        effects = {written_as(exclusion).effect for exclusion in cell.exclusions}
        assert effects <= {"closes" if cell.state is State.CLOSED else "doubts"}
        assert bool(cell.exclusions or cell.needs) == (cell.state is not State.OPEN)
        assert not cell.needs or cell.state is State.NOT_KNOWN
        assert all(found.exclusion(exclusion) for exclusion in cell.exclusions)
        assert set(cell.needs) <= set(found.titles)


def test_an_answer_to_a_question_not_asked_has_no_effect() -> None:
    """The tests for a mutual are asked only with that route, and from "make the case" on."""
    facts = {**DECIDED, "contract-route": "reserved-mutual", "legal-form": "cic-guarantee", "control": "employees"}

    early = table(facts, Stage.EXPLORE, **SHOWN).chosen.finding

    assert {"tendering.mutual-tests", "tendering.mutual-bars"} <= set(early.needs)


def test_a_level_agreed_with_an_adviser_counts_instead_of_the_claim() -> None:
    facts = {**DECIDED, "contract-route": "reserved-mutual", "legal-form": "cic-guarantee", "control": "employees"}
    claimed = given_facts(facts, **SHOWN)
    agreed = replace(claimed, agreed={"tendering.mutual-tests": AgreedLevel(adviser=1, agreed=1)})

    found = compatibility(CATALOGUE, agreed)

    assert found is not None
    assert found.chosen.finding.exclusions == ("reserved-tests-are-not-shown",)
