"""Columns of the table by month, and the one place where money is rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

Column = list[Decimal]
"""One amount for each month from 0 to N."""

ZERO = Decimal(0)
HUNDREDTH = Decimal("0.01")


def pennies(amount: Decimal) -> Decimal:
    """To the penny, half away from nothing. Every line is rounded where it arises; all else is sums of such lines,
    so that the closing identity holds exactly."""
    return amount.quantize(HUNDREDTH, ROUND_HALF_UP)


def empty(months: int) -> Column:
    return [ZERO] * (months + 1)


def put(column: Column, month: int, amount: Decimal) -> None:
    """Adds an amount in its month. What falls after the horizon is not in the table: it is owed at the close."""
    if month < len(column):
        column[month] += amount


def total(column: Column) -> Decimal:
    return sum(column, ZERO)
