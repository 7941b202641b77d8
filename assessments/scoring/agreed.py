"""What is agreed with an adviser as plain data and back: the shape of [agreed] in an answers file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.catalogue.schema import Catalogue, Gate
from assessments.scoring.answers import AgreedGate, AgreedLevel, AnswerState, GateState, Rating

Plain = dict[str, Any]


def agreed_to_dict(agreed: Mapping[str, AgreedLevel | AgreedGate]) -> dict[str, Plain]:
    """Ready for JSON, by item in the order of ids. Words that nobody wrote are left out."""
    return {item_id: _to_dict(agreed[item_id]) for item_id in sorted(agreed)}


def agreed_from_dict(
    catalogue: Catalogue, plain: Mapping[str, Mapping[str, Any]]
) -> dict[str, AgreedLevel | AgreedGate]:
    """What `agreed_to_dict` was given, of the same catalogue."""
    return {item_id: _from_dict(catalogue, item_id, given) for item_id, given in plain.items()}


def _to_dict(found: AgreedLevel | AgreedGate) -> Plain:
    settled = {"dissent": True} if found.agreed is None else _rating("", found.agreed)
    words = {"reason": found.reason, "client_words": found.client_words}
    return {**settled, **_rating("adviser_", found.adviser), **{key: text for key, text in words.items() if text}}


def _rating(prefix: str, rating: Rating | GateState) -> Plain:
    return {f"{prefix}level": rating} if isinstance(rating, int) else {f"{prefix}state": rating.value}


def _from_dict(catalogue: Catalogue, item_id: str, plain: Mapping[str, Any]) -> AgreedLevel | AgreedGate:
    words = {"reason": plain.get("reason", ""), "client_words": plain.get("client_words", "")}
    if isinstance(catalogue.item(item_id), Gate):
        settled = GateState(plain["state"]) if "state" in plain else None
        return AgreedGate(GateState(plain["adviser_state"]), settled, **words)
    adviser, agreed = _rating_of(plain, "adviser_"), _rating_of(plain, "")
    if adviser is None:
        raise ValueError(f"What is agreed of {item_id} does not say what the adviser found.")
    return AgreedLevel(adviser, agreed, **words)


def _rating_of(plain: Mapping[str, Any], prefix: str) -> Rating | None:
    if f"{prefix}level" in plain:
        return int(plain[f"{prefix}level"])
    return AnswerState(plain[f"{prefix}state"]) if f"{prefix}state" in plain else None
