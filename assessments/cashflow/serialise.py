"""A forecast as plain data, under the names of the contract (`design.md`, section 5).

What the contract leaves open stands after its own keys: cover, the loan, the identity, and by month the funding.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assessments.cashflow.forecast import Forecast, Identity, Month, Point

Plain = dict[str, Any]


def to_dict(forecast: Forecast, stress: Mapping[str, Forecast]) -> Plain:
    """Ready for JSON: amounts and ratios as text with two decimals, months as whole numbers or None."""
    return {
        "peak_within_month": _point(forecast.peak_within_month),
        "peak_month_end": _point(forecast.peak_month_end),
        "average_outflow": _text(forecast.average_outflow),
        "recommended_facility": _text(forecast.recommended_facility),
        "annual_surplus": _text(forecast.annual_surplus),
        "first_positive_month": forecast.first_positive_month,
        "payback_month": forecast.payback_month,
        "lowest_funded_month_end": _point(forecast.lowest_funded_month_end),
        "lowest_funded_within_month": _point(forecast.lowest_funded_within_month),
        "debt_service_cover": _ratio(forecast.debt_service_cover),
        "months": [_month(month) for month in forecast.months],
        "stress": {code: _stressed(scenario) for code, scenario in stress.items()},
        "months_of_cover": {"lowest": _ratio(forecast.lowest_cover), "closing": _ratio(forecast.closing_cover)},
        "debt_service": _text(forecast.debt_service),
        "loan_outstanding": _text(forecast.loan_outstanding),
        "identity": _identity(forecast.identity),
    }


def _month(month: Month) -> Plain:
    return {"month": month.month, **{name: _text(getattr(month, name)) for name in MONTH}}


MONTH = (
    *("receipts", "net_pay", "paye", "pension", "suppliers", "one_off", "bond", "vat", "net", "cumulative"),
    *("within_month_low", "funded_balance", "funded_low"),
    *("early_receipts", "grants", "loan_drawn", "loan_fee", "interest", "capital"),
)


def _stressed(scenario: Forecast) -> Plain:
    return {
        "peak_month_end": _point(scenario.peak_month_end),
        "peak_within_month": _point(scenario.peak_within_month),
        "annual_surplus": _text(scenario.annual_surplus),
        "closing": _text(scenario.closing),
    }


def _identity(identity: Identity) -> Plain:
    parts = ("surplus", "one_offs", "bonds", "debtors", "uninvoiced", "creditors", "billed_ahead", "vat_owed")
    return {**{name: _text(getattr(identity, name)) for name in parts}, "closing": _text(identity.closing)}


def _point(point: Point) -> Plain:
    return {"amount": _text(point.amount), "month": point.month}


def _ratio(value: Decimal | None) -> str | None:
    return None if value is None else _text(value)


def _text(amount: Decimal) -> str:
    """Adding nothing turns -0.00 into 0.00."""
    return f"{amount + 0:.2f}"
