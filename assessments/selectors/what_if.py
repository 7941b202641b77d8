"""What-ifs as their pages show them: what can be tried, what is tried, and what moves."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessments.cashflow.forecast import Forecast
from assessments.cashflow.inputs import Billing, Inputs
from assessments.cashflow.reading import InputsError, read
from assessments.cashflow.serialise import to_dict
from assessments.cashflow.stored import from_stored
from assessments.cashflow.story import story_of
from assessments.cashflow.tried import Figures
from assessments.cashflow.typed import exact_pounds, in_per_cent
from assessments.catalogue.schema import Stage
from assessments.models import Assessment, CashFlow, WhatIf
from assessments.models.plan import StoredAgreement, agreed_plan, stored_plan
from assessments.planning.differences import ColourMove, DateMove, Differences
from assessments.planning.planned import Kind, PlannedAction
from assessments.planning.progress import Progress
from assessments.planning.recalled import recalled
from assessments.planning.schedule import schedule, weeks_of
from assessments.planning.what_if import About, Outcome, Tried, asked, tried_from, what_if
from assessments.scoring.answers import Answers, AnswerState, GateState
from assessments.scoring.changes import Change
from assessments.scoring.result import Decision, GateResult, QuestionResult
from assessments.scoring.score import score
from assessments.scoring.sentences import listing
from assessments.selectors.cash_flow import GO_LIVE, capped, figures_of
from assessments.selectors.workbook import Workbook, workbook

# How many of the things that decide the colour a reader is shown.
TRIGGERS = 5

GATE_WORDS = {
    GateState.MET.value: "met",
    GateState.NOT_MET.value: "not met",
    GateState.NOT_KNOWN.value: "not known",
    GateState.NOT_APPLICABLE.value: "not applicable",
}


@dataclass(frozen=True)
class Record:
    """Everything of an assessment that a what-if is worked out from; three queries, and one more where the form asks
    what the figures say against answers. Nothing here is ever written."""

    book: Workbook
    plan: Mapping[str, StoredAgreement]
    cash_flow: CashFlow | None

    @property
    def assessment(self) -> Assessment:
        return self.book.assessment

    @cached_property
    def stamp(self) -> str:
        """Changes with every save of an answer, the plan or the cash flow, and with the next decision."""
        assessment = self.assessment
        versions = {
            "catalogue": assessment.catalogue.digest,
            "stage": assessment.stage,
            "reviewed": assessment.is_reviewed,
            "answers": {item: row.version for item, row in self.book.rows.items()},
            "plan": {action: row.version for action, row in self.plan.items()},
            "cash": self.cash_flow.version if self.cash_flow else None,
        }
        return hashlib.sha256(json.dumps(versions, sort_keys=True).encode()).hexdigest()

    @cached_property
    def table(self) -> dict[str, Any] | None:
        """The calculator's table; None where no figures are kept, or what is kept cannot be worked out."""
        if self.cash_flow is None:
            return None
        table = from_stored(self.cash_flow.inputs)
        try:
            read(table)
        except InputsError:
            return None
        return table

    @cached_property
    def answers(self) -> Answers:
        """With what the calculator says against them, as the stored result was scored."""
        return self.book.answers if self.table is None else capped(self.book.answers, self.assessment)

    @property
    def inputs(self) -> Inputs | None:
        return None if self.table is None else read(self.table)

    @property
    def go_live(self) -> dt.date | None:
        given = self.book.answers.profile.get(GO_LIVE)
        return given if isinstance(given, dt.date) else None

    def outcome(self, tried: Tried) -> Outcome:
        return what_if(self.book.catalogue, self.book.answers, tried, self.table, agreed_plan(self.plan))


def record_of(assessment: Assessment) -> Record:
    return Record(workbook(assessment), stored_plan(assessment), figures_of(assessment))


def tried_in(kept: WhatIf) -> Tried:
    return tried_from(kept.done, kept.answers, kept.cash)


# What can be tried ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """Something that can be ticked, with what a busy person wants to know of it."""

    id: str
    title: str
    hint: str


@dataclass(frozen=True)
class Offers:
    """What a barrier offers; `id` is empty for what no barrier has."""

    id: str
    title: str
    offers: tuple[Offer, ...]


