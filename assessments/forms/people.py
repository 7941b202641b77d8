"""Who takes part in an assessment, and who leads it."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from assessments.forms.base import GovukForm
from assessments.forms.govuk import Button, ButtonGroup, Checkboxes, Link, Part, Radios, Select
from assessments.models import Participation, Role, User

CONTRIBUTOR_HINT = "Reads everything, and answers the questionnaires that you choose."
READER_HINT = "Reads everything, and changes nothing."


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """One of several people, by name and address: two may have the same name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.none(), empty_label="Choose somebody", **options)

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} ({obj.email})" if obj.name else obj.email

    @staticmethod
    def fill(form: forms.Form, name: str, people: QuerySet[User]) -> None:
        cast(PersonField, form.fields[name]).queryset = people


class CancelForm(GovukForm):
    """A form that can be left: the link beside its button goes back to where one came from."""

    cancel_label = "Cancel"

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.back = back

    def buttons(self) -> list[Part]:
        return [ButtonGroup(Button(self.submit_label), Link(self.cancel_label, self.back))]


class PartForm(CancelForm):
    """What part somebody takes. `titles` are the questionnaires by slug."""

    role = forms.ChoiceField(
        label="What do they do?",
        choices=Participation.ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they do"},
    )
    questionnaires = forms.MultipleChoiceField(
        label="Which questionnaires are theirs?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose questionnaires of this assessment"},
    )

    submit_label = "Save"

    def __init__(self, *args: Any, titles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["questionnaires"]).choices = list(titles.items())

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("role") == Role.CONTRIBUTOR and "questionnaires" in given and not given["questionnaires"]:
            self.add_error(
                "questionnaires", ValidationError("Choose at least one questionnaire", code="questionnaires_missing")
            )
        return given

    def layout(self) -> list[Part | str]:
        return [
            Radios(
                "role",
                size="s",
                hints={Role.CONTRIBUTOR.value: CONTRIBUTOR_HINT, Role.READER.value: READER_HINT},
                reveals={Role.CONTRIBUTOR.value: [Checkboxes("questionnaires", small=True)]},
            )
        ]


class AddForm(PartForm):
    """Who takes part, and as what."""

    person = PersonField(
        label="Who takes part?",
        error_messages={"required": "Choose who takes part", "invalid_choice": "Choose one of these people"},
    )

    submit_label = "Add them"

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        PersonField.fill(self, "person", people)

    def layout(self) -> list[Part | str]:
        return [Select("person", size="s"), *super().layout()]


class HandOverForm(CancelForm):
    """Who leads from now on, and what becomes of who leads now."""

    STAYS, LEAVES = "stays", "leaves"

    to = PersonField(
        label="Who leads it from now on?",
        error_messages={"required": "Choose who leads it", "invalid_choice": "Choose one of these people"},
    )
    before = forms.ChoiceField(
        label="What does the lead until now do?",
        choices=[(STAYS, "Reads on"), (LEAVES, "Takes part no more")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of the lead until now"},
    )

    submit_label = "Hand it over"

    def __init__(self, *args: Any, people: QuerySet[User], lead: User, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        PersonField.fill(self, "to", people)
        self.fields["before"].label = "What do you do then?" if is_own else f"What does {lead} do then?"
        if is_own:
            cast(forms.ChoiceField, self.fields["before"]).choices = [
                (self.STAYS, "Read on"),
                (self.LEAVES, "Take part no more"),
            ]

    def layout(self) -> list[Part | str]:
        return [Select("to", size="s"), Radios("before", size="s")]
