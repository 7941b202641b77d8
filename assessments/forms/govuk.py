"""Layout objects of the `govuk` template pack: GOV.UK Frontend 6 markup for crispy-forms.

A layout names fields and how they are shown; crispy-forms walks it. Each object renders itself from one
small plain dictionary and one template in `templates/govuk/`, because templates are where our pages spend
their time: nothing copies the page's context, nothing touches a widget. A field given as a plain string
gets the object that suits its widget.

A person's text is escaped by the templates. Labels, hints and messages may be HTML only when they are safe
strings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from assessments.forms.fields import DateWidget

# What Django puts on a widget for the browser to check. The server decides (and says why), so none is
# printed.
_NOT_PRINTED = {
    "aria-describedby",
    "class",
    "id",
    "max",
    "maxlength",
    "min",
    "minlength",
    "placeholder",
    "required",
    "step",
}


def rendered(template: str, view: Mapping[str, Any]) -> SafeString:
    return mark_safe(get_template(template).render(dict(view)))  # noqa: S308


class Part(LayoutObject):
    """Anything that can stand in a layout."""

    fields: list[Any]

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        raise NotImplementedError


class Parts(Part):
    """Parts one after the other. Also the layout itself."""

    def __init__(self, *parts: Part | str) -> None:
        self.fields = list(parts)

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        return mark_safe("".join(as_part(form, part).render(form, context) for part in self.fields))  # noqa: S308


class Fieldset(Parts):
    """Several fields that ask for one thing, under one legend. `size` is s, m, l or xl."""

    def __init__(
        self,
        legend: str,
        *parts: Part | str,
        size: str = "",
        heading: bool = False,
        described_by: str = "",
        css_class: str = "",
        role: str = "",
        attrs: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(*parts)
        self.legend = legend
        self.size = size
        self.heading = heading
        self.described_by = described_by
        self.css_class = css_class
        self.role = role
        self.attrs = attrs or {}

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        view = {
            "legend": self.legend,
            "size": self.size,
            "heading": self.heading,
            "described_by": self.described_by,
            "css_class": self.css_class,
            "role": self.role,
            "attrs": flatatt(dict(self.attrs)),
            "body": super().render(form, context),
        }
        return rendered("govuk/fieldset.html", view)


class Static(Part):
    """A ready piece of HTML (a safe string) or text (escaped) between fields."""

    def __init__(self, html: str) -> None:
        self.fields = []
        self.html = html

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        return conditional_escape(self.html)


class Button(Part):
    """A button. `style` is primary, secondary, warning, inverse or link."""

    def __init__(self, text: str, **options: Any) -> None:
        self.fields = []
        self.html = button_html(text, **options)

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        return self.html


class ButtonGroup(Parts):
    """Buttons and links side by side."""

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        return format_html('<div class="govuk-button-group">{}</div>', super().render(form, context))


class Link(Static):
    """A link, mostly for a button group: `Link("Cancel", href)`."""

    def __init__(self, text: str, href: str) -> None:
        super().__init__(format_html('<a class="govuk-link" href="{}">{}</a>', href, text))


class Control(Part):
    """One field. Subclasses say which GOV.UK component shows it.

    `label`, `hint` replace the field's own. `size` (s, m, l, xl) is the size of label or legend, `heading`
    makes it the page's h1. `described_by` adds ids that describe the field before its own hint and error.
    `attrs` are further HTML attributes of the control.
    """

    template: ClassVar[str]

    def __init__(
        self,
        name: str,
        *,
        label: str | None = None,
        hint: str | None = None,
        size: str = "",
        heading: bool = False,
        described_by: str = "",
        css_class: str = "",
        group_class: str = "",
        attrs: Mapping[str, Any] | None = None,
    ) -> None:
        self.fields = [name]
        self.name = name
        self.label = label
        self.hint = hint
        self.size = size
        self.heading = heading
        self.described_by = described_by
        self.css_class = css_class
        self.group_class = group_class
        self.attrs = attrs or {}

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        shown = getattr(form, "rendered_fields", None)
        if shown is not None:
            shown.add(self.name)
        return rendered(self.template, self.view(form[self.name], context))

    def view(self, bound: BoundField, context: Context) -> dict[str, Any]:
        """What the template shows: everything decided, nothing left to work out."""
        id_ = control_id(bound)
        hint = self.hint if self.hint is not None else bound.help_text
        errors = bound.errors
        described_by = [self.described_by] if self.described_by else []
        if hint:
            described_by.append(f"{id_}-hint")
        if errors:
            described_by.append(f"{id_}-error")
        return {
            "id": id_,
            "name": bound.html_name,
            "label": self.label if self.label is not None else bound.label,
            "hint": hint,
            # One paragraph with one id, however many messages.
            "error": format_html_join(mark_safe("<br>"), "{}", ((error,) for error in messages(bound)))
            if errors
            else "",
            "size": self.size,
            "heading": self.heading,
            "described_by": " ".join(described_by),
            "css_class": self.css_class,
            "group_class": self.group_class,
        }

    def error_id(self, bound: BoundField) -> str:
        """The id of what a person should go to when the field is wrong."""
        return control_id(bound)


class _Single(Control):
    """A field of one control with a label."""

    template = "govuk/control.html"
    block: ClassVar[str]

    def control_attrs(self, bound: BoundField, view: Mapping[str, Any]) -> dict[str, Any]:
        widget = bound.field.widget
        attrs = {name: value for name, value in widget.attrs.items() if name not in _NOT_PRINTED}
        error = f" {self.block}--error" if view["error"] else ""
        css_class = f" {self.css_class}" if self.css_class else ""
        attrs["class"] = self.block + css_class + error
        attrs["id"] = view["id"]
        attrs["name"] = view["name"]
        if view["described_by"]:
            attrs["aria-describedby"] = view["described_by"]
        if bound.field.disabled:
            attrs["disabled"] = True
        attrs.update(self.attrs)
        return attrs


class Input(_Single):
    """One line of text.

    `width` is a number of characters (2, 3, 4, 5, 10, 20, 30) or a part of the column ("full", "one-half",
    "two-thirds" ...). `prefix` and `suffix` stand beside the box ("£", "%"); they are not read out, so the
    label must say the unit as well. Whole numbers get the numeric keypad and no spell check by themselves.
    """

    block = "govuk-input"

    def __init__(
        self,
        name: str,
        *,
        prefix: str = "",
        suffix: str = "",
        width: int | str = "",
        input_type: str = "",
        inputmode: str = "",
        spellcheck: bool | None = None,
        autocomplete: str = "",
        **options: Any,
    ) -> None:
        super().__init__(name, **options)
        self.prefix = prefix
        self.suffix = suffix
        self.width = width
        self.input_type = input_type
        self.inputmode = inputmode
        self.spellcheck = spellcheck
        self.autocomplete = autocomplete

    def view(self, bound: BoundField, context: Context) -> dict[str, Any]:
        view = super().view(bound, context)
        view["kind"] = "input"
        view["prefix"] = self.prefix
        view["suffix"] = self.suffix
        view["control"] = flatatt(self.control_attrs(bound, view))
        return view

    def control_attrs(self, bound: BoundField, view: Mapping[str, Any]) -> dict[str, Any]:
        widget = bound.field.widget
        attrs = super().control_attrs(bound, view)
        if self.width:
            attrs["class"] += (
                f" govuk-input--width-{self.width}" if isinstance(self.width, int) else f" govuk-!-width-{self.width}"
            )
        # GOV.UK asks for numbers in text boxes: a number box loses what it does not understand.
        kind = getattr(widget, "input_type", "text")
        attrs["type"] = self.input_type or ("text" if kind == "number" else kind)
        whole = isinstance(bound.field, forms.IntegerField) and not isinstance(
            bound.field, (forms.DecimalField, forms.FloatField)
        )
        inputmode = self.inputmode or ("numeric" if whole else "")
        if inputmode:
            attrs["inputmode"] = inputmode
        spellcheck = self.spellcheck
        if spellcheck is None and (whole or kind == "email"):
            spellcheck = False
        if spellcheck is not None:
            attrs["spellcheck"] = "true" if spellcheck else "false"
        if self.autocomplete:
            attrs["autocomplete"] = self.autocomplete
        shows_value = not isinstance(widget, forms.PasswordInput) or widget.render_value
        value = widget.format_value(bound.value()) if shows_value else None
        if value is not None:
            attrs["value"] = value
        return attrs


class Textarea(_Single):
    """Several lines. `count` shows how many characters are left; by default the field's `max_length`.

    `count=0` shows none. `threshold` (percent) waits with the message until that much is used.
    """

    block = "govuk-textarea"

    def __init__(
        self,
        name: str,
        *,
        rows: int = 5,
        count: int | None = None,
        threshold: int | None = None,
        spellcheck: bool | None = None,
        autocomplete: str = "",
        **options: Any,
    ) -> None:
        super().__init__(name, **options)
        self.rows = rows
        self.count = count
        self.threshold = threshold
        self.spellcheck = spellcheck
        self.autocomplete = autocomplete

    def view(self, bound: BoundField, context: Context) -> dict[str, Any]:
        view = super().view(bound, context)
        count = self.count if self.count is not None else getattr(bound.field, "max_length", None)
        view["kind"] = "textarea"
        view["count"] = count
        view["threshold"] = self.threshold
        value = bound.field.widget.format_value(bound.value())
        view["value"] = "" if value is None else value
        if count:
            view["described_by"] = f"{view['id']}-info {view['described_by']}".strip()
        view["control"] = flatatt(self.control_attrs(bound, view))
        return view

    def control_attrs(self, bound: BoundField, view: Mapping[str, Any]) -> dict[str, Any]:
        attrs = super().control_attrs(bound, view)
        attrs.pop("cols", None)
        if view["count"]:
            attrs["class"] += " govuk-js-character-count"
        attrs["rows"] = self.rows
        if self.spellcheck is not None:
            attrs["spellcheck"] = "true" if self.spellcheck else "false"
        if self.autocomplete:
            attrs["autocomplete"] = self.autocomplete
        return attrs


class Select(_Single):
    """A list to choose one from. Prefer radios: a select hides what there is."""

    block = "govuk-select"

    def __init__(self, name: str, *, disabled: Collection[Any] = (), **options: Any) -> None:
        super().__init__(name, **options)
        self.disabled = {str(value) for value in disabled}

    def view(self, bound: BoundField, context: Context) -> dict[str, Any]:
        view = super().view(bound, context)
        chosen = chosen_values(bound)
        view["kind"] = "select"
        view["control"] = flatatt(self.control_attrs(bound, view))
        view["options"] = mark_safe(  # noqa: S308
            "".join(self._group(group, choices, chosen) for group, choices in grouped_choices(bound))
        )
        return view

    def _group(self, group: str, choices: Iterable[tuple[str, str]], chosen: Collection[str]) -> SafeString:
        options = format_html_join(
            "",
            '<option value="{}"{}{}>{}</option>',
            (
                (value, " selected" if value in chosen else "", " disabled" if value in self.disabled else "", text)
                for value, text in choices
            ),
        )
        return format_html('<optgroup label="{}">{}</optgroup>', group, options) if group else options


class FileUpload(_Single):
    """A file from the person's computer. The form becomes multipart by itself."""

    block = "govuk-file-upload"

    def view(self, bound: BoundField, context: Context) -> dict[str, Any]:
        view = super().view(bound, context)
        view["kind"] = "file"
        attrs = self.control_attrs(bound, view) | {"type": "file"}
        if getattr(bound.field.widget, "allow_multiple_selected", False):
            attrs["multiple"] = True
        view["control"] = flatatt(attrs)
        return view


