"""The action list as a table in a file: CSV and XLSX, with the same columns.

What people typed may begin like a formula. In XLSX every text is written as text, which no spreadsheet calculates; in
CSV, which cannot say so, such a text gets an apostrophe before it.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from assessments.planning.schedule import weeks_of
from assessments.selectors.plan import Entry, Plan

Cell = str | int | dt.date | None
Row = Sequence[Cell]

_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# The most that a cell holds in Excel.
_LONGEST = 32_767


@dataclass(frozen=True, slots=True)
class _Column:
    """`width` is in characters, for the spreadsheet. `cell` is given the entry and what addresses begin with."""

    title: str
    width: int
    cell: Callable[[Entry, str], Cell]


_COLUMNS = (
    _Column("Priority", 20, lambda entry, site: entry.action.priority.label if entry.called_for else ""),
    _Column("Barrier", 22, lambda entry, site: entry.barrier),
    _Column("Action", 44, lambda entry, site: entry.title),
    _Column("Progress", 12, lambda entry, site: entry.state_in_words),
    _Column("Who does it", 26, lambda entry, site: entry.owner),
    _Column("Start", 12, lambda entry, site: entry.agreement.starts_on),
    _Column("Due", 12, lambda entry, site: entry.due),
    _Column("Overdue", 10, lambda entry, site: "Overdue" if entry.is_overdue else ""),
    _Column("Weeks, fewest", 9, lambda entry, site: weeks_of(entry.action)[0]),
    _Column("Weeks, most", 9, lambda entry, site: weeks_of(entry.action)[1]),
    _Column("Waits for", 36, lambda entry, site: "; ".join(before.title for before in entry.waits_for)),
    _Column("Why", 44, lambda entry, site: entry.action.reason),
    _Column("How", 60, lambda entry, site: entry.action.how),
    _Column("Proof that closes it", 44, lambda entry, site: entry.action.done_when),
    _Column("Closes", 36, lambda entry, site: "; ".join(gap.title for gap in entry.gaps)),
    _Column("Why it will not be done", 36, lambda entry, site: entry.agreement.reason if entry.is_refused else ""),
    _Column("Note", 44, lambda entry, site: entry.agreement.note),
    _Column("Closed on", 12, lambda entry, site: entry.closed_on),
    _Column("Came back on", 12, lambda entry, site: entry.back_on),
    _Column("Page", 40, lambda entry, site: site + entry.href),
)

HEAD = tuple(column.title for column in _COLUMNS)


def rows_of(plan: Plan, site: str) -> list[Row]:
    """The whole plan, in its order, what is closed last."""
    return [[column.cell(entry, site) for column in _COLUMNS] for entry in plan.entries]


def as_csv(rows: Iterable[Row]) -> bytes:
    """With the mark by which Excel knows that it is UTF-8. Dates as 2027-03-27."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_LIKE_A_FORMULA) else cell


def as_xlsx(rows: Sequence[Row], title: str) -> bytes:
    """One sheet: its head stays in sight and filters the columns; dates are dates."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": f"Actions for {title}"[:255], "comments": "Made by Spinout"})
        sheet = book.add_worksheet("Actions")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        date = book.add_format({"num_format": "d mmm yyyy", "valign": "top", "align": "left"})
        for place, column in enumerate(_COLUMNS):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, head)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _write(sheet, number, place, cell, text, date)
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(len(rows), 1), len(_COLUMNS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return content.getvalue()


def _write(sheet: Any, row: int, place: int, cell: Cell, text: Any, date: Any) -> None:
    """Each kind of cell by its own method: the general one would take a text for a formula or an address."""
    if isinstance(cell, dt.date):
        sheet.write_datetime(row, place, dt.datetime.combine(cell, dt.time()), date)
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell, text)
    elif cell:
        sheet.write_string(row, place, cell[:_LONGEST], text)
