"""What if: some actions done, some answers other than they are, a few figures changed; all on a copy.

An action that is ticked takes no more time. What it closes is closed once every action of the plan that closes it is
ticked, or agreed as done: a gate is then met, a question stands at the level that the decision needs, each with the
proof that this takes. That goes for every decision whose plan calls for those actions, so that an action taken as
done brings no new work for a later decision. To find something out is taken to show that all is well.

What cannot be presumed is left alone: which fact is true, and which of two answers that exclude each other is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from assessments.cashflow.reading import InputsError, read
from assessments.cashflow.tried import AS_RECORDED, Figures, figures_from_dict, with_figures
from assessments.catalogue.schema import Catalogue, FactQuestion, Gate, LevelQuestion, Stage
from assessments.planning.assessed import Assessed, assessed
from assessments.planning.differences import Differences, differences
from assessments.planning.planned import Kind, PlannedAction
from assessments.planning.progress import OPEN, Agreed, AgreedPlan, Progress
from assessments.planning.recalled import recalled
from assessments.scoring.answers import Answers, GateState
from assessments.scoring.changes import Change, with_changes
from assessments.scoring.result import BEST_LEVEL, WORST_LEVEL, GateResult, QuestionResult, Result
from assessments.scoring.sentences import listing, number


@dataclass(frozen=True, slots=True)
class Tried:
    """`done` are ids of actions, `levels` and `gates` what questions and gates are set to, by id."""

    done: tuple[str, ...] = ()
    levels: Mapping[str, int] = field(default_factory=dict)
    gates: Mapping[str, GateState] = field(default_factory=dict)
    cash: Figures = AS_RECORDED


class About(StrEnum):
    """What a remark is about."""

    NOT_KNOWN = "not-known"
    """An id that the catalogue does not know, or something that it cannot be set to."""
    NOT_CALLED_FOR = "not-called-for"
    NOT_ASKED = "not-asked"
    ALSO_NEEDED = "also-needed"
    WAITS = "waits"
    GOOD_NEWS = "good-news"
    NOT_PRESUMED = "not-presumed"
    TAKEN_AS_SETTLED = "taken-as-settled"
    CONTRADICTED = "contradicted"
    NO_FIGURES = "no-figures"
    FIGURES_REFUSED = "figures-refused"


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader should know about one thing that is tried: `id` is its own, `text` a sentence."""

    about: About
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`done` are the actions taken as done that the plan knows, `closed` what they close, `answered` what is set."""

    before: Assessed
    after: Assessed
    done: tuple[PlannedAction, ...]
    closed: tuple[Change, ...]
    answered: tuple[Change, ...]
    remarks: tuple[Remark, ...]

    @property
    def differences(self) -> Differences:
        return differences(self.before, self.after)

    def about(self, *kinds: About) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if remark.about in kinds)


def what_if(
    catalogue: Catalogue,
    answers: Answers,
    tried: Tried,
    cashflow: Mapping[str, Any] | None,
    agreed: AgreedPlan,
) -> Outcome:
    """The record as it is, the copy with everything tried, and what there is to say. Costs `assessed` twice.

    `cashflow` is the calculator's table, already checked. What the catalogue or the plan does not know is left out
    and remarked upon, never an error.
    """
    before = assessed(catalogue, answers, cashflow=cashflow, agreed=agreed)
    plan = _called_for(before)
    done = tuple(plan[action] for action in dict.fromkeys(tried.done) if action in plan)
    closing = _closing(catalogue, before, {action.id for action in done}, agreed)
    answered = tuple(_answered(catalogue, before.result, tried))
    changes = {change.id: change for change in (*closing.closed, *answered)}
    table, refused = _table(cashflow, tried.cash)
    after = assessed(
        catalogue,
        with_changes(answers, catalogue, changes.values(), answers.as_of),
        cashflow=table,
        agreed={**agreed, **{action.id: _as_done(agreed, action) for action in done}},
        settled=changes.keys(),
    )
    remarks = (
        *_unknown(catalogue, plan, tried),
        *_not_asked(before.result, answered),
        *_also_needed(catalogue, closing),
        *_waiting(before, done),
        *_good_news(done),
        *_not_presumed(done),
        *_taken_as_settled(before.result, changes.values()),
        *_contradicted(before.result, after.result),
        *refused,
    )
    return Outcome(before, after, done, closing.closed, answered, remarks)


def tried_from(done: Iterable[Any], answers: Mapping[str, Any], cash: Mapping[str, Any]) -> Tried:
    """As a what-if is stored: `answers` maps an item to a level or to a gate's state. Anything else is left out."""
    return Tried(
        done=tuple(action for action in done if isinstance(action, str)),
        levels={item: level for item, level in answers.items() if _is_level(level)},
        gates={item: GateState(state) for item, state in answers.items() if state in SETTABLE},
        cash=figures_from_dict(cash),
    )


