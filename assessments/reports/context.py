"""What the report prints, worked out: the template holds no logic deeper than a condition."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assessments.agreement.found import in_short
from assessments.catalogue.path import Path, path
from assessments.catalogue.schema import FactQuestion, FactValue, LevelQuestion
from assessments.models.answer import fact_to_json
from assessments.planning.assessed import assessed
from assessments.planning.caps import cap_in_words
from assessments.reports import words
from assessments.reports.backing import Backing, LawLine, SourceList, SourceNumbers, backing_of
from assessments.reports.board import Board, board_of
from assessments.reports.firmness import (
    ContradictionLine,
    Firm,
    WayUp,
    WayUpOfBarrier,
    contradictions_of,
    firm_of,
    way_up_by_barrier,
    way_up_of,
)
from assessments.reports.inputs import Given
from assessments.reports.money import Money, money_of
from assessments.reports.open_ways import OpenWays, open_ways_of
from assessments.reports.picture import Picture, picture_of
from assessments.reports.plan import ActionGroup, ActionRow, Plan
from assessments.reports.review import Provenance, Review, provenance_of, review_of
from assessments.reports.timing import Timing, timing_of
from assessments.reports.verdicts import Verdict, Verdicts, anchor
from assessments.scoring.answers import AgreedGate, AgreedLevel, AnswerState, Cap, GateState
from assessments.scoring.result import BarrierResult, GateResult, QuestionResult, Result, Unknown
from assessments.scoring.score import facts_of
from assessments.scoring.sentences import span
from assessments.selectors.checking import fact_in_words

NOT_ANSWERED = words.STATES[AnswerState.NOT_ANSWERED]

UNANSWERED_LISTED = 12
"""Of what nobody has answered yet, so many are listed to find out; the rest is counted."""


@dataclass(frozen=True, slots=True)
class FactRow:
    title: str
    answer: str
    remarks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What was said, and the titles of what was not."""

    rows: tuple[FactRow, ...]
    unanswered: str


@dataclass(frozen=True, slots=True)
class UnansweredItem:
    """A question or gate that nobody has said anything about, and what is asked of it."""

    anchor: str
    title: str
    asked: str


@dataclass(frozen=True, slots=True)
class GateRow:
    anchor: str
    title: str
    text: str
    strength: str
    claimed: str
    meaning: str
    supported: str
    agreed: str
    is_open: bool
    proof: str
    may_apply: bool
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """`claimed` is "Level 2" with its words in `meaning`, or the state of an answer without a level. `agreed` is what
    an adviser and the service settled on; empty where nobody reviewed it."""

    anchor: str
    title: str
    essential: bool
    claimed: str
    meaning: str
    supported: str
    agreed: str
    required: int
    gap: str
    falls_short: bool
    proof: str
    may_apply: bool
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FindRow:
    """A fact to find out: what it could change, who would know, and by when they said they would.

    `number` is that of the action which closes it.
    """

    number: str
    title: str
    barrier: str
    effect: str
    who: str
    by: str
    progress: str


@dataclass(frozen=True, slots=True)
class BarrierSection:
    id: str
    title: str
    summary: str
    verdict: Verdict
    claimed: Verdict | None
    confidence: str
    way_up: WayUp | None
    contradictions: tuple[ContradictionLine, ...]
    too_much_not_applicable: bool
    not_applicable_share: str
    gates: tuple[GateRow, ...]
    questions: tuple[QuestionRow, ...]
    unanswered: tuple[UnansweredItem, ...]
    facts: Facts
    actions: tuple[ActionRow, ...]
    backing: Backing


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    service: str
    service_short: str
    is_long: bool
    organisation: str
    stage: str
    as_of: str
    as_of_iso: str
    edition: str
    catalogue_title: str
    jurisdiction: str
    digest: str
    fingerprint: str
    provenance: Provenance
    review: Review | None
    summary: Board
    picture: Picture
    index: str
    firm: Firm
    contradictions: tuple[ContradictionLine, ...]
    way_up: WayUp | None
    way_up_by_barrier: tuple[WayUpOfBarrier, ...]
    money: Money | None
    open_ways: OpenWays | None
    timing: Timing
    barriers: tuple[BarrierSection, ...]
    law: tuple[LawLine, ...]
    sources: SourceList
    groups: tuple[ActionGroup, ...]
    find_out: tuple[FindRow, ...]
    more_to_find_out: int
    prove: tuple[ActionRow, ...]
    prove_elsewhere: str
    """The numbers of proofs that are listed with what to do, because they are urgent."""
    facts: Facts
    not_applicable: tuple[FactRow, ...]


