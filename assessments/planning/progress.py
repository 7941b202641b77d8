"""What people have agreed about the actions of a plan, as plain data by action id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Progress(StrEnum):
    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    WILL_NOT_DO = "will_not_do"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is agreed about one action. `reason` says why it will not be done; an empty owner is the catalogue's."""

    progress: Progress = Progress.OPEN
    owner: str = ""
    starts_on: dt.date | None = None
    due_on: dt.date | None = None
    reason: str = ""


AgreedPlan = Mapping[str, Agreed]

NOTHING_AGREED: AgreedPlan = MappingProxyType({})
OPEN = Agreed()
