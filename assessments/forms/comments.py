"""What somebody says about a question or gate, and to whom."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from assessments.forms.base import GovukForm
from assessments.forms.fields import LongTextField
from assessments.forms.govuk import Part, Radios, Textarea
from assessments.models import Assessment, Organisation, Thread
from assessments.permissions import is_kept_back

COMMENT_LENGTH = 4000


def _text(label: str) -> LongTextField:
    return LongTextField(label=label, max_length=COMMENT_LENGTH, error_messages={"required": "Write a comment"})


class ThreadForm(GovukForm):
    """The first comment of a thread, and who reads it: as far as the person's own seat reaches."""

    text = _text("Your comment")
    audience = forms.ChoiceField(
        label="Who may read it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may read it", "invalid_choice": "Choose who may read it"},
    )

    submit_label = "Add the comment"

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, assessment: Assessment, firms: Sequence[Organisation]
    ) -> None:
        super().__init__(data)
        self.assessment = assessment
        audience = self.fields["audience"]
        assert isinstance(audience, forms.ChoiceField)  # noqa: S101  # tells the type checker
        audience.choices = list(self._audiences(firms))

    def _audiences(self, firms: Sequence[Organisation]) -> Iterable[tuple[str, str]]:
        if self.assessment.seat.is_client:
            yield Thread.Audience.CLIENT.value, str(Thread.Audience.CLIENT.label)
        yield from ((str(firm.pk), f"Only {firm.name}") for firm in firms)
        yield Thread.Audience.BOTH.value, str(Thread.Audience.BOTH.label)

    def layout(self) -> Iterable[Part | str]:
        return [
            Textarea("text", size="s", rows=4, count=0),
            Radios("audience", size="s", hints={Thread.Audience.BOTH.value: self._warning()}),
        ]

    def _warning(self) -> str:
        """Advisers record their own levels before they see the client's."""
        if not (self.assessment.seat.is_client and is_kept_back(self.assessment)):
            return ""
        return "The advisers have not recorded their own levels yet. Do not tell them yours here."

    @property
    def audience_given(self) -> tuple[str, UUID | None]:
        """As the thread keeps it: the audience, and the firm where it is for one alone."""
        given = self.cleaned_data["audience"]
        return (given, None) if given in Thread.Audience.values else (Thread.Audience.ADVISER.value, UUID(given))


class ReplyForm(GovukForm):
    text = _text("Reply")
    submit_label = "Reply"

    def __init__(self, data: Mapping[str, Any] | None = None, *, action: str) -> None:
        super().__init__(data)
        self.form_action = action

    def layout(self) -> Iterable[Part | str]:
        return [Textarea("text", size="s", rows=4, count=0)]
