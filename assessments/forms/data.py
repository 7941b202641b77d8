"""What somebody confirms before data goes, and how long it is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.forms.govuk import Button, ButtonGroup, Input, Link, Part
from assessments.forms.people import CancelForm
from assessments.models import Organisation

LEAST, MOST = 6, 240


class EraseForm(CancelForm):
    """The name is typed, so that nobody erases an organisation by a wrong click."""

    name = forms.CharField(
        label="To confirm, type the name of the organisation",
        max_length=300,
        error_messages={"required": "Type the name of the organisation"},
    )

    submit_label = "Erase everything"

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def layout(self) -> list[Part | str]:
        return [Input("name", size="s", hint=self.organisation.name, autocomplete="off", spellcheck=False)]

    def buttons(self) -> list[Part]:
        return [ButtonGroup(Button(self.submit_label, style="warning"), Link(self.cancel_label, self.back))]

    def clean_name(self) -> str:
        """Capitals and spaces make no difference."""
        given = self.cleaned_data["name"]
        if " ".join(given.split()).casefold() != " ".join(self.organisation.name.split()).casefold():
            raise ValidationError("This is not the name of the organisation", code="other_name")
        return str(given)


class RetentionForm(CancelForm):
    months = forms.IntegerField(
        label="Months without a change",
        required=False,
        min_value=LEAST,
        max_value=MOST,
        error_messages={
            "invalid": "Enter a whole number of months, for example 36",
            "min_value": f"Enter {LEAST} months or more",
            "max_value": f"Enter {MOST} months or fewer",
        },
    )

    submit_label = "Save"

    def __init__(self, *args: Any, default: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default

    def layout(self) -> list[Part | str]:
        otherwise = f"the {self.default} months of this installation hold" if self.default else "nothing is deleted"
        return [Input("months", size="s", width=3, hint=f"From {LEAST} to {MOST}. Leave it empty and {otherwise}.")]
