"""Everything that a page or a report tells of a forecast, ready to print: words, figures, rows and drawings.

Pure, and from stored plain data alone (`serialise.to_dict`), so that pages and reports say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessments.cashflow.months import Months
from assessments.cashflow.picture import BalancePicture, StressPicture, balance_picture, stress_picture
from assessments.cashflow.sentences import NOT_MODELLED, Plain, Point, Sentence, Told, Tone, point, sentences
from assessments.cashflow.stress import SCENARIOS
from assessments.cashflow.typed import exact_pounds, pounds

NONE = "none within the forecast"


@dataclass(frozen=True, slots=True)
class Headline:
    """The most money needed, to the pound, and when; and beside it what month-ends make of it. Ready to print."""

    amount: str
    month: str
    when: str
    """`in May 2027` or `before go-live`; empty where nothing is needed."""
    month_end_amount: str
    month_end_month: str
    is_needed: bool
    is_short: bool
    """Whether the funding planned leaves some day uncovered, or none is planned and some is needed."""
    funding: str
    """One sentence: whether the funding planned is enough."""


@dataclass(frozen=True, slots=True)
class Figure:
    title: str
    value: str
    meaning: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A month of the table. `is_lowest` marks the month of the headline."""

    month: str
    cells: tuple[str, ...]
    is_lowest: bool


