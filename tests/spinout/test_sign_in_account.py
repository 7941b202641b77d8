"""The account's own pages: in our words, with the owner told of what changes."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from assessments.management.demo_codes import give_second_factor
from assessments.models import User
from tests.factories import PASSWORD, make_user, second_factor_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return make_user("alice@example.org", "Alice Archer", PASSWORD)


@pytest.fixture
def client(alice: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    return client


def test_account_leads_everywhere(client: Client, alice: User) -> None:
    give_second_factor(alice)

    page = client.get("/accounts/").content.decode()

    for name in (
        "account-name",
        "account_email",
        "account_change_password",
        "mfa_index",
        "mfa_list_webauthn",
        "usersessions_list",
        "account_logout",
    ):
        assert f'href="{reverse(name)}"' in page
    assert "Authenticator app" in page


def test_navigation_shows_the_account(client: Client) -> None:
    home = client.get("/").content.decode()

    assert '<a class="govuk-service-navigation__link" href="/accounts/">Account</a>' in home


def test_change_the_name(client: Client, alice: User) -> None:
    client.post("/accounts/name/", {"name": "Alice <b>Baker</b>"})

    alice.refresh_from_db()
    assert alice.name == "Alice <b>Baker</b>"
    assert "<b>Baker" not in client.get("/accounts/").content.decode()


def test_name_left_empty(client: Client, alice: User) -> None:
    page = client.post("/accounts/name/", {"name": "  "}).content.decode()

    assert "Enter your full name" in page
    assert "<title>Error: " in page
    alice.refresh_from_db()
    assert alice.name == "Alice Archer"


def link_in(message: str) -> str:
    found = re.search(r"http://[^/]+(/accounts/\S+)", message)
    assert found is not None, message
    return found[1]


def test_change_of_address_counts_when_confirmed(client: Client, alice: User) -> None:
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert "new@example.org" in client.get("/accounts/email/").content.decode()

    client.post(link_in(next(str(sent.body) for sent in mail.outbox if sent.to == ["new@example.org"])))

    alice.refresh_from_db()
    assert alice.email == "new@example.org"
    assert [(one.email, one.verified) for one in EmailAddress.objects.filter(user=alice)] == [("new@example.org", True)]
    # The old address is told.
    assert ("Your email address was changed", ["alice@example.org"]) in [
        (sent.subject, sent.to) for sent in mail.outbox
    ]


def test_change_of_address_taken_back(client: Client, alice: User) -> None:
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    client.post("/accounts/email/", {"email": "new@example.org", "action_remove": ""})

    assert list(EmailAddress.objects.filter(user=alice).values_list("email", flat=True)) == ["alice@example.org"]


def test_who_needs_a_second_factor_can_change_the_address(alice: User) -> None:
    give_second_factor(alice)
    client = second_factor_client(alice)

    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})

    assert any(sent.to == ["new@example.org"] for sent in mail.outbox)


def test_password_again_after_a_while(client: Client, alice: User) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()

    asked = client.get("/accounts/2fa/totp/activate/")
    page = client.get(asked["Location"]).content.decode()
    done = client.post(asked["Location"], {"password": PASSWORD})

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert "Confirm that it is you" in page
    assert done["Location"] == "/accounts/2fa/totp/activate/"


def test_owner_is_told_of_a_new_password(client: Client) -> None:
    new = "another battery staple horse"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    told = mail.outbox[-1]
    assert told.subject == "Your password was changed"
    assert "change your password at once" in str(told.body)
    assert "127.0.0.1" in str(told.body)


def test_reset_by_mail(alice: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": alice.email})
    assert mail.outbox[0].subject == "Choose a new password for Spinout"
    form = client.get(link_in(str(mail.outbox[0].body)))["Location"]
    new = "another battery staple horse"

    client.post(form, {"password1": new, "password2": new})

    assert client.post("/accounts/login/", {"login": alice.email, "password": new}).status_code == 302
    # The link works once.
    assert "This link does not work" in Client().get(link_in(str(mail.outbox[0].body))).content.decode()


def test_reset_does_not_go_round_the_second_factor(alice: User) -> None:
    give_second_factor(alice)
    client = Client()
    client.post("/accounts/password/reset/", {"email": alice.email})
    form = client.get(link_in(str(mail.outbox[0].body)))["Location"]
    new = "another battery staple horse"
    client.post(form, {"password1": new, "password2": new})

    assert client.get("/assessments/new/").status_code == 302
    answer = client.post("/accounts/login/", {"login": alice.email, "password": new})
    assert answer["Location"] == "/accounts/2fa/authenticate/"


@pytest.mark.parametrize("address", ["/accounts/password/reset/", "/accounts/signup/"])
def test_nobody_learns_who_is_registered(address: str, alice: User) -> None:
    """The same answer, also to the same next page; only the mail differs."""
    pages = []
    for email in (alice.email, "nobody@example.org"):
        client = Client()
        password = "another battery staple"
        data = {"name": "Alice", "email": email, "password1": password, "password2": password}
        answer = client.post(address, data)
        page = client.get(answer["Location"]).content.decode().replace(email, "the address")
        pages.append((answer.status_code, answer["Location"], page))

    assert pages[0] == pages[1]
    assert len(mail.outbox) == 2


def test_sign_up_asks_for_the_name(db: None) -> None:
    """Colleagues and advisers see it instead of an address."""
    client = Client()
    data = {"email": "new@example.org", "password1": "another battery staple", "password2": "another battery staple"}

    refused = client.post("/accounts/signup/", data).content.decode()
    client.post("/accounts/signup/", {**data, "name": " Nell <b>New</b> "})

    assert '<a href="#id_name">Enter your full name</a>' in refused
    assert str(User.objects.get(email="new@example.org")) == "Nell <b>New</b>"


def test_sign_up_says_what_is_missing(db: None) -> None:
    page = Client().post("/accounts/signup/", {}).content.decode()

    for words in ("Enter your full name", "Enter your email address", "Enter a password", "Enter the password again"):
        assert words in page
    assert "Enter an answer" not in page


def test_home_asks_for_a_name_that_is_missing(client: Client, alice: User) -> None:
    """Of who came by an organisation's sign-in that did not tell it, or signed up before it was asked."""
    asked = 'Others see your email address. <a class="govuk-link" href="/accounts/name/">Give your name</a>'
    assert asked not in client.get("/").content.decode()

    User.objects.update(name="")

    assert asked in client.get("/").content.decode()


