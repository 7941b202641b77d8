"""Every page: how much it asks of the database, what it escapes, and what it says when something is wrong."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.views import defaults

from assessments.catalogue.schema import Stage
from assessments.models import Answer, Assessment, Membership, Organisation, Report, Service, User
from assessments.services import reports
from tests.factories import (
    answer_everything,
    level,
    make_answer,
    make_assessment,
    make_assessments,
    make_firm,
    make_member,
    make_organisation,
    make_report,
    make_user,
    second_factor_client,
    typical,
)
from tests.views.browser import sent_by

SCRIPT = '<script>alert("x")</script>&'
COST = "pensions.cost-in-model"


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def client(alice: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(alice)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def question_page(assessment: Assessment) -> str:
    return reverse("question-page", args=[assessment.pk, "pensions", "model"])


# How much is asked of the database -----------------------------------------------------------------------------


@contextmanager
def at_most(count: int) -> Iterator[None]:
    """Statements, those that only begin and end a transaction left out."""
    with CaptureQueriesContext(connection) as queries:
        yield
    asked = [
        query["sql"]
        for query in queries.captured_queries
        if not re.search(r"(^|; )(BEGIN|COMMIT|SAVEPOINT|RELEASE)", query["sql"])
    ]
    assert len(asked) <= count, "\n".join(asked)


LIMITS = {
    "assessment": 6,
    "assessment-check": 6,
    "assessment-result": 3,
    "forms-and-routes": 4,
    "assessment-change": 6,
    # What a report is made from: answers, plan, figures, who answered and reviewed; and the reports made before.
    "report": 10,
    "plan": 6,
    "plan-schedule": 6,
    "plan-csv": 6,
    "plan-xlsx": 6,
    "plan-calendar": 6,
}


@pytest.mark.parametrize("everything", [False, True], ids=["one answer", "every answer"])
@pytest.mark.parametrize("name", LIMITS)
def test_statements_of_a_page(assessment: Assessment, client: Client, name: str, everything: bool) -> None:
    make_answer(assessment, COST, level(1))
    answer_everything(assessment, rounds=4 if everything else 0)

    with at_most(LIMITS[name]):
        response = client.get(reverse(name, args=[assessment.pk]))

    assert response.status_code == 200


@pytest.mark.parametrize("everything", [False, True], ids=["one answer", "every answer"])
@pytest.mark.parametrize("stage", list(Stage))
def test_statements_of_question_pages(alice: User, client: Client, stage: Stage, everything: bool) -> None:
    assessment = make_assessment(alice, stage=stage)
    answer_everything(assessment, rounds=4 if everything else 0)
    page = client.get(reverse("questionnaire", args=[assessment.pk, "pensions"]))["Location"]

    with at_most(6):
        response = client.get(page)

    assert response.status_code == 200


@pytest.mark.parametrize("everything", [False, True], ids=["one answer", "every answer"])
def test_statements_of_a_save(assessment: Assessment, client: Client, everything: bool) -> None:
    make_answer(assessment, COST, level(1))
    answer_everything(assessment, rounds=4 if everything else 0)
    sent = sent_by(client.get(question_page(assessment))) | {
        "cost-in-model-state": "4",
        "stress-test-state": "0",
        "new-joiners-state": "dont_know",
    }

    with at_most(6):
        response = client.post(question_page(assessment), sent)

    assert response.status_code == 302
    assert Answer.objects.get(item=COST).level == 4


def test_statements_of_home(alice: User, client: Client) -> None:
    make_assessments(alice, 200)

    # One of them for what waits, one for the second opinions that they gave elsewhere.
    with at_most(5):
        response = client.get("/")

    assert response.content.count(b"Riverside Family Hubs") == 200


def test_statements_among_many_assessments(alice: User, client: Client) -> None:
    [assessment, *_others] = make_assessments(alice, 200)

    with at_most(6):
        assert client.get(question_page(assessment)).status_code == 200


# What a person typed is text -----------------------------------------------------------------------------------


@pytest.fixture
def hostile(alice: User) -> Assessment:
    """Script in everything that a person can type."""
    User.objects.filter(pk=alice.pk).update(name=SCRIPT)
    assessment = make_assessment(alice, service_name=SCRIPT, organisation_name=SCRIPT)
    words = {"note": SCRIPT, "reason": SCRIPT, "who_knows": SCRIPT}
    make_answer(assessment, COST, level(3, evidence="E1", **words))
    make_answer(assessment, "pensions.looking-back", typical(assessment.catalogue.item("pensions.looking-back")))
    Answer.objects.filter(item="pensions.looking-back").update(value=SCRIPT)
    return assessment


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "assessment",
        "assessment-change",
        "assessment-check",
        "assessment-result",
        "report",
        "report-read",
        "model",
        "day-one",
    ],
)
def test_what_people_typed_is_escaped(hostile: Assessment, client: Client, name: str) -> None:
    pages = {
        "home": "/",
        "model": question_page(hostile),
        "day-one": reverse("question-page", args=[hostile.pk, "pensions", "day-one"]),
    }

    page = client.get(pages.get(name) or reverse(name, args=[hostile.pk])).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_conflict_page_escapes(hostile: Assessment, client: Client, bob: User) -> None:
    tab = sent_by(client.get(question_page(hostile)))
    User.objects.filter(pk=bob.pk).update(name=SCRIPT)
    make_answer(hostile, COST, level(2, note=SCRIPT), by=bob)

    response = client.post(question_page(hostile), tab | {"cost-in-model-state": "4", "cost-in-model-note": SCRIPT * 2})

    assert response.status_code == 409
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("field", ["service_name", "organisation_name", "stage"])
def test_start_form_escapes(client: Client, field: str) -> None:
    page = client.post(reverse("assessment-start"), {field: SCRIPT}).content.decode()

    assert "<title>Error: " in page
    assert "<script>alert" not in page


# Forms of an assessment ----------------------------------------------------------------------------------------


DETAILS = {"service_name": "Hubs", "stage": "explore"}


def test_start(alice: User, client: Client) -> None:
    """Who belongs nowhere names the public body, and belongs to it from then on."""
    response = client.post(reverse("assessment-start"), DETAILS | {"organisation_name": "Council"})

    assessment = Assessment.objects.get()
    assert (assessment.lead, assessment.stage, assessment.organisation_name) == (alice, "explore", "Council")
    assert response["Location"] == reverse("questionnaire", args=[assessment.pk, "profile"])
    assert Membership.objects.get(organisation=assessment.organisation_id).user == alice


def test_start_in_ones_own_organisation(assessment: Assessment, client: Client) -> None:
    client.post(reverse("assessment-start"), DETAILS | {"organisation": str(assessment.organisation_id)})

    started = Assessment.objects.get(stage="explore")
    assert started.organisation_id == assessment.organisation_id
    assert Organisation.objects.count() == 1


def test_start_asks_which_of_two(assessment: Assessment, alice: User, client: Client) -> None:
    other = make_organisation("Borsetshire County Council", administrator=make_user("olaf@example.org"))
    make_member(other, alice)

    page = client.get(reverse("assessment-start")).content.decode()
    client.post(reverse("assessment-start"), DETAILS | {"organisation": str(other.pk)})

    assert page.count('name="organisation"') == 2
    assert 'name="organisation_name"' not in page
    assert Assessment.objects.get(stage="explore").organisation_id == other.pk


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("service_name", ""),
        ("service_name", "   "),
        ("service_name", "x" * 201),
        ("service_name", "a\x00"),
        ("stage", ""),
        ("stage", "dream"),
    ],
)
@pytest.mark.parametrize("name", ["assessment-start", "assessment-change"])
def test_details_that_cannot_be(assessment: Assessment, client: Client, name: str, field: str, typed: str) -> None:
    address = reverse(name, args=[assessment.pk] if name == "assessment-change" else [])
    right = DETAILS | {"organisation": str(assessment.organisation_id)}

    response = client.post(address, right | {field: typed})

    assert response.status_code == 200
    assert b"<title>Error: " in response.content
    assert Assessment.objects.get().service_name == "Riverside Family Hubs"


@pytest.mark.parametrize("typed", ["", "   ", "x" * 201, "a\x00"])
def test_public_body_that_cannot_be(client: Client, typed: str) -> None:
    response = client.post(reverse("assessment-start"), DETAILS | {"organisation_name": typed})

    assert response.status_code == 200
    assert b"<title>Error: " in response.content
    assert not Assessment.objects.exists()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    "typed", ["", "council", "a\x00", "00000000-0000-4000-8000-000000000000", "of a stranger", "of a firm"]
)
def test_organisation_that_is_not_ones_own(
    assessment: Assessment, alice: User, charlie: User, client: Client, typed: str
) -> None:
    """Neither somebody else's nor a firm of advisers, whose services nobody assesses."""
    others = {
        "of a stranger": str(make_assessment(charlie, organisation_name="Elsewhere").organisation_id),
        "of a firm": str(make_firm(charlie).pk),
    }
    make_member(Organisation.objects.get(pk=others["of a firm"]), alice)
    client = second_factor_client(alice)

    response = client.post(reverse("assessment-start"), DETAILS | {"organisation": others.get(typed, typed)})

    assert response.status_code == 200
    assert b"<title>Error: " in response.content
    assert not Assessment.objects.filter(stage="explore").exists()


