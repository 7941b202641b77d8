"""`manage.py assess FILE`: scores an answers file without the web and without a database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.catalogue.problems import CatalogueError, Problem
from assessments.planning.actions import plan_actions
from assessments.planning.document import document, to_json
from assessments.planning.summary import summary
from assessments.scoring.answers_file import LARGEST, AnswersFile, AnswersFileError, parse
from assessments.scoring.fingerprint import fingerprint
from assessments.scoring.score import score

BAD_INPUT = 2
STANDARD = "-"


class Command(BaseCommand):
    help = "Scores an answers file (TOML or JSON). Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the answers file; - is standard input")
        parser.add_argument("--json", metavar="OUT", help="write the result there as JSON; - is standard output")
        parser.add_argument("--pdf", metavar="OUT", help="write the report there as PDF; - is standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        json_out, pdf_out = options["json"], options["pdf"]
        if json_out == pdf_out == STANDARD:
            refuse("Standard output takes one of --json and --pdf. Give the other one a file.")
        given = answers_from(options["file"])
        for warning in given.warnings:
            self.stderr.write(f"Note: {warning}.")
        result = score(given.catalogue, given.answers)
        actions = plan_actions(given.catalogue, result, given.answers)
        if json_out is None and pdf_out is None:
            self.stdout.write(summary(result, actions, given.service))
            return
        mark = fingerprint(given.catalogue.digest, given.answers)
        written = {
            json_out: lambda: to_json(document(result, actions, fingerprint=mark, service=given.service)),
            pdf_out: lambda: pdf(given),
        }
        documents = [(out, make()) for out, make in written.items() if out is not None]
        for out, content in documents:
            write(out, content)


def answers_from(file: str) -> AnswersFile:
    try:
        return parse(content_of(file), name_of(file))
    except AnswersFileError as error:
        number = len(error.problems)
        refuse(f"{error}\n\n{number} problem{'' if number == 1 else 's'} found. Nothing was scored.")
    except CatalogueError as error:
        raise CommandError(f"The catalogue itself is broken:\n{error}") from None


def content_of(file: str) -> bytes:
    """At most one byte more than an answers file may have, so that a huge file is refused and not read."""
    try:
        if file == STANDARD:
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(file).open("rb") as opened:
            return opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        found = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        mend = "Check the path and that you may read it."
        refuse(str(Problem(name_of(file), "(the whole file)", found, "an answers file, or - for standard input", mend)))


def name_of(file: str) -> str:
    return "(standard input)" if file == STANDARD else file


def pdf(given: AnswersFile) -> bytes:
    # The PDF engine takes longer to load than everything else takes to run: only who wants a PDF waits for it.
    from assessments.reports.readiness import pdf_for_answers

    return pdf_for_answers(given.catalogue, given.answers, given.service)


def write(out: str, content: bytes) -> None:
    try:
        if out == STANDARD:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            Path(out).write_bytes(content)
    except OSError as error:
        raise CommandError(f"{out} could not be written: {error.strerror}.") from None


def refuse(words: str) -> NoReturn:
    raise CommandError(words, returncode=BAD_INPUT)
