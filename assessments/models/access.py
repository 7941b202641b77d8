"""What each person may see of an assessment: a view of the database, read with the assessment itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from assessments.models.user import User


class Role(models.TextChoices):
    """What somebody is to an assessment. A person may be several of these at once."""

    LEAD = "lead", "Lead"
    CONTRIBUTOR = "contributor", "Contributor"
    READER = "reader", "Reader"
    ADMINISTRATOR = "administrator", "Administrator"
    ADVISER = "adviser", "Adviser"


class Access(models.Model):
    """Who is what to which assessment: a view of the database, and the one place that says so.

    A row for the lead, for each participation, for each administrator of the organisation, and for each member of
    a firm whose engagement stands.
    """

    pk = models.CompositePrimaryKey("assessment_id", "user_id", "role")
    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.DO_NOTHING, related_name="access")
    user = models.ForeignKey(User, on_delete=models.DO_NOTHING, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    questionnaires = ArrayField(models.CharField(max_length=60))
    firm = models.ForeignKey("assessments.Organisation", on_delete=models.DO_NOTHING, null=True, related_name="+")

    class Meta:
        managed = False
        db_table = "assessments_access"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


@dataclass(frozen=True, slots=True)
class Seat:
    """What one person is to one assessment: all their roles, the questionnaires that are theirs as a contributor, and
    the firms that they advise it for."""

    user_id: int
    roles: frozenset[str]
    questionnaires: frozenset[str] = frozenset()
    firms: frozenset[UUID] = frozenset()

    NOBODY: ClassVar["Seat"]

    @classmethod
    def of(cls, user_id: int, rows: Iterable[tuple[str, list[str], UUID | None]]) -> "Seat":
        """From a person's rows of `Access`: (role, questionnaires, firm)."""
        roles, questionnaires, firms = set(), set(), set()
        for role, slugs, firm in rows:
            roles.add(role)
            questionnaires.update(slugs)
            firms.update([firm] if firm else [])
        return cls(user_id, frozenset(roles), frozenset(questionnaires), frozenset(firms))

    @property
    def is_lead(self) -> bool:
        return Role.LEAD in self.roles

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def is_adviser(self) -> bool:
        """An adviser and nothing else: who is also of the client's people has seen what they see."""
        return self.roles == {Role.ADVISER}

    @property
    def advises(self) -> bool:
        return Role.ADVISER in self.roles

    @property
    def is_client(self) -> bool:
        return bool(self.roles - {Role.ADVISER})


Seat.NOBODY = Seat(0, frozenset())
