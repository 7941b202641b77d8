"""The figures as the boxes of a page hold them: one flat mapping of names to text, from which nothing typed is lost.

Names are `headcount`, `income-2-monthly`, `loan-rate`; `income-rows` says how many rows there are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from assessments.cashflow.by_month import CostRow, rows_of
from assessments.cashflow.inputs import MOST_LINES, Inputs
from assessments.cashflow.monthly_table import MonthlyTable, cost_rows
from assessments.cashflow.months import Months
from assessments.forms.cash_flow_asks import (
    COST,
    GROSS_PAY,
    PAY_BY_MONTH,
    ROWS,
    TOP,
    Ask,
    Rows,
    default_of,
    text_of,
)

Typed = dict[str, str]

LONGEST_TEXT = 4_000
_DO = re.compile(r"(?P<what>add|remove)-(?P<part>[a-z_]+)(?:-(?P<number>[0-9]{1,3}))?")


def part_of(ask: Ask) -> str:
    return "loan" if ask.key.startswith("loan-") else ""


def count(typed: Mapping[str, Any], rows: Rows) -> int:
    """How many rows a page has: what it says, but no more than a page adds, unless more are there with their boxes."""
    text = str(typed.get(f"{rows.part}-rows", ""))
    given = max(int(text) if re.fullmatch("[0-9]{1,3}", text) else 0, rows.least)
    return given if given <= rows.most else min(given, max(rows.most, _there(typed, rows)))


def _there(typed: Iterable[str], rows: Rows) -> int:
    """Figures that came from elsewhere may have more rows than a page adds; none of them may go. A page sends every
    box of every row, so that a number alone makes no rows."""
    places = (re.fullmatch(f"{rows.part}-([0-9]{{1,3}})-[a-z_]+", str(name)) for name in typed)
    return min(len({place[1] for place in places if place}), MOST_LINES)


def row_names(rows: Rows, number: int) -> Iterator[tuple[str, Ask]]:
    return ((f"{rows.part}-{number}-{ask.key}", ask) for ask in rows.asks)


def asked(typed: Mapping[str, Any]) -> Iterator[tuple[str, str, Ask]]:
    """Every box of a page: its name, its part and what it asks."""
    yield from ((ask.key, part_of(ask), ask) for ask in TOP)
    for rows in ROWS:
        for number in range(1, count(typed, rows) + 1):
            yield from ((name, rows.part, ask) for name, ask in row_names(rows, number))


def typed_in(data: Mapping[str, Any]) -> Typed:
    """What a page sent, as far as it is ours."""
    typed = {f"{rows.part}-rows": str(count(data, rows)) for rows in ROWS}
    sent = {name: data.get(name) for name, _part, _ask in asked(data)}
    return typed | {name: _clean(text) for name, text in sent.items() if isinstance(text, str)}


def _clean(text: str) -> str:
    """Also of half letters, which JSON can carry and no page can show."""
    return text[:LONGEST_TEXT].replace("\r\n", "\n").encode("utf-8", "replace").decode()


def is_blank(typed: Mapping[str, str], rows: Rows, number: int) -> bool:
    """Whether nothing was typed into a row; what is chosen from a list does not count."""
    kinds = ("name", "monthly", "by_month", "months", "amount", "cash")
    return not any(typed.get(f"{rows.part}-{number}-{key}", "").strip() for key in kinds)


def asked_in_blank_rows(typed: Mapping[str, str]) -> Iterator[str]:
    """The names of the boxes in rows into which nothing was typed."""
    for rows in ROWS:
        for number in range(1, count(typed, rows) + 1):
            if is_blank(typed, rows, number):
                yield from (name for name, _ask in row_names(rows, number))


# A page to begin with ---------------------------------------------------------------------------------------


def fresh(names: Months, facts: Mapping[str, str]) -> Typed:
    """A page with the defaults, and what the profile says already (`facts`, by name of box)."""
    typed: Typed = {ask.key: default_of(part_of(ask), ask, names) for ask in TOP}
    for rows in ROWS:
        typed[f"{rows.part}-rows"] = str(rows.at_first)
        for number in range(1, rows.at_first + 1):
            typed |= _new_row(rows, number, names)
    typed["income-1-name"] = "Main contract"
    return typed | dict(facts)


def _new_row(rows: Rows, number: int, names: Months) -> Typed:
    return {name: default_of(rows.part, ask, names) for name, ask in row_names(rows, number)}


def from_table(table: Mapping[str, Any], names: Months) -> Typed:
    """A table [cashflow] that `reading.read` takes, as a page shows it. What it leaves out has its default."""
    typed = {ask.key: default_of(part_of(ask), ask, names) for ask in TOP}
    for ask in TOP:
        holder: Mapping[str, Any] = table.get("loan") or {} if part_of(ask) else table
        key = ask.key.removeprefix("loan-")
        if key in holder and ask not in (GROSS_PAY, PAY_BY_MONTH):
            typed[ask.key] = text_of(ask, holder[key], names)
    typed |= _pay(table["gross_pay"], names)
    typed.setdefault("vat_registered", "")
    typed["vat_registered"] = typed["vat_registered"] or "no"
    months = table.get("months", Inputs.model_fields["months"].default)
    for rows in ROWS:
        lines = table.get(rows.part) or ()
        given = [_cost(row) for row in rows_of(lines, months)] if rows is COST else [dict(line) for line in lines]
        typed[f"{rows.part}-rows"] = str(len(given))
        for number, row in enumerate(given, 1):
            typed |= _row(rows, number, row, names)
    return typed


def _pay(pay: Any, names: Months) -> Typed:
    if isinstance(pay, list | tuple):
        return {"pay_is": "different", "pay_by_month": text_of(PAY_BY_MONTH, pay, names)}
    return {"pay_is": "same", "gross_pay": text_of(GROSS_PAY, pay, names)}


def _cost(row: CostRow) -> dict[str, Any]:
    common: dict[str, Any] = {"name": row.name, "vat": row.vat, "supplier_days": row.supplier_days}
    if row.by_month:
        return {**common, "by_month": row.by_month}
    return {**common, "monthly": row.monthly, "months": row.months}


def _row(rows: Rows, number: int, given: Mapping[str, Any], names: Months) -> Typed:
    return {
        name: text_of(ask, given[ask.key], names) if ask.key in given else default_of(rows.part, ask, names)
        for name, ask in row_names(rows, number)
    }


# Rows added and removed -------------------------------------------------------------------------------------


def edited(typed: Typed, do: str, names: Months) -> Typed:
    """The same page with a row more or less; as it is where `do` says neither."""
    found = _DO.fullmatch(do)
    rows = next((rows for rows in ROWS if found and rows.part == found["part"]), None)
    if found is None or rows is None:
        return typed
    if found["what"] == "add":
        return _with_row(typed, rows, names)
    return _without_row(typed, rows, int(found["number"] or 0), names)


def _with_row(typed: Typed, rows: Rows, names: Months) -> Typed:
    number = count(typed, rows) + 1
    if number > rows.most:
        return typed
    return typed | {f"{rows.part}-rows": str(number)} | _new_row(rows, number, names)


def _without_row(typed: Typed, rows: Rows, removed: int, names: Months) -> Typed:
    """Later rows move up. Of the row that must stay only the content goes."""
    there = count(typed, rows)
    if not 1 <= removed <= there:
        return typed
    if there == rows.least:
        return typed | _new_row(rows, removed, names)
    kept = {name: text for name, text in typed.items() if not name.startswith(f"{rows.part}-")}
    kept[f"{rows.part}-rows"] = str(there - 1)
    for number in range(1, there):
        before = number if number < removed else number + 1
        for ask in rows.asks:
            kept[f"{rows.part}-{number}-{ask.key}"] = typed.get(f"{rows.part}-{before}-{ask.key}", "")
    return kept


# A table from a spreadsheet put in --------------------------------------------------------------------------


def put_in(typed: Typed, table: MonthlyTable, *, replace_all: bool, names: Months) -> Typed:
    """The page with pay and costs of an uploaded table. Costs of the same name are replaced, or all of them."""
    kept = dict(typed)
    if table.months > _horizon(typed):
        kept["months"] = str(table.months)
    if table.pay:
        kept |= _pay_typed(table, names)
    if not table.costs:
        return kept
    uploaded = list(cost_rows(table, costs_by_name(typed)))
    stay = [] if replace_all else list(_others(typed, {row.name.lower() for row in uploaded}))
    together = [*stay, *({name: _text(name, row, names) for name in _COST_KEYS} for row in map(_cost, uploaded))]
    kept = {name: text for name, text in kept.items() if not name.startswith("cost-")}
    kept["cost-rows"] = str(len(together))
    for number, row in enumerate(together, 1):
        kept |= {f"cost-{number}-{key}": text for key, text in row.items()}
    return kept


def too_many_costs(typed: Typed) -> str:
    """What is wrong where a table was put in that makes more rows than a page takes; else nothing."""
    rows = int(typed["cost-rows"])
    if rows <= COST.most:
        return ""
    return (
        f"With this table there would be {rows} rows of running costs, and a page takes {COST.most}. "
        "Put small lines together, or let the table replace the costs that it does not name"
    )


_COST_ASKS = {ask.key: ask for ask in COST.asks}
_COST_KEYS = tuple(_COST_ASKS)


def _text(key: str, row: Mapping[str, Any], names: Months) -> str:
    return text_of(_COST_ASKS[key], row.get(key), names)


def _horizon(typed: Typed) -> int:
    text = typed.get("months", "")
    return int(text) if re.fullmatch("[0-9]{1,2}", text) else Inputs.model_fields["months"].default


def horizon_of(typed: Typed) -> int:
    """Months of the forecast as typed, within what a forecast may have."""
    return min(max(_horizon(typed), 12), 36)


def _pay_typed(table: MonthlyTable, names: Months) -> Typed:
    assert table.pay is not None  # noqa: S101  # the caller has looked
    amounts = table.pay.amounts
    if len(set(amounts)) == 1:
        return {**_pay(amounts[0], names), "pay_by_month": ""}
    return {**_pay(amounts, names), "gross_pay": ""}


def _others(typed: Typed, replaced: Iterable[str]) -> Iterator[dict[str, str]]:
    for number in range(1, count(typed, COST) + 1):
        row = {ask.key: typed.get(name, "") for name, ask in row_names(COST, number)}
        if not is_blank(typed, COST, number) and row["name"].strip().lower() not in set(replaced):
            yield row


def costs_by_name(typed: Typed) -> dict[str, CostRow]:
    """VAT and days of the costs that are on the page, by name; what cannot be read has the default."""
    found = {}
    for number in range(1, count(typed, COST) + 1):
        row = {ask.key: typed.get(name, "") for name, ask in row_names(COST, number)}
        vat, days = row["vat"] or "0", row["supplier_days"]
        known = next((rate for rate, _label in _COST_ASKS["vat"].choices if rate == vat), "0")
        if is_blank(typed, COST, number):
            continue
        found[row["name"].strip().lower()] = CostRow(
            row["name"], Decimal(known), int(days) if re.fullmatch("[0-9]{1,2}", days) else 30
        )
    return found
