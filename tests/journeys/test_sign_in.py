"""Signing in with a second factor, a passkey or an organisation; where one is signed in; too many attempts."""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from assessments.management.demo_codes import current_code
from tests import providers
from tests.journeys.site import PASSWORD, WIDE, Site, follow, look_at, save, sign_in, visit

ROOT = Path(__file__).resolve().parents[2]

MAKE = """
import sys
from allauth.account.models import EmailAddress
from assessments.management.demo_codes import give_second_factor
from assessments.models import Membership, Organisation, User
email, name, role, kind, has_factor, password = sys.argv[-1].split("|")
user = User.objects.create_user(email, password, name=name)
EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
organisation = Organisation.objects.create(name=name, kind=kind, founded_by=user, changed_by=user)
Membership.objects.create(organisation=organisation, user=user, role=role, changed_by=user)
if has_factor: give_second_factor(user)
"""


def make_person(
    site: Site, email: str, name: str, *, role: str, kind: str = "public_body", factor: bool = False
) -> str:
    """Somebody of this test's own in the demo's database; gives their address."""
    environment = {**os.environ, "SPINOUT_ENV": "demo", "SPINOUT_DATA": str(site.log.parent / "data")}
    given = "|".join([email, name, role, kind, "yes" if factor else "", PASSWORD])
    script = "import django; django.setup()" + MAKE
    environment["DJANGO_SETTINGS_MODULE"] = "spinout.settings"
    subprocess.run([sys.executable, "-c", script, given], check=True, cwd=ROOT, env=environment)
    return email


@pytest.fixture(scope="module")
def administrator(served: Site) -> str:
    return make_person(served, "new-admin@example.org", "Nora New", role="administrator")


@pytest.fixture(scope="module")
def adviser(served: Site) -> str:
    return make_person(served, "new-adviser@example.org", "Noel New", role="member", kind="adviser_firm")


@pytest.fixture(scope="module")
def old_hand(served: Site) -> str:
    """An administrator who has an authenticator app."""
    return make_person(served, "old-hand@example.org", "Olga Old", role="administrator", factor=True)


def passkeys(page: Page) -> None:
    """A device that keeps passkeys and always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    follow(page.get_by_role("main").get_by_role("button", name="Sign out"))


def test_passkey(site: Site, administrator: str) -> None:
    # Browsers take no passkey for an address of numbers.
    page = site.window(host="localhost")
    passkeys(page)
    page.goto("/accounts/login/")
    sign_in(page, administrator)
    expect(page.get_by_role("heading", level=1)).to_have_text("You need a second factor")
    expect(page.get_by_text("because you administer an organisation")).to_be_visible()
    look_at(page)

    follow(page.get_by_role("button", name="Set up a passkey"))
    page.get_by_label("Name of the passkey").fill("Work laptop")
    look_at(page)
    save(page, "Set up")
    expect(page.locator(".app-codes li")).to_have_count(10)
    look_at(page)
    save(page, "Continue")
    expect(page).to_have_url(re.compile("localhost:[0-9]+/$"))

    sign_out(page)
    look_at(page)
    save(page, "Sign in with a passkey")
    expect(page).to_have_url(re.compile("localhost:[0-9]+/$"))
    visit(page, "/accounts/")
    visit(page, "/accounts/passkeys/")
    expect(page.get_by_text("Work laptop").first).to_be_visible()

    # The only one stays; in place of a code it serves too.
    follow(page.get_by_role("link", name="Remove"))
    save(page, "Remove the passkey")
    expect(page.get_by_text("this is your only one").first).to_be_visible()
    look_at(page)
    sign_out(page)
    sign_in(page, administrator)
    look_at(page)
    save(page, "Use a passkey")
    expect(page).to_have_url(re.compile("localhost:[0-9]+/$"))


def test_device_that_gives_no_passkey(site: Site, old_hand: str) -> None:
    page = site.window(host="localhost")
    passkeys(page)
    page.goto("/accounts/login/")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert").filter(has_text="Your device gave nothing")).to_be_visible()
    look_at(page)


def test_address_of_numbers_offers_none(site: Site) -> None:
    page = site.window()
    page.goto("/accounts/login/")

    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_authenticator_app(site: Site, script: bool) -> None:
    address = f"adviser-{'with' if script else 'without'}-script@example.org"
    email = make_person(site, address, "Noel New", role="member", kind="adviser_firm")
    page = site.window(script=script)
    page.goto("/accounts/login/")
    sign_in(page, email)
    expect(page.get_by_text("because you advise clients")).to_be_visible()

    follow(page.get_by_role("button", name="Set up an app"))
    key = page.locator(".app-key").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill("000000")
    save(page, "Set up")
    assert page.title().startswith("Error: ")
    assert page.locator(".app-key").inner_text().replace(" ", "") == key
    page.get_by_label("Code that the app shows").fill(current_code(secret=key))
    save(page, "Set up")
    codes = page.locator(".app-codes li").all_inner_texts()
    save(page, "Continue")
    expect(page).to_have_url(f"{site.address}/")

    sign_out(page)
    sign_in(page, email)
    page.get_by_label("Code").fill(codes[0])
    save(page, re.compile("^Sign in$"))
    expect(page).to_have_url(f"{site.address}/")
    page.goto("/accounts/2fa/")
    expect(page.get_by_text("You have 9 left")).to_be_visible()


@pytest.fixture
def inside(site: Site, old_hand: str) -> Page:
    """Signed in with a code. The next in line that has not been used holds as well."""
    page = site.signed_in(old_hand)
    look_at(page)
    page.get_by_label("Code").fill("000000")
    save(page, re.compile("^Sign in$"))
    look_at(page)
    page.get_by_label("Code").fill(current_code())
    save(page, re.compile("^Sign in$"))
    return page


def test_every_page_of_the_account_and_ending_a_session(site: Site, inside: Page, old_hand: str) -> None:
    for path in (
        "",
        "name/",
        "email/",
        "password/change/",
        "2fa/",
        "2fa/totp/deactivate/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "passkeys/",
        "passkeys/add/",
        "sessions/",
        "organisation/",
        "logout/",
    ):
        visit(inside, f"/accounts/{path}")

    other = site.signed_in(old_hand)
    other.get_by_label("Code").fill(current_code(1))
    save(other, re.compile("^Sign in$"))
    expect(other).to_have_url(f"{site.address}/")
    other.goto("/accounts/sessions/")
    expect(other.get_by_role("heading", level=2).filter(has_text="on Linux")).to_have_count(2)
    follow(other.get_by_role("button", name="Sign out there").first)
    expect(other.get_by_role("heading", level=2).filter(has_text="on Linux")).to_have_count(1)

    inside.goto("/accounts/")
    expect(inside.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.fixture
def quiet(site: Site) -> Iterator[Page]:
    """A window whose console may complain: the provider's page does, and a refusal is one of its errors."""
    assert site.browser is not None
    with site.browser.new_context(viewport=WIDE, base_url=site.address) as context:  # type: ignore[arg-type]
        yield context.new_page()


