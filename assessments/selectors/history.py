"""Who changed what from what to what, and when: out of the events that the database keeps by itself.

Each kind of row says how one event of it reads as lines of text; a change is what differs between two events of the
same row. Nothing here writes: no page and no command edits an event.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.dateformat import format as format_date

from assessments.catalogue.schema import Catalogue, Item
from assessments.models import (
    Answer,
    Assessment,
    CashFlow,
    Comment,
    Engagement,
    Evidence,
    EvidenceItem,
    Invitation,
    Membership,
    Opinion,
    Organisation,
    Participation,
    PlanItem,
    Rating,
    Review,
    Role,
    Service,
    Settlement,
    Stage,
    State,
    Submission,
    Thread,
    User,
)
from assessments.models.answer import Content
from assessments.models.plan import Agreement
from assessments.selectors.checking import answer_in_words, proof_in_words
from assessments.selectors.plan_history import GONE, Change, in_words
from assessments.selectors.workbook import PROFILE

Event = Any
Lines = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One event: when, who, of which kind, about what, and what changed. `did` is added, changed or removed."""

    at: dt.datetime
    who: str
    kind: str
    title: str
    about: str
    did: str
    changes: tuple[Change, ...]
    href: str = ""


@dataclass(frozen=True)
class Names:
    """What ids stand for."""

    people: Mapping[int, str]
    bodies: Mapping[Any, str]
    catalogue: Catalogue | None = None
    pk: Any = None
    # Submissions that were returned: what was asked for with it is told; till then it is the adviser's own note.
    returned: frozenset[Any] = frozenset()

    def person(self, pk: Any) -> str:
        return self.people.get(int(pk), GONE) if pk is not None else ""

    def body(self, pk: Any) -> str:
        return self.bodies.get(pk, "An organisation that is gone") if pk is not None else ""

    def item(self, item_id: str) -> str:
        found = self._found(item_id)
        return found.title if found else item_id

    def _found(self, item_id: str) -> Item | None:
        return self.catalogue.items.get(item_id) if self.catalogue else None

    def questionnaire(self, slug: str) -> str:
        if slug == PROFILE:
            return "Your service and plans"
        titles = {barrier.id: barrier.title for barrier in self.catalogue.barriers} if self.catalogue else {}
        return titles.get(slug, slug)

    def action(self, action_id: str) -> str:
        """The title of an action of the catalogue, or what the others are made from."""
        made, _colon, of = action_id.partition(":")
        if not of:
            actions = self.catalogue.actions if self.catalogue else {}
            return actions[action_id].title if action_id in actions else action_id
        return f"{made.replace('-', ' ').capitalize()}: {self.item(of) if self._found(of) else self.questionnaire(of)}"


