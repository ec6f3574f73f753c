"""Named questions to the events: what is public, what had happened by a day, what lies in a window."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from tracker.entries.models import State

from .models import Event


def public_events() -> QuerySet[Event]:
    return Event.objects.filter(entry__state=State.LIVE)


def happened_by(events: QuerySet[Event], day: date) -> QuerySet[Event]:
    """What had happened by a day, possibly or certainly; only what lies wholly after it had not."""
    return events.exclude(date_lower__gt=day)


def certain_by(last_day: date | None, day: date) -> bool:
    """Whether an event whose last possible day this is had certainly happened by a day."""
    return last_day is not None and last_day <= day


def within(events: QuerySet[Event], first: date | None, last: date | None) -> QuerySet[Event]:
    """What may have happened between two days, both included; an open side of a date reaches everywhere."""
    if first is not None:
        events = events.exclude(date_upper__lt=first)
    if last is not None:
        events = events.exclude(date_lower__gt=last)
    return events
