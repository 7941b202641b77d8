"""What the report prints, worked out: the template holds no logic deeper than a condition."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assessments.catalogue.path import Path, path
from assessments.catalogue.schema import Catalogue, FactQuestion, FactValue, LevelQuestion
from assessments.models.answer import fact_to_json
from assessments.planning.actions import first_three, plan_actions
from assessments.planning.planned import Kind, PlannedAction, Priority
from assessments.reports import words
from assessments.reports.backing import Backing, LawLine, SourceLine, SourceNumbers, backing_of
from assessments.reports.picture import Picture, picture_of
from assessments.scoring.answers import Answers, AnswerState, GateState, Service
from assessments.scoring.fingerprint import fingerprint
from assessments.scoring.result import (
    BarrierResult,
    Decision,
    GateResult,
    QuestionResult,
    Range,
    Result,
    Trigger,
    Unknown,
)
from assessments.scoring.score import facts_of, score
from assessments.scoring.sentences import span
from assessments.selectors.checking import fact_in_words

# So many lines leave the summary on one page, whatever the answers.
SUMMARY_TRIGGERS = 3
SUMMARY_UNKNOWNS = 3

UNANSWERED_LISTED = 12
"""Of what nobody has answered yet, so many are listed to find out; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that leads on to where it is explained."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class End:
    """A colour of one run with the rule in words and what triggered it.

    `more` triggers stand with the barriers. `unanswered` names those that nobody has answered yet.
    """

    colour: str
    word: str
    sentence: str
    triggers: tuple[Line, ...]
    more: int
    unanswered: str
    more_unanswered: int


@dataclass(frozen=True, slots=True)
class Verdict:
    known: bool
    worst: End
    best: End
    words: str


@dataclass(frozen=True, slots=True)
class FactRow:
    title: str
    answer: str
    remarks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GateRow:
    anchor: str
    title: str
    text: str
    strength: str
    claimed: str
    meaning: str
    supported: str
    is_open: bool
    proof: str
    may_apply: bool
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """`claimed` is "Level 2" with its words in `meaning`, or the state of an answer without a level."""

    anchor: str
    title: str
    essential: bool
    claimed: str
    meaning: str
    supported: str
    required: int
    gap: str
    falls_short: bool
    proof: str
    may_apply: bool
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    number: int
    anchor: str
    title: str
    how: str
    reason: str
    owner: str
    owner_short: str
    weeks: str
    after: str
    done_when: str
    by: str
    barrier: str
    closes: str


@dataclass(frozen=True, slots=True)
class ActionGroup:
    title: str
    due: str
    actions: tuple[ActionRow, ...]


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


@dataclass(frozen=True, slots=True)
class BarrierSection:
    id: str
    title: str
    summary: str
    verdict: Verdict
    claimed: Verdict | None
    index: str
    coverage: str
    levels: str
    too_much_not_applicable: bool
    not_applicable_share: str
    gates: tuple[GateRow, ...]
    questions: tuple[QuestionRow, ...]
    facts: tuple[FactRow, ...]
    actions: tuple[ActionRow, ...]
    backing: Backing


@dataclass(frozen=True, slots=True)
class Standing:
    """The barriers of one verdict, for the summary."""

    verdict: Verdict
    titles: str


@dataclass(frozen=True, slots=True)
class Summary:
    verdict: Verdict
    claimed: Verdict | None
    standings: tuple[Standing, ...]
    first: tuple[ActionRow, ...]
    unknowns: tuple[Unknown, ...]
    more_unknowns: int


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
    summary: Summary
    picture: Picture
    index: str
    barriers: tuple[BarrierSection, ...]
    law: tuple[LawLine, ...]
    sources: tuple[SourceLine, ...]
    groups: tuple[ActionGroup, ...]
    find_out: tuple[FindRow, ...]
    more_to_find_out: int
    prove: tuple[ActionRow, ...]
    prove_elsewhere: str
    """The numbers of proofs that are listed with what to do, because they are urgent."""
    facts: tuple[FactRow, ...]
    not_applicable: tuple[FactRow, ...]


def report_of(catalogue: Catalogue, answers: Answers, service: Service) -> ReadinessReport:
    """The whole report as plain data. The same inputs always give the same."""
    return _Maker(catalogue, answers, service).report()


