"""The plan's pages: what they show, what they save, what they refuse."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment, PlanItem, Service, User
from assessments.models.answer import Content
from assessments.models.plan import Agreement
from assessments.selectors.plan import Plan, plan_of
from assessments.services.plan import agree, fill
from tests.factories import answer_everything, fact, level, make_assessment, make_participation, save
from tests.views.browser import sent_by
from tests.views.test_pages import at_most

LIST = "pensions.list"
MAKE = "pensions.make-the-list"
ASK = "pensions.ask-the-fund"
SCRIPT = '<script>alert("x")</script>&'


@pytest.fixture
def assessment(alice: User, small_edition: Catalogue) -> Assessment:
    """The list of members is missing, and the fund is asked only after it is made."""
    made = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)
    save(made, alice, {"schemes": fact(["lgps"]), "pensions.access": Content("not_met"), LIST: level(0)})
    return made


@pytest.fixture
def client(alice: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(alice)


def proved(number: int) -> Content:
    return level(number, evidence="E3", evidence_date=timezone.localdate())


def url(assessment: Assessment, action: str = MAKE) -> str:
    return reverse("plan-action", args=[assessment.pk, action])


def shown(response: Any) -> str:
    """The page's text with its marks, as a reader of the source finds it."""
    return str(response.content.decode())


def send(client: Client, page: str, **changed: Any) -> Any:
    return client.post(page, sent_by(client.get(page)) | changed)


def agreed(assessment: Assessment, action: str = MAKE, **given: Any) -> None:
    row = PlanItem.objects.filter(assessment=assessment, action=action).first()
    agree(
        assessment=assessment,
        by=assessment.lead,
        action=action,
        version=row.version if row else 0,
        agreement=Agreement(**given),
    )


def now(assessment: Assessment) -> Plan:
    return plan_of(Assessment.objects.get(pk=assessment.pk))


def listed(client: Client, assessment: Assessment, query: str = "") -> str:
    response = client.get(reverse("plan", args=[assessment.pk]) + query)
    assert response.status_code == 200
    return shown(response)


# The list ------------------------------------------------------------------------------------------------------


def test_list_by_priority(assessment: Assessment, client: Client) -> None:
    page = listed(client, assessment)

    assert page.index(">Do now ") < page.index("Make the list") < page.index("Ask the fund")
    assert "still to be done for the next decision, “Go live”" in page
    assert f'href="{url(assessment)}"' in page


def test_list_names_what_is_agreed(assessment: Assessment, client: Client) -> None:
    agreed(assessment, progress="doing", owner="Jane Doe", due_on=dt.date(2001, 5, 3))

    page = listed(client, assessment)

    assert "<dd>Jane Doe</dd>" in page
    assert "<dd>3 May 2001</dd>" in page
    assert ">Overdue<" in page
    assert "1 is overdue." in page


def test_list_says_when_the_decision_can_be_ready(assessment: Assessment, client: Client) -> None:
    page = listed(client, assessment)

    [decision] = now(assessment).schedule.stages
    assert decision.sentences[0] in page
    assert "<dt>Likely</dt>" in page


def test_list_says_that_a_date_is_too_early(assessment: Assessment, client: Client) -> None:
    agreed(assessment, due_on=timezone.localdate() + dt.timedelta(days=1))

    assert "(too early: not before " in listed(client, assessment)
    assert "Its due date is too early" in shown(client.get(url(assessment)))


def test_list_says_what_waits_for_what(assessment: Assessment, client: Client) -> None:
    before = listed(client, assessment)

    agreed(assessment, progress="done")

    assert before.count("Waits for") == 1
    assert "Waits for" not in listed(client, assessment)


def test_marked_done_but_not_shown_by_the_answers(assessment: Assessment, client: Client) -> None:
    agreed(assessment, progress="done")

    for page in (listed(client, assessment), shown(client.get(url(assessment)))):
        assert "Marked done, but the answers do not show it yet." in page
        assert f'Update <a class="govuk-link" href="{reverse("question-item", args=[assessment.pk, LIST])}"' in page


