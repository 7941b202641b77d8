"""The words of every explanation: full sentences, for a reader who has only the report before them.

They say what stands and what is needed; never what anybody should decide, and no probability.
"""

from __future__ import annotations

from collections.abc import Sequence

from assessments.catalogue.schema import EvidenceGrade
from assessments.scoring.answers import AnswerState, GateState
from assessments.scoring.result import (
    Ageing,
    Agreement,
    Colour,
    ConfidenceLevel,
    Decision,
    Evidence,
    GateResult,
    QuestionResult,
)
from assessments.scoring.runs import Run

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_AGEING = {
    Ageing.NONE: "",
    Ageing.OLD: " (older than its stated life, so one grade lower)",
    Ageing.UNDATED: " (without a date, so one grade lower)",
}
_UNKNOWN = {
    AnswerState.NOT_ANSWERED: "is not answered, so the worst case takes level 0",
    AnswerState.DONT_KNOW: 'is answered "don\'t know", so the worst case takes level 0',
}
_MAY_APPLY = " It may not apply: a fact that decides this is missing."


def number(of: int, one: str, more: str) -> str:
    return f"{_NUMBERS[of] if of < len(_NUMBERS) else of} {one if of == 1 else more}"


def listing(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def span(low_high: tuple[int, int] | None) -> str:
    """An index range in whole per cent."""
    if low_high is None:
        return "none"
    low, high = low_high
    return f"{low}%" if low == high else f"{low} to {high}%"


# One question, one gate, one barrier ------------------------------------------------------------------------


def question(item: QuestionResult, run: Run) -> str:
    """Where a question stands in this run, and what the stage needs."""
    essential = ", and the question is essential" if item.essential else ""
    may_apply = _MAY_APPLY if item.may_apply else ""
    return f"{item.title} {_stands(item, run)}; this stage needs level {item.required}{essential}.{may_apply}"


def _stands(item: QuestionResult, run: Run) -> str:
    if item.claimed is None:
        return _UNKNOWN[item.state]
    if run.claimed:
        return f"is claimed at level {item.claimed}"
    if item.is_capped and item.cap:
        return (
            f"is claimed at level {item.claimed}, but the cash-flow calculator caps it at level {item.supported}:"
            f" {item.cap.reason}"
        )
    if item.evidence_gap:
        return f"is claimed at level {item.claimed}, but {_proof(item)} supports level {item.supported}"
    return f"stands at level {item.supported} on the evidence given"


def _proof(item: QuestionResult) -> str:
    if item.evidence is None or item.evidence is EvidenceGrade.E0:
        return "an assertion without evidence"
    return f"the evidence given, {item.evidence}{_AGEING[item.ageing]},"


def gate(item: GateResult, run: Run) -> str:
    """Why a gate is open in this run."""
    return f"{item.title} {_gate_stands(item, run)}.{_MAY_APPLY if item.may_apply else ''}"


def _gate_stands(item: GateResult, run: Run) -> str:
    kind = f"{item.strength} gate"
    if item.claimed is GateState.NOT_MET:
        return f"is a {kind} and is not met"
    if item.is_capped and item.cap and not run.claimed:
        return (
            f"is a {kind}. It is said to be met, but the cash-flow calculator shows otherwise ({item.cap.reason}),"
            " so it counts as not known"
        )
    if item.lacks_proof and not run.claimed:
        return f"is a {kind}. It is said to be met, but {_gate_proof(item)}, so it counts as not known"
    return f"is a {kind} and is not known to be met, so the worst case takes it as not met"


def _gate_proof(item: GateResult) -> str:
    needs = f"it is cleared by {item.needs} or better"
    if item.evidence is None or item.evidence is EvidenceGrade.E0:
        return f"no evidence is given and {needs}"
    return f"the evidence given is {item.evidence}{_AGEING[item.ageing]} and {needs}"


def barrier(title: str, decision: Decision) -> str:
    return f"{title}: {decision.sentence}"


# How firm it is --------------------------------------------------------------------------------------------

_AGREEMENT = {
    Agreement.NOT_TESTED: "no question has been rated by a second person yet, so confidence cannot be High",
    Agreement.LOW: "two people's ratings agree on too few questions (under 70% within one level)",
    Agreement.MEDIUM: "two people's ratings agree on most questions (70 to 90% within one level)",
    Agreement.HIGH: "two people's ratings agree on nearly all questions (above 90% within one level)",
}


def confidence(
    level: ConfidenceLevel, evidence: Evidence, agreed: Agreement, contradictions: int, *, is_lowered: bool
) -> str:
    """What the confidence in a barrier's colour rests on."""
    rests = (
        f"{level.word} confidence: {evidence.share}% of the weight rests on approved documents or better"
        f" ({evidence.word} evidence), and {_AGREEMENT[agreed]}."
    )
    if not contradictions:
        return rests
    found = number(contradictions, "contradiction touches", "contradictions touch").capitalize()
    return f"{rests} {found} this barrier, which {_LOWERED[is_lowered]}."


_LOWERED = {True: "makes it one step lower", False: "would make it lower still, were there a lower step"}


# A rule -----------------------------------------------------------------------------------------------------


def decided(colour: Colour, reasons: Sequence[str]) -> str:
    return f"{colour.word} because {listing(reasons)}."
