"""What a result calls for, item by item (scoring method, rule 16).

- A gap or a gate that is not met brings the actions that the catalogue names for it; so does a claim that the
  cash-flow calculator contradicts, because no proof can mend that.
- Work that has to wait for what only a later stage asks for is not called for yet (`due.py`). Where that leaves a
  question without any, it brings the step to the level that this stage needs.
- A level or gate that is claimed but not proved brings "get the proof", not the work again.
- Where an adviser has settled a level, that is what counts: below the need it brings the work, whatever was claimed.
- "Don't know" brings "find out". What nobody has answered yet is one action a barrier: finish answering.
- Answers that do not fit together bring "settle".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessments.catalogue.schema import Catalogue, FactQuestion, Gate, LevelQuestion, Strength
from assessments.planning.due import IsDue
from assessments.planning.planned import Kind, PlannedAction, Priority, rank
from assessments.scoring import sentences
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState
from assessments.scoring.result import BarrierResult, Colour, Contradiction, GateResult, QuestionResult, Result
from assessments.scoring.runs import EVIDENCED_WORST

SERVICE_LEAD = "Service lead"


def for_barrier(
    catalogue: Catalogue, barrier: BarrierResult, answers: Answers, is_due: IsDue
) -> Iterator[PlannedAction]:
    not_answered: list[QuestionResult | GateResult] = []
    for gate in barrier.gates:
        if gate.is_blank:
            not_answered.append(gate)
        else:
            yield from _for_gate(catalogue, gate, answers.gates.get(gate.id))
    for question in barrier.questions:
        if question.counted_state is AnswerState.NOT_ANSWERED:
            not_answered.append(question)
        else:
            yield from _for_question(catalogue, barrier, question, answers.questions.get(question.id), is_due)
    if not_answered:
        yield _finish(barrier, not_answered)


def _for_gate(catalogue: Catalogue, result: GateResult, answer: GateAnswer | None) -> Iterator[PlannedAction]:
    gate = catalogue.gate(result.id)
    priority = _priority_of_gate(result)
    reason = sentences.gate(result, EVIDENCED_WORST)
    if result.counts is GateState.NOT_MET or result.is_capped:
        yield from (_work(catalogue, action, result, priority, reason) for action in gate.actions)
    elif result.lacks_proof:
        yield _proof_of_gate(gate, result, priority, reason)
    elif result.counts is GateState.NOT_KNOWN:
        yield _find_out(gate, result, priority, gate.clearing.who, reason, answer)


def _for_question(
    catalogue: Catalogue, barrier: BarrierResult, result: QuestionResult, answer: Answer | None, is_due: IsDue
) -> Iterator[PlannedAction]:
    if result.gap_worst == 0:
        return
    question = catalogue.question(result.id)
    if isinstance(question, FactQuestion):
        return
    reason = sentences.question(result, EVIDENCED_WORST)
    if result.counts is None:
        yield _find_out(question, result, Priority.FIND_OUT, question.who_knows, reason, answer)
    elif result.agreed is None and (result.claimed or 0) >= result.required and result.ceiling >= result.required:
        yield _proof_of_level(question, result, reason)
    else:
        priority = _priority_of_gap(barrier, result)
        due = [action for action in question.actions if is_due(action)]
        yield from (_work(catalogue, action, result, priority, reason) for action in due)
        if not due:
            yield _step(catalogue, question, result, priority, reason)


def _priority_of_gate(result: GateResult) -> Priority:
    return Priority.DO_NOW if result.strength is Strength.HARD else Priority.BY_NEXT_STAGE


def _priority_of_gap(barrier: BarrierResult, result: QuestionResult) -> Priority:
    is_pressing = result.essential or barrier.supported.worst.colour in (Colour.RED, Colour.AMBER)
    return Priority.BY_NEXT_STAGE if is_pressing else Priority.RECOMMENDED


def for_profile(result: Result) -> Iterator[PlannedAction]:
    """One action for all missing facts that leave something undecided, wherever they are asked."""
    missing = [unknown for unknown in result.find_out_first if unknown.kind == "fact"]
    if missing:
        titles = sentences.listing([unknown.title for unknown in missing])
        yield PlannedAction(
            id="finish:profile",
            kind=Kind.FINISH,
            barrier=None,
            priority=Priority.FIND_OUT,
            title="Give the facts that decide what applies",
            how=f"Still missing or not decided: {titles}.",
            owner=SERVICE_LEAD,
            weeks=None,
            after=(),
            closes=tuple(unknown.id for unknown in missing),
            done_when="Each of these facts is given.",
            reason=(
                f"{sentences.number(len(missing), 'fact is', 'facts are').capitalize()} missing or not decided,"
                " so that it is not known what applies."
            ),
        )


def for_contradictions(result: Result) -> Iterator[PlannedAction]:
    for contradiction in result.contradictions:
        yield _settle(contradiction)


# One action -------------------------------------------------------------------------------------------------


def _work(
    catalogue: Catalogue, action_id: str, item: QuestionResult | GateResult, priority: Priority, reason: str
) -> PlannedAction:
    action = catalogue.action(action_id)
    owner = catalogue.barrier_of(action_id)
    return PlannedAction(
        id=action.id,
        kind=Kind.DO,
        barrier=item.barrier if owner is None else owner.id,
        priority=priority,
        title=action.title,
        how=action.how,
        owner=action.owner,
        weeks=action.weeks,
        after=action.after,
        closes=(item.id,),
        done_when=action.done_when,
        reason=reason,
    )


def _step(
    catalogue: Catalogue, question: LevelQuestion, result: QuestionResult, priority: Priority, reason: str
) -> PlannedAction:
    return PlannedAction(
        id=f"step:{question.id}",
        kind=Kind.STEP,
        barrier=result.barrier,
        priority=priority,
        title=f"Reach level {result.required}: {question.title}",
        how=question.levels[result.required],
        owner=catalogue.action(question.actions[0]).owner if question.actions else SERVICE_LEAD,
        weeks=None,
        after=(),
        closes=(question.id,),
        done_when=f"That is true, and evidence that supports level {result.required} is recorded.",
        reason=reason,
    )


def _proof_of_level(question: LevelQuestion, result: QuestionResult, reason: str) -> PlannedAction:
    return PlannedAction(
        id=f"prove:{question.id}",
        kind=Kind.PROVE,
        barrier=result.barrier,
        priority=Priority.PROVE,
        title=f"Get the proof: {question.title}",
        how=f"Papers that would show it: {'; '.join(question.proof)}." if question.proof else "",
        owner=question.who_knows or SERVICE_LEAD,
        weeks=None,
        after=(),
        closes=(question.id,),
        done_when=f"Dated evidence that supports level {result.required} is recorded.",
        reason=reason,
    )


def _proof_of_gate(gate: Gate, result: GateResult, priority: Priority, reason: str) -> PlannedAction:
    return PlannedAction(
        id=f"prove:{gate.id}",
        kind=Kind.PROVE,
        barrier=result.barrier,
        priority=priority,
        title=f"Get the proof: {gate.title}",
        how=f"What clears it: {gate.clearing.evidence}" if gate.clearing.evidence else "",
        owner=gate.clearing.who or SERVICE_LEAD,
        weeks=None,
        after=(),
        closes=(gate.id,),
        done_when=f"Dated evidence of grade {result.needs} or better is recorded.",
        reason=reason,
    )


def _find_out(
    item: LevelQuestion | Gate,
    result: QuestionResult | GateResult,
    priority: Priority,
    who_usually_knows: str,
    reason: str,
    answer: Answer | GateAnswer | None,
) -> PlannedAction:
    return PlannedAction(
        id=f"find-out:{item.id}",
        kind=Kind.FIND_OUT,
        barrier=result.barrier,
        priority=priority,
        title=f"Find out: {item.title}",
        how=item.text,
        owner=(answer.who_knows if answer else "") or who_usually_knows or SERVICE_LEAD,
        weeks=None,
        after=(),
        closes=(item.id,),
        done_when="The question is answered, with evidence.",
        reason=reason,
        by=answer.know_by if answer else None,
    )


def _finish(barrier: BarrierResult, not_answered: Sequence[QuestionResult | GateResult]) -> PlannedAction:
    gates = [item for item in not_answered if isinstance(item, GateResult)]
    questions = len(not_answered) - len(gates)
    counted = [
        *([sentences.number(len(gates), "gate", "gates")] if gates else []),
        *([sentences.number(questions, "question", "questions")] if questions else []),
    ]
    verb = "is" if len(not_answered) == 1 else "are"
    return PlannedAction(
        id=f"finish:{barrier.id}",
        kind=Kind.FINISH,
        barrier=barrier.id,
        priority=min([*map(_priority_of_gate, gates), Priority.FIND_OUT], key=rank),
        title=f"Finish answering: {barrier.title}",
        how='Answer what is left; "don\'t know" is an answer too.',
        owner=SERVICE_LEAD,
        weeks=None,
        after=(),
        closes=tuple(item.id for item in not_answered),
        done_when="Every question and gate of the barrier has an answer.",
        reason=f"{sentences.listing(counted).capitalize()} {verb} not answered.",
    )


def _settle(contradiction: Contradiction) -> PlannedAction:
    return PlannedAction(
        id=f"settle:{contradiction.id}",
        kind=Kind.SETTLE,
        barrier=contradiction.barriers[0],
        priority=Priority.FIND_OUT,
        title=f"Settle: {contradiction.title}",
        how=contradiction.mend,
        owner=contradiction.owner,
        weeks=None,
        after=(),
        closes=contradiction.items,
        done_when="The answers fit together.",
        reason=contradiction.text,
    )
