"""Submissions and reviews: every move that is allowed and every one that is not, and what each does."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from assessments.catalogue.loader import edition
from assessments.catalogue.path import path
from assessments.catalogue.schema import Catalogue, Gate, LevelQuestion, Stage
from assessments.models import (
    Answer,
    Ask,
    Assessment,
    InvalidTransition,
    Opinion,
    RatedPair,
    Rating,
    Review,
    Submission,
    User,
)
from assessments.models.answer import Content
from assessments.scoring.score import score
from assessments.scoring.serialise import result_from_dict
from assessments.selectors.copies import SAMPLE, Copy, is_always_unseen, unseen_items
from assessments.selectors.frozen import given_of, inputs_of
from assessments.selectors.ratings import Said
from assessments.selectors.workbook import workbook
from assessments.services import reviews, submissions
from assessments.services.assessments import change, rescore
from assessments.services.cash_flow import delete_cash_flow, save_cash_flow
from assessments.services.reviews import CannotReview, Conflict, NotReady
from assessments.services.submissions import NotEngaged
from tests.cashflow.examples import example
from tests.factories import level, make_firm, make_member, make_user, save
from tests.moderation import ESSENTIAL, GATE, OTHERS, Case, end_engagement, make_case, use_small_edition

MET, NOT_MET = Said("met"), Said("not_met")
Status = Submission.Status


def at(number: int) -> Said:
    return Said("answered", number)


@pytest.fixture
def ada(db: None) -> User:
    """Advises."""
    return make_user("ada@example.org", "Ada Adler")


@pytest.fixture
def case(alice: User, ada: User, small_edition: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Case:
    use_small_edition(monkeypatch, small_edition)
    return make_case(alice, ada)


def waiting(user: User) -> set[tuple[str, str]]:
    return set(Ask.objects.filter(user=user, done_at=None).values_list("kind", "about"))


# Submitting ----------------------------------------------------------------------------------------------------


def test_submit_freezes_the_record(case: Case) -> None:
    made = case.submit("Please look at the fund first.")

    record = case.record
    assert (made.number, made.status, record.latest_id) == (1, "submitted", made.pk)
    assert made.words == "Please look at the fund first."
    assert made.inputs == inputs_of(workbook(record))
    assert (made.result, made.colours, made.fingerprint) == (record.result, record.colours, record.fingerprint)

    case.answer(list=level(0))
    fresh = case.submission
    assert (fresh.inputs, fresh.result) == (made.inputs, made.result)


def test_submit_asks_every_adviser_of_the_firm(case: Case, bob: User, charlie: User) -> None:
    make_member(case.firm, bob)

    case.submit()

    assert waiting(case.adviser) == waiting(bob) == {("review", "1")}
    assert waiting(charlie) == set()


def test_submit_twice(case: Case) -> None:
    case.submit()

    with pytest.raises(InvalidTransition):
        case.submit()
    assert Submission.objects.count() == 1


def test_two_open_submissions_are_refused_by_the_database(case: Case) -> None:
    made = case.submit()
    made.pk, made.number, made._state.adding = uuid4(), 2, True

    with pytest.raises(IntegrityError, match="one_open_submission"), transaction.atomic():
        made.save()


@pytest.mark.parametrize("how", ["never let in", "let out again"])
def test_submit_to_a_firm_that_is_not_let_in(case: Case, bob: User, how: str) -> None:
    end_engagement(case)
    firm = {"never let in": make_firm(bob, "Others"), "let out again": case.firm}[how]

    with pytest.raises(NotEngaged):
        submissions.submit(assessment=case.assessment, firm=firm, by=case.lead)


def test_submit_after_sign_off_freezes_what_the_service_says(case: Case) -> None:
    case.through(until="rated", access=NOT_MET)
    case.settle(GATE, None)
    case.sign_off()
    assert case.record.is_reviewed

    made = case.submit()

    assert "agreed" not in made.inputs
    assert result_from_dict(made.result).reviewed == ()
    assert case.record.is_reviewed


# Moves ---------------------------------------------------------------------------------------------------------


def to_submitted(case: Case) -> None:
    case.through(until="submitted")


def to_in_review(case: Case) -> None:
    case.through(until="rated")


def to_returned(case: Case) -> None:
    case.through(until="claimed").return_it()


def to_signed_off(case: Case) -> None:
    case.through(until="signed off")


def to_withdrawn(case: Case) -> None:
    case.through(until="claimed")
    submissions.withdraw(submission=case.submission, by=case.lead, words="Too early.")


REACH: dict[str, Callable[[Case], None]] = {
    Status.SUBMITTED: to_submitted,
    Status.IN_REVIEW: to_in_review,
    Status.RETURNED: to_returned,
    Status.SIGNED_OFF: to_signed_off,
    Status.WITHDRAWN: to_withdrawn,
}
ACTS: dict[str, Callable[[Case], Any]] = {
    "claim": lambda case: case.claim(),
    "release": lambda case: reviews.release(submission=case.submission, by=case.adviser),
    "return": lambda case: case.return_it(),
    "sign off": lambda case: case.sign_off(),
    "withdraw": lambda case: submissions.withdraw(submission=case.submission, by=case.lead, words="Too early."),
}
LEADS_TO = {
    "claim": Status.IN_REVIEW,
    "release": Status.SUBMITTED,
    "return": Status.RETURNED,
    "sign off": Status.SIGNED_OFF,
    "withdraw": Status.WITHDRAWN,
}
MOVES = [(before, act) for before in Status.values for act in ACTS]
ALLOWED = [(before, act) for before, act in MOVES if LEADS_TO[act] in Submission.MOVES[before]]


@pytest.mark.parametrize(("before", "act"), ALLOWED)
def test_allowed_move(case: Case, before: str, act: str) -> None:
    REACH[before](case)

    ACTS[act](case)

    assert case.submission.status == LEADS_TO[act]


@pytest.mark.parametrize(("before", "act"), [move for move in MOVES if move not in ALLOWED])
def test_refused_move(case: Case, before: str, act: str) -> None:
    REACH[before](case)
    stood = Submission.objects.values().get()

    with pytest.raises(InvalidTransition):
        ACTS[act](case)

    assert Submission.objects.values().get() == stood


def test_every_move_is_made_by_an_act() -> None:
    moves = {(before, after) for before, allowed in Submission.MOVES.items() for after in allowed}

    assert moves == {(before, LEADS_TO[act]) for before, act in ALLOWED}


WORK: dict[str, Callable[[Case], Any]] = {
    "rate": lambda case: case.rate(GATE, MET),
    "settle": lambda case: reviews.settle(
        submission=case.submission, by=case.adviser, item=GATE, version=1, agreed=None, reason="No."
    ),
    "want": lambda case: reviews.want(submission=case.submission, by=case.adviser, item=GATE, words="Show it."),
    "object": lambda case: reviews.object_to(
        submission=case.submission, by=case.lead, item=GATE, version=1, words="No."
    ),
}


@pytest.mark.parametrize("before", [status for status in Status.values if status != Status.IN_REVIEW])
@pytest.mark.parametrize("act", WORK)
def test_work_outside_a_review(case: Case, before: str, act: str) -> None:
    REACH[before](case)
    stood = list(Rating.objects.values())

    with pytest.raises(InvalidTransition):
        WORK[act](case)

    assert list(Rating.objects.values()) == stood


@pytest.mark.parametrize("act", ["rate", "settle", "want", "release", "return", "sign off"])
def test_work_in_somebody_elses_review(case: Case, bob: User, act: str) -> None:
    make_member(case.firm, bob)
    case.through(until="rated")
    case.adviser = bob

    with pytest.raises(InvalidTransition):
        {**WORK, **ACTS}[act](case)


# Claiming ------------------------------------------------------------------------------------------------------


def test_claim_lists_what_is_rated_unseen(case: Case) -> None:
    case.through(until="claimed")

    items = case.review.items
    assert {GATE, ESSENTIAL} <= set(items)
    assert len(set(items) & set(OTHERS)) == 1
    assert (case.submission.status, case.review.adviser) == ("in_review", case.adviser)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", list(Stage))
def test_sample(alice: User, ada: User, stage: Stage) -> None:
    case = make_case(alice, ada, "2026.1", stage)
    copy = Copy(case.submit())
    chosen = set(unseen_items(copy))

    assert unseen_items(copy) == unseen_items(Copy(case.submission))
    assert chosen >= {item.id for item in copy.items.values() if is_always_unseen(item)}
    for barrier in copy.catalogue.barriers:
        rest = {item.id for item in copy.of(barrier) if not is_always_unseen(item)}
        assert len(chosen & rest) == -(-len(rest) // SAMPLE)


@pytest.mark.django_db
def test_sample_is_of_everything_that_is_asked(alice: User, ada: User) -> None:
    case = make_case(alice, ada, "2026.1", Stage.PLAN)
    copy = Copy(case.submit())
    way = path(edition("2026.1"), Stage.PLAN, {}, copy.answers.as_of)

    asked = {item for item in way.truths if isinstance(copy.catalogue.item(item), LevelQuestion | Gate)}
    assert set(copy.items) == asked


def test_another_submission_has_another_sample(case: Case) -> None:
    made = case.submit()
    copies = [Copy(Submission(inputs=made.inputs)) for _number in range(60)]

    drawn = {item for copy in copies for item in unseen_items(copy)} & set(OTHERS)

    assert drawn == set(OTHERS)


def test_claim_closes_the_asks_of_the_others(case: Case, bob: User) -> None:
    make_member(case.firm, bob)
    case.through(until="claimed")

    assert waiting(bob) == set()
    assert waiting(case.adviser) == {("review", "1")}


def test_released_is_asked_again_and_keeps_its_ratings(case: Case, bob: User) -> None:
    make_member(case.firm, bob)
    case.through(until="claimed")
    case.rate(GATE, NOT_MET, "No letter.")

    reviews.release(submission=case.submission, by=case.adviser)

    assert waiting(bob) == waiting(case.adviser) == {("review", "1")}
    reviews.claim(submission=case.submission, by=bob)
    assert case.review.adviser == bob
    assert case.review.ended_at is None
    assert case.rating(GATE).rated_by == case.adviser


def test_administrator_of_the_firm_releases_for_somebody_who_cannot(case: Case, bob: User) -> None:
    make_member(case.firm, bob)
    case.submit()
    reviews.claim(submission=case.submission, by=bob)

    reviews.release(submission=case.submission, by=case.adviser)

    assert case.submission.status == Status.SUBMITTED


# Nobody reviews their own answers (rule 13.6) ------------------------------------------------------------------


def answered(case: Case, person: User) -> None:
    save(case.assessment, person, {"pensions.list": level(2)})


def answered_before(case: Case, person: User) -> None:
    """Somebody else has changed it since."""
    answered(case, person)
    save(case.assessment, case.lead, {"pensions.list": level(3)})


def gave_figures(case: Case, person: User) -> None:
    save_cash_flow(assessment=case.assessment, by=person, version=0, table=example("a")["cashflow"])
    delete_cash_flow(assessment=case.assessment, by=person, version=1)


def gave_opinion(case: Case, person: User) -> None:
    Opinion.objects.create(
        assessment=case.assessment,
        barrier="pensions",
        user=person,
        capacity="Finance",
        asked_by=case.lead,
        changed_by=person,
        given_at="2026-11-01T12:00Z",
    )


@pytest.mark.parametrize("how", [answered, answered_before, gave_figures, gave_opinion])
def test_who_answered_cannot_claim(case: Case, how: Callable[[Case, User], None]) -> None:
    how(case, case.adviser)
    case.submit()

    with pytest.raises(CannotReview, match="You answered something"):
        case.claim()

    assert case.submission.status == Status.SUBMITTED
    assert not Review.objects.exists()


def test_who_answers_later_cannot_sign_off(case: Case) -> None:
    case.through(until="rated")
    answered(case, case.adviser)

    with pytest.raises(CannotReview):
        case.sign_off()


def test_opinion_that_was_not_given_is_no_answer(case: Case) -> None:
    gave_opinion(case, case.adviser)
    Opinion.objects.update(given_at=None)
    case.submit()

    assert case.claim().adviser == case.adviser


def test_stranger_to_the_firm_cannot_claim(case: Case, charlie: User) -> None:
    case.submit()

    with pytest.raises(CannotReview, match="Only an adviser of the firm"):
        reviews.claim(submission=case.submission, by=charlie)


def test_firm_that_was_let_out_cannot_claim(case: Case) -> None:
    case.submit()
    end_engagement(case)

    with pytest.raises(CannotReview):
        case.claim()


# Rating --------------------------------------------------------------------------------------------------------


def test_rating_the_same_is_settled_at_once(case: Case) -> None:
    case.through(until="claimed")

    case.rate(ESSENTIAL, at(4))

    rating = case.rating(ESSENTIAL)
    assert (rating.settled, rating.agreed_state, rating.agreed_level) == ("same", "answered", 4)
    assert rating.is_blind


@pytest.mark.parametrize(
    ("content", "said", "same"),
    [
        (level(3), Said("answered", 3), True),
        (level(3), Said("answered", 2), False),
        (level(0), Said("dont_know"), False),
        (Content("dont_know"), Said("dont_know"), True),
        (Content("not_answered"), Said("dont_know"), True),
        (Content("not_answered"), Said("answered", 0), False),
        (Content("not_applicable", reason="None"), Said("not_applicable"), True),
        (Content("not_applicable", reason="None"), Said("dont_know"), False),
    ],
)
def test_what_is_the_same(case: Case, content: Content, said: Said, same: bool) -> None:
    case.answer(rate=content)
    case.through(until="claimed")

    case.rate(ESSENTIAL, said)

    assert (case.rating(ESSENTIAL).settled == "same") == same


def test_gate_that_nobody_answered_is_not_known(case: Case) -> None:
    Answer.objects.filter(item=GATE).delete()
    case.through(until="claimed")

    case.rate(GATE, Said("not_known"))

    assert case.rating(GATE).settled == "same"


def test_own_level_cannot_be_changed_once_the_services_is_shown(case: Case) -> None:
    case.through(until="claimed")
    case.rate(GATE, NOT_MET)

    with pytest.raises(InvalidTransition):
        case.rate(GATE, MET)

    assert case.rating(GATE).state == "not_met"


def test_last_rating_opens_the_answers(case: Case) -> None:
    case.through(until="claimed")
    [*first, last] = case.review.items
    for item in first:
        case.rate(item, Said("not_known") if item == GATE else Said("dont_know"))
    assert case.submission.revealed_at is None

    case.rate(last, Said("dont_know"))

    assert case.submission.revealed_at is not None


def others_of(case: Case) -> list[str]:
    return [item for item in OTHERS if item not in case.review.items]


def test_other_items_are_rated_openly_after_that(case: Case) -> None:
    case.through(until="claimed")
    other = others_of(case)[0]
    with pytest.raises(InvalidTransition):
        case.rate(other, at(1))

    case.rate_all()
    case.rate(other, at(1))
    case.rate(other, at(2), "On second thoughts.")

    rating = case.rating(other)
    assert (rating.is_blind, rating.level, rating.settled, rating.version) == (False, 2, "", 2)


@pytest.mark.parametrize("item", ["sector", "pensions.joined", "pensions.gone", ""])
def test_what_is_no_question_cannot_be_rated(case: Case, item: str) -> None:
    case.through(until="rated")

    with pytest.raises(InvalidTransition):
        case.rate(item, at(1))


def test_rating_from_a_stale_page(case: Case) -> None:
    case.through(until="claimed")
    case.rate(GATE, NOT_MET)

    outcome = reviews.rate(submission=case.submission, by=case.adviser, item=GATE, version=0, said=MET, reason="x")

    assert isinstance(outcome, Conflict)
    assert outcome.theirs == case.rating(GATE)
    assert case.rating(GATE).state == "not_met"


# Settling ------------------------------------------------------------------------------------------------------


def test_settle_waits_for_the_last_rating(case: Case) -> None:
    case.through(until="claimed")
    case.rate(GATE, NOT_MET)

    with pytest.raises(InvalidTransition):
        case.settle(GATE, MET)


def test_agreed(case: Case) -> None:
    case.through(until="rated", rate=at(1))

    case.settle(ESSENTIAL, at(2), "The draft is there.")

    rating = case.rating(ESSENTIAL)
    assert (rating.settled, rating.agreed_level, rating.level) == ("agreed", 2, 1)
    assert rating.settled_reason == "The draft is there."
    assert waiting(case.lead) == {("settlement", "1")}


def test_dissent_counts_the_advisers_own(case: Case) -> None:
    case.through(until="rated", rate=at(1))

    case.settle(ESSENTIAL, None, "There is no paper.")

    rating = case.rating(ESSENTIAL)
    assert (rating.settled, rating.agreed_level) == ("dissent", 1)


def test_objection_makes_it_a_dissent(case: Case) -> None:
    case.through(until="rated", rate=at(1))
    case.settle(ESSENTIAL, at(2))
    Ask.objects.update(mailed_at="2026-11-01T12:00Z")

    case.object(ESSENTIAL, "It is signed.")

    rating = case.rating(ESSENTIAL)
    assert (rating.settled, rating.agreed_level, rating.client_words) == ("dissent", 1, "It is signed.")
    ask = Ask.objects.get(user=case.adviser, done_at=None)
    assert (ask.kind, ask.mailed_at) == ("review", None)

    case.settle(ESSENTIAL, at(3), "Now I have seen it.")
    rating = case.rating(ESSENTIAL)
    assert (rating.settled, rating.agreed_level, rating.client_words) == ("agreed", 3, "")


def test_words_to_a_dissent(case: Case) -> None:
    case.through(until="rated", rate=at(1))
    case.settle(ESSENTIAL, None)

    case.object(ESSENTIAL, "We keep to it.")
    case.settle(ESSENTIAL, None, "So do I.")

    rating = case.rating(ESSENTIAL)
    assert (rating.settled, rating.client_words, rating.settled_reason) == ("dissent", "We keep to it.", "So do I.")


def test_nothing_to_settle_or_object_to_where_both_say_the_same(case: Case) -> None:
    case.through(until="rated")

    with pytest.raises(InvalidTransition):
        case.settle(ESSENTIAL, at(2))
    with pytest.raises(InvalidTransition):
        case.object(ESSENTIAL)


@pytest.mark.parametrize("act", ["settle", "object"])
def test_settling_from_a_stale_page(case: Case, act: str) -> None:
    case.through(until="rated", rate=at(1))
    case.settle(ESSENTIAL, at(2))
    given: dict[str, Any] = {"submission": case.submission, "item": ESSENTIAL, "version": 1}

    outcome = {
        "settle": lambda: reviews.settle(**given, by=case.adviser, agreed=None, reason="No."),
        "object": lambda: reviews.object_to(**given, by=case.lead, words="No."),
    }[act]()

    assert isinstance(outcome, Conflict)
    assert (case.rating(ESSENTIAL).settled, case.rating(ESSENTIAL).version) == ("agreed", 2)


# Returning -----------------------------------------------------------------------------------------------------


def test_return_says_what_to_change(case: Case) -> None:
    case.through(until="claimed")
    reviews.want(submission=case.submission, by=case.adviser, item=GATE, words="Show the letter.")
    reviews.want(submission=case.submission, by=case.adviser, item=ESSENTIAL, words="Show the rate.")
    reviews.want(submission=case.submission, by=case.adviser, item=ESSENTIAL, words="")

    case.return_it("Nearly there.")

    assert case.review.wanted == {GATE: "Show the letter."}
    assert case.submission.words == "Nearly there."
    assert waiting(case.lead) == {("changes", "1")}
    assert waiting(case.adviser) == set()
    assert case.review.ended_at is not None


def test_submitting_again_closes_what_was_asked(case: Case) -> None:
    case.through(until="claimed").return_it()

    case.submit()

    assert waiting(case.lead) == set()
    assert case.submission.number == 2


# Signing off ---------------------------------------------------------------------------------------------------


def test_sign_off_before_everything_is_rated(case: Case) -> None:
    case.through(until="claimed")

    with pytest.raises(NotReady):
        case.sign_off()


@pytest.mark.parametrize("blind", [True, False])
def test_sign_off_before_everything_is_settled(case: Case, blind: bool) -> None:
    case.through(until="claimed")
    case.rate_all(**({"access": NOT_MET} if blind else {}))
    case.rate(others_of(case)[0], at(3) if blind else at(0))

    with pytest.raises(NotReady):
        case.sign_off()

    assert case.submission.status == Status.IN_REVIEW
    assert not case.record.is_reviewed


def test_sign_off_scores_what_was_agreed(case: Case) -> None:
    """The same as scoring an answers file that says what was agreed."""
    case.through(until="rated", access=NOT_MET, rate=at(1))
    case.settle(GATE, None, "No letter.")
    case.settle(ESSENTIAL, at(2), "A draft.")

    review = case.sign_off()

    given = given_of(
        {
            **case.submission.inputs,
            "agreed": {
                GATE: {"dissent": True, "adviser_state": "not_met", "reason": "No letter."},
                ESSENTIAL: {"level": 2, "adviser_level": 1, "reason": "A draft."},
                **{
                    item: {"level": 3, "adviser_level": 3, "reason": "As the letter says."}
                    for item in case.review.items
                    if item in OTHERS
                },
            },
            # Two questions were rated twice: one three levels apart, one the same.
            "double_ratings": {"pensions": [2, 1]},
        }
    )
    expected = score(given.catalogue, given.answers)
    assert result_from_dict(review.result) == expected
    assert review.colours["overall"] == [expected.supported.worst.colour, expected.supported.best.colour]
    assert [item.id for item in expected.dissents] == [GATE]
    assert review.colours != case.submission.colours


def test_sign_off_tells_the_lead(case: Case) -> None:
    case.through(until="signed off")

    assert waiting(case.lead) == {("signed_off", "1")}
    assert waiting(case.adviser) == set()


def test_record_is_reviewed_and_stays_so_overnight(case: Case) -> None:
    case.through(until="rated", access=NOT_MET)
    case.settle(GATE, None)
    case.sign_off()

    record = case.record
    assert record.is_reviewed
    assert record.colours == case.review.colours
    assert [item.id for item in result_from_dict(record.result).dissents] == [GATE]

    rescore(assessment=record)
    assert case.record.result == record.result
    assert workbook(case.record).answers.agreed.keys() == set(case.review.items)


def fresh_result(case: Case) -> dict[str, Any]:
    """What the record comes to with nobody's agreement."""
    Assessment.objects.update(is_reviewed=False)
    found: dict[str, Any] = rescore(assessment=case.assessment).result
    return found


