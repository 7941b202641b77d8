"""The actions of a report: what is called for, who does it, how far it is, and when it can be done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from assessments.catalogue.schema import Catalogue
from assessments.planning.actions import first_three
from assessments.planning.assessed import Assessed
from assessments.planning.planned import Kind, PlannedAction, Priority
from assessments.planning.progress import OPEN, Agreed, AgreedPlan, Progress
from assessments.planning.scheduled import ScheduledAction
from assessments.reports import words

GENERAL = "The service and its plans"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """`weeks`, `after` and `dates` say when; `progress` is empty for what nobody has begun. `question` is what is to be
    found out, in a sentence.

    `is_over` is one that people agreed to be done, or not to do, though the answers still call for it.
    """

    number: int
    anchor: str
    title: str
    how: str
    reason: str
    question: str
    owner: str
    owner_short: str
    progress: str
    progress_reason: str
    is_over: bool
    weeks: str
    after: str
    likely: str
    earliest: str
    due: str
    is_due_too_early: bool
    done_when: str
    barrier: str
    closes: str


@dataclass(frozen=True, slots=True)
class ActionGroup:
    title: str
    due: str
    actions: tuple[ActionRow, ...]


class Plan:
    """The actions of the next decision with their numbers, under which the whole report speaks of them."""

    def __init__(self, catalogue: Catalogue, found: Assessed, agreed: AgreedPlan) -> None:
        self.catalogue = catalogue
        self.found = found
        self.agreed = agreed
        self.actions = found.actions
        self.numbers: Mapping[str, int] = {action.id: n for n, action in enumerate(self.actions, start=1)}
        self.rows: Mapping[str, ActionRow] = {action.id: self._row(action) for action in self.actions}

    def of_barrier(self, barrier_id: str) -> tuple[ActionRow, ...]:
        return tuple(self.rows[action.id] for action in self.actions if action.barrier == barrier_id)

    def first(self) -> tuple[ActionRow, ...]:
        """What to do first, of what is still to be done."""
        scheduled = self.found.schedule.actions
        to_do = [replace(action, after=scheduled[action.id].after) for action in self.actions if action.id in scheduled]
        return tuple(self.rows[action.id] for action in first_three(to_do))

    def groups(self) -> Iterator[ActionGroup]:
        for priority in (Priority.DO_NOW, Priority.BY_NEXT_STAGE, Priority.RECOMMENDED):
            rows = tuple(self.rows[action.id] for action in self.actions if action.priority is priority)
            if rows:
                yield ActionGroup(priority.label, priority.due, rows)

    @property
    def prove(self) -> tuple[ActionRow, ...]:
        return tuple(self.rows[action.id] for action in self.actions if action.priority is Priority.PROVE)

    @property
    def prove_elsewhere(self) -> str:
        """The numbers of proofs that are listed with what to do, because they are urgent."""
        return ", ".join(
            str(self.numbers[action.id])
            for action in self.actions
            if action.kind is Kind.PROVE and action.priority is not Priority.PROVE
        )

    def settling(self, contradiction_id: str) -> ActionRow:
        """The action that a contradiction calls for."""
        return self.rows[f"settle:{contradiction_id}"]

    def finding_out(self, item_id: str) -> tuple[ActionRow, ...]:
        """The actions that close a question, gate or fact."""
        return tuple(self.rows[action.id] for action in self.actions if item_id in action.closes)

    def agreed_about(self, item_id: str) -> Agreed:
        """What people agreed about the first of them."""
        closing = (action.id for action in self.actions if item_id in action.closes)
        return self.agreed.get(next(closing, ""), OPEN)

    def _row(self, action: PlannedAction) -> ActionRow:
        scheduled = self.found.schedule.actions.get(action.id)
        agreed = self.agreed.get(action.id, OPEN)
        owner = agreed.owner or action.owner
        due = agreed.due_on or action.by
        return ActionRow(
            number=self.numbers[action.id],
            anchor=_anchor(action, self.numbers[action.id]),
            title=action.title,
            how=action.how,
            reason=action.reason,
            question=action.how if action.kind is Kind.FIND_OUT else "",
            owner=owner,
            owner_short=words.shortened(owner),
            progress=_PROGRESS[agreed.progress],
            progress_reason=agreed.reason if agreed.progress is Progress.WILL_NOT_DO else "",
            is_over=scheduled is None,
            weeks=words.weeks(scheduled.weeks) if scheduled else "",
            after=", ".join(str(self.numbers[before]) for before in _before(action, scheduled, self.numbers)),
            likely=_likely(scheduled, agreed) if scheduled else "",
            earliest=words.short_day(scheduled.earliest_finish) if scheduled else "",
            due=words.short_day(due) if due and scheduled else "",
            is_due_too_early=bool(scheduled and scheduled.due_too_early),
            done_when=action.done_when,
            barrier=self.catalogue.barrier(action.barrier).title if action.barrier else GENERAL,
            closes=self._closes(action),
        )

    def _closes(self, action: PlannedAction) -> str:
        """Empty where the title says it."""
        if action.kind is Kind.FINISH:
            return action.reason
        titles = [self.catalogue.item(item).title for item in action.closes]
        return "" if all(title in action.title for title in titles) else f"Closes: {', '.join(titles)}"


_PROGRESS = {
    Progress.OPEN: "",
    Progress.DOING: "Under way",
    Progress.DONE: "Marked done, but the answers do not show it yet",
    Progress.WILL_NOT_DO: "Will not be done",
}


def _anchor(action: PlannedAction, number: int) -> str:
    """Where it is told in full: what is to be found out stands in a table without a place for each."""
    if action.kind is Kind.SETTLE:
        return contradiction_anchor(action.id.removeprefix("settle:"))
    return "find-out" if action.priority is Priority.FIND_OUT else f"action-{number}"


def contradiction_anchor(contradiction_id: str) -> str:
    return f"contradiction-{contradiction_id}"


def _before(action: PlannedAction, scheduled: ScheduledAction | None, numbers: Mapping[str, int]) -> tuple[str, ...]:
    waits_for = scheduled.after if scheduled else action.after
    return tuple(before for before in waits_for if before in numbers)


def _likely(scheduled: ScheduledAction, agreed: Agreed) -> str:
    """Likely start and finish, or those that people agreed."""
    if agreed.starts_on and agreed.due_on:
        return f"{words.short_day(agreed.starts_on)} to {words.short_day(agreed.due_on)}, as agreed"
    return f"{words.short_day(scheduled.start)} to {words.short_day(scheduled.finish)}"
