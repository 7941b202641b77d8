"""score(catalogue, answers) -> Result: the one place that makes a result. Pure, and the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.catalogue.path import Path, path
from assessments.catalogue.schema import Catalogue, FactValue, Gate, LevelQuestion
from assessments.scoring import barrier as barrier_rule
from assessments.scoring import confidence, contradictions, index, overall, tally, unknowns
from assessments.scoring.answers import Answers, AnswerState, GateState
from assessments.scoring.items import gate_result, question_result
from assessments.scoring.overall import Decided
from assessments.scoring.result import (
    BarrierResult,
    Confidence,
    Contradiction,
    GateResult,
    QuestionResult,
    Range,
    Result,
)
from assessments.scoring.rounding import finished_per_cent, whole_per_cent
from assessments.scoring.runs import CLAIMED_BEST, CLAIMED_WORST, EVIDENCED_BEST, EVIDENCED_WORST, Run

FLAGGED_SHARE = 5
"""Flagged is a barrier where more than one part in so many of its asked weight does not apply (rule 2)."""

LEVELS = range(5)


def score(catalogue: Catalogue, answers: Answers) -> Result:
    """What the answers mean for the next decision, by rules 1 to 9, 11 and 15 of the scoring method.

    Answers to what is not asked have no effect. Unknown ids are ignored: files and forms refuse them earlier.
    """
    asked = path(catalogue, answers.stage, facts_of(answers), answers.as_of)
    found = contradictions.find(asked, answers)
    scored = _score_barriers(asked, answers, found)
    evidenced_worst = [barrier.evidenced[0] for barrier in scored]
    evidenced_best = [barrier.evidenced[1] for barrier in scored]
    return Result(
        catalogue=catalogue.edition.edition,
        digest=catalogue.digest,
        stage=answers.stage,
        as_of=answers.as_of,
        supported=Range(overall.decide(evidenced_worst), overall.decide(evidenced_best)),
        claimed=Range(
            overall.decide([barrier.claimed[0] for barrier in scored]),
            overall.decide([barrier.claimed[1] for barrier in scored]),
        ),
        index=index.in_per_cent(index.mean(barrier.ends for barrier in scored)),
        claimed_index=index.in_per_cent(index.mean(barrier.claimed_ends for barrier in scored)),
        barriers=tuple(barrier.result for barrier in scored),
        find_out_first=unknowns.find_out_first(
            asked, [barrier.result for barrier in scored], evidenced_worst, evidenced_best
        ),
        contradictions=found,
    )


def facts_of(answers: Answers) -> dict[str, FactValue]:
    """The facts that are known, from the profile and from fact questions alike."""
    given = {
        question_id: answer.value
        for question_id, answer in answers.questions.items()
        if answer.state is AnswerState.ANSWERED and answer.value is not None
    }
    return {**answers.profile, **given}


@dataclass(frozen=True, slots=True)
class _Scored:
    """A barrier's result, with what the whole needs beside it: exact index ends, and each run decided."""

    result: BarrierResult
    ends: index.Ends | None
    claimed_ends: index.Ends | None
    evidenced: tuple[Decided, Decided]
    claimed: tuple[Decided, Decided]


def _score_barriers(asked: Path, answers: Answers, found: Sequence[Contradiction]) -> list[_Scored]:
    """Every barrier of the catalogue in its order, with what is asked of it in asking order."""
    questions: dict[str, list[QuestionResult]] = {barrier.id: [] for barrier in asked.catalogue.barriers}
    gates: dict[str, list[GateResult]] = {barrier.id: [] for barrier in asked.catalogue.barriers}
    for item_id in asked.truths:
        owner, item = asked.catalogue.barrier_of(item_id), asked.catalogue.item(item_id)
        if owner is None:
            continue
        if isinstance(item, LevelQuestion):
            answer = answers.questions.get(item_id)
            cap, agreed = answers.caps.get(item_id), answers.agreed_level(item_id)
            questions[owner.id].append(question_result(item, owner.id, answer, asked, cap, agreed))
        elif isinstance(item, Gate):
            said, cap, settled = answers.gates.get(item_id), answers.caps.get(item_id), answers.agreed_gate(item_id)
            gates[owner.id].append(gate_result(item, owner.id, said, asked, cap, settled))
    return [
        _score_barrier(
            barrier.id,
            barrier.title,
            tuple(questions[barrier.id]),
            tuple(gates[barrier.id]),
            confidence.confidence(
                questions[barrier.id],
                answers.double_ratings.get(barrier.id),
                tuple(contradiction.id for contradiction in found if barrier.id in contradiction.barriers),
            ),
        )
        for barrier in asked.catalogue.barriers
    ]


