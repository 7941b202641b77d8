"""The frozen copy of what a report depends on, and its key."""

import datetime as dt
import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from assessments.catalogue.schema import EvidenceGrade, Stage
from assessments.models import Assessment, PlanItem, User
from assessments.planning.progress import Agreed, Progress
from assessments.reports import files
from assessments.reports import inputs as module
from assessments.reports.inputs import Given, given_of, inputs_of, report_key, to_inputs
from assessments.scoring.answers import Answer, AnswerState, GateAnswer, GateState, Service
from assessments.scoring.answers_file import parse
from assessments.selectors.workbook import workbook
from assessments.services.cash_flow import save_cash_flow
from tests.cashflow.examples import example
from tests.factories import answer_everything, make_assessment, make_user
from tests.reports.samples import SAMPLES, mixed, with_money

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("name", SAMPLES)
def test_inputs_come_back_as_they_were_through_json(name: str) -> None:
    sample = SAMPLES[name]()

    back = given_of(json.loads(json.dumps(to_inputs(sample))))

    assert back.catalogue.digest == sample.catalogue.digest
    assert (back.answers, back.service) == (sample.answers, sample.service)
    assert (back.cashflow, dict(back.agreed)) == (sample.cashflow, dict(sample.agreed))


def test_inputs_kept_before_there_was_a_cash_flow_or_a_plan_still_open() -> None:
    kept = to_inputs(mixed(Stage.PLAN))

    assert set(kept) == {"catalogue", "stage", "as_of", "service", "profile", "answers", "gates"}
    assert given_of(kept).cashflow is None
    assert not given_of(kept).agreed


def test_inputs_are_an_answers_file() -> None:
    """But for amounts, which stand as text, as they are stored."""
    sample = mixed(Stage.PLAN)
    profile = {fact: value for fact, value in sample.answers.profile.items() if not isinstance(value, Decimal)}
    questions = {
        item: answer
        for item, answer in sample.answers.questions.items()
        if not isinstance(answer.value, Decimal) and sample.catalogue.question(item).kind != "money"
    }
    answers = replace(sample.answers, profile=profile, questions=questions)

    read = parse(json.dumps(to_inputs(replace(sample, answers=answers))).encode(), "answers.json")

    assert read.answers == answers
    assert read.service == sample.service


def test_inputs_do_not_depend_on_the_order_of_answers() -> None:
    sample = mixed(Stage.PLAN)
    turned = replace(
        sample.answers,
        questions=dict(reversed([*sample.answers.questions.items()])),
        gates=dict(reversed([*sample.answers.gates.items()])),
        profile=dict(reversed([*sample.answers.profile.items()])),
    )

    assert json.dumps(to_inputs(replace(sample, answers=turned))) == json.dumps(to_inputs(sample))


@pytest.mark.django_db
def test_inputs_of_a_workbook_hold_every_stored_answer() -> None:
    owner: User = make_user("alice@example.org")
    assessment: Assessment = make_assessment(owner)
    count = answer_everything(assessment)

    found = inputs_of(workbook(assessment))

    assert len(found["profile"]) + len(found["answers"]) + len(found["gates"]) == count
    assert found["service"] == {"name": assessment.service_name, "organisation": assessment.organisation_name}


@pytest.mark.django_db
def test_inputs_of_a_workbook_hold_the_cash_flow_and_the_plan() -> None:
    owner: User = make_user("alice@example.org")
    assessment: Assessment = make_assessment(owner)
    table = example("a")["cashflow"]
    save_cash_flow(assessment=assessment, by=owner, version=0, table=table)
    PlanItem.objects.create(
        assessment=assessment, action="an-action", owner="Jo", due_on=dt.date(2027, 1, 5), changed_by=owner
    )

    # As a view reads it: this one has been looked at before there were figures.
    assessment = Assessment.objects.get(pk=assessment.pk)
    found = given_of(json.loads(json.dumps(inputs_of(workbook(assessment)))))

    assert found.cashflow == table
    assert found.agreed == {"an-action": Agreed(owner="Jo", due_on=dt.date(2027, 1, 5))}


