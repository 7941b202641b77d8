"""The report's HTML: what stands in it, and how it is built."""

from functools import cache
from itertools import pairwise

import pytest

from assessments.catalogue.schema import Stage
from assessments.planning.actions import plan_actions
from assessments.reports.context import report_of
from assessments.reports.inputs import Given
from assessments.reports.readiness import html_for
from assessments.scoring.answers import AnswerState
from assessments.scoring.result import Colour, Range
from assessments.scoring.score import score
from assessments.scoring.sentences import span
from tests.reports.pages import Page
from tests.reports.samples import HOSTILE, SAMPLES, complete, empty, hostile, mixed

STAGES = list(Stage)


@cache
def html(name: str, *, screen: bool = False) -> str:
    sample = SAMPLES[name]()
    return html_for(sample, screen=screen, back="/assessments/1/")


def page_of(sample: Given) -> Page:
    return Page(html_for(sample))


every_sample = pytest.mark.parametrize("name", SAMPLES)
on_paper_and_screen = pytest.mark.parametrize("screen", [False, True])


@every_sample
@on_paper_and_screen
def test_html_has_one_h1_and_headings_in_order(name: str, screen: bool) -> None:
    ranks = [int(heading.tag[1]) for heading in Page(html(name, screen=screen)).all("h1", "h2", "h3", "h4")]

    assert ranks.count(1) == 1
    assert ranks[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(ranks))


@every_sample
def test_html_gives_every_header_of_a_table_its_scope(name: str) -> None:
    headers = Page(html(name)).all("th")

    assert headers
    assert {header.attributes.get("scope") for header in headers} <= {"col", "row"}


@every_sample
def test_html_gives_every_picture_its_words(name: str) -> None:
    page = Page(html(name))
    titles = [title for title in page.all("title") if "svg" in title.parents]

    assert len(page.all("svg")) == len(titles) >= 1
    assert titles[0].text.startswith("The barriers side by side.")
    assert all(len(title.text) > 40 for title in titles)
    assert titles[0].text in page.all("p")[-1].text or titles[0].text in page.text
    assert not page.all("img")


@every_sample
@on_paper_and_screen
def test_html_has_no_style_or_script_inside(name: str, screen: bool) -> None:
    page = Page(html(name, screen=screen))

    assert not page.all("style", "script", "iframe", "object", "embed", "form")
    assert not [one for one in page.elements if "style" in one.attributes]
    assert not [one for one in page.elements for key in one.attributes if key.startswith("on")]


@every_sample
def test_html_has_each_id_once_and_every_inner_link_leads_somewhere(name: str) -> None:
    page = Page(html(name))
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    inner = {one.attributes["href"][1:] for one in page.all("a") if one.attributes["href"].startswith("#")}

    assert len(ids) == len(set(ids))
    assert inner <= set(ids)


@pytest.mark.parametrize("stage", STAGES)
def test_html_tells_the_whole_result(stage: Stage) -> None:
    sample = mixed(stage)
    result = score(sample.catalogue, sample.answers)
    text = page_of(sample).text

    for barrier in result.barriers:
        for gate in barrier.gates:
            assert gate.title in text
        for question in barrier.questions:
            assert question.title in text
        told = barrier.supported
        for end in (told.worst,) if told.known else (told.worst, told.best):
            assert end.sentence in text
            unanswered = {gate.id for gate in barrier.gates if not gate.answered} | {
                one.id for one in barrier.questions if one.state is AnswerState.NOT_ANSWERED
            }
            assert all(trigger.text in text for trigger in end.triggers if trigger.id not in unanswered)
    assert result.supported.worst.sentence in text


@pytest.mark.parametrize("stage", STAGES)
def test_html_tells_every_action_with_its_owner_and_proof(stage: Stage) -> None:
    sample = mixed(stage)
    result = score(sample.catalogue, sample.answers)
    text = page_of(sample).text

    for action in plan_actions(sample.catalogue, result, sample.answers):
        assert action.title in text
        assert visible(action.owner) in text


def test_html_tells_every_answer_with_what_was_said_about_it() -> None:
    sample = mixed(Stage.PLAN)
    result = score(sample.catalogue, sample.answers)
    text = page_of(sample).text
    asked = [question for barrier in result.barriers for question in barrier.questions]

    for question in asked:
        answer = sample.answers.questions.get(question.id)
        item = sample.catalogue.question(question.id)
        if answer and answer.level is not None:
            assert item.levels[answer.level] in text  # type: ignore[union-attr]
        if answer:
            assert answer.note in text
            assert answer.reason in text
            assert answer.who_knows in text


def words(both: Range) -> str:
    if both.known:
        return both.worst.colour.word
    return f"Not yet known: between {both.worst.colour.word} and {both.best.colour.word}"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("make", [empty, mixed, complete])
