"""Working capital in the report: what the calculator says, what it rests on, and what it caps."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessments.cashflow.inputs import Billing, Bond, Cost, Grant, Income, Inputs, Loan, OneOff, Table
from assessments.cashflow.months import Months
from assessments.cashflow.reading import read
from assessments.cashflow.sentences import Sentence, Tone
from assessments.cashflow.serialise import to_dict
from assessments.cashflow.story import MonthTable, Story, story_of
from assessments.cashflow.typed import exact_pounds, in_per_cent
from assessments.catalogue.schema import CapRule, Catalogue
from assessments.forms.cash_flow_asks import TOP, Ask, Kind
from assessments.planning.assessed import Assessed
from assessments.planning.caps import cap_in_words
from assessments.planning.schedule import GO_LIVE_DATE
from assessments.reports.backing import ClaimLine, SourceNumbers
from assessments.reports.verdicts import anchor
from assessments.scoring.answers import Cap
from assessments.scoring.result import GateResult, QuestionResult
from assessments.scoring.score import facts_of

LINES_LISTED = 12
"""Of one kind of income, cost or payment, so many are listed; the rest is counted."""

NOT_GIVEN = "No cash-flow figures are given, so the money needed is not known."


@dataclass(frozen=True, slots=True)
class Basis:
    """A figure that the forecast rests on; of a default also what it rests on, with the numbers of its sources."""

    what: str
    value: str
    is_default: bool = False
    basis: str = ""
    sources: str = ""


@dataclass(frozen=True, slots=True)
class CapLine:
    title: str
    anchor: str
    text: str
    claims: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """`said` are the sentences that the headline and the table of results leave to be said."""

    story: Story
    said: tuple[Sentence, ...]
    has_months_by_name: bool
    balances: MonthTable
    flows: MonthTable
    bases: tuple[Basis, ...]
    caps: tuple[CapLine, ...]


def money_of(
    catalogue: Catalogue, found: Assessed, cashflow: Mapping[str, Any] | None, sources: SourceNumbers
) -> Money | None:
    """None where no figures are given."""
    if cashflow is None or found.forecast is None:
        return None
    go_live = go_live_of(found)
    story = story_of(to_dict(found.forecast, found.stresses), go_live)
    return Money(
        story=story,
        said=tuple(one for one in story.sentences if one.about in _SAID or one.tone is Tone.WARNING),
        has_months_by_name=go_live is not None,
        balances=story.balances,
        flows=story.flows,
        caps=tuple(_caps(catalogue, found, sources)),
        bases=tuple(_bases(read(cashflow), Months(go_live), sources)),
    )


_SAID = ("funding", "stress")


def go_live_of(found: Assessed) -> dt.date | None:
    given = facts_of(found.answers).get(GO_LIVE_DATE)
    return given if isinstance(given, dt.date) else None


# What it caps -----------------------------------------------------------------------------------------------


def _caps(catalogue: Catalogue, found: Assessed, sources: SourceNumbers) -> Iterator[CapLine]:
    """Of what is asked."""
    for barrier in found.result.barriers:
        items: tuple[GateResult | QuestionResult, ...] = (*barrier.gates, *barrier.questions)
        for item in items:
            if item.cap is not None:
                rules = [rule for rule in catalogue.rules.caps if _is_behind(rule, item.id, item.cap)]
                yield CapLine(
                    title=item.title,
                    anchor=anchor(item.id),
                    text=f"{cap_in_words(item.cap)}.",
                    claims=tuple(sources.claim(claim) for rule in rules[:1] for claim in rule.claims),
                )


def _is_behind(rule: CapRule, item_id: str, cap: Cap) -> bool:
    return item_id in (rule.question, rule.gate) and rule.highest == cap.highest


# What it rests on -------------------------------------------------------------------------------------------


def _bases(inputs: Inputs, months: Months, sources: SourceNumbers) -> Iterator[Basis]:
    yield from _lines("Income", inputs.income, lambda one: _income(one, inputs))
    yield Basis("Gross pay of all staff", _pay(inputs))
    yield from _tops(inputs, inputs, "", months, sources)
    yield from _lines("Cost", inputs.cost, lambda one: _cost(one, months))
    yield from _lines("One-off cost", inputs.one_off, lambda one: _one_off(one, months))
    yield from _lines("Bond", inputs.bond, lambda one: _bond(one, months))
    yield from _lines("Grant", inputs.grant, lambda one: _grant(one, months))
    if inputs.loan is not None:
        yield from _tops(inputs, inputs.loan, "loan-", months, sources)


def _lines(what: str, lines: Sequence[Any], in_words: Callable[[Any], str]) -> Iterator[Basis]:
    for line in lines[:LINES_LISTED]:
        name = getattr(line, "name", "")
        yield Basis(f"{what}: {name}" if name else what, in_words(line))
    if len(lines) > LINES_LISTED:
        yield Basis(what, f"and {len(lines) - LINES_LISTED} more lines")


def _tops(inputs: Inputs, table: Table, prefix: str, months: Months, sources: SourceNumbers) -> Iterator[Basis]:
    """Single figures. One that is the calculator's own default says what that rests on."""
    for ask in TOP:
        key = ask.key.removeprefix(prefix)
        if (prefix and key == ask.key) or key not in type(table).model_fields or key == "gross_pay":
            continue
        field, value = type(table).model_fields[key], getattr(table, key)
        is_default = not field.is_required() and value == field.default and bool(ask.basis or ask.sources)
        yield Basis(
            what=ask.label.partition(" (")[0].removesuffix("?"),
            value=_value(ask, value, months),
            is_default=is_default,
            basis=ask.basis if is_default else "",
            sources=sources.of(ask.sources) if is_default else "",
        )


