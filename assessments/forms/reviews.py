"""What lead and adviser say about a submission: a level with its reason, a settlement, and words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from assessments.catalogue.schema import Gate, Stage
from assessments.forms.base import GovukForm
from assessments.forms.fields import LongTextField
from assessments.forms.govuk import Button, Part, Radios, Static, Textarea
from assessments.forms.questionnaire import NOTE_LENGTH, GateHandler, LevelHandler, VersionField
from assessments.models import Organisation, Rating, State
from assessments.selectors.copies import Rated
from assessments.selectors.ratings import Said
from assessments.selectors.reviews import Line


def states_of(item: Rated, stage: Stage) -> list[tuple[str, str]]:
    """What can be said of it: its described states, that nobody can tell, and that it does not apply."""
    fields = GateHandler().fields(item, stage) if isinstance(item, Gate) else LevelHandler().fields(item, stage)
    field = fields["state"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker
    flat: Any = field.choices
    return [(value, f"Level {value}. {text}" if value.isdigit() else text) for value, text in flat]


def said_of(chosen: str) -> Said:
    return Said(State.ANSWERED.value, int(chosen)) if chosen.isdigit() else Said(chosen)


def chosen_of(said: Said) -> str:
    return said.state if said.level is None else str(said.level)


def unknown_of(item: Rated) -> str:
    return State.NOT_KNOWN.value if isinstance(item, Gate) else State.DONT_KNOW.value


class Version(Static):
    """That of the row which the page was filled from; a page that comes back keeps the one it had."""

    def __init__(self, form: "VersionedForm") -> None:
        super().__init__("")
        self.form = form

    def render(self, form: forms.BaseForm, *_given: Any, **_more: Any) -> Any:
        shown: set[str] = getattr(form, "rendered_fields", set())
        shown.add("version")
        name = self.form.add_prefix("version")
        return format_html('<input type="hidden" name="{}" value="{}">', name, self.form.version_shown)


class VersionedForm(GovukForm):
    """A form about a rating that somebody else may change meanwhile."""

    version = VersionField()
    version_of_row = 0

    @property
    def version_shown(self) -> int:
        if not self.is_bound:
            return self.version_of_row
        self.is_valid()
        given = self.cleaned_data.get("version")
        return self.version_of_row if given is None else given

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("version") is None:
            raise ValidationError(
                "This page did not arrive whole, so nothing has been saved. Check it and save again",
                code="incomplete",
            )
        return self.cleaned_data


def _words(label: str, missing: str, required: bool = True) -> LongTextField:
    return LongTextField(label=label, max_length=NOTE_LENGTH, required=required, error_messages={"required": missing})


def _states(label: str, missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, widget=forms.RadioSelect, error_messages={"required": missing, "invalid_choice": missing}
    )


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker
    field.choices = choices


class RatingForm(VersionedForm):
    """The adviser's own level, and why."""

    state = _states("Which of these is true, as far as you can tell?", "Choose which of these is true")
    reason = _words("Why?", "Say why")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, item: Rated, stage: Stage, rating: Rating | None, unseen: bool
    ) -> None:
        initial = (
            {} if rating is None else {"state": chosen_of(Said(rating.state, rating.level)), "reason": rating.reason}
        )
        super().__init__(data, initial=initial)
        self.item = item
        self.submit_label = "Save and see what the service says" if unseen else "Save"
        self.version_of_row = rating.version if rating else 0
        _offer(self, "state", states_of(item, stage))

    def said(self) -> Said:
        return said_of(self.cleaned_data["state"])

    def layout(self) -> Iterable[Part | str]:
        return [
            Radios("state", size="s", dividers={unknown_of(self.item): "or"}),
            Textarea(
                "reason", size="s", rows=4, count=0, hint="What you found, and where. The service reads it later."
            ),
            Version(self),
        ]


NOT_AGREED = "dissent"


