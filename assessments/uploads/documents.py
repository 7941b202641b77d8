"""Opens a PDF: whole, readable by everybody, and nothing in it acts by itself."""

import os
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

from assessments.uploads.refusals import Code, Refused
from assessments.uploads.signatures import Family

END = b"%%EOF"
# Where PDF readers look for the end.
TAIL = 1024
BLANK = b"\x00\t\n\x0c\r "

# Actions that start something, send something or open another file. Going to a page or an address is left.
ACTIONS = frozenset(
    f"/{name}"
    for name in (
        "JavaScript",
        "Launch",
        "ImportData",
        "SubmitForm",
        "GoToR",
        "GoToE",
        "Rendition",
        "Movie",
        "Sound",
        "RichMediaExecute",
    )
)
ANNOTATIONS = frozenset(f"/{name}" for name in ("RichMedia", "Movie", "Sound", "Screen", "3D"))
ADDRESSES = ("javascript:", "vbscript:", "data:")


def inspect(file: BinaryIO, family: Family) -> str:
    """The kind. Raises Refused."""
    _check_end(file)
    if zipfile.is_zipfile(file):
        raise Refused(Code.TWO_IN_ONE)
    file.seek(0)
    try:
        # What is repaired or passed over while it is read might be read otherwise elsewhere.
        with pikepdf.open(file, attempt_recovery=False, inherit_page_attributes=False) as pdf:
            _check_objects(pdf)
    except pikepdf.PasswordError:
        raise Refused(Code.ENCRYPTED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError):
        raise Refused(Code.DAMAGED) from None
    return family.value


def _check_end(file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    _, found, rest = file.read().rpartition(END)
    if not found:
        file.seek(0)
        raise Refused(Code.TWO_IN_ONE if END in file.read() else Code.DAMAGED)
    if rest.strip(BLANK):
        raise Refused(Code.TWO_IN_ONE)


def _check_objects(pdf: pikepdf.Pdf) -> None:
    """Every object that the document lists, used or not."""
    for table in _dictionaries(pdf):
        _check_dictionary(table)
    # An object that could not be read has been passed over. Asked before the pages, whose small faults are no matter.
    if pdf.get_warnings() or not len(pdf.pages):
        raise Refused(Code.DAMAGED)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for whole in pdf.objects:
        waiting: list[Any] = [whole]
        while waiting:
            part = waiting.pop()
            if isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
                yield part
                waiting += [value for _, value in part.items() if _is_own(value)]
            elif isinstance(part, pikepdf.Array):
                waiting += [value for value in part if _is_own(value)]


def _is_own(value: Any) -> bool:
    """A container written in place; what is only referred to comes by itself."""
    return isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect


def _check_dictionary(table: Any) -> None:
    if "/EF" in table or "/EmbeddedFiles" in table or _name(table, "/Type") == "/EmbeddedFile":
        raise Refused(Code.FILE_INSIDE)
    if _name(table, "/Subtype") == "/FileAttachment":
        raise Refused(Code.FILE_INSIDE)
    if "/JS" in table or "/JavaScript" in table or "/XFA" in table:
        raise Refused(Code.ACTIVE)
    if _name(table, "/S") in ACTIONS or _name(table, "/Subtype") in ANNOTATIONS:
        raise Refused(Code.ACTIVE)
    if "/URI" in table and str(table["/URI"]).strip().lower().startswith(ADDRESSES):
        raise Refused(Code.ACTIVE)


def _name(table: Any, key: str) -> str:
    value = table.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""
