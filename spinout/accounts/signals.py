from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest

from assessments.models import User
from spinout.accounts import second_factor


@receiver(authenticator_added)
def remember_the_first(request: HttpRequest, user: User, authenticator: Authenticator, **_given: Any) -> None:
    """Setting up one's first second factor proves that one has it. A further one proves nothing about the first."""
    if second_factor.is_last(authenticator):
        request.session[second_factor.SET_UP] = str(user.pk)


@receiver(authenticator_removed)
def forget_the_last(request: HttpRequest, user: User, **_given: Any) -> None:
    if not second_factor.has_one(user):
        second_factor.forget(request, user)
