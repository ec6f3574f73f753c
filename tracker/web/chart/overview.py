"""The whole range of time at a glance: what each year counts, and which years the page shows unless told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .marks import Axis, Group, Mark, lay
from .steps import YEAR, finest
from .window import Window

EARLY = 0.05
"""The share of events that may stand in the gutter at the left, so that the rest has room."""
SAVING = 3
"""The gutter must spare at least one third of the years."""
FAR = 20
"""Years after the day of the page from which on plans stand in the gutter at the right."""
EMPTY_YEARS = 10


def whole(counts: Mapping[int, int], day: date, gutter: float, first: date | None = None,
          last: date | None = None) -> Axis:  # fmt: skip
    """The axis that shows every event of the years counted, thinly filled early years gathered in a gutter.

    ``first`` and ``last`` are the bounds asked for; a side without one reaches as far as there are events.
    """
    years = sorted(year for year in counts if (not first or year >= first.year) and (not last or year <= last.year))
    newest = max([day.year, *(year for year in years if year <= day.year + FAR)])
    oldest = years[0] if years else newest - EMPTY_YEARS + 1
    begin = oldest if first else _begin(years, counts, newest)
    start = first or date(min(begin, last.year if last else begin), 1, 1)
    end = last or date(max(newest, start.year), 12, 31)
    return Axis(Window(start, end), before=gutter if not first and years and years[0] < start.year else 0.0,
                after=gutter if not last and years and years[-1] > end.year else 0.0)  # fmt: skip


def _begin(years: list[int], counts: Mapping[int, int], newest: int) -> int:
    """The first year to show in full."""
    if not years:
        return newest - EMPTY_YEARS + 1
    total, seen = sum(counts[year] for year in years), 0
    for year in years:
        seen += counts[year]
        if seen > total * EARLY:
            return year if (year - years[0]) * SAVING >= newest - years[0] else years[0]
    return years[0]


def bars(counts: Mapping[int, int], axis: Axis, most: int) -> list[Mark]:
    """One bar for each year, or for several where there are many; the gutters count what lies beyond."""
    step = finest(axis.window.first, axis.window.last, most)
    groups = [Group(date(year, 1, 1), date(year, 12, 31), False, count) for year, count in counts.items()]
    return lay(groups, axis, step if step.months >= YEAR.months else YEAR, 0.0)
