"""What the specification leaves open, and what happens at the edges."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from assessments.cashflow.forecast import Forecast, Point, forecast
from assessments.cashflow.reading import read
from assessments.cashflow.serialise import to_dict
from assessments.cashflow.stress import SCENARIOS, stress
from tests.cashflow.strategies import Table

NOTHING: Table = {"gross_pay": 0, "headcount": 1, "income": [{"monthly": 0}]}
PAY: Table = {"gross_pay": 10_000, "headcount": 2, "income": [{"monthly": 20_000, "payment_days": 0}]}


def found_for(base: Table, **changes: object) -> Forecast:
    return forecast(read({**base, **changes}))


def column(found: Forecast, name: str) -> list[Decimal]:
    return [getattr(month, name) for month in found.months]


# Nothing ----------------------------------------------------------------------------------------------------


def test_nothing_needed_is_no_amount_in_no_month() -> None:
    found = found_for(NOTHING)
    assert (found.peak_within_month, found.peak_month_end) == (Point(Decimal(0), None), Point(Decimal(0), None))
    assert [found.first_positive_month, found.payback_month] == [None, 1]


def test_no_cover_where_nothing_is_ever_paid() -> None:
    found = found_for(NOTHING, opening_cash=500)
    assert [found.lowest_cover, found.closing_cover] == [None, None]
    assert found.lowest_funded_month_end == Point(Decimal(500), 0)


def test_no_debt_service_cover_without_debt_service() -> None:
    assert found_for(PAY).debt_service_cover is None


def test_no_debt_service_cover_where_the_loan_is_served_after_the_year() -> None:
    loan = {"month": 12, "amount": 1_000}
    assert found_for(PAY, months=24, loan=loan).debt_service_cover is None


def test_plain_data_of_nothing() -> None:
    inputs = read(NOTHING)
    found = to_dict(forecast(inputs), stress(inputs))
    assert found["peak_within_month"] == {"amount": "0.00", "month": None}
    assert found["debt_service_cover"] is None
    assert found["months_of_cover"] == {"lowest": None, "closing": None}
    assert json.loads(json.dumps(found)) == found
    assert '"-0.00"' not in json.dumps(found)


# Rounding ---------------------------------------------------------------------------------------------------


def test_half_a_penny_goes_up_at_each_line() -> None:
    found = found_for(NOTHING, gross_pay=Decimal("10.10"), deductions=Decimal("0.45"), employee_pension=Decimal("0.05"))
    # 5.05; 4.545; 2.525
    assert (found.months[1].net_pay, found.months[2].paye) == (Decimal("5.05"), Decimal("4.55"))
    assert found.months[2].pension == Decimal("2.53")


def test_identity_closes_where_lines_are_rounded() -> None:
    cost = {"monthly": Decimal("333.33"), "vat": Decimal("0.05")}
    vat = {"vat_registered": True, "vat_recovery": Decimal("0.37")}
    found = found_for(PAY, gross_pay=Decimal("9999.99"), deductions=Decimal("0.1737"), cost=[cost], **vat)
    assert found.identity.closing == found.closing


# Streams and quarters ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "days", "first_month"),
    [
        *(("arrears", 0, 1), ("arrears", 1, 2), ("arrears", 30, 2), ("arrears", 31, 3), ("arrears", 120, 5)),
        *(("advance", 0, 1), ("advance", 30, 1), ("advance", 31, 2), ("advance", 120, 4)),
    ],
)
def test_days_of_a_receipt_round_to_the_later_month(mode: str, days: int, first_month: int) -> None:
    found = found_for(NOTHING, income=[{"monthly": 100, "mode": mode, "payment_days": days}])
    assert column(found, "receipts") == [0] * first_month + [100] * (13 - first_month)


@pytest.mark.parametrize(("days", "first_month"), [(0, 1), (29, 1), (30, 2), (59, 2), (60, 3), (90, 4)])
def test_days_of_a_payment_round_to_the_earlier_month(days: int, first_month: int) -> None:
    found = found_for(NOTHING, cost=[{"monthly": 100, "supplier_days": days}])
    assert column(found, "suppliers") == [0] * first_month + [100] * (13 - first_month)


def test_quarters_in_arrears_leave_income_uninvoiced_where_they_do_not_fit() -> None:
    found = found_for(NOTHING, months=14, income=[{"monthly": 100, "invoice_months": 3, "payment_days": 0}])
    assert column(found, "receipts")[:7] == [0, 0, 0, 300, 0, 0, 300]
    assert [found.identity.uninvoiced, found.identity.billed_ahead, found.closing] == [200, 0, 1200]


def test_quarters_in_advance_are_billed_ahead_where_they_do_not_fit() -> None:
    stream = {"monthly": 100, "mode": "advance", "invoice_months": 3, "payment_days": 0}
    found = found_for(NOTHING, months=13, income=[stream])
    assert column(found, "receipts")[:5] == [0, 300, 0, 0, 300]
    assert [found.identity.uninvoiced, found.identity.billed_ahead, found.closing] == [0, 200, 1500]


def test_refund_of_vat() -> None:
    cost = {"monthly": 1_000, "vat": Decimal("0.20"), "supplier_days": 0}
    found = found_for(NOTHING, vat_registered=True, vat_recovery=1, cost=[cost], lag_vat=1)
    assert column(found, "vat") == [0, 0, 0, 0, -600, 0, 0, -600, 0, 0, -600, 0, 0]
    assert found.identity.vat_owed == -600


def test_first_quarter_takes_month_nought() -> None:
    one_off = {"month": 0, "amount": 1_000, "vat": Decimal("0.20")}
    found = found_for(NOTHING, vat_registered=True, vat_recovery=Decimal("0.5"), one_off=[one_off])
    assert found.months[5].vat == -100
    assert found.identity.one_offs == 1_100


# Pay --------------------------------------------------------------------------------------------------------


def test_employment_allowance_is_there_afresh_each_year() -> None:
    found = found_for(PAY, months=36, lag_paye=0, deductions=0, employment_allowance=10_500)
    paye = column(found, "paye")
    # 15% of 10,000 - 833.33 = 1,375 a month: seven months of it and 875 of the eighth.
    assert paye[1:10] == paye[13:22] == paye[25:34] == [0] * 7 + [500, 1_375]


def test_no_employer_ni_below_the_threshold() -> None:
    assert set(column(found_for(PAY, headcount=24, deductions=0), "paye")) == {0}


def test_pay_by_month() -> None:
    found = found_for(PAY, gross_pay=[1_000 * month for month in range(1, 13)])
    assert column(found, "net_pay") == [740 * month for month in range(13)]


# Funding ----------------------------------------------------------------------------------------------------


def test_last_instalment_takes_what_rounding_left() -> None:
    loan = {"month": 1, "amount": 100, "interest_only_months": 2, "instalments": 3, "fee": 0, "rate": 0}
    found = found_for(NOTHING, loan=loan)
    assert column(found, "capital")[3:8] == [0, Decimal("33.33"), Decimal("33.33"), Decimal("33.34"), 0]
    assert found.loan_outstanding == 0


def test_tiny_loan_is_not_repaid_twice() -> None:
    loan = {"month": 0, "amount": Decimal("0.10"), "interest_only_months": 0, "instalments": 12, "fee": 0, "rate": 0}
    assert sum(column(found_for(NOTHING, loan=loan), "capital")) == Decimal("0.10")


def test_loan_beyond_the_horizon_is_still_owed() -> None:
    found = found_for(NOTHING, loan={"month": 12, "amount": 1_000, "rate": Decimal("0.12")})
    assert [found.debt_service, found.loan_outstanding] == [0, 1_000]


def test_interest_of_a_loan_stands_from_the_month_after_it_is_drawn() -> None:
    found = found_for(NOTHING, loan={"month": 2, "amount": 1_200, "rate": Decimal("0.10"), "interest_only_months": 12})
    assert column(found, "interest")[:5] == [0, 0, 0, 10, 10]
    assert found.debt_service == 100


def test_grants_of_one_month_add_up() -> None:
    found = found_for(NOTHING, grant=[{"month": 3, "amount": 5}, {"month": 3, "amount": 7}])
    assert column(found, "grants")[3] == 12
    assert found.closing == 0


def test_buffer_of_no_months() -> None:
    found = found_for(PAY, buffer_months=0)
    assert found.recommended_facility == found.peak_within_month.amount


# Surplus ----------------------------------------------------------------------------------------------------


def test_surplus_is_of_the_first_year_whatever_the_horizon() -> None:
    cost = {"monthly": 1_200, "months": [12, 13]}
    found = found_for(NOTHING, months=24, income=[{"monthly": 1_000}], cost=[cost])
    assert [found.annual_surplus, found.identity.surplus] == [10_800, 21_600]


def test_surplus_bears_vat_that_is_not_recovered_but_no_one_off() -> None:
    vat = Decimal("0.20")
    found = found_for(
        NOTHING,
        vat_registered=True,
        vat_recovery=Decimal("0.25"),
        cost=[{"monthly": 100, "vat": vat}],
        one_off=[{"month": 1, "amount": 1_000, "vat": vat}],
    )
    assert [found.annual_surplus, found.identity.one_offs] == [-1_380, 1_150]


# Stress -----------------------------------------------------------------------------------------------------


def test_dearer_pay_raises_each_month_of_a_list() -> None:
    inputs = read({**PAY, "gross_pay": [1_000 * month for month in range(1, 13)]})
    raised = SCENARIOS["ST3"].change(inputs)
    assert raised.pay_by_month == tuple(1_050 * month for month in range(1, 13))


def test_late_main_contract_leaves_other_streams_alone() -> None:
    stream = {"monthly": 100, "payment_days": 0}
    found = stress(read({**NOTHING, "income": [stream, stream]}))
    assert column(found["ST1"], "receipts")[:4] == [0, 100, 200, 200]
    assert column(found["ST2"], "receipts")[:5] == [0, 100, 200, 300, 200]


def test_exempt_supplies_bear_no_vat_on_any_stream() -> None:
    inputs = read({**PAY, "vat_registered": True, "vat_recovery": 1, "income": [{"monthly": 100}, {"monthly": 100}]})
    assert max(column(stress(inputs)["ST6"], "receipts")) == 200


def test_dearer_one_offs_leave_bonds_alone() -> None:
    inputs = read({**NOTHING, "one_off": [{"month": 1, "amount": 100}], "bond": [{"month": 1, "cash": 100}]})
    month = stress(inputs)["ST5"].months[1]
    assert [month.one_off, month.bond] == [125, 100]
