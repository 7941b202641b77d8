"""What pages show, worked out of rows: progress, effects of a save, answers in words, the way through."""

import datetime as dt
from typing import Any

import pytest

from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment, User
from assessments.models.answer import EMPTY, Content
from assessments.selectors.checking import answer_in_words, answers_to_check, proof_in_words
from assessments.selectors.effects import effects, in_words
from assessments.selectors.workbook import Progress, Questionnaire, workbook
from tests.factories import fact, level, make_assessment, save


@pytest.fixture
def small(small_edition: Catalogue) -> Catalogue:
    return small_edition


@pytest.fixture
def assessment(alice: User, small: Catalogue) -> Assessment:
    return make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)


def pensions(assessment: Assessment) -> Questionnaire:
    found = workbook(assessment).questionnaire("pensions")
    assert found is not None
    return found


# Progress ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "answered", "unknown", "status", "left"),
    [
        (5, 0, 0, "Not started", 5),
        (5, 1, 0, "In progress", 4),
        (5, 0, 1, "In progress", 4),
        (5, 4, 1, "Complete", 0),
        (5, 5, 0, "Complete", 0),
    ],
)
def test_progress(asked: int, answered: int, unknown: int, status: str, left: int) -> None:
    progress = Progress(asked, answered, unknown)

    assert (progress.status, progress.open) == (status, left)


def test_progress_counts_what_is_asked(assessment: Assessment) -> None:
    everything = pensions(assessment).progress.asked

    save(assessment, assessment.lead, {"schemes": fact(["none"]), "pensions.joined": fact(False)})

    assert everything == 7
    assert pensions(assessment).progress == Progress(asked=5, answered=1, unknown=0)


def test_progress_leaves_hidden_answers_out(assessment: Assessment) -> None:
    given = {"schemes": fact(["lgps"]), "pensions.access": Content("met"), "pensions.list": level(0)}
    save(assessment, assessment.lead, given)
    before = pensions(assessment).progress.answered

    save(assessment, assessment.lead, {"schemes": fact(["none"])})

    assert (before, pensions(assessment).progress.answered) == (2, 1)


def test_unknown_is_counted_apart(assessment: Assessment) -> None:
    given = {"pensions.access": Content("not_known"), "pensions.list": Content("dont_know")}

    save(assessment, assessment.lead, given | {"pensions.rate": Content("not_applicable"), "pensions.debt": EMPTY})

    progress = pensions(assessment).progress
    assert (progress.answered, progress.unknown) == (1, 2)


def test_note_alone_does_not_count(assessment: Assessment) -> None:
    save(assessment, assessment.lead, {"pensions.list": Content(note="Ask Dana")})

    assert pensions(assessment).progress.answered == 0


# The way through -----------------------------------------------------------------------------------------------


def test_after_passes_over_a_page_that_is_not_asked(assessment: Assessment) -> None:
    given = {"sector": fact("nhs"), "contract-value": fact("1.00"), "pensions.joined": fact(False)}

    save(assessment, assessment.lead, given | {"vesting-date": EMPTY})

    found = pensions(assessment)
    assert [asked.page.id for asked in found.pages] == ["access"]
    assert found.after("access") is None


def test_after_a_page_that_is_not_asked_any_more(alice: User) -> None:
    """A stale tab saves a page that has gone meanwhile: what comes next is still known."""
    assessment = make_assessment(alice)
    save(assessment, alice, {"pension-schemes": fact(["none"]), "sector": fact("council")})
    found = pensions(assessment)

    following = found.after("rate")

    assert found.page("rate") is None
    assert following is not None
    assert following.page.id == "model"


def test_after_the_last_questionnaire(assessment: Assessment) -> None:
    book = workbook(assessment)
    profile, last = book.questionnaires

    assert book.after(profile) == last
    assert book.after(last) is None


def test_unknown_questionnaire(assessment: Assessment) -> None:
    assert workbook(assessment).questionnaire("gone") is None


def test_may_apply_until_the_fact_is_known(assessment: Assessment) -> None:
    before = workbook(assessment).path.may_apply("pensions.access")

    save(assessment, assessment.lead, {"schemes": fact(["lgps"])})

    assert (before, workbook(assessment).path.may_apply("pensions.access")) == (True, False)


