"""Everything the timeline page shows, gathered in a number of queries that does not depend on the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.timeline.models import Event
from tracker.web import parameters
from tracker.web.language import said

from . import choices, frame, gathering, lanes, listed, moving, overview
from .asked import Asked
from .marks import Axis
from .moving import Choice
from .pickers import pickers
from .sources import Sources
from .tiers import TIERS, WIDE, Pen


@dataclass(frozen=True)
class Chart:
    sections: list[lanes.Section]
    scale: list[SafeString]
    ground: list[SafeString]
    overview: list[SafeString]
    window: str
    """The window in words."""
    zooms: list[Choice]
    earlier: str
    later: str
    """The addresses of the windows beside this one, '' where nothing lies."""
    brush: str
    """The address of another window, with FROM and TO where its ends go."""
    whole: Axis
    axis: Axis
    """What the overview and the lanes reach over on a wide window, for the brush."""


def shown(asked: Asked, query: QueryDict, path: str) -> dict[str, Any]:
    """The context of the page.

    :raises Invalid: a broken cursor or page size.
    """
    every = asked.select()
    events = asked.in_window(every)
    counts = gathering.years(every)
    sources = Sources()
    found = listed.page(events, asked, query, path, sources)
    chart = _chart(asked, events, counts, sources)
    count = _count(asked, events, chart)
    return {
        "asked": asked, "as_of": asked.as_of, "chart": chart, "count": count, "listed": found,
        "sources": sources.listed, "nearest": [] if count else moving.nearest(asked, counts),
        "active": choices.active(asked), "views": choices.views(asked), "beyond": choices.beyond(asked),
        "kinds": choices.eventful_kinds(asked), "types": choices.types(asked), "feeds": choices.feeds(asked),
        "pickers": pickers(asked), "next": found.next, "previous": found.previous,
    }  # fmt: skip


def _count(asked: Asked, events: QuerySet[Event], chart: Chart) -> int:
    """An event is of one kind, so that lanes by kind add up; it may lie in several cities or in none."""
    if asked.side_by_side or asked.lanes == "city":
        return events.count()
    return sum(lane.count for section in chart.sections for lane in section.lanes)


def _chart(asked: Asked, events: QuerySet[Event], counts: Mapping[int, int], sources: Sources) -> Chart:
    wholes = {tier: overview.whole(counts, asked.day, tier.gutter) for tier in TIERS}
    axes = {tier: overview.whole(counts, asked.day, tier.gutter, asked.first, asked.last) for tier in TIERS}
    now = axes[WIDE].window

    @cache
    def address(first: date, last: date) -> str:
        """Closer to some days; what is one day already leads to the list."""
        if first == last and asked.first == asked.last:
            return "#list"
        return moving.address(asked, first if first != date.min else None, last if last != date.max else None)

    return Chart(
        sections=lanes.sections(asked, events, axes, address, sources),
        scale=[frame.scale(axes[tier], tier, asked.day, _day(asked)) for tier in TIERS],
        ground=[frame.ground(axes[tier], tier, asked.day, future=asked.future) for tier in TIERS],
        overview=[_overview(asked, counts, wholes[tier], axes[tier], Pen(tier, {}, address)) for tier in TIERS],
        window=moving.ends(asked), zooms=moving.zooms(asked, now, counts),
        earlier=moving.earlier(asked, now, counts), later=moving.later(asked, now, counts),
        brush=parameters.changed(asked.query, from_="FROM", to="TO"), whole=wholes[WIDE], axis=axes[WIDE],
    )  # fmt: skip


def _day(asked: Asked) -> str:
    return _("截至 %(day)s") % {"day": said(asked.day.isoformat())} if asked.as_of else _("今天")


def _overview(asked: Asked, counts: Mapping[int, int], whole: Axis, now: Axis, pen: Pen) -> SafeString:
    marked = whole.extent(now.window.first, now.window.last) if asked.bounded else None
    return frame.overview(overview.bars(counts, whole, pen.tier.cells), whole, marked, pen)
