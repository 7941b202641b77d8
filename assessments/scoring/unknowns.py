"""What to find out first (scoring method, rule 8): the unknowns, by what settling each of them could do.

Each unknown is settled alone, twice: well, with everything else at its worst; and badly, with everything
else at its best. What then changes its colour is what the unknown moves. Gates come first, then what moves a
colour, then the share of the index range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.catalogue.conditions import ids_in
from assessments.catalogue.path import Path
from assessments.catalogue.schema import FactQuestion, Strength
from assessments.scoring import barrier as barrier_rule
from assessments.scoring import overall, tally
from assessments.scoring.answers import AnswerState, GateState
from assessments.scoring.overall import Decided
from assessments.scoring.result import BEST_LEVEL, BarrierResult, Colour, GateResult, QuestionResult, Unknown
from assessments.scoring.rounding import whole_per_cent
from assessments.scoring.runs import EVIDENCED_BEST, EVIDENCED_WORST, Run
from assessments.scoring.sentences import listing, number
from assessments.scoring.tally import Tally

Item = QuestionResult | GateResult
Change = tuple[str, Tally, Tally]
"""In which barrier something counts differently, and what it counted for before and after."""

NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Move:
    """A colour that changes. `what` is "the whole" or a barrier's title."""

    what: str
    before: Colour
    after: Colour


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling one unknown does: well (the rest at worst) and badly (the rest at best)."""

    well: tuple[Move, ...]
    badly: tuple[Move, ...]

    @property
    def moves_whole(self) -> bool:
        return any(move.what == WHOLE for move in (*self.well, *self.badly))

    @property
    def moves_colour(self) -> bool:
        return bool(self.well or self.badly)


WHOLE = "the whole"


def find_out_first(
    asked: Path, barriers: Sequence[BarrierResult], worst: Sequence[Decided], best: Sequence[Decided]
) -> tuple[Unknown, ...]:
    """Every unknown question and gate, every missing fact that leaves something open; most telling first."""
    scene = Scene(barriers, Case(worst, EVIDENCED_WORST), Case(best, EVIDENCED_BEST))
    found = [*_unknown_items(scene), *_missing_facts(asked, scene)]
    return tuple(unknown for _, unknown in sorted(found, key=lambda pair: pair[0]))


class Case:
    """All barriers in one of the two runs, ready to be asked what one change would do to the colours."""

    def __init__(self, barriers: Sequence[Decided], run: Run) -> None:
        self.run = run
        self.answers_turned, self.facts_turned = run.with_answers_turned, run.with_facts_turned
        self.barriers = {barrier.id: barrier for barrier in barriers}
        self.standing = overall.total(barrier.standing for barrier in barriers)
        self.colour = overall.colour(self.standing)
        self._moves: dict[tuple[Change, ...], tuple[Move, ...]] = {}

    def moves(self, items: Sequence[Item], turned: Run) -> tuple[Move, ...]:
        """The colours that would change, had these items alone been taken in another run."""
        changes = tuple(self._changes(items, turned))
        if changes not in self._moves:
            self._moves[changes] = self._moves_by(changes)
        return self._moves[changes]

    def _changes(self, items: Sequence[Item], turned: Run) -> Iterator[Change]:
        for item in items:
            before, after = tally.of_item(item, self.run), tally.of_item(item, turned)
            if before != after:
                yield item.barrier, before, after

    def _moves_by(self, changes: tuple[Change, ...]) -> tuple[Move, ...]:
        recounted: dict[str, Tally] = {}
        for barrier_id, before, after in changes:
            counts = recounted.get(barrier_id, self.barriers[barrier_id].count.total)
            recounted[barrier_id] = counts.with_change(before, after)
        standing, moved = self.standing, []
        for barrier_id, counts in recounted.items():
            barrier, colour = self.barriers[barrier_id], barrier_rule.colour(counts)
            standing = standing.with_change(barrier.standing, overall.standing_of(counts, colour))
            if colour is not barrier.decision.colour:
                moved.append(Move(barrier.title, barrier.decision.colour, colour))
        whole = overall.colour(standing)
        return tuple(moved) if whole is self.colour else (Move(WHOLE, self.colour, whole), *moved)


class Scene:
    """Both cases of one assessment, with the weight that each barrier's index is a share of."""

    def __init__(self, barriers: Sequence[BarrierResult], worst: Case, best: Case) -> None:
        self.barriers = barriers
        self.titles = {barrier.id: barrier.title for barrier in barriers}
        self.weights = {barrier.id: _applicable_weight(barrier) for barrier in barriers}
        self.worst, self.best = worst, best

    def with_answer_settled(self, item: Item) -> Settled:
        return Settled(
            well=self.worst.moves([item], self.worst.answers_turned),
            badly=self.best.moves([item], self.best.answers_turned),
        )

    def with_fact_settled(self, items: Sequence[Item]) -> Settled:
        return Settled(
            well=self.worst.moves(items, self.worst.facts_turned),
            badly=self.best.moves(items, self.best.facts_turned),
        )

    def points(self, items: Sequence[Item]) -> int:
        """The largest share of a barrier's index range that these items own, in whole per cent."""
        parts: dict[str, int] = {}
        for item in items:
            if isinstance(item, QuestionResult):
                parts[item.barrier] = parts.get(item.barrier, 0) + item.weight * item.ceiling
        shares = (whole_per_cent(part, BEST_LEVEL * self.weights[barrier]) for barrier, part in parts.items())
        return max(shares, default=0)


