"""Working together, as its pages show it: what waits, comments, second opinions, the daily email."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.catalogue.schema import Barrier
from assessments.models import Answer, Ask, Assessment, Membership, Opinion, Organisation, Settlement, Thread, User
from assessments.selectors.digests import stop_token
from assessments.services.asks import ask
from assessments.services.comments import open_thread, resolve
from assessments.services.opinions import ask_opinion, give, take_back
from tests.factories import (
    fact,
    level,
    make_answer,
    make_assessment,
    make_engagement,
    make_firm,
    make_member,
    make_participation,
    make_submission,
    make_user,
    save,
)
from tests.views.browser import sent_by
from tests.views.test_pages import at_most

COST, STRESS = "pensions.cost-in-model", "pensions.stress-test"
SCRIPT = '<script>alert("x")</script>&'
NOBODY = "0b9f2c1e-0000-4000-8000-000000000000"
SignedIn = Callable[[User], Client]


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
def contributor(bob: User, assessment: Assessment) -> User:
    make_participation(assessment, bob, "contributor", ["pensions"])
    return bob


@pytest.fixture
def barrier(assessment: Assessment) -> Barrier:
    return assessment.catalogue.barrier("pensions")


def shown(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


def url(name: str, assessment: Assessment, *args: object) -> str:
    return reverse(name, args=[assessment.pk, *args])


# What waits -------------------------------------------------------------------------------------------------------


def test_home_shows_what_waits(assessment: Assessment, contributor: User, signed_in: SignedIn) -> None:
    due = timezone.localdate().replace(month=12, day=24)
    given = {"user": contributor, "assessment": assessment, "by": assessment.lead}
    ask(**given, kind=Ask.Kind.FILL_IN, about="pensions", note=f"Please {SCRIPT}", due_on=due)  # type: ignore[arg-type]

    response = signed_in(contributor).get("/")

    page = shown(response)
    assert "Waiting for you" in page
    assert f'href="{url("questionnaire", assessment, "pensions")}">Answer the questionnaire “Pensions”' in page
    assert f"Wanted by 24 December {due.year}." in page
    assert "Asked by Alice Archer" in page
    assert SCRIPT not in response.content.decode()


def test_home_without_anything(assessment: Assessment, alice: User, signed_in: SignedIn) -> None:
    assert "Waiting for you" not in shown(signed_in(alice).get("/"))


PLACES = [
    ("fill_in", "profile", "questionnaire", ["profile"], True),
    ("settle", "pensions", "opinion-compare", ["pensions"], False),
    ("reply", NOBODY, "thread", [], True),
    ("review", "1", "submission", [1], False),
    ("changes", "1", "submission", [1], False),
    ("settlement", "1", "submission", [1], False),
    ("signed_off", "1", "submission", [1], True),
    ("lead", "", "assessment", [], True),
    ("fill_in", "", "assessment", [], True),
]


@pytest.mark.parametrize(("kind", "about", "name", "args", "may_close"), PLACES)
def test_home_leads_to_the_place(
    assessment: Assessment,
    contributor: User,
    signed_in: SignedIn,
    kind: str,
    about: str,
    name: str,
    args: list[object],
    may_close: bool,
) -> None:
    ask(user=contributor, assessment=assessment, kind=kind, about=about, by=assessment.lead)

    page = shown(signed_in(contributor).get("/"))

    place = url(name, assessment, *(args or ([about] if name == "thread" else [])))
    assert f'<a class="govuk-link" href="{place}">' in page
    assert ("I have done this" in page) is may_close


def test_assessment_shows_what_waits_there(assessment: Assessment, contributor: User, signed_in: SignedIn) -> None:
    other = make_assessment(assessment.lead, service_name="Hillside Libraries")
    make_participation(other, contributor, "contributor", ["tendering"])
    ask(user=contributor, assessment=assessment, kind="fill_in", about="pensions", by=assessment.lead)
    ask(user=contributor, assessment=other, kind="fill_in", about="tendering", by=assessment.lead)

    page = shown(signed_in(contributor).get(url("assessment", assessment)))

    assert "Answer the questionnaire “Pensions”" in page
    assert "Answer the questionnaire “Tendering”" not in page


def test_ask_done(assessment: Assessment, contributor: User, signed_in: SignedIn) -> None:
    made = ask(user=contributor, assessment=assessment, kind="fill_in", about="pensions", by=assessment.lead)
    client = signed_in(contributor)

    response = client.post(reverse("ask-done", args=[made.pk]), follow=True)

    made.refresh_from_db()
    assert made.done_at is not None
    assert made.changed_by == contributor
    assert "It does not wait for you any more." in shown(response)
    assert "I have done this" not in shown(response)
    # A second window does no harm.
    assert client.post(reverse("ask-done", args=[made.pk])).status_code == 302


@pytest.mark.parametrize("kind", ["opinion", "settle", "review", "changes", "settlement"])
def test_ask_that_closes_itself_is_not_closed_by_hand(
    assessment: Assessment, contributor: User, signed_in: SignedIn, kind: str
) -> None:
    made = ask(user=contributor, assessment=assessment, kind=kind, about="pensions", by=assessment.lead)

    assert signed_in(contributor).post(reverse("ask-done", args=[made.pk])).status_code == 404


def test_somebody_else_s_ask(assessment: Assessment, contributor: User, alice: User, signed_in: SignedIn) -> None:
    made = ask(user=contributor, assessment=assessment, kind="fill_in", about="pensions", by=alice)

    assert signed_in(alice).post(reverse("ask-done", args=[made.pk])).status_code == 404
    assert signed_in(contributor).get(reverse("ask-done", args=[made.pk])).status_code == 405
    made.refresh_from_db()
    assert made.done_at is None


def test_home_hides_what_may_not_be_seen_any_more(
    assessment: Assessment, contributor: User, signed_in: SignedIn
) -> None:
    ask(user=contributor, assessment=assessment, kind="fill_in", about="pensions", by=assessment.lead)
    assessment.participations.all().delete()

    page = shown(signed_in(contributor).get("/"))

    assert "Waiting for you" not in page
    assert "Riverside Family Hubs" not in page


def test_statements_of_home_with_much_waiting(assessment: Assessment, contributor: User, signed_in: SignedIn) -> None:
    client = signed_in(contributor)
    with at_most(8) as _first:
        client.get("/")
    for number in range(30):
        ask(user=contributor, assessment=assessment, kind="fill_in", about=f"x{number}", by=assessment.lead)

    with at_most(8):
        assert shown(client.get("/")).count("I have done this") == 30


# Daily email ------------------------------------------------------------------------------------------------------


def test_mail_settings(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    assert sent_by(client.get(reverse("mail-settings")))["wants_mail"] == ["yes"]

    client.post(reverse("mail-settings"), {"wants_mail": "no"})
    alice.refresh_from_db()
    assert alice.wants_mail is False
    assert sent_by(client.get(reverse("mail-settings")))["wants_mail"] == ["no"]

    client.post(reverse("mail-settings"), {"wants_mail": "yes"})
    alice.refresh_from_db()
    assert alice.wants_mail is True


def test_mail_settings_without_a_choice(alice: User, signed_in: SignedIn) -> None:
    response = signed_in(alice).post(reverse("mail-settings"), {"wants_mail": "perhaps"})

    assert "Choose yes or no" in shown(response)


def test_account_leads_to_the_mail_settings(alice: User, signed_in: SignedIn) -> None:
    assert f'href="{reverse("mail-settings")}"' in shown(signed_in(alice).get(reverse("account")))


def test_mail_stop_without_signing_in(alice: User, client: Client) -> None:
    address = reverse("mail-stop", args=[stop_token(alice)])

    asked = client.get(address)
    alice.refresh_from_db()
    assert ("Stop the daily emails?" in shown(asked), alice.wants_mail) == (True, True)

    stopped = client.post(address)
    alice.refresh_from_db()
    assert ("No more daily emails" in shown(stopped), alice.wants_mail) == (True, False)


def test_mail_stop_in_one_click_needs_no_token(alice: User) -> None:
    """RFC 8058: the mail program posts, without cookies, without a token of the page."""
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(reverse("mail-stop", args=[stop_token(alice)]), {"List-Unsubscribe": "One-Click"})

    alice.refresh_from_db()
    assert (response.status_code, alice.wants_mail) == (200, False)


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "_", lambda token: "9" + token, lambda token: "x"])
def test_mail_stop_with_a_changed_link(alice: User, bob: User, client: Client, change: Callable[[str], str]) -> None:
    response = client.post(reverse("mail-stop", args=[change(stop_token(alice))]))

    assert response.status_code == 404
    assert not User.objects.filter(wants_mail=False).exists()


def test_mail_stop_of_an_erased_person(alice: User, client: Client) -> None:
    User.objects.filter(pk=alice.pk).update(erased_at=timezone.now())

    assert client.get(reverse("mail-stop", args=[stop_token(alice)])).status_code == 404


def test_mail_stop_is_open_to_an_adviser_without_second_factor(ada: User, firm: Organisation, client: Client) -> None:
    client.force_login(ada)

    assert client.get(reverse("mail-stop", args=[stop_token(ada)])).status_code == 200


# Comments ---------------------------------------------------------------------------------------------------------


def begin(assessment: Assessment, by: User, audience: str = "client", item: str = COST, **given: Any) -> Thread:
    said = f"Said to {audience} {SCRIPT}"
    return open_thread(assessment=assessment, by=by, item=item, audience=audience, text=said, **given)


def audiences(response: Any) -> list[str]:
    return re.findall(r'name="audience" type="radio" value="([^"]+)"', response.content.decode())


def test_open_a_thread(assessment: Assessment, alice: User, signed_in: SignedIn) -> None:
    client, address = signed_in(alice), url("thread-open", assessment, COST)
    assert audiences(client.get(address)) == ["client", "both"]

    response = client.post(address, {"text": "Whose figure?\r\nMine?", "audience": "both"}, follow=True)

    thread = Thread.objects.get()
    assert (thread.item, thread.audience, thread.firm, thread.changed_by) == (COST, "both", None, alice)
    assert response.redirect_chain[0][0] == url("thread", assessment, thread.pk)
    assert "Whose figure?<br>Mine?" in shown(response)


def test_adviser_opens_a_thread_for_their_firm(
    assessment: Assessment, ada: User, firm: Organisation, signed_in: SignedIn
) -> None:
    client, address = signed_in(ada), url("thread-open", assessment, COST)
    assert audiences(client.get(address)) == [str(firm.pk), "both"]

    client.post(address, {"text": "Too kind, I think.", "audience": str(firm.pk)})

    thread = Thread.objects.get()
    assert (thread.audience, thread.firm) == ("adviser", firm)


@pytest.mark.parametrize("audience", ["client", "adviser", "", "nobody", NOBODY])
def test_adviser_cannot_choose_the_client_s_audience(
    assessment: Assessment, ada: User, firm: Organisation, signed_in: SignedIn, audience: str
) -> None:
    response = signed_in(ada).post(url("thread-open", assessment, COST), {"text": "Hello", "audience": audience})

    assert "Choose who may read it" in shown(response)
    assert "Hello" in shown(response)
    assert not Thread.objects.exists()


def test_client_cannot_choose_a_firm(
    assessment: Assessment, alice: User, firm: Organisation, signed_in: SignedIn
) -> None:
    signed_in(alice).post(url("thread-open", assessment, COST), {"text": "Hello", "audience": str(firm.pk)})

    assert not Thread.objects.exists()


def test_empty_comment(assessment: Assessment, alice: User, signed_in: SignedIn) -> None:
    response = signed_in(alice).post(url("thread-open", assessment, COST), {"text": " \r\n", "audience": "both"})

    assert "Write a comment" in shown(response)
    assert not Thread.objects.exists()


def test_thread_on_something_unknown(assessment: Assessment, alice: User, signed_in: SignedIn) -> None:
    assert signed_in(alice).get(url("thread-open", assessment, "pensions.nothing")).status_code == 404


def test_reply_resolve_and_reopen(assessment: Assessment, alice: User, contributor: User, signed_in: SignedIn) -> None:
    thread = begin(assessment, contributor)
    client = signed_in(alice)
    place = url("thread", assessment, thread.pk)

    replied = client.post(url("thread-reply", assessment, thread.pk), {"text": "Mine."}, follow=True)
    assert "Mine." in shown(replied)
    assert SCRIPT not in replied.content.decode()

    resolved = client.post(url("thread-resolve", assessment, thread.pk), follow=True)
    assert "Resolved. The thread is kept" in shown(resolved)
    assert "Open it again" in shown(resolved)

    reopened = client.post(url("thread-reopen", assessment, thread.pk), follow=True)
    assert "The thread is open again." in shown(reopened)
    assert "Mark as resolved" in shown(client.get(place))


def test_empty_reply_keeps_the_page(assessment: Assessment, alice: User, signed_in: SignedIn) -> None:
    thread = begin(assessment, alice)

    response = signed_in(alice).post(url("thread-reply", assessment, thread.pk), {"text": ""})

    assert response.status_code == 200
    assert "Write a comment" in shown(response)
    assert thread.comments.count() == 1


ACTS = ["thread", "thread-reply", "thread-resolve", "thread-reopen"]


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("person", ["ada", "other", "charlie"])
def test_client_s_thread_is_closed_to_others(
    assessment: Assessment,
    alice: User,
    ada: User,
    firm: Organisation,
    charlie: User,
    signed_in: SignedIn,
    person: str,
    name: str,
) -> None:
    other = make_user("olga@example.org", "Olga Other")
    make_engagement(assessment, make_firm(other, "Merlin Advisers"))
    thread = begin(assessment, alice, "client")
    client = signed_in({"ada": ada, "other": other, "charlie": charlie}[person])

    statuses = [client.get(url(name, assessment, thread.pk)).status_code]
    statuses.append(client.post(url(name, assessment, thread.pk), {"text": "Hello"}).status_code)

    assert set(statuses) <= {404, 405}
    assert 404 in statuses
    thread.refresh_from_db()
    assert (thread.comments.count(), thread.resolved_at) == (1, None)


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("person", ["alice", "other", "contributor"])
def test_firm_s_thread_is_closed_to_others(
    assessment: Assessment,
    alice: User,
    contributor: User,
    ada: User,
    firm: Organisation,
    signed_in: SignedIn,
    person: str,
    name: str,
) -> None:
    other = make_user("olga@example.org", "Olga Other")
    make_engagement(assessment, make_firm(other, "Merlin Advisers"))
    thread = begin(assessment, ada, "adviser", firm=firm.pk)
    client = signed_in({"alice": alice, "other": other, "contributor": contributor}[person])

    statuses = [client.get(url(name, assessment, thread.pk)).status_code]
    statuses.append(client.post(url(name, assessment, thread.pk), {"text": "Hello"}).status_code)

    assert set(statuses) <= {404, 405}
    assert 404 in statuses
    assert "Said to adviser" not in shown(client.get(url("threads", assessment)))
    assert "Said to adviser" not in shown(client.get(url("thread-open", assessment, COST)))


def test_thread_under_another_assessment(assessment: Assessment, alice: User, signed_in: SignedIn) -> None:
    other = make_assessment(alice, service_name="Hillside Libraries")
    thread = begin(assessment, alice)

    assert signed_in(alice).get(url("thread", other, thread.pk)).status_code == 404


def test_threads_by_questionnaire(assessment: Assessment, alice: User, signed_in: SignedIn) -> None:
    begin(assessment, alice, item="sector")
    begin(assessment, alice, item=COST)
    old = begin(assessment, alice, item=STRESS)
    resolve(thread=old, by=alice)
    client = signed_in(alice)

    page = shown(client.get(url("threads", assessment)))
    everything = shown(client.get(url("threads", assessment) + "?show=all"))

    assert re.findall(r'<h2 class="govuk-heading-m">([^<]+)</h2>', page) == ["Your service and plans", "Pensions"]
    assert "1 more is resolved" in page
    assert str(old.pk) not in page
    assert str(old.pk) in everything


def test_thread_on_a_question_that_is_not_asked_now(
    assessment: Assessment, alice: User, ada: User, firm: Organisation, signed_in: SignedIn
) -> None:
    book_item = "pensions.protection-in-contract"
    thread = begin(assessment, alice, "both", item=book_item)
    save(assessment, alice, {"pension-schemes": fact(["none"])})

    page = shown(signed_in(alice).get(url("threads", assessment)))

    assert "Not asked at the moment" in page
    assert str(thread.pk) in page
    assert signed_in(alice).get(url("thread", assessment, thread.pk)).status_code == 200
    assert "Not asked at the moment" in shown(signed_in(ada).get(url("threads", assessment)))


def test_adviser_comments_while_answers_are_kept_back(
    assessment: Assessment, alice: User, ada: User, firm: Organisation, signed_in: SignedIn
) -> None:
    item = "pensions.protection-in-contract"
    save(assessment, alice, {"pension-schemes": fact(["none"])})
    theirs, both = begin(assessment, alice, "client", item=item), begin(assessment, alice, "both", item=item)
    make_submission(assessment, firm)
    client = signed_in(ada)
    assert client.get(url("assessment-check", assessment)).status_code == 403

    page = shown(client.get(url("threads", assessment)))
    opened = client.post(url("thread-open", assessment, COST), {"text": "Which model?", "audience": "both"})

    assert (str(theirs.pk) in page, str(both.pk) in page) == (False, True)
    # Which questions are asked tells some answers.
    assert "Not asked at the moment" not in page
    assert opened.status_code == 302
    assert "See the question" not in shown(client.get(url("thread", assessment, both.pk)))


def test_client_is_told_to_keep_levels_back(
    assessment: Assessment, alice: User, firm: Organisation, signed_in: SignedIn
) -> None:
    client, address = signed_in(alice), url("thread-open", assessment, COST)
    warning = "Do not tell them yours here."
    assert warning not in shown(client.get(address))
    make_submission(assessment, firm)

    assert warning in shown(client.get(address))


def question_page(assessment: Assessment) -> str:
    return url("question-page", assessment, "pensions", "model")


def test_question_page_counts_comments(
    assessment: Assessment, alice: User, ada: User, firm: Organisation, signed_in: SignedIn
) -> None:
    begin(assessment, alice)
    begin(assessment, ada, "adviser", firm=firm.pk)
    open_thread(assessment=assessment, by=alice, item=COST, audience="both", text="Two")
    resolve(thread=begin(assessment, alice, item=STRESS), by=alice)

    page = shown(signed_in(alice).get(question_page(assessment)))
    checked = shown(signed_in(alice).get(url("assessment-check", assessment)))

    line = f'href="{url("thread-open", assessment, COST)}">2 comments<'
    assert line in page
    assert line in checked
    assert f'href="{url("thread-open", assessment, STRESS)}">1 comment (resolved)<' in page


def test_statements_of_pages_with_comments(assessment: Assessment, alice: User, signed_in: SignedIn) -> None:
    for item in (COST, STRESS, "sector", "pensions.new-joiners"):
        begin(assessment, alice, item=item)
        begin(assessment, alice, "both", item=item)
    client = signed_in(alice)

    with at_most(6):
        client.get(url("assessment-check", assessment))
    with at_most(6):
        client.get(url("threads", assessment))
    with at_most(6):
        client.get(url("thread-open", assessment, COST))


# Second opinions --------------------------------------------------------------------------------------------------


@pytest.fixture
def people(assessment: Assessment, bob: User) -> list[User]:
    """Two of the organisation who have no part in the assessment."""
    people = [bob, make_user("dora@example.org", "Dora Dent")]
    for person in people:
        make_member(assessment.service.organisation, person)
    return people


@pytest.fixture
def asked(assessment: Assessment, people: list[User], barrier: Barrier) -> list[Opinion]:
    lead = assessment.lead
    return [
        ask_opinion(assessment=assessment, by=lead, user=person, barrier=barrier, capacity=capacity)
        for person, capacity in zip(people, ("Finance", "HR"), strict=True)
    ]


def give_levels(opinion: Opinion, **levels: int) -> Opinion:
    contents = {f"pensions.{name.replace('_', '-')}": level(said, note="My note") for name, said in levels.items()}
    return give(opinion=opinion, by=opinion.user, version=opinion.version, contents=contents)


def two(people: list[User], **given: str) -> dict[str, str]:
    first, second = people
    return {
        "barrier": "pensions",
        "person_1": str(first.pk),
        "capacity_1": "Finance",
        "person_2": str(second.pk),
        "capacity_2": "HR",
        **given,
    }


def test_ask_two(assessment: Assessment, alice: User, people: list[User], signed_in: SignedIn) -> None:
    client = signed_in(alice)
    sent = two(people, capacity_2="other", other_2="Trade union", note="By Friday, please")

    response = client.post(url("opinion-ask", assessment), sent, follow=True)

    opinions = Opinion.objects.values_list("user__name", "capacity", "asked_by__name")
    assert list(opinions) == [("Bob Baker", "Finance", "Alice Archer"), ("Dora Dent", "Trade union", "Alice Archer")]
    assert "Dora Dent is asked for a second opinion on Pensions." in shown(response)
    assert "Trade union" in shown(response)
    assert set(Ask.objects.values_list("kind", "note")) == {("opinion", "By Friday, please")}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"barrier": ""}, "Choose a barrier"),
        ({"person_1": ""}, "Choose a person"),
        ({"person_2": "", "capacity_2": ""}, "Choose a second person: agreement takes two"),
        ({"capacity_1": ""}, "Choose the role in which Bob Baker is asked"),
        ({"capacity_2": "Finance"}, "Choose another role than that of the first person"),
        ({"capacity_2": "other"}, "Name the role"),
        ({"capacity_2": "other", "other_2": "finance"}, "Choose another role than that of the first person"),
        ({"due_on_0": "", "due_on-day": "1", "due_on-month": "1", "due_on-year": "2020"}, "must be"),
    ],
)
def test_ask_with_something_wrong(
    assessment: Assessment,
    alice: User,
    people: list[User],
    signed_in: SignedIn,
    change: dict[str, str],
    message: str,
) -> None:
    response = signed_in(alice).post(url("opinion-ask", assessment), two(people) | change)

    assert message in shown(response)
    assert not Opinion.objects.exists()


def test_ask_the_same_person_twice(
    assessment: Assessment, alice: User, people: list[User], signed_in: SignedIn
) -> None:
    sent = two([people[0], people[0]])

    assert "Choose two people" in shown(signed_in(alice).post(url("opinion-ask", assessment), sent))


def test_ask_a_third(
    assessment: Assessment, alice: User, asked: list[Opinion], charlie: User, signed_in: SignedIn
) -> None:
    make_member(assessment.service.organisation, charlie)
    client = signed_in(alice)
    again = {"barrier": "pensions", "person_1": str(asked[0].user_id), "capacity_1": "Legal"}
    assert "is asked about this barrier already" in shown(client.post(url("opinion-ask", assessment), again))

    client.post(url("opinion-ask", assessment), again | {"person_1": str(charlie.pk)})

    assert Opinion.objects.filter(user=charlie, capacity="Legal").exists()


def test_ask_somebody_of_another_organisation(
    assessment: Assessment, alice: User, people: list[User], charlie: User, signed_in: SignedIn
) -> None:
    signed_in(alice).post(url("opinion-ask", assessment), two([people[0], charlie]))

    assert not Opinion.objects.exists()


def test_only_the_lead_asks(
    assessment: Assessment, contributor: User, asked: list[Opinion], signed_in: SignedIn
) -> None:
    client = signed_in(contributor)

    assert client.get(url("opinions", assessment)).status_code == 200
    assert client.get(url("opinion-ask", assessment)).status_code == 403
    assert client.post(url("opinion-take-back", assessment, asked[0].pk)).status_code == 403
    assert Opinion.objects.filter(closed_at=None).count() == 2


def test_adviser_sees_no_opinions(
    assessment: Assessment, ada: User, firm: Organisation, asked: list[Opinion], signed_in: SignedIn
) -> None:
    client = signed_in(ada)

    assert client.get(url("opinions", assessment)).status_code == 403
    assert client.get(url("opinion-compare", assessment, "pensions")).status_code == 403
    assert client.get(url("opinion", assessment, "pensions")).status_code == 404


def test_take_back(assessment: Assessment, alice: User, asked: list[Opinion], signed_in: SignedIn) -> None:
    client = signed_in(alice)

    response = client.post(url("opinion-take-back", assessment, asked[0].pk), follow=True)

    assert "Bob Baker is not asked any more." in shown(response)
    assert signed_in(asked[0].user).get(url("opinion", assessment, "pensions")).status_code == 404
    assert client.post(url("opinion-take-back", assessment, uuid4())).status_code == 404


def test_opinion_page_shows_nothing_of_the_main_answers(
    assessment: Assessment, asked: list[Opinion], signed_in: SignedIn
) -> None:
    make_answer(assessment, COST, level(4, note="Secret of the lead"))
    give_levels(asked[1], cost_in_model=1)
    client = signed_in(asked[0].user)

    response = client.get(url("opinion", assessment, "pensions"))

    said = {name: value for name, value in sent_by(response).items() if any(value)}
    assert said.keys() <= {"csrfmiddlewaretoken", "version"}
    page = shown(response)
    assert "Secret of the lead" not in page
    assert "My note" not in page
    assert "Riverside Family Hubs" in page
    assert "Alice Archer asks you as <strong>Finance</strong>" in page


CLOSED = ["assessment", "assessment-check", "assessment-result", "plan", "report", "threads", "opinions", "opinion-ask"]


@pytest.mark.parametrize("name", CLOSED)
def test_who_only_gives_an_opinion_sees_no_other_page(
    assessment: Assessment, asked: list[Opinion], signed_in: SignedIn, name: str
) -> None:
    client = signed_in(asked[0].user)
    give_levels(asked[0], cost_in_model=1)

    assert client.get(url(name, assessment)).status_code == 404
    assert url(name, assessment) not in links(client.get("/"))


def links(response: Any) -> list[str]:
    return re.findall(r'href="([^"]+)"', response.content.decode())


def test_home_leads_back_to_opinions_that_were_given(
    assessment: Assessment, asked: list[Opinion], signed_in: SignedIn
) -> None:
    """There is no other way for who has no part in the assessment. It is the person's own, and it stands."""
    client, address = signed_in(asked[0].user), reverse("opinion", args=[assessment.pk, "pensions"])
    waiting = shown(client.get("/"))
    give_levels(asked[0], cost_in_model=1)
    given, of_other = client.get("/"), signed_in(asked[1].user).get("/")
    take_back(opinion=asked[0], by=assessment.lead)
    taken_back = client.get("/")

    assert "Second opinions that you gave" not in waiting
    assert "Second opinions that you gave" in shown(given)
    assert "Riverside Family Hubs" in shown(given)
    assert address in links(given)
    assert "Second opinions that you gave" not in shown(of_other)
    assert address not in links(taken_back)


