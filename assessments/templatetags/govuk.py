"""Template tags of the GOV.UK look: `{% load govuk %}`.

Small components are made here; those with lists are templates in `templates/govuk/components/`, used by `{%
include "govuk/components/summary_list.html" with rows=rows only %}`. Text is escaped unless it is a safe
string; what stands between a block tag and its end is the template's own HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.utils import flatatt
from django.template.context import Context
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from assessments.forms.govuk import Parts, as_part, button_html, error_links

register = template.Library()


# Forms


@register.simple_tag(takes_context=True)
def govuk_field(context: Context, field: BoundField) -> SafeString:
    """{% govuk_field form.name %}: one field, shown as its widget asks."""
    return as_part(field.form, field.name).render(field.form, context)


@register.simple_tag(takes_context=True)
def govuk_fields(context: Context, form: forms.BaseForm) -> SafeString:
    """{% govuk_fields form %}: every field of any form, also one that knows nothing of crispy; no `<form>`,
    no token."""
    return Parts(*form.fields).render(form, context)


@register.simple_tag
def error_summary(*form_list: Any) -> SafeString:
    """{% error_summary form other_form %}: all errors of these forms and formsets, linked; nothing if there
    are none.

    Names that the page does not have are passed over.
    """
    links = [link for form in _forms(form_list) for link in _links(form)]
    if not links:
        return mark_safe("")
    return mark_safe(get_template("govuk/components/error_summary.html").render({"errors": links}))  # noqa: S308


@register.simple_tag
def error_prefix(*form_list: Any) -> str:
    """{% error_prefix form %}: "Error: " for the title of a page whose form has errors."""
    return "Error: " if any(_has_errors(form) for form in _forms(form_list)) else ""


def _forms(candidates: Iterable[Any]) -> list[forms.BaseForm | BaseFormSet[Any]]:
    return [form for form in candidates if isinstance(form, (forms.BaseForm, BaseFormSet)) and form.is_bound]


def _has_errors(form: forms.BaseForm | BaseFormSet[Any]) -> bool:
    return form.total_error_count() > 0 if isinstance(form, BaseFormSet) else bool(form.errors)


def _links(form: forms.BaseForm | BaseFormSet[Any]) -> list[dict[str, str]]:
    if not isinstance(form, BaseFormSet):
        return list(error_links(form))
    own = [{"text": str(message), "href": ""} for message in form.non_form_errors()]
    return own + [link for one in form.forms for link in error_links(one)]


# Small components


@register.simple_tag
def govuk_button(text: str, **options: Any) -> SafeString:
    """{% govuk_button "Start" href=url start=True %}.

    style: primary (default), secondary, warning, inverse, link. Also href, name, value, type, id, disabled,
    start, prevent_double_click, css_class.
    """
    return button_html(text, **options)


@register.simple_tag
def govuk_tag(text: str, colour: str = "") -> SafeString:
    """{% govuk_tag "In progress" "turquoise" %}: grey, green, turquoise, blue, purple, pink, red, orange,
    yellow."""
    return format_html(
        '<strong class="govuk-tag{}">{}</strong>',
        format_html(" govuk-tag--{}", colour) if colour else "",
        text,
    )


@register.simple_tag
def govuk_back_link(href: str, text: str = "Back", inverse: bool = False) -> SafeString:
    """{% govuk_back_link url %}: in the block `before_content`. A landmark, since it stands before the main one."""
    return format_html('<nav aria-label="Back">{}</nav>', back_link(href, text, inverse))


def back_link(href: str, text: str, inverse: bool) -> SafeString:
    modifier = " govuk-back-link--inverse" if inverse else ""
    return format_html('<a href="{}" class="govuk-back-link{}">{}</a>', href, modifier, text)


@register.simple_tag
def govuk_skip_link(href: str = "#content", text: str = "Skip to main content") -> SafeString:
    """{% govuk_skip_link "#main-content" %}: the first thing in the body (base.html has it)."""
    return format_html('<a href="{}" class="govuk-skip-link" data-module="govuk-skip-link">{}</a>', href, text)


@register.simple_tag
def govuk_warning_text(text: str, icon_text: str = "Warning") -> SafeString:
    """{% govuk_warning_text "This cannot be undone." %}."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">{}</span> {}</strong>'
        "</div>",
        icon_text,
        text,
    )


@register.simple_block_tag
def govuk_details(content: str, summary: str, open: bool = False, id: str = "") -> SafeString:  # noqa: A002
    """{% govuk_details "Why we ask" %}<p>…</p>{% endgovuk_details %}."""
    attrs = flatatt({"class": "govuk-details", **({"id": id} if id else {}), "open": open})
    return format_html(
        '<details{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        attrs,
        summary,
        content,
    )


@register.simple_block_tag
def govuk_inset_text(content: str, id: str = "") -> SafeString:  # noqa: A002
    """{% govuk_inset_text %}<p>…</p>{% endgovuk_inset_text %}."""
    return format_html("<div{}>{}</div>", flatatt({"class": "govuk-inset-text", **({"id": id} if id else {})}), content)


