"""Every condition and red line of the domain files is carried by something asked, or left out aloud."""

import re
from pathlib import Path

from assessments.catalogue.loader import DATA
from assessments.catalogue.reader import read

DOMAIN = Path(__file__).parents[3] / "shared" / "domain"


def numbered(pattern: str, last: int, width: int = 1) -> list[str]:
    return [f"{pattern}{number:0{width}}" for number in range(1, last + 1)]


# Written out here, because the domain files are not part of the repository.
CONDITIONS_AND_RED_LINES = {
    *numbered("PEN-", 14, 2),
    *numbered("PEN-N", 5),
    *numbered("R-PEN-", 8),
    *numbered("STF-", 14, 2),
    *numbered("R-STF-", 7),
    *numbered("BRD-", 14, 2),
    *numbered("R-BRD-", 9),
    *numbered("WC-", 12, 2),
    *numbered("WC-R", 6),
    *numbered("TC-", 12, 2),
    *numbered("TC-R", 8),
    *numbered("LDG-", 12, 2),
    *numbered("R-LDG-", 8),
    *numbered("MB-", 12, 2),
    *numbered("MB-R", 6),
    *numbered("JV-", 10, 2),
    *numbered("JV-R", 4),
    *numbered("OU-", 11, 2),
    *numbered("OU-R", 4),
}

AREAS = ("PEN", "STF", "BRD", "LDG", "WC", "TC", "MB", "JV", "OU")
CODE = re.compile(rf"\b(?:R-)?(?:{'|'.join(AREAS)})-[NR]?\d+\b")
IN_DOMAIN_FILES = {code for file in DOMAIN.glob("*.md") for code in CODE.findall(file.read_text(encoding="utf-8"))}

CATALOGUE = read(DATA / "2026.1").catalogue
CARRIED = {code for part in CATALOGUE.parts for item in part.items for code in item.covers}
LEFT_OUT = {left_out.id for left_out in CATALOGUE.edition.not_covered}


def test_everything_is_carried_or_left_out_with_a_reason() -> None:
    assert sorted(CONDITIONS_AND_RED_LINES - CARRIED - LEFT_OUT) == []


def test_list_is_that_of_the_domain_files_where_these_are_at_hand() -> None:
    assert IN_DOMAIN_FILES in (set(), CONDITIONS_AND_RED_LINES)


def test_nothing_is_left_out_that_is_carried() -> None:
    assert sorted(LEFT_OUT & CARRIED) == []


def test_nothing_is_carried_or_left_out_that_there_is_not() -> None:
    named = {code for code in CARRIED | LEFT_OUT if CODE.fullmatch(code)}
    assert sorted(named - CONDITIONS_AND_RED_LINES) == []


def test_left_out_has_a_reason_that_says_something() -> None:
    assert [left_out.id for left_out in CATALOGUE.edition.not_covered if len(left_out.reason.split()) < 4] == []
