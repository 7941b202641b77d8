"""Pay, income tax and National Insurance, and pensions (recurrence 2 and 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assessments.cashflow.columns import ZERO, Column, empty, pennies, put, total
from assessments.cashflow.inputs import Inputs


@dataclass(frozen=True, slots=True)
class Payroll:
    """Cash paid by month; `cost` is what the employer's whole cost of each month's pay is, whenever it is paid."""

    net_pay: Column
    paye: Column
    pension: Column
    cost: Column

    @property
    def creditors(self) -> Decimal:
        """Tax, National Insurance and pensions of the last months, paid after the horizon."""
        return total(self.cost) - total(self.net_pay) - total(self.paye) - total(self.pension)


def payroll(inputs: Inputs) -> Payroll:
    net_pay, paye, pension, cost = (empty(inputs.months) for _ in range(4))
    kept = 1 - inputs.deductions - inputs.employee_pension
    to_pension = inputs.employee_pension + inputs.employer_pension
    for month, (gross, employer_ni) in enumerate(zip(inputs.pay_by_month, _employer_ni(inputs), strict=True), 1):
        net_pay[month] = pennies(gross * kept)
        tax = pennies(gross * inputs.deductions) + employer_ni
        contributions = pennies(gross * to_pension)
        put(paye, month + inputs.lag_paye, tax)
        put(pension, month + inputs.lag_pension, contributions)
        cost[month] = net_pay[month] + tax + contributions
    return Payroll(net_pay, paye, pension, cost)


def _employer_ni(inputs: Inputs) -> Iterator[Decimal]:
    """ErNI of months 1 to N, after the Employment Allowance, which is there afresh at months 1, 13 and 25."""
    free = inputs.headcount * inputs.ni_threshold
    left = ZERO
    for month, gross in enumerate(inputs.pay_by_month, 1):
        if month % 12 == 1:
            left = inputs.employment_allowance
        due = max(ZERO, pennies(inputs.ni_rate * (12 * gross - free) / 12))
        used = min(due, left)
        left -= used
        yield due - used