def test_home_leads_to_opinions_through_the_assessment_for_who_takes_part(
    assessment: Assessment, asked: list[Opinion], signed_in: SignedIn
) -> None:
    make_participation(assessment, asked[0].user, "reader")
    give_levels(asked[0], cost_in_model=1)

    assert "Second opinions that you gave" not in shown(signed_in(asked[0].user).get("/"))


def test_save_go_on_and_give(assessment: Assessment, asked: list[Opinion], signed_in: SignedIn) -> None:
    client, address = signed_in(asked[0].user), url("opinion", assessment, "pensions")

    said = {"cost-in-model-state": "3", "cost-in-model-note": "Draft"}
    first = client.post(address, sent_by(client.get(address)) | said | {"then": "save"})
    assert first.headers["Location"] == address
    assert sent_by(client.get(address))["cost-in-model-state"] == ["3"]
    assert Ask.objects.filter(kind="opinion", done_at=None).count() == 2

    given = client.post(address, sent_by(client.get(address)) | {"stress-test-state": "dont_know", "then": "give"})
    assert given.headers["Location"] == url("opinion-compare", assessment, "pensions")

    own = Opinion.objects.get(pk=asked[0].pk)
    assert own.answers[COST] == {"state": "answered", "level": 3, "note": "Draft"}
    assert own.answers[STRESS] == {"state": "dont_know", "level": None, "note": ""}
    assert own.given_at is not None
    page = shown(client.get(address))
    assert "You gave it as Finance" in page
    assert "Note: Draft" in page
    client.post(address, {"cost-in-model-state": "0", "version": "2", "then": "save"})
    assert Opinion.objects.get(pk=asked[0].pk).answers == own.answers


