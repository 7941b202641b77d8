"""Contradictions of the shipped catalogue: each can be brought about and lowers confidence; none changes a colour."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assessments.catalogue.conditions import Situation
from assessments.catalogue.loader import edition
from assessments.catalogue.satisfiable import witness
from assessments.catalogue.schema import ContradictionRule, EvidenceGrade, FactQuestion, Rules, Stage
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState
from assessments.scoring.answers_file import parse
from assessments.scoring.score import score

CATALOGUE = edition("2026.1")
UNDECIDED = CATALOGUE.rules.undecided
WITHOUT = CATALOGUE.model_copy(update={"rules": Rules(undecided=UNDECIDED), "digest": "without rules"})
RULES = {rule.id: rule for rule in CATALOGUE.rules.contradictions}
CASES = tomllib.loads((Path(__file__).parent / "contradictions.toml").read_text(encoding="utf-8"))["cases"]


def brought_about(rule: ContradictionRule) -> Answers:
    """Answers that bring it about, at the first stage at which there are any."""
    found = ((stage, witness(rule.when, CATALOGUE.items, stage, UNDECIDED)) for stage in Stage)
    stage, situation = next((stage, situation) for stage, situation in found if situation is not None)
    return answers_of(stage, situation)


def answers_of(stage: Stage, situation: Situation) -> Answers:
    facts = {
        fact: Answer(AnswerState.ANSWERED, value=value)
        for fact, value in situation.facts.items()
        if isinstance(CATALOGUE.item(fact), FactQuestion) and CATALOGUE.barrier_of(fact) is not None
    }
    levels = {name: Answer(AnswerState.ANSWERED, level) for name, level in situation.levels.items()}
    return Answers(
        stage,
        situation.as_of,
        {fact: value for fact, value in situation.facts.items() if fact not in facts},
        {**facts, **levels},
        {name: GateAnswer(GateState(state)) for name, state in situation.gates.items()},
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_contradiction_is_found_and_lowers_confidence_only(rule: ContradictionRule) -> None:
    answers = brought_about(rule)

    with_rules, without = score(CATALOGUE, answers), score(WITHOUT, answers)

    [found] = [one for one in with_rules.contradictions if one.id == rule.id]
    assert (found.text, found.mend, found.owner, found.barriers) == (rule.text, rule.mend, rule.owner, rule.barriers)
    assert with_rules.supported == without.supported
    assert with_rules.claimed == without.claimed
    firm = {barrier.id: barrier.confidence for barrier in with_rules.barriers if barrier.confidence is not None}
    lowered = {barrier for barrier, confidence in firm.items() if rule.id in confidence.contradictions}
    assert lowered == set(rule.barriers) & set(firm)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_contradiction_does_not_depend_on_evidence(rule: ContradictionRule) -> None:
    """What disagrees is what was said."""
    answers = brought_about(rule)
    proved = {
        name: replace(answer, evidence=EvidenceGrade.E3, evidence_date=answers.as_of)
        for name, answer in answers.questions.items()
    }

    result = score(CATALOGUE, replace(answers, questions=proved))

    assert rule.id in {one.id for one in result.contradictions}


@pytest.mark.parametrize("stage", Stage)
def test_nothing_is_contradicted_where_nothing_is_answered(stage: Stage) -> None:
    assert score(CATALOGUE, Answers(stage, CATALOGUE.edition.checked)).contradictions == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    """The answers contradict each other; with the change made, this contradiction is gone."""
    assert case["contradiction"] in found_in(case, {})
    assert case["contradiction"] not in found_in(case, case["unless"])


def found_in(case: dict[str, Any], change: dict[str, Any]) -> set[str]:
    tables = {name: {**case.get(name, {}), **change.get(name, {})} for name in ("profile", "facts", "levels", "gates")}
    lines = [
        'catalogue = "2026.1"',
        f'stage = "{case["stage"]}"',
        "as_of = 2026-11-21",
        "[profile]",
        *(f"{fact} = {_toml(value)}" for fact, value in tables["profile"].items()),
        *(f'[answers."{fact}"]\nvalue = {_toml(value)}' for fact, value in tables["facts"].items()),
        *(f'[answers."{name}"]\nlevel = {level}' for name, level in tables["levels"].items()),
        *(f'[gates."{name}"]\nstate = "{state}"' for name, state in tables["gates"].items()),
    ]
    given = parse("\n".join(lines).encode(), "case.toml")
    return {one.id for one in score(given.catalogue, given.answers).contradictions}


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)
