"""Which choices go together: each legal form against route, control and pension access (`rules.toml`, part 3).

One matrix answers one question: does this form go with this route (or control, or access), other facts as given? So
its cells look at the exclusions that speak of its column's fact, and at no others. Three-valued as everywhere: one
that holds closes a cell or, where it only raises a doubt, leaves it not known; so does one that might hold. Nothing
that is found out later reopens what is closed or closes what is open: only "not known" gets settled.

The standing of a single form or route looks at all exclusions together. It says whether a way is still left, and each
choice made can close one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from assessments.catalogue.conditions import Rule, Situation, Truth, ids_in, is_undecided, rule
from assessments.catalogue.schema import (
    Axis,
    Catalogue,
    Exclusion,
    FactQuestion,
    FactValue,
    Item,
    LevelQuestion,
)
from assessments.scoring.answers import Answers, GateState
from assessments.scoring.score import facts_of


class State(StrEnum):
    """Whether a combination is possible."""

    OPEN = "open"
    CLOSED = "closed"
    NOT_KNOWN = "not_known"

    @property
    def word(self) -> str:
        return {"open": "Open", "closed": "Closed", "not_known": "Not known yet"}[self]


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of an axis; options that stand for no choice yet are left out."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What holds of a combination. `exclusions` are the ids of those that close it or, where it is not known, that
    put it in doubt; `needs` the facts, questions and gates that would settle it where it is not known."""

    state: State
    exclusions: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a way is left for one choice, given what is decided.

    Open: with some choice on each axis that is still undecided, nothing closes it. Closed: every such combination is
    closed, by the `exclusions`. Not known: it is in doubt, or something that is no choice of an axis is missing.
    """

    choice: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Matrix:
    """The legal forms (rows) against the options of one fact (columns); `cells` by row."""

    fact: str
    title: str
    columns: tuple[Choice, ...]
    cells: tuple[tuple[Finding, ...], ...]
    standings: tuple[Standing, ...]

    def cell(self, rows: Sequence[Choice], row: str, column: str) -> Finding:
        at = [choice.id for choice in rows].index(row), [choice.id for choice in self.columns].index(column)
        return self.cells[at[0]][at[1]]


@dataclass(frozen=True, slots=True)
class Excluded:
    """An exclusion in words, for every id that the findings name."""

    id: str
    title: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen now: the option of each axis that is decided, whether the whole goes together (`finding`), and
    whether a way is left to complete it (`way_left`, as for a standing)."""

    options: Mapping[str, str]
    finding: Finding
    way_left: Finding


@dataclass(frozen=True, slots=True)
class Compatibility:
    """`titles` names every fact that the findings need."""

    fact: str
    title: str
    rows: tuple[Choice, ...]
    standings: tuple[Standing, ...]
    matrices: tuple[Matrix, ...]
    chosen: Chosen
    exclusions: tuple[Excluded, ...]
    titles: Mapping[str, str]

    def matrix(self, fact: str) -> Matrix:
        return next(matrix for matrix in self.matrices if matrix.fact == fact)

    def cell(self, form: str, fact: str, option: str) -> Finding:
        return self.matrix(fact).cell(self.rows, form, option)

    def exclusion(self, exclusion_id: str) -> Excluded:
        return next(exclusion for exclusion in self.exclusions if exclusion.id == exclusion_id)


_ADAPTER = TypeAdapter(Compatibility)


def to_dict(compatibility: Compatibility) -> dict[str, Any]:
    """Ready for JSON; `from_dict` gives it back as it was."""
    plain: dict[str, Any] = _ADAPTER.dump_python(compatibility, mode="json")
    return plain


def from_dict(plain: Mapping[str, Any]) -> Compatibility:
    return _ADAPTER.validate_python(plain)


def compatibility(catalogue: Catalogue, answers: Answers) -> Compatibility | None:
    """What goes together for this service; None where the edition has no table.

    What is undecided, or asked only at a later stage, is not known rather than not so. An axis that does not concern
    the service (pension access without members of that scheme) is left out.
    """
    if catalogue.rules.compatibility is None:
        return None
    return _Table(catalogue, answers).whole()