_CHOICE = (
    '{divider}<div class="{block}__item"><input class="{block}__input" id="{id}" name="{name}" type="{kind}"'
    ' value="{value}"{more}><label class="govuk-label {block}__label" for="{id}">{text}</label>{hint}</div>\n{reveal}'
)
_DIVIDER = '<div class="{}__divider">{}</div>\n'
_CHOICE_HINT = '<div id="{}-item-hint" class="govuk-hint {}__hint">{}</div>'
_REVEAL = '<div class="{0}__conditional{1}" id="conditional-{2}">{3}</div>\n'


class _Choices(Control):
    """Radios and checkboxes. All mappings are by the choice's value.

    `hints`: a hint under a choice. `reveals`: parts that belong to a choice (shown when it is chosen;
    always shown without script). `dividers`: a word before a choice ("or"). `disabled`: choices that cannot
    be chosen now. `item_attrs`: HTML attributes of a choice's input.
    """

    block: ClassVar[str]
    kind: ClassVar[str]

    def __init__(
        self,
        name: str,
        *,
        hints: Mapping[Any, str] | None = None,
        reveals: Mapping[Any, Sequence[Part | str]] | None = None,
        dividers: Mapping[Any, str] | None = None,
        disabled: Collection[Any] = (),
        item_attrs: Mapping[Any, Mapping[str, Any]] | None = None,
        small: bool = False,
        fieldset_class: str = "",
        **options: Any,
    ) -> None:
        super().__init__(name, **options)
        # A choice may be a number; in a form every value is text.
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}
        self.reveals = {str(value): Parts(*parts) for value, parts in (reveals or {}).items()}
        self.dividers = {str(value): word for value, word in (dividers or {}).items()}
        self.disabled = {str(value) for value in disabled}
        self.item_attrs = {str(value): attrs for value, attrs in (item_attrs or {}).items()}
        self.small = small
        self.fieldset_class = fieldset_class
        # crispy's own walk over the layout (field names, slices) finds revealed fields here.
        self.fields = [name, *self.reveals.values()]

    def view(self, bound: BoundField, context: Context) -> dict[str, Any]:
        view = super().view(bound, context)
        view["fieldset"] = True
        view["fieldset_class"] = self.fieldset_class
        view["block_class"] = self.block_class()
        view["attrs"] = flatatt(dict(self.attrs)) if self.attrs else ""
        view["items"] = mark_safe("".join(self.items(bound, context, view)))  # noqa: S308
        return view

    def block_class(self) -> str:
        modifier = f" {self.block}--small" if self.small else ""
        return modifier + (f" {self.css_class}" if self.css_class else "")

    def items(self, bound: BoundField, context: Context, view: Mapping[str, Any]) -> Iterator[SafeString]:
        chosen = chosen_values(bound)
        place = 0
        for number, (value, text) in enumerate(flat_choices(bound)):
            divider = self.dividers.get(value, "")
            # A divider counts: so it does in GOV.UK's own components.
            place += 2 if divider else 1
            # The first id has no number: an error summary's link to the field lands on it.
            id_ = f"{view['id']}-{place}" if number else view["id"]
            hint = self.hints.get(value, "")
            yield self._item(
                id_,
                view["name"],
                value,
                text,
                checked=value in chosen,
                disabled=bound.field.disabled or value in self.disabled,
                hint=hint,
                reveal=self.reveals[value].render(bound.form, context) if value in self.reveals else "",
                divider=divider,
                described_by=f"{id_}-item-hint" if hint else "",
                attrs=self.attrs_of_item(value),
            )

    def _item(
        self,
        id_: str,
        name: str,
        value: str,
        text: str,
        *,
        checked: bool,
        disabled: bool,
        hint: str = "",
        reveal: str = "",
        divider: str = "",
        described_by: str = "",
        attrs: str = "",
    ) -> SafeString:
        """Not in the template, which would take several times as long: a page has dozens of choices."""
        more = (
            " checked" if checked else "",
            " disabled" if disabled else "",
            format_html(' data-aria-controls="conditional-{}"', id_) if reveal else "",
            format_html(' aria-describedby="{}"', described_by) if described_by else "",
            attrs,
        )
        hidden = "" if checked else f" {self.block}__conditional--hidden"
        return format_html(
            _CHOICE,
            block=self.block,
            kind=self.kind,
            id=id_,
            name=name,
            value=value,
            text=text,
            more=mark_safe("".join(more)),  # noqa: S308
            hint=format_html(_CHOICE_HINT, id_, self.block, hint) if hint else "",
            divider=format_html(_DIVIDER, self.block, divider) if divider else "",
            reveal=format_html(_REVEAL, self.block, hidden, id_, reveal) if reveal else "",
        )

    def attrs_of_item(self, value: str) -> str:
        # Most items have none, and there are many items.
        return flatatt(dict(self.item_attrs[value])) if value in self.item_attrs else ""


