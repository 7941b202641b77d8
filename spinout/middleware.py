"""What every answer to somebody who has signed in carries, and what they must have shown first."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from spinout.accounts import second_factor

Respond = Callable[[HttpRequest], HttpResponseBase]


def private_pages(respond: Respond) -> Respond:
    """Pages of somebody signed in are kept by no cache, so that "back" after signing out shows nothing."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


# What tells nothing of anybody, and the ways to give a second factor, to sign out and to sign in.
_OPEN = {
    "method",
    "glossary",
    "sources",
    "accessibility",
    "privacy",
    "health",
    "mail-stop",
    "second-factor",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
# For who has none yet. Who has one gives it first: with a password alone nobody changes how an account is guarded.
_OPEN_WITHOUT_ONE = {
    "account",
    "account-name",
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "usersessions_list",
    "session-end",
}


class SecondFactor:
    """Whoever must use a second factor and has not in this session is led to where it is given or set up.

    Closed by default: a page that is not named above stays shut. For everybody else no query is made.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.respond(request)

    def process_view(self, request: HttpRequest, *_given: Any) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        person = None if name in _OPEN else second_factor.missing_from(request)
        if person is None or (name in _OPEN_WITHOUT_ONE and not second_factor.has_one(person)):
            return None
        if request.method == "GET" and name not in _OPEN_WITHOUT_ONE:
            request.session[second_factor.NEXT] = request.get_full_path()
        return HttpResponseRedirect(reverse("second-factor"))