def _value(ask: Ask, value: Any, months: Months) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if ask.kind is Kind.MONTH:
        return _capital(months.name(value))
    if ask.kind is Kind.SHARE:
        return _per_cent(value)
    if ask.kind is Kind.POUNDS:
        return exact_pounds(value)
    if ask.kind is Kind.CHOICE:
        return exact_pounds(value) if value else "None"
    number = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    unit = ask.suffix.removesuffix("s") if number == "1" else ask.suffix
    return f"{number} {unit}".strip()


def _income(line: Income, inputs: Inputs) -> str:
    billed = {Billing.ARREARS: "in arrears", Billing.ADVANCE: "in advance"}[line.mode]
    often = "monthly" if line.invoice_months == 1 else "quarterly"
    early = ", sure to arrive before payday" if line.early else ""
    return (
        f"{exact_pounds(line.monthly)} a month, billed {often} {billed}, paid in {line.payment_days} days, "
        f"{_vat(inputs.output_vat(line))}{early}"
    )


def _pay(inputs: Inputs) -> str:
    if isinstance(inputs.gross_pay, tuple):
        lowest, highest = min(inputs.gross_pay), max(inputs.gross_pay)
        return f"Different each month, from {exact_pounds(lowest)} to {exact_pounds(highest)}"
    return f"{exact_pounds(inputs.gross_pay)} a month"


def _cost(line: Cost, months: Months) -> str:
    when = f", in {months.list(line.months)}" if line.months else ""
    return f"{exact_pounds(line.monthly)} a month{when}, paid in {line.supplier_days} days, {_vat(line.vat)}"


def _one_off(line: OneOff, months: Months) -> str:
    return f"{exact_pounds(line.amount)}, {months.name(line.month)}, {_vat(line.vat)}"


def _bond(line: Bond, months: Months) -> str:
    return f"{exact_pounds(line.cash)}, {months.name(line.month)}"


def _grant(line: Grant | Loan, months: Months) -> str:
    return f"{exact_pounds(line.amount)}, {months.name(line.month)}"


def _vat(rate: Decimal) -> str:
    return f"VAT {_per_cent(rate)}" if rate else "no VAT"


def _per_cent(share: Decimal) -> str:
    return f"{in_per_cent(share).removesuffix('%')}%"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
