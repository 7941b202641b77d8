"""What people say to each other about a question or gate: open a thread, reply, resolve, reopen."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.models import Ask, Assessment, Comment, Thread, User
from assessments.permissions import has_open_submission, seats_of
from assessments.services.asks import ask, done


@transaction.atomic
def open_thread(
    *, assessment: Assessment, by: User, item: str, audience: str, text: str, firm: UUID | None = None
) -> Thread:
    """A new thread with its first comment. The lead is asked to reply, and the adviser who reviews a submission, as far
    as they may read it. `firm` is whose advisers read it, and only for `Thread.Audience.ADVISER`."""
    thread = Thread.objects.create(assessment=assessment, item=item, audience=audience, firm_id=firm, changed_by=by)
    Comment.objects.create(thread=thread, text=text, written_by=by)
    _ask_to_reply(thread, by, [assessment.lead, *_reviewers(assessment)])
    return thread


@transaction.atomic
def reply(*, thread: Thread, by: User, text: str) -> Comment:
    """One more comment. Who else wrote here, or was asked to, is asked to reply; what waited for `by` is done. A thread
    that was resolved is open again: there is something new in it."""
    locked = _locked(thread)
    if locked.resolved_at is not None:
        _set_resolved(locked, by, is_resolved=False)
    comment = Comment.objects.create(thread=locked, text=text, written_by=by)
    done(assessment=locked.assessment, kind=Ask.Kind.REPLY, user=by, about=str(locked.pk), by=by)
    _ask_to_reply(locked, by, _takes_part(locked))
    return comment


@transaction.atomic
def resolve(*, thread: Thread, by: User) -> Thread:
    """Nothing is left to say: nobody's reply is waited for any more. Twice is as once."""
    locked = _locked(thread)
    if locked.resolved_at is None:
        _set_resolved(locked, by, is_resolved=True)
        done(assessment=locked.assessment, kind=Ask.Kind.REPLY, about=str(locked.pk), by=by)
    return locked


@transaction.atomic
def reopen(*, thread: Thread, by: User) -> Thread:
    locked = _locked(thread)
    if locked.resolved_at is not None:
        _set_resolved(locked, by, is_resolved=False)
    return locked


def _locked(thread: Thread) -> Thread:
    return Thread.objects.select_for_update(of=("self",)).select_related("assessment__latest").get(pk=thread.pk)


def _set_resolved(thread: Thread, by: User, *, is_resolved: bool) -> None:
    thread.resolved_at = timezone.now() if is_resolved else None
    thread.changed_by = by
    thread.save(update_fields=["resolved_at", "changed_by"])


def _takes_part(thread: Thread) -> list[User]:
    """Who wrote in the thread, and who was asked to."""
    wrote = Q(pk__in=thread.comments.order_by().values("written_by"))
    asks = Ask.objects.filter(assessment=thread.assessment, kind=Ask.Kind.REPLY, about=str(thread.pk))
    return list(User.objects.filter(wrote | Q(pk__in=asks.order_by().values("user"))))


def _reviewers(assessment: Assessment) -> list[User]:
    """The adviser who has claimed the submission that is open, if there is one."""
    if not has_open_submission(assessment):
        return []
    return list(User.objects.filter(reviews__submission=assessment.latest_id, reviews__ended_at=None))


def _ask_to_reply(thread: Thread, by: User, people: list[User]) -> None:
    """Whoever of them may read the thread, `by` apart."""
    seats = seats_of(thread.assessment, people)
    for person in {person.pk: person for person in people if person != by and person.pk in seats}.values():
        if Thread.objects.visible_to(seats[person.pk]).filter(pk=thread.pk).exists():
            ask(
                user=person,
                assessment=thread.assessment,
                kind=Ask.Kind.REPLY,
                by=by,
                about=str(thread.pk),
                mail_again=True,
            )
