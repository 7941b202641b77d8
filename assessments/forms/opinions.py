"""Second opinions: who is asked, what they say, and what the lead settles on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html

from assessments.catalogue.schema import Barrier, Catalogue, LevelQuestion, Stage
from assessments.forms.base import GovukForm
from assessments.forms.fields import DateField, LongTextField
from assessments.forms.govuk import (
    Button,
    ButtonGroup,
    Date,
    Fieldset,
    Input,
    Part,
    Radios,
    Select,
    Static,
    Textarea,
)
from assessments.forms.questionnaire import Folded, ItemPart, QuestionnaireForm, Row, VersionField, handler_of
from assessments.models import Opinion, State, User
from assessments.models.answer import EMPTY, Content
from assessments.selectors.opinions import Rated, content_of

CAPACITIES = ("Finance", "HR", "Legal", "Staff side", "Service")
OTHER = "other"
NOTE_LENGTH = 1000


# Asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """One person with the capacity in which they are asked."""

    user: User
    capacity: str


class AskForm(GovukForm):
    """Asks two people about one barrier, or one more where somebody is asked already."""

    barrier = forms.ChoiceField(label="About which barrier?", error_messages={"required": "Choose a barrier"})
    due_on = DateField(label="When do you need it?", noun="date", required=False)
    note = forms.CharField(
        label="Anything they should know?",
        max_length=500,
        required=False,
        widget=forms.Textarea,
        error_messages={"max_length": "Use 500 characters or fewer"},
    )

    submit_label = "Ask them"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        barriers: Sequence[Barrier],
        people: Sequence[User],
        standing: Sequence[Opinion],
        barrier: str = "",
    ) -> None:
        super().__init__(data, initial={"barrier": barrier} if data is None else None)
        self.people = {str(person.pk): person for person in people}
        self.standing = standing
        _choices(self, "barrier", [("", "Choose a barrier"), *((one.id, one.title) for one in barriers)])
        for number in (1, 2):
            self.fields.update(self._person(number))
        due_on = self.fields["due_on"]
        assert isinstance(due_on, DateField)  # noqa: S101  # tells the type checker
        due_on.earliest = timezone.localdate

    def _person(self, number: int) -> dict[str, forms.Field]:
        people = [("", "Choose a person"), *((key, _named(person)) for key, person in self.people.items())]
        roles = [*((one, one) for one in CAPACITIES), (OTHER, "Other")]
        return {
            f"person_{number}": forms.ChoiceField(label="Who?", choices=people, required=False),
            f"capacity_{number}": forms.ChoiceField(
                label="In which role?", choices=roles, widget=forms.RadioSelect, required=False
            ),
            f"other_{number}": forms.CharField(label="Which role?", max_length=60, required=False),
        }

    def clean(self) -> dict[str, Any]:
        barrier = self.cleaned_data.get("barrier")
        before = {opinion.user_id for opinion in self.standing if opinion.barrier == barrier}
        needed = 1 if before else 2
        for number in (1, 2):
            self._check(number, before, is_needed=number <= needed)
        first, second = ((self._user(number), self._capacity(number)) for number in (1, 2))
        if first[0] and first[0] == second[0]:
            self._wrong("person_2", "Choose two people: this is the same as the first", "same_person")
        elif first[1] and first[1].casefold() == second[1].casefold():
            self._wrong("capacity_2", "Choose another role than that of the first person", "same_role")
        return self.cleaned_data

    def _check(self, number: int, before: set[int], *, is_needed: bool) -> None:
        person, capacity = self._user(number), self.cleaned_data.get(f"capacity_{number}")
        if person is None and (is_needed or capacity):
            words = "Choose a person" if number == 1 else "Choose a second person: agreement takes two"
            self._wrong(f"person_{number}", words, "person_missing")
        if person is not None and person.pk in before:
            self._wrong(f"person_{number}", f"{person} is asked about this barrier already", "already_asked")
        if person is not None and not capacity:
            self._wrong(f"capacity_{number}", f"Choose the role in which {person} is asked", "role_missing")
        if capacity == OTHER and not self.cleaned_data.get(f"other_{number}"):
            self._wrong(f"other_{number}", "Name the role", "other_missing")

    def _wrong(self, field: str, words: str, code: str) -> None:
        if field not in self.errors:
            self.add_error(field, ValidationError(words, code=code))

    def _user(self, number: int) -> User | None:
        return self.people.get(self.cleaned_data.get(f"person_{number}") or "")

    def _capacity(self, number: int) -> str:
        chosen = self.cleaned_data.get(f"capacity_{number}") or ""
        return (self.cleaned_data.get(f"other_{number}") or "") if chosen == OTHER else chosen

    def asked(self) -> Iterator[Asked]:
        for number in (1, 2):
            user = self._user(number)
            if user is not None:
                yield Asked(user, self._capacity(number))

    def layout(self) -> Iterable[Part | str]:
        return [
            Select("barrier", size="s"),
            *(self._person_part(number, title) for number, title in ((1, "First person"), (2, "Second person"))),
            Date("due_on", size="s", hint="For example, 27 3 2027. Leave it empty if there is no hurry."),
            Textarea("note", size="s", rows=3, count=0, hint="They see it with your request."),
        ]

    def _person_part(self, number: int, title: str) -> Part:
        return Fieldset(
            title,
            Select(f"person_{number}"),
            Radios(
                f"capacity_{number}",
                small=True,
                reveals={OTHER: [Input(f"other_{number}", width=20)]},
            ),
            size="m",
        )


def _named(person: User) -> str:
    return f"{person.name} ({person.email})" if person.name else person.email


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker
    field.choices = choices


# Giving ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """An item as the page of an opinion shows it: with nothing of the assessment's own answer."""

    item: Rated
    may_apply: bool

    @property
    def name(self) -> str:
        return self.item.id.rpartition(".")[2]

    @property
    def content(self) -> Content:
        return EMPTY


