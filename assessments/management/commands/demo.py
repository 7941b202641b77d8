"""`manage.py demo`: Spinout with fictional clients on this machine, as production would serve it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from assessments.management import demo
from assessments.management.demo import team
from assessments.models import Report

HOST = "127.0.0.1"
REPORT_SECONDS = 120
SERVER_SECONDS = 60
# A worker finishes the report that it is at.
STOP_SECONDS = 30


class Stopped(Exception):
    """Somebody asked the command to end."""


class Command(BaseCommand):
    help = "Runs Spinout with fictional clients. May be run again and again: what is there stays as people left it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="prepare everything and end")
        parser.add_argument("--port", type=int, default=8000, help="where to serve (8000)")

    def handle(self, *args: Any, no_serve: bool, port: int, **options: Any) -> None:
        if settings.SPINOUT_ENV != "demo":
            raise CommandError(f"The demo is not for SPINOUT_ENV={settings.SPINOUT_ENV}: leave SPINOUT_ENV out.")
        if not no_serve:
            _check_port(port)
        # Where links in the worker's e-mails lead.
        os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")
        before = signal.signal(signal.SIGTERM, _stop)
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        try:
            report = self._prepare()
            if report or not no_serve:
                self._start("worker", [sys.executable, _manage(), "worker"])
            if report:
                self._say("Making a readiness report")
                self._wait_for(report)
            if not no_serve:
                self._serve(port)
        except (KeyboardInterrupt, Stopped):
            self._say("Stopping")
        finally:
            self._stop_children()
            connections.close_all()
            signal.signal(signal.SIGTERM, before)

    # Preparing

    def _prepare(self) -> Report | None:
        """Everything that needs no other process. Gives the report that a worker has to make."""
        self._say("Preparing the database")
        call_command("migrate", verbosity=0, interactive=False)
        self._say("Preparing the style sheet and scripts")
        _collect_static()
        for client in demo.CLIENTS:
            made = demo.make(client)
            self._say(f"{client.answers().service.name}: {'made' if made else 'there already, left as it is'}")
        made = team.make(demo.LEADS, demo.PASSWORD)
        self._say(f"Colleagues, advisers and their reviews: {'made' if made else 'there already, left as they are'}")
        return demo.ask_for_report()

    def _wait_for(self, report: Report) -> None:
        deadline = time.monotonic() + REPORT_SECONDS
        while time.monotonic() < deadline:
            report.refresh_from_db(fields=["status"])
            if report.status == Report.Status.READY:
                return
            if report.status == Report.Status.FAILED:
                break
            self._check_children()
            time.sleep(0.2)
        raise CommandError("The readiness report could not be made; the lines above say why.")

    # Serving

    def _serve(self, port: int) -> None:
        address = f"http://{HOST}:{port}/"
        self._say("Starting the server")
        workers = str(os.cpu_count() or 1)
        server = [sys.executable, "-m", "gunicorn", "spinout.wsgi", "--bind", f"{HOST}:{port}", "--workers", workers]
        self._start("server", [*server, "--log-level", "warning", "--no-control-socket"])
        self._wait_until_served(address)
        self._say(f"\nSpinout runs at {address}\n")
        self._say("Sign in as one of these. All are fictional.")
        for client in demo.CLIENTS:
            self._say(f"  {client.email:24} {client.name}, {client.answers().service.name}")
        for person in team.PEOPLE:
            self._say(f"  {person.email:24} {person.name}, {person.does}{'; *' if _needs_a_code(person) else ''}")
        self._say(f"  Password of each: {demo.PASSWORD}")
        self._say("  * gives a code as second factor: .venv/bin/python manage.py demo_code EMAIL\n")
        self._say("Press Ctrl-C to stop.")
        while True:
            self._check_children()
            time.sleep(0.5)

    def _wait_until_served(self, address: str) -> None:
        deadline = time.monotonic() + SERVER_SECONDS
        while time.monotonic() < deadline:
            self._check_children()
            try:
                with urllib.request.urlopen(f"{address}health/", timeout=5):  # noqa: S310  # our own address
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise CommandError("The server does not answer; the lines above say why.")

    # Children

    def _start(self, name: str, command: list[str]) -> None:
        environment = {**os.environ, "SPINOUT_ENV": settings.SPINOUT_ENV, "PYTHONUNBUFFERED": "1"}
        # A session of its own, so that Ctrl-C reaches only this process, which then ends the others in order. Should
        # it be killed itself, they are told by the kernel.
        told = ["setpriv", "--pdeathsig=TERM"] if shutil.which("setpriv") else []
        self.children[name] = subprocess.Popen(  # noqa: S603  # our own programs
            [*told, *command], env=environment, cwd=settings.BASE_DIR, start_new_session=True
        )

    def _check_children(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise CommandError(f"The {name} stopped by itself; the lines above say why.")

    def _stop_children(self) -> None:
        running = [child for child in self.children.values() if child.poll() is None]
        for child in running:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            try:
                child.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _needs_a_code(person: team.Person) -> bool:
    return person in team.WITH_SECOND_FACTOR


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped


def _manage() -> str:
    return str(settings.BASE_DIR / "manage.py")


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        # As the server does: what has just stopped does not count as being there.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no port"
            raise CommandError(
                f"Port {port} cannot be used ({why}). Stop what uses it, or choose another: manage.py demo --port 8001"
            ) from error


def _collect_static() -> None:
    """Under hashed names, as production serves them; nothing where the kept ones are newer than their sources."""
    # A folder, or a folder with the name before its files: (name, folder).
    folders = [place[1] if isinstance(place, tuple) else place for place in settings.STATICFILES_DIRS]
    sources = [path for folder in folders for path in Path(str(folder)).rglob("*") if path.is_file()]
    if not any(path.name == "site.css" for path in sources):
        raise CommandError("The style sheet is not built. Run: bash .ci/setup")
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists() or manifest.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        call_command("collectstatic", interactive=False, verbosity=0)
