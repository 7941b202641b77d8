"""The pages of who takes part in an assessment, and what strangers find there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assessment, Organisation, Participation, User
from assessments.services import engagements
from tests.factories import (
    make_assessment,
    make_firm,
    make_member,
    make_organisation,
    make_participation,
    make_user,
)

SignIn = Callable[[User], Client]
CONTRIBUTOR = {"role": "contributor", "questionnaires": ["working-capital", "pensions"]}


@pytest.fixture
def olive(db: None) -> User:
    return make_user("olive@example.org", "Olive Osborne")


@pytest.fixture
def organisation(olive: User) -> Organisation:
    return make_organisation(administrator=olive)


@pytest.fixture
def assessment(alice: User, bob: User, organisation: Organisation) -> Assessment:
    """Led by Alice; Bob is a member of the organisation."""
    make_member(organisation, bob)
    return make_assessment(alice, organisation)


def url(name: str, assessment: Assessment, *more: Any) -> str:
    return reverse(name, args=[assessment.pk, *more])


# Taking part ---------------------------------------------------------------------------------------------------


def test_nobody_is_offered_to_add_nobody(
    assessment: Assessment, alice: User, bob: User, olive: User, signed_in: SignIn
) -> None:
    """The page to add somebody would be empty: everybody of the organisation takes part."""
    page, client = url("people", assessment), signed_in(alice)
    before = client.get(page).content
    make_participation(assessment, bob)
    make_participation(assessment, olive)

    assert b"Add somebody" in before
    assert b"Add somebody" not in client.get(page).content


@pytest.mark.parametrize("who", ["lead", "administrator"])
def test_add_a_contributor(
    assessment: Assessment, alice: User, bob: User, olive: User, signed_in: SignIn, who: str
) -> None:
    client = signed_in({"lead": alice, "administrator": olive}[who])

    response = client.post(url("participation-add", assessment), CONTRIBUTOR | {"person": bob.pk}, follow=True)

    assert response.redirect_chain == [(url("people", assessment), 302)]
    page = response.content.decode()
    assert "Bob Baker takes part now." in page
    assert "Answers: Pensions; Working capital." in page
    assert signed_in(bob).get(url("assessment", assessment)).status_code == 200


def test_task_list_says_whose_a_questionnaire_is(
    assessment: Assessment, alice: User, bob: User, signed_in: SignIn
) -> None:
    dana = make_user("dana@example.org", "Dana <b>Lee")
    make_participation(assessment, bob, "contributor", ["pensions"])
    make_participation(assessment, dana, "contributor", ["pensions", "tendering"])

    page = signed_in(alice).get(url("assessment", assessment)).content.decode()

    assert "For Bob Baker and Dana &lt;b&gt;Lee" in page
    assert page.count("For Dana &lt;b&gt;Lee") == 1
    assert "<b>Lee" not in page


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Choose who takes part"),
        ({"person": ""}, "Choose who takes part"),
        ({"role": ""}, "Choose what they do"),
        ({"role": "lead"}, "Select a valid choice"),
        ({"role": "administrator"}, "Select a valid choice"),
        ({"role": "contributor", "questionnaires": []}, "Choose at least one questionnaire"),
        ({"role": "contributor", "questionnaires": ["no-such"]}, "Choose questionnaires of this assessment"),
        ({"person": "a stranger"}, "Choose one of these people"),
        ({"person": "the lead"}, "Choose one of these people"),
        ({"person": "x"}, "Choose one of these people"),
    ],
)
def test_part_that_cannot_be(
    assessment: Assessment, alice: User, bob: User, charlie: User, signed_in: SignIn, sent: dict[str, Any], says: str
) -> None:
    people = {"a stranger": charlie.pk, "the lead": alice.pk}
    right: dict[str, Any] = {"role": "reader", "person": bob.pk} if sent else {}
    given = right | sent
    named = str(given.get("person", ""))
    given["person"] = people.get(named, named)

    response = signed_in(alice).post(url("participation-add", assessment), given)

    assert response.status_code == 200
    assert "<title>Error: " in response.content.decode()
    assert says in response.content.decode()
    assert not Participation.objects.exists()


def test_change_and_remove(assessment: Assessment, alice: User, bob: User, signed_in: SignIn) -> None:
    taking = make_participation(assessment, bob, "contributor", ["pensions"])
    client = signed_in(alice)

    form = client.get(url("participation-change", assessment, taking.pk)).content.decode()
    client.post(url("participation-change", assessment, taking.pk), {"role": "reader"})
    as_reader = Participation.objects.get()
    asked = client.get(url("participation-remove", assessment, taking.pk))
    client.post(url("participation-remove", assessment, taking.pk))

    assert 'value="pensions" checked' in form
    assert (as_reader.role, as_reader.questionnaires) == ("reader", [])
    assert b"Remove Bob Baker from this assessment?" in asked.content
    assert not Participation.objects.exists()
    assert signed_in(bob).get(url("assessment", assessment)).status_code == 404


@pytest.mark.parametrize(("before", "sees"), [("stays", 200), ("leaves", 404)])
def test_hand_over(assessment: Assessment, alice: User, bob: User, signed_in: SignIn, before: str, sees: int) -> None:
    client = signed_in(alice)

    response = client.post(url("hand-over", assessment), {"to": bob.pk, "before": before}, follow=True)

    assert response.status_code == 200
    assert b"Bob Baker leads Riverside Family Hubs now." in response.content
    assert Assessment.objects.get().lead == bob
    assert client.get(url("assessment", assessment)).status_code == sees
    assert client.post(url("hand-over", assessment), {"to": alice.pk}).status_code == (403 if sees == 200 else 404)


@pytest.mark.parametrize(("to", "before"), [("", "stays"), ("stranger", "stays"), ("member", ""), ("lead", "stays")])
def test_hand_over_that_cannot_be(
    assessment: Assessment, alice: User, bob: User, charlie: User, signed_in: SignIn, to: str, before: str
) -> None:
    people = {"": "", "stranger": charlie.pk, "member": bob.pk, "lead": alice.pk}

    response = signed_in(alice).post(url("hand-over", assessment), {"to": people[to], "before": before})

    assert b"<title>Error: " in response.content
    assert Assessment.objects.get().lead == alice


# Who may -------------------------------------------------------------------------------------------------------

PAGES = ["people", "participation-add", "participation-change", "participation-remove", "hand-over"]
ACTS = PAGES[1:]


def address(name: str, assessment: Assessment) -> str:
    more = []
    if name in ("participation-change", "participation-remove"):
        guest = User.objects.filter(email="gina@example.org").first() or make_user("gina@example.org", "Gina Guest")
        taking = Participation.objects.filter(user=guest).first()
        more = [(taking or make_participation(assessment, guest)).pk]
    return url(name, assessment, *more)


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("role", ["contributor", "reader"])
def test_who_only_takes_part_changes_nothing(
    assessment: Assessment, bob: User, signed_in: SignIn, role: str, name: str
) -> None:
    make_participation(assessment, bob, role, ["pensions"] if role == "contributor" else [])
    client = signed_in(bob)

    assert client.get(address(name, assessment)).status_code == 403
    assert client.post(address(name, assessment), {"to": bob.pk, "before": "stays"}).status_code == 403
    assert Assessment.objects.get().lead != bob
    assert b"Add somebody" not in client.get(url("people", assessment)).content


@pytest.mark.parametrize("name", PAGES)
def test_stranger_finds_nothing(assessment: Assessment, bob: User, charlie: User, signed_in: SignIn, name: str) -> None:
    """Charlie belongs nowhere; Bob is a member of the organisation who takes no part."""
    for person in (bob, charlie):
        client = signed_in(person)

        assert client.get(address(name, assessment)).status_code == 404
        assert client.post(address(name, assessment)).status_code in (404, 405)


@pytest.mark.parametrize("name", ["participation-change", "participation-remove"])
def test_part_in_another_assessment(
    assessment: Assessment, alice: User, bob: User, charlie: User, signed_in: SignIn, name: str
) -> None:
    """Neither by one's own assessment and somebody else's row, nor the other way round."""
    theirs = make_assessment(charlie, organisation_name="Elsewhere")
    row = make_participation(theirs, bob)
    client = signed_in(alice)

    for place in (assessment, theirs):
        assert client.post(url(name, place, row.pk), {"role": "reader"}).status_code == 404
    assert client.post(url(name, assessment, 10**30), {"role": "reader"}).status_code == 404
    assert Participation.objects.get().user == bob


def test_adviser_sees_names_and_no_addresses(assessment: Assessment, bob: User, olive: User, signed_in: SignIn) -> None:
    ada = make_user("ada@example.org", "Ada Adviser")
    firm = make_firm(ada)
    make_participation(assessment, bob)
    engagements.begin(firm=firm, assessments=[assessment], by=olive)

    page = signed_in(ada).get(url("people", assessment)).content.decode()

    assert "Bob Baker" in page
    assert "bob@example.org" not in page
    assert "Kestrel Advisers, let in by Olive Osborne" in page
    assert "Shut out" not in page


# How much is asked of the database -----------------------------------------------------------------------------

LIMITS = {"people": 7, "participation-add": 6, "participation-change": 6, "participation-remove": 5, "hand-over": 6}


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
@pytest.mark.parametrize("name", LIMITS)
def test_statements(assessment: Assessment, alice: User, signed_in: SignIn, name: str, many: bool) -> None:
    for number in range(20 if many else 1):
        make_participation(assessment, make_user(f"p{number}@example.org"), "contributor", ["pensions"])
    page, client = address(name, assessment), signed_in(alice)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(page)

    assert response.status_code == 200
    assert len(queries) <= LIMITS[name], "\n".join(query["sql"] for query in queries.captured_queries)


def test_statements_of_the_task_list(assessment: Assessment, alice: User, signed_in: SignIn) -> None:
    for number in range(20):
        make_participation(assessment, make_user(f"p{number}@example.org"), "contributor", ["pensions"])
    client = signed_in(alice)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(url("assessment", assessment)).status_code == 200

    assert len(queries) <= 6


# Home ----------------------------------------------------------------------------------------------------------


def test_home_of_who_belongs_nowhere(charlie: User, signed_in: SignIn) -> None:
    page = signed_in(charlie).get("/").content.decode()

    assert "Start an assessment." in page
    assert "Wait for an invitation." in page


def test_home_of_a_member_without_assessments(assessment: Assessment, bob: User, signed_in: SignIn) -> None:
    page = signed_in(bob).get("/").content.decode()

    assert "You lead no assessment yet." in page
    assert "Riverside" not in page


def test_home_says_what_one_is(assessment: Assessment, bob: User, signed_in: SignIn) -> None:
    make_participation(assessment, bob, "contributor", ["pensions"])
    make_assessment(bob, assessment.service.organisation, service_name="Of Bob")

    page = signed_in(bob).get("/").content.decode()

    assert page.index("Of Bob") < page.index("Riverside Family Hubs")
    assert page.count(">Contributor</strong>") == 1


def test_home_of_an_administrator(assessment: Assessment, olive: User, alice: User, signed_in: SignIn) -> None:
    own = make_assessment(olive, assessment.service.organisation, service_name="Led by Olive")
    elsewhere = make_assessment(alice, organisation_name="Elsewhere", service_name="Hidden")

    page = signed_in(olive).get("/").content.decode()

    assert page.index("Led by Olive") < page.index("Others of your organisation") < page.index("Riverside")
    assert page.count(f'href="{url("assessment", own)}"') == 1
    assert str(elsewhere.pk) not in page


def test_home_of_an_administrator_of_many(
    organisation: Organisation, olive: User, alice: User, signed_in: SignIn
) -> None:
    for number in range(25):
        make_assessment(alice, organisation, service_name=f"Service {number}")
    client = signed_in(olive)

    with CaptureQueriesContext(connection) as queries:
        page = client.get("/").content.decode()

    assert page.count("Service ") == 20
    assert "Your organisations</a> list all of them." in page
    # Who it is, what waits for them, what is theirs, what they gave an opinion on, and what they look after.
    assert len(queries) <= 6
