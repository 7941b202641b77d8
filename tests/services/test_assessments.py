"""What changes an assessment: who may overwrite whom, what is written, and that the result goes with it."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from assessments.catalogue.schema import Stage
from assessments.models import Answer, Assessment, User
from assessments.models.answer import EMPTY, Content, contents_of, plain_answers, stored_answers
from assessments.scoring.fingerprint import fingerprint
from assessments.scoring.score import score
from assessments.scoring.serialise import result_from_dict
from assessments.services import assessments
from assessments.services.assessments import Draft, save_answers
from tests.factories import answer_everything, fact, level, make_answer, make_assessment, save

RATE = "pensions.contribution-rate"
ONE, OTHER = "pensions.one", "pensions.other"


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


def rows_of(assessment: Assessment) -> dict[str, Answer]:
    return {row.item: row for row in Answer.objects.filter(assessment=assessment)}


def assert_result_is_fresh(assessment: Assessment) -> None:
    """The stored result is what scoring the stored answers gives."""
    stored = Assessment.objects.get(pk=assessment.pk)
    answers = plain_answers(
        stored.catalogue, stored.next_decision, timezone.localdate(), contents_of(stored_answers(stored))
    )
    result = score(stored.catalogue, answers)
    assert result_from_dict(stored.result) == result
    assert stored.colours["overall"] == [result.supported.worst.colour, result.supported.best.colour]
    assert stored.colours.keys() == {"overall", *(barrier.id for barrier in result.barriers)}
    assert stored.fingerprint == fingerprint(stored.catalogue.digest, answers)
    assert stored.scored_on == timezone.localdate()


def test_start(alice: User) -> None:
    started = make_assessment(alice, stage=Stage.EXPLORE)

    assert (started.lead, started.changed_by, started.stage) == (alice, alice, "explore")
    assert not rows_of(started)
    assert_result_is_fresh(started)


def test_change_keeps_answers(assessment: Assessment, bob: User) -> None:
    make_answer(assessment, RATE, level(3, evidence="E1"))

    assessments.change(assessment=assessment, by=bob, service_name="New", stage=Stage.EXPLORE)

    stored = Assessment.objects.get()
    assert (stored.service_name, stored.stage) == ("New", "explore")
    assert stored.changed_by == bob
    assert rows_of(assessment)[RATE].content == level(3, evidence="E1")
    assert_result_is_fresh(assessment)


def test_change_there_and_back(assessment: Assessment) -> None:
    answer_everything(assessment)
    before = Assessment.objects.get().result
    same: dict[str, Any] = {"by": assessment.lead, "service_name": "S"}

    assessments.change(assessment=assessment, stage=Stage.EXPLORE, **same)
    assessments.change(assessment=assessment, stage=Stage.PLAN, **same)

    assert Assessment.objects.get().result == before


def test_save_of_everything_that_is_asked(assessment: Assessment) -> None:
    assert answer_everything(assessment) > 60

    assert_result_is_fresh(assessment)


def test_save_writes_only_what_changed(assessment: Assessment, bob: User) -> None:
    save(assessment, assessment.lead, {ONE: level(1), OTHER: level(2)})
    untouched = rows_of(assessment)[OTHER]

    saved = save_answers(assessment=assessment, by=bob, drafts=[Draft(ONE, 1, level(3)), Draft(OTHER, 1, level(2))])

    rows = rows_of(assessment)
    assert saved.items == (ONE,)
    assert (rows[ONE].version, rows[ONE].level, rows[ONE].changed_by) == (2, 3, bob)
    assert (rows[OTHER].version, rows[OTHER].changed_by) == (1, assessment.lead)
    assert rows[OTHER].changed_at == untouched.changed_at
    assert_result_is_fresh(assessment)


def test_save_of_nothing_new(assessment: Assessment) -> None:
    save(assessment, assessment.lead, {ONE: level(1)})
    before = Assessment.objects.get().changed_at

    saved = save_answers(
        assessment=assessment, by=assessment.lead, drafts=[Draft(ONE, 1, level(1)), Draft(OTHER, 0, EMPTY)]
    )

    assert (saved.items, saved.conflicts) == ((), ())
    assert Assessment.objects.get().changed_at == before
    assert list(rows_of(assessment)) == [ONE]


def test_answer_taken_back(assessment: Assessment) -> None:
    make_answer(assessment, ONE, level(1))

    save(assessment, assessment.lead, {ONE: EMPTY})

    assert rows_of(assessment)[ONE].content == EMPTY
    assert rows_of(assessment)[ONE].version == 2


@pytest.mark.parametrize(
    "content",
    [
        level(0),
        fact(False),
        fact(0),
        fact(["a", "b"]),
        fact("1200.50"),
        Content("not_applicable", reason="We have none"),
        Content("dont_know", who_knows="HR", know_by=dt.date(2026, 12, 1)),
        Content(note="Only a note"),
    ],
)
def test_stored_content_is_what_was_given(assessment: Assessment, content: Content) -> None:
    assert make_answer(assessment, ONE, content).content == content


def test_saved_says_what_stood_before(assessment: Assessment) -> None:
    before = assessment.colours

    saved = save(assessment, assessment.lead, {RATE: level(4)})

    assert saved.before == before
    assert saved.assessment.colours == Assessment.objects.get().colours


# Two people ----------------------------------------------------------------------------------------------------


def test_same_item_changed_by_two(assessment: Assessment, bob: User) -> None:
    save(assessment, assessment.lead, {ONE: level(1, note="hers")})

    saved = save_answers(assessment=assessment, by=bob, drafts=[Draft(ONE, 0, level(4, note="his"))])

    assert saved.items == ()
    [conflict] = saved.conflicts
    assert (conflict.theirs, conflict.mine) == (level(1, note="hers"), level(4, note="his"))
    assert (conflict.theirs_by, conflict.version, conflict.item) == (assessment.lead, 1, ONE)
    assert rows_of(assessment)[ONE].content == level(1, note="hers")


def test_choice_of_ones_own_after_a_conflict(assessment: Assessment, bob: User) -> None:
    save(assessment, assessment.lead, {ONE: level(1)})
    [conflict] = save_answers(assessment=assessment, by=bob, drafts=[Draft(ONE, 0, level(4))]).conflicts

    saved = save_answers(assessment=assessment, by=bob, drafts=[Draft(ONE, conflict.version, level(4))])

    assert saved.items == (ONE,)
    assert (rows_of(assessment)[ONE].level, rows_of(assessment)[ONE].version) == (4, 2)


def test_conflict_beside_something_that_is_free(assessment: Assessment, bob: User) -> None:
    save(assessment, assessment.lead, {ONE: level(1)})

    saved = save_answers(assessment=assessment, by=bob, drafts=[Draft(ONE, 0, level(4)), Draft(OTHER, 0, level(2))])

    assert saved.items == (OTHER,)
    assert [conflict.item for conflict in saved.conflicts] == [ONE]
    assert rows_of(assessment)[OTHER].changed_by == bob
    assert_result_is_fresh(assessment)


def test_untouched_item_of_a_stale_page(assessment: Assessment, bob: User) -> None:
    save(assessment, assessment.lead, {ONE: level(1)})
    save(assessment, assessment.lead, {ONE: level(2)})

    saved = save_answers(assessment=assessment, by=bob, drafts=[Draft(ONE, 1, level(1)), Draft(OTHER, 0, level(3))])

    assert (saved.items, saved.conflicts) == ((OTHER,), ())
    assert rows_of(assessment)[ONE].level == 2


def test_untouched_blank_of_a_stale_page(assessment: Assessment, bob: User) -> None:
    save(assessment, assessment.lead, {ONE: level(1)})

    saved = save_answers(assessment=assessment, by=bob, drafts=[Draft(ONE, 0, EMPTY)])

    assert (saved.items, saved.conflicts) == ((), ())
    assert rows_of(assessment)[ONE].level == 1


def test_both_said_the_same(assessment: Assessment, bob: User) -> None:
    save(assessment, assessment.lead, {ONE: level(1)})

    saved = save_answers(assessment=assessment, by=bob, drafts=[Draft(ONE, 0, level(1))])

    assert (saved.items, saved.conflicts) == ((), ())
    assert rows_of(assessment)[ONE].version == 1


@pytest.mark.parametrize("version", [7, 10**12])
def test_version_that_never_was(assessment: Assessment, bob: User, version: int) -> None:
    save(assessment, assessment.lead, {ONE: level(1)})

    saved = save_answers(assessment=assessment, by=bob, drafts=[Draft(ONE, version, level(2))])

    assert saved.items == ()
    assert len(saved.conflicts) == 1


# Score again, and what goes wrong ------------------------------------------------------------------------------


def test_rescore_ages_evidence(assessment: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    save(assessment, assessment.lead, {RATE: level(3, evidence="E2", evidence_date=dt.date(2026, 9, 30))})
    before = Assessment.objects.get()
    later = dt.date(2029, 1, 1)
    monkeypatch.setattr(assessments, "today", lambda: later)

    assessments.rescore(assessment=assessment)

    stored = Assessment.objects.get()
    assert stored.scored_on == later
    assert stored.result["as_of"] == "2029-01-01"
    assert stored.changed_at == before.changed_at


def test_exception_while_scoring_leaves_nothing(assessment: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    save(assessment, assessment.lead, {ONE: level(1)})
    before = Assessment.objects.values().get()

    def fail(*_given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(assessments, "score", fail)
    with pytest.raises(RuntimeError):
        save(assessment, assessment.lead, {ONE: level(4), OTHER: level(4)})

    assert Assessment.objects.values().get() == before
    assert {item: row.level for item, row in rows_of(assessment).items()} == {ONE: 1}


def test_refusal_by_the_database_leaves_nothing(assessment: Assessment) -> None:
    with pytest.raises(DatabaseError):
        save(assessment, assessment.lead, {ONE: level(1), OTHER: level(9)})

    assert not rows_of(assessment)


def test_save_to_an_assessment_that_is_gone(assessment: Assessment) -> None:
    Assessment.objects.all().delete()

    with pytest.raises(Assessment.DoesNotExist):
        save_answers(assessment=assessment, by=assessment.lead, drafts=[Draft(ONE, 0, level(1))])


def test_gate_left_out_earlier_survives_a_save_where_it_cannot_be(alice: User) -> None:
    gate = "board-approval.commissioner-intends"
    assessment = make_assessment(alice, stage=Stage.MAKE_THE_CASE)
    left_out = Content("not_applicable", reason="We buy it ourselves.")
    save(assessment, alice, {gate: left_out})
    assessments.change(assessment=assessment, by=alice, service_name="Hubs", stage=Stage.PLAN)

    # The page at this stage offers no "not applicable", so an untouched one sends no choice and no reason.
    save(assessment, alice, {gate: Content(note="Asked again in May.")})

    stored = Answer.objects.get(assessment=assessment, item=gate).content
    assert stored == Content("not_applicable", reason="We buy it ourselves.", note="Asked again in May.")


def test_gate_left_out_earlier_gives_way_to_a_choice(alice: User) -> None:
    gate = "board-approval.commissioner-intends"
    assessment = make_assessment(alice, stage=Stage.PLAN)
    save(assessment, alice, {gate: Content("not_applicable", reason="We buy it ourselves.")})

    save(assessment, alice, {gate: Content("not_met")})

    assert Answer.objects.get(assessment=assessment, item=gate).content == Content("not_met")
