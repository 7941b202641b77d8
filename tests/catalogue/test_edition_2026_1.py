"""The catalogue that is shipped: sound, short at the start, and asked in the right places."""

import datetime as dt

import pytest

from assessments.catalogue.conditions import Truth, facts_in
from assessments.catalogue.loader import DATA, edition, problems, released
from assessments.catalogue.path import Path, path
from assessments.catalogue.satisfiable import can_hold
from assessments.catalogue.schema import FactQuestion, FactValue, Stage

DAY = dt.date(2026, 11, 21)

LIBRARIES: dict[str, FactValue] = {
    "sector": "council",
    "nation": "england",
    "service-type": ("library", "culture"),
    "regulated-activity": ("none",),
    "council-decisions": "leader-and-cabinet",
    "health-services": False,
    "target-date": dt.date(2027, 3, 1),
    "go-live-date": dt.date(2028, 4, 1),
    "reorganisation": False,
    "staff-transferring": 60,
    "new-body-headcount": 62,
    "staff-move": "compulsory-transfer",
    "transferred-before": False,
    "pension-schemes": ("lgps",),
    "lgps-members": 55,
    "union-recognised": True,
    "union-density": "quarter-to-half",
    "redundancies-planned": 0,
    "two-role-managers": True,
    "legal-form": "community-benefit-society",
    "control": "employees",
    "parent-stake": "none",
    "partner": False,
    "contract-route": "reserved-mutual",
    "contract-value": 9_000_000,
    "contract-years": 5,
    "annual-income": 1_800_000,
    "parent-support": ("cheap-premises",),
    "savings-from-pay": "none",
    "payment-by-results": False,
}
NURSES: dict[str, FactValue] = LIBRARIES | {
    "sector": "nhs-trust",
    "service-type": ("community-health",),
    "regulated-activity": ("cqc",),
    "health-services": True,
    "staff-transferring": 250,
    "new-body-headcount": 255,
    "pension-schemes": ("nhs",),
    "nhs-members": 240,
    "legal-form": "cic-guarantee",
    "contract-route": "health-provider-selection",
    "contract-value": 60_000_000,
    "annual-income": 12_000_000,
    "parent-support": ("none",),
}
PROFILES = pytest.mark.parametrize("profile", [LIBRARIES, NURSES], ids=["libraries", "nurses"])
BARRIERS = (
    "pensions",
    "staff-and-unions",
    "board-approval",
    "working-capital",
    "tendering",
    "leadership-and-skills",
    "governance-and-legal-form",
    "partnership",
    "market-and-business-model",
    "outcomes-and-service-users",
)


def asked(found: Path) -> list[str]:
    return [item.id for barrier in BARRIERS for item in found.items(barrier)]


def test_edition_is_released() -> None:
    """The loader then refuses it as soon as any of its files differs from what was released."""
    assert released()["2026.1"] == edition("2026.1").digest
    assert edition("2026.1").edition.released is not None


def test_edition_is_sound() -> None:
    assert problems(DATA / "2026.1") == ()


def test_barriers_that_the_sources_name_come_first() -> None:
    assert edition("2026.1").edition.barriers == BARRIERS


@PROFILES
def test_explore_is_short(profile: dict[str, FactValue]) -> None:
    assert 20 <= len(asked(path(edition("2026.1"), Stage.EXPLORE, profile, DAY))) <= 32


@PROFILES
def test_each_stage_asks_what_the_one_before_asked(profile: dict[str, FactValue]) -> None:
    by_stage = [set(asked(path(edition("2026.1"), stage, profile, DAY))) for stage in Stage]
    assert by_stage[0] < by_stage[1] <= by_stage[2] <= by_stage[3]


@PROFILES
def test_complete_profile_leaves_only_facts_of_barriers_open(profile: dict[str, FactValue]) -> None:
    found = path(edition("2026.1"), Stage.GO_LIVE, profile, DAY)
    asked_facts = {item.id for page in found.profile_pages() for item in page.items}
    assert sorted(fact for fact in asked_facts if found.truth(fact) is not Truth.TRUE) == []


def test_every_value_that_a_condition_tests_can_be_given() -> None:
    catalogue = edition("2026.1")
    facts = {item.id: item for item in catalogue.items.values() if isinstance(item, FactQuestion)}
    whens = [item.when for item in catalogue.items.values() if item.when is not None]
    tests = [test for when in whens for test in facts_in(when)]
    assert [test for test in tests if not can_hold(test, facts, Stage.GO_LIVE)] == []
