"""The stored result as its page shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from assessments.agreement.found import Found, found
from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment
from assessments.scoring.result import (
    BarrierResult,
    Colour,
    Contradiction,
    Decision,
    GateResult,
    QuestionResult,
    Range,
    Result,
    Trigger,
    Unknown,
)
from assessments.scoring.sentences import listing, span
from assessments.scoring.serialise import result_from_dict
from assessments.selectors.firmness import Firmness
from assessments.selectors.standing import unseen_in
from assessments.selectors.ways_up import WayUp, way_up_of_whole, ways_up_by_barrier
from assessments.selectors.workbook import PROFILE

# How many a reader is shown before the rest is folded away.
TRIGGERS_OF_ALL = 5
TRIGGERS_OF_BARRIER = 3
UNKNOWNS = 5
STEPS = 6
DISSENTS = 5

QUESTION_OF_STAGE = {
    Stage.EXPLORE: "Ready to explore leaving?",
    Stage.MAKE_THE_CASE: "Ready to make the case?",
    Stage.PLAN: "Ready to plan the move?",
    Stage.GO_LIVE: "Ready to go live?",
}


@dataclass(frozen=True)
class Linked:
    """A sentence that begins with the title of what it is about; only the title is the link."""

    href: str
    title: str
    rest: str


@dataclass(frozen=True)
class Deciding:
    """What decided a colour, in one run: the rule's sentence, the first triggers, and those folded away."""

    colour: Colour
    sentence: str
    first: tuple[Linked, ...]
    more: tuple[Linked, ...]

    @property
    def count(self) -> int:
        return len(self.first) + len(self.more)


@dataclass(frozen=True)
class Decided:
    """Both ends of a range, each with what decided it."""

    known: bool
    worst: Deciding
    best: Deciding


@dataclass(frozen=True)
class BarrierSection:
    """`capped` says what the cash-flow figures do not let count."""

    barrier: BarrierResult
    decided: Decided
    way_up: WayUp
    capped: tuple[Linked, ...]


@dataclass(frozen=True)
class Misfit:
    """Answers that do not fit together; `action` is the one of the plan that settles it."""

    id: str
    title: str
    text: str
    lowers: str
    mend: str
    owner: str
    action: str
    answers: tuple[Linked, ...]


@dataclass(frozen=True)
class FirstAction:
    """`gaps` are the questions and gates that it closes, or the questionnaire to go on with."""

    href: str
    title: str
    reason: str
    owner: str
    gaps: tuple[Linked, ...]


@dataclass(frozen=True)
class PictureRow:
    """A barrier as the picture draws it; `in_words` says the same to who cannot see it."""

    id: str
    title: str
    barrier: BarrierResult
    low: int
    high: int

    @property
    def width(self) -> int:
        """At least a sliver, so that a single value can be seen."""
        return max(self.high - self.low, 2)

    @property
    def start(self) -> int:
        return min(self.low, 98)

    @property
    def in_words(self) -> str:
        if self.barrier.index is None:
            return f"{self.title}: no question applies"
        return f"{self.title}: {span(self.barrier.index)} of the way to level 4 everywhere"


