"""Answers as plain data: what the rows, an answers file or a what-if copy are turned into before scoring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assessments.catalogue.schema import EvidenceGrade, FactValue, Stage


class AnswerState(StrEnum):
    """Five kinds of answer that are never mixed (scoring method, rule 2)."""

    ANSWERED = "answered"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"
    NOT_ANSWERED = "not_answered"
    NOT_ASKED = "not_asked"


class GateState(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer to a question: a level, a fact, "don't know" or "not applicable".

    `state` is ANSWERED (then exactly one of `level`, `value` is set), DONT_KNOW or NOT_APPLICABLE.
    A question without an Answer is not answered. Whether it is asked is decided by the path, never stored.
    """

    state: AnswerState
    level: int | None = None
    value: FactValue | None = None
    evidence: EvidenceGrade = EvidenceGrade.E0
    evidence_date: dt.date | None = None
    note: str = ""
    reason: str = ""
    who_knows: str = ""
    know_by: dt.date | None = None


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """A stored answer to a gate. A gate without one is not known."""

    state: GateState
    evidence: EvidenceGrade = EvidenceGrade.E0
    evidence_date: dt.date | None = None
    note: str = ""
    reason: str = ""
    who_knows: str = ""
    know_by: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that an answer supports whatever its evidence, because a calculation says otherwise.

    `highest` is a level; for a gate it is None: said to be met, it counts as not known. `reason` completes
    "…, because", as in "the funded balance falls to -£112,000 in month 2".
    """

    highest: int | None
    reason: str


Rating = int | AnswerState
"""What somebody makes of a question: a level from 0 to 4, or one of `RATINGS`."""

RATINGS = (AnswerState.DONT_KNOW, AnswerState.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class AgreedLevel:
    """What an adviser and the service settled on for one question, both having seen the evidence (rule 13).

    `adviser` is the adviser's own rating, `agreed` what the two agreed on; None where they could not: then the
    adviser's own counts, and the dissent is printed. `reason` are the adviser's words, `client_words` the service's.
    """

    adviser: Rating
    agreed: Rating | None
    reason: str = ""
    client_words: str = ""

    @property
    def dissent(self) -> bool:
        return self.agreed is None

    @property
    def counts(self) -> Rating:
        return self.adviser if self.agreed is None else self.agreed

    @property
    def level(self) -> int | None:
        """The level that counts, if it is one."""
        return None if isinstance(self.counts, AnswerState) else self.counts

    @property
    def state(self) -> AnswerState:
        return self.counts if isinstance(self.counts, AnswerState) else AnswerState.ANSWERED


@dataclass(frozen=True, slots=True)
class AgreedGate:
    """The same for a gate."""

    adviser: GateState
    agreed: GateState | None
    reason: str = ""
    client_words: str = ""

    @property
    def dissent(self) -> bool:
        return self.agreed is None

    @property
    def counts(self) -> GateState:
        return self.adviser if self.agreed is None else self.agreed


@dataclass(frozen=True, slots=True)
class DoubleRatings:
    """Of a barrier's questions: how many two people rated, and how many of those they rated within one level."""

    rated: int
    within_one: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that scoring reads beside the catalogue. `as_of` stands in for the clock.

    `caps` and `agreed` go by question or gate, `double_ratings` by barrier. What is agreed with an adviser counts in
    place of the answer, which stays what the service said.
    """

    stage: Stage
    as_of: dt.date
    profile: Mapping[str, FactValue] = field(default_factory=dict)
    questions: Mapping[str, Answer] = field(default_factory=dict)
    gates: Mapping[str, GateAnswer] = field(default_factory=dict)
    caps: Mapping[str, Cap] = field(default_factory=dict)
    double_ratings: Mapping[str, DoubleRatings] = field(default_factory=dict)
    agreed: Mapping[str, AgreedLevel | AgreedGate] = field(default_factory=dict)

    def agreed_level(self, question_id: str) -> AgreedLevel | None:
        found = self.agreed.get(question_id) if self.agreed else None
        return found if isinstance(found, AgreedLevel) else None

    def agreed_gate(self, gate_id: str) -> AgreedGate | None:
        found = self.agreed.get(gate_id)
        return found if isinstance(found, AgreedGate) else None


@dataclass(frozen=True, slots=True)
class Service:
    """Whose assessment it is: printed, never scored."""

    name: str = ""
    organisation: str = ""
