"""A report says whether it was reviewed, by whom and when; and prints what service and adviser each said."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from assessments.agreement.standing import Standing
from assessments.catalogue.schema import Stage
from assessments.management.commands.assess import answers_from
from assessments.reports.inputs import Given, given_of, report_key, to_inputs
from assessments.reports.readiness import html_for
from assessments.scoring.answers import AgreedGate, AgreedLevel, AnswerState, DoubleRatings, GateState
from assessments.scoring.result import Result
from assessments.scoring.score import score
from assessments.selectors.frozen import Origin
from tests.reports.pages import Element, Page
from tests.reports.samples import (
    CLIENT_WORDS,
    ORIGIN,
    REASON,
    SAMPLES,
    SIGNED_OFF,
    STANDINGS,
    empty,
    mixed,
    with_review,
)

SELF_ASSESSED = "Self-assessed, not reviewed."


@cache
def reviewed() -> Page:
    return Page(html_for(with_review(mixed(Stage.MAKE_THE_CASE))))


def result_of(sample: Given) -> Result:
    return score(sample.catalogue, sample.answers)


def by_class(page: Page, name: str) -> list[Element]:
    return [one for one in page.elements if name in one.attributes.get("class", "").split()]


def foot(page: Page) -> str:
    """What the foot of each printed page says."""
    [title] = by_class(page, "cover__title")
    return title.attributes["data-standing"]


def part(page: Page, name: str) -> str:
    [section] = [one for one in page.all("section") if one.attributes.get("id") == name]
    return section.text


# Reviewed or not -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standing", STANDINGS.values(), ids=STANDINGS)
def test_only_a_sign_off_makes_it_reviewed(standing: Standing) -> None:
    page = Page(html_for(replace(empty(Stage.MAKE_THE_CASE), origin=Origin(("Alice Adams (lead)",), standing))))

    [cover] = by_class(page, "cover__status")
    assert cover.text == standing.label
    assert all(standing.label in part(page, name) for name in ("summary", "method"))
    assert standing.label.startswith(SELF_ASSESSED)
    assert foot(page) == SELF_ASSESSED
    assert "Who moderated Nobody yet" in part(page, "method").replace("moderatedNobody", "moderated Nobody")


def test_reviewed_says_by_whom_and_when() -> None:
    page = reviewed()
    label = "Reviewed and signed off by Ada Osei, Kestrel Advisers, on 20 November 2026 (submission 2)."

    assert by_class(page, "cover__status")[0].text == label
    assert all(label in part(page, name) for name in ("summary", "method"))
    assert foot(page) == "Reviewed and signed off."
    assert SELF_ASSESSED not in page.text


def test_cover_and_method_name_who_answered_and_who_moderated() -> None:
    page = reviewed()
    rows = [one.text for one in page.all("tr")]

    assert rows.count("Who answeredAlice Adams (lead), Bob Brown, Carol Clarke") == 2
    assert rows.count("Who moderatedAda Osei, Kestrel Advisers; submission 2, signed off on 20 November 2026") == 2


def test_cover_counts_the_names_that_have_no_room() -> None:
    names = tuple(f"Person {number}" for number in range(9))
    page = Page(html_for(replace(empty(Stage.MAKE_THE_CASE), origin=Origin(names))))

    [short, full] = [one.text for one in page.all("tr") if one.text.startswith("Who answered")]
    assert short == "Who answeredPerson 0, Person 1, Person 2, Person 3, Person 4, Person 5 and three others"
    assert full.endswith("Person 8")


# What the adviser found ----------------------------------------------------------------------------------------


def test_three_levels_of_everything_reviewed_stand_side_by_side() -> None:
    found = part(reviewed(), "review")

    items = result_of(with_review(mixed(Stage.MAKE_THE_CASE))).reviewed
    assert len(items) > 20
    assert {item.title for item in items if item.title not in found} == set()
    assert all(head in found for head in ("The service says", "Evidence supports", "Agreed, and why"))


def test_every_dissent_is_printed_in_the_words_of_both() -> None:
    page = reviewed()
    dissents = result_of(with_review(mixed(Stage.MAKE_THE_CASE))).dissents

    printed = [one.text for one in by_class(page, "dissent")]
    assert len(printed) == len(dissents) > 3
    assert all(f"The adviser: {REASON.strip()}" in text for text in printed)
    assert all(f"The service: {CLIENT_WORDS.strip()}" in text for text in printed)
    assert all(item.title in text for item, text in zip(dissents, printed, strict=True))


def test_summary_tells_the_reviewed_result_and_the_dissents() -> None:
    summary = part(reviewed(), "summary")
    found = result_of(with_review(mixed(Stage.MAKE_THE_CASE)))

    assert f"{len(found.reviewed)} questions and gates are settled with an adviser" in summary
    assert "of them without agreement" in summary
    assert "As the service claims it, the result is" in summary
    assert f"as reviewed {found.supported.worst.colour.word}" in summary or "as reviewed between" in summary
    assert "What was not agreed is printed in full" in summary


def test_agreement_is_told_of_what_was_rated_unseen() -> None:
    sample = with_review(mixed(Stage.MAKE_THE_CASE))
    openly = replace(sample, origin=ORIGIN)

    assert "questions rated twice" in part(reviewed(), "review")
    assert "rated twice" not in part(Page(html_for(openly)), "review")


def test_tables_of_a_barrier_show_what_is_agreed() -> None:
    heads = [one.text for one in reviewed().all("th")]

    assert heads.count("Agreed") >= len(result_of(mixed(Stage.MAKE_THE_CASE)).barriers)
    assert "Counts as" not in heads


def test_a_report_that_nobody_reviewed_has_no_such_part() -> None:
    page = Page(html_for(mixed(Stage.MAKE_THE_CASE)))

    assert "What the adviser found" not in page.text
    assert "Counts as" in [one.text for one in page.all("th")]


def test_an_item_that_the_adviser_holds_for_not_applicable_is_listed_as_such() -> None:
    plain = mixed(Stage.MAKE_THE_CASE)
    question = result_of(plain).barriers[0].questions[0]
    agreed = {question.id: AgreedLevel(AnswerState.NOT_APPLICABLE, AnswerState.NOT_APPLICABLE, "There is none.")}
    page = Page(html_for(replace(plain, answers=replace(plain.answers, agreed=agreed))))

    assert "Settled with the adviser: There is none." in part(page, "service")


# From a file ---------------------------------------------------------------------------------------------------


def test_a_file_cannot_say_who_signed_off() -> None:
    page = Page(html_for(with_review(mixed(Stage.MAKE_THE_CASE), origin=None)))

    [cover] = by_class(page, "cover__status")
    assert cover.text.startswith("Self-assessed.")
    assert "settled with an adviser" in cover.text
    assert "cannot say whether the adviser has signed it off" in cover.text
    assert "Reviewed and signed off" not in page.text
    assert "Who moderated" not in page.text
    assert "What the adviser found" in page.text


# What it is made from ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in SAMPLES if "review" in name])
def test_inputs_carry_the_review_there_and_back(name: str) -> None:
    sample = SAMPLES[name]()

    back = given_of(json.loads(json.dumps(to_inputs(sample))))

    assert (back.origin, back.answers.agreed) == (sample.origin, sample.answers.agreed)


GATE = "pensions.protection-in-contract"


@pytest.mark.parametrize(
    "change",
    [
        {"origin": None},
        {"origin": replace(ORIGIN, answered_by=("Somebody else (lead)",))},
        {"origin": replace(ORIGIN, standing=Standing(signed_off=SIGNED_OFF))},
        {"origin": replace(ORIGIN, standing=Standing(True, replace(SIGNED_OFF, by="Another")))},
        {"origin": replace(ORIGIN, unseen=(GATE,))},
        {"agreed": {GATE: AgreedGate(GateState.MET, None, "Why", "But")}},
        {"agreed": {GATE: AgreedGate(GateState.MET, None, "Why", "But no")}},
        {"double_ratings": {"pensions": DoubleRatings(4, 4)}},
    ],
)
def test_key_changes_with_the_review(change: dict[str, Any]) -> None:
    plain = replace(mixed(Stage.MAKE_THE_CASE), origin=ORIGIN)
    answers = replace(plain.answers, **{key: value for key, value in change.items() if key != "origin"})
    changed = replace(plain, answers=answers, origin=change.get("origin", plain.origin))

    assert report_key(to_inputs(plain)) != report_key(to_inputs(changed))


def test_examples_are_self_assessed() -> None:
    file = answers_from("tests/examples/riverside-family-hubs.toml")
    page = Page(html_for(Given(file.catalogue, file.answers, file.service)))

    assert by_class(page, "cover__status")[0].text == SELF_ASSESSED
