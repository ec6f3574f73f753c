"""The calendar in regular pieces, from days to centuries. Pure.

Pieces keep to the calendar: quarters begin in January, April, July and October; tens of days on the 1st, 11th and
21st, the last of a month holding its 31st as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


def month_number(day: date) -> int:
    """Months counted from the year 0, to reckon with."""
    return day.year * 12 + day.month - 1


def month_start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def month_end(number: int) -> date:
    return month_start(number + 1) - timedelta(days=1)


@dataclass(frozen=True)
class Piece:
    """A stretch of days, both ends included."""

    first: date
    last: date


@dataclass(frozen=True)
class Step:
    """One way to divide the calendar: by months, or within months by days."""

    name: str
    days: int
    """How many days its longest piece has."""
    months: int = 0
    month_days: int = 0

    def start(self, day: date) -> date:
        """The first day of the piece that holds a day."""
        if self.months:
            return month_start(month_number(day) // self.months * self.months)
        return day.replace(day=1 + self._place(day) * self.month_days)

    def end(self, day: date) -> date:
        """The last day of the piece that holds a day."""
        if self.months:
            return month_end(month_number(day) // self.months * self.months + self.months - 1)
        if self._place(day) == self._last_place:
            return month_end(month_number(day))
        return self.start(day) + timedelta(days=self.month_days - 1)

    def pieces(self, first: date, last: date) -> Iterator[Piece]:
        """The pieces between two days; the outer ones are cut there."""
        begin = first
        while begin <= last:
            end = min(self.end(begin), last)
            yield Piece(begin, end)
            begin = end + timedelta(days=1)

    def fits(self, first: date, last: date, most: int) -> bool:
        """Whether there are no more pieces between two days than that."""
        return all(number < most for number, _piece in enumerate(self.pieces(first, last)))

    def _place(self, day: date) -> int:
        return min((day.day - 1) // self.month_days, self._last_place)

    @property
    def _last_place(self) -> int:
        return 30 if self.month_days == 1 else 30 // self.month_days - 1


DAY = Step("day", 1, month_days=1)
MONTH = Step("month", 31, months=1)
YEAR = Step("year", 366, months=12)
STEPS = (
    DAY, Step("five-days", 6, month_days=5), Step("ten-days", 11, month_days=10), MONTH,
    Step("two-months", 62, months=2), Step("quarter", 92, months=3), Step("half-year", 184, months=6), YEAR,
    *(Step(f"{years}-years", years * 366, months=years * 12) for years in (2, 5, 10, 20, 50, 100, 200, 500)),
)  # fmt: skip
"""From the finest to the coarsest."""


def finest(first: date, last: date, most: int) -> Step:
    """The finest step that makes at most so many pieces of the days from first to last."""
    return next((step for step in STEPS if step.fits(first, last, most)), STEPS[-1])