def test_give_nothing(assessment: Assessment, asked: list[Opinion], signed_in: SignedIn) -> None:
    client, address = signed_in(asked[0].user), url("opinion", assessment, "pensions")

    response = client.post(address, sent_by(client.get(address)) | {"then": "give"})

    assert "Answer at least one question" in shown(response)
    assert Opinion.objects.get(pk=asked[0].pk).given_at is None


def test_save_from_two_windows(assessment: Assessment, asked: list[Opinion], signed_in: SignedIn) -> None:
    client, address = signed_in(asked[0].user), url("opinion", assessment, "pensions")
    old = sent_by(client.get(address))
    client.post(address, old | {"cost-in-model-state": "3", "then": "save"})

    stale = client.post(address, old | {"cost-in-model-state": "1", "then": "save"})

    assert stale.status_code == 409
    assert "You have saved this in another window meanwhile." in shown(stale)
    assert Opinion.objects.get(pk=asked[0].pk).answers[COST]["level"] == 3
    client.post(address, sent_by(stale) | {"then": "save"})
    assert Opinion.objects.get(pk=asked[0].pk).answers[COST]["level"] == 1


def test_page_that_lost_its_version(assessment: Assessment, asked: list[Opinion], signed_in: SignedIn) -> None:
    client, address = signed_in(asked[0].user), url("opinion", assessment, "pensions")

    response = client.post(address, {"cost-in-model-state": "3", "then": "save"})

    assert "did not arrive whole" in shown(response)
    assert sent_by(response)["version"] == ["0"]
    assert sent_by(response)["cost-in-model-state"] == ["3"]


