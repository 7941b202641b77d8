"""Agreement in plain sentences, for a page and a report."""

from __future__ import annotations

from decimal import Decimal

from assessments.agreement.across import FEWEST_FOR_COEFFICIENT
from assessments.agreement.counts import Counts, GateCounts, LevelCounts
from assessments.agreement.measures import GateAgreement, Measures, QuestionAgreement, Reading, Rewrite
from assessments.scoring.sentences import number

# One assessment ---------------------------------------------------------------------------------------------


def count_sentences(counts: Counts) -> tuple[str, ...]:
    """What client and adviser agreed on. Always at least one sentence; about gates only where there are any."""
    return (*_questions(counts.questions), *_gates(counts.gates))


def _questions(found: LevelCounts) -> list[str]:
    return [*_levels(found), *_left_out(_questions_left_out(found))]


def _levels(found: LevelCounts) -> list[str]:
    if found.difference is None:
        return ["No question has been rated twice yet."]
    if found.rated == 1:
        return [f"One question was rated twice. The service rated itself {_compared(found.difference)} the adviser."]
    counted = f"Of {found.rated} questions rated twice,"
    if found.exact == found.rated:
        return [f"{counted} all agreed exactly."]
    return [
        f"{counted} {_some(found.exact, found.rated)} agreed exactly and"
        f" {_some(found.within_one, found.rated)} within one level.",
        f"On average the service rated itself {_compared(found.difference)} the adviser.",
    ]


def _questions_left_out(found: LevelCounts) -> list[str]:
    return _present(
        (found.unknown_to_one, "where one of the two gave a level and the other did not know or gave no answer"),
        (found.not_applicable_to_one, "where only one of the two said that it does not apply"),
        (found.without_level, "where neither gave a level"),
        one="question",
    )


def _gates(found: GateCounts) -> list[str]:
    left_out = _present(
        (found.not_applicable_to_one, "where only one of the two said that it does not apply"),
        (found.not_applicable_to_both, "where both said that it does not apply"),
        one="gate",
    )
    return [*_states(found), *_left_out(left_out)]


def _states(found: GateCounts) -> list[str]:
    if not found.rated:
        return []
    if found.rated == 1:
        said = "the same" if found.agreed else "not the same"
        return [f"One gate was rated twice, and what the two said is {said} (met, not met or not known)."]
    return [
        f"Of {found.rated} gates rated twice, {_some(found.agreed, found.rated)} agreed on met, not met or not known."
    ]


def _present(*left_out: tuple[int, str], one: str) -> list[str]:
    return [f"{number(count, one, f'{one}s')} {why}" for count, why in left_out if count]


def _left_out(phrases: list[str]) -> list[str]:
    return [f"Not counted: {'; '.join(phrases)}."] if phrases else []


def _some(count: int, of: int) -> str:
    if count == of:
        return "all"
    return str(count) if count else "none"


def _compared(difference: Decimal) -> str:
    """Completes "rated itself … the adviser"."""
    if not difference:
        return "the same as"
    return f"{_in_levels(abs(difference))} {'higher' if difference > 0 else 'lower'} than"


def _in_levels(amount: Decimal) -> str:
    if amount < 1:
        return f"{amount} of a level"
    if amount == 1:
        return "one level"
    return f"{int(amount) if amount == int(amount) else amount} levels"


# Across assessments -----------------------------------------------------------------------------------------

_READINGS = {
    Reading.RELIABLE: "reliable (0.80 or more)",
    Reading.TENTATIVE: "tentative (0.67 to 0.80)",
    Reading.NOT_USABLE: "not usable (below 0.67)",
}


def coefficient_sentences(found: Measures) -> tuple[str, ...]:
    """What the coefficients say, or why there is none, and when to look at the counts instead."""
    return (*_alpha(found), *_kappa(found), *_one_sided(found))


def _alpha(found: Measures) -> list[str]:
    if found.doubles < FEWEST_FOR_COEFFICIENT:
        few = number(found.doubles, "double rating", "double ratings").capitalize()
        return [f"{few}: a coefficient is quoted from {FEWEST_FOR_COEFFICIENT} on."]
    if found.alpha is None or found.reading is None:
        return [f"Everyone gave level {found.commonest}, so no coefficient can be worked out."]
    return [f"Krippendorff's alpha for ordered categories is {found.alpha}: {_READINGS[found.reading]}."]


def _kappa(found: Measures) -> list[str]:
    if found.kappa is None:
        return []
    return [
        f"Weighted kappa of {found.client_adviser} pairs of service and adviser is {found.kappa}"
        " (linear weights: two levels apart count twice as much as one)."
    ]


def _one_sided(found: Measures) -> list[str]:
    if not found.is_one_sided:
        return []
    return [
        f"Nearly everyone gives level {found.commonest} ({found.commonest_share}% of all levels given)."
        " That makes a poor coefficient even where people agree: look at the counts."
    ]


def rewrite_sentences(found: QuestionAgreement | GateAgreement) -> tuple[str, ...]:
    """Why it wants rewriting; empty where it does not."""
    return tuple(_WHY[why](found) for why in found.rewrite)


def _exact_under_half(found: QuestionAgreement | GateAgreement) -> str:
    if isinstance(found, GateAgreement):
        return f"{found.agreed} of {found.pairs} pairs agreed, which is under half."
    return f"{found.measures.exact} of {found.measures.pairs} pairs agreed exactly, which is under half."


def _a_level_apart(found: QuestionAgreement | GateAgreement) -> str:
    if isinstance(found, GateAgreement) or found.measures.apart is None:
        raise ValueError(f"{found.item} has no levels to be apart.")
    return (
        f"Two people's levels are {_in_levels(found.measures.apart)} apart on average, which is a full level or more."
    )


_WHY = {Rewrite.EXACT_UNDER_HALF: _exact_under_half, Rewrite.A_LEVEL_APART: _a_level_apart}
