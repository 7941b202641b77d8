"""Second opinions: separate until given, counted when given, and what they do to the result."""

import datetime as dt
from typing import Any

import pytest

from assessments.catalogue.schema import Barrier, LevelQuestion
from assessments.models import Answer, Ask, Assessment, Opinion, Settlement, User
from assessments.models.answer import Content
from assessments.selectors.opinions import Comparison, comparison, content_of, rated_items, said_in
from assessments.selectors.workbook import workbook
from assessments.services.assessments import Draft
from assessments.services.opinions import (
    AlreadyAsked,
    OpinionClosed,
    StaleOpinion,
    ask_opinion,
    give,
    save_opinion,
    settle,
    take_back,
)
from tests.factories import answer_everything, fact, level, make_answer, make_assessment, make_member, make_user, save

COST, STRESS = "pensions.cost-in-model", "pensions.stress-test"
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def barrier(assessment: Assessment) -> Barrier:
    return assessment.catalogue.barrier("pensions")


@pytest.fixture
def people(assessment: Assessment, bob: User) -> list[User]:
    """Three of the organisation who have no part in the assessment."""
    people = [bob, make_user("dora@example.org", "Dora Dent"), make_user("eve@example.org", "Eve Ellis")]
    for person in people:
        make_member(assessment.service.organisation, person)
    return people


def ask_all(assessment: Assessment, people: list[User], barrier: Barrier) -> list[Opinion]:
    return [
        ask_opinion(assessment=assessment, by=assessment.lead, user=person, barrier=barrier, capacity=capacity)
        for person, capacity in zip(people, ("Finance", "HR", "Staff side"), strict=False)
    ]


def say(opinion: Opinion, **levels: int | str) -> Opinion:
    """Gives the opinion: a number is a level, a word a state."""
    return give(opinion=opinion, by=opinion.user, version=opinion.version, contents=contents(levels))


def contents(levels: dict[str, Any]) -> dict[str, Content]:
    named = {f"pensions.{name.replace('_', '-')}": said for name, said in levels.items()}
    return {item: level(said) if isinstance(said, int) else Content(said) for item, said in named.items()}


def waiting(kind: str) -> set[str]:
    return set(Ask.objects.filter(kind=kind, done_at=None).values_list("user__name", flat=True))


def fresh(assessment: Assessment) -> Assessment:
    return Assessment.objects.get(pk=assessment.pk)


# Asking -----------------------------------------------------------------------------------------------------------


def test_ask(assessment: Assessment, alice: User, bob: User, people: list[User], barrier: Barrier) -> None:
    opinion = ask_opinion(
        assessment=assessment, by=alice, user=bob, barrier=barrier, capacity="Finance", note="Please", due_on=FRIDAY
    )

    asked = Ask.objects.get(user=bob)
    assert (opinion.capacity, opinion.given_at, opinion.answers) == ("Finance", None, {})
    assert (asked.kind, asked.about, asked.note, asked.due_on) == ("opinion", "pensions", "Please", FRIDAY)


def test_ask_twice(assessment: Assessment, alice: User, people: list[User], barrier: Barrier) -> None:
    ask_all(assessment, people[:1], barrier)

    with pytest.raises(AlreadyAsked):
        ask_all(assessment, people[:1], barrier)


def test_take_back(assessment: Assessment, alice: User, people: list[User], barrier: Barrier) -> None:
    first, second, _third = ask_all(assessment, people, barrier)
    say(first, cost_in_model=1)
    say(second, cost_in_model=4)
    assert fresh(assessment).double_ratings == {"pensions": [1, 0]}

    take_back(opinion=first, by=alice)

    assert fresh(assessment).double_ratings == {}
    assert fresh(assessment).result["barriers"]["pensions"]["confidence"]["agreement"] == "not tested"


def test_take_back_what_is_not_given(assessment: Assessment, alice: User, people: list[User], barrier: Barrier) -> None:
    [opinion] = ask_all(assessment, people[:1], barrier)

    take_back(opinion=opinion, by=alice)

    assert waiting("opinion") == set()
    with pytest.raises(OpinionClosed):
        say(opinion, cost_in_model=1)


