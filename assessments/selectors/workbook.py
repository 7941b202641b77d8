"""One assessment opened: its catalogue, what is asked, what is stored. One query at most; all else is worked out."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from assessments.catalogue.path import AskedPage, Path, path
from assessments.catalogue.schema import Barrier, Catalogue, Item, Profile
from assessments.models import Assessment, State
from assessments.models.answer import (
    EMPTY,
    Content,
    Stored,
    contents_of,
    plain_answers,
    plain_facts,
    stored_answers,
)
from assessments.scoring.answers import Answers
from assessments.selectors.ratings import with_ratings

PROFILE = "profile"


@dataclass(frozen=True)
class Progress:
    """How much of what is asked has been answered. Says nothing about what the answers mean."""

    asked: int
    answered: int
    unknown: int

    @property
    def open(self) -> int:
        return self.asked - self.answered - self.unknown

    @property
    def done(self) -> int:
        return self.answered + self.unknown

    @property
    def status(self) -> str:
        if self.asked == self.open:
            return "Not started"
        return "In progress" if self.open else "Complete"


@dataclass(frozen=True)
class Workbook:
    """`known` are the rows where somebody has them already; otherwise they are read when first asked for, because
    a save needs none of them before it has the assessment's lock."""

    assessment: Assessment
    as_of: dt.date
    known: Mapping[str, Stored] | None = None

    @cached_property
    def rows(self) -> Mapping[str, Stored]:
        return stored_answers(self.assessment) if self.known is None else self.known

    @property
    def catalogue(self) -> Catalogue:
        return self.assessment.catalogue

    @cached_property
    def contents(self) -> dict[str, Content]:
        return contents_of(self.rows)

    @cached_property
    def answers(self) -> Answers:
        plain = plain_answers(self.catalogue, self.assessment.next_decision, self.as_of, self.contents)
        return with_ratings(plain, self.assessment)

    @cached_property
    def path(self) -> Path:
        facts = plain_facts(self.catalogue, self.contents)
        return path(self.catalogue, self.assessment.next_decision, facts, self.as_of)

    def content(self, item: Item) -> Content:
        return self.contents.get(item.id, EMPTY)

    def version(self, item: Item) -> int:
        stored = self.rows.get(item.id)
        return stored.version if stored else 0

    @cached_property
    def questionnaires(self) -> tuple["Questionnaire", ...]:
        return tuple(Questionnaire(self, part) for part in self.catalogue.parts)

    def questionnaire(self, slug: str) -> "Questionnaire | None":
        return next((found for found in self.questionnaires if found.slug == slug), None)

    def after(self, questionnaire: "Questionnaire") -> "Questionnaire | None":
        """The next questionnaire in which something is asked."""
        place = self.questionnaires.index(questionnaire)
        return next((later for later in self.questionnaires[place + 1 :] if later.pages), None)


@dataclass(frozen=True)
class Questionnaire:
    """The profile or a barrier's questionnaire, as this assessment asks it."""

    workbook: Workbook
    part: Profile | Barrier

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Questionnaire) and other.slug == self.slug

    def __hash__(self) -> int:
        return hash(self.slug)

    @property
    def slug(self) -> str:
        return self.part.id if isinstance(self.part, Barrier) else PROFILE

    @property
    def title(self) -> str:
        return self.part.title if isinstance(self.part, Barrier) else "Your service and plans"

    @property
    def summary(self) -> str:
        return (
            self.part.summary if isinstance(self.part, Barrier) else "Facts that decide which questions you are asked."
        )

    @cached_property
    def pages(self) -> tuple[AskedPage, ...]:
        if isinstance(self.part, Barrier):
            return self.workbook.path.pages(self.part.id)
        return self.workbook.path.profile_pages()

    def page(self, page_id: str) -> AskedPage | None:
        return next((page for page in self.pages if page.page.id == page_id), None)

    def after(self, page_id: str) -> AskedPage | None:
        """The page that comes after `page_id` in the catalogue's order, among those that are asked now."""
        order = [page.id for page in self.part.pages]
        later = set(order[order.index(page_id) + 1 :])
        return next((page for page in self.pages if page.page.id in later), None)

    def items(self) -> Iterator[Item]:
        return (item for page in self.pages for item in page.items)

    @cached_property
    def progress(self) -> Progress:
        states = [self.workbook.content(item).state for item in self.items()]
        unknown = sum(state in (State.DONT_KNOW, State.NOT_KNOWN) for state in states)
        return Progress(
            asked=len(states),
            answered=sum(state != State.NOT_ANSWERED for state in states) - unknown,
            unknown=unknown,
        )


def workbook(
    assessment: Assessment, as_of: dt.date | None = None, known: Mapping[str, Stored] | None = None
) -> Workbook:
    return Workbook(assessment, as_of or timezone.localdate(), known)
