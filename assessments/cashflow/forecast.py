"""How much cash a new provider must have, before and after transfer (`domain/money-and-market.md`, 1g).

Month 0 is everything paid before go-live; months 1 to N follow. Receipts round to the later month, payments to the
earlier. Not modelled: corporation tax, asset purchases, seasonal pay awards, interest earned, apprenticeship levy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.cashflow.columns import ZERO, pennies, total
from assessments.cashflow.funding import Funding, funding
from assessments.cashflow.inputs import Inputs
from assessments.cashflow.payroll import Payroll, payroll
from assessments.cashflow.purchases import Purchases, purchases
from assessments.cashflow.sales import ON_TIME, Late, Sales, sales
from assessments.cashflow.vat import Vat, vat

YEAR = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One row. `cumulative` is P(t) and `within_month_low` W(t), both before any funding."""

    month: int
    receipts: Decimal
    early_receipts: Decimal
    net_pay: Decimal
    paye: Decimal
    pension: Decimal
    suppliers: Decimal
    one_off: Decimal
    bond: Decimal
    vat: Decimal
    net: Decimal
    cumulative: Decimal
    within_month_low: Decimal
    grants: Decimal
    loan_drawn: Decimal
    loan_fee: Decimal
    interest: Decimal
    capital: Decimal
    funded_balance: Decimal
    funded_low: Decimal

    @property
    def operating_outflow(self) -> Decimal:
        return self.net_pay + self.paye + self.pension + self.suppliers


@dataclass(frozen=True, slots=True)
class Point:
    """An amount and the earliest month in which it occurs; no month where nothing is needed."""

    amount: Decimal
    month: int | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Why the last cumulative figure is what it is: from surplus to cash.

    `uninvoiced` and `billed_ahead` are nothing but where a quarter's invoice reaches over the horizon.
    """

    surplus: Decimal
    one_offs: Decimal
    bonds: Decimal
    debtors: Decimal
    uninvoiced: Decimal
    creditors: Decimal
    billed_ahead: Decimal
    vat_owed: Decimal

    @property
    def closing(self) -> Decimal:
        """Equals P(N), to the penny."""
        spent = self.one_offs + self.bonds
        return (
            self.surplus - spent - self.debtors - self.uninvoiced + self.creditors + self.billed_ahead + self.vat_owed
        )


@dataclass(frozen=True, slots=True)
class Forecast:
    """Everything the calculator says. `peak_within_month` is the headline; `peak_month_end` is the optimistic figure.

    None: a month not within the horizon; cover where nothing is ever paid; debt service cover without debt service.
    """

    months: tuple[Month, ...]
    peak_within_month: Point
    peak_month_end: Point
    average_outflow: Decimal
    recommended_facility: Decimal
    lowest_cover: Decimal | None
    closing_cover: Decimal | None
    first_positive_month: int | None
    payback_month: int | None
    annual_surplus: Decimal
    debt_service: Decimal
    debt_service_cover: Decimal | None
    loan_outstanding: Decimal
    lowest_funded_month_end: Point
    lowest_funded_within_month: Point
    identity: Identity

    @property
    def closing(self) -> Decimal:
        """P(N): the last cumulative figure, before any funding."""
        return self.months[-1].cumulative

    @property
    def is_underfunded(self) -> bool:
        """Whether the funding planned leaves some payday uncovered, though month-ends may all look positive."""
        return self.lowest_funded_within_month.amount < 0


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of the forecast before they are put together."""

    sales: Sales
    payroll: Payroll
    purchases: Purchases
    vat: Vat
    funding: Funding

    def payments(self, t: int) -> Decimal:
        """Everything that leaves in a month (Pay); a refund of VAT makes it less."""
        pay, bought = self.payroll, self.purchases
        operating = pay.net_pay[t] + pay.paye[t] + pay.pension[t] + bought.suppliers[t]
        return operating + bought.one_off[t] + bought.bond[t] + self.vat.paid[t]

    def surplus(self, months: int) -> Decimal:
        """Of the first so many months (a year, or the horizon), by accrual, before one-offs and bonds."""
        upto = slice(1, months + 1)
        spent = total(self.payroll.cost[upto]) + total(self.purchases.net[upto])
        return self.sales.earned(months) - spent - self.vat.irrecoverable_on_costs(months)


