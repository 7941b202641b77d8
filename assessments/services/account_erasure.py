"""Erasing one's own account. What somebody wrote belongs to organisations and stays, by nobody's name."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.models import (
    Ask,
    Assessment,
    Export,
    Invitation,
    Membership,
    Opinion,
    Organisation,
    Participation,
    Review,
    User,
)
from assessments.models.user import NO_ADDRESS
from assessments.services import erasure, organisations
from assessments.services.append_only import lifted
from assessments.services.organisation_file import history_of


@dataclass(frozen=True, slots=True)
class InTheWay:
    """What somebody must settle first: what they lead, reviews that they have in hand, organisations that would be
    left with people and no administrator, or with assessments and nobody."""

    leads: tuple[Assessment, ...]
    reviews: tuple[Review, ...]
    only_administrator_of: tuple[Organisation, ...]
    alone_with_assessments: tuple[Organisation, ...]
    # Organisations of theirs that hold nothing: they go with the account.
    alone_and_empty: tuple[Organisation, ...]

    @property
    def is_anything(self) -> bool:
        return bool(self.leads or self.reviews or self.only_administrator_of or self.alone_with_assessments)


class NotYet(Exception):
    """Something is in the way."""

    def __init__(self, in_the_way: InTheWay) -> None:
        super().__init__("Something must be settled first")
        self.in_the_way = in_the_way


def in_the_way(person: User) -> InTheWay:
    mine = list(Membership.objects.filter(user=person).select_related("organisation").order_by("organisation__name"))
    bodies = [membership.organisation for membership in mine]
    others = Membership.objects.filter(organisation__in=bodies).exclude(user=person)
    with_others = set(others.values_list("organisation_id", flat=True))
    looked_after = set(others.filter(role=Membership.Role.ADMINISTRATOR).values_list("organisation_id", flat=True))
    filled = set(
        Assessment.objects.filter(service__organisation__in=bodies)
        .order_by()
        .values_list("service__organisation_id", flat=True)
    )
    alone = [body for body in bodies if body.pk not in with_others]
    return InTheWay(
        leads=tuple(Assessment.objects.filter(lead=person).defer("result").order_by("service__name", "pk")),
        reviews=tuple(
            Review.objects.filter(adviser=person, ended_at=None)
            .select_related("submission__assessment__service__organisation")
            .defer("items", "result", "submission__inputs", "submission__result")
        ),
        only_administrator_of=tuple(
            one.organisation
            for one in mine
            if one.is_administrator and one.organisation_id in with_others - looked_after
        ),
        alone_with_assessments=tuple(body for body in alone if body.pk in filled),
        alone_and_empty=tuple(body for body in alone if body.pk not in filled),
    )


@transaction.atomic
def erase_account(*, person: User) -> None:
    """The account goes at once. Raises `NotYet` where something is in the way; then nothing is different."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    bodies = Organisation.objects.filter(memberships__user=locked).order_by("pk")
    # One change of their people at a time, as where somebody leaves.
    list(bodies.select_for_update(no_key=True, of=("self",)))
    found = in_the_way(locked)
    if found.is_anything:
        raise NotYet(found)
    email = locked.email
    for organisation in found.alone_and_empty:
        erasure.erase(organisation=organisation)
    for membership in Membership.objects.filter(user=locked).select_related("organisation"):
        organisations.remove(membership=membership, by=locked)
    _forget_what_waits(locked)
    _forget_addresses(locked, email)
    _forget_sign_in(locked)
    _forget_exports(locked)
    _make_nobody(locked)


def _forget_what_waits(person: User) -> None:
    Participation.objects.filter(user=person).delete()
    Opinion.objects.filter(user=person, given_at=None, closed_at=None).update(
        closed_at=timezone.now(), changed_by=person
    )
    with lifted():
        Ask.objects.filter(user=person).delete()
        history_of(Ask)._base_manager.filter(user_id=person.pk).delete()


def _forget_addresses(person: User, email: str) -> None:
    """Invitations keep that somebody was invited, not where they were reached."""
    addresses = {email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
    theirs = Q(accepted_by=person.pk)
    for address in addresses:
        theirs |= Q(email__iexact=address)
    events = history_of(Invitation)
    ids = set(Invitation.objects.filter(theirs).values_list("pk", flat=True))
    ids |= set(events._base_manager.filter(theirs).values_list("pgh_obj_id", flat=True))
    with lifted():
        Invitation.objects.filter(pk__in=ids, accepted_at=None).delete()
        Invitation.objects.filter(pk__in=ids).update(email=_address(person))
        events._base_manager.filter(pgh_obj_id__in=ids).update(email=_address(person))


def _forget_sign_in(person: User) -> None:
    keys = UserSession.objects.filter(user=person).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
    for model in (UserSession, Authenticator, SocialAccount, EmailAddress):
        model.objects.filter(user=person).delete()


def _forget_exports(person: User) -> None:
    mine = Export.objects.filter(person=person)
    names = list(mine.exclude(file="").values_list("file", flat=True))
    mine.delete()

    def remove() -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(remove)


def _make_nobody(person: User) -> None:
    person.email = _address(person)
    person.name = ""
    person.is_active = person.is_staff = person.is_superuser = person.wants_mail = False
    person.erased_at = timezone.now()
    person.last_login = person.mailed_on = None
    person.set_unusable_password()
    person.save()
    person.groups.clear()
    person.user_permissions.clear()


def _address(person: User) -> str:
    return f"erased-{person.pk}{NO_ADDRESS}"
