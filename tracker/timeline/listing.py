"""Timelines: events of all kinds merged, or of one entry, by keyset pages."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.http import QueryDict

from tracker.entries.models import Entry, State
from tracker.rest import keyset
from tracker.rest.keyset import Column
from tracker.rest.parameters import refuse_unknown
from tracker.rest.problems import bad_parameter
from tracker.rest.renderers import JSONText, page

from .models import Event

PAGE_PARAMETERS = ("cursor", "page_size", "count", "ordering")


def public_events() -> QuerySet[Event]:
    return Event.objects.filter(entry__state=State.LIVE)


def happened_by(events: QuerySet[Event], day: date) -> QuerySet[Event]:
    """What had happened by a day, possibly or certainly: what may have come no later."""
    return events.filter(Q(date_lower__lte=day) | Q(date_lower__isnull=True))


def certain_by(last_day: date | None, day: date) -> bool:
    """Whether an event whose last possible day this is had certainly happened by a day."""
    return last_day is not None and last_day <= day


def within(events: QuerySet[Event], first: date | None, last: date | None) -> QuerySet[Event]:
    """What may have happened between two days, both included; an open side of a date reaches everywhere."""
    if first is not None:
        events = events.filter(Q(date_upper__gte=first) | Q(date_upper__isnull=True))
    if last is not None:
        events = events.filter(Q(date_lower__lte=last) | Q(date_lower__isnull=True))
    return events


def entry_timeline(entry: Entry, parameters: QueryDict, path: str) -> JSONText:
    """The events of one entry, newest first unless told otherwise."""
    refuse_unknown(parameters, PAGE_PARAMETERS)
    return listing(Event.objects.filter(entry=entry), parameters, path)


def listing(events: QuerySet[Event], parameters: QueryDict, path: str) -> JSONText:
    """One page of events; ``ordering`` is date or -date, each the exact reverse of the other."""
    order = parameters.get("ordering", "-date")
    if order not in ("date", "-date"):
        raise bad_parameter("ordering", "is date or -date")
    found = keyset.paginate(events.only("id", "sort", "document"), [Column("sort", order == "-date")], parameters, path)
    count = events.count() if parameters.get("count") == "true" else None
    return page((event.document for event in found.rows), keyset.link(path, parameters, found.following),
                keyset.link(path, parameters, found.previous), count)  # fmt: skip
