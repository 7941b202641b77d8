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
from assessments.reports.firmness import in_words
from assessments.reports.inputs import Given
from assessments.reports.readiness import html_for
from assessments.scoring.answers import Answer, AnswerState, GateAnswer, GateState
from assessments.scoring.changes import Change
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

    for barrier in {change.barrier for change in found.way_up}:
        changes = [change for change in found.way_up if change.barrier == barrier]
        assert all(told in part("way-up", text).text for told in in_words(changes))
    for barrier, way in found.ways_up.items():
        assert all(told in part(f"barrier-{barrier}", text).text for told in in_words(way))


def changes_to(*titles: str, of: str = "Answer {} at level 2 or above, with proof.") -> list[Change]:
    return [Change("question", title.lower(), "pensions", title, None, 2, of.format(title)) for title in titles]


def test_few_changes_are_told_one_by_one() -> None:
    assert in_words(changes_to("Rate", "List")) == (
        "Answer Rate at level 2 or above, with proof.",
        "Answer List at level 2 or above, with proof.",
    )


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ("Answer {} at level 2 or above, with proof.", "Answer each of these at level 2 or above, with proof."),
        ("Clear the hard gate {}.", "Clear each of these hard gates."),
        ("Prove that the limiting gate {} is met.", "Prove that each of these limiting gates is met."),
    ],
)
def test_many_changes_of_one_kind_are_told_together(of: str, told: str) -> None:
    other = changes_to("Bond", of="Raise {} from level 1 to level 2, with proof.")

    assert in_words([*changes_to("Rate", "List", of=of), *other, *changes_to("Deficit", of=of)]) == (
        f"{told} They are: Rate; List; Deficit.",
        "Raise Bond from level 1 to level 2, with proof.",
    )


def test_barrier_names_what_has_no_answer_with_what_is_asked() -> None:
    given = empty(Stage.PLAN)
    text = html_for(given)

    for barrier in assessed(given.catalogue, given.answers).result.barriers:
        page = part(f"barrier-{barrier.id}", text)
        assert "Not answered yet" in page.text
        assert all(page.text.count(f"{gate.title} ({gate.strength} gate") == 1 for gate in barrier.gates)
        assert all(page.text.count(f"{one.title} (level {one.required}") == 1 for one in barrier.questions)
        assert not page.all("table")


def test_what_has_a_note_but_no_answer_stands_among_the_answers() -> None:
    given = empty(Stage.PLAN)
    question = assessed(given.catalogue, given.answers).result.barriers[0].questions[0]
    noted = {question.id: Answer(AnswerState.NOT_ANSWERED, note="The actuary is asked.")}
    page = part("barrier-pensions", html_for(replace(given, answers=replace(given.answers, questions=noted))))

    [row] = [one.text for one in page.all("tr") if question.title in one.text]
    assert "Not answered." in row
    assert "The actuary is asked." in row


def test_law_in_motion_tells_once_what_it_means_and_each_barrier_leads_there() -> None:
    report, text = report_of(full()), html()
    touched = {law.anchor for barrier in report.barriers for law in barrier.backing.law}

    assert touched == {law.anchor for law in report.law} != set()
    assert all(Page(f"<body>{text}</body>").text.count(law.effect) == 1 for law in report.law)
    assert all(f'href="#{anchor}"' in text for anchor in touched)


def test_sources_tell_once_what_holds_for_several() -> None:
    sources, page = report_of(full()).sources, part("sources", html())
    shared = dict(sources.notes)
    noted = [line for line in sources.lines if line.note]

    assert shared
    assert all(page.text.count(f"({letter}) {note}") == 1 for letter, note in shared.items())
    assert {line.note for line in noted}.isdisjoint(shared.values())
    assert all(any(line.note == f"({letter})" for line in noted) for letter in shared)
    assert all(line.note in one.text for line, one in zip(sources.lines, page.all("li"), strict=True))
    for letter, note in sources.notes:
        told = {line.title for line in noted if line.note == f"({letter})"}
        assert told <= {one.title for one in full().catalogue.sources if one.note == note}


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
    numbers = {str(source.number) for source in report.sources.lines}

    assert defaults
    assert all(row.basis or row.sources for row in defaults)
    assert all(number in numbers for row in defaults for number in row.sources.split(", ") if number)
    assert all(source.year and source.last_checked for source in report.sources.lines)


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
        str(source.number) for source in report.sources.lines
    }
