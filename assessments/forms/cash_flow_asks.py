"""What the calculator's form asks: each input with its words, its kind, and where its default comes from.

Everything is data: `forms/cash_flow.py` makes fields of it, both ways between text and the table [cashflow].
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from annotated_types import Ge, Le

from assessments.cashflow.inputs import ALLOWANCES, LONGEST_NAME, VAT_RATES, Billing, Inputs, Table
from assessments.cashflow.months import Months
from assessments.cashflow.reading import PARTS
from assessments.cashflow.typed import NotAFigure, amount, exact_pounds, in_per_cent, in_pounds, share, whole


class Kind(StrEnum):
    NAME = "name"
    POUNDS = "pounds"
    SHARE = "share"
    WHOLE = "whole"
    NUMBER = "number"
    CHOICE = "choice"
    MONTH = "month"
    MONTHS = "months"
    BY_MONTH = "by_month"


@dataclass(frozen=True, slots=True)
class Ask:
    """One input. `label` is what stands over the box and `noun` what messages call it.

    `is_simple` marks the inputs of simple mode. `sources` are those of the default, in the catalogue; `basis` says
    what it rests on where no source does.
    """

    key: str
    label: str
    noun: str
    kind: Kind
    is_simple: bool = True
    hint: str = ""
    suffix: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    basis: str = ""
    default: str | None = None
    """As text, where it is not that of the calculator."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows that can be added and removed."""

    part: str
    one: str
    asks: tuple[Ask, ...]
    most: int
    at_first: int
    is_simple: bool = True

    @property
    def least(self) -> int:
        return 1 if self.part == "income" else 0


_VAT = tuple((f"{rate}", f"{in_per_cent(rate)}%" if rate else "No VAT") for rate in VAT_RATES)
_YES_NO = (("no", "No"), ("yes", "Yes"))

MONTHS = Ask(
    "months", "Months in the forecast", "months in the forecast", Kind.WHOLE, False, "From 12 to 36.", suffix="months"
)

VAT = (
    Ask(
        "vat_registered",
        "Will the new body be registered for VAT?",
        "whether the new body will be registered for VAT",
        Kind.CHOICE,
        hint="Ask your tax adviser. It depends on the legal form and on what is sold.",
        choices=(("yes", "Yes"), ("no", "No")),
    ),
    Ask(
        "vat_recovery",
        "Share of VAT on purchases that it can recover (%)",
        "share of VAT that it can recover",
        Kind.SHARE,
        hint="100 if all income is taxable; less if some is exempt. The VAT opinion says how much.",
        suffix="%",
    ),
    Ask(
        "lag_vat",
        "Months from the end of a VAT quarter to payment",
        "months to the VAT payment",
        Kind.WHOLE,
        False,
        suffix="months",
        sources=("m36b",),
        basis="one month and seven days, rounded to the later month",
    ),
)

INCOME = Rows(
    "income",
    "Income",
    (
        Ask("name", "What it is", "name", Kind.NAME),
        Ask("monthly", "Income a month (£)", "income a month", Kind.POUNDS),
        Ask(
            "mode",
            "Billed",
            "when it is billed",
            Kind.CHOICE,
            choices=((Billing.ARREARS.value, "In arrears"), (Billing.ADVANCE.value, "In advance")),
        ),
        Ask(
            "payment_days",
            "Days from invoice to cash",
            "days from invoice to cash",
            Kind.WHOLE,
            suffix="days",
            sources=("m23b",),
            basis="public bodies must pay within 30 days of a valid invoice",
        ),
        Ask(
            "invoice_months",
            "Invoices",
            "how often it is invoiced",
            Kind.CHOICE,
            False,
            choices=(("1", "Every month"), ("3", "Every quarter")),
        ),
        Ask(
            "vat",
            "VAT charged",
            "VAT charged",
            Kind.CHOICE,
            False,
            choices=(("", "Standard rate"), *_VAT),
        ),
        Ask(
            "early",
            "Sure before payday?",
            "whether it arrives before payday",
            Kind.CHOICE,
            False,
            "",
            "",
            _YES_NO,
        ),
    ),
    most=15,
    at_first=1,
)

