"""Plain functions that make what tests need. Alice leads a service, Bob is her colleague, Charlie a stranger."""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.test import Client

from assessments.catalogue.schema import FactQuestion, Gate, Item, Stage
from assessments.models import (
    Answer,
    Assessment,
    Engagement,
    Membership,
    Organisation,
    Participation,
    Report,
    Review,
    Seat,
    Submission,
    User,
    WhatIf,
)
from assessments.models.answer import Content
from assessments.reports.inputs import inputs_of
from assessments.selectors.what_if import record_of
from assessments.selectors.workbook import workbook
from assessments.services.assessments import Draft, Saved, save_answers, start
from assessments.services.organisations import found

PASSWORD = "correct horse battery staple"
EDITION = "2026.1"


def make_user(email: str, name: str = "", password: str | None = None) -> User:
    """Somebody with a verified address. A password only where a test signs in by it: hashing one is slow."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def second_factor_client(user: User) -> Client:
    """Signed in as somebody who has given a second factor in this session, as allauth records it."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def make_organisation(name: str = "Exampleshire County Council", **members: User) -> Organisation:
    """A public body. Whoever administers it is none of the people that tests are about, if they do not say so."""
    administrator = members.pop("administrator", None) or make_user(f"{uuid4()}@example.org", "Olive Osborne")
    organisation = Organisation.objects.create(name=name, founded_by=administrator, changed_by=administrator)
    make_member(organisation, administrator, "administrator")
    return organisation


def make_firm(adviser: User, name: str = "Kestrel Advisers") -> Organisation:
    return found(by=adviser, name=name, kind=Organisation.Kind.ADVISER_FIRM)


def make_member(organisation: Organisation, user: User, role: str = "member") -> Membership:
    user.__dict__.pop("administers", None)
    user.__dict__.pop("advises", None)
    found_or_made, _made = Membership.objects.get_or_create(
        organisation=organisation, user=user, defaults={"role": role, "changed_by": user}
    )
    return found_or_made


def make_participation(
    assessment: Assessment, user: User, role: str = "reader", questionnaires: Sequence[str] = ()
) -> Participation:
    make_member(assessment.service.organisation, user)
    return Participation.objects.create(
        assessment=assessment, user=user, role=role, questionnaires=list(questionnaires), changed_by=assessment.lead
    )


def make_engagement(assessment: Assessment, firm: Organisation) -> Engagement:
    return Engagement.objects.create(assessment=assessment, firm=firm, began_by=assessment.lead)


def make_assessment(lead: User, organisation: Organisation | None = None, **given: Any) -> Assessment:
    """One that `lead` leads, as a member of an organisation that somebody else administers."""
    name = given.pop("organisation_name", "Exampleshire County Council")
    if organisation is None:
        organisation = Organisation.objects.filter(name=name).first() or make_organisation(name)
    make_member(organisation, lead)
    details = {"service_name": "Riverside Family Hubs", "stage": Stage.PLAN, "edition": EDITION}
    started = start(by=lead, organisation=organisation, **{**details, **given})
    started.seat = Seat(lead.pk, frozenset({"lead"}))
    return started


def make_assessments(lead: User, count: int) -> list[Assessment]:
    """Many at once, all with the result of one."""
    first = make_assessment(lead)
    fields = ("service", "stage", "edition", "result", "colours", "scored_on")
    same: dict[str, Any] = {name: getattr(first, name) for name in fields}
    more = [Assessment(lead=lead, changed_by=lead, **same) for _number in range(count - 1)]
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
    save(assessment, by or assessment.lead, {item: content})
    return Answer.objects.get(assessment=assessment, item=item)


def answer_everything(assessment: Assessment, rounds: int = 4) -> int:
    """An answer to everything that is asked, also to what the answers switch on. How many there are."""
    for _round in range(rounds):
        book = workbook(assessment)
        asked = [item for found in book.questionnaires for item in found.items()]
        fresh = {item.id: typical(item) for item in asked if item.id not in book.rows}
        if not fresh:
            break
        save(assessment, assessment.lead, fresh)
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
    details: dict[str, Any] = {"key": "0" * 64, "inputs": {}, "asked_by": assessment.lead}
    return Report.objects.create(assessment=assessment, **{**details, **given})


def make_what_if(assessment: Assessment, **given: Any) -> WhatIf:
    """As it stands in the database, from the record as it is now."""
    details: dict[str, Any] = {"name": "If all goes well", "made_by": assessment.lead}
    stamp = record_of(Assessment.objects.get(pk=assessment.pk)).stamp
    return WhatIf.objects.create(assessment=assessment, record=stamp, **{**details, **given})


def make_submission(assessment: Assessment, firm: Organisation, status: str = "submitted", **given: Any) -> Submission:
    """A frozen copy of the assessment as it is now, as the latest; reviewed by `adviser`, if one is named."""
    adviser = given.pop("adviser", None)
    kept = Assessment.objects.get(pk=assessment.pk)
    details: dict[str, Any] = {
        "number": kept.submissions.count() + 1,
        "inputs": inputs_of(workbook(kept)),
        "result": kept.result,
        "colours": kept.colours,
        "fingerprint": kept.fingerprint,
        "submitted_by": kept.lead,
        "changed_by": kept.lead,
    }
    submission = Submission.objects.create(assessment=kept, firm=firm, status=status, **{**details, **given})
    Assessment.objects.filter(pk=kept.pk).update(latest=submission)
    if adviser is not None:
        done = {"result": kept.result, "colours": kept.colours} if status == "signed_off" else {}
        Review.objects.create(submission=submission, adviser=adviser, changed_by=adviser, **done)
    return submission
