"""The sender's file name, made harmless: to show, and to offer for download. Never the name it is stored under."""

import re
import unicodedata

from assessments.uploads.kinds import KINDS, Kind
from assessments.uploads.limits import LONGEST_NAME

WITHOUT_NAME = "evidence"

SEPARATORS = re.compile(r"[/\\]")
DRIVE = re.compile(r"^[A-Za-z]:")
# Not allowed in names on Windows; the quotation mark and the semicolon also end a name in a header.
AWKWARD = re.compile(r'[<>:"|?*;%]')
# Devices of Windows: "CON.pdf" is the console, not a file.
DEVICE = re.compile(r"^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)

KNOWN_EXTENSIONS = frozenset(extension for kind in KINDS.values() for extension in kind.extensions)


def harmless(name: str, kind: Kind) -> str:
    """A name with no folder, no invisible character, at most 150 characters, and the extension of its kind.

    A wrong extension of a kind that we keep is replaced ("photo.jpg" of a PNG is "photo.png"); any other stays,
    and ours follows it ("minutes.v2" is "minutes.v2.pdf").
    """
    last = SEPARATORS.split(_visible(name))[-1]
    stem = _without_extension(AWKWARD.sub("-", DRIVE.sub("", last)))
    room = LONGEST_NAME - len(kind.extension) - 1
    stem = stem[:room].strip(" .") or WITHOUT_NAME
    if DEVICE.match(stem):
        stem = f"{WITHOUT_NAME}-{stem}"[:room].strip(" .")
    return f"{stem}.{kind.extension}"


def _visible(name: str) -> str:
    """Composed, on one line, with plain spaces. Control, direction and other unseen characters go (all of class C)."""
    # Twice: characters that go can leave a pair to compose.
    composed = unicodedata.normalize("NFC", name)
    spaced = "".join(" " if unicodedata.category(char) in ("Zs", "Zl", "Zp") else char for char in composed)
    seen = "".join(char for char in spaced if not unicodedata.category(char).startswith("C"))
    return re.sub(" +", " ", unicodedata.normalize("NFC", seen)).strip()


def _without_extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return stem if dot and extension.strip().lower() in KNOWN_EXTENSIONS else name
