from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from assessments.catalogue.schema import Catalogue, Stage
from assessments.forms.base import GovukForm
from assessments.forms.fields import DateField
from assessments.forms.govuk import Date, Input, Part, Radios
from assessments.forms.questionnaire import EARLIEST_EVIDENCE, LATEST_DATE
from assessments.models import Organisation
from assessments.selectors.stages import stage_sizes


class AssessmentForm(GovukForm):
    """Which service it is, and for which decision."""

    service_name = forms.CharField(
        label="Name of the service",
        help_text="For example, Riverside Family Hubs",
        max_length=200,
        error_messages={"required": "Enter the name of the service"},
    )
    stage = forms.ChoiceField(
        label="What is your next decision?",
        choices=[(stage.value, stage.title) for stage in Stage],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose your next decision"},
    )

    def __init__(self, *args: Any, catalogue: Catalogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.catalogue = catalogue

    def layout(self) -> list[Part | str]:
        hints = {size.stage.value: size.in_words for size in stage_sizes(self.catalogue)}
        return [
            Input("service_name", size="s"),
            Radios("stage", size="s", hints=hints),
        ]


class StartForm(AssessmentForm):
    """The same with whose service it is, and the date of the decision, which is afterwards a fact among the others.

    `organisations` are the public bodies that the person belongs to; who belongs to none names theirs.
    """

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Public body it is part of",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose the public body", "invalid_choice": "Choose one of your public bodies"},
    )
    organisation_name = forms.CharField(
        label="Public body it is part of",
        help_text="For example, Exampleshire County Council",
        max_length=200,
        error_messages={"required": "Enter the name of the public body"},
    )
    target_date = DateField(
        label="When is that decision due?",
        noun="date of the decision",
        earliest=EARLIEST_EVIDENCE,
        latest=LATEST_DATE,
        required=False,
    )

    submit_label = "Start"

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names_its_own = not organisations.exists()
        if self.names_its_own:
            del self.fields["organisation"]
            return
        del self.fields["organisation_name"]
        choice = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        choice.queryset = organisations
        choice.initial = organisations[0].pk if len(organisations) == 1 else None

    def layout(self) -> list[Part | str]:
        name, *others = super().layout()
        body = Input("organisation_name", size="s") if self.names_its_own else Radios("organisation", size="s")
        return [
            name,
            body,
            *others,
            Date(
                "target_date",
                size="s",
                hint="The day of the meeting, for example 27 3 2027. Leave it empty if you do not know it yet.",
            ),
        ]
