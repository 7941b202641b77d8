"""A frozen copy opened: what is asked in it, what the service says, and which of it an adviser rates unseen."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from typing import Any

from assessments.cashflow.forecast import forecast
from assessments.cashflow.reading import read
from assessments.cashflow.stress import stress
from assessments.catalogue.path import Path, path
from assessments.catalogue.schema import Barrier, Catalogue, Gate, LevelQuestion
from assessments.models import Rating, Submission
from assessments.planning.caps import caps, months_of
from assessments.scoring.answers import Answers
from assessments.scoring.result import GateResult, QuestionResult
from assessments.scoring.score import facts_of
from assessments.scoring.serialise import result_from_dict
from assessments.selectors.frozen import Given, Inputs, given_of
from assessments.selectors.ratings import Said, client_said, with_review

SAMPLE = 5
"""Of what is neither a gate nor essential an adviser rates one in so many unseen (scoring method, rule 13)."""

Rated = LevelQuestion | Gate


@dataclass(frozen=True)
class Copy:
    """`answers` have the caps of the cash flow that was submitted with them, as scoring reads them."""

    submission: Submission

    @cached_property
    def given(self) -> Given:
        return given_of(self.submission.inputs)

    @property
    def catalogue(self) -> Catalogue:
        return self.given.catalogue

    @cached_property
    def answers(self) -> Answers:
        return with_caps(self.given)

    @cached_property
    def path(self) -> Path:
        return path(self.catalogue, self.answers.stage, facts_of(self.answers), self.answers.as_of)

    @cached_property
    def items(self) -> Mapping[str, Rated]:
        """Every question with levels and every gate that is asked, by id, in asking order."""
        return {item.id: item for barrier in self.catalogue.barriers for item in self.of(barrier)}

    def of(self, barrier: Barrier) -> tuple[Rated, ...]:
        asked = (self.catalogue.item(item) for item in self.path.truths if self.catalogue.barrier_of(item) is barrier)
        return tuple(item for item in asked if isinstance(item, LevelQuestion | Gate))

    def claimed(self, item_id: str) -> Said:
        return client_said(self.catalogue, self.answers, item_id)

    def supported(self, item_id: str) -> Said:
        """What the evidence allows of it."""
        found = self._scored[item_id]
        if isinstance(found, GateResult):
            return Said(found.supported.value)
        return Said(found.state.value, found.supported)

    @cached_property
    def _scored(self) -> dict[str, QuestionResult | GateResult]:
        found: dict[str, QuestionResult | GateResult] = {}
        for barrier in result_from_dict(self.submission.result).barriers:
            found |= {gate.id: gate for gate in barrier.gates}
            found |= {question.id: question for question in barrier.questions}
        return found

    def reviewed(self, ratings: Iterable[Rating]) -> Answers:
        """The answers with what was settled about them."""
        return with_review(self.catalogue, self.answers, ratings)


def with_caps(given: Given) -> Answers:
    """The answers with what their cash flow caps, if they have one."""
    if given.cashflow is None:
        return given.answers
    inputs = read(given.cashflow)
    found = caps(given.catalogue, forecast(inputs), stress(inputs), months_of(given.answers.profile))
    return replace(given.answers, caps=found)


def unseen_items(copy: Copy, before: Collection[str] = (), known: Collection[str] = ()) -> list[str]:
    """What the adviser rates before the service's level is shown: every gate, every essential question, and of the
    rest one in five, at least one of each barrier that has any.

    The same submission always gives the same sample. What was rated unseen `before` comes first into it, and what is
    `known` from there because it was rated openly is never drawn.
    """
    wanted = {item for barrier in copy.catalogue.barriers for item in _unseen_of(copy, barrier, before, known)}
    return [item for item in copy.items if item in wanted]


def _unseen_of(copy: Copy, barrier: Barrier, before: Collection[str], known: Collection[str]) -> Iterator[str]:
    asked = copy.of(barrier)
    yield from (item.id for item in asked if is_always_unseen(item))
    rest = [item.id for item in asked if not is_always_unseen(item)]
    again = [item for item in rest if item in before]
    yield from again
    drawn = [item for item in rest if item not in again and item not in known]
    drawn.sort(key=lambda item: _lot(copy.submission, item))
    yield from drawn[: max(ceil(len(rest) / SAMPLE) - len(again), 0)]


def is_always_unseen(item: Rated) -> bool:
    return isinstance(item, Gate) or item.essential


def _lot(submission: Submission, item: str) -> str:
    return hashlib.sha256(f"{submission.pk}:{item}".encode()).hexdigest()


def answer_in(inputs: Inputs, item_id: str) -> Any:
    """All that the copy says of one item, to compare with another copy of it."""
    return inputs["answers"].get(item_id) or inputs["gates"].get(item_id)


PARTS_OF_RECORD = ("catalogue", "stage", "profile", "answers", "gates", "cashflow")


def is_same_record(one: Inputs, two: Inputs) -> bool:
    """Whether both copies say the same of the service, whenever they were made and whatever was planned since."""
    return all(one.get(part) == two.get(part) for part in PARTS_OF_RECORD)
