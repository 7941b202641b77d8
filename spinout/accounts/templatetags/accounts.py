"""How pages of the account say things: `{% load accounts %}`."""

from allauth.socialaccount.models import SocialAccount
from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# The first that is found in what a browser says of itself; several say that they are also the ones below them.
_BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "a Mac",
    "CrOS": "a Chromebook",
    "Linux": "Linux",
}


@register.filter
def browser_in_words(user_agent: str) -> str:
    """ "Firefox on Windows". What cannot be told is left out; the rest is the browser's own claim."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), "A browser")
    system = next((name for sign, name in _SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


@register.filter
def in_fours(key: str) -> str:
    """A long key as people can copy it. Apps pass over the spaces."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


@register.filter
def qr_picture(svg: str) -> SafeString:
    """In the page itself, since pictures come from our own server only. The SVG is made here, of nobody's text."""
    drawing = svg[svg.index("<svg") :].replace("<svg", '<svg role="img" aria-label="QR code of the key below"', 1)
    return format_html('<div class="app-qr">{}</div>', mark_safe(drawing))  # noqa: S308


@register.filter
def organisation(account: SocialAccount) -> str:
    """The name of the organisation through whose sign-in this account is opened; what it is called, if it has gone."""
    names = {app["provider_id"]: app["name"] for app in settings.OIDC_APPS}
    return str(names.get(account.provider, account.provider))
