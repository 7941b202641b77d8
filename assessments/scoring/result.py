"""The one Result: pages, report, JSON and command line all read these objects."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from assessments.catalogue.schema import EvidenceGrade, Stage, Strength
from assessments.scoring.answers import AgreedGate, AgreedLevel, AnswerState, Cap, GateState

WORST_LEVEL = 0
BEST_LEVEL = 4


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


class ConfidenceLevel(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def word(self) -> str:
        return {"low": "Low", "medium": "Medium", "high": "High"}[self]


class EvidenceStrength(StrEnum):
    LIMITED = "limited"
    MEDIUM = "medium"
    ROBUST = "robust"


class Agreement(StrEnum):
    """How near two people's ratings came. Without any, it is not tested."""

    NOT_TESTED = "not tested"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


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

    `state` and `claimed` are what the service said, `supported` what its evidence allows: levels 0 to 4, or None
    unless answered with a level. `agreed` is what an adviser and the service settled on. `counts` decides the colour:
    what is agreed, else what is supported. `gap_worst` and `gap_best` are required minus the level that counts, never
    below 0, with unknowns at 0 and at 4.
    `grade` is the evidence grade after ageing and `ageing` says why it differs from `evidence`.
    `may_apply` is True when a fact that would decide whether it applies is missing. `cap` is what a calculation
    allows at most, whether or not it lowers anything here.
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
    cap: Cap | None = None
    agreed: AgreedLevel | None = None

    @property
    def counts(self) -> int | None:
        """The level that decides the colour. The calculator caps what is agreed too."""
        if self.agreed is None:
            return self.supported
        return None if self.agreed.level is None else min(self.agreed.level, self.ceiling)

    @property
    def counted_state(self) -> AnswerState:
        """The state that goes with `counts`."""
        return self.state if self.agreed is None else self.agreed.state

    @property
    def evidence_gap(self) -> int:
        """Levels claimed beyond what the evidence supports, caps left aside."""
        return 0 if self.claimed is None or self.grade is None else max(self.claimed - self.grade.cap, 0)

    @property
    def is_capped(self) -> bool:
        """Whether a calculation is what holds the level down, and not the evidence or what is agreed."""
        if self.agreed is not None:
            return self.counts != self.agreed.level
        if self.claimed is None or self.supported is None:
            return False
        return self.supported < self.claimed - self.evidence_gap

    @property
    def ceiling(self) -> int:
        """The level that it can be supported at, with the best of evidence."""
        return BEST_LEVEL if self.cap is None or self.cap.highest is None else min(self.cap.highest, BEST_LEVEL)

    @property
    def is_claimed_beyond_cap(self) -> bool:
        """Whether a calculation speaks against the claim, whatever else holds it down."""
        return self.claimed is not None and self.claimed > self.ceiling

    @property
    def is_unknown(self) -> bool:
        """Whether no level counts, though the question applies."""
        return self.counted_state in (AnswerState.DONT_KNOW, AnswerState.NOT_ANSWERED)

    @property
    def claimed_gap_worst(self) -> int:
        if self.state is AnswerState.NOT_APPLICABLE:
            return 0
        return max(self.required - (WORST_LEVEL if self.claimed is None else self.claimed), 0)

    @property
    def claimed_gap_best(self) -> int:
        """What is unknown may be claimed at level 4, which no stage exceeds; a cap never touches the claim."""
        return 0 if self.claimed is None else max(self.required - self.claimed, 0)


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one asked gate counts for. Said to be met on less evidence than it `needs`, it is not known.

    With a `cap` it is not known either: a calculation shows the opposite. `answered` is False where the service has
    not said anything about the gate yet. `claimed` is what it said, `supported` what its evidence allows, `agreed`
    what an adviser and the service settled on, and `counts` decides the colour.
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
    cap: Cap | None = None
    agreed: AgreedGate | None = None

    @property
    def counts(self) -> GateState:
        """The state that decides the colour. The calculator caps what is agreed too."""
        if self.agreed is None:
            return self.supported
        return GateState.NOT_KNOWN if self.is_capped else self.agreed.counts

    @property
    def is_capped(self) -> bool:
        """Said or agreed to be met, though a calculation shows the opposite."""
        said = self.claimed if self.agreed is None else self.agreed.counts
        return said is GateState.MET and self.cap is not None

    @property
    def is_claimed_beyond_cap(self) -> bool:
        """Whether a calculation speaks against the claim, whatever is agreed."""
        return self.claimed is GateState.MET and self.cap is not None

    @property
    def is_blank(self) -> bool:
        """Whether nobody has said anything about it: neither the service nor an adviser."""
        return not self.answered and self.agreed is None

    @property
    def lacks_proof(self) -> bool:
        """Said to be met, but not on the evidence given. Proof alone is no help where a calculation disagrees, or
        where an adviser has seen the evidence and something else is settled."""
        if self.agreed is not None:
            return False
        return self.claimed is GateState.MET and self.supported is not GateState.MET and not self.is_capped


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole per cent of applicable weight at grade E2 or better after ageing, and the band it lies in."""

    share: int
    word: EvidenceStrength


@dataclass(frozen=True, slots=True)
class Confidence:
    """How firm a barrier's colour is (scoring method, rule 11). Never changes a colour.

    `contradictions` are the ids of those that name the barrier: they make it one step lower.
    """

    level: ConfidenceLevel
    evidence: Evidence
    agreement: Agreement
    contradictions: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Answers that do not fit together (rule 15). Lowers the confidence in `barriers` and calls for `mend` by
    `owner`; never changes a level. `items` are the facts, questions and gates whose answers disagree."""

    id: str
    title: str
    text: str
    barriers: tuple[str, ...]
    mend: str
    owner: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarrierResult:
    """`supported` and `index` are on the evidence, or as agreed with an adviser where that is settled; `claimed` and
    `claimed_index` as claimed. An index is (worst, best) in whole per cent; `coverage` the whole per cent of
    applicable weight answered; `profile` how many applicable questions count at levels 0 to 4; all None or
    zero-filled when nothing applies, `confidence` too. A `not_applicable_share` over a fifth of the asked weight is
    flagged by `too_much_not_applicable`.
    """

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
    confidence: Confidence | None = None


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
    """`supported` is what decides: on the evidence, or as agreed with an adviser where that is settled. `index` and
    `claimed_index` are means over the barriers that apply: never a headline (rule 9)."""

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
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def has_caps(self) -> bool:
        """Whether the cash-flow figures speak against what is claimed, which leaves them aside."""
        return any(
            any(question.is_claimed_beyond_cap for question in barrier.questions)
            or any(gate.is_claimed_beyond_cap for gate in barrier.gates)
            for barrier in self.barriers
        )

    @property
    def reviewed(self) -> tuple[QuestionResult | GateResult, ...]:
        """What an adviser has settled, agreed or not: gates, then questions, barrier by barrier."""
        found: list[QuestionResult | GateResult] = []
        for barrier in self.barriers:
            found += [gate for gate in barrier.gates if gate.agreed is not None]
            found += [question for question in barrier.questions if question.agreed is not None]
        return tuple(found)

    @property
    def dissents(self) -> tuple[QuestionResult | GateResult, ...]:
        """Of `reviewed`, where the adviser's own counts because the two did not agree."""
        return tuple(item for item in self.reviewed if item.agreed is not None and item.agreed.dissent)

    def barrier(self, barrier_id: str) -> BarrierResult:
        return next(barrier for barrier in self.barriers if barrier.id == barrier_id)
