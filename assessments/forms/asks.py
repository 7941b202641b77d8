"""Whether somebody wants the daily e-mail."""

from collections.abc import Iterable

from django import forms

from assessments.forms.base import GovukForm
from assessments.forms.govuk import Part, Radios

YES, NO = "yes", "no"


class MailForm(GovukForm):
    wants_mail = forms.ChoiceField(
        label="Do you want an email when something is asked of you?",
        choices=[(YES, "Yes, at most one a day"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no", "invalid_choice": "Choose yes or no"},
    )

    submit_label = "Save"

    def layout(self) -> Iterable[Part | str]:
        return [
            Radios(
                "wants_mail",
                size="m",
                hints={NO: "What is asked of you still waits on your home page."},
            )
        ]
