"""What one asked question or gate counts for: answer, evidence and what the stage needs (rules 2, 4, 7)."""

from __future__ import annotations

from dataclasses import replace

from assessments.catalogue.path import Path
from assessments.catalogue.schema import EvidenceGrade, Gate, LevelQuestion
from assessments.scoring.answers import AgreedGate, AgreedLevel, Answer, AnswerState, Cap, GateAnswer, GateState
from assessments.scoring.levels import aged, ageing_of, is_enough, supported_level
from assessments.scoring.result import BEST_LEVEL, WORST_LEVEL, Ageing, GateResult, QuestionResult

NOT_ANSWERED = Answer(AnswerState.NOT_ANSWERED)
NO_GATE_ANSWER = GateAnswer(GateState.NOT_KNOWN)


def question_result(
    question: LevelQuestion,
    barrier_id: str,
    answer: Answer | None,
    asked: Path,
    cap: Cap | None = None,
    agreed: AgreedLevel | None = None,
) -> QuestionResult:
    """A cap lowers what is supported or agreed, never the claim; unknown, the question is worth the cap at best."""
    answer = answer or NOT_ANSWERED
    best = BEST_LEVEL if cap is None or cap.highest is None else cap.highest
    required = question.required[asked.stage]
    claimed, state = _claim(answer)
    evidence = grade = supported = None
    ageing = Ageing.NONE
    if claimed is not None:
        evidence = answer.evidence
        ageing = ageing_of(evidence, answer.evidence_date, question.evidence_life_months, asked.as_of)
        grade = aged(evidence, ageing)
        supported = min(supported_level(claimed, grade), best)
    counts, counted_state = supported, state
    if agreed is not None:
        counts, counted_state = agreed.level, agreed.state
        counts = None if counts is None else min(counts, best)
    return QuestionResult(
        id=question.id,
        barrier=barrier_id,
        title=question.title,
        state=state,
        required=required,
        essential=question.essential,
        weight=question.weight,
        claimed=claimed,
        supported=supported,
        evidence=evidence,
        grade=grade,
        gap_worst=_gap(required, counts, counted_state, WORST_LEVEL),
        gap_best=_gap(required, counts, counted_state, best),
        may_apply=asked.may_apply(question.id),
        ageing=ageing,
        cap=cap,
        agreed=agreed,
    )


def gate_result(
    gate: Gate,
    barrier_id: str,
    answer: GateAnswer | None,
    asked: Path,
    cap: Cap | None = None,
    agreed: AgreedGate | None = None,
) -> GateResult:
    """A gate left out where that is not an answer is not known, not left out; nor can an adviser leave it out.
    Capped, it is never shown to be met."""
    given = answer or NO_GATE_ANSWER
    claimed = given.state
    if not gate.may_be_left_out(asked.stage):
        claimed = _not_left_out(claimed)
        agreed = None if agreed is None else _agreed_not_left_out(agreed)
    evidence = grade = None
    ageing = Ageing.NONE
    if claimed is GateState.MET:
        evidence = given.evidence
        ageing = ageing_of(evidence, given.evidence_date, gate.evidence_life_months, asked.as_of)
        grade = aged(evidence, ageing)
    return GateResult(
        id=gate.id,
        barrier=barrier_id,
        title=gate.title,
        strength=gate.binds[asked.stage],
        claimed=claimed,
        supported=_supported(claimed, grade, gate.clearing.grade, cap),
        evidence=evidence,
        grade=grade,
        may_apply=asked.may_apply(gate.id),
        ageing=ageing,
        needs=gate.clearing.grade,
        answered=answer is not None,
        cap=cap,
        agreed=agreed,
    )


def _claim(answer: Answer) -> tuple[int | None, AnswerState]:
    if answer.state is not AnswerState.ANSWERED:
        return None, answer.state
    return answer.level, AnswerState.NOT_ANSWERED if answer.level is None else AnswerState.ANSWERED


def _gap(required: int, counts: int | None, state: AnswerState, unknown: int) -> int:
    if state is AnswerState.NOT_APPLICABLE:
        return 0
    return max(required - (unknown if counts is None else counts), 0)


def _not_left_out(state: GateState) -> GateState:
    return GateState.NOT_KNOWN if state is GateState.NOT_APPLICABLE else state


def _agreed_not_left_out(agreed: AgreedGate) -> AgreedGate:
    settled = None if agreed.agreed is None else _not_left_out(agreed.agreed)
    return replace(agreed, adviser=_not_left_out(agreed.adviser), agreed=settled)


def _supported(claimed: GateState, grade: EvidenceGrade | None, needed: EvidenceGrade, cap: Cap | None) -> GateState:
    """A gate is met only on the evidence that it names, and with no calculation against it; otherwise nobody can
    say yet."""
    if claimed is GateState.MET and (cap is not None or grade is None or not is_enough(grade, needed)):
        return GateState.NOT_KNOWN
    return claimed
