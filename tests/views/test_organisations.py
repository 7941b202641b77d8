"""The pages of organisations: their members, the firms they let in, and what strangers find there."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from assessments.models import Assessment, Engagement, Invitation, Membership, Organisation, Service, User
from assessments.services import engagements, invitations
from assessments.views.engagements import WRONG_CODES
from tests.factories import (
    make_assessment,
    make_assessments,
    make_firm,
    make_member,
    make_organisation,
    make_participation,
    make_user,
)

SignIn = Callable[[User], Client]


@pytest.fixture
def olive(db: None) -> User:
    return make_user("olive@example.org", "Olive Osborne")


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada@example.org", "Ada Adviser")


@pytest.fixture
def firm(ada: User) -> Organisation:
    return make_firm(ada)


@pytest.fixture
def organisation(olive: User, alice: User, bob: User) -> Organisation:
    """Olive administers it; Alice leads an assessment; Bob is a member."""
    made = make_organisation(administrator=olive)
    make_assessment(alice, made)
    make_member(made, bob)
    return made


@pytest.fixture
def assessment(organisation: Organisation) -> Assessment:
    return Assessment.objects.get(service__organisation=organisation)


def url(name: str, organisation: Organisation, *more: Any) -> str:
    return reverse(name, args=[organisation.pk, *more])


def membership(organisation: Organisation, user: User) -> Membership:
    return Membership.objects.get(organisation=organisation, user=user)


def make_invitation(organisation: Organisation, email: str = "dana@example.org") -> Invitation:
    return invitations.invite(
        organisation=organisation, email=email, role="member", by=organisation.founded_by, link=str
    )


# Founding and looking after ------------------------------------------------------------------------------------


def test_set_up_a_public_body(alice: User, signed_in: SignIn) -> None:
    """Whoever sets it up begins at once, and becomes its administrator when they want."""
    client = signed_in(alice)
    sent = {"kind": "public_body", "name": "  Borsetshire\n County  Council "}

    response = client.post(reverse("organisation-new"), sent, follow=True)

    founded = Organisation.objects.get()
    assert founded.name == "Borsetshire County Council"
    assert response.redirect_chain == [(url("organisation", founded), 302)]
    assert url("organisation-claim", founded) in response.content.decode()
    assert membership(founded, alice).role == "member"


def test_set_up_a_firm(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    client.post(reverse("organisation-new"), {"kind": "adviser_firm", "name": "Kestrel"})

    founded = Organisation.objects.get()
    assert membership(founded, alice).is_administrator
    assert client.get(url("organisation", founded))["Location"] == reverse("second-factor")
    assert founded.code in signed_in(User.objects.get()).get(url("organisation", founded)).content.decode()


@pytest.mark.parametrize("sent", [{"kind": ""}, {"kind": "public_body", "name": "  "}, {"kind": "bank", "name": "X"}])
def test_organisation_that_cannot_be(alice: User, signed_in: SignIn, sent: dict[str, str]) -> None:
    response = signed_in(alice).post(reverse("organisation-new"), sent)

    assert b"<title>Error: " in response.content
    assert not Organisation.objects.exists()


def test_claim(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post(reverse("organisation-new"), {"kind": "public_body", "name": "Borsetshire"})
    founded = Organisation.objects.get()

    shown = client.get(url("organisation-claim", founded))
    client.post(url("organisation-claim", founded))

    assert b"Become the administrator?" in shown.content
    assert membership(founded, alice).is_administrator
    # From now on by two factors only.
    assert client.get(url("organisation", founded))["Location"] == reverse("second-factor")


@pytest.mark.parametrize("method", ["get", "post"])
def test_claim_of_what_somebody_looks_after(
    organisation: Organisation, bob: User, signed_in: SignIn, method: str
) -> None:
    assert getattr(signed_in(bob), method)(url("organisation-claim", organisation)).status_code == 403
    assert not membership(organisation, bob).is_administrator


def test_claim_is_for_who_was_there_first(alice: User, bob: User, signed_in: SignIn) -> None:
    signed_in(alice).post(reverse("organisation-new"), {"kind": "public_body", "name": "Borsetshire"})
    founded = Organisation.objects.get()
    make_member(founded, bob)

    assert signed_in(bob).post(url("organisation-claim", founded)).status_code == 403
    assert url("organisation-claim", founded) not in signed_in(bob).get(url("organisation", founded)).content.decode()


def test_rename(organisation: Organisation, olive: User, signed_in: SignIn) -> None:
    response = signed_in(olive).post(url("organisation-rename", organisation), {"name": "New <name>"}, follow=True)

    assert "New &lt;name&gt;" in response.content.decode()
    assert "<name>" not in response.content.decode()


# Members -------------------------------------------------------------------------------------------------------


def test_page_of_a_member(organisation: Organisation, bob: User, signed_in: SignIn) -> None:
    """Who belongs to it, and nothing else: what they take no part in is not theirs to see."""
    page = signed_in(bob).get(url("organisation", organisation)).content.decode()

    assert "Olive Osborne" in page
    assert "Riverside" not in page
    for word in ("Change role", "Invite somebody", "Let an adviser firm in", "Rename"):
        assert word not in page


def test_page_of_an_administrator(organisation: Organisation, olive: User, signed_in: SignIn) -> None:
    Service.objects.create(organisation=organisation, name="Idle service", changed_by=olive)

    page = signed_in(olive).get(url("organisation", organisation)).content.decode()

    assert "Riverside Family Hubs" in page
    assert "Services without an assessment: Idle service." in page
    assert organisation.code not in page


def test_pages_of_50_assessments(organisation: Organisation, alice: User, olive: User, signed_in: SignIn) -> None:
    make_assessments(alice, 60)
    Service.objects.update(organisation=organisation)
    client = signed_in(olive)

    pages = [client.get(url("organisation", organisation), {"page": page}).content.decode() for page in ("1", "2")]

    assert [page.count("Led by Alice Archer") for page in pages] == [50, 11]
    assert 'href="?page=2#assessments"' in pages[0]
    assert client.get(url("organisation", organisation), {"page": "x"}).status_code == 200


def test_change_a_role(organisation: Organisation, bob: User, olive: User, signed_in: SignIn) -> None:
    member = membership(organisation, bob)

    signed_in(olive).post(url("member-role", organisation, member.pk), {"role": "administrator"})

    assert membership(organisation, bob).is_administrator


def test_last_administrator_is_told_why(organisation: Organisation, olive: User, signed_in: SignIn) -> None:
    client, own = signed_in(olive), membership(organisation, olive)

    stepping_down = client.post(url("member-role", organisation, own.pk), {"role": "member"})
    leaving = client.get(url("organisation-leave", organisation))
    client.post(url("organisation-leave", organisation))

    assert b"<title>Error: " in stepping_down.content
    assert b"Make somebody else an administrator first" in stepping_down.content
    assert b"You are the only administrator" in leaving.content
    assert membership(organisation, olive).is_administrator


def test_remove_who_leads_nothing(organisation: Organisation, bob: User, olive: User, signed_in: SignIn) -> None:
    theirs = signed_in(bob)
    assert theirs.get(url("organisation", organisation)).status_code == 200

    response = signed_in(olive).post(url("member-remove", organisation, membership(organisation, bob).pk), follow=True)

    assert b"Bob Baker does not belong to Exampleshire County Council any more." in response.content
    assert theirs.get(url("organisation", organisation)).status_code == 404


def test_remove_who_leads_something(
    organisation: Organisation, assessment: Assessment, alice: User, bob: User, olive: User, signed_in: SignIn
) -> None:
    theirs, client = signed_in(alice), signed_in(olive)
    page = url("member-remove", organisation, membership(organisation, alice).pk)

    shown = client.get(page).content.decode()
    unnamed = client.post(page)
    client.post(page, {"new_lead": bob.pk})

    assert "They lead 1 assessment" in shown
    assert "Riverside Family Hubs" in shown
    assert b"<title>Error: " in unnamed.content
    assert Assessment.objects.get().lead == bob
    assert theirs.get(reverse("assessment", args=[assessment.pk])).status_code == 404
    assert theirs.get(reverse("people", args=[assessment.pk])).status_code == 404


@pytest.mark.parametrize("new_lead", ["themselves", "a stranger"])
def test_next_lead_who_cannot_be(
    organisation: Organisation, alice: User, charlie: User, olive: User, signed_in: SignIn, new_lead: str
) -> None:
    people = {"themselves": alice.pk, "a stranger": charlie.pk}
    page = url("member-remove", organisation, membership(organisation, alice).pk)

    response = signed_in(olive).post(page, {"new_lead": people[new_lead]})

    assert b"Choose one of these people" in response.content
    assert Assessment.objects.get().lead == alice


def test_leave(organisation: Organisation, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)

    response = client.post(url("organisation-leave", organisation), follow=True)

    assert response.redirect_chain == [(reverse("organisations"), 302)]
    assert b"You have left Exampleshire County Council." in response.content
    assert client.get(url("organisation", organisation)).status_code == 404


def test_who_is_alone_and_leads_cannot_leave(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post(
        reverse("assessment-start"), {"service_name": "Hubs", "stage": "explore", "organisation_name": "Council"}
    )
    organisation = Organisation.objects.get()

    shown = client.get(url("organisation-leave", organisation))
    client.post(url("organisation-leave", organisation))

    assert b"nobody else belongs to the organisation who could lead it" in shown.content
    assert membership(organisation, alice)


# Advisers ------------------------------------------------------------------------------------------------------


def let_in(client: Client, organisation: Organisation, code: str, *assessments: Assessment) -> Any:
    sent = {"code": code, "assessments": [str(assessment.pk) for assessment in assessments]}
    return client.post(url("engagement-begin", organisation), sent, follow=True)


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_let_a_firm_in(
    organisation: Organisation,
    assessment: Assessment,
    firm: Organisation,
    ada: User,
    olive: User,
    signed_in: SignIn,
    typed: Callable[[str], str],
) -> None:
    page = let_in(signed_in(olive), organisation, typed(firm.code), assessment).content.decode()

    assert "Kestrel Advisers may see 1 more assessment now." in page
    assert "Sees 1 assessment." in page
    assert signed_in(ada).get(reverse("assessment", args=[assessment.pk])).status_code == 200


@pytest.mark.parametrize("code", ["", "x", "ABCD-EFG0", "ABCD-EFGH", "of a public body", "a\x00", "A" * 41])
def test_code_that_is_not_right(
    organisation: Organisation, assessment: Assessment, firm: Organisation, olive: User, signed_in: SignIn, code: str
) -> None:
    """Says so, and nothing of which firms there are."""
    Organisation.objects.filter(pk=organisation.pk).update(code="BODY-CDEF")

    page = let_in(
        signed_in(olive), organisation, code.replace("of a public body", "BODY-CDEF"), assessment
    ).content.decode()

    assert "<title>Error: " in page
    assert "Kestrel" not in page
    assert not Engagement.objects.exists()


def test_let_a_firm_in_from_pages_of_50_assessments(
    organisation: Organisation, firm: Organisation, alice: User, olive: User, signed_in: SignIn
) -> None:
    """What is ticked on a second page adds to what the firm sees already."""
    first, *_others = make_assessments(alice, 60)
    Service.objects.update(organisation=organisation)
    client, address = signed_in(olive), url("engagement-begin", organisation)
    pages = [client.get(address, {"page": page}).content.decode() for page in ("1", "2", "x")]
    boxes = [re.findall(r'name="assessments"[^>]*value="([^"]+)"', page) for page in pages]

    let_in(client, organisation, firm.code, first)
    client.post(f"{address}?page=2", {"code": firm.code, "assessments": boxes[1]})
    wrong = client.post(f"{address}?page=2", {"code": "", "assessments": boxes[1]}).content.decode()

    assert [len(found) for found in boxes] == [50, 11, 50]
    assert not set(boxes[0]) & set(boxes[1])
    assert 'href="?page=2"' in pages[0]
    assert "Assessments 51 to 61 of 61" in pages[1]
    assert set(map(str, Engagement.objects.values_list("assessment", flat=True))) == {str(first.pk), *boxes[1]}
    assert len(re.findall(r'name="assessments"[^>]*checked', wrong)) == 11


def test_assessment_named_in_the_address_is_ticked_on_any_page(
    organisation: Organisation, alice: User, olive: User, signed_in: SignIn
) -> None:
    make_assessments(alice, 60)
    Service.objects.update(organisation=organisation)
    client, address = signed_in(olive), url("engagement-begin", organisation)
    [last, *_more] = re.findall(r'value="([0-9a-f-]{36})"', client.get(address, {"page": "2"}).content.decode())

    page = client.get(address, {"assessment": last}).content.decode()

    assert re.search(rf'value="{last}"[^>]*checked', page)


def test_codes_cannot_be_tried_out(
    organisation: Organisation, assessment: Assessment, firm: Organisation, olive: User, signed_in: SignIn
) -> None:
    cache.clear()
    client = signed_in(olive)
    wrong = [let_in(client, organisation, "ABCD-EFGH", assessment).content for _time in range(WRONG_CODES)]

    right = let_in(client, organisation, firm.code, assessment)

    assert all(b"No firm has this code" in page for page in wrong)
    assert b"Too many codes were not right" in right.content
    assert not Engagement.objects.exists()
    cache.clear()


def test_assessment_of_somebody_else(
    organisation: Organisation, firm: Organisation, charlie: User, olive: User, signed_in: SignIn
) -> None:
    theirs = make_assessment(charlie, organisation_name="Elsewhere")

    response = let_in(signed_in(olive), organisation, firm.code, theirs)

    assert b"Choose assessments of your organisation" in response.content
    assert not Engagement.objects.exists()


EVERY_PAGE = [
    "assessment",
    "assessment-check",
    "assessment-result",
    "forms-and-routes",
    "cash-flow",
    "report",
    "report-read",
    "plan",
    "plan-schedule",
    "plan-csv",
    "plan-xlsx",
    "plan-calendar",
    "what-ifs",
    "people",
]


def test_end(
    organisation: Organisation, assessment: Assessment, firm: Organisation, ada: User, olive: User, signed_in: SignIn
) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=olive)
    theirs, client = signed_in(ada), signed_in(olive)
    assert theirs.get(reverse("assessment", args=[assessment.pk])).status_code == 200

    shown = client.get(url("engagement-end", organisation, firm.pk)).content.decode()
    response = client.post(
        url("engagement-end", organisation, firm.pk), {"assessments": [str(assessment.pk)]}, follow=True
    )

    assert "Shut Kestrel Advisers out?" in shown
    assert "Let in by Olive Osborne on " in shown
    assert f'value="{assessment.pk}" checked' in shown
    assert "a submission that waits at the firm or is being reviewed there is withdrawn" in shown
    assert b"Kestrel Advisers cannot see 1 assessment any more." in response.content
    assert client.get(url("engagement-end", organisation, firm.pk)).status_code == 404


def addresses_of(assessment: Assessment) -> list[str]:
    """Every address that needs nothing but the assessment."""
    names = {
        str(found.name)
        for found in get_resolver("assessments.urls").url_patterns
        if isinstance(found, URLPattern) and str(found.pattern).startswith("assessments/<uuid:pk>/")
    }
    found = []
    for name in sorted(names):
        try:
            found.append(reverse(name, args=[assessment.pk]))
        except NoReverseMatch:
            continue
    return found


def test_after_the_end_the_firm_sees_nothing(
    organisation: Organisation, assessment: Assessment, firm: Organisation, ada: User, olive: User, signed_in: SignIn
) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=olive)
    theirs = signed_in(ada)
    engagements.end(firm=firm, assessments=[assessment], by=olive)

    addresses = addresses_of(assessment)
    found = {page: (theirs.get(page).status_code, theirs.post(page).status_code) for page in addresses}

    assert len(addresses) >= len(EVERY_PAGE)
    assert {page: status for page, status in found.items() if not set(status) <= {404, 405} or 404 not in status} == {}
    assert b"Riverside" not in theirs.get("/").content


def test_end_for_one_of_two(
    organisation: Organisation, assessment: Assessment, firm: Organisation, alice: User, olive: User, signed_in: SignIn
) -> None:
    other = make_assessment(alice, organisation, service_name="Libraries")
    engagements.begin(firm=firm, assessments=[assessment, other], by=olive)
    page, client = url("engagement-end", organisation, firm.pk), signed_in(olive)

    shown = client.get(page, {"assessment": str(other.pk)}).content.decode()
    client.post(page, {"assessments": [str(other.pk)]})

    assert f'value="{other.pk}" checked' in shown
    assert f'value="{assessment.pk}" checked' not in shown
    assert list(Engagement.objects.filter(ended_at=None).values_list("assessment", flat=True)) == [assessment.pk]


@pytest.mark.parametrize("sent", [[], ["x"], [str(uuid4())]], ids=["nothing", "no id", "another"])
def test_end_of_nothing(
    organisation: Organisation,
    assessment: Assessment,
    firm: Organisation,
    olive: User,
    signed_in: SignIn,
    sent: list[str],
) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=olive)

    response = signed_in(olive).post(url("engagement-end", organisation, firm.pk), {"assessments": sent})

    assert b"<title>Error: " in response.content
    assert Engagement.objects.get().ended_at is None


def test_firms_let_nobody_in(firm: Organisation, ada: User, signed_in: SignIn) -> None:
    assert signed_in(ada).get(url("engagement-begin", firm)).status_code == 403


def test_firm_shows_its_code_and_no_clients(
    organisation: Organisation, assessment: Assessment, firm: Organisation, ada: User, olive: User, signed_in: SignIn
) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=olive)

    page = signed_in(ada).get(url("organisation", firm)).content.decode()

    assert firm.code in page
    assert "Exampleshire" not in page
    assert "Riverside" not in page


# Who may -------------------------------------------------------------------------------------------------------


def addresses(organisation: Organisation, assessment: Assessment, firm: Organisation, bob: User) -> dict[str, str]:
    engagements.begin(firm=firm, assessments=[assessment], by=organisation.founded_by)
    member, invitation = membership(organisation, bob), make_invitation(organisation)
    own = {
        "organisation": (),
        "organisation-rename": (),
        "organisation-claim": (),
        "organisation-leave": (),
        "member-role": (member.pk,),
        "member-remove": (member.pk,),
        "invitation-new": (),
        "invitation-withdraw": (invitation.pk,),
        "invitation-again": (invitation.pk,),
        "engagement-begin": (),
        "engagement-end": (firm.pk,),
    }
    return {name: url(name, organisation, *more) for name, more in own.items()}


def facts(organisation: Organisation) -> Any:
    return (
        Organisation.objects.values("name", "changed_by").get(pk=organisation.pk),
        list(organisation.memberships.values("user", "role").order_by("user")),
        list(organisation.invitations.values("withdrawn_at", "secret")),
        list(Engagement.objects.values("ended_at")),
    )


FULL = {"name": "Taken", "role": "administrator", "email": "x@example.org", "code": "ABCD-EFGH"}
FOR_ADMINISTRATORS = [
    "organisation-rename",
    "member-role",
    "member-remove",
    "invitation-new",
    "invitation-withdraw",
    "invitation-again",
    "engagement-begin",
    "engagement-end",
]


@pytest.mark.parametrize("name", FOR_ADMINISTRATORS)
def test_member_changes_nothing(
    organisation: Organisation, assessment: Assessment, firm: Organisation, bob: User, signed_in: SignIn, name: str
) -> None:
    page = addresses(organisation, assessment, firm, bob)[name]
    before, client = facts(organisation), signed_in(bob)

    assert client.get(page).status_code in (403, 405)
    assert client.post(page, FULL | {"assessments": [str(assessment.pk)]}).status_code == 403
    assert facts(organisation) == before


@pytest.mark.parametrize("who", ["stranger", "adviser", "removed", "administrator of another"])
@pytest.mark.parametrize("name", ["organisation", "organisation-claim", "organisation-leave", *FOR_ADMINISTRATORS])
def test_stranger_finds_nothing(
    organisation: Organisation,
    assessment: Assessment,
    firm: Organisation,
    ada: User,
    bob: User,
    charlie: User,
    signed_in: SignIn,
    name: str,
    who: str,
) -> None:
    page = addresses(organisation, assessment, firm, bob)[name]
    dora = make_user("dora@example.org", "Dora Door")
    make_organisation("Elsewhere", administrator=dora)
    people = {"stranger": charlie, "adviser": ada, "removed": charlie, "administrator of another": dora}
    make_member(organisation, charlie)
    Membership.objects.filter(user=charlie).delete()
    before, client = facts(organisation), signed_in(people[who])

    nowhere = page.replace(str(organisation.pk), str(uuid4()))
    for address in (page, nowhere):
        assert client.get(address).status_code in (404, 405)
        assert client.post(address, FULL).status_code in (404, 405)
    assert b"Exampleshire" not in client.get(page).content
    assert facts(organisation) == before


@pytest.mark.parametrize("name", ["member-role", "member-remove", "invitation-withdraw", "invitation-again"])
def test_rows_of_another_organisation(
    organisation: Organisation, olive: User, charlie: User, signed_in: SignIn, name: str
) -> None:
    """By the address of one's own organisation nobody reaches what belongs to another."""
    other = make_organisation("Elsewhere", administrator=make_user("dora@example.org"))
    make_member(other, charlie)
    rows: dict[str, Any] = {
        "member-role": membership(other, charlie).pk,
        "member-remove": membership(other, charlie).pk,
        "invitation-withdraw": make_invitation(other).pk,
        "invitation-again": make_invitation(other, "e@example.org").pk,
    }
    before = facts(other)

    response = signed_in(olive).post(url(name, organisation, rows[name]), {"role": "administrator"})

    assert response.status_code == 404
    assert facts(other) == before


