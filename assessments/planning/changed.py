"""What changed between two frozen copies of one service's answers, as rule 17 splits it: work done, proof obtained,
facts found; and what is asked anew or no longer. An adviser is shown it first when answers are submitted again.

Both copies are scored under one catalogue, for the decision of the later one, so that like is compared with like.
What an adviser settled on the earlier copy is what stood then, whatever had been claimed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from assessments.catalogue.path import path
from assessments.catalogue.schema import Catalogue, EvidenceGrade, FactQuestion, FactValue, Stage
from assessments.planning import schedule_words
from assessments.planning.differences import ColourMove, barriers_moved, whole_moved
from assessments.planning.what_if import asked
from assessments.scoring.answers import Answers, AnswerState, GateState, Rating
from assessments.scoring.result import Ageing, GateResult, QuestionResult
from assessments.scoring.score import facts_of, score
from assessments.scoring.sentences import listing, number

Scored = QuestionResult | GateResult


class Kind(StrEnum):
    WORK = "work"
    """A level or the state of a gate that both copies know."""
    PROOF = "proof"
    """The evidence for a level or for a gate that is met."""
    FACT = "fact"
    """What was not known, or did not apply, or is a fact by itself."""
    ASKED = "asked"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One thing that changed about one fact, question or gate (`about`); `text` is a sentence.

    `before` and `after` are its words, empty where it was not asked. `better`: a higher level, a gate met, stronger
    or newer proof, an unknown that is known now; False for the opposite, None where it is neither.
    """

    kind: Kind
    about: str
    id: str
    barrier: str | None
    title: str
    before: str
    after: str
    better: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """`items` go by the catalogue's order. `whole` and `barriers` are the colours of both copies, for `stage`."""

    since: dt.date
    stage_before: Stage
    stage: Stage
    items: tuple[ItemChange, ...]
    whole: ColourMove
    barriers: tuple[ColourMove, ...]

    def of(self, kind: Kind) -> tuple[ItemChange, ...]:
        return tuple(change for change in self.items if change.kind is kind)

    @property
    def sentence(self) -> str:
        """How much changed, by kind."""
        since = f"Since {schedule_words.full(self.since)}"
        counted = [number(len(self.of(kind)), *words) for kind, words in _COUNTED.items() if self.of(kind)]
        return f"{since}: {listing(counted)}." if counted else f"{since} no answer has changed."

    @property
    def rescored(self) -> str:
        """That the earlier copy was made for another decision; empty where it was not."""
        if self.stage_before is self.stage:
            return ""
        return (
            f"The earlier copy was made for the decision “{self.stage_before.title}”. Here both are read and scored"
            f" for “{self.stage.title}”."
        )


_COUNTED = {
    Kind.WORK: ("level or gate moved", "levels or gates moved"),
    Kind.PROOF: ("proof changed", "proofs changed"),
    Kind.FACT: ("fact found or changed", "facts found or changed"),
    Kind.ASKED: ("question or gate asked anew", "questions and gates asked anew"),
    Kind.NOT_ASKED: ("question or gate no longer asked", "questions and gates no longer asked"),
}


def changed(catalogue: Catalogue, before: Answers, after: Answers) -> Changed:
    """Both copies with the caps of their cash flow, if they have any. The same answers change nothing."""
    then, now = _Copy(catalogue, replace(before, stage=after.stage)), _Copy(catalogue, after)
    return Changed(
        since=before.as_of,
        stage_before=before.stage,
        stage=after.stage,
        items=tuple(change for item_id in catalogue.items for change in _changes(catalogue, item_id, then, now)),
        whole=whole_moved(then.result, now.result),
        barriers=barriers_moved(then.result, now.result),
    )


class _Copy:
    """One copy of the answers: its result, and what it says of everything that it is asked."""

    def __init__(self, catalogue: Catalogue, answers: Answers) -> None:
        way = path(catalogue, answers.stage, facts_of(answers), answers.as_of)
        self.answers = answers
        self.result = score(catalogue, answers)
        self.facts = way.facts
        self.asked = frozenset(way.truths)
        self.scored = asked(self.result)

    def evidence_date(self, item_id: str) -> dt.date | None:
        given = self.answers.questions.get(item_id) or self.answers.gates.get(item_id)
        return None if given is None else given.evidence_date


# One item ---------------------------------------------------------------------------------------------------


def _changes(catalogue: Catalogue, item_id: str, then: _Copy, now: _Copy) -> Iterator[ItemChange]:
    """In both copies an item is asked under the same catalogue, so that it is of one kind in both."""
    told = _Telling(catalogue, item_id, then, now)
    if item_id not in then.asked and item_id not in now.asked:
        return
    if item_id not in then.asked:
        text = f"{told.title} is asked now, and is {told.after}."
        yield told.change(Kind.ASKED, "", told.after, None, text)
    elif item_id not in now.asked:
        text = f"{told.title} is no longer asked. It was {told.before}."
        yield told.change(Kind.NOT_ASKED, told.before, "", None, text)
    else:
        yield from told.said()
        yield from told.proved()


