"""The critical path over a graph of tasks, against small cases by hand and a naive reference."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.planning.critical_path import (
    Case,
    Graph,
    Span,
    Task,
    chain_to,
    day,
    end,
    graph_of,
    length,
    slack,
    spans,
)

LIKELY = Case.LIKELY


def task(task_id: str, days: int, start: int = 0, under_way: bool = False) -> Task:
    return Task(task_id, (days, days, days), start, under_way)


def likely(graph: Graph) -> dict[str, Span]:
    return spans(graph, LIKELY)


def finishes(graph: Graph) -> dict[str, int]:
    return {task_id: span.finish for task_id, span in likely(graph).items()}


# By hand ----------------------------------------------------------------------------------------------------


DIAMOND = graph_of([task("a", 3), task("b", 5), task("c", 2), task("d", 4)], {"b": ["a"], "c": ["a"], "d": ["b", "c"]})


def test_the_longer_way_decides() -> None:
    found = likely(DIAMOND)

    assert finishes(DIAMOND) == {"a": 3, "b": 8, "c": 5, "d": 12}
    assert slack(DIAMOND, found, LIKELY) == {"a": 0, "b": 0, "c": 3, "d": 0}
    assert chain_to(DIAMOND, found, "d", LIKELY) == ["a", "b", "d"]


def test_nothing_to_do_ends_at_once() -> None:
    assert end(likely(graph_of([], {}))) == 0


def test_what_waits_for_a_closed_task_waits_for_what_that_waited_for() -> None:
    graph = graph_of([task("a", 3), task("c", 2)], {"b": ["a"], "c": ["b"]}, ["b"])

    assert finishes(graph) == {"a": 3, "c": 5}


def test_closed_tasks_in_a_row() -> None:
    graph = graph_of([task("a", 3), task("d", 2)], {"b": ["a"], "c": ["b"], "d": ["c"]}, ["c", "b"])

    assert finishes(graph) == {"a": 3, "d": 5}


def test_a_later_start_delays() -> None:
    graph = graph_of([task("a", 3), task("b", 5, start=10)], {"b": ["a"]})
    found = likely(graph)

    assert found["b"] == Span(10, 15)
    assert slack(graph, found, LIKELY) == {"a": 7, "b": 0}
    assert chain_to(graph, found, "b", LIKELY) == ["b"]


def test_a_start_in_the_past_is_today() -> None:
    assert likely(graph_of([task("a", 3, start=-9)], {})) == {"a": Span(0, 3)}


@pytest.mark.parametrize(("start", "finish"), [(0, 10), (-4, 6), (-10, 0), (-90, 0), (3, 13)])
def test_what_is_under_way_counts_from_its_start_and_ends_no_sooner_than_today(start: int, finish: int) -> None:
    assert likely(graph_of([task("a", 10, start=start, under_way=True)], {})) == {"a": Span(start, finish)}


def test_what_is_under_way_has_started_before_what_it_should_wait_for() -> None:
    graph = graph_of([task("a", 8), task("b", 5, start=-2, under_way=True)], {"b": ["a"]})
    found = likely(graph)

    assert found["b"] == Span(-2, 8)
    assert slack(graph, found, LIKELY) == {"a": 0, "b": 0}
    assert chain_to(graph, found, "b", LIKELY) == ["a", "b"]


def test_each_case_has_its_own_length() -> None:
    graph = graph_of([Task("a", (1, 2, 4)), Task("b", (3, 3, 3))], {"b": ["a"]})

    assert [end(spans(graph, case)) for case in Case] == [4, 5, 7]
    assert [length(graph, ["a", "b"], case) for case in Case] == [4, 5, 7]


def test_dates_reach_as_far_as_the_calendar() -> None:
    assert day(dt.date(2027, 1, 30), 7) == dt.date(2027, 2, 6)
    assert day(dt.date(9999, 12, 1), 70) == dt.date.max
    assert day(dt.date(1, 1, 5), -70) == dt.date.min


# Whatever the graph -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """Tasks, what each waits for (always earlier in the list, so without circles) and the closed ones."""

    tasks: list[Task]
    waits: dict[str, list[str]]
    closed: list[str]

    @property
    def graph(self) -> Graph:
        return graph_of([one for one in self.tasks if one.id not in self.closed], self.waits, self.closed)


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    names = draw(st.permutations("abcdefgh"))[: draw(st.integers(1, 8))]
    tasks, waits = [], {}
    for place, name in enumerate(names):
        shortest, more, most = (draw(st.integers(0, 20)) for _ in Case)
        days = (shortest, shortest + more, shortest + more + most)
        start = draw(st.sampled_from([0, 0, 0, -5, 12]))
        tasks.append(Task(name, days, start, draw(st.sampled_from([False, False, False, True]))))
        waits[name] = [before for before in names[:place] if draw(st.booleans())]
    return Drawn(tasks, waits, [name for name in names if draw(st.integers(0, 4)) == 0])


def reference(one: Drawn, task_id: str, case: Case) -> int:
    """When a task is finished: the longest of all ways to it, each walked. A closed task takes no time."""
    before = max((reference(one, earlier, case) for earlier in one.waits[task_id]), default=0)
    if task_id in one.closed:
        return before
    [found] = [task for task in one.tasks if task.id == task_id]
    if found.under_way:
        return max(found.start + found.days[case], before, 0)
    return max(found.start, before, 0) + found.days[case]


@given(drawn(), st.sampled_from(Case))
def test_as_the_longest_of_all_ways(one: Drawn, case: Case) -> None:
    found = spans(one.graph, case)

    assert {name: span.finish for name, span in found.items()} == {name: reference(one, name, case) for name in found}


@given(drawn(), st.sampled_from(Case))
def test_nothing_starts_before_what_it_waits_for(one: Drawn, case: Case) -> None:
    graph = one.graph
    found = spans(graph, case)
    under_way = {task.id for task in one.tasks if task.under_way}

    assert all(found[before].finish <= found[after].finish for before, after in graph.edges)
    assert all(found[before].finish <= found[after].start for before, after in graph.edges if after not in under_way)


@given(drawn(), st.sampled_from(Case))
def test_a_chain_ends_at_the_end_and_has_no_slack(one: Drawn, case: Case) -> None:
    graph = one.graph
    found = spans(graph, case)
    spare = slack(graph, found, case)
    lasts = sorted(name for name, span in found.items() if span.finish == end(found))
    chain = [name for last in lasts[:1] for name in chain_to(graph, found, last, case)]

    assert all(number >= 0 for number in spare.values())
    assert {spare[name] for name in chain} <= {0}
    assert all(before in graph.pred[after] for before, after in pairwise(chain))
    assert length(graph, chain, case) == end(found)


@given(drawn(), st.sampled_from(Case), st.data())
def test_slack_is_how_much_longer_one_task_may_take(one: Drawn, case: Case, data: st.DataObject) -> None:
    found = spans(one.graph, case)
    name = data.draw(st.sampled_from(sorted(found) or [""]))
    spare = slack(one.graph, found, case).get(name, 0)

    def end_if_it_finishes(later: int) -> int:
        """The task is held back until then, whatever its length."""
        held = [
            replace(task, days=(0, 0, 0), start=found[name].finish + later, under_way=True) if task.id == name else task
            for task in one.tasks
        ]
        return end(spans(replace(one, tasks=held).graph, case))

    assert not found or end_if_it_finishes(spare) == end(found)
    assert not found or end_if_it_finishes(spare + 1) > end(found)


@given(drawn(), st.data())
def test_what_is_done_makes_nothing_later(one: Drawn, data: st.DataObject) -> None:
    closed = data.draw(st.sampled_from(one.tasks))
    done = replace(one, closed=[*dict.fromkeys([*one.closed, closed.id])])
    before, after = finishes(one.graph), finishes(done.graph)

    assert all(finish <= before[name] for name, finish in after.items())


@given(drawn(), st.data(), st.integers(1, 30))
def test_what_takes_longer_makes_nothing_earlier(one: Drawn, data: st.DataObject, more: int) -> None:
    chosen = data.draw(st.sampled_from(one.tasks))
    shortest, middle, longest = chosen.days
    slower = replace(chosen, days=(shortest + more, middle + more, longest + more))
    slowed = replace(one, tasks=[slower if task is chosen else task for task in one.tasks])
    before, after = finishes(one.graph), finishes(slowed.graph)

    assert all(finish >= before[name] for name, finish in after.items())


@given(drawn(), st.randoms())
def test_the_order_in_which_tasks_are_given_changes_nothing(one: Drawn, random: Random) -> None:
    tasks, closed = list(one.tasks), list(one.closed)
    random.shuffle(tasks)
    random.shuffle(closed)
    waits = {name: before[::-1] for name, before in reversed(one.waits.items())}
    graph, mixed = one.graph, Drawn(tasks, waits, closed).graph
    found, found_mixed = likely(graph), likely(mixed)

    assert found == found_mixed
    assert slack(graph, found, LIKELY) == slack(mixed, found_mixed, LIKELY)
    assert {name: chain_to(graph, found, name, LIKELY) for name in found} == {
        name: chain_to(mixed, found_mixed, name, LIKELY) for name in found
    }
