import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple

import pghistory
from django.db import connection, models

from assessments.catalogue.schema import (
    Catalogue,
    EvidenceGrade,
    FactQuestion,
    FactValue,
    Gate,
    LevelQuestion,
)
from assessments.catalogue.schema import Stage as CatalogueStage
from assessments.models.assessment import Assessment
from assessments.models.user import User
from assessments.scoring.answers import Answer as PlainAnswer
from assessments.scoring.answers import Answers, AnswerState, GateAnswer, GateState


class State(models.TextChoices):
    """Every state that a row can hold. A gate uses the last three and "not applicable", a question the others."""

    NOT_ANSWERED = "not_answered", "Not answered"
    ANSWERED = "answered", "Answered"
    DONT_KNOW = "dont_know", "Don't know"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    MET = "met", "Met"
    NOT_MET = "not_met", "Not met"
    NOT_KNOWN = "not_known", "Not known"


class Evidence(models.TextChoices):
    E0 = EvidenceGrade.E0.value, "Nothing in writing yet"
    E1 = EvidenceGrade.E1.value, "A draft, an email or notes of a meeting"
    E2 = EvidenceGrade.E2.value, "An approved document, or the minute of a decision"
    E3 = (
        EvidenceGrade.E3.value,
        "Written confirmation from the outside party, a signed agreement, or proof in use",
    )


@dataclass(frozen=True, slots=True)
class Content:
    """What a person gave as one answer, apart from whose row it is: two equal contents say the same thing.

    `value` is a fact in its JSON shape: text, whole number, true or false, ISO date, amount as text, or a list.
    """

    state: str = State.NOT_ANSWERED.value
    level: int | None = None
    value: Any = None
    evidence: str = ""
    evidence_date: dt.date | None = None
    note: str = ""
    reason: str = ""
    who_knows: str = ""
    know_by: dt.date | None = None

    FIELDS: ClassVar[tuple[str, ...]] = (
        "state",
        "level",
        "value",
        "evidence",
        "evidence_date",
        "note",
        "reason",
        "who_knows",
        "know_by",
    )


EMPTY = Content()
_content_of = attrgetter(*Content.FIELDS)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="AnswerEvent",
    append_only=True,
)
class Answer(models.Model):
    """One row for each fact, question or gate that somebody has answered; its history is kept by the database.

    `version` counts the saves of this row. A form carries the version it was filled from, so that two people
    who save the same answer are told of each other instead of one overwriting the other.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers", db_index=False)
    item = models.CharField("question or gate", max_length=120)
    state = models.CharField(max_length=20, choices=State.choices, default=State.NOT_ANSWERED)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    value = models.JSONField(null=True, blank=True)
    evidence = models.CharField("evidence grade", max_length=2, choices=Evidence.choices, blank=True)
    evidence_date = models.DateField("date of the evidence", null=True, blank=True)
    note = models.TextField(blank=True)
    reason = models.TextField("reason why not applicable", blank=True)
    who_knows = models.CharField("who would know", max_length=200, blank=True)
    know_by = models.DateField("to be known by", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["item"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "item"], name="one_answer_per_item"),
            models.CheckConstraint(
                condition=models.Q(state="answered", level__isnull=True, value__isnull=False)
                # Without `level__isnull=False` a missing level is neither true nor false, and a check lets it pass.
                | models.Q(state="answered", level__isnull=False, level__gte=0, level__lte=4, value__isnull=True)
                | (~models.Q(state="answered") & models.Q(level__isnull=True, value__isnull=True)),
                name="answered_has_one_value",
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="answer_state_known"),
            models.CheckConstraint(
                condition=models.Q(evidence__in=[*Evidence.values, ""]), name="answer_evidence_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_state_display()}"

    @property
    def content(self) -> Content:
        return Content(*_content_of(self))


def fact_to_json(value: FactValue) -> Any:
    """A fact in the shape in which its row keeps it."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, dt.date) else value


_FROM_JSON: dict[str, Callable[[Any], FactValue]] = {
    "date": dt.date.fromisoformat,
    "money": Decimal,
    "choices": tuple,
}


