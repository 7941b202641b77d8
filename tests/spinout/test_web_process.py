"""What a web process brings into memory before anybody has asked it for anything."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# In a process of its own: tests have imported everything.
PROGRAM = """
import json, sys
import psutil
import spinout.wsgi
print(json.dumps([sorted(sys.modules), psutil.Process().memory_info().rss]))
"""
# The worker makes reports, pages of the plan work out its schedule, coefficients and files are seldom asked for.
ELSEWHERE = (
    "weasyprint",
    "networkx",
    "pycm",
    "krippendorff",
    "numpy",
    "pandas",
    "sympy",
    "icalendar",
    "xlsxwriter",
    "textstat",
)
MEGABYTES = 110


@pytest.fixture(scope="module")
def loaded() -> tuple[set[str], float]:
    """The modules of a new web process, and its megabytes."""
    environment = {"PATH": "/usr/bin:/bin", "SPINOUT_ENV": "test"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    modules, memory = json.loads(done.stdout)
    return set(modules), memory / 1_048_576


@pytest.mark.parametrize("name", ELSEWHERE)
def test_seldom_needed_is_not_imported(name: str, loaded: tuple[set[str], float]) -> None:
    assert name not in loaded[0]


def test_pages_and_catalogue_are_there(loaded: tuple[set[str], float]) -> None:
    """Nobody waits for them at the first request."""
    assert "assessments.views.questions" in loaded[0]


def test_memory(loaded: tuple[set[str], float]) -> None:
    assert loaded[1] <= MEGABYTES
