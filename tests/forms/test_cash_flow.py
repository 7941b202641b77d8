"""The figures of the calculator as a form: what people type, and what stands in the boxes again."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from hypothesis import given, settings

from assessments.cashflow.inputs import Inputs
from assessments.cashflow.months import Months
from assessments.cashflow.reading import read
from assessments.cashflow.stored import from_stored, to_stored
from assessments.catalogue.loader import edition
from assessments.forms.cash_flow import FiguresForm, differences
from assessments.forms.cash_flow_asks import ROWS, TOP
from assessments.forms.cash_flow_typed import Typed, edited, fresh, from_table, typed_in
from assessments.forms.govuk import error_links
from tests.cashflow.examples import EXAMPLES, example
from tests.cashflow.strategies import inputs as any_inputs

NAMED = Months(dt.date(2027, 4, 1))
CATALOGUE = edition("2026.1")


def form_of(typed: Typed, *, full: bool = False, names: Months = NAMED) -> FiguresForm:
    return FiguresForm(typed, names=names, catalogue=CATALOGUE, version=0, full=full, judge=True)


def page(name: str = "a", **changed: str) -> Typed:
    return from_table(example(name)["cashflow"], NAMED) | {
        key.replace("__", "-"): text for key, text in changed.items()
    }


def messages(typed: Typed, *, full: bool = True) -> list[str]:
    form = form_of(typed, full=full)
    form.is_valid()
    return [link["text"] for link in error_links(form)]


def table_of(typed: Typed, *, full: bool = False, names: Months = NAMED) -> dict[str, Any]:
    form = form_of(typed, full=full, names=names)
    assert form.is_valid(), form.errors
    return form.table


def plain(inputs: Inputs) -> dict[str, Any]:
    return inputs.model_dump(exclude_none=True)


# There and back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [NAMED, Months()], ids=["named", "counted"])
@pytest.mark.parametrize("full", [False, True], ids=["simple", "full"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_comes_back_the_same(name: str, full: bool, names: Months) -> None:
    given_table = example(name)["cashflow"]

    found = table_of(from_table(given_table, names), full=full, names=names)

    assert read(found) == read(given_table)


def as_posted(form: FiguresForm) -> dict[str, str]:
    """What a browser sends of a form shown to it: every box, seen or not."""
    return {name: str(form[name].value() or "") for name in form.fields}


@pytest.mark.parametrize("name", EXAMPLES)
def test_switching_modes_loses_nothing(name: str) -> None:
    typed = page(name)
    for full in (False, True, False):
        shown = FiguresForm(typed, names=NAMED, catalogue=CATALOGUE, version=3, full=full)
        typed = typed_in(as_posted(shown))

    assert read(table_of(typed)) == read(example(name)["cashflow"])


@settings(max_examples=60)
@given(any_inputs())
def test_whatever_the_calculator_takes_comes_back(inputs: Inputs) -> None:
    typed = from_table(plain(inputs), NAMED)

    assert read(table_of(typed, full=True)) == inputs


@given(any_inputs())
def test_stored_table_is_read_back_exactly(inputs: Inputs) -> None:
    given_table = plain(inputs)

    back = from_stored(to_stored(given_table))

    assert back == {key: _listed(value) for key, value in given_table.items()}
    assert read(back) == inputs


def _listed(value: Any) -> Any:
    """JSON has lists only."""
    if isinstance(value, Mapping):
        return {key: _listed(one) for key, one in value.items()}
    return [_listed(one) for one in value] if isinstance(value, tuple | list) else value


@pytest.mark.parametrize(
    ("ask", "typed", "value"),
    [
        ("gross_pay", "£120,000", Decimal(120_000)),
        ("gross_pay", " 120 000.50 ", Decimal("120000.50")),
        ("gross_pay", "120000", Decimal(120_000)),
        ("employer_pension", "20", Decimal("0.2")),
        ("employer_pension", "21.1 %", Decimal("0.211")),
        ("employer_pension", "0.5%", Decimal("0.005")),
        ("headcount", "1,200", 1200),
        ("buffer_months", "1.5", Decimal("1.5")),
    ],
)
def test_figure_as_people_type_it(ask: str, typed: str, value: object) -> None:
    assert table_of(page(**{ask: typed}), full=True)[ask] == value


def test_defaults_of_an_empty_page_are_those_of_the_calculator() -> None:
    typed = fresh(NAMED, {}) | {
        "income-1-monthly": "100000",
        "gross_pay": "60000",
        "headcount": "24",
        "vat_registered": "no",
    }

    expected = read({"income": [{"name": "Main contract", "monthly": 100000}], "gross_pay": 60000, "headcount": 24})
    assert read(table_of(typed)) == expected.model_copy(
        update={"income": (expected.income[0].model_copy(update={"name": "Main contract"}),)}
    )


def test_blank_rows_are_left_out() -> None:
    typed = edited(edited(page(), "add-cost", NAMED), "add-income", NAMED)

    assert read(table_of(typed)) == read(example("a")["cashflow"])


# Rows -------------------------------------------------------------------------------------------------------


def test_removing_a_row_moves_later_ones_up() -> None:
    typed = edited(page(), "remove-cost-2", NAMED)

    assert [line["name"] for line in table_of(typed)["cost"]] == ["Supplies", "Support services", "Insurance"]


def test_the_main_contract_cannot_be_removed_but_emptied() -> None:
    typed = edited(edited(page(), "remove-income-2", NAMED), "remove-income-1", NAMED)

    assert (typed["income-rows"], typed["income-1-monthly"]) == ("1", "")


def test_no_more_rows_than_a_page_takes() -> None:
    typed = page(**{"bond-rows": "10"})

    assert edited(typed, "add-bond", NAMED)["bond-rows"] == "10"


@pytest.mark.parametrize("do", ["", "add-", "remove-cost", "remove-cost-99", "add-loan", "remove-cost-x", "💥"])
def test_other_buttons_change_nothing(do: str) -> None:
    assert edited(page(), do, NAMED) == page()


@pytest.mark.parametrize("rows", ["-1", "9999999", "x", "", "1e3", "٣"])
def test_hostile_number_of_rows(rows: str) -> None:
    assert 0 <= int(typed_in({"cost-rows": rows})["cost-rows"]) <= 60


MANY = {
    "income": {"monthly": 100},
    "cost": {"monthly": 100},
    "one_off": {"month": 1, "amount": 100},
    "bond": {"month": 1, "cash": 100},
    "grant": {"month": 1, "amount": 100},
}


@pytest.mark.parametrize("full", [False, True], ids=["simple", "full"])
@pytest.mark.parametrize("part", MANY)
def test_no_row_that_is_kept_is_lost(part: str, full: bool) -> None:
    """Figures may have come from elsewhere with more rows than a page would add."""
    kept = read({**example("a")["cashflow"], part: [MANY[part]] * 70})
    shown = FiguresForm(from_table(plain(kept), NAMED), names=NAMED, catalogue=CATALOGUE, version=3, full=full)

    typed = typed_in(as_posted(shown))

    assert len(getattr(read(table_of(typed, full=full)), part)) == 70
    assert read(table_of(typed, full=full)) == kept
    assert edited(typed, f"add-{part}", NAMED)[f"{part}-rows"] == "70"
    assert edited(typed, f"remove-{part}-70", NAMED)[f"{part}-rows"] == "69"


def test_many_long_costs_by_month_are_kept_as_they_were_typed() -> None:
    """Sixty costs that differ each month for three years, with names as long as a name may be."""
    months, rows = 36, 60
    typed = page(months=str(months)) | {"cost-rows": str(rows)}
    for number in range(1, rows + 1):
        amounts = "\n".join(f"{100 * number + month % (number + 2):,}" for month in range(months))
        name = f"Cost {number:03} ".ljust(200, "x")
        typed |= {f"cost-{number}-name": name, f"cost-{number}-by_month": amounts}
        typed |= {f"cost-{number}-vat": "0.20", f"cost-{number}-supplier_days": "30", f"cost-{number}-monthly": ""}
        typed |= {f"cost-{number}-months": ""}

    again = from_table(from_stored(to_stored(table_of(typed))), NAMED)

    costs = [name for name in typed if name.startswith("cost-")]
    assert {name: again[name] for name in costs} == {name: typed[name] for name in costs}


def test_a_number_alone_makes_no_rows() -> None:
    """A page of thousands of rows would take minutes to draw."""
    assert typed_in({"cost-rows": "999", "cost-999-name": "x"})["cost-rows"] == "60"


# What is wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"gross_pay": ""}, "Enter the gross pay a month"),
        (
            {"gross_pay": "a lot"},
            "Gross pay a month must be from £0 to £20,000,000, like 1,200 or 1,200.50. You have “a lot”",
        ),
        (
            {"gross_pay": "1,23"},
            "Gross pay a month must be from £0 to £20,000,000, like 1,200 or 1,200.50. You have “1,23”",
        ),
        (
            {"employer_pension": "45"},
            "Employer pension contribution must be a percentage from 0 to 40, like 15 for 15%. You have “45”",
        ),
        (
            {"employer_pension": "0.2"},
            "Employer pension contribution must be a percentage from 0 to 40, like 15 for 15%. You have “0.2”",
        ),
        ({"headcount": "0"}, "Number of employees must be a whole number from 1 to 10,000. You have “0”"),
        ({"months": "40"}, "Months in the forecast must be a whole number from 12 to 36. You have “40”"),
        ({"vat_registered": ""}, "Choose whether the new body will be registered for VAT"),
        ({"income-2-monthly": ""}, "Enter the income a month of income 2 (Other sales)"),
        (
            {"income-1-payment_days": "121"},
            "Days from invoice to cash of income 1 (Contract) must be a whole number from 0 to 120. You have “121”",
        ),
        (
            {"cost-1-monthly": "-5"},
            "Amount a month of cost 1 (Supplies) must be from £0 to £50,000,000, like 1,200 or 1,200.50. You have “-5”",
        ),
        (
            {"cost-4-months": "April 2027, Smarch"},
            "Months of cost 4 (Insurance): found “April 2027, Smarch”; write a month, such as April 2027 or Month 1",
        ),
        (
            {"cost-4-months": "13"},
            "Months of cost 4 (Insurance) must be months of the forecast, each once, which ends with March 2028. "
            "You have “13”",
        ),
        (
            {"one_off-2-month": "24"},
            "Month of one-off cost 2 (Systems) must be a month of the forecast, which ends with March 2028. "
            "You have “March 2029”",
        ),
        ({"bond-1-cash": ""}, None),
        (
            {"loan-rate": "25"},
            "Interest of the loan must be a percentage from 0 to 20, like 15 for 15%. You have “25”",
        ),
        (
            {"pay_is": "different", "pay_by_month": "1000\n2000"},
            "Gross pay of each month must have 12 amounts, one for each month of the forecast. It has 2",
        ),
        (
            {"pay_is": "different", "pay_by_month": "1000\nn/a" + "\n5" * 10},
            "Gross pay of each month, May 2027: found “n/a”; write an amount from £0 to £20,000,000, "
            "like 1,200 or 1,200.50",
        ),
        ({"income-1-vat": "0.17"}, "VAT charged of income 1 (Contract) must be one of the list. You have “0.17”"),
        (
            {"cost-1-name": "x" * 201},
            f"Name of cost 1 ({'x' * 40}…) must be on one line, of at most 200 letters. You have “{'x' * 40}…”",
        ),
    ],
)
def test_message(changed: dict[str, str], message: str | None) -> None:
    assert messages(page() | changed) == ([message] if message else [])


def test_every_problem_at_once_and_nothing_twice() -> None:
    typed = page() | {"gross_pay": "", "headcount": "x", "cost-2-supplier_days": "91", "ni_rate": "-1"}

    assert len(messages(typed)) == 4


def test_empty_page_says_what_is_missing() -> None:
    assert messages(typed_in({})) == [
        "Enter the income a month of income 1",
        "Enter the gross pay a month",
        "Enter the number of employees",
        "Choose whether the new body will be registered for VAT",
    ]


def test_error_in_an_input_that_is_not_shown() -> None:
    form = form_of(page(ni_rate="99"))

    assert not form.is_valid()
    assert form.hidden_errors


def test_every_error_has_a_place() -> None:
    """Whatever is wrong, its message leads to a box."""
    typed = dict.fromkeys(page(), "?") | {"income-rows": "2", "cost-rows": "2", "bond-rows": "1", "grant-rows": "1"}
    form = form_of(typed, full=True)
    form.is_valid()

    assert not form.non_field_errors()
    assert all(link["href"] for link in error_links(form))


# Amounts by month -------------------------------------------------------------------------------------------


def test_cost_by_month_becomes_lines_and_one_row_again() -> None:
    amounts = "\n".join(["100", "200.50", "100", "0", *["300"] * 8])
    typed = page() | {"cost-1-by_month": amounts}

    table = table_of(typed)

    assert [(line["name"], line["monthly"], line["months"]) for line in table["cost"][:3]] == [
        ("Supplies (months 1, 3)", Decimal(100), [1, 3]),
        ("Supplies (month 2)", Decimal("200.50"), [2]),
        ("Supplies (months 5 to 12)", Decimal(300), [5, 6, 7, 8, 9, 10, 11, 12]),
    ]
    again = from_table(table, NAMED)
    assert again["cost-1-name"] == "Supplies"
    assert again["cost-1-by_month"].split("\n")[:4] == ["100", "200.50", "100", "0"]
    assert table_of(again) == table


def test_pay_by_month() -> None:
    amounts = "\t".join(["120,000.00"] * 11 + ["£130,000"])
    table = table_of(page(pay_is="different", pay_by_month=amounts))

    assert table["gross_pay"] == [Decimal(120_000)] * 11 + [Decimal(130_000)]
    assert table_of(from_table(table, NAMED)) == table


# How it looks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("full", [False, True])
def test_page_renders_with_every_box_once(full: bool) -> None:
    form = FiguresForm(page(), names=NAMED, catalogue=CATALOGUE, version=1, full=full)
    html = render_crispy_form(form)

    for name in form.fields:
        assert html.count(f'name="{name}"') >= 1, name
    assert "April 2027 (1)" in html


def test_defaults_say_their_source_and_year() -> None:
    form = FiguresForm(page(), names=NAMED, catalogue=CATALOGUE, version=1, full=True)
    html = render_crispy_form(form)

    assert "Default: 15%" in html
    assert "Class 1 National Insurance tables 2026/27, 2026; last checked 21 November 2026" in html
    assert "our own estimate" in html


@pytest.mark.parametrize("full", [False, True], ids=["simple", "full"])
def test_what_is_hard_to_know_says_where_it_is_found(full: bool) -> None:
    form = FiguresForm(page(), names=NAMED, catalogue=CATALOGUE, version=1, full=full)
    html = unescape(render_crispy_form(form))
    places = ("payment clause", "From payroll", "From the ledger", "supplier's invoice", "transition budget")
    papers = ("grant letter", "lender's offer", "VAT opinion")

    assert [words for words in (*places, *papers) if words not in html] == []
    assert ("Sure before payday" in html) == full
    assert ("names a day of payment that comes before your payday" in html) == full


@pytest.mark.parametrize("full", [False, True], ids=["simple", "full"])
def test_defaults_of_rows_say_what_they_rest_on(full: bool) -> None:
    form = FiguresForm(page(), names=NAMED, catalogue=CATALOGUE, version=1, full=full)
    html = render_crispy_form(form)

    assert "Days from invoice to cash: 30 days (public bodies must pay within 30 days of a valid invoice" in html
    assert "Days until you pay: 30 days (our own estimate" in html


def test_default_of_one_month_is_not_months() -> None:
    html = render_crispy_form(FiguresForm(page(), names=NAMED, catalogue=CATALOGUE, version=1, full=True))

    assert "Default: 1 month." in html
    assert "1 months" not in html


def test_every_source_of_a_default_is_in_the_catalogue() -> None:
    named = {source for ask in (*TOP, *(ask for rows in ROWS for ask in rows.asks)) for source in ask.sources}

    assert named
    assert all(CATALOGUE.source(source) for source in named)


def test_differences_name_the_boxes() -> None:
    found = differences(page(), page() | {"headcount": "50", "cost-1-monthly": "31000"})

    assert found == [
        ("Employees who earn more than the National Insurance threshold", "48", "50"),
        ("Cost 1: Amount a month (£)", "30,000", "31000"),
    ]


# Two people's figures side by side ---------------------------------------------------------------------------


def test_difference_is_told_with_both_figures() -> None:
    theirs, mine = {"opening_cash": "10,000"}, {"opening_cash": "12,000"}

    [(label, was, now)] = differences(theirs, mine)

    assert ("cash" in label.lower(), was, now) == (True, "10,000", "12,000")


def test_what_makes_no_difference_is_not_told() -> None:
    """Another way to write a figure, and what is chosen in a row into which nobody typed anything."""
    theirs = {"opening_cash": "£10,000", "cost-rows": "2", "cost-2-supplier_days": "30", "cost-2-vat": "0.20"}

    assert differences(theirs, {"opening_cash": " 10000 ", "cost-rows": "1"}) == []
