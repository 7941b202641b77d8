"""Threads: who is asked to reply, what resolving does, and who may read what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Access, Ask, Assessment, Comment, Membership, Organisation, Review, Seat, Thread, User
from assessments.models.submission import Submission
from assessments.permissions import seats_of
from assessments.services.comments import open_thread, reopen, reply, resolve
from tests.factories import (
    make_assessment,
    make_engagement,
    make_firm,
    make_member,
    make_participation,
    make_user,
)

COST = "pensions.cost-in-model"
CLIENT, ADVISER, BOTH = Thread.Audience.values


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada@example.org", "Ada Adviser")


@pytest.fixture
def firm(ada: User, assessment: Assessment) -> Organisation:
    firm = make_firm(ada)
    make_engagement(assessment, firm)
    return firm


@pytest.fixture
def reader(bob: User, assessment: Assessment) -> User:
    make_participation(assessment, bob)
    return bob


def submit(assessment: Assessment, firm: Organisation, reviewer: User | None = None, **given: Any) -> Submission:
    """As it stands between submission and sign-off."""
    frozen = {"inputs": {}, "result": {}, "colours": {}, "fingerprint": "0" * 64}
    people = {"submitted_by": assessment.lead, "changed_by": assessment.lead}
    submission = Submission.objects.create(assessment=assessment, number=1, firm=firm, **frozen, **people, **given)
    Assessment.objects.filter(pk=assessment.pk).update(latest=submission)
    assessment.refresh_from_db()
    if reviewer is not None:
        Review.objects.create(submission=submission, adviser=reviewer, changed_by=reviewer)
    return submission


def begin(assessment: Assessment, by: User, audience: str = CLIENT, **given: Any) -> Thread:
    return open_thread(
        assessment=assessment, by=by, item=COST, audience=audience, text="Whose figure is this?", **given
    )


def asked(thread: Thread) -> set[str]:
    waiting = Ask.objects.filter(kind=Ask.Kind.REPLY, about=str(thread.pk), done_at=None)
    return set(waiting.values_list("user__name", flat=True))


# Who is asked to reply --------------------------------------------------------------------------------------------


def test_first_comment_asks_the_lead(assessment: Assessment, reader: User) -> None:
    assert asked(begin(assessment, reader)) == {"Alice Archer"}


def test_own_first_comment_asks_nobody(assessment: Assessment, alice: User) -> None:
    assert asked(begin(assessment, alice)) == set()


@pytest.mark.parametrize(("audience", "expected"), [(CLIENT, set()), (BOTH, {"Ada Adviser"})])
def test_first_comment_asks_the_reviewing_adviser_who_may_read_it(
    assessment: Assessment, alice: User, ada: User, firm: Organisation, audience: str, expected: set[str]
) -> None:
    submit(assessment, firm, reviewer=ada)

    assert asked(begin(assessment, alice, audience)) == expected


def test_first_comment_of_an_adviser_within_the_firm(assessment: Assessment, ada: User, firm: Organisation) -> None:
    colleague = make_user("ed@example.org", "Ed Elder")
    make_member(firm, colleague)
    submit(assessment, firm, reviewer=ada)

    assert asked(begin(assessment, colleague, ADVISER, firm=firm.pk)) == {"Ada Adviser"}


@pytest.mark.parametrize(
    "later",
    [
        lambda submission: Submission.objects.filter(pk=submission.pk).update(status="returned"),
        lambda submission: Review.objects.update(ended_at=timezone.now()),
    ],
    ids=["the submission is closed", "the review has ended"],
)
def test_first_comment_asks_no_adviser_of_a_review_that_is_over(
    assessment: Assessment, alice: User, ada: User, firm: Organisation, later: Callable[[Submission], object]
) -> None:
    later(submit(assessment, firm, reviewer=ada))
    assessment.refresh_from_db()

    assert asked(begin(assessment, alice, BOTH)) == set()


def test_reply_asks_everybody_else_who_wrote(assessment: Assessment, alice: User, reader: User) -> None:
    other = make_user("dora@example.org", "Dora Dent")
    make_participation(assessment, other)
    thread = begin(assessment, reader)
    reply(thread=thread, by=other, text="Mine.")

    assert asked(thread) == {"Alice Archer", "Bob Baker"}

    reply(thread=thread, by=alice, text="Thank you both.")

    assert asked(thread) == {"Bob Baker", "Dora Dent"}


def test_reply_asks_nobody_who_has_left(assessment: Assessment, alice: User, reader: User) -> None:
    thread = begin(assessment, reader)
    assessment.participations.all().delete()

    reply(thread=thread, by=alice, text="Mine.")

    assert asked(thread) == set()


def test_reply_is_mailed_again(assessment: Assessment, alice: User, reader: User) -> None:
    thread = begin(assessment, reader)
    Ask.objects.update(mailed_at=timezone.now())

    reply(thread=thread, by=reader, text="One more thing.")

    assert Ask.objects.get(user=alice).mailed_at is None


def test_resolve_closes_what_waits(assessment: Assessment, reader: User) -> None:
    thread, other = begin(assessment, reader), begin(assessment, reader)

    resolved = resolve(thread=thread, by=reader)

    assert resolved.resolved_at is not None
    assert (asked(thread), asked(other)) == (set(), {"Alice Archer"})


def test_reopen(assessment: Assessment, alice: User) -> None:
    thread = begin(assessment, alice)
    resolve(thread=thread, by=alice)

    assert reopen(thread=thread, by=alice).resolved_at is None
    assert list(
        Thread.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", flat=True)  # type: ignore[attr-defined]
    ) == ["insert", "update", "update"]


def test_reply_to_a_resolved_thread_opens_it(assessment: Assessment, alice: User, reader: User) -> None:
    thread = begin(assessment, reader)
    resolve(thread=thread, by=alice)

    reply(thread=thread, by=reader, text="Not quite.")

    thread.refresh_from_db()
    assert thread.resolved_at is None
    assert asked(thread) == {"Alice Archer"}


def test_comments_are_kept_in_order(assessment: Assessment, alice: User, reader: User) -> None:
    thread = begin(assessment, reader)
    reply(thread=thread, by=alice, text="Mine.")
    reply(thread=thread, by=reader, text="Good.")

    said = Comment.objects.filter(thread=thread).values_list("written_by__name", "text")
    assert list(said) == [
        ("Bob Baker", "Whose figure is this?"),
        ("Alice Archer", "Mine."),
        ("Bob Baker", "Good."),
    ]


# Who may read what ------------------------------------------------------------------------------------------------


def seat(assessment: Assessment, person: User) -> Seat:
    return seats_of(assessment, [person]).get(person.pk, Seat.NOBODY)


def read_by(assessment: Assessment, person: User) -> set[str]:
    threads = Thread.objects.visible_to(seat(assessment, person)).filter(assessment=assessment)
    return set(threads.values_list("audience", flat=True))


@pytest.fixture
def threads(assessment: Assessment, alice: User, ada: User, firm: Organisation) -> None:
    begin(assessment, alice, CLIENT)
    begin(assessment, alice, BOTH)
    begin(assessment, ada, ADVISER, firm=firm.pk)


def test_client_reads_their_own_and_what_is_for_both(threads: None, assessment: Assessment, alice: User) -> None:
    assert read_by(assessment, alice) == {CLIENT, BOTH}


def test_reader_and_administrator_are_the_client(threads: None, assessment: Assessment, reader: User) -> None:
    [administrator] = Membership.objects.filter(
        organisation=assessment.organisation_id, role="administrator"
    ).select_related("user")

    assert read_by(assessment, reader) == read_by(assessment, administrator.user) == {CLIENT, BOTH}


def test_adviser_reads_their_firm_s_and_what_is_for_both(threads: None, assessment: Assessment, ada: User) -> None:
    assert read_by(assessment, ada) == {ADVISER, BOTH}


def test_another_firm_reads_only_what_is_for_both(threads: None, assessment: Assessment) -> None:
    other = make_user("olga@example.org", "Olga Other")
    make_engagement(assessment, make_firm(other, "Merlin Advisers"))

    assert read_by(assessment, other) == {BOTH}


def test_ended_engagement_reads_nothing(threads: None, assessment: Assessment, ada: User, firm: Organisation) -> None:
    firm.engagements.update(ended_at=timezone.now(), ended_by=assessment.lead)

    assert read_by(assessment, ada) == set()


def test_stranger_reads_nothing(threads: None, assessment: Assessment, charlie: User) -> None:
    assert read_by(assessment, charlie) == set()
    assert not Access.objects.filter(user=charlie).exists()


def test_who_is_both_reads_all(threads: None, assessment: Assessment, ada: User) -> None:
    make_participation(assessment, ada)

    assert read_by(assessment, ada) == {CLIENT, ADVISER, BOTH}
