"""A public body, an adviser firm and everybody whom `access_table` names, around one assessment in one state."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    Assessment,
    Comment,
    Engagement,
    EvidenceItem,
    Export,
    Invitation,
    Opinion,
    Organisation,
    Thread,
    User,
)
from assessments.services import reports
from assessments.services.asks import ask
from assessments.services.invitations import hashed
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
    # Of each person, signed in once: what a request does to a session is taken back with all else.
    cookies: dict[str, dict[str, str]]

    def client(self, person: str) -> Client:
        """As somebody signs in: with a second factor where they need one."""
        client = Client()
        client.cookies.load(self.cookies.get(person, {}))
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
    thread = Thread.objects.create(assessment=assessment, item=QUESTION, audience="both", changed_by=people["lead"])
    Comment.objects.create(thread=thread, text="Since when?", written_by=people["lead"])
    opinion = _opinion(assessment, people["contributor"], people["lead"])
    evidence = _evidence(assessment, people["lead"])
    invitation, secret = _invitation(organisation, people["administrator"])
    export = _export(organisation, people["administrator"])
    asked = ask(
        user=people["lead"], assessment=assessment, kind="fill_in", by=people["administrator"], about="pensions"
    )
    report = reports.keep(report=make_report(assessment), pdf=b"%PDF-1.7")
    own = {
        "pk": assessment.pk,
        "report_pk": report.pk,
        "what_if_pk": what_if.pk,
        "slug": "pensions",
        "page_id": assessment.catalogue.barriers[0].pages[0].id,
        "item_id": QUESTION,
        "action_id": "finish:pensions",
        "number": 1,
        "barrier": "pensions",
        "thread_pk": thread.pk,
        "opinion_pk": opinion.pk,
        "evidence_pk": evidence.pk,
        "participation_pk": assessment.participations.get(user=people["reader"]).pk,
        "member_pk": organisation.memberships.get(user=people["member"]).pk,
        "firm_pk": firm.pk,
        "export_pk": export.pk,
        "invitation_pk": invitation.pk,
        "secret": secret,
        "token": "no-such-token",
        "provider_id": "no-such-provider",
        "key": "no-such-key",
        "uidb36": "1",
    }
    of: dict[str, dict[str, Any]] = {
        name: {"pk": organisation.pk}
        for name in PARTS
        if name.startswith(("organisation-", "engagement-", "invitation-", "member-")) or name == "organisation"
    }
    of["ask-done"] = {"pk": asked.pk}
    # Of nobody here.
    of |= {name: {"pk": 0} for name in ("mfa_edit_webauthn", "mfa_remove_webauthn", "session-end")}
    return World(
        people,
        Assessment.objects.get(pk=assessment.pk),
        organisation,
        firm,
        own,
        of,
        state,
        {name: _cookies(user) for name, user in people.items()},
    )


def _cookies(person: User) -> dict[str, str]:
    user = User.objects.get(pk=person.pk)
    client = second_factor_client(user)
    if not user.must_use_second_factor:
        client = Client()
        client.force_login(user)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _opinion(assessment: Assessment, user: User, by: User) -> Opinion:
    return Opinion.objects.create(
        assessment=assessment, barrier="pensions", user=user, capacity="Finance", asked_by=by, changed_by=by
    )


def _evidence(assessment: Assessment, by: User) -> EvidenceItem:
    piece = EvidenceItem(
        assessment=assessment,
        item=QUESTION,
        title="Minutes",
        grade="E2",
        dated=timezone.localdate(),
        file_name="minutes.pdf",
        content_type="application/pdf",
        size=8,
        sha256=hashlib.sha256(b"%PDF-1.7").hexdigest(),
        changed_by=by,
    )
    piece.file.save("minutes.pdf", ContentFile(b"%PDF-1.7"), save=False)
    piece.save()
    return piece


def _invitation(organisation: Organisation, by: User) -> tuple[Invitation, str]:
    secret = "a-secret-that-was-mailed"
    invitation = Invitation.objects.create(
        organisation=organisation,
        email="invited@example.org",
        secret=hashed(secret),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return invitation, secret


def _export(organisation: Organisation, by: User) -> Export:
    export = Export(organisation=organisation, asked_by=by, status="ready", size=4, ready_at=timezone.now())
    export.file.save("export.zip", ContentFile(b"PK00"), save=False)
    export.save()
    return export


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
