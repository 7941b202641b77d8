"""Invitations: for one address, for a while, once."""

import datetime as dt
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Ask, Invitation, Membership, Organisation, Participation, User
from assessments.services import invitations
from assessments.services.invitations import (
    InvitationGone,
    InvitedAlready,
    MemberAlready,
    SentToAnotherAddress,
    TooManyInvitations,
)
from tests.factories import make_assessment, make_member, make_organisation, make_user

InvitationEvent = Invitation.pgh_event_model  # type: ignore[attr-defined]
BOB = "bob@example.org"


class Post:
    """What the e-mails of a test bring."""

    def __init__(self, commit: Any) -> None:
        self.commit = commit
        self.secrets: list[str] = []

    def link(self, secret: str) -> str:
        self.secrets.append(secret)
        return f"https://spinout.example.org/invitations/{secret}/"

    def invite(self, organisation: Organisation, by: User, email: str = BOB, **given: Any) -> Invitation:
        with self.commit(execute=True):
            return invitations.invite(
                organisation=organisation, email=email, by=by, link=self.link, **{"role": "member", **given}
            )

    def again(self, invitation: Invitation, by: User) -> Invitation:
        with self.commit(execute=True):
            return invitations.send_again(invitation=invitation, by=by, link=self.link)


@pytest.fixture
def post(django_capture_on_commit_callbacks: Any) -> Post:
    return Post(django_capture_on_commit_callbacks)


@pytest.fixture
def olive(db: None) -> User:
    return make_user("olive@example.org", "Olive Osborne")


@pytest.fixture
def organisation(olive: User) -> Organisation:
    return make_organisation(administrator=olive)


def belongs(user: User) -> bool:
    return Membership.objects.filter(user=user).exists()


# Sending -------------------------------------------------------------------------------------------------------


def test_mail_says_who_invites_to_what(post: Post, organisation: Organisation, olive: User) -> None:
    post.invite(organisation, olive)

    [sent] = mail.outbox
    assert sent.to == [BOB]
    assert "Olive Osborne (olive@example.org) invites you to join Exampleshire County Council" in sent.body
    assert f"https://spinout.example.org/invitations/{post.secrets[0]}/" in sent.body
    assert "for 14 days" in sent.body


def test_only_a_hash_is_stored(post: Post, organisation: Organisation, olive: User) -> None:
    invitation = post.invite(organisation, olive)

    [secret] = post.secrets
    assert len(secret) >= 43
    assert re.fullmatch("[0-9a-f]{64}", invitation.secret)
    assert secret not in str(Invitation.objects.values().get())
    assert "secret" not in InvitationEvent.objects.values().get()


