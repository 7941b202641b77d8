"""What people ask of each other: everything that waits for somebody is asked and closed here."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from assessments.models import Ask, Assessment, User


@transaction.atomic
def ask(
    *,
    user: User,
    assessment: Assessment,
    kind: Ask.Kind | str,
    by: User,
    about: str = "",
    note: str = "",
    due_on: dt.date | None = None,
    mail_again: bool = False,
) -> Ask:
    """Ask something of `user`, which then waits on their home page and stands in their next daily e-mail.

    While the same waits already nothing is asked twice: another note or date takes the place of the old one and is
    mailed again. `mail_again` mails it again in any case.
    """
    waiting, is_new = Ask.objects.get_or_create(
        user=user,
        assessment=assessment,
        kind=kind,
        about=about,
        done_at=None,
        defaults={"note": note, "due_on": due_on, "changed_by": by},
    )
    if is_new or not (mail_again or (note, due_on) != (waiting.note, waiting.due_on)):
        return waiting
    waiting.note, waiting.due_on, waiting.changed_by, waiting.mailed_at = note, due_on, by, None
    waiting.save(update_fields=["note", "due_on", "changed_by", "mailed_at"])
    return waiting


@transaction.atomic
def done(
    *,
    assessment: Assessment,
    kind: Ask.Kind | str,
    user: User | None = None,
    about: str | None = None,
    by: User,
) -> int:
    """Nothing of this kind waits any more: for `user`, or for anybody; about `about`, or about anything. How many
    were closed."""
    waiting = Ask.objects.filter(assessment=assessment, kind=kind, done_at=None)
    if user is not None:
        waiting = waiting.filter(user=user)
    if about is not None:
        waiting = waiting.filter(about=about)
    return waiting.update(done_at=timezone.now(), changed_by=by)


@transaction.atomic
def close_own(*, ask: Ask, by: User) -> bool:
    """The person says that they have done it. False where it was closed already."""
    closed = Ask.objects.filter(pk=ask.pk, user=by, done_at=None).update(done_at=timezone.now(), changed_by=by)
    return bool(closed)
