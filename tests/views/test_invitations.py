"""Invitations from both ends: who sends them, what a link shows, and to whom."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Invitation, Membership, Organisation, Participation, User
from tests.factories import make_assessment, make_member, make_organisation, make_user

SignIn = Callable[[User], Client]
BOB = "bob@example.org"


@pytest.fixture
def olive(db: None) -> User:
    return make_user("olive@example.org", "Olive Osborne")


@pytest.fixture
def organisation(olive: User) -> Organisation:
    return make_organisation(administrator=olive)


@pytest.fixture
def assessment(alice: User, organisation: Organisation) -> Assessment:
    return make_assessment(alice, organisation)


@pytest.fixture
def invite(
    organisation: Organisation, olive: User, signed_in: SignIn, django_capture_on_commit_callbacks: Any
) -> Callable[..., str]:
    """Olive invites; gives the path of the link in the e-mail."""

    def sent(email: str = BOB, query: str = "", **more: Any) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            page = reverse("invitation-new", args=[organisation.pk]) + query
            response = signed_in(olive).post(page, {"email": email, "role": "member", **more})
        assert response.status_code == 302
        return newest_link()

    return sent


def newest_link() -> str:
    found = re.search(r"http://testserver(/invitations/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


# Inviting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"email": ""}, "Enter the email address"),
        ({"email": "bob"}, "Enter an email address in the right form"),
        ({"email": "a@b.org\nBcc: c@d.org"}, "Enter an email address in the right form"),
        ({"email": f"{'a' * 250}@example.org"}, "at most 254 characters"),
        ({"role": ""}, "Choose what they are"),
        ({"role": "lead"}, "Select a valid choice"),
        ({"email": "Olive@Example.org"}, "belongs to the organisation already"),
    ],
)
def test_invitation_that_cannot_be(
    organisation: Organisation, olive: User, signed_in: SignIn, sent: dict[str, str], says: str
) -> None:
    page = reverse("invitation-new", args=[organisation.pk])

    response = signed_in(olive).post(page, {"email": BOB, "role": "member"} | sent)

    assert "<title>Error: " in response.content.decode()
    assert says in response.content.decode()
    assert not Invitation.objects.exists()


def test_invited_twice(organisation: Organisation, olive: User, signed_in: SignIn, invite: Callable[..., str]) -> None:
    invite()

    response = signed_in(olive).post(
        reverse("invitation-new", args=[organisation.pk]), {"email": BOB.upper(), "role": "member"}
    )

    assert b"This address is invited already" in response.content
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_mail_server_that_is_down(organisation: Organisation, olive: User, signed_in: SignIn, settings: Any) -> None:
    """The invitation is kept, and whoever sent it is told that no e-mail went."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = reverse("invitation-new", args=[organisation.pk])

    response = signed_in(olive).post(page, {"email": BOB, "role": "member"}, follow=True)

    assert "its email could not be sent" in response.content.decode()
    assert "is on its way" not in response.content.decode()
    assert Invitation.objects.get().email == BOB


def test_send_again_and_withdraw(
    organisation: Organisation,
    olive: User,
    bob: User,
    signed_in: SignIn,
    invite: Callable[..., str],
    django_capture_on_commit_callbacks: Any,
) -> None:
    first = invite()
    own, client = [organisation.pk, Invitation.objects.get().pk], signed_in(olive)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("invitation-again", args=own))
    second = newest_link()
    after_again = [signed_in(bob).get(link).status_code for link in (first, second)]
    client.post(reverse("invitation-withdraw", args=own))
    after_withdrawal = [signed_in(bob).get(link).status_code for link in (first, second)]

    assert after_again == [404, 200]
    assert after_withdrawal == [404, 404]
    assert client.post(reverse("invitation-again", args=own)).status_code == 404
    assert client.post(reverse("invitation-withdraw", args=own)).status_code == 404


