"""Who may do what with an assessment.

Whether it can be seen at all is said once, by the view behind `Access`, and decided inside the one query that fetches
the assessment: `get_for`. What somebody may do with it follows from their seat, and from how far its review is.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404

from assessments.models import Access, Assessment, Membership, Opinion, Organisation, Review, Seat, User, WhatIf

Anyone = User | AnonymousUser
Predicate = Callable[[Assessment], bool]


# Of an assessment, by the seat that `get_for` found


def can_see(assessment: Assessment) -> bool:
    """Know of it: its names, its colours, who takes part. Whoever has any seat."""
    return bool(assessment.seat.roles)


def can_read(assessment: Assessment) -> bool:
    """Read its answers and all that follows from them.

    Advisers record their own levels before they see the client's (scoring method, rule 13): from the submission to
    then, everything that shows answers is closed to who is an adviser and nothing else.
    """
    return bool(assessment.seat.roles) and not (assessment.seat.is_adviser and is_kept_back(assessment))


def is_kept_back(assessment: Assessment) -> bool:
    """Whether a submission waits for the advisers' own levels."""
    latest = assessment.latest
    return latest is not None and latest.is_open and latest.revealed_at is None


def can_edit(assessment: Assessment) -> bool:
    """Change what belongs to the whole: stage, plan, figures."""
    return assessment.seat.is_lead


def can_answer(assessment: Assessment) -> bool:
    """Answer something: the lead all of it, a contributor the questionnaires that are theirs."""
    return assessment.seat.is_lead or bool(assessment.seat.questionnaires)


def can_answer_in(assessment: Assessment, questionnaire: str) -> bool:
    return assessment.seat.is_lead or questionnaire in assessment.seat.questionnaires


def can_plan(assessment: Assessment) -> bool:
    """Agree who does what, and keep the calculator's figures: the lead, and whoever answers something."""
    return can_answer(assessment)


def can_try(assessment: Assessment) -> bool:
    """Make what-ifs, which change nothing: all of the client's people."""
    return assessment.seat.is_client


def can_change_what_if(assessment: Assessment, what_if: WhatIf) -> bool:
    """Who made it, and the lead."""
    return can_try(assessment) and (assessment.seat.is_lead or assessment.seat.user_id == what_if.made_by_id)


def can_ask_for_report(assessment: Assessment) -> bool:
    return can_read(assessment)


def can_manage_people(assessment: Assessment) -> bool:
    """Say who takes part, and hand the assessment over: the lead and the organisation's administrators."""
    return assessment.seat.is_lead or assessment.seat.is_administrator


def can_engage(assessment: Assessment) -> bool:
    """Let an adviser firm in and out again: the organisation's administrators."""
    return assessment.seat.is_administrator


def can_ask_opinions(assessment: Assessment) -> bool:
    """Ask for second opinions, take back what was asked, and settle where they differ."""
    return assessment.seat.is_lead


def can_see_opinions(assessment: Assessment) -> bool:
    """Know who was asked for a second opinion, and who has given it, but not what they said: the client's people."""
    return assessment.seat.is_client


def can_compare(assessment: Assessment, own: Opinion | None) -> bool:
    """Read what others said in second opinions on one barrier: the lead, and who has given one. Nobody who still has to
    give their own. The main answers stand beside them for who `can_read`."""
    if own is not None:
        return own.given_at is not None
    return assessment.seat.is_lead


def can_submit(assessment: Assessment) -> bool:
    """Give a frozen copy to the advisers; one at a time."""
    return assessment.seat.is_lead and not has_open_submission(assessment)


def can_withdraw(assessment: Assessment) -> bool:
    return assessment.seat.is_lead and has_open_submission(assessment)


def can_review(assessment: Assessment) -> bool:
    """Take part in reviews as one of the firm that the submission was given to."""
    latest = assessment.latest
    return assessment.seat.advises and latest is not None and latest.firm_id in assessment.seat.firms


def can_read_evidence(assessment: Assessment) -> bool:
    """Open the evidence of some question at least. Of which, `can_read_evidence_of` says."""
    return can_read(assessment) or can_review(assessment)


def can_read_evidence_of(assessment: Assessment, item: str) -> bool:
    """While answers are kept back, the adviser who reviews sees the proof of what they record a level on, and no more.

    Asks the database in that case only.
    """
    if can_read(assessment):
        return True
    reviews = Review.objects.filter(submission=assessment.latest_id, adviser=assessment.seat.user_id, ended_at=None)
    return can_review(assessment) and reviews.filter(items__contains=[item]).exists()


def can_rate(assessment: Assessment) -> bool:
    """Record levels of their own in a review. Who is also of the client's people has seen what they say."""
    return can_review(assessment) and not assessment.seat.is_client


def can_see_submission(assessment: Assessment) -> bool:
    """Know how far a submission is: who reads the answers, and the firm that has it, to which its page shows none."""
    return can_read(assessment) or can_review(assessment)


def can_comment(assessment: Assessment) -> bool:
    """Take part in threads; which of them is said by `Thread.objects.visible_to`. Also advisers whose own levels are
    not all recorded yet: a thread shows no answers, and those of the client's people alone stay closed to them."""
    return can_see(assessment)


