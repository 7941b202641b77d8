"""The template of an answers file: it holds what is asked, and is an answers file itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue import loader
from assessments.catalogue.path import path
from assessments.catalogue.schema import FactValue, Gate, LevelQuestion, Stage
from assessments.scoring.answers_file import parse
from assessments.scoring.answers_template import template
from tests.scoring.strategies import AS_OF, Case, cases

LIBRARY: dict[str, FactValue] = {
    "sector": "council",
    "nation": "england",
    "service-type": ("library",),
    "pension-schemes": ("lgps",),
    "health-services": False,
}


@given(cases(), st.sampled_from([None, *Stage]))
def test_a_template_is_an_answers_file(case: Case, stage: Stage | None) -> None:
    text = template(case.catalogue, stage, case.answers.profile, AS_OF)

    given_back = parse(text.encode(), "template.toml", lambda _: case.catalogue)

    assert given_back.answers.questions == {}
    assert given_back.answers.gates == {}
    assert given_back.answers.profile.items() <= dict(case.answers.profile).items()


@pytest.mark.parametrize("stage", Stage)
def test_it_holds_every_question_and_gate_that_is_asked(stage: Stage) -> None:
    catalogue = loader.edition("2026.1")
    asked = path(catalogue, stage, LIBRARY, AS_OF)
    items = [item for barrier in catalogue.barriers for item in asked.items(barrier.id)]

    text = template(catalogue, stage, LIBRARY, AS_OF)

    tables = {line.strip("[]").split('"')[1] for line in text.splitlines() if line.startswith(("[answers.", "[gates."))}
    assert tables == {item.id for item in items}


def test_without_a_stage_it_holds_everything() -> None:
    catalogue = loader.edition("2026.1")
    text = template(catalogue, None, {}, AS_OF)

    missing = [
        item.id
        for item in catalogue.items.values()
        if isinstance(item, LevelQuestion | Gate) and f'."{item.id}"]' not in text
    ]
    assert missing == []


def test_each_question_has_its_text_and_its_five_states() -> None:
    catalogue = loader.edition("2026.1")
    words = " ".join(template(catalogue, Stage.GO_LIVE, {}, AS_OF).replace("#", " ").split())
    questions = [item for item in catalogue.items.values() if isinstance(item, LevelQuestion)]

    missing = [
        (question.id, state)
        for question in questions
        for state in (question.text, *question.levels)
        if " ".join(state.split()) not in words
    ]
    assert missing == []
