"""The shape of a catalogue: everything that is asked, and every rule, of one frozen edition.

The models only say what a catalogue *looks like*. What it must *mean* (ids that exist, conditions that can
hold, gates that can be cleared) is checked by `validator.py`, which reports every problem at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag


class Stage(StrEnum):
    """The next decision. Ordered: a later stage asks for everything an earlier one asked for."""

    EXPLORE = "explore"
    MAKE_THE_CASE = "make-the-case"
    PLAN = "plan"
    GO_LIVE = "go-live"

    @property
    def position(self) -> int:
        return _POSITIONS[self]

    @property
    def title(self) -> str:  # type: ignore[override]  # a stage has a title, as all catalogue parts have
        return {"explore": "Explore", "make-the-case": "Make the case", "plan": "Plan", "go-live": "Go live"}[self]


_POSITIONS = {stage: number for number, stage in enumerate(Stage)}


class Strength(StrEnum):
    """A hard gate not met gives Red; a limiting gate not met gives at best Amber."""

    HARD = "hard"
    LIMITING = "limiting"


class EvidenceGrade(StrEnum):
    """How well a claim is proved, and so the highest level it supports (scoring method, rule 7)."""

    E0 = "E0"
    E1 = "E1"
    E2 = "E2"
    E3 = "E3"

    @property
    def cap(self) -> int:
        return _CAPS[self]


_CAPS = {grade: number for number, grade in enumerate(EvidenceGrade, start=1)}


class Mark(StrEnum):
    """How far a claim was checked. V, V2 and V-dated may be printed as what a source says;
    BK and J are guidance."""

    VERIFIED = "V"
    VERIFIED_SECONDARY = "V2"
    VERIFIED_DATED = "V-dated"
    BACKGROUND = "BK"
    JUDGEMENT = "J"

    @property
    def is_guidance(self) -> bool:
        return self in (Mark.BACKGROUND, Mark.JUDGEMENT)


Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ItemId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?$")]
Text = Annotated[str, Field(min_length=1)]
Whole = Annotated[int, Field(strict=True)]
YesNo = Annotated[bool, Field(strict=True)]
Day = Annotated[dt.date, Field(strict=True)]
FactValue = str | bool | int | Decimal | dt.date | tuple[str, ...]
"""What a fact question is answered with: option id(s), yes/no, number, pounds, date, text."""

CoveredId = Annotated[str, Field(pattern=r"^[A-Z]+(-[A-Z]+)*-[A-Z]*[0-9]+$")]


class Part(BaseModel):
    """Base of every catalogue model: frozen, an unknown key is an error, blanks around text do not count."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True)


# Conditions -------------------------------------------------------------------------------------------------


class FactTest(Part):
    """One test of one fact. Exactly one operator is given (the validator says so when it is not)."""

    fact: ItemId
    is_: tuple[str | YesNo, ...] | str | YesNo | None = Field(default=None, alias="is")
    includes: tuple[str, ...] | str | None = None
    at_least: Whole | None = None
    below: Whole | None = None
    on_or_after: Day | None = None
    before: Day | None = None
    within_days: Whole | None = None
    before_fact: ItemId | None = None
    below_fact: ItemId | None = None

    @property
    def other_fact(self) -> str | None:
        """The fact that it is compared with, if it is."""
        return self.before_fact or self.below_fact

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,) if self.other_fact is None else (self.fact, self.other_fact)

    @cached_property
    def given(self) -> tuple[tuple[str, Any], ...]:
        """The operators that are given, each with its value, named as in the catalogue's files."""
        fields = type(self).model_fields
        pairs = ((field.alias or name, getattr(self, name)) for name, field in fields.items() if name != "fact")
        return tuple((name, value) for name, value in pairs if value is not None)


class LevelTest(Part):
    """One test of the level that is claimed for a question. Exactly one of the two operators is given."""

    question: ItemId
    at_least: Whole | None = None
    below: Whole | None = None

    @cached_property
    def given(self) -> tuple[tuple[str, int], ...]:
        pairs = (("at_least", self.at_least), ("below", self.below))
        return tuple((name, value) for name, value in pairs if value is not None)


class GateTest(Part):
    """Whether a gate is said to be met, or not to be met."""

    gate: ItemId
    is_: Literal["met", "not_met"] = Field(alias="is")