class _Maker:
    """Holds what the parts of one report share."""

    def __init__(self, catalogue: Catalogue, answers: Answers, service: Service) -> None:
        self.catalogue = catalogue
        self.answers = answers
        self.service = service
        self.result: Result = score(catalogue, answers)
        self.asked: Path = path(catalogue, answers.stage, facts_of(answers), answers.as_of)
        self.plan: tuple[PlannedAction, ...] = plan_actions(catalogue, self.result, answers)
        self.numbers: Mapping[str, int] = {action.id: n for n, action in enumerate(self.plan, start=1)}
        self.closed_by: Mapping[str, list[str]] = _closed_by(self.plan)
        self.unanswered: frozenset[str] = frozenset(_unanswered(self.result))
        self.sources = SourceNumbers(catalogue)
        self.rows: Mapping[str, ActionRow] = {action.id: self._action(action) for action in self.plan}

    def report(self) -> ReadinessReport:
        to_find_out = self._to_find_out()
        edition = self.catalogue.edition
        barriers = tuple(self._barrier(barrier) for barrier in self.result.barriers)
        return ReadinessReport(
            service=self.service.name or "Unnamed service",
            is_long=len(self.service.name) > words.SHORT,
            service_short=words.shortened(self.service.name or "Unnamed service"),
            organisation=self.service.organisation,
            stage=self.answers.stage.title,
            as_of=words.day(self.answers.as_of),
            as_of_iso=self.answers.as_of.isoformat(),
            edition=edition.edition,
            catalogue_title=edition.title,
            jurisdiction=edition.jurisdiction,
            digest=self.catalogue.digest,
            fingerprint=fingerprint(self.catalogue.digest, self.answers),
            summary=self._summary(),
            picture=picture_of(self.result),
            index=span(self.result.index),
            barriers=barriers,
            law=tuple({law.anchor: law for barrier in barriers for law in barrier.backing.law}.values()),
            sources=self.sources.lines(),
            groups=tuple(self._groups()),
            find_out=tuple(self._find_row(unknown) for unknown in to_find_out),
            more_to_find_out=len(self.result.find_out_first) - len(to_find_out),
            prove=tuple(self.rows[action.id] for action in self.plan if action.priority is Priority.PROVE),
            prove_elsewhere=", ".join(
                str(self.numbers[action.id])
                for action in self.plan
                if action.kind is Kind.PROVE and action.priority is not Priority.PROVE
            ),
            facts=tuple(self._profile_facts()),
            not_applicable=tuple(self._not_applicable()),
        )

    # The whole

    def _summary(self) -> Summary:
        unknowns = self.result.find_out_first
        return Summary(
            verdict=self._verdict(self.result.supported, SUMMARY_TRIGGERS),
            claimed=self._claimed(self.result.claimed, self.result.supported),
            standings=tuple(self._standings()),
            first=tuple(self.rows[action.id] for action in first_three(self.plan)),
            unknowns=unknowns[:SUMMARY_UNKNOWNS],
            more_unknowns=max(len(unknowns) - SUMMARY_UNKNOWNS, 0),
        )

    def _groups(self) -> Iterator[ActionGroup]:
        for priority in (Priority.DO_NOW, Priority.BY_NEXT_STAGE, Priority.RECOMMENDED):
            rows = tuple(self.rows[action.id] for action in self.plan if action.priority is priority)
            if rows:
                yield ActionGroup(priority.label, priority.due, rows)

    def _action(self, action: PlannedAction) -> ActionRow:
        return ActionRow(
            number=self.numbers[action.id],
            anchor="find-out" if action.priority is Priority.FIND_OUT else f"action-{self.numbers[action.id]}",
            title=action.title,
            how=action.how,
            reason=action.reason,
            owner=action.owner,
            owner_short=words.shortened(action.owner),
            weeks=words.weeks(action.weeks),
            after=", ".join(str(self.numbers[before]) for before in action.after if before in self.numbers),
            done_when=action.done_when,
            by=words.day(action.by) if action.by else "",
            barrier=self.catalogue.barrier(action.barrier).title if action.barrier else "The service and its plans",
            closes=action.reason
            if action.kind is Kind.FINISH
            else f"Closes: {', '.join(self.catalogue.item(item).title for item in action.closes)}",
        )

    def _to_find_out(self) -> list[Unknown]:
        """What somebody has said that they do not know; and of the rest what could change most."""
        found = self.result.find_out_first
        return [
            unknown
            for place, unknown in enumerate(found)
            if place < UNANSWERED_LISTED or unknown.id not in self.unanswered
        ]

    def _find_row(self, unknown: Unknown) -> FindRow:
        answer = self.answers.gates.get(unknown.id) or self.answers.questions.get(unknown.id)
        item = self.catalogue.item(unknown.id)
        usually = getattr(item, "who_knows", "") or getattr(getattr(item, "clearing", None), "who", "")
        return FindRow(
            number=", ".join(str(self.numbers[action]) for action in self.closed_by.get(unknown.id, ())),
            title=unknown.title,
            barrier=self.catalogue.barrier(unknown.barrier).title if unknown.barrier else "",
            effect=unknown.effect,
            who=(answer.who_knows if answer else "") or usually,
            by=words.day(answer.know_by) if answer and answer.know_by else "",
        )

    def _profile_facts(self) -> Iterator[FactRow]:
        for page in self.asked.profile_pages():
            for item in page.items:
                if isinstance(item, FactQuestion):
                    yield self._fact(item, self.asked.facts.get(item.id))

    def _fact(self, item: FactQuestion, value: FactValue | None) -> FactRow:
        answer = self.answers.questions.get(item.id)
        if value is None:
            said = words.STATES[answer.state] if answer and answer.state in words.STATES else "Not answered"
        else:
            said = fact_in_words(item, fact_to_json(value))
        return FactRow(item.title, said, words.remarks(answer))

    def _not_applicable(self) -> Iterator[FactRow]:
        for barrier in self.result.barriers:
            for gate in barrier.gates:
                if gate.supported is GateState.NOT_APPLICABLE:
                    yield FactRow(gate.title, barrier.title, words.remarks(self.answers.gates.get(gate.id)))
            for question in barrier.questions:
                if question.state is AnswerState.NOT_APPLICABLE:
                    yield FactRow(question.title, barrier.title, words.remarks(self.answers.questions.get(question.id)))

    # A colour and what decided it

    def _verdict(self, both: Range, most: int | None = None) -> Verdict:
        return Verdict(both.known, self._end(both.worst, most), self._end(both.best, most), words.ends(both))

    def _claimed(self, claimed: Range, supported: Range) -> Verdict | None:
        """What it would be if every claim were proved; None where that makes no difference."""
        colours = (claimed.worst.colour, claimed.best.colour)
        return None if colours == (supported.worst.colour, supported.best.colour) else self._verdict(claimed)

    def _end(self, decision: Decision, most: int | None) -> End:
        """The triggers that have an answer one by one; those without in one line, as they all say the same."""
        answered = [trigger for trigger in decision.triggers if trigger.id not in self.unanswered]
        titles = [
            self.catalogue.item(trigger.id).title for trigger in decision.triggers if trigger.id in self.unanswered
        ]
        shown = titles[:most]
        return End(
            colour=decision.colour.value.replace("_", "-"),
            word=decision.colour.word,
            sentence=decision.sentence,
            triggers=tuple(Line(trigger.text, _leads_to(trigger)) for trigger in answered[:most]),
            more=len(answered[most:]) if most else 0,
            unanswered="; ".join(shown),
            more_unanswered=len(titles) - len(shown),
        )

    def _standings(self) -> Iterator[Standing]:
        """The barriers by verdict, the worst first; those of one verdict together."""
        together: dict[str, list[BarrierResult]] = {}
        for barrier in self.result.barriers:
            together.setdefault(words.ends(barrier.supported), []).append(barrier)
        for alike in sorted(together.values(), key=_how_bad):
            yield Standing(self._verdict(alike[0].supported), ", ".join(barrier.title for barrier in alike))

    # One barrier

    def _barrier(self, result: BarrierResult) -> BarrierSection:
        barrier = self.catalogue.barrier(result.id)
        # What nobody has answered yet needs an answer first, and no reasons.
        open_items = [gate.id for gate in result.gates if _is_open(gate) and gate.answered]
        open_items += [
            question.id
            for question in result.questions
            if question.gap_worst and question.state is not AnswerState.NOT_ANSWERED
        ]
        return BarrierSection(
            id=f"barrier-{result.id}",
            title=result.title,
            summary=barrier.summary,
            verdict=self._verdict(result.supported),
            claimed=self._claimed(result.claimed, result.supported),
            index=span(result.index),
            coverage="nothing applies" if result.coverage is None else f"{result.coverage}%",
            levels=", ".join(f"{count} at {level}" for level, count in enumerate(result.profile) if count) or "none",
            too_much_not_applicable=result.too_much_not_applicable,
            not_applicable_share=f"{result.not_applicable_share or 0}%",
            gates=tuple(self._gate(gate) for gate in result.gates),
            questions=tuple(self._question(question) for question in result.questions),
            facts=tuple(
                self._fact(item, self.asked.facts.get(item.id)) for item in self.asked.fact_questions(result.id)
            ),
            actions=tuple(self.rows[action.id] for action in self.plan if action.barrier == result.id),
            backing=backing_of(
                self.catalogue, self.sources, open_items, [item.id for item in self.asked.items(result.id)]
            ),
        )

    def _gate(self, result: GateResult) -> GateRow:
        gate = self.catalogue.gate(result.id)
        answer = self.answers.gates.get(result.id)
        meanings = {GateState.MET: gate.met_means, GateState.NOT_MET: gate.not_met_means}
        return GateRow(
            anchor=_anchor(result.id),
            title=result.title,
            text=gate.text,
            strength=result.strength.value.capitalize(),
            claimed=words.GATE_STATES[result.claimed] if result.answered else "Not answered",
            meaning=meanings.get(result.claimed, ""),
            supported=words.GATE_STATES[result.supported],
            is_open=_is_open(result),
            proof=words.proof(result.evidence, result.grade, result.ageing, answer.evidence_date if answer else None)
            if result.claimed is GateState.MET
            else "",
            may_apply=result.may_apply,
            remarks=words.remarks(answer),
        )

    def _question(self, result: QuestionResult) -> QuestionRow:
        question = self.catalogue.question(result.id)
        answer = self.answers.questions.get(result.id)
        claimed, meaning, proof = words.STATES.get(result.state, ""), "", ""
        if result.claimed is not None and isinstance(question, LevelQuestion):
            claimed, meaning = f"Level {result.claimed}", question.levels[result.claimed]
            proof = words.proof(result.evidence, result.grade, result.ageing, answer.evidence_date if answer else None)
        applies = result.state is not AnswerState.NOT_APPLICABLE
        return QuestionRow(
            anchor=_anchor(result.id),
            title=result.title,
            essential=result.essential,
            claimed=claimed,
            meaning=meaning,
            supported="" if result.supported is None else str(result.supported),
            required=result.required,
            gap=words.gap(result.gap_worst, result.gap_best) if applies else "",
            falls_short=result.gap_worst > 0,
            proof=proof,
            may_apply=result.may_apply,
            remarks=words.remarks(answer),
        )


def _closed_by(plan: Iterable[PlannedAction]) -> Mapping[str, list[str]]:
    """The actions that close each question, gate or fact."""
    closed_by: dict[str, list[str]] = {}
    for action in plan:
        for item in action.closes:
            closed_by.setdefault(item, []).append(action.id)
    return closed_by


def _is_open(gate: GateResult) -> bool:
    return gate.supported in (GateState.NOT_MET, GateState.NOT_KNOWN)


def _anchor(item_id: str) -> str:
    return f"item-{item_id.replace('.', '-')}"


def _unanswered(result: Result) -> Iterator[str]:
    """What nobody has said anything about."""
    for barrier in result.barriers:
        yield from (gate.id for gate in barrier.gates if not gate.answered)
        yield from (item.id for item in barrier.questions if item.state is AnswerState.NOT_ANSWERED)


def _leads_to(trigger: Trigger) -> str:
    return f"barrier-{trigger.id}" if trigger.kind == "barrier" else _anchor(trigger.id)


def _how_bad(alike: list[BarrierResult]) -> tuple[int, int, str]:
    both = alike[0].supported
    return both.worst.colour.standing, both.best.colour.standing, both.worst.colour.value
