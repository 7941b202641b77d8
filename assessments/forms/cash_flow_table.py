"""A monthly table of pay and costs, uploaded or pasted: the form, and what it would change."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.cashflow.monthly_table import Line, MonthlyTable, TableError, cost_rows, read_table
from assessments.cashflow.months import Months
from assessments.cashflow.typed import in_per_cent, pounds
from assessments.forms.base import GovukForm
from assessments.forms.cash_flow_typed import Typed, costs_by_name, horizon_of, typed_in
from assessments.forms.fields import LongTextField
from assessments.forms.govuk import Button, ButtonGroup, FileUpload, Part, Textarea
from assessments.forms.sheets import LARGEST, Sheet, SheetError, grid_of_text, sheet_of

LONGEST_PASTE = 200_000
LONGEST_TYPED = 1_000_000


class TableForm(GovukForm):
    """Valid, it gives `table`, its `lines` for a preview, and `text` from which the same can be read again.

    `typed`, `version` and `mode` carry the page of figures from which somebody came, saved or not.
    """

    file = forms.FileField(
        required=False,
        label="Upload a CSV or XLSX file",
        error_messages={"empty": "The file is empty. Choose a file with a table in it"},
    )
    text = LongTextField(
        required=False,
        max_length=LONGEST_PASTE,
        # A tab at the very beginning is an empty cell.
        strip=False,
        label="Or paste the table from your spreadsheet",
    )
    typed = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    mode = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, files: Any = None, *, names: Months, typed: Typed, version: int, full: bool, action: str
    ) -> None:
        initial = {"typed": json.dumps(typed), "version": str(version), "mode": "full" if full else "simple"}
        super().__init__(data, files, initial=initial)
        self.form_action = action
        self.names = names
        self.page = typed
        self.table: MonthlyTable | None = None
        self.notes: tuple[str, ...] = ()
        self.read_again = ""

    def layout(self) -> list[Part | str]:
        return [
            FileUpload("file", hint="At most 2 MB. The first sheet is read. Formulas count with their last value."),
            Textarea("text", rows=8, count=0, spellcheck=False, css_class="app-amounts"),
        ]

    def buttons(self) -> Iterable[Part]:
        return [
            ButtonGroup(
                Button("Check the table", name="do", value="check"),
                Button("Back to the figures without a table", style="secondary", name="do", value="back"),
            )
        ]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        file, text = given.get("file"), given.get("text") or ""
        if self.errors:
            return given
        if bool(file) == bool(text.strip()):
            raise ValidationError(
                {
                    "file": "Choose a file or paste a table, not both"
                    if file
                    else "Choose a file, or paste a table below"
                }
            )
        where = "file" if file else "text"
        try:
            sheet = self._sheet(file, text)
            self.table = read_table(sheet.grid, self.names, horizon_of(self.page))
        except SheetError as error:
            raise ValidationError({where: str(error)}) from None
        except TableError as error:
            raise ValidationError({where: error.problems}) from None
        self.notes = (*sheet.notes, *self.table.notes)
        self.read_again = _as_text(sheet.grid)
        return given

    @staticmethod
    def _sheet(file: Any, text: str) -> Sheet:
        if not file:
            return Sheet(grid_of_text(text))
        if file.size > LARGEST:
            # Its bytes are not even read.
            raise SheetError("The file is larger than 2 MB. Save the one table that is needed in a file of its own.")
        return sheet_of(file.read())


def _as_text(grid: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter="\t").writerows(grid)
    return out.getvalue()


def page_in(data: Any) -> Typed | None:
    """The page of figures that a form carried along; None where there is none, or nothing of ours."""
    text = str(data.get("typed", ""))[:LONGEST_TYPED]
    try:
        found = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return typed_in(found) if isinstance(found, dict) else None


# What a preview shows ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PreviewRow:
    name: str
    vat: str
    days: str
    cells: tuple[str, ...]
    total: str


def preview(table: MonthlyTable, typed: Typed) -> Iterator[PreviewRow]:
    """VAT and days that the table leaves open are those that the costs of the page bring."""
    before = costs_by_name(typed)
    if table.pay:
        yield _preview_row("Gross pay", "", "", table.pay)
    for line, row in zip(table.costs, cost_rows(table, before), strict=True):
        is_known = line.name.lower() in before
        vat = f"{in_per_cent(row.vat)}%" if row.vat else "none"
        yield _preview_row(
            line.name,
            vat + (AS_NOW if is_known and line.vat is None else ""),
            str(row.supplier_days) + (AS_NOW if is_known and line.days is None else ""),
            line,
        )


AS_NOW = ", as now"


def _preview_row(name: str, vat: str, days: str, line: Line) -> PreviewRow:
    cells = tuple(pounds(amount) for amount in line.amounts)
    return PreviewRow(name, vat, days, cells, total=pounds(sum(line.amounts, Decimal(0))))


# The template to fill in ------------------------------------------------------------------------------------

_EXAMPLE = (("Gross pay", "", ""), ("Supplies", "20", "30"), ("Support services", "20", "0"), ("Rent", "0", "0"))


def template_csv(names: Months, months: int) -> str:
    """An empty table with the right head. With a mark at the start by which Excel knows it for UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    heads = [_capital(names.name(month)) for month in range(1, months + 1)]
    writer.writerow(["Line", "VAT %", "Days to pay", *heads])
    for row in _EXAMPLE:
        writer.writerow([*row, *[""] * months])
    return f"\ufeff{out.getvalue()}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
