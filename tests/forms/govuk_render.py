"""Our pack's answer to the options of GOV.UK Frontend's examples, by component."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from assessments.forms import fields, govuk
from assessments.forms.base import GovukForm
from assessments.templatetags import govuk as tags

Options = Mapping[str, Any]


class NotSaid(Exception):
    """The pack has no way to say this."""


def text(options: Options | None) -> str:
    options = options or {}
    html = options.get("html")
    return mark_safe(html) if html else str(options.get("text") or "")  # noqa: S308


def size(classes: str, block: str) -> str:
    if not classes:
        return ""
    match = re.fullmatch(f"{block}--(s|m|l|xl)", classes)
    if not match:
        raise NotSaid(f"classes {classes}")
    return match[1]


def modifier(classes: str, block: str) -> str:
    """The word after `block--`, where we say a variant by its name."""
    if classes and not classes.startswith(f"{block}--"):
        raise NotSaid(f"classes {classes}")
    return classes.removeprefix(f"{block}--")


def form_html(
    field: forms.Field,
    part: Callable[..., govuk.Part],
    options: Options,
    *,
    value: Any = None,
    parts: list[str] | None = None,
    **given: Any,
) -> str:
    """A form of one field, shown by crispy-forms itself."""
    # A component without `name` has an `id`, from which we make its names.
    name = options.get("namePrefix") or options.get("name") or options["id"]
    field.widget.attrs["id"] = options.get("idPrefix") or options.get("id") or name
    kind = type("OneField", (GovukForm,), {name: field, "form_tag": False})
    form = kind(initial={name: value}, auto_id="%s")
    form.helper.layout = govuk.Parts(part(name, **given))
    form.helper.disable_csrf = True
    if "errorMessage" in options:
        error = ValidationError(text(options["errorMessage"]), params={"parts": parts or []})
        form.errors[name] = form.error_class([error])
    return str(render_crispy_form(form))


def label_options(options: Options) -> dict[str, Any]:
    label = options.get("label", {})
    return {
        "label": text(label),
        "hint": text(options.get("hint")),
        "size": size(label.get("classes", ""), "govuk-label"),
        "heading": label.get("isPageHeading", False),
        "described_by": options.get("describedBy", ""),
        "css_class": options.get("classes", ""),
        "group_class": options.get("formGroup", {}).get("classes", ""),
        "attrs": options.get("attributes", {}),
    }


def legend_options(options: Options) -> dict[str, Any]:
    fieldset = options.get("fieldset", {})
    legend = fieldset.get("legend", {})
    return label_options(options) | {
        "label": text(legend),
        "size": size(legend.get("classes", ""), "govuk-fieldset__legend"),
        "heading": legend.get("isPageHeading", False),
        "described_by": fieldset.get("describedBy", ""),
        "fieldset_class": fieldset.get("classes", ""),
    }


def render_input(options: Options) -> str:
    extra = {name: options[name] for name in ("pattern", "autocapitalize") if name in options}
    given = label_options(options)
    return form_html(
        forms.CharField(disabled=options.get("disabled", False)),
        govuk.Input,
        options,
        value=options.get("value"),
        **given | {"attrs": {**given["attrs"], **extra}},
        prefix=text(options.get("prefix")),
        suffix=text(options.get("suffix")),
        input_type=options.get("type", ""),
        inputmode=options.get("inputmode", ""),
        spellcheck=options.get("spellcheck"),
        autocomplete=options.get("autocomplete", ""),
    )


def render_textarea(options: Options) -> str:
    return form_html(
        forms.CharField(widget=forms.Textarea),
        govuk.Textarea,
        options,
        value=options.get("value"),
        **label_options(options),
        rows=int(options.get("rows", 5)),
        spellcheck=options.get("spellcheck"),
        autocomplete=options.get("autocomplete", ""),
        count=int(options.get("maxlength", 0)),
        threshold=int(options["threshold"]) if "threshold" in options else None,
    )


def render_select(options: Options) -> str:
    items = options.get("items", [])
    chosen = [item["value"] for item in items if item.get("selected")]
    return form_html(
        forms.ChoiceField(choices=[(item["value"], item["text"]) for item in items]),
        govuk.Select,
        options,
        value=chosen[0] if chosen else options.get("value"),
        **label_options(options),
        disabled=[item["value"] for item in items if item.get("disabled")],
    )


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


def render_file_upload(options: Options) -> str:
    return form_html(
        forms.FileField(
            widget=ManyFiles() if options.get("multiple") else forms.FileInput(),
            disabled=options.get("disabled", False),
        ),
        govuk.FileUpload,
        options,
        **label_options(options),
    )


def choice_options(options: Options, block: str) -> dict[str, Any]:
    """Dividers come before the next item in ours, as an item of their own in theirs."""
    given: dict[str, dict[str, Any]] = {"hints": {}, "reveals": {}, "dividers": {}, "item_attrs": {}}
    divider = ""
    for item in options["items"]:
        if "divider" in item:
            divider = item["divider"]
            continue
        value = item["value"]
        if divider:
            given["dividers"][value] = divider
        if "hint" in item:
            given["hints"][value] = text(item["hint"])
        if item.get("conditional", {}).get("html"):
            given["reveals"][value] = [govuk.Static(text(item["conditional"]))]
        if "attributes" in item:
            given["item_attrs"][value] = item["attributes"]
        divider = ""
    classes = options.get("classes", "").split()
    own = {
        "small": f"{block}--small" in classes,
        "css_class": " ".join(one for one in classes if one != f"{block}--small"),
        "disabled": [item["value"] for item in options["items"] if item.get("disabled")],
    }
    return legend_options(options) | given | own


def choices(options: Options) -> list[tuple[str, str]]:
    return [(item["value"], text(item)) for item in options["items"] if "divider" not in item]


def chosen(options: Options) -> list[str]:
    return [item["value"] for item in options["items"] if item.get("checked")]


def render_radios(options: Options) -> str:
    given = choice_options(options, "govuk-radios")
    given["inline"] = "govuk-radios--inline" in given["css_class"]
    given["css_class"] = given["css_class"].replace("govuk-radios--inline", "").strip()
    value = [*chosen(options), options.get("value")]
    field = forms.ChoiceField(choices=choices(options), widget=forms.RadioSelect)
    return as_grouped(options, form_html(field, govuk.Radios, options, value=value[0], **given))


def render_checkboxes(options: Options) -> str:
    if "describedBy" in options:
        return render_checkbox(options)
    given = choice_options(options, "govuk-checkboxes")
    given["exclusive"] = [item["value"] for item in options["items"] if item.get("behaviour")]
    field = forms.MultipleChoiceField(choices=choices(options), widget=forms.CheckboxSelectMultiple)
    value = options.get("values") or chosen(options)
    return as_grouped(options, form_html(field, govuk.Checkboxes, options, value=value, **given))


def render_checkbox(options: Options) -> str:
    item = options["items"][0]
    field = forms.BooleanField(widget=forms.CheckboxInput(attrs={"value": item["value"]}))
    given = {"described_by": options["describedBy"], "hint": text(options.get("hint"))}
    return form_html(field, govuk.Checkbox, options, label=text(item), **given)


def as_grouped(options: Options, html: str) -> str:
    """Ours always stand in a fieldset with a legend. Where theirs do not, it is taken off before they are
    compared."""
    if "fieldset" in options:
        return html
    return re.sub("<fieldset[^>]*>|</fieldset>|<legend[^>]*>[^<]*</legend>", "", html)


def render_date_input(options: Options) -> str:
    items: dict[str, Options] = {item["name"]: item for item in options.get("items", [])}
    parts: dict[str, Options] = {part: items.get(part) or options.get(part, {}) for part in ("day", "month", "year")}
    values = options.get("values", {})
    prefix = f"{options['namePrefix']}-" if "namePrefix" in options else ""
    typed = [values.get(prefix + part) for part in parts]
    autocomplete = parts["day"].get("autocomplete", "").removesuffix("-day")
    html = form_html(
        fields.DateField(),
        govuk.Date,
        options,
        value=typed if any(typed) else None,
        parts=[part for part, item in parts.items() if is_wrong(item)],
        autocomplete=autocomplete,
        **legend_options(options),
    )
    # Ours are always named after their field.
    return as_grouped(options, html if prefix else html.replace(f'name="{options["id"]}-', 'name="'))


def is_wrong(item: Options) -> bool:
    return bool(item.get("error", "govuk-input--error" in item.get("classes", "")))


def render_fieldset(options: Options) -> str:
    legend = options["legend"]
    part = govuk.Fieldset(
        text(legend),
        govuk.Static(mark_safe(options.get("html", ""))),  # noqa: S308
        size=size(legend.get("classes", ""), "govuk-fieldset__legend"),
        heading=legend.get("isPageHeading", False),
        described_by=options.get("describedBy", ""),
        css_class=options.get("classes", ""),
        role=options.get("role", ""),
        attrs=options.get("attributes"),
    )
    form = GovukForm()
    form.helper.layout = govuk.Parts(part)
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    return str(render_crispy_form(form))


# Labels, hints and error messages stand in a group and are tied to a control: they are taken out of one,
# and the ids that tie them are dropped where the example has none.


def render_label(options: Options) -> str:
    html = render_input({"name": options.get("for", "untied"), "label": options})
    html = html[html.index("<h1" if "<h1" in html else "<label") : html.rindex("<input")]
    return html.replace(' for="untied"', "")


def render_hint(options: Options) -> str:
    name = options.get("id", "untied-hint").removesuffix("-hint")
    html = render_input({"name": name, "label": {"text": "A"}, "hint": options})
    return html[html.index('<div id="') : html.rindex("<input")].replace(' id="untied-hint"', "")


def render_error_message(options: Options) -> str:
    html = render_input({"name": "untied", "label": {"text": "A"}, "errorMessage": options})
    return html[html.index("<p id=") : html.rindex("<input")].replace(' id="untied-error"', "")


def render_error_summary(options: Options) -> str:
    errors = [{"text": text(item), "href": item.get("href", "")} for item in options.get("errorList", [])]
    context = {
        "title": text({"text": options.get("titleText"), "html": options.get("titleHtml")}),
        "description": text({"text": options.get("descriptionText"), "html": options.get("descriptionHtml")}),
        "errors": errors,
    }
    return render_to_string("govuk/components/error_summary.html", context)


def render_button(options: Options) -> str:
    classes = options.get("classes", "")
    styles = {
        "": "primary",
        "govuk-button--secondary": "secondary",
        "govuk-button--warning": "warning",
        "govuk-button--inverse": "inverse",
    }
    html = options.get("html")
    if html and options.get("isStartButton"):
        # Theirs wraps HTML in a span; whoever gives ours HTML does so.
        html = f"<span>{html}</span>"
    return govuk.button_html(
        text({"text": options.get("text"), "html": html}),
        style=styles.get(classes, "primary"),
        css_class="" if classes in styles else classes,
        href=options.get("href", ""),
        name=options.get("name", ""),
        value=options.get("value", ""),
        type=options.get("type", "submit"),
        id=options.get("id", ""),
        disabled=options.get("disabled", False),
        start=options.get("isStartButton", False),
        prevent_double_click=options.get("preventDoubleClick"),
        attrs=options.get("attributes"),
    )


def render_details(options: Options) -> str:
    summary = text({"text": options.get("summaryText"), "html": options.get("summaryHtml")})
    return tags.govuk_details(text(options), summary, open=options.get("open", False), id=options.get("id", ""))


def render_inset_text(options: Options) -> str:
    return tags.govuk_inset_text(text(options), id=options.get("id", ""))


def render_warning_text(options: Options) -> str:
    return tags.govuk_warning_text(text(options), icon_text=options.get("iconFallbackText") or "Warning")


def render_tag(options: Options) -> str:
    return tags.govuk_tag(text(options), colour=modifier(options.get("classes", ""), "govuk-tag"))


def render_panel(options: Options) -> str:
    title = text({"text": options.get("titleText"), "html": options.get("titleHtml")})
    return tags.govuk_panel(text(options), title, level=options.get("headingLevel", 1))


def render_notification_banner(options: Options) -> str:
    content = text(options)
    if "html" not in options:
        content = format_html('<p class="govuk-notification-banner__heading">{}</p>', content)
    return tags.govuk_notification_banner(
        content,
        title=text({"text": options.get("titleText"), "html": options.get("titleHtml")}),
        success=options.get("type") == "success",
        role=options.get("role", ""),
        level=options.get("titleHeadingLevel", 2),
        id=options.get("titleId", "govuk-notification-banner-title"),
    )


def render_phase_banner(options: Options) -> str:
    return tags.govuk_phase_banner(text(options), text(options["tag"]))


def render_back_link(options: Options) -> str:
    classes = options.get("classes", "")
    if classes not in {"", "govuk-back-link--inverse"}:
        raise NotSaid(f"classes {classes}")
    return tags.back_link(options.get("href", "#"), text(options) or "Back", inverse=bool(classes))


def render_skip_link(options: Options) -> str:
    return tags.govuk_skip_link(options.get("href", "#content"), text(options))


def render_breadcrumbs(options: Options) -> str:
    items = [{"text": text(item), "href": item.get("href")} for item in options["items"]]
    context = {
        "items": items,
        "label": options.get("labelText"),
        "collapse": options.get("collapseOnMobile"),
        "css_class": options.get("classes"),
    }
    return render_to_string("govuk/components/breadcrumbs.html", context)


def render_pagination(options: Options) -> str:
    def link(one: Options | None) -> dict[str, str] | None:
        if not one:
            return None
        return {"href": one["href"], "text": text(one), "label": one.get("labelText", "")}

    context = {
        "previous": link(options.get("previous")),
        "next": link(options.get("next")),
        "items": [{**item, "label": item.get("visuallyHiddenText")} for item in options.get("items", [])],
        "landmark": options.get("landmarkLabel"),
        "css_class": options.get("classes"),
    }
    return render_to_string("govuk/components/pagination.html", context)


def render_summary_list(options: Options) -> str:
    def actions(holder: Options) -> list[dict[str, str]]:
        return [
            {"text": text(item), "href": item["href"], "hidden": item.get("visuallyHiddenText", "")}
            for item in holder.get("actions", {}).get("items", [])
        ]

    rows = [
        {
            "key": text(row["key"]),
            "value": text(row["value"]),
            "css_class": row.get("classes"),
            "actions": actions(row),
        }
        for row in options["rows"]
    ]
    card = options.get("card")
    given = card and {
        "title": text(card.get("title")),
        "level": card.get("title", {}).get("headingLevel", 2),
        "css_class": card.get("classes"),
        "actions": actions(card),
    }
    context = tags.govuk_summary_list(rows, css_class=options.get("classes", ""), card=given)
    return render_to_string("govuk/components/summary_list.html", context)


def render_table(options: Options) -> str:
    def cell(one: Options) -> dict[str, Any]:
        if one.get("format") not in {None, "numeric"}:
            raise NotSaid(f"format {one['format']}")
        same = {name: one.get(name) for name in ("colspan", "rowspan")}
        return {**same, "text": text(one), "numeric": "format" in one, "css_class": one.get("classes")}

    context = {
        "caption": options.get("caption"),
        "caption_class": options.get("captionClasses"),
        "css_class": options.get("classes"),
        "first_cell_is_header": options.get("firstCellIsHeader"),
        "head": [cell(one) for one in options.get("head", [])],
        "rows": [[cell(one) for one in row] for row in options["rows"]],
    }
    return render_to_string("govuk/components/table.html", context)


def render_task_list(options: Options) -> str:
    def item(one: Options) -> dict[str, Any]:
        status = one["status"]
        tag = status.get("tag")
        return {
            "title": text(one["title"]),
            "href": one.get("href", ""),
            "hint": text(one.get("hint")),
            "status": text(tag or status),
            "colour": modifier(tag.get("classes", ""), "govuk-tag") if tag else "",
            "is_tag": bool(tag),
            "cannot_start": bool(modifier(status.get("classes", ""), "govuk-task-list__status")),
        }

    context = {
        "items": [item(one) for one in options["items"]],
        "id_prefix": options.get("idPrefix"),
        "css_class": options.get("classes"),
    }
    return render_to_string("govuk/components/task_list.html", context)


def render_service_navigation(options: Options) -> str:
    context = {
        "navigation": [
            {
                "href": item.get("href"),
                "text": text(item),
                "current": item.get("current"),
                "active": item.get("active"),
            }
            for item in options.get("navigation", [])
        ],
        "service_name": options.get("serviceName"),
        "service_url": options.get("serviceUrl"),
        "label": options.get("navigationLabel"),
        "css_class": options.get("classes"),
    }
    return render_to_string("govuk/components/service_navigation.html", context)


RENDERERS: dict[str, Callable[[Options], str]] = {
    "back-link": render_back_link,
    "breadcrumbs": render_breadcrumbs,
    "button": render_button,
    "character-count": render_textarea,
    "checkboxes": render_checkboxes,
    "date-input": render_date_input,
    "details": render_details,
    "error-message": render_error_message,
    "error-summary": render_error_summary,
    "fieldset": render_fieldset,
    "file-upload": render_file_upload,
    "hint": render_hint,
    "input": render_input,
    "inset-text": render_inset_text,
    "label": render_label,
    "notification-banner": render_notification_banner,
    "pagination": render_pagination,
    "panel": render_panel,
    "phase-banner": render_phase_banner,
    "radios": render_radios,
    "select": render_select,
    "service-navigation": render_service_navigation,
    "skip-link": render_skip_link,
    "summary-list": render_summary_list,
    "table": render_table,
    "tag": render_tag,
    "task-list": render_task_list,
    "textarea": render_textarea,
    "warning-text": render_warning_text,
}
