"""Timelines under both clocks: the merged one and one entry's, as pages, as counts and for feeds.

Without ``as_of`` a timeline tells what had happened by today (with ``known_at``: by that day), and what is still to
come only with ``future=include``. With it, what had happened by that day; ``certain: false`` marks what only possibly
had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.rest import keyset
from tracker.rest.keyset import Column
from tracker.rest.parameters import refuse_unknown
from tracker.rest.problems import bad_parameter
from tracker.rest.renderers import JSONText, page
from tracker.timeline import counting, listing
from tracker.timeline.counting import By
from tracker.timeline.models import Event
from tracker.timeline.rules import sort_key
from tracker.values import canonical

from . import past, recorded
from .feed import number_at
from .filters import day_of, known_at, wants_count
from .timeline_filters import narrowed

MOMENTS = {
    "as_of": "a date: what had happened by that day",
    "future": "include: also what is still to come",
    "known_at": "a moment or date: what this tracker said then",
}
PARAMETERS = {
    "cursor": "where the page begins; taken from next or previous",
    "page_size": "1 to 200; 50 unless told",
    "count": "true: say how many there are in all",
    "ordering": "date or -date; each is the exact reverse of the other",
    **MOMENTS,
}


@dataclass(frozen=True)
class Moments:
    """Up to when a timeline tells, and when it was told."""

    day: date | None
    """What had happened by this day; None: also what is to come."""
    marked: bool
    """Whether each event says if it certainly had."""
    known_at: datetime | None

    @classmethod
    def of(cls, parameters: QueryDict) -> Moments:
        """
        :raises Invalid: a wrong day, moment or word, or ``future`` beside ``as_of``.
        """
        as_of, told_at, future = day_of(parameters), known_at(parameters), parameters.get("future", "")
        if future not in ("", "include"):
            raise bad_parameter("future", "is include, or left out")
        if future and as_of:
            raise bad_parameter("future", "does not go with as_of: it says what had happened by that day")
        today = timezone.localdate(told_at) if told_at else timezone.localdate()
        return cls(as_of or (None if future else min(today, timezone.localdate())), as_of is not None, told_at)

    def shown(self, event: Json) -> Json:
        if not self.marked:
            return event
        last = event["upper"] and date.fromisoformat(event["upper"])
        return event | {"certain": listing.certain_by(last, self.day or date.max)}


# --- what is asked for --------------------------------------------------------------------------------------------


def events_now(parameters: QueryDict, moments: Moments) -> QuerySet[Event]:
    """The events of a query as they are told now.

    :raises Invalid: a filter's value, by name.
    """
    events = narrowed(parameters, listing.public_events())
    return listing.happened_by(events, moments.day) if moments.day else events


def events_then(parameters: QueryDict, moments: Moments, told_at: datetime) -> list[Json]:
    """The events of a query as they were told at a moment, oldest first.

    :raises Invalid: a filter's value, or a filter that does not go with ``known_at``, by name.
    """
    return sorted(_by(past.events(parameters, past.versions_at(told_at)), moments), key=sort_key)


def _by(events: Iterable[Json], moments: Moments) -> list[Json]:
    horizon = moments.day.isoformat() if moments.day else "9999"
    return [event for event in events if not event["lower"] or event["lower"] <= horizon]


# --- as pages -----------------------------------------------------------------------------------------------------


def merged(parameters: QueryDict, path: str) -> JSONText:
    """One page of the events of all kinds, newest first unless told otherwise."""
    moments = Moments.of(parameters)
    if moments.known_at:
        return _page_told(moments, moments.known_at, parameters, path)
    return _page_now(events_now(parameters, moments), moments, parameters, path)


def of_entry(kind: Kind, key: str, parameters: QueryDict, path: str) -> JSONText:
    """One page of the events of one entry.

    :raises Http404: with ``known_at``: the tracker did not have it then.
    """
    refuse_unknown(parameters, PARAMETERS)
    moments = Moments.of(parameters)
    if moments.known_at:
        told = canonical.loads(past.version(kind, key, moments.known_at).events)
        then = {sort_key(event): event for event in _by(told, moments)}
        return _page_then(then, moments, parameters, path, len(then) if wants_count(parameters) else None)
    events = listing.public_events().filter(entry__kind=kind.name, entry__key=key)
    return _page_now(listing.happened_by(events, moments.day) if moments.day else events, moments, parameters, path)


def _page_now(events: QuerySet[Event], moments: Moments, parameters: QueryDict, path: str) -> JSONText:
    found = keyset.paginate(events.only("id", "sort", "document"), [_order(parameters)], parameters, path)
    texts: Iterable[str] = (row.document for row in found.rows)
    if moments.marked:
        texts = (canonical.dumps_ordered(moments.shown(canonical.loads(text))) for text in texts)
    return _page(texts, found, parameters, path, events.count() if wants_count(parameters) else None)


def _page_told(moments: Moments, told_at: datetime, parameters: QueryDict, path: str) -> JSONText:
    """As told at a moment: what is still told so stands in the table of events, the rest in versions of then.

    The table is asked first: what is published meanwhile is found in both, and not lost.
    """
    number = number_at(told_at)
    still = events_now(parameters, moments).filter(entry__version__lte=number)
    first = keyset.ahead(still.only("id", "sort", "document"), [_order(parameters)], parameters, path)
    replaced = _by(past.events(parameters, recorded.at(number).filter(seq_to__isnull=False)), moments)
    rows = {row.sort: canonical.loads(row.document) for row in first} | {sort_key(event): event for event in replaced}
    count = still.count() + len(replaced) if wants_count(parameters) else None
    return _page_then(rows, moments, parameters, path, count)


def _page_then(events: Mapping[str, Json], moments: Moments, parameters: QueryDict, path: str,
               count: int | None) -> JSONText:  # fmt: skip
    rows: list[dict[str, Any]] = [{"sort": sort, "event": event} for sort, event in events.items()]
    found = keyset.paginate_rows(rows, _order(parameters), parameters, path)
    texts = (canonical.dumps_ordered(moments.shown(row["event"])) for row in found.rows)
    return _page(texts, found, parameters, path, count)


def _order(parameters: QueryDict) -> Column:
    order = parameters.get("ordering") or "-date"
    if order not in ("date", "-date"):
        raise bad_parameter("ordering", "is date or -date")
    return Column("sort", order == "-date")


def _page(texts: Iterable[str], found: keyset.Page, parameters: QueryDict, path: str, count: int | None) -> JSONText:
    return page(texts, keyset.link(path, parameters, found.following), keyset.link(path, parameters, found.previous),
                count)  # fmt: skip


# --- as counts ----------------------------------------------------------------------------------------------------


def counts(parameters: QueryDict) -> Json:
    """How many events there are by ``by=year`` or ``month``: as many in all as the timeline of the same query has."""
    if (text := parameters.get("by") or By.YEAR) not in list(By):
        raise bad_parameter("by", f"is one of {', '.join(By)}")
    by, moments = By(text), Moments.of(parameters)
    if moments.known_at:
        return counting.counts(counting.in_memory(events_then(parameters, moments, moments.known_at), by), by)
    return counting.counts(counting.in_query(events_now(parameters, moments), by), by)
