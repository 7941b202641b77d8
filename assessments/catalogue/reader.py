"""From a folder of TOML files to the parts of a catalogue, with every fault of structure at once.

A part that cannot be read is left out, so that the rest can still be checked; what is left out is kept in
mind (`Damage`), so that one fault is not reported again by everything that refers to it.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assessments.catalogue.problems import Problem, several, shown
from assessments.catalogue.schema import (
    Barrier,
    Catalogue,
    Edition,
    Glossary,
    Part,
    Profile,
    Rules,
    Sources,
)

P = TypeVar("P", bound=Part)
Raw = dict[str, Any]

EDITION, PROFILE, SOURCES, GLOSSARY = "catalogue.toml", "profile.toml", "sources.toml", "glossary.toml"
RULES = "rules.toml"


def barrier_file(barrier_id: str) -> str:
    return f"barriers/{barrier_id}.toml"


@dataclass(slots=True)
class Damage:
    """What could not be read: files with parts unknown, and parts by their ids with all the words they mention."""

    files: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)

    def hides(self, any_id: str, file: str) -> bool:
        """Whether this id may well stand in what could not be read of the file, or of its barrier's file."""
        barrier, dot, _ = any_id.partition(".")
        return any_id in self.ids or file in self.files or bool(dot and barrier_file(barrier) in self.files)


@dataclass(frozen=True, slots=True)
class Reading:
    """The catalogue as far as it can be read, the problems of structure, and what had to be left out."""

    catalogue: Catalogue
    problems: tuple[Problem, ...]
    damage: Damage


def read(folder: Path) -> Reading:
    """Reads all files of a catalogue. Never raises for what an author may have written."""
    return _Reader(folder).read()


