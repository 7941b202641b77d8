"""The pages of a review: who may do what when, what an adviser does not see before rating, and what each page shows."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Ask, Assessment, Engagement, EvidenceItem, Rating, Submission, User
from assessments.models.answer import Content
from assessments.selectors.ratings import Said
from assessments.services import reviews, submissions
from tests.factories import answer_everything, level, make_member, make_participation, make_user, save
from tests.moderation import ESSENTIAL, GATE, OTHERS, Case, end_engagement, make_case, use_small_edition
from tests.views.browser import sent_by
from tests.views.test_pages import at_most

SCRIPT = '<script>alert("x")</script>&'
MET, NOT_MET = Said("met"), Said("not_met")
SignedIn = Callable[[User], Client]


@pytest.fixture
def ada(db: None) -> User:
    """Advises."""
    return make_user("ada@example.org", "Ada Adler")


@pytest.fixture
def case(alice: User, ada: User, small_edition: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Case:
    use_small_edition(monkeypatch, small_edition)
    return make_case(alice, ada)


@pytest.fixture
def lead(case: Case, signed_in: SignedIn) -> Client:
    return signed_in(case.lead)


@pytest.fixture
def adviser(case: Case, signed_in: SignedIn) -> Client:
    return signed_in(case.adviser)


def url(case: Case, name: str, *more: str, number: int | None = None) -> str:
    first = [] if name == "submission-new" else [number or case.submission.number]
    return reverse(name, args=[case.assessment.pk, *first, *more])


def shown(response: Any) -> str:
    return str(response.content.decode())


def text(response: Any) -> str:
    """The page's text without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown(response).partition("<main")[2]))


def send(client: Client, page: str, to: str = "", **changed: Any) -> Any:
    return client.post(to or page, sent_by(client.get(page)) | changed)


def messages_of(response: Any, client: Client) -> str:
    return text(client.get(response["Location"]))


# Who may do what when ------------------------------------------------------------------------------------------

STATES: dict[str, Callable[[Case], Any]] = {
    "submitted": lambda case: case.through(until="submitted"),
    "in review": lambda case: case.through(until="claimed"),
    "settling": lambda case: case.through(until="rated", access=NOT_MET),
    "settled": lambda case: [case.through(until="rated", access=NOT_MET), case.settle(GATE, MET)],
    "returned": lambda case: case.through(until="claimed").return_it(),
    "signed off": lambda case: case.through(until="signed off"),
    "withdrawn": lambda case: [
        case.through(until="claimed"),
        submissions.withdraw(submission=case.submission, by=case.lead, words="Too early."),
    ],
}
# What the lead and the adviser who has claimed it get in each of these states, in this order: 200, or 302 where they
# are told how it stands instead, or 403.
PAGES = {
    ("lead", "submission-new"): (302, 302, 302, 302, 200, 200, 200),
    ("lead", "submission"): (200,) * 7,
    ("lead", "submission-withdraw"): (200, 200, 200, 200, 302, 302, 302),
    ("lead", "review-object"): (302, 302, 302, 200, 302, 302, 302),
    ("adviser", "submission"): (200,) * 7,
    ("adviser", "review"): (302, 200, 200, 200, 200, 200, 200),
    ("adviser", "review-item"): (403, 200, 200, 200, 200, 200, 200),
    ("adviser", "review-return"): (302, 200, 200, 200, 302, 302, 302),
    ("adviser", "review-sign-off"): (302, 302, 302, 200, 302, 302, 302),
}
ARGS = {"review-item": (GATE,), "review-object": (GATE,), "review-settle": (GATE,), "review-want": (GATE,)}
ACTS = ("review-claim", "review-release", "review-settle", "review-want")
NAMES = (*dict.fromkeys(name for _who, name in PAGES), *ACTS)


@pytest.mark.parametrize("state", STATES)
def test_pages_in_every_state(case: Case, lead: Client, adviser: Client, state: str) -> None:
    STATES[state](case)
    people = {"lead": lead, "adviser": adviser}

    found = {(who, name): people[who].get(url(case, name, *ARGS.get(name, ()))).status_code for who, name in PAGES}

    place = list(STATES).index(state)
    assert found == {page: statuses[place] for page, statuses in PAGES.items()}


