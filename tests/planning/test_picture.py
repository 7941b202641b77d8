"""Where the bars of a schedule stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from assessments.catalogue.schema import Stage
from assessments.planning.picture import NEAR_WEEKS, Bar, Picture, picture_of
from assessments.planning.planned import Kind, PlannedAction, Priority
from assessments.planning.progress import Progress
from assessments.planning.scheduled import Schedule, ScheduledAction, StageSchedule, Step

AS_OF = dt.date(2027, 1, 11)


def day(weeks: float) -> dt.date:
    return AS_OF + dt.timedelta(days=int(weeks * 7))


def action(name: str, start: float, finish: float, *after: str, barrier: str | None = "pensions") -> ScheduledAction:
    planned = PlannedAction(
        id=name,
        kind=Kind.DO,
        barrier=barrier,
        priority=Priority.DO_NOW,
        title=f"Do {name}",
        how="",
        owner="Finance lead",
        weeks=(1, 2),
        after=after,
        closes=("x",),
        done_when="",
        reason="",
    )
    return ScheduledAction(
        action=planned,
        stage=Stage.PLAN,
        progress=Progress.OPEN,
        owner="Finance lead",
        weeks=(1, 2),
        after=after,
        start=day(start),
        finish=day(finish),
        earliest_finish=day(finish),
        latest_finish=day(finish + 2),
        slack_weeks=0,
        critical=False,
        due=None,
        due_too_early=False,
    )


def schedule_of(
    *actions: ScheduledAction,
    chain: tuple[str, ...] = (),
    critical: tuple[str, ...] = (),
    slack: Mapping[str, int] | None = None,
    wanted: dt.date | None = None,
) -> Schedule:
    steps = tuple(Step(name, f"Do {name}", (1, 2), AS_OF, AS_OF, False, None) for name in chain)
    decision = StageSchedule(
        stage=Stage.PLAN,
        earliest=AS_OF,
        likely=AS_OF,
        latest=AS_OF,
        needed=tuple(one.action.id for one in actions),
        chain=steps,
        slack_weeks={one.action.id: 9 for one in actions} | dict.fromkeys((*chain, *critical), 0) | dict(slack or {}),
        critical=(*chain, *critical),
        will_not_do=(),
        done=(),
        missing_answers=0,
        wanted=wanted,
        weeks_to_spare=None,
    )
    return Schedule(
        as_of=AS_OF,
        stages=(decision,),
        actions={one.action.id: one for one in actions},
        closed={},
        longest_chains=(),
        plans={Stage.PLAN: tuple(one.action for one in actions)},
    )


def drawn(schedule: Schedule) -> Picture:
    picture = picture_of(schedule, Stage.PLAN)
    assert picture is not None
    return picture


def number(place: str) -> float:
    assert place.endswith("%")
    return float(place[:-1])


def test_nothing_to_do() -> None:
    assert picture_of(schedule_of(), Stage.PLAN) is None


def test_axis_is_whole_months() -> None:
    """From 1 January to 1 April: 90 days, and the bar begins on the eleventh."""
    picture = drawn(schedule_of(action("a", 0, 6)))

    [bar] = picture.bars
    assert [tick.label for tick in picture.ticks] == ["Jan 2027", "Feb 2027", "Mar 2027"]
    assert [tick.at for tick in picture.ticks] == ["0.00%", "34.44%", "65.56%"]
    assert number(bar.left) == pytest.approx(100 * 10 / 90, abs=0.01)
    assert number(bar.width) == pytest.approx(100 * 42 / 90, abs=0.01)
    assert number(bar.right) == pytest.approx(100 * 52 / 90, abs=0.01)
    assert number(bar.tail) == pytest.approx(100 * 66 / 90, abs=0.01)


@pytest.mark.parametrize(("weeks", "most"), [(1, 5), (20, 5), (50, 5), (200, 5), (2000, 5), (40_000, 5)])
def test_few_months_are_named(weeks: int, most: int) -> None:
    """Their names must not touch on a telephone, however long the plan is."""
    picture = drawn(schedule_of(action("a", 0, weeks)))

    assert 1 <= len(picture.ticks) <= most + 1
    assert picture.ticks[0].at == "0.00%"


def test_name_of_a_month_stays_inside() -> None:
    """One day before the last month ends there is no room left to name it."""
    picture = drawn(schedule_of(action("a", 0, 18)))

    for tick in picture.ticks:
        assert bool(tick.label) is (number(tick.at) <= 78)
    assert not picture.ticks[-1].label


def test_what_takes_no_time_can_be_seen() -> None:
    picture = drawn(schedule_of(action("a", 0, 0), action("b", 0, 300), action("c", 302, 302)))

    for bar in picture.bars:
        assert number(bar.width) >= 0.8
        assert number(bar.left) + number(bar.width) <= 100
        assert number(bar.right) <= number(bar.tail) <= 100


def test_under_way_since_before_today() -> None:
    early = replace(action("a", -20, 1), progress=Progress.DOING)
    picture = drawn(schedule_of(early, action("b", 1, 2)))

    [bar, _other] = picture.bars
    assert bar.under_way
    assert picture.ticks[0].label == "Aug 2026"
    assert 0 <= number(bar.left) < number(bar.right)


# Which bar stands where ------------------------------------------------------------------------------------------


def ids(bars: tuple[Bar, ...]) -> list[str]:
    return [bar.id for bar in bars]


def test_chain_first_then_near_then_the_rest_by_barrier() -> None:
    actions = [
        action("late", 5, 6, barrier="tendering"),
        action("first", 0, 2),
        action("second", 2, 8, "first"),
        action("near", 3, 4),
        action("tied", 0, 1),
        action("early", 1, 2, barrier="tendering"),
        action("facts", 0, 1, barrier=None),
    ]
    picture = drawn(
        schedule_of(
            *actions, chain=("first", "second"), critical=("tied",), slack={"near": NEAR_WEEKS, "late": NEAR_WEEKS + 1}
        )
    )

    assert ids(picture.chain) == ["first", "second"]
    assert ids(picture.near) == ["tied", "near"]
    assert [(group.barrier, ids(group.bars)) for group in picture.rest] == [
        ("tendering", ["early", "late"]),
        (None, ["facts"]),
    ]
    assert picture.rest_count == 3
    assert sorted(ids(picture.bars)) == sorted(one.action.id for one in actions)


@pytest.mark.parametrize(
    ("critical", "room", "word"),
    [
        (True, 0, "Decides the date"),
        (False, 0, "Less than a week of room"),
        (False, 1, "1 week of room"),
        (False, 12, "12 weeks of room"),
    ],
)
def test_look_in_words(critical: bool, room: int, word: str) -> None:
    picture = drawn(schedule_of(action("a", 0, 1), critical=("a",) if critical else (), slack={"a": room}))

    [bar] = picture.bars
    assert (bar.word, bar.critical) == (word, critical)


def test_what_it_waits_for_by_title() -> None:
    picture = drawn(schedule_of(action("a", 0, 1), action("b", 1, 2, "a"), chain=("a", "b")))

    assert [bar.after for bar in picture.chain] == [(), ("Do a",)]


# The date wanted -------------------------------------------------------------------------------------------------


def test_date_wanted() -> None:
    picture = drawn(schedule_of(action("a", 0, 6), wanted=dt.date(2027, 2, 1)))

    assert picture.wanted is not None
    assert (picture.wanted.at, picture.wanted.is_outside) == ("34.44%", False)


def test_date_wanted_a_little_later_is_drawn() -> None:
    picture = drawn(schedule_of(action("a", 0, 6), wanted=day(14)))

    assert picture.wanted is not None
    assert not picture.wanted.is_outside
    assert number(picture.wanted.at) < 100


@pytest.mark.parametrize(("wanted", "edge"), [(dt.date(2000, 1, 1), "0.00%"), (dt.date(2100, 1, 1), "100.00%")])
def test_date_wanted_far_away_stands_at_the_edge(wanted: dt.date, edge: str) -> None:
    """It would make everything else too small to see."""
    picture = drawn(schedule_of(action("a", 0, 6), wanted=wanted))

    assert picture.wanted is not None
    assert (picture.wanted.at, picture.wanted.is_outside) == (edge, True)
    assert picture.wanted.date == wanted


def test_no_date_wanted() -> None:
    assert drawn(schedule_of(action("a", 0, 6))).wanted is None


def test_last_dates_of_the_calendar() -> None:
    far = action("a", 0, 1)
    picture = drawn(schedule_of(replace(far, finish=dt.date.max, latest_finish=dt.date.max)))

    [bar] = picture.bars
    assert number(bar.tail) <= 100.1