def test_lasts_14_days(post: Post, organisation: Organisation, olive: User) -> None:
    invitation = post.invite(organisation, olive)

    assert abs(invitation.expires_at - timezone.now() - dt.timedelta(days=14)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize("email", [BOB, "BOB@Example.org"])
def test_member_is_not_invited(post: Post, organisation: Organisation, olive: User, bob: User, email: str) -> None:
    make_member(organisation, bob)

    with pytest.raises(MemberAlready):
        post.invite(organisation, olive, email)

    assert mail.outbox == []


@pytest.mark.parametrize("email", [BOB, "BOB@Example.org"])
def test_one_open_invitation_for_an_address(post: Post, organisation: Organisation, olive: User, email: str) -> None:
    post.invite(organisation, olive)

    with pytest.raises(InvitedAlready):
        post.invite(organisation, olive, email)


def test_limit_of_a_day(post: Post, organisation: Organisation, olive: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(invitations, "A_DAY", 2)
    first = post.invite(organisation, olive, "a@example.org")
    invitations.withdraw(invitation=first, by=olive)
    second = post.invite(organisation, olive, "b@example.org")

    with pytest.raises(TooManyInvitations):
        post.invite(organisation, olive, "c@example.org")
    with pytest.raises(TooManyInvitations):
        post.again(second, olive)
    # Nor by another organisation of hers.
    with pytest.raises(TooManyInvitations):
        post.invite(make_organisation("Other", administrator=olive), olive, "c@example.org")

    assert len(mail.outbox) == 2
    assert Invitation.objects.count() == 2


def test_limit_to_one_address(post: Post, organisation: Organisation, olive: User) -> None:
    invitation = post.invite(organisation, olive)
    for _time in range(invitations.A_DAY_TO_ONE - 1):
        post.again(invitation, olive)

    with pytest.raises(TooManyInvitations):
        post.again(invitation, olive)

    post.invite(organisation, olive, "else@example.org")
    assert [len(sent.to) for sent in mail.outbox] == [1] * (invitations.A_DAY_TO_ONE + 1)


# Accepting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["member", "administrator"])
@pytest.mark.parametrize("email", [BOB, "Bob@EXAMPLE.org"])
def test_accept(post: Post, organisation: Organisation, olive: User, bob: User, role: str, email: str) -> None:
    post.invite(organisation, olive, email, role=role)

    accepted = invitations.accept(secret=post.secrets[0], by=bob)

    membership = Membership.objects.get(user=bob)
    assert (membership.organisation, membership.role) == (organisation, role)
    assert (accepted.accepted_by, accepted.withdrawn_at) == (bob, None)


def use(post: Post, invitation: Invitation, olive: User, bob: User) -> None:
    invitations.accept(secret=post.secrets[0], by=bob)
    Membership.objects.filter(user=bob).delete()


def expire(post: Post, invitation: Invitation, olive: User, bob: User) -> None:
    Invitation.objects.update(expires_at=timezone.now())


def withdraw(post: Post, invitation: Invitation, olive: User, bob: User) -> None:
    invitations.withdraw(invitation=invitation, by=olive)


def replace(post: Post, invitation: Invitation, olive: User, bob: User) -> None:
    post.again(invitation, olive)


@pytest.mark.parametrize("spoil", [use, expire, withdraw, replace])
def test_link_that_works_no_more(post: Post, organisation: Organisation, olive: User, bob: User, spoil: Any) -> None:
    invitation = post.invite(organisation, olive)
    spoil(post, invitation, olive, bob)

    with pytest.raises(InvitationGone):
        invitations.accept(secret=post.secrets[0], by=bob)

    assert not belongs(bob)


@pytest.mark.parametrize("secret", ["", "x", "0" * 64])
def test_link_that_never_was(post: Post, organisation: Organisation, olive: User, bob: User, secret: str) -> None:
    post.invite(organisation, olive)

    with pytest.raises(InvitationGone):
        invitations.accept(secret=secret, by=bob)


def test_stored_hash_opens_nothing(post: Post, organisation: Organisation, olive: User, bob: User) -> None:
    invitation = post.invite(organisation, olive)

    with pytest.raises(InvitationGone):
        invitations.accept(secret=invitation.secret, by=bob)


def test_new_link_works(post: Post, organisation: Organisation, olive: User, bob: User) -> None:
    invitation = post.invite(organisation, olive)
    expire(post, invitation, olive, bob)
    post.again(invitation, olive)

    invitations.accept(secret=post.secrets[1], by=bob)

    assert belongs(bob)


@pytest.mark.parametrize(
    ("email", "verified"), [("charlie@example.org", True), (BOB, False)], ids=["another", "not shown"]
)
def test_only_whoever_has_the_address(
    post: Post, organisation: Organisation, olive: User, email: str, verified: bool
) -> None:
    """Also not somebody who says that it is theirs, and has not shown it."""
    post.invite(organisation, olive)
    person = User.objects.create_user(email)
    EmailAddress.objects.create(user=person, email=email, verified=verified, primary=True)

    with pytest.raises(SentToAnotherAddress):
        invitations.accept(secret=post.secrets[0], by=person)

    assert not belongs(person)
    assert Invitation.objects.get().accepted_at is None


def test_member_keeps_the_higher_role(post: Post, organisation: Organisation, olive: User, bob: User) -> None:
    post.invite(organisation, olive)
    make_member(organisation, bob, "administrator")

    invitations.accept(secret=post.secrets[0], by=bob)

    assert Membership.objects.get(user=bob).role == "administrator"


def test_withdrawn_is_withdrawn(post: Post, organisation: Organisation, olive: User) -> None:
    invitation = post.invite(organisation, olive)
    invitations.withdraw(invitation=invitation, by=olive)

    with pytest.raises(InvitationGone):
        post.again(invitation, olive)
    with pytest.raises(InvitationGone):
        invitations.withdraw(invitation=invitation, by=olive)


# To an assessment ----------------------------------------------------------------------------------------------


def test_lands_in_the_assessment(post: Post, organisation: Organisation, olive: User, alice: User, bob: User) -> None:
    assessment = make_assessment(alice, organisation)
    part = invitations.Part(assessment, "contributor", ("working-capital",))
    post.invite(organisation, olive, part=part)
    assert "to take part in the assessment of Riverside Family Hubs" in mail.outbox[0].body

    invitations.accept(secret=post.secrets[0], by=bob)

    row = Participation.objects.get()
    assert (row.user, row.role, row.questionnaires) == (bob, "contributor", ["working-capital"])
    waiting = Ask.objects.get()
    assert (waiting.user, waiting.kind, waiting.about, waiting.changed_by) == (
        bob,
        "fill_in",
        "working-capital",
        olive,
    )


def test_assessment_that_is_gone_since(
    post: Post, organisation: Organisation, olive: User, alice: User, bob: User
) -> None:
    assessment = make_assessment(alice, organisation)
    post.invite(organisation, olive, part=invitations.Part(assessment, "reader"))
    assessment.delete()

    invitations.accept(secret=post.secrets[0], by=bob)

    assert belongs(bob)


@pytest.mark.parametrize(("part", "questionnaires"), [("", []), ("contributor", []), ("reader", ["pensions"])])
def test_part_is_whole(organisation: Organisation, olive: User, alice: User, part: str, questionnaires: Any) -> None:
    given: dict[str, Any] = {"organisation": organisation, "email": BOB, "invited_by": olive, "secret": "x"}
    assessment = make_assessment(alice, organisation)

    with pytest.raises(IntegrityError, match="says_as_what"), transaction.atomic():
        Invitation.objects.create(
            assessment=assessment, part=part, questionnaires=questionnaires, expires_at=timezone.now(), **given
        )