def test_refused_stands_apart(assessment: Assessment, client: Client) -> None:
    agreed(assessment, progress="will_not_do", reason="The parent keeps the list.")

    page = listed(client, assessment)

    assert page.index("Will not be done") < page.index("Reason: The parent keeps the list.")


def test_closed_stands_below_with_its_date(assessment: Assessment, client: Client) -> None:
    agreed(assessment, owner="Jane Doe")
    save(assessment, assessment.lead, {LIST: proved(4)})

    page = listed(client, assessment)

    day = timezone.localdate()
    assert f"Closed on {day.day} {day:%B %Y}: the answers no longer call for it." in page
    assert page.index("Ask the fund") < page.index("Make the list")


def test_reopened_says_when_it_came_back(assessment: Assessment, client: Client) -> None:
    agreed(assessment, owner="Jane Doe")
    save(assessment, assessment.lead, {LIST: proved(4)})
    save(assessment, assessment.lead, {LIST: proved(0)})

    day = timezone.localdate()
    for page in (listed(client, assessment), shown(client.get(url(assessment)))):
        assert f"ame back on {day.day} {day:%B %Y}:" in page
        assert "Jane Doe" in page


def test_nothing_open(assessment: Assessment, client: Client) -> None:
    """With everything answered and proved there is nothing to list, nothing to filter and nothing to draw."""
    given: dict[str, Content] = {"sector": fact("nhs"), "schemes": fact(["none"]), "pensions.joined": fact(False)}
    given |= {"contract-value": fact("1.00"), "staff": fact(5), "vesting-date": fact("2099-01-01"), LIST: proved(4)}
    given |= {item: proved(4) for item in ("pensions.rate", "pensions.debt", "pensions.bond")}
    save(assessment, assessment.lead, given)

    page = listed(client, assessment)
    schedule = shown(client.get(reverse("plan-schedule", args=[assessment.pk])))

    assert "Nothing is open for the next decision" in page
    assert "Show only some actions" not in page
    assert "Nothing is left to do, so there is nothing to draw." in schedule


# Filters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Make the list", "Ask the fund"}),
        ("?owner=Jane+Doe", {"Make the list"}),
        ("?progress=doing", {"Make the list"}),
        ("?progress=open", {"Ask the fund"}),
        ("?overdue=on", {"Make the list"}),
        ("?barrier=pensions", {"Make the list", "Ask the fund"}),
        ("?barrier=profile", set()),
        ("?barrier=profile&progress=doing", set()),
        ("?progress=closed", set()),
        # What it does not know lets everything through.
        ("?owner=Nobody", {"Make the list", "Ask the fund"}),
        ("?barrier=gone&progress=%00&overdue=&x=1", {"Make the list", "Ask the fund"}),
        ("?barrier=%FF%FE&owner=" + "x" * 3000, {"Make the list", "Ask the fund"}),
    ],
)
def test_filters(assessment: Assessment, client: Client, query: str, expected: set[str]) -> None:
    agreed(assessment, progress="doing", owner="Jane Doe", due_on=dt.date(2001, 5, 3))

    page = listed(client, assessment, query)

    titles = {title for title in ("Make the list", "Ask the fund") if f'/">{title}</a></h3>' in page}
    assert titles == expected
    assert "There is a problem" not in page
    assert "govuk-error-message" not in page


def test_filter_that_fits_nothing(assessment: Assessment, client: Client) -> None:
    assert "No action fits this choice." in listed(client, assessment, "?progress=closed")


def test_filter_is_still_chosen(assessment: Assessment, client: Client) -> None:
    page = listed(client, assessment, "?progress=open")

    assert '<option value="open" selected>' in page
    assert 'app-filter" open>' in page


# One action ----------------------------------------------------------------------------------------------------


def test_action_page(assessment: Assessment, client: Client) -> None:
    page = shown(client.get(url(assessment, ASK)))

    assert "4 to 12 weeks" in page
    assert "<strong>Guidance:</strong> Planning estimate" in page
    assert "The fund has signed." in page
    assert f'<a class="govuk-link" href="{url(assessment)}">Make the list</a> (open, Payroll lead)' in page
    assert f'<a class="govuk-link" href="{reverse("question-item", args=[assessment.pk, "pensions.access"])}"' in page
    assert "Nobody has agreed anything about it yet." in page


