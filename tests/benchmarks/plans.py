"""Prints what PostgreSQL did for the slowest query of each page, among so many assessments.

    .venv/bin/python -m tests.benchmarks.plans [--assessments 10000]

In a folder of its own that is deleted afterwards; the pages are asked for in one process and without load.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks import servers
from tests.benchmarks.load import HOST

TIMES = 5


def pages_of(seeded: dict[str, Any]) -> dict[str, tuple[str, dict[str, str]]]:
    """Address and cookies by the name of a page."""
    own = seeded["people"][0]
    clients = own["portfolio"]
    return {
        "question page": (own["pages"][0], own["cookies"]),
        "result page": (own["result"], own["cookies"]),
        "home": ("/", own["cookies"]),
        "portfolio": (clients, own["adviser"]),
        "portfolio by name": (f"{clients}?sort=name", own["adviser"]),
        "portfolio by colour": (f"{clients}?sort=colour", own["adviser"]),
        "portfolio searched": (f"{clients}?search=nursing", own["adviser"]),
        "portfolio, what waits": (f"{clients}?waits=on", own["adviser"]),
        "portfolio, last page": (f"{clients}?page=100000", own["adviser"]),
    }


def show_plans(seeded: dict[str, Any]) -> None:
    for name, (path, cookies) in pages_of(seeded).items():
        asked = _queries(path, cookies)
        sql, parameters, took = max(asked, key=lambda query: query[2])
        print(f"\n== {name}: {len(asked)} queries; the slowest took {took:.2f} ms\n{sql}\n")
        print(*_plan(sql, parameters), sep="\n")


def _queries(path: str, cookies: dict[str, str]) -> list[tuple[str, Any, float]]:
    """What one page asks, and the least that each query took over several requests."""
    import time

    from django.db import connection
    from django.test import Client

    client = Client(headers={"host": HOST})
    client.cookies.load(cookies)
    turns: list[list[tuple[str, Any, float]]] = []

    def listen(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        found = execute(sql, parameters, many, context)
        turns[-1].append((sql, parameters, (time.perf_counter() - begun) * 1000))
        return found

    for _time in range(TIMES):
        turns.append([])
        with connection.execute_wrapper(listen):
            reply = client.get(path)
        if reply.status_code != 200:
            raise RuntimeError(f"{path}: {reply.status_code}")
    return [(*turns[-1][place][:2], min(turn[place][2] for turn in turns)) for place in range(len(turns[-1]))]


def _plan(sql: str, parameters: Any) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", parameters)
        return [row[0] for row in cursor.fetchall()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.plans", description=str(__doc__).split("\n")[0])
    parser.add_argument("--assessments", type=int, default=10_000, help="besides those that are asked for (10000)")
    parser.add_argument("--seeded", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.seeded:
        import django

        django.setup()
        show_plans(json.loads(options.seeded))
        return
    with tempfile.TemporaryDirectory(prefix="spinout-benchmark-") as folder:
        env = servers.environment(Path(folder), DJANGO_SETTINGS_MODULE="spinout.settings")
        seeded = servers.run("-m", "tests.benchmarks.product", "seed", str(options.assessments), env=env)
        command = [sys.executable, "-m", "tests.benchmarks.plans", "--seeded", seeded]
        subprocess.run(command, cwd=servers.ROOT, env=dict(env), check=True)
        servers.wait_for_end(Path(folder))


if __name__ == "__main__":
    main()
