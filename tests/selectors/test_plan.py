"""The plan worked out of rows: what is called for, with what is agreed, in its groups and with its history."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from assessments.cashflow.stored import to_stored
from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment, CashFlow, PlanItem, User
from assessments.models.answer import Content
from assessments.models.plan import Agreement
from assessments.planning.planned import Priority
from assessments.selectors.plan import Entry, Filters, Plan, plan_of
from assessments.selectors.plan_history import history
from assessments.selectors.schedule import SchedulePage
from assessments.services.plan import agree
from tests.cashflow.examples import example
from tests.factories import fact, level, make_assessment, save

LIST = "pensions.list"
MAKE = "pensions.make-the-list"
ASK = "pensions.ask-the-fund"
TODAY = timezone.localdate()


@pytest.fixture
def assessment(alice: User, small_edition: Catalogue) -> Assessment:
    made = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)
    save(made, alice, {"schemes": fact(["lgps"]), "pensions.access": Content("not_met"), LIST: level(0)})
    return made


def now(assessment: Assessment) -> Plan:
    return plan_of(Assessment.objects.get(pk=assessment.pk))


def agreed(assessment: Assessment, action: str = MAKE, by: User | None = None, **given: Any) -> None:
    row = PlanItem.objects.filter(assessment=assessment, action=action).first()
    version = row.version if row else 0
    agree(assessment=assessment, by=by or assessment.lead, action=action, version=version, agreement=Agreement(**given))


def entry(assessment: Assessment, action: str = MAKE) -> Entry:
    found = now(assessment).entry(action)
    assert found is not None
    return found


def close_the_gap(assessment: Assessment) -> None:
    save(assessment, assessment.lead, {LIST: level(4, evidence="E3", evidence_date=TODAY)})


def test_role_until_somebody_is_named(assessment: Assessment) -> None:
    before = entry(assessment)
    agreed(assessment, owner="Jane")
    after = entry(assessment)

    assert (before.owner, before.is_named) == ("Payroll lead", False)
    assert (after.owner, after.is_named) == ("Jane", True)


def test_promise_until_a_date_is_agreed(assessment: Assessment) -> None:
    promise, date = dt.date(2027, 2, 1), dt.date(2027, 3, 1)
    save(assessment, assessment.lead, {LIST: Content("dont_know", who_knows="HR", know_by=promise)})
    find = f"find-out:{LIST}"
    before = entry(assessment, find).due
    agreed(assessment, find, due_on=date)

    assert (before, entry(assessment, find).due) == (promise, date)


@pytest.mark.parametrize(
    ("progress", "days", "overdue"),
    [("open", -1, True), ("doing", -1, True), ("open", 0, False), ("open", 1, False), ("done", -1, False)],
)
def test_overdue(assessment: Assessment, progress: str, days: int, overdue: bool) -> None:
    agreed(assessment, progress=progress, due_on=TODAY + dt.timedelta(days=days))

    assert entry(assessment).is_overdue is overdue


def test_closed_is_never_overdue(assessment: Assessment) -> None:
    agreed(assessment, due_on=dt.date(2001, 1, 1))
    close_the_gap(assessment)

    assert entry(assessment).is_overdue is False


def test_what_waits_for_what(assessment: Assessment) -> None:
    agreed(assessment, progress="doing", owner="Jane")

    [before] = entry(assessment, ASK).waits_for
    [then] = entry(assessment).then
    assert (before.title, before.progress, before.owner) == ("Make the list", "Doing", "Jane")
    assert then.title == "Ask the fund"


@pytest.mark.parametrize("progress", ["done", "will_not_do"])
def test_nothing_waits_for_what_is_over(assessment: Assessment, progress: str) -> None:
    agreed(assessment, progress=progress, reason="Because")

    assert entry(assessment, ASK).waits_for == ()
    assert len(entry(assessment, ASK).before) == 1


def test_groups_by_priority_in_plan_order(assessment: Assessment) -> None:
    plan = now(assessment)

    groups = list(plan.groups())

    assert [group.priority for group in groups] == sorted(
        (group.priority for group in groups), key=list(Priority).index
    )
    assert [one.id for group in groups for one in group.entries] == [action.id for action in plan.actions]


def test_refused_and_closed_leave_the_groups(assessment: Assessment) -> None:
    agreed(assessment, ASK, progress="will_not_do", reason="No")
    agreed(assessment, owner="Jane")
    close_the_gap(assessment)

    plan = now(assessment)

    assert {ASK, MAKE}.isdisjoint(one.id for group in plan.groups() for one in group.entries)
    assert [one.id for one in plan.refused()] == [ASK]
    assert [one.id for one in plan.closed()] == [MAKE]
    assert (plan.counts.refused, plan.counts.closed) == (1, 1)


def test_done_by_a_person_stays_until_the_answers_show_it(assessment: Assessment) -> None:
    agreed(assessment, progress="done")
    seen = entry(assessment)
    close_the_gap(assessment)

    assert (seen.is_done_unseen, seen.state) == (True, "done")
    assert (entry(assessment).is_done_unseen, entry(assessment).state) == (False, "closed")


def test_day_of_closing_and_of_coming_back(assessment: Assessment) -> None:
    agreed(assessment, owner="Jane")
    close_the_gap(assessment)
    closed = entry(assessment)
    save(assessment, assessment.lead, {LIST: level(0)})
    back = entry(assessment)

    assert (closed.closed_on, closed.back_on) == (TODAY, None)
    assert (back.closed_on, back.back_on) == (None, TODAY)
    assert (back.owner, back.called_for) == ("Jane", True)


def test_never_closed_has_no_such_day(assessment: Assessment) -> None:
    agreed(assessment, owner="Jane")

    assert (entry(assessment).closed_on, entry(assessment).back_on) == (None, None)


def test_action_that_was_never_agreed_is_not_remembered(assessment: Assessment) -> None:
    close_the_gap(assessment)

    assert now(assessment).entry(MAKE) is None


def test_filters_are_combined(assessment: Assessment) -> None:
    agreed(assessment, progress="doing", owner="Jane")
    plan = now(assessment)

    both = [one.id for group in plan.groups(Filters(owner="Jane", progress="doing")) for one in group.entries]
    neither = list(plan.groups(Filters(owner="Jane", progress="open")))

    assert (both, neither) == ([MAKE], [])


def test_choices_are_those_that_occur(assessment: Assessment) -> None:
    agreed(assessment, owner="anna")

    plan = now(assessment)

    assert plan.owners == sorted(plan.owners, key=str.casefold)
    assert "anna" in plan.owners
    assert ("pensions", "Pensions") in plan.barriers


# History -------------------------------------------------------------------------------------------------------


def test_history_of_nothing(assessment: Assessment) -> None:
    assert history(assessment, MAKE) == []


def test_history_says_who_and_what(assessment: Assessment, bob: User) -> None:
    agreed(assessment, owner="Jane", due_on=dt.date(2027, 5, 3))
    agreed(assessment, owner="Jane", progress="doing", by=bob)

    second, first = history(assessment, MAKE)

    assert (first.who, second.who) == ("Alice Archer", "Bob Baker")
    assert [(one.what, one.was, one.now) for one in first.changes] == [
        ("Who does it", "", "Jane"),
        ("Due", "", "3 May 2027"),
    ]
    assert [(one.what, one.was, one.now) for one in second.changes] == [
        ("Progress", "Open", "Doing"),
        ("Due", "3 May 2027", ""),
    ]


def test_history_of_a_gap_is_not_ascribed_to_who_agreed(assessment: Assessment, bob: User) -> None:
    agreed(assessment, owner="Jane")
    save(assessment, bob, {LIST: level(4, evidence="E3", evidence_date=TODAY)})

    newest = history(assessment, MAKE)[0]

    assert (newest.who, newest.changes) == ("The answers", ())
    assert newest.said.startswith("Closed")


def test_history_of_who_is_gone(assessment: Assessment, bob: User) -> None:
    """Bob may be deleted once nothing stands that he changed last."""
    agreed(assessment, owner="Jane", by=bob)
    agreed(assessment, owner="Sam")
    bob.delete()

    assert history(assessment, MAKE)[-1].who == "Somebody whose account is gone"


# Who and when --------------------------------------------------------------------------------------------------


def test_entries_have_their_likely_dates(assessment: Assessment) -> None:
    make, ask = entry(assessment), entry(assessment, ASK)

    assert make.scheduled is not None
    assert ask.scheduled is not None
    assert TODAY == make.scheduled.start < make.scheduled.finish <= ask.scheduled.start
    assert ask.scheduled.critical


def test_what_is_over_has_no_dates(assessment: Assessment) -> None:
    agreed(assessment, progress="done")

    assert entry(assessment).scheduled is None


def test_due_before_it_can_be_finished(assessment: Assessment) -> None:
    agreed(assessment, due_on=TODAY + dt.timedelta(days=1))
    early = entry(assessment)
    agreed(assessment, due_on=TODAY - dt.timedelta(days=1))
    overdue = entry(assessment)

    assert (early.is_due_too_early, early.is_overdue) == (True, False)
    assert (overdue.is_due_too_early, overdue.is_overdue) == (False, True)


def test_unnamed_by_who_usually_does_it(assessment: Assessment) -> None:
    before = {role: [found.id for found in entries] for role, entries in now(assessment).unnamed.items()}
    agreed(assessment, owner="Jane")

    assert before["Payroll lead"] == [MAKE]
    assert "Payroll lead" not in now(assessment).unnamed


# The schedule --------------------------------------------------------------------------------------------------


def test_schedule_follows_what_is_agreed(assessment: Assessment) -> None:
    before = SchedulePage(now(assessment)).own.likely
    agreed(assessment, starts_on=TODAY + dt.timedelta(days=700), due_on=TODAY + dt.timedelta(days=800))
    after = SchedulePage(now(assessment)).own.likely

    assert after >= before + dt.timedelta(days=600)


def test_schedule_draws_the_decision_asked_for(alice: User) -> None:
    plan = now(make_assessment(alice, stage=Stage.EXPLORE))

    assert [SchedulePage(plan, stage).shown for stage in ("", "plan", "gone")] == [
        Stage.EXPLORE,
        Stage.PLAN,
        Stage.EXPLORE,
    ]


def test_schedule_reads_the_cash_flow(alice: User) -> None:
    """What its figures speak against is called for by the later decisions, as in the report."""
    assessment = make_assessment(alice, stage=Stage.MAKE_THE_CASE)
    question = "working-capital.low-point-funding"
    save(assessment, alice, {question: level(4, evidence="E3", evidence_date=TODAY)})
    before = closing(assessment, question)

    table = {**example("a")["cashflow"], "opening_cash": 0}
    unfunded = {key: value for key, value in table.items() if key not in ("loan", "grant")}
    CashFlow.objects.create(assessment=assessment, inputs=to_stored(unfunded), changed_by=alice)

    assert before == set()
    assert closing(assessment, question) != set()


def closing(assessment: Assessment, item: str) -> set[str]:
    """What must be done about the question before going live."""
    actions = SchedulePage(now(assessment)).schedule.actions.values()
    return {scheduled.action.id for scheduled in actions if item in scheduled.action.closes}
