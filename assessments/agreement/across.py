"""Agreement across assessments, for the people who keep the catalogue (scoring method, rule 14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import combinations

from assessments.agreement import coefficients
from assessments.agreement.measures import (
    BarrierAgreement,
    EditionAgreement,
    GateAgreement,
    Measures,
    QuestionAgreement,
    Reading,
    Rewrite,
)
from assessments.agreement.ratings import DoubleRating, levels, states
from assessments.agreement.rounding import average, average_downwards, coefficient
from assessments.scoring.rounding import finished_per_cent

FEWEST_FOR_COEFFICIENT = 30
"""At least so many double ratings before a coefficient is quoted (convention). For kappa they are pairs of client
and adviser; for alpha each question of an assessment counts once, however many people rated it."""

FEWEST_FOR_REWRITE = 10
"""Over so many pairs or more, a question wants rewriting if exact agreement is under half, or the average difference
is a full level (convention). A question of an assessment counts once here too, so that three people who rated
it together do not pass for three assessments. The difference is taken whichever of the two was higher: a question read
too high by half the people and too low by the other half is as unclear as one that all read too high."""

FULL_LEVEL = 1

RELIABLE = Decimal("0.80")
"""An alpha of 0.80 or more is reliable; from 0.67 tentative; below that not usable. Kappa is given no such word:
the familiar bands for it are only a rough guide."""
TENTATIVE = Decimal("0.67")

ONE_SIDED_TENTHS = 9
"""Nine tenths of all levels given are the same: "nearly everyone answers the same way" (our convention; the rule gives
no figure). Said from FEWEST_FOR_REWRITE on."""


def across(records: Iterable[DoubleRating]) -> tuple[EditionAgreement, ...]:
    """Every edition's agreement, by edition, barrier and question. A barrier that has only gates is not listed."""
    return tuple(_edition(edition, its) for edition, its in _grouped(records, lambda record: record.edition))


def _edition(edition: str, records: Sequence[DoubleRating]) -> EditionAgreement:
    questions = [record for record in records if not record.is_gate]
    gates = [record for record in records if record.is_gate]
    return EditionAgreement(
        edition,
        measures(questions),
        tuple(BarrierAgreement(barrier, measures(its)) for barrier, its in _grouped(questions, lambda r: r.barrier)),
        tuple(_question(item, its) for item, its in _grouped(questions, lambda r: r.item)),
        tuple(_gate(item, its) for item, its in _grouped(gates, lambda r: r.item)),
    )


def _question(item: str, records: Sequence[DoubleRating]) -> QuestionAgreement:
    units = _units(records)
    distances = _distances(units)
    found = []
    if len(units) >= FEWEST_FOR_REWRITE:
        if _is_under_half(distances.count(0), len(distances)):
            found.append(Rewrite.EXACT_UNDER_HALF)
        if sum(distances) >= FULL_LEVEL * len(distances):
            found.append(Rewrite.A_LEVEL_APART)
    return QuestionAgreement(item, records[0].barrier, measures(records), tuple(found))


def _gate(item: str, records: Sequence[DoubleRating]) -> GateAgreement:
    units = [given for record in records if len(given := states(record.given)) > 1]
    pairs = [pair for unit in units for pair in combinations(unit, 2)]
    agreed = sum(first is second for first, second in pairs)
    is_unclear = len(units) >= FEWEST_FOR_REWRITE and _is_under_half(agreed, len(pairs))
    rewrite = (Rewrite.EXACT_UNDER_HALF,) if is_unclear else ()
    return GateAgreement(item, records[0].barrier, len(units), len(pairs), agreed, rewrite)


def measures(records: Sequence[DoubleRating]) -> Measures:
    """What the ratings of these level questions come to, taken together."""
    units = _units(records)
    distances = _distances(units)
    pairs = [
        (record.client, record.adviser)
        for record in records
        if isinstance(record.client, int) and isinstance(record.adviser, int)
    ]
    alpha = coefficient(coefficients.alpha(units)) if len(units) >= FEWEST_FOR_COEFFICIENT else None
    kappa = coefficient(coefficients.weighted_kappa(pairs)) if len(pairs) >= FEWEST_FOR_COEFFICIENT else None
    given = Counter(level for unit in units for level in unit)
    commonest = min(given, key=lambda level: (-given[level], level), default=None)
    most = given[commonest] if commonest is not None else 0
    return Measures(
        doubles=len(units),
        pairs=len(distances),
        exact=distances.count(0),
        within_one=sum(distance <= 1 for distance in distances),
        apart=average_downwards(sum(distances), len(distances)),
        client_adviser=len(pairs),
        lean=average(sum(client - adviser for client, adviser in pairs), len(pairs)),
        kappa=kappa,
        alpha=alpha,
        reading=None if alpha is None else reading(alpha),
        commonest=commonest,
        commonest_share=finished_per_cent(most, given.total()) if given else None,
        is_one_sided=len(units) >= FEWEST_FOR_REWRITE and 10 * most >= ONE_SIDED_TENTHS * given.total(),
    )


def reading(alpha: Decimal) -> Reading:
    """0.80 or more is reliable, 0.67 to 0.80 tentative, below that not usable."""
    if alpha >= RELIABLE:
        return Reading.RELIABLE
    return Reading.TENTATIVE if alpha >= TENTATIVE else Reading.NOT_USABLE


def _units(records: Sequence[DoubleRating]) -> list[tuple[int, ...]]:
    return [given for record in records if len(given := levels(record.given)) > 1]


def _distances(units: Sequence[tuple[int, ...]]) -> list[int]:
    return [abs(first - second) for unit in units for first, second in combinations(unit, 2)]


def _is_under_half(agreed: int, of: int) -> bool:
    return 2 * agreed < of


def _grouped(
    records: Iterable[DoubleRating], key: Callable[[DoubleRating], str]
) -> list[tuple[str, list[DoubleRating]]]:
    groups: dict[str, list[DoubleRating]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return sorted(groups.items())
