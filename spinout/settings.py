"""All settings. The environment comes in here and nowhere else; README lists the variables.

SPINOUT_ENV says what for: `production` (what `spinout.wsgi` assumes) refuses to start without its secrets;
`demo` (what every command assumes) works by itself on this machine; `test` is what pytest gets.
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from spinout import environment

BASE_DIR = Path(__file__).resolve().parent.parent

SPINOUT_ENV = environment.choice(
    "SPINOUT_ENV",
    allowed=("production", "demo", "test"),
    # pytest sets PYTEST_VERSION before anything reads settings.
    default="test" if "PYTEST_VERSION" in os.environ else "demo",
)
PRODUCTION = SPINOUT_ENV == "production"
TESTING = SPINOUT_ENV == "test"

DEBUG = environment.yes_or_no("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is true. Production shows nobody its insides: unset it.")

# Files that this installation makes: the private database, collected static files, reports.
DATA_DIR = Path(environment.text("SPINOUT_DATA", str(BASE_DIR / ".data"))).resolve()

# Security

SECRET_KEY = environment.text("SECRET_KEY", "not secret: for demo and tests on one machine only, 0123456789abcdef")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
if PRODUCTION:
    SECRET_KEY = environment.required("SECRET_KEY", "(at least 50 random characters)")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY is too short. Production needs at least 50 random characters.")
    ALLOWED_HOSTS = environment.names(environment.required("ALLOWED_HOSTS", "spinout.example.org"))
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS holds '*'. Name each host that people use, with commas.")
elif environment.text("ALLOWED_HOSTS"):
    ALLOWED_HOSTS = environment.names(environment.text("ALLOWED_HOSTS"))
# Old keys that still open sessions and links while people move to the new one.
SECRET_KEY_FALLBACKS = environment.names(environment.text("SECRET_KEY_FALLBACKS"))

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Only a proxy that sets this header itself, whatever the browser sent, may be trusted.
if environment.yes_or_no("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Attempts are counted by address: the one that the proxy saw, which it adds to X-Forwarded-For as the last.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# A page of questions is small; a file that somebody uploads waits on disk above 2.5 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# The page of figures sends every row that is kept: 500 costs of six boxes and more.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "spinout.upload_handlers.CappedFileUploadHandler",
]

# Application

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles: also Django's own development server serves by whitenoise.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "spinout.accounts",
    "crispy_forms",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "assessments",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "spinout.middleware.private_pages",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "spinout.middleware.SecondFactor",
    # Who changed an answer, for the history triggers; nothing on reading (PGHISTORY_MIDDLEWARE_METHODS).
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

ROOT_URLCONF = "spinout.urls"
WSGI_APPLICATION = "spinout.wsgi.application"

TEMPLATE_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": TEMPLATE_LOADERS if DEBUG else [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
        },
    }
]

CRISPY_ALLOWED_TEMPLATE_PACKS = ("govuk",)
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Database

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASE: dict[str, Any]
if environment.text("DATABASE_URL"):
    DATABASE = environment.database("DATABASE_URL")
elif PRODUCTION:
    environment.required("DATABASE_URL", "postgresql://user:password@host:5432/spinout")
else:
    # Starts a private server with the first connection; see spinout/postgres/server.py.
    DATABASE = {
        "ENGINE": "spinout.postgres",
        "NAME": "spinout",
        "USER": "postgres",
        "PRIVATE_SERVER": {
            "data": str(DATA_DIR / ("postgres-test" if TESTING else "postgres")),
            "database": "spinout",
            "throwaway": TESTING,
        },
    }
DATABASE["CONN_MAX_AGE"] = None
DATABASE["CONN_HEALTH_CHECKS"] = True
if TESTING:
    # Two test runs at once must not share a database; to this name pytest-xdist's workers add their own.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    DATABASE["TEST"] = {"NAME": f"test_spinout_{run}"}
DATABASES = {"default": DATABASE}

# In the database and not in a cache beside it: a memory cache belongs to one process, and somebody who has
# signed out in one would still be signed in in the next.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Failed attempts and used codes. In the database, as every process counts on with the same number; `migrate` makes the
# table. Nothing else is kept there, and no page is shown from it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "spinout_attempts",
        # With too few, an attacker could push out what counts against them.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# Signing in: e-mail and password, or a passkey, or an organisation's own sign-in; then a second factor

AUTH_USER_MODEL = "assessments.User"
AUTHENTICATION_BACKENDS = ["spinout.accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "spinout.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# In the browser that signed up only: a link alone signs nobody in.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# One address for each person; a new one takes the old one's place when it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
# The owner is told by e-mail of every change to how the account is guarded.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
# A password, a code or a passkey again before that is changed, five minutes after it was last given.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_FORMS = {
    "signup": "spinout.accounts.forms.SignupForm",
    "change_password": "spinout.accounts.forms.ChangePasswordForm",
    "reset_password_from_key": "spinout.accounts.forms.ResetPasswordKeyForm",
}

MFA_ADAPTER = "spinout.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Half a minute either way: clocks differ.
MFA_TOTP_TOLERANCE = 1
# An address that somebody changes to is not verified at first; nobody gets in without a verified one.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "spinout.accounts.forms.AuthenticateForm",
    "reauthenticate": "spinout.accounts.forms.ReauthenticateForm",
    "activate_totp": "spinout.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "spinout.accounts.forms.AddWebAuthnForm",
}

# An organisation's own sign-in (OpenID Connect). Our second factor is asked for after it all the same.
OIDC_APPS = environment.sign_in_providers("OIDC_PROVIDERS", https=PRODUCTION)
SOCIALACCOUNT_ADAPTER = "spinout.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "spinout.accounts.oidc.Provider", "OAUTH_PKCE_ENABLED": True}
}
# Who has the address at their organisation has the account with that address here, also when the address changes.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# By a link, since a form may lead nowhere but to this site (form-action above); `at_our_own_asking` guards it.
SOCIALACCOUNT_LOGIN_ON_GET = True
if TESTING:
    # The tests sign in more often from one address than people do; the limits have tests of their own.
    ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False

# E-mail

# In production a mail that goes nowhere locks people out, so the address of a mail server is needed.
if PRODUCTION:
    environment.required("EMAIL_URL", "smtp+tls://user:password@mail.example.org:587")
vars().update(environment.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "Spinout <spinout@localhost>")
# What links in e-mails begin with that no request leads to: the worker has none.
if PRODUCTION:
    environment.required("SITE_URL", "https://spinout.example.org")
SITE_URL = environment.site("SITE_URL", default="http://127.0.0.1:8000", https=PRODUCTION)

# Static files: only what the build wrote and pictures; their sources are not served.

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static" / "build", ("img", BASE_DIR / "static" / "img")]
# Hashed names need `collectstatic` (.ci/setup runs it); tests and debugging read the files where they are.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
STORAGES = {
    # Reports and evidence: on this machine only who runs the server may read them.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "spinout.storage.HashedStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "files"

# How long an assessment is kept that nobody changes, for organisations that have not said so themselves; for ever, if
# nothing is set. The worker deletes by itself only if it is told to; `manage.py retention` says what would go.

SPINOUT_KEEP_MONTHS = environment.months("SPINOUT_KEEP_MONTHS", 6, 240)
SPINOUT_RETENTION = environment.choice("SPINOUT_RETENTION", ("off", "apply"), default="off")

# Logging: plain lines on standard error, for whatever collects them.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "assessments": {"level": "INFO"},
        "spinout": {"level": "INFO"},
        # Which job began and ended; the rest of it speaks of every import.
        "procrastinate.worker": {"level": "INFO"},
        # Its own handlers would mail and print a second time.
        "django": {"level": "WARNING", "handlers": [], "propagate": True},
    },
}

# Jobs. Only `manage.py worker` imports the module with the jobs in it: they bring WeasyPrint with them, which no web
# process needs. Everybody else queues them by name.

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs_are_imported_by_the_worker"
