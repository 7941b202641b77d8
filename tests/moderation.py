"""A small assessment on its way through a review: Alice leads it, Ada advises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from assessments.catalogue import loader
from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment, Engagement, Organisation, Rating, Review, Submission, User
from assessments.models.answer import Content
from assessments.selectors.copies import Copy
from assessments.selectors.ratings import Said
from assessments.services import reviews, submissions
from assessments.services.reviews import Conflict
from tests.factories import fact, level, make_assessment, make_engagement, make_firm, save

# The small edition at its last stage asks one gate, one essential question and three others.
GATE, ESSENTIAL = "pensions.access", "pensions.rate"
OTHERS = ("pensions.list", "pensions.debt", "pensions.bond")

FACTS: dict[str, Content] = {
    "sector": fact("council"),
    "schemes": fact(["lgps"]),
    "staff": fact(40),
    "contract-value": fact("5000.00"),
    "pensions.joined": fact(True),
    "pensions.joined-on": fact("2010-04-01"),
}
PROVED: dict[str, Any] = {"evidence": "E2", "evidence_date": None}
SAID: dict[str, Content] = {
    GATE: Content("met", evidence="E3"),
    ESSENTIAL: level(4, evidence="E2"),
    "pensions.list": level(3, evidence="E2"),
    "pensions.debt": level(3, evidence="E2"),
    "pensions.bond": level(3, evidence="E2"),
}


def use_small_edition(monkeypatch: pytest.MonkeyPatch, small: Catalogue) -> None:
    """For frozen copies too, which name their edition themselves."""
    real = loader.edition
    monkeypatch.setattr("assessments.selectors.frozen.edition", lambda name: small if name == "2099.1" else real(name))


@dataclass
class Case:
    assessment: Assessment
    lead: User
    adviser: User
    firm: Organisation

    @property
    def submission(self) -> Submission:
        return Submission.objects.filter(assessment=self.assessment).latest("number")

    @property
    def review(self) -> Review:
        return Review.objects.get(submission=self.submission)

    @property
    def record(self) -> Assessment:
        return Assessment.objects.get(pk=self.assessment.pk)

    def rating(self, item: str) -> Rating:
        return Rating.objects.get(review=self.submission.pk, item=item)

    def submit(self, note: str = "") -> Submission:
        return submissions.submit(assessment=self.assessment, firm=self.firm, by=self.lead, note=note)

    def claim(self) -> Review:
        return reviews.claim(submission=self.submission, by=self.adviser)

    def rate(self, item: str, said: Said, reason: str = "As the letter says.") -> Rating | Conflict:
        rating = Rating.objects.filter(review=self.submission.pk, item=item).first()
        return reviews.rate(
            submission=self.submission,
            by=self.adviser,
            item=item,
            version=rating.version if rating else 0,
            said=said,
            reason=reason,
        )

    def rate_all(self, **other: Said) -> None:
        """As the service says, but what `other` names (by the last part of its id)."""
        copy = Copy(self.submission)
        for item in [item for item in self.review.items if not self.review.ratings.filter(item=item).exists()]:
            self.rate(item, other.get(item.rpartition(".")[2], copy.claimed(item)))

    def settle(self, item: str, agreed: Said | None, reason: str = "We looked at it together.") -> Rating | Conflict:
        return reviews.settle(
            submission=self.submission,
            by=self.adviser,
            item=item,
            version=self.rating(item).version,
            agreed=agreed,
            reason=reason,
        )

    def object(self, item: str, words: str = "The letter says yes.") -> Rating | Conflict:
        return reviews.object_to(
            submission=self.submission, by=self.lead, item=item, version=self.rating(item).version, words=words
        )

    def sign_off(self) -> Review:
        return reviews.sign_off(submission=self.submission, by=self.adviser)

    def return_it(self, words: str = "Show the letter.") -> Submission:
        return reviews.return_for_changes(submission=self.submission, by=self.adviser, words=words)

    def answer(self, **contents: Content) -> None:
        save(self.assessment, self.lead, {f"pensions.{name}": content for name, content in contents.items()})

    def through(self, *, until: str, **other: Said) -> "Case":
        """Submitted, claimed, rated or signed off."""
        steps: dict[str, Callable[[], object]] = {
            "submitted": self.submit,
            "claimed": self.claim,
            "rated": lambda: self.rate_all(**other),
            "signed off": self.sign_off,
        }
        for name, step in steps.items():
            step()
            if name == until:
                break
        return self


def make_case(lead: User, adviser: User, edition: str = "2099.1", stage: Stage = Stage.GO_LIVE) -> Case:
    assessment = make_assessment(lead, edition=edition, stage=stage)
    if edition == "2099.1":
        save(assessment, lead, FACTS)
        save(assessment, lead, SAID)
    firm = make_firm(adviser)
    make_engagement(assessment, firm)
    return Case(assessment, lead, adviser, firm)


def end_engagement(case: Case) -> None:
    Engagement.objects.update(ended_at=timezone.now(), ended_by=case.lead)