@dataclass(frozen=True)
class Kind:
    """How the events of one model are read. `about` names what an event is about, `lines` says what it holds."""

    name: str
    title: str
    model: type[Model]
    about: Callable[[Event, Names], str]
    lines: Callable[[Event, Names], Lines]
    # Who is behind an event: the first of these that is set.
    who: tuple[str, ...] = ("changed_by_id",)
    # Ids in an event whose names are wanted.
    people: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    item: str = ""
    # The address that an entry leads to, by URL name; it takes the assessment, and the item where there is one.
    page: str = ""

    @property
    def events(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.model.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
        return found


# One event in words ------------------------------------------------------------------------------------------------


def _day(date: dt.date | None) -> str:
    return format_date(date, "j F Y") if date else ""


def _yes(value: bool) -> str:
    return "Yes" if value else ""


def _answer(event: Event, names: Names) -> Lines:
    content = Content(*(getattr(event, name) for name in Content.FIELDS))
    item = names.catalogue.items.get(event.item) if names.catalogue else None
    said = State(content.state).label if item is None else answer_in_words(item, content)
    return {
        "Answer": "" if content.state == State.NOT_ANSWERED else str(said),
        "Proof": proof_in_words(content),
        "Note": content.note,
        "Why it does not apply": content.reason,
        "Who would know": content.who_knows,
        "To be known by": _day(content.know_by),
    }


def _level(state: str, level: int | None) -> str:
    return f"Level {level}" if level is not None else str(State(state).label) if state else ""


def _rating(event: Event, names: Names) -> Lines:
    return {
        "Adviser's level": _level(event.state, event.level),
        "Recorded before the client's was shown": _yes(event.is_blind),
        "Adviser's reason": event.reason,
        "Settled": str(Rating.Settled(event.settled).label) if event.settled else "",
        "Settled on": _level(event.agreed_state, event.agreed_level),
        "Why": event.settled_reason,
        "What the service says to it": event.client_words,
    }


def _agreement(event: Event, names: Names) -> Lines:
    return dict(in_words(Agreement(*(getattr(event, name) for name in Agreement.FIELDS))))


def _figures(event: Event, names: Names) -> Lines:
    return dict(_flat(event.inputs))


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every figure of a nested table by the way to it: "income 1, monthly"."""
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value, start=1)
    else:
        yield name.replace("_", " "), str(value)
    for part, below in parts:
        joint = " " if isinstance(part, int) else ", "
        yield from _flat(below, f"{name}{joint if name else ''}{part}")


def _state_of(event: Event, names: Names) -> Lines:
    return {
        "Lead": names.person(event.lead_id),
        "Next decision": str(Stage(event.stage).label),
        "Catalogue": event.edition,
        "Reviewed and signed off": _yes(event.is_reviewed),
    }


def _participation(event: Event, names: Names) -> Lines:
    return {
        "Takes part as": str(Role(event.role).label),
        "Questionnaires": "; ".join(names.questionnaire(slug) for slug in event.questionnaires),
    }


def _engagement(event: Event, names: Names) -> Lines:
    return {
        "Let in by": names.person(event.began_by_id),
        "Ended": _day(event.ended_at and event.ended_at.date()),
        "Ended by": names.person(event.ended_by_id),
    }


def _evidence(event: Event, names: Names) -> Lines:
    return {
        "Title": event.title,
        "Grade": str(Evidence(event.grade).label),
        "Date": _day(event.dated),
        "Link": event.link,
        "File": event.file_name,
    }


def _submission(event: Event, names: Names) -> Lines:
    return {
        "Status": str(Submission.Status(event.status).label),
        "To": names.body(event.firm_id),
        "Said with it": event.words,
        "Adviser's own levels all recorded": _day(event.revealed_at and event.revealed_at.date()),
    }


def _review(event: Event, names: Names) -> Lines:
    is_told = event.ended_at is not None and event.submission_id in names.returned
    wanted = event.wanted if is_told else {}
    return {
        "Adviser": names.person(event.adviser_id),
        "Ended": _day(event.ended_at and event.ended_at.date()),
        **{f"To change: {names.item(item)}": words for item, words in wanted.items()},
    }


def _thread(event: Event, names: Names) -> Lines:
    return {
        "Read by": str(Thread.Audience(event.audience).label),
        "Resolved": _day(event.resolved_at and event.resolved_at.date()),
    }


def _opinion(event: Event, names: Names) -> Lines:
    """That it was asked and given; what it says is on its own page, for who may read it there."""
    return {
        "Asked as": event.capacity,
        "Given": _day(event.given_at and event.given_at.date()),
        "Taken back or replaced": _day(event.closed_at and event.closed_at.date()),
    }


def _body(event: Event, names: Names) -> Lines:
    return {
        "Name": event.name,
        "Keeps unchanged assessments": f"{event.keep_months} months" if event.keep_months else "",
        "To be erased on": _day(event.erase_on),
    }


def _membership(event: Event, names: Names) -> Lines:
    return {"Belongs to it as": str(Membership.Role(event.role).label)}


def _invitation(event: Event, names: Names) -> Lines:
    return {
        "To": event.email,
        "As": str(Membership.Role(event.role).label),
        "Works until": _day(event.expires_at.date()),
        "Accepted by": names.person(event.accepted_by_id),
        "Withdrawn by": names.person(event.withdrawn_by_id),
    }


def _item(event: Event, names: Names) -> str:
    return names.item(event.item)


def _user(event: Event, names: Names) -> str:
    return names.person(event.user_id)


ASSESSMENT = Kind("assessment", "Assessment", Assessment, lambda event, names: "", _state_of, people=("lead_id",))
ANSWER = Kind("answer", "Answer", Answer, _item, _answer, item="item", page="question-item")
EVIDENCE = Kind("evidence", "Evidence", EvidenceItem, _item, _evidence, item="item", page="question-item")
SETTLEMENT = Kind(
    "settlement",
    "Second opinions settled",
    Settlement,
    _item,
    lambda event, names: {"Reason": event.reason},
    item="item",
    page="question-item",
)
RATING = Kind("rating", "Adviser's level", Rating, _item, _rating, item="item", page="question-item")
THREAD = Kind("thread", "Conversation", Thread, _item, _thread, item="item", page="question-item")
COMMENT = Kind(
    "comment",
    "Comment",
    Comment,
    lambda event, names: "",
    lambda event, names: {"Text": event.text},
    who=("written_by_id",),
)
OPINION = Kind(
    "opinion",
    "Second opinion",
    Opinion,
    lambda event, names: f"{names.questionnaire(event.barrier)}, {names.person(event.user_id)}",
    _opinion,
    people=("user_id",),
)
PLAN = Kind("plan", "Plan", PlanItem, lambda event, names: names.action(event.action), _agreement)
FIGURES = Kind("figures", "Cash-flow figures", CashFlow, lambda event, names: "", _figures, page="cash-flow")
PEOPLE = Kind("people", "People", Participation, _user, _participation, people=("user_id",))
ENGAGEMENT = Kind(
    "engagement",
    "Advisers",
    Engagement,
    lambda event, names: names.body(event.firm_id),
    _engagement,
    who=("ended_by_id", "began_by_id"),
    people=("began_by_id", "ended_by_id"),
    bodies=("firm_id",),
)
SUBMISSION = Kind(
    "submission",
    "Submission",
    Submission,
    lambda event, names: f"Submission {event.number}",
    _submission,
    bodies=("firm_id",),
)
REVIEW = Kind("review", "Review", Review, lambda event, names: "", _review, people=("adviser_id",))

KINDS = (
    ANSWER,
    EVIDENCE,
    FIGURES,
    PLAN,
    PEOPLE,
    ENGAGEMENT,
    OPINION,
    SETTLEMENT,
    THREAD,
    COMMENT,
    SUBMISSION,
    REVIEW,
    RATING,
    ASSESSMENT,
)
TITLES = {kind.name: kind.title for kind in KINDS}

BODY = Kind("organisation", "Organisation", Organisation, lambda event, names: "", _body)
MEMBERSHIP = Kind("membership", "Member", Membership, _user, _membership, people=("user_id",))
INVITATION = Kind(
    "invitation",
    "Invitation",
    Invitation,
    lambda event, names: event.email,
    _invitation,
    who=("withdrawn_by_id", "accepted_by_id", "invited_by_id"),
    people=("accepted_by_id", "withdrawn_by_id"),
)
SERVICE = Kind(
    "service", "Service", Service, lambda event, names: event.name, lambda event, names: {"Name": event.name}
)


# The history of an assessment --------------------------------------------------------------------------------------


@dataclass
class History:
    """Everything that happened, newest first. `kinds` are those in it, with their titles."""

    entries: list[Entry]
    kinds: dict[str, str] = field(default_factory=dict)

    def only(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind] if kind in self.kinds else self.entries


def history_of(assessment: Assessment) -> History:
    """All that the person with `assessment.seat` may read of it."""
    return _history({kind: _events_of(assessment, kind) for kind in KINDS}, assessment)


def history_of_item(assessment: Assessment, item_id: str) -> History:
    """The same about one question or gate."""
    about = {kind: _events_of(assessment, kind).filter(item=item_id) for kind in KINDS if kind.item}
    threads = Thread.objects.visible_to(assessment.seat).filter(assessment=assessment, item=item_id)
    about[COMMENT] = COMMENT.events.filter(thread__in=threads.values("pk"))
    return _history(about, assessment)


def _events_of(assessment: Assessment, kind: Kind) -> QuerySet[Any]:
    scope = _SCOPES.get(kind.name)
    return kind.events.filter(scope(assessment) if scope else Q(assessment_id=assessment.pk))


def _threads(assessment: Assessment) -> QuerySet[Any]:
    return Thread.objects.visible_to(assessment.seat).filter(assessment=assessment).values("pk")


def _ratings(assessment: Assessment) -> Q:
    """The client's people read the adviser's levels when they are all recorded."""
    submissions = Submission.objects.filter(assessment=assessment)
    if assessment.seat.is_client:
        submissions = submissions.filter(revealed_at__isnull=False)
    return Q(review_id__in=submissions.values("pk"))


_SCOPES: dict[str, Callable[[Assessment], Q]] = {
    "assessment": lambda assessment: Q(pgh_obj_id=assessment.pk),
    "thread": lambda assessment: Q(pgh_obj_id__in=_threads(assessment)),
    "comment": lambda assessment: Q(thread_id__in=_threads(assessment)),
    "submission": lambda assessment: Q(pgh_obj_id__in=Submission.objects.filter(assessment=assessment).values("pk")),
    "review": lambda assessment: Q(submission_id__in=Submission.objects.filter(assessment=assessment).values("pk")),
    "rating": _ratings,
}


# The history of an organisation ------------------------------------------------------------------------------------


def history_of_organisation(organisation: Organisation) -> History:
    """Its names, members, invitations and services; and the firms let in to its assessments, or, of a firm, where it
    was let in."""
    own = Q(organisation_id=organisation.pk)
    assessments = Assessment.objects.filter(service__organisation=organisation).values("pk")
    return _history(
        {
            BODY: BODY.events.filter(pgh_obj_id=organisation.pk),
            MEMBERSHIP: MEMBERSHIP.events.filter(own),
            INVITATION: INVITATION.events.filter(own),
            SERVICE: SERVICE.events.filter(own),
            ENGAGEMENT: ENGAGEMENT.events.filter(Q(assessment_id__in=assessments) | Q(firm_id=organisation.pk)),
        },
        None,
    )


# Putting it together -----------------------------------------------------------------------------------------------


def _history(wanted: Mapping[Kind, QuerySet[Any]], assessment: Assessment | None) -> History:
    """One query for the events of each kind, and two for the names in them."""
    found = {kind: list(events.select_related("pgh_context")) for kind, events in wanted.items()}
    names = _names(found, assessment)
    entries = [entry for kind, events in found.items() for entry in _entries(kind, events, names)]
    # Turned round as a whole: what one transaction did has one time, and keeps its order.
    entries.sort(key=attrgetter("at"))
    entries.reverse()
    present = {entry.kind for entry in entries}
    return History(entries, {kind.name: kind.title for kind in wanted if kind.name in present})


def _names(found: Mapping[Kind, list[Event]], assessment: Assessment | None) -> Names:
    people: set[int] = set()
    bodies: set[Any] = set()
    for kind, events in found.items():
        for event in events:
            people.update(pk for name in kind.people if (pk := getattr(event, name)) is not None)
            bodies.update(getattr(event, name) for name in kind.bodies)
            people.update(_who(kind, event))
    known = User.objects.filter(pk__in=people)
    return Names(
        {person.pk: GONE if person.erased_at else str(person) for person in known},
        dict(Organisation.objects.filter(pk__in=bodies).values_list("pk", "name")) if bodies else {},
        assessment.catalogue if assessment else None,
        assessment.pk if assessment else None,
        frozenset(
            event.pgh_obj_id for event in found.get(SUBMISSION, []) if event.status == Submission.Status.RETURNED
        ),
    )


def _who(kind: Kind, event: Event) -> list[int]:
    """Whose event it is: a row that is deleted does not say by whom, but the request around it does."""
    context = (event.pgh_context.metadata if event.pgh_context else {}).get("user")
    if event.pgh_label == "delete" and context is not None:
        return [int(context)]
    pk = next((pk for name in kind.who if (pk := getattr(event, name)) is not None), None)
    return [] if pk is None else [pk]


_DID = {"insert": "added", "update": "changed", "delete": "removed"}


def _entries(kind: Kind, events: list[Event], names: Names) -> Iterator[Entry]:
    before: dict[Any, Lines] = {}
    for event in events:
        is_gone = event.pgh_label == "delete"
        lines: Lines = {} if is_gone else kind.lines(event, names)
        was = before.get(event.pgh_obj_id, {})
        before[event.pgh_obj_id] = lines
        changes = tuple(_changes(was, lines))
        if not changes and event.pgh_label == "update":
            continue
        yield Entry(
            at=event.pgh_created_at,
            who=", ".join(names.person(pk) for pk in _who(kind, event)) or GONE,
            kind=kind.name,
            title=kind.title,
            about=kind.about(event, names),
            did=_DID.get(event.pgh_label, event.pgh_label),
            changes=changes,
            href=_href(kind, event, names),
        )


def _changes(was: Lines, now: Lines) -> Iterator[Change]:
    for what in dict.fromkeys((*was, *now)):
        before, after = was.get(what, ""), now.get(what, "")
        if before != after:
            yield Change(what, before, after)


def _href(kind: Kind, event: Event, names: Names) -> str:
    if not kind.page or names.pk is None:
        return ""
    return reverse(kind.page, args=[names.pk, getattr(event, kind.item)] if kind.item else [names.pk])


# As a table --------------------------------------------------------------------------------------------------------

HEAD = ("When", "Who", "What", "About", "Did", "Field", "From", "To")


def rows_of(history: History) -> Iterator[tuple[str, ...]]:
    """A row for each change; for an event that changed nothing that is told, one row without a field."""
    for entry in history.entries:
        first = (entry.at.isoformat(timespec="seconds"), entry.who, entry.title, entry.about, entry.did)
        for change in entry.changes or (Change("", "", ""),):
            yield (*first, change.what, change.was, change.now)
