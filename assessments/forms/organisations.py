"""What organisations are called, who belongs to them as what, and which firms are let in."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from assessments.forms.base import GovukForm
from assessments.forms.govuk import Button, ButtonGroup, Checkboxes, Input, Link, Part, Radios, Select
from assessments.forms.people import CancelForm, PartForm, PersonField
from assessments.models import Assessment, Membership, Organisation, User
from assessments.models.organisation import CODE_LETTERS


class NameField(forms.CharField):
    """A name of one line: it also stands in e-mails."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class NewOrganisationForm(CancelForm):
    kind = forms.ChoiceField(
        label="What is it?",
        choices=Organisation.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    name = NameField(
        label="What is it called?", max_length=200, error_messages={"required": "Enter the name of the organisation"}
    )

    submit_label = "Set it up"

    def layout(self) -> list[Part | str]:
        hints = {
            Organisation.Kind.PUBLIC_BODY.value: "A council, an NHS body or another body with services to assess.",
            Organisation.Kind.ADVISER_FIRM.value: "You advise public bodies. You need a second factor to sign in.",
        }
        return [Radios("kind", size="s", hints=hints), Input("name", size="s", autocomplete="organization")]


class RenameForm(CancelForm):
    name = NameField(label="Name", max_length=200, error_messages={"required": "Enter the name of the organisation"})

    submit_label = "Save"

    def layout(self) -> list[Part | str]:
        return [Input("name", size="s", autocomplete="organization")]


_MEMBER_HINT = "Starts assessments, and takes part in those that they are added to."
_ADMINISTRATOR_HINT = (
    "Also sees every assessment, manages people and lets advisers in. Needs a second factor to sign in."
)
_ADVISER_HINT = "Sees the clients that let the firm in."
_FIRM_ADMINISTRATOR_HINT = "Also invites and removes people."
_ROLES = [(Membership.Role.MEMBER.value, "Member"), (Membership.Role.ADMINISTRATOR.value, "Administrator")]


def role_hints(organisation: Organisation) -> dict[str, str]:
    member, administrator = (
        (_ADVISER_HINT, _FIRM_ADMINISTRATOR_HINT) if organisation.is_firm else (_MEMBER_HINT, _ADMINISTRATOR_HINT)
    )
    return {Membership.Role.MEMBER.value: member, Membership.Role.ADMINISTRATOR.value: administrator}


class RoleForm(CancelForm):
    role = forms.ChoiceField(
        label="What are they here?",
        choices=_ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they are"},
    )

    submit_label = "Save"

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def layout(self) -> list[Part | str]:
        return [Radios("role", size="s", hints=role_hints(self.organisation))]


class LeavingForm(GovukForm):
    """Asks for a new lead where the person leads something; else it is a button."""

    new_lead = PersonField(
        label="Who leads these from now on?",
        error_messages={"required": "Choose who leads them", "invalid_choice": "Choose one of these people"},
    )

    def __init__(
        self, *args: Any, people: QuerySet[User], leads: bool, submit_label: str, back: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.submit_label, self.back = submit_label, back
        if leads:
            PersonField.fill(self, "new_lead", people)
        else:
            del self.fields["new_lead"]

    def layout(self) -> list[Part | str]:
        return [Select("new_lead", size="s")] if "new_lead" in self.fields else []

    def buttons(self) -> Iterable[Part]:
        return [ButtonGroup(Button(self.submit_label, style="warning"), Link("Cancel", self.back))]


class InvitationForm(CancelForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label="Email address",
        # The longest that the database keeps.
        max_length=254,
        error_messages={
            "required": "Enter the email address",
            "invalid": "Enter an email address in the right form, like name@example.org",
        },
    )
    role = forms.ChoiceField(
        label="What are they here?",
        choices=_ROLES,
        widget=forms.RadioSelect,
        initial=Membership.Role.MEMBER.value,
        error_messages={"required": "Choose what they are"},
    )

    submit_label = "Send the invitation"

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def layout(self) -> list[Part | str]:
        return [email_input(), Radios("role", size="s", hints=role_hints(self.organisation))]


class InvitationToAssessmentForm(PartForm):
    """Whom to invite, and what part they take in one assessment."""

    email = InvitationForm.base_fields["email"]

    submit_label = "Send the invitation"

    def layout(self) -> list[Part | str]:
        return [email_input(), *super().layout()]


def email_input() -> Input:
    return Input(
        "email",
        size="s",
        hint="The invitation is for this address alone: they sign in or sign up with it.",
        autocomplete="off",
    )


class AssessmentsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Assessments to tick, by the names of their services."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Assessment.objects.none(), widget=forms.CheckboxSelectMultiple, **options)

    def label_from_instance(self, obj: Assessment) -> str:
        return obj.service_name

    @staticmethod
    def fill(
        form: forms.Form, name: str, assessments: QuerySet[Assessment], shown: QuerySet[Assessment] | None = None
    ) -> dict[str, str]:
        """The hints of the boxes, which are for those `shown` or for all: services of one name are told apart by stage
        and lead."""
        rows = (assessments if shown is None else shown).select_related("service__organisation", "lead")
        field = cast(AssessmentsField, form.fields[name])
        field.queryset = assessments
        # Read once, for the boxes and for their hints.
        field.choices = [(str(row.pk), field.label_from_instance(row)) for row in rows]
        return {str(row.pk): f"Next decision: {row.get_stage_display()}. Led by {row.lead}." for row in rows}


class EngagementForm(CancelForm):
    """Which firm is let in, by the code that it gives its clients, and to what."""

    code = forms.CharField(
        label="Firm code",
        max_length=40,
        error_messages={
            "required": "Enter the code that the firm gave you",
            "max_length": "Enter a code like ABCD-EFGH",
        },
    )
    assessments = AssessmentsField(
        label="What may the firm see?",
        error_messages={
            "required": "Choose at least one assessment",
            "invalid_choice": "Choose assessments of your organisation",
            "invalid_pk_value": "Choose assessments of your organisation",
        },
    )

    submit_label = "Let the firm in"

    def __init__(
        self, *args: Any, assessments: QuerySet[Assessment], shown: QuerySet[Assessment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hints = AssessmentsField.fill(self, "assessments", assessments, shown)

    def clean_code(self) -> str:
        """As firms have it: people also type small letters, spaces, and no dash."""
        signs = "".join(sign for sign in self.cleaned_data["code"].upper() if sign.isalnum())
        if len(signs) != 8 or set(signs) - set(CODE_LETTERS):
            raise ValidationError("Enter a code like ABCD-EFGH: eight letters and digits", code="no_code")
        return f"{signs[:4]}-{signs[4:]}"

    def layout(self) -> list[Part | str]:
        return [
            Input(
                "code",
                size="s",
                width=10,
                hint="Your adviser tells you the code. It looks like ABCD-EFGH.",
                autocomplete="off",
                spellcheck=False,
            ),
            Checkboxes("assessments", size="s", hints=self.hints),
        ]


class EndForm(GovukForm):
    """From what a firm is shut out."""

    assessments = AssessmentsField(
        label="What should the firm not see any more?",
        error_messages={
            "required": "Choose at least one assessment",
            "invalid_choice": "Choose assessments that the firm may see",
            "invalid_pk_value": "Choose assessments that the firm may see",
        },
    )

    def __init__(self, *args: Any, assessments: QuerySet[Assessment], back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.back = back
        self.hints = AssessmentsField.fill(self, "assessments", assessments)

    def layout(self) -> list[Part | str]:
        return [Checkboxes("assessments", size="s", hints=self.hints)]

    def buttons(self) -> Iterable[Part]:
        return [ButtonGroup(Button("Shut the firm out", style="warning"), Link("Cancel", self.back))]
