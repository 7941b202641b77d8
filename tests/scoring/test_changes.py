"""Changes on a copy of the answers: what is met or raised there, and what stays as it was."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.catalogue.schema import EvidenceGrade, Stage, Strength
from assessments.scoring.answers import Answer, Answers, AnswerState, Cap, GateAnswer, GateState
from assessments.scoring.changes import (
    Change,
    changes_from_dicts,
    changes_to_dicts,
    cleared,
    grade_for,
    raised,
    with_changes,
)
from assessments.scoring.result import GateResult, QuestionResult, Result
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
from tests.scoring.test_properties import scored

E0, E1, E2, E3 = EvidenceGrade
CATALOGUE = make_catalogue([make_barrier("a", [make_question("a.q")], [make_gate("a.g")], [])], FACTS)


def make_answers(question: Answer | None = None, gate: GateAnswer | None = None) -> Answers:
    questions = {} if question is None else {"a.q": question}
    return Answers(Stage.PLAN, AS_OF, {}, questions, {} if gate is None else {"a.g": gate})


def answered(level: int, grade: EvidenceGrade, note: str = "") -> Answer:
    return Answer(AnswerState.ANSWERED, level, evidence=grade, evidence_date=FRESH, note=note)


def question_change(to: int, from_: int | None = None) -> Change:
    return Change("question", "a.q", "a", "Question a.q", from_, to, "")


def question_of(answers: Answers) -> QuestionResult:
    return score(CATALOGUE, answers).barriers[0].questions[0]


def gate_of(answers: Answers) -> GateResult:
    return score(CATALOGUE, answers).barriers[0].gates[0]


def changed(answers: Answers, *changes: Change) -> Answers:
    return with_changes(answers, CATALOGUE, changes, AS_OF)


# The copy ---------------------------------------------------------------------------------------------------


@given(cases(), st.data())
def test_what_is_changed_stands_at_what_it_is_changed_to(case: Case, data: st.DataObject) -> None:
    result = scored(case)
    gates = [gate for barrier in result.barriers for gate in barrier.gates if gate.counts is not GateState.MET]
    questions = [question for barrier in result.barriers for question in barrier.questions if question.gap_worst]
    possible = [*map(cleared, gates), *map(raised, questions)]
    assume(possible)
    chosen = data.draw(st.lists(st.sampled_from(possible), unique=True))
    ids = {change.id for change in chosen}

    after = score(case.catalogue, with_changes(case.answers, case.catalogue, chosen, AS_OF))

    items = items_of(after)
    assert {item.id: item.counts for item in items if item.id in ids} == {change.id: change.to for change in chosen}
    assert [item for item in items if item.id not in ids] == [item for item in items_of(result) if item.id not in ids]


def items_of(result: Result) -> list[GateResult | QuestionResult]:
    gates = [gate for barrier in result.barriers for gate in barrier.gates]
    return [*gates, *(question for barrier in result.barriers for question in barrier.questions)]


def test_the_answers_given_stay_as_they_are() -> None:
    answers = make_answers(answered(1, E0), GateAnswer(GateState.NOT_MET))
    copy = replace(answers, questions=dict(answers.questions), gates=dict(answers.gates))

    changed(answers, raised(question_of(answers)), cleared(gate_of(answers)))

    assert answers == copy


def test_no_change_makes_an_equal_copy() -> None:
    answers = make_answers(answered(1, E0))

    assert changed(answers) == answers


@pytest.mark.parametrize(("level", "grade"), [(0, E0), (1, E0), (2, E1), (3, E2), (4, E3)])
def test_a_level_comes_with_the_grade_that_supports_it(level: int, grade: EvidenceGrade) -> None:
    answers = changed(make_answers(), question_change(level))

    assert (grade_for(level), answers.questions["a.q"]) == (
        grade,
        Answer(AnswerState.ANSWERED, level, evidence=grade, evidence_date=AS_OF),
    )


def test_a_gate_comes_with_the_grade_that_it_needs() -> None:
    answers = make_answers(gate=GateAnswer(GateState.NOT_MET, note="Not yet."))

    gate = changed(answers, cleared(gate_of(answers))).gates["a.g"]

    assert gate == GateAnswer(GateState.MET, E2, AS_OF, note="Not yet.")


def test_what_is_only_proved_keeps_its_claim_and_its_note() -> None:
    answers = make_answers(answered(4, E0, note="The scheme said so."))

    question = question_of(changed(answers, raised(question_of(answers))))

    assert (question.claimed, question.supported) == (4, 2)
    assert changed(answers, raised(question_of(answers))).questions["a.q"].note == "The scheme said so."


def test_a_question_can_be_tried_at_a_lower_level() -> None:
    question = question_of(changed(make_answers(answered(4, E3)), question_change(to=1, from_=4)))

    assert (question.claimed, question.supported) == (1, 1)


def test_what_is_changed_is_no_longer_capped() -> None:
    caps = {item_id: Cap(1, "the balance falls below nought") for item_id in ("a.q", "a.g", "b.q")}
    answers = replace(make_answers(answered(2, E1)), caps=caps)

    assert set(changed(answers, question_change(2)).caps) == {"a.g", "b.q"}


def test_an_unknown_gate_is_refused() -> None:
    with pytest.raises(KeyError):
        changed(make_answers(), Change("gate", "a.other", "a", "", None, "met", ""))


# Words and JSON ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (None, "Answer Question a.q at level 2 or above, with proof."),
        (Answer(AnswerState.DONT_KNOW), "Answer Question a.q at level 2 or above, with proof."),
        (answered(0, E0), "Raise Question a.q from level 0 to level 2, with proof."),
        (answered(1, E3), "Raise Question a.q from level 1 to level 2, with proof."),
        (answered(3, E0), "Prove Question a.q at level 2: it is claimed at level 3, but supported at level 1."),
    ],
)
def test_a_question_says_what_is_to_be_done(answer: Answer | None, text: str) -> None:
    assert raised(question_of(make_answers(answer))).text == text


def test_level_one_needs_no_proof() -> None:
    question = replace(question_of(make_answers(answered(0, E0))), required=1)

    assert raised(question).text == "Raise Question a.q from level 0 to level 1."


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (None, "Settle the hard gate Gate a.g: show that it is met."),
        (GateAnswer(GateState.NOT_KNOWN), "Settle the hard gate Gate a.g: show that it is met."),
        (GateAnswer(GateState.NOT_MET), "Clear the hard gate Gate a.g."),
        (GateAnswer(GateState.MET, E1, FRESH), "Prove that the hard gate Gate a.g is met."),
    ],
)
def test_a_gate_says_what_is_to_be_done(answer: GateAnswer | None, text: str) -> None:
    assert cleared(gate_of(make_answers(gate=answer))).text == text


def test_a_limiting_gate_is_called_so() -> None:
    gate = replace(gate_of(make_answers(gate=GateAnswer(GateState.NOT_MET))), strength=Strength.LIMITING)

    assert cleared(gate).text == "Clear the limiting gate Gate a.g."


def test_what_a_calculation_holds_down_says_why() -> None:
    answers, cap = make_answers(answered(4, E3), GateAnswer(GateState.MET, E2, FRESH)), Cap(1, "the balance is -£5")
    question = replace(question_of(answers), supported=1, gap_worst=1, cap=cap)
    gate = replace(gate_of(answers), supported=GateState.NOT_KNOWN, cap=replace(cap, highest=None))

    assert raised(question).text == (
        "Raise Question a.q from level 1 to level 2, with proof. "
        "It counts as level 1 at most because the balance is -£5."
    )
    assert cleared(gate).text == "Clear the hard gate Gate a.g, which cannot count as met because the balance is -£5."


def test_to_json_and_back() -> None:
    answers = make_answers()
    changes = (cleared(gate_of(answers)), raised(question_of(answers)))
    plain = json.loads(json.dumps(changes_to_dicts(changes)))

    assert [(one["kind"], one["id"], one["from"], one["to"]) for one in plain] == [
        ("gate", "a.g", "not_known", "met"),
        ("question", "a.q", None, 2),
    ]
    assert changes_from_dicts(plain) == changes
