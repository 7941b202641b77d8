"""The words of a schedule: a decision, an action and a chain of actions, each with its dates (calendar days)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.catalogue.schema import Stage
from assessments.planning.planned import PlannedAction
from assessments.planning.progress import Progress


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a chain: its own weeks (fewest, most), its dates in the likely schedule.

    `not_before` is the date agreed for its start, where that is still to come.
    """

    id: str
    title: str
    weeks: tuple[int, int]
    start: dt.date
    finish: dt.date
    under_way: bool
    not_before: dt.date | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Actions of which each waits for the one before. `weeks` (fewest, most) run from today to its end, with all
    waiting; `finish` is its likely end."""

    steps: tuple[Step, ...]
    weeks: tuple[int, int]
    finish: dt.date


@dataclass(frozen=True, slots=True)
class ScheduledAction:
    """An action that is still to be done, as the first stage that calls for it plans it.

    `start` and `finish` are its bar in the likely schedule, `earliest_finish` and `latest_finish` those with
    everything at its shortest and its longest. It can finish `slack_weeks` (whole ones) later without moving the
    likely date of `stage`; `critical` is one with no slack at all. `due` is the date agreed, or else promised;
    it is too early where not even the shortest times meet it.
    """

    action: PlannedAction
    stage: Stage
    progress: Progress
    owner: str
    weeks: tuple[int, int]
    after: tuple[str, ...]
    start: dt.date
    finish: dt.date
    earliest_finish: dt.date
    latest_finish: dt.date
    slack_weeks: int
    critical: bool
    due: dt.date | None
    due_too_early: bool


@dataclass(frozen=True, slots=True)
class StageSchedule:
    """When a decision can be ready: at the earliest, likely, and with everything at its longest.

    `needed` are the actions still to be done for it and for the decisions before it, in plan order; `chain` is the
    one of them that decides the likely date and `critical` are all without slack. `will_not_do` and `done` are
    called for by the answers, but agreed so: they take no time here. What the `missing_answers` (not given, or not
    known) will call for comes on top of the dates; `if_undone` is the likely date if nothing of it has been done yet,
    None where no answer is missing. `wanted` is the date given for it by the fact `wanted_fact`;
    `weeks_to_spare` until the date wanted, by shortest, likely and
    longest time, is negative where it is missed: weeks late, a week begun counting as one. `due_later` are those
    needed that are agreed, or promised, for a week or more after the likely date, which takes no account of that.
    """

    stage: Stage
    earliest: dt.date
    likely: dt.date
    latest: dt.date
    needed: tuple[str, ...]
    chain: tuple[Step, ...]
    slack_weeks: Mapping[str, int]
    critical: tuple[str, ...]
    will_not_do: tuple[str, ...]
    done: tuple[str, ...]
    missing_answers: int
    wanted: dt.date | None = None
    wanted_fact: str | None = None
    wanted_has_passed: bool = False
    weeks_to_spare: tuple[int, int, int] | None = None
    if_undone: dt.date | None = None
    due_later: Mapping[str, dt.date] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()

    @property
    def reached(self) -> bool:
        """Nothing is called for: the answers are ready for this decision now."""
        return not (self.needed or self.will_not_do or self.done)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`stages` begin with the assessment's own; no date is before that of an earlier stage. `actions` are all still
    to be done, in plan order; `closed` those called for but agreed done, or not to be done. `longest_chains` are
    the three that take longest, each ending in another action. `plans` is everything that each stage calls for."""

    as_of: dt.date
    stages: tuple[StageSchedule, ...]
    actions: Mapping[str, ScheduledAction]
    closed: Mapping[str, PlannedAction]
    longest_chains: tuple[Chain, ...]
    plans: Mapping[Stage, tuple[PlannedAction, ...]] = field(default_factory=dict)

    def stage(self, stage: Stage) -> StageSchedule:
        return next(found for found in self.stages if found.stage is stage)

    @property
    def due_too_early(self) -> tuple[ScheduledAction, ...]:
        return tuple(action for action in self.actions.values() if action.due_too_early)