@pytest.mark.parametrize("who", ["lead", "adviser"])
@pytest.mark.parametrize("state", STATES)
def test_nothing_is_ever_a_server_error(case: Case, lead: Client, adviser: Client, state: str, who: str) -> None:
    """Empty posts, one after the other, whatever the state."""
    STATES[state](case)
    client = {"lead": lead, "adviser": adviser}[who]

    statuses = {client.post(url(case, name, *ARGS.get(name, ()), number=1)).status_code for name in NAMES}

    assert statuses <= {200, 302, 403, 405}


def test_strangers(case: Case, charlie: User, signed_in: SignedIn) -> None:
    case.through(until="rated", access=NOT_MET)
    pages = [url(case, name, *ARGS.get(name, ())) for name in NAMES]
    adviser = signed_in(case.adviser)
    end_engagement(case)

    for client in (signed_in(charlie), adviser):
        assert {act(page).status_code for page in pages for act in (client.get, client.post)} == {404, 405}
        assert {client.post(page).status_code for page in pages if page != url(case, "submission")} <= {404, 405}


@pytest.mark.parametrize("who", ["lead", "reader"])
def test_clients_people_do_not_review(case: Case, bob: User, signed_in: SignedIn, who: str) -> None:
    make_participation(case.assessment, bob)
    case.through(until="rated")
    client = signed_in({"lead": case.lead, "reader": bob}[who])
    names = ("review-claim", "review-release", "review-return", "review-sign-off", "review-item", "review-want")

    assert {client.post(url(case, name, *ARGS.get(name, ()))).status_code for name in names} == {403}
    assert case.submission.status == "in_review"


def test_others_do_not_lead(case: Case, bob: User, adviser: Client, signed_in: SignedIn) -> None:
    make_participation(case.assessment, bob)
    case.through(until="rated")
    names = ("submission-new", "submission-withdraw", "review-object")
    pages = [url(case, name, *ARGS.get(name, ())) for name in names]

    assert {client.post(page).status_code for client in (signed_in(bob), adviser) for page in pages} == {403}


def test_adviser_of_another_firm(case: Case, bob: User, signed_in: SignedIn) -> None:
    """Let in too, but not given the submission."""
    other = make_case(make_user("eve@example.org"), bob).firm
    Engagement.objects.create(assessment=case.assessment, firm=other, began_by=case.lead)
    case.through(until="claimed")

    for name in ("review-claim", "review", "review-item", "submission"):
        response = signed_in(bob).generic(
            "POST" if name == "review-claim" else "GET", url(case, name, *ARGS.get(name, ()))
        )
        assert response.status_code == 403


@pytest.mark.parametrize("number", [0, 2, 99999999999999999999])
def test_submission_that_does_not_exist(case: Case, lead: Client, number: int) -> None:
    case.submit()

    assert lead.get(f"/assessments/{case.assessment.pk}/submissions/{number}/").status_code == 404


@pytest.mark.parametrize("item", ["sector", "pensions.gone", "pensions.joined", "é", "x" * 300])
def test_item_that_is_not_in_the_copy(case: Case, adviser: Client, item: str) -> None:
    case.through(until="rated")

    for name in ("review-item", "review-settle", "review-want"):
        assert adviser.post(url(case, name, item), {"state": "1", "reason": "x"}).status_code == 404


# Nothing of what the service says is seen before rating ---------------------------------------------------------


def normal(response: Any) -> str:
    """A page without what differs from one request to the next."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", shown(response))
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page)


def adviser_sees(case: Case, client: Client) -> list[str]:
    """Every page of the review before anything is rated, and the submission's own."""
    pages = [url(case, "submission"), url(case, "review")]
    pages += [url(case, "review-item", item) for item in case.review.items]
    responses = [client.get(page) for page in pages]
    assert {response.status_code for response in responses} == {200}
    return [normal(response) for response in responses]


