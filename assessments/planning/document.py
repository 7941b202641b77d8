"""An assessment's result with its plan as one JSON document, as `design.md` section 5 promises it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.cashflow.forecast import forecast
from assessments.cashflow.reading import read
from assessments.cashflow.serialise import to_dict as cashflow_to_dict
from assessments.cashflow.stress import stress
from assessments.planning.planned import PlannedAction
from assessments.scoring.answers import Service
from assessments.scoring.result import Result
from assessments.scoring.serialise import result_to_dict


def document(
    result: Result,
    actions: Sequence[PlannedAction],
    *,
    fingerprint: str,
    service: Service,
    cashflow: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Nothing is left out: what this version does not work out yet is null or empty. `cashflow` is the calculator's
    table, where one was given."""
    return {
        **result_to_dict(result),
        "fingerprint": fingerprint,
        "service": {"name": service.name, "organisation": service.organisation},
        "shortest_way_up": [],
        "actions": [action_to_dict(action) for action in actions],
        "cashflow": None if cashflow is None else forecast_of(cashflow),
    }


def forecast_of(table: Mapping[str, Any]) -> dict[str, Any]:
    inputs = read(table)
    return cashflow_to_dict(forecast(inputs), stress(inputs))


def action_to_dict(action: PlannedAction) -> dict[str, Any]:
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


def to_json(plain: dict[str, Any]) -> bytes:
    """The same document always gives the same bytes."""
    return (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode()
