"""`manage.py demo` in a fresh folder: everything is made once, people's changes stay, and nothing is left running."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assessments.catalogue.conditions import Truth
from assessments.catalogue.path import path
from assessments.management.demo import CLIENTS, Client, team
from assessments.scoring.score import facts_of

ROOT = Path(__file__).resolve().parents[2]

# Everything that a second run must leave as it is, and every client's one report.
STATE = """
from assessments.models import *
from allauth.account.models import EmailAddress
for user in User.objects.order_by("pk"):
    print(user.pk, user.email, user.name, user.password)
for address in EmailAddress.objects.order_by("pk"):
    print(address.pk, address.email, address.verified, address.primary)
for one in Assessment.objects.order_by("pk"):
    print(one.pk, one.service_name, one.stage, one.fingerprint, one.changed_at)
for one in Answer.objects.order_by("pk"):
    print(one.pk, one.item, one.state, one.version, one.changed_at)
for one in Submission.objects.order_by("pk"):
    print(one.pk, one.assessment_id, one.number, one.status, one.moved_at)
print(Answer.pgh_event_model.objects.count(), Rating.objects.count(), Engagement.objects.count(), "events and more")
for one in Report.objects.order_by("pk"):
    print(one.pk, one.key, one.status, one.size, one.ready_at, one.pdf.storage.exists(one.pdf.name))
"""


class Demo:
    """The command with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "SPINOUT_ENV": "demo",
            "SPINOUT_DATA": str(folder / "data"),
            "PYTHONUNBUFFERED": "1",
        }
        self.log = folder / "log"

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(
            command, env=self.environment, input=given, capture_output=True, text=True, check=False, timeout=180
        )

    def state(self) -> str:
        done = self.run("shell", "--verbosity", "0", "--command", STATE)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(ROOT / "manage.py"), "demo", *arguments]
        with self.log.open("wb") as output:
            return subprocess.Popen(command, env=self.environment, stdout=output, stderr=subprocess.STDOUT)

    def processes(self) -> list[str]:
        """What still runs with this data folder, PostgreSQL included."""
        data = self.environment["SPINOUT_DATA"]
        return [" ".join(process.cmdline()) for process in psutil.process_iter() if _belongs(process, data)]


def _belongs(process: psutil.Process, data: str) -> bool:
    try:
        return process.pid != os.getpid() and (
            process.environ().get("SPINOUT_DATA") == data or any(data in part for part in process.cmdline())
        )
    except psutil.Error:
        return False


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo"))
    done = demo.run("demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    yield demo
    _wait_until_nothing_runs(demo)


def _wait_until_nothing_runs(demo: Demo) -> None:
    deadline = time.monotonic() + 30
    while left := demo.processes():
        assert time.monotonic() < deadline, left
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_second_run_changes_nothing(demo: Demo) -> None:
    before = demo.state()
    done = demo.run("demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    assert "there already" in done.stdout
    assert demo.state() == before
    assert before.count("ready") == 1
    assert before.count("True True\n") == len(CLIENTS) + len(team.PEOPLE)


def test_missing_parts_are_made_again(demo: Demo) -> None:
    changes = """
from django.core.files.storage import default_storage
from assessments.models import *
default_storage.delete(Report.objects.get().pdf.name)
Assessment.objects.filter(lead__email="libraries@example.org").delete()
Service.objects.filter(assessments__lead__email="hubs@example.org").update(name="Renamed by somebody")
"""
    assert demo.run("shell", "--verbosity", "0", "--command", changes).returncode == 0
    done = demo.run("demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    state = demo.state()
    assert "Meadowshire Libraries" in state
    assert "Renamed by somebody" in state
    assert "Riverside Family Hubs" not in state
    assert state.count("ready") == 2, "the renamed service's report is another one"


TOLD = """
from assessments.models import *
print("clients", Engagement.objects.filter(firm__name="Kestrel Advisers", ended_at=None).count())
print("ended", Engagement.objects.exclude(ended_at=None).count())
print("reviews", *sorted(Submission.objects.values_list("status", flat=True)))
print("dissents", Rating.objects.filter(settled="dissent").exclude(client_words="").count())
print("opinions", Opinion.objects.exclude(given_at=None).count())
print("evidence", EvidenceItem.objects.count(), "threads", Thread.objects.count())
"""


def test_firm_with_clients(tmp_path: Path) -> None:
    """A review in progress, a dissent, an ended engagement, second opinions, evidence and conversations."""
    fresh = Demo(tmp_path)
    assert fresh.run("demo", "--no-serve").returncode == 0

    told = fresh.run("shell", "--verbosity", "0", "--command", TOLD).stdout.splitlines()

    assert told == [
        "clients 5",
        "ended 1",
        "reviews in_review signed_off submitted",
        "dissents 1",
        "opinions 2",
        "evidence 2 threads 3",
    ]
    _wait_until_nothing_runs(fresh)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serves_and_stops(demo: Demo, ending: signal.Signals) -> None:
    port = _free_port()
    running = demo.start("--port", str(port))
    deadline = time.monotonic() + 120
    while "Press Ctrl-C" not in demo.log.read_text():
        assert running.poll() is None, demo.log.read_text()
        assert time.monotonic() < deadline, demo.log.read_text()
        time.sleep(0.1)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        assert page.status == 200
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]

    running.send_signal(ending)
    assert running.wait(60) == 0
    _wait_until_nothing_runs(demo)


def test_busy_port(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = demo.run("demo", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: Port {port} cannot be used (Address already in use).")


def test_not_in_production(demo: Demo) -> None:
    """`test` stands in for `production` here, which would ask for its secrets first."""
    refused = Demo(demo.log.parent)
    refused.environment["SPINOUT_ENV"] = "test"
    done = refused.run("demo", "--no-serve")
    assert done.returncode == 1
    assert "The demo is not for SPINOUT_ENV=test" in done.stderr


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.file)
def test_answers_are_asked_for(client: Client) -> None:
    """No answer that nobody would be asked for: it would be in the file for nothing."""
    file = client.answers()
    asked = path(file.catalogue, file.answers.stage, facts_of(file.answers), file.answers.as_of)
    given = [*file.answers.profile, *file.answers.questions, *file.answers.gates]
    assert [item for item in given if asked.truth(item) is Truth.FALSE] == []
