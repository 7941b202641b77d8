"""The plan follows what was agreed with an adviser, and so do what-ifs, dates and the summary."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue.schema import Action, Claim, EvidenceGrade, Mark, Stage
from assessments.planning.actions import plan_actions
from assessments.planning.assessed import assessed
from assessments.planning.document import document_of, to_json
from assessments.planning.planned import PlannedAction
from assessments.planning.schedule import undone
from assessments.planning.summary import summary
from assessments.planning.way_up import way_up
from assessments.planning.what_if import Tried, what_if
from assessments.reports.inputs import Given, given_of, to_inputs
from assessments.scoring.answers import (
    AgreedGate,
    AgreedLevel,
    Answer,
    Answers,
    AnswerState,
    Cap,
    GateAnswer,
    GateState,
    Service,
)
from assessments.scoring.changes import with_changes
from assessments.scoring.result import GateResult, QuestionResult
from assessments.scoring.score import score
from tests.planning.test_assessed import example
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
DONT_KNOW, NOT_APPLICABLE = AnswerState.DONT_KNOW, AnswerState.NOT_APPLICABLE
MET, NOT_MET, NOT_KNOWN = GateState.MET, GateState.NOT_MET, GateState.NOT_KNOWN
ACTIONS = tuple(
    Action(
        id=action_id,
        title=f"Do {action_id}",
        owner="Finance lead",
        weeks=(2, 4),
        weeks_basis=Claim(text="Planning estimate", mark=Mark.JUDGEMENT),
        done_when="It is done.",
    )
    for action_id in ("a.work", "a.sign")
)
QUESTIONS = [make_question("a.q", essential=True, actions=["a.work"]), make_question("a.r", actions=["a.work"])]
GATES = [make_gate("a.g", actions=["a.sign"])]
CATALOGUE = make_catalogue([make_barrier("a", QUESTIONS, GATES, []).model_copy(update={"actions": ACTIONS})], FACTS)

Agreed = dict[str, AgreedLevel | AgreedGate]


def at(level: int, grade: EvidenceGrade = E3) -> Answer:
    return Answer(AnswerState.ANSWERED, level=level, evidence=grade, evidence_date=FRESH)


def answers(agreed: Agreed, question: Answer | None = None, gate: GateAnswer | None = None) -> Answers:
    """All good but for what is given; the question named "a.r" always is."""
    return Answers(
        Stage.PLAN,
        AS_OF,
        {},
        {"a.q": question or at(2), "a.r": at(2)},
        {"a.g": gate or GateAnswer(MET, E3, FRESH)},
        agreed=agreed,
    )


def plan(given_answers: Answers) -> tuple[PlannedAction, ...]:
    return plan_actions(CATALOGUE, score(CATALOGUE, given_answers), given_answers)


# What is called for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "agreed", "called_for"),
    [
        pytest.param(at(2), AgreedLevel(1, 1), ["a.work"], id="lower than claimed: work, not proof"),
        pytest.param(at(2, E0), AgreedLevel(1, 1), ["a.work"], id="as supported: still work"),
        pytest.param(at(2, E0), AgreedLevel(2, 2), [], id="enough: no proof is asked for again"),
        pytest.param(at(0), AgreedLevel(2, 2), [], id="enough, though claimed lower"),
        pytest.param(at(2), AgreedLevel(DONT_KNOW, DONT_KNOW), ["find-out:a.q"], id="nobody knows"),
        pytest.param(at(0), AgreedLevel(NOT_APPLICABLE, NOT_APPLICABLE), [], id="does not apply"),
        pytest.param(at(2), AgreedLevel(0, None), ["a.work"], id="dissent"),
        pytest.param(Answer(AnswerState.NOT_ANSWERED), AgreedLevel(1, 1), ["a.work"], id="never answered"),
    ],
)
def test_question_calls_for_what_counts(question: Answer, agreed: AgreedLevel, called_for: list[str]) -> None:
    assert [action.id for action in plan(answers({"a.q": agreed}, question))] == called_for


@pytest.mark.parametrize(
    ("gate", "agreed", "called_for"),
    [
        pytest.param(GateAnswer(MET, E3, FRESH), AgreedGate(NOT_MET, NOT_MET), ["a.sign"], id="not met: work"),
        pytest.param(GateAnswer(MET, E0), AgreedGate(MET, MET), [], id="met: no proof is asked for again"),
        pytest.param(GateAnswer(MET, E0), AgreedGate(NOT_KNOWN, NOT_KNOWN), ["find-out:a.g"], id="not known"),
        pytest.param(GateAnswer(NOT_MET), AgreedGate(NOT_MET, None), ["a.sign"], id="dissent"),
    ],
)
def test_gate_calls_for_what_counts(gate: GateAnswer, agreed: AgreedGate, called_for: list[str]) -> None:
    assert [action.id for action in plan(answers({"a.g": agreed}, gate=gate))] == called_for


@pytest.mark.parametrize(("settled", "called_for"), [(NOT_MET, ["a.sign"]), (NOT_KNOWN, ["find-out:a.g"]), (MET, [])])
def test_gate_that_only_an_adviser_has_spoken_of_is_no_longer_to_be_answered(
    settled: GateState, called_for: list[str]
) -> None:
    unanswered = replace(answers({"a.g": AgreedGate(settled, settled)}), gates={})

    assert [action.id for action in plan(unanswered)] == called_for


def test_capped_though_agreed_calls_for_work() -> None:
    given_answers = replace(
        answers({"a.q": AgreedLevel(2, 2), "a.g": AgreedGate(MET, MET)}),
        caps={"a.q": Cap(1, "the money runs out"), "a.g": Cap(None, "the money runs out")},
    )

    assert [action.id for action in plan(given_answers)] == ["a.sign", "a.work"]


def test_reason_names_the_review() -> None:
    [action] = plan(answers({"a.q": AgreedLevel(1, None)}))

    assert action.reason == (
        "Question a.q counts as level 1, as the adviser sees it and the service does not (the service said 2, the"
        " evidence supports 2); this stage needs level 2, and the question is essential."
    )


# Changes on a copy ------------------------------------------------------------------------------------------


def test_way_up_raises_what_was_agreed() -> None:
    given_answers = answers({"a.q": AgreedLevel(0, 0), "a.g": AgreedGate(NOT_MET, NOT_MET)}, at(4))
    changes = way_up(score(CATALOGUE, given_answers))

    assert [change.text for change in changes] == ["Clear the hard gate Gate a.g."]
    after = score(CATALOGUE, with_changes(given_answers, CATALOGUE, changes, AS_OF))
    assert after.supported.worst.colour.word == "Amber"


@given(cases(), st.data())
def test_changes_end_in_what_they_say_and_leave_other_reviews_alone(case: Case, data: st.DataObject) -> None:
    changes = way_up(score(case.catalogue, case.answers))
    chosen = data.draw(st.lists(st.sampled_from(changes), unique=True)) if changes else []
    ids = {change.id for change in chosen}

    copy = with_changes(case.answers, case.catalogue, chosen, AS_OF)

    assert copy.agreed == {item: found for item, found in case.answers.agreed.items() if item not in ids}


def tried(given_answers: Answers, **more: object) -> dict[str, QuestionResult | GateResult]:
    outcome = what_if(CATALOGUE, given_answers, Tried(**more), None, {})  # type: ignore[arg-type]
    barrier = outcome.after.result.barriers[0]
    return {item.id: item for item in (*barrier.questions, *barrier.gates)}  # type: ignore[attr-defined, misc]


def test_what_is_tried_takes_the_place_of_what_was_agreed() -> None:
    given_answers = answers({"a.q": AgreedLevel(0, 0), "a.g": AgreedGate(NOT_MET, NOT_MET), "a.r": AgreedLevel(1, 1)})

    after = tried(given_answers, levels={"a.q": 3}, gates={"a.g": MET})

    assert {item: found.counts for item, found in after.items()} == {"a.q": 3, "a.g": MET, "a.r": 1}
    assert [item for item, found in after.items() if found.agreed] == ["a.r"]


def test_what_is_tried_lower_than_agreed_is_lower() -> None:
    assert tried(answers({"a.q": AgreedLevel(4, 4)}), levels={"a.q": 1})["a.q"].counts == 1


def test_action_taken_as_done_closes_what_was_agreed_open() -> None:
    after = tried(answers({"a.g": AgreedGate(NOT_MET, None)}), done=("a.sign",))

    assert after["a.g"].counts is MET


def test_what_a_what_if_changes_starts_from_what_counts() -> None:
    outcome = what_if(CATALOGUE, answers({"a.q": AgreedLevel(1, 1)}), Tried(levels={"a.q": 2}), None, {})

    assert [(change.id, change.from_, change.to) for change in outcome.answered] == [("a.q", 1, 2)]


# Dates ------------------------------------------------------------------------------------------------------


def test_what_is_agreed_is_not_taken_as_undone() -> None:
    """But for what both agree that nobody knows."""
    agreed: Agreed = {"a.q": AgreedLevel(2, 2), "a.r": AgreedLevel(DONT_KNOW, DONT_KNOW), "a.g": AgreedGate(MET, MET)}
    blank = replace(answers(agreed), questions={}, gates={})

    found = undone(CATALOGUE, blank)

    assert found.agreed == {"a.q": AgreedLevel(2, 2), "a.g": AgreedGate(MET, MET)}
    assert found.questions == {"a.r": Answer(AnswerState.ANSWERED, level=0)}
    assert found.gates == {}


@given(cases(max_barriers=2))
def test_nothing_is_unknown_once_taken_as_undone(case: Case) -> None:
    result = score(case.catalogue, undone(case.catalogue, case.answers))

    assert [q.id for b in result.barriers for q in b.questions if q.is_unknown] == []


# Printed and kept -------------------------------------------------------------------------------------------

REVIEW: Agreed = {
    "pensions.scheme-contact": AgreedLevel(1, None, "A call is no contact.", "We have it in writing"),
    "pensions.workforce-list": AgreedLevel(2, 2),
}


def test_summary_says_what_is_reviewed_and_prints_the_dissent() -> None:
    given_file = example()
    found = assessed(given_file.catalogue, replace(given_file.answers, agreed=REVIEW))

    printed = summary(found, given_file.service)

    assert "Self-assessed, not reviewed." not in printed
    assert "Two questions and gates are settled with an adviser, one of them without agreement." in printed
    assert (
        "\nNot agreed\n  - Contact with the scheme: The adviser's level 1 is used; the service said 2, the evidence"
        " supports 2. The service does not agree: We have it in writing.\n"
    ) in printed


def test_document_holds_what_was_settled() -> None:
    given_file = example()
    found = assessed(given_file.catalogue, replace(given_file.answers, agreed=REVIEW))

    plain = json.loads(to_json(document_of(found, Service())))

    settled = {q["id"]: q["agreed"] for q in plain["barriers"]["pensions"]["questions"] if "agreed" in q}
    assert {item: (told["adviser"], told["agreed"], told["dissent"]) for item, told in settled.items()} == {
        "pensions.scheme-contact": (1, None, True),
        "pensions.workforce-list": (2, 2, False),
    }


def test_inputs_of_a_report_keep_what_was_settled() -> None:
    given_file = example()
    reviewed = Given(given_file.catalogue, replace(given_file.answers, agreed=REVIEW), given_file.service)

    kept = json.loads(json.dumps(to_inputs(reviewed)))

    assert given_of(kept).answers.agreed == REVIEW
    assert "agreed" not in to_inputs(Given(given_file.catalogue, given_file.answers, given_file.service))
