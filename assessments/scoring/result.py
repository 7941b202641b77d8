"""The one Result: pages, report, JSON and command line all read these objects."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from assessments.catalogue.schema import EvidenceGrade, Stage, Strength
from assessments.scoring.answers import AnswerState, GateState


class Colour(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_APPLICABLE = "not_applicable"

    @property
    def word(self) -> str:
        return {"green": "Green", "amber": "Amber", "red": "Red", "not_applicable": "Not applicable"}[self]

    @property
    def standing(self) -> int:
        """Higher is better. What does not apply holds nothing back, so it stands beside Green."""
        return {"green": 2, "amber": 1, "red": 0, "not_applicable": 2}[self]


class Ageing(StrEnum):
    """Why evidence counts one grade lower than given, if it does."""

    NONE = "none"
    OLD = "old"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One thing that decided a colour. `kind` is gate, question or barrier; `text` a sentence to read."""

    kind: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A colour, the rule that gave it (`rule`: a stable id; `sentence`: it in words) and its triggers."""

    colour: Colour
    rule: str
    sentence: str
    triggers: tuple[Trigger, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """The same thing decided with every unknown at its worst, and at its best (scoring method, rule 8)."""

    worst: Decision
    best: Decision

    @property
    def known(self) -> bool:
        return self.worst.colour == self.best.colour


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What one asked level question counts for.

    `claimed` and `supported` are levels 0 to 4, or None unless answered with a level. `gap_worst` and
    `gap_best` are required minus supported level, never below 0, with unknowns at 0 and at 4.
    `grade` is the evidence grade after ageing and `ageing` says why it differs from `evidence`.
    `may_apply` is True when a fact that would decide whether it applies is missing.
    """

    id: str
    barrier: str
    title: str
    state: AnswerState
    required: int
    essential: bool
    weight: int
    claimed: int | None
    supported: int | None
    evidence: EvidenceGrade | None
    grade: EvidenceGrade | None
    gap_worst: int
    gap_best: int
    may_apply: bool = False
    ageing: Ageing = Ageing.NONE

    @property
    def evidence_gap(self) -> int:
        """Levels claimed beyond what the evidence supports."""
        return 0 if self.claimed is None or self.supported is None else self.claimed - self.supported

    @property
    def is_unknown(self) -> bool:
        return self.state in (AnswerState.DONT_KNOW, AnswerState.NOT_ANSWERED)

    @property
    def claimed_gap_worst(self) -> int:
        return self.gap_worst if self.claimed is None else max(self.required - self.claimed, 0)

    @property
    def claimed_gap_best(self) -> int:
        return self.gap_best if self.claimed is None else max(self.required - self.claimed, 0)


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one asked gate counts for. Said to be met on less evidence than it `needs`, it is not known.

    `answered` is False where nobody has said anything about the gate yet.
    """

    id: str
    barrier: str
    title: str
    strength: Strength
    claimed: GateState
    supported: GateState
    evidence: EvidenceGrade | None
    grade: EvidenceGrade | None
    may_apply: bool = False
    ageing: Ageing = Ageing.NONE
    needs: EvidenceGrade = EvidenceGrade.E0
    answered: bool = True

    @property
    def lacks_proof(self) -> bool:
        """Said to be met, but not on the evidence given."""
        return self.claimed is GateState.MET and self.supported is not GateState.MET


@dataclass(frozen=True, slots=True)
class BarrierResult:
    """`index` is (worst, best) in whole per cent on the evidence, `claimed_index` as claimed; `coverage` the
    whole per cent of applicable weight answered; `profile` how many applicable questions stand at supported
    levels 0 to 4; all None or zero-filled when nothing applies. A `not_applicable_share` over a fifth of the
    asked weight is flagged by `too_much_not_applicable`."""

    id: str
    title: str
    supported: Range
    claimed: Range
    index: tuple[int, int] | None
    claimed_index: tuple[int, int] | None
    coverage: int | None
    profile: tuple[int, int, int, int, int]
    questions: tuple[QuestionResult, ...]
    gates: tuple[GateResult, ...]
    not_applicable_share: int | None
    too_much_not_applicable: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact worth finding out, with what it could change. `kind` is gate, question or fact.

    `moves_colour`: settling it alone can move a barrier's or the overall colour.
    `points` is its share of its barrier's index range, in whole per cent.
    """

    kind: str
    id: str
    barrier: str | None
    title: str
    effect: str
    moves_colour: bool = False
    points: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """`index` and `claimed_index` are means over the barriers that apply: never a headline (rule 9)."""

    catalogue: str
    digest: str
    stage: Stage
    as_of: dt.date
    supported: Range
    claimed: Range
    index: tuple[int, int] | None
    claimed_index: tuple[int, int] | None
    barriers: tuple[BarrierResult, ...]
    find_out_first: tuple[Unknown, ...]

    def barrier(self, barrier_id: str) -> BarrierResult:
        return next(barrier for barrier in self.barriers if barrier.id == barrier_id)
