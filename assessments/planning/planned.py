"""The words of a plan: what an action is, how urgent it is and what it calls for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Priority(StrEnum):
    """In the order in which actions are listed."""

    DO_NOW = "do-now"
    BY_NEXT_STAGE = "by-next-stage"
    RECOMMENDED = "recommended"
    FIND_OUT = "find-out"
    PROVE = "prove"

    @property
    def label(self) -> str:
        return _PRIORITIES[self][0]

    @property
    def due(self) -> str:
        return _PRIORITIES[self][1]


_PRIORITIES = {
    Priority.DO_NOW: ("Do now", "Before the decision is put to anyone"),
    Priority.BY_NEXT_STAGE: (
        "Do by the next stage",
        "By the next decision, in three months at most",
    ),
    Priority.RECOMMENDED: ("Recommended", "By a date that you agree"),
    Priority.FIND_OUT: ("Find out", "By a date that the person named agrees to"),
    Priority.PROVE: ("Prove", "By a date that the person named agrees to"),
}


class Kind(StrEnum):
    """What is called for: work, a step on the way to it, an answer from somebody, proof, the rest of the answers,
    or answers that fit."""

    DO = "do"
    STEP = "step"
    FIND_OUT = "find-out"
    PROVE = "prove"
    FINISH = "finish"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action of a plan.

    `closes` are the ids of the questions, gates and facts it closes; `after` are actions of the same plan
    that come first; `weeks` (fewest, most) is None where the catalogue estimates nothing; `by` is the date
    that somebody promised. `barrier` is None for missing facts of the profile.
    """

    id: str
    kind: Kind
    barrier: str | None
    priority: Priority
    title: str
    how: str
    owner: str
    weeks: tuple[int, int] | None
    after: tuple[str, ...]
    closes: tuple[str, ...]
    done_when: str
    reason: str
    by: dt.date | None = None


def rank(priority: Priority) -> int:
    """0 is the most urgent."""
    return _RANKS[priority]


_RANKS = {priority: number for number, priority in enumerate(Priority)}
