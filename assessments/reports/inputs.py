"""The frozen copy of everything a report depends on, and the key under which its file is kept.

Web processes import this module. It never imports WeasyPrint, whose version is read from its package's metadata.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from typing import Any

from assessments.catalogue.loader import edition
from assessments.catalogue.schema import Catalogue, EvidenceGrade, FactQuestion, FactValue, Stage
from assessments.models.answer import fact_from_json, fact_to_json
from assessments.reports import files
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState, Service
from assessments.selectors.workbook import Workbook

Inputs = dict[str, Any]

# What may change the bytes beside the inputs: what sets the pages, and what writes the file.
ENGINES = ("weasyprint", "pydyf", "fonttools", "django")


def inputs_of(workbook: Workbook) -> Inputs:
    """Everything that the report of this assessment depends on, ready for JSON, in the shape of an answers file."""
    assessment = workbook.assessment
    service = Service(assessment.service_name, assessment.organisation_name)
    return to_inputs(workbook.catalogue, workbook.answers, service)


def to_inputs(catalogue: Catalogue, answers: Answers, service: Service) -> Inputs:
    """The same from plain data. The order of the answers makes no difference."""
    return {
        "catalogue": catalogue.edition.edition,
        "stage": answers.stage.value,
        "as_of": answers.as_of.isoformat(),
        "service": {"name": service.name, "organisation": service.organisation},
        "profile": {fact: fact_to_json(answers.profile[fact]) for fact in sorted(answers.profile)},
        "answers": {item: _question(answers.questions[item]) for item in sorted(answers.questions)},
        "gates": {item: _gate(answers.gates[item]) for item in sorted(answers.gates)},
    }


def answers_of(inputs: Inputs) -> tuple[Catalogue, Answers, Service]:
    """What `to_inputs` was given, from the edition that the inputs name."""
    catalogue = edition(inputs["catalogue"])
    profile = {fact.id: fact for fact in catalogue.profile.facts}
    answers = Answers(
        stage=Stage(inputs["stage"]),
        as_of=dt.date.fromisoformat(inputs["as_of"]),
        profile={fact: fact_from_json(profile[fact], raw) for fact, raw in inputs["profile"].items()},
        questions={item: _answer(catalogue, item, plain) for item, plain in inputs["answers"].items()},
        gates={item: _gate_answer(plain) for item, plain in inputs["gates"].items()},
    )
    return catalogue, answers, Service(**inputs["service"])


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
