"""Check your answers: everything that is asked, with what stands, questionnaire by questionnaire."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.dateformat import format as format_date

from assessments.catalogue.schema import FactQuestion, Gate, Item, LevelQuestion, Stage
from assessments.models import Evidence, EvidenceItem, State
from assessments.models.answer import Content
from assessments.selectors.evidence import Pieces, evidence_of
from assessments.selectors.workbook import Progress, Questionnaire, Workbook


@dataclass(frozen=True)
class CheckedItem:
    """An item with its answer in words. `missing` says what it still lacks, if anything; `is_changed` that somebody has
    ever answered it."""

    id: str
    title: str
    question: str
    answer: str
    more: tuple[str, ...]
    missing: str
    is_unknown: bool
    is_gate: bool
    may_apply: bool
    is_changed: bool
    evidence: tuple[EvidenceItem, ...]

    @property
    def is_open(self) -> bool:
        """Not answered or not known, or an answer that lacks what would make it count."""
        return self.is_unknown or bool(self.missing)


@dataclass(frozen=True)
class CheckedQuestionnaire:
    slug: str
    title: str
    progress: Progress
    items: tuple[CheckedItem, ...]

    def only_open(self) -> "CheckedQuestionnaire":
        return replace(self, items=tuple(item for item in self.items if item.is_open))


def answers_to_check(book: Workbook) -> tuple[CheckedQuestionnaire, ...]:
    evidence = evidence_of(book.assessment)
    return tuple(
        CheckedQuestionnaire(found.slug, found.title, found.progress, tuple(_checked(book, found, evidence)))
        for found in book.questionnaires
        if found.pages
    )


def _checked(book: Workbook, found: Questionnaire, evidence: Pieces) -> Iterator[CheckedItem]:
    for item in found.items():
        content = book.content(item)
        yield CheckedItem(
            id=item.id,
            title=item.title,
            question=item.text,
            answer=answer_in_words(item, content),
            more=more_in_words(content),
            missing=_missing(item, content, book.assessment.next_decision),
            is_unknown=content.state in (State.NOT_ANSWERED, State.DONT_KNOW, State.NOT_KNOWN),
            is_gate=isinstance(item, Gate),
            may_apply=book.path.may_apply(item.id),
            is_changed=book.version(item) > 0,
            evidence=evidence.get(item.id, ()),
        )


def answer_in_words(item: Item, content: Content) -> str:
    """What was answered, as the page that asked it put it."""
    if isinstance(item, Gate):
        return {
            State.MET.value: f"Yes. {item.met_means}",
            State.NOT_MET.value: f"No. {item.not_met_means}",
            State.NOT_KNOWN.value: str(State.DONT_KNOW.label),
        }.get(content.state, State(content.state).label)
    if content.state != State.ANSWERED:
        return str(State(content.state).label)
    if isinstance(item, LevelQuestion):
        return f"Level {content.level}. {item.levels[content.level or 0]}"
    return fact_in_words(item, content.value)


def fact_in_words(item: FactQuestion, value: Any) -> str:
    return _FACT_WORDS[item.kind](item, value)


def _options(item: FactQuestion) -> dict[str, str]:
    return {option.id: option.text for option in item.options}


def _in_years(value: str) -> str:
    return format_date(dt.date.fromisoformat(value), "j F Y")


_FACT_WORDS: dict[str, Callable[[FactQuestion, Any], str]] = {
    "yes_no": lambda item, value: "Yes" if value else "No",
    "choice": lambda item, value: _options(item).get(value, value),
    "choices": lambda item, value: "; ".join(_options(item).get(one, one) for one in value),
    "number": lambda item, value: f"{value:,} {item.unit}".strip(),
    "money": lambda item, value: f"£{Decimal(value):,.2f}".removesuffix(".00"),
    "date": lambda item, value: _in_years(value),
    "text": lambda item, value: value,
}


def proof_in_words(content: Content) -> str:
    if not content.evidence:
        return ""
    dated = f", {format_date(content.evidence_date, 'j F Y')}" if content.evidence_date else ""
    return f"{Evidence(content.evidence).label}{dated}"


def more_in_words(content: Content) -> tuple[str, ...]:
    """What was said beside the answer, line by line."""
    said = {
        "Proof": proof_in_words(content),
        "Note": content.note,
        "Why it does not apply": content.reason,
        "Who would know": content.who_knows,
        "To be known by": format_date(content.know_by, "j F Y") if content.know_by else "",
    }
    return tuple(f"{name}: {text}" for name, text in said.items() if text)


def _missing(item: Item, content: Content, stage: Stage) -> str:
    left_out = content.state == State.NOT_APPLICABLE
    if left_out and isinstance(item, Gate) and not item.may_be_left_out(stage):
        return "Choose another answer: at this stage the gate is hard, so this one counts as not known."
    if left_out and not content.reason:
        return "Say why it does not apply."
    if content.state in (State.DONT_KNOW, State.NOT_KNOWN) and not content.who_knows:
        return "Say who would know, and by when."
    if content.state == State.MET and not content.evidence:
        return "Say what proof you have."
    if (content.level or 0) > 1 and not content.evidence:
        return "Say what proof you have: without any, it counts as level 1."
    if content.evidence not in ("", Evidence.E0.value) and content.evidence_date is None:
        return "Give the date of your proof: without one, it counts one grade lower."
    return ""
