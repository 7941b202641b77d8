"""What changed between two frozen copies: each in its kind and its words, and nothing where nothing did."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue.schema import EvidenceGrade, FactTest, FactValue, Option, Stage
from assessments.planning.changed import Changed, ItemChange, Kind, changed
from assessments.scoring.answers import (
    AgreedGate,
    AgreedLevel,
    Answer,
    Answers,
    AnswerState,
    GateAnswer,
    GateState,
)
from tests.scoring.strategies import (
    Case,
    answers_to,
    cases,
    make_barrier,
    make_catalogue,
    make_fact,
    make_gate,
    make_question,
)

E0, E1, E2, E3 = EvidenceGrade
BEFORE, AFTER = dt.date(2026, 5, 3), dt.date(2026, 11, 21)
MAY, NOVEMBER = dt.date(2026, 5, 1), dt.date(2026, 11, 1)
MET, NOT_MET, NOT_KNOWN = GateState.MET, GateState.NOT_MET, GateState.NOT_KNOWN
DONT_KNOW, NOT_APPLICABLE = Answer(AnswerState.DONT_KNOW), Answer(AnswerState.NOT_APPLICABLE)

CATALOGUE = make_catalogue(
    [
        make_barrier(
            "a",
            [
                make_question("a.q"),
                make_question("a.late", required={Stage.GO_LIVE: 3}),
                make_question("a.flagged", when=FactTest(fact="flag", is_=True)),
            ],
            [make_gate("a.g", not_applicable_when="There is none.")],
            [make_fact("a.members", kind="number", unit="members")],
        )
    ],
    [
        make_fact("flag"),
        make_fact("form", kind="choice", options=[Option(id="one", text="A company"), Option(id="two", text="B")]),
        make_fact("kinds", kind="choices", options=[Option(id="one", text="Youth"), Option(id="two", text="Library")]),
        make_fact("value", kind="money"),
        make_fact("go-live", kind="date"),
        make_fact("remark", kind="text"),
    ],
)


def at(level: int, grade: EvidenceGrade = E2, dated: dt.date | None = MAY) -> Answer:
    return Answer(AnswerState.ANSWERED, level=level, evidence=grade, evidence_date=dated)


def copy(
    question: Answer | None = None,
    gate: GateAnswer | None = None,
    agreed: AgreedLevel | AgreedGate | None = None,
    as_of: dt.date = BEFORE,
    **facts: FactValue,
) -> Answers:
    profile = {"flag": False} | {fact.replace("_", "-"): value for fact, value in facts.items() if fact != "members"}
    questions = {} if question is None else {"a.q": question}
    if "members" in facts:
        questions["a.members"] = Answer(AnswerState.ANSWERED, value=facts["members"])
    reviewed = {} if agreed is None else {"a.g" if isinstance(agreed, AgreedGate) else "a.q": agreed}
    return Answers(Stage.PLAN, as_of, profile, questions, {} if gate is None else {"a.g": gate}, agreed=reviewed)


def between(before: Answers, after: Answers) -> Changed:
    return changed(CATALOGUE, before, replace(after, as_of=AFTER))


def only(found: Changed) -> ItemChange:
    [change] = found.items
    return change


# One thing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "kind", "better", "text"),
    [
        (at(1), at(2), Kind.WORK, True, "Question a.q was at level 1 and is at level 2 now."),
        (at(3), at(2), Kind.WORK, False, "Question a.q was at level 3 and is at level 2 now."),
        (None, at(0), Kind.FACT, True, "Question a.q was not answered and is at level 0 now."),
        (DONT_KNOW, at(2), Kind.FACT, True, "Question a.q was not known and is at level 2 now."),
        (at(2), DONT_KNOW, Kind.FACT, False, "Question a.q was at level 2 and is not known now."),
        (None, DONT_KNOW, Kind.FACT, None, "Question a.q was not answered and is not known now."),
        (at(2), NOT_APPLICABLE, Kind.FACT, False, "Question a.q was at level 2 and is said not to apply now."),
        (
            at(2, E1),
            at(2, E2, NOVEMBER),
            Kind.PROOF,
            True,
            "Question a.q rests on E2 dated 1 November 2026 now; before, on E1 dated 1 May 2026.",
        ),
        (
            at(2, E2),
            at(2, E0, None),
            Kind.PROOF,
            False,
            "Question a.q rests on no evidence now; before, on E2 dated 1 May 2026.",
        ),
        (
            at(2),
            at(2, dated=NOVEMBER),
            Kind.PROOF,
            True,
            "Question a.q rests on E2 dated 1 November 2026 now; before, on E2 dated 1 May 2026.",
        ),
        (
            at(2, E2, None),
            at(2),
            Kind.PROOF,
            True,
            "Question a.q rests on E2 dated 1 May 2026 now; before, on E2 (without a date, so one grade lower).",
        ),
    ],
)
def test_question(before: Answer | None, after: Answer | None, kind: Kind, better: bool | None, text: str) -> None:
    change = only(between(copy(before), copy(after)))

    assert (change.kind, change.about, change.better, change.text) == (kind, "question", better, text)


@pytest.mark.parametrize(
    ("before", "after", "kind", "better", "text"),
    [
        (GateAnswer(NOT_MET), GateAnswer(MET, E2, MAY), Kind.WORK, True, "Gate a.g was not met and is met now."),
        (GateAnswer(MET, E2, MAY), GateAnswer(NOT_MET), Kind.WORK, False, "Gate a.g was met and is not met now."),
        (None, GateAnswer(NOT_MET), Kind.FACT, True, "Gate a.g was not answered and is not met now."),
        (None, GateAnswer(NOT_KNOWN), Kind.FACT, None, "Gate a.g was not answered and is not known now."),
        (GateAnswer(MET, E2, MAY), GateAnswer(NOT_KNOWN), Kind.FACT, False, "Gate a.g was met and is not known now."),
        (
            GateAnswer(MET, E0),
            GateAnswer(MET, E3, NOVEMBER),
            Kind.PROOF,
            True,
            "Gate a.g rests on E3 dated 1 November 2026 now; before, on no evidence.",
        ),
    ],
)
def test_gate(before: GateAnswer | None, after: GateAnswer | None, kind: Kind, better: bool | None, text: str) -> None:
    change = only(between(copy(gate=before), copy(gate=after)))

    assert (change.kind, change.about, change.better, change.text) == (kind, "gate", better, text)


@pytest.mark.parametrize(
    ("name", "before", "after", "text"),
    [
        ("members", 1200, 1300, "Fact a.members was 1,200 members and is 1,300 members now."),
        ("form", "two", "one", "Fact form was “B” and is “A company” now."),
        ("kinds", ("one",), ("one", "two"), "Fact kinds was “Youth” and is “Youth” and “Library” now."),
        ("value", Decimal("1000.50"), Decimal(2000), "Fact value was £1,000.50 and is £2,000 now."),
        ("go_live", BEFORE, AFTER, "Fact go-live was 3 May 2026 and is 21 November 2026 now."),
        ("remark", "x", "y", "Fact remark was “x” and is “y” now."),
    ],
)
def test_fact(name: str, before: FactValue, after: FactValue, text: str) -> None:
    change = only(between(copy(**{name: before}), copy(**{name: after})))  # type: ignore[arg-type]

    assert (change.kind, change.about, change.better, change.text) == (Kind.FACT, "fact", None, text)


def test_fact_found_and_lost() -> None:
    found, lost = between(copy(), copy(members=3)), between(copy(members=3), copy())

    assert (only(found).better, only(found).text) == (True, "Fact a.members was not given and is 3 members now.")
    assert (only(lost).better, only(lost).after) == (False, "not given")


def test_level_with_other_proof_is_both() -> None:
    found = between(copy(at(1, E0, None)), copy(at(2, E2, NOVEMBER)))

    assert [(change.kind, change.better) for change in found.items] == [(Kind.WORK, True), (Kind.PROOF, True)]


def test_proof_that_has_outlived_its_life_since() -> None:
    old = at(2, E2, dt.date(2025, 11, 1))

    change = only(between(copy(old), copy(old)))

    assert (change.kind, change.better) == (Kind.PROOF, False)
    assert change.text == (
        "Question a.q rests on E2 dated 1 November 2025 (older than its stated life, so one grade lower) now;"
        " before, on E2 dated 1 November 2025."
    )


# What is asked ----------------------------------------------------------------------------------------------


def test_asked_anew_and_no_longer() -> None:
    before, after = copy(), replace(copy(), profile={"flag": True})

    [fact, asked] = between(before, after).items
    [back, gone] = between(after, before).items

    assert (fact.text, back.text) == ("Fact flag was “no” and is “yes” now.", "Fact flag was “yes” and is “no” now.")
    assert (asked.kind, asked.text) == (Kind.ASKED, "Question a.flagged is asked now, and is not answered.")
    assert (gone.kind, gone.text) == (Kind.NOT_ASKED, "Question a.flagged is no longer asked. It was not answered.")


def test_copies_for_two_decisions_are_read_for_the_later() -> None:
    """Like with like: what only the later decision asks is no change of the service's."""
    found = changed(CATALOGUE, copy(at(1)), replace(copy(at(1)), stage=Stage.GO_LIVE))

    assert found.items == ()
    assert not found.whole.moved
    assert found.rescored == (
        "The earlier copy was made for the decision “Plan”. Here both are read and scored for “Go live”."
    )
    assert between(copy(), copy()).rescored == ""


