"""A second factor that everybody knows, for fictional people: in the demo, and in tests."""

import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from assessments.models import User

SECRET = "SPINOUTDEMOSPINOUTDEMOSPINOUTDEMO"[:32]  # it opens fictional accounts only


def give_second_factor(user: User) -> None:
    """An authenticator app with a known key, and recovery codes; nothing for who has one already."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, SECRET)
        RecoveryCodes.activate(user)


def current_code(later: int = 0, secret: str = SECRET) -> str:
    """What the app shows, or will show that many half minutes from now."""
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD + later))
    return code
