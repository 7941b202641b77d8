from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from assessments.models import User


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """The person with what they are responsible for, in one query."""
        user = User.objects.with_duties(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
