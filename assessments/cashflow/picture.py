"""Two drawings as plain geometry: the balance by month, and the stress cases side by side.

Templates on the web and in the report draw the same from it, with lines, shapes and text only. Colours come with
shapes and dashes of their own, so that nothing depends on them; `in_words` says what a drawing shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from assessments.cashflow.months import Months
from assessments.cashflow.sentences import STRESS_SHORT, Plain, Told, point
from assessments.cashflow.typed import pounds

WIDTH, HEIGHT = 680, 370
LEFT, RIGHT, TOP, BOTTOM = 84, 668, 16, 304
LABEL_ROOM = 24
LETTER = 7
"""Width of a bold letter, on the safe side."""

INK, TEAL, RED, GREY = "#10201f", "#0a5c63", "#a3211c", "#4f5b5d"
"""As in static/src/_identity.scss. Attributes and no style: the drawing is the same without the style sheet."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across or down with its label; `is_zero` marks the one that decides."""

    at: str
    label: str
    is_zero: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A month of a series: where its end and its low point stand. `low_shape` points down, at the low."""

    x: str
    y: str
    low_y: str
    end_shape: str
    low_shape: str


@dataclass(frozen=True, slots=True)
class Series:
    """A line through month-ends, and from each a stem down to the low point within the month."""

    title: str
    colour: str
    dash: str
    line: str
    is_filled: bool
    dots: tuple[Dot, ...]
    legend_y: int


@dataclass(frozen=True, slots=True)
class Note:
    """The lowest point, said beside it."""

    x: str
    y: str
    anchor: str
    text: str
    colour: str
    ring_x: str
    ring_y: str


@dataclass(frozen=True, slots=True)
class BalancePicture:
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    label_x: int
    month_y: int
    legend_top: int
    zero_y: str
    ticks: tuple[Tick, ...]
    months: tuple[Tick, ...]
    series: tuple[Series, ...]
    notes: tuple[Note, ...]
    in_words: str


def balance_picture(plain: Plain, months: Months) -> BalancePicture:
    told = Told(plain)
    keys = [("cumulative", "within_month_low")]
    if told.has_funding:
        keys.append(("funded_balance", "funded_low"))
    values = {key: [Decimal(month[key]) for month in told.months] for pair in keys for key in pair}
    scale = _Scale([Decimal(0), *(value for column in values.values() for value in column)])
    places = [_x(month, told.last) for month in range(len(told.months))]
    series = tuple(_series(place, values[end], values[low], places, scale) for place, (end, low) in enumerate(keys))
    return BalancePicture(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=BOTTOM,
        label_x=LEFT - 8,
        month_y=BOTTOM + 16,
        legend_top=BOTTOM + 28,
        zero_y=_number(scale.y(Decimal(0))),
        ticks=tuple(Tick(_number(scale.y(tick)), pounds(tick), tick == 0) for tick in scale.ticks),
        months=tuple(_month_ticks(places, months)),
        series=series,
        notes=tuple(_notes(told, series, scale)),
        in_words=_balance_in_words(told, months),
    )


class _Scale:
    """From pounds to the drawing's own measure, between round figures."""

    def __init__(self, values: Sequence[Decimal]) -> None:
        """Below the lowest value there is room for its label."""
        lowest, highest = min(values), max(values)
        self.step = _step((highest - lowest) or Decimal(1000))
        self.low = (lowest / self.step).to_integral_value(ROUND_FLOOR) * self.step
        self.high = (highest / self.step).to_integral_value(ROUND_CEILING) * self.step
        if self.low == self.high:
            self.high += self.step
        if lowest < 0 and BOTTOM - self.y(lowest) < LABEL_ROOM:
            self.low -= self.step

    @property
    def ticks(self) -> tuple[Decimal, ...]:
        count = int((self.high - self.low) / self.step)
        return tuple(self.low + self.step * number for number in range(count + 1))

    def y(self, value: Decimal) -> Decimal:
        return BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP)


