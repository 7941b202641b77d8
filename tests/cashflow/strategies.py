"""Any table [cashflow] that is valid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from assessments.cashflow.inputs import Inputs
from assessments.cashflow.reading import read

Table = dict[str, Any]
Amounts = st.SearchStrategy[Decimal]

VAT = st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.20")])


def pounds(most: int = 2_000_000) -> Amounts:
    return st.decimals(0, most, places=2)


def share(most: str, places: int = 4) -> Amounts:
    return st.decimals(0, Decimal(most), places=places)


def tidy(most: int = 1_000) -> Amounts:
    """Amounts of which every line comes out in whole pennies: multiples of £1,200."""
    return st.integers(0, most).map(lambda number: Decimal(1_200 * number))


@st.composite
def tables(draw: st.DrawFn, amounts: Amounts | None = None, places: int = 4) -> Table:
    """Every key is given or left out. With `tidy()` amounts and two places nothing is ever rounded but ratios."""
    money = pounds() if amounts is None else amounts
    months = draw(st.integers(12, 36))
    month = st.integers(0, months)
    threshold = pounds(50_000) if amounts is None else tidy(41)
    table = draw(
        st.fixed_dictionaries(
            {
                "headcount": st.integers(1, 200),
                "gross_pay": money | st.lists(money, min_size=months, max_size=months),
                "income": st.lists(_incomes(money), min_size=1, max_size=3),
                # The default comes to whole pennies only for some headcounts.
                **({} if amounts is None else {"ni_threshold": threshold}),
            },
            optional={
                **({"ni_threshold": threshold} if amounts is None else {}),
                "vat_registered": st.booleans(),
                "vat_recovery": share("1", places),
                "ni_rate": share("0.30", places),
                "deductions": share("0.45", places),
                "employee_pension": share("0.15", places),
                "employer_pension": share("0.40", places),
                "employment_allowance": st.sampled_from([0, 10_500]),
                "lag_paye": st.integers(0, 2),
                "lag_pension": st.integers(0, 2),
                "lag_vat": st.integers(1, 3),
                "buffer_months": share("6", 1),
                "opening_cash": money,
                "cost": st.lists(_costs(money, months), max_size=3),
                "one_off": st.lists(st.fixed_dictionaries({"month": month, "amount": money, "vat": VAT}), max_size=3),
                "bond": st.lists(st.fixed_dictionaries({"month": month, "cash": money}), max_size=2),
                "grant": st.lists(st.fixed_dictionaries({"month": month, "amount": money}), max_size=2),
                "loan": _loans(month, amounts, places),
            },
        )
    )
    return {"months": months, **table}


def inputs() -> st.SearchStrategy[Inputs]:
    return tables().map(read)


def tidy_inputs() -> st.SearchStrategy[Inputs]:
    return tables(tidy(), places=2).map(read)


def _incomes(money: Amounts) -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries(
        {"monthly": money},
        optional={
            "mode": st.sampled_from(["arrears", "advance"]),
            "invoice_months": st.sampled_from([1, 3]),
            "payment_days": st.integers(0, 120),
            "vat": VAT,
            "early": st.booleans(),
        },
    )


def _costs(money: Amounts, months: int) -> st.SearchStrategy[Table]:
    return st.fixed_dictionaries(
        {"monthly": money},
        optional={
            "vat": VAT,
            "supplier_days": st.integers(0, 90),
            "months": st.lists(st.integers(1, months), min_size=1, max_size=6, unique=True),
        },
    )


@st.composite
def _loans(draw: st.DrawFn, month: st.SearchStrategy[int], amounts: Amounts | None, places: int) -> Table:
    instalments = draw(st.integers(1, 48))
    amount = draw(pounds()) if amounts is None else instalments * draw(tidy(20))
    return {
        "month": draw(month),
        "amount": amount,
        "fee": draw(share("0.20", places)),
        "rate": draw(share("0.20", places)),
        "interest_only_months": draw(st.integers(0, 24)),
        "instalments": instalments,
    }
