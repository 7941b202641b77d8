"""Which forms and routes are open: what is chosen, the tables, their notes, and what to answer first."""

from dataclasses import replace

import pytest

from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment, User
from assessments.scoring.compatibility import Finding, State
from assessments.selectors.forms_and_routes import FormsAndRoutes, Section, _letter, forms_and_routes
from assessments.selectors.workbook import workbook
from tests.factories import fact, make_assessment, save

COUNCIL = {"sector": fact("council"), "nation": fact("england"), "pension-schemes": fact(["lgps"])}


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


def page_with(assessment: Assessment, **chosen: str) -> FormsAndRoutes:
    given = {name.replace("_", "-"): fact(option) for name, option in chosen.items()}
    save(assessment, assessment.lead, COUNCIL | given)
    page = forms_and_routes(assessment)
    assert page is not None
    return page


def section(page: FormsAndRoutes, section_id: str) -> Section:
    return next(found for found in page.sections if found.id == section_id)


def test_empty_profile_says_what_to_answer_first(assessment: Assessment) -> None:
    page = forms_and_routes(assessment)

    assert page is not None
    assert page.is_empty
    assert [need.title for need in page.answer_first][:3] == ["Legal form", "Route to the contract", "Control"]
    assert page.answer_first[0].question == f"/assessments/{assessment.pk}/item/legal-form/"
    assert all(choice.option == "" for choice in page.choices)
    assert page.chosen.state is State.NOT_KNOWN


def test_choices_that_exclude_each_other_are_explained(assessment: Assessment) -> None:
    page = page_with(assessment, contract_route="owned-company", control="employees", legal_form="cic-guarantee")

    [reason] = [found for found in page.exclusions if found.href == "chosen-owned-award-needs-parent-control"]
    assert page.chosen.state is State.CLOSED
    assert not page.is_dead_end
    assert reason.title == "An owned company is controlled by the parent"
    assert not reason.is_guidance
    assert [claim.is_guidance for claim in reason.claims] == [False, True]
    assert reason.claims[0].sources


def test_reason_that_rests_on_judgement_alone_is_guidance(assessment: Assessment) -> None:
    page = page_with(assessment)
    guidance = {one.id for one in page.catalogue.rules.exclusions if all(c.mark.is_guidance for c in one.claims)}

    found = {reason.href: reason.is_guidance for part in page.sections for reason in part.reasons}

    assert {href for href, is_guidance in found.items() if is_guidance} == {
        href for href in found if any(href.endswith(f"-{one}") for one in guidance)
    }


def test_chosen_combination_is_marked_once(assessment: Assessment) -> None:
    page = page_with(assessment, contract_route="open-competition", legal_form="cic-guarantee")

    routes = section(page, "contract-route")
    marked = [(row.title, cell.column) for row in routes.rows for cell in row.cells if cell.is_chosen]
    assert marked == [("Community interest company limited by guarantee", "Open competition")]
    assert [line.title for line in routes.lines if line.is_chosen] == ["Open competition"]
    assert [choice.option for choice in page.choices[:2]] == [marked[0][0], marked[0][1]]


def test_notes_are_numbered_as_they_are_met(assessment: Assessment) -> None:
    routes = section(page_with(assessment, legal_form="cio"), "contract-route")

    assert [reason.sign for reason in routes.reasons] == [str(at + 1) for at in range(len(routes.reasons))]
    assert [need.sign for need in routes.needs] == [_letter(at) for at in range(len(routes.needs))]
    assert len(routes.reasons) > 3


@pytest.mark.parametrize("section_id", ["legal-form", "contract-route", "control", "pensions-lgps-route"])
def test_every_state_names_what_explains_it(assessment: Assessment, section_id: str) -> None:
    part = section(page_with(assessment, legal_form="cio"), section_id)

    found = [line.found for line in part.lines] + [cell.found for row in part.rows for cell in row.cells]
    notes = {note.href for one in found for note in one.notes}
    assert all(bool(one.notes) is (one.state is not State.OPEN) for one in found)
    assert notes == {reason.href for reason in part.reasons} | {need.href for need in part.needs}


def test_fact_that_this_stage_does_not_ask_has_no_link(alice: User) -> None:
    explore = page_with(make_assessment(alice, stage=Stage.EXPLORE))
    plan = page_with(make_assessment(alice))

    assert {need.question for part in explore.sections for need in part.needs} >= {""}
    assert any(choice.question == "" for choice in explore.choices)
    assert all(choice.question for choice in plan.choices)


def test_choices_that_leave_no_way(assessment: Assessment) -> None:
    """Nothing closes the two choices made, but whatever is chosen for the rest does."""
    found = page_with(assessment).found
    stuck = replace(
        found.chosen, options={"legal-form": "cio"}, way_left=Finding(State.CLOSED, ("llp-is-run-by-partners",))
    )

    page = FormsAndRoutes(workbook(assessment), replace(found, chosen=stuck))

    assert (page.is_dead_end, page.chosen.state) == (True, State.CLOSED)
    assert [reason.href for reason in page.exclusions] == ["chosen-llp-is-run-by-partners"]


def test_pension_table_only_for_members(assessment: Assessment) -> None:
    page = page_with(assessment)

    assert [part.id for part in page.sections] == ["legal-form", "contract-route", "control", "pensions-lgps-route"]


def test_edition_without_a_table(alice: User, small_edition: Catalogue) -> None:
    assert forms_and_routes(make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)) is None


def test_notes_of_one_cell_stand_in_order(assessment: Assessment) -> None:
    """Numbers count up, and letters follow the alphabet, wherever a note was met first."""
    page = page_with(assessment, control="users")

    found = [line.found for part in page.sections for line in part.lines]
    found += [cell.found for part in page.sections for row in part.rows for cell in row.cells]
    numbers = [[int(note.sign) for note in one.notes if note.sign.isdigit()] for one in found]
    letters = [[note.sign for note in one.notes if not note.sign.isdigit()] for one in found]
    assert max(map(len, letters)) > 2
    assert numbers == [sorted(signs) for signs in numbers]
    assert letters == [sorted(signs) for signs in letters]


@pytest.mark.parametrize(("number", "letter"), [(0, "a"), (25, "z"), (26, "aa"), (27, "ab"), (52, "ba")])
def test_letters(number: int, letter: str) -> None:
    assert _letter(number) == letter