def test_ask_again_after_taking_back(assessment: Assessment, alice: User, people: list[User], barrier: Barrier) -> None:
    [opinion] = ask_all(assessment, people[:1], barrier)
    say(opinion, cost_in_model=1)
    take_back(opinion=opinion, by=alice)

    [again] = ask_all(assessment, people[:1], barrier)

    assert (again.answers, again.given_at) == ({}, None)


# Saving and giving ------------------------------------------------------------------------------------------------


def test_save_and_give(assessment: Assessment, people: list[User], barrier: Barrier) -> None:
    [opinion] = ask_all(assessment, people[:1], barrier)
    saved = save_opinion(opinion=opinion, by=opinion.user, version=0, contents={COST: level(3, note="Seen the draft")})
    assert (saved.given_at, waiting("opinion")) == (None, {"Bob Baker"})

    given = say(saved, stress_test=1)

    assert given.given_at is not None
    assert content_of(given, COST) == level(3, note="Seen the draft")
    assert content_of(given, STRESS) == level(1)
    assert waiting("opinion") == set()


def test_saving_tells_nothing_to_the_result(assessment: Assessment, people: list[User], barrier: Barrier) -> None:
    before = fresh(assessment).result
    for opinion in ask_all(assessment, people, barrier):
        save_opinion(opinion=opinion, by=opinion.user, version=0, contents={COST: level(3)})

    assert (fresh(assessment).result, fresh(assessment).double_ratings) == (before, {})


def test_save_from_an_old_window(assessment: Assessment, people: list[User], barrier: Barrier) -> None:
    [opinion] = ask_all(assessment, people[:1], barrier)
    save_opinion(opinion=opinion, by=opinion.user, version=0, contents={COST: level(3)})

    with pytest.raises(StaleOpinion) as stale:
        save_opinion(opinion=opinion, by=opinion.user, version=0, contents={COST: level(1)})

    opinion.refresh_from_db()
    assert (stale.value.version, content_of(opinion, COST).level) == (1, 3)


def test_given_is_fixed(assessment: Assessment, people: list[User], barrier: Barrier) -> None:
    [opinion] = ask_all(assessment, people[:1], barrier)
    given = say(opinion, cost_in_model=3)

    with pytest.raises(OpinionClosed):
        say(given, cost_in_model=1)

    given.refresh_from_db()
    assert content_of(given, COST).level == 3


# Counting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ([{"cost_in_model": 3}], {}),
        ([{"cost_in_model": 3}, {"cost_in_model": 3}], {"pensions": [1, 1]}),
        ([{"cost_in_model": 2}, {"cost_in_model": 3}], {"pensions": [1, 1]}),
        ([{"cost_in_model": 1}, {"cost_in_model": 3}], {"pensions": [1, 0]}),
        ([{"cost_in_model": 1}, {"cost_in_model": 2}, {"cost_in_model": 3}], {"pensions": [1, 0]}),
        ([{"cost_in_model": 2}, {"cost_in_model": 3}, {"cost_in_model": 3}], {"pensions": [1, 1]}),
        ([{"cost_in_model": 2}, {"stress_test": 3}], {}),
        ([{"cost_in_model": 2}, {"cost_in_model": "dont_know"}], {}),
        ([{"cost_in_model": 2}, {"cost_in_model": "not_answered"}], {}),
        ([{"cost_in_model": 0, "stress_test": 4}, {"cost_in_model": 1, "stress_test": 2}], {"pensions": [2, 1]}),
        ([{"scheme_told_in_time": "met"}, {"scheme_told_in_time": "not_met"}], {}),
    ],
)
def test_counts(
    assessment: Assessment,
    people: list[User],
    barrier: Barrier,
    said: list[dict[str, Any]],
    counts: dict[str, list[int]],
) -> None:
    for opinion, levels in zip(ask_all(assessment, people, barrier), said, strict=False):
        say(opinion, **levels)

    assert fresh(assessment).double_ratings == counts


