"""Whether an uploaded file may be kept as evidence. No Django, no database, nothing stored.

    try:
        accepted = check(uploaded.file, uploaded.name)
    except Refused as refused:
        raise ValidationError(refused.message, code=refused.code)

`check(content, name)` takes a binary file that can seek, and the name that the browser sent. It returns Accepted
(kind, title, extension, content_type, size, sha256, name) or raises Refused (code, message in plain English: what was
found and how to mend it). The content decides; neither the name nor the browser's type is believed. `LARGEST`,
`ALLOWED` (a hint in words) and `ACCEPT` (the attribute of the file field) are for the form.

What the caller still does
- Give the web server and Django their own limit: this room sees a file only after it has arrived.
- Store the file under a name of its own (never `Accepted.name`), outside of what the web server serves.
- Serve it with `Accepted.content_type`, `Content-Disposition: attachment` with `Accepted.name`,
  `X-Content-Type-Options: nosniff` and `Content-Security-Policy: sandbox; default-src 'none'`.
- Keep `sha256` and compare it when the file is served or exported.

What is kept, and why no more
- PDF; Word, Excel and PowerPoint without macros; OpenDocument; PNG and JPEG. That is what letters, actuaries' reports,
  board papers, spreadsheets, scans, photos and screenshots come as.
- No GIF, WebP, TIFF or HEIC: evidence seldom comes as one, each brings a decoder to attack, each can be saved as JPEG.
- No plain text or CSV: nothing in the bytes tells text from a script or a web page, and a CSV's formulas run in Excel.
- No PDF with scripts, forms that send, attachments, or actions that start programs or open other files. Serving as an
  attachment protects our site; the adviser who opens the file on their own computer is protected only by refusing.
- A PDF that opens without a password but forbids editing is kept: everybody can read it, so can the check.
- A wrong name is mended, not refused: `photo.jpg` that is a PNG becomes `photo.png`. The content was found harmless.

How: first bytes sort (`signatures`), then the file is opened whole by a kept library (pikepdf, zipfile and lxml,
Pillow: `documents`, `packages`, `pictures`) in a process of its own (`process`) with limits on memory and time
(`limits`). It is no virus scanner: a document that attacks a fault in somebody's Word or Acrobat may pass.
"""

from assessments.uploads.checking import Accepted, check
from assessments.uploads.kinds import ACCEPT, ALLOWED, KINDS
from assessments.uploads.limits import LARGEST
from assessments.uploads.refusals import Code, Refused

__all__ = ["ACCEPT", "ALLOWED", "KINDS", "LARGEST", "Accepted", "Code", "Refused", "check"]