@register.simple_block_tag
def govuk_panel(content: str, title: str, level: int = 1) -> SafeString:
    """{% govuk_panel "Assessment submitted" %}Your reference is …{% endgovuk_panel %}: a confirmation."""
    body = format_html('<div class="govuk-panel__body">{}</div>', content) if content.strip() else ""
    return format_html(
        '<div class="govuk-panel govuk-panel--confirmation"><h{0} class="govuk-panel__title">{1}</h{0}>{2}</div>',
        level,
        title,
        body,
    )


@register.simple_block_tag
def govuk_notification_banner(
    content: str,
    title: str = "",
    success: bool = False,
    role: str = "",
    level: int = 2,
    id: str = "govuk-notification-banner-title",  # noqa: A002
) -> SafeString:
    """{% govuk_notification_banner %}<p class="govuk-notification-banner__heading">…</p>{%
    endgovuk_notification_banner %}.

    A second banner on a page needs its own `id`. Messages of the request become banners in base.html.
    """
    return format_html(
        '<div class="govuk-notification-banner{0}" role="{1}" aria-labelledby="{2}" '
        'data-module="govuk-notification-banner"><div class="govuk-notification-banner__header">'
        '<h{3} class="govuk-notification-banner__title" id="{2}">{4}</h{3}></div>'
        '<div class="govuk-notification-banner__content">{5}</div></div>',
        " govuk-notification-banner--success" if success else "",
        role or ("alert" if success else "region"),
        id,
        level,
        title or ("Success" if success else "Important"),
        content,
    )


@register.simple_block_tag
def govuk_phase_banner(content: str, phase: str = "Beta") -> SafeString:
    """{% govuk_phase_banner "Beta" %}This is new: <a class="govuk-link" href="…">tell us</a>.{%
    endgovuk_phase_banner %}."""
    return format_html(
        '<div class="govuk-phase-banner govuk-width-container"><p class="govuk-phase-banner__content">'
        '<strong class="govuk-tag govuk-phase-banner__content__tag">{}</strong>'
        '<span class="govuk-phase-banner__text">{}</span></p></div>',
        phase,
        content,
    )


@register.inclusion_tag("govuk/components/summary_list.html")
def govuk_summary_list(
    rows: Iterable[Mapping[str, Any]], css_class: str = "", card: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """{% govuk_summary_list rows %}: what was answered, with links to change it.

    rows: {key, value, css_class, actions: [{text, href, hidden}]}, where `hidden` is the rest of the link's
    words for who cannot see the row ("the target date"). card: {title, level (2), css_class, actions}; its
    title is added to every link's hidden words.
    """
    title = card.get("title", "") if card else ""
    shown = [{**row, "actions": _action_links(row, title)} for row in rows]
    return {
        "rows": shown,
        "css_class": css_class,
        "any_actions": any(row["actions"] for row in shown),
        "card": {"level": 2, **card, "actions": _action_links(card, title)} if card else None,
    }


def _action_links(holder: Mapping[str, Any], title: str) -> list[SafeString]:
    return [_action_link(action, title) for action in holder.get("actions", ())]


def _action_link(action: Mapping[str, Any], title: str) -> SafeString:
    words = [action["hidden"]] if action.get("hidden") else []
    if title:
        words.append(format_html("({})", title))
    hidden = format_html_join("", " {}", ((word,) for word in words))
    return format_html(
        '<a class="govuk-link" href="{}">{}{}</a>',
        action["href"],
        action["text"],
        format_html('<span class="govuk-visually-hidden">{}</span>', hidden) if hidden else "",
    )


# The shell

_SIGNED_IN = (
    ("home", "Home"),
    ("portfolio", "Clients"),
    ("organisations", "Organisations"),
    ("agreement", "Agreement"),
    ("account", "Account"),
    ("account_logout", "Sign out"),
)
_SIGNED_OUT = (("home", "Home"), ("account_login", "Sign in"))


@register.inclusion_tag("govuk/components/service_navigation.html", takes_context=True)
def site_navigation(context: Context) -> dict[str, Any]:
    """{% site_navigation %}: home, account, sign out; or sign in; clients for advisers, agreement for the
    catalogue's keepers. Addresses that a site lacks are left out."""
    user = context.get("user")
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.view_name if match else ""
    is_known = user is not None and user.is_authenticated
    links = [link for link in _SIGNED_IN if _is_for(user, link[0])] if is_known else _SIGNED_OUT
    return {"navigation": [item for name, text in links if (item := _navigation_item(name, text, here))]}


# Pages that not everybody has, and what tells who has them.
_ONLY_FOR = {"portfolio": "advises", "agreement": "is_staff"}


def _is_for(user: Any, name: str) -> bool:
    return name not in _ONLY_FOR or bool(getattr(user, _ONLY_FOR[name], False))


def _navigation_item(name: str, text: str, here: str) -> dict[str, Any] | None:
    try:
        return {"href": reverse(name), "text": text, "current": name == here}
    except NoReverseMatch:
        return None
