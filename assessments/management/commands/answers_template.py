"""`manage.py answers_template`: prints an answers file to fill in. Needs no database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.catalogue import loader
from assessments.catalogue.problems import CatalogueError
from assessments.catalogue.schema import FactValue, Stage
from assessments.management.answers_input import content_of, name_of, refuse_all
from assessments.scoring.answers_file import AnswersFileError, parse_profile
from assessments.scoring.answers_template import template


class Command(BaseCommand):
    help = "Prints an answers file that holds all that a stage and a profile ask, unanswered."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=[stage.value for stage in Stage], help="the next decision")
        parser.add_argument(
            "--profile", metavar="FILE", help="a file with a [profile] table, such as an answers file; - is input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stage = None if options["stage"] is None else Stage(options["stage"])
        try:
            catalogue = loader.edition(loader.editions()[-1])
        except CatalogueError as error:
            raise CommandError(f"The catalogue itself is broken:\n{error}") from None
        facts: dict[str, FactValue] = {}
        if options["profile"] is not None:
            try:
                facts = parse_profile(content_of(options["profile"]), name_of(options["profile"]), catalogue)
            except AnswersFileError as error:
                refuse_all(error.problems, "Nothing was printed")
        self.stdout.write(template(catalogue, stage, facts, timezone.localdate()), ending="")
