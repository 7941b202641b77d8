"""The stored result as its page shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessments.models import Assessment
from assessments.scoring.result import BarrierResult, Result
from assessments.scoring.serialise import result_from_dict


@dataclass(frozen=True)
class PictureRow:
    """A barrier as the picture draws it; `in_words` says the same to who cannot see it."""

    id: str
    title: str
    barrier: BarrierResult
    low: int
    high: int

    @property
    def width(self) -> int:
        """At least a sliver, so that a single value can be seen."""
        return max(self.high - self.low, 2)

    @property
    def start(self) -> int:
        return min(self.low, 98)

    @property
    def in_words(self) -> str:
        if self.barrier.index is None:
            return f"{self.title}: no question applies"
        return f"{self.title}: between {self.low} and {self.high} per cent of the way to level 4 everywhere"


@dataclass(frozen=True)
class ResultPage:
    """`first` are up to three actions in the words of the contract: title, reason, owner, closes."""

    result: Result
    first: tuple[dict[str, Any], ...]

    @property
    def picture(self) -> tuple[PictureRow, ...]:
        return tuple(picture_rows(self.result))


def result_page(assessment: Assessment) -> ResultPage:
    return ResultPage(result_from_dict(assessment.result), tuple(assessment.result["first"]))


def picture_rows(result: Result) -> Iterator[PictureRow]:
    for barrier in result.barriers:
        low, high = barrier.index or (0, 0)
        yield PictureRow(barrier.id, barrier.title, barrier, low, high)
