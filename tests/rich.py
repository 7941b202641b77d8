"""An organisation with a row of every kind, made as people make them: for what must take or leave all of it."""

import datetime as dt
import io
from dataclasses import dataclass

import pghistory
from django.core.files import File
from django.utils import timezone

from assessments.models import Assessment, Invitation, Organisation, Review, Settlement, Thread, User
from assessments.models.answer import Content
from assessments.models.plan import Agreement
from assessments.reports.inputs import inputs_of, report_key
from assessments.selectors.plan import called_for
from assessments.selectors.ratings import Said as Level
from assessments.selectors.workbook import workbook
from assessments.services import comments, evidence, opinions, reports, reviews, submissions
from assessments.services.asks import ask
from assessments.services.cash_flow import save_cash_flow
from assessments.services.engagements import end
from assessments.services.evidence import NewFile, Said
from assessments.services.invitations import hashed
from assessments.services.people import add
from assessments.services.plan import agree
from assessments.uploads import check
from tests.cashflow.examples import example
from tests.factories import (
    level,
    make_answer,
    make_assessment,
    make_engagement,
    make_firm,
    make_member,
    make_organisation,
    make_report,
    make_user,
    make_what_if,
    save,
)
from tests.uploads import good

QUESTION = "pensions.contribution-rate"
COST = "pensions.cost-in-model"
PDF = b"%PDF-1.7 the report of Zinnia Hubs"


@dataclass
class Rich:
    organisation: Organisation
    assessment: Assessment
    other: Assessment
    people: dict[str, User]
    firm: Organisation
    ended_firm: Organisation


def make_rich(name: str = "Zinnia Borough Council", mail: str = "zinnia.example") -> Rich:
    """Words of its own begin with "Zinnia", so that a search finds what is left of them."""
    people = {
        who: make_user(f"{who}@{mail}", f"{who.title()} Zinnia") for who in ("olive", "lena", "cora", "rory", "gone")
    }
    people["ada"], people["eve"] = (
        make_user(f"ada@advice.{mail}", "Ada Adler"),
        make_user(f"eve@advice.{mail}", "Eve Ash"),
    )
    organisation = make_organisation(name, administrator=people["olive"])
    for who in ("lena", "cora", "rory", "gone"):
        make_member(organisation, people[who])
    with pghistory.context(user=people["lena"].pk, url="/assessments/x/questions/pensions/"):
        assessment = make_assessment(people["lena"], organisation, service_name="Zinnia Hubs")
        other = make_assessment(people["lena"], organisation, service_name="Zinnia Parks")
    _answers(assessment, people)
    _together(assessment, people)
    firm, ended_firm = make_firm(people["ada"], f"Kestrel for {name}"), make_firm(people["eve"], f"Heron for {name}")
    _advisers(assessment, people, firm, ended_firm)
    _invitations(organisation, people["olive"], assessment)
    organisation.memberships.filter(user=people["gone"]).delete()
    _reports(assessment)
    return Rich(organisation, Assessment.objects.get(pk=assessment.pk), other, people, firm, ended_firm)


def _answers(assessment: Assessment, people: dict[str, User]) -> None:
    lena, gone = people["lena"], people["gone"]
    save(assessment, lena, {"sector": Content("answered", value="council")})
    make_answer(assessment, QUESTION, level(1, note="Zinnia note before"), gone)
    make_answer(assessment, QUESTION, level(2, note="Zinnia note", evidence="E1", evidence_date=dt.date(2026, 9, 1)))
    make_answer(assessment, "pensions.access-in-place", Content("not_known", who_knows="Zinnia treasurer"))
    save_cash_flow(assessment=assessment, by=lena, version=0, table=example("a")["cashflow"])
    action = called_for(Assessment.objects.get(pk=assessment.pk))[0].id
    agree(assessment=assessment, by=lena, action=action, version=0, agreement=Agreement("doing", owner="Zinnia owner"))
    make_what_if(assessment, name="If Zinnia agrees", answers={QUESTION: 4})
    content = io.BytesIO(good.pdf())
    file = NewFile(File(content, "zinnia minutes.pdf"), check(content, "zinnia minutes.pdf"))
    said = Said("Minutes of Zinnia", "E2", dt.date(2026, 5, 12))
    evidence.add(assessment=assessment, by=lena, item=COST, said=said, file=file)
    evidence.add(assessment=assessment, by=lena, item=COST, said=said, link="https://zinnia.example/minutes")


