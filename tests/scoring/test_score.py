"""Single rules, each on the smallest catalogue that shows it."""

from __future__ import annotations

import datetime as dt

import pytest

from assessments.catalogue.schema import Clearing, EvidenceGrade, FactTest, Gate, LevelQuestion, Stage, Strength
from assessments.scoring.answers import Answer, Answers, AnswerState, GateAnswer, GateState
from assessments.scoring.result import Ageing, Colour, Range, Result
from assessments.scoring.score import score
from tests.scoring.strategies import AS_OF, FACTS, FRESH, make_barrier, make_catalogue, make_gate, make_question

E0, E1, E2, E3 = EvidenceGrade
DONT_KNOW = Answer(AnswerState.DONT_KNOW)
LEFT_OUT = Answer(AnswerState.NOT_APPLICABLE)
MET, NOT_MET = GateAnswer(GateState.MET, E3, FRESH), GateAnswer(GateState.NOT_MET)


def at(level: int, grade: EvidenceGrade = E3, dated: dt.date | None = FRESH) -> Answer:
    return Answer(AnswerState.ANSWERED, level=level, evidence=grade, evidence_date=dated)


def score_one(
    questions: list[LevelQuestion],
    given: list[Answer | None],
    gates: list[Gate] | None = None,
    states: list[GateAnswer | None] | None = None,
    **facts: bool,
) -> Result:
    """One barrier, answered in the order of its questions and gates; None is not answered."""
    gates, states = gates or [], states or []
    catalogue = make_catalogue([make_barrier("a", questions, gates, [])], FACTS)
    answers = Answers(
        Stage.PLAN,
        AS_OF,
        facts,
        {question.id: answer for question, answer in zip(questions, given, strict=True) if answer},
        {gate.id: state for gate, state in zip(gates, states, strict=True) if state},
    )
    return score(catalogue, answers)


def four(**given: object) -> list[LevelQuestion]:
    """Four questions that need level 2; what is given holds for the first."""
    return [make_question("a.q0", **given), *(make_question(f"a.q{number}") for number in (1, 2, 3))]


def words(both: Range) -> tuple[str, str]:
    return both.worst.colour.word, both.best.colour.word


# Rule 5 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "essential", "colour", "rule"),
    [
        ([2, 2, 2, 2], False, "Green", "5.green.no-gap"),
        ([1, 2, 2, 2], False, "Green", "5.green.one-small-gap"),
        ([0, 2, 2, 2], False, "Amber", "5.amber.gaps"),
        ([1, 2, 2, 2], True, "Amber", "5.amber.gaps"),
        ([0, 2, 2, 2], True, "Red", "5.red.essential-gap"),
        ([1, 1, 2, 2], False, "Red", "5.red.half-the-weight"),
        ([4, 4, 4, 4], True, "Green", "5.green.no-gap"),
    ],
)
def test_colour_of_a_barrier(levels: list[int], essential: bool, colour: str, rule: str) -> None:
    barrier = score_one(four(essential=essential), [at(level) for level in levels]).barriers[0]

    assert words(barrier.supported) == (colour, colour)
    assert barrier.supported.worst.rule == rule


@pytest.mark.parametrize(
    ("strength", "state", "colour", "whole"),
    [
        (Strength.HARD, MET, "Green", "Green"),
        (Strength.HARD, NOT_MET, "Red", "Red"),
        (Strength.LIMITING, NOT_MET, "Amber", "Amber"),
    ],
)
def test_gates_come_first(strength: Strength, state: GateAnswer, colour: str, whole: str) -> None:
    result = score_one(four(), [at(4)] * 4, [make_gate("a.g0", strength)], [state])

    assert words(result.barriers[0].supported) == (colour, colour)
    assert words(result.supported) == (whole, whole)


@pytest.mark.parametrize(("level", "colour"), [(4, "Green"), (3, "Amber"), (2, "Red"), (1, "Red"), (0, "Red")])
def test_an_essential_gap_is_red_from_two_levels_on(level: int, colour: str) -> None:
    questions = four(essential=True, required=dict.fromkeys(Stage, 4))

    barrier = score_one(questions, [at(level), at(2), at(2), at(2)]).barriers[0]

    assert words(barrier.supported) == (colour, colour)