CHANGES: dict[str, Callable[[Case], Any]] = {
    "answer": lambda case: case.answer(list=level(2)),
    "note": lambda case: case.answer(list=level(3, evidence="E2", note="Found it.")),
    "figures": lambda case: save_cash_flow(
        assessment=case.assessment, by=case.lead, version=0, table=example("a")["cashflow"]
    ),
    "stage": lambda case: change(
        assessment=case.assessment, by=case.lead, service_name="Riverside Family Hubs", stage=Stage.PLAN
    ),
}


@pytest.mark.parametrize("how", CHANGES)
def test_any_change_ends_it(case: Case, how: str) -> None:
    case.through(until="rated", access=NOT_MET)
    case.settle(GATE, None)
    case.sign_off()

    CHANGES[how](case)

    record = case.record
    assert not record.is_reviewed
    assert result_from_dict(record.result).reviewed == ()
    assert record.result == fresh_result(case)


def test_renaming_ends_nothing(case: Case) -> None:
    case.through(until="signed off")

    change(assessment=case.assessment, by=case.lead, service_name="River Hubs", stage=Stage.GO_LIVE)

    assert case.record.is_reviewed


@pytest.mark.parametrize("how", CHANGES)
def test_record_that_has_moved_on_is_not_reviewed(case: Case, how: str) -> None:
    case.through(until="rated")
    CHANGES[how](case)
    stood = case.record

    case.sign_off()

    record = case.record
    assert not record.is_reviewed
    assert record.result == stood.result