class _Reader:
    """Reads file by file, collecting problems and damage on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.damage = Damage()

    def read(self) -> Reading:
        edition = self._part(EDITION, Edition, {"edition": "0.0", "barriers": ["none"]})
        profile = self._part(PROFILE, Profile, {})
        sources = self._part(SOURCES, Sources, {})
        glossary = self._part(GLOSSARY, Glossary, {})
        rules = self._part(RULES, Rules, {}) if (self.folder / RULES).exists() else None
        barriers = [self._barrier(barrier_id) for barrier_id in dict.fromkeys(edition.barriers if edition else ())]
        self._unknown_files(edition)
        catalogue = Catalogue.model_construct(
            edition=edition or _NO_EDITION,
            profile=profile or _NO_PROFILE,
            barriers=tuple(barrier for barrier in barriers if barrier),
            sources=sources.sources if sources else (),
            law_changes=sources.law_changes if sources else (),
            glossary=glossary.terms if glossary else (),
            rules=rules or Rules(),
        )
        return Reading(catalogue, tuple(self.problems), self.damage)

    def _barrier(self, barrier_id: str) -> Barrier | None:
        file = barrier_file(barrier_id)
        barrier = self._part(file, Barrier, {"id": barrier_id})
        if barrier is None or barrier.id == barrier_id:
            return barrier
        self.problems.append(
            Problem(file, "id", shown(barrier.id), shown(barrier_id), "Give the barrier the name of its file.")
        )
        return barrier.model_copy(update={"id": barrier_id})

    def _unknown_files(self, edition: Edition | None) -> None:
        known = {
            EDITION,
            PROFILE,
            SOURCES,
            GLOSSARY,
            RULES,
            *(barrier_file(name) for name in (edition.barriers if edition else ())),
        }
        for file in () if edition is None else files(self.folder):
            if file not in known:
                self.problems.append(
                    Problem(
                        file,
                        "(file)",
                        "a file that catalogue.toml does not list",
                        several(sorted(known)),
                        "List the barrier under `barriers` in catalogue.toml, or delete the file.",
                    )
                )

    def _part(self, file: str, model: type[P], stand_ins: Raw) -> P | None:
        """The file as a model without its broken parts; None where nothing can be made of it."""
        raw = self._toml(file)
        if raw is None:
            self.damage.files.add(file)
            return None
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            self.problems += _problems(file, raw, error.errors())
            return self._rest(file, model, raw, error.errors(), stand_ins)

    def _toml(self, file: str) -> Raw | None:
        try:
            return tomllib.loads((self.folder / file).read_text(encoding="utf-8"))
        except FileNotFoundError:
            problem = Problem(
                file, "(file)", "no such file", "a file of this name", f"Write {file}, or correct its name."
            )
        except tomllib.TOMLDecodeError as error:
            problem = Problem(
                file,
                "(file)",
                str(error),
                "TOML",
                "Mend the line that is named: a quote, bracket or equals sign is often missing.",
            )
        except UnicodeDecodeError as error:
            problem = Problem(file, "(file)", f"bytes that are not text: {error}", "UTF-8", "Save the file as UTF-8.")
        self.problems.append(problem)
        return None

    def _rest(self, file: str, model: type[P], raw: Raw, errors: Sequence[ErrorDetails], stand_ins: Raw) -> P | None:
        """The file once more without its broken parts, with stand-ins for broken or missing single values."""
        broken = {details["loc"][:2] for details in errors}
        rest = {key: self._without(file, key, value, broken) for key, value in raw.items() if key in model.model_fields}
        for key, *_ in broken:
            if not isinstance(rest.get(str(key)), list):
                rest[str(key)] = stand_ins.get(str(key), "?")
        try:
            return model.model_validate(rest)
        except ValidationError:
            self.damage.files.add(file)
            return None

    def _note_damage(self, file: str, part: Any) -> None:
        """A part whose id cannot be told either may be any that the file should hold."""
        self.damage.mentions.update(_words(part))
        part_id = part.get("id") if isinstance(part, dict) else None
        if isinstance(part_id, str):
            self.damage.ids.add(part_id)
        else:
            self.damage.files.add(file)

    def _without(self, file: str, key: str, value: Any, broken: set[tuple[int | str, ...]]) -> Any:
        if not isinstance(value, list) or (key,) in broken:
            return value
        for _, part in ((key, part) for number, part in enumerate(value) if (key, number) in broken):
            self._note_damage(file, part)
        return [part for number, part in enumerate(value) if (key, number) not in broken]


def files(folder: Path) -> tuple[str, ...]:
    """The catalogue's files, as sorted names relative to its folder."""
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.toml")))