class Choices:
    """The actions and answers that a what-if can be made of. What is tried already is offered, known or not."""

    def __init__(self, record: Record, tried: Tried) -> None:
        self.record = record
        self.tried = tried
        self.catalogue = record.book.catalogue
        self.result = score(self.catalogue, record.answers)

    @cached_property
    def actions(self) -> tuple[Offers, ...]:
        called_for = self._called_for()
        known = {action.id: offer for stage, action in called_for for offer in (self._action(stage, action),)}
        groups = [
            Offers(
                barrier.id,
                barrier.title,
                tuple(known[action.id] for _, action in called_for if action.barrier == barrier.id),
            )
            for barrier in self.catalogue.barriers
        ]
        lost = tuple(
            Offer(action, recalled(self.catalogue, action).title, "The answers do not call for it now.")
            for action in dict.fromkeys(self.tried.done)
            if action not in known
        )
        return (
            *(group for group in groups if group.offers),
            *([Offers("", "Not in the plan now", lost)] if lost else []),
        )

    def _called_for(self) -> list[tuple[Stage, PlannedAction]]:
        """By this decision and later ones. What cannot be presumed (facts, which of two answers is wrong) is not
        offered."""
        planned = schedule(self.catalogue, self.record.answers, result=self.result)
        first: dict[str, tuple[Stage, PlannedAction]] = {}
        for stage, plan in planned.plans.items():
            for action in plan:
                first.setdefault(action.id, (stage, action))
        return [
            (stage, action)
            for stage, action in first.values()
            if action.kind is not Kind.SETTLE and action.barrier is not None
        ]

    def _action(self, stage: Stage, action: PlannedAction) -> Offer:
        own = stage is self.record.assessment.next_decision
        when = action.priority.label if own else f"Needed later, for “{stage.title}”"
        return Offer(
            action.id, action.title, f"{when}, {weeks_in_words(action)}.{self._agreed(action.id)}{self._closes(action)}"
        )

    def _agreed(self, action_id: str) -> str:
        row = self.record.plan.get(action_id)
        said = {
            Progress.DOING.value: " Under way.",
            Progress.DONE.value: " Done in the plan, but the answers do not show it yet.",
            Progress.WILL_NOT_DO.value: " Not to be done, by the plan.",
        }
        return said.get(row.agreement.progress, "") if row else ""

    def _closes(self, action: PlannedAction) -> str:
        titles = [self.catalogue.item(item).title for item in action.closes]
        if not titles or action.kind is not Kind.DO:
            return ""
        shown = titles[:3] + ([f"{len(titles) - 3} more"] if len(titles) > 3 else [])
        return f" For: {listing(shown)}."

    @cached_property
    def items(self) -> tuple[Offers, ...]:
        now = asked(self.result)
        groups = [
            Offers(
                barrier.id,
                barrier.title,
                tuple(Offer(item.id, item.title, standing(now[item.id])) for item in barrier.items if item.id in now),
            )
            for barrier in self.catalogue.barriers
        ]
        items = self.catalogue.items
        lost = tuple(
            Offer(item, items[item].title if item in items else item, "It is not asked now.")
            for item in (*self.tried.levels, *self.tried.gates)
            if item not in now
        )
        return (*(group for group in groups if group.offers), *([Offers("", "Not asked now", lost)] if lost else []))


def weeks_in_words(action: PlannedAction) -> str:
    fewest, most = weeks_of(action)
    if fewest == most:
        return f"{most} week{'' if most == 1 else 's'}"
    return f"{fewest} to {most} weeks"


def standing(item: QuestionResult | GateResult) -> str:
    """Where a question or gate stands now, and what this decision needs."""
    if isinstance(item, GateResult):
        claimed = "answered yes, but not known without proof" if item.lacks_proof else GATE_WORDS[item.counts.value]
        against = " The cash flow speaks against it." if item.is_capped else ""
        return f"Gate. Now: {claimed}{_as_reviewed(item)}.{against}"
    if item.counted_state is AnswerState.NOT_APPLICABLE:
        return f"Now: not applicable{_as_reviewed(item)}."
    if item.counts is None:
        now = "not known" if item.counted_state is AnswerState.DONT_KNOW else "not answered"
    elif item.agreed is not None:
        now = f"level {item.counts}"
    elif item.supported == item.claimed:
        now = f"level {item.claimed}"
    else:
        now = f"level {item.claimed}, supported at level {item.supported}"
    against = " The cash flow speaks against more." if item.is_capped else ""
    return f"Now: {now}{_as_reviewed(item)}.{against} Level {item.required} is needed."


def _as_reviewed(item: QuestionResult | GateResult) -> str:
    return "" if item.agreed is None else ", as reviewed"


