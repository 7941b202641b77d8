"""History kept by the database: who changed what from what to what, also when code forgets."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


def tracked(name: str, *, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Every insert, every change and every deletion of a row becomes a row of the event model `name`, which nobody can
    edit. `only` names the fields that count, `without` those that do not."""
    fields: dict[str, Any] = {"fields": list(only)} if only else {"exclude": list(without)} if without else {}
    update = pghistory.UpdateEvent(condition=pghistory.AnyChange(*only)) if only else pghistory.UpdateEvent()
    track: Callable[[Model], Model] = pghistory.track(
        pghistory.InsertEvent(), update, pghistory.DeleteEvent(), model_name=name, append_only=True, **fields
    )
    return track
