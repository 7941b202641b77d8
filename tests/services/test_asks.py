"""Asking and closing: what waits for somebody waits once, and its history says who asked and who closed it."""

import datetime as dt

import pytest
from django.utils import timezone

from assessments.models import Ask, Assessment, User
from assessments.services.asks import ask, done
from tests.factories import make_assessment

AskEvent = Ask.pgh_event_model  # type: ignore[attr-defined]
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


def waiting(user: User) -> list[tuple[str, str]]:
    return list(Ask.objects.filter(user=user, done_at=None).values_list("kind", "about"))


def test_ask(assessment: Assessment, alice: User, bob: User) -> None:
    made = ask(
        user=bob, assessment=assessment, kind=Ask.Kind.FILL_IN, about="pensions", by=alice, note="HR", due_on=FRIDAY
    )

    made.refresh_from_db()
    assert (made.user, made.kind, made.about, made.note) == (bob, "fill_in", "pensions", "HR")
    assert (made.due_on, made.changed_by, made.done_at, made.mailed_at) == (FRIDAY, alice, None, None)


def test_ask_twice_waits_once(assessment: Assessment, alice: User, bob: User) -> None:
    first = ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)
    second = ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)

    assert first.pk == second.pk
    assert waiting(bob) == [("fill_in", "pensions")]


def test_ask_about_others_waits_beside_it(assessment: Assessment, alice: User, bob: User) -> None:
    ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)
    ask(user=bob, assessment=assessment, kind="fill_in", about="tendering", by=alice)
    ask(user=bob, assessment=assessment, kind="opinion", about="pensions", by=alice)

    assert waiting(bob) == [("fill_in", "pensions"), ("fill_in", "tendering"), ("opinion", "pensions")]


def test_ask_again_when_mailed_is_not_news(assessment: Assessment, alice: User, bob: User) -> None:
    made = ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)
    Ask.objects.update(mailed_at=timezone.now())

    ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)

    made.refresh_from_db()
    assert made.mailed_at is not None


@pytest.mark.parametrize("given", [{"due_on": FRIDAY}, {"note": "Today, please"}, {"mail_again": True}])
def test_ask_again_with_news_is_mailed_again(
    assessment: Assessment, alice: User, bob: User, given: dict[str, object]
) -> None:
    made = ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)
    Ask.objects.update(mailed_at=timezone.now())

    ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice, **given)  # type: ignore[arg-type]

    made.refresh_from_db()
    assert made.mailed_at is None
    assert (made.note, made.due_on) == (given.get("note", ""), given.get("due_on"))


def test_ask_after_it_was_done(assessment: Assessment, alice: User, bob: User) -> None:
    first = ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)
    done(assessment=assessment, kind="fill_in", by=bob)

    second = ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)

    assert first.pk != second.pk
    assert waiting(bob) == [("fill_in", "pensions")]


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({}, []),
        ({"about": "pensions"}, [("bob", "tendering")]),
        ({"user": "bob"}, [("charlie", "pensions")]),
        ({"user": "bob", "about": "pensions"}, [("bob", "tendering"), ("charlie", "pensions")]),
    ],
)
def test_done_closes_what_is_named(
    assessment: Assessment,
    alice: User,
    bob: User,
    charlie: User,
    given: dict[str, str],
    left: list[tuple[str, str]],
) -> None:
    people = {"bob": bob, "charlie": charlie}
    ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)
    ask(user=bob, assessment=assessment, kind="fill_in", about="tendering", by=alice)
    ask(user=charlie, assessment=assessment, kind="fill_in", about="pensions", by=alice)
    ask(user=charlie, assessment=assessment, kind="opinion", about="pensions", by=alice)
    named = {key: people.get(value, value) for key, value in given.items()}

    closed = done(assessment=assessment, kind="fill_in", by=alice, **named)  # type: ignore[arg-type]

    still = Ask.objects.filter(done_at=None, kind="fill_in").values_list("user_id", "about")
    assert sorted(still) == sorted((people[name].pk, about) for name, about in left)
    assert closed == 3 - len(left)
    assert Ask.objects.filter(done_at=None, kind="opinion").count() == 1


def test_done_leaves_other_assessments(assessment: Assessment, alice: User, bob: User) -> None:
    other = make_assessment(alice, service_name="Hillside Libraries")
    ask(user=bob, assessment=other, kind="fill_in", about="pensions", by=alice)

    assert done(assessment=assessment, kind="fill_in", by=alice) == 0
    assert waiting(bob) == [("fill_in", "pensions")]


def test_history_says_who_asked_and_who_closed(assessment: Assessment, alice: User, bob: User) -> None:
    ask(user=bob, assessment=assessment, kind="fill_in", about="pensions", by=alice)
    done(assessment=assessment, kind="fill_in", by=bob)

    events = AskEvent.objects.order_by("pgh_id").values_list("pgh_label", "changed_by_id", "done_at")
    assert [(label, who, at is None) for label, who, at in events] == [
        ("insert", alice.pk, True),
        ("update", bob.pk, False),
    ]