class Radios(_Choices):
    """One of several. `inline` for two short ones. Nothing is chosen beforehand unless the form has a
    value."""

    template = "govuk/radios.html"
    block = "govuk-radios"
    kind = "radio"

    def __init__(self, name: str, *, inline: bool = False, **options: Any) -> None:
        super().__init__(name, **options)
        self.inline = inline

    def block_class(self) -> str:
        return (" govuk-radios--inline" if self.inline else "") + super().block_class()


class Checkboxes(_Choices):
    """Any number of several. `exclusive`: choices that clear all others ("None of these"), with script."""

    template = "govuk/checkboxes.html"
    block = "govuk-checkboxes"
    kind = "checkbox"

    def __init__(self, name: str, *, exclusive: Collection[Any] = (), **options: Any) -> None:
        super().__init__(name, **options)
        self.exclusive = {str(value) for value in exclusive}

    def attrs_of_item(self, value: str) -> str:
        if value not in self.exclusive:
            return super().attrs_of_item(value)
        return flatatt({"data-behaviour": "exclusive", **self.item_attrs.get(value, {})})


class Checkbox(Checkboxes):
    """A yes or no of one box (`BooleanField`): its label is the box's label and there is no fieldset."""

    def view(self, bound: BoundField, context: Context) -> dict[str, Any]:
        view = super().view(bound, context)
        view["fieldset"] = False
        return view

    def items(self, bound: BoundField, context: Context, view: Mapping[str, Any]) -> Iterator[SafeString]:
        widget = bound.field.widget
        reveal = self.reveals.get("on")
        yield self._item(
            view["id"],
            view["name"],
            widget.attrs.get("value", "on"),
            view["label"],
            checked=widget.check_test(bound.value()),
            disabled=bound.field.disabled,
            reveal=reveal.render(bound.form, context) if reveal is not None else "",
            described_by=view["described_by"],
            attrs=self.attrs_of_item("on"),
        )


