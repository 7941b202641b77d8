"""Rows as plain answers, and facts as JSON and back."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue.schema import Catalogue, EvidenceGrade, FactQuestion, Stage
from assessments.models.answer import EMPTY, Content, fact_from_json, fact_to_json, plain_answers
from assessments.scoring.answers import Answers, AnswerState, GateState
from tests.factories import fact, level

TODAY = dt.date(2026, 11, 21)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "yes_no": st.booleans(),
    "choice": st.text(min_size=1),
    "choices": st.lists(st.text(min_size=1), unique=True).map(tuple),
    "number": st.integers(),
    "money": st.decimals(allow_nan=False, allow_infinity=False, places=2),
    "date": st.dates(),
    "text": st.text(),
}


def question(kind: str) -> FactQuestion:
    return FactQuestion.model_validate({"id": "x", "kind": kind, "title": "X", "text": "X?"})


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_fact_to_json_and_back(kind_and_value: tuple[str, Any]) -> None:
    kind, value = kind_and_value

    stored = json.loads(json.dumps(fact_to_json(value)))

    assert fact_from_json(question(kind), stored) == value
    assert type(fact_from_json(question(kind), stored)) is type(value)


def plain(small: Catalogue, contents: dict[str, Content]) -> Answers:
    return plain_answers(small, Stage.GO_LIVE, TODAY, contents)


@pytest.mark.parametrize(
    ("item", "stored", "expected"),
    [
        ("sector", "council", "council"),
        ("reorganisation", False, False),
        ("vesting-date", "2027-04-01", dt.date(2027, 4, 1)),
        ("schemes", ["lgps", "nhs"], ("lgps", "nhs")),
        ("staff", 0, 0),
        ("contract-value", "1200.50", Decimal("1200.50")),
    ],
)
def test_profile_fact_of_each_kind(small_edition: Catalogue, item: str, stored: Any, expected: Any) -> None:
    answers = plain(small_edition, {item: fact(stored)})

    assert answers.profile == {item: expected}
    assert not answers.questions
    assert not answers.gates


def test_fact_inside_a_barrier_is_a_question(small_edition: Catalogue) -> None:
    answers = plain(small_edition, {"pensions.joined-on": fact("2020-02-29")})

    assert answers.questions["pensions.joined-on"].value == dt.date(2020, 2, 29)
    assert not answers.profile


def test_level_with_everything_that_goes_with_it(small_edition: Catalogue) -> None:
    given_ = {"evidence": "E2", "evidence_date": TODAY, "note": "n", "reason": "r", "who_knows": "w", "know_by": TODAY}

    answer = plain(small_edition, {"pensions.list": level(3, **given_)}).questions["pensions.list"]

    assert (answer.state, answer.level, answer.value) == (AnswerState.ANSWERED, 3, None)
    assert {name: getattr(answer, name) for name in given_} == given_


def test_blank_and_level_0_are_told_apart(small_edition: Catalogue) -> None:
    assert plain(small_edition, {"pensions.list": level(0)}).questions["pensions.list"].level == 0
    assert not plain(small_edition, {"pensions.list": EMPTY}).questions


def test_note_alone_is_no_answer(small_edition: Catalogue) -> None:
    assert not plain(small_edition, {"pensions.list": Content(note="Ask Dana")}).questions


@pytest.mark.parametrize("state", ["dont_know", "not_applicable"])
def test_question_without_a_level(small_edition: Catalogue, state: str) -> None:
    answer = plain(small_edition, {"pensions.list": Content(state)}).questions["pensions.list"]

    assert (answer.state, answer.level) == (AnswerState(state), None)


@pytest.mark.parametrize("state", ["met", "not_met", "not_known", "not_applicable"])
def test_gate_in_each_state(small_edition: Catalogue, state: str) -> None:
    answers = plain(small_edition, {"pensions.access": Content(state)})

    assert answers.gates["pensions.access"].state is GateState(state)
    assert not answers.questions


def test_nothing_said_about_evidence_is_an_assertion(small_edition: Catalogue) -> None:
    answers = plain(small_edition, {"pensions.list": level(2), "pensions.access": Content("met")})

    assert answers.questions["pensions.list"].evidence is EvidenceGrade.E0
    assert answers.gates["pensions.access"].evidence is EvidenceGrade.E0


def test_item_that_the_edition_lacks_is_left_out(small_edition: Catalogue) -> None:
    answers = plain(small_edition, {"pensions.gone": level(4), "gone": fact("x"), "pensions.list": level(1)})

    assert list(answers.questions) == ["pensions.list"]
    assert not answers.profile
