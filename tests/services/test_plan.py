"""What people agree about actions, and how the plan keeps in step with the answers."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment, PlanItem, User
from assessments.models.answer import EMPTY, Content
from assessments.models.plan import Agreement
from assessments.selectors.plan import Plan, plan_of
from assessments.services import assessments
from assessments.services.plan import ActionNotInPlan, Conflict, Filled, agree, fill, working_day
from tests.factories import level, make_assessment, save

PlanItemEvent = PlanItem.pgh_event_model  # type: ignore[attr-defined]

LIST = "pensions.list"
MAKE = "pensions.make-the-list"
ASK = "pensions.ask-the-fund"
JANE = Agreement(progress="doing", owner="Jane Doe, payroll", due_on=dt.date(2027, 5, 3))


@pytest.fixture
def assessment(alice: User, small_edition: Catalogue) -> Assessment:
    """The list of members is missing; nothing else is said."""
    made = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)
    save(made, alice, {LIST: level(0)})
    return made


def proved(number: int) -> Content:
    return level(number, evidence="E3", evidence_date=timezone.localdate())


def said(assessment: Assessment, agreement: Agreement, *, version: int = 0, by: User | None = None) -> Any:
    return agree(assessment=assessment, by=by or assessment.lead, action=MAKE, version=version, agreement=agreement)


def events() -> list[tuple[int, bool, str]]:
    return list(PlanItemEvent.objects.order_by("pgh_id").values_list("version", "called_for", "progress"))


# Agreeing ------------------------------------------------------------------------------------------------------


def test_first_agreement(assessment: Assessment) -> None:
    outcome = said(assessment, JANE)

    row = PlanItem.objects.get()
    assert outcome == JANE == row.agreement
    assert (row.action, row.version, row.called_for, row.changed_by) == (MAKE, 1, True, assessment.lead)


def test_nothing_said_leaves_no_row(assessment: Assessment) -> None:
    said(assessment, Agreement())

    assert not PlanItem.objects.exists()


def test_same_again_leaves_the_row(assessment: Assessment) -> None:
    said(assessment, JANE)

    said(assessment, JANE, version=1)

    assert events() == [(1, True, "doing")]


def test_second_agreement(assessment: Assessment, bob: User) -> None:
    said(assessment, JANE)

    said(assessment, Agreement(progress="done"), version=1, by=bob)

    row = PlanItem.objects.get()
    assert (row.agreement, row.version, row.changed_by) == (Agreement(progress="done"), 2, bob)
    assert events() == [(1, True, "doing"), (2, True, "done")]


@pytest.mark.parametrize("action", ["", "pensions.gone", ASK, "prove:pensions.list"])
def test_action_that_is_not_in_the_plan(assessment: Assessment, action: str) -> None:
    with pytest.raises(ActionNotInPlan):
        agree(assessment=assessment, by=assessment.lead, action=action, version=0, agreement=JANE)

    assert not PlanItem.objects.exists()


def test_refusal_without_a_reason(assessment: Assessment) -> None:
    with pytest.raises(IntegrityError, match="refusal_has_reason"), transaction.atomic():
        said(assessment, Agreement(progress="will_not_do"))


def test_start_after_due(assessment: Assessment) -> None:
    with pytest.raises(IntegrityError, match="starts_before_due"), transaction.atomic():
        said(assessment, Agreement(starts_on=dt.date(2027, 2, 2), due_on=dt.date(2027, 2, 1)))


def test_agreement_changes_no_answer_and_no_result(assessment: Assessment) -> None:
    before = Assessment.objects.values("result", "fingerprint", "changed_at").get()

    said(assessment, Agreement(progress="done"))

    assert Assessment.objects.values("result", "fingerprint", "changed_at").get() == before


# Two people ----------------------------------------------------------------------------------------------------


def test_stale_page(assessment: Assessment, bob: User) -> None:
    said(assessment, JANE, by=bob)

    outcome = said(assessment, Agreement(owner="Sam"), version=0)

    assert isinstance(outcome, Conflict)
    assert (outcome.version, outcome.theirs, outcome.theirs_by) == (1, JANE, bob)
    assert outcome.mine == Agreement(owner="Sam")
    assert PlanItem.objects.get().agreement == JANE


def test_stale_page_that_nobody_touched(assessment: Assessment, bob: User) -> None:
    """Its person only looked: what Bob agreed stands, and there is nothing to choose."""
    said(assessment, Agreement(owner="Sam"))
    said(assessment, JANE, version=1, by=bob)

    outcome = said(assessment, Agreement(owner="Sam"), version=1)

    assert outcome == JANE == PlanItem.objects.get().agreement


def test_stale_page_that_says_the_same(assessment: Assessment, bob: User) -> None:
    said(assessment, JANE, by=bob)

    assert said(assessment, JANE, version=0) == JANE


def test_choice_after_a_conflict(assessment: Assessment, bob: User) -> None:
    said(assessment, JANE, by=bob)
    conflict = said(assessment, Agreement(owner="Sam"), version=0)

    said(assessment, conflict.mine, version=conflict.version)

    assert PlanItem.objects.get().agreement == Agreement(owner="Sam")
    assert [version for version, *_rest in events()] == [1, 2]


@pytest.mark.parametrize("version", [-1, 7])
def test_version_that_never_was(assessment: Assessment, version: int) -> None:
    said(assessment, JANE)

    assert isinstance(said(assessment, Agreement(owner="Sam"), version=version), Conflict)


def test_gap_that_closes_meanwhile_makes_no_conflict(assessment: Assessment) -> None:
    """The answers are no second person: the page was filled from the same agreement."""
    said(assessment, JANE)
    save(assessment, assessment.lead, {LIST: proved(4)})

    outcome = said(assessment, Agreement(progress="done", owner=JANE.owner), version=1)

    assert outcome == PlanItem.objects.get().agreement == Agreement(progress="done", owner=JANE.owner)


# In step with the answers --------------------------------------------------------------------------------------


def test_gap_that_closes(assessment: Assessment, bob: User) -> None:
    said(assessment, JANE)

    save(assessment, bob, {LIST: proved(4)})

    row = PlanItem.objects.get()
    assert (row.called_for, row.agreement, row.version) == (False, JANE, 1)
    # Who agreed it is still known; who answered stands in the answer's own history.
    assert row.changed_by == assessment.lead
    assert events() == [(1, True, "doing"), (1, False, "doing")]


def test_gap_that_opens_again(assessment: Assessment) -> None:
    said(assessment, JANE)
    save(assessment, assessment.lead, {LIST: proved(4)})

    save(assessment, assessment.lead, {LIST: proved(1)})

    row = PlanItem.objects.get()
    assert (row.called_for, row.agreement) == (True, JANE)
    assert [called_for for _version, called_for, _progress in events()] == [True, False, True]


def test_what_was_done_and_comes_back_is_open_again(assessment: Assessment) -> None:
    """Else the schedule would count on it."""
    said(assessment, replace(JANE, progress="done"))
    save(assessment, assessment.lead, {LIST: proved(4)})
    save(assessment, assessment.lead, {LIST: proved(0)})

    row = PlanItem.objects.get()
    assert (row.called_for, row.agreement, row.version) == (True, replace(JANE, progress="open"), 2)


def test_what_will_not_be_done_stays_so_when_it_comes_back(assessment: Assessment) -> None:
    refused = replace(JANE, progress="will_not_do", reason="Too dear")
    said(assessment, refused)
    save(assessment, assessment.lead, {LIST: proved(4)})
    save(assessment, assessment.lead, {LIST: proved(0)})

    assert PlanItem.objects.get().agreement == refused


def test_answer_that_only_lacks_proof_calls_for_another_action(assessment: Assessment) -> None:
    said(assessment, JANE)

    save(assessment, assessment.lead, {LIST: level(4)})

    assert PlanItem.objects.get().called_for is False
    proof = agree(assessment=assessment, by=assessment.lead, action=f"prove:{LIST}", version=0, agreement=JANE)
    assert proof == JANE


def test_other_decision_calls_for_other_actions(assessment: Assessment) -> None:
    save(assessment, assessment.lead, {LIST: proved(2)})
    said(assessment, JANE)

    assessments.change(assessment=assessment, by=assessment.lead, service_name="x", stage=Stage.MAKE_THE_CASE)

    assert PlanItem.objects.get().called_for is False


def test_rescore_keeps_the_plan_in_step(assessment: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proof ages: what it closed opens again, though nobody changed an answer."""
    save(assessment, assessment.lead, {LIST: level(3, evidence="E1")})
    agree(assessment=assessment, by=assessment.lead, action=f"prove:{LIST}", version=0, agreement=JANE)
    minuted = level(3, evidence="E2", evidence_date=timezone.localdate())
    save(assessment, assessment.lead, {LIST: minuted})
    closed = PlanItem.objects.get().called_for

    in_years = timezone.localdate() + dt.timedelta(days=3000)
    monkeypatch.setattr(assessments, "today", lambda: in_years)
    assessments.rescore(assessment=assessment)

    assert (closed, PlanItem.objects.get().called_for) == (False, True)


