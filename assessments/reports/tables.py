"""Tables as files: CSV and XLSX.

What people typed may begin like a formula. In XLSX every text is written as text, which no spreadsheet calculates; in
CSV, which cannot say so, such a text gets an apostrophe before it.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Cell = str | int | dt.date | None
Row = Sequence[Cell]

_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# The most that a cell holds in Excel.
_LONGEST = 32_767


@dataclass(frozen=True, slots=True)
class Head:
    """A column's title, and its width in characters for the spreadsheet."""

    title: str
    width: int


def as_csv(head: Iterable[str], rows: Iterable[Row]) -> bytes:
    """With the mark by which Excel knows that it is UTF-8. Dates as 2027-03-27."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_LIKE_A_FORMULA) else cell


def as_xlsx(head: Sequence[Head], rows: Sequence[Row], *, sheet: str, title: str, frozen: int = 1) -> bytes:
    """One sheet: its head and first `frozen` columns stay in sight, its head filters the columns; dates are dates."""
    # Only who asks for such a file waits for it.
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": title[:255], "comments": "Made by Spinout"})
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        date = book.add_format({"num_format": "d mmm yyyy", "valign": "top", "align": "left"})
        for place, column in enumerate(head):
            page.set_column(place, place, column.width)
            page.write_string(0, place, column.title, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _write(page, number, place, cell, text, date)
        page.freeze_panes(1, frozen)
        page.autofilter(0, 0, max(len(rows), 1), len(head) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
    return content.getvalue()


def _write(page: Any, row: int, place: int, cell: Cell, text: Any, date: Any) -> None:
    """Each kind of cell by its own method: the general one would take a text for a formula or an address."""
    if isinstance(cell, dt.date):
        page.write_datetime(row, place, dt.datetime.combine(cell, dt.time()), date)
    elif isinstance(cell, int):
        page.write_number(row, place, cell, text)
    elif cell:
        page.write_string(row, place, cell[:_LONGEST], text)
