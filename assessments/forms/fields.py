"""Fields that Django lacks: a date in three boxes, money as people type it, long text that counts as the
page does."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


class DateWidget(forms.MultiWidget):
    """Day, month and year as three boxes, named `<field>-day` and so on."""

    parts = ("day", "month", "year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([forms.TextInput() for _part in self.parts], attrs)
        self.widgets_names = [f"-{part}" for part in self.parts]

    def decompress(self, value: datetime.date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else [None, None, None]


class DateField(forms.MultiValueField):
    """A date in three boxes. The month may be a number or a name, also shortened.

    `noun` is what messages call it ("Target date"); the label when it is not a question. `earliest` and
    `latest` are dates, or functions that give one when the form is checked. A message that is about one box
    says so in `params["parts"]`; the box is then marked and linked from the error summary. A form's own
    checks may do the same: `ValidationError("Year of opening must be ...", params={"parts": ["year"]})`.
    """

    widget = DateWidget
    default_error_messages = {  # noqa: RUF012  # Django's own way to declare them
        "required": _("Enter %(noun)s"),
        "incomplete": _("%(Noun)s must include a %(missing)s"),
        "invalid": _("%(Noun)s must be a real date, like 27 3 2027"),
        "year": _("%(Noun)s must have a year of 4 numbers"),
        "earliest": _("%(Noun)s must be %(limit)s or later"),
        "latest": _("%(Noun)s must be %(limit)s or earlier"),
    }

    def __init__(
        self,
        *,
        noun: str = "",
        earliest: datetime.date | Callable[[], datetime.date] | None = None,
        latest: datetime.date | Callable[[], datetime.date] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__([forms.CharField(required=False) for _part in DateWidget.parts], **kwargs)
        self.noun = noun
        self.earliest = earliest
        self.latest = latest

    def clean(self, value: Sequence[str | None] | None) -> datetime.date | None:
        day, month, year = ((text or "").strip() for text in value or ("", "", ""))
        given = {"day": day, "month": month, "year": year}
        missing = [part for part, text in given.items() if not text]
        if len(missing) == len(given):
            if self.required:
                raise self._error("required")
            return None
        if missing:
            raise self._error("incomplete", parts=missing, missing=" and ".join(missing))
        date = self._date(day, month, year)
        self._check_limits(date)
        self.run_validators(date)
        return date

    def _date(self, day: str, month: str, year: str) -> datetime.date:
        day_number, month_number = _number(day, 31), _month(month)
        wrong = [part for part, number in (("day", day_number), ("month", month_number)) if not number]
        if not re.fullmatch("[0-9]{4}", year):
            if wrong:
                raise self._error("invalid", parts=[*wrong, "year"])
            raise self._error("year", parts=["year"])
        if wrong:
            raise self._error("invalid", parts=wrong)
        try:
            return datetime.date(int(year), month_number, day_number)
        except ValueError:
            raise self._error("invalid") from None

    def _check_limits(self, date: datetime.date) -> None:
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and date < earliest:
            raise self._error("earliest", limit=_in_words(earliest))
        if latest and date > latest:
            raise self._error("latest", limit=_in_words(latest))

    def _error(self, code: str, **params: Any) -> ValidationError:
        noun = self.noun or str(self.label or "date")
        names = {"noun": noun[:1].lower() + noun[1:], "Noun": noun[:1].upper() + noun[1:]}
        return ValidationError(self.error_messages[code], code=code, params={"parts": [], **names, **params})


def _number(text: str, most: int) -> int:
    """The number from 1 to `most` that the text is, else 0."""
    number = int(text) if re.fullmatch("[0-9]{1,2}", text) else 0
    return number if number <= most else 0


def _month(text: str) -> int:
    if len(text) < len("jan"):
        return _number(text, 12)
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(text.lower().rstrip("."))), 0)


def _in_words(date: datetime.date) -> str:
    return f"{date.day} {_MONTHS[date.month - 1].capitalize()} {date.year}"


class NumberField(forms.DecimalField):
    """A number with the first fault that is found in it: too big is seldom also worth saying in another way."""

    def run_validators(self, value: Any) -> None:
        try:
            super().run_validators(value)
        except ValidationError as faults:
            raise faults.error_list[0] from None


class MoneyField(NumberField):
    """Pounds and pence as people type them: a pound sign, commas and spaces are welcome."""

    default_error_messages = {  # noqa: RUF012
        "invalid": _("Enter an amount in pounds, like 1200 or 1,200.50"),
        "max_decimal_places": _("Enter an amount with no more than 2 decimals, like 1200.50"),
        "max_whole_digits": _("Enter a smaller amount"),
        "max_digits": _("Enter a smaller amount"),
    }
    widget = forms.TextInput

    def __init__(self, *, max_digits: int = 14, decimal_places: int = 2, **kwargs: Any) -> None:
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as in DecimalField
        if isinstance(value, str):
            value = re.sub(r"[£,\s]", "", value)
        return super().to_python(value)


class LongTextField(forms.CharField):
    """Text of several lines, a line break counted as one character, as the page's counter counts it."""

    widget = forms.Textarea
    default_error_messages = {  # noqa: RUF012
        "max_length": _("Use %(limit_value)d characters or fewer; this has %(show_value)d"),
    }

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        if max_length is not None:
            self.validators = [
                MaxLengthValidator(max_length, self.error_messages["max_length"])
                if isinstance(validator, MaxLengthValidator)
                else validator
                for validator in self.validators
            ]

    def to_python(self, value: Any) -> str:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""
