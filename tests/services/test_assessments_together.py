"""Many people saving at once on a real PostgreSQL: nothing is lost, and nothing overwritten unseen."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from assessments.models import Answer, Assessment, User
from assessments.services.assessments import Draft, Saved, save_answers
from tests.factories import level, make_assessment, make_participation
from tests.services.test_assessments import assert_result_is_fresh
from tests.views.browser import sent_by

AnswerEvent = Answer.pgh_event_model  # type: ignore[attr-defined]

# Each thread has a connection of its own, so what they do is committed and removed afterwards.
pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 8
T = TypeVar("T")


def at_once(acts: Iterable[Callable[[], T]]) -> list[T]:
    """Runs each act in a thread of its own, all let go at the same moment."""
    todo = list(acts)
    start = Barrier(len(todo))

    def run(act: Callable[[], T]) -> T:
        try:
            start.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(todo)) as threads:
        return list(threads.map(run, todo))


@pytest.fixture
def people(transactional_db: None) -> list[User]:
    return [User.objects.create_user(f"p{number}@example.org") for number in range(PEOPLE)]


@pytest.fixture
def assessment(people: list[User]) -> Assessment:
    return make_assessment(people[0])


def saving(assessment: Assessment, by: User, *drafts: Draft) -> Callable[[], Saved]:
    return lambda: save_answers(assessment=assessment, by=by, drafts=drafts)


def test_different_items(assessment: Assessment, people: list[User]) -> None:
    saves = at_once(
        saving(assessment, person, Draft(f"pensions.i{number}", 0, level(3))) for number, person in enumerate(people)
    )

    assert [len(saved.conflicts) for saved in saves] == [0] * PEOPLE
    rows = Answer.objects.order_by("item").values_list("changed_by", "level")
    assert list(rows) == [(person.pk, 3) for person in people]
    assert_result_is_fresh(assessment)


def test_pages_sent_at_once(people: list[User], assessment: Assessment) -> None:
    """Each by the page itself, which reads the assessment with its lock."""
    for person in people[1:]:
        make_participation(assessment, person, "contributor", ["pensions"])
    page = reverse("question-page", args=[assessment.pk, "pensions", "model"])
    clients = [Client() for _person in people]
    for client, person in zip(clients, people, strict=True):
        client.force_login(person)
    sent = sent_by(clients[0].get(page))
    names = ["cost-in-model", "stress-test"]

    replies = at_once(
        partial(client.post, page, sent | {f"{names[number % 2]}-note": [f"Note {number}"]})
        for number, client in enumerate(clients)
    )

    # Of each question the first to come is saved, and the others are asked which answer counts.
    assert sorted(reply.status_code for reply in replies) == [302] * 2 + [409] * (PEOPLE - 2)
    assert [row.version for row in Answer.objects.filter(item__in=[f"pensions.{name}" for name in names])] == [1, 1]
    assert_result_is_fresh(assessment)


def test_same_item_has_one_winner(assessment: Assessment, people: list[User]) -> None:
    saves = at_once(
        saving(assessment, person, Draft("pensions.x", 0, level(number % 5, note=person.email)))
        for number, person in enumerate(people)
    )

    row = Answer.objects.get()
    assert sorted(len(saved.items) for saved in saves) == [0] * (PEOPLE - 1) + [1]
    assert row.version == 1
    assert row.note == row.changed_by.email
    told = [saved.conflicts[0] for saved in saves if saved.conflicts]
    assert {conflict.theirs for conflict in told} == {row.content}
    assert_result_is_fresh(assessment)


def test_everybody_insists(assessment: Assessment, people: list[User]) -> None:
    """Each tries again from the version they were shown, until it is theirs: every save is in the history."""

    def insist(person: User) -> Callable[[], int]:
        def act() -> int:
            version = 0
            for tries in range(1, 1000):
                saved = save_answers(
                    assessment=assessment, by=person, drafts=[Draft("pensions.x", version, level(2, note=person.email))]
                )
                if not saved.conflicts:
                    return tries
                version = saved.conflicts[0].version
            raise AssertionError

        return act

    at_once(insist(person) for person in people)

    events = list(AnswerEvent.objects.order_by("version").values_list("version", "note"))
    assert [version for version, _note in events] == list(range(1, PEOPLE + 1))
    assert {note for _version, note in events} == {person.email for person in people}
    assert Answer.objects.get().version == PEOPLE


def test_two_pages_crosswise(assessment: Assessment, people: list[User]) -> None:
    """The same items in opposite orders: the assessment's lock keeps them from waiting for each other for ever."""
    names = [f"pensions.i{number}" for number in range(10)]
    forth = [Draft(name, 0, level(1)) for name in names]

    saves = at_once(
        saving(assessment, person, *(forth if number % 2 else reversed(forth))) for number, person in enumerate(people)
    )

    assert sum(len(saved.items) for saved in saves) == len(names)
    assert Answer.objects.filter(version=1).count() == len(names)
