"""Measures the product against a floor: the barest Django pages that do the same work, on the same PostgreSQL.

    .venv/bin/python -m tests.benchmarks [--rounds 3] [--seconds 4] [--pdfs 4] [--assessments 1000]
    .venv/bin/python -m tests.benchmarks --only "portfolio, question page" --rounds 1 --seconds 2

Everything runs on this machine, in a folder of its own that is deleted afterwards. Floor and product take turns, so
that a slow moment of the machine falls on both: read the ratios, not the milliseconds.
"""

import argparse
import asyncio
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from spinout.postgres.server import PrivateServer
from tests.benchmarks import servers
from tests.benchmarks.load import Act, Person, quantile, repeat, timed
from tests.views.browser import controls_of

PRODUCT, FLOOR = "product", "floor"
CONCURRENCIES = (1, 4)
WORKERS = 2
COUNTED = 4
# So many different pages are saved, a third of all.
PAGES = 12
CHANGES = itertools.count(1)
Flow = Callable[[dict[str, Any], Person], Awaitable[Act]]
Times = dict[tuple[str, str, int], list[list[float]]]


# What is measured ----------------------------------------------------------------------------------------------


async def question_page(own: dict[str, Any], person: Person) -> Act:
    paths = itertools.cycle(own["pages"])
    return lambda: timed(person.get(next(paths)), 200)


async def save(own: dict[str, Any], person: Person) -> Act:
    """One changed answer on each of the pages in turn. Only the post is timed, as in a browser that has the page."""
    forms = [(path, controls_of((await person.get(path)).body)) for path in own["pages"][:PAGES]]
    # A page of facts alone has no note to change.
    turns = itertools.cycle([(path, fields) for path, fields in forms if any(key.endswith("-note") for key in fields)])

    async def act() -> float:
        path, fields = next(turns)
        name = next(key for key in fields if key.endswith("-note")).removesuffix("-note")
        fields[f"{name}-note"] = [f"Change number {next(CHANGES)}."]
        took = await timed(person.post(path, fields), 302)
        fields[f"{name}-version"] = [str(int(fields[f"{name}-version"][0]) + 1)]
        return took

    return act


async def result_page(own: dict[str, Any], person: Person) -> Act:
    return lambda: timed(person.get(own["result"]), 200)


async def portfolio(own: dict[str, Any], person: Person) -> Act:
    """An adviser's first page of clients, fifty of them, in the order in which they changed."""
    adviser = Person(person.port, dict(own["adviser"]))
    return lambda: timed(adviser.get(own["portfolio"]), 200)


async def kept_pdf(own: dict[str, Any], person: Person) -> Act:
    return lambda: timed(person.get(own["kept"]), 200)


FLOWS: dict[str, Flow] = {
    "question page": question_page,
    "save": save,
    "result page": result_page,
    "kept PDF": kept_pdf,
    "portfolio": portfolio,
}
# What the product's figure is held against, and how many times it may be.
GOALS = {
    "question page": ("question page", 2.0),
    "save": ("save", 2.0),
    "kept PDF": ("question page", 2.0),
    "portfolio": ("portfolio", 1.0),
}


# Running -------------------------------------------------------------------------------------------------------


class Side:
    """One of the two applications, and the people in it."""

    def __init__(self, name: str, port: int, seeded: dict[str, Any]) -> None:
        self.name = name
        self.own = seeded["people"]
        self.people = [Person(port, dict(one["cookies"])) for one in self.own]

    async def run(self, flow: str, concurrency: int, seconds: float) -> list[float]:
        here = list(zip(self.own, self.people, strict=True))[:concurrency]
        acts = [await FLOWS[flow](own, person) for own, person in here]
        # Both web processes have then read what they keep in memory.
        await repeat(acts, 0.5)
        return await repeat(acts, seconds)


async def rounds(sides: list[Side], options: argparse.Namespace) -> Times:
    times: Times = {}
    for number in range(options.rounds):
        print(f"Round {number + 1} of {options.rounds}", file=sys.stderr)
        for flow, concurrency in itertools.product(options.only, CONCURRENCIES):
            for side in sides if number % 2 else reversed(sides):
                took = await side.run(flow, concurrency, options.seconds)
                times.setdefault((side.name, flow, concurrency), []).append(took)
    return times


async def statements(sides: list[Side], log: servers.StatementLog, flows: list[str]) -> dict[tuple[str, str], int]:
    """SQL statements of one request of each kind: the fewest of several. The first request of a web process also makes
    the connection, and one that has been kept waiting may have done nothing else yet."""
    counted = {}
    for side, flow in itertools.product(sides, flows):
        act = await FLOWS[flow](side.own[0], side.people[0])
        counts = []
        for _time in range(COUNTED):
            with log.counting() as asked:
                await act()
            counts.append(len(asked))
        counted[side.name, flow] = min(counts)
    return counted


async def beside_reports(side: Side, env: dict[str, str], options: argparse.Namespace) -> dict[str, list[list[float]]]:
    """The question page by itself, and while two workers make reports without a pause; by turns."""
    times: dict[str, list[list[float]]] = {"quiet": [], "beside two PDFs": []}
    for _round in range(options.rounds):
        times["quiet"].append(await side.run("question page", 1, options.seconds))
        with ExitStack() as making:
            for _worker in range(WORKERS):
                making.enter_context(servers.running("manage.py", "worker", env=env))
            making.enter_context(servers.running("-m", "tests.benchmarks.product", "ask", "4", env=env))
            # Workers read the catalogue and their fonts first.
            await asyncio.sleep(6)
            times["beside two PDFs"].append(await side.run("question page", 1, options.seconds))
    return times


