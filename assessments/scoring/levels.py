"""What a claim is worth on the evidence given (scoring method, rule 7)."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache

from assessments.catalogue.schema import EvidenceGrade
from assessments.scoring.result import Ageing

_GRADES = tuple(EvidenceGrade)
_CAPS = {grade: grade.cap for grade in EvidenceGrade}
_POSITIONS = {grade: position for position, grade in enumerate(_GRADES)}
_LOWER = {grade: _GRADES[max(position - 1, 0)] for position, grade in enumerate(_GRADES)}


def supported_level(claimed: int, grade: EvidenceGrade) -> int:
    """The lower of the claim and the cap: evidence never raises a level."""
    return min(claimed, _CAPS[grade])


def is_enough(grade: EvidenceGrade, needed: EvidenceGrade) -> bool:
    return _POSITIONS[grade] >= _POSITIONS[needed]


def ageing_of(grade: EvidenceGrade, dated: dt.date | None, life_months: int, as_of: dt.date) -> Ageing:
    """Evidence without a date cannot be shown to be within its life, so it counts as older than that."""
    if grade is EvidenceGrade.E0:
        return Ageing.NONE
    if dated is None:
        return Ageing.UNDATED
    return Ageing.OLD if last_day_of_life(dated, life_months) < as_of else Ageing.NONE


def aged(grade: EvidenceGrade, ageing: Ageing) -> EvidenceGrade:
    """One grade lower once, however old the evidence is."""
    return grade if ageing is Ageing.NONE else _LOWER[grade]


@lru_cache(maxsize=1024)
def last_day_of_life(dated: dt.date, months: int) -> dt.date:
    """The same day of the month `months` later, or that month's last day where it has no such day."""
    years, month = divmod(dated.month - 1 + months, 12)
    year = dated.year + years
    if year > dt.MAXYEAR:
        return dt.date.max
    return dt.date(year, month + 1, min(dated.day, calendar.monthrange(year, month + 1)[1]))