class OpinionForm(GovukForm):
    """One barrier's questions and gates: a state and a short note on each. Nothing is required to save it."""

    version = VersionField()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        opinion: Opinion,
        rows: Sequence[OpinionRow],
        catalogue: Catalogue,
        stage: Stage,
    ) -> None:
        super().__init__(data, initial=None if data is not None else _said(opinion, rows))
        self.opinion, self.rows, self.catalogue, self.stage = opinion, rows, catalogue, stage
        for row in rows:
            state = handler_of(row.item).fields(row.item, stage)["state"]
            note = LongTextField(label="Why do you say so?", max_length=NOTE_LENGTH, required=False)
            self.fields.update({f"{row.name}-state": state, f"{row.name}-note": note})

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("version") is None:
            raise ValidationError(
                "This page did not arrive whole, so nothing has been saved. Check it and save again",
                code="incomplete",
            )
        if self.is_given and all(content.state == State.NOT_ANSWERED for content in self.contents().values()):
            raise ValidationError("Answer at least one question before you give your opinion", code="empty")
        return self.cleaned_data

    @property
    def is_given(self) -> bool:
        return self.data.get("then") == "give"

    def contents(self) -> dict[str, Content]:
        return {row.item.id: self._content(row) for row in self.rows}

    def _content(self, row: OpinionRow) -> Content:
        cleaned = {part: self.cleaned_data.get(f"{row.name}-{part}") for part in ("state", "note")}
        return handler_of(row.item).content(row.item, cleaned)

    def layout(self) -> Iterable[Part | str]:
        return [*(self._part(row) for row in self.rows), _Version(self)]

    @property
    def version_shown(self) -> int:
        """That of the opinion the page was filled from, also when it comes back with errors."""
        if not self.is_bound:
            return self.opinion.version
        self.is_valid()
        return self.cleaned_data.get("version") or 0

    def _part(self, row: OpinionRow) -> Part:
        unknown = State.DONT_KNOW if isinstance(row.item, LevelQuestion) else State.NOT_KNOWN
        return ItemPart(
            self.catalogue,
            row,
            None,
            self.stage,
            Radios(
                f"{row.name}-state",
                size="s",
                described_by=f"{row.name}-question",
                dividers={unknown.value: "or"},
                hints={State.NOT_APPLICABLE.value: row.item.not_applicable_when},
            ),
            Folded("Note", Textarea(f"{row.name}-note", rows=2, count=0)),
        )

    def buttons(self) -> Iterable[Part]:
        return [
            ButtonGroup(
                Button("Save and go on later", style="secondary", name="then", value="save"),
                Button("Give my opinion", name="then", value="give", prevent_double_click=True),
            )
        ]


class _Version(Static):
    """The page's version, printed from the form rather than from what was sent: a page that lost it gets it back."""

    def __init__(self, form: OpinionForm) -> None:
        super().__init__("")
        self.form = form

    def render(self, form: forms.BaseForm, *_given: Any, **_more: Any) -> Any:
        shown: set[str] = getattr(form, "rendered_fields", set())
        shown.add("version")
        return format_html('<input type="hidden" name="version" value="{}">', self.form.version_shown)


def _said(opinion: Opinion, rows: Iterable[OpinionRow]) -> dict[str, Any]:
    said: dict[str, Any] = {"version": opinion.version}
    for row in rows:
        content = content_of(opinion, row.item.id)
        said[f"{row.name}-state"] = handler_of(row.item).initial(row.item, content)["state"]
        said[f"{row.name}-note"] = content.note
    return said


# Settling ---------------------------------------------------------------------------------------------------------


class SettleForm(QuestionnaireForm):
    """The assessment's own answer to one item, and why the lead settles on it."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, catalogue: Catalogue, row: Row, stage: Stage, reason: str
    ) -> None:
        super().__init__(data, catalogue=catalogue, rows=[row], stage=stage)
        self.row = row
        self.fields["reason"] = LongTextField(
            label="Why do you settle on this?",
            max_length=NOTE_LENGTH,
            initial=reason,
            error_messages={"required": "Say why you settle on this"},
        )

    def layout(self) -> Iterable[Part | str]:
        hint = "Where people differ, say what decided it: a document, a fact, a meeting."
        return [
            self.part(self.row, may_clear=False),
            Textarea("reason", size="s", rows=3, count=0, hint=hint),
        ]

    def buttons(self) -> Iterable[Part]:
        return [Button("Settle it")]