@pytest.mark.parametrize("who", [0, 1])
def test_nobody_reads_another_s_before_giving_their_own(
    assessment: Assessment, asked: list[Opinion], signed_in: SignedIn, who: int
) -> None:
    give_levels(asked[1 - who], cost_in_model=1)
    client, address = signed_in(asked[who].user), url("opinion-compare", assessment, "pensions")

    assert client.get(address).status_code == 403
    give_levels(asked[who], cost_in_model=3)
    assert "2 levels apart" in shown(client.get(address))


def test_lead_who_gives_an_opinion_gives_it_first(
    assessment: Assessment, alice: User, asked: list[Opinion], barrier: Barrier, signed_in: SignedIn
) -> None:
    ask_opinion(assessment=assessment, by=alice, user=alice, barrier=barrier, capacity="Service")
    give_levels(asked[0], cost_in_model=1)
    client = signed_in(alice)

    assert client.get(url("opinion-compare", assessment, "pensions")).status_code == 403
    assert client.get(url("opinion-settle", assessment, "pensions", COST)).status_code == 403
    assert "See them side by side" not in shown(client.get(url("opinions", assessment)))


def test_main_answer_is_compared_for_who_may_read_it(
    assessment: Assessment, alice: User, asked: list[Opinion], signed_in: SignedIn
) -> None:
    make_answer(assessment, COST, level(4))
    for opinion, said in zip(asked, (1, 2), strict=True):
        give_levels(opinion, cost_in_model=said)
    address = url("opinion-compare", assessment, "pensions")

    lead, other = shown(signed_in(alice).get(address)), shown(signed_in(asked[0].user).get(address))

    assert ("The main answer" in lead, "3 levels apart" in lead, "Settle it" in lead) == (True, True, True)
    assert ("The main answer" in other, "1 level apart" in other, "Settle it" in other) == (False, True, False)
    assert "Of 1 question rated by two or more, 1 lies within one level." in lead


