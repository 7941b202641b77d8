"""From a file that somebody sent to what may be kept of it, or the reason why not."""

import hashlib
import mmap
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, BinaryIO

from assessments.uploads.kinds import KINDS
from assessments.uploads.limits import LARGEST
from assessments.uploads.names import harmless
from assessments.uploads.process import open_inside
from assessments.uploads.refusals import Code, Refused
from assessments.uploads.signatures import HEAD, OLE, family

PIECE = 65_536

# Names of streams in an old office file: enough to say what it is, and all of them are refused.
OLE_STREAMS: Mapping[str, Code] = {"EncryptedPackage": Code.ENCRYPTED, "__substg1.0_": Code.EMAIL}


@dataclass(frozen=True)
class Accepted:
    """What is known of a file that may be kept. Every field but `name` comes from its content."""

    kind: str
    title: str
    extension: str
    content_type: str
    size: int
    sha256: str
    name: str


def check(content: BinaryIO, name: str) -> Accepted:
    """Whether the file may be kept. Raises Refused.

    `content` is read from its start and left at its start; `name` is what the browser sent and decides nothing.
    Takes a quarter of a second for most files and never more than half a minute.
    """
    with tempfile.TemporaryFile() as copy:
        size, sha256 = _copy(content, copy)
        kind = KINDS[_kind(copy)]
    return Accepted(
        kind=kind.id,
        title=kind.title,
        extension=kind.extension,
        content_type=kind.content_type,
        size=size,
        sha256=sha256,
        name=harmless(name, kind),
    )


def _copy(content: BinaryIO, copy: IO[bytes]) -> tuple[int, str]:
    """Size and hash. Another process can read the copy; the content may be in memory."""
    digest = hashlib.sha256()
    size = 0
    content.seek(0)
    while piece := content.read(PIECE):
        size += len(piece)
        if size > LARGEST:
            raise Refused(Code.TOO_LARGE)
        digest.update(piece)
        copy.write(piece)
    content.seek(0)
    if not size:
        raise Refused(Code.EMPTY)
    copy.flush()
    return size, digest.hexdigest()


def _kind(copy: IO[bytes]) -> str:
    copy.seek(0)
    head = copy.read(HEAD)
    if head.startswith(OLE):
        raise Refused(_ole_code(copy))
    return open_inside(copy, family(head))


def _ole_code(copy: IO[bytes]) -> Code:
    with mmap.mmap(copy.fileno(), 0, prot=mmap.PROT_READ) as content:
        named = (code for stream, code in OLE_STREAMS.items() if content.find(stream.encode("utf-16-le")) != -1)
        return next(named, Code.OLD_OFFICE)
