"""The steps of the shipped catalogue: what waits for what, and how long the parts of a piece of work take together."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assessments.catalogue.loader import edition

ACTIONS = {action.id: action for part in edition("2026.1").barriers for action in part.actions}


def waits_for(action: str) -> set[str]:
    """All that has to be finished first, directly or through another step."""
    first = set(ACTIONS[action].after)
    return first.union(*(waits_for(one) for one in first))


@pytest.mark.parametrize(
    ("step", "first"),
    [
        # The form is fixed once its tax is known, and the budget once each price in it is.
        ("governance-and-legal-form.draft-constitution", "working-capital.vat-opinion"),
        ("governance-and-legal-form.register-body", "working-capital.vat-opinion"),
        ("tendering.mutual-constitution", "working-capital.vat-opinion"),
        ("working-capital.rebuild-budget", "working-capital.vat-opinion"),
        ("working-capital.rebuild-budget", "market-and-business-model.support-offers"),
        ("working-capital.rebuild-budget", "pensions.actuary-report"),
        ("working-capital.agree-price", "working-capital.vat-opinion"),
        # What is done in its name waits for the new body.
        ("working-capital.register-for-vat", "governance-and-legal-form.register-body"),
        ("market-and-business-model.support-agreements", "governance-and-legal-form.register-body"),
    ],
)
def test_step_waits_for_another(step: str, first: str) -> None:
    assert first in waits_for(step)


@pytest.mark.parametrize(
    ("steps", "weeks"),
    [
        (["working-capital.cash-flow-model", "working-capital.review-forecast"], (4, 6)),
        (["working-capital.written-offers", "working-capital.funding-agreement"], (10, 16)),
        (["market-and-business-model.support-offers", "market-and-business-model.support-agreements"], (12, 16)),
        (["market-and-business-model.property-schedule", "market-and-business-model.leases"], (16, 30)),
        (["market-and-business-model.data-map", "market-and-business-model.data-and-systems"], (16, 26)),
        (["outcomes-and-service-users.user-panel", "outcomes-and-service-users.agree-roles"], (8, 12)),
        (["tendering.mutual-constitution"], (6, 10)),
        (["board-approval.ask-section-24-consent"], (4, 12)),
    ],
)
def test_parts_of_a_piece_of_work_take_no_longer_than_the_whole(steps: list[str], weeks: tuple[int, int]) -> None:
    """The weeks are those of the domain notes, where one line stands for what is several steps here."""
    parts = [ACTIONS[step].weeks for step in steps]

    assert all(first in ACTIONS[step].after for first, step in pairwise(steps))
    assert (sum(fewest for fewest, _ in parts), sum(most for _, most in parts)) == weeks


def test_constitution_is_tested_while_it_is_drafted() -> None:
    """One range of weeks holds for both, so the test does not come on top."""
    draft = "governance-and-legal-form.draft-constitution"
    assert draft not in waits_for("tendering.mutual-constitution")
    assert waits_for(draft) <= waits_for("tendering.mutual-constitution")
