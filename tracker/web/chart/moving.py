"""The ways from one window to others: zooms, earlier and later, and out of an empty one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tracker.web import parameters
from tracker.web.language import said

from . import window, words
from .asked import Asked
from .window import Window


@dataclass(frozen=True)
class Choice:
    """One of several views of the same events."""

    name: str
    words: str
    href: str
    chosen: bool


def address(asked: Asked, first: date | None, last: date | None) -> str:
    """The page for the days from first to last; a side without a day is open."""
    start = Window(first, first).texts[0] if first else None
    end = Window(last, last).texts[1] if last else None
    return parameters.changed(asked.query, from_=start, to=end)


def at(asked: Asked, found: Window) -> str:
    return address(asked, found.first, found.last)


def zooms(asked: Asked, now: Window, counts: Mapping[int, int]) -> list[Choice]:
    """The whole, and each zoom around the middle; from the whole, around the year with most events."""
    middle = now.middle
    if not asked.bounded and counts:
        middle = date(max(counts, key=lambda year: (counts[year], year)), 7, 1)
    units = {"decade": _("年代"), "year": _("年"), "month": _("月"), "day": _("日")}
    whole = Choice("all", _("全部"), address(asked, None, None), not asked.bounded)
    return [whole, *(
        Choice(name, word, at(asked, window.at_zoom(name, middle)), asked.bounded and now.zoom == name)
        for name, word in units.items()
    )]  # fmt: skip


def earlier(asked: Asked, now: Window, counts: Mapping[int, int]) -> str:
    """The window before this one, '' where nothing lies before it."""
    oldest = min(counts, default=now.first.year)
    more = asked.first is not None and (oldest, 1, 1) < (now.first.year, now.first.month, now.first.day)
    return at(asked, now.moved(-1)) if more else ""


def later(asked: Asked, now: Window, counts: Mapping[int, int]) -> str:
    """The window after this one, '' where nothing lies after it."""
    newest = max(counts, default=now.last.year)
    more = asked.last is not None and (newest, 12, 31) > (now.last.year, now.last.month, now.last.day)
    return at(asked, now.moved(1)) if more and (asked.future or now.last < asked.day) else ""


def nearest(asked: Asked, counts: Mapping[int, int]) -> list[tuple[str, str]]:
    """From an empty window: the years before and after it in which something happened, as (words, address)."""
    start, end = asked.first or date.min, asked.last or date.max
    before = max((year for year in counts if year <= start.year), default=None)
    after = min((year for year in counts if year >= end.year), default=None)
    return [(_("看 %(year)s 年（%(count)s 件）") % {"year": year, "count": counts[year]},
             address(asked, date(year, 1, 1), date(year, 12, 31)))
            for year in dict.fromkeys((before, after)) if year is not None]  # fmt: skip


def ends(asked: Asked) -> str:
    """The window in words."""
    if asked.first and asked.last:
        return words.stretch(asked.first, asked.last)
    start, end = asked.ends
    return said(f"{start}/.." if start else f"../{end}") if asked.bounded else _("全部年份")
