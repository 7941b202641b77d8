"""Which part of a history is shown."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms

from assessments.forms.base import GovukForm, Helper
from assessments.forms.govuk import Button, Part, Select


class HistoryForm(GovukForm):
    """What kind of change, by GET. What it does not know it passes over."""

    kind = forms.ChoiceField(label="What was changed", required=False)

    def __init__(self, data: Mapping[str, Any], *, kinds: Mapping[str, str]) -> None:
        super().__init__(data)
        choice = self.fields["kind"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  # tells the type checker
        choice.choices = [("", "Everything"), *sorted(kinds.items(), key=lambda pair: pair[1])]

    def wanted(self) -> str:
        self.is_valid()
        self.errors.clear()
        return str(self.cleaned_data.get("kind", ""))

    def layout(self) -> Iterable[Part | str]:
        return [Select("kind")]

    def buttons(self) -> Iterable[Part]:
        return [Button("Show these", style="secondary")]

    @cached_property
    def helper(self) -> Helper:
        helper = super().helper
        helper.form_method = "get"
        return helper