# The link ------------------------------------------------------------------------------------------------------


def test_link_of_who_has_not_signed_in(invite: Callable[..., str]) -> None:
    link = invite()
    client = Client()

    page = client.get(link).content.decode()
    client.post(link)

    assert "Olive Osborne invites you to join Exampleshire County Council" in page
    assert f'href="{reverse("account_signup")}?next={link.replace("/", "%2F")}"' in page
    assert f'href="{reverse("account_login")}?next={link.replace("/", "%2F")}"' in page
    assert "b***@e***.org" in page
    assert BOB not in page
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize("email", [BOB, "BOB@example.ORG"])
def test_one_button(invite: Callable[..., str], bob: User, signed_in: SignIn, email: str) -> None:
    link, client = invite(email), signed_in(bob)

    shown = client.get(link)
    assert not Membership.objects.filter(user=bob).exists()
    response = client.post(link, follow=True)

    assert b"Accept the invitation" in shown.content
    assert b"You belong to Exampleshire County Council now." in response.content
    assert Membership.objects.get(user=bob).role == "member"


def test_wrong_person(invite: Callable[..., str], charlie: User, signed_in: SignIn) -> None:
    link, client = invite(), signed_in(charlie)

    shown, sent = client.get(link), client.post(link)

    assert (shown.status_code, sent.status_code) == (200, 403)
    for page in (shown.content.decode(), sent.content.decode()):
        assert "The invitation was sent to b***@e***.org. You are signed in as charlie@example.org" in page
        assert BOB not in page
        assert "Accept the invitation" not in page
    assert not Membership.objects.filter(user=charlie).exists()


def spoil_by_use(link: str, bob: User, signed_in: SignIn) -> None:
    signed_in(bob).post(link)


def spoil_by_time(link: str, bob: User, signed_in: SignIn) -> None:
    Invitation.objects.update(expires_at=timezone.now())


def spoil_by_withdrawal(link: str, bob: User, signed_in: SignIn) -> None:
    found = Invitation.objects.get()
    olive = found.invited_by
    signed_in(olive).post(reverse("invitation-withdraw", args=[found.organisation_id, found.pk]))


def spoil_altogether(link: str, bob: User, signed_in: SignIn) -> None:
    Invitation.objects.all().delete()


@pytest.mark.parametrize("spoil", [spoil_by_use, spoil_by_time, spoil_by_withdrawal, spoil_altogether])
@pytest.mark.parametrize("who", ["whoever was invited", "somebody else", "nobody"])
def test_what_does_not_work_all_looks_the_same(
    invite: Callable[..., str], bob: User, charlie: User, signed_in: SignIn, spoil: Any, who: str
) -> None:
    link = invite()
    spoil(link, bob, signed_in)
    people: dict[str, Callable[[], Client]] = {
        "whoever was invited": lambda: signed_in(bob),
        "somebody else": lambda: signed_in(charlie),
        "nobody": Client,
    }
    client = people[who]()
    members = Membership.objects.count()

    found = [client.get(link), client.get("/invitations/never-was-one/")]
    posted = client.post(link)

    assert [response.status_code for response in (*found, posted)] == [404, 404, 404]
    assert found[0].content == found[1].content
    assert b"ask whoever invited you to send it again" in found[0].content
    assert b"Exampleshire" not in found[0].content
    assert Membership.objects.count() == members


def test_sign_up_comes_back_to_the_invitation(invite: Callable[..., str]) -> None:
    link, client = invite("dana@example.org"), Client()
    password = "correct horse battery staple"
    signup = f"{reverse('account_signup')}?next={link}"
    assert f'value="{link}"' in client.get(signup).content.decode()

    sent = {"name": "Dana Day", "email": "dana@example.org", "password1": password, "password2": password}
    client.post(reverse("account_signup"), {**sent, "next": link})
    confirm = confirmation()
    client.get(confirm)
    invited = client.post(confirm, {"next": link}, follow=True)

    assert invited.redirect_chain[-1] == (link, 302)
    assert "You are signed in as dana@example.org." in invited.content.decode()
    client.post(link)
    assert Membership.objects.get(user__email="dana@example.org").role == "member"


