"""The addresses that the page's shell links to, for tests that need no more of the site."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("", page, name="home"),
    path("method/", page, name="method"),
    path("glossary/", page, name="glossary"),
    path("sources/", page, name="sources"),
    path("accessibility/", page, name="accessibility"),
    path("privacy/", page, name="privacy"),
    path("mail/", page, name="mail-settings"),
    path("account/data/", page, name="account-data"),
    path("accounts/", include("allauth.urls")),
]
