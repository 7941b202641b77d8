"""Fictional clients for `manage.py demo`: who they are here, what they answered in the answers files beside it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.db import transaction

from assessments.catalogue.loader import editions
from assessments.catalogue.schema import EvidenceGrade, FactValue
from assessments.models import Assessment, Report, State, User
from assessments.models.answer import Content, fact_to_json
from assessments.reports.inputs import report_key
from assessments.scoring.answers import Answer, Answers, GateAnswer
from assessments.scoring.answers_file import AnswersFile, parse
from assessments.selectors.standing import report_inputs
from assessments.services import reports
from assessments.services.assessments import Draft, save_answers, start, today
from assessments.services.cash_flow import save_cash_flow
from assessments.services.organisations import found

Given = TypeVar("Given", Answer, GateAnswer)

PASSWORD = "spinout-demo-2026"  # noqa: S105  # printed for everybody to see; it opens fictional clients only


@dataclass(frozen=True)
class Client:
    email: str
    name: str
    file: str

    def answers(self) -> AnswersFile:
        path = Path(__file__).parent / self.file
        return parse(path.read_bytes(), str(path))


CLIENTS = (
    Client("libraries@example.org", "Priya Nair", "libraries.toml"),
    Client("nursing@example.org", "Tom Okafor", "community-nursing.toml"),
    Client("hubs@example.org", "Sam Rivers", "family-hubs.toml"),
)
# What the firm of advisers has done with whose assessment (demo/team.py).
LEADS = {"in review": "libraries@example.org", "signed off": "nursing@example.org", "ended": "hubs@example.org"}
# Whose report is made ready: the one that is nearly there.
WITH_REPORT = CLIENTS[-1]


@transaction.atomic
def make(client: Client) -> bool:
    """What is missing of this client: the person, the assessment, or nothing. True if anything was made.

    What people have changed since stays: an assessment is made only for somebody who has none.
    """
    user = User.objects.filter(email=client.email).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(client.email, PASSWORD, name=client.name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if Assessment.objects.filter(lead=user).exists():
        return is_new
    file = client.answers()
    assessment = start(
        by=user,
        organisation=found(by=user, name=file.service.organisation),
        service_name=file.service.name,
        stage=file.answers.stage,
        edition=editions()[-1],
    )
    for drafts in _sittings(file):
        save_answers(assessment=assessment, by=user, drafts=drafts)
    if file.cashflow is not None:
        save_cash_flow(assessment=assessment, by=user, version=0, table=file.cashflow)
    return True


def ask_for_report() -> Report | None:
    """A report that the worker has to make; None if one is kept already, or its client is gone."""
    assessment = Assessment.objects.filter(lead__email=WITH_REPORT.email).order_by("started_at").first()
    if assessment is None:
        return None
    for report in assessment.reports.all():
        if report.status == Report.Status.READY and report.pdf.name and report.pdf.storage.exists(report.pdf.name):
            return None
        # Lost, or never made: its job is queued anew below.
        if report.status != Report.Status.QUEUED:
            reports.give_up(report=report)
    inputs = report_inputs(assessment)
    return reports.ask(assessment=assessment, by=assessment.lead, key=report_key(inputs), inputs=inputs)


def _sittings(file: AnswersFile) -> Iterator[list[Draft]]:
    """The answers as somebody would give them: first the facts, then one questionnaire after the other."""
    contents = dict(_contents(_as_of_today(file.answers)))
    for part in file.catalogue.parts:
        yield [Draft(item.id, 0, contents[item.id]) for item in part.items if item.id in contents]


def _as_of_today(answers: Answers) -> Answers:
    """The same with every date as far from today as it is from the day of the file."""
    days = today() - answers.as_of
    return Answers(
        stage=answers.stage,
        as_of=today(),
        profile={fact: _moved(value, days) for fact, value in answers.profile.items()},
        questions={item: _given_later(answer, days) for item, answer in answers.questions.items()},
        gates={item: _given_later(answer, days) for item, answer in answers.gates.items()},
    )


def _moved(value: FactValue, days: dt.timedelta) -> FactValue:
    return value + days if isinstance(value, dt.date) else value


def _given_later(answer: Given, days: dt.timedelta) -> Given:
    return replace(
        answer,
        evidence_date=answer.evidence_date and answer.evidence_date + days,
        know_by=answer.know_by and answer.know_by + days,
    )


def _contents(answers: Answers) -> Iterable[tuple[str, Content]]:
    """What the rows hold, from what a file says: the way back from `plain_answers`."""
    for fact, value in answers.profile.items():
        yield fact, Content(State.ANSWERED.value, value=fact_to_json(value))
    for item, answer in answers.questions.items():
        raw = None if answer.value is None else fact_to_json(answer.value)
        yield item, replace(_content(answer), level=answer.level, value=raw)
    for item, gate in answers.gates.items():
        yield item, _content(gate)


def _content(answer: Answer | GateAnswer) -> Content:
    is_claim = answer.state.value in (State.ANSWERED, State.MET)
    has_grade = is_claim and not (isinstance(answer, Answer) and answer.level is None)
    return Content(
        answer.state.value,
        evidence=EvidenceGrade(answer.evidence).value if has_grade else "",
        evidence_date=answer.evidence_date,
        note=answer.note,
        reason=answer.reason,
        who_knows=answer.who_knows,
        know_by=answer.know_by,
    )
