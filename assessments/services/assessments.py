"""What changes an assessment: start it, save answers to it, move it to another stage.

Every change locks the assessment, writes, scores in memory and stores the result beside it in one transaction.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from assessments.catalogue.path import path
from assessments.catalogue.schema import Catalogue, Gate, Stage
from assessments.models import Answer, Assessment, CashFlow, Membership, Organisation, Service, State, User
from assessments.models.answer import (
    ANSWERS_AS_JSON,
    EMPTY,
    Content,
    Stored,
    answers_from_json,
    contents_of,
    plain_answers,
    plain_facts,
)
from assessments.planning.actions import first_three, plan_actions
from assessments.planning.document import action_to_dict
from assessments.planning.planned import PlannedAction
from assessments.scoring import contradictions
from assessments.scoring.answers import Answers
from assessments.scoring.fingerprint import fingerprint
from assessments.scoring.result import Contradiction, Result
from assessments.scoring.score import score
from assessments.scoring.serialise import result_to_dict
from assessments.selectors.cash_flow import capped
from assessments.selectors.ratings import with_ratings
from assessments.services.plan import keep_in_step

# What items said at some version, by item and version.
Contents = Mapping[tuple[str, int], Content]

SCORED = ("result", "colours", "fingerprint", "scored_on", "target_date")
# The fact of the profile that says when the next decision is due; actions are planned back from it.
TARGET_DATE = "target-date"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to save for one item, and the version of the row that their page showed (0: none)."""

    item: str
    version: int
    content: Content


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else saved the same item since the page was filled: what stands, and what was about to be saved."""

    item: str
    version: int
    theirs: Content
    theirs_by: User
    theirs_at: dt.datetime
    mine: Content


@dataclass(frozen=True, slots=True)
class Saved:
    """`items` were written; `conflicts` were not, and the person has to choose. `before` and the assessment's own
    `colours` say what the answers did, `contradicted` what did not fit together before. `rows` are all its answers as
    they stand now, by item."""

    assessment: Assessment
    before: dict[str, list[str]]
    rows: Mapping[str, Stored]
    items: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    contradicted: tuple[Contradiction, ...] = ()


def today() -> dt.date:
    return timezone.localdate()


@transaction.atomic
def start(
    *,
    by: User,
    organisation: Organisation,
    service_name: str,
    stage: Stage,
    edition: str,
    target_date: dt.date | None = None,
) -> Assessment:
    """A new assessment that `by` leads, scored at once: everything in it is unknown but the date, if it is given.

    Raises Membership.DoesNotExist for who does not belong, or no longer belongs, to the organisation.
    """
    Membership.objects.select_for_update(of=("self",)).get(organisation=organisation, user=by)
    service = Service.objects.create(organisation=organisation, name=service_name, changed_by=by)
    assessment = Assessment(service=service, lead=by, changed_by=by, stage=stage.value, edition=edition)
    _score(assessment, {})
    assessment.save()
    if target_date is None or TARGET_DATE not in assessment.catalogue.items:
        return assessment
    due = Content(State.ANSWERED.value, value=target_date.isoformat())
    return save_answers(assessment=assessment, by=by, drafts=[Draft(TARGET_DATE, 0, due)]).assessment


@transaction.atomic
def change(*, assessment: Assessment, by: User, service_name: str, stage: Stage) -> Assessment:
    """Rename the service or move to another next decision. Answers stay; what is asked and required changes."""
    locked = _locked(assessment)
    if locked.service.name != service_name:
        locked.service.name, locked.service.changed_by = service_name, by
        locked.service.save(update_fields=["name", "changed_by"])
    locked.is_reviewed = locked.is_reviewed and locked.stage == stage.value
    locked.stage = stage.value
    locked.changed_by = by
    standing = _standing(locked)
    actions = _score(locked, contents_of(standing.rows))
    locked.save(update_fields=[*SCORED, "stage", "is_reviewed", "changed_by", "changed_at"])
    keep_in_step(locked, actions, standing.agreed)
    return locked


@transaction.atomic
def save_answers(*, assessment: Assessment, by: User, drafts: Iterable[Draft]) -> Saved:
    """Save what changed among `drafts`; different items never collide.

    An item is written when its row still has the version that the page was filled from. An item that the person
    did not touch is left as somebody else saved it. An item that both changed comes back as a `Conflict`; but where
    only its proof has changed since, as when evidence is added beside the page, both changes stand.
    """
    return save_answers_of_locked(locked=_locked(assessment), by=by, drafts=drafts)


def save_answers_of_locked(*, locked: Assessment, by: User, drafts: Iterable[Draft]) -> Saved:
    """The same where the caller's transaction has read the assessment with its lock."""
    before = locked.colours
    standing = _standing(locked)
    rows = standing.rows
    fresh, stale = _sort_by_version((_whole(locked, draft, rows) for draft in drafts), rows)
    bases, saved = _history_of(locked, stale) if stale else ({}, {})
    fresh += [better for draft in stale if (better := _on_newer_proof(draft, bases, rows))]
    contradicted = _contradicted(locked, rows) if fresh else ()
    if fresh:
        _write(locked, by, fresh, standing)
    kept = {draft.item for draft in fresh}
    conflicts = _conflicts([draft for draft in stale if draft.item not in kept], bases, saved)
    return Saved(locked, before, rows, tuple(draft.item for draft in fresh), conflicts, contradicted)


