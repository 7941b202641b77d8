"""What the cash-flow calculator caps: levels and gates that its figures speak against (`[[caps]]` of the catalogue)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from assessments.cashflow.forecast import Forecast, Point
from assessments.cashflow.months import Months
from assessments.cashflow.typed import exact_pounds, pounds
from assessments.catalogue.schema import CapRule, Catalogue, FactValue
from assessments.scoring.answers import Cap

BASE = "base"

_FIGURES: Mapping[str, Callable[[Forecast], Point]] = {
    "lowest_funded_within_month": lambda forecast: forecast.lowest_funded_within_month,
    "annual_surplus": lambda forecast: Point(forecast.annual_surplus, None),
}


GO_LIVE_DATE = "go-live-date"
NUMBERED = Months()


def months_of(facts: Mapping[str, FactValue]) -> Months:
    """The months of a forecast, by name where the facts of the profile give the go-live date."""
    go_live = facts.get(GO_LIVE_DATE)
    return Months(go_live if isinstance(go_live, dt.date) else None)


def caps(
    catalogue: Catalogue, forecast: Forecast, stresses: Mapping[str, Forecast], months: Months = NUMBERED
) -> dict[str, Cap]:
    """By question or gate, ready for `Answers.caps`. Of two caps on one question the lower stands.

    A figure that is not below zero caps nothing. Reasons name the month, by `months`.
    """
    found: dict[str, Cap] = {}
    for rule in catalogue.rules.caps:
        cap = _cap(rule, {**stresses, BASE: forecast}[rule.scenario], months)
        item = rule.question or rule.gate
        if cap is not None and item is not None and (item not in found or _is_lower(cap, found[item])):
            found[item] = cap
    return found


def _cap(rule: CapRule, forecast: Forecast, months: Months) -> Cap | None:
    figure = _FIGURES[rule.figure](forecast)
    if figure.amount >= 0:
        return None
    month = "" if figure.month is None else months.span(figure.month)
    return Cap(rule.highest, rule.reason.format(amount=_amount(figure.amount), month=month))


def cap_in_words(cap: Cap) -> str:
    """To follow the title of a question or a gate."""
    if cap.highest is None:
        return f"cannot count as met, because {cap.reason}"
    return f"counts as level {cap.highest} at most, because {cap.reason}"


def _is_lower(cap: Cap, than: Cap) -> bool:
    return cap.highest is not None and than.highest is not None and cap.highest < than.highest


def _amount(amount: Decimal) -> str:
    """To the pound, as everywhere else; but a penny below zero is not shown as nothing."""
    return exact_pounds(amount) if abs(amount) < 1 else pounds(amount)
