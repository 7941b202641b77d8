"""Which files are kept and which are refused. All are made here; the table can be read from top to bottom."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pikepdf import Encryption, Name

from assessments.uploads import KINDS, LARGEST, Accepted, Code, Refused, check
from assessments.uploads.limits import MEGABYTE, MOST_MEMORY
from assessments.uploads.process import kind_from
from assessments.uploads.refusals import MESSAGES
from assessments.uploads.signatures import Family
from tests.uploads import good, hostile
from tests.uploads.hostile import HTML, LINUX_PROGRAM, OLE, SVG, WINDOWS_PROGRAM, as_is, pdf_link, pdf_with

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Case:
    name: str
    build: Callable[[], bytes]
    expected: str
    """A kind, or the code of a refusal."""

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


KEPT = (
    Case("PDF", good.pdf, "pdf"),
    Case("PDF saved twice", good.pdf_saved_twice, "pdf"),
    Case("PDF locked for editing, open to read", good.pdf_locked_for_editing, "pdf"),
    Case("Word document with a link", good.word, "docx"),
    Case(
        "Word document from a template on a server",
        hostile.word_relation("attachedTemplate", "file://s/t.dotx"),
        "docx",
    ),
    Case("Word document inside a Word document", lambda: hostile.nested(1), "docx"),
    Case("Excel workbook", good.excel, "xlsx"),
    Case("Excel workbook linked to another", good.excel_linked, "xlsx"),
    Case("PowerPoint with a chart", good.slides_with_chart, "pptx"),
    Case("OpenDocument text", good.open_document("text"), "odt"),
    Case("OpenDocument spreadsheet", good.open_document("spreadsheet"), "ods"),
    Case("OpenDocument presentation", good.open_document("presentation"), "odp"),
    Case("PNG", good.png, "png"),
    Case("JPEG", good.jpeg, "jpg"),
    Case("JPEG progressive", good.jpeg_progressive, "jpg"),
    Case("JPEG in CMYK", lambda: good.picture("JPEG", "CMYK"), "jpg"),
    Case("JPEG of a phone, two pictures", good.jpeg_of_a_phone, "jpg"),
    Case("JPEG of a Samsung phone", good.jpeg_of_a_samsung, "jpg"),
)

OTHER_KINDS = (
    Case("nothing", as_is(b""), Code.EMPTY),
    Case("one byte too many", as_is(bytes(LARGEST + 1)), Code.TOO_LARGE),
    Case("zeros", as_is(bytes(500)), Code.UNKNOWN),
    Case("text", as_is(b"The committee agreed."), Code.PLAIN_TEXT),
    Case("text of Windows", as_is("Cost: £5 agreed".encode("cp1252")), Code.PLAIN_TEXT),
    Case("CSV with a formula", as_is(b"name,cost\n=cmd|' /C calc'!A0,5\n"), Code.PLAIN_TEXT),
    Case("HTML", as_is(HTML), Code.WEB_PAGE),
    Case("HTML after text", as_is(b"hello\n" * 20 + HTML), Code.WEB_PAGE),
    Case("HTML with a byte order mark", as_is(b"\xef\xbb\xbf" + HTML), Code.WEB_PAGE),
    Case("HTML in UTF-16", as_is(HTML.decode().encode("utf-16")), Code.WEB_PAGE),
    Case("SVG", as_is(SVG), Code.WEB_PAGE),
    Case("SVG with an XML declaration", as_is(b'<?xml version="1.0"?>' + SVG), Code.WEB_PAGE),
    Case("PHP", as_is(b"<?php system($_GET['c']); ?>"), Code.WEB_PAGE),
    Case("Windows program", as_is(WINDOWS_PROGRAM), Code.PROGRAM),
    Case("Linux program", as_is(LINUX_PROGRAM), Code.PROGRAM),
    Case("shell script", as_is(b"#!/bin/sh\nrm -rf ~\n"), Code.PROGRAM),
    Case("Windows shortcut", as_is(b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60)), Code.PROGRAM),
    Case("ZIP", lambda: good.zipped({"minutes.txt": b"x"}), Code.ARCHIVE),
    Case("ZIP without files", lambda: good.zipped({}), Code.ARCHIVE),
    Case("Java archive", lambda: good.zipped({"META-INF/MANIFEST.MF": b"x", "A.class": b"y"}), Code.ARCHIVE),
    Case("GZIP", as_is(b"\x1f\x8b\x08" + bytes(50)), Code.ARCHIVE),
    Case("RAR", as_is(b"Rar!\x1a\x07\x01\x00" + bytes(50)), Code.ARCHIVE),
    Case("TAR", as_is(b"a".ljust(257, b"\0") + b"ustar\x0000" + bytes(300)), Code.ARCHIVE),
    Case("GIF", lambda: good.picture("GIF", "P"), Code.NOT_ALLOWED),
    Case("WebP", lambda: good.picture("WEBP"), Code.NOT_ALLOWED),
    Case("TIFF", lambda: good.picture("TIFF"), Code.NOT_ALLOWED),
    Case("BMP", lambda: good.picture("BMP"), Code.NOT_ALLOWED),
    Case("HEIC", as_is(b"\x00\x00\x00\x18ftypheic" + bytes(50)), Code.NOT_ALLOWED),
    Case("film", as_is(b"\x00\x00\x00\x18ftypmp42" + bytes(50)), Code.NOT_ALLOWED),
    Case("RTF", as_is(rb"{\rtf1 hello}"), Code.NOT_ALLOWED),
    Case("old Word document", hostile.old_office("WordDocument"), Code.OLD_OFFICE),
    Case("Outlook e-mail", hostile.old_office("__substg1.0_0037001F"), Code.EMAIL),
    Case("Word document with a password", hostile.old_office("EncryptedPackage"), Code.ENCRYPTED),
)

OFFICE = (
    Case(
        "macros by content type",
        hostile.word_of("application/vnd.ms-word.document.macroEnabled.main+xml"),
        Code.MACROS,
    ),
    Case("macros by name", hostile.word_part("word/vbaProject.bin", b"x"), Code.MACROS),
    Case("macros by relation", hostile.word_relation("vbaProject", "harmless.bin", "Internal"), Code.MACROS),
    Case(
        "macros of Excel 4",
        hostile.word_of(
            good.DOCUMENT_TYPE,
            '<Override PartName="/xl/m.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>',
        ),
        Code.MACROS,
    ),
    Case("macros behind a chart", hostile.macros_behind_a_chart, Code.MACROS),
    Case("ActiveX control", hostile.word_part("word/activeX/activeX1.xml", b"<ax/>"), Code.MACROS),
    Case("macros in OpenDocument", hostile.open_document_part("Basic/Standard/Module1.xml", b"<x/>"), Code.MACROS),
    Case("Python macro in OpenDocument", hostile.open_document_part("Scripts/python/m.py", b"x"), Code.MACROS),
    Case(
        "link to a macro in OpenDocument",
        hostile.open_document_part("content.xml", b'<a xlink:href="vnd.sun.star.script:pydoc.py$t">'),
        Code.MACROS,
    ),
    Case("OpenDocument with a password", hostile.open_document_encrypted, Code.ENCRYPTED),
    Case(
        "OpenDocument without content",
        lambda: good.zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        Code.DAMAGED,
    ),
    Case(
        "OpenDocument template",
        lambda: good.zipped({"mimetype": b"application/vnd.oasis.opendocument.text-template"}),
        Code.NOT_ALLOWED,
    ),
    Case("Word template", hostile.word_of(f"{good.OOXML}.wordprocessingml.template.main+xml"), Code.NOT_ALLOWED),
    Case(
        "Word document without its text",
        lambda: good.zipped({name: part for name, part in good.word_parts().items() if name != "word/document.xml"}),
        Code.DAMAGED,
    ),
    Case(
        "object of an old program inside",
        hostile.word_part("word/embeddings/o.bin", OLE + bytes(600)),
        Code.FILE_INSIDE,
    ),
    Case("Windows program inside", hostile.word_part("word/media/image2.png", WINDOWS_PROGRAM), Code.FILE_INSIDE),
    Case("PDF inside", hostile.word_part("word/embeddings/a.bin", b"%PDF-1.7"), Code.FILE_INSIDE),
    Case("web page inside", hostile.word_relation("aFChunk", "page.html", "Internal"), Code.FILE_INSIDE),
    Case("template from the web", hostile.word_relation("attachedTemplate", "https://x.example/t.dotm"), Code.REMOTE),
    Case("object from the web", hostile.word_relation("oleObject", "mhtml:https://x.example/!x"), Code.REMOTE),
    Case("picture from the web", hostile.word_relation("image", " HTTP://x.example/pixel.gif"), Code.REMOTE),
    Case("a billion laughs", hostile.word_with_entities, Code.DAMAGED),
    Case("entity that reads a file", hostile.word_reading_a_file, Code.ACTIVE),
    Case("content types that are not XML", hostile.word_part("[Content_Types].xml", b"hello"), Code.DAMAGED),
)

ARCHIVE_TRICKS = (
    Case("part above", hostile.word_part("../../etc/cron.d/x", b"x"), Code.PATHS),
    Case("part from the root", hostile.word_part("/etc/passwd", b"x"), Code.PATHS),
    Case("part on a drive", hostile.word_part("C:evil", b"x"), Code.PATHS),
    Case("part with a backslash", hostile.word_part("word\\..\\x", b"x"), Code.PATHS),
    Case("two parts of one name", hostile.two_parts_of_one_name, Code.PATHS),
    Case("two parts that differ in case", hostile.word_part("WORD/document.xml", b"x"), Code.PATHS),
    Case("encrypted part", hostile.encrypted_part, Code.ENCRYPTED),
    Case("odd compression", hostile.odd_compression, Code.DAMAGED),
    Case("bomb", hostile.zip_bomb, Code.BOMB),
    Case("bomb of many parts", hostile.zip_bomb_of_many_parts, Code.BOMB),
    Case("bomb that lies about its size", hostile.zip_bomb_that_lies, Code.DAMAGED),
    Case("bomb of names", hostile.zip_bomb_of_names, Code.BOMB),
    Case("bomb of overlapping parts", hostile.overlapping_parts, Code.BOMB),
    Case("packages in packages", lambda: hostile.nested(2), Code.ARCHIVE),
    Case("archive inside", lambda: good.word_with({"word/a.bin": good.zipped({"a": b"b"})}), Code.ARCHIVE),
)

PDFS = (
    Case("script on opening", pdf_with(hostile.script_on_opening), Code.ACTIVE),
    Case("script, named elsewhere", pdf_with(hostile.script_under_another_name), Code.ACTIVE),
    Case("script in the names", pdf_with(hostile.script_in_the_names), Code.ACTIVE),
    Case("link that runs a script", pdf_link(S=Name.JavaScript, JS="1"), Code.ACTIVE),
    Case("link to a javascript address", pdf_link(S=Name.URI, URI=" JavaScript:alert(1)"), Code.ACTIVE),
    Case("program started", pdf_link(S=Name.Launch, F="cmd.exe"), Code.ACTIVE),
    Case("program started from nowhere", pdf_with(hostile.unused_program), Code.ACTIVE),
    Case("form that sends", pdf_link(S=Name.SubmitForm, F="https://x.example"), Code.ACTIVE),
    Case("link into another file", pdf_link(S=Name.GoToR, F="\\\\x.example\\share"), Code.ACTIVE),
    Case("form of another kind inside", pdf_with(hostile.form_with_xfa), Code.ACTIVE),
    Case(
        "film in a PDF",
        pdf_link(S=Name.Rendition),
        Code.ACTIVE,
    ),
    Case("file inside a PDF", pdf_with(hostile.file_inside), Code.FILE_INSIDE),
    Case(
        "PDF with a password",
        pdf_with(lambda pdf: None, encryption=Encryption(owner="o", user="secret")),
        Code.ENCRYPTED,
    ),
    Case("PDF without pages", hostile.pdf_without_pages, Code.DAMAGED),
    Case("PDF that needs repair", hostile.pdf_with_broken_table, Code.DAMAGED),
    Case("PDF that is only a header", as_is(b"%PDF-1.7\n"), Code.DAMAGED),
    Case("PDF with a broken object", hostile.pdf_with_broken_object, Code.DAMAGED),
    Case("PDF bomb beside a good page", hostile.pdf_bomb, Code.DAMAGED),
    Case("PDF bomb in its table", hostile.pdf_bomb_in_its_table, Code.DAMAGED),
)

TWO_IN_ONE = (
    Case("HTML before a PDF", lambda: HTML + good.pdf(), Code.TWO_IN_ONE),
    Case("program before a PDF", lambda: WINDOWS_PROGRAM + good.pdf(), Code.TWO_IN_ONE),
    Case("HTML after a PDF", lambda: good.pdf() + HTML, Code.TWO_IN_ONE),
    Case("much HTML after a PDF", lambda: good.pdf() + HTML * 100, Code.TWO_IN_ONE),
    Case("ZIP after a PDF", lambda: good.pdf() + good.zipped({"a": b"b"}), Code.TWO_IN_ONE),
    Case("HTML after a PNG", lambda: good.png() + HTML, Code.TWO_IN_ONE),
    Case("ZIP after a PNG", lambda: good.png() + good.word(), Code.TWO_IN_ONE),
    Case("ZIP in a chunk of a PNG", hostile.png_with_zip_inside, Code.TWO_IN_ONE),
    Case("ZIP after a JPEG", lambda: good.jpeg() + good.zipped({"A.class": b"x"}), Code.TWO_IN_ONE),
    Case("HTML after a JPEG", lambda: good.jpeg() + HTML, Code.TWO_IN_ONE),
    Case("film after a JPEG", hostile.jpeg_and_film, Code.TWO_IN_ONE),
    Case("HTML as a Samsung phone would put it", hostile.fake_samsung, Code.TWO_IN_ONE),
    Case("PDF inside a JPEG", hostile.jpeg_with_pdf_inside, Code.TWO_IN_ONE),
    Case("program before a Word document", lambda: LINUX_PROGRAM + good.word(), Code.PROGRAM),
    Case("PDF inside a Word document", lambda: good.zipped({"%PDF-1.7": b"x", **good.word_parts()}), Code.TWO_IN_ONE),
    Case("HTML after a Word document", lambda: good.word() + HTML, Code.TWO_IN_ONE),
    Case("HTML between the parts", hostile.word_with_html_between, Code.TWO_IN_ONE),
)

PICTURES = (
    Case("bomb of 3,600 million pixels", hostile.image_bomb, Code.PIXELS),
    Case("picture of 61 million pixels", hostile.picture_of_61_million, Code.PIXELS),
    Case("JPEG that says 3,600 million pixels", hostile.jpeg_with_many_pixels, Code.PIXELS),
    Case("PNG with missing pixels", hostile.png_too_short_inside, Code.DAMAGED),
    Case("PNG with a wrong checksum", hostile.png_with_wrong_checksum, Code.DAMAGED),
    Case("PNG that is only a header", as_is(b"\x89PNG\r\n\x1a\n"), Code.DAMAGED),
    Case("JPEG that is only a header", as_is(b"\xff\xd8\xff\xe0"), Code.DAMAGED),
)

REFUSED = OTHER_KINDS + OFFICE + ARCHIVE_TRICKS + PDFS + TWO_IN_ONE + PICTURES


def checked(content: bytes, name: str = "evidence.bin") -> Accepted:
    return check(io.BytesIO(content), name)


@pytest.mark.parametrize("case", KEPT, ids=str)
def test_check_good_file(case: Case) -> None:
    content = case.build()
    accepted = checked(content)
    kind = KINDS[case.expected]
    assert accepted == Accepted(
        kind=kind.id,
        title=kind.title,
        extension=kind.extension,
        content_type=kind.content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        name=f"evidence.bin.{kind.extension}",
    )


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_check_hostile_file(case: Case) -> None:
    with pytest.raises(Refused) as refused:
        checked(case.build(), "minutes.pdf")
    assert refused.value.code == case.expected


@pytest.mark.parametrize("case", KEPT, ids=str)
def test_check_good_file_cut_short(case: Case) -> None:
    content = case.build()
    with pytest.raises(Refused) as refused:
        checked(content[: len(content) * 2 // 5])
    assert refused.value.code == Code.DAMAGED


def test_every_code_has_a_case() -> None:
    assert {case.expected for case in REFUSED} | {Code.TOO_MUCH_WORK} == set(Code)


@pytest.mark.parametrize(
    "end",
    ["os.kill(os.getpid(), signal.SIGKILL)", "os.kill(os.getpid(), signal.SIGXCPU)", "sys.exit(3)", "1 / 0"],
)
def test_file_that_kills_its_process_is_refused(end: str) -> None:
    program = [sys.executable, "-c", f"import os, signal, sys; {end}"]
    done = subprocess.run(program, capture_output=True, check=False)
    with pytest.raises(Refused) as refused:
        kind_from(done)
    assert refused.value.code == Code.TOO_MUCH_WORK


def test_missing_library_is_no_fault_of_the_file() -> None:
    done = subprocess.run([sys.executable, "-c", "import sys; sys.exit(4)"], capture_output=True, check=False)
    with pytest.raises(RuntimeError):
        kind_from(done)


@pytest.mark.parametrize("code", Code)
def test_message_says_what_to_do(code: Code) -> None:
    words = MESSAGES[code]
    assert words.endswith(".")
    assert words.startswith(("The file", "This is", "The picture", "We "))


PEAK = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "assessments.uploads", sys.argv[1]], stdout=subprocess.DEVNULL, check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.parametrize(
    ("family", "build", "megabytes"),
    [
        (Family.PACKAGE, hostile.zip_bomb, 100),
        (Family.PACKAGE, hostile.zip_bomb_of_many_parts, 100),
        (Family.PACKAGE, hostile.zip_bomb_that_lies, 100),
        (Family.PNG, hostile.image_bomb, 100),
        (Family.PDF, hostile.pdf_bomb, MOST_MEMORY // MEGABYTE),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_bomb_takes_little_memory(family: Family, build: Callable[[], bytes], megabytes: int, tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(build())
    with (tmp_path / "bomb").open("rb") as file:
        program = [sys.executable, "-c", PEAK, family.value]
        done = subprocess.run(program, cwd=ROOT, stdin=file, capture_output=True, check=True)
    assert int(done.stdout) <= megabytes


def test_check_leaves_the_file_at_its_start() -> None:
    file = io.BytesIO(good.png())
    file.seek(5)
    check(file, "a.png")
    assert file.tell() == 0


def test_check_does_not_load_what_opens_files() -> None:
    """A web process stays small, and a fault in these libraries stays out of it."""
    program = "import sys, assessments.uploads; print({'pikepdf', 'PIL', 'lxml', 'django'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
