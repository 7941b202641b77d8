"""A table out of a file or a paste: cells of text by row and column, whatever program wrote it.

A file is what its content is, whatever it is called. Sizes are bounded before anything is unpacked into memory, and
nothing in a file is followed or worked out: of a formula only the value counts that its program stored.
"""

import csv
import datetime as dt
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

LARGEST = 2_097_152
"""Bytes of a file. A table of 36 months and a hundred lines is a hundredth of this."""
LARGEST_UNPACKED = 20_971_520
MOST_PARTS = 500
MOST_ROWS, MOST_COLUMNS = 300, 60
MOST_CELLS_UNPACKED = 400_000

NO_VALUE = "a formula without a value"

Grid = list[list[str]]


class SheetError(Exception):
    """No table can be read from this. Its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    grid: Grid
    notes: tuple[str, ...] = ()


def sheet_of(content: bytes) -> Sheet:
    """The table in a CSV or XLSX file. Raises SheetError."""
    if len(content) > LARGEST:
        raise SheetError("The file is larger than 2 MB. Save the one table that is needed in a file of its own.")
    if not content.strip():
        raise SheetError("The file is empty.")
    for beginning, message in _REFUSED.items():
        if content.startswith(beginning):
            raise SheetError(message)
    return _workbook(content) if content.startswith(b"PK") else Sheet(grid_of_text(_text(content)))


_SAVE_AS = "Open it in your spreadsheet program and save it as “Excel workbook (.xlsx)” or “CSV”."
_REFUSED = {
    b"%PDF": f"This is a PDF, which holds no table that can be read. {_SAVE_AS}",
    b"\xd0\xcf\x11\xe0": f"This is an old Excel file (.xls), or one with a password. {_SAVE_AS}",
    b"\x89PNG": "This is a picture. Upload a CSV or XLSX file.",
    b"\xff\xd8\xff": "This is a picture. Upload a CSV or XLSX file.",
    b"GIF8": "This is a picture. Upload a CSV or XLSX file.",
    b"{\\rtf": f"This is a text document. {_SAVE_AS}",
    b"<": f"This is a web page or XML file, not a CSV or XLSX file. {_SAVE_AS}",
    b"\x1f\x8b": "This is a compressed file. Unpack it and upload the CSV or XLSX file in it.",
    b"7z\xbc\xaf": "This is a compressed file. Unpack it and upload the CSV or XLSX file in it.",
    b"Rar!": "This is a compressed file. Unpack it and upload the CSV or XLSX file in it.",
}


# CSV, and what somebody pastes -------------------------------------------------------------------------------


def _text(content: bytes) -> str:
    """UTF-8, or UTF-16 that says so (Excel's “Unicode text”), or else Windows' own."""
    try:
        is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16") if is_utf16 else _utf8_or_windows(content)
    except UnicodeDecodeError:
        raise SheetError(f"The file is no text and no XLSX file. {_SAVE_AS}") from None
    if any(ord(letter) < 32 and letter not in "\t\r\n\x0b\x0c" for letter in text):
        raise SheetError(f"The file is no text and no XLSX file. {_SAVE_AS}")
    return text


def _utf8_or_windows(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def grid_of_text(text: str) -> Grid:
    """Separated by tabs where there are any, else by semicolons or commas."""
    lines = text.lstrip("\ufeff").splitlines()
    separator = _separator(lines)
    try:
        rows = list(_rows([f"{line}\n" for line in lines], separator))
    except csv.Error as error:
        raise SheetError(f"The text cannot be read as a table ({error}). {_SAVE_AS}") from None
    return _bounded([[cell.strip() for cell in row] for row in rows])


def _rows(lines: list[str], separator: str) -> Iterator[list[str]]:
    """Refuses a row that a quotation mark made of more than was meant: what it swallows would not be counted."""
    reader = csv.reader(lines, delimiter=separator)
    begin = 0
    for row in reader:
        source = lines[begin : reader.line_num]
        if not _is_closed(source, separator) or (_holds_more(row, separator) and not _is_strict(source, separator)):
            raise SheetError(
                f"Line {begin + 1}: a quotation mark is opened and not closed where the cell ends. "
                "Take the mark out, or close it."
            )
        begin = reader.line_num
        yield row


def _is_closed(source: list[str], separator: str) -> bool:
    """Whether a line after these would begin a row of its own."""
    return len(list(csv.reader([*source, "end"], delimiter=separator))) > 1


def _holds_more(row: list[str], separator: str) -> bool:
    return any(sign in cell for cell in row for sign in (separator, "\n"))


def _is_strict(source: list[str], separator: str) -> bool:
    """Names like `"Big" society` are not strict, and harmless where they stay within their cell."""
    try:
        list(csv.reader(source, delimiter=separator, strict=True))
    except csv.Error:
        return False
    return True


def _separator(lines: list[str]) -> str:
    filled = [line for line in lines if line.strip()][:10]
    counts = {sign: max((line.count(sign) for line in filled), default=0) for sign in ("\t", ";", ",")}
    if counts["\t"]:
        return "\t"
    return ";" if counts[";"] > 1 else ","


def _bounded(grid: Grid) -> Grid:
    """Without empty rows at the end and empty columns at the right; refused where too much is left."""
    while grid and not any(grid[-1]):
        grid.pop()
    width = max((place + 1 for row in grid for place, cell in enumerate(row) if cell), default=0)
    if len(grid) > MOST_ROWS or width > MOST_COLUMNS:
        raise SheetError(
            f"The table has {len(grid):,} rows and {width:,} columns; {MOST_ROWS} and {MOST_COLUMNS} can be read. "
            "Put lines together, or take out what is not pay or a cost."
        )
    return [row[:width] for row in grid]


# XLSX --------------------------------------------------------------------------------------------------------

_BROKEN = f"The file is broken, or no spreadsheet. {_SAVE_AS}"
_NO_WORKBOOK = f"This is a compressed file, but no Excel workbook (.xlsx). {_SAVE_AS}"
_TOO_MUCH = "The file unpacks to far more than a table of pay and costs. Save that one table in a new file."


# What the standard library raises of a broken, encrypted or strangely packed file.
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    expat.ExpatError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


def _workbook(content: bytes) -> Sheet:
    without_value = _looked_through(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        filled = [sheet for sheet in (book.get_sheet_by_name(name) for name in names) if sheet.height]
        if not filled:
            raise SheetError("The workbook holds no table: its sheets are empty.")
        grid = [[_cell(value) for value in row] for row in filled[0].to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError(_BROKEN) from error
    _mark(grid, without_value)
    return Sheet(_bounded(grid), tuple(_other_sheets(filled)))


def _other_sheets(filled: list[CalamineSheet]) -> Iterator[str]:
    if len(filled) > 1:
        yield f"The workbook has {len(filled)} sheets with content; only the first, {filled[0].name!r}, was read."


def _looked_through(content: bytes) -> set[tuple[int, int]]:
    """Refuses what is no workbook, or would fill the memory. Gives formulas whose value nobody stored."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
            if "xl/workbook.xml" not in names:
                raise SheetError(_NO_WORKBOOK)
            if len(names) > MOST_PARTS:
                raise SheetError(_TOO_MUCH)
            return _scan_all(parts)
    except _UNREADABLE as error:
        raise SheetError(_BROKEN) from error


def _scan_all(parts: zipfile.ZipFile) -> set[tuple[int, int]]:
    """Unpacks every part, at most so many bytes in all, whatever the file says of its sizes."""
    left = LARGEST_UNPACKED
    found: set[tuple[int, int]] = set()
    for info in parts.infolist():
        with parts.open(info) as part:
            content = part.read(left + 1)
        left -= len(content)
        if left < 0:
            raise SheetError(_TOO_MUCH)
        if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
            found |= _scan(content)
    return found


@dataclass
class _Scan:
    """A sheet read for its extent only."""

    place: tuple[int, int] = (-1, -1)
    has_formula: bool = False
    has_value: bool = False
    count: int = 0
    without_value: set[tuple[int, int]] = field(default_factory=set)
    reach: tuple[int, int] = (0, 0)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        bare = name.rpartition(":")[2]
        if bare == "row" and attributes.get("r", "").isdigit():
            self._goes_to(int(attributes["r"]), 0)
        if bare == "c":
            self.count += 1
            self.has_formula = self.has_value = False
            self.place = _place(attributes.get("r", ""))
            self._goes_to(self.place[0] + 1, self.place[1] + 1)
        self.has_formula |= bare == "f"
        self.has_value |= bare in ("v", "is")

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c" and self.has_formula and not self.has_value:
            self.without_value.add(self.place)

    def doctype(self, *given: Any) -> None:
        raise SheetError(_BROKEN)

    def _goes_to(self, row: int, column: int) -> None:
        self.reach = (max(self.reach[0], row), max(self.reach[1], column))
        # A reader lays out the whole rectangle between the first and the last cell.
        if self.reach[0] * max(self.reach[1], 1) > MOST_CELLS_UNPACKED or self.count > MOST_CELLS_UNPACKED:
            raise SheetError(
                "The sheet reaches too far: some cell stands alone far below or to the right. "
                "Copy the table into a new file."
            )


def _scan(content: bytes) -> set[tuple[int, int]]:
    scan = _Scan()
    parser = expat.ParserCreate()
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.StartDoctypeDeclHandler = scan.doctype
    parser.Parse(content, True)
    return scan.without_value


def _place(reference: str) -> tuple[int, int]:
    """`B3` is row 2, column 1. A cell that does not say where it is follows the one before; it is only counted."""
    letters = reference.rstrip("0123456789")
    number = reference[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and number):
        return (-1, -1)
    column = 0
    for letter in letters.upper()[:8]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return (int(number[:9]) - 1, column - 1)


def _mark(grid: Grid, without_value: set[tuple[int, int]]) -> None:
    """An unreckoned formula must be named, not taken for an empty cell."""
    for row, column in without_value:
        if 0 <= row < len(grid) and 0 <= column < len(grid[row]) and not grid[row][column]:
            grid[row][column] = NO_VALUE


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else _plain_float(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    return "" if value is None else " ".join(str(value).split())


def _plain_float(value: float) -> str:
    """To a millionth: beyond that stands only what binary fractions leave over."""
    return f"{value:.6f}".rstrip("0").rstrip(".")
