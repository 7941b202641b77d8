"""Pages about data: who may, what they say before anything goes, and what they do."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Export, Organisation, User
from assessments.services import erasure, exports
from tests.factories import (
    PASSWORD,
    level,
    make_answer,
    make_assessment,
    make_engagement,
    make_firm,
    make_member,
    make_organisation,
    make_user,
    second_factor_client,
)

pytestmark = pytest.mark.django_db
NAME = "Exampleshire County Council"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def olive(db: None) -> User:
    """Administers."""
    return make_user("olive@example.org", "Olive Osborne")


@pytest.fixture
def organisation(olive: User) -> Organisation:
    return make_organisation(NAME, administrator=olive)


@pytest.fixture
def assessment(organisation: Organisation, alice: User) -> Assessment:
    assessment = make_assessment(alice, organisation)
    make_answer(assessment, "pensions.contribution-rate", level(2))
    return assessment


def client_of(user: User) -> Client:
    fresh = User.objects.get(pk=user.pk)
    if fresh.must_use_second_factor:
        return second_factor_client(fresh)
    client = Client()
    client.force_login(fresh)
    return client


OF_AN_ORGANISATION = {
    "organisation-data": (200, 405),
    "organisation-export": (405, 302),
    "organisation-erase": (200, 200),
    "organisation-erase-cancel": (405, 302),
    "organisation-retention": (200, 302),
}


@pytest.mark.parametrize("name", OF_AN_ORGANISATION)
def test_who_may(name: str, assessment: Assessment, olive: User, alice: User, charlie: User) -> None:
    """Administrators; a member is refused, and to a stranger there is nothing."""
    ada = make_user("ada@example.org")
    make_engagement(assessment, make_firm(ada))
    url = reverse(name, args=[assessment.organisation_id])
    get, post = OF_AN_ORGANISATION[name]

    def statuses(client: Client) -> tuple[int, int]:
        return client.get(url).status_code, client.post(url).status_code

    def refused(status: int, method: int) -> int:
        return 405 if method == 405 else status

    assert statuses(client_of(olive)) == (get, post)
    assert statuses(client_of(alice)) == (refused(403, get), refused(403, post))
    assert statuses(client_of(charlie)) == (refused(404, get), refused(404, post))
    assert statuses(client_of(ada)) == (refused(404, get), refused(404, post))
    assert Organisation.objects.get(pk=assessment.organisation_id).erase_on is None


@pytest.mark.parametrize("name", OF_AN_ORGANISATION)
def test_administrator_without_second_factor(name: str, organisation: Organisation, olive: User) -> None:
    client = Client()
    client.force_login(olive)

    response = client.post(reverse(name, args=[organisation.pk]), {"name": NAME})

    assert response["Location"] == reverse("second-factor")
    assert Organisation.objects.get().erase_on is None


def test_export_is_asked_for_and_fetched(assessment: Assessment, olive: User, alice: User, charlie: User) -> None:
    client = client_of(olive)
    page = reverse("organisation-data", args=[assessment.organisation_id])

    response = client.post(reverse("organisation-export", args=[assessment.organisation_id]), follow=True)

    assert "The export is being made" in response.content.decode()
    kept = exports.make(export=Export.objects.get())
    assert "Download the export of" in client.get(page).content.decode()
    url = reverse("export-download", args=[kept.pk])
    fetched = client.get(url)
    assert fetched["Content-Disposition"] == 'attachment; filename="spinout-exampleshire-county-council.zip"'
    assert b"".join(fetched.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert client_of(alice).get(url).status_code == 403
    assert client_of(charlie).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_export_is_offered_for_seven_days(organisation: Organisation, olive: User) -> None:
    kept = exports.make(export=exports.ask(organisation=organisation, by=olive))
    Export.objects.update(ready_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    client = client_of(olive)

    assert client.get(reverse("export-download", args=[kept.pk])).status_code == 404
    assert b"Download" not in client.get(reverse("organisation-data", args=[organisation.pk])).content


def test_erasure_names_what_goes(assessment: Assessment, olive: User) -> None:
    make_engagement(assessment, make_firm(make_user("ada@example.org"), "Kestrel Advisers"))

    page = client_of(olive).get(reverse("organisation-erase", args=[assessment.organisation_id])).content.decode()

    for told in (
        "1 assessment",
        "1 answer",
        "Riverside Family Hubs",
        "Alice Archer",
        "Olive Osborne",
        "Kestrel Advisers",
    ):
        assert told in page


def test_erasure_of_a_firm_names_its_clients(assessment: Assessment) -> None:
    ada = make_user("ada@example.org")
    firm = make_firm(ada)
    make_engagement(assessment, firm)

    page = client_of(ada).get(reverse("organisation-erase", args=[firm.pk])).content.decode()

    assert "The firm loses access to 1 assessment of its clients" in page


@pytest.mark.parametrize(
    ("typed", "planned"), [("", False), ("Exampleshire", False), (NAME, True), (f" {NAME.upper()}  ", True)]
)
def test_erasure_wants_the_name_typed(organisation: Organisation, olive: User, typed: str, planned: bool) -> None:
    client_of(olive).post(reverse("organisation-erase", args=[organisation.pk]), {"name": typed})

    assert (Organisation.objects.get(pk=organisation.pk).erase_on is not None) is planned


def test_notice_of_an_erasure_and_stopping_it(assessment: Assessment, olive: User, alice: User, charlie: User) -> None:
    own = make_assessment(charlie, make_organisation("Elsewhere"))
    planned = erasure.ask(organisation=assessment.service.organisation, by=olive)
    notice = f"Everything of {NAME} will be erased on {planned.erase_on:%-d %B %Y}."
    pages = [reverse("assessment", args=[assessment.pk]), reverse("assessment-result", args=[assessment.pk])]

    assert [notice in client_of(alice).get(url).content.decode() for url in pages] == [True, True]
    assert notice not in client_of(charlie).get(reverse("assessment", args=[own.pk])).content.decode()
    client = client_of(olive)
    assert notice in client.get(reverse("organisation-data", args=[planned.pk])).content.decode()
    stopped = client.post(reverse("organisation-erase-cancel", args=[planned.pk]), follow=True).content.decode()
    assert "Stopped. Nothing will be erased." in stopped
    assert notice not in stopped


@pytest.mark.parametrize(
    ("typed", "message"),
    [("5", "Enter 6 months or more"), ("241", "Enter 240 months or fewer"), ("x", "Enter a whole number of months")],
)
def test_months_that_are_wrong(organisation: Organisation, olive: User, typed: str, message: str) -> None:
    response = client_of(olive).post(reverse("organisation-retention", args=[organisation.pk]), {"months": typed})

    assert message in response.content.decode()
    assert Organisation.objects.get(pk=organisation.pk).keep_months is None


@pytest.mark.parametrize(("typed", "months"), [("36", 36), ("", None)])
def test_months_are_saved(organisation: Organisation, olive: User, typed: str, months: int | None) -> None:
    Organisation.objects.update(keep_months=24)

    client_of(olive).post(reverse("organisation-retention", args=[organisation.pk]), {"months": typed})

    assert Organisation.objects.get(pk=organisation.pk).keep_months == months


def test_what_goes_soon_stands_on_the_page(assessment: Assessment, olive: User) -> None:
    Organisation.objects.filter(pk=assessment.organisation_id).update(keep_months=6)
    Assessment.objects.update(changed_at=timezone.now() - dt.timedelta(days=400))
    assessment.answers.update(changed_at=timezone.now() - dt.timedelta(days=400))

    page = client_of(olive).get(reverse("organisation-data", args=[assessment.organisation_id])).content.decode()

    assert "Going within 30 days" in page
    assert "Riverside Family Hubs" in page


@pytest.mark.parametrize("name", ["organisation-data", "organisation-erase"])
def test_statements_do_not_grow(name: str, assessment: Assessment, olive: User, alice: User) -> None:
    client = client_of(olive)
    url = reverse(name, args=[assessment.organisation_id])

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    client.get(url)
    few = statements()
    for number in range(12):
        make_assessment(alice, assessment.service.organisation, service_name=f"Service {number}")
        make_member(assessment.service.organisation, make_user(f"{number}@example.org"))

    assert statements() == few


def test_assessment_is_deleted_by_an_administrator(
    assessment: Assessment, olive: User, alice: User, charlie: User
) -> None:
    url = reverse("assessment-delete", args=[assessment.pk])

    assert client_of(alice).get(url).status_code == client_of(alice).post(url).status_code == 403
    assert client_of(charlie).get(url).status_code == client_of(charlie).post(url).status_code == 404
    client = client_of(olive)
    page = client.get(url).content.decode()
    assert "Delete the assessment of Riverside Family Hubs?" in page
    assert "1 answer" in page
    assert Assessment.objects.exists()

    response = client.post(url)

    assert response["Location"] == reverse("organisation", args=[assessment.organisation_id])
    assert not Assessment.objects.exists()


# One's own account ---------------------------------------------------------------------------------------


def test_account_export(alice: User, bob: User) -> None:
    client = client_of(alice)

    assert "The export is being made" in client.post(reverse("account-export"), follow=True).content.decode()
    kept = exports.make(export=Export.objects.get())

    assert "Download the export of" in client.get(reverse("account-data")).content.decode()
    url = reverse("export-download", args=[kept.pk])
    assert b"".join(client.get(url).streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert client_of(bob).get(url).status_code == 404
    assert "Download" not in client_of(bob).get(reverse("account-data")).content.decode()


def test_account_is_erased(bob: User) -> None:
    client = client_of(bob)
    assert "It happens at once" in client.get(reverse("account-erase")).content.decode()
    assert User.objects.get(pk=bob.pk).erased_at is None

    response = client.post(reverse("account-erase"), follow=True)

    assert "Your account is erased." in response.content.decode()
    assert User.objects.get(pk=bob.pk).erased_at is not None
    assert client.get(reverse("account-data")).status_code == 302


def test_account_with_something_in_the_way(assessment: Assessment, olive: User, alice: User) -> None:
    hers = client_of(alice).post(reverse("account-erase")).content.decode()
    olives = client_of(olive).post(reverse("account-erase")).content.decode()

    assert "Hand over Riverside Family Hubs" in hers
    assert f"Make somebody else an administrator of {NAME}" in olives
    assert not User.objects.filter(erased_at__isnull=False).exists()


def test_password_is_asked_for_again(bob: User) -> None:
    bob.set_password(PASSWORD)
    bob.save()
    client = client_of(bob)

    response = client.post(reverse("account-erase"))

    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.get(pk=bob.pk).erased_at is None
    assert client.post(response["Location"], {"password": "not this one at all"}).status_code == 200
    assert User.objects.get(pk=bob.pk).erased_at is None
    client.post(response["Location"], {"password": PASSWORD})
    assert User.objects.get(pk=bob.pk).erased_at is not None


@pytest.mark.parametrize("name", ["account-data", "account-export", "account-erase"])
def test_account_pages_are_closed_to_who_has_not_signed_in(name: str) -> None:
    assert Client().get(reverse(name)).status_code == 302
    assert Client().post(reverse(name)).status_code == 302


def test_signed_in(signed_in: Callable[[User], Client], alice: User) -> None:
    assert "Your data: take it with you" in signed_in(alice).get(reverse("account")).content.decode()
