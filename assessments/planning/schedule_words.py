"""A schedule in sentences. They say what the dates rest on; never what anybody should decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from assessments.planning.scheduled import Chain, ScheduledAction, StageSchedule, Step
from assessments.scoring.sentences import listing, number


def of_stage(stage: StageSchedule, titles: Mapping[str, str]) -> tuple[str, ...]:
    """`titles` are those of all actions that the stage calls for."""
    return (f"{_when(stage)}{_against_wanted(stage)}.", *_chain(stage.chain), *_missing(stage, titles))


def due_too_early(action: ScheduledAction) -> str:
    """Only for an action with a due date that cannot be met."""
    due = "" if action.due is None else full(action.due)
    return f"{action.action.title} is due on {due}, but takes until {full(action.earliest_finish)} at the shortest."


def longest(chain: Chain) -> str:
    return f"{_weeks(chain.weeks).capitalize()}, until about {month(chain.finish)}: {in_order(chain.steps)}."


def month(date: dt.date) -> str:
    """ "March 2027": the estimates are no better than that."""
    return f"{date:%B} {date.year}"


def full(date: dt.date) -> str:
    return f"{date.day} {month(date)}"


def in_order(steps: Sequence[Step]) -> str:
    """ "A (8 to 12 weeks), then B (4 weeks)"."""
    return ", then ".join(f"{step.title} ({_step(step)})" for step in steps)


def _step(step: Step) -> str:
    if step.under_way:
        return f"{_weeks(step.weeks)}, under way"
    if step.not_before is not None:
        return f"from {full(step.not_before)}, {_weeks(step.weeks)}"
    return _weeks(step.weeks)


def _weeks(weeks: tuple[int, int]) -> str:
    fewest, most = weeks
    return f"{fewest} to {most} weeks" if fewest != most else _number_of_weeks(most)


def _number_of_weeks(weeks: int) -> str:
    return f"{weeks} week" if weeks == 1 else f"{weeks:,} weeks"


# When, and against the date wanted --------------------------------------------------------------------------


def _when(stage: StageSchedule) -> str:
    if stage.reached:
        return "Reached now: nothing is left to do for this decision"
    if not stage.needed:
        return "Nothing else is left to do for this decision"
    earliest, likely, latest = (month(date) for date in (stage.earliest, stage.likely, stage.latest))
    if stage.if_undone is not None and month(stage.if_undone) not in (earliest, likely, latest):
        unanswered = number(stage.missing_answers, "missing answer", "missing answers")
        return f"At the earliest {earliest}, but {month(stage.if_undone)} if nothing of the {unanswered} is done yet"
    if earliest == latest:
        return f"In {likely}"
    first = f"Likely {likely}" if earliest == likely else f"At the earliest {earliest}, more likely {likely}"
    return first if likely == latest else f"{first}, {latest} if everything takes its longest"


def _against_wanted(stage: StageSchedule) -> str:
    if stage.wanted is None or stage.weeks_to_spare is None:
        return "; no date is given for this decision"
    wanted = f"your {_WANTED[stage.wanted_fact or '']} of {full(stage.wanted)}"
    shortest, likely, _ = stage.weeks_to_spare
    if stage.wanted_has_passed:
        return f"; {wanted} has passed"
    if shortest >= 0 and stage.if_undone is not None and stage.if_undone > stage.wanted:
        return f"; {wanted} can be met only if enough is done already"
    return f"; {wanted} {_late(stage.weeks_to_spare) if likely < 0 else _in_time(stage.weeks_to_spare)}"


_WANTED: Mapping[str | None, str] = {"target-date": "target", "go-live-date": "go-live date"}


def _late(weeks_to_spare: tuple[int, int, int]) -> str:
    shortest, likely, _ = weeks_to_spare
    late = f"would need {_number_of_weeks(-likely)} less"
    if shortest >= 0:
        return f"{late}, and is met only if everything takes its shortest"
    if shortest == likely:
        return late
    return f"{late}, {_number_of_weeks(-shortest)} less even if everything takes its shortest"


def _in_time(weeks_to_spare: tuple[int, int, int]) -> str:
    _, likely, longest = weeks_to_spare
    room = f"leaves {_room(likely)}"
    if longest < 0:
        return f"{room}, but is missed by {_number_of_weeks(-longest)} if everything takes its longest"
    if longest == likely or longest >= YEARS_AWAY:
        return room
    return f"{room}, {_number_of_weeks(longest) if longest else 'none'} if everything takes its longest"


def _room(weeks: int) -> str:
    if weeks >= YEARS_AWAY:
        return f"about {round(weeks / 52)} years of room"
    return f"{_number_of_weeks(weeks)} of room" if weeks else "less than a week of room"


YEARS_AWAY = 104
"""So many weeks of room are told in years."""


# What decides, and what is missing --------------------------------------------------------------------------


def _chain(steps: Sequence[Step]) -> Iterator[str]:
    if steps:
        yield f"The chain that decides it: {in_order(steps)}."


def _missing(stage: StageSchedule, titles: Mapping[str, str]) -> Iterator[str]:
    if stage.missing_answers:
        yield missing_answers(stage)
    if stage.due_later:
        dues = [f"{titles[action_id]} ({full(date)})" for action_id, date in stage.due_later.items()]
        yield f"Due only after the likely date: {listing(_first(dues))}."
    if stage.will_not_do:
        yield f"Still missing, because it will not be done: {_titles(stage.will_not_do, titles)}."
    if stage.done:
        yield f"Marked done, but the answers do not show it yet: {_titles(stage.done, titles)}."


def _first(dues: list[str]) -> list[str]:
    """So many that a reader still reads them."""
    more = len(dues) - DUES_SHOWN
    return [*dues[:DUES_SHOWN], number(more, "other", "others")] if more > 0 else dues


DUES_SHOWN = 3


def missing_answers(stage: StageSchedule) -> str:
    """How many, and where the likely date would then be."""
    answers = number(stage.missing_answers, "answer is", "answers are").capitalize()
    return f"{answers} missing or not known. {_if_undone(stage)}"


def _if_undone(stage: StageSchedule) -> str:
    if stage.if_undone is None or stage.if_undone <= stage.likely:
        return "Even if nothing of that is done yet, the likely date stays."
    return f"If nothing of that is done yet, {month(stage.if_undone)} is more likely."


def _titles(ids: Sequence[str], titles: Mapping[str, str]) -> str:
    return listing([titles[action_id] for action_id in ids])
