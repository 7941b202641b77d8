"""Which clients a list shows, and in which order: by GET. What it does not know it passes over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from assessments.models import Organisation, Submission
from assessments.models.assessment import Stage
from assessments.scoring.result import Colour
from assessments.selectors.portfolio import ALL, NO_SUBMISSION, NOT_KNOWN, ORDERS, Filters, barriers

_COLOURS = [(one.value, one.word) for one in (Colour.RED, Colour.AMBER, Colour.GREEN)]
_UNKNOWN = (NOT_KNOWN, "Not yet known")
_SEARCH_LENGTH = 200
_SELECTED = SafeString(" selected")


@dataclass(frozen=True, slots=True)
class SelectBox:
    """One of the form's boxes, for a small template: crispy would take longer over them than the page does."""

    name: str
    label: str
    choices: Sequence[tuple[Any, Any]]
    chosen: str

    @property
    def options_html(self) -> SafeString:
        return format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((value, _SELECTED if value == self.chosen else "", text) for value, text in self.choices),
        )


class FilterForm(forms.Form):
    search = forms.CharField(label="Service or organisation", required=False, max_length=_SEARCH_LENGTH)
    stage = forms.ChoiceField(label="Next decision", required=False, choices=[("", "Any"), *Stage.choices])
    overall = forms.ChoiceField(label="Overall colour", required=False, choices=[("", "Any"), *_COLOURS, _UNKNOWN])
    barrier = forms.ChoiceField(label="Barrier", required=False)
    colour = forms.ChoiceField(
        label="Colour of the barrier",
        required=False,
        choices=[("", "Any"), *_COLOURS, _UNKNOWN, (Colour.NOT_APPLICABLE.value, Colour.NOT_APPLICABLE.word)],
    )
    status = forms.ChoiceField(
        label="Latest submission",
        required=False,
        choices=[("", "Any"), (NO_SUBMISSION, "Not submitted yet"), *Submission.Status.choices],
    )
    firm = forms.ChoiceField(label="Firm", required=False)
    waits = forms.BooleanField(label="Only what waits for you", required=False)
    sort = forms.ChoiceField(
        label="Sort by", required=False, choices=[(key, order.title) for key, order in ORDERS.items()]
    )

    def __init__(self, data: Mapping[str, Any], *, firms: list[Organisation]) -> None:
        super().__init__(data)
        self._choose("barrier", [("", "Any"), *barriers()])
        self._choose("firm", [("", "Any"), *((str(firm.pk), firm.name) for firm in firms)])
        if len(firms) < 2:
            del self.fields["firm"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker
        field.choices = choices

    @cached_property
    def given(self) -> dict[str, Any]:
        """What is set and makes sense, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_half_chosen(self) -> bool:
        """A barrier without a colour, or a colour without a barrier, filters nothing."""
        return ("barrier" in self.given) != ("colour" in self.given)

    def filters(self) -> Filters:
        left_out = {"sort", *(("barrier", "colour") if self.is_half_chosen else ())}
        return Filters(**{name: value for name, value in self.given.items() if name not in left_out})

    @property
    def order(self) -> str:
        return str(self.given.get("sort", next(iter(ORDERS))))

    @property
    def is_set(self) -> bool:
        return self.filters() != ALL

    @property
    def query(self) -> str:
        """What the addresses of other pages and of files begin with."""
        return urlencode({name: "on" if value is True else value for name, value in self.given.items()})

    @property
    def search_text(self) -> str:
        return str(self.given.get("search", ""))

    @property
    def only_waiting(self) -> bool:
        return "waits" in self.given

    @property
    def boxes(self) -> list[SelectBox]:
        """Every choice, in the order of the page."""
        given = {"sort": self.order, **self.given}
        return [
            SelectBox(name, str(field.label), list(cast(Iterable[tuple[Any, Any]], field.choices)), given.get(name, ""))
            for name, field in self.fields.items()
            if isinstance(field, forms.ChoiceField)
        ]
