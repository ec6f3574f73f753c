"""``known_at``: what this tracker said at a moment, answered from the versions it keeps of every document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict

from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Containment, DocumentVersion, State
from tracker.rest import keyset
from tracker.rest.keyset import Column
from tracker.rest.problems import bad_parameter, unknown_parameter
from tracker.rest.renderers import JSONText, page
from tracker.timeline.rules import sort_key
from tracker.values import canonical, edtf
from tracker.values.errors import Invalid

from .feed import number_at
from .filters import PAGE_PARAMETERS, EntryFilter, require_entries
from .shape import Shape

FILTERS = ("key", "place", "category", "status", "date_from", "date_to", "unknown")
"""The filters that work together with known_at: those whose columns the versions keep."""


def versions_at(moment: datetime) -> QuerySet[DocumentVersion]:
    """The live versions of every document at a moment."""
    number = number_at(moment)
    open_then = Q(seq_to__gt=number) | Q(seq_to__isnull=True)
    return DocumentVersion.objects.filter(open_then, seq_from__lte=number, state=State.LIVE)


def document(kind: Kind, key: str, moment: datetime) -> str:
    """One document as it was.

    :raises Http404: the tracker did not have it then.
    """
    version = versions_at(moment).filter(kind=kind.name, key=key).first()
    if version is None:
        raise Http404(f"This tracker had no {kind.name} {key} at that time.")
    return version.document


def listing(filterset_class: type[EntryFilter], parameters: QueryDict, path: str, moment: datetime,
            shape: Shape) -> JSONText:  # fmt: skip
    """A list as it was then.

    :raises Invalid: a filter that the versions keep no column for.
    """
    kind = filterset_class.kind
    for name in parameters:
        if name in filterset_class.base_filters and name not in FILTERS:
            raise bad_parameter(name, f"does not go with known_at; these do: {', '.join(FILTERS)}")
        if name not in filterset_class.base_filters and name not in PAGE_PARAMETERS:
            raise unknown_parameter(name, [*FILTERS, *PAGE_PARAMETERS])
    queryset = _filtered(versions_at(moment).filter(kind=kind.name), parameters)
    found = keyset.paginate(queryset, _order(parameters, kind), parameters, path)
    count = queryset.count() if parameters.get("count") == "true" else None
    shown = (shape.apply(version.document) for version in found.rows)
    return page((text for text in shown if text is not None), keyset.link(path, parameters, found.following),
                keyset.link(path, parameters, found.previous), count)  # fmt: skip


def _filtered(queryset: QuerySet[DocumentVersion], parameters: QueryDict) -> QuerySet[DocumentVersion]:
    for name, column in (("key", "key"), ("category", "category"), ("status", "status")):
        if values := parameters.getlist(name):
            queryset = queryset.filter(**{f"{column}__in": values})
    if places := parameters.getlist("place"):
        require_entries("place", "place", places)
        queryset = queryset.filter(pk__in=_in_places(queryset, places))
    for name, column in (("date_from", "date_upper__gte"), ("date_to", "date_lower__lte")):
        if text := parameters.get(name):
            queryset = queryset.filter(_dated(name, column, text, parameters))
    return queryset


def _dated(name: str, column: str, text: str, parameters: QueryDict) -> Q:
    try:
        value = edtf.parse(text)
    except edtf.InvalidEdtf as error:
        raise Invalid(f"{name}: {error}", [(name, str(error))]) from error
    condition = Q(**{column: value.lower if name == "date_from" else value.upper})
    return condition | Q(date_sort="") if parameters.get("unknown") == "include" else condition


def _in_places(queryset: QuerySet[DocumentVersion], places: list[str]) -> Iterable[int]:
    """Versions that named a place inside; which places lie in which is asked of today's map."""
    inside = Containment.objects.filter(container__kind="place", container__key__in=places, entry__kind="place")
    keys = set(inside.values_list("entry__key", flat=True)) | set(places)
    return [pk for pk, named in queryset.values_list("pk", "places") if keys.intersection(named)]


def _order(parameters: QueryDict, kind: Kind) -> list[Column]:
    text = parameters.get("ordering", "") or ("-date" if kind.main_date else "key")
    descending, name = text.startswith("-"), text.lstrip("-")
    if name == "date":
        return [Column("undated"), Column("date_sort", descending), Column("key", descending)]
    if name == "key":
        return [Column("key", descending)]
    raise bad_parameter("ordering", "with known_at is key or date, each also with -")


def timeline(parameters: QueryDict, path: str, moment: datetime, allowed: Iterable[str]) -> JSONText:
    """All events as they were told then, newest first.

    :raises Invalid: a filter; the versions keep events whole, without columns to filter by.
    """
    for name in parameters:
        if name not in allowed:
            raise bad_parameter(name, f"does not go with known_at; these do: {', '.join(allowed)}")
    texts = versions_at(moment).exclude(events="[]").values_list("events", flat=True)
    events = sorted((event for text in texts for event in canonical.loads(text)), key=sort_key)
    if parameters.get("ordering", "-date") == "-date":
        events.reverse()
    return _slice(events, parameters, path)


def _slice(events: list[Json], parameters: QueryDict, path: str) -> JSONText:
    """One page of a list that is whole in memory: the cursor is the id the page begins after."""
    size, bound = keyset.page_size(parameters), keyset.query_hash(parameters, path)
    position = keyset.read(parameters.get("cursor", ""), bound, 1)
    ids = [event["id"] for event in events]
    start = ids.index(position["v"][0]) + 1 if position else 0
    shown = events[start : start + size]
    more = start + size < len(events)
    cursor = keyset.write([shown[-1]["id"]], bound, backwards=False) if more else None
    count = len(events) if parameters.get("count") == "true" else None
    return page(map(canonical.dumps_ordered, shown), keyset.link(path, parameters, cursor), None, count)
