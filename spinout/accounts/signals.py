from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.models import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest

from spinout.accounts import second_factor


@receiver(authenticator_added)
def remember_the_first(
    request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_given: Any
) -> None:
    """Setting up one's first second factor proves that one has it. A further one proves nothing about the first."""
    if second_factor.is_last(authenticator):
        request.session[second_factor.SET_UP] = str(user.pk)
