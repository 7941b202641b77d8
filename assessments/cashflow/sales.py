"""What is invoiced and when it is paid (recurrence 1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assessments.cashflow.columns import ZERO, Column, empty, pennies, put, total
from assessments.cashflow.inputs import Billing, Income, Inputs

DAYS = 30
"""In a month, where days are rounded to months."""


@dataclass(frozen=True, slots=True)
class Late:
    """Months by which the main contract pays late: `every` invoice, and the `first` one on top."""

    every: int = 0
    first: int = 0


ON_TIME = Late()


@dataclass(frozen=True, slots=True)
class Sales:
    """Cash received by month (`early` is the part that is there before payday), and where income stands at the close.

    `debtors` are invoices not yet paid, with VAT. `uninvoiced` is income earned but billed only later, and
    `billed_ahead` income billed for months after the horizon; both only where quarters do not fit the horizon.
    """

    income: Decimal
    receipts: Column
    early: Column
    output_vat: Column
    debtors: Decimal
    uninvoiced: Decimal
    billed_ahead: Decimal

    def earned(self, months: int) -> Decimal:
        """Income of the first so many months, net of VAT."""
        return self.income * months


def sales(inputs: Inputs, late: Late = ON_TIME) -> Sales:
    receipts, early, output_vat = (empty(inputs.months) for _ in range(3))
    uninvoiced = billed_ahead = ZERO
    for number, stream in enumerate(inputs.income):
        net = stream.monthly * stream.invoice_months
        vat = pennies(net * inputs.output_vat(stream))
        ahead = -stream.monthly * inputs.months
        for month, cash_month in _invoices(stream, inputs.months, ON_TIME if number else late):
            put(receipts, cash_month, net + vat)
            put(early, cash_month, net + vat if stream.early else ZERO)
            output_vat[month] += vat
            ahead += net
        billed_ahead += max(ZERO, ahead)
        uninvoiced += max(ZERO, -ahead)
    income = sum((stream.monthly for stream in inputs.income), ZERO)
    invoiced = income * inputs.months - uninvoiced + billed_ahead + total(output_vat)
    return Sales(income, receipts, early, output_vat, invoiced - total(receipts), uninvoiced, billed_ahead)


def _invoices(stream: Income, months: int, late: Late) -> Iterator[tuple[int, int]]:
    """The month of each invoice, and that of its cash: the later one where days do not fill a month."""
    in_advance = stream.mode is Billing.ADVANCE
    first = 1 if in_advance else stream.invoice_months
    wait = -(-stream.payment_days // DAYS)
    if in_advance:
        wait = max(0, wait - 1)
    for month in range(first, months + 1, stream.invoice_months):
        yield month, month + wait + late.every + (late.first if month == first else 0)
