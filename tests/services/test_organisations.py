"""Who belongs to an organisation, who looks after it, and what stays of somebody who leaves."""

import pytest
from django.utils import timezone

from assessments.models import (
    Access,
    Answer,
    Ask,
    Assessment,
    Invitation,
    Membership,
    Organisation,
    Participation,
    Submission,
    User,
)
from assessments.services import organisations, people, reviews, submissions
from assessments.services.asks import ask
from tests.factories import (
    level,
    make_answer,
    make_assessment,
    make_engagement,
    make_firm,
    make_member,
    make_organisation,
    make_participation,
    make_user,
)

MembershipEvent = Membership.pgh_event_model  # type: ignore[attr-defined]


@pytest.fixture
def olive(db: None) -> User:
    return make_user("olive@example.org", "Olive Osborne")


@pytest.fixture
def organisation(olive: User, alice: User, bob: User) -> Organisation:
    """Olive administers it; Alice and Bob are members."""
    made = make_organisation(administrator=olive)
    make_member(made, alice)
    make_member(made, bob)
    return made


def membership(organisation: Organisation, user: User) -> Membership:
    return Membership.objects.select_related("organisation").get(organisation=organisation, user=user)


def roles(organisation: Organisation) -> dict[str, str]:
    return dict(organisation.memberships.values_list("user__name", "role"))


# Founding and looking after ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "role"), [("public_body", "member"), ("adviser_firm", "administrator")])
def test_found(alice: User, kind: str, role: str) -> None:
    founded = organisations.found(by=alice, name="New", kind=kind)

    assert (founded.name, founded.kind, founded.founded_by) == ("New", kind, alice)
    assert roles(founded) == {"Alice Archer": role}


def test_rename(organisation: Organisation, olive: User) -> None:
    organisations.rename(organisation=organisation, name="Borsetshire", by=olive)

    stored = Organisation.objects.get(pk=organisation.pk)
    assert (stored.name, stored.changed_by) == ("Borsetshire", olive)


def test_claim(alice: User) -> None:
    founded = organisations.found(by=alice, name="New")

    organisations.claim(membership=membership(founded, alice), by=alice)

    assert roles(founded) == {"Alice Archer": "administrator"}


def test_claim_of_what_somebody_looks_after(organisation: Organisation, alice: User) -> None:
    with pytest.raises(organisations.AdministratedAlready):
        organisations.claim(membership=membership(organisation, alice), by=alice)

    assert roles(organisation)["Alice Archer"] == "member"


def test_set_role(organisation: Organisation, alice: User, olive: User) -> None:
    organisations.set_role(membership=membership(organisation, alice), role="administrator", by=olive)
    organisations.set_role(membership=membership(organisation, olive), role="member", by=alice)

    assert roles(organisation) == {
        "Olive Osborne": "member",
        "Alice Archer": "administrator",
        "Bob Baker": "member",
    }
    assert list(
        MembershipEvent.objects.filter(user=alice).order_by("pgh_id").values_list("role", "changed_by__name")
    ) == [("member", "Alice Archer"), ("administrator", "Olive Osborne")]


def test_last_administrator_cannot_step_down(organisation: Organisation, olive: User) -> None:
    with pytest.raises(organisations.LastAdministrator):
        organisations.set_role(membership=membership(organisation, olive), role="member", by=olive)

    assert roles(organisation)["Olive Osborne"] == "administrator"


def test_last_administrator_cannot_leave(organisation: Organisation, olive: User) -> None:
    with pytest.raises(organisations.LastAdministrator):
        organisations.remove(membership=membership(organisation, olive), by=olive)

    assert "Olive Osborne" in roles(organisation)


def test_last_of_all_may_leave(alice: User) -> None:
    firm = make_firm(alice)
    Invitation.objects.create(
        organisation=firm, email="x@example.org", secret="0" * 64, invited_by=alice, expires_at=timezone.now()
    )

    organisations.remove(membership=membership(firm, alice), by=alice)

    assert roles(firm) == {}
    # Otherwise somebody could come in to an organisation that has nobody.
    assert Invitation.objects.get().withdrawn_by == alice