_BOX = (
    '<div class="govuk-date-input__item"><div class="govuk-form-group">'
    '<label class="govuk-label govuk-date-input__label" for="{id}">{label}</label>'
    '<input class="govuk-input govuk-date-input__input{error} govuk-input--width-{width}" id="{id}" name="{name}"'
    ' type="text"{more} inputmode="numeric"></div></div>'
)


class Date(Control):
    """Day, month and year. `autocomplete="bday"` where it is the person's own birthday."""

    template = "govuk/date.html"

    def __init__(self, name: str, *, autocomplete: str = "", fieldset_class: str = "", **options: Any) -> None:
        super().__init__(name, **options)
        self.autocomplete = autocomplete
        self.fieldset_class = fieldset_class

    def view(self, bound: BoundField, context: Context) -> dict[str, Any]:
        view = super().view(bound, context)
        widget = bound.field.widget
        value = bound.value()
        typed = value if isinstance(value, (list, tuple)) else widget.decompress(value)
        wrong = wrong_parts(bound) if view["error"] else ()
        view["fieldset_class"] = self.fieldset_class
        view["attrs"] = flatatt(dict(self.attrs)) if self.attrs else ""
        view["boxes"] = mark_safe(  # noqa: S308
            "\n".join(
                self._box(part, text, f"{view['id']}-{part}", f"{view['name']}-{part}", part in wrong, bound)
                for part, text in zip(widget.parts, typed, strict=True)
            )
        )
        return view

    def _box(self, part: str, text: Any, id_: str, name: str, is_wrong: bool, bound: BoundField) -> SafeString:
        """Not in the template, which would take ten times as long: a page has a dozen dates."""
        more = (
            format_html(' autocomplete="{}-{}"', self.autocomplete, part) if self.autocomplete else "",
            format_html(' value="{}"', text) if text not in (None, "") else "",
            " disabled" if bound.field.disabled else "",
        )
        return format_html(
            _BOX,
            id=id_,
            name=name,
            label=part.capitalize(),
            error=" govuk-input--error" if is_wrong else "",
            width=4 if part == "year" else 2,
            more=mark_safe("".join(more)),  # noqa: S308
        )

    def error_id(self, bound: BoundField) -> str:
        return f"{control_id(bound)}-{wrong_parts(bound)[0]}"


