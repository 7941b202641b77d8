"""The action list as a table in a file: CSV and XLSX, with the same columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assessments.planning.schedule import weeks_of
from assessments.reports import tables
from assessments.reports.tables import Cell, Row
from assessments.selectors.plan import Entry, Plan


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
    _Column("Likely start", 12, lambda entry, site: entry.scheduled.start if entry.scheduled else None),
    _Column("Likely finish", 12, lambda entry, site: entry.scheduled.finish if entry.scheduled else None),
    _Column("Room, weeks", 9, lambda entry, site: entry.scheduled.slack_weeks if entry.scheduled else None),
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
    return tables.as_csv(HEAD, rows)


def as_xlsx(rows: Sequence[Row], title: str) -> bytes:
    head = [tables.Head(column.title, column.width) for column in _COLUMNS]
    return tables.as_xlsx(head, rows, sheet="Actions", title=f"Actions for {title}", frozen=3)
