"""The clients of an adviser: every assessment that a standing engagement of their firms lets them see.

Who sees what is said by the view behind `Access`. There is an entry for each seat as an adviser: a service that has
let in two firms of the same person stands there once for each of them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Page, Paginator
from django.db.models import Expression, F, Func, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.dates import MONTHS_3

from assessments.catalogue.loader import edition, editions
from assessments.models import Access, Assessment, Organisation, Role, Submission, User
from assessments.models.assessment import Stage
from assessments.scoring.result import Colour

PAGE = 50
NOT_KNOWN = "not_known"
NO_SUBMISSION = "none"
OVERALL = "overall"

# The worst case first; of two that are as bad, the one that can still come out worse. As PostgreSQL prints them.
_PAIRS = ("red red", "red amber", "red green", "amber amber", "amber green", "green green")
_FROM_RED_TO_GREEN = [f'["{worst}", "{best}"]' for worst, best in (pair.split() for pair in _PAIRS)]
_STAGES = dict(Stage.choices)
_STATUSES = dict(Submission.Status.choices)
_SUBMITTED, _IN_REVIEW = Submission.Status.SUBMITTED.value, Submission.Status.IN_REVIEW.value

Order = str | Expression | F


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows. Empty: everything. `overall` and `colour` (of `barrier`, both or neither) are a colour, or
    NOT_KNOWN for a range between two."""

    search: str = ""
    stage: str = ""
    overall: str = ""
    barrier: str = ""
    colour: str = ""
    status: str = ""
    firm: str = ""
    waits: bool = False


ALL = Filters()


@dataclass(frozen=True, slots=True)
class Client:
    """One assessment as a list shows it. `colours` are [worst, best] by barrier and for "overall".

    `number` and `status` are those of its last submission; `waits` if that is for this adviser to act on: nobody of
    the firm has claimed it yet, or they have. `firm` is named for who belongs to several.
    """

    pk: UUID
    service: str
    organisation: str
    stage: str
    colours: Mapping[str, list[str]]
    target_date: dt.date | None
    changed_at: dt.datetime
    is_reviewed: bool
    number: int | None
    status: str | None
    waits: bool
    firm: str

    @property
    def stage_in_words(self) -> str:
        return str(_STAGES[self.stage])

    @property
    def status_in_words(self) -> str:
        return str(_STATUSES[self.status]) if self.status else "Not submitted yet"

    @property
    def target_in_words(self) -> str:
        return _in_words(self.target_date) if self.target_date else ""

    @property
    def changed_in_words(self) -> str:
        return _in_words(timezone.localdate(self.changed_at))

    @property
    def label(self) -> str:
        return "Signed off" if self.is_reviewed else "Self-assessed, not reviewed"


def _in_words(day: dt.date) -> str:
    return f"{day.day} {MONTHS_3[day.month].title()} {day.year}"


class Portfolio:
    """How many entries there are, and one page of them, is read when it is asked for.

    `firms` are the person's, all of them. `number` is the page as the address has it: what is no page is the first,
    what is past the last is the last.
    """

    def __init__(
        self,
        person: User,
        firms: Sequence[Organisation],
        filters: Filters = ALL,
        order: str = "changed",
        number: str | None = None,
    ) -> None:
        self.person = person
        self.firms = firms
        self.filters = filters
        self.order = order
        self.number = number

    @cached_property
    def page(self) -> Page[Any]:
        """Django's page of keys: `clients` has what they stand for."""
        return Paginator(self._sorted.values_list("assessment_id", "firm_id"), PAGE).get_page(self.number)

    @cached_property
    def clients(self) -> list[Client]:
        """Those of the page. Sorting touches what it needs alone; the names of 50 are read afterwards."""
        keys = list(self.page.object_list)
        rows = Assessment.objects.filter(pk__in={pk for pk, _firm in keys}).order_by().values_list(*_COLUMNS.values())
        found = {row[0]: row for row in rows}
        return [self._client(firm, found[pk]) for pk, firm in keys if pk in found]

    def everything(self) -> Iterator[Client]:
        """What the filters let through, of all pages, in one query."""
        columns = [f"assessment__{name}" for name in _COLUMNS.values()]
        for firm, *row in self._sorted.values_list("firm_id", *columns):
            yield self._client(firm, row)

    def _client(self, firm: UUID, row: Sequence[Any]) -> Client:
        shown = dict(zip(_COLUMNS, row, strict=True))
        given_to, reviewer = shown.pop("given_to"), shown.pop("reviewer")
        is_theirs = shown["status"] == _SUBMITTED or (shown["status"] == _IN_REVIEW and reviewer == self.person.pk)
        return Client(**shown, waits=is_theirs and given_to == firm, firm=self._name_of.get(firm, ""))

    @cached_property
    def _name_of(self) -> dict[UUID, str]:
        return {firm.pk: firm.name for firm in self.firms} if len(self.firms) > 1 else {}

    @property
    def _sorted(self) -> QuerySet[Access]:
        return self._seats.order_by(*ORDERS[self.order].by, "assessment_id", "firm_id")

    @property
    def _seats(self) -> QuerySet[Access]:
        """The firms are named one by one: the database then knows how many clients to expect."""
        firms = [firm.pk for firm in self.firms if self.filters.firm in ("", str(firm.pk))]
        seats = Access.objects.filter(user_id=self.person.pk, role=Role.ADVISER, firm_id__in=firms)
        return seats.filter(*_conditions(self.filters, self.person))


