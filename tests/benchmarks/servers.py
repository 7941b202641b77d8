"""Starts and stops what is measured: two applications under gunicorn, and workers, on one private PostgreSQL."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from spinout.postgres.server import SUPERUSER, PrivateServer
from tests.benchmarks.load import HOST

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
WEB_PROCESSES = 2


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **more: str) -> dict[str, str]:
    """The demo's settings: production's, but for TLS. Nothing of the caller's database."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PYTEST_VERSION")}
    return kept | {"SPINOUT_ENV": "demo", "SPINOUT_DATA": str(data), "PYTHONPATH": str(ROOT)} | more


@contextmanager
def running(*command: str, env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of our own for as long as the block lasts."""
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def serving(application: str, env: Mapping[str, str]) -> Iterator[int]:
    """gunicorn as production runs it: sync workers, one for each of two cores. Gives its port."""
    port = free_port()
    command = ("-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", str(WEB_PROCESSES), application)
    with running(*command, "--log-level", "warning", env=env) as process:
        _wait_until_open(port, process)
        yield port


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"The server on port {port} did not start.")


def wait_for_end(data: Path) -> None:
    """Until the private server's keeper has stopped it: whoever used it has to have ended."""
    with (data / "postgres" / "keeper.lock").open("a") as keeper:
        fcntl.flock(keeper, fcntl.LOCK_EX)


def run(*command: str, env: Mapping[str, str]) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


_STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]*): (.*)")
_NOT_COUNTED = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SET |SELECT 1$)", re.IGNORECASE)


class StatementLog:
    """What PostgreSQL itself says that it was asked: the same measure for both applications."""

    def __init__(self, server: PrivateServer) -> None:
        self.log = server.home / "log"
        self.host = server.use("postgres")

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """Statements of the block, without those that only begin, end or set something."""
        found: list[str] = []
        self._configure("all")
        begin = self.log.stat().st_size
        yield found
        time.sleep(0.2)
        said = self.log.read_bytes()[begin:].decode(errors="replace")
        self._configure("none")
        found.extend(text for text in _STATEMENT.findall(said) if not _NOT_COUNTED.match(text))

    def _configure(self, what: str) -> None:
        with psycopg.connect(host=self.host, user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET log_statement = '{what}'")
            connection.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)
