"""What agreement across assessments comes to: the dataclasses that `across` gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Reading(StrEnum):
    """How far ratings with such an alpha can be relied on."""

    RELIABLE = "reliable"
    TENTATIVE = "tentative"
    NOT_USABLE = "not usable"


class Rewrite(StrEnum):
    """Why a question or gate wants rewriting."""

    EXACT_UNDER_HALF = "exact_under_half"
    A_LEVEL_APART = "a_level_apart"


@dataclass(frozen=True, slots=True)
class Measures:
    """Ratings of one question, one barrier's questions or a whole edition's.

    `doubles`: how often a question of an assessment was given a level by two people or more; `pairs`: the pairs of
    levels in them (two people make one, three make three), and of these `exact` and `within_one`. `apart` is their
    average distance in levels whichever was higher, tenths cut off; `lean` the average of client minus adviser, over
    the `client_adviser` pairs that have both.

    `kappa` is the weighted kappa of client and adviser, `alpha` Krippendorff's for everyone, `reading` alpha's.
    `commonest` is the level given most often (the lower of two), `commonest_share` its share of all levels in whole
    per cent, cut off; `is_one_sided`: nearly everyone gives it, so look at the counts and not at a coefficient.
    """

    doubles: int
    pairs: int
    exact: int
    within_one: int
    apart: Decimal | None
    client_adviser: int
    lean: Decimal | None
    kappa: Decimal | None
    alpha: Decimal | None
    reading: Reading | None
    commonest: int | None
    commonest_share: int | None
    is_one_sided: bool


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """`rewrite`: why it wants rewriting; empty where it does not, or too few pairs say so."""

    item: str
    barrier: str
    measures: Measures
    rewrite: tuple[Rewrite, ...]


@dataclass(frozen=True, slots=True)
class GateAgreement:
    """A gate's three states are no ladder, so there is no distance and no coefficient: pairs, and those that agree."""

    item: str
    barrier: str
    doubles: int
    pairs: int
    agreed: int
    rewrite: tuple[Rewrite, ...]


@dataclass(frozen=True, slots=True)
class BarrierAgreement:
    """All questions of a barrier taken together."""

    barrier: str
    measures: Measures


@dataclass(frozen=True, slots=True)
class EditionAgreement:
    """One edition of the catalogue. Barriers, questions and gates by id.

    Taken together, questions that differ in their usual level make a better coefficient than each of them has: read
    the whole first and the questions after it.
    """

    edition: str
    measures: Measures
    barriers: tuple[BarrierAgreement, ...]
    questions: tuple[QuestionAgreement, ...]
    gates: tuple[GateAgreement, ...]

    @property
    def rewrite(self) -> tuple[QuestionAgreement | GateAgreement, ...]:
        return (
            *(question for question in self.questions if question.rewrite),
            *(gate for gate in self.gates if gate.rewrite),
        )
