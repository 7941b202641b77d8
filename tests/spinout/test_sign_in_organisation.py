"""An organisation's own sign-in, against a real OpenID Connect provider on this machine."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from assessments.management.demo_codes import current_code, give_second_factor
from assessments.models import Membership, Organisation, User
from spinout import environment
from tests import providers
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

START = "/accounts/organisation/exampleshire/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with providers.running() as address:
        yield address


Configure = Callable[..., None]


@pytest.fixture
def configure(provider: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Configure:
    def apply(**changed: Any) -> None:
        monkeypatch.setenv("OIDC_PROVIDERS", json.dumps([providers.entry(provider) | changed]))
        settings.OIDC_APPS = environment.sign_in_providers("OIDC_PROVIDERS", https=False)

    apply()
    return apply


@pytest.fixture
def person(provider: str, configure: Configure) -> Callable[..., str]:
    """Somebody whom the provider knows, with what it says of them; gives their subject there."""

    def known(sub: str = "17", **claims: Any) -> str:
        given = {"email": "mira@exampleshire.gov.uk", "email_verified": True, "name": "Mira Member", **claims}
        providers.tell(provider, sub, **given)
        return sub

    return known


def asked(client: Client, start: str = START) -> str:
    """Where the site sends somebody who chooses the organisation's sign-in."""
    answer = client.get(start)
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def agreed(authorize: str, sub: str) -> str:
    """The address that the provider sends them back to."""
    answer = requests.post(authorize, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def sign_in(client: Client, sub: str, start: str = START) -> Any:
    return client.get(agreed(asked(client, start), sub))


def is_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


# Getting in -----------------------------------------------------------------------------------------------


def test_sign_in_page_offers_it(configure: Configure) -> None:
    page = Client().get("/accounts/login/").content.decode()

    assert "Sign in through Exampleshire County Council" in page
    assert f'href="{START}?process=login"' in page


def test_sign_in_page_without_any(settings: Any) -> None:
    settings.OIDC_APPS = []

    assert "Through your organisation" not in Client().get("/accounts/login/").content.decode()


def test_new_person_gets_an_account(person: Callable[..., str]) -> None:
    client = Client()

    answer = sign_in(client, person())

    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get()
    assert (user.email, user.name, user.has_usable_password()) == ("mira@exampleshire.gov.uk", "Mira Member", False)
    assert EmailAddress.objects.get().verified
    assert is_in(client)
    assert "Organisation's sign-in" in client.get("/accounts/").content.decode()


def test_comes_back_to_the_same_account(person: Callable[..., str]) -> None:
    sub = person()
    sign_in(Client(), sub)
    # They have married, and changed their address there.
    person(email="mira.new@exampleshire.gov.uk", name="Mira New")

    sign_in(Client(), sub)

    assert User.objects.get().email == "mira@exampleshire.gov.uk"


def test_joins_the_account_with_the_address(person: Callable[..., str]) -> None:
    """However the provider writes it."""
    user = make_user("mira@exampleshire.gov.uk", "Mira", PASSWORD)
    client = Client()

    sign_in(client, person(email="Mira@Exampleshire.GOV.UK"))

    assert User.objects.get() == user
    assert SocialAccount.objects.get().user == user
    assert is_in(client)
    assert mail.outbox[-1].subject == "Your organisation's sign-in opens your account now"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_goes_where_one_was_going(person: Callable[..., str]) -> None:
    assert sign_in(Client(), person(), f"{START}?next=/glossary/")["Location"] == "/glossary/"


def test_sends_nobody_elsewhere(person: Callable[..., str]) -> None:
    assert sign_in(Client(), person(), f"{START}?next=https://evil.example/")["Location"] == "/"


def test_session_is_listed(person: Callable[..., str]) -> None:
    client = Client(HTTP_USER_AGENT="Firefox/144.0 Windows")
    sign_in(client, person())

    assert "Firefox on Windows" in client.get("/accounts/sessions/").content.decode()


# The second factor all the same ----------------------------------------------------------------------------


def test_second_factor_is_asked_after_it(person: Callable[..., str]) -> None:
    user = make_user("mira@exampleshire.gov.uk")
    give_second_factor(user)
    client = Client()

    answer = sign_in(client, person(amr=["mfa"], acr="http://schemas.openid.net/pape/policies/2007/06/multi-factor"))

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    client.post(answer["Location"], {"code": current_code()})
    assert is_in(client)


def test_administrator_without_one_is_asked_to_set_it_up(person: Callable[..., str]) -> None:
    user = make_user("mira@exampleshire.gov.uk")
    organisation = Organisation.objects.create(name="Exampleshire", founded_by=user, changed_by=user)
    Membership.objects.create(organisation=organisation, user=user, role="administrator", changed_by=user)
    client = Client()

    sign_in(client, person(amr=["mfa"]))

    assert client.get("/")["Location"] == "/accounts/second-factor/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


# Refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"email": "mira@example.org"}, "may speak for addresses that end in @exampleshire.gov.uk"),
        ({"email": "mira@not-exampleshire.gov.uk"}, "and for no others"),
        ({"email": "mira@exampleshire.gov.uk.evil.example"}, "and for no others"),
        ({"email_verified": False}, "has not confirmed"),
        ({"email_verified": "false"}, "has not confirmed"),
        ({"email_verified": None}, "has not confirmed"),
        ({"email": None}, "did not give your email address"),
        ({"email": "mira"}, "did not give your email address"),
    ],
)
def test_refused(claims: dict[str, Any], told: str, exists: bool, person: Callable[..., str]) -> None:
    existing = make_user(str(claims.get("email") or "mira@exampleshire.gov.uk"), "Mira", PASSWORD) if exists else None
    client = Client()

    answer = sign_in(client, person(**claims))

    assert answer.status_code == 403
    assert told in answer.content.decode()
    assert list(User.objects.all()) == [existing] * exists
    assert not SocialAccount.objects.exists()
    assert not is_in(client)


