"""A person's own account: what allauth has no page for."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import User
from spinout.accounts import second_factor
from spinout.accounts.forms import NameForm


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Everything that a person can look after, and how it stands."""
    user = _person(request)
    types = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "has_app": Authenticator.Type.TOTP in types,
        "passkeys": types.count(Authenticator.Type.WEBAUTHN),
        "sessions": len(UserSession.objects.purge_and_list(user)),
        "joined": SocialAccount.objects.filter(user=user).exists(),
    }
    return render(request, "account/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        messages.success(request, "Your name is saved.")
        return redirect("account")
    return render(request, "account/name.html", {"form": form})


@require_safe
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed, and the ways to set one up or to give it. On to where one was going if it is
    there."""
    user = _person(request)
    if second_factor.missing_from(request) is None:
        return redirect(_wanted(request))
    types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "has_one": bool(types & set(second_factor.FACTORS)),
        "has_app": Authenticator.Type.TOTP in types,
        "has_passkey": Authenticator.Type.WEBAUTHN in types,
    }
    return render(request, "mfa/second_factor.html", context)


def _wanted(request: HttpRequest) -> str:
    address: str = request.session.pop(second_factor.NEXT, "/")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs the person out in one other place."""
    session = get_object_or_404(UserSession, pk=pk, user=_person(request))
    if session.is_current():
        return redirect("account_logout")
    session.end()
    messages.success(request, "That device is signed out.")
    return redirect("usersessions_list")


class RemovePasskey(RemoveWebAuthnView):
    """Not somebody's only second factor while they need one; allauth asks that of authenticator apps alone."""

    def form_valid(self, form: Form) -> HttpResponse:
        if not get_mfa_adapter().can_delete_authenticator(self.get_object()):
            form.add_error(None, get_mfa_adapter().validation_error("cannot_delete_authenticator"))
            refused: HttpResponse = self.form_invalid(form)
            return refused
        answer: HttpResponse = super().form_valid(form)
        return answer


def at_our_own_asking(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Another site must not start a sign-in here: it could make somebody work in an account that is not theirs."""

    @login_not_required
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            return redirect("account_login")
        answer: HttpResponse = view(request, **kwargs)
        return answer

    return guarded


openid_connect_login = at_our_own_asking(openid_connect.login)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
