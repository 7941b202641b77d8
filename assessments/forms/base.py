"""What every form of ours is built on: `class AnswerForm(GovukForm)`, then `{% crispy form %}`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from crispy_forms.helper import FormHelper
from django import forms

from assessments.forms.govuk import Button, Part, Parts


class Helper(FormHelper):
    """crispy's own would look up every address, also an empty one, as a URL's name."""

    form_action = ""


class GovukForm(forms.Form):
    """Shows a form by the `govuk` pack. A form says in `layout` what stands where.

    `{% crispy form %}` prints the whole `<form>`: address, token, fields, buttons. The page's shell prints
    the error summary above the h1, and "Error:" in the title, for the context's `form`.
    """

    # The server decides what is missing, and may keep what it has.
    use_required_attribute = False
    submit_label = "Save and continue"
    form_action = ""
    # False where the page writes `<form>` itself (two forms under one button).
    form_tag = True

    def layout(self) -> Iterable[Part | str]:
        """Fields by name, or parts (`assessments.forms.govuk`), in order. All fields, if not said
        otherwise."""
        return list(self.fields)

    def buttons(self) -> Iterable[Part]:
        return [Button(self.submit_label)]

    @cached_property
    def helper(self) -> Helper:
        helper = Helper()
        helper.template_pack = "govuk"
        helper.form_action = self.form_action
        helper.form_tag = self.form_tag
        helper.render_hidden_fields = True
        helper.layout = Parts(*self.layout(), *(self.buttons() if self.form_tag else ()))
        return helper
