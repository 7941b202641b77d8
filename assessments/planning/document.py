"""An assessment's result with its plan as one JSON document, as `design.md` section 5 promises it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.cashflow.serialise import to_dict as cashflow_to_dict
from assessments.planning.assessed import Assessed
from assessments.planning.planned import PlannedAction
from assessments.planning.schedule_serialise import schedule_to_dict
from assessments.planning.scheduled import Schedule
from assessments.scoring.answers import Service
from assessments.scoring.changes import Change, changes_to_dicts
from assessments.scoring.compatibility import Compatibility
from assessments.scoring.compatibility import to_dict as compatibility_to_dict
from assessments.scoring.result import Result
from assessments.scoring.sensitivity import Stability, stability_to_dict
from assessments.scoring.serialise import result_to_dict

Plain = dict[str, Any]


def document_of(found: Assessed, service: Service) -> Plain:
    """All that is worked out."""
    return document(
        found.result,
        found.actions,
        fingerprint=found.fingerprint,
        service=service,
        cashflow=None if found.forecast is None else cashflow_to_dict(found.forecast, found.stresses),
        schedule=found.schedule,
        shortest_way_up=found.way_up,
        stability=found.stability,
        compatibility=found.compatibility,
    )


def document(
    result: Result,
    actions: Sequence[PlannedAction],
    *,
    fingerprint: str,
    service: Service,
    cashflow: Mapping[str, Any] | None = None,
    schedule: Schedule | None = None,
    shortest_way_up: Sequence[Change] = (),
    stability: Stability | None = None,
    compatibility: Compatibility | None = None,
) -> Plain:
    """Every key is there: what was not worked out is null or empty. `cashflow` is the forecast as plain data."""
    plain = result_to_dict(result)
    return {
        **plain,
        "overall": {
            **plain["overall"],
            "stability": None if stability is None else stability_to_dict(stability),
        },
        "fingerprint": fingerprint,
        "service": {"name": service.name, "organisation": service.organisation},
        "shortest_way_up": changes_to_dicts(shortest_way_up),
        "actions": [{**action_to_dict(action), **_dates(action, schedule)} for action in actions],
        "compatibility": None if compatibility is None else compatibility_to_dict(compatibility),
        "schedule": None if schedule is None else schedule_to_dict(schedule),
        "cashflow": None if cashflow is None else dict(cashflow),
    }


def action_to_dict(action: PlannedAction) -> Plain:
    return {
        "id": action.id,
        "kind": action.kind.value,
        "barrier": action.barrier,
        "priority": action.priority.value,
        "title": action.title,
        "how": action.how,
        "owner": action.owner,
        "weeks": None if action.weeks is None else list(action.weeks),
        "after": list(action.after),
        "closes": list(action.closes),
        "done_when": action.done_when,
        "reason": action.reason,
        "by": None if action.by is None else action.by.isoformat(),
    }


def _dates(action: PlannedAction, schedule: Schedule | None) -> Plain:
    """The bar of the likely schedule; null where the action takes no time, being done or not to be done."""
    found = None if schedule is None else schedule.actions.get(action.id)
    return {
        "start": None if found is None else found.start.isoformat(),
        "finish": None if found is None else found.finish.isoformat(),
    }


def to_json(plain: Plain) -> bytes:
    """The same document always gives the same bytes."""
    return (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode()
