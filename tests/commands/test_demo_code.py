"""`manage.py demo_code`: codes of fictional people, in the demo alone."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from assessments.management.demo_codes import current_code, give_second_factor
from assessments.models import User


def code_of(email: str) -> str:
    told = StringIO()
    call_command("demo_code", email, stdout=told)
    return told.getvalue().strip()


@pytest.fixture
def demo(settings: Any) -> None:
    settings.SPINOUT_ENV = "demo"


def test_prints_what_the_app_shows(demo: None, alice: User) -> None:
    give_second_factor(alice)

    # The half minute may have ended in between.
    assert code_of("Alice@example.org") in (current_code(-1), current_code())


def test_only_in_the_demo(alice: User) -> None:
    give_second_factor(alice)

    with pytest.raises(CommandError, match="for the demo, not for SPINOUT_ENV=test"):
        code_of(alice.email)


def test_somebody_without_an_app(demo: None, alice: User) -> None:
    with pytest.raises(CommandError, match="has an authenticator app here"):
        code_of(alice.email)


def test_somebody_with_an_app_of_their_own(demo: None, alice: User) -> None:
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})

    with pytest.raises(CommandError, match="on that phone"):
        code_of(alice.email)
