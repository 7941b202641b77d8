"""The picture of all barriers: where the words, shapes and bars of one drawing stand."""

from dataclasses import dataclass

from assessments.reports import words
from assessments.scoring.result import BarrierResult, Colour, Result
from assessments.scoring.sentences import span

WIDTH, HEAD, ROW = 680, 34, 30
TRACK_LEFT, TRACK_WIDTH = 408, 200
SLIVER = 3
"""A single value is drawn this wide, so that it can be seen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A colour as its shape (drawn in a box of 20 by 20) and its word."""

    colour: str
    word: str
    shape: str
    fill: str
    x: int
    text_x: int


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    anchor: str
    y: int
    text_y: int
    mark_y: int
    line_y: int
    bar_y: int
    worst: Mark
    best: Mark
    bar_x: str
    bar_width: str
    has_index: bool
    known: bool
    index: str
    coverage: str
    verdict: str
    claimed: str
    confidence: str
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`in_words` is what the picture shows, for who cannot see it."""

    width: int
    height: int
    track_left: int
    track_width: int
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    ticks_end: int
    in_words: str


def picture_of(result: Result) -> Picture:
    rows = tuple(_row(place, barrier) for place, barrier in enumerate(result.barriers))
    height = HEAD + ROW * len(rows) + 8
    ticks = tuple(Tick(TRACK_LEFT + TRACK_WIDTH * per_cent // 100, str(per_cent)) for per_cent in (0, 25, 50, 75, 100))
    return Picture(WIDTH, height, TRACK_LEFT, TRACK_WIDTH, rows, ticks, height - 8, _in_words(rows))


def _row(place: int, barrier: BarrierResult) -> Row:
    low, high = barrier.index or (0, 0)
    top = HEAD + ROW * place
    left = min(TRACK_LEFT + TRACK_WIDTH * low / 100, TRACK_LEFT + TRACK_WIDTH - SLIVER)
    return Row(
        title=barrier.title,
        anchor=f"barrier-{barrier.id}",
        y=top,
        text_y=top + 20,
        mark_y=top + 7,
        line_y=top + ROW,
        bar_y=top + 8,
        worst=_mark(barrier.supported.worst.colour, 168),
        best=_mark(barrier.supported.best.colour, 286),
        bar_x=f"{left:g}",
        bar_width=f"{max(TRACK_WIDTH * (high - low) / 100, SLIVER):g}",
        has_index=barrier.index is not None,
        known=barrier.supported.known,
        index=span(barrier.index),
        coverage="none" if barrier.coverage is None else f"{barrier.coverage}%",
        verdict=words.ends(barrier.supported),
        claimed=words.ends(barrier.claimed),
        confidence=barrier.confidence.level.word if barrier.confidence else "none",
        levels=barrier.profile,
    )


SHAPES = {
    Colour.GREEN: "M10 2a8 8 0 1 0 0.001 0z",
    Colour.AMBER: "M10 1 19 18H1Z",
    Colour.RED: "M2 2h16v16H2z",
    Colour.NOT_APPLICABLE: "M2 8h16v4H2z",
}


# As in static/src/_identity.scss. An attribute and no style: the drawing is the same without the style sheet.
FILLS = {
    Colour.GREEN: "#1a6b3c",
    Colour.AMBER: "#8a5300",
    Colour.RED: "#a3211c",
    Colour.NOT_APPLICABLE: "#4f5b5d",
}


def _mark(colour: Colour, x: int) -> Mark:
    return Mark(colour.value.replace("_", "-"), colour.word, SHAPES[colour], FILLS[colour], x, x + 22)


def _in_words(rows: tuple[Row, ...]) -> str:
    told = [f"{row.title}: {row.verdict}; index {row.index}; {row.coverage} answered" for row in rows]
    return f"The barriers side by side. {'. '.join(told)}."
