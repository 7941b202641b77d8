"""A firm is let in to named assessments and out again, and both facts stay."""

import pytest

from assessments.models import Access, Ask, Assessment, Engagement, Organisation, Submission, User
from assessments.services import engagements, submissions
from assessments.services.asks import ask
from tests.factories import make_assessment, make_firm, make_participation, make_user

EngagementEvent = Engagement.pgh_event_model  # type: ignore[attr-defined]


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada@example.org", "Ada Adviser")


@pytest.fixture
def firm(ada: User) -> Organisation:
    return make_firm(ada)


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


def sees(person: User) -> set[Assessment]:
    return {row.assessment for row in Access.objects.filter(user=person).select_related("assessment")}


def test_begin(assessment: Assessment, alice: User, ada: User, firm: Organisation) -> None:
    other = make_assessment(alice)

    engagements.begin(firm=firm, assessments=[assessment], by=alice)

    assert sees(ada) == {assessment}
    assert other not in sees(ada)
    assert Engagement.objects.get().began_by == alice


def test_begin_twice(assessment: Assessment, alice: User, bob: User, firm: Organisation) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=alice)

    assert engagements.begin(firm=firm, assessments=[assessment], by=bob) == []

    assert Engagement.objects.get().began_by == alice


def test_end(assessment: Assessment, alice: User, bob: User, ada: User, firm: Organisation) -> None:
    other = make_assessment(alice)
    engagements.begin(firm=firm, assessments=[assessment, other], by=alice)
    ask(user=ada, assessment=assessment, kind="reply", about="x", by=alice)
    ask(user=ada, assessment=other, kind="reply", about="x", by=alice)

    assert engagements.end(firm=firm, assessments=[assessment], by=bob) == 1

    assert sees(ada) == {other}
    assert Ask.objects.get(done_at=None).assessment == other
    ended = Engagement.objects.get(assessment=assessment)
    assert (ended.began_by, ended.ended_by) == (alice, bob)
    assert ended.ended_at is not None
    assert list(EngagementEvent.objects.filter(assessment=assessment).order_by("pgh_id").values_list("pgh_label")) == [
        ("insert",),
        ("update",),
    ]


def test_end_of_what_is_not(assessment: Assessment, alice: User, firm: Organisation) -> None:
    assert engagements.end(firm=firm, assessments=[assessment], by=alice) == 0


def test_let_in_again(assessment: Assessment, alice: User, ada: User, firm: Organisation) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=alice)
    engagements.end(firm=firm, assessments=[assessment], by=alice)

    engagements.begin(firm=firm, assessments=[assessment], by=alice)

    assert sees(ada) == {assessment}
    assert Engagement.objects.count() == 2


def test_end_withdraws_what_waits_at_the_firm(
    assessment: Assessment, alice: User, ada: User, firm: Organisation
) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=alice)
    submissions.submit(assessment=assessment, firm=firm, by=alice)

    engagements.end(firm=firm, assessments=[assessment], by=alice)

    assert Submission.objects.get().status == "withdrawn"
    assert not Ask.objects.filter(user=ada, done_at=None).exists()


def test_end_leaves_what_waits_at_another_firm(assessment: Assessment, alice: User, firm: Organisation) -> None:
    other = make_firm(make_user("ben@example.org"), "Merlin Advisers")
    engagements.begin(firm=firm, assessments=[assessment], by=alice)
    engagements.begin(firm=other, assessments=[assessment], by=alice)
    submissions.submit(assessment=assessment, firm=other, by=alice)

    engagements.end(firm=firm, assessments=[assessment], by=alice)

    assert Submission.objects.get().status == "submitted"


def test_whoever_is_also_of_the_clients_people_keeps_seeing_it(
    assessment: Assessment, alice: User, bob: User, ada: User, firm: Organisation
) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=alice)
    make_participation(assessment, ada)
    ask(user=ada, assessment=assessment, kind="reply", about="x", by=alice)

    engagements.end(firm=firm, assessments=[assessment], by=alice)

    assert sees(ada) == {assessment}
    assert Ask.objects.get(user=ada).done_at is None
