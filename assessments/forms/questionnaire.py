"""One page of a questionnaire as a form: facts, levels and gates, each with what belongs to it.

Every kind of item has one handler that says which fields it has, how a stored content fills them and what content
they make. A page's form only knows handlers.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.catalogue.schema import Catalogue, FactQuestion, Gate, Item, LevelQuestion, Stage
from assessments.forms.base import GovukForm
from assessments.forms.evidence_lines import EvidenceLine, KeptEvidence
from assessments.forms.fields import DateField, LongTextField, MoneyField
from assessments.forms.govuk import (
    Button,
    ButtonGroup,
    Checkboxes,
    Control,
    Date,
    Input,
    Part,
    Parts,
    Radios,
    Select,
    Static,
    Textarea,
    rendered,
)
from assessments.models.answer import EMPTY, Content, Evidence, State
from assessments.selectors.comments import Remarks
from assessments.selectors.reasons import reasons
from assessments.selectors.workbook import Workbook
from assessments.services.assessments import Draft

NOTE_LENGTH = 4000
EARLIEST_EVIDENCE = dt.date(2000, 1, 1)
LATEST_DATE = dt.date(2100, 1, 1)

Fields = dict[str, forms.Field]


@dataclass(frozen=True, slots=True)
class Row:
    """An item as this page asks it, with what is stored for it: looked up only where it is shown."""

    item: Item
    book: Workbook

    @property
    def name(self) -> str:
        """What the names of the item's fields begin with; unique on a page."""
        return self.item.id.rpartition(".")[2]

    @property
    def may_apply(self) -> bool:
        return self.book.path.may_apply(self.item.id)

    @property
    def content(self) -> Content:
        return self.book.content(self.item)

    @property
    def version(self) -> int:
        return self.book.version(self.item)


class AskedItem(Protocol):
    """What a page shows an item by: `Row`, or what somebody else says of it."""

    @property
    def item(self) -> Item: ...

    @property
    def name(self) -> str: ...

    @property
    def may_apply(self) -> bool: ...

    @property
    def content(self) -> Content: ...


class Handler(Protocol):
    def fields(self, item: Any, stage: Stage) -> Fields: ...

    def initial(self, item: Any, content: Content) -> dict[str, Any]: ...

    def content(self, item: Any, cleaned: Mapping[str, Any]) -> Content: ...

    def parts(self, item: Any, name: str, stage: Stage) -> Iterable[Part | str]: ...


# Parts of a page of questions ---------------------------------------------------------------------------------


class Box(Parts):
    """Parts in a frame of their own, for the style sheet."""

    def __init__(self, css_class: str, *parts: Part | str) -> None:
        super().__init__(*parts)
        self.css_class = css_class

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        return format_html('<div class="{}">{}</div>', self.css_class, super().render(form, context))


class Folded(Parts):
    """One field folded away under `summary`, open where it holds something or is wrong."""

    def __init__(self, summary: str, part: Control) -> None:
        super().__init__(part)
        self.summary = summary
        self.name = part.name

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        bound = form[self.name]
        view = {
            "summary": self.summary,
            "open": bool(bound.value() or bound.errors),
            "body": super().render(form, context),
        }
        return rendered("assessments/_folded.html", view)


# Shared by levels and gates ---------------------------------------------------------------------------------


# Short enough for a narrow screen; the grades in full are `Evidence`'s labels, which every answer is read back in.
_PROOF = [
    ("", "Choose the best you have"),
    (Evidence.E0.value, "Nothing in writing yet"),
    (Evidence.E1.value, "A draft, email or notes"),
    (Evidence.E2.value, "An approved paper or minute"),
    (Evidence.E3.value, "Signed, confirmed or in use"),
]


def _extra_fields() -> Fields:
    return {
        "evidence": forms.ChoiceField(label="What proof do you have?", choices=_PROOF, required=False),
        "evidence_date": DateField(
            label="Date of the newest proof",
            noun="date of the newest proof",
            earliest=EARLIEST_EVIDENCE,
            latest=timezone.localdate,
            required=False,
        ),
        "note": LongTextField(label="Note", max_length=NOTE_LENGTH, required=False),
        "reason": LongTextField(label="Why does it not apply?", max_length=NOTE_LENGTH, required=False),
        "who_knows": forms.CharField(
            label="Who would know?",
            max_length=200,
            required=False,
            error_messages={"max_length": "“Who would know?” must be 200 characters or fewer"},
        ),
        "know_by": DateField(
            label="By when can you find out?",
            noun="date to find out by",
            earliest=EARLIEST_EVIDENCE,
            latest=LATEST_DATE,
            required=False,
        ),
    }


_EXTRAS = ("evidence", "evidence_date", "note", "reason", "who_knows", "know_by")


