"""What a result calls for, and in which order."""

from __future__ import annotations

import datetime as dt

from hypothesis import given

from assessments.catalogue.schema import (
    Action,
    Claim,
    Clearing,
    ContradictionRule,
    EvidenceGrade,
    FactTest,
    LevelTest,
    Mark,
    Rules,
    Stage,
    Strength,
)
from assessments.planning.actions import first_three, plan_actions
from assessments.planning.planned import Kind, PlannedAction, Priority
from assessments.scoring.answers import Answer, Answers, AnswerState, Cap, GateAnswer, GateState
from assessments.scoring.score import score
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


def make_action(action_id: str, *after: str) -> Action:
    return Action(
        id=action_id,
        title=f"Do {action_id}",
        owner="Finance lead",
        weeks=(1, 2),
        weeks_basis=Claim(text="Planning estimate", mark=Mark.JUDGEMENT),
        after=after,
        done_when="It is done.",
    )


def at(level: int, grade: EvidenceGrade = E3) -> Answer:
    return Answer(AnswerState.ANSWERED, level=level, evidence=grade, evidence_date=FRESH)


# Five questions that need level 2; "a.q0" is essential. Action "a.list" closes two of them.
QUESTIONS = [
    make_question("a.q0", essential=True, actions=["a.model"], proof=["A minute", "A letter"], who_knows="Treasurer"),
    make_question("a.q1", actions=["a.list"]),
    make_question("a.q2", actions=["a.list", "a.check"]),
    make_question("a.q3", actions=["a.check"], when=FactTest(fact="flag", is_=True)),
    make_question("a.q4", actions=["a.check"], who_knows="Treasurer"),
]
GATES = [
    make_gate(
        "a.hard", Strength.HARD, actions=["a.sign"], clearing=Clearing(who="The fund", evidence="A letter", grade=E3)
    ),
    make_gate("a.limiting", Strength.LIMITING, actions=["a.list"]),
]
ACTIONS = (
    make_action("a.list"),
    make_action("a.model", "a.list"),
    make_action("a.check"),
    make_action("a.sign", "a.model"),
)
CATALOGUE = make_catalogue([make_barrier("a", QUESTIONS, GATES, []).model_copy(update={"actions": ACTIONS})], FACTS)
GOOD = {question.id: at(2) for question in QUESTIONS}
MET = {gate.id: GateAnswer(GateState.MET, E3, FRESH) for gate in GATES}


CAP = Cap(1, "the balance falls to -£112,000 within month 2")


def capped(cap: Cap, questions: dict[str, Answer], gates: dict[str, GateAnswer]) -> tuple[PlannedAction, ...]:
    """With the same cap on everything given."""
    given, met = GOOD | questions, MET | gates
    caps = dict.fromkeys([*questions, *gates], cap)
    answers = Answers(Stage.PLAN, AS_OF, {"flag": True}, given, met, caps)
    return plan_actions(CATALOGUE, score(CATALOGUE, answers), answers)


def plan(
    questions: dict[str, Answer] | None = None, gates: dict[str, GateAnswer] | None = None, **facts: bool
) -> tuple[PlannedAction, ...]:
    """With every answer good but for those given."""
    answers = Answers(
        Stage.PLAN, AS_OF, {"flag": True} | facts, {**GOOD, **(questions or {})}, {**MET, **(gates or {})}
    )
    return plan_actions(CATALOGUE, score(CATALOGUE, answers), answers)


def ids(actions: tuple[PlannedAction, ...]) -> list[str]:
    return [action.id for action in actions]


def test_nothing_to_do() -> None:
    assert plan() == ()


def test_a_gap_in_a_green_barrier_is_recommended() -> None:
    [action] = plan({"a.q1": at(1)})

    assert (action.id, action.priority, action.closes) == ("a.list", Priority.RECOMMENDED, ("a.q1",))
    assert (action.owner, action.weeks, action.kind) == ("Finance lead", (1, 2), Kind.DO)
    assert action.reason == "Question a.q1 stands at level 1 on the evidence given; this stage needs level 2."


