"""What-ifs are kept beside the record and never touch it."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from assessments.cashflow.stored import from_stored
from assessments.models import Answer, Assessment, CashFlow, User, WhatIf
from assessments.models.answer import Content as Given
from assessments.models.plan import Agreement
from assessments.planning.what_if import About, Tried
from assessments.scoring.result import Colour
from assessments.selectors.what_if import Choices, Record, WhatIfPage, record_of
from assessments.services import cash_flow, plan, what_ifs
from assessments.services.assessments import save_answers
from assessments.services.what_ifs import Content, NothingToTry
from tests.cashflow.examples import example
from tests.factories import answer_everything, level, make_assessment, make_what_if, save

RATE = "pensions.contribution-rate"
LOW_POINT = "working-capital.low-point-funding"
FINISH = "finish:pensions"


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


def record(assessment: Assessment) -> Record:
    return record_of(Assessment.objects.get(pk=assessment.pk))


def page(kept: WhatIf) -> WhatIfPage:
    return WhatIfPage(WhatIf.objects.get(pk=kept.pk), record(kept.assessment))


def with_figures(assessment: Assessment) -> None:
    cash_flow.save_cash_flow(assessment=assessment, by=assessment.lead, version=0, table=example("a")["cashflow"])


def everything_well(assessment: Assessment) -> None:
    answer_everything(assessment)
    proof: dict[str, Any] = {"evidence": "E3", "evidence_date": timezone.localdate()}
    given = {answer.item: answer for answer in assessment.answers.all()}
    gates = {item: Given("met", **proof) for item, answer in given.items() if answer.state == "met"}
    levels = {item: level(4, **proof) for item, answer in given.items() if answer.level is not None}
    save(assessment, assessment.lead, {**gates, **levels})


def everything_stored() -> dict[str, list[Any]]:
    """Every row of every table as text but for the what-ifs' own, so that nothing can change unseen."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names() if name != WhatIf._meta.db_table]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" AS t ORDER BY 1')  # noqa: S608  # names from the database
            found[table] = cursor.fetchall()
        return found


def test_record_is_as_it_was(assessment: Assessment, alice: User) -> None:
    """Rows, history, plan, figures and stored result, byte by byte, after every act and every look."""
    answer_everything(assessment)
    save(assessment, alice, {RATE: level(0)})
    with_figures(assessment)
    action = record(assessment).outcome(Tried()).before.actions[0].id
    plan.agree(assessment=assessment, by=alice, action=action, version=0, agreement=Agreement(owner="Jane Doe"))
    before = everything_stored()
    assert before["assessments_answerevent"]
    assert before["assessments_planitemevent"]

    now = record(assessment)
    content = Content(
        "All at once", [action, FINISH, "gone"], {RATE: 4, "gone": 2}, {"opening_cash": "1000", "mode": "advance"}
    )
    kept = what_ifs.make(record=now, by=alice, content=content)
    assert page(kept).anything_moved
    what_ifs.change(record=now, kept=kept, content=Content("Less", [], {RATE: 2}))
    what_ifs.set_answers(record=now, kept=kept, answers={RATE: 3})
    what_ifs.rename(kept=kept, name="Something else")
    assert page(kept).anything_moved
    page(what_ifs.try_way_up(record=now, by=alice))
    kept.delete()

    assert everything_stored() == before


def test_worked_out_again_on_the_record_as_it_is(assessment: Assessment, alice: User) -> None:
    kept = make_what_if(assessment, answers={RATE: 3})
    assert not page(kept).is_of_an_earlier_record

    save(assessment, alice, {RATE: level(1)})

    changed = page(kept)
    assert changed.is_of_an_earlier_record
    assert [line.rest for line in changed.answered] == ["from level 1 to level 3"]


def test_offered_as_the_calculator_leaves_it(assessment: Assessment) -> None:
    """The form says where things stand as the result does, and offers what the figures call for."""
    everything_well(assessment)
    with_figures(assessment)

    choices = Choices(record(assessment), Tried())

    hints = {offer.id: offer.hint for group in choices.items for offer in group.offers}
    assert hints[LOW_POINT].endswith(
        "level 4, supported at level 2. The cash flow speaks against more. Level 3 is needed."
    )
    offered = {offer.id for group in choices.actions for offer in group.offers}
    called_for = [action for action in record(assessment).outcome(Tried()).before.actions if LOW_POINT in action.closes]
    assert called_for
    assert {action.id for action in called_for} <= offered


def test_offered_where_it_does_not_apply(assessment: Assessment, alice: User) -> None:
    save(assessment, alice, {RATE: Given("not_applicable", reason="There is none.")})

    hints = {offer.id: offer.hint for group in Choices(record(assessment), Tried()).items for offer in group.offers}

    assert hints[RATE] == "Now: not applicable."


def test_answer_set_to_what_it_is(assessment: Assessment, alice: User) -> None:
    save(assessment, alice, {RATE: level(2, evidence="E3", evidence_date=timezone.localdate())})

    [line] = page(make_what_if(assessment, answers={RATE: 2})).answered

    assert line.rest == "level 2, as it is now"


def test_signed_off_since(assessment: Assessment) -> None:
    kept = make_what_if(assessment)

    Assessment.objects.filter(pk=assessment.pk).update(is_reviewed=True)

    assert record(assessment).stamp != kept.record


def test_saved_again_it_is_of_the_record_as_it_is(assessment: Assessment, alice: User) -> None:
    kept = make_what_if(assessment, answers={RATE: 3})
    save(assessment, alice, {RATE: level(1)})

    what_ifs.change(record=record(assessment), kept=kept, content=Content("Again", [], {RATE: 2}))

    assert not page(kept).is_of_an_earlier_record


