"""Filling in: what a page shows, what it saves, and that nothing a person typed is lost."""

import datetime as dt
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.catalogue.schema import Stage
from assessments.models import Answer, Assessment, User
from assessments.models.answer import EMPTY, Content
from assessments.selectors.workbook import workbook
from tests.factories import answer_everything, fact, level, make_answer, make_assessment, save
from tests.views.browser import Sent, sent_by

COST = "pensions.cost-in-model"


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def client(alice: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(alice)


def url(assessment: Assessment, slug: str = "pensions", page: str = "model") -> str:
    return reverse("question-page", args=[assessment.pk, slug, page])


def content(item: str) -> Content:
    row = Answer.objects.filter(item=item).first()
    return row.content if row else EMPTY


def shown(response: Any) -> str:
    return unescape(response.content.decode())


# What a page shows ---------------------------------------------------------------------------------------------


def test_nothing_is_chosen_beforehand(assessment: Assessment, client: Client) -> None:
    sent = sent_by(client.get(url(assessment)))

    versions = {name: value for name, value in sent.items() if name.endswith("-version")}
    assert set(map(tuple, versions.values())) == {("0",)}
    said = {name: values for name, values in sent.items() if any(values) and name not in versions}
    assert said.keys() <= {"csrfmiddlewaretoken"}


def test_panel_names_the_service(assessment: Assessment, client: Client) -> None:
    """The page puts its rows together by itself, name by name."""
    page = shown(client.get(url(assessment)))

    assert '<h2 class="govuk-heading-s">Riverside Family Hubs</h2>' in page
    assert str(assessment.service.organisation_id) not in page


def test_stored_answer_is_shown(assessment: Assessment, client: Client) -> None:
    given = {"evidence": "E2", "evidence_date": dt.date(2026, 9, 30), "note": "Two\nlines <b>", "reason": "None here"}
    make_answer(assessment, COST, level(0, who_knows="Dana", know_by=dt.date(2027, 1, 5), **given))

    sent = sent_by(client.get(url(assessment)))

    assert {name.removeprefix("cost-in-model-"): value for name, [value] in sent.items() if "cost-in" in name} == {
        "state": "0",
        "evidence": "E2",
        "evidence_date-day": "30",
        "evidence_date-month": "9",
        "evidence_date-year": "2026",
        "note": "Two\nlines <b>",
        "reason": "None here",
        "who_knows": "Dana",
        "know_by-day": "5",
        "know_by-month": "1",
        "know_by-year": "2027",
        "version": "1",
    }


@pytest.mark.parametrize(
    ("page", "item", "stored", "expected"),
    [
        ("service", "sector", "council", {"value": ["council"]}),
        ("service", "service-type", ["library", "youth"], {"value": ["library", "youth"]}),
        ("service", "health-services", False, {"value": ["no"]}),
        ("staff", "staff-transferring", 0, {"value": ["0"]}),
        ("money-and-contract", "annual-income", "1200.50", {"value": ["1200.50"]}),
        (
            "dates",
            "go-live-date",
            "2027-04-01",
            {"value-day": ["1"], "value-month": ["4"], "value-year": ["2027"]},
        ),
    ],
)
def test_stored_fact_is_shown(
    assessment: Assessment, client: Client, page: str, item: str, stored: Any, expected: Sent
) -> None:
    make_answer(assessment, item, fact(stored))

    sent = sent_by(client.get(url(assessment, "profile", page)))

    assert {key: sent[f"{item}-{key}"] for key in expected} == expected


def test_page_saved_untouched_changes_nothing(assessment: Assessment, client: Client) -> None:
    """Every page of the edition, everything answered: what is shown is what is stored."""
    answer_everything(assessment)
    before = list(Answer.objects.order_by("item").values())
    pages = [
        url(assessment, part.slug, asked.page.id)
        for part in workbook(assessment).questionnaires
        for asked in part.pages
    ]

    statuses = {client.post(page, sent_by(client.get(page))).status_code for page in pages}

    assert statuses == {302}
    assert list(Answer.objects.order_by("item").values()) == before


def test_not_applicable_is_not_offered_on_a_hard_gate(assessment: Assessment, client: Client) -> None:
    save(assessment, assessment.lead, {"pension-schemes": fact(["lgps"]), "sector": fact("council")})

    page = shown(client.get(url(assessment, "pensions", "rate")))

    assert 'name="rate-from-the-fund-state" type="radio" value="met"' in page
    assert 'name="rate-from-the-fund-state" type="radio" value="not_applicable"' not in page
    assert 'name="contribution-rate-state" type="radio" value="not_applicable"' in page


def test_not_applicable_is_refused_on_a_hard_gate(assessment: Assessment, client: Client) -> None:
    save(assessment, assessment.lead, {"pension-schemes": fact(["lgps"]), "sector": fact("council")})
    sent = sent_by(client.get(url(assessment, "pensions", "rate"))) | {"rate-from-the-fund-state": ["not_applicable"]}

    response = client.post(url(assessment, "pensions", "rate"), sent)

    assert response.status_code == 200
    assert content("pensions.rate-from-the-fund") == EMPTY


def test_not_applicable_where_the_catalogue_names_when(assessment: Assessment, client: Client) -> None:
    page = shown(client.get(url(assessment, "pensions", "protection")))

    assert 'name="protection-in-contract-state" type="radio" value="not_applicable"' in page


def test_may_apply_is_marked(assessment: Assessment, client: Client) -> None:
    mark = "This may not apply to you"
    before = shown(client.get(url(assessment, "pensions", "rate")))
    save(assessment, assessment.lead, {"pension-schemes": fact(["lgps"]), "sector": fact("council")})

    assert mark in before
    assert mark not in shown(client.get(url(assessment, "pensions", "rate")))


def test_hidden_question_comes_back_with_its_answer(assessment: Assessment, client: Client) -> None:
    page = url(assessment, "pensions", "rate")
    save(assessment, assessment.lead, {"pension-schemes": fact(["lgps"]), "sector": fact("council")})
    make_answer(assessment, "pensions.contribution-rate", level(3, note="From the actuary"))

    save(assessment, assessment.lead, {"pension-schemes": fact(["none"])})
    hidden = client.get(page)
    save(assessment, assessment.lead, {"pension-schemes": fact(["lgps"])})
    back = sent_by(client.get(page))

    assert "Nothing is asked here now" in shown(hidden)
    assert back["contribution-rate-state"] == ["3"]
    assert back["contribution-rate-note"] == ["From the actuary"]


@pytest.mark.parametrize(("slug", "page"), [("gone", "model"), ("pensions", "gone"), ("profile", "model")])
def test_unknown_page(assessment: Assessment, client: Client, slug: str, page: str) -> None:
    assert client.get(url(assessment, slug, page)).status_code == 404
    assert client.post(url(assessment, slug, page), {"x": "y"}).status_code == 404


@pytest.mark.parametrize("item", ["gone", "pensions.gone", "../../etc", "a%00b", "<script>", "x" * 3000])
def test_unknown_item(assessment: Assessment, client: Client, item: str) -> None:
    response = client.get(f"/assessments/{assessment.pk}/item/{item}/")

    assert response.status_code == 404
    assert "<script>alert" not in response.content.decode()


def test_item_leads_to_its_question(assessment: Assessment, client: Client) -> None:
    response = client.get(reverse("question-item", args=[assessment.pk, COST]))

    assert response["Location"] == url(assessment) + "#cost-in-model-question"
    assert 'id="cost-in-model-question"' in shown(client.get(url(assessment)))


def test_questionnaire_opens_at_the_first_page_with_something_open(assessment: Assessment, client: Client) -> None:
    answer_everything(assessment)
    save(assessment, assessment.lead, {COST: EMPTY})

    response = client.get(reverse("questionnaire", args=[assessment.pk, "pensions"]))

    assert response["Location"] == url(assessment)


# What is saved -------------------------------------------------------------------------------------------------


def send(client: Client, page: str, **changed: Any) -> Any:
    """A person opens the page, changes some fields and saves."""
    return client.post(page, sent_by(client.get(page)) | dict(changed))


def test_save_and_continue(assessment: Assessment, client: Client) -> None:
    response = send(client, url(assessment), **{"cost-in-model-state": "2", "cost-in-model-note": "a\r\nb"})

    assert response.status_code == 302
    assert response["Location"] == url(assessment, "pensions", "risk")
    assert content(COST) == level(2, note="a\nb")


def test_save_and_go_to_the_list(assessment: Assessment, client: Client) -> None:
    response = send(client, url(assessment), **{"cost-in-model-state": "2", "then": "list"})

    assert response["Location"] == reverse("assessment", args=[assessment.pk])
    assert content(COST).level == 2


def test_effect_is_told_on_the_next_page(assessment: Assessment, client: Client) -> None:
    page = url(assessment)

    response = client.post(page, sent_by(client.get(page)) | {"cost-in-model-state": "2"}, follow=True)

    assert "Saved." in shown(response)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/accounts/logout/"])
def test_no_field_decides_where_to_go(assessment: Assessment, client: Client, target: str) -> None:
    response = send(client, url(assessment), then=target, next=target, clear=target)

    assert response["Location"].startswith(f"/assessments/{assessment.pk}/")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("dont_know", Content("dont_know", who_knows="HR", know_by=dt.date(2027, 2, 1))),
        ("not_applicable", Content("not_applicable", reason="We have none")),
        ("0", level(0)),
    ],
)
def test_each_kind_of_answer(assessment: Assessment, client: Client, state: str, expected: Content) -> None:
    day = expected.know_by
    fields = {
        "state": state,
        "who_knows": expected.who_knows,
        "reason": expected.reason,
        "know_by-day": day.day if day else "",
        "know_by-month": day.month if day else "",
        "know_by-year": day.year if day else "",
    }

    send(client, url(assessment), **{f"cost-in-model-{name}": value for name, value in fields.items()})

    assert content(COST) == expected


