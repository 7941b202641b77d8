"""When each decision can be ready, counted by hand on a small catalogue, and what must hold for any."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.catalogue.schema import Action, Catalogue, Claim, EvidenceGrade, FactValue, Mark, Stage
from assessments.planning import schedule_words
from assessments.planning.actions import plan_actions
from assessments.planning.progress import NOTHING_AGREED, Agreed, AgreedPlan, Progress
from assessments.planning.schedule import days_of, schedule
from assessments.planning.schedule_serialise import schedule_to_dict
from assessments.planning.scheduled import Schedule
from assessments.scoring.answers import Answer, Answers, AnswerState
from assessments.scoring.score import score
from tests.scoring.strategies import AS_OF, FRESH, GRADES, make_barrier, make_catalogue, make_fact, make_question

E0, _, _, E3 = EvidenceGrade
PLAN, GO_LIVE = Stage.PLAN, Stage.GO_LIVE
FACTS = [make_fact("target-date", kind="date"), make_fact("go-live-date", kind="date")]


def make_action(action_id: str, weeks: tuple[int, int], *after: str) -> Action:
    return Action(
        id=action_id,
        title=action_id.removeprefix("a.").capitalize(),
        owner="Finance lead",
        weeks=weeks,
        weeks_basis=Claim(text="Planning estimate", mark=Mark.JUDGEMENT),
        after=after,
        done_when="It is done.",
    )


def catalogue_of(actions: list[Action], required: dict[str, dict[Stage, int]]) -> Catalogue:
    """One question "a.q-x" for each action "a.x"."""
    questions = [
        make_question(
            action.id.replace("a.", "a.q-"),
            required=required.get(action.id, dict.fromkeys(Stage, 2)),
            actions=[action.id],
        )
        for action in actions
    ]
    barrier = make_barrier("a", questions, [], []).model_copy(update={"actions": tuple(actions)})
    return make_catalogue([barrier], FACTS)


def at(level: int, grade: EvidenceGrade = E3) -> Answer:
    return Answer(AnswerState.ANSWERED, level=level, evidence=grade, evidence_date=FRESH)


# A list, then a survey and a report from it, then a case from both; signing is asked for to go live only.
ACTIONS = [
    make_action("a.list", (2, 4)),
    make_action("a.survey", (4, 6), "a.list"),
    make_action("a.report", (8, 12), "a.list"),
    make_action("a.case", (4, 4), "a.survey", "a.report"),
    make_action("a.sign", (1, 2), "a.case"),
]
CATALOGUE = catalogue_of(ACTIONS, {"a.sign": {GO_LIVE: 2}})


def dated(
    levels: dict[str, Answer] | None = None,
    agreed: AgreedPlan = NOTHING_AGREED,
    stage: Stage = PLAN,
    **facts: FactValue,
) -> Schedule:
    """Everything at level 1 where 2 is needed, but for what is given."""
    questions = {action.id.replace("a.", "a.q-"): at(1) for action in ACTIONS} | (levels or {})
    profile = {fact.replace("_", "-"): value for fact, value in facts.items()}
    return schedule(CATALOGUE, Answers(stage, AS_OF, profile, questions), agreed)


def week(number: int) -> dt.date:
    return AS_OF + dt.timedelta(weeks=number)


def agreed(progress: Progress, **given: str | dt.date) -> Agreed:
    return replace(Agreed(progress), **given)  # type: ignore[arg-type]


def due(date: dt.date) -> Agreed:
    return Agreed(due_on=date)


# Dates by hand ----------------------------------------------------------------------------------------------


def test_each_stage_has_its_range() -> None:
    plan, go_live = dated().stages

    assert (plan.stage, plan.earliest, plan.likely, plan.latest) == (PLAN, week(14), week(17), week(20))
    assert (go_live.earliest, go_live.latest) == (week(15), week(22))
    assert go_live.likely == week(18) + dt.timedelta(days=4)


def test_half_a_week_rounds_up_to_a_day() -> None:
    assert days_of((1, 2)) == (7, 11, 14)


def test_each_action_has_its_dates() -> None:
    survey = dated().actions["a.survey"]

    assert (survey.start, survey.finish) == (week(3), week(8))
    assert (survey.earliest_finish, survey.latest_finish) == (week(6), week(10))
    assert (survey.slack_weeks, survey.critical, survey.stage, survey.after) == (5, False, PLAN, ("a.list",))


def test_the_chain_that_decides() -> None:
    plan, go_live = dated().stages

    assert [step.id for step in plan.chain] == ["a.list", "a.report", "a.case"]
    assert plan.critical == ("a.list", "a.report", "a.case")
    assert [step.id for step in go_live.chain] == ["a.list", "a.report", "a.case", "a.sign"]
    assert go_live.needed == ("a.list", "a.survey", "a.report", "a.case", "a.sign")


def test_slack_is_counted_for_each_stage() -> None:
    """At this stage nothing waits for the survey; to go live, the case does."""
    catalogue = catalogue_of(ACTIONS, {"a.case": {GO_LIVE: 2}, "a.report": {GO_LIVE: 2}, "a.sign": {GO_LIVE: 2}})
    questions = {action.id.replace("a.", "a.q-"): at(1) for action in ACTIONS}
    found = schedule(catalogue, Answers(PLAN, AS_OF, {}, questions))

    assert found.stage(PLAN).slack_weeks == {"a.list": 0, "a.survey": 0}
    assert found.stage(GO_LIVE).slack_weeks["a.survey"] == 5
    assert (found.actions["a.survey"].critical, found.actions["a.survey"].slack_weeks) == (True, 0)


def test_what_an_earlier_stage_takes_as_done_is_not_waited_for_again() -> None:
    """The list is good enough to plan with; to go live it must be better, but the survey rests on it as it is."""
    catalogue = catalogue_of(ACTIONS[:2], {"a.list": {PLAN: 1, GO_LIVE: 3}, "a.survey": dict.fromkeys(Stage, 2)})
    found = schedule(catalogue, Answers(PLAN, AS_OF, {}, {"a.q-list": at(1), "a.q-survey": at(1)}))

    assert (found.actions["a.survey"].start, found.actions["a.survey"].finish) == (week(0), week(5))
    assert (found.actions["a.list"].stage, found.actions["a.list"].finish) == (GO_LIVE, week(3))
    assert found.stage(GO_LIVE).likely == week(5)


DONE = {"a.q-" + name: at(2) for name in ("list", "survey", "report", "case", "sign")}


def test_nothing_open_is_reached_now() -> None:
    plan, go_live = dated(DONE).stages

    assert (plan.reached, plan.likely, plan.chain, plan.needed) == (True, AS_OF, (), ())
    assert plan.sentences == (
        "Reached now: nothing is left to do for this decision; no date is given for this decision.",
    )
    assert go_live.reached


def test_what_has_no_weeks_takes_those_of_the_convention() -> None:
    found = dated(
        {
            "a.q-list": at(4, E0),
            "a.q-survey": Answer(AnswerState.DONT_KNOW),
            "a.q-report": Answer(AnswerState.NOT_ANSWERED),
        }
    )

    assert found.actions["prove:a.q-list"].weeks == (1, 4)
    assert found.actions["find-out:a.q-survey"].weeks == (1, 2)
    assert found.actions["finish:a"].weeks == (1, 2)
    assert found.stage(PLAN).missing_answers == 2


def test_what_is_not_answered_may_not_be_done_yet() -> None:
    """Then the report, ten weeks, comes before the case, four, and signing, a week and a half."""
    found = dated({"a.q-survey": Answer(AnswerState.DONT_KNOW), "a.q-report": Answer(AnswerState.NOT_ANSWERED)})
    plan, go_live = found.stages

    # The list is known to be missing: it takes three weeks, and the case four once the rest is said to be there.
    assert (plan.likely, plan.if_undone) == (week(7), week(17))
    assert go_live.if_undone == week(18) + dt.timedelta(days=4)
    assert "Two answers are missing or not known. If nothing of that is done yet, March 2027 is more likely." in (
        plan.sentences
    )
    assert plan.sentences[0] == (
        "At the earliest January 2027, but March 2027 if nothing of the two missing answers is done yet;"
        " no date is given for this decision."
    )


def test_wanted_date_that_rests_on_what_is_not_answered() -> None:
    unknown = {"a.q-survey": Answer(AnswerState.DONT_KNOW), "a.q-report": Answer(AnswerState.NOT_ANSWERED)}

    assert (
        dated(unknown, target_date=week(10))
        .stage(PLAN)
        .sentences[0]
        .endswith("; your target of 30 January 2027 can be met only if enough is done already.")
    )


def test_date_stays_where_what_is_not_answered_holds_nothing_up() -> None:
    plan = dated({"a.q-survey": Answer(AnswerState.DONT_KNOW)}).stage(PLAN)

    assert (plan.likely, plan.if_undone) == (week(17), week(17))
    assert "One answer is missing or not known. Even if nothing of that is done yet, the likely date stays." in (
        plan.sentences
    )


def test_nothing_is_said_of_what_is_answered() -> None:
    assert [stage.if_undone for stage in dated().stages] == [None, None]


def test_dates_do_not_leave_the_calendar() -> None:
    questions = {action.id.replace("a.", "a.q-"): at(1) for action in ACTIONS}
    late = schedule(CATALOGUE, Answers(PLAN, dt.date(9999, 12, 1), {}, questions))

    assert late.stage(GO_LIVE).latest == dt.date.max


def test_given_result_and_actions_change_nothing() -> None:
    questions = {action.id.replace("a.", "a.q-"): at(1) for action in ACTIONS}
    answers = Answers(PLAN, AS_OF, {}, questions)
    result = score(CATALOGUE, answers)
    actions = plan_actions(CATALOGUE, result, answers)

    assert schedule(CATALOGUE, answers, result=result, actions=actions) == schedule(CATALOGUE, answers)
    assert schedule(CATALOGUE, answers, result=result) == schedule(CATALOGUE, answers)


# What people agreed -----------------------------------------------------------------------------------------


def test_done_takes_no_time() -> None:
    found = dated(agreed={"a.report": agreed(Progress.DONE)})

    assert found.stage(PLAN).likely == week(12)
    assert [step.id for step in found.stage(PLAN).chain] == ["a.list", "a.survey", "a.case"]
    assert (found.stage(PLAN).done, list(found.closed)) == (("a.report",), ["a.report"])
    assert "a.report" not in found.actions
    assert "Marked done, but the answers do not show it yet: Report." in found.stage(PLAN).sentences


def test_what_waits_for_what_is_done_waits_for_what_that_waited_for() -> None:
    found = dated(agreed={"a.report": agreed(Progress.DONE), "a.survey": agreed(Progress.DONE)})

    assert found.actions["a.case"].after == ("a.list",)
    assert found.stage(PLAN).likely == week(7)


def test_doing_counts_from_its_start() -> None:
    found = dated(
        agreed={
            "a.list": agreed(Progress.DOING, starts_on=week(-2)),
            "a.report": agreed(Progress.DOING, starts_on=week(-30)),
        }
    )

    assert (found.actions["a.list"].start, found.actions["a.list"].finish) == (week(-2), week(1))
    assert found.actions["a.report"].finish == week(1)
    assert found.actions["a.report"].progress is Progress.DOING


def test_a_later_start_delays_and_is_named() -> None:
    found = dated(agreed={"a.survey": Agreed(starts_on=week(20))})

    assert (found.actions["a.survey"].start, found.stage(PLAN).likely) == (week(20), week(29))
    assert [step.id for step in found.stage(PLAN).chain] == ["a.survey", "a.case"]
    assert "The chain that decides it: Survey (from 10 April 2027, 4 to 6 weeks), then Case (4 weeks)." in (
        found.stage(PLAN).sentences
    )


def test_what_will_not_be_done_stays_missing() -> None:
    refused = agreed(Progress.WILL_NOT_DO, reason="No money.")
    found = dated(agreed={"a.report": refused})

    assert (found.stage(PLAN).likely, found.stage(PLAN).will_not_do) == (week(12), ("a.report",))
    assert not found.stage(PLAN).reached
    assert found.stage(GO_LIVE).will_not_do == ("a.report",)
    assert "Still missing, because it will not be done: Report." in found.stage(PLAN).sentences


def test_only_what_will_not_be_done_is_left() -> None:
    left = {"a.q-" + name: at(2) for name in ("list", "survey", "case", "sign")}
    [plan, _] = dated(left, {"a.report": agreed(Progress.WILL_NOT_DO, reason="No money.")}).stages

    assert (plan.likely, plan.reached) == (AS_OF, False)
    assert plan.sentences == (
        "Nothing else is left to do for this decision; no date is given for this decision.",
        "Still missing, because it will not be done: Report.",
    )


def test_the_agreed_owner_stands() -> None:
    found = dated(agreed={"a.list": Agreed(owner="Ada")})

    assert (found.actions["a.list"].owner, found.actions["a.survey"].owner) == ("Ada", "Finance lead")


def test_a_due_date_that_cannot_be_met_is_told() -> None:
    found = dated(agreed={"a.survey": Agreed(due_on=week(5)), "a.report": Agreed(due_on=week(10))})

    [survey] = found.due_too_early
    assert survey.action.id == "a.survey"
    assert schedule_words.due_too_early(survey) == (
        "Survey is due on 26 December 2026, but takes until 2 January 2027 at the shortest."
    )


def test_a_promised_date_for_finding_out_is_a_due_date() -> None:
    found = dated({"a.q-list": Answer(AnswerState.DONT_KNOW, know_by=AS_OF)})

    assert found.actions["find-out:a.q-list"].due == AS_OF
    assert found.actions["find-out:a.q-list"].due_too_early


def test_what_nothing_calls_for_plays_no_part() -> None:
    assert dated(agreed={"a.other": agreed(Progress.DOING, starts_on=week(50))}) == dated()


# Against the date wanted ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "spare", "said"),
    [
        (week(21), (7, 4, 1), "leaves 4 weeks of room, 1 week if everything takes its longest"),
        (week(20), (6, 3, 0), "leaves 3 weeks of room, none if everything takes its longest"),
        (week(17), (3, 0, -3), "leaves less than a week of room, but is missed by 3 weeks if everything takes its"),
        (week(15), (1, -2, -5), "would need 2 weeks less, and is met only if everything takes its shortest"),
        (week(4), (-10, -13, -16), "would need 13 weeks less, 10 weeks less even if everything takes its shortest"),
        (AS_OF, (-14, -17, -20), "would need 17 weeks less, 14 weeks less even if everything takes its shortest"),
        (AS_OF - dt.timedelta(days=1), (-15, -18, -21), "has passed"),
    ],
)
def test_weeks_early_or_late(wanted: dt.date, spare: tuple[int, int, int], said: str) -> None:
    plan, go_live = dated(target_date=wanted).stages

    assert (plan.wanted, plan.weeks_to_spare) == (wanted, spare)
    assert f"your target of {schedule_words.full(wanted)} {said}" in plan.sentences[0]
    assert go_live.sentences[0].endswith("; no date is given for this decision.")


def test_date_wanted_has_passed() -> None:
    plan, _ = dated(target_date=AS_OF - dt.timedelta(days=1)).stages
    [reached] = dated(DONE, stage=GO_LIVE, target_date=AS_OF - dt.timedelta(days=1)).stages
    today, _ = dated(target_date=AS_OF).stages

    assert plan.sentences[0].endswith("; your target of 20 November 2026 has passed.")
    assert reached.sentences[0].endswith("; your target of 20 November 2026 has passed.")
    assert "has passed" not in today.sentences[0]


def test_date_wanted_is_years_away() -> None:
    """Nobody counts in hundreds of weeks."""
    plan, _ = dated(target_date=dt.date(2045, 6, 30)).stages
    near, _ = dated(target_date=week(17 + 103)).stages

    assert plan.sentences[0].endswith("; your target of 30 June 2045 leaves about 18 years of room.")
    assert "leaves 103 weeks of room, 100 weeks if" in near.sentences[0]


def test_in_one_sentence() -> None:
    plan, go_live = dated(target_date=week(4), go_live_date=dt.date(2027, 9, 1)).stages

    assert plan.sentences == (
        "At the earliest February 2027, more likely March 2027, April 2027 if everything takes its longest; your"
        " target of 19 December 2026 would need 13 weeks less, 10 weeks less even if everything takes its shortest.",
        "The chain that decides it: List (2 to 4 weeks), then Report (8 to 12 weeks), then Case (4 weeks).",
    )
    assert go_live.sentences[0] == (
        "Likely March 2027, April 2027 if everything takes its longest; your go-live date of 1 September 2027 leaves"
        " 22 weeks of room, 18 weeks if everything takes its longest."
    )


def test_says_what_is_due_only_later() -> None:
    """The dates take no account of it: what is agreed for later than they say is named beside them."""
    plan, go_live = dated(agreed={"a.list": agreed(Progress.OPEN, due_on=week(60)), "a.case": due(week(17))}).stages

    [said] = [sentence for sentence in plan.sentences if "Due" in sentence]
    assert said == "Due only after the likely date: List (15 January 2028)."
    assert said in go_live.sentences


def test_few_days_later_is_not_later() -> None:
    """Weeks are all that the estimates know; and what ends on a Sunday is due on the Monday."""
    [plan, _] = dated(agreed={"a.case": due(week(17) + dt.timedelta(days=6))}).stages

    assert [sentence for sentence in plan.sentences if "Due" in sentence] == []


def test_all_in_one_month() -> None:
    left = {"a.q-" + name: at(2) for name in ("list", "survey", "report", "case")}
    go_live = dated(left).stage(GO_LIVE)

    assert go_live.sentences[0].startswith("At the earliest November 2026, more likely December 2026; ")
    assert dated(left | {"a.q-case": at(1)}).stage(PLAN).sentences[0].startswith("In December 2026; ")


def test_the_decision_to_go_live_has_its_own_date_or_that_of_going_live() -> None:
    [both] = dated(stage=GO_LIVE, target_date=week(30), go_live_date=week(40)).stages
    [one] = dated(stage=GO_LIVE, go_live_date=week(40)).stages

    assert (both.wanted, both.wanted_fact) == (week(30), "target-date")
    assert (one.wanted, one.wanted_fact) == (week(40), "go-live-date")


def test_the_longest_chains() -> None:
    catalogue = catalogue_of(
        [
            *ACTIONS,
            make_action("a.talks", (20, 36)),
            make_action("a.lease", (10, 12), "a.list"),
            make_action("a.note", (1, 1)),
        ],
        {},
    )
    questions = {item.id: at(1) for item in catalogue.barriers[0].levels}
    chains = schedule(catalogue, Answers(PLAN, AS_OF, {}, questions)).longest_chains

    assert [([step.id for step in chain.steps], chain.weeks) for chain in chains] == [
        (["a.talks"], (20, 36)),
        (["a.list", "a.report", "a.case", "a.sign"], (15, 22)),
        (["a.list", "a.lease"], (12, 16)),
    ]
    assert schedule_words.longest(chains[2]) == (
        "12 to 16 weeks, until about February 2027: List (2 to 4 weeks), then Lease (10 to 12 weeks)."
    )


# As JSON ----------------------------------------------------------------------------------------------------


def test_as_plain_data() -> None:
    plain = schedule_to_dict(dated(agreed={"a.survey": Agreed(due_on=week(5))}, target_date=week(21)))

    assert plain["stages"][0] | {"sentences": [], "chain": []} == {
        "stage": "plan",
        "reached": False,
        "earliest": "2027-02-27",
        "likely": "2027-03-20",
        "latest": "2027-04-10",
        "wanted": "2027-04-17",
        "weeks_to_spare": [7, 4, 1],
        "chain": [],
        "needed": ["a.list", "a.survey", "a.report", "a.case"],
        "slack_weeks": {"a.list": 0, "a.survey": 5, "a.report": 0, "a.case": 0},
        "critical": ["a.list", "a.report", "a.case"],
        "will_not_do": [],
        "done": [],
        "missing_answers": 0,
        "if_undone": None,
        "sentences": [],
    }
    assert plain["actions"]["a.survey"] == {
        "stage": "plan",
        "title": "Survey",
        "owner": "Finance lead",
        "progress": "open",
        "weeks": [4, 6],
        "after": ["a.list"],
        "start": "2026-12-12",
        "finish": "2027-01-16",
        "earliest_finish": "2027-01-02",
        "latest_finish": "2027-01-30",
        "slack_weeks": 5,
        "critical": False,
        "due": "2026-12-26",
        "due_too_early": True,
    }
    assert plain["due_too_early"] == ["a.survey"]
    assert plain["longest_chains"] == [
        {"weeks": [15, 22], "finish": "2027-03-31", "actions": ["a.list", "a.report", "a.case", "a.sign"]}
    ]


# Whatever is asked, answered and agreed ---------------------------------------------------------------------

NAMES = "bcdefg"


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Up to six actions; each waits for some before it in a drawn order, and is needed from some stage on."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(1, len(NAMES)))]
    actions = []
    for place, name in enumerate(names):
        fewest, more = draw(st.integers(0, 12)), draw(st.integers(0, 12))
        after = [f"a.{before}" for before in names[:place] if draw(st.booleans())]
        actions.append(make_action(f"a.{name}", (fewest, fewest + more), *after))
    required = {
        action.id: dict(zip(tuple(Stage)[first:], (2, 2, 3, 3)[first:], strict=True))
        for action in actions
        for first in [draw(st.integers(0, 3))]
    }
    return catalogue_of(actions, required)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Catalogue, Answers, dict[str, Agreed]]:
    catalogue = draw(catalogues())
    levels = st.builds(at, st.integers(0, 4), st.sampled_from(GRADES))
    questions = {
        item.id: draw(st.one_of(levels, st.just(Answer(AnswerState.DONT_KNOW))))
        for item in catalogue.barriers[0].levels
        if draw(st.integers(0, 9))
    }
    days = st.integers(-200, 200).map(lambda number: AS_OF + dt.timedelta(days=number))
    items = st.builds(Agreed, st.sampled_from(Progress), starts_on=st.none() | days, due_on=st.none() | days)
    plan = {action: draw(items) for action in catalogue.actions if draw(st.booleans())}
    return catalogue, Answers(draw(st.sampled_from(Stage)), AS_OF, {}, questions), plan


def at_most(found: Schedule, other: Schedule) -> bool:
    """No date of the first is later than in the second."""
    return all(
        (one.earliest, one.likely, one.latest) <= (two.earliest, two.likely, two.latest)
        and one.earliest <= two.earliest
        and one.likely <= two.likely
        and one.latest <= two.latest
        for one, two in zip(found.stages, other.stages, strict=True)
    )


@given(situations())
@settings(deadline=None)
def test_dates_are_in_order(situation: tuple[Catalogue, Answers, dict[str, Agreed]]) -> None:
    found = schedule(*situation)

    assert all(AS_OF <= stage.earliest <= stage.likely <= stage.latest for stage in found.stages)
    assert all(
        one.earliest <= two.earliest and one.likely <= two.likely and one.latest <= two.latest
        for one, two in pairwise(found.stages)
    )
    assert all(action.earliest_finish <= action.finish <= action.latest_finish for action in found.actions.values())


@given(situations())
@settings(deadline=None)
def test_no_action_starts_before_what_it_waits_for(
    situation: tuple[Catalogue, Answers, dict[str, Agreed]],
) -> None:
    actions = schedule(*situation).actions

    assert all(
        actions[before].finish <= (action.finish if action.progress is Progress.DOING else action.start)
        for action in actions.values()
        for before in action.after
    )


@given(situations())
@settings(deadline=None)
def test_the_chain_ends_when_the_stage_is_ready(situation: tuple[Catalogue, Answers, dict[str, Agreed]]) -> None:
    stages = schedule(*situation).stages

    assert all([step.finish for step in stage.chain][-1:] == [stage.likely] for stage in stages if stage.needed)
    assert all({step.id for step in stage.chain} <= set(stage.critical) for stage in stages)
    assert all(stage.slack_weeks[action] == 0 for stage in stages for action in stage.critical)


@given(situations(), st.data())
@settings(deadline=None)
def test_marking_an_action_done_makes_no_date_later(
    situation: tuple[Catalogue, Answers, dict[str, Agreed]], data: st.DataObject
) -> None:
    catalogue, answers, plan = situation
    done = data.draw(st.sampled_from(sorted(catalogue.actions)))

    assert at_most(
        schedule(catalogue, answers, {**plan, done: Agreed(Progress.DONE)}), schedule(catalogue, answers, plan)
    )


@given(situations(), st.data(), st.integers(1, 8))
@settings(deadline=None)
def test_a_longer_action_makes_no_date_earlier(
    situation: tuple[Catalogue, Answers, dict[str, Agreed]], data: st.DataObject, more: int
) -> None:
    catalogue, answers, plan = situation
    longer = data.draw(st.sampled_from(sorted(catalogue.actions)))
    [barrier] = catalogue.barriers
    actions = tuple(
        action.model_copy(update={"weeks": (action.weeks[0] + more, action.weeks[1] + more)})
        if action.id == longer
        else action
        for action in barrier.actions
    )
    slower = make_catalogue([barrier.model_copy(update={"actions": actions})], FACTS)

    assert at_most(schedule(catalogue, answers, plan), schedule(slower, answers, plan))


@given(situations())
@settings(deadline=None)
def test_order_changes_nothing_and_the_same_gives_the_same_bytes(
    situation: tuple[Catalogue, Answers, dict[str, Agreed]],
) -> None:
    catalogue, answers, plan = situation
    mixed = replace(answers, questions=dict(reversed([*answers.questions.items()])))
    one, other = (
        json.dumps(schedule_to_dict(found))
        for found in (schedule(catalogue, answers, plan), schedule(catalogue, mixed, dict(reversed(plan.items()))))
    )

    assert one == other
