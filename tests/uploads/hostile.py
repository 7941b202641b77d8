"""Files that nobody should send, made here. None of them does harm: they only look as such files look."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.uploads import good
from tests.uploads.good import relation, relations, word_with, zipped

MEGABYTE = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = b"<!DOCTYPE html><html><body><script>alert(document.cookie)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
WINDOWS_PROGRAM = b"MZ" + bytes(58) + struct.pack("<I", 128) + bytes(64) + b"PE\x00\x00" + bytes(200)
LINUX_PROGRAM = b"\x7fELF\x02\x01\x01" + bytes(200)


def as_is(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def old_office(stream: str) -> Callable[[], bytes]:
    return lambda: OLE + bytes(1016) + stream.encode("utf-16-le") + bytes(512)


# Word, Excel, PowerPoint


def word_of(main: str, more: str = "") -> Callable[[], bytes]:
    return lambda: word_with({"[Content_Types].xml": good.content_types(main, more=more)})


def word_part(name: str, content: bytes) -> Callable[[], bytes]:
    return lambda: word_with({name: content})


def word_relation(what: str, target: str, mode: str = "External") -> Callable[[], bytes]:
    return word_part("word/_rels/settings.xml.rels", relations(relation(what, target, mode)))


def macros_behind_a_chart() -> bytes:
    inner = zipped({"[Content_Types].xml": good.content_types("application/vnd.ms-excel.sheet.macroEnabled.main+xml")})
    return word_with({"word/embeddings/chart.xlsx": inner})


def word_with_entities() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    document = f'<!DOCTYPE r [<!ENTITY l0 "lol">{lines}]><Relationships xmlns="x">&l11;</Relationships>'
    return word_with({"word/_rels/document.xml.rels": document.encode()})


def word_reading_a_file() -> bytes:
    document = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><Relationships>&x;</Relationships>'
    return word_with({"word/_rels/document.xml.rels": document.encode()})


def open_document_encrypted() -> bytes:
    manifest = b"<m:manifest xmlns:m='urn:m'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    return zipped({**good.open_document_parts("text"), "META-INF/manifest.xml": manifest})


def open_document_part(name: str, content: bytes) -> Callable[[], bytes]:
    return lambda: zipped({**good.open_document_parts("text"), name: content})


# Archives


def two_parts_of_one_name() -> bytes:
    file = io.BytesIO(good.word())
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as package:
        warnings.simplefilter("ignore", UserWarning)
        package.writestr("word/document.xml", b"<other/>")
    return file.getvalue()


def word_with_html_between() -> bytes:
    """Between the parts and their list, and the list found where it now is."""
    content = good.word()
    start, end = content.index(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    record = bytearray(content[end:])
    struct.pack_into("<I", record, 16, start + len(HTML))
    return content[:start] + HTML + content[start:end] + bytes(record)


def encrypted_part() -> bytes:
    """The flag that says so, in both places where a ZIP has it."""
    content = bytearray(zipped({"[Content_Types].xml": b"<Types/>"}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def odd_compression() -> bytes:
    return zipped(good.word_parts(), zipfile.ZIP_LZMA)


def zip_bomb() -> bytes:
    """A tenth of a megabyte that unpacks to a hundred."""
    return word_with({"word/media/bomb.xml": bytes(100 * MEGABYTE)})


def zip_bomb_of_many_parts() -> bytes:
    """Each part is small for itself, and so is the ratio; together they are 450 MB."""
    parts = {f"word/part{number}.xml": bytes(9 * MEGABYTE) for number in range(50)}
    return word_with(parts)


def zip_bomb_that_lies() -> bytes:
    """Says that a part is 1,000 bytes; it unpacks to 100 MB."""
    return _declaring(zip_bomb(), bytes(100 * MEGABYTE), 1000)


def _declaring(package: bytes, part: bytes, size: int) -> bytes:
    return package.replace(struct.pack("<I", len(part)), struct.pack("<I", size))


def zip_bomb_of_names() -> bytes:
    return word_with({f"word/empty{number}.xml": b"" for number in range(6000)})


def overlapping_parts() -> bytes:
    """Fifield's bomb in small: one compressed part listed many times under many names."""
    content = good.word()
    start = content.index(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    listed = content[start:end]
    last = listed[listed.rindex(b"PK\x01\x02") :]
    copies = b"".join(last.replace(b"image1", b"image%d" % number) for number in range(2, 9))
    record = bytearray(content[end:])
    counts = struct.unpack_from("<2H", record, 8)
    struct.pack_into("<2H", record, 8, counts[0] + 7, counts[1] + 7)
    struct.pack_into("<I", record, 12, len(listed) + len(copies))
    return content[:end] + copies + bytes(record)


def nested(depth: int) -> bytes:
    inner = good.word()
    for _ in range(depth):
        inner = word_with({"word/embeddings/inner.docx": inner})
    return inner


# PDF


def pdf_with(change: Callable[[pikepdf.Pdf], object], **options: Any) -> Callable[[], bytes]:
    """A PDF with one thing changed, kept in an object stream so that its bytes do not show it."""

    def build() -> bytes:
        pdf = good.blank_pdf()
        change(pdf)
        return good.saved(pdf, **(options or {"object_stream_mode": pikepdf.ObjectStreamMode.generate}))

    return build


def pdf_link(**action: Any) -> Callable[[], bytes]:
    return pdf_with(lambda pdf: good.with_link(pdf, **action))


def script_on_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def script_under_another_name(pdf: pikepdf.Pdf) -> None:
    """The name of the action is an object of its own, elsewhere."""
    pdf.Root.AA = Dictionary(WC=Dictionary(S=pdf.make_indirect(Name.JavaScript)))


def script_in_the_names(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=["a", Dictionary(S=Name.JavaScript, JS="1")]))


