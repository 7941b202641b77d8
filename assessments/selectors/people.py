"""Who takes part in an assessment, and which assessments somebody takes part in."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, QuerySet
from django.utils import timezone

from assessments.models import Assessment, Engagement, Invitation, Membership, Participation, Role, User
from assessments.models.organisation import OPEN_INVITATION
from assessments.selectors.workbook import workbook
from assessments.services.invitations import hashed

# So many of the assessments that somebody only looks after; the organisation's page has them all.
ADMINISTERED = 20


def questionnaire_titles(assessment: Assessment) -> dict[str, str]:
    """Everything that a contributor can be asked to fill in, in the catalogue's order. Asks nothing of the database."""
    return {found.slug: found.title for found in workbook(assessment).questionnaires}


def holders_of(assessment: Assessment) -> Mapping[str, list[str]]:
    """By questionnaire the names of the contributors whose it is."""
    names: dict[str, list[str]] = defaultdict(list)
    rows = assessment.participations.filter(role=Role.CONTRIBUTOR).select_related("user").order_by("added_at")
    for row in rows:
        for slug in row.questionnaires:
            names[slug].append(str(row.user))
    return names


@dataclass(frozen=True)
class Taking:
    """Somebody's part, with the titles of what is theirs."""

    participation: Participation
    titles: tuple[str, ...]


@dataclass(frozen=True)
class PeoplePage:
    """Who sees an assessment, and as what."""

    assessment: Assessment

    @cached_property
    def taking_part(self) -> list[Taking]:
        titles = questionnaire_titles(self.assessment)
        rows = self.assessment.participations.select_related("user").order_by("role", "added_at")
        return [
            Taking(row, tuple(title for slug, title in titles.items() if slug in row.questionnaires)) for row in rows
        ]

    @property
    def contributors(self) -> list[Taking]:
        return [taking for taking in self.taking_part if taking.participation.role == Role.CONTRIBUTOR]

    @property
    def readers(self) -> list[Taking]:
        return [taking for taking in self.taking_part if taking.participation.role == Role.READER]

    @cached_property
    def has_addable(self) -> bool:
        """Whether anybody of the organisation does not take part yet; if nobody, adding leads nowhere."""
        return addable(self.assessment).exists()

    @cached_property
    def administrators(self) -> list[User]:
        rows = Membership.objects.filter(
            organisation=self.assessment.organisation_id, role=Membership.Role.ADMINISTRATOR
        )
        return [row.user for row in rows.select_related("user").order_by("user__name", "user__email")]

    @cached_property
    def engagements(self) -> list[Engagement]:
        standing = self.assessment.engagements.filter(ended_at=None)
        return list(standing.select_related("firm", "began_by").order_by("firm__name"))


def addable(assessment: Assessment) -> QuerySet[User]:
    """Members of the organisation who do not take part yet."""
    return (
        User.objects.filter(memberships__organisation=assessment.organisation_id)
        .exclude(pk=assessment.lead_id)
        .exclude(participations__assessment=assessment)
        .order_by("name", "email")
    )


def possible_leads(assessment: Assessment) -> QuerySet[User]:
    """Members of the organisation who do not lead it already."""
    members = User.objects.filter(memberships__organisation=assessment.organisation_id)
    return members.exclude(pk=assessment.lead_id).order_by("name", "email")


# Invitations -------------------------------------------------------------------------------------------------


def invitation_behind(secret: str) -> Invitation | None:
    """The invitation that a link opens now; None whatever the reason why it opens none."""
    rows = Invitation.objects.filter(OPEN_INVITATION, secret=hashed(secret), expires_at__gt=timezone.now())
    return rows.select_related("organisation", "invited_by", "assessment__service__organisation").first()


def masked(email: str) -> str:
    """Enough for its owner to know the address by, and too little for anybody else: f***@e***.org."""
    name, _at, domain = email.rpartition("@")
    host, _dot, ending = domain.rpartition(".")
    return f"{name[:1]}***@{host[:1]}***.{ending}"


# Home --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mine:
    """An assessment that somebody leads, or what else they do in it."""

    assessment: Assessment
    role: str

    @property
    def word(self) -> str:
        return "" if self.role == Role.LEAD else str(Role(self.role).label)


def assessments_of(person: User) -> list[Mine]:
    """Those that the person leads or takes part in, the last changed first. One query."""
    rows = (
        Assessment.objects.defer("result")
        .filter(access__user_id=person.pk, access__role__in=(Role.LEAD, Role.CONTRIBUTOR, Role.READER))
        .annotate(role=F("access__role"))
        .order_by("-changed_at")
    )
    return [Mine(row, row.role) for row in rows]


def administered_by(person: User, besides: list[Mine]) -> tuple[list[Assessment], bool]:
    """The last changed of those that the person sees as an administrator alone, and whether there are more."""
    if not person.administers:
        return [], False
    rows = Assessment.objects.defer("result").filter(access__user_id=person.pk, access__role=Role.ADMINISTRATOR)
    own = [mine.assessment.pk for mine in besides]
    found = list(rows.exclude(pk__in=own).order_by("-changed_at")[: ADMINISTERED + 1])
    return found[:ADMINISTERED], len(found) > ADMINISTERED
