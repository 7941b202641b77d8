"""Generated catalogues and answers: real schema objects, small enough to think about, odd enough to break things."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from assessments.catalogue.path import Path, path
from assessments.catalogue.schema import (
    AllOf,
    AnyOf,
    Barrier,
    Catalogue,
    Clearing,
    Condition,
    Edition,
    EvidenceGrade,
    FactQuestion,
    FactTest,
    FactValue,
    Gate,
    LevelQuestion,
    NotOf,
    Option,
    Page,
    Profile,
    Rules,
    Stage,
    Strength,
)
from assessments.scoring.answers import (
    RATINGS,
    AgreedGate,
    AgreedLevel,
    Answer,
    Answers,
    AnswerState,
    Cap,
    GateAnswer,
    GateState,
)
from assessments.scoring.score import facts_of

AS_OF = dt.date(2026, 11, 21)
FRESH, OLD = dt.date(2026, 11, 1), dt.date(2020, 1, 1)
STAGES = tuple(Stage)
GRADES = tuple(EvidenceGrade)

_editions = itertools.count()


@dataclass(frozen=True)
class Case:
    """A catalogue with answers to it."""

    catalogue: Catalogue
    answers: Answers

    @property
    def asked(self) -> Path:
        return path(self.catalogue, self.answers.stage, facts_of(self.answers), self.answers.as_of)

    def questions(self) -> list[LevelQuestion]:
        """The level questions that are asked, or may be."""
        asked = self.asked
        return [question for barrier in self.catalogue.barriers for question in asked.levels(barrier.id)]

    def gates(self) -> list[Gate]:
        asked = self.asked
        return [gate for barrier in self.catalogue.barriers for gate in asked.gates(barrier.id)]

    def with_answer(self, question_id: str, answer: Answer) -> Case:
        questions = {**self.answers.questions, question_id: answer}
        return Case(self.catalogue, replace(self.answers, questions=questions))

    def with_answer_settled(self, question_id: str, answer: Answer) -> Case:
        """As `with_answer`; and no adviser has settled anything else."""
        return self.with_agreed(question_id, None).with_answer(question_id, answer)

    def with_gate_settled(self, gate_id: str, answer: GateAnswer) -> Case:
        """As `with_gate`; no adviser has settled anything else, and what the calculator said against it, if anything,
        is mended."""
        caps = {item: cap for item, cap in self.answers.caps.items() if item != gate_id}
        uncapped = Case(self.catalogue, replace(self.answers, caps=caps))
        return uncapped.with_agreed(gate_id, None).with_gate(gate_id, answer)

    def with_agreed(self, item_id: str, agreed: AgreedLevel | AgreedGate | None) -> Case:
        others = {item: found for item, found in self.answers.agreed.items() if item != item_id}
        return Case(
            self.catalogue, replace(self.answers, agreed=others if agreed is None else {**others, item_id: agreed})
        )

    def with_gate(self, gate_id: str, answer: GateAnswer) -> Case:
        return Case(self.catalogue, replace(self.answers, gates={**self.answers.gates, gate_id: answer}))


# Catalogues -------------------------------------------------------------------------------------------------


def make_catalogue(barriers: list[Barrier], facts: list[FactQuestion]) -> Catalogue:
    """Each has a digest of its own, as editions have: what is kept for a catalogue is kept under it."""
    return Catalogue(
        edition=Edition(
            edition="2026.9",
            title="Generated",
            jurisdiction="England",
            checked=AS_OF,
            barriers=tuple(barrier.id for barrier in barriers),
        ),
        profile=Profile(pages=(Page(id="facts", title="Facts", asks=tuple(fact.id for fact in facts)),), facts=facts),
        barriers=barriers,
        rules=Rules(undecided=frozenset({"open"})),
        digest=f"generated {next(_editions)}",
    )


def make_barrier(
    barrier_id: str, questions: list[LevelQuestion], gates: list[Gate], facts: list[FactQuestion]
) -> Barrier:
    items = [*(fact.id for fact in facts), *(gate.id for gate in gates), *(question.id for question in questions)]
    return Barrier(
        id=barrier_id,
        title=f"Barrier {barrier_id}",
        summary="Generated.",
        pages=(Page(id=f"{barrier_id}-page", title="Page", asks=items),),
        gates=gates,
        questions=[*facts, *questions],
    )


def make_question(question_id: str, **given: object) -> LevelQuestion:
    """A level question that needs level 2 at every stage, unless told otherwise."""
    return LevelQuestion.model_validate(
        {
            "id": question_id,
            "kind": "level",
            "title": f"Question {question_id}",
            "text": "Which state is true?",
            "levels": ["Nothing", "Named", "Drafted", "Agreed", "Confirmed"],
            "required": dict.fromkeys(Stage, 2),
            **given,
        }
    )


def make_gate(gate_id: str, strength: Strength = Strength.HARD, **given: object) -> Gate:
    return Gate.model_validate(
        {
            "id": gate_id,
            "title": f"Gate {gate_id}",
            "text": "Is it so?",
            "met_means": "It is so.",
            "not_met_means": "It is not so.",
            "binds": dict.fromkeys(Stage, strength),
            "clearing": Clearing(who="Somebody", evidence="A paper", grade=EvidenceGrade.E2),
            **given,
        }
    )


def make_fact(fact_id: str, **given: object) -> FactQuestion:
    return FactQuestion.model_validate(
        {"id": fact_id, "kind": "yes_no", "title": f"Fact {fact_id}", "text": "Is it so?", **given}
    )


FORMS = [Option(id="one", text="One"), Option(id="two", text="Two"), Option(id="open", text="Not decided yet")]
FACTS = [
    make_fact("flag"),
    make_fact("size", kind="number"),
    make_fact("form", kind="choice", options=FORMS),
]
FACT_VALUES: dict[str, st.SearchStrategy[FactValue]] = {
    "yes_no": st.booleans(),
    "number": st.integers(min_value=0, max_value=20),
    "choice": st.sampled_from(["one", "two"]),
}

TESTS: list[Condition] = [
    FactTest(fact="flag", is_=True),
    FactTest(fact="flag", is_=False),
    FactTest(fact="size", at_least=5),
    FactTest(fact="size", below=12),
    FactTest(fact="form", is_="one"),
]
CONDITIONS: list[Condition] = [
    *TESTS,
    *(NotOf(not_=test) for test in TESTS),
    *(AllOf(all=pair) for pair in itertools.combinations(TESTS, 2)),
    *(AnyOf(any=pair) for pair in itertools.combinations(TESTS, 2)),
    NotOf(not_=AllOf(all=(TESTS[0], AnyOf(any=(TESTS[2], TESTS[4]))))),
]
REQUIREMENTS: list[dict[Stage, int]] = [
    dict(zip(STAGES[first:], levels, strict=True))
    for first in range(4)
    for levels in itertools.combinations_with_replacement(range(1, 5), 4 - first)
]
BINDINGS: list[dict[Stage, Strength]] = [
    {stage: Strength.HARD if place >= hard_from else Strength.LIMITING for place, stage in places}
    for first in range(4)
    for places in [list(enumerate(STAGES))[first:]]
    for hard_from in range(first, 5)
]


def maybe_conditions(own_fact: str) -> st.SearchStrategy[Condition | None]:
    """Half of them none, so that much is asked; else on facts of the profile, or on the barrier's own fact."""
    own: list[Condition | None] = [FactTest(fact=own_fact, is_=True), FactTest(fact=own_fact, is_=False)]
    return st.none() | st.sampled_from([*CONDITIONS, *own])