def fact_from_json(question: FactQuestion, raw: Any) -> FactValue:
    """The inverse of `fact_to_json` for the kind of `question`."""
    convert = _FROM_JSON.get(question.kind)
    fact: FactValue = convert(raw) if convert else raw
    return fact


def plain_answers(
    catalogue: Catalogue, stage: CatalogueStage, as_of: dt.date, contents: Mapping[str, Content]
) -> Answers:
    """The stored contents of one assessment as what scoring reads. Items that the edition lacks are left out."""
    profile: dict[str, FactValue] = {}
    questions: dict[str, PlainAnswer] = {}
    gates: dict[str, GateAnswer] = {}
    for item_id, content in contents.items():
        item = catalogue.items.get(item_id)
        if item is None or content.state == State.NOT_ANSWERED:
            continue
        if isinstance(item, Gate):
            gates[item_id] = _gate_answer(content)
        elif catalogue.barrier_of(item_id) is not None:
            questions[item_id] = _plain_answer(item, content)
        elif isinstance(item, FactQuestion) and content.state == State.ANSWERED:
            profile[item_id] = fact_from_json(item, content.value)
    return Answers(stage=stage, as_of=as_of, profile=profile, questions=questions, gates=gates)


def plain_facts(catalogue: Catalogue, contents: Mapping[str, Content]) -> dict[str, FactValue]:
    """The facts that are known, as `facts_of` finds them in `plain_answers`, without the other answers: all that
    decides what is asked."""
    return {
        item_id: fact_from_json(item, content.value)
        for item_id, content in contents.items()
        if content.value is not None
        and content.state == State.ANSWERED
        and isinstance(item := catalogue.items.get(item_id), FactQuestion)
    }


_ANSWER_STATES = {state.value: state for state in AnswerState}
_GATE_STATES = {state.value: state for state in GateState}
# Nothing said about evidence is an assertion.
_GRADES = {"": EvidenceGrade.E0, **{grade.value: grade for grade in EvidenceGrade}}


def _plain_answer(question: LevelQuestion | FactQuestion, content: Content) -> PlainAnswer:
    return PlainAnswer(
        state=_ANSWER_STATES[content.state],
        level=content.level,
        value=_fact(question, content),
        evidence=_GRADES[content.evidence],
        evidence_date=content.evidence_date,
        note=content.note,
        reason=content.reason,
        who_knows=content.who_knows,
        know_by=content.know_by,
    )


def _fact(question: LevelQuestion | FactQuestion, content: Content) -> FactValue | None:
    if content.value is None or not isinstance(question, FactQuestion):
        return None
    return fact_from_json(question, content.value)


def _gate_answer(content: Content) -> GateAnswer:
    return GateAnswer(
        state=_GATE_STATES[content.state],
        evidence=_GRADES[content.evidence],
        evidence_date=content.evidence_date,
        note=content.note,
        reason=content.reason,
        who_knows=content.who_knows,
        know_by=content.know_by,
    )


class Stored(NamedTuple):
    """An answer as it is stored: which save it is, and what it says."""

    version: int
    content: Content


# All answers of one assessment as one JSON value: to read it takes half as long as to read a row for each. Without who
# and when, which only a conflict tells. The placeholder has no name: pgtrigger's own statement, when changes are not to
# be noted, takes none beside it.
ANSWERS_AS_JSON = """(
  SELECT json_agg(json_build_array(
    item, version, state, level, value, evidence, evidence_date, note, reason, who_knows, know_by))
  FROM assessments_answer WHERE assessment_id = %s)"""


def stored_answers(assessment: Assessment) -> dict[str, Stored]:
    """All answers of an assessment by item, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ANSWERS_AS_JSON}", [assessment.pk])
        return answers_from_json(cursor.fetchone()[0])


def answers_from_json(rows: list[list[Any]] | None) -> dict[str, Stored]:
    """What `ANSWERS_AS_JSON` selects, by item."""
    return {
        item: Stored(
            version,
            Content(state, level, value, evidence, _day(proved_on), note, reason, who_knows, _day(know_by)),
        )
        for item, version, state, level, value, evidence, proved_on, note, reason, who_knows, know_by in rows or ()
    }


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def contents_of(stored: Mapping[str, Stored]) -> dict[str, Content]:
    return {item: row.content for item, row in stored.items()}
