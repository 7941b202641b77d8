"""One plan out of all that is called for: each action once, and none before what it waits for."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from graphlib import TopologicalSorter

from assessments.catalogue.schema import Catalogue
from assessments.planning.planned import Kind, PlannedAction, rank


def merged(found: Iterable[PlannedAction]) -> dict[str, PlannedAction]:
    """Each action once, with the highest priority that calls for it and its reason, closing all it closes."""
    once: dict[str, PlannedAction] = {}
    for action in found:
        other = once.get(action.id)
        if other is None:
            once[action.id] = action
            continue
        pressing = action if rank(action.priority) < rank(other.priority) else other
        closes = dict.fromkeys((*other.closes, *action.closes))
        once[action.id] = replace(pressing, closes=tuple(closes))
    return once


def with_open_predecessors(catalogue: Catalogue, actions: Mapping[str, PlannedAction]) -> dict[str, PlannedAction]:
    """`after` names the open actions that come first, also those reached through one that is done."""
    return {
        action.id: replace(action, after=tuple(_open_before(catalogue, action.id, actions)))
        if action.kind is Kind.DO
        else action
        for action in actions.values()
    }


def _open_before(catalogue: Catalogue, action_id: str, actions: Mapping[str, PlannedAction]) -> list[str]:
    found: dict[str, None] = {}
    seen = {action_id}
    to_look_at = list(catalogue.action(action_id).after)
    while to_look_at:
        before = to_look_at.pop(0)
        if before in seen:
            continue
        seen.add(before)
        if before in actions:
            found[before] = None
        elif before in catalogue.actions:
            to_look_at += catalogue.action(before).after
    return list(found)


def hurried(actions: dict[str, PlannedAction]) -> dict[str, PlannedAction]:
    """What an urgent action waits for becomes as urgent."""
    urgent = dict(actions)
    waiting = list(urgent.values())
    while waiting:
        action = waiting.pop()
        for before in (urgent[before] for before in action.after):
            if rank(action.priority) < rank(before.priority):
                urgent[before.id] = replace(before, priority=action.priority)
                waiting.append(urgent[before.id])
    return urgent


def in_order(actions: Mapping[str, PlannedAction], catalogue: Catalogue) -> tuple[PlannedAction, ...]:
    """By priority and the catalogue's order, each after what must come first."""
    places = _places(catalogue)
    sorter = TopologicalSorter({action.id: action.after for action in actions.values()})
    sorter.prepare()
    ready: list[tuple[int, tuple[int, int, int], str]] = []
    ordered: list[PlannedAction] = []
    while sorter.is_active():
        for action_id in sorter.get_ready():
            action = actions[action_id]
            heapq.heappush(ready, (rank(action.priority), places[_place_of(action)], action_id))
        ordered.append(actions[heapq.heappop(ready)[-1]])
        sorter.done(ordered[-1].id)
    return tuple(ordered)


def _place_of(action: PlannedAction) -> str:
    """The catalogue's own actions stand at their own place, the others at what they close."""
    return action.id if action.kind is Kind.DO else action.closes[0]


@lru_cache(maxsize=16)
def _places(catalogue: Catalogue) -> Mapping[str, tuple[int, int, int]]:
    """Profile first, then barrier by barrier: its questions and gates in asking order, then its actions."""
    barriers = {barrier.id: number for number, barrier in enumerate(catalogue.barriers, start=1)}
    places: dict[str, tuple[int, int, int]] = {}
    for number, item_id in enumerate(catalogue.items):
        owner = catalogue.barrier_of(item_id)
        places[item_id] = (0 if owner is None else barriers[owner.id], 0, number)
    for number, action_id in enumerate(catalogue.actions):
        owner = catalogue.barrier_of(action_id)
        places[action_id] = (0 if owner is None else barriers[owner.id], 1, number)
    return places
