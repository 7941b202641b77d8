"""What a report is made from, and the key under which its file is kept.

Web processes import this module. It never imports WeasyPrint, whose version is read from its package's metadata.
"""

import hashlib
import json
from functools import cache
from importlib import metadata

from assessments.catalogue.loader import edition
from assessments.reports import files
from assessments.selectors.frozen import Given, Inputs, given_of, inputs_of, to_inputs

__all__ = ["ENGINES", "Given", "Inputs", "given_of", "inputs_of", "report_key", "to_inputs"]

# What may change the bytes beside the inputs: what sets the pages, and what writes the file.
ENGINES = ("weasyprint", "pydyf", "fonttools", "django")


def report_key(inputs: Inputs) -> str:
    """SHA-256, in hexadecimal, over all that the bytes of the PDF depend on."""
    total = hashlib.sha256()
    total.update(edition(inputs["catalogue"]).digest.encode())
    total.update(_makers().encode())
    total.update(json.dumps(inputs, sort_keys=True, separators=(",", ":")).encode())
    return total.hexdigest()


@cache
def _makers() -> str:
    """A hash of what turns inputs into a file: rules, words, templates, style, fonts and engines."""
    total = hashlib.sha256()
    for file in files.makers():
        content = file.read_bytes()
        total.update(f"{file.name}\0{len(content)}\0".encode())
        total.update(content)
    for engine in ENGINES:
        total.update(f"{engine}\0{metadata.version(engine)}\0".encode())
    return total.hexdigest()