class Hidden(Control):
    """A field nobody sees. Rendered by crispy for every hidden field that the layout does not name."""

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        return form[self.name].as_hidden()


_PART_OF_WIDGET: dict[type[forms.Widget], type[Control]] = {
    forms.HiddenInput: Hidden,
    forms.MultipleHiddenInput: Hidden,
    forms.FileInput: FileUpload,
    forms.widgets.Input: Input,
    forms.Textarea: Textarea,
    forms.CheckboxInput: Checkbox,
    forms.RadioSelect: Radios,
    forms.CheckboxSelectMultiple: Checkboxes,
    forms.Select: Select,
    DateWidget: Date,
}


def _part_class(widget: type[forms.Widget]) -> type[Control]:
    for ancestor in widget.__mro__:
        if ancestor is forms.SelectMultiple:
            # GOV.UK has none: checkboxes.
            break
        if ancestor in _PART_OF_WIDGET:
            return _PART_OF_WIDGET[ancestor]
    raise ImproperlyConfigured(f"The govuk pack shows no {widget.__name__}: give the field another widget.")


def as_part(form: forms.BaseForm, part: Part | str) -> Part:
    """The part itself, or for a field's name the one that suits its widget."""
    return _part_class(type(form.fields[part].widget))(part) if isinstance(part, str) else part


