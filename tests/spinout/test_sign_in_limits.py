"""Attempts are counted, for every process in one place, and too many are refused."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from assessments.management.demo_codes import current_code, give_second_factor
from assessments.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

WRONG = "not the password at all"


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    """As in production; the other tests sign in too often for them."""
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = {}


@pytest.fixture
def user() -> User:
    return make_user("alice@example.org", "Alice Archer", PASSWORD)


def try_password(password: str, email: str = "alice@example.org", address: str = "203.0.113.7") -> int:
    answer = Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": email, "password": password})
    return answer.status_code


def test_counts_are_in_the_database(user: User) -> None:
    try_password(WRONG)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM spinout_attempts WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone()[0] == 2


def test_migrate_makes_the_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE spinout_attempts")
    call_command("migrate", verbosity=0)

    cache.set("there", 1)
    assert cache.get("there") == 1


def test_sixth_password_is_refused_even_if_right(user: User) -> None:
    """Also from another address each time: it is the account that is guarded."""
    for number in range(5):
        assert try_password(WRONG, address=f"203.0.113.{number}") == 200

    assert try_password(PASSWORD, address="198.51.100.1") == 200


def test_fifth_may_be_right(user: User) -> None:
    for _number in range(4):
        try_password(WRONG)

    assert try_password(PASSWORD) == 302


def test_others_are_not_locked_out(user: User) -> None:
    make_user("bob@example.org", password=PASSWORD)
    for _number in range(6):
        try_password(WRONG)

    assert try_password(PASSWORD, "bob@example.org", "198.51.100.1") == 302


def test_one_address_tries_many_accounts(user: User) -> None:
    for number in range(10):
        try_password(WRONG, f"nobody{number}@example.org")

    assert try_password(PASSWORD) == 200
    assert try_password(PASSWORD, address="198.51.100.1") == 302


def test_account_that_does_not_exist_looks_the_same(user: User) -> None:
    for _number in range(6):
        try_password(WRONG, "nobody@example.org")
    answers = [
        Client(REMOTE_ADDR="198.51.100.1")
        .post("/accounts/login/", {"login": email, "password": WRONG})
        .content.decode()
        for email in ("nobody@example.org", "alice@example.org")
    ]

    assert "Wait five minutes" in answers[0]
    assert "is not right" in answers[1]


def between(user: User) -> Client:
    """After the password, before the code."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_sixth_code_is_refused_even_if_right(user: User) -> None:
    give_second_factor(user)
    for _number in range(5):
        assert b"is not right" in between(user).post("/accounts/2fa/authenticate/", {"code": "000000"}).content

    answer = between(user).post("/accounts/2fa/authenticate/", {"code": current_code()})

    assert answer.status_code == 200
    assert b"Wait five minutes" in answer.content


def test_recovery_codes_cannot_be_guessed_either(user: User) -> None:
    give_second_factor(user)
    answers = [between(user).post("/accounts/2fa/authenticate/", {"code": f"{n:08}"}).content for n in range(6)]

    assert [b"Wait five minutes" in answer for answer in answers] == [False] * 5 + [True]


def test_codes_later_in_a_session(user: User) -> None:
    client = Client()
    client.force_login(user)
    give_second_factor(user)
    for _number in range(5):
        client.post("/accounts/2fa/reauthenticate/", {"code": "000000"})

    assert client.post("/accounts/2fa/reauthenticate/", {"code": current_code()}).status_code == 200


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("/accounts/password/reset/", 5), ("/accounts/signup/", 20), ("/accounts/passkeys/sign-in/", 10)],
)
def test_other_doors(address: str, allowed: int) -> None:
    client = Client()
    statuses = [client.post(address, {"email": "alice@example.org"}).status_code for _number in range(allowed + 1)]

    refused = client.post(address, {"email": "alice@example.org"})
    assert 429 not in statuses[:allowed]
    assert refused.status_code in (200, 429)
    assert b"Too many" in refused.content


def test_refusal_is_a_page_of_ours() -> None:
    client = Client()
    for _number in range(10):
        client.post("/accounts/passkeys/sign-in/")

    page = client.post("/accounts/passkeys/sign-in/")

    assert page.status_code == 429
    assert b"<h1" in page.content
    assert b"Too many attempts" in page.content


@pytest.mark.parametrize(("proxies", "counted"), [(0, 302), (1, 200)])
def test_whose_address_counts(proxies: int, counted: int, settings: Any, user: User) -> None:
    """Behind a proxy the one that it saw, which is the last; what a browser says of itself never."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(10):
        Client(REMOTE_ADDR=f"10.0.0.{number}", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, 203.0.113.7").post(
            "/accounts/login/", {"login": f"nobody{number}@example.org", "password": WRONG}
        )

    answer = Client(REMOTE_ADDR="10.0.0.99", HTTP_X_FORWARDED_FOR="192.0.2.99, 203.0.113.7").post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}
    )

    assert answer.status_code == counted
    cache.clear()
