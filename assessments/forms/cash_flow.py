"""The working-capital calculator as a form: one page of figures, with the main inputs (simple) or all of them (full).

Simple mode carries the other inputs along unseen, so that switching loses nothing and a save writes the same table.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from assessments.cashflow.by_month import CostRow, lines_of
from assessments.cashflow.months import Months, NotAMonth
from assessments.cashflow.reading import PARTS, InputsError, read
from assessments.cashflow.typed import NotAFigure
from assessments.catalogue.problems import Problem
from assessments.catalogue.schema import Catalogue
from assessments.forms.base import GovukForm
from assessments.forms.cash_flow_asks import (
    BOND,
    BUFFER,
    COST,
    GRANT,
    GROSS_PAY,
    INCOME,
    LOAN,
    MONTHS,
    NOT_IN_TABLE,
    ONE_OFF,
    OPENING,
    PAY,
    PAY_BY_MONTH,
    PAY_IS,
    ROWS,
    TOP,
    VAT,
    Ask,
    Kind,
    Rows,
    allowed,
    default_of,
    lines_in,
    value_of,
)
from assessments.forms.cash_flow_typed import (
    Typed,
    asked,
    asked_in_blank_rows,
    count,
    horizon_of,
    is_blank,
    part_of,
    row_names,
)
from assessments.forms.govuk import Button, ButtonGroup, Control, Fieldset, Input, Part, Parts, Radios, Select, Static
from assessments.forms.govuk import Textarea as TextareaPart

_ENTER = mark_safe(
    '<button class="govuk-visually-hidden" name="do" value="save" tabindex="-1" aria-hidden="true">Save</button>'
)
_WIDE = "app-row__wide"
NARROW = 14
"""Letters that a narrow box shows."""
BLANK = (Kind.NAME, Kind.MONTHS)
"""May be left empty; every other box without a default must be filled."""


class Box(Parts):
    """Parts in one `div`."""

    def __init__(self, css_class: str, *parts: Part | str) -> None:
        super().__init__(*parts)
        self.css_class = css_class

    def render(self, form: forms.BaseForm, context: Any, template_pack: str = "", **kwargs: Any) -> SafeString:
        return format_html('<div class="{}">{}</div>', self.css_class, super().render(form, context))


class FiguresForm(GovukForm):
    """Bound, it gives `table`, ready for `services.cash_flow`; unbound it shows what was typed, unjudged."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    mode = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        typed: Typed,
        *,
        names: Months,
        catalogue: Catalogue,
        version: int,
        full: bool,
        judge: bool = False,
        action: str = "",
    ) -> None:
        """`action` is where it is sent, wherever it is shown."""
        hidden = {"version": str(version), "mode": "full" if full else "simple"}
        given: dict[str, Any] = {**typed, **hidden}
        super().__init__(given if judge else None, initial=None if judge else given)
        self.typed, self.names, self.catalogue, self.full = typed, names, catalogue, full
        self.form_action = action
        self.table: dict[str, Any] = {}
        self.asks: dict[str, tuple[str, Ask]] = {}
        for rows in ROWS:
            self.fields[f"{rows.part}-rows"] = forms.CharField(required=False, widget=forms.HiddenInput)
        for name, part, ask in asked(typed):
            self.asks[name] = (part, ask)
            self.fields[name] = self._field(name, ask)

    # Fields

    def _field(self, name: str, ask: Ask) -> forms.CharField:
        return forms.CharField(required=False, label=ask.label, widget=self._widget(name, ask))

    def _widget(self, name: str, ask: Ask) -> forms.Widget:
        if not self._is_shown(name, ask):
            return forms.HiddenInput()
        if ask.kind is Kind.BY_MONTH:
            return forms.Textarea()
        if ask in (VAT[0], PAY_IS):
            return forms.RadioSelect(choices=ask.choices)
        if ask.kind is Kind.CHOICE:
            return forms.Select(choices=ask.choices)
        return forms.Select(choices=self._month_choices(name)) if ask.kind is Kind.MONTH else forms.TextInput()

    def _is_shown(self, name: str, ask: Ask) -> bool:
        rows = next((rows for rows in ROWS if name.startswith(f"{rows.part}-")), None)
        if not self.full and not (ask.is_simple and (rows is None or rows.is_simple)):
            return False
        if rows is COST and ask.key in ("by_month", "monthly", "months"):
            return (ask.key == "by_month") == self._varies(name)
        return True

    def _varies(self, name: str) -> bool:
        """Whether a row of costs has an amount for each month; one that was emptied is a plain row again."""
        return bool(self.typed.get(f"{name.rpartition('-')[0]}-by_month", "").strip())

    def _month_choices(self, name: str) -> list[tuple[str, str]]:
        chosen = self.typed.get(name, "")
        last = max(horizon_of(self.typed), int(chosen) if re.fullmatch("[0-9]{1,2}", chosen) else 0)
        return [(str(month), _capital(self.names.heading(month))) for month in range(last + 1)]

    # From text to the table

    def clean(self) -> dict[str, Any]:
        self.table = self._table()
        try:
            read(self.table, "figures")
        except InputsError as error:
            for problem in error.problems:
                self._blame(problem)
        return self.cleaned_data

    @property
    def hidden_errors(self) -> bool:
        """Whether something is wrong that this mode does not show."""
        return any(
            isinstance(self.fields[name].widget, forms.HiddenInput) for name in self.errors if name in self.fields
        )

    def _table(self) -> dict[str, Any]:
        """Boxes that cannot be read are left out here and have their message."""
        self.places: dict[str, str] = {}
        table: dict[str, Any] = {}
        for ask in TOP:
            if not part_of(ask) and ask.key not in NOT_IN_TABLE and ask is not GROSS_PAY:
                self._take(table, ask.key, ask, ask.key)
        self._take_pay(table)
        if not self._text("vat_registered"):
            self.add_error("vat_registered", "Choose whether the new body will be registered for VAT")
        for rows in ROWS:
            self._take_rows(table, rows)
        if self._text("loan-amount"):
            loan: dict[str, Any] = {}
            for ask in LOAN:
                self._take(loan, ask.key.removeprefix("loan-"), ask, f"loan.{ask.key.removeprefix('loan-')}", ask.key)
            table["loan"] = loan
        return table

    def _take_pay(self, table: dict[str, Any]) -> None:
        if self._text("pay_is") == "different":
            self._take(table, "gross_pay", PAY_BY_MONTH, "gross_pay", "pay_by_month")
        else:
            self._take(table, "gross_pay", GROSS_PAY, "gross_pay", "gross_pay")

    def _take_rows(self, table: dict[str, Any], rows: Rows) -> None:
        taken: list[dict[str, Any]] = []
        for number in range(1, count(self.typed, rows) + 1):
            if is_blank(self.typed, rows, number) and number > rows.least:
                continue
            if rows is COST and self._varies(f"cost-{number}-x"):
                taken += self._cost_by_month(number, len(taken))
                continue
            row: dict[str, Any] = {}
            for name, ask in row_names(rows, number):
                if ask.kind is not Kind.BY_MONTH:
                    self._take(row, ask.key, ask, f"{rows.part}[#{len(taken) + 1}].{ask.key}", name)
            taken.append(row)
        table[rows.part] = taken

    def _cost_by_month(self, number: int, before: int) -> list[dict[str, Any]]:
        """A line for each distinct amount. What the calculator minds about any of them stands at the one box."""
        row: dict[str, Any] = {}
        for name, ask in row_names(COST, number):
            if ask.key not in ("monthly", "months"):
                self._take(row, ask.key, ask, f"cost-{number}.{ask.key}", name)
        by_month = row.get("by_month")
        name = f"cost-{number}-by_month"
        if by_month is None:
            return []
        months = horizon_of(self.typed)
        if len(by_month) != months:
            self._say(
                name, f"{self._subject(name)} must have {months} amounts, one for each month. It has {len(by_month)}"
            )
            return []
        made = CostRow(row.get("name", ""), row.get("vat", 0), row.get("supplier_days", 30), by_month=tuple(by_month))
        lines = lines_of(made)
        for place in range(before + 1, before + len(lines) + 1):
            self.places |= {f"cost[#{place}].{key}": name for key in ("monthly", "months")}
            self.places |= {
                f"cost[#{place}].{ask.key}": f"cost-{number}-{ask.key}" for ask in COST.asks if ask.key in row
            }
        return lines

    def _take(self, holder: dict[str, Any], key: str, ask: Ask, place: str, name: str = "") -> None:
        name = name or ask.key
        self.places[place] = name
        text = self._text(name)
        if not text:
            if ask.kind not in BLANK and self._is_needed(name, ask):
                self._say(name, f"Enter the {ask.noun}{self._of_row(name)}")
            elif ask.kind is Kind.NAME:
                holder[key] = ""
            return
        try:
            holder[key] = value_of(ask, text, self.names)
        except NotAMonth as error:
            self._say(name, f"{self._subject(name)}: found “{_short(text)}”; {error}")
        except NotAFigure:
            self._say(name, self._wrong(name, ask, text))
        if ask.kind is Kind.BY_MONTH and key in holder:
            holder[key] = list(holder[key]) if key == "gross_pay" else holder[key]

    def _is_needed(self, name: str, ask: Ask) -> bool:
        """Whether nothing stands in for an empty box."""
        part = self.asks[name][0]
        if ask.kind is Kind.CHOICE or ask is OPENING:
            return False
        return not default_of(part, ask, self.names)

    def _text(self, name: str) -> str:
        return self.typed.get(name, "").strip()

    # What is wrong, in words

    def _blame(self, problem: Problem) -> None:
        """Puts a problem of the calculator at the box that it is about; one that has a message needs no second."""
        key = problem.key.removeprefix("cashflow.")
        name = self.places.get(key) or self.places.get(key.rpartition("[")[0]) or self._row_of(key)
        if name not in self.fields:
            self.add_error(None, f"{problem.key}: found {problem.found}; allowed: {problem.allowed}")
        elif name not in self.errors:
            self._say(name, self._wrong(name, self.asks[name][1], self._text(name)))

    def _row_of(self, key: str) -> str:
        """For a problem with a list as a whole: its first box."""
        rows = next((rows for rows in ROWS if key.startswith(rows.part)), None)
        return f"{rows.part}-1-{rows.asks[1].key}" if rows else ""

    def _wrong(self, name: str, ask: Ask, text: str) -> str:
        subject, part = self._subject(name), self.asks[name][0]
        if ask.kind is Kind.BY_MONTH:
            return self._wrong_by_month(subject, part, ask, text)
        if ask.kind in (Kind.MONTH, Kind.MONTHS):
            last = self.names.name(horizon_of(self.typed))
            which = "months of the forecast, each once" if ask.kind is Kind.MONTHS else "a month of the forecast"
            found = self.names.name(int(text)) if ask.kind is Kind.MONTH and text.isdigit() else text
            return f"{subject} must be {which}, which ends with {last}. You have “{_short(found)}”"
        return f"{subject} must be {allowed(part, ask)}. You have “{_short(text)}”"

    def _wrong_by_month(self, subject: str, part: str, ask: Ask, text: str) -> str:
        """Names the first amount that is wrong, by its month; or how many there are."""
        given, months = lines_in(text), horizon_of(self.typed)
        for month, line in enumerate(given, 1):
            try:
                (value,) = value_of(ask, line, self.names) if line else (-1,)  # type: ignore[misc]
            except (NotAFigure, ValueError):
                value = -1
            if not 0 <= value <= 20_000_000 or value != round(value, 2):
                found = f"“{_short(line)}”" if line else "nothing"
                return f"{subject}, {self.names.name(month)}: found {found}; write an amount {allowed(part, ask)}"
        return f"{subject} must have {months} amounts, one for each month of the forecast. It has {len(given)}"

    def _subject(self, name: str) -> str:
        return _capital(f"{self.asks[name][1].noun}{self._of_row(name)}")

    def _of_row(self, name: str) -> str:
        """Which row is meant, by its name where it has one."""
        found = re.fullmatch("([a-z_]+)-([0-9]+)-[a-z_]+", name)
        rows = next((rows for rows in ROWS if found and rows.part == found[1]), None)
        if found is None or rows is None:
            return ""
        called = self._text(f"{rows.part}-{found[2]}-name")
        return f" of {rows.one.lower()} {found[2]}" + (f" ({_short(called)})" if called else "")

    def _say(self, name: str, message: str) -> None:
        if name not in self.errors:
            self.add_error(name, message)

    # How it looks

    def buttons(self) -> Iterable[Part]:
        return [ButtonGroup(Button("Save and see the result", name="do", value="save"))]

    def layout(self) -> list[Part | str]:
        return [
            # What Enter in a box presses: without it, the first button of the page would add or remove a row.
            Static(_ENTER),
            *self._switch(),
            *self._income(),
            *self._pay(),
            *self._costs(),
            *self._vat(),
            *self._one_offs(),
            *self._bonds(),
            *self._funding(),
            *self._buffer(),
        ]

    def _switch(self) -> Iterator[Part]:
        set_elsewhere = 0 if self.full else sum(1 for _name in self._changed_unseen())
        if set_elsewhere:
            one = "1 other input differs from its default and counts too. Show all to see it."
            more = (
                f"{set_elsewhere} other inputs differ from their defaults and count too. Show all inputs to see them."
            )
            yield _text(one if set_elsewhere == 1 else more)
        yield ButtonGroup(
            Button("Show the main inputs only", style="secondary", name="do", value="simple")
            if self.full
            else Button("Show all inputs", style="secondary", name="do", value="full"),
            Button("Upload or paste a monthly table", style="secondary", name="do", value="table"),
        )

    def _changed_unseen(self) -> Iterator[str]:
        for name, (part, ask) in self.asks.items():
            if isinstance(self.fields[name].widget, forms.HiddenInput) and ask.kind is not Kind.BY_MONTH:
                is_row = any(name.startswith(f"{rows.part}-") for rows in ROWS)
                in_cost = is_row and part == "cost"
                if not in_cost and self._text(name) not in ("", default_of(part, ask, self.names)):
                    yield name

    def _income(self) -> Iterator[Part]:
        yield _heading("income", "Income")
        yield _text(
            "All without VAT. The main contract comes first: a year's price divided by 12. Add other income that is as "
            "good as certain. Days, and whether it is billed in arrears (after the month) or in advance, stand in the "
            "contract's payment clause."
        )
        if self.full:
            yield _text(
                "“Sure before payday” is yes only where the contract names a day of payment that comes before your "
                "payday. Then the money counts for that month's pay. VAT is charged only if the body is registered; "
                "the standard rate is 20%."
            )
        yield from self._rows(INCOME)
        yield from self._defaults(INCOME.asks, INCOME.part)

    def _pay(self) -> Iterator[Part]:
        yield _heading("pay", "Pay")
        yield Radios(
            PAY_IS.key,
            hint=PAY_IS.hint,
            reveals={"same": [self._part(GROSS_PAY.key)], "different": [self._part(PAY_BY_MONTH.key)]},
        )
        yield from self._shown(PAY)
        yield from self._defaults(PAY)

    def _costs(self) -> Iterator[Part]:
        yield _heading("cost", "Running costs")
        yield _text(
            "From the ledger, at the prices the new body will pay, without VAT: supplies, premises, insurance, and "
            "support services bought back from the council or trust. Each supplier's invoice shows its VAT and its "
            "days to pay; 0 days is payment at once. Empty rows are left out."
        )
        first, fourth = (self.names.name(month) if self.names.go_live else str(month) for month in (1, 4))
        yield _text(
            "Leave “Only in these months” empty for a cost of every month. For one that falls due now and then, name "
            f"its months: {first}, {fourth}."
        )
        yield from self._rows(COST)
        yield from self._defaults(COST.asks, COST.part)

    def _vat(self) -> Iterator[Part]:
        yield _heading("vat", "VAT")
        yield Radios(VAT[0].key, hint=VAT[0].hint, inline=True)
        yield from self._shown(VAT[1:])
        yield from self._defaults(VAT[1:])

    def _one_offs(self) -> Iterator[Part]:
        yield _heading("one_off", "One-off costs")
        yield _text(
            "From the transition budget, without VAT: legal fees, systems, branding, recruitment. Each is paid once."
        )
        yield from self._rows(ONE_OFF)

    def _bonds(self) -> Iterator[Part]:
        if self.full:
            yield _heading("bond", "Bond or deposit")
            yield _text("What a pension fund or a commissioner asks for as security, in cash. No VAT.")
            yield from self._rows(BOND)

    def _funding(self) -> Iterator[Part]:
        yield _heading("funding", "Funding")
        yield _text(
            "Only money that is agreed, or that you want to try. It is compared with what is needed. Amounts and "
            "months stand in the grant letter and the lender's offer."
        )
        yield self._part(OPENING.key)
        yield _subheading("grant", "Grants")
        yield from self._rows(GRANT)
        yield _subheading("loan", "Loan")
        yield _text("Leave the amount empty if there is none. Until repayments begin, only interest is paid.")
        boxes = (self._part(ask.key) for ask in LOAN)
        yield Fieldset("Terms of the loan", Box("app-row__boxes", *boxes), css_class="app-row")
        yield from self._defaults(LOAN)

    def _buffer(self) -> Iterator[Part]:
        if self.full:
            yield _heading("buffer", "Forecast and buffer")
            yield from self._shown((MONTHS, BUFFER))
            yield from self._defaults((BUFFER,))

    def _shown(self, asks: Iterable[Ask]) -> Iterator[Part]:
        return (self._part(ask.key) for ask in asks if self.full or ask.is_simple)

    def _defaults(self, asks: Iterable[Ask], part: str = "") -> Iterator[Part]:
        """What the defaults of a section rest on: their sources with year and last check, or whose view they are."""
        told = [
            f"{ask.label}: {self._default_in_words(part or part_of(ask), ask)}"
            for ask in asks
            if (ask.sources or ask.basis) and (self.full or ask.is_simple)
        ]
        if told:
            yield Static(
                format_html(
                    '<details class="govuk-details"><summary class="govuk-details__summary">'
                    '<span class="govuk-details__summary-text">Where the defaults {}come from</span></summary>'
                    '<div class="govuk-details__text"><ul class="govuk-list govuk-list--bullet">{}</ul></div>'
                    "</details>",
                    format_html('<span class="govuk-visually-hidden">({} of them) </span>', len(told)),
                    format_html_join("", "<li>{}</li>", ((line,) for line in told)),
                )
            )

    def _rows(self, rows: Rows) -> Iterator[Part]:
        there = count(self.typed, rows)
        for number in range(1, there + 1):
            yield self._row(rows, number, there)
        if there < rows.most:
            another = f"Add another {rows.one.lower()}" if there else f"Add a {rows.one.lower()}"
            yield Box(
                "app-add",
                Button(
                    another,
                    style="secondary",
                    name="do",
                    value=f"add-{rows.part}",
                    attrs={"formaction": f"{self.form_action}#{rows.part}-{there + 1}"},
                ),
            )

    def _row(self, rows: Rows, number: int, there: int) -> Part:
        called = self._text(f"{rows.part}-{number}-name")
        legend = f"{rows.one} {number}" + (": the main contract" if rows is INCOME and number == 1 else "")
        boxes = [
            self._part(name)
            for name, _ask in row_names(rows, number)
            if not isinstance(self.fields[name].widget, forms.HiddenInput)
        ]
        title = f"{rows.one.lower()} {number}" + (f", {called}" if called else "")
        remove = Button(
            format_html(
                '{} <span class="govuk-visually-hidden">{}</span>', "Remove" if there > rows.least else "Empty", title
            ),
            style="link",
            name="do",
            value=f"remove-{rows.part}-{number}",
            attrs={"formaction": f"{self.form_action}#{rows.part}"},
        )
        return Fieldset(
            legend, Box("app-row__boxes", *boxes), remove, css_class="app-row", attrs={"id": f"{rows.part}-{number}"}
        )

    def _part(self, name: str) -> Control:
        part, ask = self.asks[name]
        hint = self._hint(part, ask)
        if ask.kind is Kind.BY_MONTH:
            return TextareaPart(
                name, rows=min(horizon_of(self.typed), 12), hint=hint, css_class="app-amounts", spellcheck=False
            )
        if ask.kind in (Kind.CHOICE, Kind.MONTH):
            return Select(name, hint=hint)
        width: int | str = {Kind.POUNDS: 10, Kind.SHARE: 5, Kind.WHOLE: 4, Kind.NUMBER: 4}.get(ask.kind, "full")
        # A few months by name do not fit a narrow box.
        is_long = ask.kind is Kind.MONTHS and len(self._text(name)) > NARROW
        keypad = {Kind.POUNDS: "decimal", Kind.SHARE: "decimal", Kind.NUMBER: "decimal", Kind.WHOLE: "numeric"}
        return Input(
            name,
            prefix="£" if ask.kind is Kind.POUNDS else "",
            suffix=ask.suffix,
            width=width,
            inputmode=keypad.get(ask.kind, ""),
            spellcheck=None if ask.kind is Kind.NAME else False,
            hint=hint,
            group_class=_WIDE if ask.kind is Kind.NAME or is_long else "",
        )

    def _hint(self, part: str, ask: Ask) -> str:
        if ask.kind is Kind.BY_MONTH and not ask.hint:
            return f"One amount on each line, from {self.names.name(1)} on."
        default = _default_shown(ask, default_of(part, ask, self.names))
        is_told = bool(default and (ask.sources or ask.basis) and part not in PARTS)
        return " ".join(words for words in (ask.hint, f"Default: {default}." if is_told else "") if words)

    def _default_in_words(self, part: str, ask: Ask) -> str:
        shown = _default_shown(ask, default_of(part, ask, self.names))
        basis = "; ".join([*([ask.basis] if ask.basis else []), *map(self._source, ask.sources)])
        return f"{shown} ({basis})" if shown else basis

    def _source(self, source_id: str) -> str:
        source = self.catalogue.source(source_id)
        checked = f"{source.last_checked.day} {source.last_checked:%B %Y}"
        return f"{source.publisher}, {source.title}, {source.year}; last checked {checked}"


