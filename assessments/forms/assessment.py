from typing import Any

from django import forms

from assessments.catalogue.schema import Catalogue, Stage
from assessments.forms.base import GovukForm
from assessments.forms.fields import DateField
from assessments.forms.govuk import Date, Input, Part, Radios
from assessments.forms.questionnaire import EARLIEST_EVIDENCE, LATEST_DATE
from assessments.selectors.stages import stage_sizes


class AssessmentForm(GovukForm):
    """Whose assessment it is, and for which decision."""

    service_name = forms.CharField(
        label="Name of the service",
        help_text="For example, Riverside Family Hubs",
        max_length=200,
        error_messages={"required": "Enter the name of the service"},
    )
    organisation_name = forms.CharField(
        label="Public body it is part of",
        help_text="For example, Exampleshire County Council",
        max_length=200,
        error_messages={"required": "Enter the name of the public body"},
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
            Input("organisation_name", size="s"),
            Radios("stage", size="s", hints=hints),
        ]


class StartForm(AssessmentForm):
    """The same with the date of the decision, which is afterwards a fact among the others."""

    target_date = DateField(
        label="When is that decision due?",
        noun="date of the decision",
        earliest=EARLIEST_EVIDENCE,
        latest=LATEST_DATE,
        required=False,
    )

    submit_label = "Start"

    def layout(self) -> list[Part | str]:
        return [
            *super().layout(),
            Date(
                "target_date",
                size="s",
                hint="The day of the meeting, for example 27 3 2027. Leave it empty if you do not know it yet.",
            ),
        ]
