"""What a person may tick, choose and type into a what-if."""

from decimal import Decimal
from typing import Any

import pytest

from assessments.cashflow.inputs import Billing
from assessments.cashflow.tried import Figures, figures_from_dict
from assessments.forms.what_if import AS_IT_IS, AnswersForm, NameForm, WhatIfForm
from assessments.models import Assessment, User, WhatIf
from assessments.models.plan import Agreement
from assessments.planning.what_if import Tried
from assessments.selectors.what_if import Choices, Offer, record_of, tried_in
from assessments.services.plan import agree
from tests.factories import level, make_assessment, make_what_if, save

RATE = "pensions.contribution-rate"
GATE = "pensions.rate-from-the-fund"
FINISH = "finish:pensions"
FIGURES = {
    "opening_cash": "£0",
    "loan": "no loan",
    "mode": "in arrears",
    "payment_days": "30 days",
    "contract_by": "£200,000 a month",
    "pay_by": "£120,000 a month",
    "employer_pension": "20% of pay",
    "costs_by": "£68,000 in a month with all of them",
}


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


def form_of(assessment: Assessment, data: Any = None, kept: WhatIf | None = None, **more: Any) -> WhatIfForm:
    choices = Choices(record_of(assessment), tried_in(kept) if kept else Tried())
    return WhatIfForm(data, choices=choices, kept=kept, **{"figures": FIGURES, "back": "/", **more})


def filled(assessment: Assessment, **data: Any) -> WhatIfForm:
    return form_of(assessment, {"name": "If", "mode": AS_IT_IS, **data})


def offers(form: WhatIfForm, kind: str) -> dict[str, Offer]:
    groups = form.choices.actions if kind == "done" else form.choices.items
    return {offer.id: offer for group in groups for offer in group.offers}


def test_offers_what_is_called_for_and_asked(assessment: Assessment) -> None:
    form = form_of(assessment)

    assert offers(form, "done")[FINISH].title == "Finish answering: Pensions"
    assert offers(form, "items")[RATE].hint == "Now: not answered. Level 3 is needed."
    assert "finish:profile" not in offers(form, "done")


def test_offers_say_where_things_stand(assessment: Assessment, alice: User) -> None:
    save(assessment, alice, {RATE: level(3, evidence="E0")})
    agree(assessment=assessment, by=alice, action=FINISH, version=0, agreement=Agreement(progress="done"))

    form = form_of(assessment)

    assert offers(form, "items")[RATE].hint == "Now: level 3, supported at level 1. Level 3 is needed."
    assert "Done in the plan, but the answers do not show it yet." in offers(form, "done")[FINISH].hint


def test_content(assessment: Assessment) -> None:
    form = filled(assessment, **{"done-pensions": [FINISH], "items-pensions": [RATE]}, opening_cash="£50,000")

    assert form.is_valid()
    content = form.content()
    assert (content.name, content.done, content.answers) == ("If", [FINISH], {RATE: None})
    assert figures_from_dict(content.cash) == Figures(opening_cash=Decimal("50000.00"))


def test_answers_set_before_are_kept(assessment: Assessment) -> None:
    kept = make_what_if(assessment, answers={RATE: 2, "pensions.opening-position": 1})
    data = {"name": "If", "items-pensions": [RATE, "pensions.new-joiners"], "mode": AS_IT_IS}

    form = form_of(assessment, data, kept)

    assert form.is_valid()
    assert form.content().answers[RATE] == 2
    assert "pensions.opening-position" not in form.content().answers


def test_unknown_ids_are_left_out(assessment: Assessment) -> None:
    """As from a page that was open while somebody else closed a gap."""
    form = filled(assessment, **{"done-pensions": [FINISH, "gone", "x" * 9000], "items-pensions": ["gone"]})

    assert form.is_valid()
    assert form.content().done == [FINISH]
    assert form.lost == 3


