"""The plan as its pages, files and calendar show it: what the answers call for, with what people agreed about it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.urls import reverse

from assessments.catalogue.schema import Catalogue
from assessments.models import Assessment, Progress
from assessments.models.plan import NOTHING_SAID, Agreement, StoredAgreement, agreed_plan, stored_plan
from assessments.planning.actions import plan_actions
from assessments.planning.planned import Kind, PlannedAction, Priority
from assessments.planning.progress import Agreed
from assessments.planning.recalled import recalled
from assessments.planning.schedule import schedule, weeks_of
from assessments.planning.scheduled import Schedule, ScheduledAction, StageSchedule
from assessments.scoring.serialise import result_from_dict
from assessments.selectors.cash_flow import capped
from assessments.selectors.plan_history import NO_TURNS, Turns, turns_of
from assessments.selectors.reasons import Backed, backed
from assessments.selectors.results import Linked
from assessments.selectors.workbook import PROFILE, Workbook, workbook

# What a list says of progress beside the four that people choose.
CLOSED = "closed"
GENERAL = "Your service and plans"
STILL_TO_DO = (Progress.OPEN.value, Progress.DOING.value)
WEEKS_BY_CONVENTION = "Our planning estimate for this kind of action: nobody has measured it."


def called_for(assessment: Assessment) -> tuple[PlannedAction, ...]:
    """The actions that the stored result calls for."""
    return actions_of(workbook(assessment))


def actions_of(book: Workbook) -> tuple[PlannedAction, ...]:
    return plan_actions(book.catalogue, result_from_dict(book.assessment.result), book.answers)


# One action -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """Another action of the plan that comes first, or waits."""

    href: str
    title: str
    progress: str
    owner: str
    is_over: bool


@dataclass(frozen=True)
class Entry:
    """One action with what is agreed about it. `closed_on` and `back_on` are the days on which its gap closed, or
    opened again, for the last time; `version` is that of its row, 0 for none. `scheduled` has its dates while it is
    still to be done."""

    action: PlannedAction
    agreement: Agreement
    version: int
    called_for: bool
    barrier: str
    href: str
    today: dt.date
    gaps: tuple[Linked, ...]
    scheduled: ScheduledAction | None = None
    closed_on: dt.date | None = None
    back_on: dt.date | None = None
    before: tuple[Waiting, ...] = ()
    then: tuple[Waiting, ...] = ()

    @property
    def id(self) -> str:
        return self.action.id

    @property
    def title(self) -> str:
        return self.action.title

    @property
    def owner(self) -> str:
        return self.agreement.owner or self.action.owner

    @property
    def is_named(self) -> bool:
        """Whether a person said who does it; otherwise it is the role that usually does."""
        return bool(self.agreement.owner)

    @property
    def due(self) -> dt.date | None:
        """The date agreed, or else the one promised in the answer."""
        return self.agreement.due_on or self.action.by

    @property
    def is_due_too_early(self) -> bool:
        """Not overdue, but on the shortest times it will be."""
        return self.scheduled is not None and self.scheduled.due_too_early and not self.is_overdue

    @property
    def weeks(self) -> str:
        fewest, most = weeks_of(self.action)
        if fewest == most:
            return f"{most} week{'' if most == 1 else 's'}"
        return f"{fewest} to {most} weeks"

    @property
    def is_still_to_do(self) -> bool:
        return self.called_for and self.agreement.progress in STILL_TO_DO

    @property
    def is_refused(self) -> bool:
        return self.called_for and self.agreement.progress == Progress.WILL_NOT_DO

    @property
    def is_done_unseen(self) -> bool:
        """Somebody says that it is done, and the answers still show the gap."""
        return self.called_for and self.agreement.progress == Progress.DONE

    @property
    def is_overdue(self) -> bool:
        return self.is_still_to_do and self.due is not None and self.due < self.today

    @property
    def state(self) -> str:
        """The value that the list is filtered by."""
        return self.agreement.progress if self.called_for else CLOSED

    @property
    def state_in_words(self) -> str:
        return Progress(self.agreement.progress).label if self.called_for else "Closed"

    @property
    def waits_for(self) -> tuple[Waiting, ...]:
        return tuple(before for before in self.before if not before.is_over)


# The plan ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """Which entries a list shows. An empty field lets everything through."""

    barrier: str = ""
    progress: str = ""
    owner: str = ""
    overdue: bool = False

    @property
    def is_set(self) -> bool:
        return self != NO_FILTERS

    def lets(self, entry: Entry) -> bool:
        return (
            self.barrier in ("", entry.action.barrier or PROFILE)
            and self.progress in ("", entry.state)
            and self.owner in ("", entry.owner)
            and (entry.is_overdue or not self.overdue)
        )


NO_FILTERS = Filters()


@dataclass(frozen=True)
class Group:
    """Entries of one priority, and by when such are due."""

    priority: Priority
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Counts:
    to_do: int
    under_way: int
    overdue: int
    done_unseen: int
    refused: int
    closed: int


class Plan:
    """An assessment's plan: every action called for, in plan order, then those agreed whose gap has closed."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.assessment = book.assessment
        self.catalogue: Catalogue = book.catalogue

    @cached_property
    def actions(self) -> tuple[PlannedAction, ...]:
        return actions_of(self.book)

    @cached_property
    def stored(self) -> Mapping[str, StoredAgreement]:
        return stored_plan(self.assessment)

    @property
    def agreed(self) -> dict[str, Agreed]:
        return agreed_plan(self.stored)

    @cached_property
    def schedule(self) -> Schedule:
        # The later decisions are scored here, by the same caps as the stored result.
        answers = capped(self.book.answers, self.assessment)
        return schedule(self.catalogue, answers, self.agreed, actions=self.actions)

    @cached_property
    def turns(self) -> Mapping[str, Turns]:
        return turns_of(self.assessment) if self.stored else {}

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        open_ids = {action.id for action in self.actions}
        closed = [recalled(self.catalogue, action) for action in self.stored if action not in open_ids]
        plain = {action.id: self._entry(action, called_for=True) for action in self.actions}
        waiting = {action_id: _waiting(entry) for action_id, entry in plain.items()}
        linked = [
            replace(
                entry,
                before=tuple(waiting[before] for before in entry.action.after if before in waiting),
                then=tuple(waiting[other.id] for other in self.actions if entry.id in other.after),
            )
            for entry in plain.values()
        ]
        return (*linked, *(self._entry(action, called_for=False) for action in closed))

    def entry(self, action_id: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.id == action_id), None)

    def groups(self, filters: Filters = NO_FILTERS) -> Iterator[Group]:
        """By priority: what is to be done, and what somebody marked done that the answers do not show yet."""
        shown = [entry for entry in self.entries if entry.called_for and not entry.is_refused and filters.lets(entry)]
        for priority in Priority:
            entries = tuple(entry for entry in shown if entry.action.priority is priority)
            if entries:
                yield Group(priority, entries)

    def refused(self, filters: Filters = NO_FILTERS) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.is_refused and filters.lets(entry))

    def closed(self, filters: Filters = NO_FILTERS) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.called_for and filters.lets(entry))

    @property
    def counts(self) -> Counts:
        return Counts(
            to_do=sum(entry.is_still_to_do for entry in self.entries),
            under_way=sum(entry.called_for and entry.agreement.progress == Progress.DOING for entry in self.entries),
            overdue=sum(entry.is_overdue for entry in self.entries),
            done_unseen=sum(entry.is_done_unseen for entry in self.entries),
            refused=sum(entry.is_refused for entry in self.entries),
            closed=sum(not entry.called_for for entry in self.entries),
        )

    @property
    def still_to_do(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.is_still_to_do)

    @property
    def unnamed(self) -> dict[str, list[Entry]]:
        """Those still to be done that nobody has been named for, by who usually does such."""
        found: dict[str, list[Entry]] = {}
        for entry in self.still_to_do:
            if not entry.is_named:
                found.setdefault(entry.action.owner, []).append(entry)
        return found

    @property
    def undated(self) -> tuple[Entry, ...]:
        """Those still to be done that have no date: no calendar can hold them."""
        return tuple(entry for entry in self.still_to_do if entry.due is None)

    @property
    def dated(self) -> tuple[Entry, ...]:
        """What a calendar can hold."""
        return tuple(entry for entry in self.still_to_do if entry.due is not None)

    @property
    def is_unfilled(self) -> bool:
        """Whether somebody or a date is missing anywhere."""
        return bool(self.unnamed or self.undated)

    @property
    def decision(self) -> StageSchedule:
        """When the next decision can be ready."""
        return self.schedule.stages[0]

    @property
    def barriers(self) -> list[tuple[str, str]]:
        """Those that have an action, in the catalogue's order."""
        present = {entry.action.barrier for entry in self.entries}
        titles = [(barrier.id, barrier.title) for barrier in self.catalogue.barriers if barrier.id in present]
        return [(PROFILE, GENERAL), *titles] if None in present else titles

    @property
    def owners(self) -> list[str]:
        return sorted({entry.owner for entry in self.entries}, key=str.casefold)

    def weeks_basis(self, entry: Entry) -> Backed:
        """What the weeks rest on."""
        if entry.id in self.catalogue.actions:
            return backed(self.catalogue, self.catalogue.action(entry.id).weeks_basis)
        return Backed(WEEKS_BY_CONVENTION, is_guidance=True, sources=())

    def _entry(self, action: PlannedAction, *, called_for: bool) -> Entry:
        stored = self.stored.get(action.id)
        turns = self.turns.get(action.id, NO_TURNS)
        return Entry(
            action=action,
            agreement=stored.agreement if stored else NOTHING_SAID,
            version=stored.version if stored else 0,
            called_for=called_for,
            barrier=self.catalogue.barrier(action.barrier).title if action.barrier else GENERAL,
            href=reverse("plan-action", args=[self.assessment.pk, action.id]),
            today=self.book.as_of,
            gaps=tuple(self._gaps(action)),
            scheduled=self.schedule.actions.get(action.id) if called_for else None,
            closed_on=None if called_for else turns.closed_on,
            back_on=turns.back_on if called_for else None,
        )

    def _gaps(self, action: PlannedAction) -> Iterator[Linked]:
        """The questions and gates that it closes; where all that is left is to be answered, the questionnaire."""
        if action.kind is Kind.FINISH:
            slug = action.barrier or PROFILE
            yield Linked(reverse("questionnaire", args=[self.assessment.pk, slug]), "Go on answering", "")
            return
        for item_id in action.closes:
            if item_id in self.catalogue.items:
                href = reverse("question-item", args=[self.assessment.pk, item_id])
                yield Linked(href, self.catalogue.item(item_id).title, "")


def plan_of(assessment: Assessment) -> Plan:
    """`assessment` with its stored result. Three queries: answers, what is agreed, and when gaps closed or opened; one
    more where it was read without its figures (`WITH_FIGURES`)."""
    return Plan(workbook(assessment))


WITH_FIGURES = Assessment.objects.select_related("cash_flow").defer("cash_flow__forecast")


def _waiting(entry: Entry) -> Waiting:
    return Waiting(
        href=entry.href,
        title=entry.title,
        progress=entry.state_in_words,
        owner=entry.owner,
        is_over=not entry.is_still_to_do,
    )
