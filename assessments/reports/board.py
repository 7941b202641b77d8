"""The summary for a board, on one page: what the colour is, why, what to do first, when, how much money, how firm."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.cashflow.sentences import Tone
from assessments.planning import schedule_words
from assessments.planning.assessed import Assessed
from assessments.planning.scheduled import StageSchedule, Step
from assessments.reports import words
from assessments.reports.firmness import WayUp, confidence_of, way_up_of
from assessments.reports.money import Money
from assessments.reports.plan import ActionRow, Plan
from assessments.reports.verdicts import Standing, Verdict, Verdicts
from assessments.scoring import sentences
from assessments.scoring.result import Result, Unknown

# So many lines leave the summary on one page, whatever the answers.
TRIGGERS, TRIGGERS_OF_EACH_END = 3, 2
CHANGES = 2
STEPS = 3
UNKNOWNS = 3


@dataclass(frozen=True, slots=True)
class When:
    """A decision: when it can be ready at the earliest, and the rest of the sentence, with its comma or full stop."""

    stage: str
    key: str
    rest: str


@dataclass(frozen=True, slots=True)
class Need:
    """The money needed: the figure to plan with, its month, and sentences about it. None is needed: no figure."""

    amount: str
    month: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """`claimed` is told only where it would make a difference, and nobody reviewed the result: a review tells it."""

    verdict: Verdict
    meaning: str
    claimed: Verdict | None
    has_caps: bool
    standings: tuple[Standing, ...]
    first: tuple[ActionRow, ...]
    way_up: WayUp | None
    way_up_first: tuple[str, ...]
    way_up_more: int
    when: tuple[When, ...]
    decided_by: str
    on_top: str
    need: Need | None
    stability: str
    confidence: str
    unknowns: tuple[Unknown, ...]
    more_unknowns: int


def board_of(found: Assessed, verdicts: Verdicts, plan: Plan, money: Money | None) -> Board:
    result = found.result
    unknowns = result.find_out_first
    way_up = way_up_of(result.supported, found.way_up)
    own = found.schedule.stages[0]
    return Board(
        verdict=verdicts.of(result.supported, TRIGGERS if result.supported.known else TRIGGERS_OF_EACH_END),
        meaning=_meaning(result),
        claimed=None if result.reviewed else verdicts.claimed(result.claimed, result.supported),
        has_caps=result.has_caps,
        standings=tuple(verdicts.standings()),
        first=plan.first(),
        way_up=way_up,
        way_up_first=tuple(change.text for change in found.way_up[:CHANGES]),
        way_up_more=max(len(found.way_up) - CHANGES, 0),
        when=tuple(_when(stage) for stage in _first_and_last(found.schedule.stages)),
        decided_by=_decided_by(own.chain),
        on_top=_on_top(own),
        need=_need(money),
        stability=found.stability.sentence,
        confidence=confidence_of(result),
        unknowns=unknowns[:UNKNOWNS],
        more_unknowns=max(len(unknowns) - UNKNOWNS, 0),
    )


def _meaning(result: Result) -> str:
    """What the colours and gates that the summary names are, for who reads no further."""
    ends = (result.supported.worst, result.supported.best)
    said = [words.MEANINGS[colour] for colour in dict.fromkeys(end.colour for end in ends) if colour in words.MEANINGS]
    if any(trigger.kind == "gate" for end in ends for trigger in end.triggers):
        said.append(words.GATES)
    return " ".join(said)


def _first_and_last(stages: Sequence[StageSchedule]) -> Iterator[StageSchedule]:
    yield stages[0]
    if len(stages) > 1:
        yield stages[-1]


def _when(stage: StageSchedule) -> When:
    """The sentence of the schedule, parted behind the first date."""
    sentence = stage.sentences[0]
    end = min((place for sign in (",", ";", ":") if (place := sentence.find(sign)) > 0), default=len(sentence))
    is_told = sentences.number(stage.missing_answers, "missing answer", "missing answers") in sentence
    missing = f" {schedule_words.missing_answers(stage)}" if stage.missing_answers and not is_told else ""
    return When(stage.stage.title, sentence[:end], f"{sentence[end:]}{missing}")


def _decided_by(steps: Sequence[Step]) -> str:
    """The chain that decides the date; of a long one the beginning and the end."""
    if not steps:
        return ""
    if len(steps) <= STEPS:
        return f"What decides it: {schedule_words.in_order(steps)}."
    between = sentences.number(len(steps) - STEPS, "more", "more")
    first, last = schedule_words.in_order(steps[: STEPS - 1]), schedule_words.in_order(steps[-1:])
    return f"What decides it: {first}, then {between} and at last {last}."


def _on_top(stage: StageSchedule) -> str:
    """What the dates leave out."""
    if not stage.will_not_do:
        return ""
    refused = sentences.number(len(stage.will_not_do), "action is", "actions are").capitalize()
    return f"{refused} called for, but will not be done."


def _need(money: Money | None) -> Need | None:
    if money is None:
        return None
    story, headline = money.story, money.story.headline
    said = [f"At month-ends it looks like {headline.month_end_amount}, which is too hopeful."]
    if not headline.is_needed or headline.month_end_amount == headline.amount:
        said = []
    said += [sentence.text for sentence in story.sentences if sentence.about in _TOLD[headline.is_needed]]
    said += [
        sentence.text
        for sentence in story.sentences
        if sentence.about in ("surplus", "debt") and sentence.tone is Tone.WARNING
    ]
    return Need(headline.amount if headline.is_needed else "", headline.month, tuple(said))


_TOLD = {True: ("funding", "facility"), False: ("need", "funding")}