def test_contributor_who_was_not_asked_does_not_compare(
    assessment: Assessment, alice: User, charlie: User, asked: list[Opinion], signed_in: SignedIn
) -> None:
    make_participation(assessment, charlie, "contributor", ["pensions"])
    give_levels(asked[0], cost_in_model=1)

    assert signed_in(charlie).get(url("opinion-compare", assessment, "pensions")).status_code == 403
    assert signed_in(charlie).get(url("opinion", assessment, "pensions")).status_code == 404


def test_who_left_the_organisation_sees_nothing(
    assessment: Assessment, asked: list[Opinion], signed_in: SignedIn
) -> None:
    give_levels(asked[0], cost_in_model=1)
    Membership.objects.filter(user=asked[0].user).delete()
    client = signed_in(asked[0].user)

    assert client.get(url("opinion", assessment, "pensions")).status_code == 404
    assert client.get(url("opinion-compare", assessment, "pensions")).status_code == 404


def test_stranger_sees_nothing(
    assessment: Assessment, asked: list[Opinion], charlie: User, signed_in: SignedIn
) -> None:
    client = signed_in(charlie)

    for name in ("opinion", "opinion-compare"):
        assert client.get(url(name, assessment, "pensions")).status_code == 404
    assert client.get(url("opinion-settle", assessment, "pensions", COST)).status_code == 404
    assert client.post(url("opinion-take-back", assessment, asked[0].pk)).status_code == 404


