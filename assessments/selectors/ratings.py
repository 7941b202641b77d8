"""What others said beside the answers: second opinions, and what client and adviser settled on."""

from collections.abc import Mapping
from dataclasses import replace

from assessments.models import Assessment
from assessments.scoring.answers import Answers, DoubleRatings


def with_ratings(answers: Answers, assessment: Assessment) -> Answers:
    """The answers with everything that others than the people who gave them said about them, and that counts."""
    double_ratings = double_ratings_of(assessment)
    return replace(answers, double_ratings=double_ratings) if double_ratings else answers


def double_ratings_of(assessment: Assessment) -> Mapping[str, DoubleRatings]:
    """How second opinions agree, by barrier, as the assessment keeps it."""
    return {barrier: DoubleRatings(*counts) for barrier, counts in assessment.double_ratings.items()}
