"""Words: plain enough to be read by anyone, and no more certain than what they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assessments.catalogue.checks.draft import Draft
from assessments.catalogue.problems import Problem, shown
from assessments.catalogue.schema import (
    CapRule,
    ContradictionRule,
    Exclusion,
    FactQuestion,
    Gate,
    Item,
    LevelQuestion,
    Mark,
    Term,
)

READING_GRADE_LIMIT = 10
"""Flesch-Kincaid grade that no question or gate may pass: a reading age of about 15. Service leads answer
beside their work, with colleagues from many trades; what words of the trade remain stand in the glossary."""

_LIKE_LAW = re.compile(
    r"(?<!not )(?<!not a )(?<!no )\b("
    r"the law (says|requires|demands|obliges)|(required )?by (law|statute)|legally required"
    r"|(legal|statutory) (duty|requirement|obligation)|is (illegal|unlawful)"
    r")\b",
    re.IGNORECASE,
)


def verified_claims_have_sources(draft: Draft) -> Iterator[Problem]:
    for place, claim in draft.claims:
        if not claim.mark.is_guidance and not claim.sources:
            yield place.problem(
                "sources",
                f"a claim marked {claim.mark} without a source: {shown(claim.text)}",
                "the id of one or more sources",
                f"Name the source, or mark the claim {Mark.BACKGROUND} or {Mark.JUDGEMENT}.",
            )


def guidance_is_not_worded_as_law(draft: Draft) -> Iterator[Problem]:
    for place, claim in draft.claims:
        like_law = _LIKE_LAW.search(claim.text) if claim.mark.is_guidance else None
        if like_law:
            yield place.problem("text", f'"{like_law.group()}" in a claim marked {claim.mark}', *_GUIDANCE)
    for place, written in draft.rules:
        is_guidance = all(claim.mark.is_guidance for claim in written.claims)
        for field, words in _said_by(written) if is_guidance else ():
            like_law = _LIKE_LAW.search(words)
            if like_law:
                yield place.problem(field, f'"{like_law.group()}" in a rule without a verified claim', *_GUIDANCE)


_GUIDANCE = (
    "words of guidance, as in: Plan for…, Expect…",
    "Word it as guidance, or check it and give its source.",
)


def _said_by(rule: ContradictionRule | CapRule | Exclusion) -> tuple[tuple[str, str], ...]:
    """What a reader is told by a rule, with the keys of the words."""
    match rule:
        case ContradictionRule():
            return (("text", rule.text), ("mend", rule.mend))
        case CapRule():
            return (("reason", rule.reason),)
        case Exclusion():
            return (("reason", rule.reason), ("mend", rule.mend))


def plain_enough(draft: Draft) -> Iterator[Problem]:
    plain = _Plain(draft.catalogue.glossary)
    for place, item in draft.items:
        grade = reading_grade(plain.words(prose(item)))
        if grade > READING_GRADE_LIMIT:
            yield place.problem(
                "text",
                f"reading grade {grade:.1f} over its text, reason and states",
                f"at most {READING_GRADE_LIMIT} (Flesch-Kincaid grade: a reading age of about 15)",
                "Use shorter sentences and more common words; a term of the trade belongs in the glossary.",
            )
    for place, written in draft.rules:
        grade = reading_grade(plain.words(" ".join(_sentence(words) for _, words in _said_by(written))))
        if grade > READING_GRADE_LIMIT:
            yield place.problem(
                _said_by(written)[0][0],
                f"reading grade {grade:.1f} over its words",
                f"at most {READING_GRADE_LIMIT} (Flesch-Kincaid grade: a reading age of about 15)",
                "Use shorter sentences and more common words; a term of the trade belongs in the glossary.",
            )


def prose(item: Item) -> str:
    """What a person reads to answer: question, reason and described states, as whole sentences."""
    return " ".join(_sentence(part) for part in (item.text, item.why, *_states(item)) if part.strip())


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade: years of (American) schooling needed to read it."""
    # Only who checks a catalogue waits for it.
    import textstat

    return float(textstat.flesch_kincaid_grade(text))


def _states(item: Item) -> tuple[str, ...]:
    match item:
        case LevelQuestion():
            return item.levels
        case Gate():
            return (item.met_means, item.not_met_means)
        case FactQuestion():
            return ()


def _sentence(words: str) -> str:
    words = words.strip()
    return words if words[-1] in ".?!" else f"{words}."


class _Plain:
    """Counts each glossary term, with its other spellings and plural, as one short word: it is explained."""

    def __init__(self, glossary: Iterable[Term]) -> None:
        spellings = {spelling for term in glossary for spelling in (term.term, *term.also)}
        longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
        self.pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?:e?s)?\b", re.IGNORECASE)
        self.has_terms = bool(spellings)

    def words(self, text: str) -> str:
        return self.pattern.sub("term", text) if self.has_terms else text
