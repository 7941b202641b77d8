"""People see where they are signed in, and end it."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from assessments.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


@pytest.fixture
def alice() -> User:
    return make_user("alice@example.org", "Alice Archer", PASSWORD)


def sign_in(user: User, browser: str = FIREFOX, address: str = "203.0.113.7") -> Client:
    client = Client(HTTP_USER_AGENT=browser, REMOTE_ADDR=address)
    assert client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/assessments/new/").status_code == 200


def test_list_names_each(alice: User) -> None:
    sign_in(alice, SAFARI, "198.51.100.4")
    here = sign_in(alice)

    page = here.get("/accounts/sessions/").content.decode()

    assert "Safari on an iPhone" in page
    assert "198.51.100.4" in page
    assert "Firefox on Windows" in page
    assert page.count("This one") == 1


def test_nobody_else_is_listed(alice: User) -> None:
    sign_in(make_user("bob@example.org", password=PASSWORD), SAFARI, "198.51.100.4")

    assert "198.51.100.4" not in sign_in(alice).get("/accounts/sessions/").content.decode()


def test_end_one(alice: User) -> None:
    lost, other, here = sign_in(alice, SAFARI), sign_in(alice), sign_in(alice)
    row = UserSession.objects.get(session_key=lost.session.session_key)

    here.post(f"/accounts/sessions/{row.pk}/end/")

    assert [is_in(client) for client in (lost, other, here)] == [False, True, True]


def test_end_all_others(alice: User) -> None:
    lost, other, here = sign_in(alice, SAFARI), sign_in(alice), sign_in(alice)

    here.post("/accounts/sessions/")

    assert [is_in(client) for client in (lost, other, here)] == [False, False, True]
    assert UserSession.objects.count() == 1


def test_session_of_somebody_else(alice: User) -> None:
    bob = sign_in(make_user("bob@example.org", password=PASSWORD))
    row = UserSession.objects.get(session_key=bob.session.session_key)

    assert sign_in(alice).post(f"/accounts/sessions/{row.pk}/end/").status_code == 404
    assert is_in(bob)


def test_own_session_ends_by_signing_out(alice: User) -> None:
    here = sign_in(alice)

    assert here.post(f"/accounts/sessions/{UserSession.objects.get().pk}/end/")["Location"] == "/accounts/logout/"


def test_ended_only_by_post(alice: User) -> None:
    here = sign_in(alice)

    assert here.get(f"/accounts/sessions/{UserSession.objects.get().pk}/end/").status_code == 405


def test_signing_out_takes_it_off_the_list(alice: User) -> None:
    sign_in(alice, SAFARI).post("/accounts/logout/")

    assert "Safari" not in sign_in(alice).get("/accounts/sessions/").content.decode()


def test_new_password_ends_the_others(alice: User) -> None:
    lost, here = sign_in(alice, SAFARI), sign_in(alice)
    new = "another battery staple horse"

    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert not is_in(lost)
    assert is_in(here)
    assert "Safari" not in here.get("/accounts/sessions/").content.decode()