def test_refused_also_when_it_was_in_use(person: Callable[..., str], configure: Configure) -> None:
    sign_in(Client(), person())
    configure(domains=["another.gov.uk"])
    client = Client()

    assert sign_in(client, "17").status_code == 403
    assert not is_in(client)


def test_provider_that_vouches_for_its_addresses(person: Callable[..., str], configure: Configure) -> None:
    """Microsoft Entra says nothing of whether an address is verified; what it denies stays denied."""
    configure(vouches=True)
    silent, denied = Client(), Client()

    sign_in(silent, person("18", email_verified=None))
    sign_in(denied, person("19", email="other@exampleshire.gov.uk", email_verified=False))

    assert is_in(silent)
    assert not is_in(denied)


def test_switched_off_account(person: Callable[..., str]) -> None:
    make_user("mira@exampleshire.gov.uk")
    User.objects.update(is_active=False)
    client = Client()

    sign_in(client, person())

    assert not is_in(client)


# Tampering ------------------------------------------------------------------------------------------------


def test_state_that_was_changed(person: Callable[..., str]) -> None:
    client = Client()
    back = agreed(asked(client), person())

    answer = client.get(re.sub(r"state=\w+", "state=AAAAAAAAAAAAAAAA", back))

    assert answer.status_code == 401
    assert "That sign-in did not work" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("without", ["state", "code"])
def test_answer_without_a_part(without: str, person: Callable[..., str]) -> None:
    client = Client()
    back = agreed(asked(client), person())

    assert client.get(re.sub(rf"{without}=[^&]+", "", back)).status_code == 401
    assert not is_in(client)


def test_answer_brought_to_another_browser(person: Callable[..., str]) -> None:
    """An attacker's own answer, to make somebody work in the attacker's account."""
    back = agreed(asked(Client()), person())
    victim = Client()

    assert victim.get(back).status_code == 401
    assert not is_in(victim)


