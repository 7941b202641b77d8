"""The frozen copy of everything that a result and its report depend on: what a report is made from, and what is
submitted for review."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.agreement.standing import OpenSubmission, SignOff, Standing
from assessments.cashflow.stored import from_stored, to_stored
from assessments.catalogue.loader import edition
from assessments.catalogue.schema import Catalogue, EvidenceGrade, FactQuestion, FactValue, Stage
from assessments.models.answer import fact_from_json, fact_to_json
from assessments.models.plan import agreed_plan, stored_plan
from assessments.planning.progress import NOTHING_AGREED, Agreed, AgreedPlan, Progress
from assessments.scoring.agreed import agreed_from_dict, agreed_to_dict
from assessments.scoring.answers import Answer, Answers, AnswerState, DoubleRatings, GateAnswer, GateState, Service
from assessments.selectors.workbook import Workbook

Inputs = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who answered, the lead first; how the answers stand with advisers; and what the adviser rated `unseen`, before
    the service's level was shown. Printed, never scored."""

    answered_by: tuple[str, ...] = ()
    standing: Standing = field(default_factory=Standing)
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a report is made from, as plain data. `cashflow` is the calculator's table, as [cashflow] in an answers
    file; `agreed` is what people agreed about the actions of the plan. An answers file has no `origin`."""

    catalogue: Catalogue
    answers: Answers
    service: Service
    cashflow: Mapping[str, Any] | None = None
    agreed: AgreedPlan = field(default_factory=lambda: NOTHING_AGREED)
    origin: Origin | None = None


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
        **({"double_ratings": _double_ratings(answers)} if answers.double_ratings else {}),
        **({} if given.cashflow is None else {"cashflow": to_stored(given.cashflow)}),
        **(
            {"plan": {action: _agreed(given.agreed[action]) for action in sorted(given.agreed)}} if given.agreed else {}
        ),
        **({} if given.origin is None else origin_to_inputs(given.origin)),
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
        double_ratings={
            barrier: DoubleRatings(*counts) for barrier, counts in inputs.get("double_ratings", {}).items()
        },
        agreed=agreed_from_dict(catalogue, inputs.get("agreed", {})),
    )
    return Given(
        catalogue,
        answers,
        Service(**inputs["service"]),
        cashflow=from_stored(inputs["cashflow"]) if "cashflow" in inputs else None,
        agreed={action: _agreed_from(plain) for action, plain in inputs.get("plan", {}).items()},
        origin=_origin_from(inputs["origin"]) if "origin" in inputs else None,
    )


def _double_ratings(answers: Answers) -> dict[str, list[int]]:
    found = answers.double_ratings
    return {barrier: [found[barrier].rated, found[barrier].within_one] for barrier in sorted(found)}


# Where it comes from, there and back ----------------------------------------------------------------------------


def origin_to_inputs(origin: Origin) -> Inputs:
    """The part of the inputs that says so."""
    standing, done, under_way = origin.standing, origin.standing.signed_off, origin.standing.open
    told: Inputs = {"is_reviewed": standing.is_reviewed}
    if done is not None:
        told["signed_off"] = {"number": done.number, "by": done.by, "firm": done.firm, "on": done.on.isoformat()}
    if under_way is not None:
        told["open"] = {
            "number": under_way.number,
            "firm": under_way.firm,
            "since": under_way.since.isoformat(),
            "is_in_review": under_way.is_in_review,
        }
    return {
        "origin": {"answered_by": list(origin.answered_by), "standing": told, "unseen": list(origin.unseen)},
    }


def _origin_from(plain: Mapping[str, Any]) -> Origin:
    told = plain["standing"]
    done, under_way = told.get("signed_off"), told.get("open")
    return Origin(
        answered_by=tuple(plain["answered_by"]),
        standing=Standing(
            is_reviewed=told["is_reviewed"],
            signed_off=SignOff(**{**done, "on": dt.date.fromisoformat(done["on"])}) if done else None,
            open=OpenSubmission(**{**under_way, "since": dt.date.fromisoformat(under_way["since"])})
            if under_way
            else None,
        ),
        unseen=tuple(plain["unseen"]),
    )


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
