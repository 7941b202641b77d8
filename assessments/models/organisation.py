import secrets
import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from assessments.models.access import Role
from assessments.models.tracked import tracked
from assessments.models.user import User

# Letters and digits that nobody mistakes for others when a code is read out.
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """What an adviser firm tells its clients, so that they can let it in: eight signs in two groups."""
    signs = "".join(secrets.choice(CODE_LETTERS) for _sign in range(8))
    return f"{signs[:4]}-{signs[4:]}"


@tracked("OrganisationEvent")
class Organisation(models.Model):
    """A public body whose services are assessed, or a firm of advisers.

    `code` is what a firm gives its clients. `keep_months`: assessments that nobody has changed for so long are
    deleted. `erase_on`: the day on which everything of the organisation goes.
    """

    class Kind(models.TextChoices):
        PUBLIC_BODY = "public_body", "Public body"
        ADVISER_FIRM = "adviser_firm", "Adviser firm"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.PUBLIC_BODY)
    code = models.CharField("firm code", max_length=9, default=new_code, unique=True, editable=False)
    founded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    founded_at = models.DateTimeField(auto_now_add=True)
    keep_months = models.PositiveSmallIntegerField("months to keep an assessment unchanged", null=True, blank=True)
    erase_on = models.DateField("to be erased on", null=True, blank=True)
    erase_asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(name=""), name="organisation_named"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("public_body", "adviser_firm")), name="organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(keep_months__isnull=True) | models.Q(keep_months__gte=6, keep_months__lte=240),
                name="organisation_keeps_6_to_240_months",
            ),
            models.CheckConstraint(
                condition=models.Q(erase_on__isnull=True, erase_asked_by__isnull=True)
                | models.Q(erase_on__isnull=False, erase_asked_by__isnull=False),
                name="organisation_erasure_has_date_and_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_firm(self) -> bool:
        return self.kind == Organisation.Kind.ADVISER_FIRM


@tracked("MembershipEvent")
class Membership(models.Model):
    """Somebody belongs to an organisation. Leaving deletes the row; the history keeps that there was one."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", "Administrator"
        MEMBER = "member", "Member"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["joined_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_per_person"),
            models.CheckConstraint(
                condition=models.Q(role__in=("administrator", "member")), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} of {self.organisation}"

    @property
    def is_administrator(self) -> bool:
        return self.role == Membership.Role.ADMINISTRATOR


@tracked("InvitationEvent", without=("secret",))
class Invitation(models.Model):
    """An invitation by e-mail to join an organisation. Its link works once, until it expires or is withdrawn.

    Only a hash of the link's secret is kept: who reads the table cannot use it. One that names an `assessment` says
    with `part` and `questionnaires` what part in it the person takes who accepts.
    """

    PARTS: ClassVar = [(role.value, role.label) for role in (Role.CONTRIBUTOR, Role.READER)]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("email address")
    role = models.CharField(max_length=20, choices=Membership.Role.choices, default=Membership.Role.MEMBER)
    secret = models.CharField("SHA-256 of the link's secret", max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    part = models.CharField("part in the assessment", max_length=20, choices=PARTS, blank=True)
    questionnaires = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-invited_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(assessment__isnull=True)
                | models.Q(part="reader", questionnaires__len=0)
                | models.Q(part="contributor", questionnaires__len__gt=0),
                name="invitation_to_an_assessment_says_as_what",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="invitation_accepted_by_somebody_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="invitation_withdrawn_by_somebody",
            ),
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"


# Neither accepted nor withdrawn. It may have expired: then it can still be sent again.
OPEN_INVITATION = models.Q(accepted_at=None, withdrawn_at=None)


@tracked("ServiceEvent")
class Service(models.Model):
    """A service of a public body, which may become an organisation of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(max_length=200)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(name=""), name="service_named"),
        ]

    def __str__(self) -> str:
        return self.name
