"""What the cash-flow calculator caps: levels and gates that its figures speak against (`[[caps]]` of the catalogue)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_UP, Decimal

from assessments.cashflow.forecast import Forecast, Point
from assessments.catalogue.schema import CapRule, Catalogue
from assessments.scoring.answers import Cap

BASE = "base"

_FIGURES: Mapping[str, Callable[[Forecast], Point]] = {
    "lowest_funded_within_month": lambda forecast: forecast.lowest_funded_within_month,
    "annual_surplus": lambda forecast: Point(forecast.annual_surplus, None),
}


def caps(catalogue: Catalogue, forecast: Forecast, stresses: Mapping[str, Forecast]) -> dict[str, Cap]:
    """By question or gate, ready for `Answers.caps`. Of two caps on one question the lower stands.

    A figure that is not below zero caps nothing.
    """
    found: dict[str, Cap] = {}
    for rule in catalogue.rules.caps:
        cap = _cap(rule, {**stresses, BASE: forecast}[rule.scenario])
        item = rule.question or rule.gate
        if cap is not None and item is not None and (item not in found or _is_lower(cap, found[item])):
            found[item] = cap
    return found


def _cap(rule: CapRule, forecast: Forecast) -> Cap | None:
    figure = _FIGURES[rule.figure](forecast)
    if figure.amount >= 0:
        return None
    return Cap(rule.highest, rule.reason.format(amount=pounds(figure.amount), month=figure.month))


def _is_lower(cap: Cap, than: Cap) -> bool:
    return cap.highest is not None and than.highest is not None and cap.highest < than.highest


def pounds(amount: Decimal) -> str:
    """To the whole pound, away from zero: a penny below zero is not shown as nothing."""
    whole = amount.quantize(Decimal(1), ROUND_UP)
    return f"{'-' if whole < 0 else ''}£{abs(whole):,}"
