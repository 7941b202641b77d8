"""What the result page and the page of forms and routes say: their headings, sentences, links and states."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment, User
from assessments.models.answer import Content
from assessments.scoring.answers import Cap
from assessments.scoring.score import score
from assessments.scoring.serialise import result_to_dict
from assessments.selectors.workbook import workbook
from tests.factories import fact, level, make_assessment, save
from tests.views.browser import sent_by

FUNDING = "working-capital.low-point-funding"
COUNCIL = {"sector": fact("council"), "nation": fact("england"), "pension-schemes": fact(["lgps"])}


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def client(alice: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(alice)


def text_of(client: Client, name: str, assessment: Assessment) -> str:
    """The page's words as one line, without its tags."""
    page = client.get(reverse(name, args=[assessment.pk])).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


# The result ----------------------------------------------------------------------------------------------------


def test_way_up_is_told_with_its_goal(assessment: Assessment, client: Client) -> None:
    page = text_of(client, "assessment-result", assessment)

    assert "The shortest way up to Amber" in page
    assert "The fewest changes that reach Amber from Red" in page
    assert "All of them are not answered yet." in page
    assert "The shortest way up to Amber: " in page


def test_blank_assessment_leads_to_the_questionnaires(assessment: Assessment, client: Client) -> None:
    """Also with facts alone: they decide what is asked, and answer none of it."""
    said = "No question about the barriers is answered yet"
    save(assessment, assessment.lead, COUNCIL)
    blank = client.get(reverse("assessment-result", args=[assessment.pk])).content.decode()
    save(assessment, assessment.lead, {FUNDING: level(1)})

    assert said in blank
    assert f'href="{reverse("assessment", args=[assessment.pk])}">Go to the questionnaires</a>' in blank
    assert said not in text_of(client, "assessment-result", assessment)


def test_no_way_up_from_green(alice: User, client: Client, small_edition: Catalogue) -> None:
    small = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)
    proof: dict[str, Any] = {"evidence": "E3", "evidence_date": timezone.localdate()}
    facts = {"sector": fact("nhs"), "schemes": fact(["none"]), "pensions.joined": fact(False)}
    levels = dict.fromkeys([one.id for one in small_edition.barriers[0].levels], level(4, **proof))
    gates = dict.fromkeys([gate.id for gate in small_edition.barriers[0].gates], Content("met", **proof))
    save(small, alice, facts | levels | gates)

    page = text_of(client, "assessment-result", small)

    assert "Pensions: Green" in page
    assert "shortest way up to" not in page
    assert "forms and routes" not in page


def test_how_firm(assessment: Assessment, client: Client) -> None:
    page = text_of(client, "assessment-result", assessment)

    assert "Worst case. Red in all 1,000 random weightings, so the colour is stable." in page
    assert "1,000 random weightingsRed in 1,000Green in 1,000" in page
    assert "Low in all ten barriers." in page
    assert "Not tested by a second person." in page
    assert "Low confidence: 0% of the weight rests on approved documents or better" in page


def test_nothing_applies_so_no_weight_matters(alice: User, client: Client, small_edition: Catalogue) -> None:
    small = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)
    out = Content("not_applicable", reason="None of ours")
    facts = {"sector": fact("nhs"), "schemes": fact(["none"]), "pensions.joined": fact(False)}
    items = [item.id for item in small_edition.barriers[0].items if item.id not in facts]
    save(small, alice, facts | dict.fromkeys(items, out))

    page = text_of(client, "assessment-result", small)

    assert "Nothing that is asked applies, so no weight can change the result." in page


def test_contradiction(assessment: Assessment, client: Client) -> None:
    save(assessment, assessment.lead, {"go-live-date": fact("2020-01-01")})

    page = text_of(client, "assessment-result", assessment)

    assert "What does not fit together" in page
    assert "Go-live date has passed" in page
    assert "Set a new go-live date" in page
    assert "Lowers the confidence in: Board approval, Staff and unions, Pensions and Tendering." in page
    assert "One contradiction touches this barrier" in page


def test_no_contradiction(assessment: Assessment, client: Client) -> None:
    assert "What does not fit together" not in text_of(client, "assessment-result", assessment)


def test_cap(assessment: Assessment, client: Client) -> None:
    save(assessment, assessment.lead, {FUNDING: level(4, evidence="E3", evidence_date=timezone.localdate())})
    book = workbook(assessment)
    capped = replace(book.answers, caps={FUNDING: Cap(2, "the balance falls to -£112,000 within month 2")})
    Assessment.objects.update(result={**result_to_dict(score(book.catalogue, capped)), "first": []})

    page = text_of(client, "assessment-result", assessment)

    assert "Capped by the cash-flow figures, for Working capital:" in page
    assert "but counts as level 2, because the balance falls to -£112,000 within month 2." in page


