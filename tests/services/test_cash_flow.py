"""Saving and deleting the figures of the calculator: versions, history, and what they do to the result."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.cashflow.reading import InputsError, read
from assessments.cashflow.stored import from_stored
from assessments.models import Assessment, CashFlow, User
from assessments.scoring.serialise import result_from_dict
from assessments.services.cash_flow import Conflict, Saved, delete_cash_flow, save_cash_flow
from tests.cashflow.examples import example, example_result
from tests.factories import level, make_answer, make_assessment

TABLE: dict[str, Any] = example("a")["cashflow"]
OTHER: dict[str, Any] = example("b")["cashflow"]


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


def save(assessment: Assessment, by: User, version: int = 0, table: dict[str, Any] = TABLE) -> Saved:
    saved = save_cash_flow(assessment=assessment, by=by, version=version, table=table)
    assert isinstance(saved, Saved)
    return saved


def events(assessment: Assessment) -> list[tuple[str, int, int]]:
    model = CashFlow.pgh_event_model  # type: ignore[attr-defined]
    found = model.objects.filter(assessment_id=assessment.pk).order_by("pgh_id")
    return list(found.values_list("pgh_label", "version", "changed_by"))


def test_save_stores_the_table_and_its_forecast(assessment: Assessment, alice: User) -> None:
    save(assessment, alice)

    kept = CashFlow.objects.get(assessment=assessment)
    assert (kept.version, kept.changed_by) == (1, alice)
    assert read(from_stored(kept.inputs)) == read(TABLE)
    assert kept.forecast == example_result("a")
    assert kept.inputs["income"][0]["monthly"] == "200000"


def test_save_rescores(assessment: Assessment, alice: User, bob: User) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(fingerprint="", result={})

    saved = save(assessment, bob)

    fresh = Assessment.objects.get(pk=assessment.pk)
    assert fresh.fingerprint
    assert fresh.result["overall"]
    assert fresh.changed_by == bob
    assert fresh.colours == saved.assessment.colours
    # Example A is short of money in payroll week: whatever is answered, money for the low point is not in place.
    assert (saved.before["working-capital"], fresh.colours["working-capital"]) == (["red", "green"], ["red", "amber"])


def test_stale_version_writes_nothing_and_shows_both(assessment: Assessment, alice: User, bob: User) -> None:
    save(assessment, alice)
    save(assessment, bob, version=1, table=OTHER)

    found = save_cash_flow(assessment=assessment, by=alice, version=1, table=TABLE)

    assert isinstance(found, Conflict)
    assert found.theirs is not None
    assert (found.theirs.changed_by, found.theirs.version) == (bob, 2)
    assert found.mine == TABLE
    assert read(from_stored(CashFlow.objects.get().inputs)) == read(OTHER)


@pytest.mark.parametrize("version", [-1, 1, 7])
def test_first_figures_come_from_a_page_without_any(assessment: Assessment, alice: User, version: int) -> None:
    found = save_cash_flow(assessment=assessment, by=alice, version=version, table=TABLE)

    assert found == Conflict(None, TABLE)
    assert not CashFlow.objects.exists()


def test_two_who_begin_at_once(assessment: Assessment, alice: User, bob: User) -> None:
    save(assessment, alice)

    assert isinstance(save_cash_flow(assessment=assessment, by=bob, version=0, table=OTHER), Conflict)


def test_what_cannot_be_worked_out_is_not_stored(assessment: Assessment, alice: User) -> None:
    with pytest.raises(InputsError):
        save_cash_flow(assessment=assessment, by=alice, version=0, table={**TABLE, "headcount": 0})

    assert not CashFlow.objects.exists()


def test_history_keeps_every_save_and_the_deletion(assessment: Assessment, alice: User, bob: User) -> None:
    save(assessment, alice)
    save(assessment, bob, version=1, table=OTHER)
    delete_cash_flow(assessment=assessment, by=bob, version=2)

    assert events(assessment) == [("insert", 1, alice.pk), ("update", 2, bob.pk), ("delete", 2, bob.pk)]


def test_delete_takes_the_figures_away(assessment: Assessment, alice: User) -> None:
    save(assessment, alice)

    done = delete_cash_flow(assessment=assessment, by=alice, version=1)

    assert isinstance(done, Assessment)
    assert not CashFlow.objects.exists()


def test_delete_does_not_overrule_a_later_save(assessment: Assessment, alice: User, bob: User) -> None:
    save(assessment, alice)
    save(assessment, bob, version=1)

    assert isinstance(delete_cash_flow(assessment=assessment, by=alice, version=1), Conflict)
    assert CashFlow.objects.get().version == 2


def test_delete_twice(assessment: Assessment, alice: User) -> None:
    assert isinstance(delete_cash_flow(assessment=assessment, by=alice, version=0), Assessment)


def test_a_failed_rescoring_leaves_nothing(
    assessment: Assessment, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("assessments.services.cash_flow.rescore", fail)
    with pytest.raises(RuntimeError):
        save_cash_flow(assessment=assessment, by=alice, version=0, table=TABLE)

    assert not CashFlow.objects.exists()


def cap_in(assessment: Assessment, question: str) -> dict[str, Any] | None:
    """What the stored result says of a cap on one question."""
    result = result_from_dict(Assessment.objects.get(pk=assessment.pk).result)
    found = next(each for barrier in result.barriers for each in barrier.questions if each.id == question)
    return None if found.cap is None else {"highest": found.cap.highest, "reason": found.cap.reason}


LOW_POINT = "working-capital.low-point-funding"


def test_figures_cap_answers_and_answers_saved_later(assessment: Assessment, alice: User) -> None:
    make_answer(assessment, LOW_POINT, level(4, evidence="E3", evidence_date=dt.date(2026, 11, 1)))
    assert cap_in(assessment, LOW_POINT) is None

    save(assessment, alice)
    expected = {"highest": 2, "reason": "with the money planned, the balance falls to -£112,000 within month 2"}
    assert cap_in(assessment, LOW_POINT) == expected

    make_answer(assessment, "working-capital.cash-forecast", level(3))
    assert cap_in(assessment, LOW_POINT) == expected

    delete_cash_flow(assessment=assessment, by=alice, version=1)
    assert cap_in(assessment, LOW_POINT) is None


def test_a_save_takes_few_queries(assessment: Assessment, alice: User) -> None:
    save(assessment, alice)
    with CaptureQueriesContext(connection) as queries:
        save(assessment, alice, version=1)

    reads = [query["sql"] for query in queries if 'FROM "assessments_cashflow"' in query["sql"]]
    # Once for its own row; once more where the result is scored.
    assert len(reads) <= 2