PAY_IS = Ask(
    "pay_is",
    "Gross pay of all staff",
    "whether pay is the same every month",
    Kind.CHOICE,
    hint="From payroll: the total of a month's pay run, before tax and pensions and without the employer's own share.",
    choices=(("same", "The same every month"), ("different", "Different from month to month")),
    default="same",
)
GROSS_PAY = Ask("gross_pay", "Gross pay a month (£)", "gross pay a month", Kind.POUNDS)
PAY_BY_MONTH = Ask(
    "pay_by_month",
    "Gross pay of each month (£)",
    "gross pay of each month",
    Kind.BY_MONTH,
    hint="One amount on each line, from the first month after go-live on. You can paste a column from a spreadsheet.",
)

PAY = (
    Ask(
        "headcount",
        "Employees who earn more than the National Insurance threshold",
        "number of employees",
        Kind.WHOLE,
        hint="From payroll: the people, not full-time posts, paid more than the threshold (£5,000 a year in 2026/27).",
        sources=("m28",),
    ),
    Ask(
        "employer_pension",
        "Employer pension contribution (% of gross pay)",
        "employer pension contribution",
        Kind.SHARE,
        hint="The rate that the fund's actuary has given for the new body, if there is one.",
        suffix="%",
        sources=("m68a", "m68b"),
        basis="local government employers averaged 21.1% at the 2022 valuations, 78 in a sample 16% from April 2026",
    ),
    Ask(
        "employee_pension",
        "Employee pension contribution (% of gross pay)",
        "employee pension contribution",
        Kind.SHARE,
        False,
        "The average that payroll takes from staff.",
        "%",
        basis="a working figure without a source",
    ),
    Ask(
        "deductions",
        "Income tax and employee National Insurance (% of gross pay)",
        "income tax and employee National Insurance",
        Kind.SHARE,
        False,
        "From payroll: what a month's pay run takes for HMRC, divided by its gross pay.",
        "%",
        basis="our own estimate",
    ),
    Ask(
        "ni_rate",
        "Employer National Insurance (%)",
        "employer National Insurance rate",
        Kind.SHARE,
        False,
        suffix="%",
        sources=("m28",),
    ),
    Ask(
        "ni_threshold",
        "Threshold of employer National Insurance, a year for each employee (£)",
        "National Insurance threshold",
        Kind.POUNDS,
        False,
        sources=("m28",),
    ),
    Ask(
        "employment_allowance",
        "Employment Allowance",
        "Employment Allowance",
        Kind.CHOICE,
        False,
        "A charity may have it. Another body may not if half or more of its work is of a public nature.",
        choices=tuple((f"{each}", exact_pounds(each) if each else "None") for each in ALLOWANCES),
        sources=("m26", "m28"),
    ),
    Ask(
        "lag_paye",
        "Months from payday to paying PAYE and National Insurance",
        "months to the PAYE payment",
        Kind.WHOLE,
        False,
        suffix="months",
        sources=("m37",),
        basis="due by the 22nd of the next month",
    ),
    Ask(
        "lag_pension",
        "Months from payday to paying pension contributions",
        "months to the pension payment",
        Kind.WHOLE,
        False,
        suffix="months",
        basis="usual, without a source: ask the fund",
    ),
)

COST = Rows(
    "cost",
    "Cost",
    (
        Ask("name", "What it is", "name", Kind.NAME),
        Ask("monthly", "Amount a month (£)", "amount a month", Kind.POUNDS),
        Ask("by_month", "Amount of each month (£)", "amount of each month", Kind.BY_MONTH),
        Ask("vat", "VAT on it", "VAT", Kind.CHOICE, choices=_VAT),
        Ask(
            "supplier_days",
            "Days until you pay",
            "days until you pay",
            Kind.WHOLE,
            suffix="days",
            basis="our own estimate: new suppliers may ask for less",
        ),
        Ask("months", "Only in these months", "months", Kind.MONTHS),
    ),
    most=60,
    at_first=3,
)

