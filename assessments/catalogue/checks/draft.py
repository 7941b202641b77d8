"""A catalogue as the checks see it: its parts with their places, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from assessments.catalogue.problems import Problem
from assessments.catalogue.reader import PROFILE, RULES, SOURCES, Damage, barrier_file
from assessments.catalogue.schema import (
    Action,
    Barrier,
    CapRule,
    Catalogue,
    Claim,
    ContradictionRule,
    Exclusion,
    FactQuestion,
    Gate,
    Item,
    LevelQuestion,
    Page,
    Profile,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands: its file, and its key inside the file."""

    file: str
    key: str

    def problem(self, field: str, found: str, allowed: str, mend: str) -> Problem:
        return Problem(self.file, f"{self.key}.{field}" if field else self.key, found, allowed, mend)


@dataclass(frozen=True)
class Draft:
    """What there is to check. Every property lists parts in the order of the files."""

    catalogue: Catalogue
    damage: Damage

    @cached_property
    def items(self) -> tuple[tuple[Place, Item], ...]:
        return tuple(
            (Place(file_of(part), f"{_COLLECTION[type(item), type(part)]}[{item.id}]"), item)
            for part in self.catalogue.parts
            for item in part.items
        )

    @property
    def gates(self) -> Iterator[tuple[Place, Gate]]:
        return ((place, item) for place, item in self.items if isinstance(item, Gate))

    @property
    def levels(self) -> Iterator[tuple[Place, LevelQuestion]]:
        return ((place, item) for place, item in self.items if isinstance(item, LevelQuestion))

    @property
    def facts(self) -> Iterator[tuple[Place, FactQuestion]]:
        return ((place, item) for place, item in self.items if isinstance(item, FactQuestion))

    @property
    def scored(self) -> Iterator[tuple[Place, LevelQuestion | Gate]]:
        """Everything that counts in a result."""
        return ((place, item) for place, item in self.items if not isinstance(item, FactQuestion))

    @cached_property
    def actions(self) -> tuple[tuple[Place, Action], ...]:
        return tuple(
            (Place(barrier_file(barrier.id), f"actions[{action.id}]"), action)
            for barrier in self.catalogue.barriers
            for action in barrier.actions
        )

    @property
    def pages(self) -> Iterator[tuple[Place, Page, Profile | Barrier]]:
        for part in self.catalogue.parts:
            for page in part.pages:
                yield Place(file_of(part), f"pages[{page.id}]"), page, part

    @property
    def claims(self) -> Iterator[tuple[Place, Claim]]:
        """Every claim, wherever it stands."""
        for place, item in self.items:
            for number, claim in enumerate(item.claims, start=1):
                yield Place(place.file, f"{place.key}.claims[#{number}]"), claim
        for place, action in self.actions:
            yield Place(place.file, f"{place.key}.weeks_basis"), action.weeks_basis
        for place, written in self.rules:
            for number, claim in enumerate(written.claims, start=1):
                yield Place(place.file, f"{place.key}.claims[#{number}]"), claim

    @property
    def contradictions(self) -> Iterator[tuple[Place, ContradictionRule]]:
        return ((Place(RULES, f"contradictions[{one.id}]"), one) for one in self.catalogue.rules.contradictions)

    @property
    def caps(self) -> Iterator[tuple[Place, CapRule]]:
        return ((Place(RULES, f"caps[{one.id}]"), one) for one in self.catalogue.rules.caps)

    @property
    def exclusions(self) -> Iterator[tuple[Place, Exclusion]]:
        return ((Place(RULES, f"exclusions[{one.id}]"), one) for one in self.catalogue.rules.exclusions)

    @property
    def rules(self) -> Iterator[tuple[Place, ContradictionRule | CapRule | Exclusion]]:
        """Every rule that holds across barriers."""
        yield from self.contradictions
        yield from self.caps
        yield from self.exclusions

    @property
    def references(self) -> Iterator[Reference]:
        """Every mention of one part by another, but for conditions and pages."""
        for place, item in self.items:
            yield Reference(place, "law", item.law, "law in motion", SOURCES)
        for place, scored in self.scored:
            yield Reference(place, "actions", scored.actions, "action", place.file)
        for place, action in self.actions:
            yield Reference(place, "after", action.after, "action", place.file)
        for place, claim in self.claims:
            yield Reference(place, "sources", claim.sources, "source", SOURCES)
        for change in self.catalogue.law_changes:
            place = Place(SOURCES, f"law_changes[{change.id}]")
            yield Reference(place, "sources", change.sources, "source", SOURCES)

    def is_whole(self, barrier: Barrier) -> bool:
        """Whether all of the barrier could be read."""
        whole_file = barrier_file(barrier.id) not in self.damage.files
        return whole_file and not any(broken.startswith(f"{barrier.id}.") for broken in self.damage.ids)


Check = Callable[[Draft], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Reference:
    """`ids` of parts of a `kind`, mentioned at a place under the key `field`; they stand in `file`."""

    place: Place
    field: str
    ids: tuple[str, ...]
    kind: str
    file: str


_COLLECTION = {
    (FactQuestion, Profile): "facts",
    (FactQuestion, Barrier): "questions",
    (LevelQuestion, Barrier): "questions",
    (Gate, Barrier): "gates",
}


def file_of(part: Profile | Barrier) -> str:
    return barrier_file(part.id) if isinstance(part, Barrier) else PROFILE


def did_you_mean(wrong: str, known: Collection[str]) -> str:
    """A way to mend an unknown id: the nearest known one, if one is near."""
    near = get_close_matches(wrong, known, n=1)
    return f"Did you mean {near[0]}?" if near else "Correct the id, or write what it names."
