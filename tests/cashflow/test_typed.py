"""Figures and months as people type them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.cashflow.by_month import CostRow, lines_of, rows_of
from assessments.cashflow.months import Months, NotAMonth
from assessments.cashflow.typed import NotAFigure, amount, in_per_cent, in_pounds, pounds, share, whole

NAMED = Months(dt.date(2027, 4, 30))
COUNTED = Months()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", "1234"),
        ("1,234.56", "1234.56"),
        ("£1,234", "1234"),
        ("£ 1 234.50", "1234.50"),
        ("1\u00a0234", "1234"),
        ("1.", "1"),
        (".5", "0.5"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("(1,234.50)", "-1234.50"),
        ("-0", "0"),
    ],
)
def test_amount(text: str, value: str) -> None:
    assert amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "£", "1,23", "1.234,56", "1 2", "12,34,567", "1e5", "abc", "٣", "½", "1" * 41, "--1"]
)
def test_no_amount(text: str) -> None:
    with pytest.raises(NotAFigure):
        amount(text)


@pytest.mark.parametrize(
    ("text", "value"), [("15", "0.15"), ("15%", "0.15"), ("0", "0"), ("0.5%", "0.005"), ("2.5 %", "0.025")]
)
def test_share(text: str, value: str) -> None:
    assert share(text) == Decimal(value)


@pytest.mark.parametrize("text", ["0.15", ".2", "x%", ""])
def test_share_that_may_mean_another(text: str) -> None:
    with pytest.raises(NotAFigure):
        share(text)


@pytest.mark.parametrize("text", ["", "1.5", "x", "1e3", "٣", "9" * 20])
def test_no_whole_number(text: str) -> None:
    with pytest.raises(NotAFigure):
        whole(text)


@given(st.decimals(0, 50_000_000, places=2))
def test_pounds_come_back(value: Decimal) -> None:
    assert amount(in_pounds(value)) == value


@given(st.decimals(0, 1, places=6))
def test_shares_come_back(value: Decimal) -> None:
    assert share(in_per_cent(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "£0"), ("-0.4", "£0"), ("0.5", "£1"), ("-1234.5", "-£1,235"), ("1234567.49", "£1,234,567")],
)
def test_to_the_pound(value: str, text: str) -> None:
    assert pounds(Decimal(value)) == text


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("April 2027", 1), ("apr 27", 1), ("Apr-27", 1), ("APRIL 2027", 1), ("2027-04", 1), ("2027-04-30", 1),
        ("04/2027", 1), ("01/04/2027", 1), ("Sept 2027", 6), ("March 2028", 12), ("April", 1), ("March", 12),
        ("Month 3", 3), ("M3", 3), ("3", 3), ("before go-live", 0), ("0", 0),
    ],
)  # fmt: skip
def test_month(text: str, month: int) -> None:
    assert NAMED.number(text) == month


@pytest.mark.parametrize("text", ["", "Smarch 2027", "2027-13", "13/13/2027", "March 2027", "x", "ma 27", "100"])
def test_no_month(text: str) -> None:
    with pytest.raises(NotAMonth):
        NAMED.number(text)


@pytest.mark.parametrize("names", [NAMED, COUNTED])
@given(months=st.sets(st.integers(1, 36), min_size=1).map(sorted))
def test_lists_of_months_come_back(names: Months, months: list[int]) -> None:
    assert names.numbers(names.list(months)) == tuple(months)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("1 to 3, 7", (1, 2, 3, 7)),
        ("1-3", (1, 2, 3)),
        ("April 2027 and July 2027", (1, 4)),
        ("April to June", (1, 2, 3)),
    ],
)
def test_lists_as_people_write_them(text: str, months: tuple[int, ...]) -> None:
    assert NAMED.numbers(text) == months


@given(
    st.lists(st.decimals(0, 100, places=2), min_size=12, max_size=12),
    st.text("ab ()", max_size=8),
    st.sampled_from([Decimal(0), Decimal("0.20")]),
    st.integers(0, 90),
)
def test_costs_by_month_come_back_to_the_penny(amounts: list[Decimal], name: str, vat: Decimal, days: int) -> None:
    lines = lines_of(CostRow(name, vat, days, by_month=tuple(amounts)))
    rows = list(rows_of(lines, 12))

    by_month = [Decimal(0)] * 12
    for line in lines:
        for month in line.get("months", range(1, 13)):
            by_month[month - 1] += line["monthly"]
    assert by_month == amounts
    assert [line for row in rows for line in lines_of(row)] == lines
    assert len(rows) == 1


def test_lines_that_only_look_alike_stay_apart() -> None:
    lines = [
        {"name": "Rent (month 1)", "monthly": Decimal(5), "vat": Decimal(0), "supplier_days": 30, "months": [1]},
        {"name": "Rent (month 2)", "monthly": Decimal(5), "vat": Decimal(0), "supplier_days": 30, "months": [2]},
    ]

    assert [row.months for row in rows_of(lines, 12)] == [(1,), (2,)]
