"""The file in which everything of an organisation travels, version 1. Export writes it, import reads it.

A ZIP of

    README.txt            what it is, for people
    organisation.json     format and version, whose it is, and of every other member its rows or bytes and its SHA-256
    rows/<part>.jsonl     the rows as they stand: one JSON object a line, UTF-8; the parts are `PARTS`
    history/<part>.jsonl  every change to them, oldest first, as the database noted it (columns `pgh_…`)
    history/contexts.jsonl  by whom and at which address each change was made (`pgh_context` points here)
    rows/people.jsonl     whoever the rows name: {"id", "email", "name", "is_gone"}
    rows/firms.jsonl      the adviser firms that the rows name: {"id", "name"}
    files/evidence/<id>   evidence that was uploaded, under the id of its row
    files/reports/<id>.pdf
    to-read/<part>.jsonl  of a firm only: what it wrote for itself on assessments of others; import leaves it out

The columns of a row are the fields of its model by name. A field that points to another row holds that row's id:
people by the number in people.jsonl, all others by the id that they keep. Dates and times are ISO 8601, amounts text.

What does not travel
- Secrets: passwords, second factors, the hash behind an invitation's link. Who is invited is invited again.
- What this organisation's people may not read: a firm's private comments on an assessment and what it asked about
  them, an adviser's levels before they are shown and wishes before they are told, an opinion that is not given yet.
- E-mail addresses of people who never belonged to the organisation (advisers), only their names.
- A planned erasure, and earlier exports.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from assessments.models import (
    Answer,
    Ask,
    Assessment,
    CashFlow,
    Comment,
    Engagement,
    EvidenceItem,
    Invitation,
    Membership,
    Opinion,
    Organisation,
    Participation,
    PlanItem,
    Rating,
    Report,
    Review,
    Service,
    Settlement,
    Submission,
    Thread,
    WhatIf,
)

FORMAT = "spinout-organisation"
VERSION = 1

MANIFEST = "organisation.json"
README = "README.txt"
PEOPLE = "rows/people.jsonl"
FIRMS = "rows/firms.jsonl"
CONTEXTS = "history/contexts.jsonl"

Row = dict[str, Any]
AnyModel = type[models.Model]


# What belongs to an organisation ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """The ids on which everything hangs, also of what is deleted and stands in the history alone."""

    organisation: frozenset[UUID]
    services: frozenset[UUID]
    assessments: frozenset[UUID]
    submissions: frozenset[UUID]
    threads: frozenset[UUID]
    # Threads that only a firm's own people read.
    private: frozenset[UUID] = frozenset()


def scope_of(organisation: Organisation) -> Scope:
    """Everything of it, a firm's private threads on its assessments included; `Part.readable` leaves those out."""
    own = frozenset({organisation.pk})
    services = _ever(Service, "organisation_id", own)
    assessments = _ever(Assessment, "service_id", services)
    threads = _ever(Thread, "assessment_id", assessments)
    return Scope(
        organisation=own,
        services=services,
        assessments=assessments,
        submissions=_ever(Submission, "assessment_id", assessments),
        threads=threads,
        private=private_threads(threads),
    )


def scope_of_assessment(assessment: Assessment) -> Scope:
    own = frozenset({assessment.pk})
    return Scope(
        organisation=frozenset(),
        services=frozenset(),
        assessments=own,
        submissions=_ever(Submission, "assessment_id", own),
        threads=_ever(Thread, "assessment_id", own),
    )


def _ever(model: AnyModel, by: str, ids: frozenset[UUID]) -> frozenset[UUID]:
    """Rows that hang on `ids`, or once did."""
    events = history_of(model)
    now = model._base_manager.filter(**{f"{by}__in": ids}).values_list("pk", flat=True)
    once = events._base_manager.filter(**{f"{by}__in": ids}).values_list("pgh_obj_id", flat=True).distinct()
    return frozenset(now) | frozenset(once)


def private_threads(threads: frozenset[UUID]) -> frozenset[UUID]:
    return frozenset(
        Thread.objects.filter(pk__in=threads, audience=Thread.Audience.ADVISER).values_list("pk", flat=True)
    )


def events_of(model: AnyModel) -> AnyModel | None:
    """The model of its history; None where none is kept."""
    found: AnyModel | None = getattr(model, "pgh_event_model", None)
    return found


def history_of(model: AnyModel) -> AnyModel:
    found: AnyModel = model.pgh_event_model  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """One table as it stands, or its history. `by` is the column that hangs on the ids in `scope`.

    `readable` leaves out what the organisation's people may not read; `soften` empties it. Erasing takes all of it.
    """

    name: str
    model: AnyModel
    by: str
    scope: str
    readable: Callable[[Scope], Q] | None = None
    soften: Callable[[Scope], Callable[[Row], None]] | None = None

    @property
    def is_history(self) -> bool:
        return self.name.startswith("history/")

    @property
    def member(self) -> str:
        return f"{self.name}.jsonl"

    def rows(self, scope: Scope, *, readable: bool = False) -> models.QuerySet[Any]:
        found = self.model._base_manager.filter(**{f"{self.by}__in": getattr(scope, self.scope)})
        if readable and self.readable is not None:
            found = found.filter(self.readable(scope))
        return found.order_by("pk")