def report_of(given: Given) -> ReadinessReport:
    """The whole report as plain data. The same inputs always give the same."""
    return _Maker(given).report()


class _Maker:
    """Holds what the parts of one report share."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.catalogue = given.catalogue
        self.found = assessed(given.catalogue, given.answers, cashflow=given.cashflow, agreed=given.agreed)
        self.answers = self.found.answers
        self.result: Result = self.found.result
        self.asked: Path = path(self.catalogue, self.answers.stage, facts_of(self.answers), self.answers.as_of)
        self.plan = Plan(self.catalogue, self.found, given.agreed)
        self.verdicts = Verdicts(self.catalogue, self.result)
        self.sources = SourceNumbers(self.catalogue)

    def report(self) -> ReadinessReport:
        # In the order of the report, in which sources get their numbers.
        contradictions = tuple(contradictions_of(self.catalogue, self.result, self.plan, self.sources))
        money = money_of(self.catalogue, self.found, self.given.cashflow, self.sources)
        open_ways = open_ways_of(self.catalogue, self.found.compatibility, self.sources)
        barriers = tuple(self._barrier(barrier, contradictions) for barrier in self.result.barriers)
        to_find_out = self._to_find_out()
        edition, service = self.catalogue.edition, self.given.service
        return ReadinessReport(
            service=service.name or "Unnamed service",
            is_long=len(service.name) > words.SHORT,
            service_short=words.shortened(service.name or "Unnamed service"),
            organisation=service.organisation,
            stage=self.answers.stage.title,
            as_of=words.day(self.answers.as_of),
            as_of_iso=self.answers.as_of.isoformat(),
            edition=edition.edition,
            catalogue_title=edition.title,
            jurisdiction=edition.jurisdiction,
            digest=self.catalogue.digest,
            fingerprint=self.found.fingerprint,
            provenance=provenance_of(self.given.origin, self.result),
            review=review_of(self.result, self.verdicts, self.given.origin),
            summary=board_of(self.found, self.verdicts, self.plan, money),
            picture=picture_of(self.result),
            index=span(self.result.index),
            firm=firm_of(self.found),
            contradictions=contradictions,
            way_up=way_up_of(self.result.supported, self.found.way_up),
            way_up_by_barrier=way_up_by_barrier(self.catalogue, self.found.way_up),
            money=money,
            open_ways=open_ways,
            timing=timing_of(self.found, self.plan),
            barriers=barriers,
            law=tuple({law.anchor: law for barrier in barriers for law in barrier.backing.law}.values()),
            sources=self.sources.listed(),
            groups=tuple(self.plan.groups()),
            find_out=tuple(self._find_row(unknown) for unknown in to_find_out),
            more_to_find_out=len(self.result.find_out_first) - len(to_find_out),
            prove=self.plan.prove,
            prove_elsewhere=self.plan.prove_elsewhere,
            facts=self._facts(
                item for page in self.asked.profile_pages() for item in page.items if isinstance(item, FactQuestion)
            ),
            not_applicable=tuple(self._not_applicable()),
        )

    # The whole

    def _to_find_out(self) -> list[Unknown]:
        """What somebody has said that they do not know; and of the rest what could change most."""
        found = self.result.find_out_first
        return [
            unknown
            for place, unknown in enumerate(found)
            if place < UNANSWERED_LISTED or unknown.id not in self.verdicts.unanswered
        ]

    def _find_row(self, unknown: Unknown) -> FindRow:
        answer = self.answers.gates.get(unknown.id) or self.answers.questions.get(unknown.id)
        item = self.catalogue.item(unknown.id)
        usually = getattr(item, "who_knows", "") or getattr(getattr(item, "clearing", None), "who", "")
        actions, agreed = self.plan.finding_out(unknown.id), self.plan.agreed_about(unknown.id)
        by = agreed.due_on or (answer.know_by if answer else None)
        return FindRow(
            number=", ".join(str(action.number) for action in actions),
            title=unknown.title,
            barrier=self.catalogue.barrier(unknown.barrier).title if unknown.barrier else "",
            effect=unknown.effect,
            who=agreed.owner or (answer.who_knows if answer else "") or usually,
            by=words.short_day(by) if by else "",
            progress="; ".join(action.progress for action in actions if action.progress),
        )

    def _facts(self, items: Iterable[FactQuestion]) -> Facts:
        rows = [self._fact(item, self.asked.facts.get(item.id)) for item in items]
        said = tuple(row for row in rows if row.answer != NOT_ANSWERED or row.remarks)
        return Facts(said, "; ".join(row.title for row in rows if row not in said))

    def _fact(self, item: FactQuestion, value: FactValue | None) -> FactRow:
        answer = self.answers.questions.get(item.id)
        if value is None:
            said = words.STATES[answer.state] if answer and answer.state in words.STATES else NOT_ANSWERED
        else:
            said = fact_in_words(item, fact_to_json(value))
        return FactRow(item.title, said, words.remarks(answer))

    def _not_applicable(self) -> Iterator[FactRow]:
        for barrier in self.result.barriers:
            for gate in barrier.gates:
                if gate.counts is GateState.NOT_APPLICABLE:
                    said = words.remarks(self.answers.gates.get(gate.id))
                    yield FactRow(gate.title, barrier.title, (*said, *_settled(gate.agreed)))
            for question in barrier.questions:
                if question.counted_state is AnswerState.NOT_APPLICABLE:
                    said = words.remarks(self.answers.questions.get(question.id))
                    yield FactRow(question.title, barrier.title, (*said, *_settled(question.agreed)))

    # One barrier

    def _barrier(self, result: BarrierResult, contradictions: tuple[ContradictionLine, ...]) -> BarrierSection:
        barrier = self.catalogue.barrier(result.id)
        # What nobody has answered yet needs an answer first, and no reasons.
        items: list[GateResult | QuestionResult] = [*result.gates, *result.questions]
        open_items = [item.id for item in items if item.id not in self.verdicts.unanswered and _is_short(item)]
        blank = {item.id: item for item in items if item.id in self.verdicts.unanswered and not self._has_remarks(item)}
        return BarrierSection(
            id=f"barrier-{result.id}",
            title=result.title,
            summary=barrier.summary,
            verdict=self.verdicts.of(result.supported),
            claimed=self.verdicts.claimed(result.claimed, result.supported),
            confidence="" if result.confidence is None else result.confidence.sentence,
            way_up=way_up_of(result.supported, self.found.ways_up[result.id]),
            contradictions=tuple(
                line
                for found, line in zip(self.result.contradictions, contradictions, strict=True)
                if result.id in found.barriers
            ),
            too_much_not_applicable=result.too_much_not_applicable,
            not_applicable_share=f"{result.not_applicable_share or 0}%",
            gates=tuple(self._gate(gate) for gate in result.gates if gate.id not in blank),
            questions=tuple(self._question(question) for question in result.questions if question.id not in blank),
            unanswered=tuple(map(_unanswered, blank.values())),
            facts=self._facts(self.asked.fact_questions(result.id)),
            actions=self.plan.of_barrier(result.id),
            backing=backing_of(
                self.catalogue, self.sources, open_items, [item.id for item in self.asked.items(result.id)]
            ),
        )

    def _has_remarks(self, item: GateResult | QuestionResult) -> bool:
        """Something is told of it although it has no answer: a note, or what the calculator holds against it."""
        answer = self.answers.gates.get(item.id) or self.answers.questions.get(item.id)
        return item.cap is not None or bool(words.remarks(answer))

    def _gate(self, result: GateResult) -> GateRow:
        gate = self.catalogue.gate(result.id)
        answer = self.answers.gates.get(result.id)
        meanings = {GateState.MET: gate.met_means, GateState.NOT_MET: gate.not_met_means}
        return GateRow(
            anchor=anchor(result.id),
            title=result.title,
            text=gate.text,
            strength=result.strength.value.capitalize(),
            claimed=words.GATE_STATES[result.claimed] if result.answered else "Not answered",
            meaning=meanings.get(result.claimed, ""),
            supported=words.GATE_STATES[result.supported],
            agreed=_agreed(result),
            is_open=_is_open(result),
            proof=words.proof(result.evidence, result.grade, result.ageing, answer.evidence_date if answer else None)
            if result.claimed is GateState.MET
            else "",
            may_apply=result.may_apply,
            remarks=(*_calculator(result.cap), *words.remarks(answer)),
        )

    def _question(self, result: QuestionResult) -> QuestionRow:
        question = self.catalogue.question(result.id)
        answer = self.answers.questions.get(result.id)
        claimed, meaning, proof = words.STATES.get(result.state, ""), "", ""
        if result.claimed is not None and isinstance(question, LevelQuestion):
            claimed, meaning = f"Level {result.claimed}", question.levels[result.claimed]
            proof = words.proof(result.evidence, result.grade, result.ageing, answer.evidence_date if answer else None)
        applies = result.counted_state is not AnswerState.NOT_APPLICABLE
        return QuestionRow(
            anchor=anchor(result.id),
            title=result.title,
            essential=result.essential,
            claimed=claimed,
            meaning=meaning,
            supported="" if result.supported is None else str(result.supported),
            agreed=_agreed(result),
            required=result.required,
            gap=words.gap(result.gap_worst, result.gap_best) if applies else "",
            falls_short=result.gap_worst > 0,
            proof=proof,
            may_apply=result.may_apply,
            remarks=(*_calculator(result.cap), *words.remarks(answer)),
        )


def _is_open(gate: GateResult) -> bool:
    return gate.counts in (GateState.NOT_MET, GateState.NOT_KNOWN)


def _unanswered(item: GateResult | QuestionResult) -> UnansweredItem:
    asked = [f"{item.strength} gate"] if isinstance(item, GateResult) else [f"level {item.required}"]
    if isinstance(item, QuestionResult) and item.essential:
        asked.append("essential")
    if item.may_apply:
        asked.append("may not apply")
    return UnansweredItem(anchor(item.id), item.title, ", ".join(asked))


def _is_short(item: GateResult | QuestionResult) -> bool:
    return _is_open(item) if isinstance(item, GateResult) else item.gap_worst > 0


def _agreed(item: GateResult | QuestionResult) -> str:
    """What counts of a reviewed item: as agreed, or less where the calculator caps it."""
    if item.agreed is None:
        return ""
    if isinstance(item, GateResult):
        return words.GATE_STATES[item.counts]
    return in_short(item.counted_state) if item.counts is None else str(item.counts)


def _settled(agreed: AgreedGate | AgreedLevel | None) -> tuple[tuple[str, str], ...]:
    return (("Settled with the adviser", agreed.reason),) if agreed and agreed.reason else ()


def _calculator(cap: Cap | None) -> tuple[tuple[str, str], ...]:
    """What the cash-flow calculator holds against an answer, as a remark on it."""
    return () if cap is None else (("Cash-flow calculator", f"{cap_in_words(cap)}."),)
