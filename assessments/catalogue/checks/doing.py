"""Actions: each closes a gap, has an honest length, and can be started some day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assessments.catalogue.checks.draft import Draft
from assessments.catalogue.problems import Problem


def every_gap_has_an_action(draft: Draft) -> Iterator[Problem]:
    for place, item in draft.scored:
        if not item.actions:
            yield place.problem(
                "actions", "none", "the ids of one or more actions", "Name the action that closes the gap."
            )


def every_action_closes_a_gap(draft: Draft) -> Iterator[Problem]:
    triggered = {action_id for _, item in draft.scored for action_id in item.actions}
    for place, action in draft.actions:
        if action.id not in triggered and action.id not in draft.damage.mentions:
            yield place.problem(
                "id",
                "no question and no gate names it",
                "an action that something triggers",
                f"List {action.id} under `actions` of a question or gate, or delete it.",
            )


def weeks_in_order(draft: Draft) -> Iterator[Problem]:
    for place, action in draft.actions:
        fewest, most = action.weeks
        if fewest > most:
            yield place.problem(
                "weeks",
                f"[{fewest}, {most}]",
                "[fewest, most]",
                f"Write [{most}, {fewest}], or correct them.",
            )


def no_action_waits_for_itself(draft: Draft) -> Iterator[Problem]:
    """Each circle of actions is reported once, at its first action."""
    after = {action.id: action.after for _, action in draft.actions}
    told: set[str] = set()
    for place, action in draft.actions:
        circle = [] if action.id in told else _circle(action.id, after)
        told.update(circle)
        if circle:
            yield place.problem(
                "after",
                f"a circle: {' after '.join([*circle, action.id])}",
                "actions that can be finished before this one starts",
                "Take one of them out of an `after`.",
            )


def _circle(start: str, after: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The way from an action through `after` back to itself; empty where there is none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for earlier in after.get(way[-1], ()):
            if earlier == start:
                return way
            if earlier not in seen:
                seen.add(earlier)
                ways.append([*way, earlier])
    return []
