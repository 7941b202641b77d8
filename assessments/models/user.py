from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

# Put together by hand: every request asks this, and Django takes longer to write it than PostgreSQL to answer.
_WITH_DUTIES = """
SELECT person.*,
  EXISTS (SELECT FROM assessments_membership
    WHERE user_id = person.id AND role = 'administrator') AS administers,
  EXISTS (SELECT FROM assessments_membership JOIN assessments_organisation AS firm ON firm.id = organisation_id
    WHERE user_id = person.id AND firm.kind = 'adviser_firm') AS advises
FROM assessments_user AS person WHERE person.id = %s
"""

# What stands where the name of somebody was whose account is erased, and how their address ends: no mail goes there.
GONE = "Somebody whose account is gone"
NO_ADDRESS = "@invalid.invalid"


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """In small letters, in which allauth looks addresses up."""
        return super().normalize_email(email).lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user; without a password one who cannot sign in until it is reset."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def with_duties(self, pk: int) -> "User | None":
        """The person with what they administer and advise, in one query that Django need not put together."""
        return next(iter(self.raw(_WITH_DUTIES, [pk])), None)

    def get_by_natural_key(self, username: str | None) -> "User":
        """E-mail addresses differ by more than case, here as in the constraint."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, by e-mail address; there is no user name."""

    # `unique` is what Django looks for in a USERNAME_FIELD; the constraint below also refuses other capitals.
    email = models.EmailField("email address", unique=True)
    name = models.CharField("full name", max_length=200, blank=True)
    is_staff = models.BooleanField("may use the administration", default=False)
    is_active = models.BooleanField(
        "active", default=True, help_text="Switch off instead of deleting: the history keeps its names."
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    wants_mail = models.BooleanField("wants e-mail when something is asked", default=True)
    mailed_on = models.DateField("last daily e-mail", null=True, editable=False)
    erased_at = models.DateTimeField("account erased", null=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Somebody with this email address is already registered.",
            )
        ]

    def __str__(self) -> str:
        return self.name or (GONE if self.email.endswith(NO_ADDRESS) else self.email)

    @cached_property
    def administers(self) -> bool:
        """Whether they administer any organisation."""
        return bool(self.memberships.filter(role="administrator").exists())

    @cached_property
    def advises(self) -> bool:
        """Whether they belong to any firm of advisers."""
        return bool(self.memberships.filter(organisation__kind="adviser_firm").exists())

    @property
    def must_use_second_factor(self) -> bool:
        return self.administers or self.advises

    def clean(self) -> None:
        super().clean()
        self.email = UserManager.normalize_email(self.email)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
