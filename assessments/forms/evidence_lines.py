"""How a piece of evidence is named wherever it is shown, and the line of it under a question's proof."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assessments.forms.govuk import Part
from assessments.models import EvidenceItem
from assessments.selectors.evidence import about, is_web_link


@dataclass(frozen=True)
class KeptEvidence:
    """What a page of questions shows of the evidence there is: `pieces` by item."""

    assessment_id: UUID
    pieces: Mapping[str, Iterable[EvidenceItem]]

    def place(self, item_id: str) -> str:
        return f"{self._items}{item_id}/evidence/"

    @cached_property
    def _items(self) -> str:
        """The address of an item's evidence up to the item: a page has many."""
        return reverse("evidence-add", args=[self.assessment_id, "-"]).removesuffix("-/evidence/")


def link_to(piece: EvidenceItem, *, beside: bool = False) -> SafeString:
    """Its title as a link to the file or the page elsewhere, and what is behind it. `beside` a form that somebody
    fills in, it leads to a window of its own."""
    if piece.is_file:
        href = reverse("evidence-file", args=[piece.assessment_id, piece.pk])
        return format_html('<a class="govuk-link" href="{}">{}</a> ({})', href, piece.title, about(piece))
    if not is_web_link(piece.link):
        return format_html("{} ({})", piece.title, piece.link)
    return format_html(
        '<a class="govuk-link" href="{}"{} rel="noopener noreferrer nofollow">{}</a> ({}{})',
        piece.link,
        SafeString(' target="_blank"' if beside else ""),
        piece.title,
        about(piece),
        ", opens in a new tab" if beside else "",
    )


def links_to(pieces: Iterable[EvidenceItem], *, beside: bool = False) -> SafeString:
    return format_html_join(", ", "{}", ((link_to(piece, beside=beside),) for piece in pieces))


class EvidenceLine(Part):
    """What is kept as evidence for one question, and the way to add more. Nothing where the form knows of no
    evidence.

    The way leads to a window of its own: what somebody has typed on this page stays.
    """

    def __init__(self, item_id: str, title: str) -> None:
        self.fields = []
        self.item_id = item_id
        self.title = title

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        kept: KeptEvidence | None = getattr(form, "evidence", None)
        if kept is None:
            return SafeString("")
        pieces = kept.pieces.get(self.item_id, ())
        return format_html(
            '<p class="app-proof__kept">{}<a class="govuk-link" href="{}" target="_blank" rel="noopener">'
            '{}<span class="govuk-visually-hidden"> as evidence for: {}</span> (opens in a new tab)</a></p>\n',
            format_html("Evidence: {}. ", links_to(pieces, beside=True)) if pieces else "",
            kept.place(self.item_id),
            "Add another" if pieces else "Add a link or a file",
            self.title,
        )