LEVEL = Answer(AnswerState.ANSWERED, level=2)
QUESTION, GATE = "pensions.workforce-list", "pensions.protection-in-contract"


@pytest.mark.parametrize(
    "change",
    [
        {"stage": Stage.GO_LIVE},
        {"as_of": dt.date(2026, 11, 22)},
        {"profile": {}},
        {"questions": {QUESTION: replace(LEVEL, level=3)}},
        {"questions": {QUESTION: replace(LEVEL, evidence=EvidenceGrade.E2)}},
        {"questions": {QUESTION: replace(LEVEL, evidence_date=dt.date(2026, 1, 1))}},
        {"questions": {QUESTION: replace(LEVEL, note="Seen")}},
        {"questions": {QUESTION: Answer(AnswerState.DONT_KNOW, who_knows="HR")}},
        {"questions": {QUESTION: Answer(AnswerState.DONT_KNOW, know_by=dt.date(2027, 1, 1))}},
        {"questions": {QUESTION: Answer(AnswerState.NOT_APPLICABLE, reason="None")}},
        {"questions": {}},
        {"gates": {GATE: GateAnswer(GateState.MET)}},
        {"gates": {GATE: GateAnswer(GateState.NOT_KNOWN)}},
    ],
)
def test_key_changes_with_any_answer(change: dict[str, Any]) -> None:
    sample = mixed(Stage.PLAN)
    before = replace(sample.answers, questions={QUESTION: LEVEL}, gates={GATE: GateAnswer(GateState.NOT_MET)})
    after = replace(before, **change)

    assert key(replace(sample, answers=before)) != key(replace(sample, answers=after))


@pytest.mark.parametrize("service", [Service("Other", "Council"), Service("Service", "Other")])
def test_key_changes_with_the_names(service: Service) -> None:
    sample = replace(mixed(Stage.PLAN), service=Service("Service", "Council"))

    assert key(sample) != key(replace(sample, service=service))


def test_key_changes_with_the_cash_flow() -> None:
    without = mixed(Stage.PLAN)
    figures = with_money(without)
    assert figures.cashflow is not None
    other = replace(figures, cashflow={**figures.cashflow, "headcount": 49})

    assert len({key(without), key(figures), key(other)}) == 3


@pytest.mark.parametrize(
    "agreed",
    [
        Agreed(Progress.DOING),
        Agreed(owner="Jo"),
        Agreed(due_on=dt.date(2027, 1, 5)),
        Agreed(starts_on=dt.date(2027, 1, 5)),
        Agreed(Progress.WILL_NOT_DO, reason="No"),
    ],
)
def test_key_changes_with_the_plan(agreed: Agreed) -> None:
    sample = mixed(Stage.PLAN)

    assert key(sample) != key(replace(sample, agreed={"an-action": agreed}))


@pytest.mark.parametrize("engine", module.ENGINES)
def test_key_changes_with_the_engines(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    before = key(mixed(Stage.PLAN))
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "0.0" if name == engine else real(name))
    module._makers.cache_clear()

    after = key(mixed(Stage.PLAN))

    module._makers.cache_clear()
    assert before != after


def test_key_covers_templates_style_and_fonts() -> None:
    names = {file.name for file in files.makers()}

    assert {"readiness.html", "_summary.html", "readiness.css", "context.py"} <= names
    assert {"balance.svg.html", "story.py", "sensitivity.py", "schedule.py", "cash_flow_asks.py", "report.py"} <= names
    assert sum(name.endswith(".woff2") for name in names) == 4


def key(sample: Given) -> str:
    return report_key(to_inputs(sample))


def test_web_processes_do_not_import_the_pdf_engine() -> None:
    code = "import sys, django; django.setup(); import spinout.urls, spinout.wsgi; print('weasyprint' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "spinout.settings", "SPINOUT_ENV": "test"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert run.stdout.strip() == "False"
