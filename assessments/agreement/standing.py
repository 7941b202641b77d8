"""How an assessment stands with its advisers, in the words that every page and report print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

SELF_ASSESSED = "Self-assessed, not reviewed."
REVIEWED = "Reviewed and signed off."


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed which submission off. `by` or `firm` may be empty, where nobody can say any more."""

    number: int
    by: str
    firm: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class OpenSubmission:
    """One that waits for a review or is in one, since then."""

    number: int
    firm: str
    since: dt.date
    is_in_review: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """`is_reviewed`: the answers are those of the last sign-off. `signed_off` is that one, also when they no longer
    are. Only a sign-off that still holds makes a result a reviewed one."""

    is_reviewed: bool = False
    signed_off: SignOff | None = None
    open: OpenSubmission | None = None

    @property
    def short(self) -> str:
        return short(is_reviewed=self.is_reviewed)

    @property
    def label(self) -> str:
        """In full: what it is, by whom and when, and what is under way."""
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        done, under_way = self.signed_off, self.open
        if self.is_reviewed:
            yield f"Reviewed and signed off{_by(done)}." if done else REVIEWED
        else:
            yield SELF_ASSESSED
            if done:
                yield f"Submission {done.number}, signed off on {day(done.on)}, was another state of the answers."
        if under_way:
            yield _under_way(under_way)


def short(*, is_reviewed: bool) -> str:
    """For lists and panels, which ask the database nothing more."""
    return REVIEWED if is_reviewed else SELF_ASSESSED


def day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def _by(done: SignOff) -> str:
    names = ", ".join(name for name in (done.by, done.firm) if name)
    return f"{f' by {names},' if names else ''} on {day(done.on)} (submission {done.number})"


def _under_way(found: OpenSubmission) -> str:
    since = "In review since" if found.is_in_review else "Submitted on"
    return f"{since} {day(found.since)}, with {found.firm}."