def test_save_says_that_answers_do_not_fit(assessment: Assessment, client: Client) -> None:
    address = reverse("question-item", args=[assessment.pk, "go-live-date"])
    url = client.get(address)["Location"].partition("#")[0]
    sent = sent_by(client.get(url))
    date = {"go-live-date-value-day": "1", "go-live-date-value-month": "1", "go-live-date-value-year": "2020"}

    page = client.post(url, sent | date, follow=True).content.decode()

    assert "These answers do not fit together: Go-live date has passed." in page
    assert page.count("govuk-notification-banner--success") == 1


# Which forms and routes are open -------------------------------------------------------------------------------


def test_forms_and_routes_of_nobody_yet(assessment: Assessment, client: Client) -> None:
    page = text_of(client, "forms-and-routes", assessment)

    assert "Nothing is chosen yet, so little can be said. Answer these first: Legal form" in page
    assert page.count("Your choice") == 0


def test_cells_say_their_state_in_words(assessment: Assessment, client: Client) -> None:
    save(assessment, assessment.lead, COUNCIL | {"contract-route": fact("open-competition")})

    page = client.get(reverse("forms-and-routes", args=[assessment.pk])).content.decode()

    cells = re.findall(r'<td class="govuk-table__cell app-matrix__cell[^"]*" role="cell">.*?</td>', page)
    words = {word for cell in cells for word in re.findall(r"</svg>([^<]+)</span>", cell)}
    assert len(cells) == 12 * (7 + 5 + 4)
    assert words == {"Open", "Closed", "Not known yet"}


def test_each_note_leads_somewhere(assessment: Assessment, client: Client) -> None:
    save(assessment, assessment.lead, COUNCIL)

    page = client.get(reverse("forms-and-routes", args=[assessment.pk])).content.decode()

    ids = re.findall(r' id="([^"]+)"', page)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= {*ids, "main-content"}
    assert len(ids) == len(set(ids))


def test_choices_that_exclude_each_other(assessment: Assessment, client: Client) -> None:
    chosen = {"contract-route": fact("owned-company"), "control": fact("employees"), "legal-form": fact("cic-shares")}
    save(assessment, assessment.lead, COUNCIL | chosen)

    page = text_of(client, "forms-and-routes", assessment)

    assert "These choices do not go together." in page
    assert "An owned company is controlled by the parent." in page
    assert "What to do: Where control is shared with other authorities only" in page
    assert "Guidance: Treat an award to an owned company and control by employees as excluding each other." in page
    assert "Your choices" in page


def test_choices_not_known_to_go_together(assessment: Assessment, client: Client) -> None:
    save(assessment, assessment.lead, COUNCIL | {"legal-form": fact("cic-guarantee")})

    page = client.get(reverse("forms-and-routes", args=[assessment.pk])).content.decode()

    assert "whether these choices go together" in page
    assert f'href="/assessments/{assessment.pk}/item/contract-route/"' in page


def test_edition_without_a_table(alice: User, client: Client, small_edition: Catalogue) -> None:
    small = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)

    assert client.get(reverse("forms-and-routes", args=[small.pk])).status_code == 404
    assert b"forms-and-routes" not in client.get(reverse("assessment", args=[small.pk])).content


@pytest.mark.parametrize(
    ("slug", "is_linked"), [("governance-and-legal-form", True), ("tendering", True), ("pensions", False)]
)
def test_questionnaires_that_lead_there(assessment: Assessment, client: Client, slug: str, is_linked: bool) -> None:
    page = client.get(reverse("questionnaire", args=[assessment.pk, slug]), follow=True).content

    assert (b"/forms-and-routes/" in page) is is_linked


@pytest.mark.parametrize("name", ["assessment", "assessment-result"])
def test_pages_that_lead_there(assessment: Assessment, client: Client, name: str) -> None:
    assert b"/forms-and-routes/" in client.get(reverse(name, args=[assessment.pk])).content


def test_method_page_links_terms_that_exist(client: Client) -> None:
    page = client.get(reverse("method")).content.decode()
    glossary = client.get(reverse("glossary")).content.decode()

    terms = re.findall(r'href="/glossary/#([^"]+)"', page)
    assert len(terms) > 8
    assert all(f'id="{term}"' in glossary for term in terms)
