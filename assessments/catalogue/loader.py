"""A catalogue from its files: whole and sound, or not at all."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from assessments.catalogue.checks.draft import Check
from assessments.catalogue.problems import CatalogueError, Problem
from assessments.catalogue.reader import EDITION, Reading, files, read
from assessments.catalogue.schema import Catalogue
from assessments.catalogue.validator import CHECKS, STYLE_CHECKS, meaning

DATA = Path(__file__).parent / "data"
RELEASED = "released.toml"


def load(folder: Path) -> Catalogue:
    """The catalogue in a folder. CatalogueError carries every problem at once; reading age alone is no bar."""
    reading = read(folder)
    found = _found(folder, reading, CHECKS)
    if found:
        raise CatalogueError(found)
    return reading.catalogue.model_copy(update={"digest": digest(folder)})


def problems(folder: Path) -> tuple[Problem, ...]:
    """Every problem of the catalogue in a folder, reading age included."""
    return _found(folder, read(folder), (*CHECKS, *STYLE_CHECKS))


def _found(folder: Path, reading: Reading, checks: tuple[Check, ...]) -> tuple[Problem, ...]:
    return (
        *reading.problems,
        *meaning(reading.catalogue, reading.damage, checks),
        *_release_problems(folder),
    )


@cache
def edition(name: str) -> Catalogue:
    """A shipped edition, read once and kept in memory. LookupError for an edition that is not shipped."""
    if name not in editions():
        raise LookupError(f"There is no edition {name!r} of the catalogue; there is {', '.join(editions())}.")
    return load(DATA / name)


def editions(data: Path = DATA) -> tuple[str, ...]:
    """The editions that are shipped, oldest first."""
    names = [file.parent.name for file in data.glob(f"*/{EDITION}")]
    return tuple(sorted(names, key=lambda name: [int(number) for number in name.split(".")]))


def digest(folder: Path) -> str:
    """SHA-256 over the names and bytes of the catalogue's files, in the order of their names."""
    total = hashlib.sha256()
    for name in files(folder):
        content = (folder / name).read_bytes()
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def released(data: Path = DATA) -> Mapping[str, str]:
    """The editions that are released, each with the digest that its files must give for ever."""
    file = data / RELEASED
    recorded: Mapping[str, str] = (
        tomllib.loads(file.read_text(encoding="utf-8")).get("released", {}) if file.exists() else {}
    )
    return recorded


def release_problems(data: Path = DATA) -> tuple[Problem, ...]:
    """Released editions that are gone. (One that has changed is a problem of its own folder.)"""
    gone = [name for name in released(data) if name not in editions(data)]
    return tuple(
        Problem(RELEASED, f'released."{name}"', "no such folder", f"{name}/", "Bring the edition's folder back.")
        for name in gone
    )


def _release_problems(folder: Path) -> tuple[Problem, ...]:
    recorded, now = released(folder.parent).get(folder.name), digest(folder)
    if recorded in (None, now):
        return ()
    return (
        Problem(
            EDITION,
            "(digest)",
            f"files that give {now}",
            f"{recorded}, as recorded when {folder.name} was released",
            "Bring the released files back as they were, and make the change in a new edition.",
        ),
    )