@pytest.mark.parametrize(
    ("second", "word"),
    [({"cost_in_model": 3, "stress_test": 2}, "high"), ({"cost_in_model": 0, "stress_test": 2}, "low")],
    ids=["agree", "differ"],
)
def test_agreement_moves_confidence_and_no_colour(
    assessment: Assessment, people: list[User], barrier: Barrier, second: dict[str, int], word: str
) -> None:
    answer_everything(assessment)
    before = fresh(assessment)
    assert before.result["barriers"]["pensions"]["confidence"]["agreement"] == "not tested"
    one, two = ask_all(assessment, people[:2], barrier)
    say(one, cost_in_model=3, stress_test=3)
    say(two, **second)

    after = fresh(assessment)
    assert after.result["barriers"]["pensions"]["confidence"]["agreement"] == word
    assert after.colours == before.colours
    assert after.result["overall"] == before.result["overall"]
    assert after.fingerprint != before.fingerprint


def test_counts_survive_a_change_of_answers(assessment: Assessment, people: list[User], barrier: Barrier) -> None:
    for opinion in ask_all(assessment, people[:2], barrier):
        say(opinion, cost_in_model=3)

    make_answer(assessment, STRESS, level(1))

    assert fresh(assessment).result["barriers"]["pensions"]["confidence"]["agreement"] == "high"


# Side by side -----------------------------------------------------------------------------------------------------


def compared(assessment: Assessment, barrier: Barrier, *, with_main: bool = True) -> Comparison:
    return comparison(fresh(assessment), barrier, with_main=with_main)


def test_spread_with_the_main_answer(assessment: Assessment, people: list[User], barrier: Barrier) -> None:
    make_answer(assessment, COST, level(4))
    one, two, _three = ask_all(assessment, people, barrier)
    say(one, cost_in_model=3, stress_test=2)
    say(two, cost_in_model=1, stress_test=2)

    shown = compared(assessment, barrier)

    by_item = {found.item.id: found for found in shown.items}
    assert [voice.name for voice in by_item[COST].voices] == ["HR", "Finance", "The main answer"]
    assert (by_item[COST].spread, by_item[STRESS].spread) == ("3 levels apart", "All say the same")
    assert [found.item.id for found in shown.unsettled] == [COST]
    assert [opinion.user.name for opinion in shown.awaited] == ["Eve Ellis"]


def test_spread_without_the_main_answer(assessment: Assessment, people: list[User], barrier: Barrier) -> None:
    make_answer(assessment, COST, level(4))
    one, two = ask_all(assessment, people[:2], barrier)
    say(one, cost_in_model=3)
    say(two, cost_in_model=2)
    settle_on(assessment, barrier, 3)

    [found] = compared(assessment, barrier, with_main=False).items

    assert [voice.name for voice in found.voices] == ["HR", "Finance"]
    assert (found.spread, found.settlement) == ("1 level apart", None)


def test_who_has_not_given_is_not_among_the_voices(
    assessment: Assessment, people: list[User], barrier: Barrier
) -> None:
    one, two = ask_all(assessment, people[:2], barrier)
    say(one, cost_in_model=3)
    save_opinion(opinion=two, by=two.user, version=0, contents={COST: level(0)})

    [found] = compared(assessment, barrier).items

    assert [(voice.name, voice.content.level) for voice in found.voices] == [("Finance", 3)]


def test_question_that_is_asked_no_more_stays_readable(
    assessment: Assessment, people: list[User], barrier: Barrier
) -> None:
    book = workbook(assessment)
    switched = next(item for item in rated_items(barrier, book) if item.when and isinstance(item, LevelQuestion))
    [one] = ask_all(assessment, people[:1], barrier)
    given = give(opinion=one, by=one.user, version=0, contents={switched.id: level(2)})
    save(assessment, assessment.lead, {"pension-schemes": fact(["none"]), "sector": fact("council")})
    assert switched not in rated_items(barrier, workbook(fresh(assessment)))

    shown = compared(assessment, barrier)

    assert [found.item.id for found in shown.not_asked] == [switched.id]
    assert (shown.asked, shown.unsettled) == ([], [])
    assert [item.id for item, _content, _words in said_in(given, barrier)] == [switched.id]