def _not_private(column: str) -> Callable[[Scope], Q]:
    return lambda scope: ~Q(**{f"{column}__in": scope.private})


def _asks_of_all(scope: Scope) -> Q:
    return ~Q(about__in=[str(pk) for pk in scope.private])


def _shown_levels(scope: Scope) -> Q:
    shown = Submission.objects.filter(pk__in=scope.submissions, revealed_at__isnull=False)
    return Q(review_id__in=list(shown.values_list("pk", flat=True)))


def _without_drafts(column: str) -> Callable[[Scope], Callable[[Row], None]]:
    """Empties opinions that are not given: nobody but their writer reads them."""

    def of(scope: Scope) -> Callable[[Row], None]:
        given = {
            str(pk)
            for pk in Opinion.objects.filter(assessment_id__in=scope.assessments, given_at__isnull=False).values_list(
                "pk", flat=True
            )
        }

        def soften(row: Row) -> None:
            if row[column] not in given:
                row["answers"] = {}

        return soften

    return of


def _without_wishes(column: str) -> Callable[[Scope], Callable[[Row], None]]:
    """Empties what advisers note down to ask for, until the submission is returned with it."""

    def of(scope: Scope) -> Callable[[Row], None]:
        told = {
            str(pk)
            for pk in Submission.objects.filter(
                pk__in=scope.submissions, status__in=(Submission.Status.RETURNED, Submission.Status.SIGNED_OFF)
            ).values_list("pk", flat=True)
        }

        def soften(row: Row) -> None:
            if row[column] not in told:
                row["wanted"] = {}

        return soften

    return of


def _without_planned_erasure(_scope: Scope) -> Callable[[Row], None]:
    def soften(row: Row) -> None:
        row["erase_on"] = row["erase_asked_by"] = None

    return soften


# (name, model, column, ids, what may be read, what is emptied)
_ROWS: tuple[tuple[str, AnyModel, str, str, Callable[[Scope], Q] | None], ...] = (
    ("organisation", Organisation, "id", "organisation", None),
    ("members", Membership, "organisation_id", "organisation", None),
    ("invitations", Invitation, "organisation_id", "organisation", None),
    ("services", Service, "organisation_id", "organisation", None),
    ("assessments", Assessment, "service_id", "services", None),
    ("answers", Answer, "assessment_id", "assessments", None),
    ("cash-flows", CashFlow, "assessment_id", "assessments", None),
    ("plan", PlanItem, "assessment_id", "assessments", None),
    ("what-ifs", WhatIf, "assessment_id", "assessments", None),
    ("participations", Participation, "assessment_id", "assessments", None),
    ("engagements", Engagement, "assessment_id", "assessments", None),
    ("evidence", EvidenceItem, "assessment_id", "assessments", None),
    ("submissions", Submission, "assessment_id", "assessments", None),
    ("reviews", Review, "submission_id", "submissions", None),
    ("ratings", Rating, "review_id", "submissions", _shown_levels),
    ("reports", Report, "assessment_id", "assessments", None),
    ("asks", Ask, "assessment_id", "assessments", _asks_of_all),
    ("threads", Thread, "id", "threads", _not_private("id")),
    ("comments", Comment, "thread_id", "threads", _not_private("thread_id")),
    ("opinions", Opinion, "assessment_id", "assessments", None),
    ("settlements", Settlement, "assessment_id", "assessments", None),
)
_SOFTEN: dict[str, Callable[[Scope], Callable[[Row], None]]] = {
    "rows/organisation": _without_planned_erasure,
    "rows/opinions": _without_drafts("id"),
    "history/opinions": _without_drafts("pgh_obj"),
    "rows/reviews": _without_wishes("submission"),
    "history/reviews": _without_wishes("submission"),
}


def _parts() -> Iterator[Part]:
    for name, model, by, scope, readable in _ROWS:
        yield Part(f"rows/{name}", model, by, scope, readable, _SOFTEN.get(f"rows/{name}"))
    for name, model, by, scope, readable in _ROWS:
        events = events_of(model)
        if events is not None:
            yield Part(f"history/{name}", events, by, scope, readable, _SOFTEN.get(f"history/{name}"))


PARTS = tuple(_parts())
# Made by no person and shown to none; or of nobody's (RatedPair says of which review, and nothing else).
NOT_OF_AN_ORGANISATION = frozenset({"User", "Access", "Export", "RatedPair"})
