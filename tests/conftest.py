"""What every test may use. Chromium, Java and the like come from `tests/needs.py`: skip or fail."""

import os

# Programs that tests start get test settings too, also those that assume production (`spinout.wsgi`).
os.environ["SPINOUT_ENV"] = "test"

from collections.abc import Callable, Iterator  # settings read the environment as soon as Django is imported
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from assessments.catalogue import loader
from assessments.catalogue.schema import Catalogue
from assessments.models import User
from tests import needs
from tests.factories import make_user, second_factor_client

# Generated tests judge what the code does, not how busy the machine is.
settings.register_profile("patient", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

SMALL = Path(__file__).parent / "catalogue" / "catalogues" / "valid" / "small"


@pytest.fixture
def alice(db: None) -> User:
    """Leads the service: the assessments are hers."""
    return make_user("alice@example.org", "Alice Archer")


@pytest.fixture
def bob(db: None) -> User:
    """Her colleague."""
    return make_user("bob@example.org", "Bob Baker")


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger to her assessments."""
    return make_user("charlie@example.org", "Charlie Cook")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Not longer than a module: while Playwright's loop runs, Django refuses its database to the thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs.chromium(), args=needs.CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Signs somebody in, with a second factor where they need one."""

    def client_of(user: User) -> Client:
        if user.must_use_second_factor:
            return second_factor_client(user)
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def small_edition(monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """The tests' own small catalogue, which assessments of edition 2099.1 are answered by."""
    small = loader.load(SMALL)
    real = loader.edition
    monkeypatch.setattr("assessments.models.assessment.edition", lambda name: small if name == "2099.1" else real(name))
    return small
