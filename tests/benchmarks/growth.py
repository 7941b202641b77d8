"""Measures the product against itself: among ten times as many assessments a page may hardly take longer.

    .venv/bin/python -m tests.benchmarks.growth [--rounds 3] [--seconds 2] [--small 1000] [--large 10000]

Two installations on this machine take turns, each with a database of its own; the large one is a copy of the small one
with more in it. Four minutes on a quiet machine. Read the ratios, not the milliseconds.
"""

import argparse
import asyncio
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks import servers
from tests.benchmarks.__main__ import CONCURRENCIES, FLOWS, Side, Times, flows_named, middle, rounds, verdict
from tests.benchmarks.load import quantile

MOST = 1.15
MEASURED = ["question page", "save", "portfolio"]
SMALL, LARGE = "small", "large"
BEGUN = time.monotonic()


def measure(options: argparse.Namespace) -> None:
    seeded = prepare(options)
    with ExitStack() as running:
        sides = [
            Side(name, running.enter_context(servers.serving("spinout.wsgi", _environment(options, name))), seeded)
            for name in (SMALL, LARGE)
        ]
        tell("Measuring")
        times = asyncio.run(rounds(sides, options))
    show(times, options)
    tell("Done")


def prepare(options: argparse.Namespace) -> dict[str, Any]:
    """Both installations, with the same people in them."""
    tell(f"Making {options.small} assessments")
    small, large = options.data / SMALL, options.data / LARGE
    env = _environment(options, SMALL)
    seeded: dict[str, Any] = json.loads(
        servers.run("-m", "tests.benchmarks.product", "seed", str(options.small), env=env)
    )
    servers.wait_for_end(small)
    # As it is, also whose the database's files are.
    subprocess.run(["cp", "-a", str(small), str(large)], check=True)  # noqa: S607
    tell(f"Making {options.large - options.small} more")
    more = str(options.large - options.small)
    servers.run("-m", "tests.benchmarks.product", "more", more, env=_environment(options, LARGE))
    return seeded


def _environment(options: argparse.Namespace, name: str) -> dict[str, str]:
    return servers.environment(options.data / name)


def tell(what: str) -> None:
    print(f"{time.monotonic() - BEGUN:4.0f} s  {what}", file=sys.stderr)


def growth(times: Times, flow: str, concurrency: int) -> float:
    """The median over the rounds of how much longer it took in the large one, in the same round."""
    pairs = zip(times[SMALL, flow, concurrency], times[LARGE, flow, concurrency], strict=True)
    return statistics.median(quantile(large, 0.5) / quantile(small, 0.5) for small, large in pairs)


def show(times: Times, options: argparse.Namespace) -> None:
    print(f"Milliseconds among {options.small} and {options.large} assessments; medians over the rounds.\n")
    print(f"{'':16}{'people':>7}{'small p50':>11}{'p95':>8}{'large p50':>13}{'p95':>8}   growth of p50")
    for flow, concurrency in itertools.product(options.only, CONCURRENCIES):
        small, large = times[SMALL, flow, concurrency], times[LARGE, flow, concurrency]
        print(
            f"{flow:16}{concurrency:7}{middle(small, 0.5):11.1f}{middle(small, 0.95):8.1f}"
            f"{middle(large, 0.5):13.1f}{middle(large, 0.95):8.1f}   {verdict(growth(times, flow, concurrency), MOST)}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=str(__doc__).split("\n")[0])
    parser.add_argument("--rounds", type=int, choices=range(1, 11), default=3, metavar="1-10")
    parser.add_argument("--seconds", type=float, default=2, help="of each measurement (2)")
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=10_000)
    parser.add_argument("--only", type=flows_named, default=MEASURED, help=f"flows, with commas: {', '.join(FLOWS)}")
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.data:
        measure(options)
        return
    with tempfile.TemporaryDirectory(prefix="spinout-benchmark-") as folder:
        command = [sys.executable, "-m", "tests.benchmarks.growth", *sys.argv[1:], "--data", folder]
        code = subprocess.call(command, cwd=servers.ROOT)
        for name in (SMALL, LARGE):
            servers.wait_for_end(Path(folder) / name)
    sys.exit(code)


if __name__ == "__main__":
    main()
