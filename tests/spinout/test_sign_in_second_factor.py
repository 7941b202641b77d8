"""Who must give a second factor, when it is given, and that nothing opens without it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from assessments.management.demo_codes import current_code, give_second_factor
from assessments.models import Membership, Organisation, User
from spinout.accounts import second_factor
from tests.factories import PASSWORD, make_user, second_factor_client

pytestmark = pytest.mark.django_db

ASKED = "/accounts/second-factor/"


def belongs(user: User, role: str, kind: str = Organisation.Kind.PUBLIC_BODY) -> User:
    given = {"founded_by": user, "changed_by": user}
    organisation = Organisation.objects.create(name="Exampleshire", kind=kind, **given)
    Membership.objects.create(organisation=organisation, user=user, role=role, changed_by=user)
    return user


@pytest.fixture
def member() -> User:
    """Belongs to a public body, and neither administers it nor advises."""
    return belongs(make_user("member@example.org", "Mira Member", PASSWORD), Membership.Role.MEMBER)


@pytest.fixture
def administrator() -> User:
    return belongs(make_user("admin@example.org", "Anna Admin", PASSWORD), Membership.Role.ADMINISTRATOR)


@pytest.fixture
def adviser() -> User:
    user = make_user("ada@example.org", "Ada Adviser", PASSWORD)
    return belongs(user, Membership.Role.MEMBER, Organisation.Kind.ADVISER_FIRM)


@pytest.fixture(params=["administrator", "adviser"])
def responsible(request: pytest.FixtureRequest) -> User:
    user: User = request.getfixturevalue(request.param)
    return user


def signed_in_by_password(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def set_up_app(client: Client) -> str:
    """The key that the page shows, given back as a code; the address of the next page."""
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'class="app-key">([A-Z2-7 ]+)<', page)
    assert secret is not None
    code = current_code(secret=secret[1].replace(" ", ""))
    return client.post("/accounts/2fa/totp/activate/", {"code": code})["Location"]


# Required -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duty", "why"), [("administrator", "you administer an organisation"), ("adviser", "you advise clients")]
)
def test_is_asked_and_told_why(duty: str, why: str, request: pytest.FixtureRequest) -> None:
    client = signed_in_by_password(request.getfixturevalue(duty))

    response = client.get("/", follow=True)

    assert response.redirect_chain == [(ASKED, 302)]
    assert why in response.content.decode()
    assert "Set up an app" in response.content.decode()


def test_member_is_not_asked(member: User) -> None:
    client = signed_in_by_password(member)

    assert client.get("/").status_code == 200
    assert client.get(ASKED)["Location"] == "/"


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/assessments/new/",
        "/assessments/5f0d6f3c-8a0e-4f3a-9b59-0d1f7c0a3a11/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/recovery-codes/download/",
        "/accounts/passkeys/1/remove/",
        "/accounts/organisation/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "put", "head", "delete", "options"])
def test_cannot_be_skipped_by_typing_addresses(method: str, address: str, responsible: User) -> None:
    client = signed_in_by_password(responsible)

    response = getattr(client, method)(address)

    assert (response.status_code, response["Location"]) == (302, ASKED)


@pytest.mark.parametrize("name", ["method", "glossary", "sources", "accessibility", "privacy", "health", "account"])
def test_what_stays_open(name: str, responsible: User) -> None:
    assert signed_in_by_password(responsible).get(reverse(name)).status_code == 200


def test_can_sign_out_without_it(responsible: User) -> None:
    client = signed_in_by_password(responsible)
    client.post("/accounts/logout/")

    assert client.get(ASKED).status_code == 302
    assert "login" in client.get(ASKED)["Location"]


@pytest.mark.parametrize(
    "name",
    [
        "account",
        "account_email",
        "account_change_password",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "account_reauthenticate",
        "usersessions_list",
    ],
)
def test_password_alone_changes_nothing_for_who_has_one(name: str, administrator: User) -> None:
    """Somebody made an administrator, or who set it up elsewhere, in a session that a password opened."""
    client = signed_in_by_password(administrator)
    give_second_factor(administrator)

    assert client.get(reverse(name))["Location"] == ASKED


def test_becomes_responsible_while_signed_in(member: User) -> None:
    client = signed_in_by_password(member)
    Membership.objects.filter(user=member).update(role=Membership.Role.ADMINISTRATOR)

    assert client.get("/")["Location"] == ASKED


def test_second_factor_of_somebody_else_does_not_count(administrator: User, member: User) -> None:
    """The session says whose it was."""
    client = second_factor_client(member)
    session = client.session
    session["_auth_user_id"] = str(administrator.pk)
    session["_auth_user_hash"] = administrator.get_session_auth_hash()
    session.save()

    assert client.get("/")["Location"] == ASKED


@pytest.mark.parametrize("duty", ["member", "administrator", "adviser"])
def test_costs_no_query(
    duty: str, request: pytest.FixtureRequest, django_assert_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    """Session and person, whoever it is."""
    client = second_factor_client(request.getfixturevalue(duty))

    with django_assert_num_queries(2):
        client.get("/how-scoring-works/")


# Setting up and giving ------------------------------------------------------------------------------------


# Mail goes, and the session remembers, when the database has it.
@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_site(responsible: User) -> None:
    client = signed_in_by_password(responsible)
    client.get("/assessments/new/")

    codes = set_up_app(client)

    page = client.get(codes)
    assert page.status_code == 200
    assert len(re.findall(r"<code>\d{8}</code>", page.content.decode())) == 10
    # On to where one was going.
    assert client.get(ASKED)["Location"] == "/assessments/new/"
    assert client.get("/").status_code == 200
    assert [message.subject for message in mail.outbox] == ["An authenticator app was set up"]


def test_sign_in_asks_for_a_code(responsible: User) -> None:
    give_second_factor(responsible)
    client = Client()

    response = client.post("/accounts/login/", {"login": responsible.email, "password": PASSWORD})

    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/assessments/new/").status_code == 302
    assert client.post(response["Location"], {"code": current_code()})["Location"] == "/"
    assert client.get("/").status_code == 200


def test_member_who_has_one_is_asked_for_it(member: User) -> None:
    give_second_factor(member)

    response = Client().post("/accounts/login/", {"login": member.email, "password": PASSWORD})

    assert response["Location"] == "/accounts/2fa/authenticate/"


def test_given_later_in_the_session(administrator: User) -> None:
    client = signed_in_by_password(administrator)
    give_second_factor(administrator)

    page = client.get(ASKED).content.decode()
    way = "/accounts/2fa/reauthenticate/?next=/accounts/second-factor/"
    assert way in page
    client.post(way, {"code": current_code(), "next": ASKED})

    assert client.get("/").status_code == 200


def test_further_factor_does_not_stand_for_the_first(administrator: User) -> None:
    client = signed_in_by_password(administrator)
    give_second_factor(administrator)
    add_passkey(administrator)

    assert not any(map(second_factor.is_last, Authenticator.objects.filter(user=administrator)))
    assert client.get("/")["Location"] == ASKED


def give_code(user: User, code: str) -> int:
    """The status of what comes after password and code: 302 in, 200 asked again."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client.post("/accounts/2fa/authenticate/", {"code": code}).status_code