def test_stored_ids_that_are_lost_stay_to_be_unticked(assessment: Assessment) -> None:
    kept = make_what_if(assessment, done=["gone"], answers={"lost": 2})

    form = form_of(assessment, None, kept)

    assert form["done-lost"].value() == ["gone"]
    assert form["items-lost"].value() == ["lost"]


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("name", "", "Enter a name"),
        ("name", "x" * 201, "200 characters or fewer"),
        ("opening_cash", "lots", "must be an amount in pounds"),
        ("opening_cash", "-1", "between £0 and £50,000,000"),
        ("opening_cash", "50000001", "between £0 and £50,000,000"),
        ("loan", "1.234", "no more than 2 decimals"),
        ("mode", "sometimes", "Choose how"),
        ("payment_days", "1.5", "whole number from 0 to 120"),
        ("payment_days", "121", "whole number from 0 to 120"),
        ("contract_by", "five", "must be a figure"),
        ("contract_by", "101", "between -50% and 100%"),
        ("pay_by", "-51", "between -50% and 100%"),
        ("employer_pension", "41", "between 0% and 40%"),
        ("employer_pension", "0.2.3", "must be a figure"),
        ("costs_by", "1.234", "no more than 2 decimals"),
        ("costs_by", "123456", "between -50% and 100%"),
        ("costs_by", "12345.678", "between -50% and 100%"),
        ("opening_cash", "9" * 30, "between £0 and £50,000,000"),
        ("opening_cash", "50000001.234", "between £0 and £50,000,000"),
        ("payment_days", "9" * 30, "whole number from 0 to 120"),
        ("costs_by", "NaN", "must be a figure"),
    ],
)
def test_bad_input(assessment: Assessment, field: str, text: str, message: str) -> None:
    form = filled(assessment, **{field: text, "done-pensions": [FINISH]})

    assert not form.is_valid()
    assert list(form.errors) == [field]
    [said] = form.errors[field]
    assert message in said
    assert form["done-pensions"].value() == [FINISH]


@pytest.mark.parametrize(
    ("text", "share"), [("5", "0.05"), ("+5%", "0.05"), (" -2.5 % ", "-0.025"), ("\u22123", "-0.03"), ("0", "0")]
)
def test_per_cent(assessment: Assessment, text: str, share: str) -> None:
    form = filled(assessment, pay_by=text)

    assert form.is_valid()
    assert figures_from_dict(form.content().cash).pay_by == Decimal(share)


def test_figures_come_back_as_typed(assessment: Assessment) -> None:
    data = {"opening_cash": "50000", "mode": "advance", "payment_days": "14", "employer_pension": "23.5"}
    first = filled(assessment, **data)
    assert first.is_valid()
    kept = make_what_if(assessment, cash=dict(first.content().cash))

    again = form_of(assessment, None, kept)

    shown = {name: str(again[name].value()) for name in data}
    assert shown == {
        "opening_cash": "50000",
        "mode": Billing.ADVANCE.value,
        "payment_days": "14",
        "employer_pension": "23.5",
    }


def test_without_figures_those_tried_stay(assessment: Assessment) -> None:
    kept = make_what_if(assessment, cash={"opening_cash": "5"})

    form = form_of(assessment, {"name": "If"}, kept, figures={})

    assert form.is_valid()
    assert form.content().cash == {"opening_cash": "5"}
    assert "opening_cash" not in form.fields


def answers_form(assessment: Assessment, data: Any, **answers: Any) -> AnswersForm:
    items = [assessment.catalogue.item(item) for item in (RATE, GATE)]
    kept = make_what_if(assessment, answers=answers or {RATE: None, GATE: None})
    return AnswersForm(data, items=items, kept=kept, standings={RATE: "Now: level 1.", GATE: "Now: not known."})


def test_answers(assessment: Assessment) -> None:
    form = answers_form(assessment, {f"set-{RATE}": "0", f"set-{GATE}": "not_met"})

    assert form.is_valid()
    assert form.answers() == {RATE: 0, GATE: "not_met"}


def test_answer_left_as_it_is(assessment: Assessment) -> None:
    form = answers_form(assessment, {f"set-{RATE}": AS_IT_IS, f"set-{GATE}": "met"})

    assert form.is_valid()
    assert form.answers() == {GATE: "met"}


def test_answers_begin_with_what_is_set(assessment: Assessment) -> None:
    form = answers_form(assessment, None, **{RATE: 3, GATE: "met"})

    assert (form[f"set-{RATE}"].value(), form[f"set-{GATE}"].value()) == ("3", "met")


@pytest.mark.parametrize("chosen", ["", "5", "-1", "met", "not_applicable"])
def test_answer_that_is_none(assessment: Assessment, chosen: str) -> None:
    form = answers_form(assessment, {f"set-{RATE}": chosen, f"set-{GATE}": "met"})

    assert not form.is_valid()
    assert "Contribution rate" in form.errors[f"set-{RATE}"][0]


@pytest.mark.parametrize("chosen", ["2", "not_applicable", ""])
def test_state_that_a_gate_has_not(assessment: Assessment, chosen: str) -> None:
    form = answers_form(assessment, {f"set-{RATE}": "1", f"set-{GATE}": chosen})

    assert list(form.errors) == [f"set-{GATE}"]


def test_name() -> None:
    assert not NameForm({"name": "   "}).is_valid()
    assert NameForm({"name": " New "}).is_valid()
