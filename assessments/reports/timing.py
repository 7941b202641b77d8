"""When each decision can be ready: its dates, what decides them, and the bars by month."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.planning.assessed import Assessed
from assessments.planning.picture import Bar, picture_of
from assessments.planning.scheduled import Schedule, StageSchedule
from assessments.reports import words
from assessments.reports.bars import Drawing, drawings_of
from assessments.reports.plan import Plan


@dataclass(frozen=True, slots=True)
class StageRow:
    title: str
    earliest: str
    likely: str
    latest: str
    wanted: str
    room: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Deciding:
    """What decides the date of a stage, and what its date leaves out."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarLine:
    """A row of the table under the bars. `number` and `anchor` are those of the list of actions."""

    number: str
    anchor: str
    title: str
    start: str
    finish: str
    earliest: str
    latest: str
    word: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Timing:
    """`too_early` are the numbers of actions whose due date not even the shortest times meet. `drawn` is the title of
    the decision whose bars are shown: the first for which something is left to do."""

    stages: tuple[StageRow, ...]
    deciding: tuple[Deciding, ...]
    too_early: str
    drawn: str
    drawings: tuple[Drawing, ...]
    lines: tuple[BarLine, ...]


def timing_of(found: Assessed, plan: Plan) -> Timing:
    schedule = found.schedule
    drawn = next((stage.stage for stage in schedule.stages if stage.needed), None)
    picture = None if drawn is None else picture_of(schedule, drawn)
    return Timing(
        stages=tuple(_stage(stage) for stage in schedule.stages),
        deciding=tuple(_deciding(schedule)),
        too_early=", ".join(
            str(plan.numbers[action.action.id]) for action in schedule.due_too_early if action.action.id in plan.numbers
        ),
        drawn="" if drawn is None else drawn.title,
        drawings=drawings_of(picture, plan.numbers) if picture else (),
        lines=tuple(_line(bar, plan.numbers, plan) for bar in picture.bars) if picture else (),
    )


def _stage(stage: StageSchedule) -> StageRow:
    title = stage.stage.title
    wanted = words.short_day(stage.wanted) if stage.wanted else "Not given"
    if stage.reached:
        return StageRow(title, "Now", "Now", "Now", wanted, "", is_late=False)
    return StageRow(
        title=title,
        earliest=words.short_day(stage.earliest),
        likely=words.short_day(stage.likely),
        latest=words.short_day(stage.latest),
        wanted=wanted,
        room=_room(stage.weeks_to_spare),
        is_late=bool(stage.weeks_to_spare and stage.weeks_to_spare[1] < 0),
    )


def _room(weeks_to_spare: tuple[int, int, int] | None) -> str:
    """By likely times."""
    if weeks_to_spare is None:
        return ""
    likely = weeks_to_spare[1]
    if likely < 0:
        return f"{_weeks(-likely)} late"
    return f"{_weeks(likely)} of room" if likely else "less than a week of room"


def _weeks(count: int) -> str:
    return f"{count} week" if count == 1 else f"{count} weeks"


def _deciding(schedule: Schedule) -> Iterator[Deciding]:
    """Each sentence once: what holds for a decision holds for those after it.

    What will not be done, or is marked done, stands with the plan, which tells it action by action.
    """
    said: set[str] = set()
    for stage in schedule.stages:
        end = 1 + bool(stage.chain) + bool(stage.missing_answers) + bool(stage.due_later)
        new = tuple(sentence for sentence in stage.sentences[1:end] if sentence not in said)
        said.update(new)
        if new:
            yield Deciding(stage.stage.title, new)


def _line(bar: Bar, numbers: Mapping[str, int], plan: Plan) -> BarLine:
    scheduled = bar.scheduled
    row = plan.rows.get(bar.id)
    return BarLine(
        number=str(numbers.get(bar.id, "")),
        anchor=row.anchor if row else "",
        title=bar.title,
        start=words.short_day(scheduled.start),
        finish=words.short_day(scheduled.finish),
        earliest=words.short_day(scheduled.earliest_finish),
        latest=words.short_day(scheduled.latest_finish),
        word=f"{bar.word}, under way" if bar.under_way else bar.word,
        is_critical=bar.critical,
    )
