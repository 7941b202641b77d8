"""The result page's parts: ways up, how firm, what does not fit together, what is capped; also of older results."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment, User
from assessments.models.answer import Content
from assessments.scoring.answers import AgreedGate, AgreedLevel, Answers, Cap, GateState
from assessments.scoring.result import Colour
from assessments.scoring.score import score
from assessments.scoring.sensitivity import RUNS, EndStability, Firmness, Mover, Way
from assessments.scoring.serialise import result_to_dict
from assessments.selectors.effects import contradictions_moved
from assessments.selectors.firmness import End
from assessments.selectors.results import ResultPage, result_page
from assessments.selectors.workbook import workbook
from tests.factories import answer_everything, fact, level, make_assessment, save

PAST = {"go-live-date": fact("2020-01-01")}
FUNDING, OFFERED = "working-capital.low-point-funding", "working-capital.low-point-offered"
HARD = ("pensions.rate-from-the-fund", "board-approval.decided-in-principle", "tendering.lawful-route")
REASON = "with the money planned, the balance falls to -£112,000 within month 2"


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def small(alice: User, small_edition: Catalogue) -> Assessment:
    return make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)


def page_of(assessment: Assessment) -> ResultPage:
    return result_page(Assessment.objects.get(pk=assessment.pk))


def with_caps(assessment: Assessment, caps: dict[str, Cap]) -> ResultPage:
    """The page of a result that the calculator has capped."""
    book = workbook(assessment)
    capped: Answers = replace(book.answers, caps=caps)
    assessment.result = {**result_to_dict(score(book.catalogue, capped)), "first": []}
    return result_page(assessment)


def proved(at: int) -> Content:
    return level(at, evidence="E3", evidence_date=timezone.localdate())


def green(small: Assessment) -> ResultPage:
    met = Content("met", evidence="E3", evidence_date=timezone.localdate())
    given = {"sector": fact("nhs"), "schemes": fact(["none"]), "pensions.joined": fact(False), "pensions.access": met}
    items = [question.id for question in small.catalogue.barriers[0].levels]
    gates = {gate.id: met for gate in small.catalogue.barriers[0].gates}
    save(small, small.lead, given | dict.fromkeys(items, proved(4)) | gates)
    return page_of(small)


# The shortest way up -------------------------------------------------------------------------------------------


def test_way_up_puts_gates_first_and_links_each_change(assessment: Assessment) -> None:
    way = page_of(assessment).way_up

    steps = [*way.first, *way.later]
    assert (way.start, way.goal) == (Colour.RED, Colour.AMBER)
    assert all("gate" in step.before for step in steps[: way.gates])
    assert not any("gate" in step.before for step in steps[way.gates :])
    assert all(step.href.startswith(f"/assessments/{assessment.pk}/item/") for step in steps)


def test_way_up_folds_all_but_the_first(assessment: Assessment) -> None:
    way = page_of(assessment).way_up

    assert len(way.first) == 6
    assert way.next_number == 7
    assert way.count == len(way.first) + len(way.later) > 50


def test_way_up_counts_what_is_not_answered(assessment: Assessment) -> None:
    everything = page_of(assessment).way_up
    gate = next(step.href.rsplit("/", 2)[1] for step in everything.first)

    save(assessment, assessment.lead, {gate: Content("not_met")})

    after = page_of(assessment).way_up
    assert everything.unanswered == everything.count
    assert after.unanswered == after.count - 1


def test_way_up_in_words(small: Assessment) -> None:
    save(small, small.lead, {"schemes": fact(["lgps"]), "pensions.access": Content("not_met")})

    assert page_of(small).way_up.in_words == "one gate"


def test_no_way_up_from_green(small: Assessment) -> None:
    page = green(small)

    assert page.result.supported.worst.colour is Colour.GREEN
    assert (page.way_up.goal, page.way_up.count, page.way_up.in_words) == (None, 0, "nothing")
    assert all(section.way_up.goal is None for section in page.barriers)


def test_way_up_of_a_barrier_is_its_own(assessment: Assessment) -> None:
    [pensions] = [section for section in page_of(assessment).barriers if section.barrier.id == "pensions"]

    assert pensions.way_up.goal is Colour.AMBER
    assert pensions.way_up.later == ()
    assert all("/item/pensions." in step.href for step in pensions.way_up.first)


# How firm ------------------------------------------------------------------------------------------------------


def test_both_ends_where_they_differ(assessment: Assessment) -> None:
    worst, best = page_of(assessment).firmness.ends

    assert (worst.title, worst.colour) == ("Worst case", Colour.RED)
    assert (best.title, best.colour) == ("Best case", Colour.GREEN)
    assert [(share.colour, share.count) for share in worst.shares] == [(Colour.RED, f"{RUNS:,}")]
    assert best.equal_weights is Colour.GREEN


def test_one_end_where_nothing_tells_them_apart(assessment: Assessment) -> None:
    answer_everything(assessment)
    save(assessment, assessment.lead, dict.fromkeys(HARD, Content("not_met")))

    [end] = page_of(assessment).firmness.ends

    assert (end.title, end.colour) == ("Worst and best case", Colour.RED)
    assert end.sentence.startswith("Red in all 1,000 random weightings")
    assert end.moves_most == "No single question, weight or gate moves it."
    assert {end.weighted_otherwise, end.left_out, end.cleared} == {"None would move it."}


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "None would move it."),
        (1, "T0 would move it."),
        (5, "T0, T1, T2, T3 and T4 would move it."),
        (6, "T0, T1, T2, T3 and 2 more would move it."),
    ],
)
def test_what_would_move_it_is_named_and_counted(count: int, expected: str) -> None:
    moved = {Way.LEFT_OUT: Colour.RED}
    movers = tuple(Mover("question", f"q{at}", "pensions", f"T{at}", moved, 3, "") for at in range(count))
    found = EndStability(Colour.AMBER, 100, Firmness.STABLE, {Colour.AMBER: RUNS}, Colour.AMBER, movers, "")

    assert End("Worst case", found).left_out == expected


def test_cleared_gate_that_would_move_it(small: Assessment) -> None:
    green(small)
    save(small, small.lead, {"schemes": fact(["lgps"]), "pensions.access": Content("not_met")})

    [end] = page_of(small).firmness.ends

    assert small.catalogue.item("pensions.access").title in end.cleared
    assert "would be" in end.moves_most


def test_confidence_is_summed_up(assessment: Assessment) -> None:
    firm = page_of(assessment).firmness

    assert list(firm.confidence) == ["Low in all ten barriers."]
    assert (firm.is_confidence_known, firm.is_tested) == (True, False)


# What does not fit together ------------------------------------------------------------------------------------


def test_misfit_names_what_it_lowers_and_links_the_answers(assessment: Assessment) -> None:
    save(assessment, assessment.lead, PAST)

    [misfit] = page_of(assessment).misfits

    assert misfit.title == "Go-live date has passed"
    assert misfit.lowers == "Board approval, Staff and unions, Pensions and Tendering"
    assert [answer.href for answer in misfit.answers] == [f"/assessments/{assessment.pk}/item/go-live-date/"]
    assert misfit.action == f"/assessments/{assessment.pk}/plan/settle:go-live-in-the-past/"


def test_save_says_what_does_not_fit_any_more(assessment: Assessment) -> None:
    first = save(assessment, assessment.lead, PAST)
    same = save(assessment, assessment.lead, {"sector": fact("council")})
    second = save(assessment, assessment.lead, {"go-live-date": fact("2099-01-01")})

    appeared, stayed, went = (
        list(contradictions_moved(saved.assessment, saved.contradicted)) for saved in (first, same, second)
    )

    assert appeared == [
        "These answers do not fit together: Go-live date has passed. The go-live date lies before the date of this"
        " assessment."
    ]
    assert stayed == []
    assert went == ["Your answers fit together again: Go-live date has passed."]


def test_save_of_nothing_new_works_nothing_out(assessment: Assessment) -> None:
    save(assessment, assessment.lead, PAST)

    assert save(assessment, assessment.lead, PAST).contradicted == ()


# What the cash-flow figures cap --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "content", "cap", "expected"),
    [
        (FUNDING, proved(4), Cap(2, REASON), f" is claimed at level 4, but counts as level 2, because {REASON}."),
        (FUNDING, level(1), Cap(2, REASON), f" can count as level 2 at most, because {REASON}."),
        (
            OFFERED,
            Content("met", evidence="E3", evidence_date=timezone.localdate()),
            Cap(None, REASON),
            f" is said to be met, but counts as not known, because {REASON}.",
        ),
        (OFFERED, Content("not_met"), Cap(None, REASON), f" cannot count as met, because {REASON}."),
    ],
)
def test_cap(assessment: Assessment, item: str, content: Content, cap: Cap, expected: str) -> None:
    save(assessment, assessment.lead, {item: content})

    page = with_caps(assessment, {item: cap})

    [section] = [section for section in page.barriers if section.barrier.id == "working-capital"]
    assert [(line.title, line.rest) for line in section.capped] == [(assessment.catalogue.item(item).title, expected)]


@pytest.mark.parametrize(
    ("item", "agreed", "cap", "expected"),
    [
        (FUNDING, AgreedLevel(3, 3), Cap(2, REASON), " is agreed at level 3, but counts as level 2, because"),
        (FUNDING, AgreedLevel(1, 1), Cap(2, REASON), " can count as level 2 at most, because"),
        (
            OFFERED,
            AgreedGate(GateState.MET, GateState.MET),
            Cap(None, REASON),
            " is agreed to be met, but counts as not known, because",
        ),
    ],
)
def test_cap_of_what_is_agreed(
    assessment: Assessment, item: str, agreed: AgreedLevel | AgreedGate, cap: Cap, expected: str
) -> None:
    book = workbook(assessment)
    answers = replace(book.answers, caps={item: cap}, agreed={item: agreed})
    assessment.result = {**result_to_dict(score(book.catalogue, answers)), "first": []}

    [section] = [one for one in result_page(assessment).barriers if one.barrier.id == "working-capital"]
    assert [line.rest.startswith(expected) for line in section.capped] == [True]


def test_what_is_settled_is_not_counted_as_not_answered(assessment: Assessment) -> None:
    book = workbook(assessment)
    answers = replace(book.answers, agreed={OFFERED: AgreedGate(GateState.NOT_MET, GateState.NOT_MET)})
    before = result_page(assessment).way_up
    assessment.result = {**result_to_dict(score(book.catalogue, answers)), "first": []}

    after = result_page(assessment).way_up

    assert after.count - after.unanswered == before.count - before.unanswered + 1


def test_nothing_is_capped_without_figures(assessment: Assessment) -> None:
    assert not any(section.capped for section in page_of(assessment).barriers)


# Older results -------------------------------------------------------------------------------------------------


def as_stored_earlier(plain: dict[str, Any]) -> dict[str, Any]:
    """Without what results have gained since."""
    barriers = {
        key: {
            **{name: value for name, value in barrier.items() if name != "confidence"},
            **{
                kind: [
                    {name: value for name, value in item.items() if name not in ("cap", "answered")} for item in items
                ]
                for kind, items in barrier.items()
                if kind in ("questions", "gates")
            },
        }
        for key, barrier in plain["barriers"].items()
    }
    return {**{key: value for key, value in plain.items() if key != "contradictions"}, "barriers": barriers}


def test_older_result_still_opens(assessment: Assessment) -> None:
    save(assessment, assessment.lead, PAST)
    Assessment.objects.update(result=as_stored_earlier(assessment.result))

    page = page_of(assessment)

    assert page.misfits == ()
    assert not page.firmness.is_confidence_known
    assert list(page.firmness.confidence) == []
    assert page.firmness.ends[0].sentence
    assert page.way_up.count > 50
    assert len(list(page.barriers)) == 10