@pytest.fixture
def differing(assessment: Assessment, asked: list[Opinion]) -> Assessment:
    make_answer(assessment, COST, level(4))
    for opinion, said in zip(asked, (1, 3), strict=True):
        give_levels(opinion, cost_in_model=said)
    return assessment


def test_settle(differing: Assessment, alice: User, signed_in: SignedIn) -> None:
    client, address = signed_in(alice), url("opinion-settle", differing, "pensions", COST)
    page = client.get(address)
    assert sent_by(page)["cost-in-model-state"] == ["4"]
    assert "Clear this answer" not in shown(page)

    said = {"cost-in-model-state": "2", "reason": "The letter of May"}
    response = client.post(address, sent_by(page) | said, follow=True)

    assert Answer.objects.get(item=COST).level == 2
    assert Settlement.objects.get().reason == "The letter of May"
    assert "Settled by Alice Archer" in shown(response)
    assert "The letter of May" in shown(response)


def test_settle_needs_a_reason(differing: Assessment, alice: User, signed_in: SignedIn) -> None:
    client, address = signed_in(alice), url("opinion-settle", differing, "pensions", COST)

    response = client.post(address, sent_by(client.get(address)) | {"cost-in-model-state": "2", "reason": " "})

    assert "Say why you settle on this" in shown(response)
    assert sent_by(response)["cost-in-model-state"] == ["2"]
    assert (Answer.objects.get(item=COST).level, Settlement.objects.count()) == (4, 0)


