"""What to find out first (scoring method, rule 8): its order, and what each unknown moves, by settling it in fact."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from assessments.catalogue.schema import Barrier, FactTest, Stage, Strength
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState
from assessments.scoring.result import Colour, Result, Unknown
from assessments.scoring.rounding import whole_per_cent
from assessments.scoring.score import score
from tests.scoring.short_cases import short_cases
from tests.scoring.strategies import (
    AS_OF,
    FACTS,
    Case,
    cases,
    make_barrier,
    make_catalogue,
    make_fact,
    make_gate,
    make_question,
)
from tests.scoring.test_properties import proved, proved_gate, scored, unknown_questions, unproved_gates

# Held against settling each unknown -------------------------------------------------------------------------


def settled(case: Case, *, well: bool, but: str = "") -> dict[str, Colour]:
    """The colours with everything unknown settled well, or all badly; and one thing the other way."""
    for question in unknown_questions(case):
        case = case.with_answer_settled(question, proved(4 if well != (question == but) else 0))
    for gate in unproved_gates(case):
        state = GateState.MET if well != (gate == but) else GateState.NOT_MET
        case = case.with_gate_settled(gate, proved_gate(state))
    result = scored(case)
    return {"": result.supported.worst.colour, **{b.id: b.supported.worst.colour for b in result.barriers}}


def moves(case: Case, unknown: Unknown) -> bool:
    return any(settled(case, well=well, but=unknown.id) != settled(case, well=well) for well in (True, False))


def points(result: Result) -> dict[str, int]:
    """By question, what its weight is of the weight that applies: up to the level that it can have at best."""
    found: dict[str, int] = {}
    for barrier in result.barriers:
        applies = [one for one in barrier.questions if one.counted_state is not AnswerState.NOT_APPLICABLE]
        whole = 4 * sum(one.weight for one in applies)
        found |= {one.id: whole_per_cent(one.weight * one.ceiling, whole) for one in applies}
    return found


def tier(unknown: Unknown) -> tuple[int, int]:
    if unknown.kind == "gate":
        return 0, 0
    return (1, 0) if unknown.moves_colour else (2, -unknown.points)


@given(cases(facts_missing=False))
def test_each_unknown_says_what_settling_it_does(case: Case) -> None:
    result = scored(case)
    found = result.find_out_first

    assert {unknown.id for unknown in found} == {*unknown_questions(case), *unproved_gates(case)}
    assert {unknown.id: unknown.moves_colour for unknown in found} == {u.id: moves(case, u) for u in found}
    shares = points(result)
    assert [u.id for u in found if u.points != (0 if u.kind == "gate" else shares[u.id])] == []


@given(cases() | short_cases())
def test_gates_first_then_what_moves_a_colour_then_the_largest_share(case: Case) -> None:
    found = scored(case).find_out_first

    assert [(one.id, after.id) for one, after in pairwise(found) if tier(one) > tier(after)] == []


# Examples ---------------------------------------------------------------------------------------------------


def unknowns(*barriers: Barrier, answers: dict[str, Answer], gates: dict[str, GateAnswer]) -> list[Unknown]:
    catalogue = make_catalogue(list(barriers), FACTS)
    return list(score(catalogue, Answers(Stage.PLAN, AS_OF, {}, answers, gates)).find_out_first)


def test_gates_come_first_though_they_move_nothing() -> None:
    """Red for a gate that is not met: no other gate moves that, and the hard one comes before the limiting one."""
    gates = [make_gate("a.closed"), make_gate("a.limiting", Strength.LIMITING), make_gate("a.open")]
    other = make_barrier("b", [make_question("b.q0")], [], [])

    found = unknowns(
        make_barrier("a", [make_question("a.q0")], gates, []),
        other,
        answers={"a.q0": proved(4)},
        gates={"a.closed": GateAnswer(GateState.NOT_MET)},
    )

    assert [(one.id, one.moves_colour) for one in found] == [
        ("a.open", False),
        ("a.limiting", False),
        ("b.q0", True),
    ]


def test_a_fact_owns_the_largest_share_that_it_owns_of_one_barrier() -> None:
    only_if = FactTest(fact="flag", is_=True)
    barriers = [
        make_barrier(
            name,
            [make_question(f"{name}.q0", when=only_if), *(make_question(f"{name}.q{n}") for n in range(1, size))],
            [],
            [],
        )
        for name, size in (("a", 4), ("b", 5))
    ]
    answered = {question.id: proved(4) for barrier in barriers for question in barrier.levels}

    [found] = unknowns(*barriers, answers=answered, gates={})

    assert (found.kind, found.id, found.points) == ("fact", "flag", 25)


def test_a_fact_that_decides_whether_another_is_asked_is_to_be_found_out_too() -> None:
    inner = make_fact("a.fact", when=FactTest(fact="flag", is_=True))
    questions = [make_question("a.q0", when=FactTest(fact="a.fact", is_=True)), make_question("a.q1")]

    found = unknowns(
        make_barrier("a", questions, [], [inner]), answers={question.id: proved(4) for question in questions}, gates={}
    )

    assert sorted((one.kind, one.id) for one in found) == [("fact", "a.fact"), ("fact", "flag")]
