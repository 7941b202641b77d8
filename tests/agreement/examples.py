"""Published worked examples, and records made from tables."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.agreement.ratings import DoubleRating, Rating

KRIPPENDORFF_2011 = (
    # Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve units,
    # any level of measurement, data missing. The printed ordinal alpha is 0.815.
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)

HAYES_KRIPPENDORFF_2007 = (
    # Hayes and Krippendorff, "Answering the Call for a Standard Reliability Measure for Coding Data", Communication
    # Methods and Measures 1(1), 2007, table 1: five observers, forty articles. The printed ordinal alpha is 0.7598.
    "1 1 2 . 0 0 1 1 2 2 . 0 1 3 1 1 2 1 1 0 0 0 2 0 1 0 0 1 1 1 1 2 2 3 2 2 2 2 2 1",
    "1 1 3 0 0 0 0 . 2 1 1 0 2 3 1 1 1 2 1 0 0 0 3 0 2 1 0 2 1 1 1 1 2 2 2 2 2 2 2 1",
    "2 0 3 0 0 0 2 2 2 1 0 0 2 2 1 1 2 3 0 0 1 . 3 0 . 1 0 1 2 2 0 2 . 2 2 3 2 . 2 1",
    ". 1 3 . . . . 0 . 1 0 0 2 2 . . . 3 1 . 1 0 3 0 2 1 1 2 2 . . 1 2 2 . . . 1 2 .",
    "2 . . 0 0 0 1 . 2 . . . . 3 1 1 2 . . 0 . 0 . . 2 . 0 . . 2 0 . 2 . 2 2 2 2 . 1",
)

SKIN_CONDITION = (
    # SAS/STAT User's Guide, The FREQ Procedure, "Agreement Study": two dermatologists, 88 patients, four ordered
    # categories. The printed weighted kappa (Cicchetti-Allison weights, which are linear) is 0.5082.
    (10, 4, 1, 0),
    (5, 10, 12, 2),
    (2, 4, 12, 5),
    (0, 2, 6, 13),
)


def units_of(table: tuple[str, ...]) -> list[list[int]]:
    """One list of the levels given to each unit, from one row of signs for each observer."""
    rows = [row.split() for row in table]
    return [[int(sign) for sign in unit if sign != "."] for unit in zip(*rows, strict=True)]


def pairs_of(table: tuple[tuple[int, ...], ...]) -> list[tuple[int, int]]:
    return [
        (first, second) for first, row in enumerate(table) for second, count in enumerate(row) for _ in range(count)
    ]


def records(
    pairs: Sequence[tuple[Rating, Rating]], *, item: str = "pensions.schemes", edition: str = "2026.1"
) -> list[DoubleRating]:
    """One submission for each pair of what client and adviser said."""
    barrier = item.partition(".")[0]
    return [
        DoubleRating(edition, barrier, item, f"submission {number}", client, adviser)
        for number, (client, adviser) in enumerate(pairs)
    ]


def opinions(units: list[list[int]]) -> list[DoubleRating]:
    """One submission for each unit, all of its levels second opinions."""
    return [
        DoubleRating("2026.1", "pensions", "pensions.schemes", f"submission {number}", others=tuple(unit))
        for number, unit in enumerate(units)
    ]
