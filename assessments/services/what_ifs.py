"""What keeps a what-if. Nothing here touches the assessment, its answers, its plan or its figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.models import User, WhatIf
from assessments.planning.assessed import Assessed
from assessments.planning.planned import Priority
from assessments.planning.what_if import Tried
from assessments.scoring.result import Colour
from assessments.selectors.what_if import Record


class NothingToTry(Exception):
    """The result leaves nothing of this kind to try. Says so in a sentence."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a what-if tries, as it is stored."""

    name: str
    done: list[str] = field(default_factory=list)
    answers: Mapping[str, int | str | None] = field(default_factory=dict)
    cash: Mapping[str, Any] = field(default_factory=dict)


def make(*, record: Record, by: User, content: Content) -> WhatIf:
    return WhatIf.objects.create(assessment=record.assessment, made_by=by, record=record.stamp, **_fields(content))


def change(*, record: Record, kept: WhatIf, content: Content) -> WhatIf:
    """Tries something else under the same address, from the record as it is now."""
    for name, value in _fields(content).items():
        setattr(kept, name, value)
    kept.record = record.stamp
    kept.save(update_fields=[*_fields(content), "record", "changed_at"])
    return kept


def set_answers(*, record: Record, kept: WhatIf, answers: Mapping[str, int | str | None]) -> WhatIf:
    return change(record=record, kept=kept, content=Content(kept.name, kept.done, answers, kept.cash))


def rename(*, kept: WhatIf, name: str) -> WhatIf:
    kept.name = name
    kept.save(update_fields=["name"])
    return kept


def try_way_up(*, record: Record, by: User) -> WhatIf:
    """One with the shortest way up to the next colour. Asked for again, the same one."""
    now = _as_it_is(record)
    if not now.way_up:
        raise NothingToTry("There is no way up to try: the whole stands as high as it can.")
    name = f"The shortest way up to {_next(now.result.supported.worst.colour).word}"
    return _once(record, by, Content(name, answers={change.id: change.to for change in now.way_up}))


def try_do_now(*, record: Record, by: User) -> WhatIf:
    """One with every action ticked that is to be done now. Asked for again, the same one."""
    urgent = [action.id for action in _as_it_is(record).actions if action.priority is Priority.DO_NOW]
    if not urgent:
        raise NothingToTry("No action is marked “Do now”.")
    return _once(record, by, Content("Every action marked “Do now”", done=urgent))


def _as_it_is(record: Record) -> Assessed:
    return record.outcome(Tried()).before


def _next(colour: Colour) -> Colour:
    return Colour.AMBER if colour is Colour.RED else Colour.GREEN


def _once(record: Record, by: User, content: Content) -> WhatIf:
    """A second press of the button finds what the first one made, unless the record has changed since."""
    found = WhatIf.objects.filter(assessment=record.assessment, record=record.stamp, **_fields(content)).first()
    return found or make(record=record, by=by, content=content)


def _fields(content: Content) -> dict[str, Any]:
    return {
        "name": content.name,
        "done": list(content.done),
        "answers": dict(content.answers),
        "cash": dict(content.cash),
    }