def unused_program(pdf: pikepdf.Pdf) -> None:
    """Reached from nowhere but listed."""
    pdf.Root.PieceInfo = pdf.make_indirect(Dictionary(A=[[[Dictionary(S=Name.Launch, F="cmd.exe")]]]))


def file_inside(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["tool.exe"] = WINDOWS_PROGRAM


def form_with_xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp/>"))


def pdf_without_pages() -> bytes:
    return good.saved(pikepdf.new())


def pdf_with_broken_table() -> bytes:
    content = good.saved(good.blank_pdf())
    return content.replace(b"startxref\n", b"startxref\n9")


def pdf_with_broken_object() -> bytes:
    """An object that one reader passes over and another might repair."""
    content = good.saved(good.with_link(good.blank_pdf(), S=Name.URI, URI="https://www.example.org/"))
    return content.replace(b"/Rect [", b"/Rect ]")


def packed_spaces(megabytes: int) -> bytes:
    """What a compressor makes of so many spaces, without compressing them all: each block stands for itself."""
    packer = zlib.compressobj(9)
    spaces = b" " * MEGABYTE
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(spaces) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _ in range(megabytes):
        checksum = zlib.adler32(spaces, checksum)
    # An empty last block, then the checksum of all.
    return head + block * megabytes + b"\x03\x00" + struct.pack(">I", checksum)


def pdf_bomb() -> bytes:
    """A stream of objects of 3 MB that unpacks to 3 GB, beside a page that is in order."""
    packed = packed_spaces(3 * 1024)
    return numbered_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Type/ObjStm/N 1/First 20/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed),
        inside_the_last=1,
    )


def pdf_bomb_in_its_table() -> bytes:
    """The list of objects itself unpacks to 3 GB."""
    packed = packed_spaces(3 * 1024)
    head = b"%PDF-1.5\n"
    table = b"1 0 obj<</Type/XRef/Size 400000000/W[1 4 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(
        packed
    )
    return head + table + packed + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def numbered_pdf(*objects: bytes, inside_the_last: int) -> bytes:
    """A PDF of these objects from number 1, and of some more that its list says are in the last of them."""
    content = b"%PDF-1.5\n"
    rows = struct.pack(">BIB", 0, 0, 0)
    for number, body in enumerate(objects, start=1):
        rows += struct.pack(">BIB", 1, len(content), 0)
        content += b"%d 0 obj" % number + body + b"\nendobj\n"
    rows += b"".join(struct.pack(">BIB", 2, len(objects), index) for index in range(inside_the_last))
    where, number = len(content), len(rows) // 6
    rows += struct.pack(">BIB", 1, where, 0)
    content += b"%d 0 obj<</Type/XRef/Size %d/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % (number, number + 1, len(rows))
    return content + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % where


# Pictures


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width: int, height: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def image_bomb() -> bytes:
    return png_of(60_000, 60_000, bytes(1000))


def picture_of_61_million() -> bytes:
    return png_of(10_000, 6_100, bytes(1000))


def png_too_short_inside() -> bytes:
    """Every checksum is right; most of the pixels are missing."""
    return png_of(1000, 1000, bytes(1000))


def png_with_wrong_checksum() -> bytes:
    content = bytearray(good.png())
    content[40] ^= 0xFF
    return bytes(content)


def jpeg_with_many_pixels() -> bytes:
    content = bytearray(good.jpeg())
    size = content.index(b"\xff\xc0") + 5
    struct.pack_into(">HH", content, size, 60_000, 60_000)
    return bytes(content)


def jpeg_with_pdf_inside() -> bytes:
    """A comment in the first bytes holds the header of a PDF; readers of PDF look there."""
    content = good.jpeg()
    return content[:2] + b"\xff\xfe" + struct.pack(">H", 12) + b"%PDF-1.7\n\n" + content[2:]


def png_with_zip_inside() -> bytes:
    """The archive is in a chunk of its own, so nothing follows the picture."""
    content = good.png()
    return content[:-12] + chunk(b"zzZz", zipped({"a": b"b"})) + content[-12:]


def jpeg_and_film() -> bytes:
    return good.jpeg() + b"\x00\x00\x00\x18ftypmp42" + bytes(100)


def fake_samsung() -> bytes:
    return good.jpeg() + HTML + b"SEFT"