def _score_barrier(
    barrier_id: str,
    title: str,
    questions: tuple[QuestionResult, ...],
    gates: tuple[GateResult, ...],
    firm: Confidence | None,
) -> _Scored:
    as_claimed = [question for question in questions if question.state is not AnswerState.NOT_APPLICABLE]
    applicable = as_claimed
    if any(question.agreed is not None for question in questions):
        applicable = [question for question in questions if question.counted_state is not AnswerState.NOT_APPLICABLE]
    ends, claimed_ends = index.ends(applicable, claimed=False), index.ends(as_claimed, claimed=True)
    named = (barrier_id, title)
    evidenced = _decide(named, applicable, gates, EVIDENCED_WORST, EVIDENCED_BEST)
    claimed = _decide(named, as_claimed, gates, CLAIMED_WORST, CLAIMED_BEST)
    asked_weight = weight_of(questions)
    left_out = asked_weight - weight_of(applicable)
    result = BarrierResult(
        id=barrier_id,
        title=title,
        supported=Range(evidenced[0].decision, evidenced[1].decision),
        claimed=Range(claimed[0].decision, claimed[1].decision),
        index=index.in_per_cent(ends),
        claimed_index=index.in_per_cent(claimed_ends),
        coverage=_coverage(applicable),
        profile=_profile(applicable),
        questions=questions,
        gates=gates,
        not_applicable_share=whole_per_cent(left_out, asked_weight) if asked_weight else None,
        too_much_not_applicable=FLAGGED_SHARE * left_out > asked_weight,
        confidence=firm,
    )
    return _Scored(result, ends, claimed_ends, evidenced, claimed)


def _decide(
    barrier: tuple[str, str], questions: Sequence[QuestionResult], gates: Sequence[GateResult], worst: Run, best: Run
) -> tuple[Decided, Decided]:
    """Both ends; decided once where nothing unknown can separate them."""
    at_worst = _decide_one(barrier, tally.count(questions, gates, worst))
    if _is_settled(questions, gates, worst):
        return at_worst, at_worst
    return at_worst, _decide_one(barrier, tally.count(questions, gates, best))


def _decide_one(barrier: tuple[str, str], count: tally.Count) -> Decided:
    return Decided(*barrier, barrier_rule.decide(count), count)


def _is_settled(questions: Sequence[QuestionResult], gates: Sequence[GateResult], run: Run) -> bool:
    if run.claimed:
        return not (
            any(question.claimed is None or question.may_apply for question in questions)
            or any(gate.claimed is GateState.NOT_KNOWN or gate.may_apply for gate in gates)
        )
    return not (
        any(question.counts is None or question.may_apply for question in questions)
        or any(gate.counts is GateState.NOT_KNOWN or gate.may_apply for gate in gates)
    )


def weight_of(questions: Sequence[QuestionResult]) -> int:
    return sum(question.weight for question in questions)


def _coverage(applicable: Sequence[QuestionResult]) -> int | None:
    """The share of applicable weight that has a level; "don't know" is an honest answer, but not a level."""
    if not applicable:
        return None
    return finished_per_cent(
        weight_of([question for question in applicable if not question.is_unknown]), weight_of(applicable)
    )


def _profile(applicable: Sequence[QuestionResult]) -> tuple[int, int, int, int, int]:
    counts = [question.counts for question in applicable]
    nothing, recognised, planned, in_place, confirmed = (counts.count(level) for level in LEVELS)
    return nothing, recognised, planned, in_place, confirmed
