"""Costs, one-off payments and bonds (recurrence 4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assessments.cashflow.columns import Column, empty, pennies, put, total
from assessments.cashflow.inputs import Inputs
from assessments.cashflow.sales import DAYS


@dataclass(frozen=True, slots=True)
class Purchases:
    """`suppliers`, `one_off` and `bond` are cash by month, with VAT; `net` and the VAT columns stand where incurred."""

    net: Column
    cost_vat: Column
    suppliers: Column
    one_off: Column
    one_off_vat: Column
    bond: Column

    @property
    def creditors(self) -> Decimal:
        """Suppliers paid after the horizon."""
        return total(self.net) + total(self.cost_vat) - total(self.suppliers)


def purchases(inputs: Inputs) -> Purchases:
    bought = Purchases(*(empty(inputs.months) for _ in range(6)))
    _costs(inputs, bought)
    for one_off in inputs.one_off:
        vat = pennies(one_off.amount * one_off.vat)
        put(bought.one_off, one_off.month, one_off.amount + vat)
        put(bought.one_off_vat, one_off.month, vat)
    for bond in inputs.bond:
        put(bought.bond, bond.month, bond.cash)
    return bought


def _costs(inputs: Inputs, bought: Purchases) -> None:
    """Days that do not fill a month are no credit: payments round to the earlier month."""
    for cost in inputs.cost:
        vat = pennies(cost.monthly * cost.vat)
        for month in cost.months or range(1, inputs.months + 1):
            bought.net[month] += cost.monthly
            bought.cost_vat[month] += vat
            put(bought.suppliers, month + cost.supplier_days // DAYS, cost.monthly + vat)
