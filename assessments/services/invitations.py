"""Invitations by e-mail: made, sent again, withdrawn, accepted."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from assessments.models import Assessment, Invitation, Membership, Organisation, Role, User
from assessments.models.organisation import OPEN_INVITATION
from assessments.services import people

LASTS = dt.timedelta(days=14)
# E-mails in a day: of an organisation, by one person, and to one address.
A_DAY = 50
A_DAY_TO_ONE = 4

# The whole address at which the secret of a link is accepted.
Link = Callable[[str], str]


class TooManyInvitations(Exception):
    """So many were sent in a day that more would look like unwanted mail."""


class MemberAlready(Exception):
    """Whoever has this address belongs to the organisation."""


class InvitedAlready(Exception):
    """An invitation to this address is open: it can be sent again."""


class InvitationGone(LookupError):
    """Accepted, withdrawn, expired, or there never was one: nobody is told which."""


class SentToAnotherAddress(Exception):
    """An invitation is for the address that it was sent to, and for nobody else."""


@dataclass(frozen=True, slots=True)
class Part:
    """What part in which assessment the person takes who accepts."""

    assessment: Assessment
    role: str
    questionnaires: tuple[str, ...] = ()


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def verified_by(person: User, email: str) -> bool:
    """Whether the address is the person's, and they have shown it. Capitals make no difference."""
    return bool(EmailAddress.objects.filter(user=person, verified=True, email__iexact=email).exists())


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, role: str, by: User, link: Link, part: Part | None = None
) -> Invitation:
    """Ask somebody by e-mail to join the organisation, with `part` to take part in an assessment of it at once."""
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if _belongs(locked, email):
        raise MemberAlready
    if Invitation.objects.filter(OPEN_INVITATION, organisation=locked, email__iexact=email).exists():
        raise InvitedAlready
    _check_limits(locked, email, by)
    invitation = Invitation(organisation=locked, email=email, role=role)
    if part is not None:
        invitation.assessment, invitation.part = part.assessment, part.role
        invitation.questionnaires = list(part.questionnaires) if part.role == Role.CONTRIBUTOR else []
    return _send(invitation, by, link)


@transaction.atomic
def send_again(*, invitation: Invitation, by: User, link: Link) -> Invitation:
    """The same with a new link, which works from now on as long as a first one. The old link works no more."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=invitation.organisation_id)
    opened = _open(invitation)
    if _belongs(organisation, opened.email):
        raise MemberAlready
    _check_limits(organisation, opened.email, by)
    return _send(opened, by, link)


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    opened = _open(invitation)
    opened.withdrawn_at, opened.withdrawn_by = timezone.now(), by
    opened.save(update_fields=["withdrawn_at", "withdrawn_by"])


def withdraw_all(*, organisation: Organisation, by: User, to: str | None = None) -> None:
    """Every open invitation of the organisation, or those to one address."""
    opened = Invitation.objects.filter(OPEN_INVITATION, organisation=organisation)
    if to is not None:
        opened = opened.filter(email__iexact=to)
    opened.update(withdrawn_at=timezone.now(), withdrawn_by=by)


@transaction.atomic
def accept(*, secret: str, by: User) -> Invitation:
    """Join, once. Who belongs to the organisation already keeps the higher of the two roles."""
    valid = Invitation.objects.select_for_update(of=("self",)).select_related("organisation", "invited_by")
    invitation = valid.filter(OPEN_INVITATION, secret=hashed(secret), expires_at__gt=timezone.now()).first()
    if invitation is None:
        raise InvitationGone
    if not verified_by(by, invitation.email):
        raise SentToAnotherAddress
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    membership, is_new = Membership.objects.get_or_create(
        organisation=invitation.organisation,
        user=by,
        defaults={"role": invitation.role, "changed_by": by},
    )
    if not is_new and invitation.role == Membership.Role.ADMINISTRATOR and not membership.is_administrator:
        membership.role, membership.changed_by = invitation.role, by
        membership.save(update_fields=["role", "changed_by"])
    _take_part(invitation, by)
    return invitation


def _take_part(invitation: Invitation, person: User) -> None:
    """Asked by whoever invited them: it waits for them from now on. The lead and who takes part already keep that."""
    assessment = invitation.assessment
    if assessment is None or assessment.lead_id == person.pk or assessment.participations.filter(user=person).exists():
        return
    people.add(
        assessment=assessment,
        person=person,
        role=invitation.part,
        questionnaires=invitation.questionnaires,
        by=invitation.invited_by,
    )


def _open(invitation: Invitation) -> Invitation:
    found = Invitation.objects.select_for_update(of=("self",)).filter(OPEN_INVITATION, pk=invitation.pk).first()
    if found is None:
        raise InvitationGone
    return found


def _belongs(organisation: Organisation, email: str) -> bool:
    return bool(
        organisation.memberships.filter(
            Q(user__email__iexact=email) | Q(user__emailaddress__email__iexact=email, user__emailaddress__verified=True)
        ).exists()
    )


def _check_limits(organisation: Organisation, email: str, by: User) -> None:
    """Counted in the history: every e-mail has left a row there, also those of invitations withdrawn since."""
    sent = Invitation.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        OPEN_INVITATION, pgh_created_at__gt=timezone.now() - dt.timedelta(days=1)
    )
    ours = sent.filter(Q(organisation=organisation.pk) | Q(invited_by=by.pk))
    if ours.count() >= A_DAY or sent.filter(email__iexact=email).count() >= A_DAY_TO_ONE:
        raise TooManyInvitations


def _send(invitation: Invitation, by: User, link: Link) -> Invitation:
    """A new secret, known to the e-mail alone."""
    secret = secrets.token_urlsafe(32)
    invitation.secret, invitation.invited_by = hashed(secret), by
    invitation.expires_at = timezone.now() + LASTS
    invitation.save()
    words = {"invitation": invitation, "by": by, "link": link(secret), "days": LASTS.days}
    text = render_to_string("people/mail/invitation.txt", words)
    transaction.on_commit(lambda: _mail(invitation.email, text))
    return invitation


def _mail(email: str, text: str) -> None:
    send_mail("You are invited to Spinout", text, None, [email])
