"""Who gets what where: every address x every kind of person x every state of an assessment x GET and POST."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.views.access_table import EXCEPT, PEOPLE, STATES, TABLE
from tests.views.addresses import PARTS
from tests.views.world import World, opened, status_of

# The table -----------------------------------------------------------------------------------------------------


def test_every_address_has_a_row() -> None:
    assert sorted(PARTS) == sorted(TABLE)


def test_every_exception_is_of_an_address_and_a_state() -> None:
    assert {name for name, _state in EXCEPT} <= set(TABLE)
    assert {state for _name, state in EXCEPT} <= set(STATES)


def expected(name: str, state: str) -> dict[str, str]:
    """What the table says of an address in a state: "GET/POST" by person."""
    cells = EXCEPT.get((name, state), TABLE[name]).split()
    assert len(cells) == len(PEOPLE), f"{name}: {len(cells)} cells for {len(PEOPLE)} people"
    is_kept_back = state in ("submitted", "in review")
    return dict(zip(PEOPLE, (_holds(cell, is_kept_back) for cell in cells), strict=True))


def _holds(cell: str, is_kept_back: bool) -> str:
    before, _bar, after = cell.partition("|")
    return after if after and is_kept_back else before


@pytest.fixture(scope="module", params=STATES)
def world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[World]:
    """One world for all addresses in a state: what a request changes is taken back after it."""
    with django_db_blocker.unblock(), opened(request.param, tmp_path_factory.mktemp("files")) as made:
        yield made


def statuses(world: World, name: str, person: str) -> str:
    url = world.address(name)
    return "/".join(str(status_of(world.client(person), method, url)) for method in ("get", "post"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TABLE))
def test_statuses(world: World, name: str) -> None:
    found = {person: statuses(world, name, person) for person in PEOPLE}

    assert found == expected(name, world.state)
