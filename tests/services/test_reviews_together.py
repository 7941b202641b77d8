"""Two at once on a real PostgreSQL: one wins, the other is told, and nothing is overwritten."""

from collections.abc import Callable
from typing import Any

import pytest

from assessments.catalogue.schema import Catalogue
from assessments.models import InvalidTransition, Rating, Review, Submission, User
from assessments.selectors.ratings import Said
from assessments.services import reviews, submissions
from assessments.services.reviews import Conflict
from tests.factories import level, make_member, make_user
from tests.moderation import ESSENTIAL, GATE, Case, make_case, use_small_edition
from tests.services.test_assessments_together import at_once

pytestmark = pytest.mark.django_db(transaction=True)

NOT_MET = Said("not_met")


@pytest.fixture
def case(transactional_db: None, small_edition: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Case:
    use_small_edition(monkeypatch, small_edition)
    return make_case(make_user("alice@example.org"), make_user("ada@example.org"))


@pytest.fixture
def advisers(case: Case) -> list[User]:
    colleagues = [make_user(f"adviser{number}@example.org") for number in range(3)]
    for colleague in colleagues:
        make_member(case.firm, colleague)
    return [case.adviser, *colleagues]


def outcome(act: Callable[[], Any]) -> Callable[[], Any]:
    """What it came to: its result, or that it was refused."""

    def run() -> Any:
        try:
            return act()
        except InvalidTransition:
            return InvalidTransition

    return run


def test_several_claim_at_once(case: Case, advisers: list[User]) -> None:
    made = case.submit()

    outcomes = at_once(
        outcome(lambda adviser=adviser: reviews.claim(submission=made, by=adviser))  # type: ignore[misc]
        for adviser in advisers
    )

    [claimed] = [one for one in outcomes if isinstance(one, Review)]
    assert outcomes.count(InvalidTransition) == len(advisers) - 1
    assert (Review.objects.get().adviser, case.submission.status) == (claimed.adviser, "in_review")


def test_submit_pressed_several_times_at_once(case: Case) -> None:
    outcomes = at_once(outcome(case.submit) for _number in range(4))

    assert outcomes.count(InvalidTransition) == 3
    assert Submission.objects.get().number == 1


def test_withdrawn_while_it_is_claimed(case: Case) -> None:
    """Either comes first; a claim that comes second is refused, and a withdrawal is never lost."""
    made = case.submit()

    at_once(
        [
            outcome(lambda: reviews.claim(submission=made, by=case.adviser)),
            outcome(lambda: submissions.withdraw(submission=made, by=case.lead, words="Too early.")),
        ]
    )

    assert case.submission.status == "withdrawn"


def test_same_item_rated_in_two_windows(case: Case) -> None:
    case.through(until="claimed")
    given: dict[str, Any] = {"submission": case.submission, "by": case.adviser, "item": GATE, "version": 0}

    outcomes = at_once(
        outcome(lambda reason=reason: reviews.rate(**given, said=NOT_MET, reason=reason))  # type: ignore[misc]
        for reason in ("one", "two", "three")
    )

    [kept] = [one for one in outcomes if isinstance(one, Rating)]
    assert Rating.objects.get().reason == kept.reason
    assert [one.theirs for one in outcomes if isinstance(one, Conflict)] == [kept, kept]


def test_agreed_and_objected_to_at_once(case: Case) -> None:
    case.through(until="rated", rate=Said("answered", 1))
    case.settle(ESSENTIAL, Said("answered", 2))
    given: dict[str, Any] = {"submission": case.submission, "item": ESSENTIAL, "version": 2}

    outcomes = at_once(
        [
            lambda: reviews.settle(**given, by=case.adviser, agreed=Said("answered", 3), reason="More."),
            lambda: reviews.object_to(**given, by=case.lead, words="No."),
        ]
    )

    assert sum(isinstance(one, Conflict) for one in outcomes) == 1
    assert case.rating(ESSENTIAL).version == 3


def test_signed_off_while_an_answer_is_saved(case: Case) -> None:
    """Whichever comes first: the record is never called reviewed with an answer that nobody reviewed."""
    case.through(until="rated")

    at_once([case.sign_off, lambda: case.answer(list=level(0))])

    assert case.submission.status == "signed_off"
    assert not case.record.is_reviewed
