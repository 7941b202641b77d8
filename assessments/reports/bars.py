"""The bars of a schedule by month as drawings of a fixed width, each short enough for one sheet of paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from assessments.planning.picture import Bar, Picture
from assessments.reports import words
from assessments.scoring.sentences import number

WIDTH, LABEL, TRACK_LEFT, TRACK_RIGHT = 680, 34, 282, 672
HEAD, LINE, PADDING, BAR_HEIGHT = 26, 14, 8, 13
LETTERS = 38
"""Of a title in one line: as many as the column holds of our typeface."""

TALLEST = 260
"""A drawing that would be taller is cut between two bars, so that no page is left half empty before it."""


@dataclass(frozen=True, slots=True)
class Text:
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """`stripes` mark what decides the date; `tail` leads to the latest finish."""

    number: str
    titles: tuple[Text, ...]
    line_y: int
    bar_x: str
    bar_y: int
    bar_width: str
    tail: str
    stripes: tuple[str, ...]
    is_critical: bool


@dataclass(frozen=True, slots=True)
class MonthTick:
    x: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Drawing:
    id: str
    width: int
    height: int
    label: int
    bar_height: int
    ticks: tuple[MonthTick, ...]
    wanted_x: str
    wanted_label: str
    wanted_anchor: str
    rows: tuple[BarRow, ...]
    in_words: str


def drawings_of(picture: Picture, numbers: Mapping[str, int]) -> tuple[Drawing, ...]:
    """In the order of the picture: the chain that decides, what is near to it, the rest by barrier."""
    parts = list(_parts(picture.bars))
    return tuple(_drawing(picture, part, numbers, place, len(parts)) for place, part in enumerate(parts, start=1))


def _parts(bars: Sequence[Bar]) -> Iterator[tuple[Bar, ...]]:
    """As few as can be, and of much the same height."""
    whole = sum(map(_height, bars))
    tallest = whole / -(-whole // TALLEST)
    part: list[Bar] = []
    above = 0.0
    for bar in bars:
        if part and above + _height(bar) > tallest:
            yield tuple(part)
            part, above = [], above - tallest
        part.append(bar)
        above += _height(bar)
    yield tuple(part)


def _lines(bar: Bar) -> list[str]:
    return wrap(bar.title, LETTERS)


def _height(bar: Bar) -> int:
    return LINE * len(_lines(bar)) + PADDING


def _drawing(picture: Picture, bars: Sequence[Bar], numbers: Mapping[str, int], place: int, count: int) -> Drawing:
    rows: list[BarRow] = []
    top = HEAD
    for bar in bars:
        rows.append(_row(bar, str(numbers.get(bar.id, "")), top))
        top += _height(bar)
    wanted = picture.wanted
    wanted_x = _x(wanted.at) if wanted else 0.0
    return Drawing(
        id=f"bars-{place}",
        width=WIDTH,
        height=top + (22 if wanted else 6),
        label=LABEL,
        bar_height=BAR_HEIGHT,
        ticks=tuple(MonthTick(_number(_x(tick.at)), tick.label, "start") for tick in picture.ticks),
        wanted_x=_number(wanted_x) if wanted else "",
        wanted_label=_wanted(picture),
        wanted_anchor="end" if wanted_x > (TRACK_LEFT + TRACK_RIGHT) / 2 else "start",
        rows=tuple(rows),
        in_words=_in_words(picture, bars, place, count),
    )


def _row(bar: Bar, number: str, top: int) -> BarRow:
    lines = _lines(bar)
    left, right = _x(bar.left), _x(bar.right)
    texts = tuple(Text(top + LINE * (place + 1) + 1, line) for place, line in enumerate(lines))
    bottom = top + _height(bar)
    return BarRow(
        number=number,
        titles=texts,
        line_y=bottom,
        bar_x=_number(left),
        bar_y=top + (bottom - top - BAR_HEIGHT) // 2,
        bar_width=_number(right - left),
        tail=_number(_x(bar.tail)),
        stripes=tuple(_number(x) for x in _stripes(left, right)) if bar.critical else (),
        is_critical=bar.critical,
    )


def _stripes(left: float, right: float) -> Iterator[float]:
    x = left + 6
    while x < right - 2:
        yield x
        x += 8


def _wanted(picture: Picture) -> str:
    if picture.wanted is None:
        return ""
    date = words.short_day(picture.wanted.date)
    return f"Wanted {date}, outside what is drawn" if picture.wanted.is_outside else f"Wanted {date}"


def _in_words(picture: Picture, bars: Sequence[Bar], place: int, count: int) -> str:
    """What the drawing shows at a glance; the table after it tells every bar."""
    part = f", part {place} of {count}" if count > 1 else ""
    first, last = min(bar.scheduled.start for bar in bars), max(bar.scheduled.finish for bar in bars)
    critical = [bar.title for bar in bars if bar.critical]
    deciding = f"These decide the date: {'; '.join(critical)}" if critical else "None of them decides the date"
    return (
        f"Bars by month for the decision {picture.stage.title}{part}: {number(len(bars), 'action', 'actions')} "
        f"from {words.short_day(first)} to {words.short_day(last)}. {deciding}. "
        "The table after the bars gives each date."
    )


def _x(per_cent: str) -> float:
    return TRACK_LEFT + (TRACK_RIGHT - TRACK_LEFT) * float(per_cent.removesuffix("%")) / 100


def _number(value: float) -> str:
    return f"{value:.1f}"
