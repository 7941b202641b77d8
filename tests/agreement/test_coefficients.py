"""The coefficients against published examples, and what holds of them whatever the ratings."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.agreement.coefficients import alpha, weighted_kappa
from tests.agreement.examples import HAYES_KRIPPENDORFF_2007, KRIPPENDORFF_2011, SKIN_CONDITION, pairs_of, units_of

levels = st.integers(0, 4)
tables = st.lists(st.lists(levels, max_size=5), max_size=40)
two_raters = st.lists(st.tuples(levels, levels), min_size=1, max_size=60)


def test_alpha_of_krippendorffs_own_example() -> None:
    # Its levels are 1 to 5, ours 0 to 4: categories are ordered, so only their order counts.
    units = [[level - 1 for level in unit] for unit in units_of(KRIPPENDORFF_2011)]
    assert alpha(units) == pytest.approx(0.815, abs=0.0005)


def test_alpha_of_hayes_and_krippendorff() -> None:
    assert alpha(units_of(HAYES_KRIPPENDORFF_2007)) == pytest.approx(0.7598, abs=0.00005)


def test_weighted_kappa_of_two_dermatologists() -> None:
    assert weighted_kappa(pairs_of(SKIN_CONDITION)) == pytest.approx(0.5082, abs=0.00005)


@given(two_raters)
def test_weighted_kappa_is_one_less_observed_by_expected_distance(pairs: list[tuple[int, int]]) -> None:
    observed = Fraction(sum(abs(first - second) for first, second in pairs), len(pairs))
    expected = Fraction(sum(abs(first - second) for first, _ in pairs for _, second in pairs), len(pairs) ** 2)
    by_hand = float(1 - observed / expected) if expected else None
    assert weighted_kappa(pairs) == (by_hand if by_hand is None else pytest.approx(by_hand))


@given(two_raters)
def test_weighted_kappa_does_not_care_who_is_first(pairs: list[tuple[int, int]]) -> None:
    turned = weighted_kappa([(second, first) for first, second in pairs])
    kappa = weighted_kappa(pairs)
    assert turned == (kappa if kappa is None else pytest.approx(kappa))


@given(tables)
def test_alpha_does_not_care_who_rated_or_in_what_order(units: list[list[int]]) -> None:
    turned = [list(reversed(unit)) for unit in reversed(units)]
    found = alpha(units)
    assert alpha(turned) == (found if found is None else pytest.approx(found))


@given(tables)
def test_alpha_leaves_out_what_one_person_rated(units: list[list[int]]) -> None:
    assert alpha(units) == alpha([unit for unit in units if len(unit) > 1])


@given(st.lists(st.tuples(levels, st.integers(2, 5)), min_size=2).filter(lambda them: len({x for x, _ in them}) > 1))
def test_perfect_agreement_is_one(given_levels: list[tuple[int, int]]) -> None:
    assert alpha([[level] * raters for level, raters in given_levels]) == 1
    assert weighted_kappa([(level, level) for level, _ in given_levels]) == pytest.approx(1)


@given(levels, st.integers(1, 60), st.integers(2, 5))
def test_constant_ratings_have_no_coefficient(level: int, units: int, raters: int) -> None:
    assert alpha([[level] * raters] * units) is None
    assert weighted_kappa([(level, level)] * units) is None


@pytest.mark.parametrize("units", [[], [[]], [[1], [2], [3]]], ids=["nothing", "no level", "one rater"])
def test_alpha_of_nothing_to_compare(units: list[list[int]]) -> None:
    assert alpha(units) is None


def test_weighted_kappa_of_nothing() -> None:
    assert weighted_kappa([]) is None


@given(tables)
def test_alpha_is_a_number_up_to_one_or_none(units: list[list[int]]) -> None:
    found = alpha(units)
    assert found is None or (math.isfinite(found) and found <= 1)
