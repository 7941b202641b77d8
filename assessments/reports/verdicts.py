"""A colour with the rule and the triggers that decided it, ready to print."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.catalogue.schema import Catalogue
from assessments.reports import words
from assessments.scoring.answers import AnswerState
from assessments.scoring.result import BarrierResult, Decision, Range, Result, Trigger


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that leads on to where it is explained."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class End:
    """A colour of one run with the rule in words and what triggered it.

    `more` triggers stand with the barriers. `unanswered` names those that nobody has answered yet, which are
    `unanswered_count` in all.
    """

    colour: str
    word: str
    sentence: str
    triggers: tuple[Line, ...]
    more: int
    unanswered: str
    more_unanswered: int
    unanswered_count: int


@dataclass(frozen=True, slots=True)
class Verdict:
    known: bool
    worst: End
    best: End
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The barriers of one verdict, for the summary."""

    verdict: Verdict
    titles: str


class Verdicts:
    """Puts the colours of one result into words."""

    def __init__(self, catalogue: Catalogue, result: Result) -> None:
        self.catalogue = catalogue
        self.result = result
        self.unanswered: frozenset[str] = frozenset(_unanswered(result))

    def of(self, both: Range, most: int | None = None) -> Verdict:
        """With so many triggers at the most; without a number, with all."""
        return Verdict(both.known, self._end(both.worst, most), self._end(both.best, most), words.ends(both))

    def claimed(self, claimed: Range, supported: Range) -> Verdict | None:
        """What it would be if every claim were proved; None where that makes no difference."""
        colours = (claimed.worst.colour, claimed.best.colour)
        return None if colours == (supported.worst.colour, supported.best.colour) else self.of(claimed)

    def standings(self) -> Iterator[Standing]:
        """The barriers by verdict, the worst first; those of one verdict together."""
        together: dict[str, list[BarrierResult]] = {}
        for barrier in self.result.barriers:
            together.setdefault(words.ends(barrier.supported), []).append(barrier)
        for alike in sorted(together.values(), key=_how_bad):
            yield Standing(self.of(alike[0].supported), ", ".join(barrier.title for barrier in alike))

    def _end(self, decision: Decision, most: int | None) -> End:
        """The triggers that have an answer one by one; those without in one line, as they all say the same."""
        answered = [trigger for trigger in decision.triggers if trigger.id not in self.unanswered]
        titles = [
            self.catalogue.item(trigger.id).title for trigger in decision.triggers if trigger.id in self.unanswered
        ]
        shown = titles[:most]
        return End(
            colour=decision.colour.value.replace("_", "-"),
            word=decision.colour.word,
            sentence=decision.sentence,
            triggers=tuple(Line(trigger.text, _leads_to(trigger)) for trigger in answered[:most]),
            more=len(answered[most:]) if most else 0,
            unanswered="; ".join(shown),
            more_unanswered=len(titles) - len(shown),
            unanswered_count=len(titles),
        )


def anchor(item_id: str) -> str:
    """Where the report tells of a question or gate."""
    return f"item-{item_id.replace('.', '-')}"


def _unanswered(result: Result) -> Iterator[str]:
    """What nobody has said anything about."""
    for barrier in result.barriers:
        yield from (gate.id for gate in barrier.gates if gate.is_blank)
        yield from (
            item.id for item in barrier.questions if item.agreed is None and item.state is AnswerState.NOT_ANSWERED
        )


def _leads_to(trigger: Trigger) -> str:
    return f"barrier-{trigger.id}" if trigger.kind == "barrier" else anchor(trigger.id)


def _how_bad(alike: list[BarrierResult]) -> tuple[int, int, str]:
    both = alike[0].supported
    return both.worst.colour.standing, both.best.colour.standing, both.worst.colour.value