def test_other_assessments_are_left_alone(assessment: Assessment, alice: User) -> None:
    said(assessment, JANE)
    other = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)

    save(other, alice, {LIST: proved(4)})

    assert PlanItem.objects.get().called_for is True


@pytest.mark.parametrize(
    ("content", "verbs"),
    [(EMPTY, ["SELECT", "UPDATE"]), (level(0, note="More to say"), ["SELECT"]), (proved(4), ["SELECT", "UPDATE"])],
)
def test_save_writes_to_the_plan_only_what_changed(assessment: Assessment, content: Content, verbs: list[str]) -> None:
    said(assessment, JANE)

    with CaptureQueriesContext(connection) as queries:
        save(assessment, assessment.lead, {LIST: content})

    on_plan = [query["sql"] for query in queries.captured_queries if "assessments_planitem" in query["sql"]]
    assert [statement.split()[0] for statement in on_plan] == verbs


def test_save_that_fails_leaves_the_plan(assessment: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    said(assessment, JANE)

    def fail(*_given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(assessments, "keep_in_step", fail)
    with pytest.raises(RuntimeError):
        save(assessment, assessment.lead, {LIST: proved(4)})

    assert PlanItem.objects.get().called_for is True


# Filling in what is empty --------------------------------------------------------------------------------------


PEOPLE = {"Payroll lead": "Jane", "Finance lead": "Sam"}


def filled(assessment: Assessment, people: dict[str, str] | None = None, *, dated: bool = False) -> Filled:
    return fill(assessment=assessment, by=assessment.lead, people=people or {}, dated=dated)


def now(assessment: Assessment) -> Plan:
    return plan_of(Assessment.objects.get(pk=assessment.pk))


def agreements(assessment: Assessment) -> dict[str, Agreement]:
    return {row.action: row.agreement for row in PlanItem.objects.filter(assessment=assessment)}


def test_people_are_named_by_their_role(assessment: Assessment) -> None:
    outcome = filled(assessment, PEOPLE)

    assert outcome == Filled(named=1, dated=0)
    assert agreements(assessment) == {MAKE: Agreement(owner="Jane")}
    assert PlanItemEvent.objects.get().changed_by_id == assessment.lead.pk


def test_dates_are_those_of_the_schedule(assessment: Assessment) -> None:
    likely = {action: found.finish for action, found in now(assessment).schedule.actions.items()}

    outcome = filled(assessment, dated=True)

    dates = {action: agreed.due_on for action, agreed in agreements(assessment).items()}
    assert outcome == Filled(named=0, dated=len(likely))
    assert dates == {action: working_day(date) for action, date in likely.items()}


def test_dates_filled_in_are_not_too_early(assessment: Assessment) -> None:
    filled(assessment, dated=True)

    plan = now(assessment)
    assert (plan.schedule.due_too_early, plan.undated) == ((), ())


def test_what_is_agreed_stays(assessment: Assessment) -> None:
    said(assessment, JANE)

    outcome = filled(assessment, PEOPLE, dated=True)

    assert agreements(assessment)[MAKE] == JANE
    assert (outcome.named, PlanItem.objects.get(action=MAKE).version) == (0, 1)


@pytest.mark.parametrize("over", [Agreement(progress="done"), Agreement(progress="will_not_do", reason="Too late.")])
def test_what_is_over_gets_nobody_and_no_date(assessment: Assessment, over: Agreement) -> None:
    said(assessment, over)

    filled(assessment, PEOPLE, dated=True)

    assert agreements(assessment)[MAKE] == over


def test_a_date_promised_in_an_answer_is_a_date(assessment: Assessment) -> None:
    promise = timezone.localdate() + dt.timedelta(days=90)
    save(assessment, assessment.lead, {LIST: Content("dont_know", who_knows="HR", know_by=promise)})

    filled(assessment, {"HR": "Iris"}, dated=True)

    assert agreements(assessment)[f"find-out:{LIST}"] == Agreement(owner="Iris")


def test_filling_in_twice_changes_nothing(assessment: Assessment) -> None:
    filled(assessment, PEOPLE, dated=True)
    before = events()

    assert filled(assessment, {"Payroll lead": "Somebody else"}, dated=True) == Filled(0, 0)
    assert events() == before


@pytest.mark.parametrize(("day", "moved"), [(20, 20), (21, 23), (22, 23), (23, 23)])
def test_a_weekend_becomes_the_monday(day: int, moved: int) -> None:
    """20 November 2026 is a Friday."""
    assert working_day(dt.date(2026, 11, day)) == dt.date(2026, 11, moved)