@st.composite
def barriers(draw: st.DrawFn, barrier_id: str, max_questions: int = 5) -> Barrier:
    own_fact = make_fact(f"{barrier_id}.fact", when=draw(st.none() | st.sampled_from(CONDITIONS)))
    whens = maybe_conditions(own_fact.id)
    questions = [
        make_question(
            f"{barrier_id}.q{number}",
            required=draw(st.sampled_from(REQUIREMENTS)),
            essential=draw(st.booleans()),
            weight=draw(st.integers(1, 4)),
            evidence_life_months=draw(st.integers(1, 60)),
            when=draw(whens),
        )
        for number in range(draw(st.integers(0, max_questions)))
    ]
    gates = [
        make_gate(
            f"{barrier_id}.g{number}",
            binds=draw(st.sampled_from(BINDINGS)),
            clearing=Clearing(who="Somebody", evidence="A paper", grade=draw(st.sampled_from(GRADES))),
            not_applicable_when=draw(st.sampled_from(["", "There is none."])),
            when=draw(whens),
        )
        for number in range(draw(st.integers(0, 2)))
    ]
    return make_barrier(barrier_id, questions, gates, [own_fact])


@st.composite
def catalogues(draw: st.DrawFn, max_barriers: int = 4, max_questions: int = 5) -> Catalogue:
    names = ["a", "b", "c", "d"][: draw(st.integers(1, max_barriers))]
    return make_catalogue([draw(barriers(name, max_questions)) for name in names], FACTS)


