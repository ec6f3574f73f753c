"""The features of a collection: filtered, a page at a time, drawn as exactly as they are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import QueryDict

from tracker.delivery import features, feed, recorded
from tracker.delivery.as_of import cut
from tracker.delivery.filters import valid_on
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.rest import keyset
from tracker.rest.keyset import Column
from tracker.rest.parameters import cleaned, refuse_unknown
from tracker.rest.problems import bad_parameter
from tracker.values import canonical

from . import parameters as read
from .collections import Collection, lasting, meeting

PARAMETERS = ("limit", "bbox", "datetime", "f", "cursor")


@dataclass(frozen=True)
class Page:
    features: list[Json]
    matched: int
    following: str | None
    """The cursor of the next page."""


def page(collection: Collection, parameters: QueryDict, path: str) -> Page:
    """One page of a query's features, by key.

    :raises Invalid: a parameter that is unknown or has a wrong value, by name.
    """
    refuse_unknown(parameters, [*collection.filters, *PARAMETERS])
    period = read.period(parameters)
    day = period.instant if period else None
    queryset = _filtered(collection, parameters, day)
    if box := read.box(parameters):
        queryset = queryset.filter(meeting(collection.kind, box))
    if day:
        queryset = valid_on(queryset, collection.kind, day)
    elif period:
        queryset = queryset.filter(lasting(collection.kind, period.start, period.end))
    found = keyset.paginate(queryset.only("id", "key", "document"), [Column("key")], _paged(parameters), path)
    return Page(list(drawn([entry.document for entry in found.rows], collection, day)), queryset.count(),
                found.following)  # fmt: skip


def _filtered(collection: Collection, parameters: QueryDict, day: date | None) -> QuerySet[Entry]:
    """The filters of the list, in its words: an instant is its ``as_of``, its bbox is not the standard's."""
    asked = parameters.copy()
    for name in PARAMETERS:
        asked.pop(name, None)
    if day:
        asked["as_of"] = day.isoformat()
    if asked.get("radius_km") and not asked.get("near"):
        raise bad_parameter("radius_km", "goes with near")
    filtered: QuerySet[Entry] = cleaned(collection.filterset_class(asked, queryset=collection.live())).qs
    return filtered


def _paged(parameters: QueryDict) -> QueryDict:
    """The query in the words of keyset pages; a cursor holds for any limit and format."""
    asked = parameters.copy()
    asked["page_size"] = str(read.limit(parameters))
    for name in ("limit", "f"):
        asked.pop(name, None)
    return asked


def drawn(texts: list[str], collection: Collection, day: date | None) -> Iterator[Json]:
    """Documents as features, cut to a day where one is given."""
    documents = (canonical.loads(text) for text in texts)
    shown = (cut(document, day) if day else document for document in documents)
    there = (document for document in shown if document is not None)
    columns = features.shown_columns(collection.kind)
    for document, points in features.with_points(there, recorded.at(feed.last_number())):
        yield features.feature(document, points, columns)
