"""What to do next, in the order to do it: the actions that a result calls for (scoring method, rule 16)."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.catalogue.schema import Catalogue
from assessments.planning import needs, order
from assessments.planning.due import due_at
from assessments.planning.planned import PlannedAction, Priority
from assessments.scoring.answers import Answers
from assessments.scoring.result import Result

_FIRST = {
    Priority.DO_NOW: 0,
    Priority.BY_NEXT_STAGE: 1,
    Priority.FIND_OUT: 2,
    Priority.PROVE: 2,
    Priority.RECOMMENDED: 3,
}


def plan_actions(catalogue: Catalogue, result: Result, answers: Answers) -> tuple[PlannedAction, ...]:
    """Everything to do, by priority and then in the catalogue's order; what must come first stands before.

    An action that an urgent one waits for is as urgent. One that nothing open calls for is taken as done.
    """
    called_for = [*needs.for_profile(result), *needs.for_contradictions(result)]
    is_due = due_at(catalogue, result, answers)
    for barrier in result.barriers:
        called_for += needs.for_barrier(catalogue, barrier, answers, is_due)
    linked = order.with_open_predecessors(catalogue, order.merged(called_for))
    return order.in_order(order.hurried(linked), catalogue)


def first_three(actions: Sequence[PlannedAction]) -> tuple[PlannedAction, ...]:
    """What to do first: the most urgent actions that wait for no other.

    Finding out and proving can change a colour without any work: they come before what is only recommended.
    """
    ready = [action for action in actions if not action.after]
    return tuple(sorted(ready, key=lambda action: _FIRST[action.priority])[:3])
