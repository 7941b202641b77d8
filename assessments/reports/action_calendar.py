"""What is still to be done as a calendar file (RFC 5545): an all-day event on the day that each action is due.

Events and not to-dos: by what is written about them, Outlook passes over VTODO on import, and Google Calendar most
likely does; neither was tried. An event has a day, and ends on the next, as RFC 5545 has it for a whole day. It keeps
its UID, and its SEQUENCE grows, so that importing the file again moves an event instead of doubling it. It takes
nobody's time (TRANSPARENT, FREE), and names who does it in its text: an ATTENDEE would need an address and be sent an
invitation.
"""

import datetime as dt
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from assessments.planning.planned import Kind
from assessments.selectors.plan import Entry, Plan

if TYPE_CHECKING:
    from icalendar import Event

_DAY = dt.timedelta(days=1)


def as_calendar(plan: Plan, site: str) -> bytes:
    """Actions without a date are left out: the plan's page says how many."""
    # Only who asks for such a file waits for it.
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("prodid", "-//Spinout//Action list//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # The library knows no such property, and would not escape it.
    calendar.add("x-wr-calname", vText(f"Actions: {plan.assessment.service_name}"))
    for entry in plan.entries:
        if entry.is_still_to_do and entry.due is not None:
            calendar.add_component(_event(plan, entry, entry.due, site))
    return bytes(calendar.to_ical())


def _event(plan: Plan, entry: Entry, due: dt.date, site: str) -> "Event":
    from icalendar import Event

    event = Event()
    address = site + entry.href
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'{plan.assessment.pk}/{entry.id}')}@spinout")
    event.add("dtstamp", plan.assessment.changed_at.astimezone(dt.UTC))
    event.add("dtstart", due)
    event.add("dtend", due + _DAY)
    event.add("summary", f"Due: {entry.title}")
    event.add("description", "\n".join(_lines(entry, address)))
    event.add("categories", [entry.barrier])
    event.add("url", address)
    event.add("sequence", _sequence(plan, entry))
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    return event


def _sequence(plan: Plan, entry: Entry) -> int:
    """Grows with whatever moves the event: what people agree, and the answer that promises a date."""
    if entry.action.kind is not Kind.FIND_OUT:
        return entry.version
    return entry.version + sum(plan.book.rows[item].version for item in entry.action.closes if item in plan.book.rows)


def _lines(entry: Entry, address: str) -> list[str]:
    start = entry.agreement.starts_on
    said = {
        "Who": entry.owner,
        "Progress": entry.state_in_words,
        "Start": f"{start.day} {start:%B %Y}" if start else "",
        "Why": entry.action.reason,
        "How": entry.action.how,
        "Proof that closes it": entry.action.done_when,
        "Note": entry.agreement.note,
        "Page": address,
    }
    return [f"{name}: {text}" for name, text in said.items() if text]
