"""The daily e-mail: who gets one, what stands in it, and how it is switched off without signing in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from assessments.models import Ask, User
from assessments.selectors.asks import Waiting, to_mail

STOP = "mail-stop"


def due_to(today: dt.date) -> QuerySet[User]:
    """Who has been asked something since their last e-mail and has had none today: people who want e-mail, at an
    address that they have shown to be theirs."""
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), email__iexact=OuterRef("email"), verified=True)
    news = Ask.objects.waiting().filter(user=OuterRef("pk"), mailed_at=None)
    return User.objects.filter(
        Q(mailed_on=None) | ~Q(mailed_on=today),
        Exists(verified),
        Exists(news),
        wants_mail=True,
        is_active=True,
        erased_at=None,
    )


@dataclass(frozen=True)
class Digest:
    """One person's e-mail of one day."""

    person: User
    news: list[Waiting]

    @property
    def subject(self) -> str:
        if len(self.news) == 1:
            return "Spinout: something is asked of you"
        return f"Spinout: {len(self.news)} things are asked of you"

    @property
    def context(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "news": self.news,
            "site": settings.SITE_URL,
            "stop": self.stop_address,
        }

    @property
    def stop_address(self) -> str:
        return f"{settings.SITE_URL}{reverse('mail-stop', args=[stop_token(self.person)])}"


def digest_for(person: User) -> Digest:
    return Digest(person, to_mail(person))


def stop_token(person: User) -> str:
    """Opens nothing but the switch of this person's e-mails, and does so for good: old e-mails keep their link."""
    return signing.Signer(salt=STOP).sign(str(person.pk))


def person_of(token: str) -> User | None:
    try:
        pk = signing.Signer(salt=STOP).unsign(token)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=int(pk), erased_at=None).first()