def forecast(inputs: Inputs, late: Late = ON_TIME) -> Forecast:
    """The same inputs always give the same forecast. `late` delays what the main contract pays, as stress cases do."""
    lines = _lines(inputs, late)
    months = tuple(_months(inputs, lines))
    average = pennies(sum((month.operating_outflow for month in months), ZERO) / inputs.months)
    within = _peak([month.within_month_low for month in months])
    surplus, service = lines.surplus(YEAR), lines.funding.debt_service(YEAR)
    return Forecast(
        months=months,
        peak_within_month=within,
        peak_month_end=_peak([month.cumulative for month in months]),
        average_outflow=average,
        recommended_facility=within.amount + pennies(inputs.buffer_months * average),
        lowest_cover=_ratio(min(month.funded_balance for month in months[1:]), average),
        closing_cover=_ratio(months[-1].funded_balance, average),
        first_positive_month=next((month.month for month in months[1:] if month.net > 0), None),
        payback_month=_payback(months),
        annual_surplus=surplus,
        debt_service=service,
        debt_service_cover=_ratio(surplus, service),
        loan_outstanding=lines.funding.outstanding,
        lowest_funded_month_end=_lowest([month.funded_balance for month in months]),
        lowest_funded_within_month=_lowest([month.funded_low for month in months]),
        identity=_identity(inputs, lines),
    )


def _lines(inputs: Inputs, late: Late) -> Lines:
    sold, bought = sales(inputs, late), purchases(inputs)
    return Lines(sold, payroll(inputs), bought, vat(inputs, sold.output_vat, bought), funding(inputs))


def _months(inputs: Inputs, lines: Lines) -> Iterator[Month]:
    """Recurrence 6 to 8. All payments leave before the receipts that are not certain to be early."""
    cumulative, balance = ZERO, inputs.opening_cash
    for t, (receipts, early) in enumerate(zip(lines.sales.receipts, lines.sales.early, strict=True)):
        payments = lines.payments(t)
        net = receipts - payments
        balance += lines.funding.net(t)
        within_month_low, funded_low = (before + early - payments for before in (cumulative, balance))
        cumulative += net
        balance += net
        yield Month(
            month=t,
            receipts=receipts,
            early_receipts=early,
            net_pay=lines.payroll.net_pay[t],
            paye=lines.payroll.paye[t],
            pension=lines.payroll.pension[t],
            suppliers=lines.purchases.suppliers[t],
            one_off=lines.purchases.one_off[t],
            bond=lines.purchases.bond[t],
            vat=lines.vat.paid[t],
            net=net,
            cumulative=cumulative,
            within_month_low=within_month_low,
            grants=lines.funding.grants[t],
            loan_drawn=lines.funding.drawn[t],
            loan_fee=lines.funding.fee[t],
            interest=lines.funding.interest[t],
            capital=lines.funding.capital[t],
            funded_balance=balance,
            funded_low=funded_low,
        )


def _identity(inputs: Inputs, lines: Lines) -> Identity:
    one_offs = total(lines.purchases.one_off) - total(lines.purchases.one_off_vat)
    return Identity(
        surplus=lines.surplus(inputs.months),
        one_offs=one_offs + lines.vat.irrecoverable_on_one_offs,
        bonds=total(lines.purchases.bond),
        debtors=lines.sales.debtors,
        uninvoiced=lines.sales.uninvoiced,
        creditors=lines.payroll.creditors + lines.purchases.creditors,
        billed_ahead=lines.sales.billed_ahead,
        vat_owed=lines.vat.owed,
    )


def _lowest(balances: Sequence[Decimal]) -> Point:
    lowest = min(balances)
    return Point(lowest, balances.index(lowest))


def _peak(balances: Sequence[Decimal]) -> Point:
    """The funding that the lowest balance calls for."""
    lowest = _lowest(balances)
    return Point(-lowest.amount, lowest.month) if lowest.amount < 0 else Point(ZERO, None)


def _payback(months: Sequence[Month]) -> int | None:
    """The first month from which the cumulative figure is never negative again."""
    last_negative = max((month.month for month in months if month.cumulative < 0), default=0)
    return last_negative + 1 if last_negative < months[-1].month else None


def _ratio(amount: Decimal, by: Decimal) -> Decimal | None:
    """To two decimals; None by nothing."""
    return pennies(amount / by) if by else None
