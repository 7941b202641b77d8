"""The cases of `cases/`, each a situation that a practitioner can read and the result that it must give."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assessments.catalogue import loader
from assessments.catalogue.path import path
from assessments.catalogue.schema import Gate, Item, LevelQuestion
from assessments.planning.actions import first_three, plan_actions
from assessments.planning.planned import PlannedAction
from assessments.scoring.answers_file import parse
from assessments.scoring.result import Decision, Range, Result
from assessments.scoring.score import facts_of, score

HERE = Path(__file__).parent
FILES = sorted((HERE / "cases").glob("*.toml"))
KEYS = {
    "name",
    "description",
    "stage",
    "as_of",
    "profile_from",
    "without",
    "otherwise",
    "profile",
    "answers",
    "gates",
    "agreed",
    "expected",
}

Raw = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    result: Result
    actions: tuple[PlannedAction, ...]


def read(file: Path) -> Raw:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def answers_file(case: Raw) -> Raw:
    """The case as an answers file: its profile filled in, and "otherwise" written out for all that is asked."""
    base = read(HERE / "profiles" / f"{case['profile_from']}.toml") if "profile_from" in case else {}
    raw = {
        "catalogue": "2026.1",
        "stage": case["stage"],
        "as_of": case["as_of"],
        "profile": {**base.get("profile", {}), **case.get("profile", {})},
        "answers": {**base.get("answers", {}), **case.get("answers", {})},
        "gates": case.get("gates", {}),
        "agreed": case.get("agreed", {}),
    }
    for fact in case.get("without", []):
        raw["profile"].pop(fact, None)
        raw["answers"].pop(fact, None)
    otherwise = case.get("otherwise", {})
    for item in asked_in(raw):
        if isinstance(item, LevelQuestion) and "questions" in otherwise:
            raw["answers"].setdefault(item.id, otherwise["questions"])
        if isinstance(item, Gate) and "gates" in otherwise:
            raw["gates"].setdefault(item.id, otherwise["gates"])
    return raw


def asked_in(raw: Raw) -> list[Item]:
    given = parse(as_json(raw), "case.json")
    asked = path(given.catalogue, given.answers.stage, facts_of(given.answers), given.answers.as_of)
    return [given.catalogue.item(item_id) for item_id in asked.truths]


def as_json(raw: Raw) -> bytes:
    return json.dumps(raw, default=str).encode()


def outcome_of(case: Raw) -> Outcome:
    given = parse(as_json(answers_file(case)), "case.json")
    result = score(given.catalogue, given.answers)
    return Outcome(result, plan_actions(given.catalogue, result, given.answers))


# What a case may expect, and how it is read from an outcome --------------------------------------------------


def ends(both: Range) -> list[str]:
    return [both.worst.colour.value, both.best.colour.value]


def ids(decision: Decision) -> list[str]:
    return sorted(trigger.id for trigger in decision.triggers)


def asked_ids(result: Result) -> set[str]:
    questions = {question.id for barrier in result.barriers for question in barrier.questions}
    return questions | {gate.id for barrier in result.barriers for gate in barrier.gates}


def may_apply_ids(result: Result) -> set[str]:
    questions = {question.id for barrier in result.barriers for question in barrier.questions if question.may_apply}
    return questions | {gate.id for barrier in result.barriers for gate in barrier.gates if gate.may_apply}


def per_barrier(read_one: Callable[[Any], object]) -> Callable[[Outcome, Mapping[str, object]], object]:
    return lambda outcome, wanted: {name: read_one(outcome.result.barrier(name)) for name in wanted}


FOUND: dict[str, Callable[[Outcome, Any], object]] = {
    "evidenced": lambda outcome, _: ends(outcome.result.supported),
    "claimed": lambda outcome, _: ends(outcome.result.claimed),
    "rule": lambda outcome, _: outcome.result.supported.worst.rule,
    "triggers": lambda outcome, _: ids(outcome.result.supported.worst),
    "find_out_first": lambda outcome, wanted: [u.id for u in outcome.result.find_out_first[: len(wanted) or None]],
    "do_first": lambda outcome, _: [action.id for action in first_three(outcome.actions)],
    "asked": lambda outcome, wanted: [one for one in wanted if one in asked_ids(outcome.result)],
    "not_asked": lambda outcome, wanted: [one for one in wanted if one not in asked_ids(outcome.result)],
    "may_apply": lambda outcome, wanted: [one for one in wanted if one in may_apply_ids(outcome.result)],
    "counts": lambda outcome, _: {
        "questions": sum(len(barrier.questions) for barrier in outcome.result.barriers),
        "gates": sum(len(barrier.gates) for barrier in outcome.result.barriers),
    },
    "not_agreed": lambda outcome, _: sorted(item.id for item in outcome.result.dissents),
    "flagged": lambda outcome, _: [b.id for b in outcome.result.barriers if b.too_much_not_applicable],
    "barriers": per_barrier(lambda barrier: ends(barrier.supported)),
    "barrier_triggers": per_barrier(lambda barrier: ids(barrier.supported.worst)),
    "coverage": per_barrier(lambda barrier: barrier.coverage),
    "index": per_barrier(lambda barrier: list(barrier.index)),
    "priorities": lambda outcome, wanted: {a.id: a.priority.value for a in outcome.actions if a.id in wanted},
}
UNORDERED = {"triggers", "barrier_triggers"}


def in_order(name: str, wanted: Any) -> Any:
    """Triggers may be named in any order."""
    if name not in UNORDERED:
        return wanted
    return {key: sorted(value) for key, value in wanted.items()} if isinstance(wanted, dict) else sorted(wanted)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_case(file: Path) -> None:
    case = read(file)
    expected = case["expected"]
    outcome = outcome_of(case)

    found = {name: FOUND[name](outcome, wanted) for name, wanted in expected.items()}

    assert found == {name: in_order(name, wanted) for name, wanted in expected.items()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_case_is_well_written(file: Path) -> None:
    case = read(file)

    assert set(case) <= KEYS
    assert case["name"]
    assert case["description"]
    assert case["expected"]


def test_there_are_cases_enough() -> None:
    assert len(FILES) >= 30
    assert len({read(file)["name"] for file in FILES}) == len(FILES)


def test_the_cases_reach_every_rule() -> None:
    outcomes = [outcome_of(read(file)).result for file in FILES]
    whole = {r.supported.worst.rule for r in outcomes} | {r.supported.best.rule for r in outcomes}

    assert whole >= {"6.1", "6.2", "6.3", "6.4", "6.5", "6.6"}


def test_the_profiles_are_of_the_catalogue() -> None:
    facts = {fact.id for fact in loader.edition("2026.1").profile.facts}

    assert [f for file in (HERE / "profiles").glob("*.toml") for f in read(file)["profile"] if f not in facts] == []
