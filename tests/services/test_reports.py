"""Asking for a report and keeping it."""

from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from assessments.models import Assessment, Report, User
from assessments.services import reports
from tests.factories import make_assessment, make_report

KEY = "a" * 64
PDF = b"%PDF-1.7 made for a test"


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def ask(assessment: Assessment, key: str = KEY) -> Report:
    return reports.ask(assessment=assessment, by=assessment.lead, key=key, inputs={"a": 1})


def jobs() -> list[str]:
    """The reports that the queue holds a job for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'report_id' FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def content(report: Report) -> bytes:
    with report.pdf.open() as file:
        return bytes(file.read())


def kept(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def test_ask_queues_a_job(assessment: Assessment) -> None:
    report = ask(assessment)

    assert (report.status, report.inputs, report.asked_by) == ("queued", {"a": 1}, assessment.lead)
    assert jobs() == [str(report.pk)]


def test_ask_again_while_it_is_made(assessment: Assessment) -> None:
    assert ask(assessment) == ask(assessment)

    assert len(jobs()) == 1


def test_ask_when_it_is_kept(assessment: Assessment) -> None:
    reports.keep(report=make_report(assessment, key=KEY), pdf=PDF)

    assert ask(assessment).status == "ready"
    assert jobs() == []


def test_ask_for_other_inputs(assessment: Assessment) -> None:
    assert ask(assessment) != ask(assessment, key="b" * 64)

    assert len(jobs()) == 2


def test_ask_after_it_failed(assessment: Assessment) -> None:
    reports.give_up(report=make_report(assessment, key=KEY))

    assert ask(assessment).status == "queued"
    assert len(jobs()) == 1


def test_report_and_job_are_rolled_back_together(assessment: Assessment) -> None:
    with transaction.atomic():
        ask(assessment)
        transaction.set_rollback(True)

    assert jobs() == []
    assert not Report.objects.exists()


def test_keep(assessment: Assessment, files: Path) -> None:
    reports.keep(report=ask(assessment), pdf=PDF)

    report = Report.objects.get()
    assert (report.status, report.size, content(report)) == ("ready", len(PDF), PDF)
    assert report.ready_at is not None


def test_keep_twice(assessment: Assessment, files: Path) -> None:
    """Two workers with the same job, neither of which has seen the other finish."""
    first = ask(assessment)
    second = Report.objects.get(pk=first.pk)

    reports.keep(report=first, pdf=PDF)
    reports.keep(report=second, pdf=PDF)

    assert len(kept(files)) == 1
    assert content(Report.objects.get()) == PDF


def test_keep_after_a_worker_was_killed_in_between(assessment: Assessment, files: Path) -> None:
    """The file was written, the row was not."""
    with transaction.atomic():
        reports.keep(report=ask(assessment), pdf=b"half")
        transaction.set_rollback(True)
    report = ask(assessment)

    reports.keep(report=report, pdf=PDF)

    assert content(Report.objects.get()) == PDF


def test_same_inputs_of_two_assessments(assessment: Assessment, files: Path) -> None:
    other = make_assessment(assessment.lead)

    reports.keep(report=ask(assessment), pdf=PDF)
    reports.keep(report=ask(other), pdf=PDF + b"2")

    assert [content(report) for report in Report.objects.order_by("asked_at")] == [PDF, PDF + b"2"]


def test_give_up_after_it_was_kept(assessment: Assessment) -> None:
    """A late failure of one worker does not take away what another has made."""
    stale = ask(assessment)
    reports.keep(report=Report.objects.get(), pdf=PDF)

    reports.give_up(report=stale)

    assert Report.objects.get().status == "ready"
