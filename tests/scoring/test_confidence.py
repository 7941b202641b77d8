"""Confidence (scoring method, rule 11): the bands at their boundaries, the table, and one step for a contradiction."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue.schema import ContradictionRule, EvidenceGrade, FactTest, Rules, Stage
from assessments.scoring.answers import Answer, Answers, AnswerState, DoubleRatings
from assessments.scoring.confidence import agreement, confidence, strength
from assessments.scoring.result import Agreement, ConfidenceLevel, EvidenceStrength, QuestionResult
from assessments.scoring.score import score
from tests.scoring.strategies import AS_OF, FACTS, FRESH, OLD, Case, cases, make_barrier, make_catalogue, make_question

LOW, MEDIUM, HIGH = ConfidenceLevel


@pytest.mark.parametrize(
    ("strong", "weight", "expected"),
    [
        (0, 9, EvidenceStrength.LIMITED),
        (2, 9, EvidenceStrength.LIMITED),
        (3, 9, EvidenceStrength.MEDIUM),
        (6, 9, EvidenceStrength.MEDIUM),
        (7, 9, EvidenceStrength.ROBUST),
        (9, 9, EvidenceStrength.ROBUST),
        (33, 100, EvidenceStrength.LIMITED),
        (34, 100, EvidenceStrength.MEDIUM),
        (66, 100, EvidenceStrength.MEDIUM),
        (67, 100, EvidenceStrength.ROBUST),
    ],
)
def test_strength_of_evidence(strong: int, weight: int, expected: EvidenceStrength) -> None:
    assert strength(strong, weight) is expected


@pytest.mark.parametrize(
    ("rated", "within_one", "expected"),
    [
        (10, 6, Agreement.LOW),
        (100, 69, Agreement.LOW),
        (10, 7, Agreement.MEDIUM),
        (10, 9, Agreement.MEDIUM),
        (100, 91, Agreement.HIGH),
        (1, 1, Agreement.HIGH),
        (0, 0, Agreement.NOT_TESTED),
    ],
)
def test_agreement(rated: int, within_one: int, expected: Agreement) -> None:
    assert agreement(DoubleRatings(rated, within_one)) is expected


def test_agreement_is_not_tested_where_nobody_rated_twice() -> None:
    assert agreement(None) is Agreement.NOT_TESTED


TABLE = [
    (3, None, MEDIUM),
    (2, None, MEDIUM),
    (0, None, LOW),
    (3, DoubleRatings(10, 5), MEDIUM),
    (3, DoubleRatings(10, 8), HIGH),
    (3, DoubleRatings(10, 10), HIGH),
    (2, DoubleRatings(10, 5), LOW),
    (2, DoubleRatings(10, 8), MEDIUM),
    (2, DoubleRatings(10, 10), HIGH),
    (0, DoubleRatings(10, 5), LOW),
    (0, DoubleRatings(10, 8), LOW),
    (0, DoubleRatings(10, 10), MEDIUM),
]


def three(strong: int) -> list[QuestionResult]:
    """Three questions, so many of them on approved documents."""
    questions = [make_question(f"a.q{number}") for number in range(3)]
    given_answers = {
        question.id: Answer(AnswerState.ANSWERED, 2, evidence=EvidenceGrade.E2, evidence_date=FRESH)
        for question in questions[:strong]
    }
    catalogue = make_catalogue([make_barrier("a", questions, [], [])], FACTS)
    return list(score(catalogue, Answers(Stage.PLAN, AS_OF, {}, given_answers)).barriers[0].questions)


@pytest.mark.parametrize(("strong", "ratings", "expected"), TABLE)
def test_table(strong: int, ratings: DoubleRatings | None, expected: ConfidenceLevel) -> None:
    found = confidence(three(strong), ratings, ())

    assert found is not None
    assert found.level is expected
    assert found.sentence.startswith(f"{expected.word} confidence: ")


@pytest.mark.parametrize(("strong", "ratings", "before"), TABLE)
def test_contradictions_make_it_one_step_lower(
    strong: int, ratings: DoubleRatings | None, before: ConfidenceLevel
) -> None:
    found = confidence(three(strong), ratings, ("one", "two"))

    assert found is not None
    assert found.level is {HIGH: MEDIUM, MEDIUM: LOW, LOW: LOW}[before]
    assert found.contradictions == ("one", "two")
    assert "Two contradictions touch this barrier" in found.sentence


def test_sentence() -> None:
    found = confidence(three(3), None, ())

    assert found is not None
    assert found.sentence == (
        "Medium confidence: 100% of the weight rests on approved documents or better (robust evidence), and no question"
        " has been rated by a second person yet, so confidence cannot be High."
    )


def test_evidence_counts_after_ageing() -> None:
    question = make_question("a.q0")
    aged = Answer(AnswerState.ANSWERED, 2, evidence=EvidenceGrade.E2, evidence_date=OLD)
    catalogue = make_catalogue([make_barrier("a", [question], [], [])], FACTS)

    [barrier] = score(catalogue, Answers(Stage.PLAN, AS_OF, {}, {question.id: aged})).barriers

    assert barrier.confidence is not None
    assert barrier.confidence.evidence.share == 0


def test_ratings_of_a_barrier_count_for_it_alone() -> None:
    catalogue = make_catalogue([make_barrier(name, [make_question(f"{name}.q")], [], []) for name in "ab"], FACTS)

    result = score(catalogue, Answers(Stage.PLAN, AS_OF, double_ratings={"a": DoubleRatings(10, 10)}))

    levels = [barrier.confidence.agreement for barrier in result.barriers if barrier.confidence]
    assert levels == [Agreement.HIGH, Agreement.NOT_TESTED]


@given(cases(), st.booleans())
def test_contradictions_and_ratings_never_change_a_colour(case: Case, rated: bool) -> None:
    """Every barrier is contradicted, whatever is answered; and all agree, or none."""
    ids = tuple(barrier.id for barrier in case.catalogue.barriers)
    always = FactTest(fact="flag", is_=(True, False))
    rule = ContradictionRule(id="x", title="X", when=always, text="T.", barriers=ids, mend="M.", owner="O")
    contradicted = case.catalogue.model_copy(
        update={"rules": Rules(contradictions=(rule,)), "digest": f"{case.catalogue.digest} contradicted"}
    )
    ratings = {name: DoubleRatings(10, 10 if rated else 0) for name in ids}
    flagged = replace(case.answers, profile={**case.answers.profile, "flag": True})

    before = score(case.catalogue, flagged)
    after = score(contradicted, replace(flagged, double_ratings=ratings))

    assert [one.id for one in after.contradictions] == ["x"]
    assert (after.supported, after.claimed, after.index) == (before.supported, before.claimed, before.index)
    for now, then in zip(after.barriers, before.barriers, strict=True):
        assert replace(now, confidence=None) == replace(then, confidence=None)


@given(cases())
def test_confidence_is_given_where_a_question_applies(case: Case) -> None:
    for barrier in score(case.catalogue, case.answers).barriers:
        assert (barrier.confidence is None) == (barrier.coverage is None)
        assert barrier.confidence is None or barrier.confidence.level is not HIGH