def test_email_not_confirmed_says_what_to_do(db: None) -> None:
    page = Client().get("/accounts/confirm-email/").content.decode()

    assert 'href="/accounts/signup/"' in page


PAGES = [
    "account",
    "account-name",
    "account_email",
    "account_change_password",
    "account_logout",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "usersessions_list",
    "socialaccount_connections",
]
ENTRANCE = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]


def words_with_capitals(page: str) -> list[str]:
    """Words after the first of a heading, button or label that begin with a capital."""
    main = re.sub(r"<strong class=.govuk-tag.*?</strong>", "", page[page.index("<main") : page.index("</main>")])
    texts = re.findall(r"<(?:h1|h2|button|label|dt|legend)\b[^>]*>(.*?)</", main, re.S)
    words = [word for text in texts for word in unescape(re.sub(r"<[^>]*>", "", text)).split()[1:]]
    return [word for word in words if word[0].isupper() and not word.isupper()]


@pytest.mark.parametrize("name", PAGES)
def test_pages_speak_as_ours(name: str, client: Client, alice: User) -> None:
    Authenticator.objects.create(user=alice, type="recovery_codes", data={"seed": "0" * 80, "used_mask": 0})

    page = client.get(reverse(name))

    assert page.status_code == 200
    assert words_with_capitals(page.content.decode()) == []
    assert page.content.count(b"<h1") == 1


@pytest.mark.parametrize("name", ENTRANCE)
def test_entrance_speaks_as_ours(name: str) -> None:
    page = Client().get(reverse(name))

    assert page.status_code == 200
    assert words_with_capitals(page.content.decode()) == []
