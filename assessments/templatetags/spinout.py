"""How a result looks: a colour is always its word and a shape of its own, never colour alone."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assessments import permissions
from assessments.agreement.standing import short
from assessments.catalogue.schema import Item
from assessments.models import Assessment
from assessments.models.answer import Content
from assessments.scoring.compatibility import State
from assessments.scoring.result import Colour, Range
from assessments.scoring.sentences import span
from assessments.selectors.checking import CheckedItem, answer_in_words, more_in_words
from assessments.selectors.comments import Remarks
from assessments.selectors.standing import standing_of

register = template.Library()
register.filter("span", span)


@register.filter
def may(assessment: Assessment, act: str) -> bool:
    """{% if assessment|may:"edit" %}: the same predicate that guards the page decides whether its link is shown."""
    predicate: permissions.Predicate = getattr(permissions, f"can_{act.replace('-', '_')}")
    return predicate(assessment)


@register.filter
def may_answer_in(assessment: Assessment, questionnaire: str) -> bool:
    return permissions.can_answer_in(assessment, questionnaire)


@register.simple_tag
def standing_label(assessment: Assessment) -> str:
    """{% standing_label assessment %}: reviewed or not, by whom and when. One query, none if it was never submitted."""
    return standing_of(assessment).label


@register.simple_tag
def standing_word(assessment: Assessment) -> str:
    """{% standing_word assessment %}: the short form, for lists and panels. Asks the database nothing."""
    return short(is_reviewed=assessment.is_reviewed)


# Drawn in a box of 20 by 20, so that a reader who sees no colour still tells them apart.
_SHAPES = {
    Colour.GREEN: '<circle cx="10" cy="10" r="8"/>',
    Colour.AMBER: '<path d="M10 1 19 18H1Z"/>',
    Colour.RED: '<path d="M2 2h16v16H2z"/>',
    Colour.NOT_APPLICABLE: '<path d="M2 8h16v4H2z"/>',
}

# Drawn as lines: a tick, a cross and a question mark, told apart without colour.
_SIGNS = {
    State.OPEN: '<path d="M3 11l5 5L18 4"/>',
    State.CLOSED: '<path d="M4 4l12 12M16 4L4 16"/>',
    State.NOT_KNOWN: '<path d="M6 6a4 4 0 1 1 6 4c-2 1-2 2-2 4M10 17.5v1"/>',
}
_COLOURS = {
    of: format_html(
        '<strong class="app-colour app-colour--{}">'
        '<svg class="app-colour__shape" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>{}</strong>',
        of.value.replace("_", "-"),
        SafeString(shape),
        of.word,
    )
    for of, shape in _SHAPES.items()
}
_STATES = {
    state: format_html(
        '<span class="app-state app-state--{}">'
        '<svg class="app-state__sign" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>{}</span>',
        state.value.replace("_", "-"),
        SafeString(sign),
        state.word,
    )
    for state, sign in _SIGNS.items()
}


@register.simple_tag
def open_or_closed(state: State) -> SafeString:
    """{% open_or_closed found.state %}: a sign and the word."""
    return _STATES[state]


@register.simple_tag
def colour(value: str) -> SafeString:
    """{% colour barrier.supported.worst.colour %}: the shape and the word."""
    return _COLOURS[Colour(value)]


@register.simple_tag
def colour_range(ends: list[str]) -> SafeString:
    """{% colour_range assessment.colours.overall %}: one colour, or "Not yet known: between … and …"."""
    worst, best = ends
    if worst == best:
        return colour(worst)
    return format_html("Not yet known: between {} and {}", colour(worst), colour(best))


@register.simple_tag
def colour_ends(ends: list[str]) -> SafeString:
    """{% colour_ends assessment.colours.pensions %}: the short form, where a heading says "worst to best"."""
    worst, best = ends
    return colour(worst) if worst == best else format_html("{} to {}", colour(worst), colour(best))


@register.simple_tag
def move_ends(ends: Range) -> SafeString:
    """{% move_ends move.before %}: the short form for a `Range`."""
    return colour_ends([ends.worst.colour, ends.best.colour])


@register.simple_tag
def range_words(ends: Range) -> SafeString:
    """{% range_words barrier.supported %}: the same for a `Range`."""
    return colour_range([ends.worst.colour, ends.best.colour])


@register.simple_tag
def comments_line(remarks: Remarks, item: Item | CheckedItem) -> SafeString:
    """{% comments_line remarks item %}: how much has been said about a question, or where to say the first. Without a
    template of its own: some pages have it hundreds of times."""
    remark = remarks.of(item.id)
    said = f"{remark.comments} comment{'' if remark.comments == 1 else 's'}" if remark.comments else "Comment"
    return format_html(
        '<a class="govuk-link" href="{}">{}{}<span class="govuk-visually-hidden"> on {}</span></a>',
        remark.href,
        said,
        " (resolved)" if remark.comments and not remark.open else "",
        item.title,
    )


@register.simple_tag
def answer_words(item: Item, content: Content) -> SafeString:
    """{% answer_words item content %}: the whole of one answer in words, line by line."""
    parts = [answer_in_words(item, content), *more_in_words(content)]
    return format_html_join(SafeString("<br>"), "{}", ((part,) for part in parts))