@pytest.mark.parametrize("action", ["finish:pensions", f"prove:{LIST}", f"find-out:{LIST}"])
def test_every_kind_of_action_has_a_page(assessment: Assessment, client: Client, action: str) -> None:
    save(assessment, assessment.lead, {LIST: Content("dont_know") if "find-out" in action else level(4)})

    response = send(client, url(assessment, action), owner="Jane Doe")

    assert response.status_code == 302
    assert PlanItem.objects.get().action == action


@pytest.mark.parametrize("kind", ["finish:pensions", f"prove:{LIST}", f"find-out:{LIST}", MAKE])
def test_closed_action_of_every_kind_has_a_page(assessment: Assessment, client: Client, kind: str) -> None:
    PlanItem.objects.create(assessment=assessment, action=kind, called_for=False, changed_by=assessment.lead)
    save(assessment, assessment.lead, {LIST: proved(4), "pensions.joined": fact(False)})
    save(
        assessment,
        assessment.lead,
        {"sector": fact("nhs"), "contract-value": fact("1"), "vesting-date": fact("2099-01-01")},
    )

    response = client.get(url(assessment, kind))

    assert response.status_code == 200
    assert "the answers no longer call for it" in shown(response)


@pytest.mark.parametrize(
    "action", ["gone", "pensions.gone", "finish:gone", "schedule.csv", "é", "x" * 300, "a:b:c", "%2e"]
)
def test_action_that_does_not_exist(assessment: Assessment, client: Client, action: str) -> None:
    for method in (client.get, client.post):
        assert method(url(assessment, action), {"progress": "done", "version": "0"}).status_code == 404
    assert not PlanItem.objects.exists()


def test_save(assessment: Assessment, client: Client) -> None:
    typed = {
        "progress": "doing",
        "owner": " Jane Doe ",
        "due_on-day": "3",
        "due_on-month": "May",
        "due_on-year": "2027",
        "note": "a\r\nb",
    }

    response = send(client, url(assessment), **typed)

    assert response["Location"] == url(assessment)
    expected = Agreement("doing", "Jane Doe", due_on=dt.date(2027, 5, 3), note="a\nb")
    assert PlanItem.objects.get().agreement == expected


def test_what_is_saved_is_shown_again(assessment: Assessment, client: Client) -> None:
    agreed(assessment, progress="will_not_do", owner="Jane", reason="No", due_on=dt.date(2027, 5, 3), note="n")

    send(client, url(assessment))

    sent = sent_by(client.get(url(assessment)))
    assert sent["progress"] == ["will_not_do"]
    assert sent["reason"] == ["No"]
    assert sent["due_on-month"] == ["5"]
    assert PlanItem.objects.get().version == 1


ERRORS: list[tuple[dict[str, str], str]] = [
    ({"progress": ""}, "Say how far it is"),
    ({"progress": "dream"}, "Say how far it is"),
    ({"progress": "will_not_do"}, "Say why it will not be done"),
    ({"progress": "will_not_do", "reason": "  \n "}, "Say why it will not be done"),
    ({"owner": "x" * 201}, "“Who does it?” must be 200 characters or fewer"),
    ({"owner": "a\x00"}, "Null characters are not allowed"),
    ({"note": "x" * 4001}, "Use 4000 characters or fewer"),
    ({"due_on-day": "31"}, "Due date must include a month and year"),
    ({"due_on-day": "31", "due_on-month": "2", "due_on-year": "2027"}, "Due date must be a real date"),
    ({"starts_on-day": "1", "starts_on-month": "1", "starts_on-year": "9999"}, "Start date must be"),
    (
        {
            "starts_on-day": "4",
            "starts_on-month": "5",
            "starts_on-year": "2027",
            "due_on-day": "3",
            "due_on-month": "5",
            "due_on-year": "2027",
        },
        "Due date must be the same as or after the start date, 4 May 2027",
    ),
    ({"version": "x"}, "did not arrive whole"),
    ({"version": "-1"}, "did not arrive whole"),
    ({"version": ""}, "did not arrive whole"),
]