def test_email_confirmed_in_another_browser_leads_to_the_invitation(invite: Callable[..., str]) -> None:
    """Nobody is signed in there by a link alone; but the way on to the invitation is not lost."""
    link, elsewhere = invite("dana@example.org"), Client()
    password = "correct horse battery staple"
    sent = {"name": "Dana Day", "email": "dana@example.org", "password1": password, "password2": password}
    Client().post(reverse("account_signup"), {**sent, "next": link})
    confirm = confirmation()

    asked = elsewhere.get(confirm).content.decode()
    invited = elsewhere.post(confirm, {"next": link}, follow=True)

    assert f'name="next" value="{link}"' in asked
    assert invited.redirect_chain[-1] == (link, 302)
    page = invited.content.decode()
    assert "Sign in: I have an account" in page
    assert "Accept the invitation" not in page


def test_email_confirmation_leads_to_no_other_site(db: None) -> None:
    password = "correct horse battery staple"
    sent = {"name": "Dana Day", "email": "dana@example.org", "password1": password, "password2": password}
    Client().post(reverse("account_signup"), {**sent, "next": "https://elsewhere.example.com/"})

    assert "elsewhere" not in str(mail.outbox[-1].body)


def confirmation() -> str:
    """The link in the newest mail."""
    found = re.search(r"http://testserver(/accounts/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_names_are_text(organisation: Organisation, olive: User, invite: Callable[..., str]) -> None:
    Organisation.objects.update(name="<script>alert(1)</script>")
    User.objects.update(name="<b>Olive")
    link = invite()

    page = Client().get(link).content.decode()

    assert "<script>alert" not in page
    assert "<b>Olive" not in page


# To an assessment ----------------------------------------------------------------------------------------------


def test_finance_is_invited_to_fill_in_working_capital(
    assessment: Assessment, invite: Callable[..., str], bob: User, signed_in: SignIn
) -> None:
    link = invite(query=f"?assessment={assessment.pk}", role="contributor", questionnaires=["working-capital"])
    client = signed_in(bob)

    shown = client.get(link).content.decode()
    response = client.post(link)

    assert "You are asked to answer for Riverside Family Hubs:" in shown
    assert "Working capital" in shown
    assert response["Location"] == reverse("assessment", args=[assessment.pk])
    assert client.get(response["Location"]).status_code == 200
    row = Participation.objects.get()
    assert (row.user, row.role, row.questionnaires) == (bob, "contributor", ["working-capital"])


@pytest.mark.parametrize(
    ("named", "status"), [("of another", 404), ("00000000-0000-4000-8000-000000000000", 404), ("x", 404)]
)
def test_assessment_that_is_not_the_organisations(
    organisation: Organisation, olive: User, charlie: User, signed_in: SignIn, named: str, status: int
) -> None:
    other = make_assessment(charlie, organisation_name="Elsewhere")
    make_member(other.service.organisation, olive, "administrator")
    query = f"?assessment={named.replace('of another', str(other.pk))}"

    page = reverse("invitation-new", args=[organisation.pk]) + query

    assert signed_in(olive).get(page).status_code == status
    assert signed_in(olive).post(page, {"email": BOB, "role": "reader"}).status_code == status
    assert not Invitation.objects.exists()


def test_lead_invites_nobody(
    assessment: Assessment, organisation: Organisation, alice: User, signed_in: SignIn
) -> None:
    page = reverse("invitation-new", args=[organisation.pk]) + f"?assessment={assessment.pk}"

    assert signed_in(alice).post(page, {"email": BOB, "role": "reader"}).status_code == 403
    assert not Invitation.objects.exists()
