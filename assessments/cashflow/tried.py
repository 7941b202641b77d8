"""Figures tried instead of those recorded: the table [cashflow] with a few of them replaced, for a what-if."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from assessments.cashflow.columns import pennies
from assessments.cashflow.inputs import Billing

Plain = dict[str, Any]

BEFORE_GO_LIVE = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """None leaves a figure as it is. `mode`, `payment_days` and `contract_by` are the main contract's.

    What ends in `_by` is a share of one by which all such amounts rise: 0.05 is five per cent more. A loan of nothing
    is no loan; one where none is recorded is drawn before go-live, on the calculator's own terms.
    """

    opening_cash: Decimal | None = None
    loan: Decimal | None = None
    mode: Billing | None = None
    payment_days: int | None = None
    contract_by: Decimal | None = None
    pay_by: Decimal | None = None
    employer_pension: Decimal | None = None
    costs_by: Decimal | None = None

    def given(self) -> Iterator[str]:
        """The names of the figures that are tried."""
        return (field.name for field in fields(self) if getattr(self, field.name) is not None)


AS_RECORDED = Figures()


def with_figures(table: Mapping[str, Any], tried: Figures) -> Plain:
    """A copy of the table with every figure tried; `reading.read` says whether it can be worked out."""
    changed: Plain = {**table, "income": _with_contract(table["income"], tried)}
    if tried.opening_cash is not None:
        changed["opening_cash"] = tried.opening_cash
    if tried.employer_pension is not None:
        changed["employer_pension"] = tried.employer_pension
    if tried.loan is not None:
        changed["loan"] = _loan(table.get("loan"), tried.loan)
    if tried.pay_by is not None:
        changed["gross_pay"] = _raised(table["gross_pay"], tried.pay_by)
    if tried.costs_by is not None:
        changed["cost"] = [{**cost, "monthly": _raised(cost["monthly"], tried.costs_by)} for cost in _costs(table)]
    return changed


def _costs(table: Mapping[str, Any]) -> list[Plain]:
    costs: list[Plain] = list(table.get("cost", ()))
    return costs


def _with_contract(income: list[Plain], tried: Figures) -> list[Plain]:
    main, *others = income
    changed = {"mode": tried.mode and tried.mode.value, "payment_days": tried.payment_days}
    main = {**main, **{name: value for name, value in changed.items() if value is not None}}
    if tried.contract_by is not None:
        main["monthly"] = _raised(main["monthly"], tried.contract_by)
    return [main, *others]


def _loan(recorded: Plain | None, amount: Decimal) -> Plain | None:
    if not amount:
        return None
    return {**(recorded or {"month": BEFORE_GO_LIVE}), "amount": amount}


def _raised(amount: Any, by: Decimal) -> Any:
    """One amount, or one for each month."""
    if isinstance(amount, list | tuple):
        return [_raised(one, by) for one in amount]
    return pennies(Decimal(str(amount)) * (1 + by))


# As JSON ----------------------------------------------------------------------------------------------------


def figures_to_dict(tried: Figures) -> Plain:
    """Only what is tried; amounts and shares as text, which keeps every decimal."""
    return {name: _plain(getattr(tried, name)) for name in tried.given()}


def figures_from_dict(plain: Mapping[str, Any]) -> Figures:
    """The way back. What is not known, or no longer makes sense, is left out."""
    return Figures(
        opening_cash=_decimal(plain.get("opening_cash")),
        loan=_decimal(plain.get("loan")),
        mode=_mode(plain.get("mode")),
        payment_days=_days(plain.get("payment_days")),
        contract_by=_decimal(plain.get("contract_by")),
        pay_by=_decimal(plain.get("pay_by")),
        employer_pension=_decimal(plain.get("employer_pension")),
        costs_by=_decimal(plain.get("costs_by")),
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except ArithmeticError:
        return None
    return number if number is not None and number.is_finite() else None


def _days(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _mode(value: Any) -> Billing | None:
    return Billing(value) if value in tuple(Billing) else None