@pytest.mark.parametrize(("typed", "message"), ERRORS)
def test_bad_input(assessment: Assessment, client: Client, typed: dict[str, str], message: str) -> None:
    response = send(client, url(assessment), **{"owner": "Jane Doe", "note": "Not lost", **typed})

    page = shown(response)
    assert response.status_code == 200
    assert "<title>Error: " in page
    assert "There is a problem" in page
    assert escape(message) in page
    assert "Not lost" in page or "note" in typed
    assert not PlanItem.objects.exists()


def test_due_on_the_day_of_the_start(assessment: Assessment, client: Client) -> None:
    day = {"day": "3", "month": "5", "year": "2027"}
    typed = {f"{name}-{part}": text for name in ("starts_on", "due_on") for part, text in day.items()}

    assert send(client, url(assessment), **typed).status_code == 302


@pytest.mark.parametrize("version", ["x", ""])
def test_page_that_lost_its_version_overwrites_nothing(assessment: Assessment, client: Client, version: str) -> None:
    back = send(client, url(assessment), owner="Jane", version=version)
    agreed(assessment, owner="Sam")

    response = client.post(url(assessment), sent_by(back))

    assert response.status_code == 409
    assert PlanItem.objects.get().owner == "Sam"


# Two people ----------------------------------------------------------------------------------------------------


@pytest.fixture
def conflict(assessment: Assessment, client: Client, bob: User) -> Any:
    """Alice's page is old: Bob has named Sam meanwhile."""
    tab = sent_by(client.get(url(assessment)))
    agree(assessment=assessment, by=bob, action=MAKE, version=0, agreement=Agreement(owner="Sam", note=SCRIPT))
    return client.post(url(assessment), tab | {"owner": "Jane", "note": SCRIPT * 2, "due_on-day": "3"} | MAY)


TOKEN = {"csrfmiddlewaretoken": [""]}
MAY = {"due_on-month": "5", "due_on-year": "2027"}


def test_conflict_shows_both(conflict: Any) -> None:
    page = shown(conflict)
    assert conflict.status_code == 409
    for text in ("Bob Baker", "Sam", "Jane", "3 May 2027"):
        assert text in page
    assert "<script>alert" not in page
    assert PlanItem.objects.get().owner == "Sam"


@pytest.mark.parametrize(("choice", "owner"), [("mine", "Jane"), ("theirs", "Sam")])
def test_choice(assessment: Assessment, client: Client, conflict: Any, choice: str, owner: str) -> None:
    response = client.post(url(assessment), sent_by(conflict) | {"choice": choice})

    row = PlanItem.objects.get()
    assert response.status_code == 302
    assert row.owner == owner
    assert row.note == (SCRIPT * 2 if choice == "mine" else SCRIPT)
    assert row.due_on == (dt.date(2027, 5, 3) if choice == "mine" else None)


@pytest.mark.parametrize("choice", [{}, {"choice": "both"}])
def test_no_choice(assessment: Assessment, client: Client, conflict: Any, choice: dict[str, str]) -> None:
    response = client.post(url(assessment), sent_by(conflict) | choice)

    assert response.status_code == 409
    assert "Choose which of the two should stand" in shown(response)
    assert "<title>Error: " in shown(response)
    assert {**sent_by(response), **TOKEN} == {**sent_by(conflict), **TOKEN}
    assert PlanItem.objects.get().owner == "Sam"


def test_third_save_while_the_second_chooses(assessment: Assessment, client: Client, conflict: Any, bob: User) -> None:
    agree(assessment=assessment, by=bob, action=MAKE, version=1, agreement=Agreement(owner="Third"))

    response = client.post(url(assessment), sent_by(conflict) | {"choice": "mine"})

    assert response.status_code == 409
    assert PlanItem.objects.get().owner == "Third"


# History -------------------------------------------------------------------------------------------------------


