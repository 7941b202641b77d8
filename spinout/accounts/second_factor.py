"""Who must give a second factor, and who has given one. Also the keys of the session that say so."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from assessments.models import User

# Set by `signals` for who sets up a first second factor: allauth notes only what somebody signs in with.
SET_UP = "second_factor_set_up_by"
# Where somebody was going who was asked for it.
NEXT = "second_factor_next"

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_given(request: HttpRequest, user: User) -> bool:
    """A code, a recovery code or a passkey, or one set up, by this person in this session. Needs no query."""
    if request.session.get(SET_UP) == str(user.pk):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def forget(request: HttpRequest, user: User) -> None:
    """What was given does not count any more: the person has none now."""
    request.session.pop(SET_UP, None)
    others = [record for record in get_authentication_records(request, user) if record.get("method") != "mfa"]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = others


def missing_from(request: HttpRequest) -> User | None:
    """The person who still has to give one; None for everybody else."""
    user = request.user
    if isinstance(user, User) and user.must_use_second_factor and not is_given(request, user):
        return user
    return None


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def is_last(authenticator: Authenticator) -> bool:
    """Nothing but recovery codes would be left."""
    if authenticator.type not in FACTORS:
        return False
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


def is_recent(request: HttpRequest, user: User, seconds: float) -> bool:
    """Signed in, or confirmed it, so lately that nobody else will have sat down there."""
    records = get_authentication_records(request, user)
    return any(time.time() - record["at"] < seconds for record in records)