def test_record_changed_and_changed_back_is_reviewed(case: Case) -> None:
    case.through(until="rated")
    case.answer(list=level(2))
    case.answer(list=level(3, evidence="E2"))

    case.sign_off()

    assert case.record.is_reviewed


def test_figures_that_were_submitted_cap_what_is_agreed(case: Case) -> None:
    save_cash_flow(assessment=case.assessment, by=case.lead, version=0, table=example("a")["cashflow"])
    case.through(until="signed off")

    assert case.record.is_reviewed
    assert case.record.colours == case.review.colours


# For the catalogue's keepers -----------------------------------------------------------------------------------


def pairs() -> set[tuple[str, str, int | None, str, int | None]]:
    fields = ("item", "client_state", "client_level", "adviser_state", "adviser_level")
    return set(RatedPair.objects.values_list(*fields))


def test_pairs_are_kept_without_a_trace(case: Case) -> None:
    case.through(until="claimed")
    case.rate_all(access=NOT_MET, rate=at(1))
    other = others_of(case)[0]
    case.rate(other, at(3))
    case.settle(GATE, None)
    case.settle(ESSENTIAL, at(2))

    case.sign_off()

    [sampled] = set(case.review.items) & set(OTHERS)
    assert pairs() == {
        (GATE, "met", None, "not_met", None),
        (ESSENTIAL, "answered", 4, "answered", 1),
        (sampled, "answered", 3, "answered", 3),
    }
    [unit] = RatedPair.objects.values_list("unit", flat=True).distinct()
    assert unit not in (case.submission.pk, case.assessment.pk)


