"""Opens office files: ZIP packages of Word, Excel and PowerPoint (OOXML) and of OpenDocument.

Every part is inflated once, in pieces that are counted and let go; only small parts that say what the package is are
parsed. Memory does not grow with what a package unpacks to.
"""

import io
import os
import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from assessments.uploads.kinds import KINDS, Kind
from assessments.uploads.limits import (
    DEEPEST,
    HIGHEST_RATIO,
    LARGEST,
    LARGEST_INFLATED,
    LARGEST_PARSED,
    MOST_PARTS,
    RATIO_MATTERS_ABOVE,
)
from assessments.uploads.refusals import KEPT, Code, Refused
from assessments.uploads.signatures import HEAD, OLE, PDF, ZIP, Family, foreign_code

PIECE = 65_536
# What zipfile and zlib raise on a broken archive.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)

ENCRYPTED_FLAG = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LOCAL_HEADER = struct.Struct("<4s5H3L2H")
END_RECORD = struct.Struct("<4s4H2LH")
# After a part that was written as it came: its checksum and sizes, in four forms.
DESCRIPTORS = (0, 12, 16, 20, 24)
# Before the end record of an archive in the 64-bit form.
LONG_END_RECORDS = (0, 76)

CONTENT_TYPES = "[Content_Types].xml"
TYPES_NAMESPACE = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MAIN = "/officedocument"
# Parts that hold programs, by their content type.
MACRO_TYPES = re.compile(r"macro|vba|activex|ms-office\.attachedtoolbars", re.IGNORECASE)
MACRO_NAMES = re.compile(r"(^|/)(vba(project|data)[^/]*|activex[^/]*|macrosheets/.*)$", re.IGNORECASE)
MACRO_RELATIONS = frozenset({"vbaproject", "wordvbadata", "activexcontrolbinary", "control", "xlmacrosheet"})
# A web page, a mail or a Rich Text file that Word lays out as part of the document.
FOREIGN_RELATIONS = frozenset({"afchunk", "subdocument"})
# Opened only when somebody asks: links, and the workbooks that a workbook takes figures from.
FOLLOWED_ON_REQUEST = (
    "hyperlink",
    "externallink",
    "xlexternallink",
    "xlpath",
    "xlstartup",
    "xlalternatestartup",
    "xllibrary",
)
FAR = re.compile(r"^\s*(https?|ftps?|mhtml|ms-[a-z]+|javascript|vbscript|data|mk|ldap)\s*:", re.IGNORECASE)

ODF_TYPE = "mimetype"
MANIFEST = "META-INF/manifest.xml"
ODF_MACROS = re.compile(r"^(basic|scripts)/", re.IGNORECASE)
ODF_SCRIPTED = re.compile(rb"vnd\.sun\.star\.script:|script:language\s*=|<office:script[\s>]|<script:event-listener")
ODF_READ = frozenset({"content.xml", "styles.xml", "settings.xml"})


def inspect(file: BinaryIO, family: Family) -> str:
    """The kind. Raises Refused."""
    try:
        return _inspect(file, Counted(), 1)
    except BROKEN:
        raise Refused(Code.DAMAGED) from None


@dataclass
class Counted:
    """What all parts come to, those of packages inside packages as well."""

    parts: int = 0
    inflated: int = 0

    def count_parts(self, number: int) -> None:
        self.parts += number
        if self.parts > MOST_PARTS:
            raise Refused(Code.BOMB)

    def count(self, length: int) -> None:
        self.inflated += length
        if self.inflated > LARGEST_INFLATED:
            raise Refused(Code.BOMB)


def _inspect(file: BinaryIO, counted: Counted, depth: int) -> str:
    _check_start(file)
    with zipfile.ZipFile(file) as package:
        parts = package.infolist()
        counted.count_parts(len(parts))
        for part in parts:
            _check_listed(part)
        _check_names(parts)
        _check_layout(file, package)
        kind = _kind(package)
        for part in parts:
            _check_part(package, part, kind, counted, depth)
    return kind.id


