"""What is wrong with a catalogue, said so that a catalogue author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the file and key where it stands, what was found, what is allowed, and how to mend it."""

    file: str
    key: str
    found: str
    allowed: str
    mend: str

    def __str__(self) -> str:
        return "\n".join(
            (
                f"{self.file}: {self.key}",
                f"  found:   {self.found}",
                f"  allowed: {self.allowed}",
                f"  mend:    {self.mend}",
            )
        )


class CatalogueError(Exception):
    """The catalogue cannot be used. Carries every problem at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n\n".join(str(problem) for problem in self.problems))


def shown(value: object, longest: int = 90) -> str:
    """What was found, short enough to print."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= longest else f"{text[:longest]}…"


def several(values: Iterable[object]) -> str:
    """A list in words: "a, b, c"; "nothing" where there is none."""
    return ", ".join(str(value) for value in values) or "nothing"
