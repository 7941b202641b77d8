"""What people agree about an action, and which actions a list shows."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateformat import format as format_date
from django.utils.html import format_html

from assessments.forms.base import GovukForm, Helper
from assessments.forms.fields import DateField, LongTextField
from assessments.forms.govuk import (
    Button,
    ButtonGroup,
    Checkbox,
    Date,
    Input,
    Link,
    Part,
    Radios,
    Select,
    Static,
    Textarea,
)
from assessments.forms.questionnaire import EARLIEST_EVIDENCE, LATEST_DATE, NOTE_LENGTH, VersionField
from assessments.models import Progress
from assessments.models.plan import Agreement
from assessments.selectors.plan import CLOSED, NO_FILTERS, Entry, Filters, Plan

OWNER_LENGTH = 200


class ActionForm(GovukForm):
    """Who does an action, when, and how far it is. Everything may be left open, but a refusal gives its reason."""

    progress = forms.ChoiceField(
        label="How far is it?",
        choices=Progress.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how far it is", "invalid_choice": "Say how far it is"},
    )
    reason = LongTextField(label="Why will it not be done?", max_length=NOTE_LENGTH, required=False)
    owner = forms.CharField(
        label="Who does it?",
        max_length=OWNER_LENGTH,
        required=False,
        error_messages={"max_length": f"“Who does it?” must be {OWNER_LENGTH} characters or fewer"},
    )
    starts_on = DateField(
        label="When does it start?",
        noun="start date",
        earliest=EARLIEST_EVIDENCE,
        latest=LATEST_DATE,
        required=False,
    )
    due_on = DateField(
        label="When is it due?", noun="due date", earliest=EARLIEST_EVIDENCE, latest=LATEST_DATE, required=False
    )
    note = LongTextField(label="Note", max_length=NOTE_LENGTH, required=False)
    version = VersionField()

    submit_label = "Save"

    def __init__(self, data: Mapping[str, Any] | None = None, *, entry: Entry) -> None:
        agreed = {name: getattr(entry.agreement, name) for name in Agreement.FIELDS}
        super().__init__(data, initial=None if data is not None else agreed)
        self.entry = entry

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("version") is None:
            raise ValidationError(
                "This page did not arrive whole, so nothing has been saved. Check it and save again",
                code="incomplete",
            )
        self._check_reason()
        self._check_dates()
        return self.cleaned_data

    def _check_reason(self) -> None:
        given = self.cleaned_data
        if given.get("progress") == Progress.WILL_NOT_DO and "reason" in given and not given["reason"]:
            self.add_error("reason", ValidationError("Say why it will not be done", code="reason_missing"))

    def _check_dates(self) -> None:
        start, due = self.cleaned_data.get("starts_on"), self.cleaned_data.get("due_on")
        if start and due and due < start:
            message = f"Due date must be the same as or after the start date, {format_date(start, 'j F Y')}"
            self.add_error("due_on", ValidationError(message, code="due_before_start"))

    @property
    def version_shown(self) -> int:
        """That of the row the page was filled from, also when it comes back with errors, whatever is stored by now."""
        if not self.is_bound:
            return self.entry.version
        self.is_valid()
        return self.cleaned_data.get("version") or 0

    def agreement(self) -> Agreement:
        return Agreement(**{name: self.cleaned_data[name] for name in Agreement.FIELDS})

    def layout(self) -> Iterable[Part | str]:
        return [
            Radios(
                "progress",
                size="s",
                hints={Progress.DONE.value: "Then change the answer too: only the answers close the gap."},
                reveals={Progress.WILL_NOT_DO.value: [Textarea("reason", rows=3, count=0)]},
            ),
            Input(
                "owner",
                size="s",
                hint=f"A name, or a name with a role. Usually: {self.entry.action.owner}",
                autocomplete="off",
            ),
            Date("starts_on", size="s", hint="For example, 27 3 2027. Leave it empty if you do not know it yet."),
            Date("due_on", size="s", hint=self._due_hint()),
            Textarea("note", size="s", rows=3, count=0, hint="Anything that whoever does it should know."),
            _Version(self),
        ]

    def _due_hint(self) -> str:
        promised = self.entry.action.by
        if promised is None:
            return "For example, 27 6 2027"
        return f"For example, 27 6 2027. The answer promises it by {format_date(promised, 'j F Y')}."


class _Version(Static):
    """The page's version, printed from the form rather than from what was sent: a page that lost it gets it back."""

    def __init__(self, form: ActionForm) -> None:
        super().__init__("")
        self.form = form

    def render(self, form: forms.BaseForm, *_given: Any, **_more: Any) -> Any:
        shown: set[str] = getattr(form, "rendered_fields", set())
        shown.add("version")
        return format_html('<input type="hidden" name="version" value="{}">', self.form.version_shown)