def test_a_gap_in_an_amber_barrier_is_due_by_the_next_stage() -> None:
    [action] = plan({"a.q1": at(0)})

    assert action.priority is Priority.BY_NEXT_STAGE


def test_an_essential_gap_is_due_by_the_next_stage() -> None:
    [action] = plan({"a.q0": at(1)})

    assert (action.id, action.priority) == ("a.model", Priority.BY_NEXT_STAGE)


def test_a_hard_gate_not_met_is_to_be_done_now() -> None:
    [action] = plan(gates={"a.hard": GateAnswer(GateState.NOT_MET)})

    assert (action.id, action.priority) == ("a.sign", Priority.DO_NOW)


def test_a_limiting_gate_not_met_is_due_by_the_next_stage() -> None:
    [action] = plan(gates={"a.limiting": GateAnswer(GateState.NOT_MET)})

    assert (action.id, action.priority) == ("a.list", Priority.BY_NEXT_STAGE)


def test_a_claim_above_its_evidence_is_to_be_proved() -> None:
    [action] = plan({"a.q0": at(3, E0)})

    assert (action.id, action.kind, action.priority) == ("prove:a.q0", Kind.PROVE, Priority.PROVE)
    assert (action.owner, action.weeks) == ("Treasurer", None)
    assert action.how == "Papers that would show it: A minute; A letter."


def test_a_claim_above_its_evidence_that_suffices_calls_for_nothing() -> None:
    assert plan({"a.q0": at(4, E1)}) == ()


def test_a_hard_gate_said_to_be_met_without_proof_is_to_be_proved_now() -> None:
    [action] = plan(gates={"a.hard": GateAnswer(GateState.MET, E1, FRESH)})

    assert (action.id, action.kind, action.priority) == ("prove:a.hard", Kind.PROVE, Priority.DO_NOW)
    assert action.done_when == "Dated evidence of grade E3 or better is recorded."


def test_a_claim_that_a_calculation_holds_down_calls_for_work() -> None:
    [action] = capped(CAP, {"a.q1": at(3)}, {})

    assert (action.id, action.kind, action.closes) == ("a.list", Kind.DO, ("a.q1",))


def test_no_proof_is_asked_for_while_a_calculation_holds_it_down() -> None:
    [action] = capped(CAP, {"a.q1": at(3, E0)}, {})

    assert action.kind is Kind.DO


def test_a_cap_above_what_is_needed_leaves_the_proof_to_get() -> None:
    [action] = capped(Cap(2, "it is so"), {"a.q1": at(3, E0)}, {})

    assert action.id == "prove:a.q1"


def test_a_gate_that_a_calculation_contradicts_calls_for_work() -> None:
    [action] = capped(Cap(None, "it is so"), {}, {"a.hard": MET["a.hard"]})

    assert (action.id, action.priority, action.closes) == ("a.sign", Priority.DO_NOW, ("a.hard",))


def test_answers_that_do_not_fit_are_to_be_settled() -> None:
    rule = ContradictionRule(
        id="list-without-model",
        title="A list without a model",
        when=LevelTest(question="a.q0", below=3),
        text="There is a list, and no model.",
        barriers=("a",),
        mend="Correct one of the two.",
        owner="Project manager",
    )
    catalogue = CATALOGUE.model_copy(update={"rules": Rules(contradictions=(rule,)), "digest": "with a rule"})
    answers = Answers(Stage.PLAN, AS_OF, {"flag": True}, GOOD, MET)

    [action] = plan_actions(catalogue, score(catalogue, answers), answers)

    assert (action.id, action.kind, action.priority) == ("settle:list-without-model", Kind.SETTLE, Priority.FIND_OUT)
    assert (action.title, action.how, action.owner) == (
        "Settle: A list without a model",
        "Correct one of the two.",
        "Project manager",
    )
    assert (action.barrier, action.closes, action.reason) == ("a", ("a.q0",), "There is a list, and no model.")


