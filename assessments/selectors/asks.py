"""What waits for people: in words, with the address where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assessments.models import Ask, Assessment, User
from assessments.selectors.workbook import PROFILE


@dataclass(frozen=True)
class Waiting:
    """One ask as its person reads it. `href` leads straight to the place; `may_close` where nothing else closes it."""

    ask: Ask

    @property
    def assessment(self) -> Assessment:
        return self.ask.assessment

    @property
    def what(self) -> str:
        words = _WORDS.get(self.ask.kind)
        return words(self.ask) if words else self.ask.get_kind_display()

    @property
    def href(self) -> str:
        return _PLACES[self.ask.kind](self.ask)

    @property
    def by(self) -> User:
        return self.ask.changed_by

    @property
    def may_close(self) -> bool:
        return self.ask.kind in CLOSED_BY_HAND


# The others close themselves: an opinion when it is given, a review when it is claimed, and so on. A reply too, and yet
# not every comment needs one.
CLOSED_BY_HAND = frozenset({Ask.Kind.FILL_IN, Ask.Kind.REPLY, Ask.Kind.SIGNED_OFF, Ask.Kind.LEAD})


def waiting_for(person: User, assessment: Assessment | None = None) -> list[Waiting]:
    """What waits for this person, in all or in one assessment, in one query: what is wanted by a date first, the
    earliest before all."""
    asks = Ask.objects.waiting().filter(user=person)
    asks = asks if assessment is None else asks.filter(assessment=assessment)
    return [Waiting(row) for row in _with_names(asks).order_by("due_on", "asked_at", "pk")]


def to_mail(person: User) -> list[Waiting]:
    """What was asked of this person since their last e-mail, and still waits."""
    rows = _with_names(Ask.objects.waiting().filter(user=person, mailed_at=None)).order_by("asked_at", "pk")
    return [Waiting(row) for row in rows]


def _with_names(asks: Any) -> Any:
    rows = asks.select_related("assessment__service__organisation", "changed_by")
    return rows.defer("assessment__result", "assessment__colours", "assessment__double_ratings")


# In words ----------------------------------------------------------------------------------------------------


def questionnaire_title(assessment: Assessment, slug: str) -> str:
    if slug == PROFILE:
        return "Your service and plans"
    barrier = next((barrier for barrier in assessment.catalogue.barriers if barrier.id == slug), None)
    return barrier.title if barrier else slug


def _titled(words: str) -> Callable[[Ask], str]:
    def in_words(ask: Ask) -> str:
        title = questionnaire_title(ask.assessment, ask.about) if ask.about else ""
        return f"{words} “{title}”" if title else words

    return in_words


_WORDS: dict[str, Callable[[Ask], str]] = {
    Ask.Kind.FILL_IN: _titled("Answer the questionnaire"),
    Ask.Kind.OPINION: _titled("Give your second opinion on"),
    Ask.Kind.SETTLE: _titled("Settle where second opinions differ on"),
}

# Where it is done --------------------------------------------------------------------------------------------


def _of_assessment(name: str) -> Callable[[Ask], str]:
    return lambda ask: reverse(name, args=[ask.assessment_id])


def _about(name: str) -> Callable[[Ask], str]:
    """The page `name` of what the ask is about; the assessment's own where it is about nothing."""
    own = _of_assessment("assessment")
    return lambda ask: reverse(name, args=[ask.assessment_id, ask.about]) if ask.about else own(ask)


def _submission(ask: Ask) -> str:
    """Submissions go by their number."""
    if ask.about.isdigit():
        return reverse("submission", args=[ask.assessment_id, int(ask.about)])
    return reverse("assessment", args=[ask.assessment_id])


_PLACES: dict[str, Callable[[Ask], str]] = {
    Ask.Kind.FILL_IN: _about("questionnaire"),
    Ask.Kind.OPINION: _about("opinion"),
    Ask.Kind.SETTLE: _about("opinion-compare"),
    Ask.Kind.REPLY: _about("thread"),
    Ask.Kind.REVIEW: _submission,
    Ask.Kind.CHANGES: _submission,
    Ask.Kind.SETTLEMENT: _submission,
    Ask.Kind.SIGNED_OFF: _submission,
    Ask.Kind.LEAD: _of_assessment("assessment"),
}