def control_id(bound: BoundField) -> str:
    """The id that all ids of a field begin with: that of its only, or first, control."""
    return str(bound.field.widget.attrs.get("id") or bound.auto_id or bound.html_name)


def grouped_choices(bound: BoundField) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Choices as text, in their groups; those without one under an empty name."""
    for value, text in bound.field.widget.choices:
        if isinstance(text, (list, tuple)):
            yield str(value), [(_as_text(key), label) for key, label in text]
        else:
            yield "", [(_as_text(value), text)]


def flat_choices(bound: BoundField) -> Iterator[tuple[str, str]]:
    """Choices without their groups, and without the dashes Django puts first for "nothing chosen"."""
    for _group, choices in grouped_choices(bound):
        yield from ((value, text) for value, text in choices if value or text != "---------")


def chosen_values(bound: BoundField) -> set[str]:
    value = bound.value()
    values: Iterable[Any] = value if isinstance(value, (list, tuple, set)) else [value]
    return {str(value) for value in values if value is not None and value != ""}


def wrong_parts(bound: BoundField) -> tuple[str, ...]:
    """The parts of a date that its errors name; all of them when none does."""
    parts = bound.field.widget.parts
    named = {part for error in bound.errors.as_data() for part in (error.params or {}).get("parts", ())}
    return tuple(part for part in parts if part in named) or tuple(parts)


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def error_links(form: forms.BaseForm) -> Iterator[dict[str, str]]:
    """What an error summary lists, in the form's order: each message with the address of its control.

    A message about the whole form leads to its first field. A field nobody sees cannot be gone to, so has
    no address.
    """
    shown = shown_parts(form)
    first = next((part.error_id(form[name]) for name, part in shown.items()), "")
    for message in form.non_field_errors():
        yield {"text": str(message), "href": f"#{first}" if first else ""}
    for name in [*shown, *(name for name in form.fields if name not in shown)]:
        href = f"#{shown[name].error_id(form[name])}" if name in shown else ""
        for message in messages(form[name]):
            yield {"text": message, "href": href}


def messages(bound: BoundField) -> Iterator[str]:
    """What is wrong with a field. Django's "This field is required." would say nothing in a list of errors."""
    required = forms.Field.default_error_messages["required"]
    for message in bound.errors:
        yield f"{_what_to_do(bound)}: {bound.label}" if message == required else str(message)


