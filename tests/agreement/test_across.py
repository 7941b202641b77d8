"""Agreement across assessments: what is quoted, from when on, and which questions want rewriting."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.agreement.across import across, reading
from assessments.agreement.measures import EditionAgreement, Measures, QuestionAgreement, Reading, Rewrite
from assessments.agreement.ratings import DoubleRating, Rating
from assessments.agreement.words import coefficient_sentences, rewrite_sentences
from assessments.scoring.answers import AnswerState, GateState
from tests.agreement.examples import (
    HAYES_KRIPPENDORFF_2007,
    SKIN_CONDITION,
    opinions,
    pairs_of,
    records,
    units_of,
)

ROOT = Path(__file__).parent.parent.parent
MET, NOT_MET, NOT_KNOWN, GATE_NOT_APPLICABLE = GateState

said = st.none() | st.integers(0, 4) | st.sampled_from([AnswerState.DONT_KNOW, AnswerState.NOT_APPLICABLE])
some_records = st.builds(
    DoubleRating,
    edition=st.sampled_from(["2026.1", "2027.1"]),
    barrier=st.just("pensions"),
    item=st.sampled_from(["pensions.a", "pensions.b"]),
    unit=st.uuids().map(str),
    client=said,
    adviser=said,
    others=st.lists(st.integers(0, 4), max_size=3).map(tuple),
)


def only(found: tuple[EditionAgreement, ...]) -> QuestionAgreement:
    ((question,),) = [edition.questions for edition in found]
    return question


def measured(pairs: Sequence[tuple[Rating, Rating]]) -> Measures:
    return only(across(records(pairs))).measures


# Coefficients ------------------------------------------------------------------------------------------------


def test_published_kappa_is_quoted_downwards_without_a_word_for_it() -> None:
    found = measured(pairs_of(SKIN_CONDITION))
    assert (found.kappa, found.client_adviser) == (Decimal("0.508"), 88)
    assert "Weighted kappa of 88 pairs of service and adviser is 0.508" in " ".join(coefficient_sentences(found))


def test_published_alpha_is_quoted_with_its_reading() -> None:
    found = only(across(opinions(units_of(HAYES_KRIPPENDORFF_2007)))).measures
    assert (found.alpha, found.reading, found.kappa) == (Decimal("0.759"), Reading.TENTATIVE, None)
    assert coefficient_sentences(found) == (
        "Krippendorff's alpha for ordered categories is 0.759: tentative (0.67 to 0.80).",
    )


@pytest.mark.parametrize(
    ("alpha", "read_as"),
    [
        ("1.000", Reading.RELIABLE),
        ("0.800", Reading.RELIABLE),
        ("0.799", Reading.TENTATIVE),
        ("0.670", Reading.TENTATIVE),
        ("0.669", Reading.NOT_USABLE),
        ("-0.200", Reading.NOT_USABLE),
    ],
)
def test_reading(alpha: str, read_as: Reading) -> None:
    assert reading(Decimal(alpha)) is read_as


def test_no_coefficient_until_thirty_double_ratings() -> None:
    pairs = [(level % 5, level % 5) for level in range(30)]
    few, enough = measured(pairs[:29]), measured(pairs)
    assert (few.kappa, few.alpha, few.reading) == (None, None, None)
    assert coefficient_sentences(few) == ("29 double ratings: a coefficient is quoted from 30 on.",)
    assert (enough.kappa, enough.alpha, enough.reading) == (Decimal(1), Decimal(1), Reading.RELIABLE)


def test_three_people_on_ten_assessments_are_not_thirty_double_ratings() -> None:
    found = only(across(opinions([[level % 5, level % 5, level % 4] for level in range(10)]))).measures
    assert (found.doubles, found.pairs, found.alpha) == (10, 30, None)


def test_kappa_needs_thirty_pairs_of_client_and_adviser() -> None:
    pairs = [(level % 5, level % 5) for level in range(29)]
    found = only(across([*records(pairs), *opinions([[1, 2]])])).measures
    assert (found.doubles, found.client_adviser, found.kappa) == (30, 29, None)
    assert found.alpha is not None


def test_constant_ratings_have_counts_and_a_note_instead_of_a_coefficient() -> None:
    found = measured([(3, 3)] * 40)
    assert (found.exact, found.kappa, found.alpha, found.reading) == (40, None, None, None)
    assert coefficient_sentences(found) == (
        "Everyone gave level 3, so no coefficient can be worked out.",
        "Nearly everyone gives level 3 (100% of all levels given). That makes a poor coefficient even where people"
        " agree: look at the counts.",
    )


def test_one_sided_question_shows_a_poor_coefficient_beside_good_counts() -> None:
    found = measured([(3, 3)] * 38 + [(2, 3), (3, 2)])
    assert (found.exact, found.within_one, found.is_one_sided) == (38, 40, True)
    assert found.reading is Reading.NOT_USABLE
    assert "look at the counts" in coefficient_sentences(found)[-1]


def test_question_answered_in_many_ways_is_not_one_sided() -> None:
    assert not measured([(3, 3)] * 8 + [(1, 1), (2, 2)]).is_one_sided


@given(st.lists(some_records, max_size=80))
def test_nothing_is_counted_twice_and_no_coefficient_is_quoted_too_soon(given_records: list[DoubleRating]) -> None:
    found = across(given_records)
    parts = [question.measures for edition in found for question in edition.questions]
    wholes = [edition.measures for edition in found]
    every = [*wholes, *parts, *(barrier.measures for edition in found for barrier in edition.barriers)]
    assert sum(its.doubles for its in wholes) == sum(its.doubles for its in parts)
    assert sum(its.pairs for its in wholes) == sum(its.pairs for its in parts)
    assert sum(its.exact for its in wholes) == sum(its.exact for its in parts)
    assert all(0 <= its.exact <= its.within_one <= its.pairs for its in every)
    assert all(its.alpha is None for its in every if its.doubles < 30)
    assert all(its.kappa is None for its in every if its.client_adviser < 30)
    assert all(its.alpha is None or its.alpha <= 1 for its in every)
    assert all((its.alpha is None) == (its.reading is None) for its in every)


@given(st.lists(some_records, max_size=80))
def test_order_of_records_changes_nothing(given_records: list[DoubleRating]) -> None:
    assert across(reversed(given_records)) == across(given_records)


# Rewriting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([(3, 2)] * 9, []),
        ([(3, 2)] * 6 + [(3, 3)] * 4, [Rewrite.EXACT_UNDER_HALF]),
        ([(3, 2)] * 5 + [(3, 3)] * 5, []),
        ([(4, 2)] * 5 + [(3, 3)] * 5, [Rewrite.A_LEVEL_APART]),
        ([(4, 2), (2, 4)] * 3 + [(3, 3)] * 6, [Rewrite.A_LEVEL_APART]),
        ([(4, 2)] * 5 + [(3, 3)] * 6, []),
        ([(3, 2)] * 10, [Rewrite.EXACT_UNDER_HALF, Rewrite.A_LEVEL_APART]),
    ],
    ids=["nine pairs", "under half", "half", "a level, one way", "a level, both ways", "under a level", "both"],
)
def test_question_wants_rewriting(pairs: list[tuple[Rating, Rating]], why: list[Rewrite]) -> None:
    assert list(only(across(records(pairs))).rewrite) == why


def test_rewriting_says_why() -> None:
    question = only(across(records([(4, 2)] * 6 + [(3, 3)] * 4)))
    assert rewrite_sentences(question) == (
        "4 of 10 pairs agreed exactly, which is under half.",
        "Two people's levels are 1.2 levels apart on average, which is a full level or more.",
    )


def test_distance_just_under_a_level_is_not_printed_as_one() -> None:
    found = measured([(3, 2)] * 49 + [(3, 3)])
    assert found.apart == Decimal("0.9")


def test_ratings_without_a_level_are_no_pair() -> None:
    found = measured([(3, AnswerState.DONT_KNOW)] * 10 + [(AnswerState.NOT_APPLICABLE, 2)] * 10 + [(3, 3)])
    assert (found.doubles, found.pairs, found.lean) == (1, 1, Decimal(0))


def test_lean_is_client_minus_adviser_and_leaves_out_other_opinions() -> None:
    found = only(across([DoubleRating("2026.1", "pensions", "pensions.a", "7", client=3, adviser=2, others=(0, 0))]))
    assert (found.measures.lean, found.measures.pairs) == (Decimal(1), 6)


# Gates, barriers, editions -----------------------------------------------------------------------------------


def test_gates_are_counted_without_coefficient_and_apart_from_questions() -> None:
    pairs = [(MET, NOT_KNOWN)] * 6 + [(MET, MET)] * 4 + [(GATE_NOT_APPLICABLE, MET)] * 5
    (edition,) = across(records(pairs, item="pensions.access"))
    (gate,) = edition.gates
    assert (gate.doubles, gate.agreed, gate.rewrite) == (10, 4, (Rewrite.EXACT_UNDER_HALF,))
    assert rewrite_sentences(gate) == ("4 of 10 pairs agreed, which is under half.",)
    assert (edition.measures.doubles, edition.questions, edition.barriers) == (0, (), ())


def test_editions_barriers_and_questions_are_kept_apart_and_in_order() -> None:
    found = across(
        [
            *records([(1, 1)], item="tendering.b", edition="2027.1"),
            *records([(1, 1)], item="tendering.b"),
            *records([(2, 3)], item="pensions.z"),
            *records([(2, 2)], item="pensions.a"),
        ]
    )
    assert [edition.edition for edition in found] == ["2026.1", "2027.1"]
    assert [(its.barrier, its.measures.pairs) for its in found[0].barriers] == [("pensions", 2), ("tendering", 1)]
    assert [its.item for its in found[0].questions] == ["pensions.a", "pensions.z", "tendering.b"]


def test_edition_names_what_wants_rewriting() -> None:
    unclear = [(3, 1)] * 12
    (edition,) = across(
        [
            *records(unclear, item="pensions.unclear"),
            *records([(3, 3)] * 12, item="pensions.clear"),
            *records([(MET, NOT_MET)] * 12, item="pensions.gate"),
        ]
    )
    assert [its.item for its in edition.rewrite] == ["pensions.unclear", "pensions.gate"]


def test_no_records_no_edition() -> None:
    assert across([]) == ()


# Weight ------------------------------------------------------------------------------------------------------

WITHOUT_COEFFICIENT = """
import sys
from assessments.agreement.across import across
from assessments.agreement.counts import counts
from assessments.agreement.ratings import DoubleRating
from assessments.agreement.words import count_sentences
across([DoubleRating("2026.1", "pensions", "pensions.a", str(unit), 1, 2) for unit in range(29)])
count_sentences(counts([]))
sys.exit(", ".join(name for name in ("numpy", "pycm", "krippendorff") if name in sys.modules) or 0)
"""


def test_nothing_heavy_is_imported_where_no_coefficient_is_asked_for() -> None:
    program = [sys.executable, "-c", WITHOUT_COEFFICIENT]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")
