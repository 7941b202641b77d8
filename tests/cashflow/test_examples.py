"""Worked examples A and B of `domain/money-and-market.md`, 1g: month by month, every output, every stress oracle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assessments.cashflow.forecast import Point, forecast
from assessments.cashflow.stress import SCENARIOS, stress
from tests.cashflow.examples import EXAMPLES, example, example_inputs, example_months, example_result

MONTHS = [pytest.param(name, month, id=f"{name}-{month}") for name in EXAMPLES for month in range(13)]
OUTPUTS = [pytest.param(name, key, id=f"{name}-{key}") for name in EXAMPLES for key in example(name)["expected"]]
ORACLES = [pytest.param(name, code, id=f"{name}-{code}") for name in EXAMPLES for code in SCENARIOS]


def whole_pounds(amount: str) -> str:
    assert amount.endswith(".00")
    return f"{Decimal(amount):,.0f}"


def as_in_the_oracles(scenario: dict[str, Any]) -> str:
    """'212,400 @1 / 423,000 @2 / 60,000 / -65,600', as the table of the specification writes it."""
    peaks = (scenario["peak_month_end"], scenario["peak_within_month"])
    at = [f"{whole_pounds(peak['amount'])} @{peak['month']}" for peak in peaks]
    return " / ".join((*at, whole_pounds(scenario["annual_surplus"]), whole_pounds(scenario["closing"])))


@pytest.mark.parametrize(("name", "month"), MONTHS)
def test_every_column_of_a_month(name: str, month: int) -> None:
    expected = example_months(name)[month]
    found = example_result(name)["months"][month]
    assert {key: Decimal(found[key]) for key in expected} == expected


@pytest.mark.parametrize(("name", "key"), OUTPUTS)
def test_output(name: str, key: str) -> None:
    assert example_result(name)[key] == example(name)["expected"][key]


@pytest.mark.parametrize("name", EXAMPLES)
def test_payback_not_within_the_horizon(name: str) -> None:
    assert example_result(name)["payback_month"] is None


@pytest.mark.parametrize(("name", "code"), ORACLES)
def test_stress_oracle(name: str, code: str) -> None:
    assert as_in_the_oracles(example_result(name)["stress"][code]) == example(name)["stress"][code]


@pytest.mark.parametrize("name", EXAMPLES)
def test_stress_payback(name: str) -> None:
    found = {code: scenario.payback_month for code, scenario in stress(example_inputs(name)).items()}
    assert found == {**dict.fromkeys(SCENARIOS), **example(name)["payback"]}


def test_underfunded_although_every_month_end_is_positive() -> None:
    found = forecast(example_inputs("a"))
    assert min(month.funded_balance for month in found.months) > 0
    assert found.is_underfunded


def test_early_receipt_closes_the_gap_within_the_month() -> None:
    inputs = example_inputs("b")
    early = inputs.main_contract.model_copy(update={"early": True})
    found = forecast(inputs.model_copy(update={"income": (early,)}))
    assert found.peak_within_month == Point(Decimal(238_600), 2)


def test_keys_of_the_contract_come_first_and_in_its_order() -> None:
    assert list(example_result("a"))[:12] == [
        *("peak_within_month", "peak_month_end", "average_outflow", "recommended_facility", "annual_surplus"),
        *("first_positive_month", "payback_month", "lowest_funded_month_end", "lowest_funded_within_month"),
        *("debt_service_cover", "months", "stress"),
    ]
    assert list(example_result("a")["months"][0])[:14] == ["month", *list(example_months("a")[0])[1:]]
    assert list(example_result("a")["stress"]) == [f"ST{number}" for number in range(1, 11)]
    assert list(example_result("a")["stress"]["ST1"]) == [
        *("peak_month_end", "peak_within_month", "annual_surplus", "closing"),
    ]
