"""What is still known of an action whose gap has closed."""

from __future__ import annotations

import pytest

from assessments.catalogue import loader
from assessments.catalogue.schema import Catalogue
from assessments.planning.planned import Kind
from assessments.planning.recalled import recalled
from tests.conftest import SMALL


@pytest.fixture(scope="module")
def small() -> Catalogue:
    return loader.load(SMALL)


@pytest.mark.parametrize(
    ("action_id", "kind", "barrier", "title", "closes"),
    [
        ("pensions.make-the-list", Kind.DO, "pensions", "Make the list", ("pensions.list",)),
        ("find-out:pensions.access", Kind.FIND_OUT, "pensions", "Find out: Access", ("pensions.access",)),
        ("prove:pensions.list", Kind.PROVE, "pensions", "Get the proof: List", ("pensions.list",)),
        ("finish:pensions", Kind.FINISH, "pensions", "Finish answering: Pensions", ()),
        ("finish:profile", Kind.FINISH, None, "Give the facts that decide what applies", ()),
        # What an edition lacks is called by its id: nothing is lost from sight.
        ("settle:gone", Kind.SETTLE, None, "Settle: gone", ()),
        ("find-out:pensions.gone", Kind.DO, None, "pensions.gone", ()),
        ("pensions.gone", Kind.DO, None, "pensions.gone", ()),
    ],
)
def test_recalled(
    small: Catalogue, action_id: str, kind: Kind, barrier: str | None, title: str, closes: tuple[str, ...]
) -> None:
    action = recalled(small, action_id)

    assert (action.kind, action.barrier, action.title, action.closes) == (kind, barrier, title, closes)


def test_work_keeps_what_the_catalogue_says(small: Catalogue) -> None:
    action = recalled(small, "pensions.ask-the-fund")

    assert (action.owner, action.weeks, action.done_when) == ("Finance lead", (4, 12), "The fund has signed.")
    assert action.closes == ("pensions.access", "pensions.rate", "pensions.debt", "pensions.bond")


def test_contradiction_of_the_edition() -> None:
    catalogue = loader.edition("2026.1")
    rule = catalogue.rules.contradictions[0]

    action = recalled(catalogue, f"settle:{rule.id}")

    assert (action.title, action.how, action.barrier) == (f"Settle: {rule.title}", rule.mend, rule.barriers[0])
