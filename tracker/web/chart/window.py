"""The window of time that the page shows: how it is asked for, moved and said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .steps import month_end, month_number, month_start

ZOOMS = {"decade": 360, "year": 120, "month": 12, "day": 1}
"""Each zoom by the unit a reader then tells apart, with the length of its window in months."""
_COARSER = {"decade": 240, "year": 36, "month": 3}
"""A window longer than so many months has that zoom."""
EARLIEST, LATEST = date(1000, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Window:
    """From a first to a last day, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def whole_months(self) -> int:
        """How many months it has when it begins on a first and ends on a last of a month; else 0."""
        if self.first.day != 1 or self.last != month_end(month_number(self.last)):
            return 0
        return month_number(self.last) - month_number(self.first) + 1

    @property
    def zoom(self) -> str:
        months = self.whole_months or self.days / 30.5
        return next((name for name, more_than in _COARSER.items() if months > more_than), "day")

    @property
    def middle(self) -> date:
        return self.first + timedelta(days=self.days // 2)

    def moved(self, direction: int) -> Window:
        """Half its length earlier (-1) or later (1), at least one day or month."""
        if months := self.whole_months:
            by = direction * max(1, months // 2)
            return _months(month_number(self.first) + by, months)
        by_days = timedelta(days=direction * max(1, self.days // 2))
        return _within_the_calendar(self.first, self.last, by_days)

    @property
    def texts(self) -> tuple[str, str]:
        """Both ends as short EDTF texts: 2019 and 2020-06 rather than 2019-01-01 and 2020-06-30."""
        return _start_text(self.first), _end_text(self.last)


def at_zoom(zoom: str, day: date) -> Window:
    """The window of a zoom around a day: whole years for decades and years, whole months for months, else its month."""
    months = ZOOMS[zoom]
    start = month_number(day) - months // 2
    return _months(start // 12 * 12 if months >= ZOOMS["year"] else start, months)


def until(zoom: str, day: date) -> Window:
    """The window of a zoom that ends with the year or month of a day."""
    months = ZOOMS[zoom]
    end = day.year * 12 + 11 if months >= ZOOMS["year"] else month_number(day)
    return _months(end - months + 1, months)


def since(zoom: str, day: date) -> Window:
    """The window of a zoom that begins on a day."""
    return Window(day, min(month_end(month_number(day) + ZOOMS[zoom] - 1), LATEST))


def text_of(first: date, last: date) -> str:
    """The days from first to last as one EDTF text, the shortest there is."""
    months = Window(first, last).whole_months
    if first == last:
        return first.isoformat()
    if months == 12 and first.month == 1:
        return f"{first.year}"
    if months in (6, 3) and (first.month - 1) % months == 0:
        code = (40 if months == 6 else 33) + (first.month - 1) // months
        return f"{first.year}-{code}"
    if months == 1:
        return f"{first.year}-{first.month:02}"
    return "/".join(Window(first, last).texts)


def _start_text(day: date) -> str:
    if day.day != 1:
        return day.isoformat()
    return f"{day.year}" if day.month == 1 else f"{day.year}-{day.month:02}"


def _end_text(day: date) -> str:
    if day != month_end(month_number(day)):
        return day.isoformat()
    return f"{day.year}" if day.month == 12 else f"{day.year}-{day.month:02}"


def _months(start: int, months: int) -> Window:
    """So many months from the month of that number on, kept within the years that dates can have."""
    start = max(month_number(EARLIEST), min(start, month_number(LATEST) - months + 1))
    return Window(month_start(start), month_end(start + months - 1))


def _within_the_calendar(first: date, last: date, by: timedelta) -> Window:
    by = max(EARLIEST - first, min(by, LATEST - last))
    return Window(first + by, last + by)
