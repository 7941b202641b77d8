"""Every problem of a catalogue at once, for the people who write it. Needs no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from assessments.catalogue.checks.wording import READING_GRADE_LIMIT
from assessments.catalogue.loader import DATA, digest, editions, problems, release_problems
from assessments.catalogue.problems import Problem


class Command(BaseCommand):
    help = (
        "Prints every problem of a catalogue: where it stands, what was found and allowed, how to mend it. "
        f"The reading age limit is Flesch-Kincaid grade {READING_GRADE_LIMIT}."
    )
    # It reports what the system check would stop it for.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            help="the folder of a catalogue (left out: every edition that is shipped)",
        )

    def handle(self, *args: Any, path: Path | None, **options: Any) -> None:
        folders = [path] if path else [DATA / name for name in editions()]
        found = [problem for folder in folders for problem in self._checked(folder)]
        gone = () if path else self._printed(release_problems())
        self.stdout.write(f"Reading age limit: Flesch-Kincaid grade {READING_GRADE_LIMIT}.")
        self.stdout.write(f"{_count(len(found) + len(gone), 'problem')} in {_count(len(folders), 'catalogue')}.")
        if found or gone:
            raise SystemExit(1)

    def _checked(self, folder: Path) -> tuple[Problem, ...]:
        """The folder's problems, printed; where there are none, the digest that a release would record."""
        found = problems(folder)
        outcome = _count(len(found), "problem") if found else f"sound, digest {digest(folder)}"
        self.stdout.write(f"{folder}: {outcome}\n\n")
        return self._printed(found)

    def _printed(self, found: tuple[Problem, ...]) -> tuple[Problem, ...]:
        for problem in found:
            self.stdout.write(f"{problem}\n\n")
        return found


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
