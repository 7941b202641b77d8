"""How firm the result is, as its page shows it: the stability of both ends, and the confidence barrier by barrier."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assessments.scoring.result import Agreement, Colour, ConfidenceLevel, Result
from assessments.scoring.sensitivity import RUNS, EndStability, Mover, Stability, Way, stability
from assessments.scoring.sentences import listing, number

# How many titles a line names before it counts the rest.
NAMED = 4


@dataclass(frozen=True)
class Share:
    """How many of the random weightings give one colour."""

    colour: Colour
    count: str


@dataclass(frozen=True)
class End:
    """One end of the result, tried with other weights and with one thing less."""

    title: str
    found: EndStability

    @property
    def colour(self) -> Colour:
        return self.found.colour

    @property
    def sentence(self) -> str:
        return self.found.sentence

    @property
    def shares(self) -> tuple[Share, ...]:
        return tuple(Share(colour, f"{count:,}") for colour, count in self.found.counts.items())

    @property
    def equal_weights(self) -> Colour:
        return self.found.equal_weights

    @property
    def moves_most(self) -> str:
        most = self.found.moves_most
        return most.text if most else "No single question, weight or gate moves it."

    @property
    def weighted_otherwise(self) -> str:
        return self._moved(Way.HALVED, Way.INCREASED)

    @property
    def left_out(self) -> str:
        return self._moved(Way.LEFT_OUT)

    @property
    def cleared(self) -> str:
        return self._moved(Way.CLEARED)

    def _moved(self, *ways: Way) -> str:
        return _named([mover for mover in self.found.movers if any(way in mover.moved for way in ways)])


def _named(movers: Sequence[Mover]) -> str:
    titles = [mover.title for mover in movers]
    if len(titles) > NAMED + 1:
        titles = [*titles[:NAMED], f"{len(titles) - NAMED} more"]
    return f"{listing(titles)} would move it." if titles else "None would move it."


@dataclass(frozen=True)
class Firmness:
    result: Result

    @cached_property
    def _stability(self) -> Stability:
        return stability(self.result)

    @property
    def runs(self) -> str:
        return f"{RUNS:,}"

    @cached_property
    def ends(self) -> tuple[End, ...]:
        """The worst case and the best; one where nothing tells them apart."""
        found = self._stability
        if found.worst == found.best:
            return (End("Worst and best case", found.worst),)
        return (End("Worst case", found.worst), End("Best case", found.best))

    @property
    def confidence(self) -> Iterator[str]:
        """ "Low in two barriers: Pensions and Tendering", the lowest first. Nothing for a result stored before there
        was any."""
        found = [(barrier.title, barrier.confidence.level) for barrier in self.result.barriers if barrier.confidence]
        for level in ConfidenceLevel:
            titles = [title for title, its in found if its is level]
            counted = number(len(titles), "barrier", "barriers")
            if titles and len(titles) == len(found) > 1:
                yield f"{level.word} in all {counted}."
            elif titles:
                yield f"{level.word} in {counted}: {listing(titles)}."

    @property
    def is_confidence_known(self) -> bool:
        """Whether the stored result has any; one stored by an earlier version has none."""
        return any(barrier.confidence for barrier in self.result.barriers)

    @property
    def is_tested(self) -> bool:
        """Whether any barrier was rated by a second person."""
        return any(
            barrier.confidence and barrier.confidence.agreement is not Agreement.NOT_TESTED
            for barrier in self.result.barriers
        )
