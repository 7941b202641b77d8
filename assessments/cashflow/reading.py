"""From a table of plain data (a file's or a form's) to inputs, or every problem in it at once."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from annotated_types import Ge, Le
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from assessments.cashflow.inputs import (
    ALLOWANCES,
    LONGEST,
    MOST_COST_LINES,
    MOST_LINES,
    SHORTEST,
    VAT_RATES,
    Billing,
    Bond,
    Cost,
    Grant,
    Income,
    Inputs,
    Loan,
    OneOff,
    Table,
)
from assessments.catalogue.problems import Problem, several, shown

Steps = tuple[int | str, ...]

PARTS: Mapping[str, type[Table]] = {
    "income": Income,
    "cost": Cost,
    "one_off": OneOff,
    "bond": Bond,
    "grant": Grant,
    "loan": Loan,
}


class InputsError(Exception):
    """Nothing can be worked out from this table. Carries every problem at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n\n".join(str(problem) for problem in self.problems))


def read(table: Mapping[str, Any], file: str = "answers") -> Inputs:
    """The inputs that a table [cashflow] holds. Raises InputsError; `file` is what its problems call the file.

    Numbers are numbers (int, Decimal or float), never text. Keys of problems are as `cashflow.income[#1].monthly`.
    """
    months = _months(table)
    try:
        return Inputs.model_validate(dict(table), context={"months": months} if months else None)
    except ValidationError as error:
        raise InputsError(_problem(file, months, details) for details in error.errors()) from None


def _months(table: Mapping[str, Any]) -> int | None:
    """The horizon by which other months are judged; None where it is itself a fault."""
    months = table.get("months", Inputs.model_fields["months"].default)
    whole = isinstance(months, int) and not isinstance(months, bool)
    return months if whole and SHORTEST <= months <= LONGEST else None


def _problem(file: str, months: int | None, details: ErrorDetails) -> Problem:
    steps = tuple(step for step in details["loc"] if step not in ("one amount", "a list by month"))
    fault = details["type"]
    found = "nothing" if fault == "missing" else shown(details["input"])
    if fault == "extra_forbidden":
        keys = tuple(_model(steps).model_fields)
        return Problem(file, _key(steps), shown(steps[-1]), several(keys), _spelling(str(steps[-1]), keys))
    return Problem(file, _key(steps), found, _allowed(steps, months or LONGEST), _mend(fault, steps))


def _key(steps: Steps) -> str:
    """`("income", 0, "monthly")` gives `cashflow.income[#1].monthly`: rows are counted from one."""
    words = (f"[#{step + 1}]" if isinstance(step, int) else f".{step}" for step in steps)
    return f"cashflow{''.join(words)}"


def _model(steps: Steps) -> type[Table]:
    """The model whose key the last step is."""
    return PARTS[str(steps[0])] if len(steps) > 1 and steps[0] in PARTS else Inputs


def _is_row(steps: Steps) -> bool:
    """Whether a whole row of a list is meant, not one of its keys."""
    return len(steps) == 2 and isinstance(steps[1], int) and steps[0] in PARTS


# What is allowed --------------------------------------------------------------------------------------------


def _allowed(steps: Steps, months: int) -> str:
    if len(steps) == 1 and steps[0] in PARTS:
        most = MOST_COST_LINES if steps[0] == "cost" else MOST_LINES
        return "a table" if steps[0] == "loan" else f"a list of tables, {_least(steps)} to {most:,}"
    if _is_row(steps):
        return f"a table with {several(_model((*steps, '')).model_fields)}"
    key = next(str(step) for step in reversed(steps) if isinstance(step, str))
    if key == "months" and len(steps) > 1:
        return f"a list of months from 1 to {months}, each once"
    if key == "month":
        return f"a month from 0 (before go-live) to {months}"
    if key == "gross_pay":
        return f"pounds a month from 0 to 20,000,000, or a list of {months} of them"
    return _WORDS.get(key) or _range(key, _model(steps).model_fields[key])


_WORDS: Mapping[str, str] = {
    "name": "text on one line, of at most 200 letters",
    "mode": several(Billing),
    "invoice_months": "1 (monthly) or 3 (quarterly)",
    "vat": several(VAT_RATES),
    "employment_allowance": several(ALLOWANCES),
    "vat_registered": "true or false",
    "early": "true or false",
}


_SHARES = ("vat_recovery", "ni_rate", "deductions", "employee_pension", "employer_pension", "fee", "rate")
_NUMBERS = (*_SHARES, "buffer_months")


def _least(steps: Steps) -> int:
    return 1 if Inputs.model_fields[str(steps[0])].is_required() else 0


def _range(key: str, field: FieldInfo) -> str:
    """The range in words, from the field itself."""
    kind = "a whole number" if field.annotation is int else "a number" if key in _NUMBERS else "pounds"
    least = next(rule.ge for rule in field.metadata if isinstance(rule, Ge))
    most = next(rule.le for rule in field.metadata if isinstance(rule, Le))
    return f"{kind} from {least:,} to {most:,}"


# How to mend it ---------------------------------------------------------------------------------------------

_FIGURES = "Write figures only: no quotation marks, pound signs or commas."
_RANGE = "Check the figure: it lies outside what can be worked with."

_MENDS: Mapping[str, str] = {
    "missing": "Add the key.",
    "not_a_figure": _FIGURES,
    "finite_number": _FIGURES,
    "int_type": "Write a whole number in figures, without quotation marks or decimals.",
    "bool_type": "Write true or false, without quotation marks.",
    "string_type": "Put it in quotation marks.",
    "string_too_long": "Shorten it.",
    "string_pattern_mismatch": "Take out the characters that cannot be printed.",
    "string_unicode": "Take out the characters that cannot be printed.",
    "enum": "Use one of these words, in quotation marks.",
    "not_in_list": "Use one of these figures.",
    "greater_than_equal": _RANGE,
    "less_than_equal": _RANGE,
    "decimal_max_places": "Write fewer decimals: pence at two, shares and rates at six.",
    "beyond_horizon": "Move it to an earlier month, or lengthen the forecast with `months`.",
    "twice": "Take out the month that stands there twice.",
    "not_one_a_month": "Give one amount for each month, or a single one for all.",
    "empty": "Name a month, or leave `months` out for a cost of every month.",
    "too_long": "Put lines together.",
}


def _mend(fault: str, steps: Steps) -> str:
    if fault in ("greater_than_equal", "less_than_equal") and steps[-1] in _SHARES:
        return "Write it as a share of one: 0.15 for 15%."
    if fault in ("empty", "missing") and steps == ("income",):
        return "Add a table [[cashflow.income]] for the main contract."
    if steps[0] in PARTS and (len(steps) == 1 or _is_row(steps)):
        return f"Write {_header(str(steps[0]))} and its keys on the lines below."
    return _MENDS.get(fault, "Correct the value.")


def _header(part: str) -> str:
    return f"[cashflow.{part}]" if part == "loan" else f"[[cashflow.{part}]]"


def _spelling(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word[:100], known, n=1)
    return f"Did you mean {close[0]}?" if close else "Take it out, or check how it is spelled."
