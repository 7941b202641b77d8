"""The one place where this room rounds. Everything before it is whole numbers, or a library's coefficient."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal

_TENTH = Decimal("0.1")
_THOUSANDTH = Decimal("0.001")
_NOISE = Decimal("0.000000001")
"""What floating point adds or takes away lies far below this."""


def average(total: int, of: int) -> Decimal | None:
    """To the nearest tenth, halves away from nought, so that both directions are treated alike."""
    return _plain((Decimal(total) / of).quantize(_TENTH, ROUND_HALF_UP)) if of else None


def average_downwards(total: int, of: int) -> Decimal | None:
    """Tenths cut off: "1.0" is printed only of what reaches a full level."""
    return _plain((Decimal(total) / of).quantize(_TENTH, ROUND_DOWN)) if of else None


def coefficient(value: float | None) -> Decimal | None:
    """Downwards to three places, so that a printed coefficient never claims a better reading than the exact one."""
    if value is None:
        return None
    return _plain(Decimal(value).quantize(_NOISE).quantize(_THOUSANDTH, ROUND_FLOOR))


def _plain(value: Decimal) -> Decimal:
    """Without the minus of a rounded-off nought."""
    return value if value else abs(value)
