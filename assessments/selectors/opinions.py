"""Second opinions on one barrier: who was asked, what each said, how far apart they are, and what is settled.

Scoring method, rule 12: at least two people in different roles, separately, and the spread is shown.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef

from assessments.catalogue.schema import Barrier, Gate, LevelQuestion
from assessments.models import Access, Assessment, Opinion, Settlement, State, User
from assessments.models.answer import EMPTY, Content
from assessments.permissions import can_compare
from assessments.scoring.answers import DoubleRatings
from assessments.selectors.checking import answer_in_words
from assessments.selectors.organisations import people_in
from assessments.selectors.workbook import Workbook, workbook

Rated = LevelQuestion | Gate


def content_of(opinion: Opinion, item_id: str) -> Content:
    """What an opinion says of one item: its state, level and note. `EMPTY` where it says nothing."""
    said: Mapping[str, Any] = opinion.answers.get(item_id, {})
    return Content(said.get("state", EMPTY.state), level=said.get("level"), note=said.get("note", ""))


def rated_items(barrier: Barrier, book: Workbook) -> tuple[Rated, ...]:
    """What a second opinion on the barrier is asked: its questions and gates as the assessment asks them, without the
    facts, which nobody rates."""
    return tuple(item for item in book.path.items(barrier.id) if isinstance(item, LevelQuestion | Gate))


def count_ratings(opinions: Iterable[Opinion]) -> DoubleRatings:
    """Of the opinions given: how many questions two or more people rated, and in how many of these their levels lie no
    more than one apart. Only levels count."""
    levels: dict[str, list[int]] = {}
    for opinion in opinions:
        for item_id in opinion.answers:
            content = content_of(opinion, item_id)
            if content.state == State.ANSWERED and content.level is not None:
                levels.setdefault(item_id, []).append(content.level)
    twice = [given for given in levels.values() if len(given) > 1]
    return DoubleRatings(len(twice), sum(max(given) - min(given) <= 1 for given in twice))


@dataclass(frozen=True)
class Given:
    """A second opinion that somebody gave, with the title of what it is about."""

    opinion: Opinion
    title: str


def given_from_outside(person: User) -> list[Given]:
    """What the person gave on assessments that they have no part in, the newest first: nothing else leads them there.
    One query."""
    seat = Access.objects.filter(assessment=OuterRef("assessment"), user=person.pk)
    rows = Opinion.objects.held().filter(~Exists(seat), user=person, given_at__isnull=False)
    rows = rows.select_related("assessment__service__organisation").defer("answers", "assessment__result")
    return [Given(row, row.assessment.catalogue.barrier(row.barrier).title) for row in rows.order_by("-given_at")]


def standing(assessment: Assessment) -> list[Opinion]:
    """Every opinion that was asked for and not taken back, given or not."""
    return list(Opinion.objects.filter(assessment=assessment, closed_at=None).select_related("user", "asked_by"))


def may_be_asked(assessment: Assessment) -> list[User]:
    """The people of the organisation. They need no part in the assessment."""
    people = people_in(assessment.service.organisation).filter(is_active=True, erased_at=None)
    return list(people)


def said_in(opinion: Opinion, barrier: Barrier) -> list[tuple[Rated, Content, str]]:
    """What an opinion says, in asking order: also of what is not asked any more."""
    items = (opinion.assessment.catalogue.item(item_id) for page in barrier.pages for item_id in page.asks)
    rated = (item for item in items if isinstance(item, LevelQuestion | Gate) and item.id in opinion.answers)
    said = ((item, content_of(opinion, item.id)) for item in rated)
    return [(item, content, answer_in_words(item, content)) for item, content in said]


# Side by side --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Voice:
    """What one person says of an item; `by` is None for the assessment's own answer."""

    name: str
    by: User | None
    content: Content
    words: str

    @property
    def is_main(self) -> bool:
        return self.by is None


@dataclass(frozen=True)
class ComparedItem:
    """One item with everything that was said of it, lowest first."""

    item: Rated
    is_asked: bool
    voices: tuple[Voice, ...]
    settlement: Settlement | None

    @property
    def differs(self) -> bool:
        return len({(voice.content.state, voice.content.level) for voice in self.voices}) > 1

    @property
    def spread(self) -> str:
        """How far apart they are, in words."""
        if len(self.voices) < 2:
            return "Only one has said something"
        if not self.differs:
            return "All say the same"
        levels = [voice.content.level for voice in self.voices]
        if None in levels:
            return "They differ"
        apart = max(level or 0 for level in levels) - min(level or 0 for level in levels)
        return f"{apart} level{'' if apart == 1 else 's'} apart"

    @property
    def is_open(self) -> bool:
        """They differ, and nobody has settled it since the last opinion."""
        return self.differs and self.settlement is None


