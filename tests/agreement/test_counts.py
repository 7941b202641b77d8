"""Plain counts for one assessment."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.agreement.counts import Counts, Pair, counts, double_ratings
from assessments.agreement.ratings import Rating
from assessments.agreement.words import count_sentences
from assessments.scoring.answers import AnswerState, DoubleRatings, GateState

MET, NOT_MET, NOT_KNOWN, GATE_NOT_APPLICABLE = GateState
DONT_KNOW, NOT_APPLICABLE, NOT_ANSWERED = (
    AnswerState.DONT_KNOW,
    AnswerState.NOT_APPLICABLE,
    AnswerState.NOT_ANSWERED,
)

question_ratings = st.integers(0, 4) | st.sampled_from([DONT_KNOW, NOT_APPLICABLE, NOT_ANSWERED])
gate_ratings = st.sampled_from(GateState)
either = st.tuples(question_ratings, question_ratings) | st.tuples(gate_ratings, gate_ratings)


def counted(*said: tuple[Rating, Rating]) -> Counts:
    return counts(Pair(f"pensions.{number}", "pensions", *pair) for number, pair in enumerate(said))


def test_counts_levels_by_distance_and_direction() -> None:
    found = counted((3, 3), (2, 3), (4, 3), (4, 2), (4, 0)).questions
    assert (found.rated, found.exact, found.within_one) == (5, 1, 3)
    assert found.difference == Decimal("1.2")


@pytest.mark.parametrize(
    ("said", "difference"),
    [
        ([(4, 3), (3, 3), (3, 3), (3, 3)], "0.3"),
        ([(3, 4), (3, 3), (3, 3), (3, 3)], "-0.3"),
        ([(2, 3)] + [(3, 3)] * 29, "0.0"),
        ([(4, 0)], "4.0"),
    ],
)
def test_average_difference_is_rounded_alike_in_both_directions(
    said: list[tuple[Rating, Rating]], difference: str
) -> None:
    assert str(counted(*said).questions.difference) == difference


@pytest.mark.parametrize(
    ("pair", "counted_as"),
    [
        ((2, DONT_KNOW), "unknown_to_one"),
        ((NOT_ANSWERED, 0), "unknown_to_one"),
        ((2, NOT_APPLICABLE), "not_applicable_to_one"),
        ((NOT_APPLICABLE, DONT_KNOW), "not_applicable_to_one"),
        ((NOT_APPLICABLE, NOT_APPLICABLE), "without_level"),
        ((DONT_KNOW, NOT_ANSWERED), "without_level"),
    ],
)
def test_question_without_two_levels_is_counted_apart(pair: tuple[Rating, Rating], counted_as: str) -> None:
    found = counted(pair).questions
    assert getattr(found, counted_as) == 1
    assert (found.rated, found.exact, found.within_one, found.difference) == (0, 0, 0, None)


@pytest.mark.parametrize(
    ("pair", "rated", "agreed", "to_one", "to_both"),
    [
        ((MET, MET), 1, 1, 0, 0),
        ((NOT_KNOWN, NOT_KNOWN), 1, 1, 0, 0),
        ((MET, NOT_KNOWN), 1, 0, 0, 0),
        ((MET, NOT_MET), 1, 0, 0, 0),
        ((GATE_NOT_APPLICABLE, NOT_MET), 0, 0, 1, 0),
        ((GATE_NOT_APPLICABLE, GATE_NOT_APPLICABLE), 0, 0, 0, 1),
    ],
)
def test_gate_agrees_or_not_and_never_counts_as_question(
    pair: tuple[Rating, Rating], rated: int, agreed: int, to_one: int, to_both: int
) -> None:
    found = counted(pair)
    assert (found.gates.rated, found.gates.agreed) == (rated, agreed)
    assert (found.gates.not_applicable_to_one, found.gates.not_applicable_to_both) == (to_one, to_both)
    assert found.questions == counted().questions


def test_gate_against_question_is_refused() -> None:
    with pytest.raises(ValueError, match=r"pensions\.access"):
        Pair("pensions.access", "pensions", MET, 3)


@given(st.lists(either))
def test_every_pair_is_counted_once(said: list[tuple[Rating, Rating]]) -> None:
    found = counted(*said)
    questions, gates = found.questions, found.gates
    apart = questions.unknown_to_one + questions.not_applicable_to_one + questions.without_level
    assert questions.rated + apart + gates.rated + gates.not_applicable_to_one + gates.not_applicable_to_both == len(
        said
    )
    assert 0 <= questions.exact <= questions.within_one <= questions.rated
    assert 0 <= gates.agreed <= gates.rated


@given(st.lists(either, min_size=1))
def test_changing_places_turns_the_difference_and_nothing_else(said: list[tuple[Rating, Rating]]) -> None:
    there, back = counted(*said), counted(*((adviser, client) for client, adviser in said))
    assert there.gates == back.gates
    assert (there.questions.exact, there.questions.within_one) == (back.questions.exact, back.questions.within_one)
    assert -(there.questions.difference or 0) == (back.questions.difference or 0)


@given(st.lists(either))
def test_sentences_are_whole_and_speak_of_no_coefficient(said: list[tuple[Rating, Rating]]) -> None:
    sentences = count_sentences(counted(*said))
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
    assert not [word for word in ("None", "NaN", "kappa", "alpha", "-") if word in " ".join(sentences)]


def test_sentences_of_many_pairs() -> None:
    said = [(3, 3)] * 30 + [(3, 2)] * 8 + [(4, 2)] * 3
    assert count_sentences(counted(*said)) == (
        "Of 41 questions rated twice, 30 agreed exactly and 38 within one level.",
        "On average the service rated itself 0.3 of a level higher than the adviser.",
    )


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        ([], ["No question has been rated twice yet."]),
        ([(2, 2)], ["One question was rated twice. The service rated itself the same as the adviser."]),
        ([(1, 2)], ["One question was rated twice. The service rated itself one level lower than the adviser."]),
        ([(4, 1)], ["One question was rated twice. The service rated itself 3 levels higher than the adviser."]),
        ([(2, 2), (4, 4)], ["Of 2 questions rated twice, all agreed exactly."]),
        (
            [(1, 2), (1, 3)],
            [
                "Of 2 questions rated twice, none agreed exactly and 1 within one level.",
                "On average the service rated itself 1.5 levels lower than the adviser.",
            ],
        ),
        (
            [(2, DONT_KNOW), (NOT_ANSWERED, 2), (NOT_APPLICABLE, 1), (DONT_KNOW, DONT_KNOW)],
            [
                "No question has been rated twice yet.",
                "Not counted: two questions where one of the two gave a level and the other did not know or gave no"
                " answer; one question where only one of the two said that it does not apply; one question where"
                " neither gave a level.",
            ],
        ),
        (
            [(2, 2), (3, 3), (MET, MET), (MET, NOT_KNOWN), (GATE_NOT_APPLICABLE, MET)],
            [
                "Of 2 questions rated twice, all agreed exactly.",
                "Of 2 gates rated twice, 1 agreed on met, not met or not known.",
                "Not counted: one gate where only one of the two said that it does not apply.",
            ],
        ),
    ],
)
def test_sentences(said: list[tuple[Rating, Rating]], sentences: list[str]) -> None:
    assert list(count_sentences(counted(*said))) == sentences


def test_double_ratings_by_barrier_are_what_confidence_reads() -> None:
    pairs = [
        Pair("pensions.a", "pensions", 3, 3),
        Pair("pensions.b", "pensions", 3, 1),
        Pair("tendering.a", "tendering", 2, 1),
        Pair("tendering.b", "tendering", 2, DONT_KNOW),
        Pair("partnership.gate", "partnership", MET, MET),
    ]
    assert double_ratings(pairs) == {"pensions": DoubleRatings(2, 1), "tendering": DoubleRatings(1, 1)}