def _check_start(file: BinaryIO) -> None:
    file.seek(0)
    head = file.read(HEAD)
    if not head.startswith(ZIP):
        raise Refused(Code.ARCHIVE)
    file.seek(-min(END_RECORD.size, len(head)), os.SEEK_END)
    end = file.read()
    # Where the end record is not the last thing, something was cut off or put behind.
    if not end.startswith(b"PK\x05\x06"):
        raise Refused(Code.TWO_IN_ONE if zipfile.is_zipfile(file) else Code.DAMAGED)
    # Believed here only to refuse early: the list of parts is held in memory.
    if END_RECORD.unpack(end)[4] > MOST_PARTS:
        raise Refused(Code.BOMB)


def _check_listed(part: zipfile.ZipInfo) -> None:
    """What the list of parts says, before any is opened."""
    if part.flag_bits & ENCRYPTED_FLAG:
        raise Refused(Code.ENCRYPTED)
    if part.compress_type not in METHODS:
        raise Refused(Code.DAMAGED)
    if part.file_size > LARGEST_INFLATED or _bursts(part.file_size, part.compress_size):
        raise Refused(Code.BOMB)


def _bursts(inflated: int, compressed: int) -> bool:
    return inflated > RATIO_MATTERS_ABOVE and inflated > HIGHEST_RATIO * max(1, compressed)


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.orig_filename for part in parts]
    if any(_is_path_trick(name) for name in names):
        raise Refused(Code.PATHS)
    # Of two parts with one name, one reader sees the first and another the last.
    if len({name.lower() for name in names}) < len(names):
        raise Refused(Code.PATHS)


def _is_path_trick(name: str) -> bool:
    return (
        not name
        or "\\" in name
        or name.startswith("/")
        or re.match("[A-Za-z]:", name) is not None
        or ".." in name.split("/")
        or any(ord(char) < 32 for char in name)
    )


def _check_layout(file: BinaryIO, package: zipfile.ZipFile) -> None:
    """The parts lie one after another from the first byte to the last: none over another, nothing between them."""
    position = 0
    for part in sorted(package.infolist(), key=lambda part: part.header_offset):
        gap = part.header_offset - position
        if gap not in (DESCRIPTORS if position else (0,)):
            raise Refused(Code.BOMB if gap < 0 else Code.TWO_IN_ONE)
        file.seek(part.header_offset)
        header = file.read(LOCAL_HEADER.size)
        *_, name_length, extra_length = LOCAL_HEADER.unpack(header)
        position = part.header_offset + LOCAL_HEADER.size + name_length + extra_length + part.compress_size
    if package.start_dir - position not in DESCRIPTORS:
        raise Refused(Code.TWO_IN_ONE)
    end = file.seek(-END_RECORD.size, os.SEEK_END)
    size_of_list = END_RECORD.unpack(file.read(END_RECORD.size))[5]
    if size_of_list != 0xFFFFFFFF and end - package.start_dir - size_of_list not in LONG_END_RECORDS:
        raise Refused(Code.TWO_IN_ONE)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, kind: Kind, counted: Counted, depth: int) -> None:
    """Inflates one part to its end. zipfile compares its checksum and stops at the size that it declares."""
    head, length, tail = b"", 0, b""
    searched = part.filename.rpartition("/")[2] in ODF_READ
    with package.open(part) as content:
        while piece := content.read(PIECE):
            length += len(piece)
            counted.count(len(piece))
            if _bursts(length, part.compress_size):
                raise Refused(Code.BOMB)
            head = head or piece[:HEAD]
            if searched and ODF_SCRIPTED.search(tail + piece):
                raise Refused(Code.MACROS)
            tail = piece[-64:]
    _check_head(package, part, head, kind, counted, depth)


def _check_head(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, head: bytes, kind: Kind, counted: Counted, depth: int
) -> None:
    if head.startswith(ZIP):
        _check_inner_package(package, part, counted, depth)
    elif head.startswith((OLE, PDF)):
        raise Refused(Code.FILE_INSIDE)
    elif code := foreign_code(head):
        raise Refused(code if code is Code.ARCHIVE else Code.FILE_INSIDE)


def _check_inner_package(package: zipfile.ZipFile, part: zipfile.ZipInfo, counted: Counted, depth: int) -> None:
    """A workbook behind a chart is part of the document and is checked like one. Any other archive is not."""
    if depth >= DEEPEST:
        raise Refused(Code.ARCHIVE)
    if part.file_size > LARGEST:
        raise Refused(Code.BOMB)
    _inspect(io.BytesIO(package.read(part)), counted, depth + 1)