class _Telling:
    """What both copies say of one item, and the words for what is different."""

    def __init__(self, catalogue: Catalogue, item_id: str, then: _Copy, now: _Copy) -> None:
        item, owner = catalogue.item(item_id), catalogue.barrier_of(item_id)
        self.id, self.title, self.barrier = item_id, item.title, None if owner is None else owner.id
        self.then, self.now = then, now
        self.was, self.is_ = then.scored.get(item_id), now.scored.get(item_id)
        if isinstance(item, FactQuestion):
            self.about = "fact"
            self.before, self.after = (_given(item, copy.facts.get(item_id)) for copy in (then, now))
        else:
            self.about = "gate" if isinstance(self.is_ or self.was, GateResult) else "question"
            self.before, self.after = _words(self.was), _words(self.is_)

    def change(self, kind: Kind, before: str, after: str, better: bool | None, text: str) -> ItemChange:
        return ItemChange(kind, self.about, self.id, self.barrier, self.title, before, after, better, text)

    def said(self) -> Iterator[ItemChange]:
        """A level, a state or a fact that is another one now."""
        if self.was is None or self.is_ is None:
            was, is_ = self.then.facts.get(self.id), self.now.facts.get(self.id)
            if was != is_:
                yield self._moved(Kind.FACT, _is_found(was is not None, is_ is not None))
        elif _said(self.was) != _said(self.is_) or _is_blank(self.was) != _is_blank(self.is_):
            order, order_now = _order(self.was), _order(self.is_)
            if order is not None and order_now is not None:
                yield self._moved(Kind.WORK, order_now > order)
            else:
                yield self._moved(Kind.FACT, _is_found(order is not None, order_now is not None))

    def _moved(self, kind: Kind, better: bool | None) -> ItemChange:
        was = f"{self.before}{_settled(self.was)}"
        return self.change(kind, self.before, self.after, better, f"{self.title} was {was} and is {self.after} now.")

    def proved(self) -> Iterator[ItemChange]:
        """Other evidence for what both copies claim; also the same, where it has outlived its life since."""
        if self.was is None or self.is_ is None or self.was.grade is None or self.is_.grade is None:
            return
        was = _Proof(self.was.evidence, self.was.grade, self.was.ageing, self.then.evidence_date(self.id))
        is_ = _Proof(self.is_.evidence, self.is_.grade, self.is_.ageing, self.now.evidence_date(self.id))
        if (was.words, was.grade) != (is_.words, is_.grade):
            text = f"{self.title} rests on {is_.words} now; before, on {was.words}."
            yield self.change(Kind.PROOF, was.words, is_.words, is_.is_better_than(was), text)


def _is_found(was_known: bool, is_known: bool) -> bool | None:
    return None if was_known == is_known else is_known


# What was said ----------------------------------------------------------------------------------------------


def _said(item: Scored) -> Rating | GateState:
    """The last that was said: what an adviser settled, else what the service claims."""
    if item.agreed is not None:
        return item.agreed.counts
    if isinstance(item, GateResult):
        return item.claimed
    return item.state if item.claimed is None else item.claimed


def _order(item: Scored) -> int | None:
    """The higher, the better; None where there is neither a level nor a state that is known."""
    said = _said(item)
    return said if isinstance(said, int) else _GATES.get(said) if isinstance(said, GateState) else None


_GATES = {GateState.NOT_MET: 0, GateState.MET: 1}


def _is_blank(item: Scored) -> bool:
    return isinstance(item, GateResult) and item.is_blank


def _words(item: Scored | None) -> str:
    """Completes "it is …"."""
    if item is None or _is_blank(item):
        return "not answered"
    said = _said(item)
    return f"at level {said}" if isinstance(said, int) else _STATES[said]


_STATES: Mapping[str, str] = {
    AnswerState.NOT_ANSWERED: "not answered",
    AnswerState.DONT_KNOW: "not known",
    AnswerState.NOT_APPLICABLE: "said not to apply",
    GateState.MET: "met",
    GateState.NOT_MET: "not met",
    GateState.NOT_KNOWN: "not known",
}


def _settled(item: Scored | None) -> str:
    if item is None or item.agreed is None:
        return ""
    return ", as the adviser saw it," if item.agreed.dissent else ", as agreed with the adviser,"


# Facts ------------------------------------------------------------------------------------------------------

_FACTS: Mapping[str, Callable[[FactQuestion, Any], str]] = {
    "yes_no": lambda fact, value: "“yes”" if value else "“no”",
    "choice": lambda fact, value: _options(fact, [value]),
    "choices": lambda fact, value: _options(fact, value),
    "number": lambda fact, value: f"{value:,} {fact.unit}".strip(),
    "money": lambda fact, value: f"£{value:,.2f}".removesuffix(".00"),
    "date": lambda fact, value: schedule_words.full(value),
    "text": lambda fact, value: f"“{value}”",
}


def _given(fact: FactQuestion, value: FactValue | None) -> str:
    return "not given" if value is None else _FACTS[fact.kind](fact, value)


def _options(fact: FactQuestion, chosen: Any) -> str:
    texts = {option.id: option.text for option in fact.options}
    return listing([f"“{texts.get(one, one)}”" for one in chosen])


# Proof ------------------------------------------------------------------------------------------------------

_AGEING = {
    Ageing.NONE: "",
    Ageing.OLD: " (older than its stated life, so one grade lower)",
    Ageing.UNDATED: " (without a date, so one grade lower)",
}


@dataclass(frozen=True, slots=True)
class _Proof:
    evidence: EvidenceGrade | None
    grade: EvidenceGrade
    ageing: Ageing
    dated: dt.date | None

    @property
    def words(self) -> str:
        if self.evidence is None or self.evidence is EvidenceGrade.E0:
            return "no evidence"
        dated = f" dated {schedule_words.full(self.dated)}" if self.dated else ""
        return f"{self.evidence}{dated}{_AGEING[self.ageing]}"

    def is_better_than(self, other: _Proof) -> bool | None:
        grades = list(EvidenceGrade)
        one, two = grades.index(self.grade), grades.index(other.grade)
        if one != two:
            return one > two
        if self.dated is None or other.dated is None or self.dated == other.dated:
            return None
        return self.dated > other.dated