def test_removed_member_is_shut_out_of_everything(
    organisation: Organisation, assessment: Assessment, bob: User, olive: User, signed_in: SignIn
) -> None:
    make_participation(assessment, bob, "contributor", ["pensions"])
    theirs = signed_in(bob)
    assert theirs.get(reverse("assessment", args=[assessment.pk])).status_code == 200

    signed_in(olive).post(url("member-remove", organisation, membership(organisation, bob).pk))

    assert {theirs.get(page).status_code for page in addresses_of(assessment)} <= {404, 405}
    assert b"Riverside" not in theirs.get("/").content


# How much is asked of the database -----------------------------------------------------------------------------

LIMITS = {
    "organisation": 9,
    "organisation-rename": 3,
    "organisation-leave": 6,
    "member-role": 4,
    "member-remove": 7,
    "invitation-new": 3,
    # One of them counts, for the pages of 50.
    "engagement-begin": 5,
    "engagement-end": 6,
}


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
@pytest.mark.parametrize("name", LIMITS)
def test_statements(
    organisation: Organisation,
    assessment: Assessment,
    firm: Organisation,
    alice: User,
    bob: User,
    olive: User,
    signed_in: SignIn,
    name: str,
    many: bool,
) -> None:
    page = addresses(organisation, assessment, firm, bob)[name]
    for number in range(12 if many else 0):
        make_member(organisation, make_user(f"m{number}@example.org"))
        make_invitation(organisation, f"i{number}@example.org")
        more = make_assessment(alice, organisation, service_name=f"Service {number}")
        other = make_firm(make_user(f"a{number}@example.org"), f"Firm {number}")
        engagements.begin(firm=other, assessments=[more], by=olive)
        engagements.begin(firm=firm, assessments=[more], by=olive)
    client = signed_in(olive)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(page)

    assert response.status_code == 200
    assert len(queries) <= LIMITS[name], "\n".join(query["sql"] for query in queries.captured_queries)


def test_statements_of_the_list(organisation: Organisation, alice: User, signed_in: SignIn) -> None:
    for number in range(10):
        make_member(make_organisation(f"Body {number}"), alice)
    client = signed_in(alice)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("organisations")).status_code == 200

    assert len(queries) <= 3
