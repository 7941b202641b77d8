"""A reviewed result also tells what the service's own evidence comes to."""

from dataclasses import replace

from hypothesis import given

from assessments.scoring.before_review import before_review
from assessments.scoring.score import score
from tests.scoring.strategies import Case, cases


@given(cases())
def test_before_review_is_the_score_without_what_is_agreed(case: Case) -> None:
    reviewed = score(case.catalogue, case.answers)
    alone = score(case.catalogue, replace(case.answers, agreed={}))

    found = before_review(reviewed)

    assert found.whole == alone.supported
    assert found.barriers == {barrier.id: barrier.supported for barrier in alone.barriers}
