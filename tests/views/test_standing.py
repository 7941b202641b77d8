"""Reviewed or not: every page that shows a colour says so, and only a sign-off makes it "reviewed"."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.agreement.standing import day
from assessments.catalogue.schema import Catalogue
from assessments.models import User
from assessments.models.answer import Content
from assessments.selectors.ratings import Said
from assessments.selectors.standing import answered_before, answered_by, standing_of
from assessments.services import reviews, submissions
from tests.factories import level, make_member, make_participation, make_user, make_what_if, save, second_factor_client
from tests.moderation import ESSENTIAL, GATE, Case, make_case, use_small_edition
from tests.reports.pages import Page

SELF_ASSESSED = "Self-assessed, not reviewed."
NOT_MET = Said("not_met")


@pytest.fixture
def case(alice: User, small_edition: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Case:
    use_small_edition(monkeypatch, small_edition)
    monkeypatch.setattr("assessments.reports.inputs.edition", lambda name: small_edition)
    return make_case(alice, make_user("ada@example.org", "Ada Osei"))


def withdrawn(case: Case) -> None:
    case.through(until="claimed")
    submissions.withdraw(submission=case.submission, by=case.lead, words="Too early.")


def released(case: Case) -> None:
    case.through(until="claimed")
    reviews.release(submission=case.submission, by=case.adviser)


def changed_after(case: Case) -> None:
    case.through(until="signed off")
    case.answer(list=level(1))


def changed_before(case: Case) -> None:
    case.through(until="rated")
    case.answer(list=level(1))
    case.sign_off()


STATES: dict[str, Callable[[Case], Any]] = {
    "never submitted": lambda case: None,
    "submitted": lambda case: case.through(until="submitted"),
    "in review": lambda case: case.through(until="claimed"),
    "given back by the adviser": released,
    "all rated and settled": lambda case: case.through(until="rated"),
    "returned": lambda case: case.through(until="rated").return_it(),
    "withdrawn": withdrawn,
    "changed after a sign-off": changed_after,
    "changed before a sign-off": changed_before,
}
PAGES = (
    "home",
    "assessment",
    "assessment-result",
    "plan",
    "report",
    "report-read",
    "what-ifs",
    "what-if",
    "question-page",
)


def pages(case: Case) -> dict[str, str]:
    """The words of every page that shows a colour, by its name, as the lead sees them, who is an administrator too."""
    client = second_factor_client(case.lead)
    what_if = make_what_if(case.assessment)
    page = case.assessment.catalogue.barriers[0].pages[0].id
    more: dict[str, list[Any]] = {
        "home": [],
        "what-if": [case.assessment.pk, what_if.pk],
        "question-page": [case.assessment.pk, "pensions", page],
    }
    organisation = case.assessment.service.organisation
    make_member(organisation, case.lead, "administrator")
    organisation.memberships.filter(user=case.lead).update(role="administrator")
    addresses = {name: reverse(name, args=more.get(name, [case.assessment.pk])) for name in PAGES}
    addresses["organisation"] = reverse("organisation", args=[organisation.pk])
    return {name: words(client.get(address)) for name, address in addresses.items()}


def words(response: Any) -> str:
    assert response.status_code == 200
    return Page(response.content.decode()).text


@pytest.mark.parametrize("state", STATES)
def test_self_assessed_in_every_state_but_signed_off(case: Case, state: str) -> None:
    STATES[state](case)

    found = pages(case)

    assert {name for name, text in found.items() if SELF_ASSESSED not in text} == set()
    assert {name for name, text in found.items() if "Reviewed and signed off" in text} == set()


def test_reviewed_after_a_sign_off(case: Case) -> None:
    case.through(until="signed off")

    found = pages(case)

    assert {name for name, text in found.items() if "Reviewed and signed off" not in text} == set()
    assert {name for name, text in found.items() if SELF_ASSESSED in text} == set()


# In full -------------------------------------------------------------------------------------------------------


def today() -> str:
    return day(timezone.localdate())


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("never submitted", ""),
        ("submitted", " Submitted on {today}, with Kestrel Advisers."),
        ("in review", " In review since {today}, with Kestrel Advisers."),
        ("given back by the adviser", " Submitted on {today}, with Kestrel Advisers."),
        ("returned", ""),
        ("withdrawn", ""),
        ("changed after a sign-off", " Submission 1, signed off on {today}, was another state of the answers."),
        ("changed before a sign-off", " Submission 1, signed off on {today}, was another state of the answers."),
    ],
)
def test_label(case: Case, state: str, expected: str) -> None:
    STATES[state](case)

    assert standing_of(case.record).label == SELF_ASSESSED + expected.format(today=today())


def test_label_of_a_reviewed_one_names_who_and_when(case: Case) -> None:
    case.through(until="signed off")

    label = standing_of(case.record).label

    assert label == f"Reviewed and signed off by Ada Osei, Kestrel Advisers, on {today()} (submission 1)."


def test_label_of_one_changed_and_submitted_again(case: Case) -> None:
    case.through(until="signed off")
    case.answer(list=level(1))
    case.submit()

    label = standing_of(case.record).label

    assert label.startswith(f"{SELF_ASSESSED} Submission 1, signed off on")
    assert label.endswith(f"Submitted on {today()}, with Kestrel Advisers.")


def test_label_asks_nothing_where_nothing_was_submitted(case: Case, django_assert_num_queries: Any) -> None:
    record = case.record

    with django_assert_num_queries(0):
        assert standing_of(record).label == SELF_ASSESSED


# Who answered --------------------------------------------------------------------------------------------------


def test_who_answered(case: Case, bob: User, charlie: User) -> None:
    make_participation(case.assessment, bob, "contributor", ["pensions"])
    save(case.assessment, charlie, {ESSENTIAL: level(1)})

    assert answered_by(case.record) == ("Alice Archer (lead)", "Bob Baker", "Charlie Cook")


# The history dates a change by the transaction that made it.
@pytest.mark.django_db(transaction=True)
def test_who_answered_before_a_submission_stays(case: Case, bob: User, charlie: User) -> None:
    save(case.assessment, bob, {ESSENTIAL: level(1)})
    made = case.submit()
    save(case.assessment, charlie, {ESSENTIAL: level(2)})

    assert answered_before(made) == ("Alice Archer (lead)", "Bob Baker")


# The result page of a reviewed assessment ----------------------------------------------------------------------


@pytest.fixture
def dissent(case: Case) -> Case:
    case.through(until="rated", access=NOT_MET, rate=Said("answered", 2))
    case.settle(GATE, None, "The letter names another scheme.")
    case.object(GATE, "The letter says <b>yes</b>.")
    case.settle(ESSENTIAL, Said("answered", 3), "Talked over on Monday.")
    case.sign_off()
    return case


def result(case: Case, signed_in: Callable[[User], Client]) -> Page:
    address = reverse("assessment-result", args=[case.assessment.pk])
    return Page(signed_in(case.lead).get(address).content.decode())


def cells(page: Page) -> list[str]:
    """Without the labels that narrow screens show."""
    rows = [one.text for one in page.all("tr")]
    return [
        re.sub("Claimed|Supported by evidence|Agreed, and why|As the service claims it|As reviewed", "|", row)
        for row in rows
    ]


def test_result_shows_three_levels_side_by_side(dissent: Case, signed_in: Callable[[User], Client]) -> None:
    page = result(dissent, signed_in)

    titles = {item: dissent.assessment.catalogue.item(item).title for item in (GATE, ESSENTIAL)}
    rows = cells(page)
    assert any(row.startswith(f"{titles[GATE]}|Met|Not known|Not met, the adviser's: not agreed.") for row in rows)
    assert f"{titles[ESSENTIAL]}|Level 4|Level 2|Level 3; the adviser had said level 2. Talked over on Monday." in rows
    assert "Of two" not in page.text
    assert "gates rated twice" in page.text or "gate was rated twice" in page.text


def test_result_tells_self_assessed_and_reviewed_in_words(dissent: Case, signed_in: Callable[[User], Client]) -> None:
    page = result(dissent, signed_in)

    assert re.search(
        r"As the service claims it, the result is \w+; on its evidence alone [\w ]+; as reviewed Red\.", page.text
    )
    assert "If everything you say were proved" not in page.text
    assert "As the service claims it" in " ".join(one.text for one in page.all("th"))


def test_result_prints_the_dissent_in_the_words_of_both(dissent: Case, signed_in: Callable[[User], Client]) -> None:
    page = result(dissent, signed_in)

    [section] = [one for one in page.all("section") if "app-dissent" in one.attributes.get("class", "")]
    assert "The adviser: The letter names another scheme." in section.text
    assert "The service: The letter says <b>yes</b>." in section.text


def test_result_puts_differences_first(dissent: Case, signed_in: Callable[[User], Client]) -> None:
    rows = [row.partition("|")[0] for row in cells(result(dissent, signed_in))]
    titles = [dissent.assessment.catalogue.item(item).title for item in (GATE, ESSENTIAL)]
    same = next(
        dissent.assessment.catalogue.item(rating.item).title
        for rating in dissent.review.ratings.exclude(item__in=(GATE, ESSENTIAL))
    )

    assert max(rows.index(title) for title in titles) < rows.index(same)


def test_result_of_nothing_reviewed_has_no_such_part(case: Case, signed_in: Callable[[User], Client]) -> None:
    case.through(until="rated")

    assert "What the adviser found" not in result(case, signed_in).text


def test_result_after_a_change_counts_the_evidence_again(dissent: Case, signed_in: Callable[[User], Client]) -> None:
    dissent.answer(list=level(1))

    page = result(dissent, signed_in)

    assert "What the adviser found" not in page.text
    assert "was another state of the answers" in page.text


def test_result_asks_for_two_more_at_most(
    dissent: Case, signed_in: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    client = signed_in(dissent.lead)

    with django_assert_max_num_queries(5):
        client.get(reverse("assessment-result", args=[dissent.assessment.pk]))


# The report of a submission ------------------------------------------------------------------------------------


def read(case: Case, client: Client) -> str:
    return words(client.get(reverse("submission-report-read", args=[case.assessment.pk, 1])))


def test_report_of_a_submission_stays_what_was_signed_off(dissent: Case, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(dissent.lead)
    before = read(dissent, client)

    save(dissent.assessment, dissent.lead, {GATE: Content("not_met"), ESSENTIAL: level(0)})

    assert read(dissent, client) == before
    assert "Reviewed and signed off by Ada Osei, Kestrel Advisers" in before
    assert "The service: The letter says <b>yes</b>." in before
    assert "The adviser: The letter names another scheme." in before
    assert "Alice Archer (lead)" in before


def test_report_page_offers_what_was_signed_off(dissent: Case, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(dissent.lead)
    address = reverse("submission-report", args=[dissent.assessment.pk, 1])

    offered = client.get(reverse("report", args=[dissent.assessment.pk])).content.decode()
    asked = client.post(reverse("submission-report-ask", args=[dissent.assessment.pk, 1]))

    assert address in offered
    assert asked["Location"] == address
    assert "Your report is being made" in words(client.get(address))


@pytest.mark.parametrize("state", ["submitted", "returned", "withdrawn"])
def test_report_of_a_submission_that_nobody_signed_off(
    case: Case, state: str, signed_in: Callable[[User], Client]
) -> None:
    STATES[state](case)

    address = reverse("submission-report", args=[case.assessment.pk, 1])

    assert signed_in(case.lead).get(address).status_code == 404


def test_page_and_report_tell_the_same(dissent: Case, signed_in: Callable[[User], Client]) -> None:
    page = result(dissent, signed_in).text
    report = words(signed_in(dissent.lead).get(reverse("report-read", args=[dissent.assessment.pk])))

    said = re.findall(r"(?:Two|Three|Four|Five|\w+) questions? and gates? are settled.*?agreement\.", page)
    agreement = re.findall(r"Each had recorded their own levels.*?not known\)?\.?", page)
    assert said
    assert agreement
    assert all(sentence in report for sentence in (*said, *agreement))
