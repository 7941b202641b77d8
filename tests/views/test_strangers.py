"""What strangers find: nothing. Changed ids, posts to others' forms, guessed addresses, engagements that have ended."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.test import Client

from assessments.models import Assessment, Report, User
from tests.factories import PASSWORD, make_assessment
from tests.views.access_table import PUBLIC, TABLE
from tests.views.addresses import OF_AN_ASSESSMENT, PARTS
from tests.views.world import World, opened, response_of, status_of

# Addresses below an assessment with something else of it named in them.
OF_A_PART = sorted(
    name for name in OF_AN_ASSESSMENT if len(PARTS[name]) > 1 and any(part.endswith("_pk") for part in PARTS[name])
)
SIGNED_IN_ONLY = [*OF_AN_ASSESSMENT, "assessment-start"]
STRANGERS = ("stranger", "member", "ended")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), opened("draft", tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture(autouse=True)
def _database(world: World, db: None) -> None:
    """What a test changes is taken back after it."""


@pytest.mark.parametrize("name", [*OF_AN_ASSESSMENT, "home", "health", "method"])
def test_head_says_what_get_says(world: World, name: str) -> None:
    lead, url = world.client("lead"), world.address(name)

    assert status_of(lead, "head", url) == status_of(lead, "get", url)


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options"])
@pytest.mark.parametrize("name", SIGNED_IN_ONLY)
def test_closed_to_who_has_not_signed_in(world: World, name: str, method: str) -> None:
    url = world.address(name)

    response = getattr(Client(), method)(url)

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={quote(url)}")


@pytest.mark.parametrize("name", OF_AN_ASSESSMENT)
def test_random_assessment(world: World, name: str) -> None:
    lead, url = world.client("lead"), world.address(name, pk=uuid4())

    assert {status_of(lead, "get", url), status_of(lead, "post", url)} <= {404, 405}


@pytest.mark.parametrize("name", OF_AN_ASSESSMENT)
@pytest.mark.parametrize("person", STRANGERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_learns_nothing(world: World, name: str, person: str, method: str) -> None:
    """What is somebody else's looks like what does not exist."""
    client = world.client(person)

    theirs = response_of(client, method, world.address(name))
    nothing = response_of(client, method, world.address(name, pk=uuid4()))

    assert theirs.status_code == nothing.status_code
    assert b"Riverside" not in theirs.content


@pytest.mark.parametrize("name", OF_A_PART)
@pytest.mark.parametrize("method", ["get", "post"])
def test_part_of_another_assessment(world: World, name: str, method: str) -> None:
    """By one's own assessment and something of somebody else's."""
    own = make_assessment(world.people["stranger"], organisation_name="Northshire")

    found = status_of(world.client("stranger"), method, world.address(name, pk=own.pk))

    assert found in (404, 405)


def _another(pk: Any) -> Any:
    return uuid4() if isinstance(pk, UUID) else pk + 1_000_000


@pytest.mark.parametrize("name", OF_A_PART)
def test_guessed_part(world: World, name: str) -> None:
    guessed = {part: _another(world.own[part]) for part in PARTS[name] if part.endswith("_pk")}
    lead = world.client("lead")

    found = {status_of(lead, method, world.address(name, **guessed)) for method in ("get", "post")}

    assert found <= {403, 404, 405}


def test_stranger_cannot_save(world: World) -> None:
    before = world.assessment.answers.count()

    response = world.client("stranger").post(
        world.address("question-page"), {"contribution-rate-state": "4", "contribution-rate-version": "1"}
    )

    assert response.status_code == 404
    assert world.assessment.answers.count() == before
    assert world.assessment.answers.get().level == 3


@pytest.mark.parametrize("person", ["reader", "administrator", "adviser"])
def test_who_reads_cannot_save(world: World, person: str) -> None:
    response = world.client(person).post(
        world.address("question-page"), {"contribution-rate-state": "4", "contribution-rate-version": "1"}
    )

    assert response.status_code == 403
    assert world.assessment.answers.get().level == 3


def test_contributor_saves_in_no_other_questionnaire(world: World) -> None:
    address = world.address("question-page", slug="profile", page_id=world.assessment.catalogue.profile.pages[0].id)

    response = world.client("contributor").post(address, {"sector-value": "council", "sector-version": "0"})

    assert response.status_code == 403
    assert not world.assessment.answers.filter(item="sector").exists()


@pytest.mark.parametrize("person", STRANGERS)
def test_stranger_cannot_change_the_details(world: World, person: str) -> None:
    data = {"service_name": "Taken", "stage": "explore"}

    response = world.client(person).post(world.address("assessment-change"), data)

    assert response.status_code == 404
    assert Assessment.objects.get(pk=world.assessment.pk).service_name == "Riverside Family Hubs"


@pytest.mark.parametrize("person", STRANGERS)
def test_stranger_cannot_ask_for_a_report(world: World, person: str) -> None:
    assert world.client(person).post(world.address("report-ask")).status_code == 404
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("stranger", False),
        ("member", False),
        ("ended", False),
        ("reader", True),
        ("contributor", True),
        ("lead", True),
        ("administrator", True),
    ],
)
def test_home_lists_what_one_takes_part_in(world: World, person: str, sees: bool) -> None:
    assert (b"Riverside" in world.client(person).get("/").content) is sees


def test_home_of_nobody(world: World) -> None:
    assert b"Riverside" not in Client().get("/").content


def test_somebody_switched_off(world: World) -> None:
    client = world.client("lead")
    User.objects.update(is_active=False)

    assert client.get(world.address("assessment")).status_code == 302


@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if row != PUBLIC and name in PARTS))
def test_post_without_token(world: World, name: str) -> None:
    """Nothing is changed without a token of ours, whoever is signed in."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client("lead").cookies

    found = status_of(client, "post", world.address(name), data={"service_name": "x"})

    assert found in WITHOUT_TOKEN.get(name, (403,))


# Pages that take no post say so, or take it without a person (one-click unsubscribing, RFC 8058).
WITHOUT_TOKEN: dict[str, tuple[int, ...]] = {"mail-stop": (200, 302, 404)}


@pytest.mark.parametrize("name", ["home", "assessment", "question-page", "assessment-result", "report-read"])
def test_security_headers(world: World, name: str) -> None:
    response = world.client("lead").get(world.address(name))

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


# Signing in ----------------------------------------------------------------------------------------------------


@pytest.fixture
def with_password(alice: User) -> User:
    alice.set_password(PASSWORD)
    alice.save()
    return alice


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_sends_nobody_elsewhere(target: str, with_password: User) -> None:
    response = Client().post(
        f"/accounts/login/?next={target}", {"login": with_password.email, "password": PASSWORD, "next": target}
    )

    assert (response.status_code, response["Location"]) == (302, "/")


def test_sign_in_goes_where_one_was_going(with_password: User) -> None:
    address = f"/assessments/{uuid4()}/"
    client = Client()
    wanted = client.get(address)["Location"]

    response = client.post(wanted, {"login": with_password.email, "password": PASSWORD})

    assert response["Location"] == address


def test_visible_to_is_what_the_page_of_each_says(world: World) -> None:
    """The list and the page are decided by the same view of the database."""
    for name, person in world.people.items():
        visible = Assessment.objects.all().visible_to(person)  # type: ignore[attr-defined]
        is_listed = visible.filter(pk=world.assessment.pk).exists()
        assert is_listed == (world.client(name).get(world.address("assessment")).status_code == 200), name
