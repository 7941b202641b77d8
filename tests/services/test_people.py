"""Who takes part in an assessment and who leads it: what becomes theirs, what waits for them, what stays."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.models import Access, Answer, Ask, Assessment, Opinion, Organisation, Participation, User
from assessments.services import people
from assessments.services.asks import ask
from tests.factories import level, make_answer, make_assessment, make_member, make_participation

ParticipationEvent = Participation.pgh_event_model  # type: ignore[attr-defined]
AssessmentEvent = Assessment.pgh_event_model  # type: ignore[attr-defined]

COST = "pensions.cost-in-model"
CONTRIBUTOR: dict[str, Any] = {"role": "contributor", "questionnaires": ["pensions", "tendering"]}
READER: dict[str, Any] = {"role": "reader", "questionnaires": []}


@pytest.fixture
def assessment(alice: User, bob: User) -> Assessment:
    """Led by Alice. Bob belongs to the organisation, and takes no part yet."""
    made = make_assessment(alice)
    make_member(organisation_of(made), bob)
    return made


def organisation_of(assessment: Assessment) -> Organisation:
    return assessment.service.organisation


def waiting(user: User) -> list[tuple[str, str]]:
    return sorted(Ask.objects.filter(user=user, done_at=None).values_list("kind", "about"))


def roles_of(user: User, assessment: Assessment) -> list[str]:
    return sorted(Access.objects.filter(user=user, assessment=assessment).values_list("role", flat=True))


# Taking part ---------------------------------------------------------------------------------------------------


def test_contributor_is_asked_for_each_questionnaire(assessment: Assessment, alice: User, bob: User) -> None:
    people.add(assessment=assessment, person=bob, by=alice, **CONTRIBUTOR)

    row = Participation.objects.get()
    assert (row.user, row.role, row.questionnaires) == (bob, "contributor", ["pensions", "tendering"])
    assert waiting(bob) == [("fill_in", "pensions"), ("fill_in", "tendering")]
    assert ParticipationEvent.objects.get().changed_by == alice


def test_reader_is_asked_nothing(assessment: Assessment, alice: User, bob: User) -> None:
    people.add(assessment=assessment, person=bob, role="reader", questionnaires=["pensions"], by=alice)

    assert Participation.objects.get().questionnaires == []
    assert waiting(bob) == []


def test_who_adds_themselves_asks_themselves_nothing(assessment: Assessment, bob: User) -> None:
    people.add(assessment=assessment, person=bob, by=bob, **CONTRIBUTOR)

    assert waiting(bob) == []


def test_add_twice_is_one_part(assessment: Assessment, alice: User, bob: User) -> None:
    people.add(assessment=assessment, person=bob, by=alice, **CONTRIBUTOR)
    people.add(assessment=assessment, person=bob, by=alice, **READER)

    assert Participation.objects.get().role == "reader"
    assert waiting(bob) == []


def test_stranger_cannot_be_added(assessment: Assessment, alice: User, charlie: User) -> None:
    with pytest.raises(people.NotAMember):
        people.add(assessment=assessment, person=charlie, by=alice, **READER)

    assert not Participation.objects.exists()


def test_lead_takes_no_other_part(assessment: Assessment, alice: User) -> None:
    with pytest.raises(people.LeadAlready):
        people.add(assessment=assessment, person=alice, by=alice, **READER)


def test_change_closes_what_is_not_theirs_any_more(assessment: Assessment, alice: User, bob: User) -> None:
    row = people.add(assessment=assessment, person=bob, by=alice, **CONTRIBUTOR)

    people.change(participation=row, role="contributor", questionnaires=["tendering", "working-capital"], by=alice)

    assert waiting(bob) == [("fill_in", "tendering"), ("fill_in", "working-capital")]
    assert Ask.objects.filter(user=bob).count() == 3


SLUGS = ["profile", "pensions", "tendering", "working-capital"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sets(st.sampled_from(SLUGS)), min_size=1, max_size=4))
def test_what_waits_is_what_is_theirs(assessment: Assessment, alice: User, bob: User, steps: list[set[str]]) -> None:
    """However often their part changes, from nothing at all to everything and back."""
    for theirs in steps:
        role = "contributor" if theirs else "reader"
        people.add(assessment=assessment, person=bob, role=role, questionnaires=sorted(theirs), by=alice)

        assert waiting(bob) == [("fill_in", slug) for slug in sorted(theirs)]


def test_remove_keeps_what_they_wrote(assessment: Assessment, alice: User, bob: User) -> None:
    row = people.add(assessment=assessment, person=bob, by=alice, **CONTRIBUTOR)
    make_answer(assessment, COST, level(3), by=bob)

    people.remove(participation=row, by=alice)

    assert roles_of(bob, assessment) == []
    assert waiting(bob) == []
    answer = Answer.objects.get()
    assert (answer.level, answer.changed_by) == (3, bob)
    gone = ParticipationEvent.objects.get(pgh_label="delete")
    assert gone.pgh_context.metadata["user"] == alice.pk


def test_remove_takes_back_an_opinion_that_is_not_given(assessment: Assessment, alice: User, bob: User) -> None:
    row = make_participation(assessment, bob)
    given = {"assessment": assessment, "user": bob, "capacity": "Finance", "asked_by": alice, "changed_by": alice}
    Opinion.objects.create(barrier="pensions", **given)
    Opinion.objects.create(barrier="tendering", given_at=assessment.started_at, **given)

    people.remove(participation=row, by=alice)

    closed = dict(Opinion.objects.values_list("barrier", "closed_at"))
    assert closed["pensions"] is not None
    assert closed["tendering"] is None


def test_administrator_who_takes_part_no_more_still_sees_it(assessment: Assessment, alice: User, bob: User) -> None:
    make_member(organisation_of(assessment), bob)
    organisation_of(assessment).memberships.filter(user=bob).update(role="administrator")
    row = people.add(assessment=assessment, person=bob, by=alice, **CONTRIBUTOR)
    ask(user=bob, assessment=assessment, kind="reply", about="thread", by=alice)

    people.remove(participation=row, by=alice)

    assert roles_of(bob, assessment) == ["administrator"]
    assert waiting(bob) == [("reply", "thread")]


# Handing over --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stays", "roles"), [(True, ["reader"]), (False, [])])
def test_hand_over(assessment: Assessment, alice: User, bob: User, stays: bool, roles: list[str]) -> None:
    make_answer(assessment, COST, level(3))
    before = Assessment.objects.get().changed_at

    people.hand_over(assessment=assessment, to=bob, by=alice, stays=stays)

    stored = Assessment.objects.get()
    assert (stored.lead, stored.changed_by, stored.changed_at) == (bob, alice, before)
    assert roles_of(bob, assessment) == ["lead"]
    assert roles_of(alice, assessment) == roles
    assert Answer.objects.get().changed_by == alice
    assert waiting(bob) == [("lead", "")]
    assert list(AssessmentEvent.objects.order_by("pgh_id").values_list("lead", flat=True)) == [alice.pk, bob.pk]


def test_contributor_who_takes_over_has_one_part(assessment: Assessment, alice: User, bob: User) -> None:
    people.add(assessment=assessment, person=bob, by=alice, **CONTRIBUTOR)

    people.hand_over(assessment=assessment, to=bob, by=alice, stays=False)

    assert roles_of(bob, assessment) == ["lead"]
    assert waiting(bob) == [("lead", "")]


@pytest.mark.parametrize("stays", [True, False])
def test_what_waits_for_the_lead_goes_on_to_the_next(
    assessment: Assessment, alice: User, bob: User, stays: bool
) -> None:
    for kind in ("changes", "settlement", "settle", "signed_off", "reply"):
        ask(user=alice, assessment=assessment, kind=kind, about="1", note="Please", by=bob)

    people.hand_over(assessment=assessment, to=bob, by=alice, stays=stays)

    passed_on = [("changes", "1"), ("lead", ""), ("settle", "1"), ("settlement", "1"), ("signed_off", "1")]
    assert waiting(bob) == passed_on
    assert waiting(alice) == ([("reply", "1")] if stays else [])
    assert set(Ask.objects.filter(user=bob, kind="changes").values_list("note", flat=True)) == {"Please"}


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        (lambda assessment, charlie: charlie, people.NotAMember),
        (lambda assessment, charlie: assessment.lead, people.LeadAlready),
    ],
    ids=["a stranger", "who leads it"],
)
def test_hand_over_to_who_cannot(
    assessment: Assessment,
    alice: User,
    charlie: User,
    to: Callable[[Assessment, User], User],
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        people.hand_over(assessment=assessment, to=to(assessment, charlie), by=alice, stays=False)

    assert Assessment.objects.get().lead == alice