# Unknown questions and gates --------------------------------------------------------------------------------

Order = tuple[int, bool, bool, bool, int, str]
Ranked = tuple[Order, Unknown]


def _unknown_items(scene: Scene) -> Iterator[Ranked]:
    for barrier in scene.barriers:
        for gate in barrier.gates:
            if gate.counts is GateState.NOT_KNOWN:
                yield _ranked("gate", gate, scene)
        for question in barrier.questions:
            if question.is_unknown:
                yield _ranked("question", question, scene)


def _ranked(kind: str, item: Item, scene: Scene) -> Ranked:
    settled, points = scene.with_answer_settled(item), scene.points([item])
    is_hard_gate = isinstance(item, GateResult) and item.strength is Strength.HARD
    unknown = Unknown(
        kind=kind,
        id=item.id,
        barrier=item.barrier,
        title=item.title,
        effect=_effect(settled, points, f"of {scene.titles[item.barrier]}"),
        moves_colour=settled.moves_colour,
        points=points,
    )
    return _order(kind, settled, is_hard_gate, points, item.id), unknown


def _order(kind: str, settled: Settled, is_hard_gate: bool, points: int, item_id: str) -> Order:
    """Gates, then what moves a colour, then the share of the index; ids settle ties, never the order."""
    tier = 0 if kind == "gate" else 1 if settled.moves_colour else 2
    return tier, not is_hard_gate, not settled.moves_whole, not settled.moves_colour, -points, item_id


# Missing facts ----------------------------------------------------------------------------------------------


def _missing_facts(asked: Path, scene: Scene) -> Iterator[Ranked]:
    undecided: dict[str, list[Item]] = {}
    for barrier in scene.barriers:
        here: tuple[Item, ...] = (*barrier.gates, *barrier.questions)
        for item in here:
            if item.may_apply and not _is_left_out(item):
                for fact in deciding_facts(asked, item.id):
                    undecided.setdefault(fact, []).append(item)
    for fact, items in undecided.items():
        settled, points = scene.with_fact_settled(items), scene.points(items)
        owner = asked.catalogue.barrier_of(fact)
        unknown = Unknown(
            kind="fact",
            id=fact,
            barrier=None if owner is None else owner.id,
            title=asked.catalogue.item(fact).title,
            effect=f"{_decides(items)} {_effect(settled, points, 'of a barrier')}",
            moves_colour=settled.moves_colour,
            points=points,
        )
        yield _order("fact", settled, False, points, fact), unknown


def _is_left_out(item: Item) -> bool:
    """Said not to apply: whether it is asked then makes no difference."""
    state = item.counted_state if isinstance(item, QuestionResult) else item.counts
    return state in (AnswerState.NOT_APPLICABLE, GateState.NOT_APPLICABLE)


def deciding_facts(asked: Path, item_id: str) -> tuple[str, ...]:
    """The missing facts that decide whether an item applies, also through facts that themselves may apply."""
    found: dict[str, None] = {}
    to_look_at = [item_id]
    while to_look_at:
        condition = asked.catalogue.item(to_look_at.pop()).when
        for fact in [] if condition is None else ids_in(condition):
            if not asked.asks(fact) or fact in found:
                continue
            if asked.may_apply(fact):
                to_look_at.append(fact)
            if not asked.decides(fact) and isinstance(asked.catalogue.item(fact), FactQuestion):
                found[fact] = None
    return tuple(found)


# Words ------------------------------------------------------------------------------------------------------


def _effect(settled: Settled, points: int, index_of: str) -> str:
    parts = []
    if settled.well:
        parts.append(f"If it turns out well, the worst case rises: {_moves(settled.well)}.")
    if settled.badly:
        parts.append(f"If it turns out badly, the best case falls: {_moves(settled.badly)}.")
    if not parts:
        parts.append("On its own it moves no colour.")
    if points:
        parts.append(f"It owns {number(points, 'point', 'points')} of the index range {index_of}.")
    return " ".join(parts)


def _moves(moves: Sequence[Move]) -> str:
    return listing([f"{move.what} from {move.before.word} to {move.after.word}" for move in moves])


def _decides(items: Sequence[Item]) -> str:
    titles = [item.title for item in items[:NAMED_AT_MOST]]
    rest = len(items) - len(titles)
    named = listing([*titles, f"{rest} more"] if rest else titles)
    return f"Decides whether {named} {'applies' if len(items) == 1 else 'apply'}."


def _applicable_weight(barrier: BarrierResult) -> int:
    return sum(question.weight for question in barrier.questions if not _is_left_out(question))
