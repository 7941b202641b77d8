"""The parts of the report on firmness, contradictions, money, open ways, plan and schedule: they tell what was worked
out, in tables whose every cell has its headers."""

from dataclasses import replace
from functools import cache

import pytest

from assessments.cashflow.typed import pounds
from assessments.catalogue.schema import EvidenceGrade, Rules, Stage
from assessments.planning.assessed import Assessed, assessed
from assessments.planning.progress import Progress
from assessments.reports.context import ReadinessReport, report_of
from assessments.reports.inputs import Given
from assessments.reports.readiness import html_for
from assessments.scoring.answers import Answer, AnswerState, GateAnswer, GateState
from tests.cashflow.examples import EXAMPLES, example
from tests.reports.pages import Page
from tests.reports.samples import DATED, complete, empty, mixed, with_money, with_plan


@cache
def full() -> Given:
    return with_plan(with_money(mixed(Stage.PLAN)))


@cache
def worked_out() -> Assessed:
    given = full()
    return assessed(given.catalogue, given.answers, cashflow=given.cashflow, agreed=given.agreed)


@cache
def html() -> str:
    return html_for(full())


def part(name: str, html_text: str) -> Page:
    inside = html_text.partition(f'id="{name}"')[2].partition("</section>")[0]
    return Page(f"<body><section>{inside}</section></body>")


def test_firmness_tells_every_way_it_was_tried() -> None:
    found, page = worked_out().stability, part("firm", html())

    assert found.sentence in page.text
    assert len(page.all("tr")) == 1 + 6
    for count in {*found.worst.counts.values(), *found.best.counts.values()}:
        assert f"{count:,}" in page.text


def test_contradictions_stand_with_what_mends_them_and_with_their_barriers() -> None:
    found, text = worked_out().result, html()
    page = part("contradictions", text)

    assert found.contradictions, "the sample has none to show"
    for one in found.contradictions:
        assert one.text in page.text
        assert one.mend in page.text
        for barrier in one.barriers:
            assert one.title in part(f"barrier-{barrier}", text).text


def test_way_up_of_the_whole_and_of_each_barrier() -> None:
    found, text = worked_out(), html()

    assert all(change.text in part("way-up", text).text for change in found.way_up)
    for barrier, changes in found.ways_up.items():
        assert all(change.text in part(f"barrier-{barrier}", text).text for change in changes)


def test_barriers_tell_their_confidence_with_its_reason() -> None:
    for barrier in worked_out().result.barriers:
        if barrier.confidence is not None:
            assert barrier.confidence.sentence in part(f"barrier-{barrier.id}", html()).text


def test_caps_of_the_calculator_are_explained_where_they_hold() -> None:
    found = worked_out()
    capped = [item for barrier in found.result.barriers for item in barrier.questions if item.cap]

    assert capped
    for item in capped:
        assert item.cap is not None
        assert item.cap.reason in part("money", html()).text
        assert item.cap.reason in part(f"barrier-{item.barrier}", html()).text


@pytest.mark.parametrize("name", EXAMPLES)
def test_money_tells_every_month_and_every_stress_case(name: str) -> None:
    given = with_money(mixed(Stage.PLAN), name)
    found = assessed(given.catalogue, given.answers, cashflow=given.cashflow)
    page = part("money", html_for(given))
    assert found.forecast is not None

    for month in found.forecast.months:
        for figure in (month.net, month.cumulative, month.within_month_low, month.funded_balance, month.funded_low):
            assert pounds(figure) in page.text
    for scenario in found.stresses.values():
        assert pounds(scenario.peak_within_month.amount) in page.text
    assert pounds(found.forecast.recommended_facility) in page.text
    assert "corporation tax" in page.text
    assert len(page.all("svg")) == 2


def test_money_says_of_each_default_what_it_rests_on() -> None:
    report: ReadinessReport = report_of(with_money(mixed(Stage.PLAN), "b"))
    assert report.money is not None
    defaults = [row for row in report.money.bases if row.is_default]
    numbers = {str(source.number) for source in report.sources}

    assert defaults
    assert all(row.basis or row.sources for row in defaults)
    assert all(number in numbers for row in defaults for number in row.sources.split(", ") if number)
    assert all(source.year and source.last_checked for source in report.sources)


def test_money_names_many_lines_by_their_number_only() -> None:
    table = example("a")["cashflow"]
    many = [{"name": f"Line {number}", "monthly": 10} for number in range(40)]
    given = Given(full().catalogue, full().answers, full().service, cashflow={**table, "cost": many})
    text = part("money", html_for(given)).text

    assert "Line 11" in text
    assert "Line 12" not in text
    assert "and 28 more lines" in text


