"""Opens one file in a process of its own: `python -m assessments.uploads FAMILY < FILE` (see `process`).

The libraries that read PDF, XML and pictures meet whatever strangers send. Here they have little memory, little time,
no secrets and nothing to write; if one of them is killed by a file, only the upload of that file fails.
Prints one JSON object: {"kind"} or {"code", "message"}.
"""

import importlib
import json
import resource
import sys
from collections.abc import Mapping

from assessments.uploads.limits import LONGEST_WORK, MOST_MEMORY
from assessments.uploads.process import ANSWERED, NOT_STARTED, TOO_MUCH
from assessments.uploads.refusals import Refused
from assessments.uploads.signatures import Family

# By name: each brings its library with it, and only one is needed.
OPENERS: Mapping[Family, str] = {
    Family.PDF: "assessments.uploads.documents",
    Family.PACKAGE: "assessments.uploads.packages",
    Family.PNG: "assessments.uploads.pictures",
    Family.JPEG: "assessments.uploads.pictures",
}
LIMITS = {
    resource.RLIMIT_AS: MOST_MEMORY,
    resource.RLIMIT_CPU: LONGEST_WORK,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}


def main(family: Family) -> int:
    try:
        opener = importlib.import_module(OPENERS[family])
    except ImportError as error:
        print(error, file=sys.stderr)
        return NOT_STARTED
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    try:
        with open(sys.stdin.fileno(), "rb", closefd=False) as file:
            answer = {"kind": opener.inspect(file, family)}
    except Refused as refused:
        answer = {"code": refused.code.value, "message": refused.message}
    except (MemoryError, RecursionError):
        return TOO_MUCH
    print(json.dumps(answer))
    return ANSWERED


if __name__ == "__main__":
    sys.exit(main(Family(sys.argv[1])))