class SettleForm(VersionedForm):
    """What service and adviser agreed on, or that they did not."""

    outcome = _states("What did you settle on?", "Choose what you settled on")
    reason = _words("Why?", "Say why")

    submit_label = "Save and tell the service"

    def __init__(self, data: Mapping[str, Any] | None = None, *, line: Line, stage: Stage, action: str) -> None:
        rating = line.rating
        initial = {}
        if rating is not None and rating.settled:
            agreed = Said(rating.agreed_state, rating.agreed_level)
            outcome = NOT_AGREED if line.is_dissent else chosen_of(agreed)
            initial = {"outcome": outcome, "reason": rating.settled_reason}
        super().__init__(data, initial=initial, prefix="settle")
        self.form_action = action
        self.version_of_row = rating.version if rating else 0
        own = (NOT_AGREED, f"We did not agree. My own level counts: {line.own_words}")
        _offer(self, "outcome", [*states_of(line.item, stage), own])

    def agreed(self) -> Said | None:
        chosen = self.cleaned_data["outcome"]
        return None if chosen == NOT_AGREED else said_of(chosen)

    def layout(self) -> Iterable[Part | str]:
        return [
            Radios("outcome", size="s", dividers={NOT_AGREED: "or"}),
            Textarea("reason", size="s", rows=3, count=0, hint="The service reads it, and the report prints it."),
            Version(self),
        ]


class ObjectForm(VersionedForm):
    """Why the service does not agree."""

    words = _words("Why do you not agree?", "Say why you do not agree")

    submit_label = "We do not agree"

    def __init__(self, data: Mapping[str, Any] | None = None, *, rating: Rating | None) -> None:
        super().__init__(data, initial={"words": rating.client_words if rating else ""})
        self.version_of_row = rating.version if rating else 0

    def layout(self) -> Iterable[Part | str]:
        return [
            Textarea("words", size="s", rows=4, count=0, hint="In your own words. The report prints them."),
            Version(self),
        ]


class WantForm(GovukForm):
    """What the service is to change about one answer. Nothing takes it back."""

    words = _words("What should the service change?", "", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, words: str, action: str) -> None:
        super().__init__(data, initial={"words": words}, prefix="want")
        self.form_action = action
        self.had_words = bool(words)

    def layout(self) -> Iterable[Part | str]:
        taken_back = " Empty it to take it back." if self.had_words else ""
        hint = f"Kept here until you return the submission. Then the lead reads it beside the question.{taken_back}"
        return [Textarea("words", size="s", rows=3, count=0, hint=hint)]

    def buttons(self) -> Iterable[Part]:
        return [Button("Keep this for the return", style="secondary")]


class WordsForm(GovukForm):
    """Words that go with a move."""

    words = _words("", "")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, label: str, hint: str, missing: str, button: str
    ) -> None:
        super().__init__(data)
        self.fields["words"].label = label
        self.fields["words"].error_messages["required"] = missing
        self.hint, self.submit_label = hint, button

    def layout(self) -> Iterable[Part | str]:
        return [Textarea("words", size="s", rows=5, count=0, hint=self.hint)]


class SubmitForm(GovukForm):
    """To which firm, and with what note. With one firm there is nothing to choose."""

    firm = _states("Which firm should review it?", "Choose which firm should review it")
    note = _words("Note for the advisers", "", required=False)

    submit_label = "Freeze a copy and submit it"

    def __init__(self, data: Mapping[str, Any] | None = None, *, firms: Sequence[Organisation]) -> None:
        super().__init__(data)
        self.firms = {str(firm.pk): firm for firm in firms}
        if len(firms) == 1:
            del self.fields["firm"]
        else:
            _offer(self, "firm", [(key, firm.name) for key, firm in self.firms.items()])

    def chosen(self) -> Organisation:
        chosen = self.cleaned_data.get("firm") or next(iter(self.firms))
        return self.firms[chosen]

    def layout(self) -> Iterable[Part | str]:
        note = Textarea(
            "note", size="s", rows=4, count=0, hint="Anything that they should know first. You may leave it empty."
        )
        return [*([Radios("firm", size="s")] if "firm" in self.fields else []), note]
