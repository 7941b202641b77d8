"""Real workers, as processes of their own, on the tests' database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from assessments.models import Assessment, Report, User
from assessments.reports.inputs import inputs_of, report_key
from assessments.selectors.workbook import workbook
from assessments.services import reports
from tests.factories import make_assessment, make_user

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 180
"""Seconds. A report takes a few; a machine with other work takes longer."""


class Workers:
    """Starts workers and sees to it that none is left."""

    def __init__(self, files: Path) -> None:
        self.files = files
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *options: str) -> "subprocess.Popen[bytes]":
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--nice", "0", *options],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url(), "SPINOUT_DATA": str(self.files)},
        )
        self.started.append(worker)
        return worker

    def stop(self) -> None:
        for worker in self.started:
            worker.kill()
            worker.wait()


def database_url() -> str:
    """The tests' database, as an address that another process can use."""
    given: dict[str, Any] = connection.get_connection_params()
    options = urlencode({key: given[key] for key in ("host", "port", "password") if given.get(key)})
    return f"postgresql://{given['user']}@/{connection.settings_dict['NAME']}?{options}"


@pytest.fixture
def workers(tmp_path: Path, settings: Any) -> Iterator[Workers]:
    settings.MEDIA_ROOT = tmp_path / "files"
    started = Workers(tmp_path)
    yield started
    started.stop()
    # Django empties its own tables after a test; those of the queue are none of them.
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def ask(db: None) -> Callable[[], Report]:
    owner: User = make_user("alice@example.org")
    assessment: Assessment = make_assessment(owner)

    def ask_for() -> Report:
        inputs = inputs_of(workbook(assessment))
        return reports.ask(assessment=assessment, by=owner, key=report_key(inputs), inputs=inputs)

    return ask_for


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.05)


def is_being_made() -> bool:
    return ProcrastinateJob.objects.filter(status="doing").exists()


def test_worker_makes_a_queued_report(workers: Workers, ask: Callable[[], Report]) -> None:
    report = ask()

    assert workers.start("--once").wait(PATIENCE) == 0

    report.refresh_from_db()
    assert report.status == Report.Status.READY
    assert Path(report.pdf.path).read_bytes().startswith(b"%PDF-")
    assert report.size == report.pdf.size


def test_worker_serves_the_kept_file_for_unchanged_answers(workers: Workers, ask: Callable[[], Report]) -> None:
    first = ask()
    workers.start("--once").wait(PATIENCE)

    again = ask()

    assert again.pk == first.pk
    assert again.status == Report.Status.READY
    assert not ProcrastinateJob.objects.filter(status="todo").exists()


def test_worker_that_is_killed_leaves_no_report_unmade(workers: Workers, ask: Callable[[], Report]) -> None:
    report = ask()
    killed = workers.start("--stalled-after", "3")
    wait_until(is_being_made)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    report.refresh_from_db()
    assert report.status == Report.Status.QUEUED

    workers.start("--stalled-after", "3")

    wait_until(lambda: Report.objects.filter(pk=report.pk, status=Report.Status.READY).exists())


def test_worker_told_to_stop_ends_its_report_first(workers: Workers, ask: Callable[[], Report]) -> None:
    report = ask()
    worker = workers.start()
    wait_until(is_being_made)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(PATIENCE) == 0
    report.refresh_from_db()
    assert report.status == Report.Status.READY