def test_html_says_the_colour_with_its_stage_and_date(make: object, stage: Stage) -> None:
    sample: Given = make(stage)  # type: ignore[operator]
    result = score(sample.catalogue, sample.answers)
    page = page_of(sample)
    verdicts = [one.text for one in page.all("p") if "verdict" in one.attributes.get("class", "")]

    assert verdicts[0] == verdicts[1] == words(result.supported)
    assert verdicts[2:] == [words(barrier.supported) for barrier in result.barriers]
    assert f"Readiness for the next decision, {stage.title}, as of 21 November 2026." in page.text
    assert "Self-assessed, not reviewed" in page.text


def test_html_names_what_it_was_made_from() -> None:
    sample = mixed(Stage.PLAN)
    text = page_of(sample).text

    assert sample.catalogue.edition.edition in text
    assert sample.catalogue.digest in text


def test_html_marks_guidance_and_gives_every_source_its_year_and_check() -> None:
    sample = mixed(Stage.GO_LIVE)
    page, report = page_of(sample), report_of(sample)
    part = html_for(sample).partition('id="sources"')[2].partition("</section>")[0]
    told, listed = Page(f"<body>{part}</body>").text, Page(f"<body>{part}</body>").all("li")
    lines = report.sources.lines
    usual = {line.last_checked for line in lines if not line.own_check}
    guidance = [
        claim.text for item in sample.catalogue.items.values() for claim in item.claims if claim.mark.is_guidance
    ]

    assert len(listed) == len(lines) > 20
    assert all(line.year and line.year in one.text for line, one in zip(lines, listed, strict=True))
    assert usual == {report.sources.last_checked}
    assert f"last checked on {report.sources.last_checked}" in told
    assert all(line.own_check in one.text for line, one in zip(lines, listed, strict=True))
    assert any(f"Guidance: {claim}" in page.text for claim in guidance)
    assert not any(claim in page.text.replace(f"Guidance: {claim}", "") for claim in guidance)


def test_html_explains_the_terms_that_it_uses_and_no_others() -> None:
    sample = empty(Stage.EXPLORE)
    explained = html_for(sample).partition('id="glossary"')[2]

    assert "<strong>Hard gate.</strong>" in explained
    assert explained.count("<strong>") < len(sample.catalogue.glossary)


def test_html_has_no_index_as_a_headline() -> None:
    sample = mixed(Stage.PLAN)
    result = score(sample.catalogue, sample.answers)
    summary = html("go-live").partition('id="summary"')[2].partition("</section>")[0]

    assert "ndex" not in Page(f"<body>{summary}</body>").text
    assert span(result.index) not in Page(f"<body>{summary}</body>").text
    assert "per cent ready" not in page_of(sample).text


@pytest.mark.parametrize("colour", [Colour.GREEN, Colour.AMBER, Colour.RED])
def test_html_says_what_each_colour_means(colour: Colour) -> None:
    headers = [one.text for one in page_of(empty()).all("th")]

    assert colour.word in headers


# Hostile texts --------------------------------------------------------------------------------------------------


def visible(text: str) -> str:
    """As a reader sees it: without control characters, spaces run together."""
    return " ".join("".join(letter for letter in text if letter >= " " and letter not in "\x7f\x85").split())


@pytest.mark.parametrize("text", HOSTILE)
def test_html_prints_a_hostile_text_as_text(text: str) -> None:
    assert visible(text) in visible(Page(html("plan-hostile")).text)


def test_html_gets_no_element_from_a_text() -> None:
    bad = Page(html("plan-hostile"))
    ours = {
        "html",
        "head",
        "meta",
        "title",
        "body",
        "main",
        "div",
        "p",
        "h1",
        "h2",
        "h3",
        "span",
        "strong",
        "b",
        "nav",
    } | {
        *("ol", "ul", "li", "a", "section", "table", "thead", "tbody", "tr", "th", "td", "figure", "svg", "g", "path"),
        *("rect", "text", "em", "circle"),
    }

    assert {one.tag for one in bad.elements} <= ours
    assert not [one for one in bad.all("a") if not one.attributes["href"].startswith(("#", "https://", "http://"))]
    assert hostile().service.name in bad.all("title")[0].text


def test_html_holds_no_control_character() -> None:
    assert not [letter for letter in html("plan-hostile") if ord(letter) < 32 and letter not in "\n\t"]


# On the screen --------------------------------------------------------------------------------------------------


def test_html_for_the_screen_has_a_style_sheet_and_a_way_back() -> None:
    page = Page(html("explore", screen=True))

    assert [one.attributes["href"] for one in page.all("link")][-1].endswith("readiness.css")
    assert "/assessments/1/" in [one.attributes["href"] for one in page.all("a")]
    assert page.all("a")[0].attributes["href"] == "#report"
