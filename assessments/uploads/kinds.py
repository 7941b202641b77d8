"""The kinds of file that are kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.uploads.limits import LARGEST, MEGABYTE


@dataclass(frozen=True)
class Kind:
    """`id` is stored and never changes its meaning; `extensions` are what such files are called, ours first."""

    id: str
    title: str
    content_type: str
    extensions: tuple[str, ...]

    @property
    def extension(self) -> str:
        return self.extensions[0]


OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"

KINDS: Mapping[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", ("pdf",)),
        Kind("docx", "Word document", f"{OOXML}.wordprocessingml.document", ("docx", "doc", "docm")),
        Kind("xlsx", "Excel workbook", f"{OOXML}.spreadsheetml.sheet", ("xlsx", "xls", "xlsm")),
        Kind("pptx", "PowerPoint presentation", f"{OOXML}.presentationml.presentation", ("pptx", "ppt", "pptm")),
        Kind("odt", "OpenDocument text", f"{ODF}.text", ("odt",)),
        Kind("ods", "OpenDocument spreadsheet", f"{ODF}.spreadsheet", ("ods",)),
        Kind("odp", "OpenDocument presentation", f"{ODF}.presentation", ("odp",)),
        Kind("png", "PNG picture", "image/png", ("png",)),
        Kind("jpg", "JPEG picture", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    )
}

# For a hint beside the file field.
ALLOWED = f"PDF, Word, Excel, PowerPoint, OpenDocument, PNG or JPEG, up to {LARGEST // MEGABYTE} MB"
# For the attribute `accept` of the file field. It helps to choose; it decides nothing.
ACCEPT = ",".join([*(f".{kind.extension}" for kind in KINDS.values()), ".jpeg"])