# Settling ---------------------------------------------------------------------------------------------------------


def settle_on(assessment: Assessment, barrier: Barrier, now: int, item: str = COST) -> Any:
    row = Answer.objects.filter(assessment=assessment, item=item).first()
    return settle(
        assessment=assessment,
        by=assessment.lead,
        barrier=barrier,
        reason="The actuary's letter of May.",
        draft=Draft(item, row.version if row else 0, level(now)),
    )


@pytest.fixture
def differing(assessment: Assessment, people: list[User], barrier: Barrier) -> Assessment:
    make_answer(assessment, COST, level(4))
    one, two = ask_all(assessment, people[:2], barrier)
    say(one, cost_in_model=3, stress_test=2)
    assert waiting("settle") == set()
    say(two, cost_in_model=1, stress_test=4)
    return assessment


def test_lead_is_asked_when_all_have_given(differing: Assessment) -> None:
    assert waiting("settle") == {"Alice Archer"}


def test_lead_is_not_asked_where_all_agree(assessment: Assessment, people: list[User], barrier: Barrier) -> None:
    for opinion in ask_all(assessment, people[:2], barrier):
        say(opinion, cost_in_model=3)

    assert waiting("settle") == set()


def test_settle_changes_the_answer_with_its_history(differing: Assessment, barrier: Barrier, alice: User) -> None:
    before = fresh(differing)

    settle_on(differing, barrier, 1)

    row = Answer.objects.get(assessment=differing, item=COST)
    settlement = Settlement.objects.get(item=COST)
    assert (row.level, row.version, row.changed_by) == (1, 2, alice)
    assert (settlement.reason, settlement.changed_by) == ("The actuary's letter of May.", alice)
    assert fresh(differing).fingerprint != before.fingerprint
    assert fresh(differing).double_ratings == before.double_ratings


def test_settle_without_a_change(differing: Assessment, barrier: Barrier) -> None:
    settle_on(differing, barrier, 4)

    assert Answer.objects.get(assessment=differing, item=COST).version == 1
    assert [found.item.id for found in compared(differing, barrier).unsettled] == [STRESS]


def test_last_one_settled_closes_the_ask(differing: Assessment, barrier: Barrier) -> None:
    settle_on(differing, barrier, 1)
    assert waiting("settle") == {"Alice Archer"}

    settle_on(differing, barrier, 3, STRESS)

    assert waiting("settle") == set()


def test_settle_again_replaces_the_reason(differing: Assessment, barrier: Barrier) -> None:
    settle_on(differing, barrier, 1)
    settle_on(differing, barrier, 2)

    assert Settlement.objects.filter(item=COST).count() == 1
    assert Answer.objects.get(assessment=differing, item=COST).level == 2


def test_settle_over_somebody_s_change_settles_nothing(differing: Assessment, barrier: Barrier, alice: User) -> None:
    stale = Draft(COST, 1, level(2))
    make_answer(differing, COST, level(0))

    saved = settle(assessment=differing, by=alice, barrier=barrier, reason="Because", draft=stale)

    assert [conflict.theirs.level for conflict in saved.conflicts] == [0]
    assert not Settlement.objects.exists()
    assert Answer.objects.get(assessment=differing, item=COST).level == 0


def test_a_later_opinion_opens_what_was_settled(
    differing: Assessment, people: list[User], barrier: Barrier, alice: User
) -> None:
    settle_on(differing, barrier, 1)
    settle_on(differing, barrier, 3, STRESS)
    third = ask_opinion(assessment=differing, by=alice, user=people[2], barrier=barrier, capacity="Staff side")

    say(third, cost_in_model=0)

    assert [found.item.id for found in compared(differing, barrier).unsettled] == [COST]
    assert waiting("settle") == {"Alice Archer"}
