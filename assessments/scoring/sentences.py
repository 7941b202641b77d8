"""The words of every explanation: full sentences, for a reader who has only the report before them.

They say what stands and what is needed; never what anybody should decide, and no probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assessments.catalogue.schema import EvidenceGrade
from assessments.scoring.answers import AgreedGate, AgreedLevel, AnswerState, GateState, Rating
from assessments.scoring.levels import is_enough
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
_BY = {False: "as agreed with the adviser", True: "as the adviser sees it and the service does not"}
_MAY_APPLY = " It may not apply: a fact that decides it is open."


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
    if item.agreed is not None and not run.claimed:
        return f"{_settled(item, item.agreed)} ({_beside(item, item.agreed)})"
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


def _settled(item: QuestionResult, agreed: AgreedLevel) -> str:
    if item.counts is None:
        return f"is not known, {_BY[agreed.dissent]}, so the worst case takes level 0"
    stands = f"counts as level {agreed.level}, {_BY[agreed.dissent]}"
    if item.is_capped and item.cap:
        return f"{stands}, but the cash-flow calculator caps it at level {item.counts}: {item.cap.reason}"
    return stands


def _proof(item: QuestionResult) -> str:
    if item.evidence is None or item.evidence is EvidenceGrade.E0:
        return "an assertion without evidence"
    return f"the evidence given, {item.evidence}{_AGEING[item.ageing]},"


def gate(item: GateResult, run: Run) -> str:
    """Why a gate is open in this run."""
    return f"{item.title} {_gate_stands(item, run)}.{_MAY_APPLY if item.may_apply else ''}"


def _gate_stands(item: GateResult, run: Run) -> str:
    kind = f"{item.strength} gate"
    if item.agreed is not None and not run.claimed:
        return f"is a {kind}{_gate_settled(item, item.agreed)} ({_beside(item, item.agreed)})"
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


def _gate_settled(item: GateResult, agreed: AgreedGate) -> str:
    by = _BY[agreed.dissent]
    if item.is_capped and item.cap:
        return (
            f". It is met, {by}, but the cash-flow calculator shows otherwise ({item.cap.reason}), so it counts as"
            " not known"
        )
    if agreed.counts is GateState.NOT_MET:
        return f" and is not met, {by}"
    return f" and is not known to be met, {by}, so the worst case takes it as not met"


def _gate_proof(item: GateResult) -> str:
    needs = f"it is cleared by {item.needs} or better"
    if item.evidence is None or item.evidence is EvidenceGrade.E0:
        return f"no evidence is given and {needs}"
    return f"the evidence given is {item.evidence}{_AGEING[item.ageing]} and {needs}"


def barrier(title: str, decision: Decision) -> str:
    return f"{title}: {decision.sentence}"


# What is settled with an adviser ----------------------------------------------------------------------------

_SAID: Mapping[str, str] = {
    AnswerState.DONT_KNOW: "“don't know”",
    AnswerState.NOT_APPLICABLE: "“not applicable”",
    AnswerState.NOT_ANSWERED: "nothing",
    GateState.MET: "“met”",
    GateState.NOT_MET: "“not met”",
    GateState.NOT_KNOWN: "“not known”",
}


def settled(item: QuestionResult | GateResult) -> str:
    """What an adviser and the service made of an item, with what each had said; empty where nobody reviewed it.

    As in "Agreed with the adviser at level 2; the service said 3, the evidence supports 2." A dissent brings the
    service's own words.
    """
    agreed = item.agreed
    if agreed is None:
        return ""
    if not agreed.dissent:
        return f"Agreed with the adviser {_at(agreed.counts)}; {_beside(item, agreed)}."
    used = f"The adviser's {_level_or_word(agreed.counts)} is used; {_beside(item, agreed)}."
    if not agreed.client_words.strip():
        return f"{used} The service does not agree."
    return f"{used} The service does not agree: {_closed(agreed.client_words)}"


def reviewed(items: int, dissents: int) -> str:
    """How much of a result an adviser has settled. Says nothing of whether the adviser has signed it off."""
    counted = number(items, "question or gate is", "questions and gates are").capitalize()
    if not dissents:
        return f"{counted} settled with an adviser."
    without = number(dissents, "of them without agreement", "of them without agreement")
    return f"{counted} settled with an adviser, {without}."


def _beside(item: QuestionResult | GateResult, agreed: AgreedLevel | AgreedGate) -> str:
    """What each of the two said, and what the evidence shows, where that is not said already."""
    parts = [f"the service said {_said(item)}"]
    if agreed.counts != agreed.adviser:
        parts.append(f"the adviser {_word(agreed.adviser)}")
    if isinstance(item, GateResult):
        if item.claimed is GateState.MET:
            parts.append("the evidence shows it" if _is_shown(item) else "the evidence does not show it")
    elif item.claimed is not None:
        parts.append(f"the evidence supports {item.claimed - item.evidence_gap}")
    return ", ".join(parts)


def _said(item: QuestionResult | GateResult) -> str:
    if isinstance(item, GateResult):
        return _word(item.claimed) if item.answered else _SAID[AnswerState.NOT_ANSWERED]
    return _word(item.state if item.claimed is None else item.claimed)


def _is_shown(item: GateResult) -> bool:
    return item.grade is not None and is_enough(item.grade, item.needs)


def _at(settled: Rating | GateState) -> str:
    return f"at level {settled}" if isinstance(settled, int) else f"as {_SAID[settled]}"


def _level_or_word(settled: Rating | GateState) -> str:
    return f"level {settled}" if isinstance(settled, int) else _SAID[settled]


def _word(rating: Rating | GateState) -> str:
    return str(rating) if isinstance(rating, int) else _SAID[rating]


def _closed(words: str) -> str:
    """Somebody's own words as the end of a sentence."""
    words = words.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


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
