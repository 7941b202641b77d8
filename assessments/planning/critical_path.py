"""The critical path over a graph of tasks, in whole days counted from the day the plan holds (day 0)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import networkx as nx

Graph: TypeAlias = "nx.DiGraph[str]"
"""Tasks by id, each an attribute `task` of its node; an edge leads from what comes first to what waits."""


class Case(IntEnum):
    """Every task at its shortest, its likely or its longest."""

    SHORTEST = 0
    LIKELY = 1
    LONGEST = 2


@dataclass(frozen=True, slots=True)
class Task:
    """`days` by case. `start` is the first day on which it may start: for a task that is under way, the day on
    which it did, whatever stood before it, so below 0 in the past."""

    id: str
    days: tuple[int, int, int]
    start: int = 0
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """It is finished when day `finish` begins: what waits for it may start on that day."""

    start: int
    finish: int


def graph_of(tasks: Iterable[Task], waits: Mapping[str, Iterable[str]], closed: Collection[str] = ()) -> Graph:
    """`waits` names what comes before a task, among the tasks and the `closed`, which take no time: what waits for
    a closed one waits for what that one waited for. There is no circle in it: the catalogue's check sees to that."""
    # Thirteen megabytes, which a process that only asks questions does without.
    import networkx as nx

    graph: Graph = nx.DiGraph()
    for task in tasks:
        graph.add_node(task.id, task=task)
    graph.add_nodes_from(closed)
    graph.add_edges_from(
        (before, after) for after, named in waits.items() for before in named if before in graph and after in graph
    )
    for node in closed:
        graph.add_edges_from(list(product(graph.predecessors(node), graph.successors(node))))
        graph.remove_node(node)
    return graph


def spans(graph: Graph, case: Case) -> dict[str, Span]:
    """When each task starts and finishes at the earliest."""
    import networkx as nx

    found: dict[str, Span] = {}
    for node in nx.lexicographical_topological_sort(graph):
        waits = max((found[before].finish for before in graph.predecessors(node)), default=0)
        found[node] = _span(_task(graph, node), waits, case)
    return found


def _span(task: Task, waits: int, case: Case) -> Span:
    """What is under way is finished no sooner than today, and no sooner than what it should have waited for."""
    if task.under_way:
        return Span(task.start, max(task.start + task.days[case], waits, 0))
    start = max(task.start, waits, 0)
    return Span(start, start + task.days[case])


def end(found: Mapping[str, Span]) -> int:
    return max((span.finish for span in found.values()), default=0)


def slack(graph: Graph, found: Mapping[str, Span], case: Case) -> dict[str, int]:
    """By how many days each task can finish later without moving the end. `found` are the graph's spans."""
    import networkx as nx

    last = end(found)
    latest: dict[str, int] = {}
    for node in reversed(list(nx.topological_sort(graph))):
        successors = [_task(graph, after) for after in graph.successors(node)]
        latest[node] = min(
            (latest[after.id] - (0 if after.under_way else after.days[case]) for after in successors), default=last
        )
    return {node: latest[node] - found[node].finish for node in found}


def chain_to(graph: Graph, found: Mapping[str, Span], last: str, case: Case) -> list[str]:
    """The tasks, in order, that decide when `last` finishes. Of several such chains always the same one."""
    chain = [last]
    while (before := _decides(graph, found, chain[-1], case)) is not None:
        chain.append(before)
    return chain[::-1]


def _decides(graph: Graph, found: Mapping[str, Span], node: str, case: Case) -> str | None:
    """What this task waited for, if that and not its own date or length decided."""
    task, span = _task(graph, node), found[node]
    if task.under_way and span.finish == max(task.start + task.days[case], 0):
        return None
    awaited = span.finish if task.under_way else span.start
    return min((before for before in graph.predecessors(node) if found[before].finish == awaited), default=None)


def length(graph: Graph, chain: Sequence[str], case: Case) -> int:
    """The day on which this chain would be finished if nothing else had to be done."""
    finish = 0
    for node in chain:
        finish = _span(_task(graph, node), finish, case).finish
    return finish


def _task(graph: Graph, node: str) -> Task:
    task: Task = graph.nodes[node]["task"]
    return task


def day(as_of: dt.date, days: int) -> dt.date:
    """The date that many days later (or earlier), as far as the calendar reaches."""
    ordinal = min(max(as_of.toordinal() + days, dt.date.min.toordinal()), dt.date.max.toordinal())
    return dt.date.fromordinal(ordinal)
