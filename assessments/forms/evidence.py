"""Evidence as forms ask for it, and how a piece of it is named on a page."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from assessments.forms.base import GovukForm
from assessments.forms.fields import DateField
from assessments.forms.govuk import Date, FileUpload, Input, Part, Radios
from assessments.forms.questionnaire import EARLIEST_EVIDENCE
from assessments.models import Evidence
from assessments.selectors.evidence import SCHEMES
from assessments.services.evidence import NewFile, Said
from assessments.uploads import ACCEPT, ALLOWED, Code, Refused, check

LONGEST_LINK = 2000

# Nothing in writing is no evidence.
GRADES = [(grade.value, grade.label) for grade in Evidence if grade != Evidence.E0]


class SaidForm(GovukForm):
    """What people say of a piece of evidence."""

    title = forms.CharField(
        label="What is it?",
        max_length=200,
        error_messages={
            "required": "Say what it is",
            "max_length": "“What is it?” must be 200 characters or fewer",
        },
    )
    grade = forms.ChoiceField(
        label="What kind of proof is it?",
        choices=GRADES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what kind of proof it is",
            "invalid_choice": "Choose what kind of proof it is",
        },
    )
    dated = DateField(
        label="What is its date?",
        noun="date of the evidence",
        earliest=EARLIEST_EVIDENCE,
        latest=timezone.localdate,
        error_messages={"required": "Enter the date of the evidence"},
    )

    def layout(self) -> Iterable[Part | str]:
        return [
            Input("title", size="s", hint="For example, Minutes of the pensions committee", autocomplete="off"),
            Radios("grade", size="s"),
            Date(
                "dated",
                size="s",
                hint="The day it was approved, signed or written. For example, 27 3 2026. Evidence ages from this day.",
            ),
        ]

    def said(self) -> Said:
        given = self.cleaned_data
        return Said(given["title"], given["grade"], given["dated"])


class AddForm(SaidForm):
    """A link or a file, and what it is."""

    link = forms.CharField(
        label="Link",
        required=False,
        max_length=LONGEST_LINK,
        error_messages={"max_length": f"The link must be {LONGEST_LINK:,} characters or fewer"},
    )
    # `check` says it better than Django where a file is empty.
    file = forms.FileField(label="Or a file", required=False, allow_empty_file=True)

    submit_label = "Add this evidence"

    def layout(self) -> Iterable[Part | str]:
        return [
            Input(
                "link",
                size="s",
                hint="An address that begins with https:// or http://. Make sure that your colleagues and your adviser "
                "can open it.",
                input_type="url",
                autocomplete="off",
                spellcheck=False,
            ),
            FileUpload("file", size="s", hint=f"{ALLOWED}.", attrs={"accept": ACCEPT}),
            *super().layout(),
        ]

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link:
            _check_link(link)
        return link

    def clean_file(self) -> NewFile | None:
        upload: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if upload is None:
            return None
        try:
            if upload.file is None:
                raise Refused(Code.EMPTY)
            accepted = check(cast(BinaryIO, upload.file), upload.name or "")
            if accepted.size != upload.size:
                # The rest was let go while it arrived.
                raise Refused(Code.TOO_LARGE)
        except Refused as refused:
            raise ValidationError(refused.message, code=refused.code) from None
        return NewFile(upload, accepted)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        link, file = given.get("link"), given.get("file")
        if link and file:
            self.add_error("file", ValidationError("Give a link or a file, not both. Add the other one next", "both"))
        elif not (link or file or {"link", "file"} & self.errors.keys()):
            self.add_error("link", ValidationError("Give a link, or choose a file", "neither"))
        elif file and self.errors:
            # A browser sends a file once.
            message = "Choose the file again. It was in order, but it is kept only when all of this page is"
            self.add_error("file", ValidationError(message, "again"))
        return given

    @property
    def place(self) -> str:
        """The field that a refusal belongs to."""
        return "file" if self.cleaned_data.get("file") else "link"


def _check_link(link: str) -> None:
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ValidationError("Enter a whole address, like https://www.example.org/minutes", "invalid") from None
    if parts.scheme not in SCHEMES:
        raise ValidationError("The link must begin with https:// or http://", "scheme")
    if not host or any(character.isspace() or not character.isprintable() for character in link):
        raise ValidationError("Enter a whole address, like https://www.example.org/minutes", "invalid")
    if parts.username is not None:
        raise ValidationError("Take the name and password before the @ out of the link", "password")


class ChangeForm(SaidForm):
    """`seen` is what the page showed, so that nobody overwrites what they have not seen."""

    submit_label = "Save"

    seen_title = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    seen_grade = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_dated = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, stands: Said) -> None:
        shown = {"title": stands.title, "grade": stands.grade, "dated": stands.dated}
        super().__init__(data, initial={**shown, **_seen(stands)})

    def seen(self) -> Said:
        """What was shown; of a page that lost it something that never stood, so that it is asked again."""
        given = self.cleaned_data
        return Said(given["seen_title"], given["seen_grade"], given["seen_dated"] or dt.date.min)

    def typed_over(self, stands: Said) -> "ChangeForm":
        """The same as typed, on a page that has shown what stands now."""
        again = {**dict(self.data.items()), **{name: str(value) for name, value in _seen(stands).items()}}
        return ChangeForm(again, stands=stands)


def _seen(said: Said) -> dict[str, Any]:
    return {"seen_title": said.title, "seen_grade": said.grade, "seen_dated": said.dated}
