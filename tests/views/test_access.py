"""Who gets what at which address. Every address has a row in the table; one without fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assessments.models import Assessment, Report, User
from assessments.services import reports
from tests.factories import make_assessment, make_report, make_what_if


@dataclass(frozen=True)
class Statuses:
    """Of GET and POST, for somebody not signed in, the owner, and a stranger. POST is sent empty."""

    anonymous: tuple[int, int]
    owner: tuple[int, int]
    stranger: tuple[int, int]


PUBLIC = Statuses((200, 405), (200, 405), (200, 405))
# Closed by default: to the page for signing in, whatever the method.
MINE_TO_READ = Statuses((302, 302), (200, 405), (404, 405))
MINE_TO_FILL = Statuses((302, 302), (200, 200), (404, 404))
TO_SIGN_IN = Statuses((200, 200), (302, 302), (302, 302))
SIGNED_IN = Statuses((302, 302), (200, 200), (200, 200))

TABLE: dict[str, Statuses] = {
    "home": PUBLIC,
    "method": PUBLIC,
    "glossary": PUBLIC,
    "sources": PUBLIC,
    "accessibility": PUBLIC,
    "privacy": PUBLIC,
    "health": PUBLIC,
    "assessment-start": SIGNED_IN,
    "assessment": MINE_TO_READ,
    "assessment-change": MINE_TO_FILL,
    "assessment-check": MINE_TO_READ,
    "assessment-result": MINE_TO_READ,
    "cash-flow": MINE_TO_READ,
    "cash-flow-figures": MINE_TO_FILL,
    "cash-flow-table": MINE_TO_FILL,
    "cash-flow-template": MINE_TO_READ,
    # Without figures there are none to fetch.
    "cash-flow-months": Statuses((302, 302), (302, 405), (404, 405)),
    "cash-flow-delete": MINE_TO_FILL,
    "forms-and-routes": MINE_TO_READ,
    "report": MINE_TO_READ,
    "report-ask": Statuses((302, 302), (405, 302), (405, 404)),
    "report-read": MINE_TO_READ,
    "report-download": MINE_TO_READ,
    "plan": MINE_TO_READ,
    "plan-action": MINE_TO_FILL,
    "plan-schedule": MINE_TO_READ,
    "plan-csv": MINE_TO_READ,
    "plan-xlsx": MINE_TO_READ,
    "plan-calendar": MINE_TO_READ,
    "what-ifs": MINE_TO_READ,
    "what-if": MINE_TO_READ,
    "what-if-new": MINE_TO_FILL,
    "what-if-edit": MINE_TO_FILL,
    "what-if-answers": MINE_TO_FILL,
    "what-if-rename": MINE_TO_FILL,
    "what-if-delete": Statuses((302, 302), (200, 302), (404, 404)),
    "what-if-way-up": Statuses((302, 302), (405, 302), (405, 404)),
    "what-if-do-now": Statuses((302, 302), (405, 302), (405, 404)),
    "questionnaire": Statuses((302, 302), (302, 405), (404, 405)),
    "question-page": MINE_TO_FILL,
    "question-item": Statuses((302, 302), (302, 405), (404, 405)),
    "account_login": TO_SIGN_IN,
    "account_signup": TO_SIGN_IN,
    "account_logout": Statuses((302, 302), (200, 302), (200, 302)),
    "account_inactive": Statuses((200, 405), (200, 405), (200, 405)),
    # Nobody here has a password, so there is nothing to be asked for again, and none to change.
    "account_reauthenticate": Statuses((302, 302), (403, 403), (403, 403)),
    "account_change_password": Statuses((302, 302), (302, 302), (302, 302)),
    "account_email": Statuses((302, 302), (200, 302), (200, 302)),
    "account_email_verification_sent": Statuses((200, 405), (200, 405), (200, 405)),
    "account_confirm_email": Statuses((200, 404), (200, 404), (200, 404)),
    "account_set_password": SIGNED_IN,
    "account_reset_password": Statuses((200, 200), (200, 200), (200, 200)),
    "account_reset_password_done": Statuses((200, 405), (200, 405), (200, 405)),
    "account_reset_password_from_key": Statuses((200, 200), (200, 200), (200, 200)),
    "account_reset_password_from_key_done": Statuses((200, 405), (200, 405), (200, 405)),
    "account_confirm_login_code": Statuses((302, 302), (302, 302), (302, 302)),
}

OF_AN_ASSESSMENT = [
    name
    for name in TABLE
    if name.startswith(("assessment", "cash-flow", "report", "question", "plan", "what-if", "forms-and-routes"))
    and name != "assessment-start"
]
OF_A_WHAT_IF = ["what-if", "what-if-edit", "what-if-answers", "what-if-rename", "what-if-delete"]


def names(resolver: URLResolver) -> Iterator[str]:
    for found in resolver.url_patterns:
        if isinstance(found, URLPattern):
            yield str(found.name)
        else:
            yield from names(found)


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept_report(assessment: Assessment) -> Report:
    return reports.keep(report=make_report(assessment), pdf=b"%PDF-1.7")


def address(name: str, assessment: Assessment, **changed: Any) -> str:
    kwargs: dict[str, dict[str, Any]] = {
        "questionnaire": {"slug": "pensions"},
        "question-page": {"slug": "profile", "page_id": assessment.catalogue.profile.pages[0].id},
        "question-item": {"item_id": "sector"},
        "plan-action": {"action_id": "finish:pensions"},
        "account_confirm_email": {"key": "no-such-key"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "no-such-key"},
    }
    own = {"pk": assessment.pk} if name in OF_AN_ASSESSMENT else {}
    if name == "report-download" and "report_pk" not in changed:
        own["report_pk"] = kept_report(assessment).pk
    if name in OF_A_WHAT_IF and "what_if_pk" not in changed:
        own["what_if_pk"] = make_what_if(assessment, answers={"pensions.contribution-rate": None}).pk
    return reverse(name, kwargs={**own, **kwargs.get(name, {}), **changed})


def test_every_address_has_a_row() -> None:
    assert sorted(names(get_resolver())) == sorted(TABLE)


def status(response: Any) -> int:
    if response.streaming:
        # Read to its end, the file is closed.
        list(response.streaming_content)
    return int(response.status_code)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_statuses(
    name: str, assessment: Assessment, alice: User, charlie: User, signed_in: Callable[[User], Client]
) -> None:
    url = address(name, assessment)
    people: dict[str, Callable[[], Client]] = {
        "anonymous": Client,
        "owner": lambda: signed_in(alice),
        "stranger": lambda: signed_in(charlie),
    }

    found = {person: (status(client().get(url)), status(client().post(url))) for person, client in people.items()}

    assert Statuses(**found) == TABLE[name]


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "health",
        "method",
        "assessment",
        "question-page",
        "report-download",
        "plan-action",
        "forms-and-routes",
        "plan-xlsx",
    ],
)
def test_head_says_what_get_says(
    name: str, assessment: Assessment, alice: User, signed_in: Callable[[User], Client]
) -> None:
    assert status(signed_in(alice).head(address(name, assessment))) == TABLE[name].owner[0]


@pytest.mark.parametrize("name", [*OF_AN_ASSESSMENT, "assessment-start"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options"])
def test_closed_to_who_has_not_signed_in(name: str, method: str, assessment: Assessment) -> None:
    url = address(name, assessment)

    response = getattr(Client(), method)(url)

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={quote(url)}")


@pytest.mark.parametrize("name", OF_AN_ASSESSMENT)
def test_random_assessment(name: str, assessment: Assessment, alice: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(alice)
    url = address(name, assessment).replace(str(assessment.pk), str(uuid4()))

    assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}


@pytest.mark.parametrize("name", OF_AN_ASSESSMENT)
def test_stranger_learns_nothing(
    name: str, assessment: Assessment, charlie: User, signed_in: Callable[[User], Client]
) -> None:
    """What is somebody else's looks like what does not exist."""
    client = signed_in(charlie)
    url = address(name, assessment)
    nowhere = url.replace(str(assessment.pk), str(uuid4()))

    for method in (client.get, client.post):
        theirs, nothing = method(url), method(nowhere)
        assert theirs.status_code == nothing.status_code
        assert b"Riverside" not in theirs.content