@pytest.mark.parametrize("later", [-1, 0, 1])
def test_clocks_differ_by_half_a_minute(later: int, administrator: User) -> None:
    give_second_factor(administrator)

    assert give_code(administrator, current_code(later)) == 302


@pytest.mark.parametrize("later", [-4, -3, 3, 4])
def test_code_of_another_time(later: int, administrator: User) -> None:
    give_second_factor(administrator)

    assert give_code(administrator, current_code(later)) == 200


def test_code_works_once(administrator: User) -> None:
    give_second_factor(administrator)
    code = current_code()

    assert give_code(administrator, code) == 302
    assert give_code(administrator, code) == 200


def test_code_works_once_as_long_as_it_would_hold(administrator: User) -> None:
    """allauth forgets a used code after half a minute; with clocks that may differ it would hold for longer."""
    give_second_factor(administrator)
    code = current_code(1)
    assert give_code(administrator, code) == 302
    cache.delete(f"allauth.mfa.totp.used?user={administrator.pk}&code={code}")

    assert give_code(administrator, code) == 200


def recovery_codes(user: User) -> list[str]:
    codes: list[str] = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    return codes


def test_recovery_code_works_once(administrator: User) -> None:
    give_second_factor(administrator)
    first, second, *_rest = recovery_codes(administrator)

    assert give_code(administrator, first) == 302
    assert give_code(administrator, first) == 200
    assert give_code(administrator, second) == 302
    assert first not in recovery_codes(administrator)


@pytest.mark.django_db(transaction=True)
def test_new_recovery_codes_end_the_old(administrator: User) -> None:
    give_second_factor(administrator)
    old = recovery_codes(administrator)[0]

    second_factor_client(administrator).post("/accounts/2fa/recovery-codes/generate/")

    assert give_code(administrator, old) == 200
    assert mail.outbox[-1].subject == "New recovery codes were made"


# Removing -------------------------------------------------------------------------------------------------


def add_passkey(user: User) -> Authenticator:
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Work laptop", "credential": {}}
    )


def test_last_app_stays(responsible: User) -> None:
    give_second_factor(responsible)
    client = second_factor_client(responsible)

    response = client.post("/accounts/2fa/totp/deactivate/")

    assert "this is your only one" in response.content.decode()
    assert Authenticator.objects.filter(user=responsible, type="totp").exists()


def test_last_passkey_stays(responsible: User) -> None:
    passkey = add_passkey(responsible)
    client = second_factor_client(responsible)

    response = client.post(f"/accounts/passkeys/{passkey.pk}/remove/")

    assert "this is your only one" in response.content.decode()
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_one_of_two_may_go(responsible: User) -> None:
    give_second_factor(responsible)
    passkey = add_passkey(responsible)
    client = second_factor_client(responsible)

    client.post("/accounts/2fa/totp/deactivate/")
    client.post(f"/accounts/passkeys/{passkey.pk}/remove/")

    assert list(Authenticator.objects.filter(user=responsible).values_list("type", flat=True).order_by("type")) == [
        "recovery_codes",
        "webauthn",
    ]
    assert [message.subject for message in mail.outbox] == ["The authenticator app was removed"]


def test_member_may_remove_the_last(member: User) -> None:
    give_second_factor(member)

    second_factor_client(member).post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=member).exists()


def test_removed_before_it_was_needed(member: User) -> None:
    """What was given with an app that has gone stands for nothing when a second factor is needed later."""
    give_second_factor(member)
    client = second_factor_client(member)
    client.post("/accounts/2fa/totp/deactivate/")
    Membership.objects.filter(user=member).update(role=Membership.Role.ADMINISTRATOR)

    assert client.get("/")["Location"] == ASKED


def test_passkey_of_somebody_else(administrator: User, member: User) -> None:
    passkey = add_passkey(member)
    client = second_factor_client(administrator)

    for way in ("remove", "name"):
        assert client.post(f"/accounts/passkeys/{passkey.pk}/{way}/", {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get(pk=passkey.pk).data["name"] == "Work laptop"
