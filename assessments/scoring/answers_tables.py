"""The tables `profile`, `answers` and `gates` of an answers file, checked against the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from assessments.catalogue.problems import shown
from assessments.catalogue.schema import Catalogue, EvidenceGrade, FactQuestion, FactValue, Gate, LevelQuestion, Stage
from assessments.scoring.answers import Answer, AnswerState, GateAnswer, GateState
from assessments.scoring.notebook import Notebook, Table, did_you_mean, place_of
from assessments.scoring.values import Fault, date_of, fact_of, level_of, member_of, text_of

WORDS = ("note", "reason", "who_knows", "know_by")
PROOF = ("evidence", "evidence_date")
LEVEL_KEYS = ("level", "state", *PROOF, *WORDS)
FACT_KEYS = ("value", "state", *WORDS)
GATE_KEYS = ("state", *PROOF, *WORDS)

_LEVEL_STATE = member_of(AnswerState, AnswerState.ANSWERED, AnswerState.NOT_ANSWERED, AnswerState.NOT_ASKED)
_GRADE = member_of(EvidenceGrade)

NO_REASON = '"not_applicable" is given without a reason; an adviser will ask for one'


class AnswersTables:
    """Reads the three tables. Without `stage` or `as_of` (itself a problem) what depends on it is not looked at."""

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
        known: dict[str, Collection[str]] = {"profile": self.facts, "answers": self.asked, "gates": self.all_gates}
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
