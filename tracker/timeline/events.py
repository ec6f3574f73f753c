"""The event rows of entries, written at publish from their documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tracker.entries.fields import Json
from tracker.entries.inserting import insert
from tracker.entries.models import Entry
from tracker.entries.storing import published
from tracker.values import canonical

from .models import Event
from .rules import events_of, sort_key


def texts_of(document: Json) -> list[str]:
    """The events of a document as they are stored, in order."""
    return [canonical.dumps_ordered(event) for event in events_of(document)]


def stored(entries: Sequence[Entry]) -> dict[int, list[str]]:
    """The events that are told of the entries now, in order."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Event.objects.filter(entry__in=entries).order_by("entry_id", "sort")
    for pk, text in rows.values_list("entry_id", "document"):
        found[pk].append(text)
    return found


def write(entries: Sequence[Entry], documents: dict[int, Json]) -> dict[int, list[Json]]:
    """Replace the events of the entries; returns them by entry, for the versions."""
    Event.objects.filter(entry_id__in=published(entries)).delete()
    written: dict[int, list[Json]] = {}
    rows: list[Event] = []
    for entry in entries:
        written[entry.pk] = []
        for event in events_of(documents[entry.pk]) if entry.pk in documents else []:
            sort = sort_key(event)
            written[entry.pk].append(event)
            rows.append(
                Event(id=event["id"], entry_id=entry.pk, type=event["type"], date=event["date"], sort=sort,
                      title_zh=event["title"]["zh"], title_en=event["title"]["en"],
                      conflict=event["conflict"] is not None, document=canonical.dumps_ordered(event))
            )  # fmt: skip
    insert(Event, rows)
    return written
