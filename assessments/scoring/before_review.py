"""What a reviewed result would be on the evidence alone: the service's own assessment, beside what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assessments.scoring import barrier as barrier_rule
from assessments.scoring import overall, tally
from assessments.scoring.answers import AnswerState
from assessments.scoring.overall import Decided
from assessments.scoring.result import WORST_LEVEL, BarrierResult, GateResult, QuestionResult, Range, Result
from assessments.scoring.runs import EVIDENCED_BEST, EVIDENCED_WORST, Run


@dataclass(frozen=True, slots=True)
class BeforeReview:
    """The whole and its barriers, as the evidence supports what the service says."""

    whole: Range
    barriers: Mapping[str, Range]


def before_review(result: Result) -> BeforeReview:
    """The same as to score the same answers without what is agreed; needs neither them nor the catalogue."""
    if not result.reviewed:
        return BeforeReview(result.supported, {barrier.id: barrier.supported for barrier in result.barriers})
    worst = [_decided(barrier, EVIDENCED_WORST) for barrier in result.barriers]
    best = [_decided(barrier, EVIDENCED_BEST) for barrier in result.barriers]
    return BeforeReview(
        Range(overall.decide(worst), overall.decide(best)),
        {low.id: Range(low.decision, high.decision) for low, high in zip(worst, best, strict=True)},
    )


def _decided(barrier: BarrierResult, run: Run) -> Decided:
    questions = [_question(question) for question in barrier.questions]
    applicable = [question for question in questions if question.state is not AnswerState.NOT_APPLICABLE]
    count = tally.count(applicable, [_gate(gate) for gate in barrier.gates], run)
    return Decided(barrier.id, barrier.title, barrier_rule.decide(count), count)


def _question(question: QuestionResult) -> QuestionResult:
    if question.agreed is None:
        return question
    return replace(
        question, agreed=None, gap_worst=_gap(question, WORST_LEVEL), gap_best=_gap(question, question.ceiling)
    )


def _gate(gate: GateResult) -> GateResult:
    return gate if gate.agreed is None else replace(gate, agreed=None)


def _gap(question: QuestionResult, unknown: int) -> int:
    if question.state is AnswerState.NOT_APPLICABLE:
        return 0
    return max(question.required - (unknown if question.supported is None else question.supported), 0)
