"""Reads settings from the environment. A missing or wrong value stops the start and says what is allowed."""

import json
import os
import re
import warnings
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """The value without surrounding space; an empty value counts as not given."""
    return os.environ.get(name, "").strip() or default


def required(name: str, example: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Production needs it, for example {name}={example}")
    return value


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}. Allowed: {', '.join(allowed)}.")
    return value


def yes_or_no(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value not in TRUE | FALSE | {""}:
        raise ImproperlyConfigured(f"{name} is {value!r}. Allowed: true or false.")
    return value in TRUE if value else default


def months(name: str, least: int, most: int) -> int | None:
    """A whole number of months; None without a value."""
    value = text(name)
    if value and not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} is {value!r}. Allowed: a whole number from {least} to {most}, or nothing.")
    return int(value) if value else None


def names(value: str) -> list[str]:
    """A list written with commas."""
    return [name.strip() for name in value.split(",") if name.strip()]


def database(name: str) -> dict[str, Any]:
    """Django's DATABASES entry from a PostgreSQL address."""
    address = text(name)
    # The value itself is not repeated: it holds a password.
    wrong = f"{name} is not a PostgreSQL address. Allowed: postgresql://user:password@host:5432/database"
    if not address.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(wrong)
    try:
        # django-environ only warns where it drops a part that it does not understand.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            entry: dict[str, Any] = environ.Env.db_url_config(address)
    except (ValueError, Warning) as error:
        raise ImproperlyConfigured(wrong) from error
    if not entry["NAME"]:
        raise ImproperlyConfigured(wrong)
    return entry


def site(name: str, default: str, https: bool) -> str:
    """The address that people open the site at, without a slash at the end: what links in e-mails begin with."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in (("https",) if https else ("https", "http")) or not parts.hostname or parts.username:
        raise ImproperlyConfigured(f"{name} is not an address of a site. Allowed: https://spinout.example.org")
    if value != f"{parts.scheme}://{parts.netloc}":
        raise ImproperlyConfigured(f"{name} has more than scheme and host. Allowed: https://spinout.example.org")
    return value


def email(name: str, default: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from an address such as smtp+tls://user:password@host:587."""
    wrong = f"{name} is not the address of a mail server. Allowed: smtp+tls://user:password@host:587, consolemail://"
    try:
        found: dict[str, Any] = environ.Env.email_url_config(text(name, default))
    except (KeyError, ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(wrong) from error
    return {key: value for key, value in found.items() if key.startswith("EMAIL_") and value is not None}


# id and name of an organisation's sign-in, its server, what it gave us, and the domains that it may speak for.
_PROVIDER = {"id": str, "name": str, "server": str, "client_id": str, "secret": str, "domains": list, "vouches": bool}
_TAKEN = {"cancelled", "error", "sign-up"}


def sign_in_providers(name: str, https: bool) -> list[dict[str, Any]]:
    """allauth's OpenID Connect apps from a JSON list; README says what is in it. None without a value."""
    try:
        found = json.loads(text(name, "[]"))
    except json.JSONDecodeError as error:
        raise ImproperlyConfigured(f"{name} is not JSON: {error}") from error
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ImproperlyConfigured(f"{name} is not a list of objects, for example [{{'id': 'exampleshire', …}}].")
    apps = [_sign_in_provider(f"{name}: number {number}", entry, https) for number, entry in enumerate(found, 1)]
    ids = [app["provider_id"] for app in apps]
    if len(set(ids)) < len(ids):
        raise ImproperlyConfigured(f"{name}: two have the same id. Give each its own.")
    return apps


def _sign_in_provider(where: str, entry: dict[str, Any], https: bool) -> dict[str, Any]:
    # No value is repeated: one of them is a secret.
    entry = {"vouches": False, **entry}
    if entry.keys() != _PROVIDER.keys():
        raise ImproperlyConfigured(f"{where} must have {', '.join(_PROVIDER)} (vouches may be left out), and no other.")
    for key, kind in _PROVIDER.items():
        if not isinstance(entry[key], kind) or (kind is not bool and not entry[key]):
            raise ImproperlyConfigured(f"{where}: {key} must be {_KIND_IN_WORDS[kind]}.")
    if not re.fullmatch(r"[a-z0-9-]{1,50}", entry["id"]) or entry["id"] in _TAKEN:
        raise ImproperlyConfigured(f"{where}: id must be small letters, digits and hyphens, and none of our own words.")
    server = urlsplit(entry["server"])
    if server.scheme not in (("https",) if https else ("https", "http")) or not server.hostname:
        raise ImproperlyConfigured(f"{where}: server must be an address that begins with https://.")
    domains = [domain.lower() if isinstance(domain, str) else "" for domain in entry["domains"]]
    if not all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain) for domain in domains):
        raise ImproperlyConfigured(f"{where}: domains must be domain names, for example exampleshire.gov.uk.")
    return {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["client_id"],
        "secret": entry["secret"],
        "settings": {
            "server_url": entry["server"].rstrip("/"),
            "domains": domains,
            "vouches": entry["vouches"],
            # allauth takes the addresses as verified: whatever is not has been refused before (`pre_social_login`).
            "verified_email": domains,
        },
    }


_KIND_IN_WORDS = {str: "text", list: "a list", bool: "true or false"}