def test_one_small_gap_beside_a_wide_one_is_amber() -> None:
    questions = [*four(), make_question("a.q4")]

    barrier = score_one(questions, [at(1), at(0), at(2), at(2), at(2)]).barriers[0]

    assert words(barrier.supported) == ("Amber", "Amber")


def test_two_small_gaps_are_amber() -> None:
    questions = [*four(), make_question("a.q4")]

    barrier = score_one(questions, [at(1), at(1), at(2), at(2), at(2)]).barriers[0]

    assert (words(barrier.supported), barrier.supported.worst.rule) == (("Amber", "Amber"), "5.amber.gaps")


def test_only_what_the_rule_speaks_of_is_named() -> None:
    """Red by an essential gap: neither the small gap nor the limiting gate beside it has a part in that."""
    questions = [*four(essential=True), make_question("a.q4")]
    gate = make_gate("a.g0", Strength.LIMITING)

    decision = score_one(questions, [at(0), at(1), at(2), at(2), at(2)], [gate], [NOT_MET]).barriers[0].supported.worst

    assert decision.rule == "5.red.essential-gap"
    assert [trigger.id for trigger in decision.triggers] == ["a.q0"]


def test_what_is_essential_is_named_first_then_the_widest_gap() -> None:
    needs_four = dict.fromkeys(Stage, 4)
    questions = [make_question(f"a.q{n}", required=needs_four, essential=n == 3) for n in range(4)]

    decision = score_one(questions, [at(3), at(1), at(2), at(3)]).barriers[0].supported.worst

    assert [trigger.id for trigger in decision.triggers] == ["a.q3", "a.q1", "a.q2", "a.q0"]


def test_every_reason_for_red_is_given() -> None:
    decision = (
        score_one(four(essential=True), [at(0), at(1), at(2), at(2)], [make_gate("a.g0")], [NOT_MET])
        .barriers[0]
        .supported.worst
    )

    assert decision.sentence == (
        "Red because one hard gate is open, one essential question is two or more levels short"
        " and questions with a gap make up 50% of the weight (half or more)."
    )
    assert [trigger.id for trigger in decision.triggers] == ["a.g0", "a.q0", "a.q1"]


# Rule 6 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("colours", "limiting", "whole", "rule"),
    [
        ("ggg", False, Colour.GREEN, "6.6"),
        ("agg", False, Colour.GREEN, "6.6"),
        ("aag", False, Colour.AMBER, "6.5"),
        ("aaa", False, Colour.AMBER, "6.5"),
        ("ggg", True, Colour.AMBER, "6.4"),
        ("rgg", False, Colour.AMBER, "6.3"),
        ("raa", True, Colour.AMBER, "6.3"),
        ("rrg", False, Colour.RED, "6.2"),
        ("nnn", False, Colour.NOT_APPLICABLE, "6.0"),
        ("ngg", False, Colour.GREEN, "6.6"),
        ("nan", False, Colour.GREEN, "6.6"),
    ],
)
def test_colour_of_the_whole(colours: str, limiting: bool, whole: Colour, rule: str) -> None:
    answers = {"g": [at(2)] * 4, "a": [at(0), at(2), at(2), at(2)], "r": [at(0)] * 4, "n": [LEFT_OUT] * 4}
    barriers = [
        make_barrier(
            f"b{number}",
            [make_question(f"b{number}.q{question}") for question in range(4)],
            [make_gate(f"b{number}.g", Strength.LIMITING)] if limiting and number == 2 else [],
            [],
        )
        for number in range(3)
    ]
    given = {f"b{n}.q{q}": answers[colour][q] for n, colour in enumerate(colours) for q in range(4)}

    result = score(make_catalogue(barriers, FACTS), Answers(Stage.PLAN, AS_OF, {}, given, {"b2.g": NOT_MET}))

    assert (result.supported.worst.colour, result.supported.worst.rule) == (whole, rule)


