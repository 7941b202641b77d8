"""The worked examples of the specification, as data that a finance manager can read: `cases/`."""

from __future__ import annotations

import csv
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from assessments.cashflow.forecast import forecast
from assessments.cashflow.inputs import Inputs
from assessments.cashflow.reading import read
from assessments.cashflow.serialise import to_dict
from assessments.cashflow.stress import stress

FOLDER = Path(__file__).parent / "cases"
EXAMPLES = ("a", "b")


@cache
def example(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)


def example_inputs(name: str) -> Inputs:
    return read(example(name)["cashflow"])


@cache
def example_result(name: str) -> dict[str, Any]:
    inputs = example_inputs(name)
    return to_dict(forecast(inputs), stress(inputs))


@cache
def example_months(name: str) -> tuple[dict[str, Decimal], ...]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        return tuple({key: Decimal(cell) for key, cell in row.items()} for row in csv.DictReader(file))
