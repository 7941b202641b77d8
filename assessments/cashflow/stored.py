"""The table [cashflow] in JSON: amounts and rates as text, which keeps every decimal; and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assessments.cashflow.inputs import Inputs, Table
from assessments.cashflow.reading import PARTS

_MODELS: tuple[type[Table], ...] = (Inputs, *PARTS.values())
WORDS = frozenset({"name", "mode"})
# Counted, not measured: they stay whole numbers, as do the months in which a cost is paid.
WHOLE = frozenset({"months"}) | {
    name for model in _MODELS for name, field in model.model_fields.items() if field.annotation is int
}


def to_stored(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table that `reading.read` takes, ready for JSON."""
    return {key: _stored(key, value) for key, value in table.items()}


def from_stored(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The table again, with numbers that are equal to those given."""
    return {key: _read(key, value) for key, value in stored.items()}


def _stored(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return to_stored(value)
    if isinstance(value, list | tuple):
        return [_stored(key, one) for one in value]
    if isinstance(value, bool) or key in WHOLE or not isinstance(value, int | float | Decimal):
        return value
    return str(value)


def _read(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return from_stored(value)
    if isinstance(value, list):
        return [_read(key, one) for one in value]
    return Decimal(value) if isinstance(value, str) and key not in WORDS else value
