"""Changes tried on a copy of the answers: a gate that is met, a question at another level, each with its proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assessments.catalogue.schema import Catalogue, EvidenceGrade
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState
from assessments.scoring.result import GateResult, QuestionResult

Plain = dict[str, Any]

_BY_CAP = {grade.cap: grade for grade in reversed(EvidenceGrade)}
_NOTHING_SAID = Answer(AnswerState.NOT_ANSWERED)
_GATE_NOT_KNOWN = GateAnswer(GateState.NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Change:
    """One gate or question that is to stand better, on evidence. `text` says so in a sentence.

    `kind` is gate or question. `from_` and `to` are the state of a gate, or the level of a question, that counts,
    where None is not known.
    """

    kind: str
    id: str
    barrier: str
    title: str
    from_: str | int | None
    to: str | int
    text: str


def cleared(gate: GateResult) -> Change:
    return Change("gate", gate.id, gate.barrier, gate.title, gate.counts.value, GateState.MET.value, _clear(gate))


def raised(question: QuestionResult) -> Change:
    """To the level that the stage needs."""
    text = _raise(question)
    return Change("question", question.id, question.barrier, question.title, question.counts, question.required, text)


def with_changes(answers: Answers, catalogue: Catalogue, changes: Collection[Change], as_of: dt.date) -> Answers:
    """A copy in which every change is made and proved by evidence dated `as_of`. The answers given stay as they are.

    What is changed is no longer capped: the change stands for whatever makes the calculation agree. It also takes the
    place of what was agreed with an adviser.
    """
    questions, gates = dict(answers.questions), dict(answers.gates)
    for change in changes:
        if change.kind == "gate":
            gates[change.id] = _gate_as_changed(gates.get(change.id), change, catalogue, as_of)
        else:
            questions[change.id] = _answer_as_changed(questions.get(change.id), change, as_of)
    ids = {change.id for change in changes}
    caps = {item_id: cap for item_id, cap in answers.caps.items() if item_id not in ids}
    agreed = {item_id: found for item_id, found in answers.agreed.items() if item_id not in ids}
    return replace(answers, questions=questions, gates=gates, caps=caps, agreed=agreed)


def grade_for(level: int) -> EvidenceGrade:
    """The lowest grade of evidence that supports a level."""
    return _BY_CAP[max(level, 1)]


def changes_to_dicts(changes: Iterable[Change]) -> list[Plain]:
    return [_to_dict(change) for change in changes]


def changes_from_dicts(listed: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    return tuple(_from_dict(plain) for plain in listed)


def _gate_as_changed(given: GateAnswer | None, change: Change, catalogue: Catalogue, as_of: dt.date) -> GateAnswer:
    return replace(
        given or _GATE_NOT_KNOWN,
        state=GateState(str(change.to)),
        evidence=catalogue.gate(change.id).clearing.grade,
        evidence_date=as_of,
    )


def _answer_as_changed(given: Answer | None, change: Change, as_of: dt.date) -> Answer:
    """What is only proved keeps its claim, also where that is higher than the proof."""
    given, level = given or _NOTHING_SAID, int(change.to)
    is_raised = change.from_ is not None and level > int(change.from_)
    return replace(
        given,
        state=AnswerState.ANSWERED,
        level=max(level, given.level or 0) if is_raised else level,
        value=None,
        evidence=grade_for(level),
        evidence_date=as_of,
    )


def _to_dict(change: Change) -> Plain:
    return {
        "kind": change.kind,
        "id": change.id,
        "barrier": change.barrier,
        "title": change.title,
        "from": change.from_,
        "to": change.to,
        "text": change.text,
    }


def _from_dict(plain: Mapping[str, Any]) -> Change:
    return Change(
        plain["kind"], plain["id"], plain["barrier"], plain["title"], plain["from"], plain["to"], plain["text"]
    )


# Words ------------------------------------------------------------------------------------------------------


def _clear(gate: GateResult) -> str:
    named = f"the {gate.strength} gate {gate.title}"
    if gate.cap is not None:
        return f"Clear {named}, which cannot count as met because {gate.cap.reason}."
    if gate.lacks_proof:
        return f"Prove that {named} is met."
    if gate.counts is GateState.NOT_KNOWN:
        return f"Settle {named}: show that it is met."
    return f"Clear {named}."


def _raise(question: QuestionResult) -> str:
    title, needed = question.title, question.required
    if question.counts is None:
        return f"Answer {title} at level {needed} or above{_proof_of(needed)}.{_held_down(question)}"
    if question.agreed is None and (question.claimed or 0) >= needed and not question.is_capped:
        stands = f"it is claimed at level {question.claimed}, but supported at level {question.supported}"
        return f"Prove {title} at level {needed}: {stands}."
    step = f"from level {question.counts} to level {needed}"
    return f"Raise {title} {step}{_proof_of(needed)}.{_held_down(question)}"


def _proof_of(level: int) -> str:
    """The lowest grade is a bare assertion."""
    return "" if grade_for(level) is EvidenceGrade.E0 else ", with proof"


def _held_down(question: QuestionResult) -> str:
    if question.cap is None or question.ceiling >= question.required:
        return ""
    return f" It counts as level {question.ceiling} at most because {question.cap.reason}."
