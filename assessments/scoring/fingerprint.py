"""A fingerprint of the inputs, so that a report can prove what it was made from (scoring method, rule 19)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assessments.scoring.answers import Answer, Answers, GateAnswer


def fingerprint(catalogue_digest: str, answers: Answers) -> str:
    """SHA-256 in hexadecimal. The order of answers, and of options chosen together, makes no difference."""
    inputs = {
        "catalogue": catalogue_digest,
        "stage": answers.stage,
        "as_of": answers.as_of,
        "profile": dict(answers.profile),
        "questions": _all(answers.questions),
        "gates": _all(answers.gates),
    }
    text = json.dumps(_plain(inputs), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _all(given: Mapping[str, Answer] | Mapping[str, GateAnswer]) -> dict[str, Any]:
    return {item_id: {name: getattr(answer, name) for name in answer.__slots__} for item_id, answer in given.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return sorted(value)
    if isinstance(value, Decimal):
        return {"decimal": f"{value.normalize():f}"}
    return {"date": value.isoformat()} if isinstance(value, dt.date) else value
