"""Costs that differ from month to month: the calculator takes one amount in given months, so each distinct amount
becomes a line of its own, under a name that says so. Exact to the penny, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assessments.cashflow.columns import ZERO
from assessments.cashflow.inputs import LONGEST_COST_NAME
from assessments.cashflow.months import Months

_COUNTED = Months()


@dataclass(frozen=True, slots=True)
class CostRow:
    """A cost as people think of it. `by_month` holds one amount for each month, or nothing where one line says all."""

    name: str
    vat: Decimal
    supplier_days: int
    monthly: Decimal | None = None
    months: tuple[int, ...] | None = None
    by_month: tuple[Decimal, ...] = field(default=())


def lines_of(row: CostRow) -> list[dict[str, Any]]:
    """The row as lines of the table [cashflow]. Months in which nothing is paid have none."""
    common = {"vat": row.vat, "supplier_days": row.supplier_days}
    if not row.by_month:
        months = {} if row.months is None else {"months": list(row.months)}
        return [{"name": row.name, "monthly": row.monthly, **common, **months}]
    paid = _months_by_amount(row.by_month)
    if len(paid) == 1:
        ((amount, months_paid),) = paid.items()
        every = {} if len(months_paid) == len(row.by_month) else {"months": months_paid}
        return [{"name": row.name, "monthly": amount, **common, **every}]
    return [
        {"name": _named(row.name, months_paid), "monthly": amount, **common, "months": months_paid}
        for amount, months_paid in paid.items()
    ]


def _months_by_amount(by_month: Sequence[Decimal]) -> dict[Decimal, list[int]]:
    """In the order in which the amounts first occur."""
    paid: dict[Decimal, list[int]] = {}
    for month, amount in enumerate(by_month, 1):
        if amount:
            paid.setdefault(amount, []).append(month)
    return paid or {ZERO: list(range(1, len(by_month) + 1))}


def _named(name: str, months: Sequence[int]) -> str:
    """`Supplies (months 1, 4 to 6)`. Short enough to be a name."""
    ending = f" ({'months' if len(months) > 1 else 'month'} {_COUNTED.list(months)})"
    return f"{name[: LONGEST_COST_NAME - len(ending)]}{ending}"


def rows_of(lines: Sequence[Mapping[str, Any]], months: int) -> Iterator[CostRow]:
    """Rows that `lines_of` makes into the same lines, in the same order: those made from one are one again."""
    place = 0
    while place < len(lines):
        together = _made_together(lines, place, months)
        if together:
            row, count = together
            yield row
            place += count
        else:
            yield _plain(lines[place])
            place += 1


def _made_together(lines: Sequence[Mapping[str, Any]], start: int, months: int) -> tuple[CostRow, int] | None:
    """The row of which the lines from `start` were made, if more than one was made, and how many."""
    first = lines[start]
    base = _base(first)
    if base is None:
        return None
    by_month = [ZERO] * months
    best = None
    for count, line in enumerate(lines[start:], 1):
        if _base(line) != base or (line.get("vat"), line.get("supplier_days")) != (
            first.get("vat"),
            first.get("supplier_days"),
        ):
            break
        for month in line["months"]:
            if not 1 <= month <= months or by_month[month - 1]:
                return best
            by_month[month - 1] = line["monthly"]
        row = CostRow(base, first.get("vat", ZERO), first.get("supplier_days", 30), by_month=tuple(by_month))
        if count > 1 and lines_of(row) == [dict(one) for one in lines[start : start + count]]:
            best = (row, count)
    return best


def _base(line: Mapping[str, Any]) -> str | None:
    """The name before its months, where they are those of the line."""
    months, name = line.get("months"), str(line.get("name", ""))
    if not months or "(month" not in name:
        return None
    base = name.rpartition(" (month")[0]
    return base if _named(base, months) == name else None


def _plain(line: Mapping[str, Any]) -> CostRow:
    months = line.get("months")
    return CostRow(
        name=str(line.get("name", "")),
        vat=line.get("vat", ZERO),
        supplier_days=line.get("supplier_days", 30),
        monthly=line["monthly"],
        months=None if months is None else tuple(months),
    )
