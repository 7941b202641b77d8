"""Tables out of files: every encoding and separator that spreadsheets write, and every file that is none."""

import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from assessments.cashflow.monthly_table import TableError, read_table
from assessments.cashflow.months import Months
from assessments.forms.sheets import LARGEST, NO_VALUE, SheetError, grid_of_text, sheet_of

TABLE = [["Line", "April 2027", "May 2027"], ["Gross pay", "1000", "2000.50"], ["Café £", "5", ""]]


def xlsx(rows: list[list[Any]], prepare: Callable[[Any, Any], None] | None = None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Budget")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, column, value, book.add_format({"num_format": "mmm yy"}))
            else:
                sheet.write(number, column, value)
    if prepare:
        prepare(book, sheet)
    book.close()
    return out.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same file with parts replaced or added; in names `__` stands for a slash and `_dot_` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, named.pop(name) if name in named else old.read(name))
        for name, part in named.items():
            new.writestr(name, part)
    return out.getvalue()


SHEET = "xl__worksheets__sheet1_dot_xml"


def sheet_xml(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_text_as_spreadsheets_write_it(separator: str, encoding: str, ending: str) -> None:
    text = ending.join(separator.join(row) for row in TABLE) + ending

    assert sheet_of(text.encode(encoding)).grid == TABLE


def test_quoted_cells() -> None:
    assert grid_of_text('"Line","April 2027"\n"Rent, rates","1,200.50"\n') == [
        ["Line", "April 2027"],
        ["Rent, rates", "1,200.50"],
    ]


def test_pasted_table_may_begin_with_an_empty_cell() -> None:
    assert grid_of_text("\tApril 2027\nGross pay\t5")[0] == ["", "April 2027"]


def test_empty_rows_and_columns_around_the_table() -> None:
    content = b"\n,,,\nLine,Month 1,,\n,,,\nPay,5,,\n,,,\n\n"

    assert sheet_of(content).grid == [[], ["", ""], ["Line", "Month 1"], ["", ""], ["Pay", "5"]]


def test_workbook() -> None:
    rows = [
        ["Line", dt.date(2027, 4, 1), dt.date(2027, 5, 1)],
        ["Gross pay", 1000, 2000.5],
        ["Supplies", 0.1 + 0.2, ""],
    ]

    assert sheet_of(xlsx(rows)).grid == [
        ["Line", "2027-04-01", "2027-05-01"],
        ["Gross pay", "1000", "2000.5"],
        ["Supplies", "0.3", ""],
    ]


def test_of_a_formula_only_the_stored_value_counts() -> None:
    def add(book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 1, "=WEBSERVICE(A1)", None, 42)

    assert sheet_of(xlsx([["Line", "Month 1"], ["Pay"]], add)).grid[1] == ["Pay", "42"]


def test_formula_without_a_value_is_named() -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="B1"><f>1+1</f></c><c r="C1"><v>3</v></c></row>'
    )
    content = repacked(xlsx([["x"]]), **{SHEET: sheet_xml(cells)})

    assert sheet_of(content).grid == [["x", NO_VALUE, "3"]]


def test_second_sheet_is_mentioned() -> None:
    def add(book: Any, sheet: Any) -> None:
        book.add_worksheet("Other").write(0, 0, "more")

    assert sheet_of(xlsx([["Line"]], add)).notes == (
        "The workbook has 2 sheets with content; only the first, 'Budget', was read.",
    )


def test_hidden_and_empty_sheets_are_passed_over() -> None:
    def add(book: Any, sheet: Any) -> None:
        sheet.hide()
        book.add_worksheet("Empty")
        book.add_worksheet("Seen").write(0, 0, "this")
        book.worksheets()[1].activate()
        book.worksheets()[1].set_first_sheet()

    assert sheet_of(xlsx([["secret"]], add)).grid == [["this"]]


def test_merged_head_is_read_as_its_first_cell() -> None:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 1, 0, 2, "Month 1")

    assert sheet_of(xlsx([["Line"], ["Pay", 1, 2]], merge)).grid == [["Line", "Month 1", ""], ["Pay", "1", "2"]]


def bomb() -> bytes:
    return repacked(xlsx([["x"]]), xl__media__bomb_dot_bin=b"\0" * 30_000_000)