def test_carried_pairs_are_kept_once(case: Case) -> None:
    case.through(until="signed off")
    case.answer(rate=level(2, evidence="E2"))
    case.through(until="signed off")

    assert RatedPair.objects.filter(item=GATE).count() == 1
    assert RatedPair.objects.filter(item=ESSENTIAL).count() == 2


def test_pairs_of_a_returned_review_are_kept_with_the_next(case: Case) -> None:
    case.through(until="rated").return_it()
    assert not RatedPair.objects.exists()

    case.through(until="signed off")

    assert RatedPair.objects.filter(item=GATE).count() == 1


# The next submission -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", ["signed off", "returned", "withdrawn"])
def test_ratings_of_unchanged_answers_are_carried_over(case: Case, ended: str) -> None:
    case.through(until="rated", access=NOT_MET, rate=at(1))
    case.settle(GATE, None, "No letter.")
    case.settle(ESSENTIAL, at(2))
    ends: dict[str, Callable[[], object]] = {
        "signed off": case.sign_off,
        "returned": case.return_it,
        "withdrawn": lambda: submissions.withdraw(submission=case.submission, by=case.lead, words="Too early."),
    }
    ends[ended]()
    case.answer(rate=level(3, evidence="E2"))

    case.through(until="claimed")

    rating = case.rating(GATE)
    assert (rating.is_carried, rating.is_blind, rating.state, rating.settled) == (True, True, "not_met", "dissent")
    assert rating.settled_reason == "No letter."
    assert not Rating.objects.filter(review=case.review, item=ESSENTIAL).exists()
    assert ESSENTIAL in case.review.items
    assert case.submission.revealed_at is None

    case.rate(ESSENTIAL, at(3))
    assert case.submission.revealed_at is not None


