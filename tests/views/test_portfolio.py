"""The page of an adviser's clients, its files, and how many queries they take."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from assessments.models import Assessment, Engagement, Organisation, Service, User
from tests.factories import make_assessment, make_engagement, make_firm, make_member, make_organisation, make_user

SignedIn = Callable[[User], Client]
AT_MOST = 6
"""Queries, with those for the session and the person."""


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada@example.org", "Ada Adviser")


@pytest.fixture
def firm(ada: User) -> Organisation:
    return make_firm(ada)


@pytest.fixture
def engaged(alice: User, firm: Organisation) -> Assessment:
    assessment = make_assessment(alice)
    make_engagement(assessment, firm)
    return assessment


def make_clients(first: Assessment, firm: Organisation, count: int) -> None:
    """More of the same organisation, all of one other service and with the result of the first. No history."""
    service = Service.objects.create(
        organisation=first.service.organisation, name="Service next door", changed_by=first.lead
    )
    same: dict[str, Any] = {name: getattr(first, name) for name in ("edition", "stage", "colours", "lead")}
    with pgtrigger.ignore():
        made = Assessment.objects.bulk_create(
            Assessment(service=service, changed_by=first.lead, **same) for _number in range(count)
        )
        Engagement.objects.bulk_create(Engagement(assessment=one, firm=firm, began_by=first.lead) for one in made)
    with connection.cursor() as cursor:
        # As autovacuum does a moment later.
        cursor.execute("ANALYZE assessments_assessment, assessments_engagement")


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_as_many_queries_for_ten_as_for_ten_thousand(
    engaged: Assessment, ada: User, firm: Organisation, signed_in: SignedIn
) -> None:
    client = signed_in(ada)
    queried = ("", "?sort=colour&overall=not_known&search=ser", "?sort=name&page=3")
    make_clients(engaged, firm, 9)
    for_ten = [queries(client, f"/clients/{query}") for query in queried]
    make_clients(engaged, firm, 9_990)

    for_ten_thousand = [queries(client, f"/clients/{query}") for query in queried]

    assert for_ten == for_ten_thousand
    assert max(for_ten) <= AT_MOST


@pytest.mark.parametrize("name", ["clients.csv", "clients.xlsx"])
def test_a_file_reads_all_at_once_and_no_result(
    name: str, engaged: Assessment, ada: User, firm: Organisation, signed_in: SignedIn
) -> None:
    make_clients(engaged, firm, 60)
    client = signed_in(ada)

    with CaptureQueriesContext(connection) as asked:
        client.get(f"/clients/{name}")

    assert len(asked) <= AT_MOST
    assert not any('"result"' in query["sql"] for query in asked)


def test_an_entry(engaged: Assessment, ada: User, signed_in: SignedIn) -> None:
    colours = {"overall": ["red", "green"], "pensions": ["amber", "amber"]}
    Assessment.objects.filter(pk=engaged.pk).update(colours=colours, target_date="2027-04-01")

    page = signed_in(ada).get("/clients/").content.decode()

    assert f'href="/assessments/{engaged.pk}/">Riverside Family Hubs</a>' in page
    assert "Exampleshire County Council" in page
    assert 'role="img" aria-label="Overall: Red to Green. Pensions: Amber. ' in page
    assert '<b class="app-tile--rg">RG</b><b class="app-tile--a">A</b>' in page
    assert "Target 1 Apr 2027" in page
    assert "Not submitted yet" in page
    assert "Self-assessed, not reviewed" in page


def test_what_is_signed_off_says_so(engaged: Assessment, ada: User, signed_in: SignedIn) -> None:
    Assessment.objects.update(is_reviewed=True)

    page = signed_in(ada).get("/clients/").content.decode()

    assert "Self-assessed, not reviewed" not in page


def test_names_are_text(alice: User, ada: User, firm: Organisation, signed_in: SignedIn) -> None:
    body = make_organisation("<b>Council</b>")
    make_engagement(make_assessment(alice, body, service_name='"><script>alert(1)</script>'), firm)

    page = signed_in(ada).get("/clients/?search=%22%3E%3Cscript").content.decode()

    assert "<script>alert" not in page
    assert "<b>Council" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 1


@pytest.mark.parametrize("address", ["/clients/", "/clients/clients.csv", "/clients/clients.xlsx"])
def test_who_advises_nobody_finds_no_page(address: str, engaged: Assessment, alice: User, signed_in: SignedIn) -> None:
    assert signed_in(alice).get(address).status_code == 404


def test_a_firm_without_clients_is_told_its_code(ada: User, firm: Organisation, signed_in: SignedIn) -> None:
    page = signed_in(ada).get("/clients/").content.decode()

    assert firm.code in page
    assert "No client has let you in yet" in page


@pytest.mark.parametrize(
    "query",
    [
        "stage=nonsense",
        "overall=purple",
        "barrier=no-such-barrier&colour=red",
        "sort=nonsense",
        "page=-1",
        "page=99999999999999999999",
        "firm=not-a-firm",
        "search=%00",
        "waits=maybe",
    ],
)
def test_what_makes_no_sense_is_passed_over(query: str, engaged: Assessment, ada: User, signed_in: SignedIn) -> None:
    assert signed_in(ada).get(f"/clients/?{query}").status_code == 200


def test_a_firm_of_others_is_no_filter(engaged: Assessment, ada: User, alice: User, signed_in: SignedIn) -> None:
    other = make_firm(alice, "Other Advisers")

    assert b"Riverside" in signed_in(ada).get(f"/clients/?firm={other.pk}").content


def test_only_who_has_several_firms_chooses_between_them(
    engaged: Assessment, ada: User, bob: User, signed_in: SignedIn
) -> None:
    client = signed_in(ada)
    assert b'name="firm"' not in client.get("/clients/").content
    make_member(make_firm(bob, "Second Advisers"), ada)

    page = client.get("/clients/").content.decode()

    assert 'name="firm"' in page
    assert "For Kestrel Advisers" in page


def test_half_a_barrier_filters_nothing_and_says_so(engaged: Assessment, ada: User, signed_in: SignedIn) -> None:
    page = signed_in(ada).get("/clients/?barrier=pensions").content.decode()

    assert "choose both the barrier and its colour" in page
    assert "Riverside Family Hubs" in page


def test_pages_keep_the_filters(engaged: Assessment, ada: User, firm: Organisation, signed_in: SignedIn) -> None:
    make_clients(engaged, firm, 60)

    page = signed_in(ada).get("/clients/?search=service&sort=name&page=1").content.decode()

    assert 'href="?search=service&amp;sort=name&amp;page=2"' in page
    assert "60 assessments fit your choice" in page
    assert 'href="/clients/clients.csv?search=service&amp;sort=name"' in page


def test_files_hold_what_the_filters_let_through(
    engaged: Assessment, ada: User, firm: Organisation, signed_in: SignedIn
) -> None:
    make_clients(engaged, firm, 60)
    client = signed_in(ada)

    table = list(
        csv.DictReader(io.StringIO(client.get("/clients/clients.csv?search=river").content.decode("utf-8-sig")))
    )
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/clients/clients.xlsx?sort=name").content))
    rows = sheet.get_sheet_by_name("Clients").to_python()

    assert [row["Service"] for row in table] == ["Riverside Family Hubs"]
    assert table[0]["Overall"] == "Red to Green"
    assert table[0]["Page"] == f"http://testserver/assessments/{engaged.pk}/"
    assert table[0]["Reviewed"] == "Self-assessed, not reviewed"
    assert len(rows) == 62
    assert rows[1][0] == "Riverside Family Hubs"


def test_a_name_like_a_formula_is_no_formula(alice: User, ada: User, firm: Organisation, signed_in: SignedIn) -> None:
    make_engagement(make_assessment(alice, service_name='=HYPERLINK("http://evil.example")'), firm)

    table = signed_in(ada).get("/clients/clients.csv").content.decode("utf-8-sig")

    assert "\"'=HYPERLINK(" in table


def test_navigation(alice: User, ada: User, firm: Organisation, signed_in: SignedIn) -> None:
    assert b'href="/clients/"' in signed_in(ada).get("/").content
    assert b'href="/clients/"' not in signed_in(alice).get("/").content