def _kind(package: zipfile.ZipFile) -> Kind:
    names = package.namelist()
    if CONTENT_TYPES in names:
        return _ooxml_kind(package)
    if names[:1] == [ODF_TYPE]:
        return _odf_kind(package)
    raise Refused(Code.ARCHIVE)


def _ooxml_kind(package: zipfile.ZipFile) -> Kind:
    """By the content type of the part that the package says is its document, as office programs read it."""
    names = package.namelist()
    types = _parsed(package, CONTENT_TYPES)
    declared = [element.get("ContentType", "") for element in types.iter(etree.Element)]
    if any(MACRO_TYPES.search(content_type) for content_type in declared):
        raise Refused(Code.MACROS)
    if any(MACRO_NAMES.search(name) for name in names):
        raise Refused(Code.MACROS)
    for name in names:
        if name.lower().endswith(".rels"):
            _check_relations(_parsed(package, name))
    if "_rels/.rels" not in names:
        raise Refused(Code.ARCHIVE)
    main = _main_part(_parsed(package, "_rels/.rels"))
    if main not in names:
        raise Refused(Code.DAMAGED)
    content_type = _content_type(types, main)
    found = next((kind for kind in KINDS.values() if content_type == f"{kind.content_type}.main+xml"), None)
    if found is None:
        raise Refused(
            Code.NOT_ALLOWED,
            f"This is an Office file of a kind that we do not keep, such as a template or a drawing. {KEPT} "
            "Save it as .docx, .xlsx, .pptx or PDF and upload that.",
        )
    return found


def _main_part(relations: Any) -> str:
    for relation in relations.iter(RELATIONSHIP):
        if relation.get("Type", "").lower().endswith(MAIN):
            target: str = relation.get("Target", "")
            return posixpath.normpath(target.lstrip("/"))
    raise Refused(Code.ARCHIVE)


def _content_type(types: Any, part: str) -> str:
    for override in types.iter(f"{TYPES_NAMESPACE}Override"):
        if override.get("PartName", "").lstrip("/").lower() == part.lower():
            return str(override.get("ContentType", ""))
    extension = part.rpartition(".")[2].lower()
    for default in types.iter(f"{TYPES_NAMESPACE}Default"):
        if default.get("Extension", "").lower() == extension:
            return str(default.get("ContentType", ""))
    return ""


def _check_relations(relations: Any) -> None:
    for relation in relations.iter(RELATIONSHIP):
        what = relation.get("Type", "").rpartition("/")[2].lower()
        if what in MACRO_RELATIONS:
            raise Refused(Code.MACROS)
        if what in FOREIGN_RELATIONS:
            raise Refused(Code.FILE_INSIDE)
        outside = relation.get("TargetMode", "").lower() == "external"
        if outside and not what.startswith(FOLLOWED_ON_REQUEST) and FAR.match(relation.get("Target", "")):
            raise Refused(Code.REMOTE)


def _odf_kind(package: zipfile.ZipFile) -> Kind:
    names = package.namelist()
    content_type = _small(package, ODF_TYPE).decode("ascii", errors="replace").strip()
    found = next((kind for kind in KINDS.values() if content_type == kind.content_type), None)
    if found is None and not content_type.startswith("application/vnd.oasis.opendocument"):
        raise Refused(Code.ARCHIVE)
    if found is None:
        raise Refused(Code.NOT_ALLOWED)
    if MANIFEST not in names or "content.xml" not in names:
        raise Refused(Code.DAMAGED)
    entries = [etree.QName(element).localname for element in _parsed(package, MANIFEST).iter(etree.Element)]
    if "encryption-data" in entries:
        raise Refused(Code.ENCRYPTED)
    if any(ODF_MACROS.match(name) for name in names):
        raise Refused(Code.MACROS)
    return found


def _parsed(package: zipfile.ZipFile, name: str) -> Any:
    """A small part as XML, without entities, without the network. Office files have no document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_small(package, name), parser)
    except etree.XMLSyntaxError:
        raise Refused(Code.DAMAGED) from None
    if root.getroottree().docinfo.doctype:
        raise Refused(Code.ACTIVE)
    return root


def _small(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        content = part.read(LARGEST_PARSED + 1)
    if len(content) > LARGEST_PARSED:
        raise Refused(Code.BOMB)
    return content