def test_answers_of_a_stale_tab_that_are_not_asked_any_more(assessment: Assessment, client: Client) -> None:
    page = url(assessment, "pensions", "rate")
    save(assessment, assessment.lead, {"pension-schemes": fact(["lgps"]), "sector": fact("council")})
    tab = sent_by(client.get(page))
    save(assessment, assessment.lead, {"pension-schemes": fact(["none"])})

    response = client.post(page, tab | {"contribution-rate-state": "3"})

    assert response.status_code == 302
    assert content("pensions.contribution-rate").level == 3


def test_clear_leaves_its_neighbours(assessment: Assessment, client: Client) -> None:
    """`vat` is cleared, and `vat-cost-in-price` is not, though its name begins alike."""
    assessment = make_assessment(assessment.lead, stage=Stage.GO_LIVE)
    short, long_ = "working-capital.vat", "working-capital.vat-cost-in-price"
    save(assessment, assessment.lead, {short: level(2), long_: Content("not_met")})

    send(client, url(assessment, "working-capital", "vat-and-other-taxes"), clear="vat")

    assert (content(short), content(long_)) == (EMPTY, Content("not_met"))


# Two people ----------------------------------------------------------------------------------------------------


def test_same_question_saved_by_two(assessment: Assessment, client: Client, bob: User) -> None:
    tab = sent_by(client.get(url(assessment)))
    make_answer(assessment, COST, level(1, note="<script>bob()</script>"), by=bob)

    response = client.post(url(assessment), tab | {"cost-in-model-state": "4", "stress-test-state": "3"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "Bob Baker" in page
    assert "&lt;script&gt;bob()" in page
    assert "<script>bob" not in page
    assert content(COST).level == 1
    assert content("pensions.stress-test").level == 3


@pytest.mark.parametrize(("choice", "expected"), [("mine", 4), ("theirs", 1)])
def test_choice_between_two_answers(
    assessment: Assessment, client: Client, bob: User, choice: str, expected: int
) -> None:
    tab = sent_by(client.get(url(assessment)))
    make_answer(assessment, COST, level(1), by=bob)
    asked = client.post(url(assessment), tab | {"cost-in-model-state": "4", "cost-in-model-note": "mine"})

    response = client.post(url(assessment), sent_by(asked) | {"cost-in-model-choice": choice})

    assert response.status_code == 302
    assert content(COST).level == expected
    assert content(COST).note == ("mine" if choice == "mine" else "")


def test_choice_of_several_options_survives_the_conflict(assessment: Assessment, client: Client, bob: User) -> None:
    page = url(assessment, "profile", "service")
    options = [option.id for option in assessment.catalogue.item("service-type").options][:3]  # type: ignore[union-attr]
    tab = sent_by(client.get(page))
    make_answer(assessment, "service-type", fact(options[:1]), by=bob)
    asked = client.post(page, tab | {"service-type-value": options})

    client.post(page, sent_by(asked) | {"service-type-choice": "mine"})

    assert content("service-type").value == options


def test_third_person_while_the_second_chooses(assessment: Assessment, client: Client, bob: User) -> None:
    tab = sent_by(client.get(url(assessment)))
    make_answer(assessment, COST, level(1), by=bob)
    asked = client.post(url(assessment), tab | {"cost-in-model-state": "4"})
    make_answer(assessment, COST, level(2), by=bob)

    response = client.post(url(assessment), sent_by(asked) | {"cost-in-model-choice": "mine"})

    assert response.status_code == 409
    assert content(COST).level == 2


def test_error_does_not_make_a_stale_page_fresh(assessment: Assessment, client: Client, bob: User) -> None:
    """The page comes back with an error after Bob has saved: sent again, it must not overwrite him unseen."""
    tab = sent_by(client.get(url(assessment)))
    make_answer(assessment, COST, level(1), by=bob)
    back = client.post(url(assessment), tab | {"cost-in-model-state": "4", "cost-in-model-evidence_date-day": "99"})

    response = client.post(url(assessment), sent_by(back) | {"cost-in-model-evidence_date-day": ""})

    assert (back.status_code, response.status_code) == (200, 409)
    assert content(COST).level == 1


def test_error_does_not_take_back_what_the_other_saved(assessment: Assessment, client: Client, bob: User) -> None:
    """An item that Alice never touched stays as Bob saved it, also after an error elsewhere on her page."""
    tab = sent_by(client.get(url(assessment)))
    make_answer(assessment, COST, level(1), by=bob)
    back = client.post(url(assessment), tab | {"stress-test-evidence_date-day": "99"})

    response = client.post(url(assessment), sent_by(back) | {"stress-test-evidence_date-day": ""})

    assert response.status_code == 302
    assert content(COST).level == 1


# Bad input -----------------------------------------------------------------------------------------------------


BAD: list[tuple[str, str, str, str]] = [
    ("profile/staff", "staff-transferring-value", "many", "must be a whole number"),
    ("profile/staff", "staff-transferring-value", "-5", ""),
    ("profile/staff", "staff-transferring-value", "9" * 5000, ""),
    ("profile/staff", "staff-transferring-value", "1e999", ""),
    ("profile/money-and-contract", "annual-income-value", "a lot", "Enter an amount in pounds"),
    ("profile/money-and-contract", "annual-income-value", "NaN", ""),
    ("profile/money-and-contract", "annual-income-value", "1e99999999", ""),
    ("profile/money-and-contract", "annual-income-value", "1.234", "2 decimals"),
    ("profile/money-and-contract", "annual-income-value", "9" * 30, ""),
    ("profile/dates", "go-live-date-value-day", "31", "must include a month and year"),
    ("profile/service", "sector-value", "circus", ""),
    ("profile/service", "service-type-value", "circus", ""),
    ("pensions/model", "cost-in-model-state", "5", ""),
    ("pensions/model", "cost-in-model-state", "met", ""),
    ("pensions/model", "cost-in-model-state", "²", ""),
    ("pensions/model", "cost-in-model-evidence", "E9", ""),
    ("pensions/model", "cost-in-model-note", "x" * 4001, "Use 4000 characters or fewer"),
    ("pensions/model", "cost-in-model-note", "nul\x00nul", "Null characters are not allowed"),
    ("pensions/model", "cost-in-model-who_knows", "x" * 201, ""),
    ("pensions/model", "cost-in-model-who_knows", "a\x00", ""),
    ("pensions/model", "cost-in-model-evidence_date-day", "\x00", "must include"),
    ("pensions/model", "cost-in-model-evidence_date-year", "2026", "must include a day and month"),
]


@pytest.mark.parametrize(("page", "name", "typed", "message"), BAD)
def test_bad_input(assessment: Assessment, client: Client, page: str, name: str, typed: str, message: str) -> None:
    """A clear error at the top and in the title, what was typed still there, and nothing saved."""
    address = url(assessment, *page.split("/"))

    response = client.post(address, sent_by(client.get(address)) | {name: typed})

    text = shown(response)
    assert response.status_code == 200
    assert "<title>Error: " in text
    assert "There is a problem" in text
    assert message in text
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("page", "name", "typed"),
    [
        (page, name, typed)
        for page, name, typed, _message in BAD
        if not name.endswith(("state", "evidence", "sector-value", "type-value")) and "\x00" not in typed
    ],
)
def test_what_was_typed_is_still_there(
    assessment: Assessment, client: Client, page: str, name: str, typed: str
) -> None:
    address = url(assessment, *page.split("/"))
    other = {"cost-in-model-note": "Not lost"} if "model" in page else {}

    response = client.post(address, sent_by(client.get(address)) | other | {name: typed})

    assert sent_by(response)[name] == [typed]


@pytest.mark.parametrize(
    "date",
    [
        ("30", "2", "2027"),
        ("1", "13", "2027"),
        ("0", "1", "2027"),
        ("1", "1", "27"),
        ("1", "1", "1999"),
        ("1", "1", "9999"),
    ],
)
def test_date_that_cannot_be(assessment: Assessment, client: Client, date: tuple[str, str, str]) -> None:
    address = url(assessment, "profile", "dates")
    typed = dict(zip((f"go-live-date-value-{part}" for part in ("day", "month", "year")), date, strict=True))

    response = client.post(address, sent_by(client.get(address)) | typed)

    assert "<title>Error: " in shown(response)
    assert {name: sent_by(response)[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert not Answer.objects.exists()


def test_proof_of_a_day_to_come(assessment: Assessment, client: Client) -> None:
    """Proof ages from its date: one in the future would never grow old. An answers file refuses it too."""
    address = url(assessment)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    typed = {f"cost-in-model-evidence_date-{part}": str(getattr(tomorrow, part)) for part in ("day", "month", "year")}

    response = client.post(address, sent_by(client.get(address)) | typed)

    assert "<title>Error: " in shown(response)
    assert "or earlier" in shown(response)
    assert not Answer.objects.exists()


def test_none_together_with_others(assessment: Assessment, client: Client) -> None:
    address = url(assessment, "profile", "staff")

    response = client.post(address, sent_by(client.get(address)) | {"pension-schemes-value": ["lgps", "none"]})

    assert "not both" in shown(response)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "1.5", "²", "9" * 40, "\x00"])
def test_page_that_lost_its_version(assessment: Assessment, client: Client, version: str) -> None:
    """Saved blindly it could overwrite somebody: it comes back with what was typed."""
    sent = sent_by(client.get(url(assessment))) | {"cost-in-model-state": "4", "cost-in-model-version": version}

    response = client.post(url(assessment), sent)

    assert "did not arrive whole" in shown(response)
    assert sent_by(response)["cost-in-model-state"] == ["4"]
    assert not Answer.objects.exists()


def test_page_without_any_version(assessment: Assessment, client: Client, bob: User) -> None:
    make_answer(assessment, COST, level(1), by=bob)

    response = client.post(url(assessment), {"cost-in-model-state": "4"})
    again = client.post(url(assessment), sent_by(response))

    assert "did not arrive whole" in shown(response)
    assert again.status_code == 409
    assert content(COST).level == 1


@pytest.mark.parametrize(
    "garbage",
    [
        {"x": "y"},
        {"cost-in-model": "y", "-state": "4", "__proto__": "1", "cost-in-model-state-state": "4"},
        {"gone-version": "0", "gone-state": "4"},
        {"sector-version": "0", "sector-value": "council"},
        {f"f{number}": "x" for number in range(900)},
    ],
)
def test_garbage_changes_nothing(assessment: Assessment, client: Client, garbage: dict[str, str]) -> None:
    assert client.post(url(assessment), garbage).status_code == 200
    assert not Answer.objects.exists()


def test_too_many_fields(assessment: Assessment, client: Client) -> None:
    response = client.post(url(assessment), {f"f{number}": "x" for number in range(6000)})

    assert response.status_code == 400


def test_huge_post(assessment: Assessment, client: Client) -> None:
    body = "cost-in-model-note=" + "x" * 3_000_000

    response = client.post(url(assessment), body, content_type="application/x-www-form-urlencoded")

    assert response.status_code in (400, 413)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"not multipart", "multipart/form-data; boundary=x"),
        (b"not multipart", "multipart/form-data"),
        (b'{"a": 1}', "application/json"),
        (b"a=%ff%fe&cost-in-model-note=%00", "application/x-www-form-urlencoded; charset=latin-1"),
    ],
)
def test_body_that_is_no_form(assessment: Assessment, client: Client, body: bytes, kind: str) -> None:
    assert client.post(url(assessment), body, content_type=kind).status_code in (200, 400)
    assert not Answer.objects.exists()


def test_a_version_that_never_was(assessment: Assessment, client: Client) -> None:
    """Nobody has answered: there is nothing to overwrite, whatever the page says that it was filled from."""
    sent = sent_by(client.get(url(assessment))) | {"cost-in-model-state": ["3"], "cost-in-model-version": ["7"]}

    response = client.post(url(assessment), sent)

    assert response.status_code == 302
    assert Answer.objects.get(item="pensions.cost-in-model").version == 1
