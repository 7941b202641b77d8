"""The history as people read it: who, when, from what, to what; per question, per assessment, per organisation."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    Assessment,
    Comment,
    Engagement,
    EvidenceItem,
    Invitation,
    Opinion,
    Organisation,
    Participation,
    Rating,
    Submission,
    Thread,
    User,
)
from assessments.models.answer import EMPTY
from assessments.selectors.history import KINDS, history_of, history_of_item
from tests.factories import (
    level,
    make_answer,
    make_assessment,
    make_engagement,
    make_firm,
    make_member,
    make_organisation,
    make_participation,
    make_submission,
    save,
)
from tests.views.test_pages import at_most

RATE = "pensions.contribution-rate"
EVENT_MODELS = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def client(alice: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(alice)


@pytest.fixture
def firm(charlie: User, assessment: Assessment) -> Organisation:
    firm = make_firm(charlie)
    make_engagement(assessment, firm)
    return firm


def text_of(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def table_of(client: Client, name: str, *args: Any) -> list[dict[str, str]]:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


# What is told ------------------------------------------------------------------------------------------------------


def test_change_of_an_answer(assessment: Assessment, client: Client, bob: User) -> None:
    make_answer(assessment, RATE, level(1))
    save(assessment, bob, {RATE: level(3, evidence="E1", note="From the actuary")})

    changed = [row for row in table_of(client, "history-csv", assessment.pk) if row["What"] == "Answer"][:3]

    assert [(row["Who"], row["Did"], row["Field"], row["From"][:7], row["To"][:7]) for row in changed] == [
        ("Bob Baker", "changed", "Answer", "Level 1", "Level 3"),
        ("Bob Baker", "changed", "Proof", "", "A draft"),
        ("Bob Baker", "changed", "Note", "", "From th"),
    ]


def test_cleared_answer_is_taken_out(assessment: Assessment, client: Client) -> None:
    make_answer(assessment, RATE, level(1))
    save(assessment, assessment.lead, {RATE: EMPTY})

    page = text_of(client, "item-history", assessment.pk, RATE)

    assert "taken out, was “Level 1" in page


def test_history_of_one_question_leaves_the_others_out(assessment: Assessment, client: Client) -> None:
    make_answer(assessment, RATE, level(1))
    make_answer(assessment, "pensions.cost-in-model", level(4))

    page = text_of(client, "item-history", assessment.pk, RATE)

    assert "Level 1" in page
    assert "Level 4" not in page


def test_person_who_was_removed_stays_in_it(assessment: Assessment, client: Client, bob: User) -> None:
    part = make_participation(assessment, bob, "contributor", ["pensions"])
    with pghistory.context(user=assessment.lead.pk):
        Participation.objects.filter(pk=part.pk).delete()

    rows = [row for row in table_of(client, "history-csv", assessment.pk) if row["What"] == "People"]

    assert [(row["Who"], row["Did"], row["About"]) for row in rows] == [
        ("Alice Archer", "removed", "Bob Baker"),
        ("Alice Archer", "removed", "Bob Baker"),
        ("Alice Archer", "added", "Bob Baker"),
        ("Alice Archer", "added", "Bob Baker"),
    ]


def test_engagement_begun_and_ended(assessment: Assessment, client: Client, firm: Organisation) -> None:
    Engagement.objects.update(ended_at=timezone.now(), ended_by=assessment.lead)

    told = {(row["About"], row["Field"]) for row in table_of(client, "history-csv", assessment.pk)}

    assert {("Kestrel Advisers", "Let in by"), ("Kestrel Advisers", "Ended by")} <= told


def test_filter_by_kind(assessment: Assessment, client: Client, bob: User) -> None:
    make_answer(assessment, RATE, level(1))
    make_participation(assessment, bob)

    page = text_of(client, "history", assessment.pk, kind="people")

    assert "Bob Baker" in page
    assert "Level 1" not in page


@pytest.mark.parametrize("query", [{"kind": "nonsense"}, {"page": "x"}, {"page": "-3"}, {"page": "99"}])
def test_unknown_filter_or_page(assessment: Assessment, client: Client, query: dict[str, str]) -> None:
    assert "History" in text_of(client, "history", assessment.pk, **query)


@pytest.mark.parametrize("name", ["history", "item-history", "organisation-history"])
def test_filter_comes_before_what_it_filters(alice: User, signed_in: Callable[[User], Client], name: str) -> None:
    """On a phone it would stand under fifty changes."""
    organisation = make_organisation(administrator=alice)
    assessment = make_assessment(alice, organisation)
    make_answer(assessment, RATE, level(1))
    args: dict[str, list[Any]] = {
        "history": [assessment.pk],
        "item-history": [assessment.pk, RATE],
        "organisation-history": [organisation.pk],
    }

    page = text_of(signed_in(alice), name, *args[name])

    assert page.index("<select") < page.index('class="app-history"')


def test_pages_of_fifty(assessment: Assessment, client: Client) -> None:
    for number in range(60):
        save(assessment, assessment.lead, {RATE: level(number % 5, note=f"Note number {number}.")})

    first, second = (text_of(client, "history", assessment.pk, page=page) for page in (1, 2))

    assert "Note number 59." in first
    assert "to “Note number 1.”" not in first
    assert "“Note number 0.”" in second


def test_account_that_is_gone(assessment: Assessment, client: Client, bob: User) -> None:
    make_answer(assessment, RATE, level(1), by=bob)
    User.objects.filter(pk=bob.pk).update(name="", erased_at=timezone.now())

    assert "Somebody whose account is gone" in text_of(client, "history", assessment.pk)


def test_what_people_typed_is_text(assessment: Assessment, client: Client) -> None:
    make_answer(assessment, RATE, level(1, note='=1+1<script>alert("x")</script>'))

    assert "<script>alert" not in text_of(client, "history", assessment.pk)
    notes = [row["To"] for row in table_of(client, "history-csv", assessment.pk) if row["Field"] == "Note"]
    assert notes == ['\'=1+1<script>alert("x")</script>']


# Who may read what -------------------------------------------------------------------------------------------------


def thread_of(assessment: Assessment, audience: str, by: User, firm: Organisation | None = None) -> None:
    thread = Thread.objects.create(assessment=assessment, item=RATE, audience=audience, firm=firm, changed_by=by)
    Comment.objects.create(thread=thread, text=f"Said to {audience}", written_by=by)


def test_conversations_by_audience(
    assessment: Assessment, client: Client, firm: Organisation, charlie: User, signed_in: Callable[[User], Client]
) -> None:
    thread_of(assessment, "client", assessment.lead)
    thread_of(assessment, "adviser", charlie, firm)
    thread_of(assessment, "both", charlie)

    hers = text_of(client, "history", assessment.pk)
    theirs = text_of(signed_in(charlie), "history", assessment.pk)

    assert ["Said to client" in hers, "Said to adviser" in hers, "Said to both" in hers] == [True, False, True]
    assert ["Said to client" in theirs, "Said to adviser" in theirs, "Said to both" in theirs] == [False, True, True]


@pytest.mark.parametrize("is_revealed", [False, True])
def test_advisers_levels_before_all_are_recorded(
    assessment: Assessment, client: Client, firm: Organisation, charlie: User, is_revealed: bool
) -> None:
    submission = make_submission(assessment, firm, "in_review", adviser=charlie)
    Rating.objects.create(
        review=submission.review,
        item=RATE,
        is_blind=True,
        state="answered",
        level=2,
        reason="As the fund wrote.",
        rated_by=charlie,
        changed_by=charlie,
    )
    Submission.objects.update(revealed_at=timezone.now() if is_revealed else None)

    assert ("As the fund wrote." in text_of(client, "history", assessment.pk)) is is_revealed


@pytest.mark.parametrize(("status", "is_told"), [("in_review", False), ("signed_off", False), ("returned", True)])
def test_changes_that_an_adviser_asked_for(
    assessment: Assessment, client: Client, firm: Organisation, charlie: User, status: str, is_told: bool
) -> None:
    """They are notes of the adviser's own until the submission is returned with them."""
    submission = make_submission(assessment, firm, "in_review", adviser=charlie)
    review = submission.review
    review.wanted = {RATE: "Give the actuary's <b>letter</b>."}
    review.save()
    submission.status, submission.revealed_at = status, timezone.now()
    submission.save()
    review.ended_at = timezone.now()
    review.save()

    page = text_of(client, "history", assessment.pk)
    rows = [row for row in table_of(client, "history-csv", assessment.pk) if row["To"].startswith("Give the actuary")]

    title = assessment.catalogue.items[RATE].title
    assert (f"To change: {title}: “Give the actuary&#x27;s &lt;b&gt;letter&lt;/b&gt;.”" in page) is is_told
    assert [row["What"] for row in rows] == ["Review"] * is_told


