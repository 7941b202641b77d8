"""The fourteen properties that every implementation must hold (scoring method, section 6)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.catalogue.conditions import Truth, evaluate
from assessments.catalogue.schema import (
    Catalogue,
    EvidenceGrade,
    FactQuestion,
    FactTest,
    FactValue,
    LevelQuestion,
    Strength,
)
from assessments.planning.actions import plan_actions
from assessments.planning.document import document, to_json
from assessments.scoring import barrier as barrier_rule
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState, Service
from assessments.scoring.fingerprint import fingerprint
from assessments.scoring.levels import aged, ageing_of, last_day_of_life, supported_level
from assessments.scoring.result import Ageing, BarrierResult, Colour, Decision, QuestionResult, Range, Result
from assessments.scoring.rounding import whole_per_cent
from assessments.scoring.score import score
from assessments.scoring.tally import Tally
from tests.scoring.strategies import (
    AS_OF,
    FACT_VALUES,
    FACTS,
    FRESH,
    GRADES,
    OLD,
    Case,
    answers_to,
    cases,
    make_barrier,
    make_catalogue,
    make_question,
)

T = TypeVar("T")


def scored(case: Case) -> Result:
    return score(case.catalogue, case.answers)


def ranges(result: Result) -> dict[str, Range]:
    """Every range of a result by a name, so that two results can be compared range by range."""
    named = {"whole": result.supported, "whole claimed": result.claimed}
    for barrier in result.barriers:
        named |= {barrier.id: barrier.supported, f"{barrier.id} claimed": barrier.claimed}
    return named


def decisions(result: Result) -> dict[str, Decision]:
    return {
        f"{name} {end}": decision
        for name, both in ranges(result).items()
        for end, decision in (("worst", both.worst), ("best", both.best))
    }


def assert_nowhere_worse(after: Result, before: Result) -> None:
    worse = [
        (name, decision.colour, decisions(after)[name].colour)
        for name, decision in decisions(before).items()
        if decisions(after)[name].colour.standing < decision.colour.standing
    ]
    assert worse == []


# 1 ----------------------------------------------------------------------------------------------------------


@given(cases(), st.data())
def test_1_raising_a_level_never_worsens_a_colour(case: Case, data: st.DataObject) -> None:
    answered = [q for q in case.questions() if is_level(case.answers.questions.get(q.id))]
    assume(answered)
    question = data.draw(st.sampled_from(answered))
    answer = case.answers.questions[question.id]
    higher = replace(answer, level=data.draw(st.integers(answer.level or 0, 4)))

    assert_nowhere_worse(scored(case.with_answer(question.id, higher)), scored(case))


@given(cases(), st.data())
def test_1_better_evidence_for_a_level_never_worsens_a_colour(case: Case, data: st.DataObject) -> None:
    answered = [q for q in case.questions() if is_level(case.answers.questions.get(q.id))]
    assume(answered)
    question = data.draw(st.sampled_from(answered))
    answer = case.answers.questions[question.id]
    better = replace(
        answer, evidence=data.draw(grades_from(answer.evidence)), evidence_date=data.draw(dates_from(answer))
    )

    assert_nowhere_worse(scored(case.with_answer(question.id, better)), scored(case))


@given(cases(), st.data())
def test_1_better_evidence_for_a_gate_never_worsens_a_colour(case: Case, data: st.DataObject) -> None:
    answered = [g for g in case.gates() if g.id in case.answers.gates]
    assume(answered)
    gate = data.draw(st.sampled_from(answered))
    answer = case.answers.gates[gate.id]
    better = replace(
        answer, evidence=data.draw(grades_from(answer.evidence)), evidence_date=data.draw(dates_from(answer))
    )

    assert_nowhere_worse(scored(case.with_gate(gate.id, better)), scored(case))


@given(cases(), st.data())
def test_1_meeting_a_gate_never_worsens_a_colour(case: Case, data: st.DataObject) -> None:
    gates = case.gates()
    assume(gates)
    gate = data.draw(st.sampled_from(gates))

    assert_nowhere_worse(scored(case.with_gate_settled(gate.id, proved_gate(GateState.MET))), scored(case))


@given(cases(), st.data())
def test_1_settling_an_unknown_well_never_worsens_a_colour(case: Case, data: st.DataObject) -> None:
    unknown = [q for q in case.questions() if is_unknown(case.answers.questions.get(q.id))]
    assume(unknown)
    question = data.draw(st.sampled_from(unknown))

    assert_nowhere_worse(scored(case.with_answer(question.id, proved(4))), scored(case))


def is_level(answer: Answer | None) -> bool:
    return answer is not None and answer.state is AnswerState.ANSWERED


def is_unknown(answer: Answer | None) -> bool:
    return answer is None or answer.state is AnswerState.DONT_KNOW


def proved(level: int) -> Answer:
    return Answer(AnswerState.ANSWERED, level=level, evidence=EvidenceGrade.E3, evidence_date=FRESH)


def proved_gate(state: GateState) -> GateAnswer:
    return GateAnswer(state, EvidenceGrade.E3, FRESH)


def grades_from(grade: EvidenceGrade) -> st.SearchStrategy[EvidenceGrade]:
    return st.sampled_from(GRADES[GRADES.index(grade) :])


def dates_from(answer: Answer | GateAnswer) -> st.SearchStrategy[dt.date | None]:
    """Dating what was undated, at any date, and newer evidence are improvements."""
    return st.just(FRESH) if answer.evidence_date in (FRESH, OLD) else st.sampled_from([None, OLD, FRESH])


# 2 ----------------------------------------------------------------------------------------------------------


@given(cases(), st.data())
def test_2_every_completion_lies_between_worst_and_best(case: Case, data: st.DataObject) -> None:
    """Unknown answers and gates are settled at random, and missing facts given at random."""
    completed = with_facts(case, {fact: data.draw(FACT_VALUES[kind]) for fact, kind in missing_facts(case)})
    for question in unknown_questions(completed):
        completed = completed.with_answer_settled(question, proved(data.draw(st.integers(0, 4))))
    for gate in unproved_gates(completed):
        state = data.draw(st.sampled_from([GateState.MET, GateState.NOT_MET]))
        completed = completed.with_gate_settled(gate, proved_gate(state))

    assert_between(scored(completed), scored(case))


@given(cases())
def test_2_what_is_not_decided_yet_is_as_good_as_missing(case: Case) -> None:
    undecided = with_facts(case, {"form": "open"})
    profile = {fact: value for fact, value in case.answers.profile.items() if fact != "form"}
    missing = Case(case.catalogue, replace(case.answers, profile=profile))
    assert scored(undecided) == scored(missing)


@given(cases(max_barriers=2, max_questions=3))
def test_2_every_completion_by_brute_force(case: Case) -> None:
    """All completions of up to three unknowns: none lies outside, and without missing facts both ends are met."""
    result = scored(case)
    unknown = len(unknown_questions(case)) + len(unproved_gates(case)) + len(missing_facts(case))
    assume(1 <= unknown <= 3)

    completions = [scored(completed) for completed in completions_of(case)]

    for completed in completions:
        assert_between(completed, result)
    if not missing_facts(case):
        assert_ends_are_met(completions, result)


@given(cases(facts_missing=False))
def test_2_both_ends_are_reachable(case: Case) -> None:
    result = scored(case)
    worst = best = case
    for question in unknown_questions(case):
        worst = worst.with_answer_settled(question, proved(0))
        best = best.with_answer_settled(question, proved(4))
    for gate in unproved_gates(case):
        worst = worst.with_gate_settled(gate, GateAnswer(GateState.NOT_MET))
        best = best.with_gate_settled(gate, proved_gate(GateState.MET))

    assert_ends_are_met([scored(worst), scored(best)], result)


def missing_facts(case: Case) -> list[tuple[str, str]]:
    asked = case.asked
    facts = [item for item in case.catalogue.items.values() if isinstance(item, FactQuestion)]
    return [(fact.id, fact.kind) for fact in facts if asked.asks(fact.id) and fact.id not in asked.facts]


def with_facts(case: Case, facts: Mapping[str, FactValue]) -> Case:
    profile = {**case.answers.profile, **facts}
    return Case(case.catalogue, replace(case.answers, profile=profile))


def unknown_questions(case: Case) -> list[str]:
    return [q.id for b in scored(case).barriers for q in b.questions if q.is_unknown]


def unproved_gates(case: Case) -> list[str]:
    return [g.id for b in scored(case).barriers for g in b.gates if g.counts is GateState.NOT_KNOWN]


def completions_of(case: Case) -> Iterator[Case]:
    """Facts first: what they decide may bring further unknowns."""
    facts = missing_facts(case)
    choices: dict[str, list[FactValue]] = {"yes_no": [True, False], "number": list(range(21)), "choice": ["one", "two"]}
    if facts:
        fact, kind = facts[0]
        for value in choices[kind]:
            yield from completions_of(with_facts(case, {fact: value}))
        return
    for question in unknown_questions(case)[:1]:
        for level in range(5):
            yield from completions_of(case.with_answer_settled(question, proved(level)))
        return
    for gate in unproved_gates(case)[:1]:
        for state in (GateState.MET, GateState.NOT_MET):
            yield from completions_of(case.with_gate_settled(gate, proved_gate(state)))
        return
    yield case


def assert_between(completed: Result, result: Result) -> None:
    pairs = [(result.supported, completed.supported)]
    pairs += [(barrier.supported, completed.barrier(barrier.id).supported) for barrier in result.barriers]
    for both, settled in pairs:
        assert settled.known
        assert both.worst.colour.standing <= settled.best.colour.standing <= both.best.colour.standing
    for barrier in result.barriers:
        low, high = barrier.index or (0, 100)
        settled_low, settled_high = completed.barrier(barrier.id).index or (low, high)
        assert low <= settled_low
        assert settled_high <= high


def assert_ends_are_met(completions: list[Result], result: Result) -> None:
    for name, both in ranges(result).items():
        if not name.endswith("claimed"):
            colours = [ranges(completed)[name].worst.colour.standing for completed in completions]
            assert (min(colours), max(colours)) == (both.worst.colour.standing, both.best.colour.standing)
    for barrier in result.barriers:
        settled = [completed.barrier(barrier.id).index for completed in completions]
        ends = [index for index in settled if index is not None]
        assert barrier.index == (None if not ends else (min(ends)[0], max(ends)[1]))


# 3 ----------------------------------------------------------------------------------------------------------


@given(cases(), st.data())
def test_3_a_hard_gate_not_met_is_red_whatever_else(case: Case, data: st.DataObject) -> None:
    asked = case.asked
    hard = [
        gate
        for gate in case.gates()
        if gate.binds[case.answers.stage] is Strength.HARD and asked.truth(gate.id) is Truth.TRUE
    ]
    assume(hard)
    gate = data.draw(st.sampled_from(hard))

    result = scored(case.with_gate_settled(gate.id, proved_gate(GateState.NOT_MET)))

    owner = case.catalogue.barrier_of(gate.id)
    assert owner is not None
    barrier = result.barrier(owner.id)
    reds = [result.supported, result.claimed, barrier.supported, barrier.claimed]
    assert {decision.colour for both in reds for decision in (both.worst, both.best)} == {Colour.RED}


# 4 ----------------------------------------------------------------------------------------------------------


@given(cases(), st.data())
def test_4_answers_to_hidden_questions_have_no_effect(case: Case, data: st.DataObject) -> None:
    asked = case.asked
    other = data.draw(answers_to(case.catalogue))
    hidden = replace(
        case.answers,
        profile={**case.answers.profile, **{key: value for key, value in other.profile.items() if not asked.asks(key)}},
        questions={
            **case.answers.questions,
            **{key: value for key, value in other.questions.items() if not asked.asks(key)},
        },
        gates={**case.answers.gates, **{key: value for key, value in other.gates.items() if not asked.asks(key)}},
        agreed={**case.answers.agreed, **{key: value for key, value in other.agreed.items() if not asked.asks(key)}},
    )

    assert score(case.catalogue, hidden) == scored(case)


# 5 ----------------------------------------------------------------------------------------------------------


@given(cases(), st.data())
def test_5_not_applicable_only_leaves_both_sums(case: Case, data: st.DataObject) -> None:
    """The result is that of a catalogue in which the question does not stand at all."""
    questions = case.questions()
    assume(questions)
    question = data.draw(st.sampled_from(questions))

    left_out = scored(case.with_answer_settled(question.id, Answer(AnswerState.NOT_APPLICABLE)))
    without = score(without_question(case.catalogue, question), case.answers)

    assert ranges(left_out) == ranges(without)
    assert left_out.index == without.index
    for barrier in left_out.barriers:
        other = without.barrier(barrier.id)
        assert (barrier.index, barrier.coverage, barrier.profile) == (other.index, other.coverage, other.profile)


def without_question(catalogue: Catalogue, question: LevelQuestion) -> Catalogue:
    barriers = [
        make_barrier(
            barrier.id,
            [kept for kept in barrier.levels if kept.id != question.id],
            list(barrier.gates),
            [fact for fact in barrier.questions if isinstance(fact, FactQuestion)],
        )
        for barrier in catalogue.barriers
    ]
    return make_catalogue(barriers, list(catalogue.profile.facts))


# 6 ----------------------------------------------------------------------------------------------------------


@given(cases(), st.data())
def test_6_a_blank_and_a_level_0_are_told_apart(case: Case, data: st.DataObject) -> None:
    questions = case.questions()
    assume(questions)
    question = data.draw(st.sampled_from(questions))
    kept = {key: value for key, value in case.answers.questions.items() if key != question.id}

    blank = Case(case.catalogue, replace(case.answers, questions=kept)).with_agreed(question.id, None)
    zero = blank.with_answer(question.id, Answer(AnswerState.ANSWERED, level=0))

    blank_question, blank_barrier = find(scored(blank), question)
    zero_question, zero_barrier = find(scored(zero), question)
    assert (blank_question.state, blank_question.claimed) == (AnswerState.NOT_ANSWERED, None)
    assert (zero_question.state, zero_question.claimed) == (AnswerState.ANSWERED, 0)
    assert zero_barrier.profile[0] == blank_barrier.profile[0] + 1
    assert (zero_barrier.coverage or 0) > (blank_barrier.coverage or 0)
    assert question.id in {unknown.id for unknown in scored(blank).find_out_first}
    assert question.id not in {unknown.id for unknown in scored(zero).find_out_first}
    assert fingerprint("", blank.answers) != fingerprint("", zero.answers)


def find(result: Result, question: LevelQuestion) -> tuple[QuestionResult, BarrierResult]:
    return next((q, b) for b in result.barriers for q in b.questions if q.id == question.id)


# 7 ----------------------------------------------------------------------------------------------------------


@given(cases(), st.randoms(use_true_random=False))
def test_7_order_makes_no_difference(case: Case, rng: random.Random) -> None:
    shuffled = Case(shuffled_catalogue(case.catalogue, rng), shuffled_answers(case.answers, rng))
    before, after = scored(case), scored(shuffled)

    assert unordered(before) == unordered(after)
    assert [(u.kind, u.id) for u in before.find_out_first] == [(u.kind, u.id) for u in after.find_out_first]
    assert fingerprint("", case.answers) == fingerprint("", shuffled.answers)


def shuffled_catalogue(catalogue: Catalogue, rng: random.Random) -> Catalogue:
    barriers = [
        make_barrier(
            barrier.id,
            mixed(barrier.levels, rng),
            mixed(barrier.gates, rng),
            [fact for fact in barrier.questions if isinstance(fact, FactQuestion)],
        )
        for barrier in mixed(catalogue.barriers, rng)
    ]
    return make_catalogue(barriers, mixed(catalogue.profile.facts, rng))


def shuffled_answers(answers: Answers, rng: random.Random) -> Answers:
    return replace(
        answers,
        profile=dict(mixed(answers.profile.items(), rng)),
        questions=dict(mixed(answers.questions.items(), rng)),
        gates=dict(mixed(answers.gates.items(), rng)),
        agreed=dict(mixed(answers.agreed.items(), rng)),
    )


def mixed(things: Iterable[T], rng: random.Random) -> list[T]:
    listed = list(things)
    return rng.sample(listed, len(listed))


def unordered(result: Result) -> object:
    """Everything in a result but the digest and the order of lists."""
    found = {
        name: (decision.colour, decision.rule, decision.sentence, set(decision.triggers))
        for name, decision in decisions(result).items()
    }
    barriers = {
        b.id: (b.index, b.claimed_index, b.coverage, b.profile, b.not_applicable_share, set(b.questions), set(b.gates))
        for b in result.barriers
    }
    return found, barriers, result.index, result.claimed_index


# 8 ----------------------------------------------------------------------------------------------------------


@given(cases(), st.integers(2, 50))
def test_8_weights_times_a_constant_give_the_same(case: Case, factor: int) -> None:
    before, after = scored(case), score(weighted(case.catalogue, factor), case.answers)

    assert decisions(before) == decisions(after)
    assert (before.index, before.claimed_index) == (after.index, after.claimed_index)
    assert before.find_out_first == after.find_out_first
    figures = [[(b.index, b.coverage, b.not_applicable_share) for b in r.barriers] for r in (before, after)]
    assert figures[0] == figures[1]


def weighted(catalogue: Catalogue, factor: int) -> Catalogue:
    barriers = [
        make_barrier(
            barrier.id,
            [question.model_copy(update={"weight": question.weight * factor}) for question in barrier.levels],
            list(barrier.gates),
            [fact for fact in barrier.questions if isinstance(fact, FactQuestion)],
        )
        for barrier in catalogue.barriers
    ]
    return make_catalogue(barriers, list(catalogue.profile.facts))


# 9 ----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 4), st.sampled_from(GRADES), st.sampled_from(Ageing))
def test_9_supported_is_never_above_claimed(claimed: int, grade: EvidenceGrade, ageing: Ageing) -> None:
    assert supported_level(claimed, aged(grade, ageing)) <= claimed


@given(st.integers(0, 4), st.sampled_from(GRADES), st.sampled_from(GRADES), st.sampled_from(Ageing))
def test_9_lower_evidence_never_raises_a_level(
    claimed: int, one: EvidenceGrade, other: EvidenceGrade, ageing: Ageing
) -> None:
    lower, higher = sorted([one, other])

    assert supported_level(claimed, aged(lower, ageing)) <= supported_level(claimed, aged(higher, ageing))


@given(cases())
def test_9_no_question_of_a_result_is_supported_above_its_claim(case: Case) -> None:
    questions = [question for barrier in scored(case).barriers for question in barrier.questions]

    assert [q.id for q in questions if q.claimed is not None and (q.supported or 0) > q.claimed] == []
    assert [q.id for q in questions if (q.claimed is None) != (q.supported is None)] == []


@given(cases())
def test_9_a_cap_never_raises_and_never_touches_a_claim(case: Case) -> None:
    capped, free = scored(case), score(case.catalogue, replace(case.answers, caps={}))

    assert_nowhere_worse(free, capped)
    for barrier in capped.barriers:
        without = free.barrier(barrier.id)
        assert barrier.claimed == without.claimed
        pairs = list(zip(barrier.questions, without.questions, strict=True))
        assert [now.id for now, then in pairs if (now.supported or 0) > (then.supported or 0)] == []
        assert [now.id for now, _ in pairs if now.cap and (now.supported or 0) > (now.cap.highest or 0)] == []
        assert [now.id for now, _ in pairs if now.cap and (now.counts or 0) > (now.cap.highest or 0)] == []
        assert [gate.id for gate in barrier.gates if gate.cap and gate.supported is GateState.MET] == []
        assert [gate.id for gate in barrier.gates if gate.cap and gate.counts is GateState.MET] == []


@given(cases())
def test_9_what_a_cap_lowers_is_no_evidence_gap(case: Case) -> None:
    """So that nobody is sent for proof where a calculation disagrees."""
    for barrier in score(case.catalogue, replace(case.answers, agreed={})).barriers:
        for question in barrier.questions:
            lowered = (question.claimed or 0) - (question.supported or 0)
            assert lowered == question.evidence_gap or question.is_capped
        assert not any(gate.is_capped and gate.lacks_proof for gate in barrier.gates)


# 10 ---------------------------------------------------------------------------------------------------------


@given(cases())
def test_10_the_same_inputs_give_the_same_result_and_the_same_bytes(case: Case) -> None:
    copy = case.catalogue.model_copy(deep=True)

    assert score(copy, case.answers) == scored(case)
    assert as_json(Case(copy, case.answers)) == as_json(case)


def as_json(case: Case) -> bytes:
    result = scored(case)
    actions = plan_actions(case.catalogue, result, case.answers)
    inputs = fingerprint(case.catalogue.digest, case.answers)
    return to_json(document(result, actions, fingerprint=inputs, service=Service()))


# 11 ---------------------------------------------------------------------------------------------------------


@given(cases())
def test_11_index_ends_are_in_order_and_in_range(case: Case) -> None:
    result = scored(case)
    indexes = [result.index, result.claimed_index]
    indexes += [index for barrier in result.barriers for index in (barrier.index, barrier.claimed_index)]

    assert [index for index in indexes if index is not None and not 0 <= index[0] <= index[1] <= 100] == []


# 12 ---------------------------------------------------------------------------------------------------------


@given(cases(), st.data())
def test_12_no_applicable_question_is_never_green(case: Case, data: st.DataObject) -> None:
    barrier = data.draw(st.sampled_from(case.catalogue.barriers))
    for question in barrier.levels:
        case = case.with_answer_settled(question.id, Answer(AnswerState.NOT_APPLICABLE))

    result = scored(case).barrier(barrier.id)

    for both in (result.supported, result.claimed):
        for decision in (both.worst, both.best):
            is_coloured = decision.colour in (Colour.RED, Colour.AMBER)
            assert is_coloured or decision.colour is Colour.NOT_APPLICABLE
            assert is_coloured == any(trigger.kind == "gate" for trigger in decision.triggers)
    assert (result.index, result.coverage, result.profile) == (None, None, (0, 0, 0, 0, 0))


# 13 ---------------------------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.data())
def test_13_a_share_of_weight_short_is_in_one_band(weight: int, data: st.DataObject) -> None:
    """Half is Red, less than half is not."""
    short = data.draw(st.sampled_from(sorted({max(weight // 2, 1), -(-weight // 2), weight // 2 + 1})))
    assume(0 < short <= weight)
    counts = Tally(questions=9, weight=weight, gaps=2, gap_weight=short)

    assert (barrier_rule.colour(counts) is Colour.RED) == (short * 2 >= weight)


@given(st.dates(OLD, AS_OF), st.integers(1, 60))
def test_13_evidence_is_within_its_life_to_its_last_day(dated: dt.date, months: int) -> None:
    last = last_day_of_life(dated, months)
    day_after = last.fromordinal(last.toordinal() + 1)

    assert ageing_of(EvidenceGrade.E2, dated, months, last) is Ageing.NONE
    assert ageing_of(EvidenceGrade.E2, dated, months, day_after) is Ageing.OLD


@pytest.mark.parametrize(("left_out", "flagged"), [(1, False), (2, True)])
def test_13_exactly_a_fifth_not_applicable_is_not_flagged(left_out: int, flagged: bool) -> None:
    questions = [make_question(f"a.q{number}") for number in range(5)]
    catalogue = make_catalogue([make_barrier("a", questions, [], [])], FACTS)
    given_answers = {q.id: Answer(AnswerState.NOT_APPLICABLE) for q in questions[:left_out]}

    result = score(catalogue, Answers(next(iter(questions[0].required)), AS_OF, {}, given_answers))

    assert result.barriers[0].too_much_not_applicable is flagged


@given(st.integers(-5, 30), st.integers(0, 20))
def test_13_a_number_is_at_least_a_limit_or_below_it(number: int, limit: int) -> None:
    at_least = evaluate(FactTest(fact="size", at_least=limit), {"size": number}, AS_OF)
    below = evaluate(FactTest(fact="size", below=limit), {"size": number}, AS_OF)

    assert {at_least, below} == {Truth.TRUE, Truth.FALSE}


@given(st.integers(0, 400), st.integers(1, 400))
def test_13_a_share_rounds_to_the_nearest_per_cent(part: int, whole: int) -> None:
    assume(part <= whole)
    rounded = whole_per_cent(part, whole)

    assert abs(rounded * whole - 100 * part) * 2 <= whole
    assert rounded <= whole_per_cent(part + 1, whole)


# 14 ---------------------------------------------------------------------------------------------------------


@given(cases())
def test_14_every_red_and_amber_names_a_trigger(case: Case) -> None:
    result = scored(case)
    unexplained = [
        name
        for name, decision in decisions(result).items()
        if decision.colour in (Colour.RED, Colour.AMBER) and not decision.triggers
    ]

    assert unexplained == []


@given(cases())
def test_14_explanations_are_sentences_that_name_what_exists(case: Case) -> None:
    result = scored(case)
    titles = {item.id: item.title for item in case.catalogue.items.values()}
    titles |= {barrier.id: barrier.title for barrier in case.catalogue.barriers}
    triggers = [trigger for decision in decisions(result).values() for trigger in decision.triggers]

    assert [t for t in triggers if not t.text.startswith(titles[t.id]) or not t.text.endswith(".")] == []
    assert [
        d.sentence for d in decisions(result).values() if not d.sentence.startswith(f"{d.colour.word} because ")
    ] == []