def through_organisation(page: Page, sub: str) -> None:
    page.goto("/accounts/login/")
    look_at(page)
    follow(page.get_by_role("link", name="Sign in through Exampleshire County Council"))
    page.locator("input[name=sub]").first.fill(sub)
    follow(page.get_by_role("button", name=re.compile("authorize|sign in", re.IGNORECASE)).first)


def test_through_an_organisation(site: Site, quiet: Page) -> None:
    providers.tell(site.organisation, "17", email="mira@exampleshire.gov.uk", email_verified=True, name="Mira Member")

    through_organisation(quiet, "17")

    expect(quiet).to_have_url(f"{site.address}/")
    visit(quiet, "/accounts/")
    expect(quiet.get_by_text("Mira Member")).to_be_visible()
    visit(quiet, "/accounts/organisation/")
    visit(quiet, "/accounts/password/set/")


def test_refused_through_an_organisation(site: Site, quiet: Page) -> None:
    providers.tell(site.organisation, "18", email="hubs@example.org", email_verified=True)

    through_organisation(quiet, "18")

    expect(quiet.get_by_role("heading", level=1)).to_have_text("You cannot sign in this way")
    expect(quiet.get_by_text("end in @exampleshire.gov.uk")).to_be_visible()
    look_at(quiet)


# Too many attempts ----------------------------------------------------------------------------------------


def post(site: Site, path: str, cookies: dict[str, str], **data: str) -> tuple[int, str]:
    """As a script would, each time by a new connection, so that any process of the server may get it. From an address
    of this machine that no browser of these tests has."""
    where = urlsplit(site.address)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, source_address=("127.0.0.9", 0))
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    sent["Content-Type"] = "application/x-www-form-urlencoded"
    body = urlencode({**data, "csrfmiddlewaretoken": cookies["csrftoken"]})
    connection.request("POST", path, body, sent)
    answer = connection.getresponse()
    text = answer.read().decode()
    for header in answer.headers.get_all("Set-Cookie") or []:
        name, _equals, value = header.split(";")[0].partition("=")
        cookies[name] = value
    connection.close()
    return answer.status, text


def test_attempts_count_over_all_processes(site: Site, adviser: str) -> None:
    cookies = {"csrftoken": "0" * 32}
    wrong = [post(site, "/accounts/login/", cookies, login=adviser, password="not the password") for _ in range(5)]

    status, text = post(site, "/accounts/login/", cookies, login=adviser, password=PASSWORD)

    assert [status for status, _text in wrong] == [200] * 5
    assert status == 200
    assert "Wait five minutes" in text


def test_codes_count_over_all_processes(site: Site) -> None:
    email = make_person(site, "guessed@example.org", "Gus Guessed", role="administrator", factor=True)
    cookies = {"csrftoken": "0" * 32}
    assert post(site, "/accounts/login/", cookies, login=email, password=PASSWORD)[0] == 302
    for _number in range(5):
        assert post(site, "/accounts/2fa/authenticate/", cookies, code="000000")[0] == 200

    status, text = post(site, "/accounts/2fa/authenticate/", cookies, code=current_code())

    assert status == 200
    assert "Wait five minutes" in text
