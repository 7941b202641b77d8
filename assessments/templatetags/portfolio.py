"""A page of clients. Put together here and not in a template: fifty entries of eleven squares each are most of what
the page costs, and Django's templates take three times as long over them.

A square shows the colour of the whole or of a barrier, worst case left and best right. Every square has its letters,
and together they have their words for who does not see them: never colour alone.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.scoring.result import Colour
from assessments.selectors.portfolio import OVERALL, Client, barriers

register = template.Library()

_LETTERS = {Colour.RED: "R", Colour.AMBER: "A", Colour.GREEN: "G", Colour.NOT_APPLICABLE: "–"}  # noqa: RUF001

# What people typed goes in by `escape` alone.
_ENTRY = (
    '<li class="app-client{waits_class}">'
    '<div class="app-client__who"><h2 class="app-client__name"><a class="govuk-link" href="{href}">{service}</a></h2>'
    '<p class="app-client__line">{organisation}</p>{firm}</div>'
    '<div class="app-tiles" role="img" aria-label="{words}">{squares}</div>'
    '<div class="app-client__dates"><p class="app-client__line"><span class="govuk-visually-hidden">Next decision:'
    ' </span>{stage}</p><p class="app-client__line">{target}</p><p class="app-client__line">Changed {changed}</p></div>'
    '<div class="app-client__state">{waits}<p class="app-client__line">{submission}{status}</p>'
    '<p class="app-client__line{label_class}">{label}</p></div></li>'
)
_WAITS = '<p class="app-client__line"><strong class="govuk-tag">Waits for you</strong></p>'
_FIRM = '<p class="app-client__line">For {firm}</p>'
_SUBMISSION = (
    '<a class="govuk-link" href="{href}">Submission {number}'
    '<span class="govuk-visually-hidden"> of {service}</span></a>: '
)


@register.simple_tag
def client_entries(clients: Iterable[Client]) -> SafeString:
    """{% client_entries clients %}: the items of a list."""
    return mark_safe("".join(map(_entry, clients)))  # noqa: S308  # every text in it is escaped below


@register.simple_tag
def client_headings() -> tuple[str, ...]:
    """{% client_headings as headings %}: what the squares stand for, in order."""
    return tuple(title for _key, title in _pictured())


def _entry(client: Client) -> str:
    service = escape(client.service)
    return _ENTRY.format(
        waits_class=" app-client--waits" if client.waits else "",
        href=reverse("assessment", args=[client.pk]),
        service=service,
        organisation=escape(client.organisation),
        firm=_FIRM.format(firm=escape(client.firm)) if client.firm else "",
        **_picture(client.colours),
        stage=escape(client.stage_in_words),
        target=f"Target {client.target_in_words}" if client.target_date else "No target date",
        changed=client.changed_in_words,
        waits=_WAITS if client.waits else "",
        submission=_submission(client, service),
        status=escape(client.status_in_words),
        label_class=" app-client__line--strong" if client.is_reviewed else "",
        label=client.label,
    )


def _submission(client: Client, service: str) -> str:
    if client.number is None:
        return ""
    href = reverse("submission", args=[client.pk, client.number])
    return _SUBMISSION.format(href=href, number=client.number, service=service)


def _picture(colours: Mapping[str, list[str]]) -> dict[str, str]:
    parts = [_square(title, *colours.get(key, ("", ""))) for key, title in _pictured()]
    return {
        "squares": "".join([square for square, _words in parts]),
        "words": ". ".join([words for _s, words in parts]),
    }


@lru_cache(maxsize=1)
def _pictured() -> tuple[tuple[str, str], ...]:
    return ((OVERALL, "Overall"), *barriers())


@lru_cache(maxsize=512)
def _square(title: str, worst: str, best: str) -> tuple[str, str]:
    """A square and its words: `<b class="app-tile--rg">RG</b>`, "Pensions: Red to Green"."""
    ends = [Colour(end) for end in dict.fromkeys((worst, best)) if end]
    letters = "".join(_LETTERS[end] for end in ends)
    kind = "".join(end.value[0] for end in ends) or "none"
    words = " to ".join(end.word for end in ends) or "no result"
    return f'<b class="app-tile--{kind}">{letters}</b>', f"{escape(title)}: {words}"
