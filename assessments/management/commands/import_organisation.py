"""`manage.py import_organisation FILE`: an organisation that was exported somewhere, with all its history."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.services.imports import import_organisation
from assessments.services.organisation_rows import BadFile


class Command(BaseCommand):
    help = "Brings in an organisation from the ZIP that its administrator exported. All of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the ZIP")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            done = import_organisation(file)
        except BadFile as bad:
            raise CommandError(f"Nothing was imported. {bad}", returncode=2) from None
        self.stdout.write(f"{done.organisation.name}: {done.rows:,} rows and {done.files:,} files.")
        self.stdout.write(
            f"People: {done.people_known} had an account here, {done.people_made} are new. Who is new sets a password"
            " by “I have forgotten my password”."
        )
        for left_out in done.left_out:
            self.stdout.write(f"Left out: {left_out}")
