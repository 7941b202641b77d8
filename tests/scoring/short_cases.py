"""Generated cases in which much falls short, few things are asked, and nothing but weights and gaps is odd.

Among them every set of changes can be tried.
"""

from __future__ import annotations

from hypothesis import strategies as st

from assessments.catalogue.schema import Barrier, EvidenceGrade, FactTest, Gate, LevelQuestion, Stage, Strength
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState
from tests.scoring.strategies import AS_OF, FACTS, FRESH, Case, make_barrier, make_catalogue, make_gate, make_question

STAGE = Stage.PLAN
MISSING_FACT = FactTest(fact="flag", is_=True)
SHAPES = {1: (7,), 2: (4, 3), 3: (3, 2, 2)}
"""How many questions the barriers have at most."""


def level_answer(level: int) -> Answer:
    return Answer(AnswerState.ANSWERED, level=level, evidence=EvidenceGrade.E3, evidence_date=FRESH)


GOOD = level_answer(4)
ANSWERS = [*map(level_answer, range(4)), GOOD, GOOD, GOOD, None, Answer(AnswerState.NOT_APPLICABLE)]
STATES = [GateState.MET, GateState.MET, GateState.NOT_MET, GateState.NOT_KNOWN]


@st.composite
def short_cases(draw: st.DrawFn, gates: bool = True) -> Case:
    """All at one stage, with good evidence; what may apply depends on a fact that nobody has given."""
    sizes = SHAPES[draw(st.integers(1, 3))]
    barriers = [draw(barrier(name, size, gates)) for name, size in zip("abc", sizes, strict=False)]
    questions = [question for barrier in barriers for question in barrier.levels]
    given = {question.id: draw(st.sampled_from(ANSWERS)) for question in questions}
    states = {gate.id: draw(st.sampled_from(STATES)) for barrier in barriers for gate in barrier.gates}
    answers = Answers(
        STAGE,
        AS_OF,
        {},
        {question_id: answer for question_id, answer in given.items() if answer is not None},
        {gate_id: GateAnswer(state, EvidenceGrade.E3, FRESH) for gate_id, state in states.items()},
    )
    return Case(make_catalogue(barriers, FACTS), answers)


@st.composite
def barrier(draw: st.DrawFn, barrier_id: str, most: int, gates: bool) -> Barrier:
    numbers = range(draw(st.integers(1, most)))
    questions = [draw(question(f"{barrier_id}.q{number}")) for number in numbers]
    strength = draw(st.none() | st.sampled_from(Strength)) if gates else None
    return make_barrier(barrier_id, questions, gate_of(barrier_id, strength), [])


def gate_of(barrier_id: str, strength: Strength | None) -> list[Gate]:
    return [] if strength is None else [make_gate(f"{barrier_id}.g", strength)]


@st.composite
def question(draw: st.DrawFn, question_id: str) -> LevelQuestion:
    return make_question(
        question_id,
        required=dict.fromkeys(Stage, draw(st.integers(1, 4))),
        essential=draw(st.integers(0, 3)) == 0,
        weight=draw(st.integers(1, 5)),
        when=draw(st.sampled_from([None, None, None, MISSING_FACT])),
    )
