"""How firm the result is, what does not fit together, and the shortest way up (scoring method, rules 11 and 15)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.catalogue.schema import Catalogue
from assessments.planning.assessed import Assessed
from assessments.reports.backing import ClaimLine, SourceNumbers
from assessments.reports.plan import ActionRow, Plan
from assessments.reports.verdicts import anchor
from assessments.scoring import sentences
from assessments.scoring.changes import Change
from assessments.scoring.result import Colour, ConfidenceLevel, Range, Result
from assessments.scoring.sensitivity import RUNS, EndStability, Stability, Way

MOVERS_LISTED = 5
MANY = 3
"""So many changes that differ by their title alone are told in one sentence."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing that was tried, and what came of it at each end: one cell where both ends are the same colour."""

    what: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoverLine:
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Firm:
    """`ends` are the heads of the columns."""

    sentence: str
    confidence: str
    ends: tuple[str, ...]
    tried: tuple[Tried, ...]
    movers: tuple[MoverLine, ...]
    more_movers: int


@dataclass(frozen=True, slots=True)
class ContradictionLine:
    """`action` is what mends it."""

    title: str
    text: str
    barriers: str
    action: ActionRow
    claims: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class WayUp:
    """The changes that together reach the next colour: `sentence` says how many, `texts` which."""

    sentence: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WayUpOfBarrier:
    title: str
    texts: tuple[str, ...]


def firm_of(found: Assessed) -> Firm:
    ends = _ends(found.stability)
    movers = list({mover.text: mover for _, end in ends for mover in end.movers}.values())
    return Firm(
        sentence=found.stability.sentence,
        confidence=confidence_of(found.result),
        ends=tuple(f"{head} ({end.colour.word})" for head, end in ends),
        tried=tuple(_tried([end for _, end in ends])),
        movers=tuple(MoverLine(mover.text, anchor(mover.id)) for mover in movers[:MOVERS_LISTED]),
        more_movers=max(len(movers) - MOVERS_LISTED, 0),
    )


def _ends(found: Stability) -> tuple[tuple[str, EndStability], ...]:
    if found.worst == found.best:
        return (("Colour", found.worst),)
    return ("Worst case", found.worst), ("Best case", found.best)


def _tried(ends: Sequence[EndStability]) -> Iterator[Tried]:
    yield Tried(f"{RUNS:,} random sets of weights", tuple(_counts(end) for end in ends))
    yield Tried("Equal weights", tuple(end.equal_weights.word for end in ends))
    yield Tried("Each weight halved", tuple(_moved(end, Way.HALVED) for end in ends))
    yield Tried("Each weight increased by half", tuple(_moved(end, Way.INCREASED) for end in ends))
    yield Tried("Each question left out", tuple(_moved(end, Way.LEFT_OUT) for end in ends))
    yield Tried("Each open gate cleared", tuple(_moved(end, Way.CLEARED) for end in ends))


def _counts(end: EndStability) -> str:
    return ", ".join(f"{colour.word} in {count:,}" for colour, count in end.counts.items())


def _moved(end: EndStability, way: Way) -> str:
    moved = end.moved_by(way)
    if not moved:
        return f"Always {end.colour.word}"
    to = {mover.moved[way].word for mover in end.movers if way in mover.moved}
    return f"{' or '.join(sorted(to))} in {sentences.number(len(moved), 'case', 'cases')}, else {end.colour.word}"


def confidence_of(result: Result) -> str:
    """How many barriers there is how much confidence in, and what lowered it."""
    levels = [barrier.confidence.level for barrier in result.barriers if barrier.confidence is not None]
    if not levels:
        return "No question applies, so there is nothing to be confident in."
    counted = [
        f"{level.word} in {sentences.number(levels.count(level), 'barrier', 'barriers')}"
        for level in reversed(ConfidenceLevel)
        if level in levels
    ]
    told = f"Confidence, by evidence and agreement, is {sentences.listing(counted)}."
    if not result.contradictions:
        return told
    count = len(result.contradictions)
    return f"{told} {sentences.number(count, 'contradiction lowers', 'contradictions lower').capitalize()} it."


def contradictions_of(
    catalogue: Catalogue, result: Result, plan: Plan, sources: SourceNumbers
) -> Iterator[ContradictionLine]:
    written = {rule.id: rule for rule in catalogue.rules.contradictions}
    for found in result.contradictions:
        yield ContradictionLine(
            title=found.title,
            text=found.text,
            action=plan.settling(found.id),
            barriers=", ".join(catalogue.barrier(barrier).title for barrier in found.barriers),
            claims=tuple(sources.claim(claim) for claim in written[found.id].claims),
        )


def way_up_of(both: Range, changes: Sequence[Change]) -> WayUp | None:
    """None where no colour is above the worst case, or nothing applies."""
    if not changes:
        return None
    now = both.worst.colour
    above = Colour.AMBER if now is Colour.RED else Colour.GREEN
    count = sentences.number(len(changes), "change takes", "changes together take").capitalize()
    return WayUp(f"{count} the worst case from {now.word} to {above.word}.", in_words(changes))


def way_up_by_barrier(catalogue: Catalogue, changes: Sequence[Change]) -> tuple[WayUpOfBarrier, ...]:
    barriers = dict.fromkeys(change.barrier for change in changes)
    return tuple(
        WayUpOfBarrier(
            catalogue.barrier(barrier).title, in_words([change for change in changes if change.barrier == barrier])
        )
        for barrier in barriers
    )


def in_words(changes: Sequence[Change]) -> tuple[str, ...]:
    """Each change in its sentence. Of many that differ by their title alone, the sentence stands once."""
    alike: dict[str, list[Change]] = {}
    for change in changes:
        alike.setdefault(change.text.replace(change.title, _TITLE, 1), []).append(change)
    return tuple(text for form, group in alike.items() for text in _texts(form, group))


_TITLE = "{title}"
_OF_MANY = (
    (f"the hard gate {_TITLE}", "each of these hard gates"),
    (f"the limiting gate {_TITLE}", "each of these limiting gates"),
    (_TITLE, "each of these"),
)


def _texts(form: str, group: Sequence[Change]) -> Iterator[str]:
    if len(group) < MANY:
        yield from (change.text for change in group)
        return
    one, many = next(words for words in _OF_MANY if words[0] in form)
    yield f"{form.replace(one, many, 1)} They are: {'; '.join(change.title for change in group)}."
