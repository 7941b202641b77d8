"""A table of pay and costs by month, as finance teams keep it: lines down, months across. From cells of text to
figures, or every bad cell by its row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessments.cashflow.by_month import CostRow, lines_of
from assessments.cashflow.columns import ZERO, pennies
from assessments.cashflow.inputs import LONGEST, VAT_RATES, Cost
from assessments.cashflow.months import Months, NotAMonth, NotCounted
from assessments.cashflow.typed import NotAFigure, amount, exact_pounds, share, whole

Grid = Sequence[Sequence[str]]

MOST_PROBLEMS = 30
MOST_PAY = Decimal(20_000_000)
MOST_COST = Decimal(50_000_000)
MOST_DAYS = 90
DEFAULT_DAYS = int(Cost.model_fields["supplier_days"].default)

PAY_NAMES = ("pay", "gross pay", "total pay", "pay bill", "payroll", "salaries", "salary", "wages", "staff pay")
SUMS = ("total", "totals", "grand total", "sum", "total costs", "subtotal", "sub total", "sub-total")
# Rows of a budget that are no cost, and those that the calculator works out from gross pay.
_NO_COST = re.compile(
    r"total .*|net|net (?:cash ?flow|cost|expenditure|income|position|total)"
    r"|(?:.* )?(?:income|receipts|revenue|turnover|surplus|deficit|balance|cash ?flow)"
)
_FROM_PAY = re.compile(
    r"(?:employer\W?s?\W? )?(?:ni|nic|nics|national insurance|pension|superannuation|lgps)(?: contributions?)?"
    r"|on-?costs"
)
_VAT_HEAD = re.compile(r".*\bvat\b.*")
_DAYS_HEAD = re.compile(r".*\bdays\b.*")
_DIVIDED = re.compile(r"0[0-9]+")
_PENCE_AFTER_COMMA = re.compile(r"[0-9.]+,[0-9]{1,2}")
_NOTHING = ("", "-", "\u2212", "\u2013", "\u2014", "nil")


class TableError(Exception):
    """Nothing can be taken from this table. Carries every problem, in words."""

    def __init__(self, problems: Sequence[str]) -> None:
        more = len(problems) - MOST_PROBLEMS
        self.problems = [*problems[:MOST_PROBLEMS], *([f"And {more} more cells like these."] if more > 0 else [])]
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. VAT and days are None where the table does not say."""

    name: str
    amounts: tuple[Decimal, ...]
    vat: Decimal | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class MonthlyTable:
    """What a table says of months 1 to `months`. `notes` are what its reader did of itself."""

    months: int
    pay: Line | None
    costs: tuple[Line, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    row: int
    months: Mapping[int, int]
    """Column to month; -1 where it adds up others."""
    faulty: frozenset[int]
    vat: int | None
    days: int | None

    @property
    def asides(self) -> frozenset[int | None]:
        """Columns that hold no amounts."""
        return frozenset((self.vat, self.days))


def read_table(grid: Grid, names: Months, horizon: int) -> MonthlyTable:
    """Raises TableError. `horizon` is how long the forecast is now; a longer table makes it longer."""
    return _Reader(grid, names, horizon).table()


class _Reader:
    def __init__(self, grid: Grid, names: Months, horizon: int) -> None:
        self.grid, self.names = grid, names
        self.horizon = horizon
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.rounded = 0

    def table(self) -> MonthlyTable:
        head = self._head()
        months = max(self.horizon, *head.months.values()) if head.months else self.horizon
        pay: Line | None = None
        costs: list[Line] = []
        seen: dict[str, int] = {}
        for number, row in enumerate(self.grid[head.row + 1 :], head.row + 2):
            name = " ".join(row[0].split()) if row else ""
            if not any(cell.strip() for cell in row):
                continue
            if not name:
                self.problems.append(f"Row {number}: found amounts without a name; name them in the first column")
                continue
            if not any(row[column].strip() for column in range(1, len(row)) if column not in head.asides):
                self.notes.append(f"Row {number} ({_short(name)}) was left out: it has no amounts.")
                continue
            if name.lower().rstrip(":") in SUMS:
                self.notes.append(f"Row {number} ({name}) was left out: it adds up other rows.")
                continue
            is_pay = name.lower() in PAY_NAMES
            key = "pay" if is_pay else name.lower()
            if key in seen:
                what = "pay" if is_pay else f"{name!r}"
                self.problems.append(f"Row {number}: found {what} again, after row {seen[key]}; keep one of them")
                continue
            seen[key] = number
            self._question(number, name)
            line = self._line(number, name, row, head, months, is_pay)
            if is_pay:
                pay = line
            else:
                costs.append(line)
        self._strays(head)
        if not (pay or costs) and not self.problems:
            what = "amounts" if self.notes else "lines"
            self.problems.append(f"There are no {what} under the months: write one row for pay and one for each cost")
        if self.problems:
            raise TableError(self.problems)
        if self.rounded:
            cells = "1 amount was" if self.rounded == 1 else f"{self.rounded} amounts were"
            self.notes.append(f"{cells} rounded to the penny.")
        if costs and (missing := self._missing(head, months)):
            self.notes.append(
                f"There is no column for {self.names.list(missing)}: in those months these costs are nothing."
            )
        if months > self.horizon:
            self.notes.append(f"The table has more months than the forecast, which becomes {months} months long.")
        return MonthlyTable(months, pay, tuple(costs), tuple(self.notes))

    def _question(self, number: int, name: str) -> None:
        """What stands in a budget beside pay and costs, and would make the need wrong if it counted as one."""
        if _NO_COST.fullmatch(name.lower()):
            self.problems.append(
                f"Row {number} ({_short(name)}): looks like a sum, a balance or income, and the table holds pay and "
                "costs only. Take it out, or give it another name if it is a cost of its own"
            )
        if _FROM_PAY.fullmatch(name.lower()):
            self.notes.append(
                f"Row {number} ({name}) counts as a cost beside pay. If it is the employer's National Insurance or "
                "pension, take it out: both are worked out from gross pay and would count twice."
            )

    @staticmethod
    def _missing(head: _Head, months: int) -> list[int]:
        return [month for month in range(1, months + 1) if month not in head.months.values()]

    # The head

    def _head(self) -> _Head:
        if not any(cell.strip() for row in self.grid for cell in row):
            raise TableError(["The table is empty"])
        for place, row in enumerate(self.grid[:20]):
            if sum(self._looks_like_month(cell) for cell in row[1:]) >= 1 and not _is_amounts(row[1:]):
                head = self._read_head(place, row)
                if not any(month > 0 for month in head.months.values()):
                    raise TableError(self.problems)
                return head
        raise TableError(
            [
                "No row names the months: write them across the top, such as "
                f"{self.names.name(1)}, {self.names.name(2)}, with the names of the lines in the first column"
            ]
        )

    def _looks_like_month(self, cell: str) -> bool:
        try:
            self.names.number(cell)
        except NotCounted:
            return True
        except NotAMonth:
            return False
        return True

    def _read_head(self, place: int, row: Sequence[str]) -> _Head:
        months: dict[int, int] = {}
        vat = days = None
        for column, cell in enumerate(row[1:], 1):
            text = " ".join(cell.split())
            low = text.lower()
            where = f"Row {place + 1}, column {letter(column)}"
            if not text:
                continue
            if _VAT_HEAD.fullmatch(low):
                vat = column
            elif _DAYS_HEAD.fullmatch(low):
                days = column
            elif low in SUMS or low.startswith("total"):
                self.notes.append(f"Column {letter(column)} ({text}) was left out: it adds up other columns.")
                months[column] = -1
            else:
                self._month_head(months, column, text, where)
        faulty = frozenset(column for column, cell in enumerate(row) if cell.strip()) - months.keys()
        if not self.problems and not any(month > 0 for month in months.values()):
            self.problems.append(f"Row {place + 1}: names no month of the forecast")
        return _Head(place, months, faulty, vat, days)

    def _month_head(self, months: dict[int, int], column: int, text: str, where: str) -> None:
        try:
            month = self.names.number(text)
        except NotAMonth as error:
            self.problems.append(f"{where}: found {_shown(text)}; {error}")
            return
        if not 1 <= month <= LONGEST:
            first, last = self.names.name(1), self.names.name(LONGEST)
            self.problems.append(f"{where}: found {_shown(text)}; a forecast runs from {first} to {last} at the latest")
        elif month in months.values():
            self.problems.append(f"{where}: found {_shown(text)}; {self.names.name(month)} stands there twice")
        else:
            months[column] = month

    def _strays(self, head: _Head) -> None:
        """Columns with amounts whose month nobody named: the right half of a merged head, mostly."""
        known = {0, *head.months, *head.faulty, head.vat, head.days}
        width = max(len(row) for row in self.grid)
        stray = {
            column: row for column in range(1, width) if column not in known and (row := self._filled(head, column))
        }
        if not stray:
            return
        first, last = letter(min(stray)), letter(max(stray))
        found, where = f"found amounts (row {min(stray.values())}) under no month", f"row {head.row + 1}"
        if len(stray) == 1:
            self.problems.append(f"Column {first}: {found}; name the month in {where}")
            return
        self.problems.append(
            f"Columns {first} to {last}: {found}; name the months in {where}. Commas between thousands make such "
            "columns too: take them out, or save the table as XLSX"
        )

    def _filled(self, head: _Head, column: int) -> int | None:
        """The first row below the head with anything in a column."""
        rows = enumerate(self.grid[head.row + 1 :], head.row + 2)
        return next((number for number, row in rows if column < len(row) and row[column].strip()), None)

    # A line

    def _line(self, number: int, name: str, row: Sequence[str], head: _Head, months: int, is_pay: bool) -> Line:
        amounts = [ZERO] * months
        for column, month in head.months.items():
            if month > 0:
                cell = row[column].strip() if column < len(row) else ""
                where = f"Row {number} ({_short(name)}), column {self._column(month)}"
                amounts[month - 1] = self._amount(cell, where, is_pay)
        if is_pay:
            missing = self._missing(head, months)
            if missing:
                self.problems.append(
                    f"Row {number} ({_short(name)}): there is no column for {self.names.list(missing)}; "
                    f"give pay for every month of the forecast, which has {months}"
                )
        if len(name) > 120:
            self.problems.append(f"Row {number}: the name has {len(name)} letters; shorten it to 120")
        return Line(name, tuple(amounts), self._vat(row, head, number, name), self._days(row, head, number, name))

    def _column(self, month: int) -> str:
        text = self.names.name(month)
        return text[:1].upper() + text[1:]

    def _amount(self, cell: str, where: str, is_pay: bool) -> Decimal:
        if cell.lower() in _NOTHING:
            if is_pay and not cell:
                self.problems.append(f"{where}: found nothing; write an amount, 0 where nobody is paid")
            return ZERO
        try:
            found = amount(cell)
        except NotAFigure:
            pence = ", with a point before the pence" if _PENCE_AFTER_COMMA.fullmatch(cell) else ""
            self.problems.append(f"{where}: found {_shown(cell)}; write an amount{pence}")
            return ZERO
        if _DIVIDED.fullmatch(cell):
            self.problems.append(
                f"{where}: found {_shown(cell)}; write an amount. A comma between thousands may have divided it: take "
                "such commas out, or save the table as XLSX"
            )
            return ZERO
        most = MOST_PAY if is_pay else MOST_COST
        if not 0 <= found <= most:
            self.problems.append(f"{where}: found {_shown(cell)}; write an amount from £0 to {exact_pounds(most)}")
            return ZERO
        exact = pennies(found)
        self.rounded += exact != found
        return exact

    def _vat(self, row: Sequence[str], head: _Head, number: int, name: str) -> Decimal | None:
        cell = row[head.vat].strip() if head.vat is not None and head.vat < len(row) else ""
        if not cell:
            return None
        try:
            bare = share(cell)
        except NotAFigure:
            bare = Decimal(cell) if re.fullmatch(r"0?\.[0-9]{1,4}", cell) else Decimal(-1)
        if bare not in VAT_RATES:
            self.problems.append(f"Row {number} ({_short(name)}), column VAT: found {_shown(cell)}; write 0, 5 or 20")
            return None
        return bare

    def _days(self, row: Sequence[str], head: _Head, number: int, name: str) -> int | None:
        cell = row[head.days].strip() if head.days is not None and head.days < len(row) else ""
        if not cell:
            return None
        try:
            days = whole(cell)
        except NotAFigure:
            days = -1
        if not 0 <= days <= MOST_DAYS:
            self.problems.append(
                f"Row {number} ({_short(name)}), column days: found {_shown(cell)}; write whole days from 0 to "
                f"{MOST_DAYS}"
            )
            return None
        return days


def _is_amounts(cells: Sequence[str]) -> bool:
    """Whether a row of bare numbers is amounts: months would count up from one."""
    bare = [cell.strip() for cell in cells if cell.strip()]
    if not all(cell.isascii() and cell.isdigit() for cell in bare):
        return False
    return bare != [str(number) for number in range(1, len(bare) + 1)]


def _shown(cell: str) -> str:
    return f"'{_short(cell)}'"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def letter(column: int) -> str:
    """A column as spreadsheets call it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


# Into the table [cashflow] ----------------------------------------------------------------------------------


def cost_rows(table: MonthlyTable, before: Mapping[str, CostRow]) -> Iterator[CostRow]:
    """The table's costs. VAT and days that it leaves open are those of the cost of the same name, if there was one."""
    for line in table.costs:
        known = before.get(line.name.lower())
        vat = line.vat if line.vat is not None else known.vat if known else VAT_RATES[0]
        days = line.days if line.days is not None else known.supplier_days if known else DEFAULT_DAYS
        yield _simplest(CostRow(line.name, vat, days, by_month=line.amounts))


def _simplest(row: CostRow) -> CostRow:
    """The same without a list where one amount says all."""
    lines = lines_of(row)
    if len(lines) > 1:
        return row
    months: Any = lines[0].get("months")
    return CostRow(row.name, row.vat, row.supplier_days, lines[0]["monthly"], None if months is None else tuple(months))
