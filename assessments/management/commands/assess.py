"""`manage.py assess FILE`: scores an answers file without the web and without a database."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.cashflow.reading import InputsError, read
from assessments.catalogue.problems import CatalogueError, Problem
from assessments.management.answers_input import STANDARD, content_of, name_of, refuse, refuse_all
from assessments.planning.assessed import Assessed, assessed
from assessments.planning.document import document_of, to_json
from assessments.planning.summary import summary
from assessments.scoring.answers_file import AnswersFile, AnswersFileError, parse


class Command(BaseCommand):
    help = "Scores an answers file (TOML or JSON). Without --json and --pdf it prints a short summary."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the answers file; - is standard input")
        parser.add_argument("--json", metavar="OUT", help="write the result there as JSON; - is standard output")
        parser.add_argument("--pdf", metavar="OUT", help="write the report there as PDF; - is standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        outs = (options["json"], options["pdf"])
        if outs == (STANDARD, STANDARD):
            refuse("Standard output takes one of --json and --pdf. Give the other one a file.")
        given = answers_from(options["file"])
        for warning in given.warnings:
            self.stderr.write(f"Note: {warning}.")
        if outs == (None, None):
            self.stdout.write(summary_of(given))
            return
        makers = (json_of, pdf_of)
        contents = [(out, make(given)) for out, make in zip(outs, makers, strict=True) if out is not None]
        for out, content in contents:
            write(out, content)


def answers_from(file: str) -> AnswersFile:
    try:
        return parse(content_of(file), name_of(file), problems_of_cashflow=cashflow_problems)
    except AnswersFileError as error:
        refuse_all(error.problems, "Nothing was scored")
    except CatalogueError as error:
        raise CommandError(f"The catalogue itself is broken:\n{error}") from None


def cashflow_problems(table: Mapping[str, Any], name: str) -> tuple[Problem, ...]:
    try:
        read(table, name)
    except InputsError as error:
        return error.problems
    return ()


def assessed_of(given: AnswersFile) -> Assessed:
    return assessed(given.catalogue, given.answers, cashflow=given.cashflow)


def summary_of(given: AnswersFile) -> str:
    return summary(assessed_of(given), given.service)


def json_of(given: AnswersFile) -> bytes:
    return to_json(document_of(assessed_of(given), given.service))


def pdf_of(given: AnswersFile) -> bytes:
    # The PDF engine takes longer to load than everything else takes to run: only who wants a PDF waits for it.
    from assessments.reports.inputs import Given
    from assessments.reports.pdf import pdf_for

    return pdf_for(Given(given.catalogue, given.answers, given.service, given.cashflow))


def write(out: str, content: bytes) -> None:
    try:
        if out == STANDARD:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            Path(out).write_bytes(content)
    except (OSError, ValueError) as error:
        raise CommandError(f"{out} could not be written: {error}.") from None
