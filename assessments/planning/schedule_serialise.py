"""A schedule as plain data for JSON: dates as text (2027-03-31), weeks as whole numbers, null where there is none."""

from __future__ import annotations

import datetime as dt
from typing import Any

from assessments.planning.scheduled import Chain, Schedule, ScheduledAction, StageSchedule, Step

Plain = dict[str, Any]


def schedule_to_dict(schedule: Schedule) -> Plain:
    """The same schedule always gives the same, in the same order."""
    return {
        "as_of": schedule.as_of.isoformat(),
        "stages": [_stage(stage) for stage in schedule.stages],
        "actions": {action_id: _action(action) for action_id, action in schedule.actions.items()},
        "longest_chains": [_chain(chain) for chain in schedule.longest_chains],
        "due_too_early": [action.action.id for action in schedule.due_too_early],
    }


def _stage(stage: StageSchedule) -> Plain:
    return {
        "stage": stage.stage.value,
        "reached": stage.reached,
        "earliest": stage.earliest.isoformat(),
        "likely": stage.likely.isoformat(),
        "latest": stage.latest.isoformat(),
        "wanted": _date(stage.wanted),
        "weeks_to_spare": None if stage.weeks_to_spare is None else list(stage.weeks_to_spare),
        "chain": [_step(step) for step in stage.chain],
        "needed": list(stage.needed),
        "slack_weeks": dict(stage.slack_weeks),
        "critical": list(stage.critical),
        "will_not_do": list(stage.will_not_do),
        "done": list(stage.done),
        "missing_answers": stage.missing_answers,
        "if_undone": _date(stage.if_undone),
        "sentences": list(stage.sentences),
    }


def _action(action: ScheduledAction) -> Plain:
    return {
        "stage": action.stage.value,
        "title": action.action.title,
        "owner": action.owner,
        "progress": action.progress.value,
        "weeks": list(action.weeks),
        "after": list(action.after),
        "start": action.start.isoformat(),
        "finish": action.finish.isoformat(),
        "earliest_finish": action.earliest_finish.isoformat(),
        "latest_finish": action.latest_finish.isoformat(),
        "slack_weeks": action.slack_weeks,
        "critical": action.critical,
        "due": _date(action.due),
        "due_too_early": action.due_too_early,
    }


def _chain(chain: Chain) -> Plain:
    return {
        "weeks": list(chain.weeks),
        "finish": chain.finish.isoformat(),
        "actions": [step.id for step in chain.steps],
    }


def _step(step: Step) -> Plain:
    return {
        "id": step.id,
        "title": step.title,
        "weeks": list(step.weeks),
        "start": step.start.isoformat(),
        "finish": step.finish.isoformat(),
        "under_way": step.under_way,
        "not_before": _date(step.not_before),
    }


def _date(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()
