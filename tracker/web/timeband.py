"""The time band: the life of an entry as a thin strip. Pure geometry, in per cent of the width.

What is known to the day is a tick; what is known to the month or year is a span as wide as the doubt. Positions are
texts such as ``12.34%``, ready for SVG, so that the strip is as wide as its place and its letters never shrink.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

LABELS = 8
_STEPS = (1, 2, 5, 10, 20, 50)
_TICK_DAYS = 1
_MARGIN = 1.2  # per cent kept free on both sides, so that a tick at the edge is whole


@dataclass(frozen=True)
class Moment:
    """Something dated: its first and last possible day, what it is, and where it leads."""

    lower: date | None
    upper: date | None
    title: str
    href: str = ""
    tone: str = ""
    """The kind of entry, for its colour."""

    @property
    def ends(self) -> tuple[date, date] | None:
        first, last = self.lower or self.upper, self.upper or self.lower
        return (first, last) if first and last else None


@dataclass(frozen=True)
class Mark:
    x: str
    width: str
    middle: str
    tick: bool
    title: str
    href: str
    tone: str


@dataclass(frozen=True)
class Label:
    x: str
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Lane:
    """One strip of marks, with the stretch during which the thing holds."""

    name: str
    tone: str = ""
    marks: list[Mark] = field(default_factory=list)
    life: Mark | None = None
    y: int = 0
    count: int = 0
    href: str = ""

    @property
    def line(self) -> int:
        return self.y + 13

    @property
    def top(self) -> int:
        return self.y + 6


@dataclass(frozen=True)
class Band:
    lanes: list[Lane]
    labels: list[Label]
    today: str
    height: int

    @property
    def axis(self) -> int:
        return self.height - 18

    @property
    def text_line(self) -> int:
        return self.height - 4


@dataclass(frozen=True)
class Scale:
    """Days to per cent between two first-of-January dates."""

    first: date
    last: date

    def at(self, day: date) -> float:
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return _MARGIN + min(1.0, max(0.0, share)) * (100 - 2 * _MARGIN)

    def labels(self) -> list[Label]:
        years = range(self.first.year, self.last.year + 1)
        step = next((step for step in _STEPS if len(years) / step <= LABELS), _STEPS[-1])
        marks = [year for year in years if year % step == 0] or [self.first.year]
        return [Label(_percent(self.at(date(year, 1, 1))), str(year)) for year in marks]


LANE_HEIGHT = 26
AXIS_HEIGHT = 22


def scale_of(moments: Sequence[Moment], today: date) -> Scale | None:
    """From the first January to the last one that holds every moment and today; None when nothing is dated."""
    days = [day for moment in moments if moment.ends for day in moment.ends]
    if not days:
        return None
    last = max(*days, today)
    return Scale(date(min(*days, today).year, 1, 1), date(last.year + 1, 1, 1))


def band(moments: Sequence[Moment], today: date, *, life: tuple[date | None, date | None] | None = None) -> Band | None:
    """The band of one entry. ``life``: since when and until when it holds; without an end it runs to today."""
    scale = scale_of(moments, today)
    if scale is None:
        return None
    stretch = _life(life, scale, today) if life and life[0] else None
    lane = Lane("", marks=[_mark(moment, scale) for moment in moments if moment.ends], life=stretch)
    return Band([lane], scale.labels(), _percent(scale.at(today)), LANE_HEIGHT + AXIS_HEIGHT)


def lanes(groups: Sequence[tuple[str, str, str, Sequence[Moment]]], today: date) -> Band | None:
    """Bands stacked on one scale: for each group (name, tone, href, moments) a swim lane."""
    scale = scale_of([moment for *_, moments in groups for moment in moments], today)
    if scale is None:
        return None
    drawn: list[Lane] = []
    for name, tone, href, moments in groups:
        marks = [_mark(moment, scale) for moment in moments if moment.ends]
        if marks:
            drawn.append(Lane(name, tone, marks, None, len(drawn) * LANE_HEIGHT, len(marks), href))
    return Band(drawn, scale.labels(), _percent(scale.at(today)), len(drawn) * LANE_HEIGHT + AXIS_HEIGHT)


def _life(life: tuple[date | None, date | None], scale: Scale, today: date) -> Mark:
    start, end = life
    assert start is not None
    left, right = scale.at(start), scale.at(end or today)
    return Mark(_percent(left), _percent(max(0.4, right - left)), _percent(left), False, "", "", "")


def _mark(moment: Moment, scale: Scale) -> Mark:
    assert moment.ends is not None
    first, last = moment.ends
    left, right = scale.at(first), scale.at(last)
    tick = (last - first).days <= _TICK_DAYS
    width = max(0.6, right - left)
    return Mark(_percent(left), _percent(width), _percent((left + right) / 2), tick, moment.title, moment.href,
                moment.tone)  # fmt: skip


def _percent(value: float) -> str:
    return f"{value:.2f}%"


@dataclass(frozen=True)
class Bar:
    """One kind's share of one year in the band by year."""

    x: str
    width: str
    y: str
    height: str
    tone: str
    title: str
    href: str


