"""All that an assessment's answers mean, worked out in one place: for pages, report, command line and what-ifs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assessments.cashflow.forecast import Forecast, forecast
from assessments.cashflow.reading import read
from assessments.cashflow.stress import stress
from assessments.catalogue.schema import Catalogue
from assessments.planning.actions import plan_actions
from assessments.planning.caps import caps, months_of
from assessments.planning.planned import PlannedAction
from assessments.planning.progress import NOTHING_AGREED, AgreedPlan
from assessments.planning.schedule import schedule
from assessments.planning.scheduled import Schedule
from assessments.planning.way_up import way_up, ways_up_of_barriers
from assessments.scoring.answers import Answers
from assessments.scoring.changes import Change
from assessments.scoring.compatibility import Compatibility, compatibility
from assessments.scoring.fingerprint import fingerprint
from assessments.scoring.result import Result
from assessments.scoring.score import score
from assessments.scoring.sensitivity import Stability, stability


@dataclass(frozen=True, slots=True)
class Assessed:
    """`answers` are those that were scored: as given, with the caps of the cash-flow calculator where there is one.

    `way_up` leads the whole to its next colour, `ways_up` each barrier by itself. Without a cash flow there is no
    `forecast`, and `stresses` (by code, ST1 to ST10) is empty; without a table in the edition no `compatibility`.
    `fingerprint` is that of the answers scored.
    """

    answers: Answers
    fingerprint: str
    result: Result
    actions: tuple[PlannedAction, ...]
    schedule: Schedule
    way_up: tuple[Change, ...]
    ways_up: Mapping[str, tuple[Change, ...]]
    stability: Stability
    compatibility: Compatibility | None
    forecast: Forecast | None
    stresses: Mapping[str, Forecast]


def assessed(
    catalogue: Catalogue,
    answers: Answers,
    *,
    cashflow: Mapping[str, Any] | None = None,
    agreed: AgreedPlan = NOTHING_AGREED,
    settled: Collection[str] = (),
) -> Assessed:
    """`cashflow` is the calculator's table, as [cashflow] in an answers file. Raises InputsError if it is not good.
    No figure caps a question or gate that is `settled`: a what-if takes it as agreeing with the calculator.

    The same inputs always give the same. Too slow for the path of a save: what a save stores is the result alone.
    """
    base, stresses = _forecasts(cashflow)
    if base is not None:
        found = caps(catalogue, base, stresses, months_of(answers.profile))
        answers = replace(answers, caps={item: cap for item, cap in found.items() if item not in settled})
    result = score(catalogue, answers)
    actions = plan_actions(catalogue, result, answers)
    return Assessed(
        answers=answers,
        fingerprint=fingerprint(catalogue.digest, answers),
        result=result,
        actions=actions,
        schedule=schedule(catalogue, answers, agreed, result=result, actions=actions),
        way_up=way_up(result),
        ways_up=ways_up_of_barriers(result),
        stability=stability(result),
        compatibility=compatibility(catalogue, answers),
        forecast=base,
        stresses=stresses,
    )


def _forecasts(cashflow: Mapping[str, Any] | None) -> tuple[Forecast | None, Mapping[str, Forecast]]:
    if cashflow is None:
        return None, {}
    inputs = read(cashflow)
    return forecast(inputs), stress(inputs)