def far_cell(reference: str) -> bytes:
    return repacked(
        xlsx([["x"]]),
        **{SHEET: sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c></row><row><c r="{reference}"><v>1</v></c></row>')},
    )


def with_entities() -> bytes:
    lol = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    return repacked(xlsx([["x"]]), **{SHEET: lol})


def other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("word/document.xml", "<w/>")
    return out.getvalue()


REFUSED = {
    "nothing": (b"", "The file is empty."),
    "blanks": (b" \n \n", "The file is empty."),
    "too large": (b"x" * (LARGEST + 1), "larger than 2 MB"),
    "pdf": (b"%PDF-1.7\n", "This is a PDF"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel file (.xls), or one with a password"),
    "picture": (b"\x89PNG\r\n\x1a\n", "This is a picture"),
    "web page": (b"<html><table></table></html>", "web page or XML"),
    "program": (b"MZ\x90\x00\x03\x00\x00", "no text and no XLSX"),
    "other zip": (other_zip(), "no Excel workbook"),
    "broken zip": (b"PK\x03\x04broken", "The file is broken"),
    "cut off": (xlsx([["Line", 1]])[:2000], "The file is broken"),
    "bomb": (bomb(), "unpacks to far more"),
    "far cell": (far_cell("XFD1048576"), "reaches too far"),
    "far row": (far_cell("Z900000"), "reaches too far"),
    "entities": (with_entities(), "The file is broken"),
    "empty workbook": (xlsx([]), "its sheets are empty"),
    "too many rows": ("\n".join(["a,b"] * 301).encode(), "The table has 301 rows"),
    "too many columns": (",".join(["a"] * 61).encode(), "61 columns"),
    "huge cell": (("x" * 200_000 + ",1").encode(), "cannot be read as a table"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    content, message = REFUSED[name]

    with pytest.raises(SheetError) as refused:
        sheet_of(content)

    assert message in str(refused.value)


def test_bytes_flipped_at_random_never_do_worse_than_a_refusal() -> None:
    """Whatever arrives is a table or a refusal; nothing else comes out of the reader, and no crash."""
    chance = random.Random(3)  # noqa: S311
    good = xlsx([["Line", "Month 1"], ["Pay", 12.5], ["Supplies", 3]])
    for _attempt in range(150):
        broken = bytearray(good)
        for _flip in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            sheet_of(bytes(broken))
        except SheetError:
            continue


# What a table says ------------------------------------------------------------------------------------------

NAMES = Months(dt.date(2027, 4, 1))
YEAR = [NAMES.name(month) for month in range(1, 13)]


def problems(text: str, names: Months = NAMES) -> list[str]:
    with pytest.raises(TableError) as refused:
        read_table(grid_of_text(text), names, 12)
    return refused.value.problems


def year(*rows: str) -> str:
    return "\n".join(["Line\t" + "\t".join(YEAR), *rows])


PAID = "Gross pay\t" + "\t".join(["1000"] * 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["The table is empty"]),
        ("Pay\t5\nRent\t6", ["No row names the months: write them across the top, such as April 2027, May 2027, with "
                             "the names of the lines in the first column"]),
        (year(PAID.replace("1000", "n/a", 1)), ["Row 2 (Gross pay), column April 2027: found 'n/a'; write an amount"]),
        (
            year(PAID, "", "Supplies\t\t\t#REF!\t-3"),
            [
                "Row 4 (Supplies), column June 2027: found '#REF!'; write an amount",
                "Row 4 (Supplies), column July 2027: found '-3'; write an amount from £0 to £50,000,000",
            ],
        ),
        (
            "Line\tApril 2027\tApr 27\tFoo\nSupplies\t1\t2\t3",
            [
                "Row 1, column C: found 'Apr 27'; April 2027 stands there twice",
                "Row 1, column D: found 'Foo'; write a month, such as April 2027 or Month 1",
            ],
        ),
        (
            "Line\tMarch 2027\tApril 2027\nSupplies\t1\t2",
            ["Row 1, column B: found 'March 2027'; the forecast begins with April 2027, the month of go-live"],
        ),
        ("Line\tApril 2027\nPay\t5", ["Row 2 (Pay): there is no column for May 2027 to March 2028; give pay for every "
                                      "month of the forecast, which has 12"]),
        (year("\t5"), ["Row 2: found amounts without a name; name them in the first column"]),
        (year(PAID, "Salaries\t5"), ["Row 3: found pay again, after row 2; keep one of them"]),
        (year("Rent\t5", "rent\t6"), ["Row 3: found 'rent' again, after row 2; keep one of them"]),
        (year(), ["There are no lines under the months: write one row for pay and one for each cost"]),
        (
            "Line\tVAT %\tDays to pay\tApril 2027\nRent\t17.5\t100\t5",
            [
                "Row 2 (Rent), column VAT: found '17.5'; write 0, 5 or 20",
                "Row 2 (Rent), column days: found '100'; write whole days from 0 to 90",
            ],
        ),
        (
            "Line\tMonth 1\t\nPay\t1\t2\nRent\t3",
            [
                "Row 2 (Pay): there is no column for May 2027 to March 2028; give pay for every month of the forecast, "
                "which has 12",
                "Column C: found amounts (row 2) under no month; name the month in row 1",
            ],
        ),
    ],
)  # fmt: skip
def test_every_bad_cell_is_named(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_months_by_name_need_the_go_live_date() -> None:
    assert problems("Line\tApril 2027\nRent\t5", Months()) == [
        "Row 1, column B: found 'April 2027'; give the go-live date first, or count the months: Month 1 is the first "
        "after go-live"
    ]


def test_many_bad_cells_are_counted() -> None:
    found = problems(year(*(f"Cost {number}\t" + "\t".join(["x"] * 12) for number in range(5))))

    assert (len(found), found[-1]) == (31, "And 30 more cells like these.")


def test_longer_table_makes_the_forecast_longer() -> None:
    heads = "\t".join(NAMES.name(month) for month in range(1, 19))
    table = read_table(grid_of_text(f"Line\t{heads}\nRent\t" + "\t".join(["5"] * 18)), NAMES, 12)

    assert table.months == 18
    assert table.notes == ("The table has more months than the forecast, which becomes 18 months long.",)


def test_sums_are_left_out_and_amounts_rounded_to_the_penny() -> None:
    text = "Line\tMonth 1\tTotal\nRent\t3.333\t9\nTotal\t3.333\t9"
    table = read_table(grid_of_text(text), NAMES, 12)

    assert [str(amount) for amount in table.costs[0].amounts[:2]] == ["3.33", "0"]
    assert table.notes == (
        "Column C (Total) was left out: it adds up other columns.",
        "Row 3 (Total) was left out: it adds up other rows.",
        "1 amount was rounded to the penny.",
        "There is no column for May 2027 to March 2028: in those months these costs are nothing.",
    )


# What would be read otherwise than it was meant ----------------------------------------------------------------


HEAD = "Line,Month 1,Month 2,Month 3"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f'{HEAD}\n"Rent,5,5,5\nSupplies,6,6,6', 2),
        (f'{HEAD}\nSupplies,6,6,6\n"Rent,5,5,5', 3),
        (f'{HEAD}\nSupplies,6,6,6\n\n"Rent,5,5,5\n"Rates",6,6,6\nHeat,7,7,7', 4),
        (f'{HEAD}\nSupplies,6,6,6\n"Rent,5,5,"5"\nHeat,7,7,7', 3),
        (f'{HEAD}\nRent,5,"5,5\nHeat,7,7,7', 2),
        ('Line,"Month 1,Month 2\nRent,5,5\nHeat,7,7', 1),
        ('Line\tMonth 1\n"Rent\t5\nHeat\t7', 2),
    ],
    ids=["first", "last", "closed by a later one", "closed in its line", "amount", "head", "pasted"],
)
def test_quotation_mark_that_is_not_closed_is_named_by_its_line(text: str, line: int) -> None:
    """Otherwise all that follows it would stand in one cell, and no amount of it would count."""
    with pytest.raises(SheetError) as refused:
        grid_of_text(text)

    assert str(refused.value).startswith(f"Line {line}: a quotation mark is opened and not closed")