class FillForm(GovukForm):
    """Who does what nobody has been named for, by role, and dates for what has none. All of it may be left open."""

    submit_label = "Save"

    def __init__(self, data: Mapping[str, Any] | None = None, *, plan: Plan, back: str) -> None:
        super().__init__(data)
        self.plan = plan
        self.back = back
        self.roles = {_box_of(role): (role, entries) for role, entries in plan.unnamed.items()}
        for box, (role, _entries) in self.roles.items():
            # Django fills in what a message asks for, so that a plain % is written twice.
            message = f"The name for “{role.replace('%', '%%')}” must be {OWNER_LENGTH} characters or fewer"
            self.fields[box] = forms.CharField(
                label=role, max_length=OWNER_LENGTH, required=False, error_messages={"max_length": message}
            )
        if plan.undated:
            self.fields["dated"] = forms.BooleanField(label=self._dates_label(), required=False)

    def _dates_label(self) -> str:
        count = len(self.plan.undated)
        if count == 1:
            return "Make the action that has no date due when the schedule has it finished"
        return f"Make each of the {count} actions that have no date due when the schedule has it finished"

    def layout(self) -> Iterable[Part | str]:
        if self.plan.undated:
            yield _subheading("By when")
            yield Checkbox(
                "dated", hint="The likely dates of the schedule, as it is now. A weekend becomes the Monday after."
            )
        if self.roles:
            yield _subheading("Who")
            for box, (_role, entries) in self.roles.items():
                yield Input(box, size="s", hint=_titles(entries), autocomplete="off")

    def buttons(self) -> Iterable[Part]:
        return [ButtonGroup(Button(self.submit_label), Link("Cancel", self.back))]

    @property
    def people(self) -> dict[str, str]:
        return {role: self.cleaned_data[box] for box, (role, _entries) in self.roles.items() if self.cleaned_data[box]}

    @property
    def dated(self) -> bool:
        return bool(self.cleaned_data.get("dated"))


def _box_of(role: str) -> str:
    """The same for the same role whatever else is open: a page may be old when it is sent."""
    return f"who-{hashlib.sha256(role.encode()).hexdigest()[:12]}"


def _titles(entries: Sequence[Entry]) -> str:
    shown = [entry.title for entry in entries[:TITLES_SHOWN]]
    more = len(entries) - len(shown)
    return "; ".join([*shown, f"and {more} more"] if more else shown)


TITLES_SHOWN = 4


def _subheading(text: str) -> Static:
    return Static(format_html('<h2 class="govuk-heading-m">{}</h2>', text))


class FilterForm(GovukForm):
    """Which actions the list shows, by GET. What it does not know it passes over."""

    barrier = forms.ChoiceField(label="Barrier", required=False)
    progress = forms.ChoiceField(
        label="Progress", required=False, choices=[("", "Any"), *Progress.choices, (CLOSED, "Closed")]
    )
    owner = forms.ChoiceField(label="Who does it", required=False)
    overdue = forms.BooleanField(label="Only what is overdue", required=False)

    def __init__(self, data: Mapping[str, Any], *, plan: Plan, address: str) -> None:
        super().__init__(data)
        self.address = address
        self._fields_of("barrier").choices = [("", "Any"), *plan.barriers]
        self._fields_of("owner").choices = [("", "Anybody"), *((owner, owner) for owner in plan.owners)]

    def _fields_of(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker
        return field

    def filters(self) -> Filters:
        self.is_valid()
        self.errors.clear()
        given = self.cleaned_data
        return Filters(
            given.get("barrier", ""), given.get("progress", ""), given.get("owner", ""), given.get("overdue", False)
        )

    def layout(self) -> Iterable[Part | str]:
        return [Select("barrier"), Select("progress"), Select("owner"), Checkbox("overdue", small=True)]

    def buttons(self) -> Iterable[Part]:
        show = Button("Show these", style="secondary")
        if self.filters() == NO_FILTERS:
            return [show]
        return [ButtonGroup(show, Link("Show all actions", self.address))]

    @cached_property
    def helper(self) -> Helper:
        helper = super().helper
        helper.form_method = "get"
        return helper
