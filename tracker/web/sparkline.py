"""A series as a small line: its actual figures over time, the last one marked. Pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.entries.fields import Json
from tracker.values import edtf

WIDTH, HEIGHT, EDGE = 96, 28, 4


class Dot(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True)
class Sparkline:
    dots: list[Dot]
    first: str
    last: str
    """The dates at both ends, EDTF."""

    width = WIDTH
    height = HEIGHT

    @property
    def points(self) -> str:
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)

    @property
    def end(self) -> Dot:
        return self.dots[-1]


def draw(figures: Sequence[Json]) -> Sparkline | None:
    """The actual figures by their dates, in the unit of the latest; None for fewer than two days.

    Of several figures for one day the one told last stands. The scale begins at zero, so that a slope says how much.
    """
    by_day: dict[date, Json] = {}
    for figure in figures:
        if figure["nature"] in (None, "actual") and (day := _day(figure["date"])):
            by_day[day] = figure
    days = sorted(by_day)
    if not days:
        return None
    days = [day for day in days if by_day[day]["unit"] == by_day[days[-1]]["unit"]]
    values = [float(by_day[day]["value"]) for day in days]
    if len(days) < 2 or min(values) < 0:
        return None
    span, top = (days[-1] - days[0]).days, max(values) or 1.0
    dots = [Dot(round(EDGE + (day - days[0]).days / span * (WIDTH - 2 * EDGE), 1),
                round(HEIGHT - EDGE - value / top * (HEIGHT - 2 * EDGE), 1))
            for day, value in zip(days, values, strict=True)]  # fmt: skip
    return Sparkline(dots, by_day[days[0]]["date"], by_day[days[-1]]["date"])


def _day(text: str | None) -> date | None:
    return edtf.parse(text).lower if text else None
