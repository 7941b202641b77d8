from django import forms

from assessments.catalogue.schema import Stage
from assessments.forms.base import GovukForm
from assessments.forms.govuk import Input, Part, Radios

STAGE_HINTS = {
    Stage.EXPLORE: "Is it worth asking, and may we ask? About 20 questions, an hour with a colleague.",
    Stage.MAKE_THE_CASE: "Is leaving the best option, and approved in principle? Two to three hours, over a few days.",
    Stage.PLAN: "Are all terms, documents and people agreed? Half a day in all, with finance, HR and legal.",
    Stage.GO_LIVE: "Can staff and the service move on the day without harm? Half a day, with the documents at hand.",
}


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

    def layout(self) -> list[Part | str]:
        return [
            Input("service_name", size="s"),
            Input("organisation_name", size="s"),
            Radios("stage", size="s", hints={stage.value: hint for stage, hint in STAGE_HINTS.items()}),
        ]
