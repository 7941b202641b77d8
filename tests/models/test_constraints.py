"""What the database refuses, whoever asks."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Answer, Assessment, Report, User
from tests.factories import make_assessment, make_report, make_user


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


def insert(assessment: Assessment, **fields: Any) -> None:
    """Past the model's own checks: only the database is asked."""
    answer = Answer(assessment=assessment, changed_by=assessment.lead, **{"item": "pensions.x", **fields})
    with transaction.atomic():
        Answer.objects.bulk_create([answer])


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
def test_level_from_0_to_4(assessment: Assessment, level: int) -> None:
    insert(assessment, state="answered", level=level)

    assert Answer.objects.get().level == level


@pytest.mark.parametrize("level", [-1, 5, 32767])
def test_level_outside_0_to_4(assessment: Assessment, level: int) -> None:
    with pytest.raises(IntegrityError):
        insert(assessment, state="answered", level=level)


@pytest.mark.parametrize(
    ("circumstance", "fields"),
    [
        ("answered without a value", {"state": "answered"}),
        ("answered with level and fact", {"state": "answered", "level": 1, "value": True}),
        ("don't know with a level", {"state": "dont_know", "level": 1}),
        ("not applicable with a fact", {"state": "not_applicable", "value": "x"}),
        ("blank with a level", {"state": "not_answered", "level": 0}),
        ("gate met with a level", {"state": "met", "level": 4}),
    ],
)
def test_answered_has_exactly_one_value(assessment: Assessment, circumstance: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="answered_has_one_value"):
        insert(assessment, **fields)


@pytest.mark.parametrize("value", [False, 0, "", [], "text", "12.00"])
def test_fact_that_looks_empty_is_a_value(assessment: Assessment, value: Any) -> None:
    insert(assessment, state="answered", value=value)

    assert Answer.objects.get().value == value


def test_unknown_state(assessment: Assessment) -> None:
    with pytest.raises(IntegrityError, match="answer_state_known"):
        insert(assessment, state="perhaps")


def test_unknown_evidence(assessment: Assessment) -> None:
    with pytest.raises(IntegrityError, match="answer_evidence_known"):
        insert(assessment, evidence="E4")


def test_second_row_for_the_same_item(assessment: Assessment) -> None:
    insert(assessment)

    with pytest.raises(IntegrityError, match="one_answer_per_item"):
        insert(assessment)


def test_same_item_of_another_assessment(assessment: Assessment) -> None:
    insert(assessment)
    insert(make_assessment(assessment.lead))

    assert Answer.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("stage", "dream", "assessment_stage_known"),
    ],
)
def test_assessment_that_makes_no_sense(assessment: Assessment, field: str, value: str, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        Assessment.objects.filter(pk=assessment.pk).update(**{field: value})


def test_owner_of_an_assessment_cannot_be_deleted(assessment: Assessment) -> None:
    with pytest.raises(IntegrityError):
        assessment.lead.delete()


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@EXAMPLE.ORG", "Alice@Example.org"])
def test_email_differs_by_more_than_capitals(alice: User, email: str) -> None:
    with pytest.raises(IntegrityError):
        make_user(email)


def test_address_is_kept_in_small_letters(db: None) -> None:
    """allauth looks addresses up in small letters: capitals would lock their owner out."""
    assert User.objects.create_user("Dana.Lee@Example.ORG").email == "dana.lee@example.org"


def test_sign_in_name_in_other_capitals(alice: User) -> None:
    assert User.objects.get_by_natural_key("ALICE@example.ORG") == alice


def test_user_without_a_name_is_called_by_address() -> None:
    assert str(User(email="dana@example.org")) == "dana@example.org"


def test_ready_report_has_a_date(assessment: Assessment) -> None:
    with pytest.raises(IntegrityError, match="ready_report_has_date"):
        make_report(assessment, status=Report.Status.READY)


def test_second_report_of_the_same_inputs(assessment: Assessment) -> None:
    make_report(assessment)

    with pytest.raises(IntegrityError, match="one_report_per_inputs"):
        make_report(assessment)
