"""`manage.py erase`: erases the organisations whose administrators asked for it, once their days are over."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.services import erasure


class Command(BaseCommand):
    help = "Erases organisations whose day has come. The worker does the same every night."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be erased, and change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        today = timezone.localdate()
        due = erasure.due(today)
        for organisation in due:
            name, day = organisation.name, f"{organisation.erase_on:%d %B %Y}"
            if dry_run:
                self.stdout.write(f"{name} would be erased: its day was {day}.")
            elif erasure.erase_if_due(organisation=organisation, today=today):
                self.stdout.write(f"{name} is erased: its day was {day}.")
        if not due:
            self.stdout.write("No organisation is due.")
