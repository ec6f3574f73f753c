"""The parameters that OGC API - Features defines, strict as it demands: limit, bbox, datetime."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from tracker.rest.fields import moment
from tracker.rest.keyset import MAX_PAGE_SIZE
from tracker.rest.problems import bad_parameter

DEFAULT_LIMIT = 100
MOST = MAX_PAGE_SIZE
_OPEN = ("", "..")


class Box(NamedTuple):
    """Degrees, WGS 84; west lies east of east where the box crosses the date line."""

    west: float
    south: float
    east: float
    north: float


class Period(NamedTuple):
    """Days, both included; None on an open side."""

    start: date | None
    end: date | None

    @property
    def instant(self) -> date | None:
        """The day, where it is one."""
        return self.start if self.start == self.end else None


def limit(parameters: QueryDict) -> int:
    """How many features at most; more than the maximum is the maximum (/req/core/fc-limit-response-1)."""
    text = parameters.get("limit", "")
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit()) or len(text) > 18 or int(text) < 1:
        raise bad_parameter("limit", "must be a whole number from 1 on")
    return min(int(text), MOST)


def box(parameters: QueryDict) -> Box | None:
    """Four numbers, or six, of which the two heights do not matter here (/req/core/fc-bbox-definition)."""
    text = parameters.get("bbox", "")
    if not text:
        return None
    numbers = _numbers(text)
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise bad_parameter("bbox", "must be four numbers west,south,east,north, or six with heights")
    found = Box(*numbers)
    if not (-180 <= found.west <= 180 and -180 <= found.east <= 180 and -90 <= found.south <= found.north <= 90):
        raise bad_parameter("bbox", "must be degrees: west and east within ±180, south ≤ north within ±90")
    return found


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise bad_parameter("bbox", f"{text!r} is not a list of numbers") from error


def period(parameters: QueryDict) -> Period | None:
    """A moment or an interval of RFC 3339 date-times or dates, open by ``..`` (/req/core/fc-time-definition)."""
    text = parameters.get("datetime", "")
    if not text:
        return None
    first, slash, last = text.partition("/")
    if not slash:
        day = _day(text)
        return Period(day, day)
    if first in _OPEN and last in _OPEN:
        raise bad_parameter("datetime", "must have a date on one side at least")
    start, end = (None if side in _OPEN else _day(side) for side in (first, last))
    if start and end and end < start:
        raise bad_parameter("datetime", "ends before it begins")
    return Period(start, end)


def _day(text: str) -> date:
    """The day of a moment in Asia/Shanghai, as every day here."""
    try:
        return timezone.localdate(moment(text, end=False))
    except ValidationError as error:
        raise bad_parameter("datetime", error.messages[0]) from error
