"""Measures the product against itself: among ten times as many assessments a page may hardly take longer.

    .venv/bin/python -m tests.benchmarks.growth [--rounds 3] [--seconds 4] [--small 1000] [--large 10000]

Two installations on this machine, each with a database of its own, take turns. Read the ratios, not the milliseconds.
"""

import argparse
import asyncio
import itertools
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import servers
from tests.benchmarks.__main__ import CONCURRENCIES, FLOWS, Side, Times, flows_named, middle, rounds, verdict

MOST = 1.15
MEASURED = ["question page", "save", "portfolio"]
SMALL, LARGE = "small", "large"


def measure(options: argparse.Namespace) -> None:
    with ExitStack() as running:
        sides = []
        for name, count in ((SMALL, options.small), (LARGE, options.large)):
            print(f"Preparing {count}", file=sys.stderr)
            env = servers.environment(options.data / name)
            seeded = json.loads(servers.run("-m", "tests.benchmarks.product", "seed", str(count), env=env))
            sides.append(Side(name, running.enter_context(servers.serving("spinout.wsgi", env)), seeded))
        times = asyncio.run(rounds(sides, options))
    show(times, options)


def show(times: Times, options: argparse.Namespace) -> None:
    print(f"Milliseconds among {options.small} and {options.large} assessments; medians over the rounds.\n")
    print(f"{'':16}{'people':>7}{'small p50':>11}{'p95':>8}{'large p50':>13}{'p95':>8}   growth p50")
    for flow, concurrency in itertools.product(options.only, CONCURRENCIES):
        small, large = times[SMALL, flow, concurrency], times[LARGE, flow, concurrency]
        growth = middle(large, 0.5) / middle(small, 0.5)
        print(
            f"{flow:16}{concurrency:7}{middle(small, 0.5):11.1f}{middle(small, 0.95):8.1f}"
            f"{middle(large, 0.5):13.1f}{middle(large, 0.95):8.1f}   {verdict(growth, MOST)}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=str(__doc__).split("\n")[0])
    parser.add_argument("--rounds", type=int, choices=range(1, 11), default=3, metavar="1-10")
    parser.add_argument("--seconds", type=float, default=4, help="of each measurement (4)")
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
