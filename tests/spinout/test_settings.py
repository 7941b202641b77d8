"""Settings are read in a fresh process, as a command or a server would."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

PRODUCTION = {
    "SPINOUT_ENV": "production",
    "SECRET_KEY": "0123456789" * 5,
    "ALLOWED_HOSTS": "spinout.example.org, www.example.org",
    "DATABASE_URL": "postgresql://anna:p%40ss@db.example.org:5433/spinout?sslmode=require",
    "EMAIL_URL": "smtp+tls://anna:secret@mail.example.org:587",
    "SITE_URL": "https://spinout.example.org/",
}

PRINT = """
import json
from spinout import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=str))
"""


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", PRINT],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=plain | environment,
    )


def settings(**environment: str) -> dict[str, Any]:
    done = start(**environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_production_reads_environment() -> None:
    found = settings(**PRODUCTION)

    database = found["DATABASES"]["default"]
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["spinout.example.org", "www.example.org"]
    assert (database["ENGINE"], database["HOST"], database["PASSWORD"]) == (
        "django.db.backends.postgresql",
        "db.example.org",
        "p@ss",
    )
    assert database["OPTIONS"] == {"sslmode": "require"}
    assert (found["EMAIL_HOST"], found["EMAIL_USE_TLS"]) == ("mail.example.org", True)
    assert found["SITE_URL"] == "https://spinout.example.org"
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is True


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_URL", "SITE_URL"])
@pytest.mark.parametrize("value", ["", "  "])
def test_production_without_required_value(name: str, value: str) -> None:
    done = start(**PRODUCTION | {name: value})

    assert done.returncode != 0
    assert f"{name} is not set. Production needs it" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SPINOUT_ENV", "prod", "SPINOUT_ENV is 'prod'. Allowed: production, demo, test."),
        ("DEBUG", "maybe", "DEBUG is 'maybe'. Allowed: true or false."),
        ("DEBUG", "true", "DEBUG is true. Production shows nobody its insides"),
        ("BEHIND_PROXY", "perhaps", "BEHIND_PROXY is 'perhaps'. Allowed: true or false."),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS holds '*'"),
        ("DATABASE_URL", "mysql://anna:secret@localhost/spinout", "DATABASE_URL is not a PostgreSQL address"),
        (
            "DATABASE_URL",
            "postgresql://anna:secret@localhost:5432/",
            "DATABASE_URL is not a PostgreSQL address",
        ),
        (
            "DATABASE_URL",
            "postgresql://anna:secret@localhost:port/a",
            "DATABASE_URL is not a PostgreSQL address",
        ),
        ("EMAIL_URL", "post://mail.example.org", "EMAIL_URL is not the address of a mail server"),
        ("SITE_URL", "http://spinout.example.org", "SITE_URL is not an address of a site"),
        ("SITE_URL", "spinout.example.org", "SITE_URL is not an address of a site"),
        ("SITE_URL", "https://spinout.example.org/start?a=1", "SITE_URL has more than scheme and host"),
    ],
)
def test_wrong_value_stops_start(name: str, value: str, message: str) -> None:
    done = start(**PRODUCTION | {name: value})

    assert done.returncode != 0
    assert message in done.stderr.splitlines()[-1]


PROVIDER = {
    "id": "exampleshire",
    "name": "Exampleshire County Council",
    "server": "https://login.example.org/",
    "client_id": "spinout",
    "secret": "hidden-word",
    "domains": ["Exampleshire.gov.uk"],
}


def test_organisations_sign_in() -> None:
    found = settings(**PRODUCTION, OIDC_PROVIDERS=json.dumps([PROVIDER]))

    assert found["OIDC_APPS"][0]["provider_id"] == "exampleshire"
    assert found["OIDC_APPS"][0]["settings"] == {
        "server_url": "https://login.example.org",
        "domains": ["exampleshire.gov.uk"],
        "vouches": False,
        "verified_email": ["exampleshire.gov.uk"],
    }


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("[", "OIDC_PROVIDERS is not JSON"),
        ("{}", "OIDC_PROVIDERS is not a list of objects"),
        ([PROVIDER, PROVIDER], "OIDC_PROVIDERS: two have the same id"),
        (
            [PROVIDER, {"id": "other"}],
            "OIDC_PROVIDERS: number 2 must have id, name, server, client_id, secret, domains",
        ),
        ([PROVIDER | {"domain": "x"}], "OIDC_PROVIDERS: number 1 must have"),
        ([PROVIDER | {"id": "Example Shire"}], "id must be small letters, digits and hyphens"),
        ([PROVIDER | {"id": "sign-up"}], "id must be small letters, digits and hyphens"),
        ([PROVIDER | {"secret": ""}], "secret must be text"),
        ([PROVIDER | {"vouches": "yes"}], "vouches must be true or false"),
        ([PROVIDER | {"domains": []}], "domains must be a list"),
        ([PROVIDER | {"domains": ["*"]}], "domains must be domain names"),
        ([PROVIDER | {"domains": ["uk"]}], "domains must be domain names"),
        ([PROVIDER | {"domains": [7]}], "domains must be domain names"),
        ([PROVIDER | {"server": "http://login.example.org"}], "server must be an address that begins with https://"),
        ([PROVIDER | {"server": "login.example.org"}], "server must be an address that begins with https://"),
    ],
)
def test_wrong_sign_in_stops_start(value: Any, message: str) -> None:
    done = start(**PRODUCTION, OIDC_PROVIDERS=value if isinstance(value, str) else json.dumps(value))

    assert done.returncode != 0
    assert message in done.stderr.splitlines()[-1]
    assert "hidden-word" not in done.stderr.splitlines()[-1]


def test_wrong_database_address_keeps_password_secret() -> None:
    done = start(**PRODUCTION | {"DATABASE_URL": "mysql://anna:hidden-word@localhost/spinout"})

    assert "hidden-word" not in done.stderr + done.stdout


def test_demo_needs_nothing() -> None:
    found = settings()

    assert (found["SPINOUT_ENV"], found["DEBUG"]) == ("demo", False)
    assert found["DATABASES"]["default"]["ENGINE"] == "spinout.postgres"


def test_server_assumes_production() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import spinout.wsgi"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
    )

    assert done.returncode != 0
    assert "SECRET_KEY is not set. Production needs it" in done.stderr
