"""The shortest ways up as pages show them: which changes reach the next colour, each with its question."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from assessments.models import Assessment
from assessments.planning.way_up import way_up, ways_up_of_barriers
from assessments.scoring.changes import Change
from assessments.scoring.result import Colour, GateResult, QuestionResult, Result
from assessments.scoring.sentences import listing, number

ABOVE = {Colour.RED: Colour.AMBER, Colour.AMBER: Colour.GREEN}


@dataclass(frozen=True)
class Step:
    """One change, in a sentence. Only the title of what is changed is the link."""

    href: str
    before: str
    title: str
    after: str


@dataclass(frozen=True)
class WayUp:
    """From the worst case `start` to `goal`, or without a goal where no colour is above. Gates first.

    `unanswered` counts the steps of which nobody has said anything yet.
    """

    start: Colour
    goal: Colour | None
    first: tuple[Step, ...]
    later: tuple[Step, ...]
    gates: int
    unanswered: int

    @property
    def count(self) -> int:
        return len(self.first) + len(self.later)

    @property
    def next_number(self) -> int:
        return len(self.first) + 1

    @property
    def in_words(self) -> str:
        """ "four gates and 17 questions"."""
        questions = self.count - self.gates
        counted = [
            *([number(self.gates, "gate", "gates")] if self.gates else []),
            *([number(questions, "question", "questions")] if questions else []),
        ]
        return listing(counted) if counted else "nothing"

    @property
    def unanswered_in_words(self) -> str:
        if self.unanswered == self.count:
            return "All of them are not answered yet." if self.count > 1 else "It is not answered yet."
        verb = "is" if self.unanswered == 1 else "are"
        return f"{number(self.unanswered, 'of them', 'of them').capitalize()} {verb} not answered yet."


def way_up_of_whole(assessment: Assessment, result: Result, shown: int) -> WayUp:
    return _way(assessment, result.supported.worst.colour, way_up(result), _unanswered(result), shown)


def ways_up_by_barrier(assessment: Assessment, result: Result) -> dict[str, WayUp]:
    """All in the first part: a page folds a barrier's way away as a whole."""
    ways, unanswered = ways_up_of_barriers(result), _unanswered(result)
    return {
        barrier.id: _way(assessment, barrier.supported.worst.colour, ways[barrier.id], unanswered)
        for barrier in result.barriers
    }


def _way(
    assessment: Assessment, start: Colour, changes: Sequence[Change], unanswered: set[str], shown: int | None = None
) -> WayUp:
    steps = tuple(_step(assessment, change) for change in changes)
    # Folding one line away would cost as much room as it saves.
    cut = len(steps) if shown is None or len(steps) <= shown + 1 else shown
    return WayUp(
        start=start,
        goal=ABOVE.get(start),
        first=steps[:cut],
        later=steps[cut:],
        gates=sum(change.kind == "gate" for change in changes),
        unanswered=sum(change.id in unanswered for change in changes),
    )


def _step(assessment: Assessment, change: Change) -> Step:
    before, title, after = change.text.partition(change.title)
    return Step(reverse("question-item", args=[assessment.pk, change.id]), before, title, after)


def _unanswered(result: Result) -> set[str]:
    items: list[QuestionResult | GateResult] = []
    for barrier in result.barriers:
        items += [*barrier.questions, *barrier.gates]
    return {item.id for item in items if _is_unanswered(item)}


def _is_unanswered(item: QuestionResult | GateResult) -> bool:
    if isinstance(item, GateResult):
        return item.is_blank
    return item.agreed is None and item.state.value == "not_answered"
