"""Several people at once on a real PostgreSQL: no organisation loses its last administrator, no assessment its lead,
and a link works once."""

import contextlib
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress

from assessments.models import Assessment, Invitation, Membership, Organisation, Participation, User
from assessments.services import invitations, organisations, people
from tests.factories import make_assessment, make_member, make_organisation
from tests.services.test_assessments_together import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6


@pytest.fixture
def crowd(transactional_db: None) -> list[User]:
    return [User.objects.create_user(f"p{number}@example.org") for number in range(PEOPLE)]


@pytest.fixture
def organisation(crowd: list[User]) -> Organisation:
    """All of them administer it."""
    made = make_organisation(administrator=crowd[0])
    for person in crowd[1:]:
        make_member(made, person, "administrator")
    return made


def membership(organisation: Organisation, person: User) -> Membership:
    return Membership.objects.select_related("organisation").get(organisation=organisation, user=person)


def tried(act: Callable[[], object], *refusals: type[Exception]) -> Callable[[], bool]:
    """Whether it was done, and not refused."""

    def outcome() -> bool:
        with contextlib.suppress(*refusals):
            act()
            return True
        return False

    return outcome


@pytest.mark.parametrize("act", ["step down", "leave"])
def test_one_administrator_is_left(organisation: Organisation, crowd: list[User], act: str) -> None:
    # Somebody for whom it must be looked after.
    make_member(organisation, User.objects.create_user("member@example.org"))

    def go(person: User) -> None:
        own = membership(organisation, person)
        if act == "leave":
            organisations.remove(membership=own, by=person)
        else:
            organisations.set_role(membership=own, role="member", by=person)

    done = at_once(tried(lambda person=person: go(person), organisations.LastAdministrator) for person in crowd)  # type: ignore[misc]

    assert sorted(done) == [False] + [True] * (PEOPLE - 1)
    assert organisation.memberships.filter(role="administrator").count() == 1


def test_link_works_once(organisation: Organisation, crowd: list[User]) -> None:
    secrets: list[str] = []
    invited = User.objects.create_user("new@example.org")
    EmailAddress.objects.create(user=invited, email=invited.email, verified=True)
    invitations.invite(
        organisation=organisation,
        email=invited.email,
        role="member",
        by=crowd[0],
        link=lambda secret: secrets.append(secret) or secret,  # type: ignore[func-returns-value]
    )

    done = at_once(
        tried(lambda: invitations.accept(secret=secrets[0], by=invited), invitations.InvitationGone)
        for _window in range(PEOPLE)
    )

    assert sorted(done) == [False] * (PEOPLE - 1) + [True]
    assert Membership.objects.filter(user=invited).count() == 1


def test_limit_holds_at_once(organisation: Organisation, crowd: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "A_DAY", 2)

    def go(person: User) -> None:
        invitations.invite(organisation=organisation, email=f"for-{person.email}", role="member", by=person, link=str)

    done = at_once(tried(lambda person=person: go(person), invitations.TooManyInvitations) for person in crowd)  # type: ignore[misc]

    assert done.count(True) == Invitation.objects.count() == 2


def test_who_is_removed_leads_nothing(organisation: Organisation, crowd: list[User]) -> None:
    """Removed while they are made the lead, and while they are given a part: one of the two comes first."""
    lead, leaving, administrator = crowd[:3]
    assessments = [make_assessment(lead, organisation) for _number in range(3)]
    own = membership(organisation, leaving)

    at_once(
        [
            tried(
                lambda: organisations.remove(membership=own, by=administrator, new_lead=administrator),
                organisations.NewLeadNeeded,
            ),
            *(
                tried(
                    lambda assessment=assessment: people.hand_over(  # type: ignore[misc]
                        assessment=assessment, to=leaving, by=lead, stays=True
                    ),
                    people.NotAMember,
                )
                for assessment in assessments[:2]
            ),
            tried(
                lambda: people.add(
                    assessment=assessments[2], person=leaving, role="reader", questionnaires=[], by=lead
                ),
                people.NotAMember,
            ),
        ]
    )

    assert not organisation.memberships.filter(user=leaving).exists()
    assert not Assessment.objects.filter(lead=leaving).exists()
    assert not Participation.objects.filter(user=leaving).exists()
