"""Dates as people state them: Extended Date/Time Format (ISO 8601-2), level 1 and a little of level 2.

Accepted: ``2017``, ``2017-09``, ``2019-10-17``, each with ``~`` (approximate), ``?`` (uncertain) or ``%`` (both);
quarters ``2020-33`` to ``2020-36``, halves ``2020-40`` and ``2020-41``, seasons ``2020-21`` to ``2020-24``;
intervals ``2021/2025``, open ``2019-04/..`` and ``../2020``, unknown ``2019/`` and ``/2020``.

A value has a strict first and last day: qualifiers never widen them, and nothing is padded — ``2017-12~`` begins
on 1 December and ends on the 31st. An open or unknown side has no day there (``None``).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_POINT = re.compile(r"^(?P<year>\d{4})(?:-(?P<sub>\d{2})(?:-(?P<day>\d{2}))?)?(?P<mark>[~?%]?)$")

# Level 2 codes that stand where a month would: (first month, last month).
_SPANS = {
    21: (3, 5), 22: (6, 8), 23: (9, 11),
    33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12),
    40: (1, 6), 41: (7, 12),
}  # fmt: skip
_WINTER = 24  # December to February: the one season that crosses the year


class InvalidEdtf(ValueError):
    """The text is not a date this tracker understands; the message says what is expected."""


@dataclass(frozen=True)
class Edtf:
    """One parsed value. ``text`` is the canonical form, ``lower`` and ``upper`` its first and last day."""

    text: str
    lower: date | None
    upper: date | None

    @property
    def is_interval(self) -> bool:
        return "/" in self.text

    @property
    def precision_days(self) -> int:
        """How many days the value may mean; the finer value sorts first. An open side counts as the coarsest."""
        if self.lower is None or self.upper is None:
            return 99999
        return (self.upper - self.lower).days

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=20_000)
def parse(text: str) -> Edtf:
    """Parse one value.

    :raises InvalidEdtf: with a sentence that names what is wrong.
    """
    text = text.strip()
    if "/" not in text:
        return Edtf(text, *_point_bounds(text))
    start, _, end = text.partition("/")
    if start in ("", "..") and end in ("", ".."):
        raise InvalidEdtf(f"“{text}” has no date on either side")
    lower = None if start in ("", "..") else _point_bounds(start)[0]
    upper = None if end in ("", "..") else _point_bounds(end)[1]
    if lower and upper and upper < lower:
        raise InvalidEdtf(f"“{text}” ends before it begins")
    return Edtf(text, lower, upper)


def _point_bounds(text: str) -> tuple[date, date]:
    match = _POINT.match(text)
    if not match:
        raise InvalidEdtf(f"“{text}” is not an EDTF date; write 2017, 2017-09, 2019-10-17, 2017-12~ or 2021/2025")
    year = int(match["year"])
    if not 1000 <= year <= 2999:
        raise InvalidEdtf(f"“{text}” is outside the years 1000 to 2999")
    if match["sub"] is None:
        return date(year, 1, 1), date(year, 12, 31)
    sub = int(match["sub"])
    if match["day"]:
        try:
            day = date(year, sub, int(match["day"]))
        except ValueError as error:
            raise InvalidEdtf(f"“{text}” is not a day of the calendar") from error
        return day, day
    if 1 <= sub <= 12:
        return _months(year, sub, sub)
    if sub in _SPANS:
        return _months(year, *_SPANS[sub])
    if sub == _WINTER:
        return date(year, 12, 1), _months(year + 1, 2, 2)[1]
    raise InvalidEdtf(f"“{text}” has no such month, season, quarter or half")


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def of_day(day: date) -> Edtf:
    """The EDTF value of one calendar day."""
    return Edtf(day.isoformat(), day, day)


def overlap(one: Edtf, other: Edtf) -> bool:
    """Whether both can hold: their bounds share at least one day (a month holds its days)."""
    return _reaches(one, other) and _reaches(other, one)


def _reaches(one: Edtf, other: Edtf) -> bool:
    return one.upper is None or other.lower is None or other.lower <= one.upper


def sort_text(value: Edtf | None) -> str:
    """A text that sorts as DESIGN asks: first day, then the finer precision first. '' when undated."""
    if value is None:
        return ""
    first = value.lower or value.upper
    assert first is not None  # parse() refuses a value with neither
    return f"{first.isoformat()}+{value.precision_days:05d}"


# --- how people say it -------------------------------------------------------------------------------------------

_MONTHS_EN = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December"]  # fmt: skip
_SPAN_ZH = {21: "春季", 22: "夏季", 23: "秋季", 24: "冬季", 33: "第一季度", 34: "第二季度", 35: "第三季度",
            36: "第四季度", 40: "上半年", 41: "下半年"}  # fmt: skip
_SPAN_EN = {21: "spring", 22: "summer", 23: "autumn", 24: "winter", 33: "Q1", 34: "Q2", 35: "Q3", 36: "Q4",
            40: "first half of", 41: "second half of"}  # fmt: skip


def in_chinese(text: str) -> str:
    """``2017-12~`` → 2017年12月前后, ``2021/2025`` → 2021年至2025年."""
    if "/" in text:
        start, _, end = text.partition("/")
        if end in ("", ".."):
            return f"{in_chinese(start)}起"
        if start in ("", ".."):
            return f"至{in_chinese(end)}"
        return f"{in_chinese(start)}至{in_chinese(end)}"
    match = _POINT.match(text)
    if not match:
        return text
    said = f"{int(match['year'])}年"
    if match["sub"]:
        sub = int(match["sub"])
        said += _SPAN_ZH.get(sub, f"{sub}月")
    if match["day"]:
        said += f"{int(match['day'])}日"
    return said + {"~": "前后", "?": "（存疑）", "%": "前后（存疑）"}.get(match["mark"], "")


def in_english(text: str) -> str:
    """``2017-12~`` → about December 2017, ``2021/2025`` → 2021 to 2025."""
    if "/" in text:
        start, _, end = text.partition("/")
        if end in ("", ".."):
            return f"from {in_english(start)}"
        if start in ("", ".."):
            return f"until {in_english(end)}"
        return f"{in_english(start)} to {in_english(end)}"
    match = _POINT.match(text)
    if not match:
        return text
    said = match["year"]
    if match["sub"]:
        sub = int(match["sub"])
        said = f"{_SPAN_EN[sub]} {said}" if sub in _SPAN_EN else f"{_MONTHS_EN[sub - 1]} {said}"
    if match["day"]:
        said = f"{int(match['day'])} {said}"
    mark = match["mark"]
    return ("about " if mark in ("~", "%") else "") + said + (" (uncertain)" if mark in ("?", "%") else "")