# Leaving -------------------------------------------------------------------------------------------------------


def test_leaving_takes_every_part_and_keeps_every_word(organisation: Organisation, bob: User, olive: User) -> None:
    lead = make_user("lena@example.org", "Lena Lead")
    first, second = make_assessment(lead, organisation), make_assessment(lead, organisation)
    people.add(assessment=first, person=bob, role="contributor", questionnaires=["pensions"], by=lead)
    make_participation(second, bob)
    ask(user=bob, assessment=second, kind="reply", about="x", by=lead)
    make_answer(first, "pensions.cost-in-model", level(3), by=bob)

    organisations.remove(membership=membership(organisation, bob), by=olive)

    assert "Bob Baker" not in roles(organisation)
    assert not Access.objects.filter(user=bob).exists()
    assert not Participation.objects.filter(user=bob).exists()
    assert not Ask.objects.filter(user=bob, done_at=None).exists()
    assert Answer.objects.get().changed_by == bob
    gone = MembershipEvent.objects.get(pgh_label="delete")
    assert (gone.user, gone.pgh_context.metadata["user"]) == (bob, olive.pk)


def test_parts_elsewhere_stay(organisation: Organisation, bob: User, charlie: User, olive: User) -> None:
    elsewhere = make_assessment(charlie, organisation_name="Elsewhere")
    people_there = {"assessment": elsewhere, "person": bob, "questionnaires": ["pensions"], "by": charlie}
    make_member(elsewhere.service.organisation, bob)
    people.add(role="contributor", **people_there)  # type: ignore[arg-type]

    organisations.remove(membership=membership(organisation, bob), by=olive)

    assert Access.objects.get(user=bob).assessment_id == elsewhere.pk
    assert Ask.objects.get(user=bob).done_at is None


def test_lead_who_leaves_names_the_next(organisation: Organisation, alice: User, bob: User) -> None:
    first, second = make_assessment(alice, organisation), make_assessment(alice, organisation)

    organisations.remove(membership=membership(organisation, alice), by=alice, new_lead=bob)

    assert set(Assessment.objects.values_list("pk", "lead")) == {(first.pk, bob.pk), (second.pk, bob.pk)}
    assert not Access.objects.filter(user=alice).exists()
    assert set(Ask.objects.filter(user=bob, done_at=None).values_list("kind", "assessment")) == {
        ("lead", first.pk),
        ("lead", second.pk),
    }


@pytest.mark.parametrize("named", ["nobody", "themselves"])
def test_lead_cannot_go_without_the_next(organisation: Organisation, alice: User, olive: User, named: str) -> None:
    assessment = make_assessment(alice, organisation)
    new_lead = {"nobody": None, "themselves": alice}[named]

    with pytest.raises(organisations.NewLeadNeeded):
        organisations.remove(membership=membership(organisation, alice), by=olive, new_lead=new_lead)

    assert Assessment.objects.get().lead == alice
    assert Access.objects.filter(user=alice, assessment=assessment).exists()


def test_next_lead_belongs_to_the_organisation(
    organisation: Organisation, alice: User, charlie: User, olive: User
) -> None:
    make_assessment(alice, organisation)

    with pytest.raises(Membership.DoesNotExist):
        organisations.remove(membership=membership(organisation, alice), by=olive, new_lead=charlie)

    assert Assessment.objects.get().lead == alice
    assert "Alice Archer" in roles(organisation)


def test_adviser_who_leaves_gives_their_review_back(alice: User, bob: User, charlie: User) -> None:
    firm = make_firm(bob)
    make_member(firm, charlie)
    assessment = make_assessment(alice)
    make_engagement(assessment, firm)
    submission = submissions.submit(assessment=assessment, firm=firm, by=alice)
    reviews.claim(submission=submission, by=charlie)

    organisations.remove(membership=membership(firm, charlie), by=bob)

    assert Submission.objects.get().status == "submitted"
    assert list(Ask.objects.filter(kind="review", done_at=None).values_list("user", flat=True)) == [bob.pk]
    assert not Access.objects.filter(user=charlie).exists()
