"""What a person takes along of their own account: one JSON file and a word about it."""

import json
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from assessments.models import (
    Access,
    Ask,
    Assessment,
    Comment,
    Invitation,
    Membership,
    Opinion,
    Participation,
    Rating,
    User,
)
from assessments.services.organisation_file import PARTS
from assessments.services.organisation_rows import fields_of, pointing_to

ACCOUNT = "account.json"
AT_ONCE = 500

README_TEXT = """\
Everything of the account of {email}, as it was on {when}

account.json    Your profile, how you sign in, where you belong, what waits for you, and what you wrote.

Under "wrote" is what you wrote in assessments that you may still see: each change that you made, with all of it. Of
assessments that you may not see any more it says under "elsewhere" only how much and when: those words belong to
the organisation, which can give them to you.
"""


def write_person(archive: zipfile.ZipFile, person: User) -> None:
    """account.json, written piece by piece: what somebody wrote in years may be much."""
    with archive.open(ACCOUNT, "w", force_zip64=True) as target:
        target.write(b"{\n")
        for name, value in _profile(person).items():
            target.write(f"{json.dumps(name)}: {_json(value)},\n".encode())
        target.write(b'"wrote": [')
        for number, row in enumerate(_wrote(person)):
            target.write(("\n" if number == 0 else ",\n").encode() + _json(row).encode())
        target.write(b'\n],\n"elsewhere": ' + _json(_elsewhere(person)).encode() + b"\n}\n")
    when = timezone.localtime().strftime("%d %B %Y, %H:%M")
    archive.writestr("README.txt", README_TEXT.format(email=person.email, when=when))


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _profile(person: User) -> dict[str, Any]:
    names = ("email", "name", "joined_at", "last_login", "wants_mail")
    memberships = Membership.objects.filter(user=person)
    participations = Participation.objects.filter(user=person)
    asks = Ask.objects.filter(user=person)
    place = ("assessment", "assessment__service__name")
    return {
        "profile": {name: getattr(person, name) for name in names},
        "email_addresses": _rows(EmailAddress.objects.filter(user=person), "email", "verified", "primary"),
        "second_factors": _rows(Authenticator.objects.filter(user=person), "type", "created_at", "last_used_at"),
        "organisation_sign_ins": _rows(SocialAccount.objects.filter(user=person), "provider", "uid", "date_joined"),
        "devices": _rows(UserSession.objects.filter(user=person), "created_at", "ip", "last_seen_at", "user_agent"),
        "invitations": _rows(
            Invitation.objects.filter(email__iexact=person.email), "organisation__name", "invited_at", "accepted_at"
        ),
        "memberships": _rows(memberships, "organisation", "organisation__name", "role", "joined_at"),
        "leads": _rows(Assessment.objects.filter(lead=person), "id", "service__name", "stage"),
        "takes_part": _rows(participations, *place, "role", "questionnaires", "added_at"),
        "asked_of_you": _rows(asks, *place, "kind", "about", "note", "asked_at", "done_at"),
    }


def _rows(found: QuerySet[Any], *columns: str) -> list[dict[str, Any]]:
    return list(found.values(*columns))


# Whose hand it was, in the tables that say so by another column than `changed_by`.
_BY = ("changed_by", "written_by", "rated_by", "made_by", "asked_by")


def _hand(names: tuple[str, ...]) -> str | None:
    return next((name for name in _BY if name in names), None)


def _wrote(person: User) -> Iterator[dict[str, Any]]:
    """Every change of theirs in assessments that they may see now, part by part."""
    visible = _visible_to(person)
    for name, rows, columns in _theirs(person):
        for values in rows.filter(assessment_id__in=visible).values_list(*columns).iterator(chunk_size=AT_ONCE):
            yield {"what": name, **dict(zip(columns, values, strict=True))}
    comments = Comment.objects.filter(written_by=person, thread__assessment__in=visible)
    yield from _each("comments", comments.values("thread__assessment", "thread__item", "text", "written_at"))
    ratings = Rating.objects.filter(rated_by=person, review__submission__assessment__in=visible)
    columns_of_rating = ("review__submission__assessment", "item", "state", "level", "reason", "rated_at")
    yield from _each("ratings", ratings.values(*columns_of_rating))
    opinions = Opinion.objects.filter(user=person, assessment__in=visible)
    yield from _each("opinions", opinions.values("assessment", "barrier", "capacity", "answers", "given_at"))


def _each(what: str, found: QuerySet[Any, Any]) -> Iterator[dict[str, Any]]:
    for row in found.iterator(chunk_size=AT_ONCE):
        yield {"what": what, **row}


def _visible_to(person: User) -> set[UUID]:
    return set(Access.objects.filter(user=person).values_list("assessment_id", flat=True))


def _elsewhere(person: User) -> list[dict[str, Any]]:
    visible = _visible_to(person)
    found = []
    for name, rows, _columns in _theirs(person):
        span = rows.exclude(assessment_id__in=visible).aggregate(
            changes=Count("pk"), first=Min("pgh_created_at"), last=Max("pgh_created_at")
        )
        if span["changes"]:
            found.append({"what": name, **span})
    return found


def _theirs(person: User) -> Iterator[tuple[str, QuerySet[Any], list[str]]]:
    """The history of what hangs on an assessment, as far as this person made it; deletions only repeat the words."""
    for part in PARTS:
        hand = _hand(pointing_to(part.model, User))
        if not part.is_history or part.by != "assessment_id" or hand is None or part.name == "history/opinions":
            continue
        rows = part.model._base_manager.filter(**{hand: person.pk}).exclude(pgh_label="delete").order_by("pgh_id")
        hidden = {"pgh_id", "pgh_obj", "pgh_context", "id", "changed_by"}
        yield part.name.removeprefix("history/"), rows, [f.name for f in fields_of(part.model) if f.name not in hidden]
