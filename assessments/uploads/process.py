"""Has a file opened by a process of its own that may not use much: `python -m assessments.uploads`."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import IO

from assessments.uploads.limits import LONGEST_WAIT
from assessments.uploads.refusals import Code, Refused
from assessments.uploads.signatures import Family

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent.parent

# How that process ends: with an answer, out of memory, or without its library.
ANSWERED, TOO_MUCH, NOT_STARTED = 0, 3, 4


def open_inside(copy: IO[bytes], family: Family) -> str:
    """The kind. Raises Refused. `copy` is a real file: the process reads it as its standard input."""
    copy.seek(0)
    try:
        done = subprocess.run(  # noqa: S603 - our own program and argument
            [sys.executable, "-B", "-m", "assessments.uploads", family.value],
            stdin=copy,
            capture_output=True,
            cwd=ROOT,
            # No secrets, and no settings that change how Python runs.
            env={},
            timeout=LONGEST_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(Code.TOO_MUCH_WORK) from None
    return kind_from(done)


def kind_from(done: subprocess.CompletedProcess[bytes]) -> str:
    """What the process said. Raises Refused; RuntimeError where a library is missing, which is no fault of the file."""
    if done.returncode == NOT_STARTED:
        raise RuntimeError(f"Uploaded files cannot be opened here: {done.stderr.decode(errors='replace')}")
    if done.returncode != ANSWERED:
        # Memory or time ran out, or a library fell over.
        logger.warning("Opening an uploaded file ended with %s: %s", done.returncode, done.stderr[-2000:])
        raise Refused(Code.TOO_MUCH_WORK)
    answer = json.loads(done.stdout)
    if "code" in answer:
        raise Refused(Code(answer["code"]), answer["message"])
    return str(answer["kind"])