# What the names of an item's fields end in, after the item's own.
PARTS = frozenset({"state", "value", *_EXTRAS})


def _extras(content: Content) -> dict[str, Any]:
    return {field: getattr(content, field) for field in _EXTRAS}


def _extras_content(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    return {field: cleaned.get(field) or (None if field in ("evidence_date", "know_by") else "") for field in _EXTRAS}


def _state_parts(item: LevelQuestion | Gate, name: str, unknown: State) -> list[Part | str]:
    """Proof, the states, a note. Proof comes before the state: people who look for it first rate themselves less
    kindly. `unknown` is the item's own state for "don't know"."""
    return [
        Box(
            "app-proof",
            Select(f"{name}-evidence", size="s"),
            Date(f"{name}-evidence_date", size="s", hint="For example, 27 3 2026"),
        ),
        EvidenceLine(item.id, item.title),
        Radios(
            f"{name}-state",
            size="s",
            described_by=f"{name}-question",
            dividers={unknown.value: "or"},
            hints={State.NOT_APPLICABLE.value: item.not_applicable_when},
            reveals={
                unknown.value: [
                    Input(f"{name}-who_knows", width=20),
                    Date(f"{name}-know_by", hint="For example, 27 3 2026"),
                ],
                State.NOT_APPLICABLE.value: [Textarea(f"{name}-reason", rows=2, count=0)],
            },
        ),
        Folded(
            "Note",
            Textarea(f"{name}-note", rows=2, count=0, hint="Anything a colleague or a board member should know."),
        ),
    ]


# Handlers ---------------------------------------------------------------------------------------------------


class LevelHandler:
    """Five described states, "don't know" and "not applicable"."""

    def fields(self, item: LevelQuestion, stage: Stage) -> Fields:
        choices = [
            *((str(level), text) for level, text in enumerate(item.levels)),
            (State.DONT_KNOW.value, "Don't know"),
            (State.NOT_APPLICABLE.value, "Not applicable"),
        ]
        return {"state": _radio_field("Which of these is true today?", choices), **_extra_fields()}

    def initial(self, item: LevelQuestion, content: Content) -> dict[str, Any]:
        state = str(content.level) if content.state == State.ANSWERED else content.state
        return {"state": "" if state == State.NOT_ANSWERED else state, **_extras(content)}

    def content(self, item: LevelQuestion, cleaned: Mapping[str, Any]) -> Content:
        chosen = cleaned.get("state") or ""
        if chosen.isdigit():
            return Content(State.ANSWERED.value, level=int(chosen), **_extras_content(cleaned))
        return Content(chosen or State.NOT_ANSWERED.value, **_extras_content(cleaned))

    def parts(self, item: LevelQuestion, name: str, stage: Stage) -> Iterable[Part | str]:
        return _state_parts(item, name, State.DONT_KNOW)


class GateHandler:
    """Met, not met, not known; "not applicable" only where the rules allow it."""

    def fields(self, item: Gate, stage: Stage) -> Fields:
        choices = [
            (State.MET.value, f"Yes. {item.met_means}"),
            (State.NOT_MET.value, f"No. {item.not_met_means}"),
            (State.NOT_KNOWN.value, "Don't know"),
        ]
        if item.may_be_left_out(stage):
            choices.append((State.NOT_APPLICABLE.value, "Not applicable"))
        return {"state": _radio_field("Which of these is true today?", choices), **_extra_fields()}

    def initial(self, item: Gate, content: Content) -> dict[str, Any]:
        state = "" if content.state == State.NOT_ANSWERED else content.state
        return {"state": state, **_extras(content)}

    def content(self, item: Gate, cleaned: Mapping[str, Any]) -> Content:
        return Content(cleaned.get("state") or State.NOT_ANSWERED.value, **_extras_content(cleaned))

    def parts(self, item: Gate, name: str, stage: Stage) -> Iterable[Part | str]:
        return _state_parts(item, name, State.NOT_KNOWN)


class FactHandler:
    """A fact: its field depends on its kind."""

    def fields(self, item: FactQuestion, stage: Stage) -> Fields:
        return {"value": _FACT_FIELDS[item.kind](item)}

    def initial(self, item: FactQuestion, content: Content) -> dict[str, Any]:
        if content.value is None:
            return {"value": None}
        return {"value": _FACT_INITIAL.get(item.kind, lambda stored: stored)(content.value)}

    def content(self, item: FactQuestion, cleaned: Mapping[str, Any]) -> Content:
        value = cleaned.get("value")
        if value in (None, "", []):
            return EMPTY
        return Content(State.ANSWERED.value, value=_FACT_VALUES.get(item.kind, lambda given: given)(value))

    def parts(self, item: FactQuestion, name: str, stage: Stage) -> Iterable[Part | str]:
        return [_FACT_PARTS[item.kind](item, f"{name}-value")]


def _radio_field(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)


class ChoicesField(forms.MultipleChoiceField):
    """Any number of several; "none" stands alone. Script unticks the others, and not every browser runs it."""

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if "none" in value and len(value) > 1:
            none = dict(self.choices)["none"]  # type: ignore[arg-type]  # flat: options have no groups
            raise ValidationError(f"Choose “{none}” or some of the others, not both", code="none_and_others")


def _number_field(item: FactQuestion) -> forms.Field:
    return forms.IntegerField(
        required=False,
        min_value=item.minimum,
        max_value=item.maximum,
        error_messages={"invalid": f"{item.title} must be a whole number, like 48"},
    )


def _money_field(item: FactQuestion) -> forms.Field:
    limits = [
        *(
            [MinValueValidator(item.minimum, f"{item.title} must be £{item.minimum:,} or more")]
            if item.minimum is not None
            else []
        ),
        *(
            [MaxValueValidator(item.maximum, f"{item.title} must be £{item.maximum:,} or less")]
            if item.maximum is not None
            else []
        ),
    ]
    return MoneyField(required=False, validators=limits)


_FACT_FIELDS: dict[str, Callable[[FactQuestion], forms.Field]] = {
    "yes_no": lambda item: _radio_field(item.text, [("yes", "Yes"), ("no", "No")]),
    "choice": lambda item: _radio_field(item.text, [(option.id, option.text) for option in item.options]),
    "choices": lambda item: ChoicesField(
        choices=[(option.id, option.text) for option in item.options],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    ),
    "number": _number_field,
    "money": _money_field,
    "date": lambda item: DateField(noun=item.title, earliest=EARLIEST_EVIDENCE, latest=LATEST_DATE, required=False),
    "text": lambda item: LongTextField(max_length=NOTE_LENGTH, required=False),
}

# From a stored value to what the field shows, and from what the field gives to what is stored.
_FACT_INITIAL: dict[str, Callable[[Any], Any]] = {
    "yes_no": lambda stored: "yes" if stored else "no",
    "date": dt.date.fromisoformat,
}
_FACT_VALUES: dict[str, Callable[[Any], Any]] = {
    "yes_no": lambda value: value == "yes",
    "money": lambda value: f"{value:.2f}",
    "date": lambda value: value.isoformat(),
}


def _option_hints(item: FactQuestion) -> dict[str, str]:
    return {option.id: option.hint for option in item.options if option.hint}


_FACT_PARTS: dict[str, Callable[[FactQuestion, str], Part]] = {
    "yes_no": lambda item, name: Radios(name, label=item.text, hint=item.hint, size="s", inline=True),
    "choice": lambda item, name: Radios(name, label=item.text, hint=item.hint, size="s", hints=_option_hints(item)),
    "choices": lambda item, name: Checkboxes(
        name,
        label=item.text,
        hint=item.hint,
        size="s",
        hints=_option_hints(item),
        exclusive=["none"],
        dividers={"none": "or"} if item.options[-1].id == "none" else {},
    ),
    "number": lambda item, name: Input(name, label=item.text, hint=item.hint, size="s", width=5, suffix=item.unit),
    "money": lambda item, name: Input(
        name, label=item.text, hint=item.hint, size="s", width=10, prefix="£", inputmode="decimal"
    ),
    "date": lambda item, name: Date(name, label=item.text, hint=item.hint or "For example, 27 3 2027", size="s"),
    "text": lambda item, name: Textarea(name, label=item.text, hint=item.hint, size="s", rows=4),
}

_HANDLERS: dict[type, Handler] = {
    LevelQuestion: LevelHandler(),
    Gate: GateHandler(),
    FactQuestion: FactHandler(),
}


# A browser takes the first button of a form for the Enter key; it must not be one that clears an answer.
_WHEN_ENTER_IS_PRESSED = SafeString(
    '<button type="submit" class="govuk-visually-hidden" name="then" value="continue" tabindex="-1"'
    ' aria-hidden="true">Save and continue</button>'
)

# The form ---------------------------------------------------------------------------------------------------


class ItemPart(Parts):
    """An item's question with its reasons, around its fields. Without a version where it is not saved by itself.

    `may_clear` offers to empty its answer; `remarks` says how many comments it has.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        row: AskedItem,
        version: int | None,
        stage: Stage,
        *parts: Part | str,
        may_clear: bool = True,
        remarks: Remarks | None = None,
    ) -> None:
        super().__init__(*parts)
        self.version = version
        self.catalogue = catalogue
        self.row = row
        self.stage = stage
        self.may_clear = may_clear
        self.remarks = remarks

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        item = self.row.item
        # The template prints the version: crispy need not do it again.
        shown: set[str] = getattr(form, "rendered_fields", set())
        shown.add(f"{self.row.name}-version")
        view = {
            "name": self.row.name,
            "item": item,
            "is_fact": isinstance(item, FactQuestion),
            "may_apply": self.row.may_apply,
            "strength": item.binds[self.stage] if isinstance(item, Gate) else "",
            "version": self.version,
            "may_clear": self.may_clear and self.row.content != EMPTY,
            "remarks": self.remarks,
            "why": why(self.catalogue, item.id),
            "body": super().render(form, context),
        }
        return SafeString(get_template("assessments/_item.html").render(view))


@lru_cache(maxsize=4096)
def why(catalogue: Catalogue, item_id: str) -> SafeString:
    """Why an item is asked, what proves it and its sources: the same for everybody, so it is rendered once."""
    item = catalogue.item(item_id)
    view = {
        "item": item,
        "kind": type(item).__name__,
        "needed": _needed(item) if isinstance(item, LevelQuestion) else "",
        "reasons": reasons(catalogue, item_id),
    }
    return SafeString(get_template("assessments/_why.html").render(view) if item.why else "")


def _needed(question: LevelQuestion) -> str:
    return ", ".join(f"{stage.title} {question.required[stage]}" for stage in question.stages)


class VersionField(forms.IntegerField):
    """The version of the row that the page was filled from. None when the page has lost it, or changed it."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int | None:
        text = str(value or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class QuestionnaireForm(GovukForm):
    """A page of questions. What may be saved is anything well formed: nothing is required."""

    # Set by who shows the page; a save needs none of it.
    evidence: KeptEvidence | None = None

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalogue: Catalogue,
        rows: Sequence[Row],
        stage: Stage,
        remarks: Remarks | None = None,
    ) -> None:
        super().__init__(data, initial=None if data is not None else _initial(rows))
        self.rows = rows
        self.remarks = remarks
        self.stage = stage
        self.catalogue = catalogue
        for row in rows:
            self.fields.update(_named(row, _handler(row).fields(row.item, stage)))
            self.fields[f"{row.name}-version"] = VersionField()

    def layout(self) -> Iterable[Part | str]:
        return [Static(_WHEN_ENTER_IS_PRESSED), *(self.part(row) for row in self.rows)]

    def part(self, row: Row, *, may_clear: bool = True) -> ItemPart:
        parts = _handler(row).parts(row.item, row.name, self.stage)
        return ItemPart(
            self.catalogue, row, self.version(row), self.stage, *parts, may_clear=may_clear, remarks=self.remarks
        )

    def buttons(self) -> Iterable[Part]:
        return [
            ButtonGroup(
                Button("Save and continue", name="then", value="continue"),
                Button("Save and go to the list", style="secondary", name="then", value="list"),
            )
        ]

    def clean(self) -> dict[str, Any]:
        """Without versions nobody could tell whether a save overwrites what somebody else has said."""
        if any(self.cleaned_data.get(f"{row.name}-version") is None for row in self.rows):
            raise ValidationError(
                "This page did not arrive whole, so nothing has been saved. Check your answers and save again",
                code="incomplete",
            )
        return self.cleaned_data

    def version(self, row: Row) -> int:
        """Of a page that comes back with errors: the version it was filled from, whatever is stored by now; or none,
        so that it overwrites nothing that its person has not seen."""
        if not self.is_bound:
            return row.version
        self.is_valid()
        return self.cleaned_data.get(f"{row.name}-version") or 0

    def drafts(self) -> tuple[Draft, ...]:
        """What to save: of each item of this post, the content and the version it was filled from."""
        return tuple(
            Draft(row.item.id, self.cleaned_data[f"{row.name}-version"], self._content(row)) for row in self.rows
        )

    def _content(self, row: Row) -> Content:
        prefix = f"{row.name}-"
        cleaned = {
            name.removeprefix(prefix): value for name, value in self.cleaned_data.items() if name.startswith(prefix)
        }
        return _handler(row).content(row.item, cleaned)


def _handler(row: Row) -> Handler:
    return handler_of(row.item)


def handler_of(item: Item) -> Handler:
    return _HANDLERS[type(item)]


def _named(row: Row, fields: Fields) -> Fields:
    return {f"{row.name}-{field}": value for field, value in fields.items()}


def _initial(rows: Iterable[Row]) -> dict[str, Any]:
    return {
        f"{row.name}-{field}": value
        for row in rows
        for field, value in {**_handler(row).initial(row.item, row.content), "version": row.version}.items()
    }