def test_dont_know_is_to_be_found_out_by_who_was_named() -> None:
    day = dt.date(2027, 1, 15)
    [action] = plan({"a.q4": Answer(AnswerState.DONT_KNOW, who_knows="Jo in finance", know_by=day)})

    assert (action.id, action.kind, action.priority) == ("find-out:a.q4", Kind.FIND_OUT, Priority.FIND_OUT)
    assert (action.owner, action.by) == ("Jo in finance", day)


def test_dont_know_without_a_name_goes_to_who_usually_knows() -> None:
    [action] = plan({"a.q4": Answer(AnswerState.DONT_KNOW)})

    assert action.owner == "Treasurer"


def test_a_hard_gate_not_known_is_to_be_found_out_now() -> None:
    [action] = plan(gates={"a.hard": GateAnswer(GateState.NOT_KNOWN)})

    assert (action.id, action.priority, action.owner) == ("find-out:a.hard", Priority.DO_NOW, "The fund")


def test_what_is_not_answered_is_one_action() -> None:
    answers = Answers(Stage.PLAN, AS_OF, {"flag": True}, {"a.q0": at(2)}, {"a.hard": MET["a.hard"]})
    [action] = plan_actions(CATALOGUE, score(CATALOGUE, answers), answers)

    assert (action.id, action.kind, action.priority) == ("finish:a", Kind.FINISH, Priority.BY_NEXT_STAGE)
    assert action.closes == ("a.limiting", "a.q1", "a.q2", "a.q3", "a.q4")
    assert action.reason == "One gate and four questions are not answered."


def test_missing_facts_are_one_action_of_the_profile() -> None:
    answers = Answers(Stage.PLAN, AS_OF, {}, {**GOOD, "a.q3": at(0)}, MET)
    first, _ = plan_actions(CATALOGUE, score(CATALOGUE, answers), answers)[::-1]

    assert (first.id, first.barrier, first.closes) == ("finish:profile", None, ("flag",))


def test_an_action_that_closes_several_gaps_stands_once_with_the_highest_priority() -> None:
    [action] = plan({"a.q1": at(1)}, {"a.limiting": GateAnswer(GateState.NOT_MET)})

    assert (action.id, action.priority) == ("a.list", Priority.BY_NEXT_STAGE)
    assert action.closes == ("a.limiting", "a.q1")
    assert action.reason == "Gate a.limiting is a limiting gate and is not met."


def test_open_predecessors_come_first_and_are_as_urgent() -> None:
    actions = plan({"a.q1": at(1)}, {"a.hard": GateAnswer(GateState.NOT_MET)})

    assert ids(actions) == ["a.list", "a.sign"]
    assert [action.after for action in actions] == [(), ("a.list",)]
    assert {action.priority for action in actions} == {Priority.DO_NOW}


def test_what_to_do_first_waits_for_nothing() -> None:
    actions = plan({"a.q0": at(0), "a.q1": at(0), "a.q4": at(3, E0)}, {"a.hard": GateAnswer(GateState.NOT_MET)})

    assert ids(actions) == ["a.list", "a.model", "a.sign", "prove:a.q4"]
    assert ids(first_three(actions)) == ["a.list", "prove:a.q4"]


@given(cases())
def test_no_action_is_planned_twice_or_before_what_it_waits_for(case: Case) -> None:
    actions = plan_actions(case.catalogue, score(case.catalogue, case.answers), case.answers)
    places = {action.id: place for place, action in enumerate(actions)}

    assert len(places) == len(actions)
    assert [a.id for a in actions if any(places[before] > places[a.id] for before in a.after)] == []


@given(cases())
def test_what_is_unknown_or_unproved_is_closed_by_some_action(case: Case) -> None:
    """But for a gate that the calculator caps: it calls for its own actions, and generated gates have none."""
    result = score(case.catalogue, case.answers)
    closed = {one for action in plan_actions(case.catalogue, result, case.answers) for one in action.closes}
    gates = {g.id for b in result.barriers for g in b.gates if g.counts is GateState.NOT_KNOWN and not g.is_capped}
    blank = {q.id for b in result.barriers for q in b.questions if q.counted_state is AnswerState.NOT_ANSWERED}

    assert (gates | blank) - closed == set()