# After a review ---------------------------------------------------------------------------------------------


def test_level_goes_from_what_was_agreed() -> None:
    change = only(between(copy(at(3), agreed=AgreedLevel(1, 1)), copy(at(2))))

    assert (change.better, change.text) == (
        True,
        "Question a.q was at level 1, as agreed with the adviser, and is at level 2 now.",
    )


def test_claim_that_ignores_the_review_stands_out() -> None:
    change = only(between(copy(at(3), agreed=AgreedLevel(1, None)), copy(at(3))))

    assert change.text == "Question a.q was at level 1, as the adviser saw it, and is at level 3 now."


def test_claim_that_follows_the_review_has_not_changed() -> None:
    assert between(copy(at(3), agreed=AgreedLevel(2, 2)), copy(at(2))).items == ()
    assert (
        between(
            copy(gate=GateAnswer(MET, E2, MAY), agreed=AgreedGate(NOT_MET, NOT_MET)), copy(gate=GateAnswer(NOT_MET))
        ).items
        == ()
    )


# The whole --------------------------------------------------------------------------------------------------


def test_sentence_counts_by_kind() -> None:
    before = copy(at(1, E0, None), members=3)
    after = replace(copy(at(2, E2, NOVEMBER), GateAnswer(MET, E2, NOVEMBER)), profile={"flag": True})

    found = between(before, after)

    assert found.sentence == (
        "Since 3 May 2026: one level or gate moved, one proof changed, three facts found or changed and one"
        " question or gate asked anew."
    )
    assert [len(found.of(kind)) for kind in Kind] == [1, 1, 3, 1, 0]


