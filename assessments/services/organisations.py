"""What changes organisations: who founds them, who belongs to them, who looks after them."""

import pghistory
from django.db import transaction
from django.db.models import QuerySet

from assessments.models import Assessment, Membership, Organisation, Participation, Submission, User
from assessments.permissions import is_without_administrator
from assessments.services.invitations import withdraw_all
from assessments.services.people import close_what_waits, take_over
from assessments.services.reviews import release


class LastAdministrator(Exception):
    """Somebody looks after an organisation for as long as others belong to it."""


class AdministratedAlready(Exception):
    """Only an organisation that nobody looks after can be taken on."""


class NewLeadNeeded(Exception):
    """Who leaves leads assessments, which stay: somebody else of the organisation leads them from now on."""


@transaction.atomic
def found(*, by: User, name: str, kind: str = Organisation.Kind.PUBLIC_BODY) -> Organisation:
    """A new organisation to which its founder belongs.

    A firm's founder administers it. A public body's is a member at first, who can begin at once, and becomes its
    administrator when they want to invite others: administrators need a second factor to sign in.
    """
    organisation = Organisation.objects.create(name=name, kind=kind, founded_by=by, changed_by=by)
    role = Membership.Role.ADMINISTRATOR if organisation.is_firm else Membership.Role.MEMBER
    Membership.objects.create(organisation=organisation, user=by, role=role, changed_by=by)
    return organisation


@transaction.atomic
def rename(*, organisation: Organisation, name: str, by: User) -> None:
    locked = _locked(organisation)
    locked.name, locked.changed_by = name, by
    locked.save(update_fields=["name", "changed_by"])


@transaction.atomic
def claim(*, membership: Membership, by: User) -> None:
    """Become the administrator of an organisation that has none."""
    organisation = _locked(membership.organisation)
    if not is_without_administrator(organisation):
        raise AdministratedAlready
    _give_role(_one(membership), Membership.Role.ADMINISTRATOR, by)


@transaction.atomic
def set_role(*, membership: Membership, role: str, by: User) -> None:
    """Make a member an administrator or an administrator a member; refused to the last administrator of others."""
    organisation = _locked(membership.organisation)
    changed = _one(membership)
    if role != Membership.Role.ADMINISTRATOR:
        _keep_an_administrator(organisation, changed)
    if changed.role != role:
        _give_role(changed, role, by)


@transaction.atomic
def remove(*, membership: Membership, by: User, new_lead: User | None = None) -> None:
    """Somebody leaves, or is removed. What they wrote stays, with their name; what they may see and do here ends.

    Assessments that they lead go to `new_lead`, another member. What waits for them is closed, and a second opinion
    that they have not given yet is taken back.
    """
    organisation = _locked(membership.organisation)
    leaving = _one(membership)
    person = leaving.user
    _keep_an_administrator(organisation, leaving)
    with pghistory.context(user=by.pk):
        _hand_on(organisation, person, new_lead, by)
        Participation.objects.filter(assessment__service__organisation=organisation, user=person).delete()
        leaving.delete()
    _give_back_reviews(organisation, person, by)
    close_what_waits([person.pk], by)
    left = organisation.memberships.exists()
    withdraw_all(organisation=organisation, by=by, to=person.email if left else None)


def _give_back_reviews(firm: Organisation, person: User, by: User) -> None:
    """A colleague can take on what they were reviewing for the firm."""
    theirs = {"review__adviser": person, "review__ended_at": None}
    for submission in Submission.objects.filter(firm=firm, status=Submission.Status.IN_REVIEW, **theirs).order_by("pk"):
        release(submission=submission, by=by)


def led_by(person: User, organisation: Organisation) -> QuerySet[Assessment]:
    """The organisation's assessments that the person leads."""
    return Assessment.objects.filter(service__organisation=organisation, lead=person)


def _hand_on(organisation: Organisation, person: User, new_lead: User | None, by: User) -> None:
    led = led_by(person, organisation).select_related(None).defer("result")
    if not led.exists():
        return
    if new_lead is None or new_lead == person:
        raise NewLeadNeeded
    # Before the assessments, as everywhere: who hands over locks the new lead's membership first.
    Membership.objects.select_for_update(of=("self",)).get(organisation=organisation, user=new_lead)
    for assessment in led.select_for_update(of=("self",)).order_by("pk"):
        take_over(assessment, new_lead, by)


def _locked(organisation: Organisation) -> Organisation:
    """One change of its people at a time. Without keeping others from adding rows that point to it."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _one(membership: Membership) -> Membership:
    return Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)


def _give_role(membership: Membership, role: str, by: User) -> None:
    membership.role, membership.changed_by = role, by
    membership.save(update_fields=["role", "changed_by"])


def _keep_an_administrator(organisation: Organisation, leaving: Membership) -> None:
    if not leaving.is_administrator:
        return
    others = list(organisation.memberships.exclude(pk=leaving.pk).values_list("role", flat=True))
    if others and Membership.Role.ADMINISTRATOR not in others:
        raise LastAdministrator
