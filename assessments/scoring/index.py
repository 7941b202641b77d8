"""The index of a barrier, as a range (scoring method, rule 9). Secondary: it decides nothing.

Ends are exact (part, whole) pairs until `rounding` turns them into whole per cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import lcm

from assessments.scoring.result import BEST_LEVEL, WORST_LEVEL, QuestionResult
from assessments.scoring.rounding import whole_per_cent

Share = tuple[int, int]
Ends = tuple[Share, Share]


def ends(applicable: Sequence[QuestionResult], *, claimed: bool) -> Ends | None:
    """The lowest and the highest index that any completion of the unknowns can give."""
    if not applicable:
        return None
    return _lowest(applicable, claimed), _highest(applicable, claimed)


def mean(barriers: Iterable[Ends | None]) -> Ends | None:
    """Over the barriers that have an index, each counting the same, however long its questionnaire."""
    known = [pair for pair in barriers if pair is not None]
    if not known:
        return None
    return _mean([low for low, _ in known]), _mean([high for _, high in known])


def in_per_cent(pair: Ends | None) -> tuple[int, int] | None:
    return None if pair is None else (whole_per_cent(*pair[0]), whole_per_cent(*pair[1]))


def _lowest(applicable: Sequence[QuestionResult], claimed: bool) -> Share:
    """What only may apply is counted where that lowers the index: from the lowest level up, while it does."""
    part, whole = _certain(applicable, claimed, WORST_LEVEL)
    for level, weight in sorted(_possible(applicable, claimed, WORST_LEVEL)):
        if whole == 0 or level * whole < part:
            part, whole = part + level * weight, whole + weight
    return part, BEST_LEVEL * whole


def _highest(applicable: Sequence[QuestionResult], claimed: bool) -> Share:
    part, whole = _certain(applicable, claimed, BEST_LEVEL)
    for level, weight in sorted(_possible(applicable, claimed, BEST_LEVEL), reverse=True):
        if whole == 0 or level * whole > part:
            part, whole = part + level * weight, whole + weight
    return part, BEST_LEVEL * whole


def _certain(applicable: Sequence[QuestionResult], claimed: bool, unknown: int) -> Share:
    part = whole = 0
    for question in applicable:
        if not question.may_apply:
            part += question.weight * _level(question, claimed, unknown)
            whole += question.weight
    return part, whole


def _possible(applicable: Sequence[QuestionResult], claimed: bool, unknown: int) -> list[tuple[int, int]]:
    return [(_level(question, claimed, unknown), question.weight) for question in applicable if question.may_apply]


def _level(question: QuestionResult, claimed: bool, unknown: int) -> int:
    if claimed:
        return unknown if question.claimed is None else question.claimed
    counts = question.counts
    return min(unknown, question.ceiling) if counts is None else counts


def _mean(shares: Sequence[Share]) -> Share:
    common = lcm(*(whole for _, whole in shares))
    return sum(part * (common // whole) for part, whole in shares), common * len(shares)