# What a figure is called ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """A figure of the cash flow that can be tried: what it is now, and for what is tried, that."""

    name: str
    title: str
    now: str
    then: str = ""


MODES = {Billing.ARREARS: "in arrears", Billing.ADVANCE: "in advance"}


def figures_now(inputs: Inputs) -> dict[str, str]:
    """Each figure that can be tried, as it is recorded."""
    contract = inputs.main_contract
    pay = inputs.pay_by_month
    costs = sum((cost.monthly for cost in inputs.cost), Decimal(0))
    return {
        "opening_cash": exact_pounds(inputs.opening_cash),
        "loan": exact_pounds(inputs.loan.amount) if inputs.loan else "no loan",
        "mode": MODES[contract.mode],
        "payment_days": f"{contract.payment_days} days",
        "contract_by": f"{exact_pounds(contract.monthly)} a month",
        "pay_by": f"{exact_pounds(pay[0])} {'a month' if len(set(pay)) == 1 else 'in the first month'}",
        "employer_pension": f"{in_per_cent(inputs.employer_pension).removesuffix('%')}% of pay",
        "costs_by": f"{exact_pounds(costs)} in a month with all of them",
    }


TITLES = {
    "opening_cash": "Opening cash",
    "loan": "Loan",
    "mode": "Main contract paid",
    "payment_days": "Days until the main contract is paid",
    "contract_by": "Income of the main contract",
    "pay_by": "Pay",
    "employer_pension": "Employer's pension contribution",
    "costs_by": "Other running costs",
}


def figures_tried(tried: Figures, now: Mapping[str, str]) -> Iterator[Figure]:
    for name in tried.given():
        yield Figure(name, TITLES[name], now.get(name, "not recorded"), _then(name, getattr(tried, name)))


def _then(name: str, value: Any) -> str:
    if name.endswith("_by"):
        share = in_per_cent(abs(value)).removesuffix("%")
        return f"{share}% {'more' if value >= 0 else 'less'}"
    return _THEN[name](value)


_THEN: dict[str, Callable[[Any], str]] = {
    "opening_cash": exact_pounds,
    "loan": lambda value: exact_pounds(value) if value else "no loan",
    "mode": lambda value: MODES[value],
    "payment_days": lambda value: f"{value} days",
    "employer_pension": lambda value: f"{in_per_cent(value).removesuffix('%')}% of pay",
}


# The page of one what-if ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FigureMove:
    """A figure that the calculator works out, now and with everything tried."""

    title: str
    now: str
    then: str

    @property
    def moved(self) -> bool:
        return self.now != self.then


@dataclass(frozen=True)
class DateRow:
    """A decision, with the date wanted for it if there is one."""

    move: DateMove

    @property
    def title(self) -> str:
        return self.move.stage.title

    @property
    def now(self) -> str:
        return self.move.in_words[0]

    @property
    def then(self) -> str:
        return self.move.in_words[1]

    @property
    def wanted(self) -> dt.date | None:
        return self.move.after.wanted

    @property
    def is_late(self) -> bool:
        """By the likely date."""
        spare = self.move.after.weeks_to_spare
        return spare is not None and spare[1] < 0


@dataclass(frozen=True)
class Line:
    """Something that is tried: what it is about, and what is said of it."""

    title: str
    rest: str
    href: str = ""


