"""Months by name, counted from the go-live date: month 1 is the month in which the new body begins."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

NAMES = calendar.month_name
_NUMBERED = re.compile(r"(?:month|mth|m)?\s*([0-9]{1,2})", re.IGNORECASE)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})(?:-[0-9]{2})?(?:[ T].*)?")
_SLASHED = re.compile(r"(?:[0-9]{1,2}/)?([0-9]{1,2})/([0-9]{4})")
_NAMED = re.compile(r"([A-Za-z]{3,9})\.?[\s\-/'\u2019]*([0-9]{4}|[0-9]{2})?")
_RANGE = re.compile(r"\s+to\s+|\s*[\u2013\u2014]\s*|(?<=[0-9])\s*-\s*(?=[0-9]{1,2}$)", re.IGNORECASE)
BEFORE = "before go-live"


class NotAMonth(ValueError):
    """A text that names no month of the forecast; says what would, to complete "found '…'; "."""


class NotCounted(NotAMonth):
    """A month well enough, but none that can be counted from go-live."""


@dataclass(frozen=True, slots=True)
class Months:
    """Without a go-live date, months have numbers only."""

    go_live: dt.date | None = None

    def name(self, month: int) -> str:
        """`April 2027` or `month 1`; month 0 is everything before."""
        if month == 0:
            return BEFORE
        if self.go_live is None:
            return f"month {month}"
        year, index = self._place(month)
        return f"{NAMES[index]} {year}"

    def when(self, month: int) -> str:
        """`in April 2027`, `in month 1`, `before go-live`."""
        return BEFORE if month == 0 else f"in {self.name(month)}"

    def span(self, month: int) -> str:
        """To follow "within": `April 2027`, `month 1`, `the time before go-live`."""
        return f"the time {BEFORE}" if month == 0 else self.name(month)

    def short(self, month: int) -> str:
        """For the foot of a chart."""
        if month == 0 or self.go_live is None:
            return str(month)
        year, index = self._place(month)
        return f"{NAMES[index][:3]} {year % 100:02d}"

    def heading(self, month: int) -> str:
        """At the head of a row: `April 2027 (1)`."""
        text = self.name(month)
        return text[:1].upper() + text[1:] if self.go_live is None or month == 0 else f"{text} ({month})"

    def number(self, text: str) -> int:
        """The month that a text names: `April 2027`, `Apr-27`, `2027-04`, `April` (the first), `Month 1`, `1`."""
        bare = " ".join(text.split())
        if bare.lower() in (BEFORE, "before"):
            return 0
        numbered = _NUMBERED.fullmatch(bare)
        if numbered:
            return int(numbered[1])
        year, index = _year_and_month(bare)
        if self.go_live is None:
            raise NotCounted("give the go-live date first, or count the months: Month 1 is the first after go-live")
        if year is None:
            return 1 + (index - self.go_live.month) % 12
        number = 12 * (year - self.go_live.year) + index - self.go_live.month + 1
        if number < 1:
            raise NotCounted(f"the forecast begins with {self.name(1)}, the month of go-live")
        return number

    def numbers(self, text: str) -> tuple[int, ...]:
        """A list of them, in order: `April 2027, July 2027` or `1, 4, 7` or `1 to 6`."""
        found: list[int] = []
        for piece in re.split(r"[,;\n]|\band\b", text):
            if piece.strip():
                found.extend(self._one_or_range(piece.strip()))
        return tuple(found)

    def _one_or_range(self, piece: str) -> Iterable[int]:
        ends = _RANGE.split(piece)
        if len(ends) == 1:
            return (self.number(piece),)
        first, last = self.number(ends[0]), self.number(ends[-1])
        if len(ends) != 2 or not first <= last:
            raise NotAMonth("a range runs from an earlier to a later month")
        return range(first, last + 1)

    def list(self, months: Collection[int]) -> str:
        """`April 2027, July 2027 to September 2027`: what `numbers` reads back as the same."""
        return ", ".join(
            self._bare(first) if first == last else f"{self._bare(first)} to {self._bare(last)}"
            for first, last in _runs(months)
        )

    def _bare(self, month: int) -> str:
        return str(month) if self.go_live is None else self.name(month)

    def _place(self, month: int) -> tuple[int, int]:
        assert self.go_live is not None  # noqa: S101  # callers have looked
        years, index = divmod(self.go_live.month - 1 + month - 1, 12)
        return self.go_live.year + years, index + 1


def _year_and_month(text: str) -> tuple[int | None, int]:
    iso, slashed, named = _ISO.fullmatch(text), _SLASHED.fullmatch(text), _NAMED.fullmatch(text)
    year, index = None, 0
    if iso:
        year, index = int(iso[1]), int(iso[2])
    elif slashed:
        year, index = int(slashed[2]), int(slashed[1])
    elif named:
        index = _index_of(named[1])
        year = None if named[2] is None else int(named[2]) + (2000 if len(named[2]) == 2 else 0)
    if not 1 <= index <= 12:
        raise NotAMonth("write a month, such as April 2027 or Month 1")
    return year, index


def _index_of(name: str) -> int:
    low = name.lower()
    return next((index for index in range(1, 13) if NAMES[index].lower().startswith(low)), 0)


def _runs(months: Collection[int]) -> Iterator[tuple[int, int]]:
    """Months that follow each other, three or more as one run; in the order in which they are given."""
    run: list[int] = []
    for month in (*months, -1):
        if run and month != run[-1] + 1:
            yield from ((run[0], run[-1]),) if len(run) > 2 else ((one, one) for one in run)
            run = []
        run.append(month)