def test_stranger_cannot_save(assessment: Assessment, charlie: User, signed_in: Callable[[User], Client]) -> None:
    url = address("question-page", assessment)

    response = signed_in(charlie).post(url, {"sector-value": "council", "sector-version": "0"})

    assert response.status_code == 404
    assert not assessment.answers.exists()


def test_stranger_cannot_change_the_details(
    assessment: Assessment, charlie: User, signed_in: Callable[[User], Client]
) -> None:
    data = {"service_name": "Taken", "stage": "explore"}

    response = signed_in(charlie).post(address("assessment-change", assessment), data)

    assert response.status_code == 404
    assert Assessment.objects.get().service_name == "Riverside Family Hubs"


def test_stranger_cannot_ask_for_a_report(
    assessment: Assessment, charlie: User, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(charlie).post(address("report-ask", assessment)).status_code == 404
    assert not Report.objects.exists()


def test_report_of_another_assessment(
    assessment: Assessment, charlie: User, signed_in: Callable[[User], Client]
) -> None:
    """Neither by one's own assessment and somebody else's report, nor the other way round."""
    hers, his = assessment, make_assessment(charlie)
    report_of_hers, report_of_his = kept_report(hers), kept_report(his)
    client = signed_in(charlie)

    assert status(client.get(address("report-download", his, report_pk=report_of_hers.pk))) == 404
    assert status(client.get(address("report-download", hers, report_pk=report_of_his.pk))) == 404
    assert status(client.get(address("report-download", his, report_pk=uuid4()))) == 404
    assert status(client.get(address("report-download", his, report_pk=report_of_his.pk))) == 200


def test_home_lists_ones_own_only(
    assessment: Assessment, alice: User, charlie: User, signed_in: Callable[[User], Client]
) -> None:
    assert b"Riverside" in signed_in(alice).get("/").content
    assert b"Riverside" not in signed_in(charlie).get("/").content
    assert b"Riverside" not in Client().get("/").content


def test_somebody_switched_off(assessment: Assessment, alice: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(alice)
    User.objects.update(is_active=False)

    assert client.get(address("assessment", assessment)).status_code == 302


@pytest.mark.parametrize(
    "name", ["assessment-start", "assessment-change", "question-page", "report-ask", "plan-action"]
)
def test_post_without_token(name: str, assessment: Assessment, alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    response = client.post(address(name, assessment), {"service_name": "x"})

    assert response.status_code == 403


@pytest.mark.parametrize("name", ["home", "assessment", "question-page", "assessment-result", "report-read"])
def test_security_headers(name: str, assessment: Assessment, alice: User, signed_in: Callable[[User], Client]) -> None:
    response = signed_in(alice).get(address(name, assessment))

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_sends_nobody_elsewhere(target: str, alice: User) -> None:
    alice.set_password("correct horse battery staple")
    alice.save()

    response = Client().post(
        f"/accounts/login/?next={target}",
        {"login": alice.email, "password": "correct horse battery staple", "next": target},
    )

    assert (response.status_code, response["Location"]) == (302, "/")


def test_sign_in_goes_where_one_was_going(assessment: Assessment, alice: User) -> None:
    alice.set_password("correct horse battery staple")
    alice.save()
    client = Client()
    wanted = client.get(address("assessment", assessment))["Location"]

    response = client.post(wanted, {"login": alice.email, "password": "correct horse battery staple"})

    assert response["Location"] == address("assessment", assessment)