@dataclass(frozen=True, slots=True)
class MonthTable:
    """Some columns by month: all at once are too wide for a page, and hide those that matter most."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class StressRow:
    """A stress case; `change` is against the base, with its sign."""

    code: str
    title: str
    need: str
    month: str
    change: str
    month_end: str
    surplus: str
    closing: str
    is_loss: bool


@dataclass(frozen=True, slots=True)
class Story:
    headline: Headline
    sentences: tuple[Sentence, ...]
    figures: tuple[Figure, ...]
    balances: MonthTable
    flows: MonthTable
    balance: BalancePicture
    stress: StressPicture
    stress_rows: tuple[StressRow, ...]
    not_modelled: tuple[str, ...]
    first_month: str
    last_month: str

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        return tuple(sentence for sentence in self.sentences if sentence.tone is Tone.WARNING)


def story_of(forecast: Plain, go_live: dt.date | None = None) -> Story:
    """`forecast` is what `serialise.to_dict` made; with a go-live date months have names, without it numbers."""
    months, told = Months(go_live), Told(forecast)
    said = sentences(forecast, months)
    return Story(
        headline=headline_of(forecast, go_live),
        sentences=said,
        figures=tuple(_figures(told, months)),
        balances=_month_table("Balances", _balance_columns(told), told, months),
        flows=_month_table("What comes in and goes out", _flow_columns(told), told, months),
        balance=balance_picture(forecast, months),
        stress=stress_picture(forecast),
        stress_rows=tuple(_stress_rows(told, months)),
        not_modelled=NOT_MODELLED,
        first_month=months.name(1),
        last_month=months.name(told.last),
    )


def headline_of(forecast: Plain, go_live: dt.date | None = None) -> Headline:
    """The short form, for a panel."""
    months, told = Months(go_live), Told(forecast)
    funding = next(sentence for sentence in sentences(forecast, months) if sentence.about == "funding")
    return Headline(
        amount=pounds(told.need.amount),
        month=_name(told.need, months),
        when="" if told.need.month is None else months.when(told.need.month),
        month_end_amount=pounds(told.need_month_end.amount),
        month_end_month=_name(told.need_month_end, months),
        is_needed=bool(told.need.amount),
        is_short=funding.tone is Tone.WARNING,
        funding=funding.text,
    )


def _name(at: Point, months: Months) -> str:
    return "" if at.month is None else months.name(at.month)


# Figures ----------------------------------------------------------------------------------------------------


def _figures(told: Told, months: Months) -> Iterator[Figure]:
    plain = told.plain
    yield Figure(
        "Most money needed, within a month",
        _at(told.need.amount, told.need.month, months),
        "All payments of the month leave before its income arrives. Plan with this figure.",
    )
    yield Figure(
        "Most money needed, at a month's end",
        _at(told.need_month_end.amount, told.need_month_end.month, months),
        "What a bank statement at the end of the month would show. Too hopeful to plan with.",
    )
    yield Figure(
        "Recommended facility",
        exact_pounds(told.facility),
        f"The most needed within a month and a buffer of {exact_pounds(told.buffer)}.",
    )
    if told.has_funding:
        yield Figure(
            "Lowest balance with the funding planned, within a month",
            _at(told.funded_low.amount, told.funded_low.month, months),
            "Below zero: somebody is not paid on time."
            if told.funded_low.amount < 0
            else "What is left at the worst moment.",
            told.funded_low.amount < 0,
        )
        yield Figure(
            "Lowest balance with the funding planned, at a month's end",
            _at(told.funded_month_end.amount, told.funded_month_end.month, months),
            "",
            told.funded_month_end.amount < 0,
        )
        yield Figure(
            "Months of cover with the funding planned",
            f"{_times(plain['months_of_cover']['lowest'])} at the lowest, "
            f"{_times(plain['months_of_cover']['closing'])} at the end",
            f"How many months of ordinary payments ({exact_pounds(told.outflow)} on average) a month's closing "
            "balance would pay for.",
        )
    yield Figure(
        "Surplus of the first year",
        exact_pounds(told.surplus),
        "Income less running costs, before one-off costs and bonds.",
        told.surplus < 0,
    )
    if told.cover is not None:
        yield Figure(
            "Debt service cover",
            f"{told.cover}",
            f"The surplus divided by interest and repayments of the first year ({exact_pounds(told.debt_service)}). "
            "Below 1 the loan is not repaid out of surplus.",
            told.cover < 1,
        )
    first, back = plain["first_positive_month"], plain["payback_month"]
    yield Figure(
        "First month with more coming in than going out",
        _capital(months.name(first)) if first else "None within the forecast",
        "",
    )
    yield Figure(
        "Payback month",
        _capital(months.name(back)) if back else "Not within the forecast",
        "From this month on no month ends below zero, even without funding.",
    )


def _at(amount: Decimal, month: int | None, months: Months) -> str:
    return exact_pounds(amount) if month is None else f"{exact_pounds(amount)}, {months.name(month)}"


def _times(ratio: str | None) -> str:
    return "not counted" if ratio is None else ratio


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# The tables by month -----------------------------------------------------------------------------------------

_ALWAYS_BEFORE = (("Receipts", ("receipts",)), ("Net pay", ("net_pay",)), ("PAYE and NI", ("paye",)))
_MIDDLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Pension", ("pension",)),
    ("Suppliers", ("suppliers",)),
    ("One-off", ("one_off",)),
    ("Bond", ("bond",)),
    ("VAT", ("vat",)),
)
_NET = ("Net", ("net",))
_BALANCES = (
    ("Month-end, before funding", ("cumulative",)),
    ("Low point, before funding", ("within_month_low",)),
)
_FUNDED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Grants and loan, less what they cost", ("grants", "loan_drawn", "-loan_fee", "-interest", "-capital")),
    ("Month-end, with funding", ("funded_balance",)),
    ("Low point, with funding", ("funded_low",)),
)


Column = tuple[str, tuple[str, ...]]


def _flow_columns(told: Told) -> Iterator[Column]:
    """Columns in which nothing ever stands are left out."""
    yield from _ALWAYS_BEFORE
    for title, keys in _MIDDLE:
        if any(Decimal(month[key]) for month in told.months for key in keys):
            yield title, keys
    yield _NET


def _balance_columns(told: Told) -> Iterator[Column]:
    yield from _BALANCES
    if told.has_funding:
        yield from _FUNDED


def _month_table(title: str, columns: Iterable[Column], told: Told, months: Months) -> MonthTable:
    heads, keys = zip(*columns, strict=True)
    return MonthTable(title, heads, tuple(_row(month, keys, told, months) for month in told.months))


def _row(month: Plain, columns: Iterable[tuple[str, ...]], told: Told, months: Months) -> Row:
    cells = tuple(pounds(_sum(month, keys)) for keys in columns)
    return Row(_capital(months.name(month["month"])), cells, month["month"] == told.need.month)


def _sum(month: Plain, keys: tuple[str, ...]) -> Decimal:
    signed = ((-1 if key.startswith("-") else 1, key.removeprefix("-")) for key in keys)
    return sum((sign * Decimal(month[key]) for sign, key in signed), Decimal(0))


# Stress -----------------------------------------------------------------------------------------------------


def _stress_rows(told: Told, months: Months) -> Iterator[StressRow]:
    yield _stress_row("", "As planned", told.plain, told, months)
    for code, case in told.plain["stress"].items():
        yield _stress_row(code, SCENARIOS[code].title, case, told, months)


def _stress_row(code: str, title: str, case: Plain, told: Told, months: Months) -> StressRow:
    need, surplus = point(case["peak_within_month"]), Decimal(case["annual_surplus"])
    return StressRow(
        code=code,
        title=title,
        need=pounds(need.amount),
        month=_capital(months.name(need.month)) if need.month is not None else "",
        change=_change(need.amount - told.need.amount) if code else "",
        month_end=pounds(point(case["peak_month_end"]).amount),
        surplus=pounds(surplus),
        closing=pounds(Decimal(_closing(case))),
        is_loss=surplus < 0,
    )


def _change(by: Decimal) -> str:
    if not by:
        return "no change"
    return f"{'+' if by > 0 else ''}{pounds(by)}"


def _closing(case: Plain) -> str:
    """P(N): stress cases carry it; of the base it is that of the last month."""
    closing: Mapping[str, str] = case if "closing" in case else {"closing": case["months"][-1]["cumulative"]}
    return closing["closing"]