class WhatIfPage:
    """One what-if, worked out on the record as it is now."""

    def __init__(self, kept: WhatIf, record: Record) -> None:
        self.kept = kept
        self.record = record
        self.tried = tried_in(kept)
        self.outcome = record.outcome(self.tried)
        self.differences: Differences = self.outcome.differences

    @property
    def is_of_an_earlier_record(self) -> bool:
        return self.kept.record != self.record.stamp

    @property
    def whole(self) -> ColourMove:
        return self.differences.whole

    @property
    def moved(self) -> tuple[ColourMove, ...]:
        return tuple(move for move in self.differences.barriers if move.moved)

    @property
    def unmoved(self) -> tuple[ColourMove, ...]:
        return tuple(move for move in self.differences.barriers if not move.moved)

    @property
    def dates(self) -> tuple[DateRow, ...]:
        return tuple(DateRow(move) for move in self.differences.dates)

    @cached_property
    def cash(self) -> tuple[FigureMove, ...]:
        """The headline figures; none where no figures are kept."""
        before, after = self.outcome.before, self.outcome.after
        if before.forecast is None or after.forecast is None:
            return ()
        now = self._figures(before.forecast, before.stresses)
        then = self._figures(after.forecast, after.stresses)
        titles = dict.fromkeys((*now, *then))
        return tuple(FigureMove(title, now.get(title, "none"), then.get(title, "none")) for title in titles)

    def _figures(self, forecast: Forecast, stresses: Mapping[str, Forecast]) -> dict[str, str]:
        story = story_of(to_dict(forecast, stresses), self.record.go_live)
        return {figure.title: figure.value for figure in story.figures}

    @property
    def cash_moved(self) -> bool:
        return any(figure.moved for figure in self.cash)

    @property
    def anything_moved(self) -> bool:
        return self.differences.any or self.cash_moved

    # What is tried

    @property
    def is_empty(self) -> bool:
        return not (self.kept.done or self.kept.answers or self.kept.cash)

    @property
    def done(self) -> tuple[Line, ...]:
        return tuple(Line(action.title, weeks_in_words(action)) for action in self.outcome.done)

    @property
    def closed(self) -> tuple[Line, ...]:
        """What the ticked actions close, but for what is set besides."""
        own = {change.id for change in self.outcome.answered}
        return self._lines(change for change in self.outcome.closed if change.id not in own)

    @property
    def answered(self) -> tuple[Line, ...]:
        return self._lines(self.outcome.answered)

    def _lines(self, changes: Iterable[Change]) -> tuple[Line, ...]:
        """In asking order, whatever order they were kept in."""
        places = {item: place for place, item in enumerate(self.record.book.catalogue.items)}
        return tuple(_line(change) for change in sorted(changes, key=lambda change: places[change.id]))

    @property
    def not_set_yet(self) -> int:
        return sum(value is None for value in self.kept.answers.values())

    @property
    def figures(self) -> tuple[Figure, ...]:
        inputs = self.record.inputs
        return tuple(figures_tried(self.tried.cash, {} if inputs is None else figures_now(inputs)))

    # What is to be said of it

    @property
    def also_needed(self) -> tuple[str, ...]:
        return self._said(About.ALSO_NEEDED)

    @property
    def out_of_order(self) -> tuple[str, ...]:
        return self._said(About.WAITS)

    @property
    def left_out(self) -> tuple[str, ...]:
        kinds = (About.NOT_KNOWN, About.NOT_CALLED_FOR, About.NOT_ASKED, About.NO_FIGURES, About.FIGURES_REFUSED)
        return self._said(*kinds)

    @property
    def presumed(self) -> tuple[str, ...]:
        return self._said(About.GOOD_NEWS, About.TAKEN_AS_SETTLED, About.NOT_PRESUMED)

    @property
    def contradicted(self) -> tuple[str, ...]:
        return self._said(About.CONTRADICTED)

    def _said(self, *kinds: About) -> tuple[str, ...]:
        return tuple(remark.text for remark in self.outcome.about(*kinds))

    @property
    def decision(self) -> Decision:
        """What would still decide the colour of the whole, at worst."""
        return self.outcome.after.result.supported.worst

    @property
    def holding_back(self) -> tuple[str, ...]:
        return tuple(trigger.text for trigger in self.decision.triggers[:TRIGGERS])

    @property
    def holding_back_count(self) -> int:
        return len(self.decision.triggers)

    @property
    def holding_back_more(self) -> bool:
        return self.holding_back_count > TRIGGERS


def _line(change: Change) -> Line:
    before, after = _stand(change.kind, change.from_), _stand(change.kind, change.to)
    return Line(change.title, f"{after}, as it is now" if before == after else f"from {before} to {after}")


def _stand(kind: str, value: str | int | None) -> str:
    if kind == "gate":
        return GATE_WORDS.get(str(value), "not asked")
    return "no level" if value is None else f"level {value}"


# Starts, and the list ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A what-if as the list shows it: how much it tries, not what comes of it."""

    kept: WhatIf

    @property
    def in_words(self) -> str:
        counted = [
            _count(len(self.kept.done), "action done", "actions done"),
            _count(len(self.kept.answers), "answer changed", "answers changed"),
            _count(len(self.kept.cash), "figure changed", "figures changed"),
        ]
        found = [text for text in counted if text]
        return f"{listing(found)}." if found else "Nothing is tried yet."


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def what_ifs_of(assessment: Assessment) -> tuple[Listed, ...]:
    return tuple(Listed(kept) for kept in WhatIf.objects.filter(assessment=assessment).select_related("made_by"))