def _what_to_do(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "Tick the box"
    if isinstance(widget, forms.FileInput):
        return "Choose a file"
    return "Choose an answer" if isinstance(widget, forms.widgets.ChoiceWidget) else "Enter an answer"


def shown_parts(form: forms.BaseForm) -> dict[str, Control]:
    """The fields a person sees, in the order they are shown, each with the part that shows it."""
    helper = getattr(form, "helper", None)
    layout = getattr(helper, "layout", None)
    parts = layout.fields if layout is not None else list(form.fields)
    return {part.name: part for part in _controls(form, parts) if not isinstance(part, Hidden)}


def _controls(form: forms.BaseForm, parts: Iterable[Any]) -> Iterator[Control]:
    for part in parts:
        if isinstance(part, str):
            if part in form.fields:
                yield as_part(form, part)
        elif isinstance(part, Control):
            yield part
            yield from _controls(form, part.fields[1:])
        else:
            yield from _controls(form, part.fields)


_BUTTON_STYLES = {
    "primary": "govuk-button",
    "secondary": "govuk-button govuk-button--secondary",
    "warning": "govuk-button govuk-button--warning",
    "inverse": "govuk-button govuk-button--inverse",
    "link": "app-link-button",
}
_START_ICON = mark_safe(
    '<svg class="govuk-button__start-icon" xmlns="http://www.w3.org/2000/svg" width="17.5" height="19" '
    'viewBox="0 0 33 40" aria-hidden="true" focusable="false">'
    '<path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z"/></svg>'
)


def button_html(
    text: str,
    *,
    style: str = "primary",
    href: str = "",
    name: str = "",
    value: str = "",
    type: str = "submit",  # noqa: A002  # the HTML attribute's name
    id: str = "",  # noqa: A002
    disabled: bool = False,
    start: bool = False,
    prevent_double_click: bool | None = None,
    css_class: str = "",
    attrs: Mapping[str, Any] | None = None,
) -> SafeString:
    """A button, or a link that looks like one when `href` is given."""
    classes = [_BUTTON_STYLES[style]]
    if css_class:
        classes.append(css_class)
    if start:
        classes.append("govuk-button--start")
    common: dict[str, Any] = {"class": " ".join(classes), "data-module": "govuk-button"}
    if id:
        common["id"] = id
    common.update(attrs or {})
    icon = _START_ICON if start else ""
    if href:
        common |= {"href": href, "role": "button", "draggable": "false"}
        return format_html("<a{}>{}{}</a>", flatatt(common), text, icon)
    common["type"] = type
    if name:
        common["name"] = name
    if value:
        common["value"] = value
    if disabled:
        common |= {"disabled": True, "aria-disabled": "true"}
    if prevent_double_click is not None:
        common["data-prevent-double-click"] = "true" if prevent_double_click else "false"
    return format_html("<button{}>{}{}</button>", flatatt(common), text, icon)