def test_change(assessment: Assessment, client: Client) -> None:
    make_answer(assessment, COST, level(1))

    response = client.post(reverse("assessment-change", args=[assessment.pk]), DETAILS)

    assert response.status_code == 302
    assert Assessment.objects.get().stage == "explore"
    assert Answer.objects.get().level == 1


# The report ----------------------------------------------------------------------------------------------------


def test_ask_shows_that_it_is_being_made(assessment: Assessment, client: Client) -> None:
    page = client.post(reverse("report-ask", args=[assessment.pk]), follow=True)

    assert Report.objects.get().status == "queued"
    assert b'data-report-status="queued"' in page.content


def test_changed_answer_needs_a_new_report(assessment: Assessment, client: Client) -> None:
    client.post(reverse("report-ask", args=[assessment.pk]))

    make_answer(assessment, COST, level(1))

    page = client.get(reverse("report", args=[assessment.pk]))
    assert b'data-report-status="none"' in page.content


def test_kept_report(assessment: Assessment, client: Client) -> None:
    Service.objects.update(name='../..\r\nX: "<b>é')
    client.post(reverse("report-ask", args=[assessment.pk]))
    report = reports.keep(report=Report.objects.get(), pdf=b"%PDF-1.7 kept")
    address = reverse("report-download", args=[assessment.pk, report.pk])

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert b"".join(first.streaming_content) == b"%PDF-1.7 kept"  # type: ignore[attr-defined]
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == 'attachment; filename="readiness-report-x-be.pdf"'
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("status", ["queued", "failed"])
def test_report_that_is_not_ready(assessment: Assessment, client: Client, status: str) -> None:
    report = make_report(assessment, status=status)

    assert client.get(reverse("report-download", args=[assessment.pk, report.pk])).status_code == 404


