"""The pages of the calculator: figures saved, refused, in conflict, uploaded, deleted."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.cashflow.months import Months
from assessments.cashflow.reading import read
from assessments.cashflow.stored import from_stored
from assessments.forms.cash_flow_typed import from_table
from assessments.models import Assessment, CashFlow, User
from assessments.services.cash_flow import save_cash_flow
from tests.cashflow.examples import example
from tests.factories import fact, make_assessment, save
from tests.views.browser import sent_by

TABLE: dict[str, Any] = example("a")["cashflow"]
COUNTED = Months()


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def client(alice: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(alice)


def url(name: str, assessment: Assessment) -> str:
    return reverse(name, args=[assessment.pk])


def with_figures(assessment: Assessment, name: str = "a") -> CashFlow:
    save_cash_flow(assessment=assessment, by=assessment.lead, version=0, table=example(name)["cashflow"])
    return CashFlow.objects.get(assessment=assessment)


def figures(**changed: str) -> dict[str, str]:
    typed = from_table(TABLE, COUNTED) | {"version": "0", "mode": "simple", "do": "save"}
    return typed | {name.replace("__", "-"): text for name, text in changed.items()}


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


# Without figures and with -----------------------------------------------------------------------------------


def test_empty_page_says_what_it_is_for(client: Client, assessment: Assessment) -> None:
    page = text_of(client.get(url("cash-flow", assessment)))

    assert "Figures to have at hand" in page
    assert url("cash-flow-figures", assessment) in page


def test_first_page_begins_with_what_the_profile_says(client: Client, assessment: Assessment) -> None:
    save(assessment, assessment.lead, {"annual-income": fact("2400000.00"), "staff-transferring": fact(48)})

    sent = sent_by(client.get(url("cash-flow-figures", assessment)))

    assert (sent["income-1-monthly"], sent["headcount"], sent["version"]) == (["200,000"], ["48"], ["0"])


def test_save_and_result(client: Client, assessment: Assessment) -> None:
    response = client.post(url("cash-flow-figures", assessment), figures(), follow=True)

    page = text_of(response)
    assert response.redirect_chain == [(url("cash-flow", assessment), 302)]
    assert "£423,000" in page
    assert "in payroll week of month 2 the account is £112,000 short" in page
    assert "£626,250" in page
    assert "Saved." in page
    assert read(from_stored(CashFlow.objects.get().inputs)) == read(TABLE)


def test_months_by_name_from_the_go_live_date(client: Client, assessment: Assessment) -> None:
    with_figures(assessment)
    save(assessment, assessment.lead, {"go-live-date": fact("2027-04-01")})

    page = text_of(client.get(url("cash-flow", assessment)))

    assert "Most money needed, in May 2027" in page
    assert "payroll week of May 2027" in page


def test_most_needed_before_anything_begins(client: Client, assessment: Assessment) -> None:
    income = {"monthly": 100_000, "mode": "advance", "early": True}
    one_off = {"month": 0, "amount": 50_000}
    table = {"income": [income], "gross_pay": 2_000, "headcount": 10, "one_off": [one_off]}
    save_cash_flow(assessment=assessment, by=assessment.lead, version=0, table=table)

    for name in ("cash-flow", "assessment"):
        page = text_of(client.get(url(name, assessment)))
        assert "before go-live" in page
        assert "in before go-live" not in page


def test_page_says_which_answers_the_figures_speak_against(client: Client, assessment: Assessment) -> None:
    with_figures(assessment)

    page = text_of(client.get(url("cash-flow", assessment)))

    question = reverse("question-item", args=[assessment.pk, "working-capital.low-point-funding"])
    assert "Answers that the figures speak against" in page
    assert f'href="{question}"' in page
    assert "counts as level 2 at most, because with the money planned, the balance falls to -£112,000" in page


def test_figures_that_speak_against_nothing(client: Client, assessment: Assessment) -> None:
    table = {**TABLE, "opening_cash": 9_000_000, "income": [{"monthly": 400_000}]}
    save_cash_flow(assessment=assessment, by=assessment.lead, version=0, table=table)

    assert "Answers that the figures speak against" not in text_of(client.get(url("cash-flow", assessment)))


def test_what_a_page_shows_is_what_it_sends(client: Client, assessment: Assessment) -> None:
    """Somebody who opens the page, simple or full, and saves it, changes nothing."""
    kept = with_figures(assessment, "b")
    for number, address in enumerate(("", "?show=all"), 1):
        sent = sent_by(client.get(url("cash-flow-figures", assessment) + address))
        client.post(url("cash-flow-figures", assessment), {**{name: text[0] for name, text in sent.items()}})
        assert CashFlow.objects.get().version == kept.version + number

    assert read(from_stored(CashFlow.objects.get().inputs)) == read(example("b")["cashflow"])


@pytest.mark.parametrize("name", ["assessment", "assessment-result"])
def test_panel_on_other_pages(name: str, client: Client, assessment: Assessment) -> None:
    assert "Work it out" in text_of(client.get(url(name, assessment)))
    with_figures(assessment)

    page = text_of(client.get(url(name, assessment)))

    assert "£423,000" in page
    assert url("cash-flow", assessment) in page


def test_questions_lead_to_it_without_reading_it(
    client: Client, assessment: Assessment, django_assert_num_queries: Any
) -> None:
    with_figures(assessment)
    barrier = assessment.catalogue.barrier("working-capital")
    address = reverse("question-page", args=[assessment.pk, "working-capital", barrier.pages[0].id])

    with django_assert_num_queries(4) as queries:
        page = text_of(client.get(address))

    assert url("cash-flow", assessment) in page
    assert not [query for query in queries if "cashflow" in query["sql"]]


def test_months_as_csv_to_the_penny(client: Client, assessment: Assessment) -> None:
    with_figures(assessment, "a")

    lines = client.get(url("cash-flow-months", assessment)).content.decode().splitlines()

    assert lines[0].startswith("month,name,receipts,net_pay")
    assert len(lines) == 14
    assert "154062.50" in lines[9]


# Bad input --------------------------------------------------------------------------------------------------


def test_errors_keep_what_was_typed(client: Client, assessment: Assessment) -> None:
    data = figures(gross_pay="lots", headcount="", cost__1__name="<b>Supplies & Co</b>")

    response = client.post(url("cash-flow-figures", assessment), data)

    page = text_of(response)
    assert response.status_code == 200
    assert "<title>Error: " in page
    assert "You have “lots”" in page
    assert 'href="#id_headcount"' in page
    sent = sent_by(response)
    assert {name: sent[name][0] for name in sent if name in data} == {
        name: text for name, text in data.items() if name in sent
    }
    assert {"gross_pay", "headcount", "cost-1-name", "loan-rate", "ni_rate"} <= sent.keys()
    assert b"<b>Supplies" not in response.content
    assert not CashFlow.objects.exists()


def test_an_error_out_of_sight_is_shown(client: Client, assessment: Assessment) -> None:
    page = text_of(client.post(url("cash-flow-figures", assessment), figures(ni_rate="99")))

    assert "Employer National Insurance rate must be a percentage from 0 to 30" in page
    assert 'href="#id_ni_rate"' in page
    assert "All inputs of the calculator." in page


@pytest.mark.parametrize("do", ["add-cost", "remove-cost-2", "full", "simple", "add-nothing", "\x00"])
def test_buttons_keep_everything_typed(do: str, client: Client, assessment: Assessment) -> None:
    data = figures(do=do, gross_pay="not yet", income__1__name="Typed just now")

    response = client.post(url("cash-flow-figures", assessment), data)

    sent = sent_by(response)
    assert response.status_code == 200
    assert (sent["gross_pay"], sent["income-1-name"]) == (["not yet"], ["Typed just now"])
    assert "Error" not in text_of(response).split("</title>")[0]
    assert len(sent["cost-rows"]) == 1
    assert int(sent["cost-rows"][0]) == 4 + (do == "add-cost") - (do == "remove-cost-2")


HOSTILE = ["💥", "\x00", "-1", "9" * 400, "1e400", "NaN", "Infinity", "<script>", "\u202e", "٣"]


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
@pytest.mark.parametrize("do", ["save", "table", "full"])
def test_never_a_server_error(value: str, do: str, client: Client, assessment: Assessment) -> None:
    data = dict.fromkeys(figures(), value) | {"income-rows": "2", "cost-rows": "2", "do": do}

    response = client.post(url("cash-flow-figures", assessment), data)

    assert response.status_code == 200
    assert not CashFlow.objects.exists()


# Two people -------------------------------------------------------------------------------------------------


def test_conflict_shows_both_and_saves_on_a_second_go(client: Client, assessment: Assessment, alice: User) -> None:
    with_figures(assessment, "b")

    response = client.post(url("cash-flow-figures", assessment), figures())

    page = text_of(response)
    assert response.status_code == 409
    assert "Alice Archer saved other figures" in page
    assert "Employees who earn more than the National Insurance threshold" in page
    sent = {name: text[0] for name, text in sent_by(response).items()}
    assert (sent["headcount"], sent["version"]) == ("48", "1")
    assert client.post(url("cash-flow-figures", assessment), sent).status_code == 302
    assert read(from_stored(CashFlow.objects.get().inputs)) == read(TABLE)


def test_conflict_with_a_deletion(client: Client, assessment: Assessment) -> None:
    response = client.post(url("cash-flow-figures", assessment), figures(version="3"))

    assert response.status_code == 409
    assert "Somebody deleted the figures" in text_of(response)
    assert sent_by(response)["version"] == ["0"]


# A table from a spreadsheet ---------------------------------------------------------------------------------

YEAR = ",".join(f"Month {month}" for month in range(1, 13))
UPLOAD = f"Line,VAT %,{YEAR}\nGross pay,,{','.join(['120000'] * 11)},130000\nSupplies,20,{','.join(['30000'] * 12)}\n"


def uploaded(text: str | bytes, name: str = "pay.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())}


def test_upload_is_shown_before_it_replaces_anything(client: Client, assessment: Assessment) -> None:
    kept = with_figures(assessment)

    response = client.post(url("cash-flow-table", assessment), uploaded(UPLOAD))

    page = text_of(response)
    assert "Nothing is replaced yet" in page
    assert "£130,000" in page
    assert CashFlow.objects.get().version == kept.version


@pytest.mark.parametrize(("others", "names"), [
    ("keep", ["Costs without VAT", "Support services", "Insurance", "Supplies"]),
    ("replace", ["Supplies"]),
])  # fmt: skip
def test_upload_goes_into_the_figures(others: str, names: list[str], client: Client, assessment: Assessment) -> None:
    with_figures(assessment)
    preview = sent_by(client.post(url("cash-flow-table", assessment), uploaded(UPLOAD)))
    choice = {"do": "use", "others": others, "text": preview["text"][0], "typed": preview["typed"][0]}

    page = client.post(url("cash-flow-table", assessment), choice)

    assert "not saved yet" in text_of(page)
    assert f'action="{url("cash-flow-figures", assessment)}"' in text_of(page)
    sent = {name: text[0] for name, text in sent_by(page).items()}
    assert client.post(url("cash-flow-figures", assessment), sent).status_code == 302
    inputs = read(from_stored(CashFlow.objects.get().inputs))
    assert [str(pay) for pay in inputs.pay_by_month[10:]] == ["120000", "130000"]
    assert [cost.name for cost in inputs.cost] == names
    assert inputs.income == read(TABLE).income


def test_table_with_more_rows_than_a_page_takes_is_refused_whole(client: Client, assessment: Assessment) -> None:
    with_figures(assessment)
    rows = [f"Supply {number},20,{','.join(['100'] * 12)}" for number in range(60)]
    preview = sent_by(client.post(url("cash-flow-table", assessment), uploaded("\n".join([UPLOAD.strip(), *rows]))))
    choice = {"do": "use", "others": "keep", "text": preview["text"][0], "typed": preview["typed"][0]}

    page = client.post(url("cash-flow-table", assessment), choice)

    assert "there would be 64 rows of running costs, and a page takes 60" in text_of(page)
    assert "Supply 59" in sent_by(page)["text"][0]
    assert len(read(from_stored(CashFlow.objects.get().inputs)).cost) == 4


def test_typed_figures_go_along_to_the_table_and_back(client: Client, assessment: Assessment) -> None:
    data = figures(do="table", income__1__monthly="typed just now")
    upload_page = sent_by(client.post(url("cash-flow-figures", assessment), data))
    assert json.loads(upload_page["typed"][0])["income-1-monthly"] == "typed just now"

    checked = client.post(
        url("cash-flow-table", assessment), {"text": UPLOAD.replace(",", "\t"), "typed": upload_page["typed"][0]}
    )
    preview = {name: text[0] for name, text in sent_by(checked).items()}
    page = sent_by(client.post(url("cash-flow-table", assessment), preview | {"do": "use"}))

    assert page["income-1-monthly"] == ["typed just now"]


def posted(client: Client, name: str, assessment: Assessment, data: dict[str, str]) -> dict[str, str]:
    """What the page that comes back would send, untouched."""
    return {key: text[0] for key, text in sent_by(client.post(url(name, assessment), data)).items()}


@pytest.mark.parametrize("step", ["upload", "preview"])
@pytest.mark.parametrize("mode", ["simple", "full"])
def test_typed_figures_come_back_without_a_table(step: str, mode: str, client: Client, assessment: Assessment) -> None:
    """Who turns round on the way to a table has the page of figures as it was left."""
    data = figures(do="table", mode=mode, gross_pay="typed just now")
    on_the_way = posted(client, "cash-flow-figures", assessment, data)
    checked = posted(client, "cash-flow-table", assessment, on_the_way | {"text": UPLOAD, "do": "check"})
    again = posted(client, "cash-flow-table", assessment, checked | {"do": "other"})
    upload = {"upload": on_the_way, "preview": again}[step]

    page = posted(client, "cash-flow-table", assessment, upload | {"do": "back"})

    assert (page["gross_pay"], page["mode"], page["version"]) == ("typed just now", mode, "0")


def test_table_put_in_overrules_nobody_who_saved_meanwhile(client: Client, assessment: Assessment) -> None:
    on_the_way = posted(client, "cash-flow-figures", assessment, figures(do="table"))
    with_figures(assessment, "b")
    checked = posted(client, "cash-flow-table", assessment, on_the_way | {"text": UPLOAD})
    page = posted(client, "cash-flow-table", assessment, checked | {"do": "use"})

    response = client.post(url("cash-flow-figures", assessment), page)

    assert (response.status_code, CashFlow.objects.get().version) == (409, 1)
    assert read(from_stored(CashFlow.objects.get().inputs)) == read(example("b")["cashflow"])


def test_preview_says_what_vat_and_days_a_line_will_have(client: Client, assessment: Assessment) -> None:
    """Of the cost that it replaces; of a new one, those of any cost."""
    with_figures(assessment)
    text = f"Line,{YEAR}\nSupplies,{','.join(['5'] * 12)}\nWindow cleaning,{','.join(['6'] * 12)}"

    page = text_of(client.post(url("cash-flow-table", assessment), {"text": text}))

    assert re.search(r"Supplies</th><td[^>]*>20%, as now</td><td[^>]*>30, as now</td>", page)
    assert re.search(r"Window cleaning</th><td[^>]*>none</td><td[^>]*>30</td>", page)


def test_figures_with_more_rows_than_a_page_adds_are_kept(client: Client, assessment: Assessment) -> None:
    table = {**TABLE, "cost": [{"name": f"Cost {number}", "monthly": 100 + number} for number in range(300)]}
    save_cash_flow(assessment=assessment, by=assessment.lead, version=0, table=table)
    sent = {name: text[0] for name, text in sent_by(client.get(url("cash-flow-figures", assessment))).items()}

    assert client.post(url("cash-flow-figures", assessment), sent).status_code == 302

    kept = CashFlow.objects.get()
    assert (kept.version, read(from_stored(kept.inputs))) == (2, read(table))


def test_bad_cells_are_named(client: Client, assessment: Assessment) -> None:
    response = client.post(url("cash-flow-table", assessment), {"text": UPLOAD.replace("130000", "n/a")})

    page = text_of(response)
    assert response.status_code == 200
    assert "Row 2 (Gross pay), column Month 12: found 'n/a'; write an amount" in page
    assert sent_by(response)["text"][0].strip() == UPLOAD.replace("130000", "n/a").strip()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose a file, or paste a table below"),
        ({"text": 'Line,Month 1\n"Rent,5\nHeat,6'}, "Line 2: a quotation mark is opened and not closed"),
        (uploaded(b""), "The file is empty"),
        (uploaded(UPLOAD) | {"text": UPLOAD}, "Choose a file or paste a table, not both"),
        (uploaded(b"%PDF-1.7", "pay.csv"), "This is a PDF"),
        (uploaded(b"x" * 3_000_000), "larger than 2 MB"),
        ({"text": "x" * 200_001}, "Use 200000 characters or fewer"),
        ({"text": "Line"}, "No row names the months"),
    ],
)
def test_upload_refused(data: dict[str, Any], message: str, client: Client, assessment: Assessment) -> None:
    response = client.post(url("cash-flow-table", assessment), data)

    assert response.status_code == 200
    assert message in text_of(response)


@pytest.mark.parametrize(
    "typed", ["{", "[]", "7", '{"cost-rows": "9999999"}', "[" * 5000, '{"headcount": 7}', '{"headcount": "\\ud800"}']
)
def test_hostile_page_carried_along(typed: str, client: Client, assessment: Assessment) -> None:
    response = client.post(url("cash-flow-table", assessment), {"text": UPLOAD, "typed": typed, "do": "use"})

    assert response.status_code == 200


def test_template_can_be_filled_in_and_uploaded(client: Client, assessment: Assessment) -> None:
    save(assessment, assessment.lead, {"go-live-date": fact("2027-04-15")})
    response = client.get(url("cash-flow-template", assessment))
    empty = response.content.decode("utf-8-sig")
    assert response["Content-Disposition"].startswith("attachment")
    assert empty.startswith("Line,VAT %,Days to pay,April 2027,May 2027")

    filled = empty.replace("Gross pay,,,,,,,,,,,,,,", "Gross pay,,," + ",".join(["5"] * 12)).replace(",,,,", ",7,7,7,")
    checked = client.post(url("cash-flow-table", assessment), uploaded(filled.encode("utf-8-sig")))

    assert "Nothing is replaced yet" in text_of(checked)


# Deleting ---------------------------------------------------------------------------------------------------


def test_delete_asks_first(client: Client, assessment: Assessment) -> None:
    with_figures(assessment)

    page = client.get(url("cash-flow-delete", assessment))
    assert CashFlow.objects.exists()
    done = client.post(url("cash-flow-delete", assessment), {"version": sent_by(page)["version"][0]}, follow=True)

    assert "are deleted" in text_of(done)
    assert not CashFlow.objects.exists()


def test_delete_of_other_figures_than_were_shown(client: Client, assessment: Assessment) -> None:
    with_figures(assessment)

    response = client.post(url("cash-flow-delete", assessment), {"version": "7"})

    assert response.status_code == 409
    assert "Somebody saved other figures" in text_of(response)
    assert CashFlow.objects.exists()


def test_stranger_cannot_change_figures(
    assessment: Assessment, charlie: User, signed_in: Callable[[User], Client]
) -> None:
    with_figures(assessment)
    stranger = signed_in(charlie)

    for name, data in (
        ("cash-flow-figures", figures(version="1", headcount="9")),
        ("cash-flow-table", uploaded(UPLOAD)),
        ("cash-flow-delete", {"version": "1"}),
    ):
        assert stranger.post(url(name, assessment), data).status_code == 404
    assert CashFlow.objects.get().version == 1