def test_answer_used_twice(person: Callable[..., str]) -> None:
    client = Client()
    back = agreed(asked(client), person())
    client.get(back)
    client.post("/accounts/logout/")

    assert client.get(back).status_code == 401
    assert not is_in(client)


def test_nonce_that_was_changed(person: Callable[..., str]) -> None:
    """What the provider signs must be the answer to what this browser asked."""
    client = Client()
    back = agreed(re.sub(r"nonce=\w+", "nonce=another", asked(client)), person())

    answer = client.get(back)

    assert answer.status_code == 403
    assert "does not belong to what we asked" in answer.content.decode()
    assert not is_in(client)
    assert not User.objects.exists()


def test_code_of_somebody_else_put_into_ones_own_answer(person: Callable[..., str]) -> None:
    victim_back = agreed(asked(Client()), person())
    attacker = Client()
    own_back = agreed(asked(attacker), person("66", email="eve@exampleshire.gov.uk"))
    stolen = parse_qs(urlsplit(victim_back).query)["code"][0]

    attacker.get(re.sub(r"code=[^&]+", f"code={stolen}", own_back))

    assert not is_in(attacker)


def test_request_carries_a_challenge_and_asks_for_no_more_than_needed(configure: Configure) -> None:
    """PKCE, in its strong form; and what is added to the address changes nothing."""
    sent = parse_qs(urlsplit(asked(Client(), f"{START}?scope=admin&auth_params=nonce%3Dmine")).query)

    assert sent["code_challenge_method"] == ["S256"]
    assert len(sent["code_challenge"][0]) >= 43
    assert set(sent["scope"][0].split()) == {"openid", "profile", "email"}
    assert sent["nonce"] != ["mine"]


def test_nobody_is_joined_to_an_account_by_a_link(person: Callable[..., str]) -> None:
    """`process=connect` would tie whoever is signed in there to whoever is signed in here."""
    alice = make_user("alice@example.org")
    client = Client()
    client.force_login(alice)

    answer = sign_in(client, person(), f"{START}?process=connect")

    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(("site", "goes"), [("cross-site", "/accounts/login/"), ("same-site", "/accounts/login/")])
def test_started_by_another_site(site: str, goes: str, configure: Configure) -> None:
    assert Client(HTTP_SEC_FETCH_SITE=site).get(START)["Location"] == goes


def test_stopped_at_the_provider(configure: Configure) -> None:
    client = Client()
    answer = requests.post(asked(client), data={"action": "deny"}, allow_redirects=False, timeout=5)
    parts = urlsplit(answer.headers["Location"])

    page = client.get(f"{parts.path}?{parts.query}", follow=True)

    assert page.status_code in (200, 401)
    assert "<h1" in page.content.decode()
    assert not is_in(client)


def test_provider_that_does_not_answer(configure: Configure) -> None:
    configure(server="http://127.0.0.1:9")

    answer = Client().get(START)

    assert answer.status_code == 401
    assert "could not be reached" in answer.content.decode()


def test_provider_that_is_not_there(configure: Configure) -> None:
    assert Client().get("/accounts/organisation/nowhere/").status_code == 404


# Leaving it -----------------------------------------------------------------------------------------------


def test_last_way_to_sign_in_stays(person: Callable[..., str]) -> None:
    client = Client()
    sign_in(client, person())

    client.post("/accounts/organisation/", {"account": SocialAccount.objects.get().pk})

    assert SocialAccount.objects.exists()


def test_may_go_when_there_is_a_password(person: Callable[..., str]) -> None:
    make_user("mira@exampleshire.gov.uk", "Mira", PASSWORD)
    client = Client()
    sign_in(client, person())

    client.post("/accounts/organisation/", {"account": SocialAccount.objects.get().pk})

    assert not SocialAccount.objects.exists()
    assert mail.outbox[-1].subject == "A way to sign in was removed"
