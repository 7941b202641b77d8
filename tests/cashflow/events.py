"""The specification once more, as a dated list of events: slow, literal and apart from the code it checks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from assessments.cashflow.inputs import Income, Inputs

Event = tuple[int, str, Decimal]


def by_column(inputs: Inputs) -> dict[str, list[Decimal]]:
    """The columns of cash by month, summed from the events within the horizon."""
    found = {name: [Decimal(0)] * (inputs.months + 1) for name in COLUMNS}
    for month, name, amount in (*_sales(inputs), *_pay(inputs), *_costs(inputs), *_once(inputs), *_vat(inputs)):
        if month <= inputs.months:
            found[name][month] += amount
    return found


COLUMNS = ("receipts", "net_pay", "paye", "pension", "suppliers", "one_off", "bond", "vat")


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _rate(inputs: Inputs, stream: Income) -> Decimal:
    if not inputs.vat_registered:
        return Decimal(0)
    return Decimal("0.20") if stream.vat is None else stream.vat


def _is_invoiced(stream: Income, t: int) -> bool:
    return (t if stream.mode == "arrears" else t - 1) % stream.invoice_months == 0


def _sales(inputs: Inputs) -> Iterator[Event]:
    for t in range(1, inputs.months + 1):
        for stream in inputs.income:
            wait = math.ceil(stream.payment_days / 30)
            k = t + (wait if stream.mode == "arrears" else max(0, wait - 1))
            invoice = stream.monthly * stream.invoice_months
            if _is_invoiced(stream, t):
                yield k, "receipts", _round(invoice * (1 + _rate(inputs, stream)))


def _pay(inputs: Inputs) -> Iterator[Event]:
    used = Decimal(0)
    for t in range(1, inputs.months + 1):
        pay = inputs.gross_pay[t - 1] if isinstance(inputs.gross_pay, tuple) else inputs.gross_pay
        used = Decimal(0) if t in (1, 13, 25) else used
        ni = _round(max(Decimal(0), inputs.ni_rate * (pay * 12 - inputs.headcount * inputs.ni_threshold) / 12))
        relief = min(ni, inputs.employment_allowance - used)
        used += relief
        yield t, "net_pay", _round(pay * (1 - inputs.deductions - inputs.employee_pension))
        yield t + inputs.lag_paye, "paye", _round(pay * inputs.deductions) + ni - relief
        yield t + inputs.lag_pension, "pension", _round(pay * (inputs.employee_pension + inputs.employer_pension))


def _costs(inputs: Inputs) -> Iterator[Event]:
    for cost in inputs.cost:
        for t in cost.months or range(1, inputs.months + 1):
            yield t + math.floor(cost.supplier_days / 30), "suppliers", _round(cost.monthly * (1 + cost.vat))


def _once(inputs: Inputs) -> Iterator[Event]:
    yield from ((row.month, "one_off", _round(row.amount * (1 + row.vat))) for row in inputs.one_off)
    yield from ((row.month, "bond", row.cash) for row in inputs.bond)


def _vat(inputs: Inputs) -> Iterator[Event]:
    for q in range(3, inputs.months + 1, 3) if inputs.vat_registered else ():
        due = sum((_output_vat(inputs, t) for t in range(q - 2, q + 1)), Decimal(0))
        paid = sum((_input_vat(inputs, t) for t in range(q - 2 if q > 3 else 0, q + 1)), Decimal(0))
        yield q + inputs.lag_vat, "vat", _round(due - _round(inputs.vat_recovery * paid))


def _output_vat(inputs: Inputs, t: int) -> Decimal:
    invoices = (
        (stream.monthly * stream.invoice_months, _rate(inputs, stream))
        for stream in inputs.income
        if _is_invoiced(stream, t)
    )
    return sum((_round(invoice * rate) for invoice, rate in invoices), Decimal(0))


def _input_vat(inputs: Inputs, t: int) -> Decimal:
    costs = (_round(cost.monthly * cost.vat) for cost in inputs.cost if t and (cost.months is None or t in cost.months))
    return sum((*costs, *(_round(row.amount * row.vat) for row in inputs.one_off if row.month == t)), Decimal(0))