def test_history(assessment: Assessment, client: Client, bob: User) -> None:
    agreed(assessment, owner="Jane", due_on=dt.date(2027, 5, 3))
    agree(assessment=assessment, by=bob, action=MAKE, version=1, agreement=Agreement(progress="done", owner="Sam"))
    save(assessment, assessment.lead, {LIST: proved(4)})
    save(assessment, assessment.lead, {LIST: proved(0)})

    page = shown(client.get(url(assessment)))
    past = page[page.index('id="history"') :]

    lines = [
        "<strong>The answers</strong>",
        "Came back: the answers call for it again.",
        "Progress: from “Done” to “Open”",
        "Closed: the answers no longer call for it.",
        "<strong>Bob Baker</strong>",
        "Progress: from “Open” to “Done”",
        "Who does it: from “Jane” to “Sam”",
        "Due: taken out, was “3 May 2027”",
        "<strong>Alice Archer</strong>",
        "Who does it: “Jane”",
    ]
    places = [past.index(line) for line in lines]
    assert places == sorted(places)


def test_what_people_typed_is_escaped(assessment: Assessment, client: Client) -> None:
    User.objects.update(name=SCRIPT)
    Service.objects.update(name=SCRIPT)
    agreed(assessment, progress="will_not_do", owner=SCRIPT, reason=SCRIPT, note=SCRIPT)
    agreed(assessment, progress="doing", owner=SCRIPT, note="")

    for name in ("plan", "plan-schedule", "plan-action"):
        args = [assessment.pk, MAKE] if name == "plan-action" else [assessment.pk]
        page = shown(client.get(reverse(name, args=args)))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


# The schedule --------------------------------------------------------------------------------------------------


def test_schedule(assessment: Assessment, client: Client) -> None:
    page = shown(client.get(reverse("plan-schedule", args=[assessment.pk])))

    assert "The chain that decides it: Make the list (1 to 2 weeks), then Ask the fund (4 to 12 weeks)." in page
    assert page.count("app-bars__bar--critical") >= 2
    assert 'id="bars-caption"' in page
    assert "style=" not in page


@pytest.mark.parametrize("stage", ["explore", "plan", "go-live", "gone", "%00", ""])
def test_schedule_of_another_decision(alice: User, client: Client, stage: str) -> None:
    """A decision that is passed, or is none, shows the assessment's own."""
    assessment = make_assessment(alice, stage=Stage.MAKE_THE_CASE)
    answer_everything(assessment, rounds=1)

    page = shown(client.get(reverse("plan-schedule", args=[assessment.pk]) + f"?stage={stage}"))

    drawn = {"plan": "Plan", "go-live": "Go live"}.get(stage, "Make the case")
    assert f"The way to “{drawn}” as a picture" in page


def test_result_leads_to_its_first_actions(assessment: Assessment, client: Client) -> None:
    page = shown(client.get(reverse("assessment-result", args=[assessment.pk])))

    assert f'href="{url(assessment, "finish:pensions")}"' in page or f'href="{url(assessment)}"' in page
    assert reverse("plan", args=[assessment.pk]) in page


# How much is asked of the database -----------------------------------------------------------------------------


@pytest.mark.parametrize("many", [False, True], ids=["one agreed", "all agreed"])
def test_statements_of_an_action(alice: User, client: Client, many: bool) -> None:
    assessment = make_assessment(alice)
    answer_everything(assessment, rounds=1)
    rows = [
        PlanItem(assessment=assessment, action=action, changed_by=alice, owner="x")
        for action in list(assessment.catalogue.actions)[: None if many else 1]
    ]
    PlanItem.objects.bulk_create(rows)

    with at_most(8):
        client.get(url(assessment, rows[0].action))
    with at_most(6):
        client.get(reverse("plan", args=[assessment.pk]))
    with at_most(6):
        client.get(reverse("plan-schedule", args=[assessment.pk]))


def test_statements_of_agreeing(assessment: Assessment, client: Client) -> None:
    sent = sent_by(client.get(url(assessment))) | {"owner": "Jane"}

    with at_most(10):
        assert client.post(url(assessment), sent).status_code == 302


# Who does what, by when ------------------------------------------------------------------------------------------


def fill_url(assessment: Assessment) -> str:
    return reverse("plan-people-and-dates", args=[assessment.pk])


def box_of(page: str, role: str) -> str:
    """The name of the box with this label."""
    [found] = re.findall(rf'<label[^>]* for="id_(who-\w+)"[^>]*>\s*{role}\s*<', page)
    return str(found)