def test_colours_of_both_copies() -> None:
    before, after = copy(at(2), GateAnswer(NOT_MET)), copy(at(2), GateAnswer(MET, E2, MAY))

    found = between(before, after)

    assert found.whole.sentence == "from Red to Green"
    assert [(move.id, move.sentence) for move in found.barriers] == [("a", "from Red to Green")]


@given(cases())
def test_the_same_answers_change_nothing(case: Case) -> None:
    found = changed(case.catalogue, case.answers, case.answers)

    assert found.items == ()
    assert not any(move.moved for move in (found.whole, *found.barriers))
    assert found.sentence.endswith("no answer has changed.")


@given(cases(), st.data())
def test_every_change_is_a_sentence_about_what_exists_and_turned_round_it_is_the_opposite(
    case: Case, data: st.DataObject
) -> None:
    other = replace(data.draw(answers_to(case.catalogue)), stage=case.answers.stage)
    there, back = changed(case.catalogue, case.answers, other), changed(case.catalogue, other, case.answers)
    opposite = {Kind.ASKED: Kind.NOT_ASKED, Kind.NOT_ASKED: Kind.ASKED}
    turned = {True: False, False: True, None: None}

    assert [change for change in there.items if not change.text.startswith(change.title)] == []
    assert [(opposite.get(c.kind, c.kind), c.id, c.after, c.before, turned[c.better]) for c in there.items] == [
        (c.kind, c.id, c.before, c.after, c.better) for c in back.items
    ]