def test_money_without_figures_says_so() -> None:
    page = part("money", html_for(mixed(Stage.PLAN)))

    assert "No cash-flow figures are given" in page.text
    assert page.all("svg", "table") == []


def test_open_ways_give_each_closed_cell_its_reason() -> None:
    found, page = worked_out().compatibility, part("open-ways", html())
    assert found is not None

    reasons = [one for one in page.all("li") if "ol" in one.parents]
    closed = [one.text for one in page.all("td") if "✕" in one.text]

    assert closed
    assert all("✕ Closed (" in text for text in closed)
    assert len(reasons) == len(found.exclusions)
    assert all(any(one.reason in reason.text for reason in reasons) for one in found.exclusions)
    assert all(len(row) <= 5 for row in rows_of(page))


def rows_of(page: Page) -> list[list[str]]:
    rows: list[list[str]] = []
    for one in page.all("tr", "th", "td"):
        if one.tag == "tr":
            rows.append([])
        else:
            rows[-1].append(one.text)
    return rows


def test_open_ways_tell_the_state_in_a_word_and_a_sign() -> None:
    tables = [cell for row in rows_of(part("open-ways", html())) for cell in row[1:] if cell[:1] in ("●", "✕", "?")]

    assert {cell.partition(" (")[0] for cell in tables} <= {
        "● Open",
        "✕ Closed",
        "? Not known yet",
    }


def test_plan_tells_who_how_far_and_when() -> None:
    found, given = worked_out(), full()
    plan = " ".join(part(name, html()).text for name in ("actions", "find-out", "contradictions"))

    assert "Jo Okafor, head of finance" in plan
    assert "Will not be done. The board wants none." in plan
    assert "Marked done, but the answers do not show it yet" in plan
    assert "Under way" in plan
    assert any(agreed.progress is Progress.DONE for agreed in given.agreed.values())
    assert "too early" in plan
    assert found.schedule.due_too_early


def test_schedule_tells_dates_chain_and_bars() -> None:
    found, page = worked_out().schedule, part("schedule", html())
    own = next(stage for stage in found.stages if stage.needed)

    assert all(stage.stage.title in page.text for stage in found.stages)
    assert all(step.title in page.text for step in own.chain)
    assert len(page.all("svg")) >= 1
    assert len([one for one in page.all("th") if one.attributes.get("scope") == "row"]) == len(found.stages) + len(
        own.needed
    )
    assert "Decides the date" in page.text


def test_schedule_cuts_a_long_drawing_between_bars() -> None:
    report = report_of(full())
    heights = [drawing.height for drawing in report.timing.drawings]

    assert len(heights) > 1
    assert max(heights) < 900
    assert sum(len(drawing.rows) for drawing in report.timing.drawings) == len(report.timing.lines)


def test_contradictions_say_so_where_there_are_none() -> None:
    assert "No two answers contradict each other." in part("contradictions", html_for(empty(Stage.PLAN))).text


def test_schedule_of_what_is_ready_draws_nothing() -> None:
    given = with_nothing_open()
    text = html_for(given)

    assert "Nothing is left to do for any decision." in part("schedule", text).text
    assert "Nothing falls short for this decision" in part("actions", text).text
    assert "No colour stands above the result" in part("way-up", text).text
    assert "Nothing is left to do for this decision." in part("summary", text).text
    assert 'id="open-ways"' not in text


def with_nothing_open() -> Given:
    """Every question at level 4 and every gate met, with proof, in an edition without rules across barriers."""
    given = complete(Stage.GO_LIVE)
    given = replace(given, catalogue=given.catalogue.model_copy(update={"rules": Rules()}))
    result = assessed(given.catalogue, given.answers).result
    proved = {"evidence": EvidenceGrade.E3, "evidence_date": DATED}
    gates = {gate.id: GateAnswer(GateState.MET, **proved) for part in result.barriers for gate in part.gates}  # type: ignore[arg-type]
    questions = {
        **given.answers.questions,
        **{
            one.id: Answer(AnswerState.ANSWERED, level=4, **proved)  # type: ignore[arg-type]
            for part in result.barriers
            for one in part.questions
        },
    }
    return replace(given, answers=replace(given.answers, gates=gates, questions=questions))


def test_every_source_number_in_the_text_stands_in_the_list() -> None:
    report = report_of(full())
    assert report.open_ways is not None
    assert report.money is not None
    told = [
        *(reason.sources for reason in report.open_ways.reasons),
        *(row.sources for row in report.money.bases),
        *(claim.numbers for one in report.contradictions for claim in one.claims),
        *(claim.numbers for cap in report.money.caps for claim in cap.claims),
    ]

    assert {number for numbers in told for number in numbers.split(", ") if number} <= {
        str(source.number) for source in report.sources
    }