# Answers ----------------------------------------------------------------------------------------------------

evidence_dates = st.sampled_from([None, FRESH, OLD])
levels = st.builds(
    lambda level, grade, date: Answer(AnswerState.ANSWERED, level=level, evidence=grade, evidence_date=date),
    st.integers(0, 4),
    st.sampled_from(GRADES),
    evidence_dates,
)
question_answers = st.one_of(
    st.none(),
    levels,
    levels,
    st.sampled_from([Answer(AnswerState.DONT_KNOW), Answer(AnswerState.NOT_APPLICABLE)]),
)
gate_answers = st.one_of(
    st.none(),
    st.builds(GateAnswer, st.sampled_from(GateState), st.sampled_from(GRADES), evidence_dates),
)


GOOD = Answer(AnswerState.ANSWERED, level=4, evidence=EvidenceGrade.E3, evidence_date=FRESH)
GOOD_GATE = GateAnswer(GateState.MET, EvidenceGrade.E3, FRESH)


rarely = st.sampled_from([True, False, False, False, False, False])

ratings = st.integers(0, 4) | st.sampled_from(RATINGS)
agreed_levels = st.builds(AgreedLevel, ratings, st.none() | ratings)
agreed_gates = st.builds(AgreedGate, st.sampled_from(GateState), st.none() | st.sampled_from(GateState))


@st.composite
def answers_to(draw: st.DrawFn, catalogue: Catalogue, facts_missing: bool = True) -> Answers:
    """Answers to anything in the catalogue, asked or not.

    Half of them are good but for a few, because among random answers nearly everything is Red.
    """
    is_good = draw(st.booleans())
    any_answer, any_state = question_answers, gate_answers
    if is_good:
        any_answer = st.one_of(st.just(GOOD), st.just(GOOD), question_answers)
        any_state = st.one_of(st.just(GOOD_GATE), st.just(GOOD_GATE), gate_answers)
    profile: dict[str, FactValue] = {}
    questions: dict[str, Answer] = {}
    gates: dict[str, GateAnswer] = {}
    for item in catalogue.items.values():
        if isinstance(item, FactQuestion):
            if facts_missing and draw(st.booleans()):
                continue
            value = draw(FACT_VALUES[item.kind])
            if catalogue.barrier_of(item.id) is None:
                profile[item.id] = value
            else:
                questions[item.id] = Answer(AnswerState.ANSWERED, value=value)
        elif isinstance(item, LevelQuestion):
            answer = draw(any_answer)
            if answer is not None:
                questions[item.id] = answer
        else:
            state = draw(any_state)
            if state is not None:
                gates[item.id] = state
    caps = {
        item.id: Cap(draw(st.integers(0, 3)) if isinstance(item, LevelQuestion) else None, "a sum says otherwise")
        for item in catalogue.items.values()
        if not isinstance(item, FactQuestion) and draw(rarely)
    }
    agreed: dict[str, AgreedLevel | AgreedGate] = {}
    for item in catalogue.items.values():
        if not isinstance(item, FactQuestion) and draw(rarely):
            agreed[item.id] = draw(agreed_levels) if isinstance(item, LevelQuestion) else draw(agreed_gates)
    return Answers(draw(st.sampled_from(STAGES)), AS_OF, profile, questions, gates, caps, agreed=agreed)


@st.composite
def cases(draw: st.DrawFn, facts_missing: bool = True, max_barriers: int = 4, max_questions: int = 5) -> Case:
    catalogue = draw(catalogues(max_barriers, max_questions))
    return Case(catalogue, draw(answers_to(catalogue, facts_missing)))