class AllOf(Part):
    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(Part):
    any: tuple[Condition, ...] = Field(min_length=1)


class NotOf(Part):
    not_: Condition = Field(alias="not")


_KIND_OF_PART: Mapping[type[Part], str] = {
    AllOf: "all",
    AnyOf: "any",
    NotOf: "not",
    LevelTest: "question",
    GateTest: "gate",
}


def _condition_kind(value: Any) -> str:
    if isinstance(value, Part):
        return _KIND_OF_PART.get(type(value), "fact")
    keys = value if isinstance(value, dict) else ()
    return next((key for key in _KIND_OF_PART.values() if key in keys), "fact")


Condition = Annotated[
    Annotated[FactTest, Tag("fact")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NotOf, Tag("not")]
    | Annotated[LevelTest, Tag("question")]
    | Annotated[GateTest, Tag("gate")],
    Discriminator(_condition_kind),
]


# Words and sources ------------------------------------------------------------------------------------------


class Claim(Part):
    """A statement of fact or guidance with its mark. V, V2 and V-dated claims name their sources."""

    text: Text
    mark: Mark
    sources: tuple[Slug, ...] = ()


class Source(Part):
    id: Slug
    title: Text
    publisher: Text
    year: Annotated[str, Field(pattern=r"^((c\. )?\d{4}(/\d{2,4})?|undated)$", coerce_numbers_to_str=True)]
    last_checked: Day
    url: str = ""
    note: str = ""


class LawChange(Part):
    """Law or policy in motion, flagged wherever it touches a question or gate."""

    id: Slug
    covers: tuple[str, ...] = ()
    title: Text
    change: Text
    known: Text
    not_known: Text
    effect: Text
    last_checked: Day
    sources: tuple[Slug, ...] = Field(min_length=1)


class Term(Part):
    """A glossary entry. `also` lists other spellings found in the text."""

    id: Slug
    term: Text
    also: tuple[str, ...] = ()
    meaning: Text


# What is asked ----------------------------------------------------------------------------------------------


class Option(Part):
    id: Slug
    text: Text
    hint: str = ""


