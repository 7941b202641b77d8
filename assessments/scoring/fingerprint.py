"""A fingerprint of the inputs, so that a report can prove what it was made from (scoring method, rule 19)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any

from assessments.catalogue.schema import FactValue
from assessments.scoring.answers import AgreedGate, AgreedLevel, Answer, Answers, Cap, DoubleRatings, GateAnswer


def fingerprint(catalogue_digest: str, answers: Answers) -> str:
    """SHA-256 in hexadecimal. The order of answers, and of options chosen together, makes no difference.

    Caps, double ratings and what is agreed count where there are any, so that without them a fingerprint stays what
    it was.
    """
    inputs = {
        "catalogue": catalogue_digest,
        "stage": answers.stage,
        "as_of": answers.as_of,
        "profile": {fact: _in_one_order(value) for fact, value in answers.profile.items()},
        "questions": dict(answers.questions),
        "gates": dict(answers.gates),
        **({"caps": dict(answers.caps)} if answers.caps else {}),
        **({"double_ratings": dict(answers.double_ratings)} if answers.double_ratings else {}),
        **({"agreed": dict(answers.agreed)} if answers.agreed else {}),
    }
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


_PARTS: Mapping[type, Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*kind.__slots__) for kind in (Answer, GateAnswer, Cap, DoubleRatings, AgreedLevel, AgreedGate)
}


def _plain(value: Any) -> Any:
    """Marked by kind, so that a date or an amount is never taken for a text that looks the same."""
    parts = _PARTS.get(type(value))
    if parts is not None:
        return [_in_one_order(part) if type(part) is tuple else part for part in parts(value)]
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": f"{value.normalize():f}"}
    raise TypeError(f"{type(value).__name__} has no place among the inputs of a score")


def _in_one_order(value: FactValue | None) -> FactValue | None:
    return tuple(sorted(value)) if isinstance(value, tuple) else value