def _together(assessment: Assessment, people: dict[str, User]) -> None:
    lena, cora, rory = people["lena"], people["cora"], people["rory"]
    add(assessment=assessment, person=cora, role="contributor", questionnaires=["pensions"], by=lena)
    add(assessment=assessment, person=rory, role="reader", questionnaires=[], by=lena)
    barrier = assessment.catalogue.barrier("pensions")
    given = opinions.ask_opinion(assessment=assessment, by=lena, user=cora, barrier=barrier, capacity="Finance")
    opinions.give(opinion=given, by=cora, version=0, contents={QUESTION: level(4, note="Zinnia opinion")})
    draft = opinions.ask_opinion(assessment=assessment, by=lena, user=rory, barrier=barrier, capacity="HR")
    opinions.save_opinion(opinion=draft, by=rory, version=0, contents={QUESTION: level(0, note="Zinnia draft")})
    Settlement.objects.create(assessment=assessment, item=QUESTION, reason="Zinnia settled", changed_by=lena)
    thread = comments.open_thread(
        assessment=assessment, by=lena, item=QUESTION, audience=Thread.Audience.CLIENT, text="Zinnia comment"
    )
    comments.reply(thread=thread, by=cora, text="Zinnia reply")
    ask(user=rory, assessment=assessment, kind="fill_in", about="pensions", note="Zinnia ask", by=lena)


def _advisers(assessment: Assessment, people: dict[str, User], firm: Organisation, ended_firm: Organisation) -> None:
    lena, olive, ada = people["lena"], people["olive"], people["ada"]
    make_engagement(assessment, ended_firm)
    end(firm=ended_firm, assessments=[assessment], by=olive)
    make_engagement(assessment, firm)
    first = submissions.submit(
        assessment=Assessment.objects.get(pk=assessment.pk), firm=firm, by=lena, note="Zinnia first"
    )
    review = reviews.claim(submission=first, by=ada)
    # All of them would take a minute.
    Review.objects.filter(pk=review.pk).update(items=review.items[:4])
    for item in review.items[:4]:
        is_gate = item in {gate.id for barrier in assessment.catalogue.barriers for gate in barrier.gates}
        said = Level("met") if is_gate else Level("answered", 1)
        reviews.rate(submission=first, by=ada, item=item, version=0, said=said, reason="As Zinnia says.")
    reviews.return_for_changes(submission=first, by=ada, words="Zinnia, please look again.")
    submissions.submit(assessment=Assessment.objects.get(pk=assessment.pk), firm=firm, by=lena, note="Zinnia second")
    comments.open_thread(
        assessment=assessment, by=ada, item=QUESTION, audience=Thread.Audience.BOTH, text="Zinnia, is it signed?"
    )
    comments.open_thread(
        assessment=assessment,
        by=ada,
        item=QUESTION,
        audience=Thread.Audience.ADVISER,
        text="Zinnia is hiding something",
        firm=firm.pk,
    )


def _invitations(organisation: Organisation, by: User, assessment: Assessment) -> None:
    Invitation.objects.create(
        organisation=organisation,
        email="new@zinnia.example",
        secret=hashed(organisation.name),
        invited_by=by,
        expires_at=timezone.now() + dt.timedelta(days=14),
        assessment=assessment,
        part="reader",
    )


def _reports(assessment: Assessment) -> None:
    inputs = inputs_of(workbook(Assessment.objects.select_related("cash_flow").get(pk=assessment.pk)))
    reports.keep(report=make_report(assessment, key=report_key(inputs), inputs=inputs), pdf=PDF)