# What of an assessment is read: never the result itself, which is far the heaviest thing that it has.
_COLUMNS = {
    "pk": "pk",
    "service": "service__name",
    "organisation": "service__organisation__name",
    "stage": "stage",
    "colours": "colours",
    "target_date": "target_date",
    "changed_at": "changed_at",
    "is_reviewed": "is_reviewed",
    "number": "latest__number",
    "status": "latest__status",
    "given_to": "latest__firm_id",
    "reviewer": "latest__review__adviser_id",
}


# Filters and orders, on rows of `Access` ------------------------------------------------------------------------


def _conditions(filters: Filters, person: User) -> Iterable[Q]:
    if filters.search:
        yield Q(assessment__service__name__icontains=filters.search) | Q(
            assessment__service__organisation__name__icontains=filters.search
        )
    if filters.stage:
        yield Q(assessment__stage=filters.stage)
    if filters.overall:
        yield _coloured(OVERALL, filters.overall)
    if filters.barrier:
        yield _coloured(filters.barrier, filters.colour)
    if filters.status:
        is_none = filters.status == NO_SUBMISSION
        yield Q(assessment__latest=None) if is_none else Q(assessment__latest__status=filters.status)
    if filters.waits:
        yield Q(assessment__latest__firm_id=F("firm_id")) & (
            Q(assessment__latest__status=_SUBMITTED)
            | Q(assessment__latest__status=_IN_REVIEW, assessment__latest__review__adviser=person)
        )


def _coloured(key: str, colour: str) -> Q:
    """Known to have the colour, or not known yet: worst and best differ."""
    ends = f"assessment__colours__{key}"
    if colour != NOT_KNOWN:
        return Q(**{ends: [colour, colour]})
    return Q(assessment__colours__has_key=key) & ~Q(**{f"{ends}__in": [[one, one] for one in Colour]})


@dataclass(frozen=True, slots=True)
class _Order:
    title: str
    by: tuple[Order, ...]


def _worst_first() -> Func:
    """Each row's colours are taken out once: to compare them with one pair after the other takes five times as long."""
    pairs = Value(_FROM_RED_TO_GREEN, output_field=ArrayField(TextField()))
    ends = KeyTextTransform(OVERALL, "assessment__colours")
    return Func(pairs, ends, function="array_position", output_field=IntegerField())


ORDERS: Mapping[str, _Order] = {
    "changed": _Order("Last change", ("-assessment__changed_at",)),
    "target": _Order("Target date", (F("assessment__target_date").asc(nulls_last=True),)),
    "name": _Order("Name", (Lower("assessment__service__name"), Lower("assessment__service__organisation__name"))),
    "colour": _Order("Overall colour, Red first", (_worst_first(), "-assessment__changed_at")),
}


# What a picture shows -------------------------------------------------------------------------------------------


def barriers() -> tuple[tuple[str, str], ...]:
    """Id and title, in the order of the newest catalogue: the five that the sources name first."""
    return tuple((barrier.id, barrier.title) for barrier in edition(editions()[-1]).barriers)