def _step(span: Decimal) -> Decimal:
    """1, 2 or 5 with noughts, so that five to ten steps make the span."""
    power = Decimal(10) ** ((span / 5).adjusted())
    return next(power * unit for unit in (1, 2, 5, 10) if span / (power * unit) <= 7)


def _x(month: int, last: int) -> Decimal:
    return LEFT + 14 + Decimal(month) / last * (RIGHT - LEFT - 28)


def _series(
    place: int, ends: Sequence[Decimal], lows: Sequence[Decimal], places: Sequence[Decimal], scale: _Scale
) -> Series:
    is_funded = place == 1
    dots = tuple(_dot(x, scale.y(end), scale.y(low), is_funded) for x, end, low in zip(places, ends, lows, strict=True))
    return Series(
        title="With the funding planned" if is_funded else "Before any funding",
        colour=TEAL if is_funded else GREY,
        dash="" if is_funded else "5 4",
        line=" ".join(f"{'L' if number else 'M'}{dot.x} {dot.y}" for number, dot in enumerate(dots)),
        is_filled=is_funded,
        dots=dots,
        legend_y=BOTTOM + 34 + 20 * place,
    )


def _dot(x: Decimal, y: Decimal, low_y: Decimal, is_square: bool) -> Dot:
    """A month-end is a disc or a square, a low point an arrow-head that points at it."""
    left, top = _number(x - 3), _number(y - 3)
    end_shape = f"M{left} {top}h6v6h-6z" if is_square else f"M{_number(x)} {top}a3 3 0 1 0 0.001 0z"
    low_shape = f"M{_number(x - 4)} {_number(low_y - 6)}h8L{_number(x)} {_number(low_y)}z"
    return Dot(_number(x), _number(y), _number(low_y), end_shape, low_shape)


def _month_ticks(places: Sequence[Decimal], months: Months) -> Iterator[Tick]:
    """Every month while there is room for its label; else every third."""
    every = 1 if len(places) <= 13 else 3
    for month, x in enumerate(places):
        if month % every == 0:
            yield Tick(_number(x), "Start" if month == 0 else months.short(month))


def _notes(told: Told, series: Sequence[Series], scale: _Scale) -> Iterator[Note]:
    if told.need.amount:
        yield _note(told.need.month or 0, -told.need.amount, f"{pounds(told.need.amount)} needed", GREY, series, scale)
    if told.has_funding and told.funded_low.amount < 0:
        text = f"{pounds(-told.funded_low.amount)} short"
        yield _note(told.funded_low.month or 0, told.funded_low.amount, text, RED, series, scale)


