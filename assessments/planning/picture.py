"""The schedule of one decision as a picture: which bar stands where. Page and report draw the same.

Where something lies is told in per cent of the drawing's width, so that it fits a telephone and a sheet of paper:
simple SVG elements take per cent, and words keep their size.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments.catalogue.schema import Stage
from assessments.planning.progress import Progress
from assessments.planning.scheduled import Schedule, ScheduledAction, StageSchedule

NEAR_WEEKS = 2
"""Up to so many weeks of room an action is near-critical (convention)."""

_STEPS = (1, 2, 3, 6)
_MOST_TICKS = 5
_LAST_LABEL = 78
"""Per cent: what begins further right would reach past a telephone's edge."""
_SLIVER = 0.8
"""Per cent: what takes no time, or little of a long plan, is drawn this wide, so that it can be seen."""


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month; `label` is "May 2027", or empty where there is no room for it."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The date wanted. `is_outside`: it lies before or after all that is drawn, and stands at the edge."""

    at: str
    date: dt.date
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One action: from its likely start to its likely finish, with a tail to its latest finish.

    `critical` and `room` are those of the decision that is drawn. `after` are the titles of what it waits for.
    """

    scheduled: ScheduledAction
    left: str
    width: str
    right: str
    tail: str
    critical: bool
    room: int
    after: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.scheduled.action.id

    @property
    def title(self) -> str:
        return self.scheduled.action.title

    @property
    def under_way(self) -> bool:
        return self.scheduled.progress is Progress.DOING

    @property
    def word(self) -> str:
        """What its look means, in words."""
        if self.critical:
            return "Decides the date"
        if self.room == 0:
            return "Less than a week of room"
        return f"{self.room} week{'' if self.room == 1 else 's'} of room"


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one barrier; `barrier` is None for the facts of the profile."""

    barrier: str | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """`chain` decides the date, in its order; `near` has next to no room; `rest` has more, by barrier. Each action
    stands in one of the three, and within it by its start."""

    stage: Stage
    ticks: tuple[Tick, ...]
    wanted: Wanted | None
    chain: tuple[Bar, ...]
    near: tuple[Bar, ...]
    rest: tuple[Group, ...]

    @property
    def bars(self) -> tuple[Bar, ...]:
        return (*self.chain, *self.near, *(bar for group in self.rest for bar in group.bars))

    @property
    def rest_count(self) -> int:
        return sum(len(group.bars) for group in self.rest)


def picture_of(schedule: Schedule, stage: Stage) -> Picture | None:
    """What is to be done for this decision and those before it; None where nothing is."""
    decision = schedule.stage(stage)
    actions = [schedule.actions[action_id] for action_id in decision.needed]
    if not actions:
        return None
    axis = _axis(schedule.as_of, actions, decision.wanted)
    titles = {action.action.id: action.action.title for action in schedule.actions.values()}
    bars = {action.action.id: _bar(action, decision, axis, titles) for action in actions}
    chain = tuple(bars.pop(step.id) for step in decision.chain)
    others = sorted(bars.values(), key=lambda bar: (bar.scheduled.start, bar.scheduled.finish))
    near = tuple(bar for bar in others if bar.critical or bar.room <= NEAR_WEEKS)
    rest = [bar for bar in others if bar not in near]
    return Picture(
        stage=stage,
        ticks=tuple(axis.ticks()),
        wanted=None if decision.wanted is None else axis.wanted(decision.wanted),
        chain=chain,
        near=near,
        rest=tuple(_by_barrier(rest, decision.needed, schedule)),
    )


def _bar(action: ScheduledAction, decision: StageSchedule, axis: _Axis, titles: dict[str, str]) -> Bar:
    action_id = action.action.id
    left, right = axis.place(action.start), axis.place(action.finish)
    left = min(left, 100 - _SLIVER)
    right = max(right, left + _SLIVER)
    return Bar(
        scheduled=action,
        left=_per_cent(left),
        width=_per_cent(right - left),
        right=_per_cent(right),
        tail=_per_cent(max(axis.place(action.latest_finish), right)),
        critical=action_id in decision.critical,
        room=decision.slack_weeks[action_id],
        after=tuple(titles[before] for before in action.after),
    )


def _by_barrier(bars: Sequence[Bar], order: Iterable[str], schedule: Schedule) -> Iterable[Group]:
    """In the order in which the plan first names each barrier."""
    barriers = dict.fromkeys(schedule.actions[action_id].action.barrier for action_id in order)
    for barrier in barriers:
        own = tuple(bar for bar in bars if bar.scheduled.action.barrier == barrier)
        if own:
            yield Group(barrier, own)


# The axis of time -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Axis:
    """Whole months, from the first day of one to that of another."""

    first: dt.date
    last: dt.date

    def place(self, date: dt.date) -> float:
        return 100 * (date - self.first).days / (self.last - self.first).days

    def wanted(self, date: dt.date) -> Wanted:
        shown = min(max(date, self.first), self.last)
        return Wanted(_per_cent(self.place(shown)), date, shown != date)

    def ticks(self) -> Iterable[Tick]:
        """So few that their names do not touch on a telephone."""
        months = _month_number(self.last) - _month_number(self.first)
        whole_years = -(-months // (12 * _MOST_TICKS)) * 12
        step = next((step for step in _STEPS if months / step <= _MOST_TICKS), whole_years)
        for number in range(_month_number(self.first), _month_number(self.last), step):
            day = _first_of(number)
            place = self.place(day)
            yield Tick(_per_cent(place), f"{day:%b} {day.year}" if place <= _LAST_LABEL else "")


def _axis(as_of: dt.date, actions: Sequence[ScheduledAction], wanted: dt.date | None) -> _Axis:
    """All that is drawn lies in it. A date wanted does too, unless it would make everything else small."""
    first = min([as_of, *(action.start for action in actions)])
    last = max([as_of, *(action.latest_finish for action in actions)])
    if wanted is not None and first <= wanted <= last + (last - first):
        last = max(last, wanted)
    return _Axis(_first_of(_month_number(first)), _first_of(_month_number(last) + 1))


_LAST_MONTH = 9999 * 12 + 11


def _month_number(date: dt.date) -> int:
    return date.year * 12 + date.month - 1


def _first_of(month: int) -> dt.date:
    """The first day of the month with this number, as far as the calendar reaches."""
    year, place = divmod(min(month, _LAST_MONTH), 12)
    return dt.date(year, place + 1, 1)


def _per_cent(place: float) -> str:
    return f"{place:.2f}%"
