"""What the rest of the method costs beside one plain `score`, over the shipped catalogue and `tests/examples/`.

    .venv/bin/python -m tests.benchmarks.method [--times 300]

Score and the others take turns, so that a slow moment of the machine falls on all: read the ratios. Needs no database
and starts nothing. What is worked out once a process is shown apart, as `first`.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from assessments.planning.assessed import assessed
from assessments.planning.schedule import schedule
from assessments.planning.way_up import way_up, ways_up_of_barriers
from assessments.scoring.answers_file import AnswersFile, parse
from assessments.scoring.changes import with_changes
from assessments.scoring.compatibility import compatibility
from assessments.scoring.result import Result
from assessments.scoring.score import score
from assessments.scoring.sensitivity import stability

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.toml"))
SCORE = "score"

# A step of the method that is added later gets a line here.
STEPS: Mapping[str, Callable[[AnswersFile, Result], object]] = {
    SCORE: lambda file, _: score(file.catalogue, file.answers),
    "stability": lambda _, result: stability(result),
    "way_up": lambda _, result: way_up(result),
    "ways_up_of_barriers": lambda _, result: ways_up_of_barriers(result),
    "score as changed": lambda file, result: score_as_changed(file, result),
    "compatibility": lambda file, _: compatibility(file.catalogue, file.answers),
    "schedule": lambda file, result: schedule(file.catalogue, file.answers, result=result),
    "assessed": lambda file, _: assessed(file.catalogue, file.answers, cashflow=file.cashflow),
}


def score_as_changed(file: AnswersFile, result: Result) -> Result:
    answers = with_changes(file.answers, file.catalogue, way_up(result), file.answers.as_of)
    return score(file.catalogue, answers)


def milliseconds(step: Callable[[AnswersFile, Result], object], file: AnswersFile, result: Result) -> float:
    begun = time.perf_counter()
    step(file, result)
    return (time.perf_counter() - begun) * 1000


def measure(file: AnswersFile, times: int) -> tuple[dict[str, float], dict[str, float]]:
    """What each step takes the first time, and its median after that."""
    result = score(file.catalogue, file.answers)
    first = {name: milliseconds(step, file, result) for name, step in STEPS.items()}
    taken: dict[str, list[float]] = {name: [] for name in STEPS}
    for _time in range(times):
        for name, step in STEPS.items():
            taken[name].append(milliseconds(step, file, result))
    return first, {name: statistics.median(each) for name, each in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.method", description=str(__doc__).split("\n")[0])
    parser.add_argument("--times", type=int, choices=range(1, 10_001), default=300, metavar="1-10000")
    options = parser.parse_args()
    for path in EXAMPLES:
        first, median = measure(parse(path.read_bytes(), path.name), options.times)
        print(f"{path.name}\n{'':22}{'first ms':>10}{'median ms':>11}{'to score':>10}")
        for name in STEPS:
            print(f"{name:22}{first[name]:10.2f}{median[name]:11.3f}{median[name] / median[SCORE]:10.2f}")
        print()


if __name__ == "__main__":
    main()
