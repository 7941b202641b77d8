"""Who changed what from what to what: kept by the database, also when code forgets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from assessments.models import Answer, Assessment, User
from tests.factories import level, make_answer, make_assessment

AnswerEvent = Answer.pgh_event_model  # type: ignore[attr-defined]
AssessmentEvent = Assessment.pgh_event_model  # type: ignore[attr-defined]


@pytest.fixture
def answer(alice: User) -> Answer:
    return make_answer(make_assessment(alice), "pensions.x", level(1))


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def by_object(answer: Answer, bob: User) -> None:
    answer.level = 3
    answer.changed_by = bob
    answer.save()


def by_queryset(answer: Answer, bob: User) -> None:
    Answer.objects.filter(pk=answer.pk).update(level=3, changed_by=bob)


def by_bulk(answer: Answer, bob: User) -> None:
    answer.level = 3
    answer.changed_by = bob
    Answer.objects.bulk_update([answer], ["level", "changed_by"])


def by_sql(answer: Answer, bob: User) -> None:
    sql("UPDATE assessments_answer SET level = 3, changed_by_id = %s WHERE id = %s", bob.pk, answer.pk)


@pytest.mark.parametrize("change", [by_object, by_queryset, by_bulk, by_sql])
def test_update_of_an_answer(answer: Answer, bob: User, change: Callable[[Answer, User], None]) -> None:
    before = timezone.now()

    change(answer, bob)

    was, now = AnswerEvent.objects.order_by("pgh_id")
    assert (was.pgh_label, was.level, was.changed_by_id) == ("insert", 1, answer.assessment.lead_id)
    assert (now.pgh_label, now.level, now.changed_by_id) == ("update", 3, bob.pk)
    assert abs(now.pgh_created_at - before).total_seconds() < 60


def test_update_that_changes_nothing(answer: Answer) -> None:
    sql("UPDATE assessments_answer SET level = level")

    assert AnswerEvent.objects.count() == 1


@pytest.mark.parametrize(
    "insert",
    [
        lambda answer: Answer.objects.create(assessment=answer.assessment, item="b", changed_by=answer.changed_by),
        lambda answer: Answer.objects.bulk_create(
            [Answer(assessment=answer.assessment, item="b", changed_by=answer.changed_by)]
        ),
        lambda answer: sql(
            "INSERT INTO assessments_answer (assessment_id, item, state, evidence, note, reason, who_knows, version,"
            " changed_by_id, changed_at) VALUES (%s, 'b', 'not_answered', '', '', '', '', 1, %s, now())",
            answer.assessment_id,
            answer.changed_by_id,
        ),
    ],
    ids=["object", "bulk", "sql"],
)
def test_insert_of_an_answer(answer: Answer, insert: Callable[[Answer], Any]) -> None:
    insert(answer)

    event = AnswerEvent.objects.get(item="b")
    assert (event.pgh_label, event.changed_by_id) == ("insert", answer.changed_by_id)


@pytest.mark.parametrize(
    "delete",
    [
        lambda answer: answer.delete(),
        lambda answer: Answer.objects.filter(pk=answer.pk).delete(),
        lambda answer: answer.assessment.delete(),
        lambda answer: sql("DELETE FROM assessments_answer WHERE id = %s", answer.pk),
    ],
    ids=["object", "queryset", "with its assessment", "sql"],
)
def test_delete_of_an_answer(answer: Answer, delete: Callable[[Answer], Any]) -> None:
    delete(answer)

    last = AnswerEvent.objects.latest("pgh_id")
    assert (last.pgh_label, last.item, last.level) == ("delete", "pensions.x", 1)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("stage", "explore"),
        ("edition", "2099.1"),
    ],
)
def test_update_of_an_assessment(alice: User, column: str, value: str) -> None:
    assessment = make_assessment(alice)
    was = getattr(assessment, column)

    Assessment.objects.filter(pk=assessment.pk).update(**{column: value})

    first, second = AssessmentEvent.objects.order_by("pgh_id")
    assert (getattr(first, column), getattr(second, column)) == (was, value)
    assert (first.pgh_label, second.pgh_label) == ("insert", "update")


def test_new_lead_of_an_assessment(alice: User, bob: User) -> None:
    make_assessment(alice)

    sql("UPDATE assessments_assessment SET lead_id = %s", bob.pk)

    assert [event.lead_id for event in AssessmentEvent.objects.order_by("pgh_id")] == [alice.pk, bob.pk]


def test_delete_of_an_assessment(alice: User) -> None:
    assessment = make_assessment(alice)

    sql("DELETE FROM assessments_assessment")

    assert list(AssessmentEvent.objects.order_by("pgh_id").values_list("pgh_label", "pgh_obj_id")) == [
        ("insert", assessment.pk),
        ("delete", assessment.pk),
    ]


def test_rescore_leaves_no_event(alice: User) -> None:
    assessment = make_assessment(alice)

    assessment.save(update_fields=["result", "colours"])

    assert AssessmentEvent.objects.count() == 1


@pytest.mark.parametrize("table", ["assessments_answerevent", "assessments_assessmentevent"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET pgh_label = 'x'"])
def test_history_is_append_only(answer: Answer, table: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        sql(statement.format(table))

    assert AnswerEvent.objects.count() == 1