def test_of_open_gates_only_the_hard_ones_make_the_whole_red() -> None:
    gates = [make_gate("a.limiting", Strength.LIMITING), make_gate("a.hard")]

    decision = score_one(four(), [at(4)] * 4, gates, [NOT_MET, NOT_MET]).supported.worst

    assert (decision.rule, [trigger.id for trigger in decision.triggers]) == ("6.1", ["a.hard"])


def test_a_single_amber_barrier_is_named_as_a_condition_of_green() -> None:
    barriers = [make_barrier(name, [make_question(f"{name}.q{n}") for n in range(4)], [], []) for name in "ab"]
    given = {f"{name}.q{n}": at(0 if (name, n) == ("a", 0) else 2) for name in "ab" for n in range(4)}

    decision = score(make_catalogue(barriers, FACTS), Answers(Stage.PLAN, AS_OF, {}, given)).supported.worst

    assert decision.colour is Colour.GREEN
    assert [(trigger.kind, trigger.id) for trigger in decision.triggers] == [("barrier", "a")]


# Rule 7 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "dated", "supported", "ageing"),
    [
        (E0, None, 1, Ageing.NONE),
        (E1, FRESH, 2, Ageing.NONE),
        (E2, FRESH, 3, Ageing.NONE),
        (E3, FRESH, 4, Ageing.NONE),
        (E3, dt.date(2025, 11, 21), 4, Ageing.NONE),
        (E3, dt.date(2025, 11, 20), 3, Ageing.OLD),
        (E3, dt.date(2001, 1, 1), 3, Ageing.OLD),
        (E3, None, 3, Ageing.UNDATED),
        (E1, None, 1, Ageing.UNDATED),
        (E0, dt.date(2001, 1, 1), 1, Ageing.NONE),
    ],
)
def test_evidence_caps_a_claim_of_level_4(
    grade: EvidenceGrade, dated: dt.date | None, supported: int, ageing: Ageing
) -> None:
    question = score_one([make_question("a.q0")], [at(4, grade, dated)]).barriers[0].questions[0]

    assert (question.claimed, question.supported, question.ageing) == (4, supported, ageing)
    assert question.evidence_gap == 4 - supported


@pytest.mark.parametrize(
    ("grade", "dated", "state"),
    [
        (E1, FRESH, GateState.NOT_KNOWN),
        (E2, FRESH, GateState.MET),
        (E2, None, GateState.NOT_KNOWN),
        (E3, dt.date(2001, 1, 1), GateState.MET),
    ],
)
def test_a_gate_is_met_only_on_the_evidence_it_names(
    grade: EvidenceGrade, dated: dt.date | None, state: GateState
) -> None:
    gate = make_gate("a.g0", clearing=Clearing(who="Somebody", evidence="A minute", grade=E2))
    result = score_one(four(), [at(4)] * 4, [gate], [GateAnswer(GateState.MET, grade, dated)])

    assert (result.barriers[0].gates[0].claimed, result.barriers[0].gates[0].supported) == (GateState.MET, state)
    assert words(result.claimed) == ("Green", "Green")


def test_the_words_for_a_claim_above_its_evidence() -> None:
    decision = score_one(four(essential=True), [at(3, E0), at(2), at(2), at(2)]).barriers[0].supported.worst

    assert [trigger.text for trigger in decision.triggers] == [
        "Question a.q0 is claimed at level 3, but an assertion without evidence supports level 1;"
        " this stage needs level 2, and the question is essential."
    ]


# Rules 2 and 8 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unknown", [None, DONT_KNOW])
def test_an_unknown_is_scored_at_worst_and_at_best(unknown: Answer | None) -> None:
    barrier = score_one(four(essential=True), [unknown, at(2), at(2), at(2)]).barriers[0]

    assert words(barrier.supported) == ("Red", "Green")
    assert barrier.index == (38, 62)
    assert (barrier.coverage, barrier.profile) == (75, (0, 0, 3, 0, 0))