ONE_OFF = Rows(
    "one_off",
    "One-off cost",
    (
        Ask("name", "What it is", "name", Kind.NAME),
        Ask("amount", "Amount (£)", "amount", Kind.POUNDS),
        Ask("month", "Paid in", "month", Kind.MONTH),
        Ask("vat", "VAT on it", "VAT", Kind.CHOICE, choices=_VAT),
    ),
    most=40,
    at_first=1,
)

BOND = Rows(
    "bond",
    "Bond",
    (
        Ask("cash", "Premium or deposit (£)", "premium or deposit", Kind.POUNDS),
        Ask("month", "Paid in", "month", Kind.MONTH),
    ),
    most=10,
    at_first=1,
    is_simple=False,
)

OPENING = Ask(
    "opening_cash",
    "Cash in the bank at the start (£)",
    "cash at the start",
    Kind.POUNDS,
    hint="The new body's own money before anything else happens. Mostly nothing.",
)

GRANT = Rows(
    "grant",
    "Grant",
    (
        Ask("amount", "Amount (£)", "amount", Kind.POUNDS),
        Ask("month", "Received in", "month", Kind.MONTH),
    ),
    most=20,
    at_first=1,
)

LOAN = (
    Ask(
        "loan-amount",
        "Amount of the loan (£)",
        "amount of the loan",
        Kind.POUNDS,
        hint="Leave it empty if there is none.",
    ),
    Ask("loan-month", "Drawn in", "month in which the loan is drawn", Kind.MONTH),
    Ask(
        "loan-rate",
        "Interest a year (%)",
        "interest of the loan",
        Kind.SHARE,
        suffix="%",
        sources=("m41",),
        basis="near what one social lender asks, 7.9%",
    ),
    Ask(
        "loan-fee",
        "Fee when it is drawn (%)",
        "fee of the loan",
        Kind.SHARE,
        suffix="%",
        sources=("m41",),
        basis="one social lender asks 2.5% to 3%",
    ),
    Ask(
        "loan-interest_only_months",
        "Months before repayments begin",
        "months before repayments begin",
        Kind.WHOLE,
        suffix="months",
        basis="our own estimate",
    ),
    Ask(
        "loan-instalments",
        "Number of equal monthly repayments",
        "number of repayments",
        Kind.WHOLE,
        basis="our own estimate",
    ),
)

BUFFER = Ask(
    "buffer_months",
    "Buffer, in months of ordinary payments",
    "buffer",
    Kind.NUMBER,
    False,
    "What the reserves policy asks to keep in hand. It is added to the most needed to give the recommended facility.",
    "months",
    basis="our own estimate",
)

ROWS: tuple[Rows, ...] = (INCOME, COST, ONE_OFF, BOND, GRANT)
TOP: tuple[Ask, ...] = (MONTHS, *VAT, PAY_IS, GROSS_PAY, PAY_BY_MONTH, *PAY, OPENING, *LOAN, BUFFER)
# Said by other inputs, not keys of the table themselves.
NOT_IN_TABLE = frozenset({"pay_is", "pay_by_month"})


# Between text and value -------------------------------------------------------------------------------------


def value_of(ask: Ask, text: str, names: Months) -> object:
    """The value that a text stands for. Raises NotAFigure or NotAMonth."""
    return _VALUES[ask.kind](ask, text, names)


def _choice(ask: Ask, text: str, names: Months) -> object:
    if text not in {value for value, _label in ask.choices}:
        raise NotAFigure
    if text in ("yes", "no"):
        return text == "yes"
    if ask.key == "invoice_months":
        return int(text)
    return Decimal(text) if text[:1].isdigit() else text


def _name(ask: Ask, text: str, names: Months) -> object:
    if len(text) > LONGEST_NAME:
        raise NotAFigure
    return text


def _month(ask: Ask, text: str, names: Months) -> object:
    return whole(text)


def _by_month(ask: Ask, text: str, names: Months) -> object:
    return tuple(amount(line) for line in lines_in(text))


