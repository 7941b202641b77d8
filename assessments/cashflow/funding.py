"""Grants and the loan (recurrence 8)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assessments.cashflow.columns import ZERO, Column, empty, pennies, put
from assessments.cashflow.inputs import Inputs, Loan


@dataclass(frozen=True, slots=True)
class Funding:
    """By month; `outstanding` is what of the loan is still to be repaid after the horizon."""

    grants: Column
    drawn: Column
    fee: Column
    interest: Column
    capital: Column
    outstanding: Decimal

    def net(self, t: int) -> Decimal:
        """What funding adds to the balance of a month, or takes from it."""
        return self.grants[t] + self.drawn[t] - self.fee[t] - self.interest[t] - self.capital[t]

    def debt_service(self, months: int) -> Decimal:
        """Interest and capital of months 1 to so many."""
        return sum(self.interest[1 : months + 1], ZERO) + sum(self.capital[1 : months + 1], ZERO)


def funding(inputs: Inputs) -> Funding:
    grants, drawn, fee, interest, capital = (empty(inputs.months) for _ in range(5))
    for grant in inputs.grant:
        put(grants, grant.month, grant.amount)
    outstanding = ZERO
    if inputs.loan:
        drawn[inputs.loan.month] = inputs.loan.amount
        fee[inputs.loan.month] = pennies(inputs.loan.amount * inputs.loan.fee)
        outstanding = _repay(inputs.loan, interest, capital)
    return Funding(grants, drawn, fee, interest, capital, outstanding)


def _repay(loan: Loan, interest: Column, capital: Column) -> Decimal:
    """Fills both columns; gives the balance after the last month. The last instalment takes what rounding left."""
    balance = loan.amount
    instalment = pennies(loan.amount / loan.instalments)
    first = loan.month + loan.interest_only_months + 1
    last = first + loan.instalments - 1
    for month in range(loan.month + 1, len(interest)):
        interest[month] = pennies(balance * loan.rate / 12)
        if month >= first:
            capital[month] = balance if month == last else min(instalment, balance)
            balance -= capital[month]
    return balance
