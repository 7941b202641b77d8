"""Whether a report is of a reviewed result, who stands behind it, and what the adviser found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assessments.agreement.found import Found, Levels, found
from assessments.agreement.standing import SELF_ASSESSED, SignOff, Standing, short
from assessments.planning.summary import standing_of_file
from assessments.reports import words
from assessments.reports.verdicts import Verdict, Verdicts, anchor
from assessments.scoring.result import Result
from assessments.scoring.sentences import number
from assessments.selectors.frozen import Origin

NAMES_ON_COVER = 6
SETTLED = "Self-assessed; settled with an adviser."


@dataclass(frozen=True, slots=True)
class Provenance:
    """`label` in full, with names cut short where they are very long; `short` for the foot of each page. `answered_by`
    and `moderated_by` in full, and the first of them for the cover. Empty where the inputs do not say."""

    label: str
    short: str
    answered_by: str
    answered_by_short: str
    moderated_by: str
    moderated_by_short: str


@dataclass(frozen=True, slots=True)
class Line:
    """An item's levels, and where the report tells more of it."""

    levels: Levels
    anchor: str


@dataclass(frozen=True, slots=True)
class EndsLine:
    title: str
    anchor: str
    claimed: Verdict
    evidence: Verdict
    reviewed: Verdict


@dataclass(frozen=True, slots=True)
class ItemsOf:
    title: str
    differing: tuple[Line, ...]
    same: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """`dissents` name their barrier."""

    told: str
    moved: str
    agreement: tuple[str, ...]
    ends: tuple[EndsLine, ...]
    dissents: tuple[tuple[str, Line], ...]
    barriers: tuple[ItemsOf, ...]

    @property
    def has_differences(self) -> bool:
        return any(part.differing for part in self.barriers)

    @property
    def has_same(self) -> bool:
        return any(part.same for part in self.barriers)


def provenance_of(origin: Origin | None, result: Result) -> Provenance:
    if origin is None:
        told = standing_of_file(result)
        return Provenance(told, SETTLED if result.reviewed else SELF_ASSESSED, "", "", "", "")
    standing, by = origin.standing, origin.answered_by
    return Provenance(
        label=_cut(standing).label,
        short=short(is_reviewed=standing.is_reviewed),
        answered_by=", ".join(by),
        answered_by_short=_first([words.shortened(name) for name in by]),
        moderated_by=_moderator(standing),
        moderated_by_short=_moderator(_cut(standing)),
    )


def review_of(result: Result, verdicts: Verdicts, origin: Origin | None) -> Review | None:
    told = found(result, origin.unseen if origin else ())
    if told is None:
        return None
    return Review(
        told=told.told,
        moved=told.moved,
        agreement=told.agreement,
        ends=tuple(_ends(told, verdicts)),
        dissents=tuple((title, _line(levels)) for title, levels in told.dissents),
        barriers=tuple(
            ItemsOf(part.title, tuple(map(_line, part.differing)), tuple(map(_line, part.same))) for part in told.items
        ),
    )


def _ends(told: Found, verdicts: Verdicts) -> list[EndsLine]:
    return [
        EndsLine(
            ends.title,
            f"barrier-{ends.id}" if ends.id else "",
            verdicts.of(ends.claimed),
            verdicts.of(ends.evidence),
            verdicts.of(ends.reviewed),
        )
        for ends in (told.whole, *told.barriers)
    ]


def _line(levels: Levels) -> Line:
    return Line(levels, anchor(levels.id))


def _cut(standing: Standing) -> Standing:
    """With names that leave the first pages as they are."""
    done, under_way = standing.signed_off, standing.open
    return replace(
        standing,
        signed_off=done and replace(done, by=words.shortened(done.by), firm=words.shortened(done.firm)),
        open=under_way and replace(under_way, firm=words.shortened(under_way.firm)),
    )


def _first(names: Sequence[str]) -> str:
    shown, more = names[:NAMES_ON_COVER], len(names) - NAMES_ON_COVER
    return ", ".join(shown) + (f" and {number(more, 'other', 'others')}" if more > 0 else "")


def _moderator(standing: Standing) -> str:
    if not standing.is_reviewed or standing.signed_off is None:
        return "Nobody yet"
    return _named(standing.signed_off)


def _named(done: SignOff) -> str:
    names = ", ".join(name for name in (done.by, done.firm) if name)
    return f"{names}; submission {done.number}, signed off on {words.day(done.on)}"
