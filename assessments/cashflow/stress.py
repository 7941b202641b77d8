"""What if: the same forecast with one thing changed (ST1 to ST10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from assessments.cashflow.columns import ZERO, pennies
from assessments.cashflow.forecast import Forecast, forecast
from assessments.cashflow.inputs import Billing, Inputs, Table
from assessments.cashflow.sales import ON_TIME, Late

Row = TypeVar("Row", bound=Table)
Change = Callable[[Inputs], Inputs]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One change to the base, in words and as a function. The main contract is the first stream of income."""

    title: str
    change: Change = lambda inputs: inputs
    late: Late = ON_TIME


def stress(inputs: Inputs) -> dict[str, Forecast]:
    """The forecast of every scenario, under its code."""
    return {code: forecast(scenario.change(inputs), scenario.late) for code, scenario in SCENARIOS.items()}


def _dearer_pay(inputs: Inputs) -> Inputs:
    """Headcount stays, so that all of the rise bears National Insurance."""
    pay = inputs.gross_pay
    raised = tuple(map(_raised, pay)) if isinstance(pay, tuple) else _raised(pay)
    return inputs.model_copy(update={"gross_pay": raised})


def _raised(pay: Decimal) -> Decimal:
    return pennies(pay * Decimal("1.05"))


def _lower_price(inputs: Inputs) -> Inputs:
    return _main_contract(inputs, monthly=pennies(inputs.main_contract.monthly * Decimal("0.90")))


def _dearer_setting_up(inputs: Inputs) -> Inputs:
    dearer = tuple(_with(row, amount=pennies(row.amount * Decimal("1.25"))) for row in inputs.one_off)
    return inputs.model_copy(update={"one_off": dearer})


def _exempt(inputs: Inputs) -> Inputs:
    """Of an unregistered body no stream bears VAT, whatever its rate says."""
    return inputs.model_copy(update={"vat_registered": False, "vat_recovery": ZERO})


def _paid_in_advance(inputs: Inputs) -> Inputs:
    return _main_contract(inputs, mode=Billing.ADVANCE, invoice_months=1, payment_days=30)


def _quarterly(inputs: Inputs) -> Inputs:
    return _main_contract(inputs, mode=Billing.ARREARS, invoice_months=3)


def _no_credit(inputs: Inputs) -> Inputs:
    return inputs.model_copy(update={"cost": tuple(_with(row, supplier_days=0) for row in inputs.cost)})


def _main_contract(inputs: Inputs, **changes: object) -> Inputs:
    return inputs.model_copy(update={"income": (_with(inputs.main_contract, **changes), *inputs.income[1:])})


def _with(row: Row, **changes: object) -> Row:
    return row.model_copy(update=changes)


SCENARIOS: Mapping[str, Scenario] = {
    "ST1": Scenario("The main contract pays every invoice a month later", late=Late(every=1)),
    "ST2": Scenario("The first invoice of the main contract is disputed and paid two months later", late=Late(first=2)),
    "ST3": Scenario("Pay rises by 5% and the price does not", _dearer_pay),
    "ST4": Scenario("The main contract brings 10% less and costs stay", _lower_price),
    "ST5": Scenario("One-off costs are 25% higher", _dearer_setting_up),
    "ST6": Scenario("The service is ruled exempt from VAT: none is charged and none recovered", _exempt),
    "ST7": Scenario("ST1, ST3 and ST5 together", lambda inputs: _dearer_setting_up(_dearer_pay(inputs)), Late(every=1)),
    "ST8": Scenario("The main contract is billed monthly in advance and pays in 30 days", _paid_in_advance),
    "ST9": Scenario("The main contract is billed quarterly in arrears", _quarterly),
    "ST10": Scenario("Suppliers give no credit", _no_credit),
}
