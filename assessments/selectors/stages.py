"""How much each stage asks, counted from the catalogue itself: what the start pages promise."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assessments.catalogue.path import Path, path
from assessments.catalogue.schema import Catalogue, FactQuestion, Item, Stage

MEANINGS = {
    Stage.EXPLORE: "Is it worth asking, and may we ask?",
    Stage.MAKE_THE_CASE: "Is leaving the best option, and approved in principle?",
    Stage.PLAN: "Are all terms, documents and people agreed?",
    Stage.GO_LIVE: "Can staff and the service move on the day without harm?",
}

TIMES = {
    Stage.EXPLORE: "About an hour, with a colleague",
    Stage.MAKE_THE_CASE: "Two to three hours, over a few days",
    Stage.PLAN: "Half a day in all, with finance, HR and legal",
    Stage.GO_LIVE: "Half a day, with the documents at hand",
}


@dataclass(frozen=True)
class StageSize:
    """`fewest` are asked of everybody, `most` if everything that may apply did; `facts` likewise come on top."""

    stage: Stage
    fewest: int
    most: int
    facts: tuple[int, int]

    @property
    def title(self) -> str:
        return self.stage.title

    @property
    def meaning(self) -> str:
        return MEANINGS[self.stage]

    @property
    def time(self) -> str:
        return TIMES[self.stage]

    @property
    def questions(self) -> str:
        return _between(self.fewest, self.most)

    @property
    def fact_questions(self) -> str:
        return _between(*self.facts)

    @property
    def in_words(self) -> str:
        return f"{self.meaning} {self.time}: {self.questions} questions, and {self.fact_questions} short facts first."


@lru_cache(maxsize=8)
def stage_sizes(catalogue: Catalogue) -> tuple[StageSize, ...]:
    return tuple(_size(catalogue, stage) for stage in Stage)


def _size(catalogue: Catalogue, stage: Stage) -> StageSize:
    # With no fact given, what depends on one may apply; the day matters only to facts that are given.
    asked = path(catalogue, stage, {}, dt.date.min)
    items = [catalogue.item(item_id) for item_id in asked.truths]
    facts = [item for item in items if isinstance(item, FactQuestion)]
    others = [item for item in items if not isinstance(item, FactQuestion)]
    return StageSize(stage, _surely(asked, others), len(others), facts=(_surely(asked, facts), len(facts)))


def _surely(asked: Path, items: Sequence[Item]) -> int:
    return sum(not asked.may_apply(item.id) for item in items)


def _between(fewest: int, most: int) -> str:
    return str(most) if fewest == most else f"{fewest} to {most}"
