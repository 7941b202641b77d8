"""Threads about the questions and gates of an assessment, as far as the person who looks may read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.urls import reverse

from assessments.catalogue.schema import Item
from assessments.models import Assessment, Comment, Organisation, Thread
from assessments.permissions import can_read
from assessments.selectors.workbook import PROFILE, workbook

# On the assessment itself, so that a page without threads makes no query for them. Put together by hand: Django takes
# longer to write it than PostgreSQL to answer.
HAS_THREADS = RawSQL(  # holds nothing that comes from outside
    "EXISTS (SELECT FROM assessments_thread WHERE assessment_id = assessments_assessment.id)", []
)


def threads_of(assessment: Assessment, item: str = "") -> QuerySet[Thread]:
    """What this seat may read, with its comments: of one question or gate, or of all."""
    comments = Comment.objects.select_related("written_by")
    found = Thread.objects.visible_to(assessment.seat).filter(assessment=assessment).select_related("firm")
    found = found.prefetch_related(Prefetch("comments", comments))
    return found.filter(item=item) if item else found


def thread_for(assessment: Assessment, pk: UUID) -> Thread:
    """To who may not read it, it does not exist."""
    thread = threads_of(assessment).filter(pk=pk).first()
    if thread is None:
        raise Http404
    thread.assessment = assessment
    return thread


def firms_in(assessment: Assessment) -> list[Organisation]:
    """The firms that this person advises the assessment for."""
    firms = assessment.seat.firms
    return list(Organisation.objects.filter(pk__in=firms)) if firms else []


# Beside each question --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remark:
    """The line below one question: how much has been said about it, and where."""

    href: str
    comments: int
    open: int


@dataclass(frozen=True)
class Remarks:
    """How many comments there are on each item, and in how many threads that are still open. Read when first asked for,
    and not at all where the assessment was read with `HAS_THREADS` and has none."""

    assessment: Assessment

    def of(self, item_id: str) -> Remark:
        return Remark(self._place + item_id + "/", *self._counts.get(item_id, (0, 0)))

    @cached_property
    def _place(self) -> str:
        """The address of an item's threads without the item: a page has many."""
        return reverse("thread-open", args=[self.assessment.pk, "-"]).removesuffix("-/")

    @cached_property
    def _counts(self) -> Mapping[str, tuple[int, int]]:
        if not getattr(self.assessment, "has_threads", True):
            return {}
        found = Thread.objects.visible_to(self.assessment.seat).filter(assessment=self.assessment).order_by()
        rows = found.annotate(said=Count("comments")).values_list("item", "said", "resolved_at")
        counts: dict[str, tuple[int, int]] = {}
        for item, said, resolved_at in rows:
            comments, still_open = counts.get(item, (0, 0))
            counts[item] = (comments + said, still_open + (resolved_at is None))
        return counts


# The page with all of them -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ThreadLine:
    """One thread in a list."""

    thread: Thread
    item: Item | None
    place: str

    @property
    def title(self) -> str:
        return self.item.title if self.item else self.thread.item

    @property
    def audience(self) -> str:
        return audience_in_words(self.thread)

    @cached_property
    def comments(self) -> list[Comment]:
        return list(self.thread.comments.all())

    @property
    def first(self) -> Comment:
        return self.comments[0]

    @property
    def last(self) -> Comment:
        return self.comments[-1]


def audience_in_words(thread: Thread) -> str:
    if thread.audience == Thread.Audience.ADVISER and thread.firm:
        return f"Only {thread.firm.name}"
    return str(Thread.Audience(thread.audience).label)


@dataclass(frozen=True)
class ThreadGroup:
    title: str
    lines: tuple[ThreadLine, ...]
    is_hidden: bool = False


@dataclass(frozen=True)
class ThreadsPage:
    """All threads that this person may read, by questionnaire. Those on questions that are not asked now stay, in a
    group of their own; to who may not read the answers, that would tell some of them, so nothing is set apart."""

    assessment: Assessment
    resolved_too: bool

    @cached_property
    def _lines(self) -> list[ThreadLine]:
        catalogue = self.assessment.catalogue
        lines = []
        for thread in threads_of(self.assessment):
            item = catalogue.items.get(thread.item)
            barrier = catalogue.barrier_of(thread.item) if item else None
            lines.append(ThreadLine(thread, item, barrier.id if barrier else PROFILE))
        return lines

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """Items with a thread that are not asked at the moment."""
        if not self._lines or not can_read(self.assessment):
            return frozenset()
        asked = workbook(self.assessment).path
        return frozenset(line.thread.item for line in self._lines if not asked.asks(line.thread.item))

    @property
    def _shown(self) -> list[ThreadLine]:
        return [line for line in self._lines if self.resolved_too or line.thread.resolved_at is None]

    @property
    def resolved(self) -> int:
        return sum(line.thread.resolved_at is not None for line in self._lines)

    @property
    def count(self) -> int:
        return len(self._lines)

    @cached_property
    def groups(self) -> tuple[ThreadGroup, ...]:
        asked = [line for line in self._shown if line.thread.item not in self._hidden]
        groups = [
            ThreadGroup(found.title, tuple(line for line in asked if line.place == found.slug))
            for found in workbook(self.assessment, known={}).questionnaires
        ]
        hidden = tuple(line for line in self._shown if line.thread.item in self._hidden)
        return tuple(
            group for group in (*groups, ThreadGroup("Not asked at the moment", hidden, is_hidden=True)) if group.lines
        )
