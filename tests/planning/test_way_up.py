"""The shortest way up (scoring method, rule 15), held against every other set of changes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessments.catalogue.schema import FactTest, Stage, Strength
from assessments.planning.way_up import way_up, ways_up_of_barriers
from assessments.scoring import tally
from assessments.scoring.answers import Answer, Answers, AnswerState, GateState
from assessments.scoring.changes import Change, cleared, raised, with_changes
from assessments.scoring.result import Colour, Result
from assessments.scoring.runs import EVIDENCED_WORST
from assessments.scoring.score import score
from tests.scoring.short_cases import level_answer, short_cases
from tests.scoring.strategies import (
    AS_OF,
    FACTS,
    Case,
    cases,
    make_barrier,
    make_catalogue,
    make_gate,
    make_question,
)
from tests.scoring.test_properties import scored, shuffled_answers, shuffled_catalogue, weighted
from tests.scoring.test_worked_example import CATALOGUE, make_answers

MOST_TRIED = 8
WHOLE = "the whole"
Ids = frozenset[str]


def ids(changes: Iterable[Change]) -> Ids:
    return frozenset(change.id for change in changes)


def possible(result: Result) -> list[Change]:
    """Every change that could do anything to the worst case."""
    gates = [gate for barrier in result.barriers for gate in barrier.gates if tally.is_open(gate, EVIDENCED_WORST)]
    questions = [question for barrier in result.barriers for question in barrier.questions if question.gap_worst]
    return [*map(cleared, gates), *map(raised, questions)]


def ways(result: Result) -> dict[str, tuple[Change, ...]]:
    return {WHOLE: way_up(result), **ways_up_of_barriers(result)}


def colours(result: Result) -> dict[str, Colour]:
    of_barriers = {barrier.id: barrier.supported.worst.colour for barrier in result.barriers}
    return {WHOLE: result.supported.worst.colour, **of_barriers}


def changed(case: Case, changes: Iterable[Change]) -> Result:
    return score(case.catalogue, with_changes(case.answers, case.catalogue, tuple(changes), AS_OF))


def every_set(case: Case, changes: list[Change]) -> dict[Ids, dict[str, Colour]]:
    sets = itertools.chain.from_iterable(itertools.combinations(changes, size) for size in range(len(changes) + 1))
    return {ids(chosen): colours(changed(case, chosen)) for chosen in sets}


def cost(chosen: Ids, changes: Mapping[str, Change], essential: Ids) -> tuple[int, int, int]:
    """The changes, the levels they raise, and the essential ones among them: fewest, fewest, most."""
    questions = [changes[item_id] for item_id in chosen if changes[item_id].kind == "question"]
    levels = sum(int(change.to) - int(change.from_ or 0) for change in questions)
    return len(chosen), levels, -len(chosen & essential)


def faults(case: Case) -> list[str]:
    """What is wrong with the ways up, judged by trying every set of changes."""
    result = scored(case)
    changes = {change.id: change for change in possible(result)}
    assume(len(changes) <= MOST_TRIED)
    tried = every_set(case, list(changes.values()))
    before, found = colours(result), ways(result)
    essential = frozenset(q.id for barrier in result.barriers for q in barrier.questions if q.essential)
    wrong = []
    for name, way in found.items():
        chosen = ids(way)
        if before[name].standing == Colour.GREEN.standing:
            wrong += [f"{name}: nothing is above"] * bool(way)
            continue
        reaching = [one for one, after in tried.items() if after[name].standing > before[name].standing]
        beyond = [one for one in tried if one >= chosen]
        wrong += [f"{name}: {set(chosen)} does not reach"] * (chosen not in reaching)
        wrong += [f"{name}: more than {set(chosen)} does not reach"] * (not set(beyond) <= set(reaching))
        best = min(cost(one, changes, essential) for one in reaching)
        wrong += [f"{name}: {set(chosen)} is not {best}"] * (cost(chosen, changes, essential) != best)
        wrong += [f"{name}: gates come first"] * (list(way) != sorted(way, key=lambda change: change.kind != "gate"))
    return wrong


@settings(max_examples=600)
@given(cases(max_barriers=3, max_questions=3))
def test_no_smaller_set_reaches_the_next_colour(case: Case) -> None:
    assert faults(case) == []


@settings(max_examples=1500)
@given(short_cases())
def test_no_smaller_set_reaches_the_next_colour_where_much_falls_short(case: Case) -> None:
    assert faults(case) == []


@settings(max_examples=150)
@given(cases(), st.data())
def test_the_ways_up_and_anything_more_reach_the_next_colour(case: Case, data: st.DataObject) -> None:
    result = scored(case)
    name = data.draw(st.sampled_from(sorted(ways(result))))
    way, before = ways(result)[name], colours(result)[name]
    assume(way)
    more = data.draw(st.lists(st.sampled_from(possible(result)), unique=True))

    assert colours(changed(case, way))[name].standing > before.standing
    assert colours(changed(case, (*way, *more)))[name].standing > before.standing


@given(cases(), st.randoms(use_true_random=False))
def test_order_chooses_nothing(case: Case, rng: random.Random) -> None:
    shuffled = Case(shuffled_catalogue(case.catalogue, rng), shuffled_answers(case.answers, rng))
    before, after = ways(scored(case)), ways(scored(shuffled))

    assert {name: set(way) for name, way in before.items()} == {name: set(way) for name, way in after.items()}


@given(short_cases(), st.integers(2, 50))
def test_weights_times_a_constant_choose_the_same(case: Case, factor: int) -> None:
    assert ways(scored(case)) == ways(score(weighted(case.catalogue, factor), case.answers))


# Examples ---------------------------------------------------------------------------------------------------


Asked = tuple[list[dict[str, object]], list[Strength]]


def make_case(*barriers: Asked, answers: Mapping[str, Answer]) -> Case:
    """Barriers a, b and so on with questions and open gates; a question without an answer stands at level 2."""
    made = []
    for name, (questions, gates) in zip("abcd", barriers, strict=False):
        asked = [make_question(f"{name}.q{number}", **given) for number, given in enumerate(questions)]
        made.append(make_barrier(name, asked, [make_gate(f"{name}.g{i}", one) for i, one in enumerate(gates)], []))
    catalogue = make_catalogue(made, FACTS)
    good = {question.id: level_answer(2) for barrier in made for question in barrier.levels}
    return Case(catalogue, Answers(Stage.PLAN, AS_OF, {}, good | dict(answers)))


def way_of(case: Case) -> list[str]:
    return [change.id for change in way_up(scored(case))]


def ways_of(case: Case) -> dict[str, list[str]]:
    return {name: [change.id for change in way] for name, way in ways_up_of_barriers(scored(case)).items()}


LOW = level_answer(0)
NEAR = level_answer(1)
HARD, LIMITING = Strength.HARD, Strength.LIMITING


def test_nothing_is_above_green() -> None:
    case = make_case(([{}, {}], []), answers={})

    assert (way_of(case), ways_of(case)) == ([], {"a": []})


def test_nothing_is_above_what_does_not_apply() -> None:
    case = make_case(([{}], []), answers={"a.q0": Answer(AnswerState.NOT_APPLICABLE)})

    assert (way_of(case), ways_of(case)) == ([], {"a": []})


def test_a_barrier_of_gates_alone_ends_as_not_applicable() -> None:
    case = make_case(([{}], [HARD, LIMITING]), answers={"a.q0": Answer(AnswerState.NOT_APPLICABLE)})
    result = scored(case)

    assert way_of(case) == ["a.g0"]
    assert colours(changed(case, way_up(result))) == {WHOLE: Colour.AMBER, "a": Colour.AMBER}
    cleared_case = Case(case.catalogue, with_changes(case.answers, case.catalogue, way_up(result), AS_OF))
    assert way_of(cleared_case) == ["a.g1"]
    assert colours(changed(cleared_case, way_up(scored(cleared_case))))["a"] is Colour.NOT_APPLICABLE


def test_out_of_red_the_limiting_gate_may_stay_open() -> None:
    case = make_case(([{}], [LIMITING, HARD]), answers={})

    assert (way_of(case), ways_of(case)) == (["a.g1"], {"a": ["a.g1"]})


def test_up_to_green_every_limiting_gate_goes_first() -> None:
    case = make_case(([{}, {}, {}], [LIMITING]), ([{}], [LIMITING]), answers={"a.q1": LOW})

    assert ways_of(case) == {"a": ["a.g0", "a.q1"], "b": ["b.g0"]}
    assert way_of(case) == ["a.g0", "b.g0"]


def test_the_heaviest_gap_goes_where_one_is_enough() -> None:
    case = make_case(([{"weight": 1}, {"weight": 3}, {"weight": 3}], []), answers={"a.q0": NEAR, "a.q1": NEAR})

    assert ways_of(case) == {"a": ["a.q1"]}


def test_of_sets_alike_the_fewest_levels_are_raised() -> None:
    case = make_case(([{}, {}, {}, {}], []), answers={"a.q0": LOW, "a.q1": LOW, "a.q2": NEAR})

    assert ways_of(case) == {"a": ["a.q0", "a.q2"]}


def test_of_sets_alike_an_essential_question_is_raised() -> None:
    case = make_case(([{}, {}, {"essential": True}, {}], []), answers={"a.q1": NEAR, "a.q2": NEAR})

    assert ways_of(case) == {"a": ["a.q2"]}


def test_only_what_may_apply_must_go_altogether() -> None:
    """While a gap is left it is all of the weight that counts, so nothing less than every gap is enough."""
    may_apply: dict[str, object] = {"when": FactTest(fact="flag", is_=True)}
    case = make_case(([may_apply, may_apply, may_apply], []), answers={"a.q0": NEAR, "a.q1": NEAR})

    assert ways_of(case) == {"a": ["a.q0", "a.q1"]}
    assert colours(changed(case, ways_up_of_barriers(scored(case))["a"]))["a"] is Colour.NOT_APPLICABLE


def test_one_small_gap_may_stay_in_each_barrier() -> None:
    """And one barrier may stay Amber altogether."""
    questions: list[dict[str, object]] = [{}, {}, {}, {}, {}]
    case = make_case((questions, []), (questions, []), answers=dict.fromkeys(["a.q0", "a.q1", "b.q0", "b.q1"], NEAR))

    assert (way_of(case), ways_of(case)) == (["a.q0"], {"a": ["a.q0"], "b": ["b.q0"]})


def test_a_small_gap_that_is_half_of_the_weight_may_not_stay() -> None:
    """One barrier is Red; to be Green the whole needs its heavy gap closed, and may keep the light one."""
    questions: list[dict[str, object]] = [{"weight": 3}, {"weight": 1}, {"weight": 1}]
    amber: Asked = ([{}, {}, {}], [LIMITING])
    case = make_case((questions, []), amber, answers={"a.q0": NEAR, "a.q1": NEAR})

    assert ways_of(case) == {"a": ["a.q0"], "b": ["b.g0"]}
    assert way_of(case) == ["b.g0", "a.q0"]


def test_the_barrier_that_would_cost_most_is_spared() -> None:
    questions: list[dict[str, object]] = [{}, {}, {}, {}]
    answers = dict.fromkeys(["a.q0", "a.q1", "b.q0", "b.q1", "b.q2", "c.q0", "c.q1"], NEAR)
    case = make_case((questions, []), (questions, []), (questions, []), answers=answers)

    assert ways_of(case) == {"a": ["a.q0"], "b": ["b.q0", "b.q1"], "c": ["c.q0"]}
    assert way_of(case) == ["a.q0", "c.q0"]


def test_of_barriers_alike_the_one_with_nothing_essential_to_raise_is_spared() -> None:
    case = make_case(([{}, {}], []), ([{"essential": True}, {}], []), answers={"a.q0": NEAR, "b.q0": NEAR})

    assert ways_of(case) == {"a": ["a.q0"], "b": ["b.q0"]}
    assert way_of(case) == ["b.q0"]


# The worked example -----------------------------------------------------------------------------------------


def test_worked_example_one_gate_is_the_way_out_of_red() -> None:
    (change,) = way_up(score(CATALOGUE, make_answers()))

    assert (change.kind, change.id, change.from_, change.to) == ("gate", "pensions.gate", "not_known", "met")
    assert change.text == "Settle the hard gate Pensions gate: show that it is met."


def test_worked_example_the_ways_up_of_its_areas() -> None:
    found = ways_up_of_barriers(score(CATALOGUE, make_answers()))

    assert {area: [change.text for change in way] for area, way in found.items() if way} == {
        "staff": ["Prove Staff and unions 0 at level 2: it is claimed at level 3, but supported at level 1."],
        "pensions": ["Settle the hard gate Pensions gate: show that it is met."],
        "finance": [
            "Prove Finance and working capital 0 at level 2: it is claimed at level 3, but supported at level 1."
        ],
    }


def test_worked_example_up_to_green() -> None:
    """Pensions stays Amber, as a condition: its unanswered question would be two levels to raise."""
    answers = make_answers(pensions=GateState.MET)
    case = Case(CATALOGUE, answers)
    way = way_up(scored(case))

    assert [change.id for change in way] == ["staff.q0", "finance.q0"]
    assert changed(case, way).supported.worst.colour is Colour.GREEN


@pytest.mark.parametrize("state", [GateState.NOT_MET, GateState.NOT_KNOWN])
def test_an_open_gate_is_a_change_whether_or_not_it_is_known(state: GateState) -> None:
    (change,) = way_up(score(CATALOGUE, make_answers(pensions=state)))

    assert (change.id, change.from_) == ("pensions.gate", state.value)
