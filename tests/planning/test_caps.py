"""What the calculator caps, by the worked examples A and B of the specification."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from assessments.cashflow.forecast import forecast
from assessments.cashflow.inputs import Inputs
from assessments.cashflow.reading import read
from assessments.cashflow.stress import stress
from assessments.catalogue.loader import edition
from assessments.catalogue.schema import EvidenceGrade, Stage
from assessments.planning.caps import cap_in_words, caps, months_of
from assessments.scoring.answers import Answer, Answers, AnswerState, Cap, GateAnswer, GateState
from assessments.scoring.result import GateResult, QuestionResult
from assessments.scoring.runs import CLAIMED_WORST, EVIDENCED_WORST
from assessments.scoring.score import score
from assessments.scoring.sentences import gate as gate_sentence
from assessments.scoring.sentences import question as question_sentence
from tests.cashflow.examples import example_inputs

CATALOGUE = edition("2026.1")
FUNDING, MARGIN = "working-capital.low-point-funding", "working-capital.underlying-margin"
OFFERED, SIGNED = "working-capital.low-point-offered", "working-capital.low-point-signed"
BREAKS_EVEN = "working-capital.normal-year-breaks-even"


def caps_of(inputs: Inputs) -> dict[str, Cap]:
    return caps(CATALOGUE, forecast(inputs), stress(inputs))


def with_cash(inputs: Inputs, opening: int) -> Inputs:
    return inputs.model_copy(update={"opening_cash": Decimal(opening)})


def test_an_uncovered_low_point_caps_its_money_and_gates() -> None:
    found = caps_of(example_inputs("a"))

    short = "with the money planned, the balance falls to -£112,000 within month 2"
    assert found[FUNDING] == Cap(2, short)
    assert found[OFFERED] == found[SIGNED] == Cap(None, short)
    assert BREAKS_EVEN not in found


def test_a_low_point_covered_as_planned_but_not_when_paid_late_caps_at_3() -> None:
    found = caps_of(with_cash(example_inputs("a"), 112_000))

    assert found[FUNDING].highest == 3
    assert found[FUNDING].reason.startswith("with each contract payment a month late, the balance falls to -£")
    assert OFFERED not in found


def test_a_low_point_covered_also_when_paid_late_caps_nothing() -> None:
    found = caps_of(with_cash(example_inputs("a"), 1_000_000))

    assert not {FUNDING, OFFERED, SIGNED} & set(found)


def test_a_penny_too_little_is_too_little() -> None:
    inputs = example_inputs("a").model_copy(update={"opening_cash": Decimal("111999.99")})

    assert caps_of(inputs)[FUNDING] == Cap(2, "with the money planned, the balance falls to -£0.01 within month 2")


def test_a_surplus_that_a_pay_rise_eats_caps_the_result_of_a_year_at_3() -> None:
    assert caps_of(example_inputs("a"))[MARGIN] == Cap(
        3, "with pay up by 5% and the price unchanged, the first year ends at -£37,200"
    )


def test_a_loss_caps_the_result_of_a_year_at_2_and_its_gate() -> None:
    inputs = example_inputs("b")
    main = inputs.income[0].model_copy(update={"monthly": Decimal(90_000)})
    found = caps_of(inputs.model_copy(update={"income": (main, *inputs.income[1:])}))

    lost = "the first year, before one-off costs, ends at -£109,500"
    assert found[MARGIN] == Cap(2, lost)
    assert found[BREAKS_EVEN] == Cap(None, lost)


def test_reason_names_the_month_where_the_go_live_date_is_known() -> None:
    inputs = example_inputs("a")
    months = months_of({"go-live-date": dt.date(2027, 10, 1)})

    found = caps(CATALOGUE, forecast(inputs), stress(inputs), months)

    assert found[FUNDING].reason == "with the money planned, the balance falls to -£112,000 within November 2027"


def test_reason_of_a_low_point_before_anything_begins() -> None:
    table = {"income": [{"monthly": 100_000, "mode": "advance", "early": True}], "gross_pay": 2_000, "headcount": 10}
    inputs = read({**table, "one_off": [{"month": 0, "amount": 50_000}]})

    found = caps_of(inputs)

    assert found[FUNDING].reason == (
        "with the money planned, the balance falls to -£50,000 within the time before go-live"
    )


def test_cap_in_words() -> None:
    assert cap_in_words(Cap(2, "the sun shines")) == "counts as level 2 at most, because the sun shines"
    assert cap_in_words(Cap(None, "the sun shines")) == "cannot count as met, because the sun shines"


# What a cap does to a result


def scored(given_caps: dict[str, Cap]) -> tuple[QuestionResult, GateResult]:
    """The best of answers to one question and one gate."""
    day = CATALOGUE.edition.checked
    answers = Answers(
        Stage.GO_LIVE,
        day,
        questions={FUNDING: Answer(AnswerState.ANSWERED, 4, evidence=EvidenceGrade.E3, evidence_date=day)},
        gates={SIGNED: GateAnswer(GateState.MET, EvidenceGrade.E3, day)},
        caps=given_caps,
    )
    barrier = score(CATALOGUE, answers).barrier("working-capital")
    question = next(question for question in barrier.questions if question.id == FUNDING)
    return question, next(gate for gate in barrier.gates if gate.id == SIGNED)


def test_cap_lowers_what_is_supported_and_says_why() -> None:
    question, gate = scored(caps_of(example_inputs("a")))

    assert (question.claimed, question.supported, question.evidence_gap, question.is_capped) == (4, 2, 0, True)
    assert (gate.claimed, gate.supported, gate.lacks_proof) == (GateState.MET, GateState.NOT_KNOWN, False)
    assert question_sentence(question, EVIDENCED_WORST) == (
        "Money for the low point is claimed at level 4, but the cash-flow calculator caps it at level 2: with the money"
        " planned, the balance falls to -£112,000 within month 2; this stage needs level 4, and the question is"
        " essential."
    )
    assert gate_sentence(gate, EVIDENCED_WORST) == (
        "Signed money in place is a hard gate. It is said to be met, but the cash-flow calculator shows otherwise (with"
        " the money planned, the balance falls to -£112,000 within month 2), so it counts as not known."
    )


def test_cap_leaves_the_claim_alone() -> None:
    question, _ = scored(caps_of(example_inputs("a")))

    assert question.claimed_gap_worst == 0
    assert "is claimed at level 4; " in question_sentence(question, CLAIMED_WORST)


def test_a_surplus_that_a_pay_rise_eats_is_enough_to_go_live() -> None:
    """The domain notes ask level 4 at go-live of few things, and the result of a normal year is not among them."""
    day = CATALOGUE.edition.checked
    answers = Answers(
        Stage.GO_LIVE,
        day,
        questions={MARGIN: Answer(AnswerState.ANSWERED, 4, evidence=EvidenceGrade.E3, evidence_date=day)},
        caps=caps_of(example_inputs("a")),
    )
    questions = score(CATALOGUE, answers).barrier("working-capital").questions
    margin = next(question for question in questions if question.id == MARGIN)

    assert (margin.supported, margin.is_capped, margin.gap_worst) == (3, True, 0)


def test_without_a_forecast_nothing_is_capped() -> None:
    question, gate = scored({})

    assert (question.supported, question.is_capped) == (4, False)
    assert (gate.supported, gate.is_capped) == (GateState.MET, False)
