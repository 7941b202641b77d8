"""When each decision can be ready at the earliest, and what decides it: the critical path of a plan.

Everything is counted in calendar weeks from the day the answers hold: a date is that day + 7 days for each week.
Three schedules are worked out, with every action at its shortest, its likely (middle) and its longest time. The
likely one gives each action its dates; the other two give the range in which a date may fall.

To be ready for a decision, everything that the plan for that stage calls for must be finished: the same answers
are scored at each later stage, and what those before it call for is included. An action waits for what it waits
for in the plan of the first stage that calls for it: where that plan took something as done, it does not wait for
it again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from assessments.catalogue.path import path
from assessments.catalogue.schema import Catalogue, FactValue, Gate, LevelQuestion, Stage
from assessments.planning import critical_path, schedule_words
from assessments.planning.actions import plan_actions
from assessments.planning.critical_path import Case, Graph, Span, Task, day
from assessments.planning.planned import Kind, PlannedAction
from assessments.planning.progress import NOTHING_AGREED, OPEN, Agreed, AgreedPlan, Progress
from assessments.planning.scheduled import Chain, Schedule, ScheduledAction, StageSchedule, Step
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState
from assessments.scoring.result import Result
from assessments.scoring.score import facts_of, score

CONVENTIONS: Mapping[Kind, tuple[int, int]] = {
    Kind.STEP: (1, 4),
    Kind.FIND_OUT: (1, 2),
    Kind.PROVE: (1, 4),
    Kind.FINISH: (1, 2),
    Kind.SETTLE: (1, 2),
}
"""Weeks, fewest and most, of what the catalogue gives none for (convention): one or two to ask somebody, to answer
what is left or to settle what does not fit; up to four for a step on the way, or until a paper that somebody else
holds is here."""

CHAINS_SHOWN = 3
TARGET_DATE, GO_LIVE_DATE = "target-date", "go-live-date"


def schedule(
    catalogue: Catalogue,
    answers: Answers,
    agreed: AgreedPlan = NOTHING_AGREED,
    *,
    result: Result | None = None,
    actions: Sequence[PlannedAction] | None = None,
) -> Schedule:
    """Dates for the assessment's stage, each later stage and every action still to be done.

    `result` and `actions` are those of the assessment's own stage, where the caller has them already. Costs a score
    for each later stage, and where answers are missing all of it twice: for pages, reports and what-ifs, never for a
    save.
    """
    stages = _plans(catalogue, answers, result, actions)
    called_for = _first_called_for(stages)
    network = _Network(called_for, agreed, answers.as_of)
    scheduled = _stages(stages, called_for, network, facts_of(answers))
    if any(stage.missing_answers for stage in scheduled):
        scheduled = tuple(_with_undone(scheduled, _if_undone(catalogue, answers, agreed)))
    scheduled = tuple(_in_words(stage, called_for) for stage in scheduled)
    own = {stage.stage: stage for stage in scheduled}
    return Schedule(
        as_of=answers.as_of,
        stages=scheduled,
        actions={
            action.id: network.scheduled(action, own[stage])
            for stage, action in called_for.values()
            if action.id in network.likely
        },
        closed={action.id: action for _, action in called_for.values() if action.id in network.closed},
        longest_chains=network.longest_chains(),
        plans=dict(stages),
    )


# What each stage calls for ----------------------------------------------------------------------------------

_Plans = list[tuple[Stage, tuple[PlannedAction, ...]]]
_CalledFor = dict[str, tuple[Stage, PlannedAction]]


def _plans(
    catalogue: Catalogue, answers: Answers, result: Result | None, actions: Sequence[PlannedAction] | None
) -> _Plans:
    plans: _Plans = []
    for stage in tuple(Stage)[answers.stage.position :]:
        is_own = stage is answers.stage
        if is_own and actions is not None:
            plans.append((stage, tuple(actions)))
            continue
        there = replace(answers, stage=stage)
        scored = (result if is_own else None) or score(catalogue, there)
        plans.append((stage, plan_actions(catalogue, scored, there)))
    return plans


def _first_called_for(plans: _Plans) -> _CalledFor:
    """Each action as the first stage that calls for it plans it, in plan order."""
    first: _CalledFor = {}
    for stage, actions in plans:
        for action in actions:
            first.setdefault(action.id, (stage, action))
    return first


# What is not answered ---------------------------------------------------------------------------------------


def _if_undone(catalogue: Catalogue, answers: Answers, agreed: AgreedPlan) -> Iterator[dt.date]:
    """The likely date of each stage if nothing of what is not answered, now or for a later decision, has been done."""
    plans = _plans(catalogue, undone(catalogue, answers), None, None)
    called_for = _first_called_for(plans)
    network = _Network(called_for, agreed, answers.as_of)
    for stage, _ in plans:
        finishes = [
            network.likely[action.id].finish
            for first, action in called_for.values()
            if first.position <= stage.position and action.id in network.likely
        ]
        yield network.date(max(finishes, default=0))


def undone(catalogue: Catalogue, answers: Answers) -> Answers:
    """The answers, with level 0 and "not met" for whatever is not answered or not known up to going live."""
    asked = path(catalogue, Stage.GO_LIVE, facts_of(answers), answers.as_of)
    questions, gates, agreed = dict(answers.questions), dict(answers.gates), dict(answers.agreed)
    for item in (catalogue.item(item_id) for item_id in asked.truths):
        if isinstance(item, LevelQuestion):
            given = answers.agreed_level(item.id) or questions.get(item.id)
            if given is None or given.state in (AnswerState.DONT_KNOW, AnswerState.NOT_ANSWERED):
                questions[item.id] = Answer(AnswerState.ANSWERED, level=0)
                agreed.pop(item.id, None)
        elif isinstance(item, Gate):
            settled, said = answers.agreed_gate(item.id), gates.get(item.id)
            state = settled.counts if settled else said.state if said else GateState.NOT_KNOWN
            if state is GateState.NOT_KNOWN:
                gates[item.id] = GateAnswer(GateState.NOT_MET)
                agreed.pop(item.id, None)
    return replace(answers, questions=questions, gates=gates, agreed=agreed)


def _with_undone(stages: Iterable[StageSchedule], dates: Iterable[dt.date]) -> Iterator[StageSchedule]:
    for stage, date in zip(stages, dates, strict=True):
        yield replace(stage, if_undone=max(date, stage.likely)) if stage.missing_answers else stage


def _in_words(stage: StageSchedule, called_for: _CalledFor) -> StageSchedule:
    titles = {action.id: action.title for _, action in called_for.values()}
    return replace(stage, sentences=schedule_words.of_stage(stage, titles))


# Dates ------------------------------------------------------------------------------------------------------


class _Network:
    """All that is to be done as one graph, with its three schedules."""

    def __init__(self, called_for: _CalledFor, agreed: AgreedPlan, as_of: dt.date) -> None:
        actions = [action for _, action in called_for.values()]
        self.as_of = as_of
        self.agreed = agreed
        self.closed = {
            action.id for action in actions if self.of(action.id).progress in (Progress.DONE, Progress.WILL_NOT_DO)
        }
        self.open = {action.id: action for action in actions if action.id not in self.closed}
        self.places = {action_id: place for place, action_id in enumerate(self.open)}
        self.graph = critical_path.graph_of(
            [self._task(action) for action in self.open.values()],
            {action.id: action.after for action in actions},
            self.closed,
        )
        self.shortest, self.likely, self.longest = (critical_path.spans(self.graph, case) for case in Case)

    def of(self, action_id: str) -> Agreed:
        return self.agreed.get(action_id, OPEN)

    def due(self, action_id: str) -> dt.date | None:
        """The date agreed, or else promised."""
        return self.of(action_id).due_on or self.open[action_id].by

    def date(self, days: int) -> dt.date:
        return day(self.as_of, days)

    def _task(self, action: PlannedAction) -> Task:
        item = self.of(action.id)
        start = 0 if item.starts_on is None else (item.starts_on - self.as_of).days
        return Task(action.id, days_of(weeks_of(action)), start, item.progress is Progress.DOING)

    def part(self, ids: Iterable[str]) -> Graph:
        return self.graph.subgraph(ids)

    def scheduled(self, action: PlannedAction, stage: StageSchedule) -> ScheduledAction:
        """`stage` is the first that calls for it."""
        item = self.of(action.id)
        span = self.likely[action.id]
        earliest = self.date(self.shortest[action.id].finish)
        due = self.due(action.id)
        return ScheduledAction(
            action=action,
            stage=stage.stage,
            progress=item.progress,
            owner=item.owner or action.owner,
            weeks=weeks_of(action),
            after=tuple(sorted(self.graph.pred[action.id], key=self.places.__getitem__)),
            start=self.date(span.start),
            finish=self.date(span.finish),
            earliest_finish=earliest,
            latest_finish=self.date(self.longest[action.id].finish),
            slack_weeks=stage.slack_weeks[action.id],
            critical=action.id in stage.critical,
            due=due,
            due_too_early=due is not None and due < earliest,
        )

    def steps(self, chain: Iterable[str]) -> tuple[Step, ...]:
        return tuple(self._step(self.open[action_id], self.likely[action_id]) for action_id in chain)

    def _step(self, action: PlannedAction, span: Span) -> Step:
        item = self.of(action.id)
        is_delayed = item.starts_on is not None and item.starts_on > self.as_of
        return Step(
            id=action.id,
            title=action.title,
            weeks=weeks_of(action),
            start=self.date(span.start),
            finish=self.date(span.finish),
            under_way=item.progress is Progress.DOING,
            not_before=item.starts_on if is_delayed else None,
        )

    def longest_chains(self) -> tuple[Chain, ...]:
        """Each of them ends with something that nothing else waits for."""
        ends = [node for node in self.graph if not self.graph.succ[node]]
        ends.sort(key=lambda node: (-self.likely[node].finish, node))
        return tuple(self._chain(last) for last in ends[:CHAINS_SHOWN])

    def _chain(self, last: str) -> Chain:
        ids = critical_path.chain_to(self.graph, self.likely, last, Case.LIKELY)
        fewest, most = (critical_path.length(self.graph, ids, case) for case in (Case.SHORTEST, Case.LONGEST))
        return Chain(self.steps(ids), (_whole_weeks(fewest), _whole_weeks(most)), self.date(self.likely[last].finish))


def weeks_of(action: PlannedAction) -> tuple[int, int]:
    """Fewest and most weeks: the catalogue's, or the convention for this kind of action."""
    return CONVENTIONS[action.kind] if action.weeks is None else action.weeks


