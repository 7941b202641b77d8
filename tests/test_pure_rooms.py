"""The pure rooms know no Django: they can be imported where there is none."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMES = ("catalogue", "scoring", "cashflow", "planning", "agreement", "uploads")
ROOMS = [room for room in NAMES if (ROOT / "assessments" / room).is_dir()]

WITHOUT_DJANGO = """
import importlib, pkgutil, sys

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "psycopg"):
            raise ImportError(f"{name} is out of reach here")

sys.meta_path.insert(0, NoDjango())
room = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
    importlib.import_module(module.name)
"""


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_where_django_cannot_be_imported(room: str) -> None:
    program = [sys.executable, "-c", WITHOUT_DJANGO, f"assessments.{room}"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
