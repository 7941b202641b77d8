"""Sends the daily e-mails: to each person at most one a day, with everything that was asked of them since the last.

A day's e-mail is claimed before it is sent (`mailed_on`, in a transaction of its own), and what stood in it is marked
as mailed after it was sent. So a worker that is killed at any point sends nobody a second one that day. What it had
claimed and not sent, or sent and not marked, stands in the next day's e-mail: told a day late or twice, never lost.
"""

import datetime as dt
import logging
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from assessments.models import Ask, User
from assessments.selectors.digests import Digest, digest_for, due_to

logger = logging.getLogger(__name__)


def send_digests(*, today: dt.date | None = None) -> int:
    """Everybody's e-mail of today. How many were sent. One that cannot be sent stops none of the others."""
    day = today or timezone.localdate()
    sent = 0
    connection = get_connection()
    try:
        for pk in list(due_to(day).order_by("pk").values_list("pk", flat=True)):
            sent += _send_to(pk, day, connection)
    finally:
        connection.close()
    return sent


def _send_to(pk: int, day: dt.date, connection: Any) -> bool:
    digest = _claim(pk, day)
    if digest is None:
        return False
    try:
        message_of(digest, connection).send()
    except (OSError, ValueError):
        # What a mail server refuses is an OSError; an address or name that makes no header is a ValueError. It may have
        # been taken all the same: nothing more today.
        logger.exception("The daily e-mail to person %s could not be sent; it is tried again tomorrow", pk)
        connection.close()
        return False
    Ask.objects.filter(pk__in=[one.ask.pk for one in digest.news]).update(mailed_at=timezone.now())
    return True


@transaction.atomic
def _claim(pk: int, day: dt.date) -> Digest | None:
    """This worker's alone from here on. None where another has it, or nothing is left to tell."""
    person = User.objects.select_for_update(skip_locked=True).filter(pk=pk).exclude(mailed_on=day).first()
    if person is None or not due_to(day).filter(pk=pk).exists():
        return None
    digest = digest_for(person)
    person.mailed_on = day
    person.save(update_fields=["mailed_on"])
    return digest


def message_of(digest: Digest, connection: Any = None) -> EmailMultiAlternatives:
    """The e-mail in plain text and as simple HTML. Mail programs show its "unsubscribe" (RFC 8058)."""
    message = EmailMultiAlternatives(
        subject=digest.subject,
        body=render_to_string("mail/digest.txt", digest.context),
        to=[formataddr((" ".join(digest.person.name.split()), digest.person.email))],
        headers={
            "List-Unsubscribe": f"<{digest.stop_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )
    message.attach_alternative(render_to_string("mail/digest.html", digest.context), "text/html")
    return message


def switch_mail(*, person: User, on: bool) -> None:
    """Daily e-mails on or off, at once."""
    person.wants_mail = on
    person.save(update_fields=["wants_mail"])