def can_see_history(assessment: Assessment) -> bool:
    """It tells answers: closed to advisers while answers are, and to everybody who only gives a second opinion."""
    return can_read(assessment)


def can_delete(assessment: Assessment) -> bool:
    return assessment.seat.is_administrator


def has_open_submission(assessment: Assessment) -> bool:
    return assessment.latest is not None and assessment.latest.is_open


def get_for(user: Anyone, pk: UUID, may: Predicate = can_read, among: QuerySet[Assessment] | None = None) -> Assessment:
    """The assessment `pk` with the seat of `user` in it, in one query. Not visible is 404; not allowed is 403."""
    if not user.is_authenticated:
        raise Http404
    rows = list(
        (Assessment.objects.all() if among is None else among)
        .select_related("latest")
        .defer(*(f"latest__{name}" for name in _HEAVY))
        .filter(pk=pk, access__user_id=user.pk)
        .annotate(seat_role=F("access__role"), seat_questionnaires=F("access__questionnaires"))
        .annotate(seat_firm=F("access__firm_id"))
        .order_by()
    )
    return _seated(user, rows, may)


def get_for_questions(user: Anyone, pk: UUID, *, lock: bool = False) -> Assessment:
    """The same for who `can_answer`, with what pages of questions read and no more. With `lock`, changes of it can be
    saved in this transaction."""
    if not user.is_authenticated:
        raise Http404
    return _seated(user, Assessment.with_seats(pk, user.pk, lock=lock), can_answer)


def _seated(user: User, rows: Sequence[Assessment], may: Predicate) -> Assessment:
    """From one row for each role that the person has, mostly one."""
    if not rows:
        raise Http404
    assessment = rows[0]
    seats = ((row.seat_role, row.seat_questionnaires, row.seat_firm) for row in rows)  # type: ignore[attr-defined]
    assessment.seat = Seat.of(user.pk, seats)
    if not may(assessment):
        raise PermissionDenied
    return assessment


_HEAVY = ("inputs", "result", "colours", "words")


def seats_of(assessment: Assessment, people: Iterable[User]) -> dict[int, Seat]:
    """What each of these people is to the assessment, in one query. Who has no seat is not among them."""
    rows: dict[int, list[tuple[str, list[str], UUID | None]]] = {}
    for row in Access.objects.filter(assessment=assessment, user__in=people).order_by():
        rows.setdefault(row.user_id, []).append((row.role, row.questionnaires, row.firm_id))
    return {user_id: Seat.of(user_id, of_person) for user_id, of_person in rows.items()}


# Of a second opinion


def opinion_of(user: Anyone, pk: UUID, barrier: str) -> Opinion | None:
    """The standing opinion that `user` was asked to give, with its assessment and their seat there.

    This is all that somebody sees who only gives an opinion: a member of the organisation without a seat in the
    assessment has no `Access`, and so none of its other pages.
    """
    if not user.is_authenticated:
        return None
    own = Opinion.objects.held().filter(assessment=pk, barrier=barrier, user=user.pk)
    found = own.select_related("assessment__service__organisation", "assessment__latest", "asked_by")
    opinion = found.defer("assessment__result", *(f"assessment__latest__{name}" for name in _HEAVY)).first()
    if opinion is not None:
        opinion.assessment.seat = seats_of(opinion.assessment, [opinion.user]).get(user.pk, Seat.NOBODY)
    return opinion


def opinion_for(user: Anyone, pk: UUID, barrier: str) -> Opinion:
    """The same, for its own page: to everybody else it does not exist."""
    opinion = opinion_of(user, pk, barrier)
    if opinion is None:
        raise Http404
    return opinion


def compared_for(user: Anyone, pk: UUID, barrier: str) -> Assessment:
    """The assessment whose second opinions on `barrier` this person may read and compare."""
    own = opinion_of(user, pk, barrier)
    assessment = own.assessment if own else get_for(user, pk, can_see, Assessment.objects.defer("result"))
    if not can_compare(assessment, own):
        raise PermissionDenied
    return assessment


# Of an organisation


def organisation_for(user: Anyone, pk: UUID, *, administrator: bool = False) -> tuple[Organisation, Membership]:
    """The organisation `pk` and what `user` is there, in one query. To others it does not exist."""
    if not user.is_authenticated:
        raise Http404
    membership = Membership.objects.select_related("organisation").filter(organisation=pk, user=user.pk).first()
    if membership is None:
        raise Http404
    if administrator and not membership.is_administrator:
        raise PermissionDenied
    return membership.organisation, membership


def is_without_administrator(organisation: Organisation) -> bool:
    return not organisation.memberships.filter(role=Membership.Role.ADMINISTRATOR).exists()


def can_claim(membership: Membership) -> bool:
    """Become the administrator where there is none: whoever has belonged to it for longest, mostly its founder."""
    organisation = membership.organisation
    first = organisation.memberships.order_by("joined_at", "pk").values_list("pk", flat=True)[:1]
    return list(first) == [membership.pk] and is_without_administrator(organisation)
