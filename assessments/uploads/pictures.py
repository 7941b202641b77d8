"""Opens pictures: nothing before, nothing after, not too many pixels, and every pixel can be read."""

import mmap
import re
import struct
import zipfile
import zlib
from typing import BinaryIO

from PIL import Image

from assessments.uploads.limits import MOST_PIXELS
from assessments.uploads.refusals import Code, Refused
from assessments.uploads.signatures import JPEG, PNG, Family

PIL_FORMATS = {Family.PNG: "PNG", Family.JPEG: "JPEG"}
# What Pillow raises on a broken file.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)

# JPEG: a marker that is neither a stuffed byte nor a restart, in the middle of the compressed picture.
MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
NOT_PADDING = re.compile(rb"[^\x00]")
# Samsung's phones write a short block of their own after every photo; a long one is a film.
SAMSUNG_END, SAMSUNG_START, SAMSUNG_LARGEST = b"SEFT", b"SEFH", 65_536


def inspect(file: BinaryIO, family: Family) -> str:
    """The kind. Raises Refused."""
    with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as content:
        end = _end_of_png(content) if family is Family.PNG else _end_of_jpegs(content)
        if end != len(content):
            raise Refused(Code.TWO_IN_ONE)
    if zipfile.is_zipfile(file):
        raise Refused(Code.TWO_IN_ONE)
    _decode(file, PIL_FORMATS[family])
    return "png" if family is Family.PNG else "jpg"


def _decode(file: BinaryIO, pil_format: str) -> None:
    try:
        with Image.open(file, formats=(pil_format,)) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Refused(Code.PIXELS)
            # A JPEG is read whole but at an eighth of its size: the same checks, a sixty-fourth of the memory.
            picture.draft(None, (max(1, width // 8), max(1, height // 8)))
            picture.load()
    except Image.DecompressionBombError:
        raise Refused(Code.PIXELS) from None
    except BROKEN:
        raise Refused(Code.DAMAGED) from None


def _end_of_png(content: mmap.mmap) -> int:
    """Where the picture ends. Every chunk is whole and has the checksum that it says."""
    position = len(PNG)
    while True:
        head = content[position : position + 8]
        if len(head) < 8:
            raise Refused(Code.DAMAGED)
        length, name = struct.unpack(">I4s", head)
        end: int = position + 12 + length
        if end > len(content) or zlib.crc32(content[position + 4 : end - 4]) != _number(content, end - 4, 4):
            raise Refused(Code.DAMAGED)
        position = end
        if name == b"IEND":
            return position


def _end_of_jpegs(content: mmap.mmap) -> int:
    """Where the last picture ends: phones put a small one, or one of the bright parts, after the first."""
    position = _end_of_jpeg(content, 0)
    while True:
        more = NOT_PADDING.search(content, position)
        if more is None:
            return len(content)
        if _is_samsung(content, more.start()):
            return len(content)
        if content[more.start() : more.start() + len(JPEG)] != JPEG:
            return position
        position = _end_of_jpeg(content, more.start())


def _end_of_jpeg(content: mmap.mmap, start: int) -> int:
    position: int = start + 2
    while True:
        marker = MARKER.match(content, position)
        if marker is None:
            raise Refused(Code.DAMAGED)
        position = marker.end()
        name: int = content[position - 1]
        if name == END_OF_IMAGE:
            return position
        if name not in WITHOUT_LENGTH:
            position += _number(content, position, 2)
        if name == START_OF_SCAN:
            after = MARKER.search(content, position)
            if after is None:
                raise Refused(Code.DAMAGED)
            position = after.start()


def _is_samsung(content: mmap.mmap, start: int) -> bool:
    if content[-4:] != SAMSUNG_END or len(content) - start > SAMSUNG_LARGEST:
        return False
    length = int.from_bytes(content[-8:-4], "little")
    directory = len(content) - 8 - length
    return directory >= start and content[directory : directory + 4] == SAMSUNG_START


def _number(content: mmap.mmap, position: int, length: int) -> int:
    digits = content[position : position + length]
    if len(digits) < length:
        raise Refused(Code.DAMAGED)
    return int.from_bytes(digits, "big")