# What a save did -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (["red", "red"], "Red"),
        (["red", "amber"], "not yet known: between Red and Amber"),
        (["not_applicable", "not_applicable"], "Not applicable"),
    ],
)
def test_ends_in_words(ends: list[str], expected: str) -> None:
    assert in_words(ends) == expected


def test_effect_of_a_save_that_moves_nothing(assessment: Assessment) -> None:
    assert list(effects(assessment, assessment.colours)) == ["Saved. No colour changed."]


def test_effect_names_what_moved(assessment: Assessment) -> None:
    saved = save(assessment, assessment.lead, {"schemes": fact(["lgps"]), "pensions.access": Content("not_met")})

    [sentence] = effects(saved.assessment, saved.before)

    assert sentence == "Saved. Pensions is now Red. The whole is now Red."


# Answers in words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "content", "expected"),
    [
        ("pensions.list", EMPTY, "Not answered"),
        ("pensions.list", level(0), "Level 0. No list."),
        ("pensions.list", level(4), "Level 4. The fund agrees with it."),
        ("pensions.list", Content("dont_know"), "Don't know"),
        ("pensions.list", Content("not_applicable"), "Not applicable"),
        ("pensions.access", Content("met"), "Yes. A signed letter says yes."),
        ("pensions.access", Content("not_met"), "No. There is no signed letter."),
        ("pensions.access", Content("not_known"), "Don't know"),
        ("sector", fact("nhs"), "NHS"),
        ("schemes", fact(["lgps", "nhs"]), "LGPS; NHS"),
        ("reorganisation", fact(False), "No"),
        ("staff", fact(0), "0"),
        ("staff", fact(1200), "1,200"),
        ("contract-value", fact("1200.00"), "£1,200"),
        ("contract-value", fact("1200.50"), "£1,200.50"),
        ("vesting-date", fact("2027-04-01"), "1 April 2027"),
    ],
)
def test_answer_in_words(small: Catalogue, item: str, content: Content, expected: str) -> None:
    assert answer_in_words(small.item(item), content) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ""),
        ({"evidence": "E1"}, "A draft, an email or notes of a meeting"),
        (
            {"evidence": "E2", "evidence_date": dt.date(2026, 9, 3)},
            "An approved document, or the minute of a decision, 3 September 2026",
        ),
    ],
)
def test_proof_in_words(given: dict[str, Any], expected: str) -> None:
    assert proof_in_words(Content(**given)) == expected


def test_check_lists_what_is_asked_in_order(assessment: Assessment) -> None:
    save(assessment, assessment.lead, {"schemes": fact(["none"]), "pensions.joined": fact(False)})

    _profile, found = answers_to_check(workbook(assessment))

    assert [item.id.removeprefix("pensions.") for item in found.items] == ["joined", "list", "rate", "debt", "bond"]


@pytest.mark.parametrize(
    ("content", "is_open"),
    [
        (EMPTY, True),
        (Content("dont_know", who_knows="HR"), True),
        (level(3), True),
        (level(3, evidence="E2", evidence_date=dt.date(2026, 9, 3)), False),
        (level(0), False),
        (Content("not_applicable"), True),
        (Content("not_applicable", reason="None of ours"), False),
    ],
)
def test_check_says_what_is_still_open(assessment: Assessment, content: Content, is_open: bool) -> None:
    save(assessment, assessment.lead, {"pensions.list": content})

    _profile, found = answers_to_check(workbook(assessment))

    assert next(item.is_open for item in found.items if item.id == "pensions.list") is is_open


@pytest.mark.parametrize(("stage", "is_open"), [(Stage.MAKE_THE_CASE, False), (Stage.PLAN, True)])
def test_check_opens_a_gate_that_the_stage_does_not_let_go(alice: User, stage: Stage, is_open: bool) -> None:
    """A limiting gate may be left out; once it is hard the same answer is scored as not known."""
    assessment = make_assessment(alice, stage=stage)
    left_out = {"pensions.rate-from-the-fund": Content("not_applicable", reason="None of ours")}
    save(assessment, alice, {"sector": fact("council"), "pension-schemes": fact(["lgps"])} | left_out)

    items = {item.id: item for found in answers_to_check(workbook(assessment)) for item in found.items}

    assert items["pensions.rate-from-the-fund"].is_open is is_open
