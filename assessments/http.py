"""What views say of a request."""

from typing import cast

from django.http import HttpRequest

from assessments.models import User


def signed_in(request: HttpRequest) -> User:
    """The person; `LoginRequiredMiddleware` has seen to it that there is one."""
    return cast(User, request.user)
