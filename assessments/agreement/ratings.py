"""What one person said of one question or gate, and what several said of the same one."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.scoring.answers import AnswerState, GateState

Rating = int | GateState | AnswerState
"""A level, a gate's state, or why a question has no level: don't know, not applicable, not answered."""


@dataclass(frozen=True, slots=True)
class DoubleRating:
    """What people who rated apart said of one question or gate in one assessment.

    `unit` names the submission. None: this person did not rate it. `others` are second opinions, in no order.
    Ratings without a level are no ratings here: alpha copes with gaps, kappa takes only whole pairs.
    """

    edition: str
    barrier: str
    item: str
    unit: str
    client: Rating | None = None
    adviser: Rating | None = None
    others: tuple[Rating, ...] = ()

    @property
    def is_gate(self) -> bool:
        return any(isinstance(rating, GateState) for rating in self.given)

    @property
    def given(self) -> tuple[Rating, ...]:
        return tuple(rating for rating in (self.client, self.adviser, *self.others) if rating is not None)


def is_level(rating: Rating | None) -> bool:
    return isinstance(rating, int)


def is_not_applicable(rating: Rating) -> bool:
    return rating in (AnswerState.NOT_APPLICABLE, GateState.NOT_APPLICABLE)


def levels(ratings: tuple[Rating | None, ...]) -> tuple[int, ...]:
    return tuple(rating for rating in ratings if isinstance(rating, int))


def states(ratings: tuple[Rating | None, ...]) -> tuple[GateState, ...]:
    """A gate's states that can be agreed on; that it does not apply is no state of it."""
    return tuple(rating for rating in ratings if isinstance(rating, GateState) and not is_not_applicable(rating))
