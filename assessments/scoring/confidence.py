"""How firm a barrier's colour is: confidence, from evidence and agreement kept apart (scoring method, rule 11).

It tells the reader how likely the colour is to move, and never moves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assessments.catalogue.schema import EvidenceGrade
from assessments.scoring import sentences
from assessments.scoring.answers import AnswerState, DoubleRatings
from assessments.scoring.result import (
    Agreement,
    Confidence,
    ConfidenceLevel,
    Evidence,
    EvidenceStrength,
    QuestionResult,
)
from assessments.scoring.rounding import whole_per_cent

STRONG = (EvidenceGrade.E2, EvidenceGrade.E3)

LOW, MEDIUM, HIGH = ConfidenceLevel
LIMITED, FAIR, ROBUST = EvidenceStrength

_TABLE = {
    (ROBUST, Agreement.LOW): MEDIUM,
    (ROBUST, Agreement.MEDIUM): HIGH,
    (ROBUST, Agreement.HIGH): HIGH,
    (FAIR, Agreement.LOW): LOW,
    (FAIR, Agreement.MEDIUM): MEDIUM,
    (FAIR, Agreement.HIGH): HIGH,
    (LIMITED, Agreement.LOW): LOW,
    (LIMITED, Agreement.MEDIUM): LOW,
    (LIMITED, Agreement.HIGH): MEDIUM,
    # Rated by one person only: as with medium agreement, but never High.
    (ROBUST, Agreement.NOT_TESTED): MEDIUM,
    (FAIR, Agreement.NOT_TESTED): MEDIUM,
    (LIMITED, Agreement.NOT_TESTED): LOW,
}
_LOWER = {HIGH: MEDIUM, MEDIUM: LOW, LOW: LOW}


def confidence(
    questions: Sequence[QuestionResult], ratings: DoubleRatings | None, contradictions: tuple[str, ...]
) -> Confidence | None:
    """The confidence in one barrier; None where no question applies. One step lower if a contradiction names it."""
    strong = weight = 0
    for question in questions:
        if question.counted_state is not AnswerState.NOT_APPLICABLE:
            weight += question.weight
            # Evidence for a claim that the adviser did not take to settle anything makes nothing firmer.
            if question.grade in STRONG and question.counts is not None:
                strong += question.weight
    if not weight:
        return None
    return _confidence(strong, weight, agreement(ratings), contradictions)


def strength(strong: int, weight: int) -> EvidenceStrength:
    """Under a third of the weight at E2 or better is limited, up to two thirds medium, above that robust."""
    if 3 * strong < weight:
        return LIMITED
    return FAIR if 3 * strong <= 2 * weight else ROBUST


def agreement(ratings: DoubleRatings | None) -> Agreement:
    """Of the questions rated twice, under 70% within one level is low, 70 to 90% medium, above 90% high."""
    if ratings is None or not ratings.rated:
        return Agreement.NOT_TESTED
    if 10 * ratings.within_one < 7 * ratings.rated:
        return Agreement.LOW
    return Agreement.MEDIUM if 10 * ratings.within_one <= 9 * ratings.rated else Agreement.HIGH


@lru_cache(maxsize=4096)
def _confidence(strong: int, weight: int, agreed: Agreement, contradictions: tuple[str, ...]) -> Confidence:
    evidence = Evidence(whole_per_cent(strong, weight), strength(strong, weight))
    before = _TABLE[evidence.word, agreed]
    level = _LOWER[before] if contradictions else before
    sentence = sentences.confidence(level, evidence, agreed, len(contradictions), is_lowered=level is not before)
    return Confidence(level, evidence, agreed, contradictions, sentence)
