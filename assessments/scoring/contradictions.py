"""Answers that do not fit together (scoring method, rule 15).

A contradiction lowers the confidence in the barriers that it names and becomes an action; it never changes a level
or a colour. Levels are taken as claimed, because what disagrees is what was said: evidence lowers what a claim
supports, and must not hide that two claims exclude each other. What is agreed with an adviser is the last that was
said. One is found only where it holds for certain, however the facts still missing turn out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assessments.catalogue.conditions import Rule, Situation, Truth, ids_in, rule
from assessments.catalogue.path import Path
from assessments.catalogue.schema import Catalogue, FactQuestion, Gate, LevelQuestion
from assessments.scoring.answers import Answers, AnswerState, GateState
from assessments.scoring.result import Contradiction


def find(asked: Path, answers: Answers) -> tuple[Contradiction, ...]:
    """What is contradicted in these answers, in the order of the catalogue's rules. What is not asked plays no part."""
    ready = _ready(asked.catalogue)
    if not ready.rules:
        return ()
    situation = _situation(ready, asked, answers)
    return tuple(found for judge, found in ready.rules if judge(situation) is Truth.TRUE)


@lru_cache(maxsize=16)
def looked_at(catalogue: Catalogue) -> frozenset[str]:
    """The facts, questions and gates whose answers `find` reads."""
    ready = _ready(catalogue)
    return frozenset((*ready.facts, *ready.levels, *ready.gates))


@dataclass(frozen=True, slots=True)
class _Ready:
    """Worked out once for a catalogue: each rule with what it finds, and all that the rules look at."""

    rules: tuple[tuple[Rule, Contradiction], ...]
    facts: tuple[str, ...]
    levels: tuple[str, ...]
    gates: tuple[str, ...]


@lru_cache(maxsize=16)
def _ready(catalogue: Catalogue) -> _Ready:
    written = catalogue.rules.contradictions
    looked_at = {item: catalogue.item(item) for one in written for item in ids_in(one.when)}
    return _Ready(
        rules=tuple(
            (
                rule(one.when),
                Contradiction(one.id, one.title, one.text, one.barriers, one.mend, one.owner, ids_in(one.when)),
            )
            for one in written
        ),
        facts=tuple(name for name, item in looked_at.items() if isinstance(item, FactQuestion)),
        levels=tuple(name for name, item in looked_at.items() if isinstance(item, LevelQuestion)),
        gates=tuple(name for name, item in looked_at.items() if isinstance(item, Gate)),
    )


def _situation(ready: _Ready, asked: Path, answers: Answers) -> Situation:
    """An answer "not applicable" takes its question out, as if it were not asked."""
    truths = asked.truths
    is_asked = {fact: truths.get(fact, Truth.FALSE) for fact in ready.facts}
    levels: dict[str, int] = {}
    for name in ready.levels:
        is_asked[name] = truths.get(name, Truth.FALSE)
        answer = answers.agreed_level(name) or answers.questions.get(name)
        if answer is None:
            continue
        if answer.state is AnswerState.NOT_APPLICABLE:
            is_asked[name] = Truth.FALSE
        elif answer.state is AnswerState.ANSWERED and answer.level is not None:
            levels[name] = answer.level
    gates: dict[str, str] = {}
    for name in ready.gates:
        is_asked[name] = truths.get(name, Truth.FALSE)
        settled, given = answers.agreed_gate(name), answers.gates.get(name)
        state = settled.counts if settled else given.state if given else GateState.NOT_KNOWN
        if state in (GateState.MET, GateState.NOT_MET):
            gates[name] = state
        elif state is GateState.NOT_APPLICABLE and asked.catalogue.gate(name).may_be_left_out(asked.stage):
            is_asked[name] = Truth.FALSE
    return Situation(asked.facts, asked.as_of, is_asked, levels, gates)
