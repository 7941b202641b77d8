"""How often the pages that people spend their day on ask the database, in every state that an assessment can be in."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Access, Answer, Assessment, PlanItem, User
from assessments.models.plan import Agreement
from assessments.selectors.plan import called_for
from assessments.selectors.ratings import Said as Level
from assessments.services import evidence, reviews
from assessments.services.cash_flow import save_cash_flow
from assessments.services.comments import open_thread, resolve
from assessments.services.evidence import Said
from assessments.services.opinions import ask_opinion, give
from assessments.services.plan import agree
from assessments.services.submissions import submit
from tests.cashflow.examples import example
from tests.factories import (
    answer_everything,
    level,
    make_answer,
    make_assessment,
    make_engagement,
    make_firm,
    make_member,
    make_participation,
    make_user,
)
from tests.views.browser import sent_by
from tests.views.test_pages import at_most

PAGE, SAVE, PORTFOLIO = 6, 7, 6
"""The goals. No state below, and no size, is an excuse for one more."""

COST, STRESS, JOINERS = "pensions.cost-in-model", "pensions.stress-test", "pensions.new-joiners"
SignedIn = Callable[[User], Client]


@dataclass
class World:
    """An assessment, and who is asked about it in the test: its lead, if a state names nobody else."""

    assessment: Assessment
    person: User
    ada: User
    bob: User
    sent: dict[str, list[str]] = field(default_factory=dict)

    @property
    def page(self) -> str:
        return reverse("question-page", args=[self.assessment.pk, "pensions", "model"])


@pytest.fixture
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world(alice: User, bob: User, files: None) -> World:
    assessment = make_assessment(alice)
    make_member(assessment.service.organisation, bob)
    return World(assessment, alice, make_user("ada@example.org", "Ada Adviser"), bob)


# States --------------------------------------------------------------------------------------------------------


def nothing(world: World) -> None:
    """A new assessment."""


def everything_answered(world: World) -> None:
    answer_everything(world.assessment)


def comments(world: World) -> None:
    for item in (COST, STRESS, "sector"):
        open_thread(assessment=world.assessment, by=world.person, item=item, audience="client", text="Is it so?")
        both = open_thread(assessment=world.assessment, by=world.person, item=item, audience="both", text="Is it?")
        resolve(thread=both, by=world.person)


def pieces_of_evidence(world: World) -> None:
    for item in (COST, STRESS, JOINERS):
        said = Said("Minutes", "E2", dt.date(2026, 5, 12))
        evidence.add(assessment=world.assessment, by=world.person, item=item, said=said, link="https://example.org/1")
        evidence.add(assessment=world.assessment, by=world.person, item=item, said=said, link="https://example.org/2")


def second_opinions(world: World) -> None:
    make_answer(world.assessment, COST, level(2))
    barrier = world.assessment.catalogue.barrier("pensions")
    asked = ask_opinion(
        assessment=world.assessment, by=world.person, user=world.bob, barrier=barrier, capacity="Finance"
    )
    give(opinion=asked, by=world.bob, version=0, contents={COST: level(4, note="Mine")})


def cash_figures(world: World) -> None:
    save_cash_flow(assessment=world.assessment, by=world.person, version=0, table=example("a")["cashflow"])


def plan_agreed(world: World) -> None:
    for action in called_for(Assessment.objects.get(pk=world.assessment.pk))[:5]:
        agree(
            assessment=world.assessment, by=world.person, action=action.id, version=0, agreement=Agreement(owner="Pat")
        )


def signed_off(world: World) -> None:
    """By an adviser, who disagreed about one question: the next save ends that."""
    make_answer(world.assessment, COST, level(2))
    firm = make_firm(world.ada)
    make_engagement(world.assessment, firm)
    kept = submit(assessment=Assessment.objects.get(pk=world.assessment.pk), firm=firm, by=world.person, note="")
    review = reviews.claim(submission=kept, by=world.ada)
    type(review).objects.filter(pk=review.pk).update(items=[COST])
    reviews.rate(submission=kept, by=world.ada, item=COST, version=0, said=Level("answered", 1), reason="As it says.")
    reviews.settle(submission=kept, by=world.ada, item=COST, version=1, agreed=None, reason="We talked.")
    reviews.sign_off(submission=kept, by=world.ada)
    assert Assessment.objects.get(pk=world.assessment.pk).is_reviewed


def contributor(world: World) -> None:
    make_participation(world.assessment, world.bob, "contributor", ["pensions"])
    world.person = world.bob


def of_several_seats(world: World) -> None:
    """The lead, also an administrator and an adviser of a firm that is let in."""
    make_member(world.assessment.service.organisation, world.ada, "administrator")
    make_engagement(world.assessment, make_firm(world.ada))
    Assessment.objects.filter(pk=world.assessment.pk).update(lead=world.ada)
    world.person = world.ada


State = Callable[[World], None]
STATES: Mapping[str, tuple[State, ...]] = {
    "new": (nothing,),
    "all answered": (everything_answered,),
    "comments": (comments,),
    "evidence": (pieces_of_evidence,),
    "second opinions": (second_opinions,),
    "cash figures": (cash_figures,),
    "plan agreed": (plan_agreed,),
    "reviewed": (signed_off,),
    "contributor": (contributor,),
    "several seats": (of_several_seats,),
    "all of it": (
        comments,
        pieces_of_evidence,
        cash_figures,
        second_opinions,
        plan_agreed,
        signed_off,
        contributor,
    ),
}


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, world: World) -> World:
    for make in STATES[request.param]:
        make(world)
    return world


# Pages of questions --------------------------------------------------------------------------------------------


def test_question_page(state: World, signed_in: SignedIn) -> None:
    client = signed_in(state.person)

    with at_most(PAGE):
        response = client.get(state.page)

    assert response.status_code == 200


def test_page_with_errors(state: World, signed_in: SignedIn) -> None:
    client = signed_in(state.person)
    sent = sent_by(client.get(state.page)) | {"cost-in-model-evidence_date-day": ["99"]}

    with at_most(PAGE):
        response = client.post(state.page, sent)

    assert "Error:" in response.content.decode()


@pytest.mark.parametrize(
    "slug",
    [
        "profile",
        "pensions",
        "staff-and-unions",
        "board-approval",
        "working-capital",
        "tendering",
        "leadership-and-skills",
        "governance-and-legal-form",
        "partnership",
        "market-and-business-model",
        "outcomes-and-service-users",
    ],
)
def test_question_page_of_every_questionnaire(slug: str, world: World, signed_in: SignedIn) -> None:
    comments(world)
    pieces_of_evidence(world)
    client = signed_in(world.person)
    page = client.get(reverse("questionnaire", args=[world.assessment.pk, slug]))["Location"]

    with at_most(PAGE):
        response = client.get(page)

    assert response.status_code == 200


# Saves ---------------------------------------------------------------------------------------------------------

CHANGED = {"cost-in-model-state": ["0"], "stress-test-state": ["4"], "new-joiners-state": ["dont_know"]}


def test_save(state: World, signed_in: SignedIn) -> None:
    client = signed_in(state.person)
    sent = sent_by(client.get(state.page)) | CHANGED

    with at_most(SAVE):
        response = client.post(state.page, sent)

    assert response.status_code == 302
    assert Answer.objects.get(item=COST).level == 0
    assert not Assessment.objects.get(pk=state.assessment.pk).is_reviewed


def test_save_that_changes_nothing(state: World, signed_in: SignedIn) -> None:
    client = signed_in(state.person)
    sent = sent_by(client.get(state.page))

    with at_most(SAVE - 2):
        response = client.post(state.page, sent)

    assert response.status_code == 302


def test_save_that_moves_the_plan(world: World, signed_in: SignedIn) -> None:
    everything_answered(world)
    make_answer(world.assessment, COST, level(0))
    plan_agreed(world)
    cash_figures(world)
    client = signed_in(world.person)
    sent = sent_by(client.get(world.page)) | {"cost-in-model-state": ["4"], "cost-in-model-evidence": ["E3"]}

    with at_most(SAVE):
        client.post(world.page, sent)

    assert PlanItem.objects.filter(called_for=False).exists()


def test_save_beside_somebody_else(world: World, signed_in: SignedIn) -> None:
    """One answer is in conflict, and others of the same page are saved."""
    everything_answered(world)
    cash_figures(world)
    client = signed_in(world.person)
    sent = sent_by(client.get(world.page)) | CHANGED
    make_answer(world.assessment, COST, level(1, note="Theirs"), world.bob)

    with at_most(SAVE):
        response = client.post(world.page, sent)

    assert response.status_code == 409
    assert Answer.objects.get(item=STRESS).level == 4


# Clients of an adviser -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("clients", [0, 1, 60])
@pytest.mark.parametrize("firms", [1, 2])
def test_portfolio(clients: int, firms: int, alice: User, signed_in: SignedIn) -> None:
    ada = make_user("ada@example.org", "Ada Adviser")
    let_in = [make_firm(ada, f"Firm {number}") for number in range(firms)]
    for number in range(clients):
        one = make_assessment(alice, service_name=f"Service {number}")
        [make_engagement(one, firm) for firm in let_in]
    client = signed_in(ada)

    with at_most(PORTFOLIO):
        response = client.get(reverse("portfolio"))

    assert response.status_code == 200
    assert Access.objects.filter(user=ada).count() == clients * firms