def days_of(weeks: tuple[int, int]) -> tuple[int, int, int]:
    """Shortest, likely (the middle, half a week counted as four days) and longest."""
    fewest, most = weeks
    return 7 * fewest, (7 * (fewest + most) + 1) // 2, 7 * most


def _whole_weeks(days: int) -> int:
    """A week begun is a week."""
    return -(-days // 7)


# Stages -----------------------------------------------------------------------------------------------------


def _stages(
    plans: _Plans, called_for: _CalledFor, network: _Network, facts: Mapping[str, FactValue]
) -> tuple[StageSchedule, ...]:
    found: list[StageSchedule] = []
    unknown: set[str] = set()
    for stage, actions in plans:
        unknown.update(_answers_missing(actions))
        so_far = [action for first, action in called_for.values() if first.position <= stage.position]
        planned = _stage(stage, so_far, network, len(unknown))
        found.append(_with_wanted(planned, plans[0][0], facts, network.as_of))
    return tuple(found)


def _answers_missing(actions: Sequence[PlannedAction]) -> set[str]:
    return {item for action in actions if action.kind in (Kind.FIND_OUT, Kind.FINISH) for item in action.closes}


def _stage(stage: Stage, actions: Sequence[PlannedAction], network: _Network, missing: int) -> StageSchedule:
    needed = [action.id for action in actions if action.id in network.open]
    part = network.part(needed)
    shortest, likely, longest = (
        {action_id: found[action_id] for action_id in needed}
        for found in (network.shortest, network.likely, network.longest)
    )
    days = tuple(critical_path.end(found) for found in (shortest, likely, longest))
    dates = [network.date(number) for number in days]
    slack = critical_path.slack(part, likely, Case.LIKELY)
    last = min((node for node in needed if likely[node].finish == days[Case.LIKELY]), default=None)
    chain = [] if last is None else critical_path.chain_to(part, likely, last, Case.LIKELY)
    progress = {action.id: network.of(action.id).progress for action in actions}
    return StageSchedule(
        stage=stage,
        earliest=dates[Case.SHORTEST],
        likely=dates[Case.LIKELY],
        latest=dates[Case.LONGEST],
        needed=tuple(needed),
        chain=network.steps(chain),
        slack_weeks={action_id: slack[action_id] // 7 for action_id in needed},
        critical=tuple(action_id for action_id in needed if slack[action_id] == 0),
        will_not_do=tuple(found for found, how in progress.items() if how is Progress.WILL_NOT_DO),
        done=tuple(found for found, how in progress.items() if how is Progress.DONE),
        missing_answers=missing,
        due_later=dict(_due_later(needed, network, dates[Case.LIKELY])),
    )


def _due_later(needed: Iterable[str], network: _Network, likely: dt.date) -> Iterator[tuple[str, dt.date]]:
    for action_id in needed:
        due = network.due(action_id)
        if due is not None and (due - likely).days >= 7:
            yield action_id, due


def _with_wanted(stage: StageSchedule, own: Stage, facts: Mapping[str, FactValue], as_of: dt.date) -> StageSchedule:
    """With the date given for this decision, if any: that of the next decision, or of going live."""
    asked = [TARGET_DATE] if stage.stage is own else []
    asked += [GO_LIVE_DATE] if stage.stage is Stage.GO_LIVE else []
    for fact in asked:
        given = facts.get(fact)
        if isinstance(given, dt.date):
            shortest, likely, longest = (
                (given - date).days // 7 for date in (stage.earliest, stage.likely, stage.latest)
            )
            return replace(
                stage,
                wanted=given,
                wanted_fact=fact,
                wanted_has_passed=given < as_of,
                weeks_to_spare=(shortest, likely, longest),
            )
    return stage