def test_quotation_marks_that_belong_to_a_name() -> None:
    text = 'Line\tMonth 1\n"Big" society\t5\n12" pipes\t6\n"Rent\nand rates"\t7\n"Say ""yes"""\t8'

    assert [row[0] for row in grid_of_text(text)[1:]] == ["Big society", '12" pipes', "Rent\nand rates", 'Say "yes"']


def test_pence_after_a_comma() -> None:
    assert problems(year("Rent\t1000,50")) == [
        "Row 2 (Rent), column April 2027: found '1000,50'; write an amount, with a point before the pence"
    ]


def test_thousands_that_a_comma_has_divided() -> None:
    text = f"{','.join(['Line', *YEAR])}\nInsurance,24,000\nRent,{','.join(['1,000'] * 12)}"

    assert problems(text) == [
        "Row 2 (Insurance), column May 2027: found '000'; write an amount. A comma between thousands may have divided "
        "it: take such commas out, or save the table as XLSX",
        *(
            f"Row 3 (Rent), column {YEAR[month]}: found '000'; write an amount. A comma between thousands may have "
            "divided it: take such commas out, or save the table as XLSX"
            for month in range(1, 12, 2)
        ),
        "Columns N to Y: found amounts (row 3) under no month; name the months in row 1. Commas between thousands "
        "make such columns too: take them out, or save the table as XLSX",
    ]