def test_second_opinion_tells_nothing_of_what_it_says(assessment: Assessment, client: Client, bob: User) -> None:
    Opinion.objects.create(
        assessment=assessment,
        barrier="pensions",
        user=bob,
        capacity="Finance",
        answers={RATE: {"state": "answered", "level": 0, "note": "Never agreed"}},
        asked_by=assessment.lead,
        changed_by=bob,
    )

    page = text_of(client, "history", assessment.pk)

    assert "Finance" in page
    assert "Never agreed" not in page


def test_history_of_an_organisation(
    assessment: Assessment, firm: Organisation, bob: User, signed_in: Callable[[User], Client]
) -> None:
    organisation = assessment.service.organisation
    make_member(organisation, bob)
    olive = organisation.founded_by
    Invitation.objects.create(
        organisation=organisation, email="new@example.org", invited_by=olive, expires_at=timezone.now()
    )

    page = text_of(signed_in(olive), "organisation-history", organisation.pk)

    assert "Bob Baker" in page
    assert "Kestrel Advisers" in page
    assert "new@example.org" in page


# Nobody edits it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", EVENT_MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET pgh_label = 'x'", "DELETE FROM {table}"])
@pytest.mark.django_db(transaction=True)
def test_no_event_is_edited(alice: User, model: Any, statement: str) -> None:
    columns = {field.column: None for field in model._meta.concrete_fields}
    table = model._meta.db_table
    with connection.cursor() as cursor, transaction.atomic():
        # A row of any content: what the events hold does not matter, that they are kept does.
        cursor.execute("SET LOCAL session_replication_role = replica")
        required = ", ".join(f'ALTER COLUMN "{name}" DROP NOT NULL' for name in columns if name != "pgh_id")
        cursor.execute(f"ALTER TABLE {table} {required}")
        cursor.execute(f"INSERT INTO {table} (pgh_label) VALUES ('insert')")  # noqa: S608  # our own table
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
            cursor.execute(statement.format(table=table))
        transaction.set_rollback(True)


def test_every_kind_of_row_of_an_assessment_has_its_history() -> None:
    """What belongs to an assessment and has events is told; what waits for people and files that are made are not."""
    told = {kind.model for kind in KINDS}
    of_an_assessment = {
        relation.related_model
        for relation in Assessment._meta.related_objects
        if hasattr(relation.related_model, "pgh_event_model")
    }

    assert {model.__name__ for model in of_an_assessment - told} == {"Ask", "Invitation"}
    assert EvidenceItem in told


def test_statements(assessment: Assessment, client: Client, bob: User) -> None:
    make_answer(assessment, RATE, level(1))
    make_participation(assessment, bob)

    with at_most(5 + len(KINDS)):
        text_of(client, "history", assessment.pk)


def test_of_an_item_and_of_the_whole_agree(assessment: Assessment) -> None:
    make_answer(assessment, RATE, level(1))

    whole = [entry for entry in history_of(assessment).entries if entry.kind == "answer"]

    assert history_of_item(assessment, RATE).entries == whole
