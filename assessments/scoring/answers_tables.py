"""The tables `profile`, `answers`, `gates` and `agreed` of an answers file, checked against the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from assessments.catalogue.problems import shown
from assessments.catalogue.schema import Catalogue, EvidenceGrade, FactQuestion, FactValue, Gate, LevelQuestion, Stage
from assessments.scoring.answers import (
    RATINGS,
    AgreedGate,
    AgreedLevel,
    Answer,
    AnswerState,
    GateAnswer,
    GateState,
    Rating,
)
from assessments.scoring.notebook import Notebook, Table, did_you_mean, place_of
from assessments.scoring.values import Fault, date_of, fact_of, level_of, member_of, text_of, yes_or_no

WORDS = ("note", "reason", "who_knows", "know_by")
PROOF = ("evidence", "evidence_date")
LEVEL_KEYS = ("level", "state", *PROOF, *WORDS)
FACT_KEYS = ("value", "state", *WORDS)
GATE_KEYS = ("state", *PROOF, *WORDS)
AGREED_LEVEL_KEYS = ("level", "state", "adviser_level", "adviser_state", "dissent", "reason", "client_words")
AGREED_GATE_KEYS = ("state", "adviser_state", "dissent", "reason", "client_words")

_LEVEL_STATE = member_of(AnswerState, AnswerState.ANSWERED, AnswerState.NOT_ANSWERED, AnswerState.NOT_ASKED)
_RATED_STATE = member_of(AnswerState, *(state for state in AnswerState if state not in RATINGS))
_GRADE = member_of(EvidenceGrade)

NO_CLIENT_WORDS = "a dissent without client_words; the report prints what the service says against it"
NO_REASON = '"not_applicable" is given without a reason; an adviser will ask for one'


class AnswersTables:
    """Reads the four tables. Without `stage` or `as_of` (itself a problem) what depends on it is not looked at."""

    def __init__(self, catalogue: Catalogue, stage: Stage | None, as_of: dt.date | None, book: Notebook) -> None:
        self.catalogue, self.stage, self.as_of, self.book = catalogue, stage, as_of, book
        self.facts = {fact.id: fact for fact in catalogue.profile.facts}
        asked = [item for item in catalogue.items.values() if item.id not in self.facts]
        self.asked = {item.id: item for item in asked if not isinstance(item, Gate)}
        self.all_gates = {item.id: item for item in asked if isinstance(item, Gate)}

    def profile(self, table: Table) -> dict[str, FactValue]:
        values: dict[str, FactValue] = {}
        for key in table:
            fact = self.facts.get(key)
            if fact is None:
                self._unknown("profile", key, table)
                continue
            value = self.book.take(table, key, "profile", fact_of(fact))
            if value is not None:
                values[key] = value
        return values

    def questions(self, table: Table) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for key in table:
            question = self.asked.get(key)
            if question is None:
                self._unknown("answers", key, table)
                continue
            place = place_of("answers", key)
            given = self.book.table(table, key, "answers", "Write its keys in a table: { level = 2 }.")
            if isinstance(question, LevelQuestion):
                answer = self._level(question, given, place)
            else:
                answer = self._fact(question, given, place)
            if answer is not None:
                answers[key] = answer
        return answers

    def gates(self, table: Table) -> dict[str, GateAnswer]:
        answers: dict[str, GateAnswer] = {}
        for key in table:
            gate = self.all_gates.get(key)
            if gate is None:
                self._unknown("gates", key, table)
                continue
            mend = 'Write its keys in a table: { state = "met" }.'
            answer = self._gate(gate, self.book.table(table, key, "gates", mend), place_of("gates", key))
            if answer is not None:
                answers[key] = answer
        return answers

    def agreed(self, table: Table) -> dict[str, AgreedLevel | AgreedGate]:
        """What was settled with an adviser, by question or gate."""
        found: dict[str, AgreedLevel | AgreedGate] = {}
        for key in table:
            question, gate = self.asked.get(key), self.all_gates.get(key)
            place = place_of("agreed", key)
            given = self.book.table(table, key, "agreed", "Write its keys in a table: { level = 2 }.")
            settled: AgreedLevel | AgreedGate | None = None
            if gate is not None:
                settled = self._agreed_gate(gate, given, place)
            elif isinstance(question, LevelQuestion):
                settled = self._agreed_level(given, place)
            else:
                self._unknown("agreed", key, table)
            if settled is not None:
                found[key] = settled
        return found

    # One answer

    def _level(self, question: LevelQuestion, table: Table, place: str) -> Answer | None:
        self.book.only(table, LEVEL_KEYS, place)
        level = self.book.take(table, "level", place, level_of)
        state = self.book.take(table, "state", place, _LEVEL_STATE)
        evidence, evidence_date = self._proof(table, place)
        if "level" in table and "state" in table:
            self._one_of("level", "state", place)
        if "level" not in table and "state" not in table and any(key in table for key in PROOF):
            self.book.note(place, "evidence, but no level", Fault("a level with its evidence", "Add level = ..."))
        if state is AnswerState.NOT_APPLICABLE and not table.get("reason"):
            self.book.warn(place, NO_REASON)
        state = state or (AnswerState.NOT_ANSWERED if level is None else AnswerState.ANSWERED)
        answer = Answer(state, level, None, evidence, evidence_date, *self._words(table, place))
        return answer if table else None

    def _fact(self, question: FactQuestion, table: Table, place: str) -> Answer | None:
        self.book.only(table, FACT_KEYS, place)
        value = self.book.take(table, "value", place, fact_of(question))
        state = self.book.take(table, "state", place, _LEVEL_STATE)
        if "value" in table and "state" in table:
            self._one_of("value", "state", place)
        state = state or (AnswerState.NOT_ANSWERED if value is None else AnswerState.ANSWERED)
        answer = Answer(state, None, value, EvidenceGrade.E0, None, *self._words(table, place))
        return answer if table else None

    def _gate(self, gate: Gate, table: Table, place: str) -> GateAnswer | None:
        self.book.only(table, GATE_KEYS, place)
        state = self.book.take(table, "state", place, _states_of(gate, self.stage))
        evidence, evidence_date = self._proof(table, place)
        if "state" not in table and any(key in table for key in PROOF):
            self.book.note(place, "evidence, but no state", Fault("a state with its evidence", 'Add state = "met".'))
        if state is GateState.NOT_APPLICABLE and not table.get("reason"):
            self.book.warn(place, NO_REASON)
        answer = GateAnswer(state or GateState.NOT_KNOWN, evidence, evidence_date, *self._words(table, place))
        return answer if table else None

    def _agreed_level(self, table: Table, place: str) -> AgreedLevel | None:
        self.book.only(table, AGREED_LEVEL_KEYS, place)
        rated, adviser = (self._rating(table, prefix, place) for prefix in ("", "adviser_"))
        if not self._is_settled(table, ("level", "state"), ("adviser_level", "adviser_state"), place):
            return None
        own = rated if adviser is None else adviser
        return None if own is None else AgreedLevel(own, rated, *self._words_of_review(table, place))

    def _agreed_gate(self, gate: Gate, table: Table, place: str) -> AgreedGate | None:
        self.book.only(table, AGREED_GATE_KEYS, place)
        states = _states_of(gate, self.stage)
        state, adviser = (self.book.take(table, key, place, states) for key in ("state", "adviser_state"))
        if not self._is_settled(table, ("state",), ("adviser_state",), place):
            return None
        own = state if adviser is None else adviser
        return None if own is None else AgreedGate(own, state, *self._words_of_review(table, place))

    def _rating(self, table: Table, prefix: str, place: str) -> Rating | None:
        level = self.book.take(table, f"{prefix}level", place, level_of)
        state = self.book.take(table, f"{prefix}state", place, _RATED_STATE)
        if f"{prefix}level" in table and f"{prefix}state" in table:
            self._one_of(f"{prefix}level", f"{prefix}state", place)
        return state if level is None else level

    def _is_settled(self, table: Table, settled: Collection[str], own: Collection[str], place: str) -> bool:
        """Whether the keys say either what was agreed, or that it was not. Without the adviser's own, it was the
        same."""
        dissent = self.book.take(table, "dissent", place, yes_or_no)
        agreed = [key for key in settled if key in table]
        if dissent and agreed:
            self._one_of("dissent", agreed[0], place)
        elif dissent and not any(key in table for key in own):
            mend = f"Add {' or '.join(own)}."
            self.book.note(place, "a dissent alone", Fault("a dissent with what the adviser found", mend))
        elif not dissent and not agreed:
            mend = f"Add {' or '.join(settled)}; where they do not agree, dissent = true and {' or '.join(own)}."
            self.book.note(place, "nothing that was settled", Fault("what was agreed, or a dissent", mend))
        else:
            if dissent and not table.get("client_words"):
                self.book.warn(place, NO_CLIENT_WORDS)
            return True
        return False

    def _words_of_review(self, table: Table, place: str) -> tuple[str, str]:
        reason, client_words = (self.book.take(table, key, place, text_of) or "" for key in ("reason", "client_words"))
        return reason, client_words

    def _proof(self, table: Table, place: str) -> tuple[EvidenceGrade, dt.date | None]:
        grade = self.book.take(table, "evidence", place, _GRADE)
        return grade or EvidenceGrade.E0, self.book.take(table, "evidence_date", place, self._day_of_evidence)

    def _day_of_evidence(self, value: object) -> dt.date:
        day = date_of(value)
        if self.as_of is not None and day > self.as_of:
            raise Fault(f"a day up to {self.as_of}, the date of the answers", "Check both dates.")
        return day

    def _words(self, table: Table, place: str) -> tuple[str, str, str, dt.date | None]:
        note, reason, who_knows = (
            self.book.take(table, key, place, text_of) or "" for key in ("note", "reason", "who_knows")
        )
        return note, reason, who_knows, self.book.take(table, "know_by", place, date_of)

    def _one_of(self, first: str, second: str, place: str) -> None:
        self.book.note(place, f"{first} and {second}", Fault(f"{first} or {second}", "Take one of them out."))

    # Ids that do not belong there

    def _unknown(self, table_name: str, key: str, table: Table) -> None:
        allowed = f"an id that [{table_name}] takes in catalogue {self.catalogue.edition.edition}"
        self.book.note(place_of(table_name, key), shown(key), Fault(allowed, self._mend(table_name, key, table)))

    def _mend(self, table_name: str, key: str, table: Table) -> str:
        known: dict[str, Collection[str]] = {
            "profile": self.facts,
            "answers": self.asked,
            "gates": self.all_gates,
            "agreed": [*(key for key, item in self.asked.items() if isinstance(item, LevelQuestion)), *self.all_gates],
        }
        for other, ids in known.items():
            if key in ids:
                return f"This id belongs in [{other}]: move it there."
        inside = table[key] if isinstance(table[key], dict) else {}
        for part in inside:
            if f"{key}.{part}" in self.catalogue.items:
                return f'Put the id in quotation marks: [{table_name}."{key}.{part}"].'
        return did_you_mean(key, known[table_name])


def _states_of(gate: Gate, stage: Stage | None) -> Callable[[object], GateState]:
    """A hard gate may be left out only where the catalogue names when (scoring method, rule 2)."""
    may_be_left_out = stage is None or gate.may_be_left_out(stage)
    return member_of(GateState) if may_be_left_out else member_of(GateState, GateState.NOT_APPLICABLE)