def test_a_gate_said_not_to_apply_without_leave_of_the_catalogue_is_not_known() -> None:
    gate = score_one(four(), [at(4)] * 4, [make_gate("a.g0")], [GateAnswer(GateState.NOT_APPLICABLE)])

    assert words(gate.supported) == ("Red", "Green")


def test_a_gate_that_does_not_apply_leaves() -> None:
    gate = make_gate("a.g0", not_applicable_when="There is none.")
    result = score_one(four(), [at(4)] * 4, [gate], [GateAnswer(GateState.NOT_APPLICABLE)])

    assert words(result.supported) == ("Green", "Green")


def test_without_an_applicable_question_an_open_gate_colours_and_a_met_gate_does_not() -> None:
    gate = make_gate("a.g0", Strength.LIMITING)

    assert words(score_one(four(), [LEFT_OUT] * 4, [gate], [NOT_MET]).barriers[0].supported) == ("Amber", "Amber")
    assert score_one(four(), [LEFT_OUT] * 4, [gate], [MET]).barriers[0].supported.best.colour is Colour.NOT_APPLICABLE


# What only may apply ----------------------------------------------------------------------------------------

ONLY_IF = {"when": FactTest(fact="flag", is_=True)}


def test_a_gap_that_may_apply_counts_at_worst_and_leaves_at_best() -> None:
    answers: list[Answer | None] = [at(0), at(2), at(2), at(2)]
    barrier = score_one(four(essential=True, **ONLY_IF), answers).barriers[0]

    assert words(barrier.supported) == ("Red", "Green")
    assert barrier.questions[0].may_apply
    assert barrier.index == (38, 50)
    assert "It may not apply" in barrier.supported.worst.triggers[0].text


def test_a_level_that_may_apply_counts_in_the_lower_end_only_where_it_lowers() -> None:
    assert score_one(four(**ONLY_IF), [at(3), at(2), at(2), at(2)]).barriers[0].index == (50, 56)


def test_a_gate_that_may_apply_is_open_only_at_worst() -> None:
    result = score_one(four(), [at(2)] * 4, [make_gate("a.g0", when=FactTest(fact="flag", is_=True))], [NOT_MET])

    assert words(result.supported) == ("Red", "Green")


def test_the_missing_fact_is_to_be_found_out() -> None:
    answers: list[Answer | None] = [at(0), at(2), at(2), at(2)]
    [unknown] = score_one(four(essential=True, **ONLY_IF), answers).find_out_first

    assert (unknown.kind, unknown.id, unknown.barrier, unknown.moves_colour) == ("fact", "flag", None, True)
    assert unknown.effect == (
        "Decides whether Question a.q0 applies."
        " If it turns out well, the worst case rises: the whole from Amber to Green"
        " and Barrier a from Red to Green."
        " If it turns out badly, the best case falls: the whole from Green to Amber"
        " and Barrier a from Green to Red."
        " It owns 25 points of the index range of a barrier."
    )


def test_with_the_fact_given_nothing_may_apply() -> None:
    answers: list[Answer | None] = [at(0), at(2), at(2), at(2)]
    result = score_one(four(essential=True, **ONLY_IF), answers, flag=False)

    assert words(result.supported) == ("Green", "Green")
    assert result.find_out_first == ()


# What is never said -----------------------------------------------------------------------------------------


def test_no_sentence_advises_or_gives_odds() -> None:
    result = score_one(four(essential=True), [at(0), None, DONT_KNOW, at(3, E0)], [make_gate("a.g0")], [None])
    decisions = [
        decision
        for both in (result.supported, result.claimed, result.barriers[0].supported, result.barriers[0].claimed)
        for decision in (both.worst, both.best)
    ]
    said = " ".join(
        [decision.sentence for decision in decisions]
        + [trigger.text for decision in decisions for trigger in decision.triggers]
        + [unknown.effect for unknown in result.find_out_first]
    ).lower()

    assert [word for word in ("should", "probab", "likely", "chance", "recommend") if word in said] == []
