"""What the address asks of the timeline page: filters, window, day, and how the lanes are divided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from tracker.entries import kinds
from tracker.entries.models import Entry
from tracker.timeline import listing
from tracker.timeline.models import Event
from tracker.timeline.types import TYPES
from tracker.web import parameters

from . import window
from .names import named

LANES = ("kind", "city")
SIDE_BY_SIDE = 6
"""How many places can stand side by side."""
PICKED = {
    "place": ("place",),
    "industry": ("industry",),
    "programme": ("programme",),
    "organisation": ("organisation",),
}
"""The filters that name entries, with the kinds they may be of; ``entry`` names one of any kind that has events."""


@dataclass(frozen=True)
class Asked:
    picked: dict[str, dict[str, Entry]]
    """The entries that filters name: by parameter, then by key (``entry``: kind/key)."""
    kinds: list[str]
    types: list[str]
    first: date | None
    last: date | None
    """The bounds of the window that the address gives, by dates or by a zoom."""
    as_of: date | None
    future: bool
    lanes: str
    side: bool
    day: date
    """The day the page stands on: ``as_of``, else today."""

    @property
    def places(self) -> dict[str, Entry]:
        return self.picked["place"]

    @property
    def bounded(self) -> bool:
        return self.first is not None or self.last is not None

    @property
    def side_by_side(self) -> bool:
        return self.side and len(self.places) > 1

    @property
    def query(self) -> QueryDict:
        """The address in its plain form: entries by key, the window by its ends."""
        query = QueryDict(mutable=True)
        for name, values in self._filters().items():
            query.setlist(name, values)
        for name, text in (("from", self.ends[0]), ("to", self.ends[1]), ("as_of", self.as_of and str(self.as_of)),
                           ("future", "include" if self.future else ""),
                           ("lanes", "" if self.lanes == "kind" else self.lanes),
                           ("side", "cities" if self.side else "")):  # fmt: skip
            if text:
                query[name] = text
        return query

    @property
    def ends(self) -> tuple[str, str]:
        """The bounds of the window as short EDTF texts, '' where there is none."""
        start = window.Window(self.first, self.first).texts[0] if self.first else ""
        end = window.Window(self.last, self.last).texts[1] if self.last else ""
        return start, end

    def _filters(self) -> dict[str, list[str]]:
        named_ = {name: list(found) for name, found in self.picked.items()} | {"kind": self.kinds, "type": self.types}
        return {name: values for name, values in named_.items() if values}

    @property
    def for_the_api(self) -> str:
        """The query of ``timeline.ics`` and its like that gives the same events."""
        query = QueryDict(mutable=True)
        for name, values in self._filters().items():
            query.setlist(name, values)
        for name, bound in (("date_from", self.first), ("date_to", self.last), ("as_of", self.as_of)):
            if bound:
                query[name] = bound.isoformat()
        if self.future:
            query["future"] = "include"
        return query.urlencode()

    def select(self) -> QuerySet[Event]:
        """The events the filters leave, of all time up to the day (or beyond, when asked for)."""
        found = listing.public_events()
        for condition in self._conditions():
            found = found.filter(condition)
        return found if self.future else listing.happened_by(found, self.day)

    def in_window(self, found: QuerySet[Event]) -> QuerySet[Event]:
        return listing.within(found, self.first, self.last)

    def _conditions(self) -> list[Q]:
        keys = {name: list(found) for name, found in self.picked.items()}
        conditions = []
        for container in ("place", "industry"):
            if keys[container]:
                conditions.append(Q(entry__in=Entry.objects.within(keys[container], container)))
        if keys["programme"]:
            own = Q(entry__in=[row.pk for row in self.picked["programme"].values()])
            conditions.append(own | Q(entry__in=Entry.objects.referring_to("programme", keys["programme"])))
        if keys["organisation"]:
            conditions.append(Q(entry__in=Entry.objects.referring_to("organisation", keys["organisation"])))
        if keys["entry"]:
            conditions.append(Q(entry__in=[row.pk for row in self.picked["entry"].values()]))
        if self.kinds:
            conditions.append(Q(entry__kind__in=self.kinds))
        if self.types:
            conditions.append(Q(type__in=self.types))
        return conditions


def read(query: QueryDict, today: date) -> Asked:
    """Read and check every parameter.

    :raises Invalid: a wrong value; ``Unclear`` among them: a name that leads nowhere or to several entries.
    """
    as_of = parameters.day(query, "as_of")
    first, last = _bounds(query, as_of or today)
    picked = {name: named(query, name, of_kinds) for name, of_kinds in PICKED.items()}
    asked = Asked(
        picked=picked | {"entry": named(query, "entry", eventful())},
        kinds=parameters.many_of(query, "kind", eventful()), types=parameters.many_of(query, "type", TYPES),
        first=first, last=last, as_of=as_of, future=parameters.one_of(query, "future", ["include"]) != "",
        lanes=parameters.one_of(query, "lanes", LANES) or "kind",
        side=parameters.one_of(query, "side", ["cities"]) != "", day=as_of or today,
    )  # fmt: skip
    if asked.future and asked.as_of:
        raise parameters.wrong("future", "include", _("截至某一天只说那天以前的事；请去掉其中一个。"))
    if asked.side and len(asked.places) > SIDE_BY_SIDE:
        hint = _("并列最多 %(most)s 个地区。") % {"most": SIDE_BY_SIDE}
        raise parameters.wrong("place", list(asked.places)[SIDE_BY_SIDE], hint)
    return asked


def eventful() -> list[str]:
    """The kinds of entry that have events."""
    return [kind.name for kind in kinds.entry_kinds() if kind.events]


def _bounds(query: QueryDict, day: date) -> tuple[date | None, date | None]:
    """The ends of the window. A zoom completes it: a missing end lies the zoom's length away from the other one, or
    the window ends with the day; with both ends given it is the zoom's window around their middle."""
    start, end = parameters.date(query, "from"), parameters.date(query, "to")
    zoom = parameters.one_of(query, "zoom", window.ZOOMS)
    first, last = start.lower if start else None, end.upper if end else None
    if first and last and last < first:
        assert start is not None
        raise parameters.wrong("from", start.text, _("“自”晚于“至”；请调换。"))
    found = _zoomed(zoom, first, last, day) if zoom else None
    return (found.first, found.last) if found else (first, last)


def _zoomed(zoom: str, first: date | None, last: date | None, day: date) -> window.Window:
    if first and last:
        return window.at_zoom(zoom, window.Window(first, last).middle)
    return window.since(zoom, first) if first else window.until(zoom, last or day)