def _default_shown(ask: Ask, text: str) -> str:
    if ask.kind is Kind.CHOICE:
        return next((label for value, label in ask.choices if value == text), "").lower()
    if ask.kind is Kind.POUNDS and text:
        return f"£{text}"
    suffix = ask.suffix.removesuffix("s") if text == "1" else ask.suffix
    unit = "%" if suffix == "%" else f" {suffix}" if suffix else ""
    return f"{text}{unit}" if text else ""


def _heading(anchor: str, text: str) -> Part:
    return Static(format_html('<h2 class="govuk-heading-m app-figures-heading" id="{}">{}</h2>', anchor, text))


def _subheading(anchor: str, text: str) -> Part:
    return Static(format_html('<h3 class="govuk-heading-s" id="{}">{}</h3>', anchor, text))


def _text(text: str) -> Part:
    return Static(format_html('<p class="govuk-body">{}</p>', text))


def _short(text: str) -> str:
    bare = " ".join(text.split())
    return bare if len(bare) <= 40 else f"{bare[:40]}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def differences(theirs: Typed, mine: Typed) -> list[tuple[str, str, str]]:
    """What two pages of figures say differently: what it is about, theirs, mine."""
    pages = (theirs, mine)
    labels = {name: _told(name, ask) for page in pages for name, _part, ask in asked(page)}
    blank = set.intersection(*({*asked_in_blank_rows(page)} | (labels.keys() - page.keys()) for page in pages))
    return [
        (label, theirs.get(name, ""), mine.get(name, ""))
        for name, label in labels.items()
        if name not in blank and _bare(theirs.get(name, "")) != _bare(mine.get(name, ""))
    ]


def _bare(text: str) -> str:
    """Without what makes no difference to a figure: 10,000 is 10000."""
    bare = text.strip()
    return bare.replace(",", "").removeprefix("£") if re.fullmatch(r"£?[0-9,]+(\.[0-9]+)?", bare) else bare


def _told(name: str, ask: Ask) -> str:
    found = re.fullmatch("([a-z_]+)-([0-9]+)-[a-z_]+", name)
    rows = next((rows for rows in ROWS if found and rows.part == found[1]), None)
    return f"{rows.one} {found[2]}: {ask.label}" if rows and found else ask.label
