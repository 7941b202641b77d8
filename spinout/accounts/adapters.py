"""Where allauth asks the site."""

from typing import Any, NoReturn
from urllib.parse import urlencode

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from assessments.models import User
from spinout.accounts import second_factor


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {  # noqa: RUF012  # as in its base
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or the password is not right",
        "incorrect_password": "This is not your password",
        "enter_current_password": "This is not your password",
        "too_many_login_attempts": "Too many attempts that were not right. Wait five minutes, then try again",
        "rate_limited": "Too many attempts. Wait a few minutes, then try again",
        "email_taken": "Somebody is already registered with this email address",
        "duplicate_email": "This email address is already yours",
        "invalid_password_reset": "This link is not valid, or has been used already",
        "invalid_or_expired_key": "This link is not valid any more",
    }

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """With where somebody was going, since the mail is often opened in another browser than they signed up in."""
        address = super().get_email_confirmation_url(request, emailconfirmation)
        wanted = get_next_redirect_url(request)
        return f"{address}?{urlencode({'next': wanted})}" if wanted else address

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of signing in: who has just given a password need not give it again."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        request = context.request
        return not second_factor.is_recent(request, request.user, account_settings.REAUTHENTICATION_TIMEOUT)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {  # noqa: RUF012  # as in its base
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": "Remove your second factor before you add an email address",
        "cannot_delete_authenticator": (
            "You need a second factor, and this is your only one. Set up another one first, then remove this one"
        ),
        "cannot_generate_recovery_codes": "Set up a second factor first",
        "incorrect_code": "This code is not right, or has been used already",
        "unverified_email": "Confirm your email address before you set up a second factor",
    }

    def _get_site_name(self) -> str:
        """What an authenticator app and a passkey call the site."""
        return "Spinout"

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = context.request.user
        return not (user.must_use_second_factor and second_factor.is_last(authenticator))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An organisation's own sign-in. It may speak for addresses of its own domains, and for no others."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """From the settings alone: nobody adds one by the database."""
        apps = [SocialApp(provider="openid_connect", **app) for app in settings.OIDC_APPS]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return _domain(email) in login.provider.app.settings["domains"]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuses whatever is not an answer to our own question about an address that is theirs to give."""
        claims = sociallogin.account.extra_data
        token, person = claims.get("id_token") or {}, claims.get("userinfo") or {}
        if not sociallogin.state.get("nonce") or token.get("nonce") != sociallogin.state["nonce"]:
            _refuse(request, sociallogin, "answer")
        if token.get("sub") != person.get("sub"):
            _refuse(request, sociallogin, "answer")
        # Joining goes by the address. A link that joins somebody else's sign-in to one's account is not offered.
        if sociallogin.state.get("process") != "login":
            _refuse(request, sociallogin, "answer")
        email = str(person.get("email") or "")
        if "@" not in email:
            _refuse(request, sociallogin, "no-address")
        app = sociallogin.provider.app
        if person.get("email_verified", app.settings["vouches"]) not in (True, "true"):
            _refuse(request, sociallogin, "unverified", email)
        if _domain(email) not in app.settings["domains"]:
            _refuse(request, sociallogin, "domain", email)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[: User._meta.get_field("name").max_length]
        return user


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def _refuse(request: HttpRequest, login: SocialLogin, reason: str, email: str = "") -> NoReturn:
    told = {
        "reason": reason,
        "email": email,
        "provider": login.provider,
        "domains": login.provider.app.settings["domains"],
    }
    raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", told, status=403))
