"""A public body, an adviser firm and everybody whom `access_table` names, around one assessment in one state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Engagement, Organisation, User
from assessments.services import reports
from tests.factories import (
    level,
    make_answer,
    make_assessment,
    make_engagement,
    make_firm,
    make_member,
    make_organisation,
    make_participation,
    make_report,
    make_submission,
    make_user,
    make_what_if,
    second_factor_client,
)
from tests.views.addresses import PARTS

QUESTION = "pensions.contribution-rate"
STATUS = {
    "submitted": "submitted",
    "in review": "in_review",
    "revealed": "in_review",
    "returned": "returned",
    "signed off": "signed_off",
    "withdrawn": "withdrawn",
}


@dataclass
class World:
    """`own` are the parts of addresses by the name of the part; an address may have parts of its own in `of`."""

    people: dict[str, User]
    assessment: Assessment
    organisation: Organisation
    firm: Organisation
    own: dict[str, Any]
    of: dict[str, dict[str, Any]]
    state: str

    def client(self, person: str) -> Client:
        """As somebody signs in: with a second factor where they need one."""
        if person == "anonymous":
            return Client()
        user = User.objects.get(pk=self.people[person].pk)
        if user.must_use_second_factor:
            return second_factor_client(user)
        client = Client()
        client.force_login(user)
        return client

    def address(self, name: str, **changed: Any) -> str:
        known = {**self.own, **self.of.get(name, {}), **changed}
        return reverse(name, kwargs={part: known[part] for part in PARTS[name]})


@contextmanager
def opened(state: str, files: Path) -> Iterator[World]:
    """One world for many tests, taken back afterwards with the files that were kept in it."""
    kept, settings.MEDIA_ROOT = settings.MEDIA_ROOT, files
    with transaction.atomic():
        yield make_world(state)
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = kept


def status_of(client: Client, method: str, url: str, **data: Any) -> int:
    """The status; what the request changed is taken back."""
    with transaction.atomic():
        found = response_of(client, method, url, **data).status_code
        transaction.set_rollback(True)
    return int(found)


def response_of(client: Client, method: str, url: str, **data: Any) -> Any:
    """The response, its file read to the end, which closes it."""
    response = getattr(client, method)(url, **data)
    if response.streaming:
        list(response.streaming_content)
    return response


def make_world(state: str) -> World:
    people = {
        name: make_user(f"{name}@example.org", f"{name.title()} Person")
        for name in ("stranger", "ended", "member", "reader", "contributor", "lead", "administrator", "adviser")
    }
    organisation = make_organisation(administrator=people["administrator"])
    make_organisation("Elsewhere Borough")
    make_member(make_organisation("Northshire"), people["stranger"])
    make_member(organisation, people["member"])
    assessment = make_assessment(people["lead"], organisation)
    make_participation(assessment, people["reader"])
    make_participation(assessment, people["contributor"], "contributor", ["pensions"])
    make_answer(assessment, QUESTION, level(3, evidence="E1"))
    firm = make_firm(people["adviser"])
    make_engagement(assessment, firm)
    _was_let_in(assessment, make_firm(people["ended"], "Heron Partners"))
    _move(assessment, firm, state, people["adviser"])
    what_if = make_what_if(assessment, answers={QUESTION: None})
    report = reports.keep(report=make_report(assessment), pdf=b"%PDF-1.7")
    own = {
        "pk": assessment.pk,
        "report_pk": report.pk,
        "what_if_pk": what_if.pk,
        "slug": "pensions",
        "page_id": assessment.catalogue.barriers[0].pages[0].id,
        "item_id": QUESTION,
        "action_id": "finish:pensions",
        "key": "no-such-key",
        "uidb36": "1",
    }
    return World(people, Assessment.objects.get(pk=assessment.pk), organisation, firm, own, {}, state)


def _was_let_in(assessment: Assessment, firm: Organisation) -> None:
    engagement = make_engagement(assessment, firm)
    Engagement.objects.filter(pk=engagement.pk).update(ended_at=timezone.now(), ended_by=assessment.lead)


def _move(assessment: Assessment, firm: Organisation, state: str, adviser: User) -> None:
    if state == "draft":
        return
    is_revealed = state in ("revealed", "returned", "signed off")
    make_submission(
        assessment,
        firm,
        STATUS[state],
        adviser=None if state in ("submitted", "withdrawn") else adviser,
        revealed_at=timezone.now() if is_revealed else None,
    )
