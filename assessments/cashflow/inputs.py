"""What working capital is worked out from: the table [cashflow] of an answers file, with its ranges and defaults.

In brackets stand the letters of the specification (`domain/money-and-market.md`, 1g). Ranges and defaults are its
own; where it gives none, those here are wide enough for any service and keep a slip of the keyboard out.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

T = TypeVar("T")

SHORTEST, LONGEST = 12, 36
MOST_LINES = 500
MOST_COST_LINES = 2_160
"""Sixty costs that differ every month for three years: each amount is a line of its own (`by_month`)."""
LONGEST_NAME = 200
LONGEST_COST_NAME = 320
"""With room for the months that `by_month` writes behind it."""

VAT_RATES = (Decimal("0"), Decimal("0.05"), Decimal("0.20"))
STANDARD_VAT = VAT_RATES[-1]
ALLOWANCES = (Decimal("0"), Decimal("10500"))


class Billing(StrEnum):
    ARREARS = "arrears"
    ADVANCE = "advance"


def _figure(value: object, info: ValidationInfo) -> Decimal:
    """A number as a file or a form gives it. Text counts only in JSON of our own, where it keeps every decimal."""
    stored = info.mode == "json" and isinstance(value, str)
    if isinstance(value, bool) or not (stored or isinstance(value, int | float | Decimal)):
        raise PydanticCustomError("not_a_figure", "not a figure")
    try:
        # Adding nothing turns -0 into 0.
        return Decimal(str(value)) + 0
    except ArithmeticError:
        raise PydanticCustomError("not_a_figure", "not a figure") from None


def _vat_rate(value: Decimal) -> Decimal:
    if value not in VAT_RATES:
        raise PydanticCustomError("not_in_list", "not a rate of VAT")
    return value


def _allowance(value: Decimal) -> Decimal:
    if value not in ALLOWANCES:
        raise PydanticCustomError("not_in_list", "not an amount of the Employment Allowance")
    return value


def _one_or_three(value: int) -> int:
    if value not in (1, 3):
        raise PydanticCustomError("not_in_list", "neither monthly nor quarterly")
    return value


def _within_horizon(month: int, info: ValidationInfo) -> int:
    """Who reads a whole table says with `months` how long it is, so that each month is checked where it stands."""
    if month > (info.context or {}).get("months", LONGEST):
        raise PydanticCustomError("beyond_horizon", "a month after the last")
    return month


def _some(rows: tuple[T, ...]) -> tuple[T, ...]:
    """Instead of `min_length`, which calls a list empty whose only row is faulty."""
    if not rows:
        raise PydanticCustomError("empty", "an empty list")
    return rows


def _each_once(months: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(months)) < len(months):
        raise PydanticCustomError("twice", "a month that stands there twice")
    return months


def _one_a_month(pay: tuple[Decimal, ...], info: ValidationInfo) -> tuple[Decimal, ...]:
    if len(pay) != (info.context or {}).get("months", len(pay)):
        raise PydanticCustomError("not_one_a_month", "not one for each month")
    return pay


Figure = Annotated[Decimal, BeforeValidator(_figure)]
Pounds = Annotated[Figure, Field(ge=0, le=50_000_000, decimal_places=2)]
Pay = Annotated[Figure, Field(ge=0, le=20_000_000, decimal_places=2)]
# Six decimals keep every product exact within the 28 figures of a Decimal.
Rate = Annotated[Figure, Field(decimal_places=6)]
VatRate = Annotated[Figure, AfterValidator(_vat_rate)]
Whole = Annotated[int, Field(strict=True)]
YesNo = Annotated[bool, Field(strict=True)]
Month = Annotated[Whole, Field(ge=0, le=LONGEST), AfterValidator(_within_horizon)]
PaidMonth = Annotated[Whole, Field(ge=1, le=LONGEST), AfterValidator(_within_horizon)]
PRINTED = r"^[^\x00-\x1f\x7f\x{fffe}\x{ffff}]*$"
Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME, pattern=PRINTED)]
CostName = Annotated[str, StringConstraints(max_length=LONGEST_COST_NAME, pattern=PRINTED)]
GrossPay = Annotated[
    Annotated[Pay, Tag("one amount")]
    | Annotated[tuple[Pay, ...], AfterValidator(_one_a_month), Tag("a list by month")],
    Discriminator(lambda value: "a list by month" if isinstance(value, list | tuple) else "one amount"),
]


class Table(BaseModel):
    """A part of the table. Unknown keys are faults; what it holds never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Income(Table):
    """A stream of income (inc[s]). Left out, VAT is the standard rate where the body is registered, else none."""

    name: Name = ""
    monthly: Pounds
    mode: Billing = Billing.ARREARS
    invoice_months: Annotated[Whole, AfterValidator(_one_or_three)] = 1
    payment_days: Whole = Field(30, ge=0, le=120)
    vat: VatRate | None = None
    early: YesNo = False


