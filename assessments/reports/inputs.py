"""The frozen copy of everything a report depends on, and the key under which its file is kept.

Web processes import this module. It never imports WeasyPrint, whose version is read from its package's metadata.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from typing import Any

from assessments.cashflow.stored import from_stored, to_stored
from assessments.catalogue.loader import edition
from assessments.catalogue.schema import Catalogue, EvidenceGrade, FactQuestion, FactValue, Stage
from assessments.models.answer import fact_from_json, fact_to_json
from assessments.models.plan import agreed_plan, stored_plan
from assessments.planning.progress import NOTHING_AGREED, Agreed, AgreedPlan, Progress
from assessments.reports import files
from assessments.scoring.agreed import agreed_from_dict, agreed_to_dict
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState, Service
from assessments.selectors.workbook import Workbook

Inputs = dict[str, Any]

# What may change the bytes beside the inputs: what sets the pages, and what writes the file.
ENGINES = ("weasyprint", "pydyf", "fonttools", "django")


@dataclass(frozen=True, slots=True)
class Given:
    """What a report is made from, as plain data. `cashflow` is the calculator's table, as [cashflow] in an answers
    file; `agreed` is what people agreed about the actions of the plan."""

    catalogue: Catalogue
    answers: Answers
    service: Service
    cashflow: Mapping[str, Any] | None = None
    agreed: AgreedPlan = field(default_factory=lambda: NOTHING_AGREED)


def inputs_of(workbook: Workbook) -> Inputs:
    """Everything that the report of this assessment depends on, ready for JSON: the shape of an answers file, and
    beside it `plan`."""
    assessment = workbook.assessment
    figures = getattr(assessment, "cash_flow", None)
    return to_inputs(
        Given(
            workbook.catalogue,
            workbook.answers,
            Service(assessment.service_name, assessment.organisation_name),
            cashflow=None if figures is None else from_stored(figures.inputs),
            agreed=agreed_plan(stored_plan(assessment)),
        )
    )


def to_inputs(given: Given) -> Inputs:
    """The same from plain data. The order of the answers makes no difference. A part that is not there has no key."""
    answers = given.answers
    return {
        "catalogue": given.catalogue.edition.edition,
        "stage": answers.stage.value,
        "as_of": answers.as_of.isoformat(),
        "service": {"name": given.service.name, "organisation": given.service.organisation},
        "profile": {fact: fact_to_json(answers.profile[fact]) for fact in sorted(answers.profile)},
        "answers": {item: _question(answers.questions[item]) for item in sorted(answers.questions)},
        "gates": {item: _gate(answers.gates[item]) for item in sorted(answers.gates)},
        **({"agreed": agreed_to_dict(answers.agreed)} if answers.agreed else {}),
        **({} if given.cashflow is None else {"cashflow": to_stored(given.cashflow)}),
        **(
            {"plan": {action: _agreed(given.agreed[action]) for action in sorted(given.agreed)}} if given.agreed else {}
        ),
    }


def given_of(inputs: Inputs) -> Given:
    """What `to_inputs` was given, from the edition that the inputs name. Those kept before there was a cash flow, a
    plan or a review have none."""
    catalogue = edition(inputs["catalogue"])
    profile = {fact.id: fact for fact in catalogue.profile.facts}
    answers = Answers(
        stage=Stage(inputs["stage"]),
        as_of=dt.date.fromisoformat(inputs["as_of"]),
        profile={fact: fact_from_json(profile[fact], raw) for fact, raw in inputs["profile"].items()},
        questions={item: _answer(catalogue, item, plain) for item, plain in inputs["answers"].items()},
        gates={item: _gate_answer(plain) for item, plain in inputs["gates"].items()},
        agreed=agreed_from_dict(catalogue, inputs.get("agreed", {})),
    )
    return Given(
        catalogue,
        answers,
        Service(**inputs["service"]),
        cashflow=from_stored(inputs["cashflow"]) if "cashflow" in inputs else None,
        agreed={action: _agreed_from(plain) for action, plain in inputs.get("plan", {}).items()},
    )


def report_key(inputs: Inputs) -> str:
    """SHA-256, in hexadecimal, over all that the bytes of the PDF depend on."""
    total = hashlib.sha256()
    total.update(edition(inputs["catalogue"]).digest.encode())
    total.update(_makers().encode())
    total.update(json.dumps(inputs, sort_keys=True, separators=(",", ":")).encode())
    return total.hexdigest()


@cache
def _makers() -> str:
    """A hash of what turns inputs into a file: rules, words, templates, style, fonts and engines."""
    total = hashlib.sha256()
    for file in files.makers():
        content = file.read_bytes()
        total.update(f"{file.name}\0{len(content)}\0".encode())
        total.update(content)
    for engine in ENGINES:
        total.update(f"{engine}\0{metadata.version(engine)}\0".encode())
    return total.hexdigest()


# One answer, there and back -------------------------------------------------------------------------------------


def _question(answer: Answer) -> Inputs:
    if answer.state is not AnswerState.ANSWERED:
        given: Inputs = {"state": answer.state.value}
    elif answer.level is not None:
        given = {"level": answer.level}
    else:
        given = {"value": _fact(answer.value)}
    return given | _words(answer)


def _gate(answer: GateAnswer) -> Inputs:
    return {"state": answer.state.value} | _words(answer)


def _fact(value: FactValue | None) -> Any:
    return None if value is None else fact_to_json(value)


def _words(answer: Answer | GateAnswer) -> Inputs:
    """What goes with an answer. What was left empty is left out."""
    said = {
        "evidence": "" if answer.evidence is EvidenceGrade.E0 else answer.evidence.value,
        "evidence_date": answer.evidence_date.isoformat() if answer.evidence_date else "",
        "note": answer.note,
        "reason": answer.reason,
        "who_knows": answer.who_knows,
        "know_by": answer.know_by.isoformat() if answer.know_by else "",
    }
    return {key: value for key, value in said.items() if value}


def _answer(catalogue: Catalogue, item_id: str, plain: Mapping[str, Any]) -> Answer:
    if "level" in plain:
        return Answer(state=AnswerState.ANSWERED, level=plain["level"], **_said(plain))
    if "value" in plain:
        item = catalogue.question(item_id)
        value = fact_from_json(item, plain["value"]) if isinstance(item, FactQuestion) else None
        return Answer(state=AnswerState.ANSWERED, value=value, **_said(plain))
    return Answer(state=AnswerState(plain["state"]), **_said(plain))


def _gate_answer(plain: Mapping[str, Any]) -> GateAnswer:
    return GateAnswer(state=GateState(plain["state"]), **_said(plain))


def _said(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "evidence": EvidenceGrade(plain.get("evidence", EvidenceGrade.E0)),
        "evidence_date": _date(plain.get("evidence_date")),
        "note": plain.get("note", ""),
        "reason": plain.get("reason", ""),
        "who_knows": plain.get("who_knows", ""),
        "know_by": _date(plain.get("know_by")),
    }


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# What is agreed about one action, there and back ----------------------------------------------------------------


def _agreed(agreed: Agreed) -> Inputs:
    said = {
        "owner": agreed.owner,
        "starts_on": agreed.starts_on.isoformat() if agreed.starts_on else "",
        "due_on": agreed.due_on.isoformat() if agreed.due_on else "",
        "reason": agreed.reason,
    }
    return {"progress": agreed.progress.value, **{key: value for key, value in said.items() if value}}


def _agreed_from(plain: Mapping[str, Any]) -> Agreed:
    return Agreed(
        progress=Progress(plain["progress"]),
        owner=plain.get("owner", ""),
        starts_on=_date(plain.get("starts_on")),
        due_on=_date(plain.get("due_on")),
        reason=plain.get("reason", ""),
    )
