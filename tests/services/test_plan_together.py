"""Two people at once on a real PostgreSQL: one agreement wins, the other is told; answers and plan do not deadlock."""

import pytest

from assessments.models import Assessment, PlanItem, User
from assessments.models.plan import Agreement
from assessments.services.assessments import Draft, save_answers
from assessments.services.plan import Conflict, agree
from tests.factories import level, make_assessment, save
from tests.services.test_assessments_together import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6
COST = "pensions.cost-in-model"


@pytest.fixture
def people(transactional_db: None) -> list[User]:
    return [User.objects.create_user(f"p{number}@example.org") for number in range(PEOPLE)]


@pytest.fixture
def assessment(people: list[User]) -> Assessment:
    made = make_assessment(people[0])
    save(made, people[0], {COST: level(0)})
    return made


def action_of(assessment: Assessment) -> str:
    item = assessment.catalogue.question(COST)
    return item.actions[0]  # type: ignore[union-attr]


def test_same_action_has_one_winner(assessment: Assessment, people: list[User]) -> None:
    action = action_of(assessment)

    outcomes = at_once(
        lambda person=person: agree(  # type: ignore[misc]
            assessment=assessment, by=person, action=action, version=0, agreement=Agreement(owner=person.email)
        )
        for person in people
    )

    row = PlanItem.objects.get()
    conflicts = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert (row.version, row.owner, len(conflicts)) == (1, row.changed_by.email, PEOPLE - 1)
    assert {conflict.theirs for conflict in conflicts} == {row.agreement}


def test_agreeing_while_others_answer(assessment: Assessment, people: list[User]) -> None:
    action = action_of(assessment)

    def answer(person: User) -> None:
        save_answers(assessment=assessment, by=person, drafts=[Draft(f"pensions.{person.pk}", 0, level(1))])

    def agreeing(person: User) -> None:
        agree(assessment=assessment, by=person, action=action, version=0, agreement=Agreement(owner=person.email))

    at_once(
        (lambda person=person, act=act: act(person))  # type: ignore[misc]
        for person in people
        for act in (answer, agreeing)
    )

    assert PlanItem.objects.get().version == 1