def test_kept_file_that_is_gone(assessment: Assessment, client: Client) -> None:
    """Lost with a disk, say: the page offers to make it again instead of failing."""
    client.post(reverse("report-ask", args=[assessment.pk]))
    report = reports.keep(report=Report.objects.get(), pdf=b"%PDF-1.7")
    report.pdf.storage.delete(report.file_name)

    response = client.get(reverse("report-download", args=[assessment.pk, report.pk]), follow=True)

    assert response.redirect_chain == [(reverse("report", args=[assessment.pk]), 302)]
    assert b'data-report-status="failed"' in response.content


# When something is wrong ---------------------------------------------------------------------------------------


@pytest.fixture
def request_of_nobody() -> HttpRequest:
    return RequestFactory().get("/")


def test_404(client: Client) -> None:
    response = client.get(f"/assessments/{uuid4()}/")

    assert response.status_code == 404
    assert b"<h1" in response.content
    assert b"Page not found" in response.content


@pytest.mark.parametrize("path", ["/nowhere/", "/assessments/1/", "/assessments/%00/", "/%ff/", "/assessments/new/x"])
def test_404_of_who_has_not_signed_in(db: None, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_403(request_of_nobody: HttpRequest) -> None:
    response = defaults.permission_denied(request_of_nobody, PermissionError())

    assert response.status_code == 403
    assert b"<h1" in response.content


def test_500(request_of_nobody: HttpRequest) -> None:
    response = defaults.server_error(request_of_nobody)

    assert response.status_code == 500
    assert b"<h1" in response.content


def test_500_tells_nothing(assessment: Assessment, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_assessment: Assessment) -> None:
        raise RuntimeError("inside knowledge")

    monkeypatch.setattr("assessments.views.assessments.result_page", fail)
    client.raise_request_exception = False

    response = client.get(reverse("assessment-result", args=[assessment.pk]))

    assert response.status_code == 500
    assert b"inside knowledge" not in response.content
    assert b"Riverside" not in response.content


@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "500.html"])
def test_error_page_needs_nothing(template: str) -> None:
    assert "<h1" in render_to_string(template)


def test_health(db: None) -> None:
    assert Client().get("/health/").content == b"ok"
