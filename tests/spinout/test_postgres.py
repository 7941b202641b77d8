"""The private server, with folders of its own and with processes that come, go and are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from spinout.postgres.server import PrivateServer

ROOT = Path(__file__).resolve().parents[2]

# Uses the server, runs the statements it is given, prints the server's process and waits for a line.
COMMAND = """
import sys, psycopg
from spinout.postgres.server import PrivateServer
server = PrivateServer(sys.argv[1], throwaway=sys.argv[2] == "throwaway")
host = server.use(database="spinout")
with psycopg.connect(host=host, user="postgres", dbname="spinout", autocommit=True) as connection:
    for statement in sys.argv[3:]:
        cursor = connection.execute(statement)
        if cursor.description:
            print(cursor.fetchone()[0], flush=True)
print(server.pid(), flush=True)
sys.stdin.readline()
"""

Command = subprocess.Popen[str]


class Commands:
    """Starts commands that use one private server, and ends what is left of them."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.running: list[Command] = []

    def start(self, *statements: str, kind: str = "kept") -> Command:
        command = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(self.data), kind, *statements],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.running.append(command)
        return command

    def run(self, *statements: str, kind: str = "kept") -> list[str]:
        printed, _ = self.start(*statements, kind=kind).communicate("\n", timeout=60)
        return printed.splitlines()

    def end(self) -> None:
        for command in self.running:
            command.kill()
            command.communicate()
        wait_until(lambda: not exists(self.data))


def line_of(command: Command) -> str:
    assert command.stdout is not None
    return command.stdout.readline().strip()


def exists(data: Path) -> bool:
    return PrivateServer(data).pid() is not None


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "did not happen within 30 seconds"
        time.sleep(0.02)


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    commands = Commands(tmp_path / "postgres")
    yield commands
    commands.end()


def test_commands_at_once_share_one_server(commands: Commands) -> None:
    together = [commands.start() for _ in range(4)]

    assert len({line_of(command) for command in together}) == 1


def test_server_stops_with_its_last_user(commands: Commands) -> None:
    first, second = commands.start(), commands.start()
    server = psutil.Process(int(line_of(first)))
    line_of(second)

    first.communicate("\n")
    time.sleep(0.3)
    assert server.is_running()

    sockets = PrivateServer(commands.data).socket_folder()
    second.communicate("\n")
    wait_until(lambda: not exists(commands.data))
    assert sockets is not None
    wait_until(lambda: not Path(sockets).exists())


def test_server_stops_when_its_last_user_is_killed(commands: Commands) -> None:
    command = commands.start()
    line_of(command)

    command.kill()

    wait_until(lambda: not exists(commands.data))


def test_saved_survives_killed_server(commands: Commands) -> None:
    first = commands.start("CREATE TABLE note (text text)", "INSERT INTO note VALUES ('kept')")
    os.kill(int(line_of(first)), signal.SIGKILL)

    assert commands.run("SELECT text FROM note")[0] == "kept"


def test_everything_killed_at_once(commands: Commands) -> None:
    first = commands.start("CREATE TABLE note (text text)", "INSERT INTO note VALUES ('kept')")
    server = psutil.Process(int(line_of(first)))
    keepers = [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(commands.data) in (process.info["cmdline"] or []) and process.pid != first.pid
    ]
    assert len(keepers) == 1

    for process in (keepers[0], psutil.Process(first.pid), server):
        process.kill()

    assert commands.run("SELECT text FROM note")[0] == "kept"
    wait_until(lambda: not exists(commands.data))


def test_pid_file_with_number_of_another_process(commands: Commands) -> None:
    commands.run()
    wait_until(lambda: not exists(commands.data))
    pid_file = commands.data / "cluster" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{commands.data / 'cluster'}\n0\n5432\n/nowhere\n\n0 0\nready\n")

    assert commands.run("SELECT 'started'")[0] == "started"


def test_killed_while_cluster_is_made(commands: Commands) -> None:
    (commands.data / "making" / "base").mkdir(parents=True)

    assert commands.run("SELECT 'started'")[0] == "started"


def test_throwaway_leaves_no_data(commands: Commands) -> None:
    commands.run("SELECT 1", kind="throwaway")

    wait_until(lambda: not (commands.data / "cluster").exists())


def test_kept_server_is_durable(commands: Commands) -> None:
    assert commands.run("SHOW fsync", "SHOW synchronous_commit", "SHOW full_page_writes")[:3] == [
        "on",
        "on",
        "on",
    ]


def test_server_listens_on_no_address(commands: Commands) -> None:
    assert commands.run("SHOW listen_addresses")[0] == ""
