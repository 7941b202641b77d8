"""A Result as plain data and back, under the names of the contract (`design.md`, section 5).

Colours stand at `worst` and `best`; the rule, its sentence and its triggers beside them are the worst case's,
and those of the best case stand in `at_best`. Nothing is lost on the way there and back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from assessments.catalogue.schema import Stage
from assessments.scoring.result import (
    BarrierResult,
    Colour,
    Confidence,
    Contradiction,
    Decision,
    GateResult,
    QuestionResult,
    Range,
    Result,
    Trigger,
    Unknown,
)

Plain = dict[str, Any]

_TRIGGERS = TypeAdapter(tuple[Trigger, ...])
_QUESTIONS = TypeAdapter(tuple[QuestionResult, ...])
_GATES = TypeAdapter(tuple[GateResult, ...])
_UNKNOWNS = TypeAdapter(tuple[Unknown, ...])
_CONFIDENCE: TypeAdapter[Confidence | None] = TypeAdapter(Confidence | None)
_CONTRADICTIONS = TypeAdapter(tuple[Contradiction, ...])


def result_to_dict(result: Result) -> Plain:
    """Ready for JSON. `order` keeps the order of the barriers where a store does not keep that of keys."""
    return {
        "catalogue": result.catalogue,
        "digest": result.digest,
        "stage": result.stage.value,
        "as_of": result.as_of.isoformat(),
        "overall": {
            **_range_to_dict(result.supported),
            "claimed": {**_range_to_dict(result.claimed), "index": _listed(result.claimed_index)},
            "index": _listed(result.index),
            "stability": None,
        },
        "order": [barrier.id for barrier in result.barriers],
        "barriers": {barrier.id: _barrier_to_dict(barrier) for barrier in result.barriers},
        "find_out_first": _UNKNOWNS.dump_python(result.find_out_first, mode="json"),
        "contradictions": _CONTRADICTIONS.dump_python(result.contradictions, mode="json"),
    }


def result_from_dict(plain: Mapping[str, Any]) -> Result:
    """The Result that `result_to_dict` was given. Extra keys are ignored: later versions may store more.

    What an earlier version did not store yet (confidence, caps, contradictions) is left empty.
    """
    overall = plain["overall"]
    return Result(
        catalogue=plain["catalogue"],
        digest=plain["digest"],
        stage=Stage(plain["stage"]),
        as_of=dt.date.fromisoformat(plain["as_of"]),
        supported=_range_from_dict(overall),
        claimed=_range_from_dict(overall["claimed"]),
        index=_pair(overall["index"]),
        claimed_index=_pair(overall["claimed"]["index"]),
        barriers=tuple(_barrier_from_dict(barrier_id, plain["barriers"][barrier_id]) for barrier_id in plain["order"]),
        find_out_first=_UNKNOWNS.validate_python(plain["find_out_first"]),
        contradictions=_CONTRADICTIONS.validate_python(plain.get("contradictions", ())),
    )


def _barrier_to_dict(barrier: BarrierResult) -> Plain:
    return {
        "title": barrier.title,
        **_range_to_dict(barrier.supported),
        "claimed": {**_range_to_dict(barrier.claimed), "index": _listed(barrier.claimed_index)},
        "index": _listed(barrier.index),
        "coverage": barrier.coverage,
        "confidence": _CONFIDENCE.dump_python(barrier.confidence, mode="json"),
        "profile": list(barrier.profile),
        "not_applicable_share": barrier.not_applicable_share,
        "too_much_not_applicable": barrier.too_much_not_applicable,
        "questions": list(map(_with_review, _QUESTIONS.dump_python(barrier.questions, mode="json"), barrier.questions)),
        "gates": list(map(_with_review, _GATES.dump_python(barrier.gates, mode="json"), barrier.gates)),
    }


def _with_review(plain: Plain, item: QuestionResult | GateResult) -> Plain:
    """What is agreed, and what counts, stand only with an item that an adviser has reviewed."""
    if item.agreed is None:
        del plain["agreed"]
    else:
        plain["agreed"]["dissent"] = item.agreed.dissent
        plain["counts"] = item.counts.value if isinstance(item, GateResult) else item.counts
    return plain


def _barrier_from_dict(barrier_id: str, plain: Mapping[str, Any]) -> BarrierResult:
    nothing, recognised, planned, in_place, confirmed = plain["profile"]
    return BarrierResult(
        id=barrier_id,
        title=plain["title"],
        supported=_range_from_dict(plain),
        claimed=_range_from_dict(plain["claimed"]),
        index=_pair(plain["index"]),
        claimed_index=_pair(plain["claimed"]["index"]),
        coverage=plain["coverage"],
        profile=(nothing, recognised, planned, in_place, confirmed),
        questions=_QUESTIONS.validate_python(plain["questions"]),
        gates=_GATES.validate_python(plain["gates"]),
        not_applicable_share=plain["not_applicable_share"],
        too_much_not_applicable=plain["too_much_not_applicable"],
        confidence=_CONFIDENCE.validate_python(plain.get("confidence")),
    )


def _range_to_dict(both: Range) -> Plain:
    return {
        "worst": both.worst.colour.value,
        "best": both.best.colour.value,
        **_reasons_to_dict(both.worst),
        "at_best": _reasons_to_dict(both.best),
    }


def _range_from_dict(plain: Mapping[str, Any]) -> Range:
    return Range(
        worst=_decision_from_dict(plain["worst"], plain),
        best=_decision_from_dict(plain["best"], plain["at_best"]),
    )


def _reasons_to_dict(decision: Decision) -> Plain:
    return {
        "rule": decision.rule,
        "sentence": decision.sentence,
        "triggers": _TRIGGERS.dump_python(decision.triggers, mode="json"),
    }


def _decision_from_dict(colour: str, reasons: Mapping[str, Any]) -> Decision:
    triggers = _TRIGGERS.validate_python(reasons["triggers"])
    return Decision(Colour(colour), reasons["rule"], reasons["sentence"], triggers)


def _listed(pair: tuple[int, int] | None) -> list[int] | None:
    return None if pair is None else list(pair)


def _pair(listed: list[int] | None) -> tuple[int, int] | None:
    return None if listed is None else (listed[0], listed[1])