def test_new_proof_wants_a_new_rating(case: Case) -> None:
    case.through(until="signed off")
    case.answer(access=Content("met", evidence="E3", note="Signed on Monday."))

    case.through(until="claimed")

    assert not Rating.objects.filter(review=case.review, item=GATE).exists()


def test_sampled_answer_that_changed_is_rated_again(case: Case) -> None:
    case.through(until="signed off")
    [sampled] = set(case.review.items) & set(OTHERS)
    save(case.assessment, case.lead, {sampled: level(1)})

    case.through(until="claimed")

    assert sampled in case.review.items


@pytest.mark.parametrize("changes", [{}, {"rate": level(1)}, {"list": level(1), "debt": level(1), "bond": level(1)}])
def test_next_review_is_no_longer_than_the_last(case: Case, changes: dict[str, Content]) -> None:
    case.through(until="signed off")
    before = case.review.items
    case.answer(**changes)

    case.through(until="claimed")

    assert case.review.items == before


def test_what_was_rated_openly_is_not_drawn(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its level is known: it is carried over as rated openly."""
    case.through(until="rated")
    other = others_of(case)[0]
    case.rate(other, at(3))
    case.sign_off()
    monkeypatch.setattr("assessments.selectors.copies._lot", lambda _submission, item: str(item != other))

    case.through(until="claimed")

    assert other not in case.review.items
    assert not case.rating(other).is_blind


def test_nothing_changed_leaves_nothing_to_rate(case: Case) -> None:
    case.through(until="signed off")

    case.through(until="claimed")

    assert case.submission.revealed_at is not None
    assert all(rating.is_carried for rating in case.review.ratings.all())


def test_another_firm_starts_anew(case: Case, bob: User) -> None:
    case.through(until="signed off")
    other = make_firm(bob, "Others")
    case.assessment.engagements.create(firm=other, began_by=case.lead)
    case.firm, case.adviser = other, bob

    case.through(until="claimed")

    assert not case.review.ratings.exists()


# Ending --------------------------------------------------------------------------------------------------------


def test_withdrawn_waits_for_nobody(case: Case) -> None:
    case.through(until="claimed")

    submissions.withdraw(submission=case.submission, by=case.lead, words="", ended=True)

    assert waiting(case.adviser) == set()
    assert case.submission.words == "The firm was let out of the assessment."
    assert case.review.ended_at is not None


def test_history_holds_every_step(case: Case) -> None:
    case.through(until="rated", rate=at(1))
    case.settle(ESSENTIAL, at(2))
    case.object(ESSENTIAL)

    events = Rating.pgh_event_model.objects.filter(item=ESSENTIAL)  # type: ignore[attr-defined]
    steps = events.order_by("pgh_id").values_list("settled", "agreed_level", "changed_by")
    assert list(steps) == [
        ("", None, case.adviser.pk),
        ("agreed", 2, case.adviser.pk),
        ("dissent", 1, case.lead.pk),
    ]
