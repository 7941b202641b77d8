"""The organisations of a person, and what stands on their pages."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from assessments.models import Assessment, Engagement, Invitation, Membership, Organisation, Service, User
from assessments.models.organisation import OPEN_INVITATION

PAGE = 50


def organisations_of(person: User) -> QuerySet[Organisation]:
    """Those that the person belongs to, in alphabetical order."""
    return Organisation.objects.filter(memberships__user=person).order_by("name", "pk")


def public_bodies_of(person: User) -> QuerySet[Organisation]:
    return organisations_of(person).filter(kind=Organisation.Kind.PUBLIC_BODY)


def firms_of(person: User) -> QuerySet[Organisation]:
    return organisations_of(person).filter(kind=Organisation.Kind.ADVISER_FIRM)


def memberships_of(person: User) -> QuerySet[Membership]:
    """What the person is where, by the organisations' names."""
    return Membership.objects.filter(user=person).select_related("organisation").order_by("organisation__name", "pk")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    return organisation.memberships.select_related("user").order_by("user__name", "user__email")


def people_in(organisation: Organisation) -> QuerySet[User]:
    """Its members, to choose one from."""
    return User.objects.filter(memberships__organisation=organisation).order_by("name", "email")


def assessments_of(organisation: Organisation) -> QuerySet[Assessment]:
    """All of it, by the names of their services."""
    found: QuerySet[Assessment] = Assessment.objects.filter(service__organisation=organisation).defer("result")
    return found.order_by("service__name", "pk")


def seen_by(firm: Organisation, organisation: Organisation) -> QuerySet[Assessment]:
    """The organisation's assessments that the firm may see now."""
    return assessments_of(organisation).filter(engagements__firm=firm, engagements__ended_at=None)


def standing_engagements(firm_pk: UUID, organisation: Organisation) -> list[Engagement]:
    """What the firm was let in to and is not shut out of, with who did it."""
    rows = Engagement.objects.filter(firm=firm_pk, assessment__service__organisation=organisation, ended_at=None)
    return list(rows.select_related("firm", "began_by"))


@dataclass(frozen=True)
class OpenInvitation:
    invitation: Invitation
    is_expired: bool


@dataclass(frozen=True)
class OrganisationPage:
    """What a member sees of their organisation; its administrators see more."""

    organisation: Organisation
    membership: Membership
    number: int | str = 1

    @property
    def administers(self) -> bool:
        return self.membership.is_administrator

    @cached_property
    def members(self) -> list[Membership]:
        return list(members_of(self.organisation))

    @property
    def has_administrator(self) -> bool:
        return any(member.is_administrator for member in self.members)

    @cached_property
    def invitations(self) -> list[OpenInvitation]:
        """Those that wait for an answer, and those that nobody took in time."""
        rows = Invitation.objects.filter(OPEN_INVITATION, organisation=self.organisation)
        now = timezone.now()
        return [OpenInvitation(row, row.expires_at <= now) for row in rows.select_related("invited_by", "assessment")]

    @cached_property
    def firms(self) -> list[Organisation]:
        """The firms that may see something now, each with how much and since when."""
        standing = {
            "engagements__assessment__service__organisation": self.organisation,
            "engagements__ended_at": None,
        }
        firms = Organisation.objects.filter(**standing)
        return list(firms.annotate(sees=Count("engagements"), since=Min("engagements__began_at")).order_by("name"))

    @cached_property
    def assessments(self) -> "Page[Assessment]":
        rows = assessments_of(self.organisation).select_related("lead", "latest").defer("result", *_HEAVY)
        return Paginator(rows, PAGE).get_page(self.number)

    @cached_property
    def idle_services(self) -> list[Service]:
        """Services without an assessment: theirs was deleted."""
        return list(self.organisation.services.filter(assessments=None)[:PAGE])


_HEAVY = ("latest__inputs", "latest__result", "latest__colours", "latest__words")


@dataclass(frozen=True)
class Leaving:
    """What goes with a person who leaves an organisation, and what stands in the way."""

    membership: Membership

    @property
    def organisation(self) -> Organisation:
        return self.membership.organisation

    @cached_property
    def led(self) -> list[Assessment]:
        return list(assessments_of(self.organisation).filter(lead=self.membership.user_id))

    @cached_property
    def others(self) -> list[Membership]:
        return list(members_of(self.organisation).exclude(pk=self.membership.pk))

    @property
    def is_last_administrator(self) -> bool:
        """While others belong to it, somebody looks after it."""
        roles = {other.role for other in self.others}
        return self.membership.is_administrator and bool(roles) and Membership.Role.ADMINISTRATOR not in roles

    @property
    def has_nobody_to_lead(self) -> bool:
        return bool(self.led) and not self.others

    @property
    def may(self) -> bool:
        return not (self.is_last_administrator or self.has_nobody_to_lead)

    @cached_property
    def invitations(self) -> int:
        """Those that the person sent and that still wait."""
        opened = Invitation.objects.filter(
            OPEN_INVITATION, organisation=self.organisation, expires_at__gt=timezone.now()
        )
        return opened.filter(invited_by=self.membership.user_id).count()
