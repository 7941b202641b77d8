"""Files that commands are given, and how commands refuse what they cannot use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from django.core.management.base import CommandError

from assessments.catalogue.problems import Problem
from assessments.scoring.answers_file import LARGEST

BAD_INPUT = 2
STANDARD = "-"


def content_of(file: str) -> bytes:
    """At most one byte more than an answers file may have, so that a huge file is refused and not read."""
    try:
        if file == STANDARD:
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(file).open("rb") as opened:
            return opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        found = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        allowed, mend = "an answers file, or - for standard input", "Check the path, and that you may read the file."
        refuse_all([Problem(name_of(file), "(the whole file)", found, allowed, mend)], "Nothing was read")


def name_of(file: str) -> str:
    return "(standard input)" if file == STANDARD else file


def refuse_all(problems: Sequence[Problem], outcome: str) -> NoReturn:
    number = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    refuse("\n\n".join([f"{outcome}: {number}.", *map(str, problems)]))


def refuse(words: str) -> NoReturn:
    raise CommandError(words, returncode=BAD_INPUT)