# Judging one combination ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ready:
    """Worked out once for a catalogue: the axes with their choices, the exclusions, and the facts they rest on.

    `items` are what all this rests on, in asking order, each with its condition; `moved` are those whose condition
    rests on an axis.
    """

    rows: Axis
    columns: tuple[Axis, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    exclusions: tuple[_Rule, ...]
    items: tuple[tuple[Item, Rule | None], ...]
    moved: tuple[tuple[str, Rule], ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """An exclusion ready to be judged: what it looks at, and what it rests on in the end."""

    written: Exclusion
    judge: Rule
    looks_at: frozenset[str]
    rests_on: frozenset[str]


@lru_cache(maxsize=16)
def _ready(catalogue: Catalogue) -> _Ready:
    table = catalogue.rules.compatibility
    if table is None:
        raise ValueError(f"edition {catalogue.edition.edition} has no compatibility table")
    undecided = catalogue.rules.undecided
    axes = {axis.fact: catalogue.question(axis.fact) for axis in table.axes}
    exclusions = tuple(
        _Rule(one, rule(one.when), frozenset(ids_in(one.when)), _rests_on(catalogue, ids_in(one.when)))
        for one in catalogue.rules.exclusions
    )
    needed = _rests_on(catalogue, axes).union(*(one.rests_on for one in exclusions))
    items = [item for item in catalogue.items.values() if item.id in needed]
    return _Ready(
        rows=table.rows,
        columns=table.columns,
        choices={
            fact: tuple(Choice(option.id, option.text) for option in question.options if option.id not in undecided)
            for fact, question in axes.items()
            if isinstance(question, FactQuestion)
        },
        exclusions=exclusions,
        items=tuple((item, None if item.when is None else rule(item.when)) for item in items),
        moved=tuple(
            (item.id, rule(item.when))
            for item in items
            if item.when is not None and not _rests_on(catalogue, ids_in(item.when)).isdisjoint(axes)
        ),
    )


def _rests_on(catalogue: Catalogue, items: Iterable[str]) -> frozenset[str]:
    """These, and the facts that decide whether they are asked."""
    found: set[str] = set()
    waiting = list(items)
    while waiting:
        item = waiting.pop()
        when = catalogue.item(item).when
        if item not in found and when is not None:
            waiting += ids_in(when)
        found.add(item)
    return frozenset(found)


class _Table:
    """The table of one catalogue for one set of answers."""

    def __init__(self, catalogue: Catalogue, answers: Answers) -> None:
        self.catalogue, self.as_of = catalogue, answers.as_of
        self.ready = _ready(catalogue)
        counting = [item for item, _ in self.ready.items if answers.stage in item.stages]
        self.facts = _decided(counting, facts_of(answers), catalogue.rules.undecided)
        self.levels, self.gates = _levels(counting, answers), _gates(counting, answers)
        self.here = self._situation(self.facts, self._asked())

    def _situation(self, facts: Mapping[str, FactValue], asked: Mapping[str, Truth]) -> Situation:
        return Situation(facts, self.as_of, asked, self.levels, self.gates)

    def _asked(self) -> dict[str, Truth]:
        """Of each thing, whether it is asked at any stage."""
        asked: dict[str, Truth] = {}
        situation = self._situation(self.facts, asked)
        for item, judge in self.ready.items:
            asked[item.id] = Truth.TRUE if judge is None else judge(situation)
        return asked

    def whole(self) -> Compatibility:
        form = self.ready.rows.fact
        matrices = tuple(self._matrix(axis) for axis in self.ready.columns if self._concerns(axis.fact))
        standings = self._standings(form)
        chosen = Chosen(
            options={fact: str(self.facts[fact]) for fact in self._axes() if fact in self.facts},
            finding=self._finding(self.here, self.ready.exclusions),
            way_left=self._way_left(self.here, self.ready.exclusions),
        )
        findings = [
            chosen.finding,
            chosen.way_left,
            *(standing.finding for standing in standings),
            *(cell for matrix in matrices for row in matrix.cells for cell in row),
            *(standing.finding for matrix in matrices for standing in matrix.standings),
        ]
        named = {exclusion for finding in findings for exclusion in finding.exclusions}
        return Compatibility(
            fact=form,
            title=self.ready.rows.title,
            rows=self.ready.choices[form],
            standings=standings,
            matrices=matrices,
            chosen=chosen,
            exclusions=tuple(_in_words(one.written) for one in self.ready.exclusions if one.written.id in named),
            titles={fact: self.catalogue.item(fact).title for finding in findings for fact in finding.needs},
        )

    def _matrix(self, axis: Axis) -> Matrix:
        form, columns = self.ready.rows.fact, self.ready.choices[axis.fact]
        exclusions = tuple(one for one in self.ready.exclusions if axis.fact in one.looks_at)
        return Matrix(
            fact=axis.fact,
            title=axis.title,
            columns=columns,
            cells=tuple(
                tuple(
                    self._finding(self._supposing(self.here, {form: row.id, axis.fact: column.id}), exclusions)
                    for column in columns
                )
                for row in self.ready.choices[form]
            ),
            standings=self._standings(axis.fact),
        )

    def _standings(self, fact: str) -> tuple[Standing, ...]:
        return tuple(
            Standing(choice.id, self._way_left(self._supposing(self.here, {fact: choice.id}), self.ready.exclusions))
            for choice in self.ready.choices[fact]
        )

    def _axes(self) -> list[str]:
        axes = [self.ready.rows.fact, *(axis.fact for axis in self.ready.columns)]
        return [fact for fact in axes if self._concerns(fact)]

    def _concerns(self, fact: str) -> bool:
        return self.here.asked[fact] is not Truth.FALSE

    def _supposing(self, situation: Situation, choices: Mapping[str, str]) -> Situation:
        """The situation with these choices made, which takes them as asked."""
        asked = {**situation.asked, **dict.fromkeys(choices, Truth.TRUE)}
        supposed = self._situation({**situation.facts, **choices}, asked)
        for fact, judge in self.ready.moved:
            if fact not in choices:
                asked[fact] = judge(supposed)
        return supposed

    # Judging one combination

    def _finding(self, situation: Situation, exclusions: Sequence[_Rule]) -> Finding:
        judged = _judged(situation, exclusions)
        if judged.closing:
            return Finding(State.CLOSED, exclusions=_ids(judged.closing))
        if not judged.doubting and not judged.waiting:
            return Finding(State.OPEN)
        needs = (item for exclusion in judged.waiting for item in self._missing(exclusion, situation))
        return Finding(State.NOT_KNOWN, exclusions=_ids(judged.doubting), needs=tuple(dict.fromkeys(needs)))

    def _missing(self, exclusion: _Rule, situation: Situation) -> Iterator[str]:
        """What the exclusion waits for and is not given; for what only may be asked, also what decides that."""
        waiting, seen = list(ids_in(exclusion.written.when)), set[str]()
        while waiting:
            item = waiting.pop(0)
            if item in seen or situation.asked[item] is Truth.FALSE:
                continue
            seen.add(item)
            if not any(item in given for given in (situation.facts, situation.levels, situation.gates)):
                yield item
            when = self.catalogue.item(item).when
            if situation.asked[item] is Truth.UNKNOWN and when is not None:
                waiting += ids_in(when)

    def _way_left(self, situation: Situation, exclusions: Sequence[_Rule]) -> Finding:
        """The best that the choices still undecided allow: open, else not known, else closed.

        Settles axis after axis; what is excluded for certain not to hold is not looked at again.
        """
        judged = _judged(situation, exclusions)
        waiting = judged.waiting
        free = [fact for fact in self._axes() if fact not in situation.facts and _is_looked_at(fact, waiting)]
        if judged.closing or not free:
            return self._finding(situation, exclusions)
        left = [*judged.doubting, *waiting]
        can_be_open = not judged.doubting and not any(one.rests_on.isdisjoint(free) for one in waiting)
        best, closed_by = None, dict[str, None]()
        for choice in self.ready.choices[free[0]]:
            found = self._way_left(self._supposing(situation, {free[0]: choice.id}), left)
            if found.state is State.OPEN or (found.state is State.NOT_KNOWN and not can_be_open):
                return found
            if found.state is State.NOT_KNOWN:
                best = best or found
            closed_by |= dict.fromkeys(found.exclusions)
        return best or Finding(State.CLOSED, exclusions=tuple(closed_by))


@dataclass(frozen=True, slots=True)
class _Judged:
    """The exclusions that hold, by what they do, and those that might hold."""

    closing: list[_Rule]
    doubting: list[_Rule]
    waiting: list[_Rule]


def _judged(situation: Situation, exclusions: Sequence[_Rule]) -> _Judged:
    judged = [(one, one.judge(situation)) for one in exclusions]
    holding = [one for one, truth in judged if truth is Truth.TRUE]
    return _Judged(
        closing=[one for one in holding if one.written.effect == "closes"],
        doubting=[one for one in holding if one.written.effect == "doubts"],
        waiting=[one for one, truth in judged if truth is Truth.UNKNOWN],
    )


def _ids(exclusions: Iterable[_Rule]) -> tuple[str, ...]:
    return tuple(one.written.id for one in exclusions)


def _is_looked_at(fact: str, exclusions: Sequence[_Rule]) -> bool:
    return any(fact in exclusion.rests_on for exclusion in exclusions)


def _in_words(exclusion: Exclusion) -> Excluded:
    return Excluded(exclusion.id, exclusion.title, exclusion.reason, exclusion.mend)


# What is given ----------------------------------------------------------------------------------------------


def _decided(items: Iterable[Item], given: Mapping[str, FactValue], undecided: frozenset[str]) -> dict[str, FactValue]:
    facts = (item.id for item in items if item.id in given)
    return {fact: given[fact] for fact in facts if not is_undecided(given[fact], undecided)}


def _levels(items: Iterable[Item], answers: Answers) -> dict[str, int]:
    """As agreed with an adviser, else as claimed."""
    questions = (item.id for item in items if isinstance(item, LevelQuestion))
    answered = ((name, answers.agreed_level(name) or answers.questions.get(name)) for name in questions)
    return {name: answer.level for name, answer in answered if answer is not None and answer.level is not None}


def _gates(items: Iterable[Item], answers: Answers) -> dict[str, str]:
    """Those said to be met or not met, as agreed with an adviser, else as claimed."""
    gates: dict[str, str] = {}
    for item in items:
        settled, given = answers.agreed_gate(item.id), answers.gates.get(item.id)
        state = settled.counts if settled else given.state if given else GateState.NOT_KNOWN
        if state in (GateState.MET, GateState.NOT_MET):
            gates[item.id] = state
    return gates
