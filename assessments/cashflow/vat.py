"""VAT by quarters (recurrence 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assessments.cashflow.columns import ZERO, Column, empty, pennies, put, total
from assessments.cashflow.inputs import Inputs
from assessments.cashflow.purchases import Purchases

QUARTER = 3


@dataclass(frozen=True, slots=True)
class Quarter:
    """One return. The last one is cut off where the horizon ends within a quarter."""

    end: int
    due: Decimal
    irrecoverable_on_costs: Decimal
    irrecoverable_on_one_offs: Decimal


@dataclass(frozen=True, slots=True)
class Vat:
    """Cash paid by month (a refund is negative), and what each quarter leaves with the body."""

    paid: Column
    quarters: tuple[Quarter, ...]

    @property
    def owed(self) -> Decimal:
        """What falls due after the horizon; negative where a refund is on its way."""
        return sum((quarter.due for quarter in self.quarters), ZERO) - total(self.paid)

    def irrecoverable_on_costs(self, months: int) -> Decimal:
        """Of the first so many months: whole quarters, or the whole horizon."""
        return sum((quarter.irrecoverable_on_costs for quarter in self._first(months)), ZERO)

    @property
    def irrecoverable_on_one_offs(self) -> Decimal:
        return sum((quarter.irrecoverable_on_one_offs for quarter in self.quarters), ZERO)

    def _first(self, months: int) -> Iterable[Quarter]:
        return (quarter for quarter in self.quarters if quarter.end <= months)


def vat(inputs: Inputs, output_vat: Column, bought: Purchases) -> Vat:
    """Bodies that are not registered charge none and recover none: nothing is ever due."""
    paid = empty(inputs.months)
    quarters = []
    for end in range(QUARTER, inputs.months + QUARTER, QUARTER):
        # The first quarter also takes month 0.
        of_quarter = slice(end - QUARTER + (end > QUARTER), end + 1)
        on_costs, on_one_offs = total(bought.cost_vat[of_quarter]), total(bought.one_off_vat[of_quarter])
        recovered = pennies(inputs.recovery * (on_costs + on_one_offs))
        on_one_offs_recovered = pennies(inputs.recovery * on_one_offs)
        due = total(output_vat[of_quarter]) - recovered
        put(paid, end + inputs.lag_vat, due)
        quarters.append(
            Quarter(
                end=min(end, inputs.months),
                due=due,
                irrecoverable_on_costs=on_costs - (recovered - on_one_offs_recovered),
                irrecoverable_on_one_offs=on_one_offs - on_one_offs_recovered,
            )
        )
    return Vat(paid, tuple(quarters))
