"""What if: on a copy, with what it says of itself, and what must hold for any answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.cashflow.inputs import Billing
from assessments.cashflow.tried import Figures
from assessments.catalogue.schema import (
    Action,
    Barrier,
    Catalogue,
    Claim,
    EvidenceGrade,
    Gate,
    LevelQuestion,
    Mark,
    Stage,
)
from assessments.planning.assessed import Assessed
from assessments.planning.progress import Agreed, Progress
from assessments.planning.what_if import About, Outcome, Tried, tried_from, what_if
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState
from assessments.scoring.result import Colour
from tests.cashflow.examples import example
from tests.planning.test_assessed import example as example_file
from tests.scoring.strategies import (
    AS_OF,
    FACTS,
    FRESH,
    Case,
    cases,
    make_barrier,
    make_catalogue,
    make_gate,
    make_question,
)

E0, E1, E2, E3 = EvidenceGrade
DONE = Agreed(progress=Progress.DONE)


def make_action(action_id: str, *after: str, weeks: tuple[int, int] = (2, 4)) -> Action:
    return Action(
        id=action_id,
        title=f"Do {action_id}",
        owner="Finance lead",
        weeks=weeks,
        weeks_basis=Claim(text="Planning estimate", mark=Mark.JUDGEMENT),
        after=after,
        done_when="It is done.",
    )


def at(level: int, grade: EvidenceGrade = E3) -> Answer:
    return Answer(AnswerState.ANSWERED, level=level, evidence=grade, evidence_date=FRESH)


# Two actions for one question, the second after the first; one for a gate; a question that asks more to go live.
QUESTIONS = [
    make_question("a.rate", actions=["a.list", "a.report"]),
    make_question("a.more", required={Stage.PLAN: 2, Stage.GO_LIVE: 3}, actions=["a.grow"]),
    make_question("a.open", actions=["a.grow"]),
]
GATES = [make_gate("a.gate", actions=["a.sign"])]
ACTIONS = (
    make_action("a.list"),
    make_action("a.report", "a.list", weeks=(4, 8)),
    make_action("a.grow", weeks=(10, 12)),
    make_action("a.sign"),
)
CATALOGUE = make_catalogue([make_barrier("a", QUESTIONS, GATES, []).model_copy(update={"actions": ACTIONS})], FACTS)
ANSWERS = Answers(
    Stage.PLAN,
    AS_OF,
    profile={},
    questions={"a.rate": at(0), "a.more": at(2), "a.open": Answer(AnswerState.DONT_KNOW)},
    gates={"a.gate": GateAnswer(GateState.NOT_MET)},
)


def tried(
    *done: str,
    answers: Answers = ANSWERS,
    agreed: Mapping[str, Agreed] | None = None,
    cashflow: Mapping[str, Any] | None = None,
    **more: Any,
) -> Outcome:
    return what_if(CATALOGUE, answers, Tried(done=done, **more), cashflow, agreed or {})


def said(outcome: Outcome, about: About) -> list[str]:
    return [remark.text for remark in outcome.about(about)]


def level_of(found: Assessed, question: str) -> int | None:
    return found.answers.questions[question].level


# What is closed ---------------------------------------------------------------------------------------------


def test_empty_changes_nothing() -> None:
    outcome = tried()

    assert outcome.before == outcome.after
    assert not outcome.differences.any
    assert outcome.remarks == ()


def test_gate_closed_by_its_action() -> None:
    outcome = tried("a.sign")

    assert outcome.after.answers.gates["a.gate"].state is GateState.MET
    assert outcome.after.answers.gates["a.gate"].evidence is E2
    assert [change.id for change in outcome.closed] == ["a.gate"]
    assert ANSWERS.gates["a.gate"].state is GateState.NOT_MET


def test_question_needs_all_its_actions() -> None:
    outcome = tried("a.list")

    assert level_of(outcome.after, "a.rate") == 0
    assert said(outcome, About.ALSO_NEEDED) == ["Question a.rate stays open: it also needs “Do a.report”."]


def test_question_with_all_its_actions() -> None:
    outcome = tried("a.list", "a.report")

    answer = outcome.after.answers.questions["a.rate"]
    assert (answer.level, answer.evidence, answer.evidence_date) == (2, E1, AS_OF)
    assert said(outcome, About.ALSO_NEEDED) == []


def test_action_agreed_as_done_counts_beside_a_ticked_one() -> None:
    assert level_of(tried("a.report", agreed={"a.list": DONE}).after, "a.rate") == 2


def test_actions_agreed_as_done_close_nothing_by_themselves() -> None:
    outcome = tried(agreed={"a.list": DONE, "a.report": DONE})

    assert outcome.closed == ()
    assert outcome.before == outcome.after


def test_closed_for_a_later_decision_too() -> None:
    """Its action is called for to go live only, and is done: the question then stands as going live needs it."""
    assert level_of(tried("a.grow").after, "a.more") == 3


def test_find_out_is_good_news() -> None:
    outcome = tried("find-out:a.open")

    assert level_of(outcome.after, "a.open") == 2
    assert said(outcome, About.GOOD_NEWS) == [
        "One action only finds something out, or finish answering. What comes out is taken to be good."
    ]


def test_finish_answering_closes_all_that_is_missing() -> None:
    answers = replace(ANSWERS, questions={"a.rate": at(2)}, gates={})

    outcome = tried("finish:a", answers=answers)

    assert outcome.after.answers.gates["a.gate"].state is GateState.MET
    assert outcome.after.result.supported.worst.colour is Colour.GREEN


def test_facts_are_not_presumed() -> None:
    outcome = tried("finish:profile", answers=replace(ANSWERS, profile={}))

    assert outcome.after.answers.profile == {}


def test_done_in_the_schedule() -> None:
    outcome = tried("a.list")

    assert "a.list" not in outcome.after.schedule.actions
    assert outcome.after.schedule.actions["a.report"].after == ()
    assert outcome.after.schedule.stages[0].likely <= outcome.before.schedule.stages[0].likely


# Answers ----------------------------------------------------------------------------------------------------


def test_level_set_higher_with_its_proof() -> None:
    outcome = tried(levels={"a.rate": 3})

    answer = outcome.after.answers.questions["a.rate"]
    assert (answer.level, answer.evidence) == (3, E2)
    assert [(change.from_, change.to) for change in outcome.answered] == [(0, 3)]


def test_level_set_lower() -> None:
    assert level_of(tried(levels={"a.more": 0}).after, "a.more") == 0


def test_answer_beats_what_actions_close() -> None:
    assert level_of(tried("a.list", "a.report", levels={"a.rate": 1}).after, "a.rate") == 1


@pytest.mark.parametrize("state", [GateState.MET, GateState.NOT_MET, GateState.NOT_KNOWN])
def test_gate_set(state: GateState) -> None:
    assert tried(gates={"a.gate": state}).after.answers.gates["a.gate"].state is state


def test_answer_that_is_not_asked_now() -> None:
    answers = replace(ANSWERS, stage=Stage.EXPLORE)

    outcome = tried(levels={"a.more": 4}, answers=answers)

    assert said(outcome, About.NOT_ASKED) == [
        "Question a.more: it is not asked for this decision now, so it moves no colour."
    ]
    assert outcome.before.result.supported == outcome.after.result.supported


# What is not known, and what is out of order -------------------------------------------------------------------


@pytest.mark.parametrize(
    "done",
    ["a.gone", "find-out:a.gone", "prove:", "prove:nothing", ":", "", "finish:gone", "settle:gone", "x" * 500],
)
def test_unknown_action(done: str) -> None:
    outcome = tried(done)

    assert outcome.before == outcome.after
    assert [remark.id for remark in outcome.about(About.NOT_KNOWN)] == [done]


def test_action_not_called_for_now() -> None:
    outcome = tried("a.sign", answers=replace(ANSWERS, gates={"a.gate": GateAnswer(GateState.MET, E3, FRESH)}))

    assert said(outcome, About.NOT_CALLED_FOR) == ["Do a.sign: the answers do not call for it now. It is left out."]


@pytest.mark.parametrize(
    "more",
    [
        {"levels": {"a.gone": 2}},
        {"gates": {"a.gone": GateState.MET}},
        {"levels": {"a.gate": 2}},
        {"gates": {"a.rate": GateState.MET}},
        {"levels": {"flag": 2}},
    ],
)
def test_unknown_item(more: Mapping[str, Any]) -> None:
    outcome = tried(**more)

    assert outcome.before == outcome.after
    assert len(outcome.about(About.NOT_KNOWN)) == 1


def test_predecessor_still_open() -> None:
    assert said(tried("a.report"), About.WAITS) == ["Do a.report comes after “Do a.list”, which is still open."]
    assert said(tried("a.report", "a.list"), About.WAITS) == []
    assert said(tried("a.report", agreed={"a.list": DONE}), About.WAITS) == []


def test_stored_nonsense_is_left_out() -> None:
    found = tried_from(
        ["a.list", 3, None, {}],
        {"a": 5, "b": -1, "c": True, "d": "green", "e": None, "f": 2, "g": "met", "h": "not_applicable", "i": []},
        {"opening_cash": "much", "loan": [], "mode": "never", "payment_days": "soon", "unknown": 1, "pay_by": "NaN"},
    )

    assert found == Tried(done=("a.list",), levels={"f": 2}, gates={"g": GateState.MET})


# Figures ----------------------------------------------------------------------------------------------------


def cash(table: Mapping[str, Any] | None = None, **figures: Any) -> Outcome:
    return tried(cashflow=example("a")["cashflow"] if table is None else table, cash=Figures(**figures))


def test_more_opening_cash() -> None:
    outcome = cash(opening_cash=Decimal(100000))

    assert outcome.before.forecast is not None
    assert outcome.after.forecast is not None
    gained = outcome.after.forecast.lowest_funded_within_month.amount
    assert gained - outcome.before.forecast.lowest_funded_within_month.amount == 100000


def test_paid_in_advance_needs_less() -> None:
    outcome = cash(mode=Billing.ADVANCE)

    assert outcome.after.forecast is not None
    assert outcome.before.forecast is not None
    assert outcome.after.forecast.peak_within_month.amount < outcome.before.forecast.peak_within_month.amount


@pytest.mark.parametrize(
    "figures",
    [
        {"payment_days": 90},
        {"contract_by": Decimal("-0.05")},
        {"pay_by": Decimal("0.05")},
        {"employer_pension": Decimal("0.26")},
        {"costs_by": Decimal("0.10")},
    ],
)
def test_figure_that_costs_money(figures: Mapping[str, Any]) -> None:
    outcome = cash(**figures)

    assert outcome.after.forecast is not None
    assert outcome.before.forecast is not None
    assert outcome.after.forecast.peak_within_month.amount > outcome.before.forecast.peak_within_month.amount


def test_no_loan() -> None:
    after = cash(loan=Decimal(0)).after.forecast

    assert after is not None
    assert after.debt_service == 0


def test_loan_where_there_is_none() -> None:
    table = {key: value for key, value in example("a")["cashflow"].items() if key != "loan"}

    after = cash(table, loan=Decimal(50000)).after.forecast

    assert after is not None
    assert after.months[0].loan_drawn == 50000


def test_pay_by_month() -> None:
    table = {**example("a")["cashflow"], "gross_pay": [Decimal(100000)] * 12}

    after = cash(table, pay_by=Decimal("0.1")).after.forecast

    assert after is not None


def test_figures_with_no_cash_flow() -> None:
    outcome = tried(cash=Figures(opening_cash=Decimal(1)))

    assert outcome.before == outcome.after
    assert len(said(outcome, About.NO_FIGURES)) == 1


def test_figures_out_of_range() -> None:
    outcome = cash(opening_cash=Decimal(-5), payment_days=1000)

    assert outcome.before == outcome.after
    assert len(said(outcome, About.FIGURES_REFUSED)) == 1


def test_recorded_table_stays() -> None:
    table = example("a")["cashflow"]
    before = repr(table)

    cash(table, mode=Billing.ADVANCE, contract_by=Decimal("0.1"), costs_by=Decimal("0.1"), loan=Decimal(9))

    assert repr(table) == before


# The real catalogue -----------------------------------------------------------------------------------------


def test_shortest_way_up_reaches_the_colour_promised() -> None:
    file = example_file()
    table = example("a")["cashflow"]
    before = what_if(file.catalogue, file.answers, Tried(), table, {}).before
    levels = {change.id: int(change.to) for change in before.way_up if change.kind == "question"}
    gates = {change.id: GateState.MET for change in before.way_up if change.kind == "gate"}

    outcome = what_if(file.catalogue, file.answers, Tried(levels=levels, gates=gates), table, {})

    assert outcome.before.result.supported.worst.colour is Colour.RED
    assert outcome.after.result.supported.worst.colour is Colour.AMBER


def test_taken_as_settled_against_the_calculator() -> None:
    """Example A does not carry its low point: a what-if that says so all the same is told."""
    file = example_file()
    table = example("a")["cashflow"]
    before = what_if(file.catalogue, file.answers, Tried(), table, {}).before
    capped = next(question for question in before.result.barrier("working-capital").questions if question.cap)

    outcome = what_if(file.catalogue, file.answers, Tried(levels={capped.id: 4}), table, {})

    after = next(item for item in outcome.after.result.barrier("working-capital").questions if item.id == capped.id)
    assert (capped.ceiling < 4, after.supported) == (True, 4)
    assert [remark.id for remark in outcome.about(About.TAKEN_AS_SETTLED)] == [capped.id]


# What must hold for any -------------------------------------------------------------------------------------


def with_actions(catalogue: Catalogue) -> Catalogue:
    """The same with two actions for each question and gate: one of its own, and one that two of them share, after
    the one before."""
    return make_catalogue([_with_actions(barrier) for barrier in catalogue.barriers], list(catalogue.profile.facts))


def _with_actions(barrier: Barrier) -> Barrier:
    items: list[Gate | LevelQuestion] = [*barrier.gates, *barrier.levels]
    own = {item.id: f"{barrier.id}.do-{number}" for number, item in enumerate(items)}
    shared = {item.id: f"{barrier.id}.share-{number // 2}" for number, item in enumerate(items)}
    ids = list(dict.fromkeys([*own.values(), *shared.values()]))
    actions = [make_action(one, *ids[max(place - 1, 0) : place]) for place, one in enumerate(ids)]
    named = {item.id: item.model_copy(update={"actions": (own[item.id], shared[item.id])}) for item in items}
    return Barrier.model_validate(
        {
            **{name: getattr(barrier, name) for name in ("id", "title", "summary", "pages")},
            "gates": [named[gate.id] for gate in barrier.gates],
            "questions": [named.get(question.id, question) for question in barrier.questions],
            "actions": actions,
        }
    )


@st.composite
def acting(draw: st.DrawFn) -> Case:
    case = draw(cases())
    return Case(with_actions(case.catalogue), replace(case.answers, caps={}))


def every_action(case: Case) -> list[str]:
    plans = what_if(case.catalogue, case.answers, Tried(), None, {}).before.schedule.plans
    return list(dict.fromkeys(action.id for plan in plans.values() for action in plan))


def standings(found: Assessed) -> Iterator[int]:
    for ends in (found.result.supported, *(barrier.supported for barrier in found.result.barriers)):
        yield from (ends.worst.colour.standing, ends.best.colour.standing)


def dates(found: Assessed) -> Iterator[dt.date]:
    for stage in found.schedule.stages:
        yield from (stage.earliest, stage.likely, stage.latest)


def check_no_worse(outcome: Outcome) -> None:
    assert all(now <= then for now, then in zip(standings(outcome.before), standings(outcome.after), strict=True))
    assert all(now >= then for now, then in zip(dates(outcome.before), dates(outcome.after), strict=True))


@given(acting())
@settings(max_examples=60)
def test_nothing_tried_changes_nothing(case: Case) -> None:
    outcome = what_if(case.catalogue, case.answers, Tried(), None, {})

    assert outcome.before == outcome.after
    assert not outcome.differences.any
    assert outcome.remarks == ()


@given(acting())
@settings(max_examples=150)
def test_everything_done_is_never_worse(case: Case) -> None:
    outcome = what_if(case.catalogue, case.answers, Tried(done=tuple(every_action(case))), None, {})

    check_no_worse(outcome)
    assert all(not stage.needed for stage in outcome.after.schedule.stages)


@given(acting(), st.data())
@settings(max_examples=150)
def test_something_done_is_never_worse(case: Case, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from([*every_action(case), "a.gone"]), unique=True))

    check_no_worse(what_if(case.catalogue, case.answers, Tried(done=tuple(chosen)), None, {}))