@pytest.mark.parametrize(
    ("said", "met", "evidence"),
    [
        (level(0), Content("not_met"), "E2"),
        (level(4), Content("not_known", who_knows="The clerk"), "E2"),
        (Content("dont_know", who_knows="The clerk"), Content("not_met"), "E3"),
        (Content("not_applicable", reason="None"), Content("not_known"), "E1"),
        (Content("not_answered"), Content("not_answered"), ""),
    ],
)
def test_pages_are_the_same_whatever_the_service_says(
    case: Case, adviser: Client, said: Content, met: Content, evidence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte by byte: whatever level stands behind it, an adviser who has not rated it is shown the same."""
    monkeypatch.setattr("assessments.selectors.copies._lot", lambda _submission, item: item)
    questions = (ESSENTIAL, *OTHERS)
    save(case.assessment, case.lead, {GATE: Content("met", evidence=evidence)})
    save(case.assessment, case.lead, {item: level(2, evidence=evidence) for item in questions})
    case.through(until="claimed")
    one = adviser_sees(case, adviser)

    submissions.withdraw(submission=case.submission, by=case.lead, words="")
    Submission.objects.all().delete()
    Assessment.objects.update(latest=None)
    other = {GATE: met, **dict.fromkeys(questions, said)}
    save(case.assessment, case.lead, {item: replace(one, evidence=evidence) for item, one in other.items()})
    case.through(until="claimed")
    Submission.objects.update(number=1)

    assert adviser_sees(case, adviser) == one


@pytest.mark.django_db
def test_no_state_of_the_service_is_marked(alice: User, ada: User, signed_in: SignedIn) -> None:
    """In the shipped catalogue: no radio is ticked, and no word of what was claimed or is supported is on any page."""
    case = make_case(alice, ada, "2026.1", Stage.EXPLORE)
    answer_everything(case.assessment)
    case.through(until="claimed")
    client = signed_in(ada)

    for item in case.review.items:
        page = shown(client.get(url(case, "review-item", item)))
        assert not re.search(r"<input[^>]* checked", page)
        assert "Claimed" not in page
        assert "Supported" not in page


CLOSED = (
    "assessment-check",
    "assessment-result",
    "report",
    "report-read",
    "plan",
    "plan-schedule",
    "plan-csv",
    "cash-flow",
    "forms-and-routes",
    "history",
)


def test_everything_else_that_shows_answers_is_closed(alice: User, ada: User, signed_in: SignedIn) -> None:
    case = make_case(alice, ada, "2026.1", Stage.EXPLORE)
    adviser = signed_in(ada)
    pages = [reverse(name, args=[case.assessment.pk]) for name in CLOSED]

    case.submit()
    assert {adviser.get(page).status_code for page in pages} == {403}
    case.claim()
    assert {adviser.get(page).status_code for page in pages} == {403}

    case.rate_all()
    assert {adviser.get(page).status_code for page in pages} == {200}


def test_saving_shows_the_services_level_of_that_item_alone(case: Case, adviser: Client) -> None:
    case.through(until="claimed")
    page = url(case, "review-item", ESSENTIAL)

    response = send(adviser, page, state="1", reason="A name only.")

    assert response["Location"] == page
    after = text(adviser.get(page))
    assert "Claimed Level 4. The fund has signed it." in after
    assert "Supported by evidence Level 2. A draft rate." in after
    assert "Your own Level 1. One person owns it. A name only." in after
    assert "Claimed" not in text(adviser.get(url(case, "review-item", GATE)))


def test_list_shows_levels_of_rated_items_alone(case: Case, adviser: Client) -> None:
    case.through(until="claimed")
    case.rate(ESSENTIAL, Said("answered", 1))

    page = text(adviser.get(url(case, "review")))

    assert page.count("Claimed") == 1
    assert "1 is done" in page


def test_item_off_the_list_stays_closed_until_all_is_rated(case: Case, adviser: Client) -> None:
    case.through(until="claimed")
    other = next(item for item in OTHERS if item not in case.review.items)

    assert adviser.get(url(case, "review-item", other)).status_code == 302
    case.rate_all()
    assert "Rate it openly" in text(adviser.get(url(case, "review-item", other)))


def test_colleagues_see_nothing_before(case: Case, bob: User, signed_in: SignedIn) -> None:
    make_member(case.firm, bob)
    case.through(until="claimed")
    case.rate(ESSENTIAL, Said("answered", 1))
    client = signed_in(bob)

    assert client.get(url(case, "review-item", ESSENTIAL)).status_code == 403
    assert client.get(url(case, "review")).status_code == 302
    page = text(client.get(url(case, "submission")))
    assert "Level" not in page
    assert "1 of 3" in page


def test_service_does_not_see_the_advisers_levels_before(case: Case, lead: Client) -> None:
    case.through(until="claimed")
    case.rate(ESSENTIAL, Said("answered", 1), "A name only.")

    page = text(lead.get(url(case, "submission")))

    assert "A name only." not in page
    assert "without seeing yours" in page


def test_changes_since_the_last_review_tell_no_level(case: Case, adviser: Client) -> None:
    case.through(until="signed off")
    save(case.assessment, case.lead, {ESSENTIAL: level(1), "staff": Content("answered", value=44)})
    case.through(until="claimed")

    page = text(adviser.get(url(case, "review")))

    assert "Rate: its answer or its proof is another one." in page
    assert "Staff was 40 and is 44 now." in page
    assert "level 1" not in page.lower()

    case.rate(ESSENTIAL, Said("answered", 1))
    assert "is at level 1 now" in text(adviser.get(url(case, "review")))


def test_earlier_submission_is_closed_while_a_later_one_is_kept_back(case: Case, adviser: Client) -> None:
    """Its levels are mostly those of the later one."""
    case.through(until="signed off")
    save(case.assessment, case.lead, {ESSENTIAL: level(1)})
    case.through(until="claimed")

    assert adviser.get(url(case, "review", number=1)).status_code == 403
    assert adviser.get(url(case, "review-item", GATE, number=1)).status_code == 403
    assert "Level" not in text(adviser.get(url(case, "submission", number=1)))


# The way through ------------------------------------------------------------------------------------------------


def test_submit(case: Case, lead: Client) -> None:
    page = url(case, "submission-new")
    assert "gives it to Kestrel Advisers" in text(lead.get(page))

    response = send(lead, page, note="Look at the fund.")

    assert response["Location"] == url(case, "submission")
    assert (case.submission.firm, case.submission.words) == (case.firm, "Look at the fund.")
    assert "Submitted to Kestrel Advisers." in messages_of(response, lead)


def test_submit_twice(case: Case, lead: Client) -> None:
    page = url(case, "submission-new")
    form = sent_by(lead.get(page))

    first, second = lead.post(page, form), lead.post(page, form)

    assert first["Location"] == second["Location"] == url(case, "submission")
    assert Submission.objects.count() == 1


def test_submit_without_a_firm(case: Case, lead: Client) -> None:
    Engagement.objects.all().delete()

    page = lead.get(url(case, "submission-new"))

    assert "No firm of advisers is let in" in text(page)
    assert "Olive Osborne" in text(page)
    assert "<form" not in shown(page).partition("<main")[2]
    assert lead.post(url(case, "submission-new")).status_code == 200
    assert not Submission.objects.exists()


def test_submit_to_one_of_two_firms(case: Case, lead: Client, bob: User) -> None:
    other = make_case(make_user("eve@example.org"), bob).firm
    Engagement.objects.create(assessment=case.assessment, firm=other, began_by=case.lead)
    page = url(case, "submission-new")

    assert "Choose which firm should review it" in text(send(lead, page))
    send(lead, page, firm=str(other.pk))

    assert case.submission.firm == other


def test_submit_to_a_firm_of_somebody_else(case: Case, lead: Client, bob: User) -> None:
    stranger = make_case(make_user("eve@example.org"), bob).firm

    send(lead, url(case, "submission-new"), firm=str(stranger.pk))

    assert case.submission.firm == case.firm


def test_proof_is_shown_and_what_tells_the_answer_is_not(case: Case, adviser: Client) -> None:
    piece = {"grade": "E2", "dated": "2026-09-30", "changed_by": case.lead, "link": "https://example.org/minute"}
    EvidenceItem.objects.create(assessment=case.assessment, item=ESSENTIAL, title="Minute of the board", **piece)
    said: dict[str, Any] = {
        "who_knows": "The clerk",
        "reason": "Nobody has one",
        "note": "See page 3.",
        "evidence": "E2",
    }
    save(case.assessment, case.lead, {ESSENTIAL: Content("dont_know", **said)})
    case.through(until="claimed")

    page = text(adviser.get(url(case, "review-item", ESSENTIAL)))

    assert "Minute of the board" in page
    assert "30 September 2026" in page
    assert "See page 3." in page
    assert "The clerk" not in page
    assert "Nobody has one" not in page


def test_claim_by_who_answered(case: Case, adviser: Client) -> None:
    save(case.assessment, case.adviser, {"pensions.list": level(1)})
    case.submit()

    response = adviser.post(url(case, "review-claim"))

    assert response.status_code == 403
    assert "nobody reviews their own answers" in text(response)
    assert case.submission.status == "submitted"


def test_claim_by_who_takes_part_for_the_service(case: Case, adviser: Client) -> None:
    make_participation(case.assessment, case.adviser)
    case.submit()

    response = adviser.post(url(case, "review-claim"))

    assert response.status_code == 403
    assert "You take part in this assessment for the service" in text(response)


def test_claim_that_somebody_else_won(case: Case, bob: User, adviser: Client, signed_in: SignedIn) -> None:
    make_member(case.firm, bob)
    case.submit()
    reviews.claim(submission=case.submission, by=bob)

    response = adviser.post(url(case, "review-claim"))

    assert "Bob Baker has claimed this review already." in messages_of(response, adviser)
    assert case.review.adviser == bob


def test_claim_pressed_twice(case: Case, adviser: Client) -> None:
    case.submit()

    first, second = adviser.post(url(case, "review-claim")), adviser.post(url(case, "review-claim"))

    assert first["Location"] == second["Location"] == url(case, "review")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"reason": "x"}, "Choose which of these is true"),
        ({"state": "5", "reason": "x"}, "Choose which of these is true"),
        ({"state": "not_answered", "reason": "x"}, "Choose which of these is true"),
        ({"state": "1"}, "Say why"),
        ({"state": "1", "reason": " \n"}, "Say why"),
        ({"state": "1", "reason": "x" * 4001}, "Use 4000 characters or fewer"),
        ({"state": "1", "reason": "x", "version": ""}, "did not arrive whole"),
    ],
)
def test_bad_rating(case: Case, adviser: Client, typed: dict[str, str], message: str) -> None:
    case.through(until="claimed")

    response = send(adviser, url(case, "review-item", ESSENTIAL), **typed)

    assert response.status_code == 200
    assert "<title>Error: " in shown(response)
    assert escape(message) in shown(response)
    assert "Claimed" not in text(response)
    assert not Rating.objects.exists()


def test_hard_gate_cannot_be_left_out(case: Case, adviser: Client) -> None:
    case.through(until="claimed")

    response = send(adviser, url(case, "review-item", GATE), state="not_applicable", reason="x")

    assert "Choose which of these is true" in text(response)


def test_rating_twice_from_two_windows(case: Case, adviser: Client) -> None:
    case.through(until="claimed")
    page = url(case, "review-item", ESSENTIAL)
    tab = sent_by(adviser.get(page))
    send(adviser, page, state="1", reason="First.")

    response = adviser.post(page, tab | {"state": "3", "reason": "Second."})

    assert response.status_code == 302
    assert case.rating(ESSENTIAL).reason == "First."


def test_settle(case: Case, adviser: Client, lead: Client) -> None:
    case.through(until="rated", rate=Said("answered", 1))
    page = url(case, "review-item", ESSENTIAL)

    send(adviser, page, url(case, "review-settle", ESSENTIAL), **{"settle-outcome": "2", "settle-reason": "A draft."})

    assert case.rating(ESSENTIAL).agreed_level == 2
    seen = text(lead.get(url(case, "submission")))
    assert "Claimed Level 4 Supported by evidence Level 2 Adviser\u2019s own Level 1 Agreed Level 2" in seen
    assert "Why this was agreed: A draft." in seen


def test_dissent_and_objection(case: Case, adviser: Client, lead: Client) -> None:
    case.through(until="rated", rate=Said("answered", 1))
    case.settle(ESSENTIAL, Said("answered", 2))

    response = send(lead, url(case, "review-object", ESSENTIAL), words="It is signed.")

    assert "The adviser is told" in messages_of(response, lead)
    seen = text(adviser.get(url(case, "review-item", ESSENTIAL)))
    assert "The service does not agree It is signed." in seen
    send(
        adviser,
        url(case, "review-item", ESSENTIAL),
        url(case, "review-settle", ESSENTIAL),
        **{"settle-outcome": "dissent", "settle-reason": "No paper."},
    )
    assert case.rating(ESSENTIAL).settled == "dissent"
    assert "It is signed." in text(adviser.get(url(case, "review-sign-off")))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"settle-reason": "x"}, "Choose what you settled on"),
        ({"settle-outcome": "9", "settle-reason": "x"}, "Choose what you settled on"),
        ({"settle-outcome": "2"}, "Say why"),
        ({"settle-outcome": "2", "settle-reason": "x", "settle-version": "x"}, "did not arrive whole"),
    ],
)
def test_bad_settlement(case: Case, adviser: Client, typed: dict[str, str], message: str) -> None:
    case.through(until="rated", rate=Said("answered", 1))

    response = send(adviser, url(case, "review-item", ESSENTIAL), url(case, "review-settle", ESSENTIAL), **typed)

    assert response.status_code == 200
    assert "<title>Error: " in shown(response)
    assert escape(message) in shown(response)
    assert case.rating(ESSENTIAL).settled == ""


def test_settling_from_a_stale_page(case: Case, adviser: Client) -> None:
    """Nothing is overwritten, what was typed is kept, and saving it knowingly works."""
    case.through(until="rated", rate=Said("answered", 1))
    page = url(case, "review-item", ESSENTIAL)
    tab = sent_by(adviser.get(page)) | {"settle-outcome": "3", "settle-reason": "From the old tab."}
    case.settle(ESSENTIAL, Said("answered", 2))

    response = adviser.post(url(case, "review-settle", ESSENTIAL), tab)

    assert response.status_code == 409
    assert "changed in another window" in text(response)
    assert "From the old tab." in text(response)
    assert case.rating(ESSENTIAL).agreed_level == 2
    adviser.post(url(case, "review-settle", ESSENTIAL), sent_by(response))
    assert case.rating(ESSENTIAL).agreed_level == 3


def test_objecting_from_a_stale_page(case: Case, lead: Client) -> None:
    case.through(until="rated", rate=Said("answered", 1))
    case.settle(ESSENTIAL, Said("answered", 2))
    page = url(case, "review-object", ESSENTIAL)
    tab = sent_by(lead.get(page)) | {"words": "It is signed."}
    case.settle(ESSENTIAL, Said("answered", 3), "More.")

    response = lead.post(page, tab)

    assert response.status_code == 409
    assert "Read it again" in text(response)
    assert "It is signed." in text(response)
    assert "Level 3" in text(response)
    assert case.rating(ESSENTIAL).settled == "agreed"


def test_return(case: Case, adviser: Client, lead: Client) -> None:
    case.through(until="claimed")
    page = url(case, "review-item", GATE)
    send(adviser, page, url(case, "review-want", GATE), **{"want-words": "Show the letter."})
    assert "Show the letter." in text(adviser.get(url(case, "review-return")))
    assert "Say what the service should do" in text(send(adviser, url(case, "review-return")))

    send(adviser, url(case, "review-return"), words="Nearly there.")

    seen = lead.get(url(case, "submission"))
    assert "Nearly there." in text(seen)
    assert "Show the letter." in text(seen)
    assert f'href="{reverse("question-item", args=[case.assessment.pk, GATE])}"' in shown(seen)
    assert f'href="{url(case, "submission-new")}"' in shown(seen)


def test_sign_off(case: Case, adviser: Client, lead: Client) -> None:
    case.through(until="rated", access=NOT_MET)
    assert adviser.get(url(case, "review-sign-off"))["Location"] == url(case, "review")
    case.settle(GATE, None, "No letter.")

    page = adviser.get(url(case, "review-sign-off"))
    assert "One gate was rated twice, and what the two said is not the same" in text(page)
    assert "Not agreed: the adviser\u2019s counts Not met" in text(page)
    assert "No letter." in text(page)
    assert "Reviewed, different Red" in text(page)

    response = adviser.post(url(case, "review-sign-off"))

    assert "Signed off." in messages_of(response, adviser)
    assert case.record.is_reviewed
    assert "Reviewed and signed off." in text(lead.get(url(case, "submission")))


def test_submission_says_what_is_different_since(case: Case, lead: Client) -> None:
    case.submit()
    assert "the answers and figures are those that were submitted" in text(lead.get(url(case, "submission")))

    case.answer(list=level(1, evidence="E2"))

    assert "List was at level 3 and is at level 1 now." in text(lead.get(url(case, "submission")))


def test_signed_off_says_that_answers_have_changed(case: Case, lead: Client) -> None:
    case.through(until="signed off")
    case.answer(list=level(1))

    assert "counts as self-assessed again" in text(lead.get(url(case, "submission")))


def test_withdraw(case: Case, lead: Client) -> None:
    case.submit()
    page = url(case, "submission-withdraw")
    assert "Say why you take it back" in text(send(lead, page))

    send(lead, page, words="Too early.")

    assert (case.submission.status, case.submission.words) == ("withdrawn", "Too early.")
    assert not Ask.objects.filter(done_at=None).exists()


def test_release(case: Case, adviser: Client) -> None:
    case.through(until="claimed")

    response = adviser.post(url(case, "review-release"))

    assert "Given back." in messages_of(response, adviser)
    assert "Claim this review" in text(adviser.get(url(case, "submission")))


def test_task_list_leads_to_it(case: Case, lead: Client, adviser: Client) -> None:
    page = reverse("assessment", args=[case.assessment.pk])
    assert f'href="{reverse("submission-new", args=[case.assessment.pk])}"' in shown(lead.get(page))
    assert "Submit for review" not in text(adviser.get(page))

    case.submit()

    assert "See submission 1 , submitted" in text(lead.get(page))
    assert f'href="{url(case, "submission")}"' in shown(adviser.get(page))
    assert "Submit for review" not in text(lead.get(page))


# Text is text, and pages ask little of the database --------------------------------------------------------------


@pytest.mark.parametrize("name", ["submission", "review", "review-item", "review-object", "review-return"])
def test_what_people_typed_is_escaped(case: Case, lead: Client, adviser: Client, name: str) -> None:
    User.objects.update(name=SCRIPT)
    case.firm.name = SCRIPT
    case.firm.save()
    save(case.assessment, case.lead, {GATE: Content("met", evidence="E3", note=SCRIPT)})
    case.submit(SCRIPT)
    case.claim()
    case.rate(GATE, NOT_MET, SCRIPT)
    case.rate_all()
    case.settle(GATE, MET, SCRIPT)
    case.object(GATE, SCRIPT)
    reviews.want(submission=case.submission, by=case.adviser, item=GATE, words=SCRIPT)
    client = lead if name in ("submission", "review-object") else adviser

    page = shown(client.get(url(case, name, *ARGS.get(name, ()))))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


LIMITS = {
    "submission": 9,
    "review": 7,
    "review-item": 8,
    "review-object": 6,
    "review-return": 6,
    "review-sign-off": 6,
}


@pytest.fixture
def whole(alice: User, ada: User) -> Case:
    """With the shipped catalogue, everything answered, and a review before it."""
    case = make_case(alice, ada, "2026.1", Stage.PLAN)
    answer_everything(case.assessment)
    case.through(until="signed off")
    return case.through(until="rated")


def test_list_is_open_where_one_goes_on(alice: User, ada: User, signed_in: SignedIn) -> None:
    """With all ten barriers open nobody would find the next question."""
    case = make_case(alice, ada, "2026.1", Stage.PLAN)
    answer_everything(case.assessment)
    case.submit()
    case.claim()
    client = signed_in(case.adviser)

    page = shown(client.get(url(case, "review")))
    first = re.search(r'href="([^"]+)" role="button"', page)

    groups = re.findall(r'<details class="govuk-details"( open)? id="([a-z-]+)">(.*?)</details>', page, re.S)
    assert len(groups) == 10
    assert first
    assert [first[1] in lines for is_open, _barrier, lines in groups if is_open] == [True]


def test_submission_shows_no_empty_panel(case: Case, adviser: Client, lead: Client) -> None:
    """To an adviser who has not rated anything there is nothing to lead to."""
    case.submit()

    assert "app-panel" not in shown(adviser.get(url(case, "submission")))
    assert "Withdraw this submission" in shown(lead.get(url(case, "submission")))


@pytest.mark.parametrize("name", LIMITS)
def test_statements_of_a_page(whole: Case, signed_in: SignedIn, name: str) -> None:
    item = whole.review.items[0]
    Rating.objects.filter(item=item).update(settled="dissent", settled_reason="No.")
    client = signed_in(whole.lead if name in ("submission", "review-object") else whole.adviser)
    page = url(whole, name, *([item] if name in ARGS else []))

    with at_most(LIMITS[name]):
        response = client.get(page)

    assert response.status_code == 200


def test_statements_of_submitting(case: Case, lead: Client) -> None:
    page = url(case, "submission-new")

    with at_most(7):
        response = lead.get(page)

    assert response.status_code == 200
