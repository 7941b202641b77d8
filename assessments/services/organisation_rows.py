"""One row of the file that `organisation_file` describes: how it is written, checked, and stored again as it was."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Literal
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from pghistory.models import Context
from pydantic import BaseModel, ConfigDict, Field

from assessments.models import Report
from assessments.services.organisation_file import CONTEXTS, FIRMS, PARTS, PEOPLE, AnyModel, Row

# Secrets, and names under which we keep files.
LEFT_OUT: dict[str, frozenset[str]] = {
    "Invitation": frozenset({"secret"}),
    "EvidenceItem": frozenset({"file"}),
    "Report": frozenset({"pdf"}),
}


@cache
def fields_of(model: AnyModel) -> tuple[models.Field[Any, Any], ...]:
    left_out = LEFT_OUT.get(model.__name__, frozenset())
    return tuple(field for field in model._meta.concrete_fields if field.name not in left_out)


def pointing_to(model: AnyModel, target: AnyModel) -> tuple[str, ...]:
    """The names of the fields that hold ids of `target`, that of the history row's own object left out."""
    return tuple(field.name for field in fields_of(model) if field.related_model is target and field.name != "pgh_obj")


def has_number(model: AnyModel) -> bool:
    """Whether its rows are numbered by this database: then another database may have the numbers already."""
    return isinstance(model._meta.pk, models.AutoField | models.BigAutoField)


def written(model: AnyModel, values: Sequence[Any]) -> Row:
    """One row as JSON has it, from the values of `fields_of` in order."""
    return {field.name: _plain(value) for field, value in zip(fields_of(model), values, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def line(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


# What a file may hold, checked before anything is believed ---------------------------------------------------------


class BadFile(Exception):
    """Why a file cannot be imported: where, what was found, and how to mend it."""

    def __init__(self, where: str, found: str, mend: str) -> None:
        super().__init__(f"{where}: {found}. {mend.removesuffix('.')}.")


EXPORT_AGAIN = "Ask for a new export where it came from, and import that file without opening it first."


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


Sha256 = Field(pattern=r"^[0-9a-f]{64}$")


class Rows(_Strict):
    rows: int = Field(ge=0)
    sha256: str = Sha256


class File(_Strict):
    bytes: int = Field(ge=0)
    sha256: str = Sha256


class Whose(_Strict):
    id: str
    name: str
    kind: Literal["public_body", "adviser_firm"]


class Manifest(_Strict):
    """organisation.json."""

    format: Literal["spinout-organisation"]
    version: Literal[1]
    made_at: str
    organisation: Whose
    editions: list[str]
    parts: dict[str, Rows]
    files: dict[str, File]
    # Files that were gone from the place where they are kept when the export was made.
    missing_files: list[str] = []
    to_read: dict[str, Rows] = {}


def expected_parts() -> frozenset[str]:
    return frozenset({part.member for part in PARTS} | {PEOPLE, FIRMS, CONTEXTS})


def file_of(row_model: AnyModel, pk: object) -> str:
    """Where the file of a row lies in the ZIP: decided by its id alone."""
    return f"files/reports/{pk}.pdf" if row_model is Report else f"files/evidence/{pk}"


def read_value(field: models.Field[Any, Any], value: Any) -> Any:
    """The value, if the column can hold it; ValueError says what is wrong with it."""
    if value is None:
        if field.null:
            return None
        raise ValueError("it is empty, and must not be")
    for kind, check in _CHECKS:
        if isinstance(_target(field), kind):
            return check(_target(field), value)
    raise ValueError(f"columns of the kind {type(field).__name__} are not read")


def _target(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """The field whose kind of value it holds: of one that points elsewhere, what it points to."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _text(field: models.Field[Any, Any], value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is no text")
    _storable(value)
    longest = getattr(field, "max_length", None)
    if longest is not None and len(value) > longest:
        raise ValueError(f"the text has {len(value)} characters; {longest} are allowed")
    if field.choices and not field.model.__name__.endswith("Event"):
        allowed = {str(key) for key, _label in field.flatchoices}
        if value not in allowed and not (field.blank and value == ""):
            raise ValueError(f"{shown(value)} is not one of {', '.join(sorted(allowed))}")
    return value


def _storable(text: str) -> None:
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("the text holds signs that no database keeps")


def _number(field: models.Field[Any, Any], value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{shown(value)} is no whole number")
    least, most = connection.ops.integer_field_range(field.get_internal_type())
    if (least is not None and value < least) or (most is not None and value > most):
        raise ValueError(f"{shown(value)} is out of range")
    return value


def _yes_or_no(_field: models.Field[Any, Any], value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{shown(value)} is neither true nor false")
    return value


def _moment(_field: models.Field[Any, Any], value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is no date and time")
    found = dt.datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(f"{shown(value)} does not say its time zone")
    return found.isoformat()


def _day(_field: models.Field[Any, Any], value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is no date")
    return dt.date.fromisoformat(value).isoformat()


def _id(_field: models.Field[Any, Any], value: Any) -> str:
    if not isinstance(value, str) or len(value) != 36:
        raise ValueError(f"{shown(value)} is no id")
    return str(UUID(value))


def _json(field: models.Field[Any, Any], value: Any) -> Any:
    default = field.get_default()
    if isinstance(default, dict | list) and not isinstance(value, type(default)):
        raise ValueError(f"{shown(value)} is not of the kind {type(default).__name__}")
    _check_json(value)
    return value


def _check_json(value: Any) -> None:
    if isinstance(value, str):
        _storable(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number is not finite")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _storable(key)
            _check_json(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_json(inner)


def _list(field: models.Field[Any, Any], value: Any) -> list[Any]:
    if not isinstance(value, list) or not isinstance(field, ArrayField):
        raise ValueError(f"{shown(value)} is no list")
    return [read_value(field.base_field, one) for one in value]


_Check = Callable[["models.Field[Any, Any]", Any], Any]
# In order: a date and time is a date to Django.
_CHECKS: tuple[tuple[type[models.Field[Any, Any]], _Check], ...] = (
    (models.UUIDField, _id),
    (models.JSONField, _json),
    (ArrayField, _list),
    (models.BooleanField, _yes_or_no),
    (models.IntegerField, _number),
    (models.DateTimeField, _moment),
    (models.DateField, _day),
    (models.FileField, _text),
    (models.CharField, _text),
    (models.TextField, _text),
)


def shown(value: Any) -> str:
    """A value in a message: never longer than a line, never a control sign."""
    return repr(value)[:80]


def insert(model: AnyModel, rows: Iterable[Row], given: Row | None = None) -> None:
    """Write rows as they are: no `auto_now`, no default, no signal. The keys are names of fields."""
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    plain = [{columns[name]: value for name, value in row.items()} for row in rows]
    if not plain:
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(str(column)) for column in plain[0])
    sql = f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"  # noqa: S608
    if model is Context:
        sql += " ON CONFLICT (id) DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(plain)])
