"""A result in plain English on one screen, for a person at a command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from assessments.cashflow import sentences as money
from assessments.cashflow.months import Months
from assessments.cashflow.serialise import to_dict as cashflow_to_dict
from assessments.planning import schedule_words
from assessments.planning.actions import first_three
from assessments.planning.assessed import Assessed
from assessments.planning.planned import PlannedAction
from assessments.planning.schedule import GO_LIVE_DATE
from assessments.planning.scheduled import Schedule
from assessments.scoring import sentences
from assessments.scoring.answers import Service
from assessments.scoring.changes import Change
from assessments.scoring.result import Colour, Range, Result
from assessments.scoring.score import facts_of

UNKNOWNS_SHOWN = 5
CHANGES_SHOWN = 5
MONEY_SHOWN = ("need", "funding")


def summary(found: Assessed, service: Service) -> str:
    """Colours as words with their stage and date, what decided them and how firm they are; when and with what money;
    what to do and to find out first."""
    return "\n".join(
        [
            *_head(found.result, service),
            *_whole(found.result),
            f"How firm: {found.stability.sentence}",
            "",
            *_barriers(found.result),
            *_dates(found.schedule),
            *_money(found),
            *_way_up(found.result, found.way_up),
            *_next(found.result, found.actions),
        ]
    )


def in_words(both: Range) -> str:
    """ "Amber", or "Not yet known: between Red and Amber"."""
    if both.known:
        return both.worst.colour.word
    return f"Not yet known: between {both.worst.colour.word} and {both.best.colour.word}"


def _head(result: Result, service: Service) -> Iterator[str]:
    named = ", ".join(name for name in (service.name, service.organisation) if name)
    if named:
        yield named
    date = f"{result.as_of.day} {result.as_of:%B %Y}"
    yield f"Readiness for the next decision: {result.stage.title}, {date}, catalogue {result.catalogue}"
    yield standing_of_file(result)
    yield ""


def standing_of_file(result: Result) -> str:
    """How answers stand of which nobody can say who reviewed them: those of a file."""
    if not result.reviewed:
        return "Self-assessed, not reviewed."
    settled = sentences.reviewed(len(result.reviewed), len(result.dissents))
    return f"Self-assessed. {settled} An answers file cannot say whether the adviser has signed it off."


def _whole(result: Result) -> Iterator[str]:
    named = "Result as reviewed:    " if result.reviewed else "Result on the evidence:"
    yield f"{named} {in_words(result.supported)}"
    yield f"Result as claimed:      {in_words(result.claimed)}"
    yield ""
    ends = (result.supported.worst,) if result.supported.known else (result.supported.worst, result.supported.best)
    for decision, end in zip(ends, ("At worst", "At best"), strict=False):
        yield f"{end}: {decision.sentence}"
        yield from (f"  - {trigger.text}" for trigger in decision.triggers)
    yield ""
    if result.dissents:
        yield "Not agreed"
        yield from (f"  - {item.title}: {sentences.settled(item)}" for item in result.dissents)
        yield ""


def _barriers(result: Result) -> Iterator[str]:
    width = max(len(barrier.title) for barrier in result.barriers)
    for barrier in result.barriers:
        answered = "" if barrier.coverage is None else f"  ({barrier.coverage}% answered)"
        yield f"{barrier.title:{width}}  {in_words(barrier.supported)}{answered}"
    yield ""


def _dates(schedule: Schedule) -> Iterator[str]:
    """Of each decision when it can be ready, of the next one also what decides that; and what takes longest."""
    yield "When it can be ready"
    for stage in schedule.stages:
        yield f"  {stage.stage.title}: {stage.sentences[0]}"
        if stage is schedule.stages[0]:
            yield from (f"    {sentence}" for sentence in stage.sentences[1:])
    yield from (f"  {schedule_words.due_too_early(action)}" for action in schedule.due_too_early)
    yield ""
    if schedule.longest_chains:
        yield "What takes longest"
        yield from (f"  - {schedule_words.longest(chain)}" for chain in schedule.longest_chains)
        yield ""


def _money(found: Assessed) -> Iterator[str]:
    if found.forecast is None:
        return
    go_live = facts_of(found.answers).get(GO_LIVE_DATE)
    months = Months(go_live if isinstance(go_live, dt.date) else None)
    told = money.sentences(cashflow_to_dict(found.forecast, found.stresses), months)
    yield f"Money: {' '.join(sentence.text for sentence in told if sentence.about in MONEY_SHOWN)}"
    yield ""


def _way_up(result: Result, changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    above = Colour.AMBER if result.supported.worst.colour is Colour.RED else Colour.GREEN
    yield f"Shortest way up to {above.word}, on the worst case: {sentences.number(len(changes), 'change', 'changes')}"
    yield from (f"  - {change.text}" for change in changes[:CHANGES_SHOWN])
    if len(changes) > CHANGES_SHOWN:
        yield f"  - and {sentences.number(len(changes) - CHANGES_SHOWN, 'more', 'more')}"
    yield ""


def _next(result: Result, actions: Sequence[PlannedAction]) -> Iterator[str]:
    for number, action in enumerate(first_three(actions), start=1):
        if number == 1:
            yield "What to do first"
        yield f"  {number}. {action.title} ({action.owner}; {action.priority.due[0].lower()}{action.priority.due[1:]})"
    for number, unknown in enumerate(result.find_out_first[:UNKNOWNS_SHOWN], start=1):
        if number == 1:
            yield "What to find out first"
        yield f"  {number}. {unknown.title}: {unknown.effect}"
