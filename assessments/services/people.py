"""Who takes part in an assessment, and who leads it."""

from collections.abc import Collection, Iterable
from uuid import UUID

import pghistory
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assessments.models import Access, Ask, Assessment, Membership, Opinion, Participation, Role, User
from assessments.services.asks import ask, done

# What waits for whoever leads, and so goes on to the next lead.
OF_THE_LEAD = (Ask.Kind.SETTLE, Ask.Kind.CHANGES, Ask.Kind.SETTLEMENT, Ask.Kind.SIGNED_OFF)


class NotAMember(Exception):
    """Only who belongs to the organisation takes part in its assessments."""


class LeadAlready(Exception):
    """The lead takes part in everything, and needs no other part."""


@transaction.atomic
def add(*, assessment: Assessment, person: User, role: str, questionnaires: Collection[str], by: User) -> Participation:
    """Somebody of the organisation takes part: a contributor in `questionnaires`, a reader in none.

    Who takes part already has this part instead of the one before. A contributor is asked to fill in what is new.
    """
    _lock_membership(assessment, person)
    locked = _locked(assessment)
    if locked.lead_id == person.pk:
        raise LeadAlready
    before = Participation.objects.filter(assessment=locked, user=person).first()
    return _give_part(before or Participation(assessment=locked, user=person), role, questionnaires, by)


@transaction.atomic
def change(*, participation: Participation, role: str, questionnaires: Collection[str], by: User) -> Participation:
    """Another part for somebody who takes part. What is not theirs any more does not wait for them any more."""
    _locked(participation.assessment)
    return _give_part(Participation.objects.select_related("user").get(pk=participation.pk), role, questionnaires, by)


@transaction.atomic
def remove(*, participation: Participation, by: User) -> None:
    """Somebody takes part no more. What they wrote stays."""
    locked, person = _locked(participation.assessment), participation.user
    with pghistory.context(user=by.pk):
        Participation.objects.filter(pk=participation.pk).delete()
    done(assessment=locked, kind=Ask.Kind.FILL_IN, user=person, by=by)
    close_what_waits([person.pk], by)


@transaction.atomic
def hand_over(*, assessment: Assessment, to: User, by: User, stays: bool) -> Assessment:
    """Another member leads. The old lead reads on if they stay, else takes part no more."""
    _lock_membership(assessment, to)
    locked = _locked(assessment)
    before = locked.lead
    if before == to:
        raise LeadAlready
    take_over(locked, to, by)
    if stays:
        Participation.objects.create(assessment=locked, user=before, role=Role.READER, changed_by=by)
    else:
        close_what_waits([before.pk], by)
    return locked


def take_over(locked: Assessment, to: User, by: User) -> None:
    """The lead's part passes to `to`, with what waits for it. The caller holds the lock, and sees to the old lead."""
    before = locked.lead
    locked.lead, locked.changed_by = to, by
    locked.save(update_fields=["lead", "changed_by"])
    with pghistory.context(user=by.pk):
        Participation.objects.filter(assessment=locked, user=to).delete()
    for waiting in Ask.objects.filter(assessment=locked, user=before, kind__in=OF_THE_LEAD, done_at=None):
        ask(user=to, assessment=locked, kind=waiting.kind, about=waiting.about, note=waiting.note, by=by)
        done(assessment=locked, kind=waiting.kind, user=before, about=waiting.about, by=by)
    done(assessment=locked, kind=Ask.Kind.LEAD, user=before, by=by)
    # They answer everything now: nothing in particular.
    done(assessment=locked, kind=Ask.Kind.FILL_IN, user=to, by=by)
    if to != by:
        ask(user=to, assessment=locked, kind=Ask.Kind.LEAD, by=by)


def close_what_waits(people: Iterable[int], by: User, among: Iterable[UUID] | None = None) -> None:
    """Nothing waits for these people in assessments that they cannot see any more, and second opinions that they
    have not given there are taken back."""
    seen = Access.objects.filter(assessment_id=OuterRef("assessment_id"), user_id=OuterRef("user_id"))
    theirs = Q(user__in=list(people)) & (Q() if among is None else Q(assessment__in=list(among)))
    now = timezone.now()
    Ask.objects.filter(~Exists(seen), theirs, done_at=None).update(done_at=now, changed_by=by)
    Opinion.objects.filter(~Exists(seen), theirs, given_at=None, closed_at=None).update(closed_at=now, changed_by=by)


def _give_part(row: Participation, role: str, questionnaires: Collection[str], by: User) -> Participation:
    before = set() if row.pk is None else set(row.questionnaires)
    wanted = list(dict.fromkeys(questionnaires)) if role == Role.CONTRIBUTOR else []
    row.role, row.questionnaires, row.changed_by = role, wanted, by
    row.save()
    for slug in sorted(before - set(wanted)):
        done(assessment=row.assessment, kind=Ask.Kind.FILL_IN, user=row.user, about=slug, by=by)
    if row.user != by:
        for slug in wanted:
            if slug not in before:
                ask(user=row.user, assessment=row.assessment, kind=Ask.Kind.FILL_IN, about=slug, by=by)
    return row


def _lock_membership(assessment: Assessment, person: User) -> None:
    """Nobody is removed from the organisation while they are given a part. Before the assessment is locked, in this
    order everywhere."""
    memberships = Membership.objects.select_for_update(of=("self",))
    if not memberships.filter(organisation=assessment.organisation_id, user=person).exists():
        raise NotAMember


def _locked(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_for_update(of=("self",)).defer("result").get(pk=assessment.pk)
