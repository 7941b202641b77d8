"""Which clients an adviser's list shows, and in which order."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Assessment, Organisation, Review, Submission, User
from assessments.selectors.portfolio import ALL, NO_SUBMISSION, NOT_KNOWN, Filters, Portfolio
from tests.factories import make_assessment, make_engagement, make_firm, make_member, make_participation, make_user


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada@example.org", "Ada Adviser")


@pytest.fixture
def firm(ada: User) -> Organisation:
    return make_firm(ada)


def client_of(firm: Organisation, lead: User, name: str, **fields: Any) -> Assessment:
    """An assessment that the firm is let in to."""
    assessment = make_assessment(lead, service_name=name)
    make_engagement(assessment, firm)
    Assessment.objects.filter(pk=assessment.pk).update(**fields)
    return assessment


def submit(assessment: Assessment, firm: Organisation, status: str = "submitted", by: User | None = None) -> Submission:
    revealed = {"revealed_at": timezone.now()} if status == "signed_off" else {}
    submission = Submission.objects.create(
        assessment=assessment,
        number=1,
        firm=firm,
        status=status,
        inputs={},
        result={},
        colours={},
        submitted_by=assessment.lead,
        changed_by=assessment.lead,
        **revealed,
    )
    Assessment.objects.filter(pk=assessment.pk).update(latest=submission)
    if by is not None:
        Review.objects.create(submission=submission, adviser=by, changed_by=by)
    return submission


def names(person: User, *firms: Organisation, filters: Filters = ALL, order: str = "changed") -> list[str]:
    return [client.service for client in Portfolio(person, firms, filters, order).clients]


def test_only_what_a_standing_engagement_lets_them_see(alice: User, ada: User, firm: Organisation) -> None:
    client_of(firm, alice, "Let in")
    ended = client_of(firm, alice, "Let in and out again")
    ended.engagements.update(ended_at=timezone.now(), ended_by=alice)
    make_assessment(alice, service_name="Never let in")
    elsewhere = make_firm(make_user("eve@example.org"), "Other Advisers")
    client_of(elsewhere, alice, "Somebody else's client")

    assert names(ada, firm) == ["Let in"]


def test_not_what_they_see_as_somebody_else(alice: User, ada: User, firm: Organisation) -> None:
    make_participation(make_assessment(alice), ada)
    make_assessment(ada, service_name="Their own")

    assert names(ada, firm) == []


def test_who_has_left_the_firm_sees_nothing(alice: User, ada: User, firm: Organisation) -> None:
    client_of(firm, alice, "Let in")
    firm.memberships.filter(user=ada).delete()

    assert names(ada, firm) == []


def test_two_firms_of_one_person_each_have_their_entry(alice: User, ada: User, firm: Organisation) -> None:
    second = make_firm(make_user("eve@example.org"), "Second Advisers")
    make_member(second, ada)
    assessment = client_of(firm, alice, "Let both in")
    make_engagement(assessment, second)
    submit(assessment, second)

    clients = Portfolio(ada, [firm, second]).clients

    assert {(client.firm, client.waits) for client in clients} == {
        ("Kestrel Advisers", False),
        ("Second Advisers", True),
    }
    assert names(ada, firm, second, filters=Filters(firm=str(firm.pk))) == ["Let both in"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (ALL, {"Libraries", "Youth", "Nursing"}),
        (Filters(search="libr"), {"Libraries"}),
        (Filters(search="EXAMPLESHIRE"), {"Libraries", "Youth", "Nursing"}),
        (Filters(search="100%"), set()),
        (Filters(stage="explore"), {"Youth"}),
        (Filters(overall="red"), {"Libraries"}),
        (Filters(overall="green"), {"Youth"}),
        (Filters(overall=NOT_KNOWN), {"Nursing"}),
        (Filters(barrier="pensions", colour="amber"), {"Libraries"}),
        (Filters(barrier="pensions", colour="not_applicable"), {"Youth"}),
        (Filters(barrier="pensions", colour=NOT_KNOWN), {"Nursing"}),
        (Filters(barrier="tendering", colour=NOT_KNOWN), set()),
        (Filters(status=NO_SUBMISSION), {"Youth"}),
        (Filters(status="submitted"), {"Nursing"}),
        (Filters(status="returned"), {"Libraries"}),
        (Filters(waits=True), {"Nursing"}),
        (Filters(waits=True, stage="explore"), set()),
    ],
)
def test_filters(filters: Filters, found: set[str], alice: User, ada: User, firm: Organisation) -> None:
    libraries = client_of(firm, alice, "Libraries", colours={"overall": ["red", "red"], "pensions": ["amber", "amber"]})
    client_of(
        firm,
        alice,
        "Youth",
        stage="explore",
        colours={"overall": ["green", "green"], "pensions": ["not_applicable", "not_applicable"]},
    )
    nursing = client_of(firm, alice, "Nursing", colours={"overall": ["amber", "green"], "pensions": ["red", "green"]})
    submit(libraries, firm, "returned", by=ada)
    submit(nursing, firm)

    assert set(names(ada, firm, filters=filters)) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("changed", ["Youth", "Nursing", "a library"]),
        ("target", ["Nursing", "Youth", "a library"]),
        ("name", ["a library", "Nursing", "Youth"]),
        ("colour", ["Nursing", "a library", "Youth"]),
    ],
)
def test_orders(order: str, found: list[str], alice: User, ada: User, firm: Organisation) -> None:
    def fields(day: int, target: dt.date | None, *ends: str) -> dict[str, Any]:
        changed = dt.datetime(2026, 11, day, tzinfo=dt.UTC)
        return {"changed_at": changed, "target_date": target, "colours": {"overall": list(ends)}}

    client_of(firm, alice, "a library", **fields(1, None, "red", "green"))
    client_of(firm, alice, "Youth", **fields(3, dt.date(2027, 6, 1), "green", "green"))
    client_of(firm, alice, "Nursing", **fields(2, dt.date(2027, 1, 1), "red", "red"))

    assert names(ada, firm, order=order) == found
    assert [client.service for client in Portfolio(ada, [firm], ALL, order).everything()] == found


@pytest.mark.parametrize(
    ("status", "claimed_by", "waits"),
    [
        ("submitted", None, True),
        ("in_review", "ada@example.org", True),
        ("in_review", "colleague@example.org", False),
        ("returned", "ada@example.org", False),
        ("signed_off", "ada@example.org", False),
        ("withdrawn", None, False),
    ],
)
def test_what_waits_for_an_adviser(
    status: str, claimed_by: str | None, waits: bool, alice: User, ada: User, firm: Organisation
) -> None:
    make_member(firm, make_user("colleague@example.org"))
    assessment = client_of(firm, alice, "Libraries")
    submit(assessment, firm, status, by=User.objects.filter(email=claimed_by).first())

    clients = Portfolio(ada, [firm]).clients

    assert [client.waits for client in clients] == [waits]
    assert bool(names(ada, firm, filters=Filters(waits=True))) is waits


def test_what_another_firm_was_given_does_not_wait(alice: User, ada: User, firm: Organisation) -> None:
    other = make_firm(make_user("eve@example.org"), "Other Advisers")
    submit(client_of(firm, alice, "Libraries"), other)

    assert [(client.status, client.waits) for client in Portfolio(ada, [firm]).clients] == [("submitted", False)]


@pytest.mark.parametrize(("number", "shown"), [("1", 50), ("2", 1), ("9", 1), ("0", 1), ("x", 50), (None, 50)])
def test_pages_of_fifty(number: str | None, shown: int, alice: User, ada: User, firm: Organisation) -> None:
    first = client_of(firm, alice, "Libraries")
    more = Assessment.objects.bulk_create(
        Assessment(service=first.service, lead=alice, changed_by=alice, edition=first.edition, stage="plan")
        for _number in range(50)
    )
    for assessment in more:
        make_engagement(assessment, firm)

    portfolio = Portfolio(ada, [firm], number=number)

    assert (len(portfolio.clients), portfolio.page.paginator.count) == (shown, 51)
