"""Reads settings from the environment. A missing or wrong value stops the start and says what is allowed."""

import os
import warnings
from typing import Any

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


def email(name: str, default: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from an address such as smtp+tls://user:password@host:587."""
    wrong = f"{name} is not the address of a mail server. Allowed: smtp+tls://user:password@host:587, consolemail://"
    try:
        found: dict[str, Any] = environ.Env.email_url_config(text(name, default))
    except (KeyError, ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(wrong) from error
    return {key: value for key, value in found.items() if key.startswith("EMAIL_") and value is not None}
