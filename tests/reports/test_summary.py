"""Page 2 of the PDF, alone: a reader of board papers finds what the colour is, why, what to do first, when at the
earliest and how much money is needed. Its words are held against what planning worked out."""

import re
import subprocess
from functools import cache

import pytest

from assessments.cashflow.typed import exact_pounds
from assessments.catalogue.schema import Stage
from assessments.management.commands.assess import answers_from
from assessments.planning.actions import first_three
from assessments.planning.assessed import Assessed, assessed
from assessments.planning.planned import Kind
from assessments.planning.progress import Agreed, Progress
from assessments.reports.inputs import Given
from assessments.reports.pdf import pdf_for
from assessments.reports.readiness import html_for
from assessments.reports.words import GATES, MEANINGS
from tests import needs
from tests.reports.pages import Page
from tests.reports.samples import mixed, service, with_money, with_plan

EXAMPLES = ("riverside-family-hubs", "harbour-community-nursing", "hill-valley-libraries")
NO_FIGURES = "No cash-flow figures are given, so the money needed is not known."


@cache
def given(name: str) -> Given:
    file = answers_from(f"tests/examples/{name}.toml")
    return Given(file.catalogue, file.answers, file.service, file.cashflow)


def found(sample: Given) -> Assessed:
    return assessed(sample.catalogue, sample.answers, cashflow=sample.cashflow, agreed=sample.agreed)


def page_2(sample: Given) -> str:
    """As Poppler reads it; a word that was parted at the end of a line is whole again."""
    run = subprocess.run(
        [needs.pdftotext(), "-f", "2", "-l", "2", "-", "-"], input=pdf_for(sample), check=True, capture_output=True
    )
    return squeezed(run.stdout.decode())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("has_money", [False, True])
def test_page_2_answers_the_five_questions(name: str, has_money: bool) -> None:
    sample = with_money(given(name)) if has_money else Given(given(name).catalogue, given(name).answers, service())
    what = found(sample)

    text = page_2(sample)

    def tells(*sentences: str) -> bool:
        return all(squeezed(sentence) in text for sentence in sentences)

    supported = what.result.supported
    own = what.schedule.stages[0]
    assert tells(supported.worst.colour.word, supported.best.colour.word, what.result.stage.title)
    assert tells(supported.worst.sentence, supported.best.sentence)
    assert tells(*(action.title for action in first_three(what.actions)))
    assert tells(own.sentences[0], what.schedule.stages[-1].sentences[0])
    assert tells(what.stability.sentence)
    assert tells("Confidence, by evidence and agreement")
    assert tells(*(change.text for change in what.way_up[:2]))
    assert tells(MEANINGS[supported.worst.colour], MEANINGS[supported.best.colour])
    assert tells("does not rank the service among others")
    assert tells(NO_FIGURES) is (what.forecast is None)
    if what.forecast is not None:
        need = what.forecast.peak_within_month.amount
        assert tells(exact_pounds(need), exact_pounds(what.forecast.peak_month_end.amount))


def summary_of(sample: Given) -> str:
    html = html_for(sample).partition('id="summary"')[2].partition("</section>")[0]
    return Page(f"<body>{html}</body>").text


def test_summary_without_dates_says_so() -> None:
    sample = mixed(Stage.PLAN)
    undated = {fact: value for fact, value in sample.answers.profile.items() if not fact.endswith("-date")}
    answers = type(sample.answers)(Stage.PLAN, sample.answers.as_of, undated)

    text = summary_of(Given(sample.catalogue, answers, sample.service))

    assert "no date is given for this decision" in text


def test_summary_asks_first_for_what_is_not_done_yet() -> None:
    sample = mixed(Stage.PLAN)
    first = first_three(found(sample).actions)[0]

    told = summary_of(Given(sample.catalogue, sample.answers, sample.service))
    done = summary_of(Given(sample.catalogue, sample.answers, sample.service, agreed={first.id: Agreed(Progress.DONE)}))

    def first_told(text: str) -> str:
        return text.partition("What to do first")[2].partition("When, at the earliest")[0]

    assert first.title in first_told(told)
    assert first.title not in first_told(done)


def test_summary_asks_in_a_sentence_what_is_to_be_found_out() -> None:
    sample = given("riverside-family-hubs")
    [first] = [action for action in first_three(found(sample).actions) if action.kind is Kind.FIND_OUT]

    assert first.how in summary_of(sample)


def test_summary_says_what_a_gate_is_where_one_decided() -> None:
    assert GATES in summary_of(given("riverside-family-hubs"))
    assert GATES not in summary_of(given("hill-valley-libraries"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_summary_tells_once_how_many_answers_are_missing(name: str) -> None:
    sample = given(name)
    last = found(sample).schedule.stages[-1]

    ways = (f"{last.missing_answers} missing answers", f"{last.missing_answers} answers are missing or not known")
    assert sum(summary_of(sample).count(way) for way in ways) == 1


def test_summary_names_the_owner_that_people_agreed() -> None:
    assert "Jo Okafor, head of finance" in summary_of(with_plan(mixed(Stage.PLAN)))
