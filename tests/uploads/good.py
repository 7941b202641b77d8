"""Files that people may send, made here."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
import xlsxwriter
from PIL import Image

OOXML = "application/vnd.openxmlformats-officedocument"
RELATIONS = f"{OOXML}.relationships"
PACKAGE_NAMESPACE = "http://schemas.openxmlformats.org/package/2006"
OFFICE_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

DOCUMENT_TYPE = f"{OOXML}.wordprocessingml.document.main+xml"
SLIDES_TYPE = f"{OOXML}.presentationml.presentation.main+xml"
HYPERLINK = '<Relationship Id="r9" Type="{0}/hyperlink" Target="https://www.example.org/" TargetMode="External"/>'
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

Parts = dict[str, bytes]


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def relations(*lines: str) -> bytes:
    return f'{XML}<Relationships xmlns="{PACKAGE_NAMESPACE}/relationships">{"".join(lines)}</Relationships>'.encode()


def relation(what: str, target: str, mode: str = "Internal") -> str:
    return f'<Relationship Id="r-{what}" Type="{OFFICE_NAMESPACE}/{what}" Target="{target}" TargetMode="{mode}"/>'


def content_types(main: str, part: str = "word/document.xml", more: str = "") -> bytes:
    return (
        f'{XML}<Types xmlns="{PACKAGE_NAMESPACE}/content-types">'
        f'<Default Extension="rels" ContentType="{RELATIONS}+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{main}"/>{more}</Types>'
    ).encode()


def word_parts() -> Parts:
    return {
        "[Content_Types].xml": content_types(DOCUMENT_TYPE),
        "_rels/.rels": relations(relation("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": relations(HYPERLINK.format(OFFICE_NAMESPACE)),
        "word/document.xml": b"<w:document xmlns:w='x'><w:body>Minutes of the pensions committee</w:body></w:document>",
        "word/media/image1.png": png(),
    }


def word() -> bytes:
    return zipped(word_parts())


def word_with(parts: Mapping[str, bytes]) -> bytes:
    """A Word document with more parts, or others in the place of its own."""
    return zipped({**word_parts(), **parts})


def excel() -> bytes:
    """By a real writer."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Cash flow")
        sheet.write_row(0, 0, ["Month", "Receipts"])
        sheet.write_url(1, 0, "https://www.example.org/")
    return file.getvalue()


def excel_linked() -> bytes:
    """A workbook that takes figures from another, as finance departments' do."""
    with zipfile.ZipFile(io.BytesIO(excel())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    link = relation("externalLinkPath", "https://example.sharepoint.com/budget.xlsx", "External")
    return zipped({**parts, "xl/externalLinks/_rels/externalLink1.xml.rels": relations(link)})


def slides_with_chart() -> bytes:
    """A chart keeps its figures in a workbook: a package inside a package."""
    return zipped(
        {
            "[Content_Types].xml": content_types(SLIDES_TYPE, "ppt/presentation.xml"),
            "_rels/.rels": relations(relation("officeDocument", "/ppt/presentation.xml")),
            "ppt/presentation.xml": b"<p/>",
            "ppt/embeddings/Microsoft_Excel_Sheet1.xlsx": excel(),
        }
    )


def open_document_parts(kind: str) -> Parts:
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
        "content.xml": b"<office:document-content><office:scripts/>Minutes</office:document-content>",
        "META-INF/manifest.xml": b"<m:manifest xmlns:m='urn:m'><m:file-entry/></m:manifest>",
    }


def open_document(kind: str) -> Callable[[], bytes]:
    return lambda: zipped(open_document_parts(kind), zipfile.ZIP_STORED)


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    file = io.BytesIO()
    pdf.save(file, deterministic_id=not options, **options)
    return file.getvalue()


def blank_pdf() -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    return pdf


def link(**action: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 10, 10],
        A=pikepdf.Dictionary(**action),
    )


def with_link(pdf: pikepdf.Pdf, **action: Any) -> pikepdf.Pdf:
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([link(**action)]))
    return pdf


def pdf() -> bytes:
    """With a link to a web page and a page to open at, as many have."""
    document = with_link(blank_pdf(), S=pikepdf.Name.URI, URI="https://www.example.org/")
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=[document.pages[0].obj, pikepdf.Name.Fit])
    return saved(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def pdf_locked_for_editing() -> bytes:
    return saved(blank_pdf(), encryption=pikepdf.Encryption(owner="secret", user=""))


def pdf_saved_twice() -> bytes:
    """Changes written behind the first version, as signing does."""
    first = saved(blank_pdf())
    return first + b"\n" + first[first.rindex(b"startxref") :]


def picture(pil_format: str, mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert(mode).save(file, pil_format, **options)
    return file.getvalue()


def png() -> bytes:
    return picture("PNG")


def jpeg() -> bytes:
    return picture("JPEG")


def jpeg_progressive() -> bytes:
    return picture("JPEG", progressive=True, quality=95)


def jpeg_of_a_phone() -> bytes:
    """Two pictures one after the other, with zeros between."""
    return jpeg() + bytes(300) + jpeg()


def jpeg_of_a_samsung() -> bytes:
    directory = b"SEFH" + (107).to_bytes(4, "little") + bytes(16)
    return jpeg() + b"Image_UTC_Data1700000000000" + directory + len(directory).to_bytes(4, "little") + b"SEFT"
