"""The two coefficients of rule 14, by kept libraries. None where a coefficient is not defined; never NaN.

How many ratings it takes before one may be quoted is decided by the caller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assessments.scoring.result import BEST_LEVEL, WORST_LEVEL

_LEVELS = range(WORST_LEVEL, BEST_LEVEL + 1)


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa of two raters with linear weights: levels two apart count as twice one apart.

    Linear, not squared: the counts that stand beside it reckon in levels too, and a squared weight lets a few wide
    differences outweigh many narrow ones. Not defined where all ratings are one and the same level.
    """
    # numpy takes longer to load than all of our own code: only who asks for a coefficient waits for it.
    from pycm import ConfusionMatrix

    seen = sorted({level for pair in pairs for level in pair})
    if len(seen) < 2:
        return None
    counted = Counter(pairs)
    table = {first: {second: counted[first, second] for second in seen} for first in seen}
    # Whole numbers: given anything else, pycm warns and goes on without weights.
    apart = {first: {second: abs(first - second) for second in seen} for first in seen}
    return float(ConfusionMatrix(matrix=table).weighted_kappa(weight=apart))


def alpha(units: Sequence[Sequence[int]]) -> float | None:
    """Krippendorff's alpha for ordered categories: any number of raters, in any order, some missing.

    One sequence of levels for each thing rated; those with fewer than two levels say nothing. Not defined where all
    that can be compared is one and the same level.
    """
    from krippendorff import alpha as krippendorff_alpha

    comparable = [unit for unit in units if len(unit) > 1]
    if len({level for unit in comparable for level in unit}) < 2:
        return None
    found = krippendorff_alpha(
        value_counts=[[unit.count(level) for level in _LEVELS] for unit in comparable],
        value_domain=list(_LEVELS),
        level_of_measurement="ordinal",
    )
    return float(found)
