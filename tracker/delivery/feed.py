"""The change feed: numbers in commit order, and the version of each document from one number to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from tracker.entries.fields import Json
from tracker.entries.inserting import insert
from tracker.entries.models import Change, ChangePlace, Containment, Counter, DocumentVersion, Entry
from tracker.timeline.spans import Stretch
from tracker.values import canonical
from tracker.values.codes import Nature

FEED = "feed"


@dataclass
class Recorded:
    """One change about to be numbered."""

    entry: Entry
    nature: str
    changed_fields: list[str]
    action: str = Change.Action.PUBLISHED
    source: str = ""
    successor: str = ""
    places_before: frozenset[str] = frozenset()
    """Keys of the places it lay in, where those may differ from the places it lies in now."""


def hold_numbers() -> int:
    """The last number given out; until this transaction ends nobody else takes one, so nobody else publishes.

    Whatever writes public rows holds them first, after locking proposals or jobs and before it reads anything it
    decides by. So publications follow one another, numbers are in the order of commits, and nothing is rendered from
    what another transaction is about to change. SQLite has one writer at a time anyway.
    """
    counter, _ = Counter.objects.select_for_update().get_or_create(name=FEED)
    return counter.value


def take_numbers(changes: Sequence[Recorded]) -> None:
    """Give each change the next number, as its entry's version; the numbers are held."""
    counter = Counter.objects.get(name=FEED)
    for offset, change in enumerate(changes, start=1):
        change.entry.version = counter.value + offset
    counter.value += len(changes)
    counter.save(update_fields=["value"])


def write(changes: Sequence[Recorded], documents: dict[int, Json], events: dict[int, list[Json]],
          spans: dict[int, list[Stretch]], now: datetime) -> None:  # fmt: skip
    """Write the numbered changes and the versions that begin with them; the entries are saved.

    :param documents: by entry, as everything else; of one that leaves public view its last counts.
    """
    insert(
        Change,
        [Change(seq=change.entry.version, action=change.action, entry_id=change.entry.pk, kind=change.entry.kind,
                key=change.entry.key, revision=change.entry.revision, nature=change.nature,
                changed_fields=change.changed_fields, recorded_at=now, source=change.source,
                successor=change.successor)
         for change in changes],
    )  # fmt: skip
    insert(ChangePlace, _places(changes))
    ended = [change.entry.pk for change in changes if change.nature != Nature.NEW]
    version = Entry.objects.filter(pk=OuterRef("entry_id")).values("version")
    DocumentVersion.objects.filter(entry__in=ended, seq_to__isnull=True).update(seq_to=Subquery(version))
    insert(DocumentVersion, [_version(change.entry, documents, events, spans) for change in changes])


def _places(changes: Sequence[Recorded]) -> Iterator[ChangePlace]:
    inside = Containment.objects.places_of(change.entry.pk for change in changes)
    for change in changes:
        now = inside[change.entry.pk]
        for place in sorted(now | change.places_before):
            yield ChangePlace(change_id=change.entry.version, place=place, inside=place in now)


def _version(entry: Entry, documents: dict[int, Json], events: dict[int, list[Json]],
             spans: dict[int, list[Stretch]]) -> DocumentVersion:  # fmt: skip
    document = documents.get(entry.pk) or canonical.loads(entry.document)
    category = document.get("category")
    return DocumentVersion(
        entry_id=entry.pk, kind=entry.kind, key=entry.key, seq_from=entry.version, state=entry.state,
        document=entry.document, events=canonical.dumps_ordered(events.get(entry.pk, [])),
        places=[place["key"] for place in document.get("places") or []],
        category=category["key"] if category else "", status=entry.status,
        date_sort=entry.date_sort, date_lower=entry.date_lower, date_upper=entry.date_upper,
        since_lower=entry.since_lower, until_upper=entry.until_upper,
        spans=[stretch.told() for stretch in spans.get(entry.pk, [])],
    )  # fmt: skip


def amend(entries: Sequence[Entry], spans: dict[int, list[Stretch]]) -> None:
    """Fill in what the current versions of unchanged documents are filtered by, after a release that asks for more."""
    for entry in entries:
        DocumentVersion.objects.filter(entry=entry, seq_to__isnull=True).update(
            since_lower=entry.since_lower, until_upper=entry.until_upper,
            spans=[stretch.told() for stretch in spans.get(entry.pk, [])],
        )  # fmt: skip


def last_number() -> int:
    """The last feed number given out."""
    return Counter.objects.filter(name=FEED).values_list("value", flat=True).first() or 0


def number_at(moment: datetime) -> int:
    """The last feed number recorded at or before a moment; 0 before the first."""
    return Change.objects.filter(recorded_at__lte=moment).order_by("-seq").values_list("seq", flat=True).first() or 0
