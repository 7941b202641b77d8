"""An adviser's clients as a table in a file: CSV and XLSX, with the same columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from assessments.reports import tables
from assessments.reports.tables import Cell, Row
from assessments.scoring.result import Colour
from assessments.selectors.portfolio import OVERALL, Client, barriers


@dataclass(frozen=True, slots=True)
class _Column:
    """`width` is in characters, for the spreadsheet. `cell` is given the client and the address of its page."""

    title: str
    width: int
    cell: Callable[[Client, str], Cell]


def _columns() -> tuple[_Column, ...]:
    return (
        _Column("Service", 36, lambda client, page: client.service),
        _Column("Organisation", 32, lambda client, page: client.organisation),
        _Column("Firm", 24, lambda client, page: client.firm),
        _Column("Next decision", 16, lambda client, page: client.stage_in_words),
        _coloured(OVERALL, "Overall"),
        *(_coloured(key, title) for key, title in barriers()),
        _Column("Target date", 12, lambda client, page: client.target_date),
        _Column("Last change", 12, lambda client, page: timezone.localdate(client.changed_at)),
        _Column("Latest submission", 20, lambda client, page: client.status_in_words),
        _Column("Waits for you", 12, lambda client, page: "Yes" if client.waits else ""),
        _Column("Reviewed", 26, lambda client, page: client.label),
        _Column("Page", 40, lambda client, page: page),
    )


def _coloured(key: str, title: str) -> _Column:
    return _Column(title, 16, lambda client, page: _in_words(client.colours.get(key)))


def _in_words(ends: list[str] | None) -> str:
    """Worst to best."""
    return " to ".join(Colour(end).word for end in dict.fromkeys(ends or ()))


def as_csv(clients: Iterable[tuple[Client, str]]) -> bytes:
    """Of each client and the address of its page."""
    columns = _columns()
    return tables.as_csv([column.title for column in columns], _rows(columns, clients))


def as_xlsx(clients: Iterable[tuple[Client, str]]) -> bytes:
    columns = _columns()
    head = [tables.Head(column.title, column.width) for column in columns]
    return tables.as_xlsx(head, list(_rows(columns, clients)), sheet="Clients", title="Clients")


def _rows(columns: Iterable[_Column], clients: Iterable[tuple[Client, str]]) -> Iterable[Row]:
    return ([column.cell(client, page) for column in columns] for client, page in clients)
