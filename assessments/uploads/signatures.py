"""What the first bytes say. They only sort; whether a file is kept is decided by opening it."""

import codecs
import re
from collections.abc import Mapping
from enum import StrEnum

from assessments.uploads.refusals import KEPT, Code, Refused

# As much as is needed to tell; PDF readers look for their header in the first 1,024 bytes.
HEAD = 4096
PDF_LOOKS_IN = 1024

PDF = b"%PDF-"
ZIP = b"PK\x03\x04"
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Family(StrEnum):
    """Files that are opened in the same way."""

    PDF = "pdf"
    PACKAGE = "package"
    PNG = "png"
    JPEG = "jpeg"


FAMILIES: Mapping[bytes, Family] = {PDF: Family.PDF, ZIP: Family.PACKAGE, PNG: Family.PNG, JPEG: Family.JPEG}

# What files that we do not keep begin with.
PROGRAMS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"#!",
    b"\x00asm",
    b"FWS",
    b"CWS",
    b"ZWS",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"ITSF",
)
ARCHIVES = (
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
    b"\x04\x22\x4d\x18",
)
TAR = (257, b"ustar")

OTHERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"GIF8"), f"This is a GIF picture. {KEPT} Save it as PNG and upload that."),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), f"This is a WebP picture. {KEPT} Save it as PNG and upload that."),
    (re.compile(rb"BM.{12}[\x0c-\x7c]\x00\x00\x00", re.DOTALL), f"This is a bitmap (BMP). {KEPT} Save it as PNG."),
    (re.compile(rb"II\*\x00|MM\x00\*"), f"This is a TIFF picture. {KEPT} Save it as a PDF and upload that."),
    (
        re.compile(rb".{4}ftyp(hei|hev|mif1|msf1|avif)", re.DOTALL),
        f"This is a HEIC picture, as phones take them. {KEPT} Save or share it as JPEG and upload that.",
    ),
    (
        re.compile(rb".{4}ftyp|ID3|RIFF.{4}(AVI |WAVE)|OggS|\x1aE\xdf\xa3", re.DOTALL),
        f"This is a film or a sound recording. {KEPT} Give a link to it instead.",
    ),
    (re.compile(rb"\{\\rtf"), f"This is a Rich Text file (RTF). {KEPT} Save it as .docx or PDF and upload that."),
)

MARKUP = re.compile(
    r"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml|\?php|%|math|xsl|[a-z]+:[a-z]+)", re.IGNORECASE
)
# UTF-16 only with its mark; without one it tells any bytes for text.
CODE_PAGES = ("utf-8-sig", "utf-16", "cp1252")
NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def family(head: bytes) -> Family:
    """How to open a file that begins so. Raises Refused for what is not kept."""
    found = next((family for sign, family in FAMILIES.items() if head.startswith(sign)), None)
    if head.find(PDF, 1, PDF_LOOKS_IN) != -1:
        raise Refused(Code.TWO_IN_ONE)
    if found is None:
        raise refusal(head)
    return found


def refusal(head: bytes) -> Refused:
    """The refusal for a file that is of no family: as exact as its first bytes allow."""
    if head.startswith(OLE):
        return Refused(Code.OLD_OFFICE)
    if foreign := foreign_code(head):
        return Refused(foreign)
    if message := next((message for sign, message in OTHERS if sign.match(head)), None):
        return Refused(Code.NOT_ALLOWED, message)
    text = _text(head)
    if text is None:
        return Refused(Code.UNKNOWN)
    return Refused(Code.WEB_PAGE if MARKUP.search(text) else Code.PLAIN_TEXT)


def foreign_code(head: bytes) -> Code | None:
    """Program or archive, by what such files begin with."""
    if head.startswith(PROGRAMS) or _windows_program(head):
        return Code.PROGRAM
    if head.startswith(ARCHIVES) or head[TAR[0] :].startswith(TAR[1]):
        return Code.ARCHIVE
    return None


def _windows_program(head: bytes) -> bool:
    """Two letters alone could begin anything; the second header, where the first says it is, could not."""
    where = int.from_bytes(head[60:64], "little")
    return head.startswith(b"MZ") and (head[where : where + 2] in (b"PE", b"NE", b"LE", b"LX") or len(head) < HEAD)


def _text(head: bytes) -> str | None:
    for code_page in CODE_PAGES:
        try:
            # Not final: the head may end in the middle of a character.
            text = codecs.getincrementaldecoder(code_page)().decode(head)
        except UnicodeError:
            continue
        if not NOT_TEXT.search(text):
            return text
    return None
