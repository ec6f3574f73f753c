"""What stands around and behind the lanes: axis, ground, and the overview of all years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.safestring import SafeString

from . import svg, words
from .marks import Axis, Mark
from .ticks import ticks
from .tiers import Pen, Tier

OVERVIEW, SCALE, LABELS = 36, 42, 18
"""Heights in px: of the bars of the overview, of the axis, of a row of labels."""


def ground(axis: Axis, tier: Tier, day: date, *, future: bool) -> SafeString:
    """A line where each label stands, the day of the page, and the future tinted where it is shown."""
    pieces = [svg.rect("gutter", x, 0, width, "100%") for x, width, _year in _gutters(axis)]
    if future and day < axis.window.last:
        left = axis.extent(day, day)[0] if day >= axis.window.first else 0.0
        pieces.append(svg.rect("future", left, 0, 100 - left, "100%"))
    pieces += [svg.line("grid", tick.x) for tick in ticks(axis, tier.labels)]
    at = _end_of(day, axis)
    if at is not None:
        pieces.append(svg.line("today", at))
    return svg.drawing(f"ground marks-{tier.name}", "100%", pieces)


def _gutters(axis: Axis) -> Iterator[tuple[float, float, str]]:
    """(left edge, width, the years it holds)"""
    if axis.before:
        yield 0.0, axis.before, f"≤{axis.window.first.year - 1}"
    if axis.after:
        yield 100 - axis.after, axis.after, f"≥{axis.window.last.year + 1}"


def _end_of(day: date, axis: Axis) -> float | None:
    """Where a day ends, None outside the window."""
    return sum(axis.extent(day, day)) if axis.window.first <= day <= axis.window.last else None


def scale(axis: Axis, tier: Tier, day: date, day_words: str) -> SafeString:
    """The labels of the axis, and above them the day of the page."""
    pieces = [svg.text("year", tick.x, 34, words.tick(tick)) for tick in ticks(axis, tier.labels)]
    pieces += [svg.text("year middle", x + width / 2, 34, years) for x, width, years in _gutters(axis)]
    at = _end_of(day, axis)
    if at is not None:
        pieces.append(svg.text("day end" if at > 50 else "day", at, 14, day_words))
    return svg.drawing(f"scale marks-{tier.name}", SCALE, pieces)


def overview(bars: Sequence[Mark], axis: Axis, shown: tuple[float, float] | None, pen: Pen) -> SafeString:
    """A bar for each year; what the page shows of them, (left edge, width), is marked."""
    tallest = max((bar.count for bar in bars), default=1)
    pieces = [svg.rect("rail", 0, OVERVIEW, 100, 1), *(_bar(bar, tallest, pen) for bar in bars)]
    if shown:
        pieces.append(svg.rect("window", shown[0], 0, max(shown[1], 0.6), OVERVIEW))
    pieces += [svg.text("year", tick.x, OVERVIEW + 15, words.tick(tick)) for tick in ticks(axis, pen.tier.labels)]
    return svg.drawing(f"overview marks-{pen.tier.name}", OVERVIEW + LABELS, pieces, label=words.overview())


def _bar(bar: Mark, tallest: int, pen: Pen) -> SafeString:
    height = max(2, round(bar.count / tallest * OVERVIEW))
    hit = svg.rect("hit", bar.x, 0, bar.width, OVERVIEW + LABELS)
    shape = svg.rect("bar", bar.x + bar.width * 0.12, OVERVIEW - height, bar.width * 0.76, height)
    return svg.link("mark", pen.address(bar.first, bar.last), words.bar(bar), hit + shape)
