"""veraPDF, for tests: which rules of PDF/UA-1 files break."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests import needs

PROGRAM = Path(__file__).resolve().parent.parent / "verapdf" / "Validate.java"


def broken_rules(files: Iterable[Path]) -> dict[str, list[str]]:
    """By the name of the file, in one run for all of them; an empty list for a file that holds every rule."""
    run = subprocess.run(
        [needs.java(), "-cp", needs.verapdf_class_path(), str(PROGRAM), *map(str, files)],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    found: dict[str, list[str]] = {}
    for line in run.stdout.splitlines():
        if line.startswith(("compliant ", "broken ")):
            rules = found.setdefault(Path(line.partition(" ")[2]).name, [])
        elif line.startswith("  "):
            rules.append(line.strip())
    assert found, run.stderr
    return found
