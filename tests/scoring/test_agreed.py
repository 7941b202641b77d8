"""What is agreed with an adviser: it decides the colour, beside what was claimed and what the evidence supports."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.catalogue.schema import (
    Catalogue,
    ContradictionRule,
    EvidenceGrade,
    Gate,
    GateTest,
    LevelQuestion,
    LevelTest,
    Rules,
    Stage,
    Strength,
)
from assessments.scoring import sentences
from assessments.scoring.agreed import agreed_from_dict, agreed_to_dict
from assessments.scoring.answers import (
    AgreedGate,
    AgreedLevel,
    Answer,
    Answers,
    AnswerState,
    Cap,
    GateAnswer,
    GateState,
    Rating,
)
from assessments.scoring.answers_file import parse
from assessments.scoring.fingerprint import fingerprint
from assessments.scoring.result import Confidence, EvidenceStrength, GateResult, QuestionResult, Range, Result
from assessments.scoring.score import score
from assessments.scoring.serialise import result_from_dict, result_to_dict
from tests.scoring.strategies import (
    AS_OF,
    FACTS,
    FRESH,
    Case,
    agreed_gates,
    agreed_levels,
    cases,
    make_barrier,
    make_catalogue,
    make_gate,
    make_question,
)
from tests.scoring.test_properties import assert_nowhere_worse, scored

E0, E1, E2, E3 = EvidenceGrade
DONT_KNOW, NOT_APPLICABLE = AnswerState.DONT_KNOW, AnswerState.NOT_APPLICABLE
MET, NOT_MET, NOT_KNOWN = GateState.MET, GateState.NOT_MET, GateState.NOT_KNOWN

QUESTIONS = [make_question("a.q0", essential=True), *(make_question(f"a.q{number}") for number in (1, 2, 3))]
GATES = [
    make_gate("a.hard"),
    make_gate("a.limiting", Strength.LIMITING, not_applicable_when="There is none."),
]
CATALOGUE = make_catalogue([make_barrier("a", QUESTIONS, GATES, [])], FACTS)


def at(level: int, grade: EvidenceGrade = E3) -> Answer:
    return Answer(AnswerState.ANSWERED, level=level, evidence=grade, evidence_date=FRESH)


ANSWERS = Answers(
    Stage.PLAN,
    AS_OF,
    {},
    {question.id: at(2) for question in QUESTIONS},
    {gate.id: GateAnswer(MET, E3, FRESH) for gate in GATES},
)


def reviewed(
    agreed: dict[str, AgreedLevel | AgreedGate], answers: Answers = ANSWERS, catalogue: Catalogue = CATALOGUE
) -> Result:
    return score(catalogue, replace(answers, agreed=agreed))


def answered(answer: Answer | None, question: str = "a.q0") -> Answers:
    others = {key: value for key, value in ANSWERS.questions.items() if key != question}
    return replace(ANSWERS, questions=others if answer is None else {**others, question: answer})


def gate_answered(answer: GateAnswer | None, gate: str = "a.hard") -> Answers:
    others = {key: value for key, value in ANSWERS.gates.items() if key != gate}
    return replace(ANSWERS, gates=others if answer is None else {**others, gate: answer})


def question_of(result: Result, question: str = "a.q0") -> QuestionResult:
    return next(found for found in result.barriers[0].questions if found.id == question)


def gate_of(result: Result, gate: str = "a.hard") -> GateResult:
    return next(found for found in result.barriers[0].gates if found.id == gate)


def words(both: Range) -> tuple[str, str]:
    return both.worst.colour.word, both.best.colour.word


# What counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "agreed", "levels", "supported", "claimed"),
    [
        pytest.param(at(2), AgreedLevel(0, 0), (2, 2, 0), "Red", "Green", id="lower than the evidence"),
        pytest.param(at(2, E0), AgreedLevel(2, 2), (2, 1, 2), "Green", "Green", id="higher than the evidence"),
        pytest.param(at(1, E0), AgreedLevel(2, 2), (1, 1, 2), "Green", "Amber", id="higher than the claim"),
        pytest.param(None, AgreedLevel(2, 2), (None, None, 2), "Green", "Red to Green", id="never answered"),
        pytest.param(at(2), AgreedLevel(0, 2), (2, 2, 2), "Green", "Green", id="after talking"),
        pytest.param(at(2), AgreedLevel(0, None), (2, 2, 0), "Red", "Green", id="dissent: the adviser's"),
        pytest.param(at(2), AgreedLevel(2, DONT_KNOW), (2, 2, None), "Red to Green", "Green", id="nobody knows"),
        pytest.param(at(0), AgreedLevel(2, NOT_APPLICABLE), (0, 0, None), "Green", "Red", id="does not apply"),
        pytest.param(
            Answer(NOT_APPLICABLE), AgreedLevel(0, 0), (None, None, 0), "Red", "Green", id="applies after all"
        ),
    ],
)
def test_level_that_counts(
    answer: Answer | None,
    agreed: AgreedLevel,
    levels: tuple[int | None, int | None, int | None],
    supported: str,
    claimed: str,
) -> None:
    result = reviewed({"a.q0": agreed}, answered(answer))
    question = question_of(result)

    assert (question.claimed, question.supported, question.counts) == levels
    assert " to ".join(dict.fromkeys(words(result.barriers[0].supported))) == supported
    assert " to ".join(dict.fromkeys(words(result.barriers[0].claimed))) == claimed


@pytest.mark.parametrize(
    ("answer", "agreed", "states", "supported"),
    [
        (GateAnswer(MET, E3, FRESH), AgreedGate(NOT_MET, NOT_MET), (MET, MET, NOT_MET), "Red"),
        (GateAnswer(MET, E0), AgreedGate(MET, MET), (MET, NOT_KNOWN, MET), "Green"),
        (None, AgreedGate(MET, MET), (NOT_KNOWN, NOT_KNOWN, MET), "Green"),
        (GateAnswer(MET, E3, FRESH), AgreedGate(NOT_MET, None), (MET, MET, NOT_MET), "Red"),
        (GateAnswer(MET, E3, FRESH), AgreedGate(NOT_MET, NOT_KNOWN), (MET, MET, NOT_KNOWN), "Red to Green"),
        (GateAnswer(NOT_MET), AgreedGate(NOT_MET, MET), (NOT_MET, NOT_MET, MET), "Green"),
    ],
)
def test_gate_that_counts(
    answer: GateAnswer | None, agreed: AgreedGate, states: tuple[GateState, GateState, GateState], supported: str
) -> None:
    result = reviewed({"a.hard": agreed}, gate_answered(answer))
    gate = gate_of(result)

    assert (gate.claimed, gate.supported, gate.counts) == states
    assert " to ".join(dict.fromkeys(words(result.supported))) == supported


def test_hard_gate_cannot_be_left_out_by_an_adviser() -> None:
    both = AgreedGate(GateState.NOT_APPLICABLE, GateState.NOT_APPLICABLE)

    result = reviewed({"a.hard": both, "a.limiting": both})

    assert (gate_of(result).counts, gate_of(result, "a.limiting").counts) == (NOT_KNOWN, GateState.NOT_APPLICABLE)


def test_calculator_caps_what_is_agreed() -> None:
    answers = replace(ANSWERS, caps={"a.q0": Cap(1, "the money runs out"), "a.hard": Cap(None, "it runs out")})

    result = reviewed({"a.q0": AgreedLevel(2, 2), "a.hard": AgreedGate(MET, MET)}, answers)

    assert (question_of(result).counts, question_of(result).is_capped) == (1, True)
    assert (gate_of(result).counts, gate_of(result).is_capped) == (NOT_KNOWN, True)
    assert result.has_caps


def test_what_is_agreed_beyond_the_cap_falls_short_by_what_the_cap_leaves() -> None:
    answers = replace(ANSWERS, caps={"a.q0": Cap(0, "the money runs out")})

    question = question_of(reviewed({"a.q0": AgreedLevel(2, 2)}, answers))

    assert (question.required, question.gap_worst, question.gap_best) == (2, 2, 2)


def test_what_nobody_knows_is_worth_its_cap_at_best() -> None:
    answers = replace(ANSWERS, caps={"a.q0": Cap(1, "the money runs out")})

    question = question_of(reviewed({"a.q0": AgreedLevel(DONT_KNOW, DONT_KNOW)}, answers))

    assert (question.required, question.gap_worst, question.gap_best) == (2, 2, 1)


def test_claim_beyond_the_cap_leaves_the_figures_aside_whatever_is_agreed() -> None:
    answers = replace(answered(at(4)), caps={"a.q0": Cap(2, "the money runs out")})

    result = reviewed({"a.q0": AgreedLevel(2, 2)}, answers)

    assert (question_of(result).is_capped, result.has_caps) == (False, True)


@pytest.mark.parametrize(("level", "caps"), [(4, {}), (3, {"a.q0": Cap(3, "the money runs out")})])
def test_figures_speak_against_no_claim_that_they_bear_out(level: int, caps: dict[str, Cap]) -> None:
    assert not reviewed({}, replace(answered(at(level)), caps=caps)).has_caps


def test_cap_above_what_is_agreed_holds_nothing_down() -> None:
    answers = replace(answered(at(4)), caps={"a.q0": Cap(2, "the money runs out")})

    question = question_of(reviewed({"a.q0": AgreedLevel(1, 1)}, answers))

    assert (question.supported, question.counts, question.is_capped) == (2, 1, False)


def test_evidence_that_supports_less_than_the_cap_is_what_holds_a_claim_down() -> None:
    answers = replace(answered(at(4, E1)), caps={"a.q0": Cap(3, "the money runs out")})

    question = question_of(reviewed({}, answers))

    assert (question.supported, question.evidence_gap, question.is_capped) == (2, 2, False)


def test_figures_of_a_barrier_follow_what_counts() -> None:
    agreed: dict[str, AgreedLevel | AgreedGate] = {
        "a.q0": AgreedLevel(4, 4),
        "a.q1": AgreedLevel(DONT_KNOW, DONT_KNOW),
        "a.q2": AgreedLevel(NOT_APPLICABLE, NOT_APPLICABLE),
    }

    barrier = reviewed(agreed).barriers[0]

    assert barrier.profile == (0, 0, 1, 0, 1)
    assert (barrier.index, barrier.claimed_index) == ((50, 83), (50, 50))
    assert barrier.coverage == 66
    assert (barrier.not_applicable_share, barrier.too_much_not_applicable) == (25, True)
    assert [unknown.id for unknown in reviewed(agreed).find_out_first] == ["a.q1"]


def test_evidence_for_a_claim_that_settled_nothing_makes_nothing_firmer() -> None:
    unsettled: dict[str, AgreedLevel | AgreedGate] = {
        question.id: AgreedLevel(DONT_KNOW, DONT_KNOW) for question in QUESTIONS
    }
    before, after = reviewed({}).barriers[0].confidence, reviewed(unsettled).barriers[0].confidence

    assert isinstance(before, Confidence)
    assert isinstance(after, Confidence)
    assert (before.evidence.word, after.evidence.word) == (EvidenceStrength.ROBUST, EvidenceStrength.LIMITED)


def test_what_is_agreed_not_to_apply_leaves_the_weight_that_evidence_is_a_share_of() -> None:
    answers = answered(at(2, E0))
    left_out = reviewed({"a.q0": AgreedLevel(NOT_APPLICABLE, NOT_APPLICABLE)}, answers).barriers[0].confidence
    before = reviewed({}, answers).barriers[0].confidence

    assert isinstance(before, Confidence)
    assert isinstance(left_out, Confidence)
    assert (before.evidence.share, left_out.evidence.share) == (75, 100)


def test_settled_answers_no_longer_contradict() -> None:
    contradiction = ContradictionRule.model_validate(
        {
            "id": "too-high",
            "title": "Too high",
            "text": "It cannot be so.",
            "barriers": ("a",),
            "mend": "Look again.",
            "owner": "Service lead",
            "when": LevelTest(question="a.q0", at_least=2),
        }
    )
    catalogue = CATALOGUE.model_copy(update={"rules": Rules(contradictions=(contradiction,)), "digest": "agreed"})

    assert [found.id for found in reviewed({}, catalogue=catalogue).contradictions] == ["too-high"]
    assert reviewed({"a.q0": AgreedLevel(1, 1)}, catalogue=catalogue).contradictions == ()
    assert [
        found.id for found in reviewed({"a.q0": AgreedLevel(3, 3)}, answered(at(0)), catalogue=catalogue).contradictions
    ] == ["too-high"]


def test_settled_gates_no_longer_contradict() -> None:
    contradiction = ContradictionRule.model_validate(
        {
            "id": "too-good",
            "title": "Too good",
            "text": "It cannot be so.",
            "barriers": ("a",),
            "mend": "Look again.",
            "owner": "Service lead",
            "when": GateTest(gate="a.hard", is_="met"),
        }
    )
    catalogue = CATALOGUE.model_copy(update={"rules": Rules(contradictions=(contradiction,)), "digest": "agreed gate"})

    assert [found.id for found in reviewed({}, catalogue=catalogue).contradictions] == ["too-good"]
    assert reviewed({"a.hard": AgreedGate(NOT_MET, NOT_MET)}, catalogue=catalogue).contradictions == ()


def test_what_is_reviewed_and_what_is_not_agreed() -> None:
    result = reviewed({"a.q2": AgreedLevel(1, None), "a.q1": AgreedLevel(1, 1), "a.hard": AgreedGate(MET, MET)})

    assert [item.id for item in result.reviewed] == ["a.hard", "a.q1", "a.q2"]
    assert [item.id for item in result.dissents] == ["a.q2"]


# What must hold for any answers -----------------------------------------------------------------------------


def level_questions(case: Case) -> list[LevelQuestion]:
    found = case.questions()
    assume(found)
    return found


def asked_gates(case: Case) -> list[Gate]:
    found = case.gates()
    assume(found)
    return found


@given(cases(), st.data())
def test_raising_an_agreed_level_never_worsens_a_colour(case: Case, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(level_questions(case)))
    low, high = sorted([data.draw(st.integers(0, 4)), data.draw(st.integers(0, 4))])

    lower = scored(case.with_agreed(question.id, AgreedLevel(low, low)))
    higher = scored(case.with_agreed(question.id, AgreedLevel(high, high)))

    assert_nowhere_worse(higher, lower)


@given(cases(), st.data())
def test_agreeing_that_a_gate_is_met_never_worsens_a_colour(case: Case, data: st.DataObject) -> None:
    gate = data.draw(st.sampled_from(asked_gates(case)))

    unmet = scored(case.with_agreed(gate.id, AgreedGate(NOT_MET, NOT_MET)))
    met = scored(case.with_agreed(gate.id, AgreedGate(MET, MET)))

    assert_nowhere_worse(met, unmet)


@given(cases())
def test_what_is_claimed_does_not_depend_on_what_is_agreed(case: Case) -> None:
    with_review, without = scored(case), score(case.catalogue, replace(case.answers, agreed={}))

    assert (with_review.claimed, with_review.claimed_index) == (without.claimed, without.claimed_index)
    for barrier in with_review.barriers:
        other = without.barrier(barrier.id)
        assert (barrier.claimed, barrier.claimed_index) == (other.claimed, other.claimed_index)
        assert [(question.claimed, question.supported) for question in barrier.questions] == [
            (question.claimed, question.supported) for question in other.questions
        ]
        assert [(gate.claimed, gate.supported) for gate in barrier.gates] == [
            (gate.claimed, gate.supported) for gate in other.gates
        ]


@given(cases())
def test_agreeing_what_the_evidence_supports_changes_no_colour_and_no_figure(case: Case) -> None:
    plain = Case(case.catalogue, replace(case.answers, agreed={}))
    settled = plain
    for barrier in scored(plain).barriers:
        for question in barrier.questions:
            settled = settled.with_agreed(question.id, as_supported(question))
        for gate in barrier.gates:
            settled = settled.with_agreed(gate.id, AgreedGate(gate.supported, gate.supported))

    before, after = scored(plain), scored(settled)

    assert colours(before) == colours(after)
    assert before.index == after.index
    assert [unknown.id for unknown in before.find_out_first] == [unknown.id for unknown in after.find_out_first]
    for barrier in before.barriers:
        other = after.barrier(barrier.id)
        assert (barrier.index, barrier.coverage, barrier.profile) == (other.index, other.coverage, other.profile)
        assert barrier.not_applicable_share == other.not_applicable_share


def as_supported(question: QuestionResult) -> AgreedLevel | None:
    """None for what is not answered: an adviser cannot leave blank what the service left blank."""
    rating: Rating | AnswerState = question.state if question.supported is None else question.supported
    return None if rating is AnswerState.NOT_ANSWERED else AgreedLevel(rating, rating)


def colours(result: Result) -> dict[str, tuple[str, str]]:
    return {"whole": words(result.supported)} | {barrier.id: words(barrier.supported) for barrier in result.barriers}


@given(cases(), st.data())
def test_a_dissent_counts_as_the_adviser_has_it(case: Case, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(level_questions(case)))
    own = data.draw(agreed_levels).adviser

    dissent = scored(case.with_agreed(question.id, AgreedLevel(own, None, client_words="We do not agree.")))
    agreed = scored(case.with_agreed(question.id, AgreedLevel(own, own)))

    assert colours(dissent) == colours(agreed)
    assert dissent.index == agreed.index


@given(cases(), st.data())
def test_agreeing_that_nobody_knows_is_as_not_answering(case: Case, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(level_questions(case)))
    unknown = scored(case.with_agreed(question.id, AgreedLevel(DONT_KNOW, DONT_KNOW)))

    asked_again = scored(case.with_answer_settled(question.id, Answer(DONT_KNOW)))

    assert colours(unknown) == colours(asked_again)
    assert unknown.index == asked_again.index
    assert question.id in {found.id for found in unknown.find_out_first}


@given(cases(), st.data())
def test_gate_agreed_not_known_widens_as_one_not_answered(case: Case, data: st.DataObject) -> None:
    gate = data.draw(st.sampled_from(asked_gates(case)))

    unknown = scored(case.with_agreed(gate.id, AgreedGate(NOT_KNOWN, NOT_KNOWN)))

    assert colours(unknown) == colours(scored(case.with_gate_settled(gate.id, GateAnswer(NOT_KNOWN))))
    assert gate.id in {found.id for found in unknown.find_out_first}


@given(cases())
def test_everything_that_is_settled_has_its_sentence(case: Case) -> None:
    told = {item.id: sentences.settled(item) for item in scored(case).reviewed}

    assert [text for text in told.values() if not text.endswith(".") or "None" in text or "  " in text] == []
    assert not [item for item in scored(case).dissents if "does not agree" not in told[item.id]]


# Kept and read ----------------------------------------------------------------------------------------------


def plain_of(result: Result) -> dict[str, Any]:
    barrier = json.loads(json.dumps(result_to_dict(result)))["barriers"]["a"]
    return {item["id"]: item for item in (*barrier["questions"], *barrier["gates"])}


def test_stored_only_where_reviewed() -> None:
    dissent = AgreedLevel(1, None, "A draft.", "It is final.")
    plain = plain_of(reviewed({"a.q0": dissent, "a.hard": AgreedGate(MET, MET)}))
    keys = {item_id: {"agreed", "counts"} & set(item) for item_id, item in plain.items()}

    assert keys == {
        "a.q0": {"agreed", "counts"},
        "a.q1": set(),
        "a.q2": set(),
        "a.q3": set(),
        "a.hard": {"agreed", "counts"},
        "a.limiting": set(),
    }
    assert plain["a.q0"] == {
        **plain_of(reviewed({}))["a.q0"],
        "agreed": {
            "adviser": 1,
            "agreed": None,
            "reason": "A draft.",
            "client_words": "It is final.",
            "dissent": True,
        },
        "counts": 1,
        "gap_worst": 1,
        "gap_best": 1,
    }


@given(cases())
def test_stored_result_comes_back_with_every_kind_of_word(case: Case) -> None:
    """Equal is not enough: "not applicable" of a question and that of a gate are equal as text."""
    result = scored(case)

    assert repr(result_from_dict(json.loads(json.dumps(result_to_dict(result))))) == repr(result)


@given(cases(), st.data())
def test_fingerprint_covers_what_is_agreed(case: Case, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(level_questions(case)))
    found = data.draw(agreed_levels)
    settled = case.with_agreed(question.id, found)

    others = [
        case.with_agreed(question.id, None),
        case.with_agreed(question.id, replace(found, reason="Seen.")),
        case.with_agreed(question.id, replace(found, client_words="No.")),
        case.with_agreed(question.id, AgreedLevel(found.counts, found.counts if found.dissent else None)),
    ]

    assert fingerprint("", settled.answers) not in {fingerprint("", other.answers) for other in others}


@given(st.dictionaries(st.sampled_from([q.id for q in QUESTIONS]), agreed_levels), st.none() | agreed_gates)
def test_kept_as_in_an_answers_file_and_read_as_one(levels: dict[str, AgreedLevel], gate: AgreedGate | None) -> None:
    agreed: dict[str, AgreedLevel | AgreedGate] = {**levels}
    agreed |= {} if gate is None else {"a.limiting": replace(gate, reason="Seen.", client_words="No")}
    plain = json.loads(json.dumps(agreed_to_dict(agreed)))
    file = {"catalogue": "2026.9", "stage": "plan", "as_of": "2026-11-21", "agreed": plain}

    assert repr(agreed_from_dict(CATALOGUE, plain)) == repr({key: agreed[key] for key in sorted(agreed)})
    assert parse(json.dumps(file).encode(), "a.json", lambda _: CATALOGUE).answers.agreed == agreed


# Words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "agreed", "text"),
    [
        (
            at(3, E1),
            AgreedLevel(2, 2),
            "Agreed with the adviser at level 2; the service said 3, the evidence supports 2.",
        ),
        (
            at(3, E1),
            AgreedLevel(1, 2),
            "Agreed with the adviser at level 2; the service said 3, the adviser 1, the evidence supports 2.",
        ),
        (
            at(3, E1),
            AgreedLevel(1, None, client_words="the board has seen it"),
            "The adviser's level 1 is used; the service said 3, the evidence supports 2."
            " The service does not agree: the board has seen it.",
        ),
        (
            None,
            AgreedLevel(DONT_KNOW, None),
            "The adviser's “don't know” is used; the service said nothing. The service does not agree.",
        ),
        (
            Answer(NOT_APPLICABLE),
            AgreedLevel(NOT_APPLICABLE, NOT_APPLICABLE),
            "Agreed with the adviser as “not applicable”; the service said “not applicable”.",
        ),
    ],
)
def test_sentence_of_a_question(answer: Answer | None, agreed: AgreedLevel, text: str) -> None:
    assert sentences.settled(question_of(reviewed({"a.q0": agreed}, answered(answer)))) == text


@pytest.mark.parametrize(
    ("answer", "agreed", "text"),
    [
        (
            GateAnswer(MET, E1, FRESH),
            AgreedGate(NOT_MET, NOT_MET),
            "Agreed with the adviser as “not met”; the service said “met”, the evidence does not show it.",
        ),
        (
            GateAnswer(MET, E3, FRESH),
            AgreedGate(NOT_KNOWN, None, client_words="Why?"),
            "The adviser's “not known” is used; the service said “met”, the evidence shows it."
            " The service does not agree: Why?",
        ),
        (None, AgreedGate(MET, MET), "Agreed with the adviser as “met”; the service said nothing."),
    ],
)
def test_sentence_of_a_gate(answer: GateAnswer | None, agreed: AgreedGate, text: str) -> None:
    assert sentences.settled(gate_of(reviewed({"a.hard": agreed}, gate_answered(answer)))) == text


def test_what_nobody_reviewed_has_no_sentence() -> None:
    assert sentences.settled(question_of(reviewed({}))) == ""


@pytest.mark.parametrize(
    ("agreed", "text"),
    [
        (
            {"a.q0": AgreedLevel(0, 0)},
            "Question a.q0 counts as level 0, as agreed with the adviser (the service said 2, the evidence supports 2);"
            " this stage needs level 2, and the question is essential.",
        ),
        (
            {"a.q0": AgreedLevel(0, None)},
            "Question a.q0 counts as level 0, as the adviser sees it and the service does not (the service said 2,"
            " the evidence supports 2); this stage needs level 2, and the question is essential.",
        ),
        (
            {"a.q0": AgreedLevel(DONT_KNOW, DONT_KNOW)},
            "Question a.q0 is not known, as agreed with the adviser, so the worst case takes level 0 (the service said"
            " 2, the evidence supports 2); this stage needs level 2, and the question is essential.",
        ),
        (
            {"a.hard": AgreedGate(NOT_MET, NOT_MET)},
            "Gate a.hard is a hard gate and is not met, as agreed with the adviser (the service said “met”, the"
            " evidence shows it).",
        ),
        (
            {"a.hard": AgreedGate(NOT_KNOWN, None)},
            "Gate a.hard is a hard gate and is not known to be met, as the adviser sees it and the service does not, so"
            " the worst case takes it as not met (the service said “met”, the evidence shows it).",
        ),
    ],
)
def test_trigger_says_that_it_was_settled(agreed: dict[str, AgreedLevel | AgreedGate], text: str) -> None:
    barrier = reviewed(agreed).barriers[0]

    assert [trigger.text for trigger in barrier.supported.worst.triggers] == [text]


def test_trigger_of_what_is_claimed_is_silent_on_the_review() -> None:
    barrier = reviewed({"a.q0": AgreedLevel(4, 4)}, answered(at(0))).barriers[0]

    assert [trigger.text for trigger in barrier.claimed.worst.triggers] == [
        "Question a.q0 is claimed at level 0; this stage needs level 2, and the question is essential."
    ]


@pytest.mark.parametrize(
    ("items", "dissents", "text"),
    [
        (1, 0, "One question or gate is settled with an adviser."),
        (12, 2, "12 questions and gates are settled with an adviser, two of them without agreement."),
    ],
)
def test_how_much_is_reviewed(items: int, dissents: int, text: str) -> None:
    assert sentences.reviewed(items, dissents) == text