def test_settle_while_somebody_else_answers(differing: Assessment, alice: User, signed_in: SignedIn) -> None:
    client, address = signed_in(alice), url("opinion-settle", differing, "pensions", COST)
    old = sent_by(client.get(address)) | {"cost-in-model-state": "2", "reason": "The letter"}
    make_answer(differing, COST, level(0))

    conflict = client.post(address, old)

    assert conflict.status_code == 409
    assert "Alice Archer changed the main answer" in shown(conflict)
    assert "Level 0." in shown(conflict)
    assert (Answer.objects.get(item=COST).level, Settlement.objects.count()) == (0, 0)
    client.post(address, sent_by(conflict))
    assert (Answer.objects.get(item=COST).level, Settlement.objects.count()) == (2, 1)


def test_only_the_lead_settles(differing: Assessment, asked: list[Opinion], signed_in: SignedIn) -> None:
    client, address = signed_in(asked[0].user), url("opinion-settle", differing, "pensions", COST)

    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "Mine"}).status_code == 403


@pytest.mark.parametrize("item", ["pensions.nothing", STRESS, "tendering.nothing"])
def test_settle_what_nobody_spoke_of(differing: Assessment, alice: User, signed_in: SignedIn, item: str) -> None:
    assert signed_in(alice).get(url("opinion-settle", differing, "pensions", item)).status_code == 404


def test_statements_of_opinion_pages(
    differing: Assessment, alice: User, asked: list[Opinion], charlie: User, barrier: Barrier, signed_in: SignedIn
) -> None:
    make_member(differing.service.organisation, charlie)
    ask_opinion(assessment=differing, by=alice, user=charlie, barrier=barrier, capacity="Legal")
    lead, giver = signed_in(alice), signed_in(charlie)

    with at_most(5):
        lead.get(url("opinions", differing))
    with at_most(7):
        lead.get(url("opinion-ask", differing))
    with at_most(7):
        lead.get(url("opinion-compare", differing, "pensions"))
    with at_most(6):
        giver.get(url("opinion", differing, "pensions"))
