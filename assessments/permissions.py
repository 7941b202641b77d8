"""Who may do what with an assessment.

Whether it can be seen at all is said once, by the view behind `Access`, and decided inside the one query that fetches
the assessment: `get_for`. What somebody may do with it follows from their seat, and from how far its review is.
"""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404

from assessments.models import Assessment, Membership, Organisation, Seat, User

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


def can_ask_for_report(assessment: Assessment) -> bool:
    return can_read(assessment)


def can_manage_people(assessment: Assessment) -> bool:
    """Say who takes part, and hand the assessment over: the lead and the organisation's administrators."""
    return assessment.seat.is_lead or assessment.seat.is_administrator


def can_engage(assessment: Assessment) -> bool:
    """Let an adviser firm in and out again: the organisation's administrators."""
    return assessment.seat.is_administrator


def can_ask_opinions(assessment: Assessment) -> bool:
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


def can_comment(assessment: Assessment) -> bool:
    return can_read(assessment)


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
    # One row for each role that the person has, mostly one.
    rows = list(
        (Assessment.objects.all() if among is None else among)
        .select_related("latest")
        .defer(*(f"latest__{name}" for name in _HEAVY))
        .filter(pk=pk, access__user_id=user.pk)
        .annotate(_role=F("access__role"), _questionnaires=F("access__questionnaires"), _firm=F("access__firm_id"))
        .order_by()
    )
    if not rows:
        raise Http404
    assessment: Assessment = rows[0]
    assessment.seat = Seat.of(user.pk, ((row._role, row._questionnaires, row._firm) for row in rows))
    if not may(assessment):
        raise PermissionDenied
    return assessment


_HEAVY = ("inputs", "result", "colours", "words")

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
