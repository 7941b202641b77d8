"""Second opinions: asked for, given separately, compared, settled (scoring method, rule 12)."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from assessments.catalogue.schema import Barrier
from assessments.models import Ask, Assessment, Opinion, Settlement, User
from assessments.models.answer import Content
from assessments.selectors.opinions import comparison, count_ratings
from assessments.services.asks import ask, done
from assessments.services.assessments import Draft, Saved, rescore, save_answers


class AlreadyAsked(Exception):
    """This person has been asked about this barrier, and it has not been taken back."""


class OpinionClosed(Exception):
    """It was taken back, or it is given already: nothing in it changes any more."""


class StaleOpinion(Exception):
    """Its person has saved it in another window since this page was filled."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


@transaction.atomic
def ask_opinion(
    *,
    assessment: Assessment,
    by: User,
    user: User,
    barrier: Barrier,
    capacity: str,
    note: str = "",
    due_on: dt.date | None = None,
) -> Opinion:
    """Ask somebody of the organisation to answer one barrier separately, as `capacity`."""
    locked = _locked(assessment)
    if Opinion.objects.filter(assessment=locked, barrier=barrier.id, user=user, closed_at=None).exists():
        raise AlreadyAsked
    opinion = Opinion.objects.create(
        assessment=locked, barrier=barrier.id, user=user, capacity=capacity, asked_by=by, changed_by=by
    )
    ask(user=user, assessment=locked, kind=Ask.Kind.OPINION, by=by, about=barrier.id, note=note, due_on=due_on)
    return opinion


@transaction.atomic
def take_back(*, opinion: Opinion, by: User) -> Opinion:
    """It counts no more and nobody reads it any more; the history keeps it."""
    assessment = _locked(opinion.assessment)
    locked = Opinion.objects.select_for_update().get(pk=opinion.pk)
    if locked.closed_at is not None:
        return locked
    locked.closed_at, locked.changed_by = timezone.now(), by
    locked.save(update_fields=["closed_at", "changed_by"])
    done(assessment=assessment, kind=Ask.Kind.OPINION, user=locked.user, about=locked.barrier, by=by)
    _count(assessment, assessment.catalogue.barrier(locked.barrier), by)
    return locked


@transaction.atomic
def save_opinion(*, opinion: Opinion, by: User, version: int, contents: Mapping[str, Content]) -> Opinion:
    """Keep what is said so far. What was said of questions that are not asked any more stays."""
    locked = Opinion.objects.select_for_update().get(pk=opinion.pk)
    _write(locked, by, version, contents)
    return locked


@transaction.atomic
def give(*, opinion: Opinion, by: User, version: int, contents: Mapping[str, Content]) -> Opinion:
    """Save it, and give it: from now on it is fixed, others who have given theirs read it, and it counts.

    The result is scored again at once: agreement changes confidence, and never a colour. When everybody has given
    theirs and something differs, the lead is asked to settle it.
    """
    assessment = _locked(opinion.assessment)
    locked = Opinion.objects.select_for_update().get(pk=opinion.pk)
    _write(locked, by, version, contents)
    locked.given_at = timezone.now()
    locked.save(update_fields=["given_at"])
    done(assessment=assessment, kind=Ask.Kind.OPINION, user=locked.user, about=locked.barrier, by=by)
    _count(assessment, assessment.catalogue.barrier(locked.barrier), by)
    return locked


@transaction.atomic
def settle(*, assessment: Assessment, by: User, barrier: Barrier, reason: str, draft: Draft) -> Saved:
    """What the lead settles on for one item, and why. The main answer is saved in the same step, like any other answer;
    where somebody else has changed it meanwhile nothing is settled, and the conflict comes back."""
    saved = save_answers(assessment=assessment, by=by, drafts=[draft])
    if saved.conflicts:
        return saved
    Settlement.objects.update_or_create(
        assessment=saved.assessment, item=draft.item, defaults={"reason": reason, "changed_by": by}
    )
    if not comparison(saved.assessment, barrier, with_main=True).unsettled:
        done(assessment=saved.assessment, kind=Ask.Kind.SETTLE, about=barrier.id, by=by)
    return saved


def _locked(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_for_update(of=("self",)).defer("result").get(pk=assessment.pk)


def _write(opinion: Opinion, by: User, version: int, contents: Mapping[str, Content]) -> None:
    if opinion.closed_at is not None or opinion.given_at is not None:
        raise OpinionClosed
    if opinion.version != version:
        raise StaleOpinion(opinion.version)
    said = {
        item: {"state": content.state, "level": content.level, "note": content.note}
        for item, content in contents.items()
    }
    opinion.answers = {**opinion.answers, **said}
    opinion.version += 1
    opinion.changed_by = by
    opinion.save(update_fields=["answers", "version", "changed_by"])


def _count(assessment: Assessment, barrier: Barrier, by: User) -> None:
    """How far the given opinions on a barrier agree, beside the answers; and what the lead has to settle."""
    side_by_side = comparison(assessment, barrier, with_main=True)
    counts = count_ratings(side_by_side.given)
    others = {key: value for key, value in assessment.double_ratings.items() if key != barrier.id}
    now = {**others, barrier.id: [counts.rated, counts.within_one]} if counts.rated else others
    if now != assessment.double_ratings:
        assessment.double_ratings = now
        assessment.save(update_fields=["double_ratings"])
        rescore(assessment=assessment)
    if not side_by_side.unsettled:
        done(assessment=assessment, kind=Ask.Kind.SETTLE, about=barrier.id, by=by)
    elif len(side_by_side.given) > 1 and not side_by_side.awaited:
        ask(user=assessment.lead, assessment=assessment, kind=Ask.Kind.SETTLE, by=by, about=barrier.id)
