"""A result in plain English on one screen, for a person at a command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessments.planning.actions import first_three
from assessments.planning.planned import PlannedAction
from assessments.scoring.answers import Service
from assessments.scoring.result import Range, Result

UNKNOWNS_SHOWN = 5


def summary(result: Result, actions: Sequence[PlannedAction], service: Service) -> str:
    """Colours as words with their stage and date, what decided them, what to do and to find out first."""
    return "\n".join([*_head(result, service), *_whole(result), *_barriers(result), *_next(result, actions)])


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
    yield "Self-assessed, not reviewed."
    yield ""


def _whole(result: Result) -> Iterator[str]:
    yield f"Result on the evidence: {in_words(result.supported)}"
    yield f"Result as claimed:      {in_words(result.claimed)}"
    yield ""
    ends = (result.supported.worst,) if result.supported.known else (result.supported.worst, result.supported.best)
    for decision, end in zip(ends, ("At worst", "At best"), strict=False):
        yield f"{end}: {decision.sentence}"
        yield from (f"  - {trigger.text}" for trigger in decision.triggers)
    yield ""


def _barriers(result: Result) -> Iterator[str]:
    width = max(len(barrier.title) for barrier in result.barriers)
    for barrier in result.barriers:
        answered = "" if barrier.coverage is None else f"  ({barrier.coverage}% answered)"
        yield f"{barrier.title:{width}}  {in_words(barrier.supported)}{answered}"
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
