"""What holds for all valid inputs."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from assessments.cashflow.forecast import Forecast, forecast
from assessments.cashflow.inputs import Grant, Inputs, Loan
from assessments.cashflow.inputs import Table as Row
from assessments.cashflow.reading import read
from assessments.cashflow.sales import Late
from assessments.cashflow.serialise import MONTH
from assessments.cashflow.stress import SCENARIOS
from tests.cashflow.events import COLUMNS, by_column
from tests.cashflow.strategies import Table, inputs, pounds, tables, tidy_inputs

R = TypeVar("R", bound=Row)

PENNY = Decimal("0.01")
OF_POUNDS = ("monthly", "amount", "cash")


def columns(found: Forecast, names: tuple[str, ...] = MONTH) -> dict[str, list[Decimal]]:
    return {name: [getattr(month, name) for month in found.months] for name in names}


def peaks(found: Forecast) -> tuple[Decimal, Decimal]:
    return found.peak_month_end.amount, found.peak_within_month.amount


def is_nowhere_lower(after: Forecast, before: Forecast, names: tuple[str, ...]) -> bool:
    return all(
        getattr(a, name) >= getattr(b, name) for a, b in zip(after.months, before.months, strict=True) for name in names
    )


# The table by month -----------------------------------------------------------------------------------------


@given(inputs())
def test_columns_agree_with_the_list_of_events(given_inputs: Inputs) -> None:
    assert columns(forecast(given_inputs), COLUMNS) == by_column(given_inputs)


@given(inputs())
def test_identity_closes_to_the_penny(given_inputs: Inputs) -> None:
    found = forecast(given_inputs)
    assert found.identity.closing == found.closing


@given(inputs(), st.sampled_from(sorted(SCENARIOS)))
def test_identity_closes_to_the_penny_under_stress(given_inputs: Inputs, code: str) -> None:
    found = forecast(SCENARIOS[code].change(given_inputs), SCENARIOS[code].late)
    assert found.identity.closing == found.closing


@given(inputs())
def test_months_run_on_from_one_to_the_next(given_inputs: Inputs) -> None:
    months = forecast(given_inputs).months
    assert [month.month for month in months] == list(range(given_inputs.months + 1))
    assert months[0].cumulative == months[0].net
    assert all(b.cumulative == a.cumulative + b.net for a, b in pairwise(months))
    assert all(month.within_month_low <= month.cumulative for month in months)
    assert all(month.funded_balance - month.funded_low == month.cumulative - month.within_month_low for month in months)


@given(inputs())
def test_every_amount_is_in_whole_pennies(given_inputs: Inputs) -> None:
    found = forecast(given_inputs)
    amounts = [*(amount for column in columns(found).values() for amount in column), found.recommended_facility]
    assert all(amount == amount.quantize(PENNY) for amount in amounts)


@given(tables(), st.data())
def test_longer_horizon_changes_no_month_and_lowers_no_need(table: Table, data: st.DataObject) -> None:
    months = data.draw(st.integers(table["months"], 36))
    pay = table["gross_pay"]
    more = [pay[-1]] * (months - len(pay)) if isinstance(pay, list) else []
    longer = forecast(read({**table, "months": months, "gross_pay": pay + more if more else pay}))
    shorter = forecast(read(table))
    assert longer.months[: len(shorter.months)] == shorter.months
    assert peaks(longer) >= peaks(shorter)
    assert longer.annual_surplus == shorter.annual_surplus


# The need ---------------------------------------------------------------------------------------------------


@given(inputs(), st.data())
def test_later_receipt_never_lowers_the_need(given_inputs: Inputs, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(given_inputs.income) - 1))
    stream = given_inputs.income[number]
    slower = stream.model_copy(update={"payment_days": data.draw(st.integers(stream.payment_days, 120))})
    streams = (*given_inputs.income[:number], slower, *given_inputs.income[number + 1 :])
    before = forecast(given_inputs)
    after = forecast(given_inputs.model_copy(update={"income": streams}))
    assert is_nowhere_lower(before, after, ("cumulative", "within_month_low", "funded_balance", "funded_low"))
    assert all(a >= b for a, b in zip(peaks(after), peaks(before), strict=True))


@given(inputs(), st.integers(0, 3), st.integers(0, 3))
def test_late_main_contract_never_lowers_the_need(given_inputs: Inputs, every: int, first: int) -> None:
    before, after = forecast(given_inputs), forecast(given_inputs, Late(every, first))
    assert is_nowhere_lower(before, after, ("cumulative", "within_month_low"))
    assert all(a >= b for a, b in zip(peaks(after), peaks(before), strict=True))


@given(inputs())
def test_need_within_the_month_is_never_below_that_at_its_end(given_inputs: Inputs) -> None:
    at_end, within = peaks(forecast(given_inputs))
    assert 0 <= at_end <= within


@given(inputs())
def test_funding_of_the_need_within_the_month_is_enough(given_inputs: Inputs) -> None:
    need = forecast(given_inputs).peak_within_month.amount
    funded = given_inputs.model_copy(update={"opening_cash": need, "grant": (), "loan": None})
    assert forecast(funded).lowest_funded_within_month.amount >= 0


@given(inputs())
def test_payback_is_the_first_month_after_which_nothing_is_negative(given_inputs: Inputs) -> None:
    found = forecast(given_inputs)
    never_negative = [t for t in range(1, len(found.months)) if min(columns(found)["cumulative"][t:]) >= 0]
    assert found.payback_month == next(iter(never_negative), None)


# Funding ----------------------------------------------------------------------------------------------------


@given(inputs(), pounds())
def test_bigger_opening_fund_never_lowers_a_balance(given_inputs: Inputs, more: Decimal) -> None:
    bigger = given_inputs.model_copy(update={"opening_cash": given_inputs.opening_cash + more})
    before, after = forecast(given_inputs), forecast(bigger)
    assert is_nowhere_lower(after, before, ("funded_balance", "funded_low"))
    assert columns(after)["cumulative"] == columns(before)["cumulative"]


@given(inputs(), pounds(), st.data())
def test_grant_never_lowers_a_balance(given_inputs: Inputs, amount: Decimal, data: st.DataObject) -> None:
    grant = Grant(month=data.draw(st.integers(0, given_inputs.months)), amount=amount)
    bigger = given_inputs.model_copy(update={"grant": (*given_inputs.grant, grant)})
    assert is_nowhere_lower(forecast(bigger), forecast(given_inputs), ("funded_balance", "funded_low"))


@given(inputs(), pounds(), st.integers(1, 29), st.integers(0, 6))
def test_loan_that_ends_within_the_horizon_is_repaid_exactly(
    given_inputs: Inputs, amount: Decimal, instalments: int, interest_only: int
) -> None:
    loan = Loan(month=0, amount=amount, instalments=instalments, interest_only_months=interest_only)
    found = forecast(given_inputs.model_copy(update={"months": 36, "loan": loan, "gross_pay": Decimal(0)}))
    assert found.loan_outstanding == 0
    assert sum(columns(found)["capital"]) == amount


@given(inputs())
def test_loan_is_drawn_in_full_and_what_is_not_repaid_is_owed(given_inputs: Inputs) -> None:
    found = forecast(given_inputs)
    assert sum(columns(found)["loan_drawn"]) == sum(columns(found)["capital"]) + found.loan_outstanding


# Scale ------------------------------------------------------------------------------------------------------


def doubled_row(row: R) -> R:
    return row.model_copy(update={name: 2 * getattr(row, name) for name in OF_POUNDS if hasattr(row, name)})


def doubled(table: Inputs) -> Inputs:
    """Every amount twice, with the threshold and the allowance; past the ranges, so unchecked."""
    pay = table.gross_pay
    return table.model_copy(
        update={
            "gross_pay": tuple(2 * amount for amount in pay) if isinstance(pay, tuple) else 2 * pay,
            "ni_threshold": 2 * table.ni_threshold,
            "employment_allowance": 2 * table.employment_allowance,
            "opening_cash": 2 * table.opening_cash,
            "loan": table.loan and doubled_row(table.loan),
            **{
                name: tuple(map(doubled_row, getattr(table, name)))
                for name in ("income", "cost", "one_off", "bond", "grant")
            },
        }
    )


@given(tidy_inputs())
def test_doubling_every_amount_doubles_every_figure(given_inputs: Inputs) -> None:
    one, two = forecast(given_inputs), forecast(doubled(given_inputs))
    assert columns(two) == {name: [2 * amount for amount in column] for name, column in columns(one).items()}
    assert peaks(two) == tuple(2 * peak for peak in peaks(one))
    assert two.annual_surplus == 2 * one.annual_surplus
    assert two.identity.debtors == 2 * one.identity.debtors
    assert (two.peak_within_month.month, two.payback_month) == (one.peak_within_month.month, one.payback_month)
    assert (two.first_positive_month, two.debt_service_cover) == (one.first_positive_month, one.debt_service_cover)


@given(tidy_inputs())
def test_doubling_every_amount_doubles_the_mean_but_for_a_penny(given_inputs: Inputs) -> None:
    one, two = forecast(given_inputs), forecast(doubled(given_inputs))
    assert abs(two.average_outflow - 2 * one.average_outflow) <= PENNY
    assert abs(two.recommended_facility - 2 * one.recommended_facility) <= 8 * PENNY


@given(inputs())
def test_doubling_any_amounts_doubles_every_figure_but_for_pennies(given_inputs: Inputs) -> None:
    """Twice a rounded line may miss the line of twice the amount by a penny; a month has at most sixteen lines."""
    one, two = forecast(given_inputs), forecast(doubled(given_inputs))
    allowed = [16 * PENNY * (month.month + 1) for month in one.months]
    missed = [
        (name, month)
        for name in MONTH
        for month, most in enumerate(allowed)
        if abs(columns_at(two, name, month) - 2 * columns_at(one, name, month)) > most
    ]
    assert missed == []


def columns_at(found: Forecast, name: str, month: int) -> Decimal:
    amount: Decimal = getattr(found.months[month], name)
    return amount
