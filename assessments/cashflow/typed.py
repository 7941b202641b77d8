"""Figures as people type them, and as they are shown: pounds with separators, shares as per cent."""

from __future__ import annotations

import re
from decimal import Decimal

LONGEST_FIGURE = 40
HUNDRED = Decimal(100)

_AMOUNT = re.compile(
    r"(?P<minus>[-\u2212\u2013]?)(?P<figure>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)"
)
_WHOLE = re.compile(r"-?[0-9]{1,9}")


class NotAFigure(ValueError):
    """What was typed cannot be read as a figure."""


def amount(text: str) -> Decimal:
    """`£1,234.56`, `1 234.56` or `(1,234.56)`, which accountants write for less than nothing.

    Commas and spaces count only between thousands: 1,23 is a slip, or another country's pence, and no 123.
    """
    bare = re.sub(r"(?<=[0-9])\s(?=[0-9])", ",", text[: LONGEST_FIGURE + 1].strip())
    bare = re.sub(r"[£\s]", "", bare)
    in_brackets = bare.startswith("(") and bare.endswith(")")
    found = _AMOUNT.fullmatch(bare[1:-1] if in_brackets else bare)
    if found is None or len(text) > LONGEST_FIGURE:
        raise NotAFigure
    figure = Decimal(found["figure"].replace(",", ""))
    return -figure if figure and (in_brackets or found["minus"]) else figure


def share(text: str) -> Decimal:
    """15 or 15% as 0.15. Less than one per cent must say so with its sign: 0.15 alone may well mean 15%."""
    bare = text.strip()
    per_cent = amount(bare.removesuffix("%"))
    if 0 < per_cent < 1 and not bare.endswith("%"):
        raise NotAFigure
    return per_cent / HUNDRED


def whole(text: str) -> int:
    bare = text.strip().replace(",", "")
    if not _WHOLE.fullmatch(bare):
        raise NotAFigure
    return int(bare)


def in_pounds(value: Decimal) -> str:
    """As it stands in a box: 1,234.56, or 1,234 where there are no pence."""
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def in_per_cent(value: Decimal) -> str:
    """As it stands in a box beside a % sign: 15, 2.5, and 0.5%, so that it reads back as the same."""
    text = f"{(value * HUNDRED).normalize():f}"
    return f"{text}%" if 0 < value < 1 / HUNDRED else text


def pounds(value: Decimal) -> str:
    """In a sentence or a table, to the pound: £1,235 or -£1,235."""
    return _signed(value, f"{abs(_to_the_pound(value)):,.0f}")


def exact_pounds(value: Decimal) -> str:
    """To the penny, where there are pence."""
    return _signed(value, in_pounds(abs(value)))


def _signed(value: Decimal, text: str) -> str:
    return f"-£{text}" if value < 0 and text != "0" else f"£{text}"


def _to_the_pound(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), "ROUND_HALF_UP")