@dataclass(frozen=True)
class YearBand:
    bars: list[Bar]
    labels: list[Label]
    total: int
    height: int = 150

    @property
    def plot(self) -> int:
        return self.height - 20

    @property
    def text_line(self) -> int:
        return self.height - 4


EARLY = 0.05  # the share of events that may be gathered in the first bar, so that the rest has room


def years(counts: Sequence[tuple[int, str, int]], describe: dict[str, str], base: str = "",
          height: int = 150) -> YearBand | None:  # fmt: skip
    """Stacked bars by year from (year, kind, number); ``describe`` names the kinds. ``base``: address of the list.

    The earliest few years, thinly filled, are gathered in one bar at the left, labelled ≤.
    """
    if not counts:
        return None
    total = sum(number for _, _, number in counts)
    first, last = _first_year(counts, total), max(year for year, _, _ in counts)
    gathered: dict[tuple[int, str], int] = {}
    for year, kind, number in counts:
        at = (max(year, first), kind)
        gathered[at] = gathered.get(at, 0) + number
    totals: dict[int, int] = {}
    for (year, _), number in gathered.items():
        totals[year] = totals.get(year, 0) + number
    span, tallest = last - first + 1, max(totals.values())
    early = min(year for year, _, _ in counts) < first
    stacked = dict.fromkeys(totals, 0)
    bars = []
    for (year, kind), number in sorted(gathered.items()):
        stacked[year] += number
        before = early and year == first
        bars.append(Bar(
            _percent((year - first + 0.12) / span * 100), _percent(0.76 / span * 100),
            _percent(100 - stacked[year] / tallest * 100), _percent(number / tallest * 100), kind,
            f"{'≤' if before else ''}{year} · {describe.get(kind, kind)} {number}",
            f"{base}?{'' if before else f'from={year}&'}to={year}&kind={kind}",
        ))  # fmt: skip
    return YearBand(bars, list(_year_labels(first, last, early)), total, height)


def _first_year(counts: Sequence[tuple[int, str, int]], total: int) -> int:
    by_year: dict[int, int] = {}
    for year, _, number in counts:
        by_year[year] = by_year.get(year, 0) + number
    seen = 0
    for year in sorted(by_year):
        seen += by_year[year]
        if seen > total * EARLY:
            return year
    return min(by_year)


def _year_labels(first: int, last: int, early: bool) -> Iterator[Label]:
    span = last - first + 1
    step = next((step for step in _STEPS if span / step <= LABELS), _STEPS[-1])
    for year in range(first, last + 1):
        if year == first and early:
            yield Label(_percent(50 / span), f"≤{year}")
        elif year % step == 0 and not (early and year == first + 1):
            yield Label(_percent((year - first + 0.5) / span * 100), str(year))
