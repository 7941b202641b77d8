"""Asking for a report, waiting for it, and fetching it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from assessments.models import Assessment, Report, User
from assessments.reports.inputs import report_key
from assessments.selectors.standing import report_inputs
from assessments.services import reports
from tests.factories import level, make_answer, make_assessment
from tests.reports.pages import Page

SignIn = Callable[[User], Client]


@pytest.fixture
def assessment(alice: User, tmp_path: Path, settings: Any) -> Assessment:
    settings.MEDIA_ROOT = tmp_path
    return make_assessment(alice)


def asked(assessment: Assessment) -> Report:
    inputs = report_inputs(assessment)
    return reports.ask(assessment=assessment, by=assessment.lead, key=report_key(inputs), inputs=inputs)


def jobs() -> list[Any]:
    return list(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))


def test_ask_queues_one_job_by_name(alice: User, assessment: Assessment, signed_in: SignIn) -> None:
    client = signed_in(alice)

    for _press in range(2):
        assert client.post(reverse("report-ask", args=[assessment.pk])).status_code == 302

    assert jobs() == [reports.MAKE_REPORT]
    assert Report.objects.get().status == Report.Status.QUEUED


def test_ask_rolled_back_leaves_neither_report_nor_job(assessment: Assessment) -> None:
    with transaction.atomic():
        asked(assessment)
        transaction.set_rollback(True)

    assert jobs() == []
    assert not Report.objects.exists()


def state(client: Client, assessment: Assessment) -> tuple[str, Page]:
    page = Page(client.get(reverse("report", args=[assessment.pk])).content.decode())
    found = next(one for one in page.elements if one.attributes.get("id") == "report-state")
    return found.attributes["data-report-status"], page


def scripts(page: Page) -> list[str]:
    return [one.attributes["src"] for one in page.all("script") if "report" in one.attributes["src"]]


def test_page_offers_the_pdf_and_then_says_that_it_is_being_made(
    alice: User, assessment: Assessment, signed_in: SignIn
) -> None:
    client = signed_in(alice)

    before, page = state(client, assessment)
    asked(assessment)
    after, waiting = state(client, assessment)

    assert (before, after) == ("none", "queued")
    assert "Make the PDF" in page.text
    assert scripts(page) == []
    assert "Check whether it is ready" in waiting.text
    assert len(scripts(waiting)) == 1


def test_page_has_the_link_when_the_report_is_ready(alice: User, assessment: Assessment, signed_in: SignIn) -> None:
    kept = reports.keep(report=asked(assessment), pdf=b"%PDF-1.7 made")
    client = signed_in(alice)

    status, page = state(client, assessment)
    link = next(one.attributes["href"] for one in page.all("a") if "download" in one.attributes)
    answer = client.get(link)

    assert status == "ready"
    assert b"".join(answer) == kept.pdf.open().read() == b"%PDF-1.7 made"
    kept.pdf.close()
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(link, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_page_offers_a_new_report_when_an_answer_has_changed(
    alice: User, assessment: Assessment, signed_in: SignIn
) -> None:
    reports.keep(report=asked(assessment), pdf=b"%PDF-1.7 made")

    make_answer(assessment, "pensions.workforce-list", level(1))

    status, page = state(signed_in(alice), assessment)
    assert status == "none"
    assert "Earlier reports" in page.text
    assert len([one for one in page.all("a") if "download" in one.attributes]) == 1


def test_pages_of_who_has_signed_in_are_kept_by_no_cache(
    alice: User, assessment: Assessment, signed_in: SignIn
) -> None:
    kept = reports.keep(report=asked(assessment), pdf=b"%PDF-1.7 made")
    client = signed_in(alice)

    page = client.get(reverse("report", args=[assessment.pk]))
    file = client.get(reverse("report-download", args=[assessment.pk, kept.pk]))

    assert page["Cache-Control"] == "private, no-store"
    assert file["Cache-Control"] == "private, no-cache"
    assert b"".join(file) == b"%PDF-1.7 made"


def test_page_offers_to_try_again_when_the_report_failed(
    alice: User, assessment: Assessment, signed_in: SignIn
) -> None:
    reports.give_up(report=asked(assessment))
    client = signed_in(alice)

    status, page = state(client, assessment)
    client.post(reverse("report-ask", args=[assessment.pk]))

    assert status == "failed"
    assert "Please try again" in page.text
    assert Report.objects.get().status == Report.Status.QUEUED


def test_report_can_be_read_as_a_page(alice: User, assessment: Assessment, signed_in: SignIn) -> None:
    answer = signed_in(alice).get(reverse("report-read", args=[assessment.pk]))

    page = Page(answer.content.decode())
    assert page.all("h1")[0].text == f"Readiness report {assessment.service_name}"
    assert reverse("report", args=[assessment.pk]) in [one.attributes["href"] for one in page.all("a")]
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
