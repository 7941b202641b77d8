"""Which of the catalogue's actions a stage calls for: none that has to wait for what only a later stage asks for.

A gap of one level at an early stage does not yet call for the whole work. While something that the work waits for
belongs to a later decision, what is called for is the step to the described state that this stage needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from assessments.catalogue.path import path
from assessments.catalogue.schema import Catalogue, Gate, LevelQuestion, Stage
from assessments.scoring.answers import Answers
from assessments.scoring.result import Result
from assessments.scoring.score import facts_of

IsDue = Callable[[str], bool]


def due_at(catalogue: Catalogue, result: Result, answers: Answers) -> IsDue:
    """Whether the action with this id has nothing before it that only a later stage asks for, of this service."""
    later = [stage for stage in Stage if stage.position > answers.stage.position]
    if not later:
        return lambda _: True
    now = [
        *(gate.id for barrier in result.barriers for gate in barrier.gates),
        *(question.id for barrier in result.barriers for question in barrier.questions),
    ]
    end = path(catalogue, later[-1], facts_of(answers), answers.as_of).truths
    still_to_come = _called_for(catalogue, end) - _called_for(catalogue, now)
    before = ancestors(catalogue)
    return lambda action_id: before[action_id].isdisjoint(still_to_come)


def _called_for(catalogue: Catalogue, items: Iterable[str]) -> set[str]:
    """Everything that closing one of these items may take."""
    by_item = _actions_of(catalogue)
    return {action_id for item_id in items for action_id in by_item.get(item_id, ())}


@lru_cache(maxsize=16)
def _actions_of(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    return {item.id: item.actions for item in catalogue.items.values() if isinstance(item, LevelQuestion | Gate)}


@lru_cache(maxsize=16)
def ancestors(catalogue: Catalogue) -> Mapping[str, frozenset[str]]:
    """By action, all that must come before it, however far back."""
    return {action_id: frozenset(_before(catalogue, action_id)) for action_id in catalogue.actions}


def _before(catalogue: Catalogue, action_id: str) -> Iterator[str]:
    seen: set[str] = set()
    to_look_at = [*catalogue.action(action_id).after]
    while to_look_at:
        before = to_look_at.pop()
        if before in seen or before not in catalogue.actions:
            continue
        seen.add(before)
        yield before
        to_look_at += catalogue.action(before).after