def _note(month: int, value: Decimal, text: str, colour: str, series: Sequence[Series], scale: _Scale) -> Note:
    """Below the point or on one of its sides, wherever it covers least."""
    x, y, length = Decimal(series[0].dots[month].x), scale.y(value), Decimal(LETTER * len(text))
    spots = [
        _Spot("middle", x, y + 20, x - length / 2, length),
        *(_Spot("start", x + 12, y + by, x + 12, length) for by in (4, 20, -12)),
        *(_Spot("end", x - 12, y + by, x - 12 - length, length) for by in (4, 20, -12)),
    ]
    spot = min((spot for spot in spots if spot.is_inside), key=lambda spot: spot.covers(series))
    return Note(
        x=_number(spot.x),
        y=_number(spot.y),
        anchor=spot.anchor,
        text=text,
        colour=colour,
        ring_x=_number(x),
        ring_y=_number(y - 3),
    )


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a text might stand: on the line `y`, from `left` on."""

    anchor: str
    x: Decimal
    y: Decimal
    left: Decimal
    length: Decimal

    @property
    def is_inside(self) -> bool:
        return self.left >= LEFT and self.left + self.length <= RIGHT and self.y <= BOTTOM

    def covers(self, series: Sequence[Series]) -> int:
        """Marks count more than the stems between them."""
        top, foot = self.y - 10, self.y + 3
        dots = [dot for one in series for dot in one.dots if self.left <= Decimal(dot.x) <= self.left + self.length]
        stems = sum(Decimal(dot.y) <= foot and Decimal(dot.low_y) >= top for dot in dots)
        marks = sum(top <= Decimal(at) <= foot + 6 for dot in dots for at in (dot.y, dot.low_y))
        return stems + 3 * marks


def _balance_in_words(told: Told, months: Months) -> str:
    at = months.name
    parts = [f"Balance at each month's end and its low point within the month, from {at(0)} to {at(told.last)}."]
    if told.need.amount:
        parts.append(f"Before any funding the lowest point is -{pounds(told.need.amount)}, {at(told.need.month or 0)}.")
    else:
        parts.append("Before any funding the account never falls below zero.")
    if told.has_funding:
        low, end = told.funded_low, told.funded_month_end
        parts.append(
            f"With the funding planned the lowest point is {pounds(low.amount)}, {at(low.month or 0)}, and the lowest "
            f"month-end {pounds(end.amount)}, {at(end.month or 0)}."
        )
    return " ".join(parts)


# Stress cases side by side ----------------------------------------------------------------------------------

BAR_LEFT, BAR_RIGHT, HEAD, ROW = 300, 590, 34, 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A case: the bar is the need within the month, the mark on it the need at month-end."""

    code: str
    title: str
    text_y: int
    bar_y: int
    bar_width: str
    mark_x: str
    mark_y: int
    label_x: str
    label: str
    fill: str
    is_base: bool
    line_y: int


@dataclass(frozen=True, slots=True)
class StressPicture:
    width: int
    height: int
    bar_left: int
    bar_height: int
    base_x: str
    top: int
    bottom: int
    bars: tuple[Bar, ...]
    in_words: str


def stress_picture(plain: Plain) -> StressPicture:
    told = Told(plain)
    cases = {"": plain, **plain["stress"]}
    most = max(point(case["peak_within_month"]).amount for case in cases.values()) or Decimal(1)
    bars = tuple(_bar(place, code, case, most, told) for place, (code, case) in enumerate(cases.items()))
    bottom = HEAD + ROW * len(bars)
    return StressPicture(
        width=WIDTH,
        height=bottom + 8,
        bar_left=BAR_LEFT,
        bar_height=16,
        base_x=_number(_along(told.need.amount, most)),
        top=HEAD,
        bottom=bottom,
        bars=bars,
        in_words=_stress_in_words(bars),
    )


def _along(amount: Decimal, most: Decimal) -> Decimal:
    return BAR_LEFT + amount / most * (BAR_RIGHT - BAR_LEFT)


def _bar(place: int, code: str, case: Plain, most: Decimal, told: Told) -> Bar:
    need, at_end = point(case["peak_within_month"]).amount, point(case["peak_month_end"]).amount
    top = HEAD + ROW * place
    end = _along(need, most)
    return Bar(
        code=code,
        title=STRESS_SHORT[code].title if code else "As planned",
        text_y=top + 20,
        bar_y=top + 7,
        bar_width=_number(max(end - BAR_LEFT, Decimal(1))),
        mark_x=_number(_along(at_end, most)),
        mark_y=top + 4,
        label_x=_number(end + 8),
        label=pounds(need),
        fill=_fill(need, told.need.amount, code),
        is_base=not code,
        line_y=top + ROW,
    )


def _fill(need: Decimal, base: Decimal, code: str) -> str:
    """The base in ink; a need that is not higher in teal, a higher one in red. The lengths say it too."""
    if not code:
        return INK
    return RED if need > base else TEAL


def _stress_in_words(bars: Sequence[Bar]) -> str:
    told = "; ".join(f"{bar.title}: {bar.label}" for bar in bars)
    return f"The most money needed within a month, case by case. {told}."


def _number(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.1')).normalize() + 0:f}"
