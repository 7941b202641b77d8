"""Why a file is not kept, in words: what was found and how to mend it."""

from collections.abc import Mapping
from enum import StrEnum

from assessments.uploads.limits import LARGEST, MEGABYTE, MOST_PIXELS


class Code(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    UNKNOWN = "unknown"
    NOT_ALLOWED = "not-allowed"
    PLAIN_TEXT = "plain-text"
    OLD_OFFICE = "old-office"
    EMAIL = "email"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    WEB_PAGE = "web-page"
    PROGRAM = "program"
    ARCHIVE = "archive"
    TWO_IN_ONE = "two-in-one"
    BOMB = "bomb"
    PIXELS = "pixels"
    PATHS = "paths"
    ACTIVE = "active"
    FILE_INSIDE = "file-inside"
    REMOTE = "remote"
    DAMAGED = "damaged"
    TOO_MUCH_WORK = "too-much-work"


KEPT = "We keep PDF, Word, Excel, PowerPoint, OpenDocument, PNG and JPEG files."

MESSAGES: Mapping[Code, str] = {
    Code.EMPTY: "The file is empty. Check that it opens on your computer, then choose it again.",
    Code.TOO_LARGE: f"The file is larger than {LARGEST // MEGABYTE} MB. Save it with smaller pictures, "
    "or upload it in parts.",
    Code.UNKNOWN: f"We cannot tell what kind of file this is. {KEPT} Save it as a PDF and upload that.",
    Code.NOT_ALLOWED: f"We do not keep this kind of file. {KEPT} Save it as a PDF and upload that.",
    Code.PLAIN_TEXT: "This is a plain text or CSV file. Save it as a PDF or, if it is a table, as an Excel workbook "
    "(.xlsx), and upload that.",
    Code.OLD_OFFICE: "This is an old Office file (.doc, .xls or .ppt). Open it, save it as .docx, .xlsx, .pptx or PDF, "
    "and upload that.",
    Code.EMAIL: "This is an Outlook e-mail (.msg). Print it to PDF and upload that. Upload its attachments one by one.",
    Code.ENCRYPTED: "The file is protected with a password. Save it without a password and upload that. Only people "
    "who may see this evidence can download it.",
    Code.MACROS: "The file contains macros. Save it as a document without macros (.docx, .xlsx or .pptx) or as a PDF, "
    "and upload that.",
    Code.WEB_PAGE: "This is a web page or a drawing that a browser would run (HTML, SVG or XML). Print it to PDF, "
    "or save it as PNG, and upload that.",
    Code.PROGRAM: f"This is a program or a script, not a document. {KEPT}",
    Code.ARCHIVE: "This is an archive of other files (such as ZIP). Take the files out and upload them one by one.",
    Code.TWO_IN_ONE: "The file holds something else before, inside or after what it seems to be. Open it, save it "
    "again or print it to PDF, and upload that.",
    Code.BOMB: "The file unpacks to far more than its size. Save it as a PDF and upload that.",
    Code.PIXELS: f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels. Save it smaller "
    "and upload that.",
    Code.PATHS: "The file has parts whose names are not allowed in an office file. Open it, save it again, "
    "and upload that.",
    Code.ACTIVE: "The file contains something that acts by itself: a script, a control, or a button that starts a "
    "program or sends data. Print it to PDF and upload that.",
    Code.FILE_INSIDE: "The file has another file inside it. Take that file out and upload it on its own, or print "
    "this one to PDF and upload that.",
    Code.REMOTE: "The file fetches a part of itself (a template, a picture or an object) from elsewhere when it is "
    "opened. Save it as a PDF and upload that.",
    Code.DAMAGED: "The file is damaged or cut short. Check that it opens on your computer, save it again or print it "
    "to PDF, and upload that.",
    Code.TOO_MUCH_WORK: "The file is too complicated for us to check. Print it to PDF, or save it smaller, "
    "and upload that.",
}


class Refused(Exception):
    """The file is not kept. `code` says why to programs, `message` to people."""

    def __init__(self, code: Code, message: str = "") -> None:
        self.code = code
        self.message = message or MESSAGES[code]
        super().__init__(self.message)
