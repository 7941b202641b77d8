"""A fact answered "not decided yet" decides nothing: what rests on it may apply, as if the fact were missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assessments.catalogue.conditions import facts_in, listed
from assessments.catalogue.loader import edition
from assessments.catalogue.schema import FactQuestion, FactValue, Stage
from assessments.scoring.answers import Answer, Answers, AnswerState
from assessments.scoring.answers_file import parse
from assessments.scoring.result import Range, Result
from assessments.scoring.score import score

CATALOGUE = edition("2026.1")
EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.toml"))
NAMED = {
    (test.fact, value)
    for item in CATALOGUE.items.values()
    if item.when is not None
    for test in facts_in(item.when)
    for _, operand in test.given
    for value in listed(operand)
}
UNDECIDED = [
    (item.id, option.id)
    for item in CATALOGUE.items.values()
    if isinstance(item, FactQuestion) and item.kind == "choice"
    for option in item.options
    if option.id in CATALOGUE.rules.undecided and (item.id, option.id) not in NAMED
]


def with_fact(answers: Answers, fact: str, value: FactValue | None) -> Answers:
    profile = {key: given for key, given in answers.profile.items() if key != fact}
    questions = {key: given for key, given in answers.questions.items() if key != fact}
    if value is None:
        return replace(answers, profile=profile, questions=questions)
    if CATALOGUE.barrier_of(fact) is None:
        return replace(answers, profile={**profile, fact: value}, questions=questions)
    said = Answer(state=AnswerState.ANSWERED, value=value)
    return replace(answers, profile=profile, questions={**questions, fact: said})


def ranges(result: Result) -> dict[str, Range]:
    return {"whole": result.supported} | {barrier.id: barrier.supported for barrier in result.barriers}


def colours(result: Result) -> dict[str, tuple[str, str]]:
    return {name: (both.worst.colour, both.best.colour) for name, both in ranges(result).items()}


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def answers(request: pytest.FixtureRequest) -> Answers:
    path: Path = request.param
    return parse(path.read_bytes(), path.name).answers


def test_some_facts_can_be_undecided() -> None:
    assert {"legal-form", "control", "contract-route"} <= {fact for fact, _ in UNDECIDED}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize(("fact", "undecided"), UNDECIDED, ids=lambda value: value)
def test_undecided_colours_as_a_missing_fact_does(answers: Answers, stage: Stage, fact: str, undecided: str) -> None:
    here = replace(answers, stage=stage)
    said, missing = with_fact(here, fact, undecided), with_fact(here, fact, None)
    assert colours(score(CATALOGUE, said)) == colours(score(CATALOGUE, missing))


@pytest.mark.parametrize(("fact", "undecided"), UNDECIDED, ids=lambda value: value)
def test_undecided_fact_that_matters_is_to_be_found_out(fact: str, undecided: str) -> None:
    path = EXAMPLES[0]
    answers = replace(parse(path.read_bytes(), path.name).answers, stage=Stage.PLAN)
    said, missing = with_fact(answers, fact, undecided), with_fact(answers, fact, None)
    found = [unknown.id for unknown in score(CATALOGUE, said).find_out_first]
    assert found == [unknown.id for unknown in score(CATALOGUE, missing).find_out_first]


def test_nhs_trust_with_nothing_decided_is_not_green() -> None:
    """The fault that this rule mends: gates that rest on control and form vanished while these were open."""
    path = next(path for path in EXAMPLES if path.stem.startswith("harbour"))
    answers = replace(parse(path.read_bytes(), path.name).answers, stage=Stage.PLAN)
    for fact in ("legal-form", "control", "parent-stake", "contract-route"):
        answers = with_fact(answers, fact, "not-decided")
    needed = {unknown.id for unknown in score(CATALOGUE, answers).find_out_first}
    assert {"control", "legal-form", "contract-route"} <= needed
