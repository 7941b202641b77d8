"""How a piece of evidence is shown: `{% load evidence %}`."""

from django import template
from django.utils.safestring import SafeString

from assessments.forms.evidence_lines import link_to, links_to
from assessments.models import EvidenceItem

register = template.Library()


@register.simple_tag
def evidence_link(piece: EvidenceItem) -> SafeString:
    """{% evidence_link piece %}: its title as a link, and what is behind it."""
    return link_to(piece)


@register.simple_tag
def evidence_links(pieces: tuple[EvidenceItem, ...]) -> SafeString:
    """{% evidence_links item.evidence %}: several in one line."""
    return links_to(pieces)