def lines_in(text: str) -> list[str]:
    """The amounts in a box: one a line, or in one line with tabs, semicolons or spaces."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) > 1:
        return lines
    for sign in ("\t", ";"):
        if sign in text:
            return [piece.strip() for piece in text.strip().split(sign)]
    return text.split()


_VALUES: Mapping[Kind, Callable[[Ask, str, Months], object]] = {
    Kind.NAME: _name,
    Kind.POUNDS: lambda ask, text, names: amount(text),
    Kind.SHARE: lambda ask, text, names: share(text),
    Kind.WHOLE: lambda ask, text, names: whole(text),
    Kind.NUMBER: lambda ask, text, names: amount(text),
    Kind.CHOICE: _choice,
    Kind.MONTH: _month,
    Kind.MONTHS: lambda ask, text, names: list(names.numbers(text)),
    Kind.BY_MONTH: _by_month,
}


def text_of(ask: Ask, value: object, names: Months) -> str:
    """What stands in the box for a value of the table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if ask.kind is Kind.CHOICE:
        return _chosen(ask, value)
    return _TEXTS[ask.kind](value, names)


def _chosen(ask: Ask, value: object) -> str:
    if not isinstance(value, int | float | Decimal):
        return str(value)
    figures = (choice for choice, _label in ask.choices if choice)
    return next((choice for choice in figures if Decimal(choice) == Decimal(str(value))), "")


def _figure(value: object) -> Decimal:
    return Decimal(str(value))


_TEXTS: Mapping[Kind, Callable[[object, Months], str]] = {
    Kind.NAME: lambda value, names: str(value),
    Kind.POUNDS: lambda value, names: in_pounds(_figure(value)),
    Kind.SHARE: lambda value, names: in_per_cent(_figure(value)),
    Kind.WHOLE: lambda value, names: str(value),
    Kind.NUMBER: lambda value, names: f"{_figure(value).normalize():f}",
    Kind.MONTH: lambda value, names: str(value),
    Kind.MONTHS: lambda value, names: names.list(value),  # type: ignore[arg-type]
    Kind.BY_MONTH: lambda value, names: "\n".join(in_pounds(_figure(one)) for one in value),  # type: ignore[attr-defined]
}


# Defaults and limits, from the calculator itself ------------------------------------------------------------


def model_of(part: str) -> type[Table]:
    return PARTS.get(part, Inputs)


def default_of(part: str, ask: Ask, names: Months) -> str:
    """The default as text; empty where there is none, and for amounts, where an empty box says it."""
    if ask.default is not None:
        return ask.default
    if ask.kind in (Kind.POUNDS, Kind.BY_MONTH, Kind.MONTHS, Kind.NAME) and ask.key != "ni_threshold":
        return ""
    field = model_of(part).model_fields.get(ask.key.removeprefix("loan-"))
    if ask.key == "vat_registered" or field is None:
        return ""
    if field.is_required():
        return "0" if ask.kind is Kind.MONTH else ""
    return text_of(ask, field.default, names)


def limits_of(part: str, ask: Ask) -> tuple[Decimal, Decimal] | None:
    """The least and the most that the calculator takes."""
    key = {"pay_by_month": "gross_pay", "by_month": "monthly"}.get(ask.key, ask.key.removeprefix("loan-"))
    if key == "gross_pay":
        return Decimal(0), Decimal(20_000_000)
    field = model_of(part).model_fields.get(key)
    rules = field.metadata if field else ()
    least = next((rule.ge for rule in rules if isinstance(rule, Ge)), None)
    most = next((rule.le for rule in rules if isinstance(rule, Le)), None)
    return None if least is None or most is None else (Decimal(str(least)), Decimal(str(most)))


def allowed(part: str, ask: Ask) -> str:
    """What a box takes, to complete "must be …"."""
    limits = limits_of(part, ask)
    if limits is None:
        return _ALLOWED.get(ask.kind, "one of the list")
    least, most = limits
    if ask.kind in (Kind.POUNDS, Kind.BY_MONTH):
        return f"from {exact_pounds(least)} to {exact_pounds(most)}, like 1,200 or 1,200.50"
    if ask.kind is Kind.SHARE:
        return f"a percentage from {in_per_cent(least)} to {in_per_cent(most)}, like 15 for 15%"
    kind = "a whole number" if ask.kind is Kind.WHOLE else "a number"
    return f"{kind} from {least:,} to {most:,}"


_ALLOWED = {Kind.NAME: f"on one line, of at most {LONGEST_NAME} letters"}