@pytest.mark.parametrize(
    "name",
    ["Total expenditure", "Net", "Contract income", "Surplus", "Operating deficit", "Net cash flow", "Closing balance"],
)
def test_row_that_is_no_cost(name: str) -> None:
    [problem] = problems(year(PAID, f"{name}\t5"))

    assert problem == (
        f"Row 3 ({name}): looks like a sum, a balance or income, and the table holds pay and costs only. Take it out, "
        "or give it another name if it is a cost of its own"
    )


@pytest.mark.parametrize("name", ["Net curtains", "Income collection fees", "Totaliser hire", "Balancing services"])
def test_row_that_only_sounds_like_a_sum(name: str) -> None:
    table = read_table(grid_of_text(year(PAID, f"{name}\t5")), NAMES, 12)

    assert [cost.name for cost in table.costs] == [name]


@pytest.mark.parametrize("name", ["Employer NI", "Employers' National Insurance", "Employer's pension", "On-costs"])
def test_cost_that_pay_brings_already(name: str) -> None:
    table = read_table(grid_of_text(year(PAID, f"{name}\t5")), NAMES, 12)

    assert [cost.name for cost in table.costs] == [name]
    assert table.notes[0] == (
        f"Row 3 ({name}) counts as a cost beside pay. If it is the employer's National Insurance or pension, take it "
        "out: both are worked out from gross pay and would count twice."
    )


def test_headings_between_rows_are_left_out() -> None:
    """Also where VAT and days stand in them, as in the empty table that can be downloaded."""
    text = "\n".join([f"{year()}\tVAT\tDays", "PAY", PAID, "Premises" + "\t" * 13 + "20\t30", "Rent\t5"])

    table = read_table(grid_of_text(text), NAMES, 12)

    assert ([cost.name for cost in table.costs], table.pay is not None) == (["Rent"], True)
    assert table.notes == (
        "Row 2 (PAY) was left out: it has no amounts.",
        "Row 4 (Premises) was left out: it has no amounts.",
    )


def test_table_of_headings_only() -> None:
    assert problems(year("Premises", "Supplies")) == [
        "There are no amounts under the months: write one row for pay and one for each cost"
    ]


def test_months_without_a_column_are_told() -> None:
    """A cost is then nothing in them, which lowers the need without anybody having said so."""
    table = read_table(grid_of_text("Line\tApril 2027\tJune 2027\nRent\t5\t5"), NAMES, 12)

    assert table.notes == (
        "There is no column for May 2027, July 2027 to March 2028: in those months these costs are nothing.",
    )


@pytest.mark.parametrize(
    ("vat", "days"), [("VAT", "Days"), ("VAT rate (%)", "Payment terms (days)"), ("Rate of VAT", "Days to pay")]
)
def test_heads_of_vat_and_days_as_people_write_them(vat: str, days: str) -> None:
    table = read_table(grid_of_text(f"Line\t{vat}\t{days}\tMonth 1\nRent\t20\t14\t5"), NAMES, 12)

    assert (str(table.costs[0].vat), table.costs[0].days) == ("0.2", 14)


def test_long_name_is_cut_in_messages() -> None:
    name = "Cleaning, caretaking and grounds of all the sites"

    assert problems(year(f"{name}\tx")) == [
        "Row 2 (Cleaning, caretaking and grounds of all …), column April 2027: found 'x'; write an amount"
    ]