def test_no_calendar_file_without_a_date(assessment: Assessment, client: Client) -> None:
    """A calendar with nothing in it is refused by the programs that people would open it with."""
    before = listed(client, assessment)
    agreed(assessment, due_on=dt.date(2027, 5, 3))
    after = listed(client, assessment)

    calendar = reverse("plan-calendar", args=[assessment.pk])
    assert calendar not in before
    assert "have no date yet, so there is no calendar file." in before
    assert calendar in after


def test_schedule_is_one_step_away_with_nothing_left(assessment: Assessment, client: Client) -> None:
    for planned in now(assessment).actions:
        agreed(assessment, planned.id, progress="will_not_do", reason="Because.")

    page = listed(client, assessment)

    assert "still to be done" not in page
    assert reverse("plan-schedule", args=[assessment.pk]) in page


def test_people_and_dates_in_one_go(assessment: Assessment, client: Client) -> None:
    page = shown(client.get(fill_url(assessment)))
    sent = {box_of(page, "Payroll lead"): "Jane Doe", "dated": "on"}

    response = client.post(fill_url(assessment), sent, follow=True)

    listing = shown(response)
    assert "Saved: somebody is named for one action and " in listing
    assert "<dd>Jane Doe</dd>" in listing
    assert "No date yet" not in listing
    assert "leaves them out" not in listing


def test_people_and_dates_offers_only_what_is_empty(assessment: Assessment, client: Client) -> None:
    agreed(assessment, owner="Jane")

    page = shown(client.get(fill_url(assessment)))

    assert "Payroll lead" not in page
    assert "Finance lead" in page


def test_people_and_dates_with_nothing_given(assessment: Assessment, client: Client) -> None:
    response = client.post(fill_url(assessment), {}, follow=True)

    assert "Nothing changed" in shown(response)
    assert not PlanItem.objects.exists()


def test_people_and_dates_with_a_name_too_long(assessment: Assessment, client: Client) -> None:
    box = box_of(shown(client.get(fill_url(assessment))), "Payroll lead")

    page = shown(client.post(fill_url(assessment), {box: "x" * 201}))

    assert "The name for “Payroll lead” must be 200 characters or fewer" in page
    assert f'href="#id_{box}"' in page
    assert not PlanItem.objects.exists()


def test_people_and_dates_for_a_role_that_somebody_typed(assessment: Assessment, client: Client) -> None:
    """Who knows it was typed with the answer: text, whatever signs are in it."""
    role = f"100% {SCRIPT} %s"
    save(assessment, assessment.lead, {LIST: Content("dont_know", who_knows=role)})
    before = shown(client.get(fill_url(assessment)))
    box = box_of(before, re.escape(escape(role)))

    page = shown(client.post(fill_url(assessment), {box: "x" * 201}))

    assert SCRIPT not in before + page
    assert f"The name for “{escape(role)}” must be 200 characters or fewer" in page


def test_people_and_dates_with_nothing_left(assessment: Assessment, client: Client) -> None:
    people = dict.fromkeys(now(assessment).unnamed, "Jane")
    fill(assessment=assessment, by=assessment.lead, people=people, dated=True)

    assert "every action that is still to be done has somebody" in shown(client.get(fill_url(assessment)))
    assert fill_url(assessment) not in listed(client, assessment)


def test_reader_sees_what_is_agreed(assessment: Assessment, bob: User, signed_in: Callable[[User], Client]) -> None:
    make_participation(assessment, bob, "reader")
    agreed(assessment, owner="Jane Doe", due_on=dt.date(2027, 5, 3), note="Ring the fund.\nThen write.")

    page = shown(signed_in(bob).get(url(assessment)))

    before_history = page[: page.index('id="history"')]
    assert "Jane Doe" in before_history
    assert "3 May 2027" in before_history
    assert "Ring the fund.<br>Then write." in before_history
    assert 'name="owner"' not in page


def test_reader_is_not_asked_to_name_people(
    assessment: Assessment, bob: User, signed_in: Callable[[User], Client]
) -> None:
    make_participation(assessment, bob, "reader")

    page = listed(signed_in(bob), assessment)

    assert fill_url(assessment) not in page
    assert "See the schedule" in page
