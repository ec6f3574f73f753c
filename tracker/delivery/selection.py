"""All documents of a list's query, in its order, as they were at one feed number: what an export writes.

Which entries there are, and in what order, is asked once; their documents are then read a batch at a time from the
versions of that number. So what is published while a long file is sent changes nothing in it, and an export with
``known_at`` gives at any time the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict

from tracker.entries.fields import Json
from tracker.entries.models import DocumentVersion, Entry
from tracker.rest import keyset
from tracker.rest.parameters import refuse_unknown
from tracker.rest.problems import bad_parameter
from tracker.values import canonical

from . import feed, past, recorded
from .as_of import cut
from .filters import CLOCKS, EntryFilter, apply, known_at, valid_on
from .shape import Shape
from .views import ordering

BATCH = 200

PARAMETERS = ("ordering", "fields", "omit", *CLOCKS)


@dataclass(frozen=True)
class Selection:
    """The entries that a query gives, in its order."""

    number: int
    """The feed number at which the documents stand."""
    shape: Shape
    ids: Sequence[int]
    """Of the entries."""

    def texts(self) -> Iterator[str]:
        """The documents as the list shows them: stored texts, cut where the query says so."""
        shown = (self.shape.apply(text) for text in self._stored())
        return (text for text in shown if text is not None)

    def documents(self) -> Iterator[Json]:
        """The documents whole, cut to the query's day alone: columns say which members are shown."""
        for text in self._stored():
            document: Json = canonical.loads(text)
            shown = cut(document, self.shape.day) if self.shape.day else document
            if shown is not None:
                yield shown

    def _stored(self) -> Iterator[str]:
        for start in range(0, len(self.ids), BATCH):
            batch = self.ids[start : start + BATCH]
            rows = recorded.at(self.number).filter(entry_id__in=batch)
            found = dict(rows.values_list("entry_id", "document"))
            yield from (found[pk] for pk in batch if pk in found)


def of(filterset_class: type[EntryFilter], parameters: QueryDict) -> Selection:
    """What a query of the list gives, whole.

    :raises Invalid: an unknown parameter or a wrong value, by name; more documents than an export holds.
    """
    refuse_unknown(parameters, [*filterset_class.base_filters, *PARAMETERS])
    shape = Shape.of(filterset_class.kind, parameters)
    moment = known_at(parameters)
    number = feed.number_at(moment) if moment else feed.last_number()
    rows = _then(filterset_class, parameters, moment) if moment else _now(filterset_class, parameters, shape)
    most = settings.EXPORT_DOCUMENTS
    ids = list(rows[: most + 1])
    if len(ids) > most:
        raise bad_parameter("place", f"more than {most} documents: narrow the query, or take a snapshot, "
                                     "/api/v1/snapshots/latest/")  # fmt: skip
    return Selection(number, shape, ids)


def _now(filterset_class: type[EntryFilter], parameters: QueryDict, shape: Shape) -> QuerySet[Any, int]:
    kind = filterset_class.kind
    queryset = apply(filterset_class, parameters, Entry.objects.live().of_kind(kind.name))
    if shape.day:
        queryset = valid_on(queryset, kind, shape.day)
    return queryset.order_by(*keyset.in_order(ordering(parameters, kind))).values_list("pk", flat=True)


def _then(filterset_class: type[EntryFilter], parameters: QueryDict, moment: datetime) -> QuerySet[Any, int]:
    versions: QuerySet[DocumentVersion] = past.asked(filterset_class, parameters, moment, PARAMETERS)
    order = past.order(parameters, filterset_class.kind)
    return versions.order_by(*keyset.in_order(order)).values_list("entry_id", flat=True)
