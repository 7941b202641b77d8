"""`manage.py demo_code EMAIL`: what a fictional person's authenticator app would show now."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assessments.management.demo_codes import SECRET, current_code


class Command(BaseCommand):
    help = "Prints the code that a person of the demo gives as second factor. It holds for about a minute, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="whose code, as `manage.py demo` printed it")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        if settings.SPINOUT_ENV != "demo":
            raise CommandError(f"Codes are for the demo, not for SPINOUT_ENV={settings.SPINOUT_ENV}.")
        found = Authenticator.objects.filter(user__email__iexact=email, type=Authenticator.Type.TOTP).first()
        if found is None:
            raise CommandError(f"Nobody with the address {email} has an authenticator app here.")
        if found.wrap().instance.data["secret"] != SECRET:
            raise CommandError(f"{email} has set up an app of their own: the code is on that phone.")
        self.stdout.write(current_code())