def _words(value: Any) -> Iterator[str]:
    """Every string anywhere inside a value read from TOML."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _words(part)


_NO_EDITION = Edition.model_construct(edition="", title="", jurisdiction="", checked=dt.date.min, barriers=())
_NO_PROFILE = Profile.model_construct(pages=(), facts=())


# Problems of structure --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Advice:
    allowed: str
    mend: str


_BY_KEY: Mapping[str, _Advice] = {
    "year": _Advice("a year: 2024, 2024/25, 'c. 2019' or 'undated'", "Say in which year the source was published."),
    "last_checked": _Advice(
        "a date without quotes, as 2026-11-21", "Say on which day somebody last looked at the source."
    ),
    "kind": _Advice(
        "level, yes_no, choice, choices, number, money, date or text",
        "Say what kind of answer the question asks for.",
    ),
    "mark": _Advice("V, V2, V-dated, BK or J", "Say with a mark how far the statement was checked."),
}

_BY_TYPE: Mapping[str, _Advice] = {
    "missing": _Advice("a value", "Add the key."),
    "extra_forbidden": _Advice("no such key here", "Correct the spelling, or take the key out."),
    "string_type": _Advice("text in quotes", "Write text in quotes."),
    "string_too_short": _Advice("text that is not empty", "Write the text."),
    "string_pattern_mismatch": _Advice("", "Write it in the form that is allowed."),
    "int_type": _Advice("a whole number", "Write a whole number without quotes."),
    "int_parsing": _Advice("a whole number", "Write a whole number without quotes."),
    "int_from_float": _Advice("a whole number", "Write a whole number."),
    "bool_parsing": _Advice("true or false", "Write true or false without quotes."),
    "bool_type": _Advice("true or false", "Write true or false without quotes."),
    "date_type": _Advice("a date without quotes, as 2026-11-21", "Write a date."),
    "date_from_datetime_parsing": _Advice("a date without quotes, as 2026-11-21", "Write a date."),
    "date_from_datetime_inexact": _Advice("a date without a time, as 2026-11-21", "Take the time of day out."),
    "tuple_type": _Advice("a list in square brackets", "Put the values in square brackets."),
    "dict_type": _Advice("a table in curly brackets", "Put the values in curly brackets, as { plan = 2 }."),
    "model_type": _Advice("a table", "Write a table: a [[header]] or { key = value }."),
    "too_short": _Advice("a longer list", "Add what is missing."),
    "too_long": _Advice("a shorter list", "Take out what is too much."),
}

_PATTERNS: Mapping[str, str] = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "small letters, figures and single hyphens, as contribution-rate",
    r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?$": (
        "small letters, figures and single hyphens, with the barrier first, as pensions.contribution-rate"
    ),
    r"^[A-Z]+(-[A-Z]+)*-[A-Z]*[0-9]+$": "the code of a condition or red line, as PEN-05 or R-PEN-1",
    r"^\d{4}\.\d+$": "a year and a number, as 2026.1",
}


def _problems(file: str, raw: Raw, errors: Sequence[ErrorDetails]) -> list[Problem]:
    """One problem for each key, also where the value was tried in several ways (as a text, as a list…)."""
    by_key: dict[str, Problem] = {}
    for details in errors:
        problem = _problem(file, raw, details)
        before = by_key.get(problem.key)
        allowed = f"{before.allowed}, or {problem.allowed}" if before else problem.allowed
        by_key[problem.key] = replace(before or problem, allowed=allowed)
    return list(by_key.values())


def _problem(file: str, raw: Raw, details: ErrorDetails) -> Problem:
    key, last = _key(raw, details)
    by_type = _BY_TYPE.get(details["type"], _Advice("", "Correct the value."))
    advice = by_type if details["type"] == "extra_forbidden" else _BY_KEY.get(last, by_type)
    found = "nothing" if details["type"] == "missing" else shown(details["input"])
    return Problem(file, key, found, advice.allowed or _allowed(details), advice.mend)


def _allowed(details: ErrorDetails) -> str:
    """What pydantic expected, in words for an author."""
    context = details.get("ctx", {})
    return _PATTERNS.get(context.get("pattern", ""), "") or context.get("expected") or details["msg"]


def _key(raw: Any, details: ErrorDetails) -> tuple[str, str]:
    """Where it stands, in the author's words, and its last word: parts of a list by id, pydantic's tags left out."""
    key, last, here = "", "", raw
    steps = details["loc"]
    for position, step in enumerate(steps):
        rest = steps[position + 1 :]
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
            key = f"{key}[{_name(here, step)}]"
        elif _is_key(here, step, rest) or (details["type"] == "missing" and not rest):
            here = here.get(step) if isinstance(here, dict) else None
            key, last = f"{key}.{step}" if key else step, step
    return key, last


def _is_key(here: Any, step: str, rest: Sequence[int | str]) -> bool:
    """False for the tags that pydantic puts between a value and what it tried to read it as."""
    if not isinstance(here, dict) or step not in here:
        return False
    return isinstance(here[step], dict | list) or not any(later in here for later in rest)


def _name(part: Any, number: int) -> str:
    """The id of a part of a list; without one, its number counted from one."""
    return str(part["id"]) if isinstance(part, dict) and part.get("id") else f"#{number + 1}"
