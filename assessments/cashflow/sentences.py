"""What a forecast says, in sentences for people who read no tables. From the plain data of `serialise.to_dict`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from assessments.cashflow.months import BEFORE, Months
from assessments.cashflow.typed import pounds

Plain = Mapping[str, Any]

NOT_MODELLED = (
    "corporation tax (due after month 21)",
    "buying assets",
    "pay awards that come at one time of the year",
    "interest earned",
    "the apprenticeship levy (enter it as a cost if the pay bill is over £3 million a year)",
)

ADVANCE = "ST8"
ALMOST_ALL = Decimal("0.99")
"""What is not all must not be rounded to all."""


class Tone(StrEnum):
    PLAIN = "plain"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`about` names what it speaks of: need, month-ends, funding, facility, surplus, debt, payback or stress."""

    about: str
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Point:
    amount: Decimal
    month: int | None


class Told:
    """The figures of a plain forecast that sentences and pictures speak of."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self.need, self.need_month_end = point(plain["peak_within_month"]), point(plain["peak_month_end"])
        self.funded_low = point(plain["lowest_funded_within_month"])
        self.funded_month_end = point(plain["lowest_funded_month_end"])
        self.facility, self.outflow = Decimal(plain["recommended_facility"]), Decimal(plain["average_outflow"])
        self.surplus, self.debt_service = Decimal(plain["annual_surplus"]), Decimal(plain["debt_service"])
        self.months: list[Plain] = plain["months"]

    @property
    def has_funding(self) -> bool:
        """Whether any money is planned beside what the service earns."""
        return any(month["funded_balance"] != month["cumulative"] for month in self.months)

    @property
    def last(self) -> int:
        return len(self.months) - 1

    @property
    def buffer(self) -> Decimal:
        return self.facility - self.need.amount

    @property
    def cover(self) -> Decimal | None:
        """Of debt service by surplus."""
        given = self.plain["debt_service_cover"]
        return None if given is None else Decimal(given)


def point(plain: Plain) -> Point:
    return Point(Decimal(plain["amount"]), plain["month"])


def sentences(plain: Plain, months: Months) -> tuple[Sentence, ...]:
    """In the order in which a board would ask: how much, is it there, does it pay, what if."""
    told = Told(plain)
    return (
        _need(told, months),
        *_month_ends(told, months),
        _funding(told, months),
        *_facility(told),
        _surplus(told),
        *_debt(told),
        _payback(told, months),
        *_stress(told, months),
    )


def _need(told: Told, months: Months) -> Sentence:
    if not told.need.amount:
        return Sentence("need", "On these figures the account never falls below zero: no working capital is needed.")
    return Sentence(
        "need",
        f"Without funding, the account would fall to {pounds(told.need.amount)} below zero "
        f"{months.when(told.need.month or 0)}. That is the most money the service needs.",
    )


def _month_ends(told: Told, months: Months) -> Iterator[Sentence]:
    within, at_end = told.need.amount, told.need_month_end
    if within == at_end.amount or not within:
        return
    told_of_ends = (
        "At month-ends nothing seems to be needed at all."
        if not at_end.amount
        else f"At month-ends the need looks like {pounds(at_end.amount)} ({months.name(at_end.month or 0)})."
    )
    yield Sentence(
        "month-ends",
        f"{told_of_ends} That figure is too hopeful: pay, tax and suppliers leave the account before the month's "
        "income arrives.",
    )


def _funding(told: Told, months: Months) -> Sentence:
    low, end = told.funded_low, told.funded_month_end
    if not told.has_funding:
        if not told.need.amount:
            return Sentence("funding", "No funding is entered, and none is needed on these figures.")
        return Sentence("funding", "No funding is entered yet, so all of this is still to be found.", Tone.WARNING)
    if low.amount >= 0:
        return Sentence(
            "funding",
            f"The funding planned is enough on these figures: {pounds(low.amount)} is left at the lowest point, "
            f"{months.when(low.month or 0)}.",
        )
    short = f"{pounds(-low.amount)} short"
    if end.amount >= 0:
        return Sentence(
            "funding",
            f"With the funding planned month-ends look positive, but in payroll week of {months.name(low.month or 0)} "
            f"the account is {short}.",
            Tone.WARNING,
        )
    if not low.month:
        return Sentence("funding", f"With the funding planned the account is already {short} {BEFORE}.", Tone.WARNING)
    return Sentence(
        "funding",
        f"With the funding planned the account is still {short} within the month, {months.when(low.month or 0)}, and "
        f"{pounds(-end.amount)} below zero {_at_the_end_of(end.month or 0, months)}.",
        Tone.WARNING,
    )


def _at_the_end_of(month: int, months: Months) -> str:
    return months.name(0) if month == 0 else f"at the end of {months.name(month)}"


def _facility(told: Told) -> Iterator[Sentence]:
    if not told.facility:
        return
    kept = f"keep {pounds(told.buffer)} in hand" if told.buffer else "keep nothing in hand"
    yield Sentence("facility", f"A facility of {pounds(told.facility)} would cover the need and {kept} for surprises.")


def _surplus(told: Told) -> Sentence:
    if told.surplus < 0:
        return Sentence(
            "surplus",
            f"In its first year the service costs {pounds(-told.surplus)} more than it earns. Working capital bridges "
            "the time until income arrives; it cannot pay for a loss. The price or the costs must change first.",
            Tone.WARNING,
        )
    if not told.surplus:
        return Sentence("surplus", "In its first year the service earns exactly what it costs: nothing is left over.")
    return Sentence(
        "surplus",
        f"In its first year the service earns {pounds(told.surplus)} more than it costs, before one-off costs.",
    )


def _debt(told: Told) -> Iterator[Sentence]:
    if told.cover is None:
        return
    paid = f"Interest and repayments of the first year come to {pounds(told.debt_service)}"
    if told.surplus >= told.debt_service:
        yield Sentence("debt", f"{paid}; the surplus covers them {told.cover} times.")
    else:
        share = min(told.surplus / told.debt_service, ALMOST_ALL)
        covered = f"the surplus pays {share:.0%} of them" if told.surplus > 0 else "there is no surplus to pay them"
        yield Sentence("debt", f"{paid}; {covered}. The loan is not repaid out of surplus.", Tone.WARNING)


def _payback(told: Told, months: Months) -> Sentence:
    first, back = told.plain["first_positive_month"], told.plain["payback_month"]
    begins = (
        f"The first month in which more comes in than goes out is {months.name(first)}."
        if first
        else "In no month does more come in than goes out."
    )
    if back is None:
        rest = f"By the end of the forecast ({months.name(told.last)}) what was paid out has not been earned back."
    elif back == 1 and not told.need_month_end.amount:
        rest = "No month ends below zero."
    else:
        rest = f"From {months.name(back)} on, no month ends below zero, even without funding."
    return Sentence("payback", f"{begins} {rest}")


def _stress(told: Told, months: Months) -> Iterator[Sentence]:
    """The hardest case, what billing in advance would do, and cases that turn the year into a loss."""
    needs = {code: point(case["peak_within_month"]) for code, case in told.plain["stress"].items()}
    hardest = max(needs, key=lambda code: needs[code].amount, default=None)
    if hardest and needs[hardest].amount > told.need.amount:
        yield Sentence(
            "stress",
            f"Of the cases tried, the hardest is this: {STRESS_SHORT[hardest].lower_first}. The need then rises to "
            f"{pounds(needs[hardest].amount)}, {months.when(needs[hardest].month or 0)}.",
        )
    ahead = needs.get(ADVANCE)
    if ahead and ahead.amount < told.need.amount:
        yield Sentence(
            "stress",
            "Being paid monthly in advance, in 30 days, would lower the need to "
            f"{pounds(ahead.amount)}. It is the cheapest thing to ask for.",
        )
    losses = [
        STRESS_SHORT[code].lower_first
        for code, case in told.plain["stress"].items()
        if Decimal(case["annual_surplus"]) < 0 and code != "ST7"
    ]
    if losses and told.surplus >= 0:
        yield Sentence("stress", f"The year turns into a loss if {_or(losses)}.", Tone.WARNING)


def _or(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


@dataclass(frozen=True, slots=True)
class Short:
    """A stress case in a few words, for a picture; and as the middle of a sentence."""

    title: str

    @property
    def lower_first(self) -> str:
        return self.title[:1].lower() + self.title[1:]


STRESS_SHORT: Mapping[str, Short] = {
    "ST1": Short("The main contract pays a month late"),
    "ST2": Short("The first invoice is paid two months late"),
    "ST3": Short("Pay rises by 5% and the price does not"),
    "ST4": Short("The main contract brings 10% less"),
    "ST5": Short("One-off costs are 25% higher"),
    "ST6": Short("The service is ruled exempt from VAT"),
    "ST7": Short("Late receipts, dearer pay, dearer one-offs"),
    "ST8": Short("The main contract pays in advance"),
    "ST9": Short("The main contract is billed quarterly"),
    "ST10": Short("Suppliers give no credit"),
}
