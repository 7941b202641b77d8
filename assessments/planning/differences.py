"""What moved between two results of one service: colours, index, dates; each in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from assessments.catalogue.schema import Stage
from assessments.planning import schedule_words
from assessments.planning.assessed import Assessed
from assessments.planning.scheduled import StageSchedule
from assessments.scoring.result import BarrierResult, Range, Result
from assessments.scoring.sentences import number, span

WHOLE = "The whole"
NO_BARRIER = ""


@dataclass(frozen=True, slots=True)
class ColourMove:
    """The colours and the index of the whole (`id` is empty) or of one barrier, before and after."""

    id: str
    title: str
    before: Range
    after: Range
    index_before: tuple[int, int] | None
    index_after: tuple[int, int] | None

    @property
    def colours_moved(self) -> bool:
        return _ends(self.before) != _ends(self.after)

    @property
    def moved(self) -> bool:
        return self.colours_moved or self.index_before != self.index_after

    @property
    def sentence(self) -> str:
        """ "from Red to Amber at worst; Green at best, as before": to print after the title and a colon."""
        worst_before, best_before = _ends(self.before)
        worst, best = _ends(self.after)
        if not self.colours_moved:
            return f"stays {_standing(self.after)}"
        if (worst_before, worst) == (best_before, best):
            return f"from {worst_before} to {worst}"
        return f"{_end(worst_before, worst)} at worst; {_end(best_before, best)} at best"

    @property
    def index_sentence(self) -> str:
        if self.index_before == self.index_after:
            return f"index as before, {span(self.index_after)}"
        return f"index from {span(self.index_before)} to {span(self.index_after)}"


def _ends(both: Range) -> tuple[str, str]:
    return both.worst.colour.word, both.best.colour.word


def _standing(both: Range) -> str:
    worst, best = _ends(both)
    return worst if worst == best else f"not yet known: between {worst} and {best}"


def _end(before: str, after: str) -> str:
    return f"{after}, as before," if before == after else f"from {before} to {after}"


@dataclass(frozen=True, slots=True)
class DateMove:
    """When a decision can be ready, before and after."""

    stage: Stage
    before: StageSchedule
    after: StageSchedule

    @property
    def moved(self) -> bool:
        return _dates(self.before) != _dates(self.after)

    @property
    def in_words(self) -> tuple[str, str]:
        """Before and after by month, or by day where the months would look the same."""
        before, after = ready(self.before), ready(self.after)
        if self.moved and before == after:
            return ready(self.before, schedule_words.full), ready(self.after, schedule_words.full)
        return before, after

    @property
    def why_later(self) -> str:
        """What is not known takes no time yet: once known it may call for work, and a date comes later."""
        known = self.before.missing_answers - self.after.missing_answers
        if self.after.likely <= self.before.likely or known <= 0:
            return ""
        answers = number(known, "answer that is missing now is", "answers that are missing now are")
        return f"{answers} taken as known here, and what is known calls for work."

    @property
    def sentence(self) -> str:
        """By the likely date, or where that stays by the others: the estimates are no better than weeks."""
        if not self.moved:
            return "No change"
        for end in ("likely", "earliest", "latest"):
            days = (getattr(self.after, end) - getattr(self.before, end)).days
            if days:
                about = "" if end == "likely" else f", the {end} date only"
                return f"{_weeks(days)} {'later' if days > 0 else 'earlier'}{about}"
        return "No change"


def _dates(stage: StageSchedule) -> tuple[dt.date, dt.date, dt.date]:
    return stage.earliest, stage.likely, stage.latest


def _weeks(days: int) -> str:
    """A week begun is a week."""
    return number(-(-abs(days) // 7), "week", "weeks")


def ready(stage: StageSchedule, word: Callable[[dt.date], str] = schedule_words.month) -> str:
    """ "February 2027 at the earliest, April 2027 more likely": the estimates are no better than months."""
    if not stage.needed:
        return "Now: nothing is left to do" if stage.reached else "Now: nothing else is left to do"
    earliest, likely = word(stage.earliest), word(stage.likely)
    return likely if earliest == likely else f"{earliest} at the earliest, {likely} more likely"


@dataclass(frozen=True, slots=True)
class Differences:
    """`dates` begin with the assessment's own decision."""

    whole: ColourMove
    barriers: tuple[ColourMove, ...]
    dates: tuple[DateMove, ...]

    @property
    def any(self) -> bool:
        return any(move.moved for move in (self.whole, *self.barriers)) or any(move.moved for move in self.dates)


def differences(before: Assessed, after: Assessed) -> Differences:
    """Both of the same catalogue, stage and day."""
    return Differences(
        whole=whole_moved(before.result, after.result),
        barriers=barriers_moved(before.result, after.result),
        dates=tuple(
            DateMove(stage.stage, stage, after.schedule.stage(stage.stage)) for stage in before.schedule.stages
        ),
    )


def whole_moved(before: Result, after: Result) -> ColourMove:
    return ColourMove(NO_BARRIER, WHOLE, before.supported, after.supported, before.index, after.index)


def barriers_moved(before: Result, after: Result) -> tuple[ColourMove, ...]:
    """Both of the same catalogue."""
    return tuple(map(_barrier, before.barriers, after.barriers))


def _barrier(before: BarrierResult, after: BarrierResult) -> ColourMove:
    return ColourMove(before.id, before.title, before.supported, after.supported, before.index, after.index)
