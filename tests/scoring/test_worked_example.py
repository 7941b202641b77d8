"""The worked example of the scoring method, section 5, with its inputs completed so that every cell comes out.

Six areas of four questions each, at the stage "make the case", where every question needs level 2.
"""

from __future__ import annotations

import pytest

from assessments.catalogue.schema import Barrier, EvidenceGrade, Gate, LevelQuestion, Stage, Strength
from assessments.planning.actions import plan_actions
from assessments.planning.planned import Priority
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState
from assessments.scoring.result import Colour, Range, Result
from assessments.scoring.score import score
from tests.scoring.strategies import AS_OF, FACTS, FRESH, make_barrier, make_catalogue, make_gate, make_question

STAGE = Stage.MAKE_THE_CASE
E0, E1, E2, E3 = EvidenceGrade

# The claim and the evidence for each question; None is not answered. The first question of an area is essential.
# In all areas but the last the first question weighs 2 and the others 1, so that each unit of weight owns 20%.
CLAIMS: dict[str, list[tuple[int, EvidenceGrade] | None]] = {
    "mandate": [(3, E2), (4, E3), (3, E2), (3, E2)],
    "staff": [(3, E0), (2, E0), (2, E1), (2, E1)],
    "pensions": [(3, E2), (3, E2), (2, E1), None],
    "finance": [(3, E0), (3, E2), (3, E2), (2, E1)],
    "contract": [(3, E2), (2, E1), (2, E1), None],
    "people": [(3, E1), (3, E1), (3, E2), (3, E2)],
}
TITLES = {
    "mandate": "Mandate and sponsorship",
    "staff": "Staff and unions",
    "pensions": "Pensions",
    "finance": "Finance and working capital",
    "contract": "Contract and procurement",
    "people": "People and skills",
}
GATES = {
    "mandate": (Strength.HARD, GateState.MET),
    "staff": (Strength.LIMITING, GateState.MET),
    "pensions": (Strength.HARD, GateState.NOT_KNOWN),
    "finance": (Strength.LIMITING, GateState.MET),
}
# The unanswered contract question is of those that the rule set asks for less: level 1 is enough.
REQUIRED = {"contract.q3": 1}


def make_area(area: str) -> Barrier:
    questions = [make_area_question(area, number) for number in range(4)]
    return make_barrier(area, questions, make_area_gates(area), []).model_copy(update={"title": TITLES[area]})


def make_area_question(area: str, number: int) -> LevelQuestion:
    question_id = f"{area}.q{number}"
    return make_question(
        question_id,
        title=f"{TITLES[area]} {number}",
        essential=number == 0,
        weight=2 if number == 0 and area != "people" else 1,
        required=dict.fromkeys(Stage, REQUIRED.get(question_id, 2)),
    )


def make_area_gates(area: str) -> list[Gate]:
    return [make_gate(f"{area}.gate", GATES[area][0], title=f"{TITLES[area]} gate")] if area in GATES else []


def make_answers(**gates: GateState) -> Answers:
    questions = {
        f"{area}.q{number}": Answer(AnswerState.ANSWERED, claim[0], evidence=claim[1], evidence_date=FRESH)
        for area, claims in CLAIMS.items()
        for number, claim in enumerate(claims)
        if claim is not None
    }
    states = {area: state for area, (_, state) in GATES.items()} | gates
    return Answers(
        STAGE,
        AS_OF,
        {},
        questions,
        {f"{area}.gate": GateAnswer(state, E3, FRESH) for area, state in states.items()},
    )


CATALOGUE = make_catalogue([make_area(area) for area in CLAIMS], FACTS)


@pytest.fixture(scope="module")
def result() -> Result:
    return score(CATALOGUE, make_answers())


@pytest.mark.parametrize(
    ("area", "claimed_best", "worst", "best", "index"),
    [
        ("mandate", "Green", "Green", "Green", (80, 80)),
        ("staff", "Green", "Red", "Red", (35, 35)),
        ("pensions", "Green", "Red", "Green", (55, 75)),
        ("finance", "Green", "Amber", "Amber", (50, 50)),
        ("contract", "Green", "Green", "Green", (50, 70)),
        ("people", "Green", "Green", "Green", (62, 62)),
    ],
)
def test_each_row_of_the_table(
    result: Result, area: str, claimed_best: str, worst: str, best: str, index: tuple[int, int]
) -> None:
    barrier = result.barrier(area)

    assert barrier.title == TITLES[area]
    assert barrier.claimed.best.colour.word == claimed_best
    assert words(barrier.supported) == (worst, best)
    assert barrier.index == index


def test_the_row_of_the_whole(result: Result) -> None:
    assert words(result.claimed) == ("Red", "Green")
    assert words(result.supported) == ("Red", "Amber")
    assert result.index == (55, 62)


def test_as_claimed_it_would_be_called_nearly_ready(result: Result) -> None:
    green = [barrier.id for barrier in result.barriers if words(barrier.claimed) == ("Green", "Green")]

    assert result.claimed_index == (65, 72)
    assert green == ["mandate", "staff", "finance", "contract", "people"]


def test_one_fact_separates_red_and_amber() -> None:
    """Clearing the pension gate alone, with every other unknown still at its worst, gives Amber."""
    cleared = score(CATALOGUE, make_answers(pensions=GateState.MET))

    assert words(cleared.supported) == ("Amber", "Amber")
    assert cleared.barrier("pensions").supported.worst.colour is Colour.AMBER


def test_staff_is_red_on_evidence_and_the_action_is_to_prove(result: Result) -> None:
    staff = result.barrier("staff")
    short = [question for question in staff.questions if question.gap_worst]
    actions = plan_actions(CATALOGUE, result, make_answers())

    assert [(question.claimed, question.supported) for question in short] == [(3, 1), (2, 1)]
    assert sum(question.weight for question in short) / sum(q.weight for q in staff.questions) == 3 / 5
    assert staff.supported.worst.sentence == (
        "Red because questions with a gap make up 60% of the weight (half or more)."
    )
    assert staff.supported.worst.triggers[0].text == (
        "Staff and unions 0 is claimed at level 3, but an assertion without evidence supports level 1; "
        "this stage needs level 2, and the question is essential."
    )
    assert [action.id for action in actions if action.barrier == "staff"] == ["prove:staff.q0", "prove:staff.q1"]
    assert {action.priority for action in actions if action.barrier == "staff"} == {Priority.PROVE}


def test_what_to_find_out_first(result: Result) -> None:
    gate, pensions, contract = result.find_out_first

    assert (gate.id, gate.moves_colour) == ("pensions.gate", True)
    assert "the whole from Red to Amber" in gate.effect
    assert (pensions.id, pensions.points) == ("pensions.q3", 20)
    assert (contract.id, contract.moves_colour) == ("contract.q3", False)
    assert contract.effect.startswith("On its own it moves no colour.")


def words(both: Range) -> tuple[str, str]:
    return both.worst.colour.word, both.best.colour.word
