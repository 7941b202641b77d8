"""How the readiness report shows a verdict: the word, and by the style sheet a shape; never colour alone."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.reports.verdicts import End, Verdict

register = template.Library()


@register.simple_tag
def verdict(of: Verdict) -> SafeString:
    """{% verdict barrier.verdict %}: one colour, or "Not yet known: between … and …"."""
    if of.known:
        return _colour(of.worst)
    return format_html("Not yet known: between {} and {}", _colour(of.worst), _colour(of.best))


def _colour(end: End) -> SafeString:
    return format_html('<strong class="colour colour--{}">{}</strong>', end.colour, end.word)


@register.filter
def lower_first(text: str) -> str:
    """A title in the middle of a heading."""
    return text[:1].lower() + text[1:]
