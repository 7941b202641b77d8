"""The product as it is served, with a browser before it. Every page that a journey meets is looked at by axe."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import providers
from tests.journeys.site import Site

ROOT = Path(__file__).resolve().parents[2]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def organisation() -> Iterator[str]:
    """An organisation's own sign-in."""
    with providers.running() as address:
        yield address


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, organisation: str) -> Iterator[Site]:
    """`manage.py demo` in a folder of its own: gunicorn, a worker, PostgreSQL, fictional clients."""
    folder = tmp_path_factory.mktemp("demo")
    log = folder / "log"
    port = _free_port()
    environment = {
        **os.environ,
        "SPINOUT_ENV": "demo",
        "SPINOUT_DATA": str(folder / "data"),
        "PYTHONUNBUFFERED": "1",
        "OIDC_PROVIDERS": json.dumps([providers.entry(organisation)]),
    }
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)]
    with log.open("wb") as output:
        demo = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(demo, log)
        yield Site(f"http://127.0.0.1:{port}", log, organisation)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)


def _wait_until_ready(demo: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while "Press Ctrl-C" not in log.read_text():
        assert demo.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)


@pytest.fixture
def site(served: Site, browser: Browser) -> Iterator[Site]:
    """The site with this test's own windows. What a page complained of in the console fails the test."""
    served.open(browser)
    yield served
    served.close()
