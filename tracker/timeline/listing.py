"""Named questions to the events: what is public, what had happened by a day, what lies in a window."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from tracker.entries.models import State

from .models import Event


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
