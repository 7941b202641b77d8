"""Plain functions that make what tests need. Alice leads a service, Bob is her colleague, Charlie a stranger."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress

from assessments.catalogue.schema import FactQuestion, Gate, Item, Stage
from assessments.models import Answer, Assessment, Report, User, WhatIf
from assessments.models.answer import Content
from assessments.selectors.what_if import record_of
from assessments.selectors.workbook import workbook
from assessments.services.assessments import Draft, Saved, save_answers, start

PASSWORD = "correct horse battery staple"
EDITION = "2026.1"


def make_user(email: str, name: str = "", password: str | None = None) -> User:
    """Somebody with a verified address. A password only where a test signs in by it: hashing one is slow."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_assessment(owner: User, **given: Any) -> Assessment:
    details = {
        "service_name": "Riverside Family Hubs",
        "organisation_name": "Exampleshire County Council",
        "stage": Stage.PLAN,
        "edition": EDITION,
    }
    return start(by=owner, **{**details, **given})


def make_assessments(owner: User, count: int) -> list[Assessment]:
    """Many at once, all with the result of one."""
    first = make_assessment(owner)
    fields = ("service_name", "organisation_name", "stage", "edition", "result", "colours", "scored_on")
    same: dict[str, Any] = {name: getattr(first, name) for name in fields}
    more = [Assessment(owner=owner, changed_by=owner, **same) for _number in range(count - 1)]
    return [first, *Assessment.objects.bulk_create(more)]


def level(level: int = 2, **given: Any) -> Content:
    return Content("answered", level=level, **given)


def fact(value: Any) -> Content:
    return Content("answered", value=value)


def save(assessment: Assessment, by: User, contents: Mapping[str, Content]) -> Saved:
    """Saves as somebody would whose page is up to date."""
    versions = dict(Answer.objects.filter(assessment=assessment).values_list("item", "version"))
    drafts = [Draft(item, versions.get(item, 0), content) for item, content in contents.items()]
    return save_answers(assessment=assessment, by=by, drafts=drafts)


def make_answer(assessment: Assessment, item: str, content: Content, by: User | None = None) -> Answer:
    save(assessment, by or assessment.owner, {item: content})
    return Answer.objects.get(assessment=assessment, item=item)


def answer_everything(assessment: Assessment, rounds: int = 4) -> int:
    """An answer to everything that is asked, also to what the answers switch on. How many there are."""
    for _round in range(rounds):
        book = workbook(assessment)
        asked = [item for found in book.questionnaires for item in found.items()]
        fresh = {item.id: typical(item) for item in asked if item.id not in book.rows}
        if not fresh:
            break
        save(assessment, assessment.owner, fresh)
    return Answer.objects.filter(assessment=assessment).count()


def typical(item: Item) -> Content:
    """A well-formed answer with everything that people add to one."""
    proof: dict[str, Any] = {"evidence": "E2", "evidence_date": dt.date(2026, 9, 30), "note": "Minuted in September."}
    if isinstance(item, Gate):
        return Content("met", **proof)
    if isinstance(item, FactQuestion):
        return fact(_TYPICAL[item.kind](item))
    return level(3, **proof)


_TYPICAL: dict[str, Any] = {
    "yes_no": lambda item: True,
    "choice": lambda item: item.options[0].id,
    "choices": lambda item: [item.options[0].id],
    "number": lambda item: max(item.minimum or 0, 48),
    "money": lambda item: "120000.00",
    "date": lambda item: "2027-04-01",
    "text": lambda item: "As the board minuted it.",
}


def make_report(assessment: Assessment, **given: Any) -> Report:
    details: dict[str, Any] = {"key": "0" * 64, "inputs": {}, "asked_by": assessment.owner}
    return Report.objects.create(assessment=assessment, **{**details, **given})


def make_what_if(assessment: Assessment, **given: Any) -> WhatIf:
    """As it stands in the database, from the record as it is now."""
    details: dict[str, Any] = {"name": "If all goes well", "made_by": assessment.owner}
    stamp = record_of(Assessment.objects.get(pk=assessment.pk)).stamp
    return WhatIf.objects.create(assessment=assessment, record=stamp, **{**details, **given})
