"""The schedule as its page shows it: dates for each decision, and the picture of one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assessments.catalogue.schema import Stage
from assessments.planning.picture import Bar, Group, Picture, picture_of
from assessments.planning.scheduled import Schedule, StageSchedule
from assessments.selectors.plan import GENERAL, Plan


@dataclass(frozen=True)
class BarrierBars:
    title: str
    bars: tuple[Bar, ...]


class SchedulePage:
    """`shown` is the decision that is drawn: the assessment's own, or a later one."""

    def __init__(self, plan: Plan, stage: str = "") -> None:
        self.plan = plan
        own = plan.assessment.next_decision
        later = {later.value: later for later in tuple(Stage)[own.position :]}
        self.shown: Stage = later.get(stage, own)

    @property
    def schedule(self) -> Schedule:
        return self.plan.schedule

    @property
    def stages(self) -> tuple[StageSchedule, ...]:
        return self.schedule.stages

    @property
    def own(self) -> StageSchedule:
        return self.schedule.stages[0]

    @cached_property
    def picture(self) -> Picture | None:
        return picture_of(self.schedule, self.shown)

    @property
    def decision(self) -> StageSchedule:
        return self.schedule.stage(self.shown)

    @property
    def rest(self) -> Iterator[BarrierBars]:
        return (self._titled(group) for group in (self.picture.rest if self.picture else ()))

    def _titled(self, group: Group) -> BarrierBars:
        title = self.plan.catalogue.barrier(group.barrier).title if group.barrier else GENERAL
        return BarrierBars(title, group.bars)

    @cached_property
    def with_page(self) -> frozenset[str]:
        """The actions that have a page: those that the next decision calls for."""
        return frozenset(action.id for action in self.plan.actions)
