"""What pages tell of the working-capital calculator, from what is stored."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from assessments.cashflow.forecast import forecast
from assessments.cashflow.months import Months
from assessments.cashflow.reading import read
from assessments.cashflow.stored import from_stored
from assessments.cashflow.story import Headline, Story, headline_of, story_of
from assessments.cashflow.stress import stress
from assessments.catalogue.schema import Catalogue
from assessments.models import Answer, Assessment, CashFlow, State
from assessments.planning.caps import cap_in_words, caps, months_of
from assessments.scoring.answers import Answers, Cap
from assessments.scoring.result import GateResult, QuestionResult
from assessments.scoring.serialise import result_from_dict

GO_LIVE = "go-live-date"
# Facts of the profile that a first page of figures is filled with.
INCOME, HEADCOUNT, TRANSFERRING = "annual-income", "new-body-headcount", "staff-transferring"


def figures_of(assessment: Assessment) -> CashFlow | None:
    return CashFlow.objects.select_related("changed_by").filter(assessment=assessment).first()


def facts_for_figures(assessment: Assessment) -> dict[str, Any]:
    """The facts of the profile that the calculator begins from, as their rows keep them, in one query."""
    wanted = (GO_LIVE, INCOME, HEADCOUNT, TRANSFERRING)
    given = Answer.objects.filter(assessment=assessment, item__in=wanted, state=State.ANSWERED).order_by()
    return dict(given.values_list("item", "value"))


def go_live_in(facts: dict[str, Any]) -> dt.date | None:
    given = facts.get(GO_LIVE)
    return dt.date.fromisoformat(given) if given else None


def go_live_of(assessment: Assessment) -> dt.date | None:
    return go_live_in(facts_for_figures(assessment))


@dataclass(frozen=True, slots=True)
class CapLine:
    """A question or a gate whose answer the figures speak against."""

    item: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class CashFlowPage:
    cash_flow: CashFlow
    go_live: dt.date | None
    story: Story
    caps: tuple[CapLine, ...]


def cash_flow_page(assessment: Assessment) -> CashFlowPage | None:
    """Everything that the result page shows; None where there are no figures. Nothing is worked out anew."""
    cash_flow = figures_of(assessment)
    if cash_flow is None:
        return None
    go_live = go_live_of(assessment)
    return CashFlowPage(cash_flow, go_live, story_of(cash_flow.forecast, go_live), tuple(_capped_in(assessment)))


def _capped_in(assessment: Assessment) -> Iterator[CapLine]:
    """Of what is asked, whatever was answered."""
    for barrier in result_from_dict(assessment.result).barriers:
        items: tuple[GateResult | QuestionResult, ...] = (*barrier.gates, *barrier.questions)
        for item in items:
            if item.cap is not None:
                yield CapLine(item.id, item.title, f"{cap_in_words(item.cap)}.")


def cash_flow_headline(assessment: Assessment) -> Headline | None:
    """For the panel on other pages: the headline alone, or None where there are no figures."""
    kept = _kept(assessment)
    return None if kept is None else headline_of(kept.forecast, go_live_of(assessment))


def _kept(assessment: Assessment) -> CashFlow | None:
    """One query, or none where the assessment was read together with its figures."""
    return getattr(assessment, "cash_flow", None)


# What the figures say against answers ------------------------------------------------------------------------

REMEMBERED = 256


def capped(answers: Answers, assessment: Assessment) -> Answers:
    """The answers with what the calculator caps; as they are where there are no figures."""
    kept = _kept(assessment)
    if kept is None:
        return answers
    found = _caps(assessment.catalogue, json.dumps(kept.inputs, sort_keys=True), months_of(answers.profile))
    return replace(answers, caps=found)


@lru_cache(maxsize=REMEMBERED)
def _caps(catalogue: Catalogue, stored: str, months: Months) -> Mapping[str, Cap]:
    """Remembered: answers are saved many times for each time that figures are, and eleven forecasts take longer than
    to score."""
    inputs = read(from_stored(json.loads(stored)))
    return caps(catalogue, forecast(inputs), stress(inputs), months)
