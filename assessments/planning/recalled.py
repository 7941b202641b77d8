"""An action that no answer calls for, as the catalogue alone knows it: what is said of one whose gap has closed."""

from __future__ import annotations

from assessments.catalogue.schema import Catalogue, FactQuestion
from assessments.planning.needs import SERVICE_LEAD
from assessments.planning.planned import Kind, PlannedAction, Priority

_PROFILE = "profile"
_BEGINNINGS = {Kind.FIND_OUT: "Find out", Kind.PROVE: "Get the proof", Kind.STEP: "Reach the level needed"}


def recalled(catalogue: Catalogue, action_id: str) -> PlannedAction:
    """The action with this id, with everything that it may close. Its priority and reason went with the gap."""
    if action_id in catalogue.actions:
        return _work(catalogue, action_id)
    kind, _, about = action_id.partition(":")
    if kind in _BEGINNINGS and about in catalogue.items:
        return _about_item(catalogue, Kind(kind), about)
    if kind == Kind.FINISH:
        return _finish(catalogue, about)
    if kind == Kind.SETTLE:
        return _settle(catalogue, about)
    return _action(action_id, Kind.DO, None, about or action_id)


def _work(catalogue: Catalogue, action_id: str) -> PlannedAction:
    action = catalogue.action(action_id)
    owner = catalogue.barrier_of(action_id)
    return PlannedAction(
        id=action.id,
        kind=Kind.DO,
        barrier=None if owner is None else owner.id,
        priority=Priority.RECOMMENDED,
        title=action.title,
        how=action.how,
        owner=action.owner,
        weeks=action.weeks,
        after=(),
        closes=tuple(
            item.id
            for item in catalogue.items.values()
            if not isinstance(item, FactQuestion) and action_id in item.actions
        ),
        done_when=action.done_when,
        reason="",
    )


def _about_item(catalogue: Catalogue, kind: Kind, item_id: str) -> PlannedAction:
    owner = catalogue.barrier_of(item_id)
    title = f"{_BEGINNINGS[kind]}: {catalogue.item(item_id).title}"
    return _action(f"{kind}:{item_id}", kind, None if owner is None else owner.id, title, closes=(item_id,))


def _finish(catalogue: Catalogue, part: str) -> PlannedAction:
    barrier = next((barrier for barrier in catalogue.barriers if barrier.id == part), None)
    if barrier is not None:
        return _action(f"finish:{part}", Kind.FINISH, part, f"Finish answering: {barrier.title}")
    title = "Give the facts that decide what applies" if part == _PROFILE else f"Finish answering: {part}"
    return _action(f"finish:{part}", Kind.FINISH, None, title)


def _settle(catalogue: Catalogue, rule_id: str) -> PlannedAction:
    rule = next((rule for rule in catalogue.rules.contradictions if rule.id == rule_id), None)
    if rule is None:
        return _action(f"settle:{rule_id}", Kind.SETTLE, None, f"Settle: {rule_id}")
    title = f"Settle: {rule.title}"
    return _action(f"settle:{rule_id}", Kind.SETTLE, rule.barriers[0], title, how=rule.mend, owner=rule.owner)


def _action(
    action_id: str,
    kind: Kind,
    barrier: str | None,
    title: str,
    *,
    closes: tuple[str, ...] = (),
    how: str = "",
    owner: str = SERVICE_LEAD,
) -> PlannedAction:
    return PlannedAction(
        id=action_id,
        kind=kind,
        barrier=barrier,
        priority=Priority.RECOMMENDED,
        title=title,
        how=how,
        owner=owner,
        weeks=None,
        after=(),
        closes=closes,
        done_when="",
        reason="",
    )