class ResultPage:
    """Everything the page shows, from the stored result and the catalogue; for a reviewed one also, in one query, what
    its adviser had rated unseen."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.catalogue: Catalogue = assessment.catalogue
        self.result: Result = result_from_dict(assessment.result)
        self.firmness = Firmness(self.result)

    @property
    def question(self) -> str:
        return QUESTION_OF_STAGE[self.assessment.next_decision]

    @property
    def is_blank(self) -> bool:
        """Whether no question of any barrier has an answer: the rest of the page then tells nobody much."""
        return not any(barrier.coverage for barrier in self.result.barriers)

    @property
    def has_matrix(self) -> bool:
        """Whether this edition says which forms and routes go together."""
        return self.catalogue.rules.compatibility is not None

    @property
    def decided(self) -> Decided:
        return self._decided(self.result.supported, TRIGGERS_OF_ALL)

    @property
    def first(self) -> Iterator[FirstAction]:
        """Up to three actions, in the words of the contract."""
        for action in self.assessment.result["first"]:
            href = reverse("plan-action", args=[self.assessment.pk, action["id"]])
            yield FirstAction(href, action["title"], action["reason"], action["owner"], tuple(self._gaps(action)))

    @cached_property
    def _unknowns(self) -> tuple[Linked, ...]:
        return tuple(self._unknown(unknown) for unknown in self.result.find_out_first)

    @property
    def find_out_first(self) -> Sequence[Linked]:
        return self._unknowns[:UNKNOWNS]

    @property
    def find_out_later(self) -> Sequence[Linked]:
        return self._unknowns[UNKNOWNS:]

    @cached_property
    def found(self) -> Found | None:
        """What an adviser found, while that counts."""
        return found(self.result, unseen_in(self.assessment))

    @property
    def dissents_shown(self) -> int:
        """Folding one away would cost as much room as it saves."""
        count = len(self.found.dissents) if self.found else 0
        return DISSENTS if count > DISSENTS + 1 else count

    @property
    def picture(self) -> tuple[PictureRow, ...]:
        return tuple(picture_rows(self.result))

    @cached_property
    def way_up(self) -> WayUp:
        return way_up_of_whole(self.assessment, self.result, STEPS)

    @cached_property
    def misfits(self) -> tuple[Misfit, ...]:
        return tuple(self._misfit(contradiction) for contradiction in self.result.contradictions)

    @property
    def barriers(self) -> Iterator[BarrierSection]:
        ways_up = ways_up_by_barrier(self.assessment, self.result)
        for barrier in self.result.barriers:
            yield BarrierSection(
                barrier,
                self._decided(barrier.supported, TRIGGERS_OF_BARRIER),
                ways_up[barrier.id],
                tuple(self._capped(barrier)),
            )

    def _decided(self, both: Range, shown: int) -> Decided:
        return Decided(both.known, self._deciding(both.worst, shown), self._deciding(both.best, shown))

    def _deciding(self, decision: Decision, shown: int) -> Deciding:
        lines = [self._trigger(trigger) for trigger in decision.triggers]
        # Folding one line away would cost as much room as it saves.
        cut = shown if len(lines) > shown + 1 else len(lines)
        return Deciding(decision.colour, decision.sentence, tuple(lines[:cut]), tuple(lines[cut:]))

    def _trigger(self, trigger: Trigger) -> Linked:
        if trigger.kind == "barrier":
            title = self.catalogue.barrier(trigger.id).title
            return Linked(f"#barrier-{trigger.id}", title, trigger.text.removeprefix(title))
        title = self.catalogue.item(trigger.id).title
        return Linked(self._question(trigger.id), title, trigger.text.removeprefix(title))

    def _unknown(self, unknown: Unknown) -> Linked:
        return Linked(self._question(unknown.id), unknown.title, f". {unknown.effect}")

    def _misfit(self, found: Contradiction) -> Misfit:
        touched = [self.result.barrier(barrier_id).title for barrier_id in found.barriers]
        return Misfit(
            id=found.id,
            title=found.title,
            text=found.text,
            lowers=listing(touched),
            mend=found.mend,
            owner=found.owner,
            action=reverse("plan-action", args=[self.assessment.pk, f"settle:{found.id}"]),
            answers=tuple(Linked(self._question(item), self.catalogue.item(item).title, "") for item in found.items),
        )

    def _capped(self, barrier: BarrierResult) -> Iterator[Linked]:
        items: list[GateResult | QuestionResult] = [*barrier.gates, *barrier.questions]
        for item in items:
            if item.cap is not None:
                yield Linked(self._question(item.id), item.title, f" {_allows(item)}, because {item.cap.reason}.")

    def _gaps(self, action: dict[str, Any]) -> Iterator[Linked]:
        if action["kind"] == "finish":
            slug = action["barrier"] or PROFILE
            yield Linked(reverse("questionnaire", args=[self.assessment.pk, slug]), "Go on answering", "")
            return
        for item_id in action["closes"]:
            yield Linked(self._question(item_id), self.catalogue.item(item_id).title, "")

    def _question(self, item_id: str) -> str:
        return reverse("question-item", args=[self.assessment.pk, item_id])


def _allows(item: QuestionResult | GateResult) -> str:
    """What a cap does to an item, or would do to a better answer."""
    said = "said" if item.agreed is None else "agreed"
    if isinstance(item, GateResult):
        return f"is {said} to be met, but counts as not known" if item.is_capped else "cannot count as met"
    if item.is_capped:
        level = f"claimed at level {item.claimed}" if item.agreed is None else f"agreed at level {item.agreed.level}"
        return f"is {level}, but counts as level {item.counts}"
    return f"can count as level {item.ceiling} at most"


def result_page(assessment: Assessment) -> ResultPage:
    return ResultPage(assessment)


def picture_rows(result: Result) -> Iterator[PictureRow]:
    for barrier in result.barriers:
        low, high = barrier.index or (0, 0)
        yield PictureRow(barrier.id, barrier.title, barrier, low, high)