SETTABLE = (GateState.MET, GateState.NOT_MET, GateState.NOT_KNOWN)


def _is_level(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and WORST_LEVEL <= value <= BEST_LEVEL


# Actions ----------------------------------------------------------------------------------------------------


def _called_for(before: Assessed) -> dict[str, PlannedAction]:
    """Each action that this decision or a later one calls for, as the first of them plans it."""
    found: dict[str, PlannedAction] = {}
    for plan in before.schedule.plans.values():
        for action in plan:
            found.setdefault(action.id, action)
    return found


def _as_done(agreed: AgreedPlan, action: PlannedAction) -> Agreed:
    return replace(agreed.get(action.id, OPEN), progress=Progress.DONE)


@dataclass(frozen=True, slots=True)
class _Closing:
    """`lacking`: by item, the actions still to be done of those that close it, where some are ticked."""

    closed: tuple[Change, ...]
    lacking: Mapping[str, tuple[PlannedAction, ...]]


def _closing(catalogue: Catalogue, before: Assessed, ticked: set[str], agreed: AgreedPlan) -> _Closing:
    """Stage by stage: what is not closed for one decision is not closed for a later one either."""
    over = ticked | {action for action, about in agreed.items() if about.progress is Progress.DONE}
    closed: dict[str, Stage] = {}
    lacking: dict[str, tuple[PlannedAction, ...]] = {}
    for stage, plan in before.schedule.plans.items():
        for item_id, actions in _closers(catalogue, plan).items():
            if item_id in lacking:
                continue
            missing = tuple(action for action in actions if action.id not in over)
            if missing and item_id not in closed:
                lacking[item_id] = missing if any(action.id in ticked for action in actions) else ()
            elif not missing and any(action.id in ticked for action in actions):
                closed[item_id] = stage
    changes = tuple(_closed(catalogue, before.result, item_id, stage) for item_id, stage in closed.items())
    return _Closing(changes, {item_id: missing for item_id, missing in lacking.items() if missing})


def _closers(catalogue: Catalogue, plan: Iterable[PlannedAction]) -> dict[str, list[PlannedAction]]:
    """By question or gate. Who settles a contradiction closes nothing by that: it is not known which answer goes."""
    found: dict[str, list[PlannedAction]] = {}
    for action in plan:
        for item_id in action.closes if action.kind is not Kind.SETTLE else ():
            if not isinstance(catalogue.item(item_id), FactQuestion):
                found.setdefault(item_id, []).append(action)
    return found


def _closed(catalogue: Catalogue, result: Result, item_id: str, stage: Stage) -> Change:
    item = catalogue.item(item_id)
    if isinstance(item, LevelQuestion):
        return _change(catalogue, result, item, item.required[stage])
    return _change(catalogue, result, item, GateState.MET.value)


# Answers ----------------------------------------------------------------------------------------------------


def _answered(catalogue: Catalogue, result: Result, tried: Tried) -> Iterator[Change]:
    for item_id, level in tried.levels.items():
        if _is_of(catalogue, item_id, LevelQuestion):
            yield _change(catalogue, result, catalogue.item(item_id), level)
    for item_id, state in tried.gates.items():
        if _is_of(catalogue, item_id, Gate):
            yield _change(catalogue, result, catalogue.item(item_id), state.value)


def _is_of(catalogue: Catalogue, item_id: str, kind: type[Any]) -> bool:
    return isinstance(catalogue.items.get(item_id), kind)


def _change(catalogue: Catalogue, result: Result, item: Any, to: int | str) -> Change:
    """`from_` is as it stands at the assessment's own stage; None also where it is not asked there."""
    owner = catalogue.barrier_of(item.id)
    kind = "gate" if isinstance(item, Gate) else "question"
    found = asked(result).get(item.id)
    from_: int | str | None = None
    if isinstance(found, GateResult):
        from_ = found.counts.value
    elif isinstance(found, QuestionResult):
        from_ = found.counts
    return Change(kind, item.id, owner.id if owner else "", item.title, from_, to, "")


def asked(result: Result) -> dict[str, QuestionResult | GateResult]:
    """Everything that is asked and scored, by id, in asking order of each barrier: gates, then questions."""
    found: dict[str, QuestionResult | GateResult] = {}
    for barrier in result.barriers:
        found |= {gate.id: gate for gate in barrier.gates}
        found |= {question.id: question for question in barrier.questions}
    return found


# Figures ----------------------------------------------------------------------------------------------------


def _table(cashflow: Mapping[str, Any] | None, tried: Figures) -> tuple[Mapping[str, Any] | None, tuple[Remark, ...]]:
    names = tuple(tried.given())
    if not names:
        return cashflow, ()
    if cashflow is None:
        text = "The cash flow has no figures now, so those that are tried here have no effect."
        return None, (Remark(About.NO_FIGURES, "", text),)
    table = with_figures(cashflow, tried)
    try:
        read(table)
    except InputsError:
        text = "With the cash flow as it is now, the figures tried here cannot be worked out. They are left out."
        return cashflow, (Remark(About.FIGURES_REFUSED, "", text),)
    return table, ()


# Remarks ----------------------------------------------------------------------------------------------------


def _unknown(catalogue: Catalogue, plan: Mapping[str, PlannedAction], tried: Tried) -> Iterator[Remark]:
    for action in dict.fromkeys(tried.done):
        if action not in plan:
            yield _not_called_for(catalogue, action)
    for item_id, kind in (
        *((item_id, LevelQuestion) for item_id in tried.levels),
        *((item_id, Gate) for item_id in tried.gates),
    ):
        if not _is_of(catalogue, item_id, kind):
            text = f"“{item_id}” is no question or gate of this edition any more. It is left out."
            yield Remark(About.NOT_KNOWN, item_id, text)


def _not_called_for(catalogue: Catalogue, action: str) -> Remark:
    about = action.partition(":")[2]
    barriers = {barrier.id for barrier in catalogue.barriers}
    if action in catalogue.actions or about in catalogue.items or about in barriers:
        title = recalled(catalogue, action).title
        return Remark(About.NOT_CALLED_FOR, action, f"{title}: the answers do not call for it now. It is left out.")
    return Remark(About.NOT_KNOWN, action, f"“{action}” is no action of this edition any more. It is left out.")


def _not_asked(result: Result, answered: Iterable[Change]) -> Iterator[Remark]:
    now = asked(result)
    for change in answered:
        if change.id not in now:
            text = f"{change.title}: it is not asked for this decision now, so it moves no colour."
            yield Remark(About.NOT_ASKED, change.id, text)


def _also_needed(catalogue: Catalogue, closing: _Closing) -> Iterator[Remark]:
    for item_id, missing in closing.lacking.items():
        titles = listing([f"“{action.title}”" for action in missing])
        text = f"{catalogue.item(item_id).title} stays open: it also needs {titles}."
        yield Remark(About.ALSO_NEEDED, item_id, text)


def _waiting(before: Assessed, done: Iterable[PlannedAction]) -> Iterator[Remark]:
    """Done on paper, though what comes first is still open."""
    done = tuple(done)
    ticked = {action.id for action in done}
    scheduled = before.schedule.actions
    for action in done:
        first = scheduled[action.id].after if action.id in scheduled else ()
        open_titles = [f"“{scheduled[other].action.title}”" for other in first if other not in ticked]
        if open_titles:
            verb = "is" if len(open_titles) == 1 else "are"
            text = f"{action.title} comes after {listing(open_titles)}, which {verb} still open."
            yield Remark(About.WAITS, action.id, text)


def _good_news(done: Iterable[PlannedAction]) -> Iterator[Remark]:
    found = sum(action.kind is Kind.FIND_OUT or _finishes_a_barrier(action) for action in done)
    if found:
        actions = number(found, "action only finds", "actions only find").capitalize()
        text = f"{actions} something out, or finish answering. What comes out is taken to be good."
        yield Remark(About.GOOD_NEWS, "", text)


def _finishes_a_barrier(action: PlannedAction) -> bool:
    return action.kind is Kind.FINISH and action.barrier is not None


def _not_presumed(done: Iterable[PlannedAction]) -> Iterator[Remark]:
    for action in done:
        if action.kind is Kind.SETTLE:
            text = f"{action.title}: it takes no more time, but which of the answers goes is not presumed."
            yield Remark(About.NOT_PRESUMED, action.id, text)
        elif action.kind is Kind.FINISH and action.barrier is None:
            text = f"{action.title}: it takes no more time, but no fact is presumed, so what applies stays as it is."
            yield Remark(About.NOT_PRESUMED, action.id, text)


def _taken_as_settled(result: Result, changes: Iterable[Change]) -> Iterator[Remark]:
    now = asked(result)
    for change in changes:
        found = now.get(change.id)
        if found is not None and found.cap is not None:
            text = f"{change.title} is taken as settled here. On the figures as they are, {found.cap.reason}."
            yield Remark(About.TAKEN_AS_SETTLED, change.id, text)


def _contradicted(before: Result, after: Result) -> Iterator[Remark]:
    found = {contradiction.id for contradiction in before.contradictions}
    for contradiction in after.contradictions:
        if contradiction.id not in found:
            yield Remark(About.CONTRADICTED, contradiction.id, f"{contradiction.title}. {contradiction.text}")