@pytest.mark.parametrize("what", ["plan", "figures", "stage"])
def test_other_changes_of_the_record(assessment: Assessment, alice: User, what: str) -> None:
    kept = make_what_if(assessment)

    _CHANGES[what](assessment)

    assert page(kept).is_of_an_earlier_record


def _agree(assessment: Assessment) -> None:
    agreement = Agreement(due_on=dt.date(2027, 1, 1))
    plan.agree(assessment=assessment, by=assessment.lead, action=FINISH, version=0, agreement=agreement)


def _move_on(assessment: Assessment) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(stage="go-live")


_CHANGES: dict[str, Any] = {"plan": _agree, "figures": with_figures, "stage": _move_on}


def test_rename_is_no_new_save(assessment: Assessment, alice: User) -> None:
    kept = make_what_if(assessment)
    save(assessment, alice, {RATE: level(1)})

    what_ifs.rename(kept=kept, name="Another name")

    assert page(kept).is_of_an_earlier_record


def test_way_up_reaches_the_next_colour(assessment: Assessment, alice: User) -> None:
    kept = what_ifs.try_way_up(record=record(assessment), by=alice)

    found = page(kept)
    assert kept.name == "The shortest way up to Amber"
    assert found.whole.before.worst.colour is Colour.RED
    assert found.whole.after.worst.colour is Colour.AMBER


def test_way_up_with_figures_that_speak_against_it(assessment: Assessment, alice: User) -> None:
    answer_everything(assessment)
    with_figures(assessment)

    found = page(what_ifs.try_way_up(record=record(assessment), by=alice))

    assert found.whole.before.worst.colour.standing < found.whole.after.worst.colour.standing


def test_way_up_twice_is_one(assessment: Assessment, alice: User) -> None:
    first = what_ifs.try_way_up(record=record(assessment), by=alice)
    second = what_ifs.try_way_up(record=record(assessment), by=alice)

    assert first == second


def test_way_up_again_after_a_change(assessment: Assessment, alice: User) -> None:
    first = what_ifs.try_way_up(record=record(assessment), by=alice)
    save(assessment, alice, {RATE: level(1)})

    assert what_ifs.try_way_up(record=record(assessment), by=alice) != first


def test_way_up_of_what_is_green(assessment: Assessment, alice: User) -> None:
    everything_well(assessment)

    with pytest.raises(NothingToTry, match="no way up"):
        what_ifs.try_way_up(record=record(assessment), by=alice)


def test_do_now(assessment: Assessment, alice: User) -> None:
    kept = what_ifs.try_do_now(record=record(assessment), by=alice)

    found = page(kept)
    assert FINISH in kept.done
    assert {action.id for action in found.outcome.done} == set(kept.done)
    assert all(action.priority == "do-now" for action in found.outcome.done)


def test_nothing_to_do_now(assessment: Assessment, alice: User) -> None:
    everything_well(assessment)

    with pytest.raises(NothingToTry, match="Do now"):
        what_ifs.try_do_now(record=record(assessment), by=alice)


def test_answer_chosen_and_not_set_moves_nothing(assessment: Assessment) -> None:
    found = page(make_what_if(assessment, answers={RATE: None}))

    assert found.not_set_yet == 1
    assert not found.anything_moved


def test_what_is_stored_and_no_longer_makes_sense(assessment: Assessment) -> None:
    kept = make_what_if(
        assessment,
        done=["gone", FINISH, 3, None],
        answers={"gone": 2, RATE: 17, "pensions.scheme-told-in-time": "perhaps"},
        cash={"opening_cash": "much", "payment_days": 14},
    )

    found = page(kept)

    assert [line.title for line in found.done] == ["Finish answering: Pensions"]
    assert len(found.outcome.about(About.NOT_KNOWN, About.NO_FIGURES)) == 3


def test_figures_move(assessment: Assessment) -> None:
    with_figures(assessment)

    found = page(make_what_if(assessment, cash={"opening_cash": "100000"}))

    moved = {figure.title for figure in found.cash if figure.moved}
    assert "Lowest balance with the funding planned, within a month" in moved
    assert [(figure.title, figure.now, figure.then) for figure in found.figures] == [("Opening cash", "£0", "£100,000")]


def test_figures_that_are_kept_but_broken(assessment: Assessment) -> None:
    """As an older version might have kept them."""
    with_figures(assessment)
    CashFlow.objects.update(inputs={"months": 12})

    found = page(make_what_if(assessment, cash={"opening_cash": "100000"}))

    assert found.cash == ()
    assert len(found.left_out) == 1


def test_stored_table_is_the_one_read(assessment: Assessment) -> None:
    with_figures(assessment)

    assert record(assessment).table == from_stored(CashFlow.objects.get().inputs)


def test_saving_does_not_touch_another(assessment: Assessment, alice: User) -> None:
    one, other = make_what_if(assessment, name="One"), make_what_if(assessment, name="Other", answers={RATE: 1})

    what_ifs.change(record=record(assessment), kept=one, content=Content("One", [FINISH]))

    assert WhatIf.objects.get(pk=other.pk).answers == {RATE: 1}


def test_goes_with_its_assessment(assessment: Assessment) -> None:
    make_what_if(assessment)
    assessment.answers.all().delete()

    assessment.delete()

    assert not WhatIf.objects.exists()


def test_answers_saved_in_between_are_kept(assessment: Assessment, alice: User) -> None:
    """Somebody saves an answer while a what-if is open: both stand."""
    now = record(assessment)
    save_answers(assessment=assessment, by=alice, drafts=[])
    save(assessment, alice, {RATE: level(2)})

    what_ifs.make(record=now, by=alice, content=Content("Open at the time"))

    assert Answer.objects.get(item=RATE).level == 2
