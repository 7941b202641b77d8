"""What may be agreed about an action, and what a filter makes of an address."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict

from assessments.catalogue.schema import Catalogue, Stage
from assessments.forms.plan import ActionForm, FilterForm
from assessments.models import Assessment, User
from assessments.models.answer import Content
from assessments.models.plan import Agreement
from assessments.selectors.plan import NO_FILTERS, Filters, Plan, plan_of
from tests.factories import fact, level, make_assessment, save

MAKE = "pensions.make-the-list"


@pytest.fixture
def assessment(alice: User, small_edition: Catalogue) -> Assessment:
    made = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)
    save(made, alice, {"schemes": fact(["lgps"]), "pensions.access": Content("not_met"), "pensions.list": level(0)})
    return Assessment.objects.get(pk=made.pk)


@pytest.fixture
def plan(assessment: Assessment) -> Plan:
    return plan_of(assessment)


def form_of(plan: Plan, **typed: Any) -> ActionForm:
    entry = plan.entry(MAKE)
    assert entry is not None
    return ActionForm({"progress": "open", "version": "0", **typed} if typed else None, entry=entry)


def date(name: str, day: int, month: int, year: int) -> dict[str, str]:
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}


def test_what_is_left_empty_is_nothing_said(plan: Plan) -> None:
    form = form_of(plan, owner="  ")

    assert form.is_valid()
    assert form.agreement() == Agreement()


def test_reason_is_kept_for_who_changes_their_mind(plan: Plan) -> None:
    form = form_of(plan, progress="doing", reason="Was refused once.")

    assert form.is_valid()
    assert form.agreement() == Agreement(progress="doing", reason="Was refused once.")


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"progress": "will_not_do", "reason": " "}, "reason", "reason_missing"),
        ({**date("starts_on", 2, 2, 2027), **date("due_on", 1, 2, 2027)}, "due_on", "due_before_start"),
        ({"progress": "open", "version": "x"}, "__all__", "incomplete"),
    ],
)
def test_refused(plan: Plan, typed: dict[str, str], field: str, code: str) -> None:
    form = form_of(plan, **typed)

    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()[field]] == [code]


def test_one_error_at_a_time(plan: Plan) -> None:
    """A date that is none is said to be none, and not compared as well."""
    form = form_of(plan, **date("starts_on", 31, 2, 2027), **date("due_on", 1, 2, 2027))

    assert list(form.errors) == ["starts_on"]


def test_hint_names_the_usual_role_and_the_promise(plan: Plan, assessment: Assessment) -> None:
    promised = Content("dont_know", who_knows="Sam", know_by=dt.date(2027, 2, 1))
    save(assessment, assessment.lead, {"pensions.list": promised})
    again = plan_of(Assessment.objects.get(pk=assessment.pk))
    entry = again.entry("find-out:pensions.list")
    assert entry is not None

    page = str(ActionForm(entry=entry)["owner"]) + "".join(
        getattr(part, "hint", None) or "" for part in ActionForm(entry=entry).helper.layout.fields
    )

    assert "Usually: Sam" in page
    assert "The answer promises it by 1 February 2027." in page


# Filters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", NO_FILTERS),
        ("barrier=pensions", Filters(barrier="pensions")),
        ("barrier=tendering", NO_FILTERS),
        ("progress=closed&overdue=on", Filters(progress="closed", overdue=True)),
        ("progress=dream&owner=Payroll+lead", Filters(owner="Payroll lead")),
        ("barrier=pensions&barrier=gone", NO_FILTERS),
        ("owner=%00&csrfmiddlewaretoken=x", NO_FILTERS),
    ],
)
def test_filters(plan: Plan, query: str, expected: Filters) -> None:
    assert FilterForm(QueryDict(query), plan=plan, address="/").filters() == expected
