"""What a forecast says: sentences, figures, rows and drawings, from the worked examples and from any inputs."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from assessments.cashflow.forecast import forecast
from assessments.cashflow.inputs import Inputs
from assessments.cashflow.months import Months
from assessments.cashflow.picture import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, balance_picture, stress_picture
from assessments.cashflow.reading import read
from assessments.cashflow.sentences import STRESS_SHORT, Tone, sentences
from assessments.cashflow.serialise import to_dict
from assessments.cashflow.story import headline_of, story_of
from assessments.cashflow.stress import SCENARIOS, stress
from tests.cashflow.examples import EXAMPLES, example, example_result
from tests.cashflow.strategies import inputs as any_inputs

GO_LIVE = dt.date(2027, 4, 1)
NAMED = Months(GO_LIVE)


def told(table: dict[str, Any]) -> dict[str, str]:
    """What is said about each thing; the last where several sentences are."""
    inputs = read(table)
    return {one.about: one.text for one in sentences(to_dict(forecast(inputs), stress(inputs)), NAMED)}


def changed(name: str, **changes: Any) -> dict[str, Any]:
    return {**{key: value for key, value in example(name)["cashflow"].items() if key not in changes}, **changes}


WITHOUT_FUNDING: dict[str, Any] = {"grant": [], "loan": None}


# Sentences --------------------------------------------------------------------------------------------------


def test_sentences_of_example_a() -> None:
    assert [sentence.text for sentence in sentences(example_result("a"), NAMED)] == [
        "Without funding, the account would fall to £423,000 below zero in May 2027. "
        "That is the most money the service needs.",
        "At month-ends the need looks like £212,400 (April 2027). That figure is too hopeful: pay, tax and suppliers "
        "leave the account before the month's income arrives.",
        "With the funding planned month-ends look positive, but in payroll week of May 2027 the account is £112,000 "
        "short.",
        "A facility of £626,250 would cover the need and keep £203,250 in hand for surprises.",
        "In its first year the service earns £60,000 more than it costs, before one-off costs.",
        "Interest and repayments of the first year come to £77,063; the surplus pays 78% of them. "
        "The loan is not repaid out of surplus.",
        "The first month in which more comes in than goes out is May 2027. "
        "By the end of the forecast (March 2028) what was paid out has not been earned back.",
        "Of the cases tried, the hardest is this: the main contract is billed quarterly. "
        "The need then rises to £835,200, in July 2027.",
        "Being paid monthly in advance, in 30 days, would lower the need to £224,400. "
        "It is the cheapest thing to ask for.",
        "The year turns into a loss if pay rises by 5% and the price does not, the main contract brings 10% less "
        "or the service is ruled exempt from VAT.",
    ]


def test_short_at_month_end_too() -> None:
    assert told(example("b")["cashflow"])["funding"] == (
        "With the funding planned the account is still £120,663 short within the month, in March 2028, and £20,663 "
        "below zero at the end of March 2028."
    )


def test_short_before_go_live() -> None:
    table = changed("b", grant=[{"month": 0, "amount": 10_000}], loan=None)

    assert "below zero" in told(table)["funding"]
    assert "end of before" not in told(table)["funding"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (changed("a", **WITHOUT_FUNDING), "No funding is entered yet, so all of this is still to be found."),
        (
            changed("a", opening_cash=500_000),
            "The funding planned is enough on these figures: £388,000 is left at the lowest point, in May 2027.",
        ),
    ],
)
def test_funding(table: dict[str, Any], expected: str) -> None:
    assert told(table)["funding"] == expected


def test_nothing_needed() -> None:
    table = {
        "income": [{"monthly": 100_000, "mode": "advance", "payment_days": 0, "early": True}],
        "gross_pay": 10_000,
        "headcount": 2,
    }
    found = told(table)

    assert found["need"] == "On these figures the account never falls below zero: no working capital is needed."
    assert found["funding"] == "No funding is entered, and none is needed on these figures."
    assert "month-ends" not in found


def test_loss_is_no_matter_of_working_capital() -> None:
    table = changed("a", gross_pay=140_000)

    assert "cannot pay for a loss" in told(table)["surplus"]
    assert "there is no surplus to pay them" in told(table)["debt"]


def test_months_are_counted_without_a_go_live_date() -> None:
    assert "in payroll week of month 2" in headline_of(example_result("a")).funding


@settings(max_examples=40)
@given(any_inputs())
def test_every_forecast_can_be_told(inputs: Inputs) -> None:
    """No odd word, no sign twice, and what is a warning says so."""
    plain = to_dict(forecast(inputs), stress(inputs))
    story = story_of(json.loads(json.dumps(plain)), GO_LIVE)

    for sentence in story.sentences:
        assert not re.search(r"None|--|£-|\bin before\b|\bof before\b|  ", sentence.text), sentence
    funding = next(sentence for sentence in story.sentences if sentence.about == "funding")
    assert story.headline.is_short == (funding.tone is Tone.WARNING)
    assert len(story.balances.rows) == len(story.flows.rows) == inputs.months + 1
    assert len(story.stress_rows) == 11


BEFOREHAND: dict[str, Any] = {
    "income": [{"monthly": 100_000, "mode": "advance", "early": True}],
    "gross_pay": 20_000,
    "headcount": 10,
    "one_off": [{"month": 0, "amount": 50_000}],
}


def test_short_before_anything_begins() -> None:
    assert told({**BEFOREHAND, "opening_cash": 20_000})["funding"] == (
        "With the funding planned the account is already £30,000 short before go-live."
    )


def test_headline_before_anything_begins() -> None:
    inputs = read(BEFOREHAND)
    headline = story_of(to_dict(forecast(inputs), stress(inputs)), GO_LIVE).headline

    assert (headline.amount, headline.when) == ("£50,000", "before go-live")


def test_headline_says_when() -> None:
    assert story_of(example_result("a"), GO_LIVE).headline.when == "in May 2027"
    assert story_of(example_result("a")).headline.when == "in month 2"


def test_surplus_that_pays_almost_all_of_the_debt() -> None:
    """99.7% is 1.00 when rounded, and still not enough."""
    table = changed("a", income=[{"monthly": Decimal("211402.67"), "vat": Decimal("0.20"), "payment_days": 30}])
    result = to_dict(forecast(read(table)), stress(read(table)))
    surplus, service = Decimal(result["annual_surplus"]), Decimal(result["debt_service"])

    assert (result["debt_service_cover"], surplus < service) == ("1.00", True)
    assert "the surplus pays 99% of them. The loan is not repaid out of surplus." in told(table)["debt"]


# Figures and rows -------------------------------------------------------------------------------------------


def test_headline_of_example_a() -> None:
    headline = story_of(example_result("a"), GO_LIVE).headline

    assert (headline.amount, headline.month) == ("£423,000", "May 2027")
    assert (headline.month_end_amount, headline.month_end_month) == ("£212,400", "April 2027")
    assert headline.is_short


def test_figures_are_exact() -> None:
    figures = {figure.title: figure.value for figure in story_of(example_result("b"), GO_LIVE).figures}

    assert figures["Recommended facility"] == "£432,733.33"
    assert figures["Lowest balance with the funding planned, within a month"] == "-£120,662.50, March 2028"
    assert figures["Months of cover with the funding planned"] == "-0.22 at the lowest, -0.22 at the end"
    assert figures["Payback month"] == "Not within the forecast"


def test_rows_name_their_months_and_mark_the_lowest() -> None:
    rows = story_of(example_result("a"), GO_LIVE).balances.rows

    assert [rows[0].month, rows[1].month, rows[12].month] == ["Before go-live", "April 2027", "March 2028"]
    assert [row.month for row in rows if row.is_lowest] == ["May 2027"]


def test_columns_without_an_entry_are_left_out() -> None:
    inputs = read(changed("a", bond=[], **WITHOUT_FUNDING))
    story = story_of(to_dict(forecast(inputs), stress(inputs)))

    assert "Bond" not in story.flows.columns
    assert not any("funding" in column and "before" not in column for column in story.balances.columns)


def test_stress_rows_compare_with_the_base() -> None:
    rows = {row.code: row for row in story_of(example_result("a"), GO_LIVE).stress_rows}

    assert (rows["ST1"].need, rows["ST1"].change, rows["ST1"].month) == ("£641,000", "+£218,000", "August 2027")
    assert rows["ST8"].change == "-£198,600"
    assert rows["ST3"].is_loss
    assert not rows[""].change


def test_every_case_has_a_short_name() -> None:
    assert list(STRESS_SHORT) == list(SCENARIOS)


def test_balances_stand_in_a_table_of_their_own() -> None:
    """Fourteen columns side by side would hide the balances, for which people come, beyond the edge."""
    story = story_of(example_result("a"), GO_LIVE)
    balances, flows = story.balances, story.flows

    assert balances.columns == (
        "Month-end, before funding",
        "Low point, before funding",
        "Grants and loan, less what they cost",
        "Month-end, with funding",
        "Low point, with funding",
    )
    assert (flows.columns[0], flows.columns[-1]) == ("Receipts", "Net")
    assert balances.rows[2].cells == ("-£171,000", "-£423,000", "-£1,500", "£140,000", "-£112,000")
    assert all(len(row.cells) == len(table.columns) for table in (balances, flows) for row in table.rows)


# Drawings ---------------------------------------------------------------------------------------------------

NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@pytest.mark.parametrize("name", EXAMPLES)
def test_balance_lies_within_its_frame(name: str) -> None:
    picture = balance_picture(example_result(name), NAMED)

    for series in picture.series:
        for dot in series.dots:
            assert LEFT <= Decimal(dot.x) <= RIGHT
            assert TOP <= Decimal(dot.y) <= BOTTOM
            assert TOP <= Decimal(dot.low_y) <= BOTTOM
    assert max(series.legend_y for series in picture.series) < HEIGHT - 4
    assert sum(tick.is_zero for tick in picture.ticks) == 1


def test_lower_balances_are_drawn_lower() -> None:
    picture = balance_picture(example_result("a"), NAMED)
    before, funded = picture.series
    lows = [Decimal(dot.low_y) for dot in before.dots]

    assert lows.index(max(lows)) == 2
    assert all(Decimal(dot.low_y) >= Decimal(dot.y) for dot in (*before.dots, *funded.dots))
    # The funded low of May lies under the line of nothing, its month-end above.
    assert Decimal(funded.dots[2].low_y) > Decimal(picture.zero_y) > Decimal(funded.dots[2].y)


def test_lines_differ_by_more_than_colour() -> None:
    before, funded = balance_picture(example_result("a"), NAMED).series

    assert (before.dash, before.is_filled) != (funded.dash, funded.is_filled)
    assert before.dots[0].end_shape.count("a") != funded.dots[0].end_shape.count("a")


def test_lowest_points_are_labelled() -> None:
    picture = balance_picture(example_result("a"), NAMED)

    assert [note.text for note in picture.notes] == ["£423,000 needed", "£112,000 short"]
    assert "May 2027" in picture.in_words


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("months", [12, 13, 24, 36])
def test_names_of_months_do_not_run_into_each_other(name: str, months: int) -> None:
    inputs = read(changed(name, months=months))
    picture = balance_picture(to_dict(forecast(inputs), stress(inputs)), NAMED)
    places = [Decimal(tick.at) for tick in picture.months]

    assert picture.months[0].label == "Start"
    assert all(after - before >= 40 for before, after in pairwise(places))


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("months", [12, 24, 36])
def test_label_of_the_lowest_point_lies_on_no_mark(name: str, months: int) -> None:
    inputs = read(changed(name, months=months))
    picture = balance_picture(to_dict(forecast(inputs), stress(inputs)), NAMED)

    needed = picture.notes[0]
    half = Decimal(len(needed.text)) * 7 / 2
    middle = Decimal(needed.x) + {"start": half, "middle": Decimal(0), "end": -half}[needed.anchor]
    under = [dot for one in picture.series for dot in one.dots if abs(Decimal(dot.x) - middle) <= half]
    assert all(Decimal(dot.low_y) <= Decimal(needed.y) - 10 for dot in under)
    assert Decimal(needed.y) <= BOTTOM


def test_without_funding_one_line() -> None:
    inputs = read(changed("a", **WITHOUT_FUNDING))

    assert len(balance_picture(to_dict(forecast(inputs), stress(inputs)), NAMED).series) == 1


def test_bars_are_as_long_as_the_need() -> None:
    picture = stress_picture(example_result("a"))
    widths = {bar.code: Decimal(bar.bar_width) for bar in picture.bars}

    assert widths["ST9"] == max(widths.values())
    assert abs(widths[""] / widths["ST9"] - Decimal(423_000) / Decimal(835_200)) < Decimal("0.001")
    assert [bar.label for bar in picture.bars if bar.is_base] == ["£423,000"]
    assert all(Decimal(bar.label_x) + 9 * len(bar.label) <= WIDTH + 30 for bar in picture.bars)


@settings(max_examples=40)
@given(any_inputs())
def test_every_forecast_can_be_drawn(inputs: Inputs) -> None:
    plain = to_dict(forecast(inputs), stress(inputs))
    balance, bars = balance_picture(plain, NAMED), stress_picture(plain)

    assert 2 <= len(balance.ticks) <= 12
    for series in balance.series:
        numbers = [Decimal(number) for number in NUMBER.findall(series.line)]
        assert all(0 <= number <= WIDTH for number in numbers)
    assert all(Decimal(bar.bar_width) >= 1 for bar in bars.bars)
