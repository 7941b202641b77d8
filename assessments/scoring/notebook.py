"""Reads the tables of one file, and notes every problem on the way instead of stopping at the first."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from assessments.catalogue.problems import Problem, several, shown
from assessments.scoring.values import Fault

Table = Mapping[str, Any]
T = TypeVar("T")

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Notebook:
    """The problems and warnings of the file called `name`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.warnings: list[str] = []

    def note(self, place: str, found: str, fault: Fault) -> None:
        self.problems.append(Problem(self.name, place or "(the whole file)", found, fault.allowed, fault.mend))

    def warn(self, place: str, words: str) -> None:
        self.warnings.append(f"{self.name}: {place}: {words}")

    def take(self, table: Table, key: str, place: str, convert: Callable[[object], T]) -> T | None:
        """The value of a key; None where it is left out, and with a problem where it is wrong."""
        if key not in table:
            return None
        try:
            return convert(table[key])
        except Fault as fault:
            self.note(place_of(place, key), shown(table[key]), fault)
            return None

    def need(self, table: Table, key: str, convert: Callable[[object], T], allowed: str) -> T | None:
        """As `take`, from the top of the file, where leaving it out is a problem too."""
        if key not in table:
            self.note(key, "nothing", Fault(allowed, f"Add a line `{key} = ...` at the top of the file."))
        return self.take(table, key, "", convert)

    def table(self, table: Table, key: str, place: str = "", mend: str = "") -> Table:
        """The table at a key: empty where it is left out, and with a problem where something else stands."""
        found = table.get(key, {})
        if isinstance(found, dict):
            return found
        here = place_of(place, key)
        self.note(here, shown(found), Fault("a table", mend or f"Write [{here}] and its keys on the lines below."))
        return {}

    def only(self, table: Table, allowed: Collection[str], place: str) -> None:
        """A problem for every key that does not belong there."""
        for key in table:
            if key not in allowed:
                self.note(place_of(place, key), shown(key), Fault(several(allowed), did_you_mean(key, allowed)))


def place_of(place: str, key: str) -> str:
    """`answers` and `pensions.access` give `answers."pensions.access"`, as TOML writes it."""
    word = key if _BARE.fullmatch(key) else json.dumps(key)
    return f"{place}.{word}" if place else word


def did_you_mean(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word[:100], known, n=1)
    return f"Did you mean {close[0]}?" if close else "Take it out, or check how it is spelled."