class FactQuestion(Part):
    """Asks for a fact, not a state. Never scored; switches questions and gates, or is only reported."""

    id: ItemId
    kind: Literal["yes_no", "choice", "choices", "number", "money", "date", "text"]
    covers: tuple[CoveredId, ...] = ()
    title: Text
    text: Text
    hint: str = ""
    why: str = ""
    options: tuple[Option, ...] = ()
    minimum: Whole | None = None
    maximum: Whole | None = None
    unit: str = ""
    from_stage: Stage = Stage.EXPLORE
    when: Condition | None = None
    claims: tuple[Claim, ...] = ()
    law: tuple[Slug, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages at which it is asked, in order."""
        return tuple(Stage)[self.from_stage.position :]


class LevelQuestion(Part):
    """Asks which of five described, checkable, cumulative states is true (scoring method, rule 1).

    `required` gives the level needed at each stage; a stage left out does not ask the question.
    """

    id: ItemId
    kind: Literal["level"]
    covers: tuple[CoveredId, ...] = ()
    title: Text
    text: Text
    hint: str = ""
    why: str = ""
    levels: tuple[str, ...]
    proof: tuple[Text, ...] = ()
    required: dict[Stage, Whole]
    essential: YesNo = False
    weight: Annotated[Whole, Field(ge=1)] = 1
    who_knows: str = ""
    evidence_life_months: Annotated[Whole, Field(ge=1, le=60)] = 12
    not_applicable_when: str = ""
    when: Condition | None = None
    claims: tuple[Claim, ...] = ()
    law: tuple[Slug, ...] = ()
    actions: tuple[ItemId, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages at which it is asked, in order."""
        return tuple(stage for stage in Stage if stage in self.required)


Question = Annotated[LevelQuestion | FactQuestion, Field(discriminator="kind")]


class Clearing(Part):
    """Who can clear a gate, with what evidence, and the least evidence grade that counts."""

    who: str = ""
    evidence: str = ""
    grade: EvidenceGrade = EvidenceGrade.E2


class Gate(Part):
    """A condition that is met, not met, not known or (where `may_be_left_out`) not applicable.

    `binds` gives the strength at each stage from which the gate applies; a stage left out does not ask it.
    `met_means` and `not_met_means` are the two states in words that a stranger could check.
    """

    id: ItemId
    covers: tuple[CoveredId, ...] = ()
    title: Text
    text: Text
    hint: str = ""
    why: str = ""
    met_means: Text
    not_met_means: Text
    binds: dict[Stage, Strength]
    clearing: Clearing = Clearing()
    evidence_life_months: Annotated[Whole, Field(ge=1, le=60)] = 12
    not_applicable_when: str = ""
    when: Condition | None = None
    claims: tuple[Claim, ...] = ()
    law: tuple[Slug, ...] = ()
    actions: tuple[ItemId, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages at which it is asked, in order."""
        return tuple(stage for stage in Stage if stage in self.binds)

    def may_be_left_out(self, stage: Stage) -> bool:
        """Whether "not applicable" is an answer: not on a hard gate, unless the catalogue names the exact condition
        (scoring method, rule 2)."""
        return bool(self.not_applicable_when) or self.binds.get(stage) is not Strength.HARD


Item = LevelQuestion | FactQuestion | Gate
"""Anything that is asked."""


class Action(Part):
    """What closes a gap. `weeks` is (fewest, most); `after` must be finished first."""

    id: ItemId
    title: Text
    how: str = ""
    owner: Text
    weeks: tuple[Annotated[Whole, Field(ge=0)], Annotated[Whole, Field(ge=0)]]
    weeks_basis: Claim
    after: tuple[ItemId, ...] = ()
    done_when: Text


class Page(Part):
    """A short page of related questions and gates, in the order they are asked."""

    id: Slug
    title: Text
    intro: str = ""
    asks: tuple[ItemId, ...] = Field(min_length=1)


class Barrier(Part):
    """A group of obstacles with its own questionnaire and its own colour."""

    id: Slug
    title: Text
    summary: Text
    pages: tuple[Page, ...] = Field(min_length=1)
    gates: tuple[Gate, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1)
    actions: tuple[Action, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.gates, *self.questions)

    @property
    def levels(self) -> tuple[LevelQuestion, ...]:
        return tuple(question for question in self.questions if isinstance(question, LevelQuestion))


class Profile(Part):
    """The facts asked first, that switch questions and gates on and off."""

    pages: tuple[Page, ...] = Field(min_length=1)
    facts: tuple[FactQuestion, ...] = Field(min_length=1)

    @property
    def items(self) -> tuple[FactQuestion, ...]:
        return self.facts


class Sources(Part):
    """`sources.toml`: what the claims rest on, and the law in motion."""

    sources: tuple[Source, ...] = ()
    law_changes: tuple[LawChange, ...] = ()


class Glossary(Part):
    """`glossary.toml`: the terms that readers may not know."""

    terms: tuple[Term, ...] = ()


class NotCovered(Part):
    """A condition or red line of the domain files that no item carries, and why."""

    id: CoveredId
    reason: Text


# Rules across barriers ---------------------------------------------------------------------------------------


class ContradictionRule(Part):
    """Answers that do not fit together when `when` holds: lowers confidence, calls for `mend`, changes no level."""

    id: Slug
    title: Text
    when: Condition
    text: Text
    barriers: tuple[Slug, ...] = Field(min_length=1)
    mend: Text
    owner: Text
    claims: tuple[Claim, ...] = ()


class CapRule(Part):
    """When a figure of the cash-flow calculator is negative, a question supports at most level `highest`, or a gate
    said to be met counts as not known. `reason` may name {amount} and {month}."""

    id: Slug
    question: ItemId | None = None
    gate: ItemId | None = None
    highest: Whole | None = None
    figure: Literal["lowest_funded_within_month", "annual_surplus"]
    scenario: Literal["base", "ST1", "ST3"]
    reason: Text
    claims: tuple[Claim, ...] = ()


class Axis(Part):
    """A fact whose options are set against the rows of the compatibility table."""

    fact: ItemId
    title: Text


class CompatibilityTable(Part):
    """What is set against what."""

    rows: Axis
    columns: tuple[Axis, ...] = Field(min_length=1)

    @property
    def axes(self) -> tuple[Axis, ...]:
        return (self.rows, *self.columns)


class Exclusion(Part):
    """Choices that close each other when `when` holds, or of which it is then in doubt whether they go together."""

    id: Slug
    title: Text
    when: Condition
    effect: Literal["closes", "doubts"] = "closes"
    reason: Text
    mend: Text
    claims: tuple[Claim, ...] = ()


class Rules(Part):
    """`rules.toml`: what holds across barriers. An edition may do without.

    `undecided` are the options that stand for no choice yet, wherever they are offered: a fact so answered decides
    nothing, as if it were missing.
    """

    undecided: frozenset[Slug] = frozenset()
    contradictions: tuple[ContradictionRule, ...] = ()
    caps: tuple[CapRule, ...] = ()
    compatibility: CompatibilityTable | None = None
    exclusions: tuple[Exclusion, ...] = ()


class Edition(Part):
    """`catalogue.toml`: which edition this is, its barriers in order, and what it leaves out."""

    edition: Annotated[str, Field(pattern=r"^\d{4}\.\d+$")]
    title: Text
    released: Day | None = None
    jurisdiction: Text
    checked: Day
    barriers: tuple[Slug, ...] = Field(min_length=1)
    not_covered: tuple[NotCovered, ...] = ()


class Catalogue(Part):
    """One edition, whole. `digest` is the SHA-256 of its files: what a result was scored by can be named."""

    edition: Edition
    profile: Profile
    barriers: tuple[Barrier, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = ()
    law_changes: tuple[LawChange, ...] = ()
    glossary: tuple[Term, ...] = ()
    rules: Rules = Rules()
    digest: str = ""

    def __hash__(self) -> int:
        """Quick, so that what is worked out once for a catalogue can be kept with it as the key."""
        return hash((self.edition.edition, self.digest))

    @property
    def parts(self) -> tuple[Profile | Barrier, ...]:
        """The questionnaires in asking order: the profile, then the barriers."""
        return (self.profile, *self.barriers)

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Everything that is asked, by id, in asking order: profile, then each barrier page by page."""
        return {item.id: item for part in self.parts for item in _in_asking_order(part)}

    def item(self, item_id: str) -> Item:
        return self.items[item_id]

    def question(self, question_id: str) -> LevelQuestion | FactQuestion:
        """The level or fact question with this id; KeyError for anything else, a gate included."""
        item = self.items[question_id]
        if isinstance(item, Gate):
            raise KeyError(question_id)
        return item

    def gate(self, gate_id: str) -> Gate:
        item = self.items[gate_id]
        if not isinstance(item, Gate):
            raise KeyError(gate_id)
        return item

    def barrier(self, barrier_id: str) -> Barrier:
        return self._barriers[barrier_id]

    def barrier_of(self, any_id: str) -> Barrier | None:
        """The barrier that a question, gate or action belongs to; None for a fact of the profile."""
        return self._owners[any_id]

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        return {action.id: action for barrier in self.barriers for action in barrier.actions}

    def action(self, action_id: str) -> Action:
        return self.actions[action_id]

    def source(self, source_id: str) -> Source:
        return self._sources[source_id]

    def law_change(self, law_id: str) -> LawChange:
        return self._law_changes[law_id]

    @cached_property
    def _barriers(self) -> Mapping[str, Barrier]:
        return {barrier.id: barrier for barrier in self.barriers}

    @cached_property
    def _owners(self) -> Mapping[str, Barrier | None]:
        owners: dict[str, Barrier | None] = {fact.id: None for fact in self.profile.facts}
        for barrier in self.barriers:
            owners |= dict.fromkeys([part.id for part in (*barrier.items, *barrier.actions)], barrier)
        return owners

    @cached_property
    def _sources(self) -> Mapping[str, Source]:
        return {source.id: source for source in self.sources}

    @cached_property
    def _law_changes(self) -> Mapping[str, LawChange]:
        return {change.id: change for change in self.law_changes}


def _in_asking_order(part: Profile | Barrier) -> Iterator[Item]:
    by_id = {item.id: item for item in part.items}
    asked = (item_id for page in part.pages for item_id in page.asks)
    return (by_id[item_id] for item_id in asked if item_id in by_id)
