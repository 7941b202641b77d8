"""What is asked: the way through the catalogue that a stage and the facts lay out.

Conditions refer to facts only (the validator sees to it), so no level and no gate ever changes what is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assessments.catalogue.conditions import Rule, Situation, Truth, is_undecided, rule
from assessments.catalogue.schema import (
    Barrier,
    Catalogue,
    FactQuestion,
    FactValue,
    Gate,
    Item,
    LevelQuestion,
    Page,
    Profile,
    Stage,
)


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A page with those of its questions and gates that are asked, in order; at least one."""

    page: Page
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """What is asked of one service at one stage.

    `truths` holds what is asked and nothing else: TRUE, or UNKNOWN ("may apply": a missing fact decides).
    `facts` holds the facts that count: stored, and asked.
    """

    catalogue: Catalogue
    stage: Stage
    as_of: dt.date
    truths: Mapping[str, Truth]
    facts: Mapping[str, FactValue]

    def asks(self, item_id: str) -> bool:
        return item_id in self.truths

    def truth(self, item_id: str) -> Truth:
        """TRUE: asked. UNKNOWN: asked, and marked "may apply". FALSE: not in the path."""
        return self.truths.get(item_id, Truth.FALSE)

    def may_apply(self, item_id: str) -> bool:
        return self.truths.get(item_id) is Truth.UNKNOWN

    def decides(self, fact: str) -> bool:
        """Whether the fact is given, and by something else than "not decided yet"."""
        return fact in self.facts and not is_undecided(self.facts[fact], self.catalogue.rules.undecided)

    def pages(self, barrier_id: str) -> tuple[AskedPage, ...]:
        """The barrier's pages in order; one on which nothing is asked is left out."""
        return self._pages(self.catalogue.barrier(barrier_id))

    def profile_pages(self) -> tuple[AskedPage, ...]:
        return self._pages(self.catalogue.profile)

    def items(self, barrier_id: str) -> tuple[Item, ...]:
        """What the barrier asks, in asking order."""
        return tuple(item for page in self.pages(barrier_id) for item in page.items)

    def levels(self, barrier_id: str) -> tuple[LevelQuestion, ...]:
        return tuple(item for item in self.items(barrier_id) if isinstance(item, LevelQuestion))

    def gates(self, barrier_id: str) -> tuple[Gate, ...]:
        return tuple(item for item in self.items(barrier_id) if isinstance(item, Gate))

    def fact_questions(self, barrier_id: str) -> tuple[FactQuestion, ...]:
        return tuple(item for item in self.items(barrier_id) if isinstance(item, FactQuestion))

    def _pages(self, part: Profile | Barrier) -> tuple[AskedPage, ...]:
        pages = (AskedPage(page, self._asked_on(page)) for page in part.pages)
        return tuple(page for page in pages if page.items)

    def _asked_on(self, page: Page) -> tuple[Item, ...]:
        return tuple(self.catalogue.item(item_id) for item_id in page.asks if item_id in self.truths)


def path(catalogue: Catalogue, stage: Stage, facts: Mapping[str, FactValue], as_of: dt.date) -> Path:
    """The path for these facts (profile facts and fact questions inside barriers alike, by id).

    What is stored for a fact that is not asked is ignored, and comes back with its question.
    """
    plan = _plan(catalogue, stage)
    asked = dict(plan.asked)
    situation = Situation(facts, as_of, asked, undecided=catalogue.rules.undecided)
    judged: dict[Rule, Truth] = {}
    for item_id, judge in plan.steps:
        truth = judged.get(judge)
        if truth is None:
            truth = judged[judge] = judge(situation)
        asked[item_id] = truth
    truths = {item_id: truth for item_id, truth in asked.items() if truth is not Truth.FALSE}
    return Path(
        catalogue,
        stage,
        as_of,
        truths,
        {fact: facts[fact] for fact in plan.facts if fact in truths and fact in facts},
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """Worked out once for a catalogue and stage: what to judge, in which order, by which rule.

    Facts come before all else, because conditions refer to them; items with equal conditions share one rule. `asked`
    is what the stage by itself asks (TRUE until judged) and does not ask.
    """

    steps: tuple[tuple[str, Rule], ...]
    facts: tuple[str, ...]
    asked: Mapping[str, Truth]


@lru_cache(maxsize=16)
def _plan(catalogue: Catalogue, stage: Stage) -> _Plan:
    asked = [item for item in catalogue.items.values() if stage in item.stages]
    ordered = sorted(asked, key=lambda item: not isinstance(item, FactQuestion))
    rules = {item.when: rule(item.when) for item in ordered if item.when is not None}
    return _Plan(
        steps=tuple((item.id, rules[item.when]) for item in ordered if item.when is not None),
        facts=tuple(item.id for item in ordered if isinstance(item, FactQuestion)),
        asked={
            **{item.id: Truth.FALSE for item in catalogue.items.values() if stage not in item.stages},
            **{item.id: Truth.TRUE for item in ordered},
        },
    )
