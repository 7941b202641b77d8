"""OpenID Connect as allauth speaks it, and what we add: a nonce, and an organisation whose server is away."""

from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from requests import RequestException


class Provider(OpenIDConnectProvider):
    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """To the organisation's server. What comes back must carry the same nonce (`pre_social_login`)."""
        nonce = get_random_string(32)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        kwargs["scope"] = self.get_scope()
        try:
            answer: HttpResponse = super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)
        except (RequestException, KeyError) as error:
            answer = render_authentication_error(request, self, exception=error)
        return answer