class Cost(Table):
    """A cost of every month, or only of those in `months` (cost[c])."""

    name: CostName = ""
    monthly: Pounds
    vat: VatRate = VAT_RATES[0]
    supplier_days: Whole = Field(30, ge=0, le=90)
    months: Annotated[tuple[PaidMonth, ...], AfterValidator(_some), AfterValidator(_each_once)] | None = None


class OneOff(Table):
    """Paid once, in its month (oneoff[k])."""

    name: Name = ""
    month: Month
    amount: Pounds
    vat: VatRate = VAT_RATES[0]


class Bond(Table):
    """A premium or a deposit for a pension bond (bond[b]). A deposit does not come back within the horizon."""

    month: Month
    cash: Pounds


class Grant(Table):
    month: Month
    amount: Pounds


class Loan(Table):
    """Drawn once; interest only for a while (h), then equal instalments of capital (n)."""

    month: Month
    amount: Pounds
    fee: Rate = Field(Decimal("0.025"), ge=0, le=Decimal("0.20"))
    rate: Rate = Field(Decimal("0.075"), ge=0, le=Decimal("0.20"))
    interest_only_months: Whole = Field(6, ge=0, le=60)
    instalments: Whole = Field(24, ge=1, le=360)


class Inputs(Table):
    """Everything, for months 0 (before go-live) to `months` (N). The first income is the main contract."""

    months: Whole = Field(12, ge=SHORTEST, le=LONGEST)
    vat_registered: YesNo = False
    vat_recovery: Rate = Field(Decimal(0), ge=0, le=1)
    gross_pay: GrossPay
    headcount: Whole = Field(ge=1, le=10_000)
    ni_rate: Rate = Field(Decimal("0.15"), ge=0, le=Decimal("0.30"))
    ni_threshold: Figure = Field(Decimal(5000), ge=0, le=50_000, decimal_places=2)
    deductions: Rate = Field(Decimal("0.20"), ge=0, le=Decimal("0.45"))
    employee_pension: Rate = Field(Decimal("0.06"), ge=0, le=Decimal("0.15"))
    employer_pension: Rate = Field(Decimal("0.20"), ge=0, le=Decimal("0.40"))
    employment_allowance: Annotated[Figure, AfterValidator(_allowance)] = ALLOWANCES[0]
    lag_paye: Whole = Field(1, ge=0, le=2)
    lag_pension: Whole = Field(1, ge=0, le=2)
    lag_vat: Whole = Field(2, ge=1, le=3)
    buffer_months: Rate = Field(Decimal(1), ge=0, le=6)
    opening_cash: Pounds = Decimal(0)
    income: Annotated[tuple[Income, ...], AfterValidator(_some)] = Field(max_length=MOST_LINES)
    cost: tuple[Cost, ...] = Field((), max_length=MOST_COST_LINES)
    one_off: tuple[OneOff, ...] = Field((), max_length=MOST_LINES)
    bond: tuple[Bond, ...] = Field((), max_length=MOST_LINES)
    grant: tuple[Grant, ...] = Field((), max_length=MOST_LINES)
    loan: Loan | None = None

    @model_validator(mode="after")
    def _agree_on_the_horizon(self) -> Inputs:
        """For inputs made in code: `read` has already said the same of each key."""
        if max(self._months_named(), default=0) > self.months:
            raise ValueError(f"a month is named after month {self.months}, the last")
        if isinstance(self.gross_pay, tuple) and len(self.gross_pay) != self.months:
            raise ValueError(f"gross pay is given for {len(self.gross_pay)} months, not {self.months}")
        return self

    def _months_named(self) -> Iterator[int]:
        for dated in (*self.one_off, *self.bond, *self.grant, *((self.loan,) if self.loan else ())):
            yield dated.month
        for cost in self.cost:
            yield from cost.months or ()

    @property
    def main_contract(self) -> Income:
        return self.income[0]

    @property
    def pay_by_month(self) -> tuple[Decimal, ...]:
        """Gross pay of months 1 to N (G)."""
        return self.gross_pay if isinstance(self.gross_pay, tuple) else (self.gross_pay,) * self.months

    @property
    def recovery(self) -> Decimal:
        """The share of input VAT that comes back (r): none where the body is not registered."""
        return self.vat_recovery if self.vat_registered else Decimal(0)

    def output_vat(self, stream: Income) -> Decimal:
        """The rate charged on a stream: none where the body is not registered."""
        if not self.vat_registered:
            return VAT_RATES[0]
        return STANDARD_VAT if stream.vat is None else stream.vat