def measure(options: argparse.Namespace) -> None:
    with ExitStack() as running:
        data, count = options.data, str(options.assessments)
        database = PrivateServer(data / "postgres")
        env = servers.environment(data, FLOOR_HOST=database.use("floor"))
        print("Preparing", file=sys.stderr)
        seeded = {
            PRODUCT: json.loads(servers.run("-m", "tests.benchmarks.product", "seed", count, env=env)),
            FLOOR: json.loads(servers.run("-m", "tests.benchmarks.floor.seed", count, env=env)),
        }
        applications = {PRODUCT: "spinout.wsgi", FLOOR: "tests.benchmarks.floor.wsgi"}
        sides = [
            Side(name, running.enter_context(servers.serving(applications[name], env)), seeded[name])
            for name in (FLOOR, PRODUCT)
        ]
        counted = asyncio.run(statements(sides, servers.StatementLog(database), options.only))
        times = asyncio.run(rounds(sides, options))
        show(times, counted, options.only)
        if options.only != list(FLOWS):
            return
        print("Question page beside reports", file=sys.stderr)
        beside = asyncio.run(beside_reports(sides[1], env, options))
        print("Reports", file=sys.stderr)
        pdfs = json.loads(
            servers.run("-m", "tests.benchmarks.pdf", str(data / "inputs.json"), str(options.pdfs), env=env)
        )
        show_reports(beside, pdfs)


# Telling -------------------------------------------------------------------------------------------------------


def middle(times: list[list[float]], part: float) -> float:
    """The median over the rounds of one of their quantiles."""
    return statistics.median(quantile(one, part) for one in times)


def verdict(ratio: float, most: float) -> str:
    return f"{ratio:.2f} (at most {most:g}: {'kept' if ratio <= most else 'MISSED'})"


def show(times: Times, counted: dict[tuple[str, str], int], flows: list[str]) -> None:
    print("Milliseconds; p50 and p95 are medians over the rounds. The ratio is product to floor.\n")
    print(f"{'':16}{'people':>7}{'floor p50':>11}{'p95':>8}{'product p50':>13}{'p95':>8}   ratio p50, p95")
    for flow, concurrency in itertools.product(flows, CONCURRENCIES):
        against, most = GOALS.get(flow, (flow, 0.0))
        floor, product = times[FLOOR, flow, concurrency], times[PRODUCT, flow, concurrency]
        held = times[FLOOR, against, concurrency]
        ratios = [middle(product, part) / middle(held, part) for part in (0.5, 0.95)]
        told = ", ".join(verdict(ratio, most) if most else f"{ratio:.2f}" for ratio in ratios)
        print(
            f"{flow:16}{concurrency:7}{middle(floor, 0.5):11.1f}{middle(floor, 0.95):8.1f}"
            f"{middle(product, 0.5):13.1f}{middle(product, 0.95):8.1f}   {told}"
        )
    print("\nSQL statements, floor and product:")
    for flow in flows:
        print(f"{flow:16}{counted[FLOOR, flow]:4}{counted[PRODUCT, flow]:4}")


def show_reports(beside: dict[str, list[list[float]]], pdfs: dict[str, Any]) -> None:
    quiet, busy = middle(beside["quiet"], 0.95), middle(beside["beside two PDFs"], 0.95)
    print(f"\nQuestion page p95: {quiet:.1f} quiet, {busy:.1f} while two PDFs are made: {verdict(busy / quiet, 1.5)}")
    by_page = {name: statistics.median(one["ms"]) / one["pages"] for name, one in pdfs.items()}
    for name, one in pdfs.items():
        whole, kilobytes = statistics.median(one["ms"]), one["bytes"] // 1000
        print(f"PDF, {name:8}{one['pages']:3} pages {whole:7.0f} ms {by_page[name]:6.1f} a page {kilobytes:5} kB")
    print(f"PDF by page against the floor's report: {verdict(by_page['product'] / by_page['floor'], 0.85)}")
    print(f"PDF by page against the same HTML rendered bare: {by_page['product'] / by_page['bare']:.2f}")


def flows_named(text: str) -> list[str]:
    named = [name.strip() for name in text.split(",")]
    unknown = [name for name in named if name not in FLOWS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: there are {', '.join(FLOWS)}")
    return named


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=str(__doc__).split("\n")[0])
    parser.add_argument("--rounds", type=int, choices=range(1, 11), default=3, metavar="1-10")
    parser.add_argument("--seconds", type=float, default=4, help="of each measurement (4)")
    parser.add_argument("--pdfs", type=int, choices=range(1, 21), default=4, metavar="1-20")
    parser.add_argument("--assessments", type=int, default=1000, help="besides the four that are measured (1000)")
    parser.add_argument(
        "--only", type=flows_named, default=list(FLOWS), help="these flows, with commas, and nothing of the reports"
    )
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.data:
        measure(options)
        return
    # In a process of its own: when it has ended nobody uses the server any more, and its folder can be deleted.
    with tempfile.TemporaryDirectory(prefix="spinout-benchmark-") as folder:
        command = [sys.executable, "-m", "tests.benchmarks", *sys.argv[1:], "--data", folder]
        code = subprocess.call(command, cwd=servers.ROOT)
        servers.wait_for_end(Path(folder))
    sys.exit(code)


if __name__ == "__main__":
    main()
