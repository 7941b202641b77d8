"""Single values as people write them in a file, turned into what scoring reads, or refused with the way to mend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from assessments.catalogue.problems import several
from assessments.catalogue.schema import FactQuestion, FactValue

E = TypeVar("E", bound=StrEnum)

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
LARGEST_NUMBER = 10**12
LEVELS = range(5)


class Fault(Exception):
    """A value that cannot be taken. Says what is allowed and how to mend it; who reads it knows what was found."""

    def __init__(self, allowed: str, mend: str) -> None:
        super().__init__(allowed, mend)
        self.allowed = allowed
        self.mend = mend


def text_of(value: object) -> str:
    if not isinstance(value, str):
        raise Fault("text", "Put it in quotation marks.")
    if any(
        0xD800 <= ord(letter) <= 0xDFFF or (ord(letter) < 32 and letter not in "\t\n\r") or ord(letter) == 127
        for letter in value
    ):
        raise Fault("text of letters, figures and signs", "Take out the characters that cannot be printed.")
    return value


def date_of(value: object) -> dt.date:
    """A date, also as the text "2026-11-21"; never one with a time of day."""
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            raise Fault("a date that exists", "Write year, month, day: 2026-11-21.") from None
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise Fault("a date", "Write year, month, day, without a time: 2026-11-21.")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise Fault(f"a date from {FIRST_DAY} to {LAST_DAY}", "Check the year.")
    return value


def level_of(value: object) -> int:
    if not _is_whole(value) or value not in LEVELS:
        raise Fault("0, 1, 2, 3 or 4", "Give the number of the state that is true; leave it out if none is known.")
    return int(str(value))


def yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise Fault("true or false", "Write true for yes and false for no, without quotation marks.")
    return value


def member_of(kind: type[E], *refused: E) -> Callable[[object], E]:
    """A reader of the words of an enumeration, without those refused."""
    allowed = [member for member in kind if member not in refused]

    def read(value: object) -> E:
        found = next((member for member in allowed if isinstance(value, str) and member.value == value), None)
        if found is None:
            raise Fault(several(allowed), "Use one of these words.")
        return found

    return read


def fact_of(question: FactQuestion) -> Callable[[object], FactValue]:
    """A reader of the values that a fact question takes."""
    return lambda value: _FACTS[question.kind](question, value)


def _yes_no(_: FactQuestion, value: object) -> FactValue:
    return yes_or_no(value)


def _choice(question: FactQuestion, value: object) -> FactValue:
    ids = [option.id for option in question.options]
    if not isinstance(value, str) or value not in ids:
        raise Fault(several(ids), "Use one of these words, in quotation marks.")
    return value


def _choices(question: FactQuestion, value: object) -> FactValue:
    ids = [option.id for option in question.options]
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one in ids for one in value):
        raise Fault(f"a list of {several(ids)}", 'Give a list, also of one: ["..."]. Leave it out if not known.')
    if len(set(value)) != len(value):
        raise Fault("each word once", "Take out what is there twice.")
    return tuple(value)


def _number(question: FactQuestion, value: object) -> FactValue:
    if not _is_whole(value):
        raise Fault("a whole number", "Write figures only: no quotation marks, commas or decimals.")
    return _within(question, int(str(value)))


def _money(question: FactQuestion, value: object) -> FactValue:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not is_number or not Decimal(str(value)).is_finite():
        raise Fault("an amount in pounds", "Write figures only, such as 250000 or 250000.50.")
    amount = Decimal(str(value))
    if abs(amount) > LARGEST_NUMBER or amount != amount.quantize(Decimal("0.01")):
        raise Fault("pounds and whole pence", "Write at most two decimals and at most a million million pounds.")
    return _within(question, amount)


def _date(_: FactQuestion, value: object) -> FactValue:
    return date_of(value)


def _text(_: FactQuestion, value: object) -> FactValue:
    return text_of(value)


_FACTS: Mapping[str, Callable[[FactQuestion, Any], FactValue]] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "money": _money,
    "date": _date,
    "text": _text,
}


N = TypeVar("N", int, Decimal)


def _within(question: FactQuestion, number: N) -> N:
    least = -LARGEST_NUMBER if question.minimum is None else question.minimum
    most = LARGEST_NUMBER if question.maximum is None else question.maximum
    if not least <= number <= most:
        raise Fault(f"from {least} to {most}", "Check the number.")
    return number


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
