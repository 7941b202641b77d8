"""One bad table for each fault, and what is said of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from assessments.cashflow.inputs import VAT_RATES, Billing, Inputs
from assessments.cashflow.reading import InputsError, read
from assessments.catalogue.problems import Problem
from tests.cashflow.strategies import Table, tables

LEAST: Table = {"gross_pay": 10_000, "headcount": 4, "income": [{"monthly": 20_000}]}

FIGURES = "Write figures only: no quotation marks, pound signs or commas."
WHOLE = "Write a whole number in figures, without quotation marks or decimals."
TRUE = "Write true or false, without quotation marks."
OUTSIDE = "Check the figure: it lies outside what can be worked with."
OF_ONE = "Write it as a share of one: 0.15 for 15%."
DECIMALS = "Write fewer decimals: pence at two, shares and rates at six."
BEYOND = "Move it to an earlier month, or lengthen the forecast with `months`."
ROW = "Write [[cashflow.cost]] and its keys on the lines below."
UNPRINTABLE = "Take out the characters that cannot be printed."
ONE_OF = "Use one of these figures."

PAY = "pounds a month from 0 to 20,000,000, or a list of 12 of them"
AMOUNT = "pounds from 0 to 50,000,000"
MONTH = "a month from 0 (before go-live) to 12"
MONTHS = "a list of months from 1 to 12, each once"
NAME = "text on one line, of at most 200 letters"


def income(**changes: object) -> Table:
    return {"income": [{"monthly": 20_000}, {"monthly": 1, **changes}]}


def cost(**changes: object) -> Table:
    return {"cost": [{"monthly": 100, **changes}]}


def one_off(**changes: object) -> Table:
    return {"one_off": [{"month": 0, "amount": 5, **changes}]}


def loan(**changes: object) -> Table:
    return {"loan": {"month": 0, "amount": 5, **changes}}


FAULTS = [
    ({"months": 11}, "months", "11", "a whole number from 12 to 36", OUTSIDE),
    ({"months": 37}, "months", "37", "a whole number from 12 to 36", OUTSIDE),
    ({"months": True}, "months", "True", "a whole number from 12 to 36", WHOLE),
    ({"vat_registered": "yes"}, "vat_registered", "'yes'", "true or false", TRUE),
    ({"vat_recovery": 95}, "vat_recovery", "95", "a number from 0 to 1", OF_ONE),
    ({"gross_pay": -1}, "gross_pay", "-1", PAY, OUTSIDE),
    ({"gross_pay": "10,000"}, "gross_pay", "'10,000'", PAY, FIGURES),
    ({"gross_pay": float("nan")}, "gross_pay", "NaN", PAY, FIGURES),
    ({"gross_pay": [*[1] * 11, 20_000_001]}, "gross_pay[#12]", "20000001", PAY, OUTSIDE),
    (
        {"gross_pay": [1, 2]},
        *("gross_pay", "[1, 2]", PAY, "Give one amount for each month, or a single one for all."),
    ),
    ({"headcount": 0}, "headcount", "0", "a whole number from 1 to 10,000", OUTSIDE),
    ({"headcount": 4.5}, "headcount", "4.5", "a whole number from 1 to 10,000", WHOLE),
    ({"ni_rate": 15}, "ni_rate", "15", "a number from 0 to 0.30", OF_ONE),
    ({"ni_rate": Decimal("0.1234567")}, "ni_rate", "0.1234567", "a number from 0 to 0.30", DECIMALS),
    ({"ni_threshold": 50_001}, "ni_threshold", "50001", "pounds from 0 to 50,000", OUTSIDE),
    ({"deductions": 0.46}, "deductions", "0.46", "a number from 0 to 0.45", OF_ONE),
    ({"employee_pension": 0.16}, "employee_pension", "0.16", "a number from 0 to 0.15", OF_ONE),
    ({"employer_pension": 0.41}, "employer_pension", "0.41", "a number from 0 to 0.40", OF_ONE),
    ({"employment_allowance": 5_000}, "employment_allowance", "5000", "0, 10500", ONE_OF),
    ({"lag_paye": 3}, "lag_paye", "3", "a whole number from 0 to 2", OUTSIDE),
    ({"lag_pension": 3}, "lag_pension", "3", "a whole number from 0 to 2", OUTSIDE),
    ({"lag_vat": 0}, "lag_vat", "0", "a whole number from 1 to 3", OUTSIDE),
    ({"buffer_months": 7}, "buffer_months", "7", "a number from 0 to 6", OUTSIDE),
    ({"opening_cash": -5}, "opening_cash", "-5", AMOUNT, OUTSIDE),
    (
        {"income": []},
        *("income", "[]", "a list of tables, 1 to 500", "Add a table [[cashflow.income]] for the main contract."),
    ),
    (income(name="two\nlines"), "income[#2].name", r"'two\nlines'", NAME, UNPRINTABLE),
    (income(name="n" * 201), "income[#2].name", f"'{'n' * 89}…", NAME, "Shorten it."),
    (income(name=7), "income[#2].name", "7", NAME, "Put it in quotation marks."),
    (income(monthly=50_000_001), "income[#2].monthly", "50000001", AMOUNT, OUTSIDE),
    (income(monthly=0.125), "income[#2].monthly", "0.125", AMOUNT, DECIMALS),
    (
        income(mode="later"),
        *("income[#2].mode", "'later'", "arrears, advance", "Use one of these words, in quotation marks."),
    ),
    (income(invoice_months=2), "income[#2].invoice_months", "2", "1 (monthly) or 3 (quarterly)", ONE_OF),
    (income(payment_days=121), "income[#2].payment_days", "121", "a whole number from 0 to 120", OUTSIDE),
    (income(vat=20), "income[#2].vat", "20", "0, 0.05, 0.20", ONE_OF),
    (income(early=1), "income[#2].early", "1", "true or false", TRUE),
    ({"cost": 5}, "cost", "5", "a list of tables, 0 to 2,160", ROW),
    ({"cost": [5]}, "cost[#1]", "5", "a table with name, monthly, vat, supplier_days, months", ROW),
    (cost(supplier_days=91), "cost[#1].supplier_days", "91", "a whole number from 0 to 90", OUTSIDE),
    (cost(vat=0.175), "cost[#1].vat", "0.175", "0, 0.05, 0.20", ONE_OF),
    (cost(months=[0]), "cost[#1].months[#1]", "0", MONTHS, OUTSIDE),
    (cost(months=[1, 13]), "cost[#1].months[#2]", "13", MONTHS, BEYOND),
    (cost(months=[4, 4]), "cost[#1].months", "[4, 4]", MONTHS, "Take out the month that stands there twice."),
    (
        cost(months=[]),
        *("cost[#1].months", "[]", MONTHS, "Name a month, or leave `months` out for a cost of every month."),
    ),
    (one_off(month=13), "one_off[#1].month", "13", MONTH, BEYOND),
    (one_off(month=-1), "one_off[#1].month", "-1", MONTH, OUTSIDE),
    (one_off(amount=-1), "one_off[#1].amount", "-1", AMOUNT, OUTSIDE),
    ({"bond": [{"month": 1}]}, "bond[#1].cash", "nothing", AMOUNT, "Add the key."),
    ({"grant": [{"amount": 1}]}, "grant[#1].month", "nothing", MONTH, "Add the key."),
    ({"loan": 5}, "loan", "5", "a table", "Write [cashflow.loan] and its keys on the lines below."),
    (loan(month=20), "loan.month", "20", MONTH, BEYOND),
    (loan(fee=2.5), "loan.fee", "2.5", "a number from 0 to 0.20", OF_ONE),
    (loan(rate=7.5), "loan.rate", "7.5", "a number from 0 to 0.20", OF_ONE),
    (loan(interest_only_months=61), "loan.interest_only_months", "61", "a whole number from 0 to 60", OUTSIDE),
    (loan(instalments=0), "loan.instalments", "0", "a whole number from 1 to 360", OUTSIDE),
    (
        loan(term=24),
        *("loan.term", "'term'", "month, amount, fee, rate, interest_only_months, instalments"),
        "Take it out, or check how it is spelled.",
    ),
    (
        {"headcounts": 4},
        *("headcounts", "'headcounts'", ", ".join(Inputs.model_fields), "Did you mean headcount?"),
    ),
]


@pytest.mark.parametrize(("changes", "key", "found", "allowed", "mend"), FAULTS, ids=[fault[1] for fault in FAULTS])
def test_one_fault_is_one_problem(changes: Table, key: str, found: str, allowed: str, mend: str) -> None:
    with pytest.raises(InputsError) as error:
        read({**LEAST, **changes}, "river.toml")
    assert error.value.problems == (Problem("river.toml", f"cashflow.{key}", found, allowed, mend),)


@pytest.mark.parametrize("key", LEAST)
def test_key_that_cannot_be_left_out(key: str) -> None:
    with pytest.raises(InputsError) as error:
        read({name: value for name, value in LEAST.items() if name != key})
    assert [(problem.key, problem.found) for problem in error.value.problems] == [(f"cashflow.{key}", "nothing")]


def test_too_many_lines() -> None:
    with pytest.raises(InputsError) as error:
        read({**LEAST, "cost": [{"monthly": 1}] * 2_161})
    assert [(problem.key, problem.mend) for problem in error.value.problems] == [("cashflow.cost", ROW)]


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(InputsError) as error:
        read({"months": 13, "gross_pay": "x", "income": [{"monthly": -1, "typo": 1}, 3], **one_off(month=14)})
    assert [problem.key for problem in error.value.problems] == [
        "cashflow.gross_pay",
        "cashflow.headcount",
        "cashflow.income[#1].monthly",
        "cashflow.income[#1].typo",
        "cashflow.income[#2]",
        "cashflow.one_off[#1].month",
    ]
    assert "cashflow.one_off[#1].month\n  found:   14\n  allowed: a month from 0 (before go-live) to 13" in str(
        error.value
    )


def test_faulty_horizon_is_no_fault_of_the_months_in_it() -> None:
    with pytest.raises(InputsError) as error:
        read({**LEAST, "months": 3, **one_off(month=4)})
    assert [problem.key for problem in error.value.problems] == ["cashflow.months"]


@pytest.mark.parametrize("figure", [float("inf"), Decimal("1E+9999999"), Decimal("sNaN"), 10**400, None, [], {}])
def test_no_figure_that_is_none(figure: Any) -> None:
    with pytest.raises(InputsError) as error:
        read({**LEAST, "opening_cash": figure})
    assert [problem.key for problem in error.value.problems] == ["cashflow.opening_cash"]


# What is read -----------------------------------------------------------------------------------------------


def test_defaults_of_the_specification() -> None:
    found = read(LEAST)
    assert found.model_dump(exclude=set(LEAST)) == {
        "months": 12,
        "vat_registered": False,
        "vat_recovery": 0,
        "ni_rate": Decimal("0.15"),
        "ni_threshold": 5_000,
        "deductions": Decimal("0.20"),
        "employee_pension": Decimal("0.06"),
        "employer_pension": Decimal("0.20"),
        "employment_allowance": 0,
        "lag_paye": 1,
        "lag_pension": 1,
        "lag_vat": 2,
        "buffer_months": 1,
        "opening_cash": 0,
        **dict.fromkeys(("cost", "one_off", "bond", "grant"), ()),
        "loan": None,
    }


def test_defaults_of_a_stream_of_income() -> None:
    stream = read(LEAST).main_contract
    assert (stream.mode, stream.invoice_months, stream.payment_days) == (Billing.ARREARS, 1, 30)
    assert (stream.vat, stream.early) == (None, False)


def test_defaults_of_costs_and_of_a_loan() -> None:
    found = read({**LEAST, **cost(), **loan()})
    assert [found.cost[0].supplier_days, found.cost[0].vat, found.cost[0].months] == [30, 0, None]
    assert found.loan is not None
    assert (found.loan.fee, found.loan.rate) == (Decimal("0.025"), Decimal("0.075"))
    assert (found.loan.interest_only_months, found.loan.instalments) == (6, 24)


@pytest.mark.parametrize(
    ("registered", "vat", "expected"),
    [(True, {}, VAT_RATES[2]), (False, {}, 0), (True, {"vat": 0}, 0), (False, {"vat": 0.2}, 0)],
    ids=["taxable-when-registered", "none-when-not", "exempt-when-said", "none-when-not-whatever-is-said"],
)
def test_output_vat(registered: bool, vat: Table, expected: Decimal) -> None:
    found = read({**LEAST, "vat_registered": registered, "income": [{"monthly": 1, **vat}]})
    assert found.output_vat(found.main_contract) == expected


def test_recovery_is_nothing_where_not_registered() -> None:
    assert read({**LEAST, "vat_recovery": 1}).recovery == 0


def test_floats_are_what_they_show() -> None:
    assert read({**LEAST, "opening_cash": 0.1, "deductions": 0.2}).opening_cash == Decimal("0.1")


@given(tables())
def test_stored_inputs_come_back_as_they_were(table: Table) -> None:
    found = read(table)
    assert Inputs.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    "changes",
    [one_off(month=13), cost(months=[13]), loan(month=13), {"gross_pay": [1] * 13}],
    ids=["one-off", "cost", "loan", "pay"],
)
def test_inputs_made_in_code_keep_to_the_horizon_too(changes: Table) -> None:
    with pytest.raises(ValueError, match="month"):
        Inputs.model_validate({**LEAST, **changes})
