"""The one place where scoring rounds. Everything before it is whole numbers or exact fractions."""

from __future__ import annotations


def whole_per_cent(part: int, whole: int) -> int:
    """To the nearest whole per cent; exactly half goes to the even neighbour, so that ends never cross."""
    quotient, remainder = divmod(100 * part, whole)
    if 2 * remainder == whole:
        return quotient + quotient % 2
    return quotient + (2 * remainder > whole)


def finished_per_cent(part: int, whole: int) -> int:
    """Downwards: 100% is said only of what is wholly done."""
    return 100 * part // whole
