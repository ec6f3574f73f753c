"""The feature collections: one for each kind that the composition root names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from tracker.delivery.filters import EntryFilter
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, Reference, State
from tracker.entries.successors import successors

from .parameters import Box

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
DRAWING = ("place", "park")
"""The kinds by whose points others are drawn."""
OWN = frozenset({"bbox"})
"""Filters of the list that the standard defines otherwise."""


@dataclass(frozen=True)
class Collection:
    filterset_class: type[EntryFilter]
    description: str
    """What a feature is, and how exactly it is drawn; Chinese and English."""

    @property
    def kind(self) -> Kind:
        return self.filterset_class.kind

    @property
    def id(self) -> str:
        return self.kind.plural

    @property
    def title(self) -> str:
        return f"{self.kind.zh} {self.kind.en}"

    @property
    def filters(self) -> dict[str, Any]:
        """The filters of the list that go with items too."""
        return {name: filter_ for name, filter_ in self.filterset_class.base_filters.items() if name not in OWN}

    def live(self) -> QuerySet[Entry]:
        return Entry.objects.live().of_kind(self.kind.name)


def meeting(kind: Kind, box: Box) -> Q:
    """Entries that lie in the box, and those that lie nowhere, as the standard has it."""
    if not kind.drawn_by:
        return _inside(box) | Q(lat__isnull=True)
    reached, drawn = _naming(kind, _inside(box)), _naming(kind, Q())
    return Q(pk__in=reached.values("entry_id")) | ~Q(pk__in=drawn.values("entry_id"))


def _naming(kind: Kind, where: Q) -> QuerySet[Reference]:
    """The references by which entries of a kind are drawn, those that lead to a point somewhere; merges followed."""
    points = Entry.objects.live().filter(where, lat__isnull=False)
    gave_way = successors(DRAWING)
    standing = set(points.filter(pk__in=gave_way.values()).values_list("pk", flat=True)) if gave_way else set()
    followed = [old for old, new in gave_way.items() if new in standing]
    references = Reference.objects.filter(field__in=kind.drawn_by, entry__kind=kind.name, entry__state=State.LIVE)
    return references.filter(Q(target__in=points) | Q(target_id__in=followed))


def _inside(box: Box) -> Q:
    latitude = Q(lat__range=(box.south, box.north))
    if box.west <= box.east:
        return latitude & Q(lng__range=(box.west, box.east))
    return latitude & (Q(lng__gte=box.west) | Q(lng__lte=box.east))


def lasting(kind: Kind, start: date | None, end: date | None) -> Q:
    """Entries that were there at some time of an interval, possibly or certainly; those without dates always."""
    condition = Q()
    if kind.since and end:
        condition &= Q(since_lower__lte=end) | Q(since_lower__isnull=True)
    if kind.since and start:
        condition &= Q(until_upper__gt=start) | Q(until_upper__isnull=True)
    return condition


def extent(collection: Collection) -> dict[str, Any]:
    """The box around all features, and when the first of them began."""
    kind = collection.kind
    found = _points(collection).aggregate(west=Min("lng"), south=Min("lat"), east=Max("lng"), north=Max("lat"))
    known: dict[str, Any] = {}
    if found["west"] is not None:
        box = [found[side] for side in ("west", "south", "east", "north")]
        known["spatial"] = {"bbox": [box], "crs": CRS84}
    begun = collection.live().aggregate(first=Min("since_lower"))["first"] if kind.since else None
    if begun:
        known["temporal"] = {"interval": [[f"{begun.isoformat()}T00:00:00+08:00", None]]}
    return known


def _points(collection: Collection) -> QuerySet[Entry]:
    """The entries at whose points the features are drawn."""
    kind = collection.kind
    if not kind.drawn_by:
        return collection.live()
    named = set(_naming(kind, Q()).values_list("target_id", flat=True))
    gave_way = successors(DRAWING)
    return Entry.objects.live().filter(pk__in={gave_way.get(pk, pk) for pk in named})