@transaction.atomic
def rescore(*, assessment: Assessment) -> Assessment:
    """Score again as of today: evidence ages even when nobody changes an answer."""
    locked = _locked(assessment)
    standing = _standing(locked)
    actions = _score(locked, contents_of(standing.rows))
    locked.save(update_fields=[*SCORED])
    keep_in_step(locked, actions, standing.agreed)
    return locked


def _locked(assessment: Assessment) -> Assessment:
    """Without the result, which is about to be replaced."""
    return Assessment.objects.select_for_update(of=("self",)).defer("result").get(pk=assessment.pk)


@dataclass(frozen=True, slots=True)
class _Standing:
    """All that the result of an assessment follows from. `agreed`: the actions in the plan that somebody has agreed
    something about, and whether the answers call for each."""

    rows: dict[str, Stored]
    agreed: Mapping[str, bool]


_STANDING = f"""
SELECT {ANSWERS_AS_JSON},
  (SELECT json_object_agg(action, called_for) FROM assessments_planitem WHERE assessment_id = %s),
  (SELECT json_build_array(version, inputs) FROM assessments_cashflow WHERE assessment_id = %s)
"""  # noqa: S608  # holds nothing that comes from outside


def _standing(locked: Assessment) -> _Standing:
    """In one query; the figures, which cap answers, are set on the assessment.

    After the lock and not with it: of a row that is joined to one that had to be waited for, PostgreSQL gives what it
    was before the wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [locked.pk] * 3)
        answers, agreed, figures = cursor.fetchone()
    kept = CashFlow(assessment=locked, version=figures[0], inputs=figures[1]) if figures else None
    Assessment.cash_flow.related.set_cached_value(locked, kept)
    return _Standing(answers_from_json(answers), agreed or {})


def _whole(assessment: Assessment, draft: Draft, rows: Mapping[str, Stored]) -> Draft:
    """The draft with what its page could not show: a gate marked "not applicable" at a stage that allowed it, where
    this stage does not. It counts as not known until somebody chooses, and comes back with its stage."""
    row, item = rows.get(draft.item), assessment.catalogue.items.get(draft.item)
    if row is None or not isinstance(item, Gate) or item.may_be_left_out(assessment.next_decision):
        return draft
    if (row.content.state, draft.content.state) != (State.NOT_APPLICABLE, State.NOT_ANSWERED):
        return draft
    return replace(draft, content=replace(draft.content, state=State.NOT_APPLICABLE.value, reason=row.content.reason))


def _sort_by_version(drafts: Iterable[Draft], rows: Mapping[str, Stored]) -> tuple[list[Draft], list[Draft]]:
    """The drafts that differ from what stands, apart by whether their row is still the one they were filled from. Where
    there is no row there is nothing to overwrite, whatever the draft says that it was filled from."""
    fresh: list[Draft] = []
    stale: list[Draft] = []
    for draft in drafts:
        row = rows.get(draft.item, Stored(0, EMPTY))
        if draft.content == row.content:
            continue
        if row.version == 0:
            fresh.append(replace(draft, version=0))
        else:
            (fresh if draft.version == row.version else stale).append(draft)
    return fresh, stale


def _write(assessment: Assessment, by: User, drafts: Iterable[Draft], standing: _Standing) -> None:
    changed = [_row(assessment, by, draft) for draft in drafts]
    Answer.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["assessment", "item"],
        update_fields=[*Content.FIELDS, "version", "changed_by", "changed_at"],
    )
    standing.rows.update({row.item: Stored(row.version, row.content) for row in changed})
    assessment.changed_by = by
    # What an adviser signed off were other answers.
    assessment.is_reviewed = False
    actions = _score(assessment, contents_of(standing.rows))
    assessment.save(update_fields=[*SCORED, "is_reviewed", "changed_by", "changed_at"])
    keep_in_step(assessment, actions, standing.agreed)


def _contradicted(assessment: Assessment, rows: Mapping[str, Stored]) -> tuple[Contradiction, ...]:
    """What does not fit together in the answers as they stand. Worked out, because to read the stored result takes
    longer."""
    catalogue, stage, contents = assessment.catalogue, assessment.next_decision, contents_of(rows)
    wanted = contradictions.looked_at(catalogue)
    answers = plain_answers(catalogue, stage, today(), {item: contents[item] for item in wanted & contents.keys()})
    return contradictions.find(path(catalogue, stage, plain_facts(catalogue, contents), answers.as_of), answers)


def _row(assessment: Assessment, by: User, draft: Draft) -> Answer:
    fields: dict[str, Any] = {name: getattr(draft.content, name) for name in Content.FIELDS}
    return Answer(assessment=assessment, item=draft.item, version=draft.version + 1, changed_by=by, **fields)


def _on_newer_proof(draft: Draft, bases: Contents, rows: Mapping[str, Stored]) -> Draft | None:
    """The stale draft with the proof that stands, if that is all that was changed since and the draft itself leaves
    the proof as its page showed it, or says the same of it. None where nothing but somebody can decide."""
    base = bases.get((draft.item, draft.version), EMPTY if draft.version == 0 else None)
    if base in (None, draft.content):
        return None
    stands = rows[draft.item]
    mine, theirs = (replace(content, **_proof(stands.content)) for content in (draft.content, base))
    if theirs != stands.content or _proof(draft.content) not in (_proof(base), _proof(stands.content)):
        return None
    return Draft(draft.item, stands.version, mine)


def _proof(content: Content) -> dict[str, Any]:
    return {"evidence": content.evidence, "evidence_date": content.evidence_date}


def _conflicts(stale: list[Draft], bases: Contents, saved: Mapping[str, Answer]) -> tuple[Conflict, ...]:
    """Of the stale drafts, those whose content differs from what their page was filled from."""
    return tuple(
        Conflict(
            item=draft.item,
            version=saved[draft.item].version,
            theirs=saved[draft.item].content,
            theirs_by=saved[draft.item].changed_by,
            theirs_at=saved[draft.item].changed_at,
            mine=draft.content,
        )
        for draft in stale
        if draft.content != bases.get((draft.item, draft.version), EMPTY)
    )


def _history_of(assessment: Assessment, drafts: list[Draft]) -> tuple[Contents, Mapping[str, Answer]]:
    """What each item of these drafts said at any version, and its row as it stands. In one query: the history has an
    event for every row."""
    events = Answer.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        assessment_id=assessment.pk, item__in=[draft.item for draft in drafts]
    )
    contents, rows = {}, {}
    for event in events.select_related("pgh_obj__changed_by"):
        contents[event.item, event.version] = Content(**{name: getattr(event, name) for name in Content.FIELDS})
        rows[event.item] = event.pgh_obj
    return contents, rows


def _score(assessment: Assessment, contents: Mapping[str, Content]) -> tuple[PlannedAction, ...]:
    """Set the stored result, its fingerprint and its day on `assessment`, and say which actions it calls for.

    The caller saves, and keeps the plan in step.
    """
    plain = plain_answers(assessment.catalogue, assessment.next_decision, today(), contents)
    answers = capped(with_ratings(plain, assessment), assessment)
    scored = scored_as(assessment.catalogue, answers)
    assessment.result, assessment.colours, assessment.fingerprint = scored.result, scored.colours, scored.fingerprint
    assessment.scored_on = answers.as_of
    target_date = answers.profile.get(TARGET_DATE)
    assessment.target_date = target_date if isinstance(target_date, dt.date) else None
    return scored.actions


@dataclass(frozen=True, slots=True)
class Scored:
    """What answers come to, in the shape in which an assessment and a submission keep it."""

    result: dict[str, Any]
    colours: dict[str, list[str]]
    fingerprint: str
    actions: tuple[PlannedAction, ...]


def scored_as(catalogue: Catalogue, answers: Answers) -> Scored:
    """The same answers always come to the same. With their caps, if they have any."""
    result = score(catalogue, answers)
    actions = plan_actions(catalogue, result, answers)
    first = [action_to_dict(action) for action in first_three(actions)]
    stored = {**result_to_dict(result), "first": first}
    return Scored(stored, _colours(result), fingerprint(catalogue.digest, answers), actions)


def _colours(result: Result) -> dict[str, list[str]]:
    ranges = {"overall": result.supported, **{barrier.id: barrier.supported for barrier in result.barriers}}
    return {key: [ends.worst.colour.value, ends.best.colour.value] for key, ends in ranges.items()}
