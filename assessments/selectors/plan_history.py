"""The history of a plan: when gaps closed and opened again, and who agreed what."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.dateformat import format as format_date

from assessments.models import Assessment, PlanItem, Progress, User
from assessments.models.plan import NOTHING_SAID, Agreement


@dataclass(frozen=True, slots=True)
class Turns:
    closed_on: dt.date | None = None
    back_on: dt.date | None = None


NO_TURNS = Turns()
_events = PlanItem.pgh_event_model.objects  # type: ignore[attr-defined]


def turns_of(assessment: Assessment) -> dict[str, Turns]:
    """The last time that each action's gap closed, and opened again, out of the history."""
    found: dict[str, Turns] = {}
    was_called_for: dict[str, bool] = {}
    events = _events.filter(assessment_id=assessment.pk).order_by("pgh_id")
    for action, is_called_for, at in events.values_list("action", "called_for", "pgh_created_at"):
        turns = found.setdefault(action, NO_TURNS)
        if is_called_for != was_called_for.get(action, True):
            day = timezone.localdate(at)
            found[action] = replace(turns, back_on=day) if is_called_for else replace(turns, closed_on=day)
        was_called_for[action] = is_called_for
    return found


# The history of one action ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    what: str
    was: str
    now: str


@dataclass(frozen=True)
class Turn:
    """One entry of an action's history: when, who, and what changed from what to what; `said` in a sentence, where
    it was the answers that closed or opened it."""

    at: dt.datetime
    who: str
    changes: tuple[Change, ...]
    said: str = ""


THE_ANSWERS = "The answers"
GONE = "Somebody whose account is gone"


def history(assessment: Assessment, action_id: str) -> list[Turn]:
    """Newest first. Two queries: the events, and the names of those who made them."""
    events = list(_events.filter(assessment_id=assessment.pk, action=action_id).order_by("pgh_id"))
    people = User.objects.in_bulk({event.changed_by_id for event in events}) if events else {}
    turns: list[Turn] = []
    before, was_called_for = NOTHING_SAID, True
    for event in events:
        after = Agreement(*(getattr(event, name) for name in Agreement.FIELDS))
        changes = tuple(_changes(before, after))
        if event.called_for != was_called_for:
            turns.append(Turn(event.pgh_created_at, THE_ANSWERS, changes, _SAID[event.called_for]))
        elif changes:
            turns.append(Turn(event.pgh_created_at, str(people.get(event.changed_by_id, GONE)), changes))
        before, was_called_for = after, event.called_for
    return turns[::-1]


_SAID = {True: "Came back: the answers call for it again.", False: "Closed: the answers no longer call for it."}


def _changes(before: Agreement, after: Agreement) -> Iterator[Change]:
    for (what, was), (_what, now) in zip(in_words(before), in_words(after), strict=True):
        if was != now:
            yield Change(what, was, now)


def in_words(agreement: Agreement) -> tuple[tuple[str, str], ...]:
    """What is agreed, line by line; an empty text where nothing is."""
    return (
        ("Progress", Progress(agreement.progress).label),
        ("Who does it", agreement.owner),
        ("Start", _in_years(agreement.starts_on)),
        ("Due", _in_years(agreement.due_on)),
        ("Why it will not be done", agreement.reason),
        ("Note", agreement.note),
    )


def lines_of(agreement: Agreement) -> list[tuple[str, str]]:
    """The same without what is empty."""
    return [(what, text) for what, text in in_words(agreement) if text]


def _in_years(date: dt.date | None) -> str:
    return "" if date is None else format_date(date, "j F Y")