@dataclass(frozen=True)
class Comparison:
    """The given opinions on one barrier side by side; with the main answers for who may read them."""

    assessment: Assessment
    barrier: Barrier
    opinions: Sequence[Opinion]
    book: Workbook
    with_main: bool

    @cached_property
    def given(self) -> list[Opinion]:
        return [opinion for opinion in self.opinions if opinion.given_at is not None]

    @cached_property
    def awaited(self) -> list[Opinion]:
        return [opinion for opinion in self.opinions if opinion.given_at is None]

    @cached_property
    def ratings(self) -> DoubleRatings:
        return count_ratings(self.given)

    @cached_property
    def items(self) -> tuple[ComparedItem, ...]:
        """In asking order; everything that anybody said something of."""
        return tuple(self._compared())

    @property
    def asked(self) -> list[ComparedItem]:
        return [item for item in self.items if item.is_asked]

    @property
    def not_asked(self) -> list[ComparedItem]:
        """Said when it was asked: it stays readable."""
        return [item for item in self.items if not item.is_asked]

    @property
    def unsettled(self) -> list[ComparedItem]:
        return [item for item in self.asked if item.is_open]

    def item(self, item_id: str) -> ComparedItem | None:
        return next((found for found in self.items if found.item.id == item_id), None)

    def _compared(self) -> Iterator[ComparedItem]:
        for page in self.barrier.pages:
            for item_id in page.asks:
                item = self.assessment.catalogue.item(item_id)
                if not isinstance(item, LevelQuestion | Gate):
                    continue
                voices = [self._voice(opinion, item) for opinion in self.given]
                said = [voice for voice in voices if voice.content.state != State.NOT_ANSWERED]
                if said:
                    yield ComparedItem(
                        item,
                        self.book.path.asks(item_id),
                        tuple(sorted([*said, *self._main(item)], key=_height)),
                        self._settlement(item),
                    )

    def _voice(self, opinion: Opinion, item: Rated) -> Voice:
        content = content_of(opinion, item.id)
        return Voice(opinion.capacity, opinion.user, content, answer_in_words(item, content))

    def _main(self, item: Rated) -> list[Voice]:
        content = self.book.content(item)
        if not self.with_main or content.state == State.NOT_ANSWERED:
            return []
        return [Voice("The main answer", None, content, answer_in_words(item, content))]

    @cached_property
    def _settlements(self) -> dict[str, Settlement]:
        if not self.with_main:
            return {}
        found = Settlement.objects.filter(assessment=self.assessment, item__startswith=f"{self.barrier.id}.")
        return {row.item: row for row in found.select_related("changed_by")}

    def _settlement(self, item: Rated) -> Settlement | None:
        """What was settled, if nobody has given an opinion on the item since."""
        found = self._settlements.get(item.id)
        return found if found and found.settled_at >= self._last_given(item) else None

    def _last_given(self, item: Rated) -> dt.datetime:
        return max(opinion.given_at for opinion in self.given if opinion.given_at and item.id in opinion.answers)


def _height(voice: Voice) -> tuple[bool, int, bool]:
    """Levels from low to high, then what is no level."""
    level = voice.content.level
    return (level is None, level or 0, voice.is_main)


def comparison(assessment: Assessment, barrier: Barrier, *, with_main: bool) -> Comparison:
    opinions = [opinion for opinion in standing(assessment) if opinion.barrier == barrier.id]
    return Comparison(assessment, barrier, opinions, workbook(assessment), with_main)


# The page that says who was asked ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskedBarrier:
    """One barrier on which somebody was asked."""

    barrier: Barrier
    opinions: tuple[Opinion, ...]
    may_compare: bool
    own: Opinion | None

    @property
    def given(self) -> int:
        return sum(opinion.given_at is not None for opinion in self.opinions)


def asked_barriers(assessment: Assessment) -> tuple[AskedBarrier, ...]:
    opinions = standing(assessment)
    return tuple(
        _asked(assessment, barrier, of_barrier)
        for barrier in assessment.catalogue.barriers
        if (of_barrier := tuple(opinion for opinion in opinions if opinion.barrier == barrier.id))
    )


def _asked(assessment: Assessment, barrier: Barrier, opinions: tuple[Opinion, ...]) -> AskedBarrier:
    own = next((opinion for opinion in opinions if opinion.user_id == assessment.seat.user_id), None)
    return AskedBarrier(barrier, opinions, can_compare(assessment, own), own)
