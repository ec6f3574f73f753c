"""``known_at``: what this tracker said at a moment, answered from the versions it keeps of every document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict

from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Containment, DocumentVersion
from tracker.rest import keyset
from tracker.rest.keyset import Column
from tracker.rest.problems import bad_parameter, unknown_parameter
from tracker.rest.renderers import JSONText, page
from tracker.values import canonical, edtf
from tracker.values.errors import Invalid

from . import recorded
from .as_of import cut
from .feed import number_at
from .filters import (
    PAGE_PARAMETERS,
    EntryFilter,
    day_of,
    held_on,
    reaches_after,
    reaches_before,
    require_entries,
    wants_count,
)
from .shape import Shape
from .timeline_filters import TimelineFilter, require_kind, require_type

FILTERS = ("key", "place", "category", "status", "date_from", "date_to", "unknown")
"""The filters that work together with known_at: those whose columns the versions keep."""

EVENT_FILTERS = ("place", "kind", "type", "entry", "date_from", "date_to")
"""The filters of timelines that do: those that an event itself answers."""


def versions_at(moment: datetime) -> QuerySet[DocumentVersion]:
    """The live versions of every document at a moment."""
    return recorded.at(number_at(moment))


def version(kind: Kind, key: str, moment: datetime) -> DocumentVersion:
    """One document, with its events, as it was.

    :raises Http404: the tracker did not have it then.
    """
    found = versions_at(moment).filter(kind=kind.name, key=key).first()
    if found is None:
        raise Http404(f"This tracker had no {kind.name} {key} at that time.")
    return found


# --- lists --------------------------------------------------------------------------------------------------------


def listing(filterset_class: type[EntryFilter], parameters: QueryDict, path: str, moment: datetime,
            shape: Shape) -> JSONText:  # fmt: skip
    """A list as it was then; with ``as_of``, what it then said was true on that day.

    :raises Invalid: a filter that the versions keep no column for.
    """
    queryset = asked(filterset_class, parameters, moment, PAGE_PARAMETERS)
    found = keyset.paginate(queryset, order(parameters, filterset_class.kind), parameters, path)
    count = queryset.count() if wants_count(parameters) else None
    shown = (shape.apply(row.document) for row in found.rows)
    return page((text for text in shown if text is not None), keyset.link(path, parameters, found.following),
                keyset.link(path, parameters, found.previous), count)  # fmt: skip


def documents(filterset_class: type[EntryFilter], parameters: QueryDict, moment: datetime,
              day: date | None) -> Iterator[Json]:  # fmt: skip
    """All documents of a query as they were then, cut to a day."""
    queryset = asked(filterset_class, parameters, moment, ("as_of", "known_at")).order_by("key")
    for text in queryset.values_list("document", flat=True).iterator(chunk_size=500):
        then = canonical.loads(text)
        shown = cut(then, day) if day else then
        if shown is not None:
            yield shown


def asked(filterset_class: type[EntryFilter], parameters: QueryDict, moment: datetime,
          others: Iterable[str]) -> QuerySet[DocumentVersion]:  # fmt: skip
    """The versions that a query asks for.

    :raises Invalid: a filter that the versions keep no column for, or a wrong value.
    """
    for name in parameters:
        if name in filterset_class.base_filters and name not in FILTERS:
            raise bad_parameter(name, f"does not go with known_at; these do: {', '.join(FILTERS)}")
        if name not in filterset_class.base_filters and name not in others:
            raise unknown_parameter(name, [*FILTERS, *others])
    kind, day = filterset_class.kind, day_of(parameters)
    queryset = versions_at(moment).filter(kind=kind.name)
    if day and kind.since:
        queryset = queryset.filter(held_on(day, "since_lower", "until_upper"))
    return _filtered(filterset_class, queryset, parameters, day)


def _filtered(filterset_class: type[EntryFilter], queryset: QuerySet[DocumentVersion], parameters: QueryDict,
              day: date | None) -> QuerySet[DocumentVersion]:  # fmt: skip
    if keys := parameters.getlist("key"):
        queryset = queryset.filter(key__in=keys)
    if categories := parameters.getlist("category"):
        require_entries("term", "category", categories)
        queryset = queryset.filter(category__in=categories)
    if statuses := parameters.getlist("status"):
        filterset_class.refuse_unknown_statuses("status", statuses)
        queryset = queryset.filter(pk__in=_of_status(queryset, statuses, day))
    if places := parameters.getlist("place"):
        require_entries("place", "place", places)
        queryset = queryset.filter(pk__in=_in_places(queryset, places))
    for name, reaches in (("date_from", reaches_after), ("date_to", reaches_before)):
        if value := _date(name, parameters):
            bound = value.lower if name == "date_from" else value.upper
            undated = Q(date_sort="") if parameters.get("unknown") == "include" else Q(pk__in=())
            queryset = queryset.filter(reaches(bound, ~Q(date_sort="")) | undated)
    return queryset


def _date(name: str, parameters: QueryDict) -> edtf.Edtf | None:
    text = parameters.get(name, "")
    try:
        return edtf.parse(text) if text else None
    except edtf.InvalidEdtf as error:
        raise Invalid(f"{name}: {error}", [(name, str(error))]) from error


def _of_status(queryset: QuerySet[DocumentVersion], statuses: list[str], day: date | None) -> Iterable[int]:
    """Versions of a status: then, or as they then said it was on a day."""
    if day is None:
        return queryset.filter(status__in=statuses).values_list("pk", flat=True)
    text = day.isoformat()
    return [pk for pk, spans, status in queryset.values_list("pk", "spans", "status")
            if next((word for since, until, word in spans if (since or "") <= text < (until or "9999")), status)
            in statuses]  # fmt: skip


def _in_places(queryset: QuerySet[DocumentVersion], places: list[str]) -> Iterable[int]:
    """Versions that named a place inside; which places lie in which is asked of today's map."""
    inside = Containment.objects.filter(container__kind="place", container__key__in=places, entry__kind="place")
    keys = set(inside.values_list("entry__key", flat=True)) | set(places)
    rows = queryset.values_list("pk", "kind", "key", "places")
    return [pk for pk, kind, key, named in rows if keys.intersection([key] if kind == "place" else named)]


def order(parameters: QueryDict, kind: Kind) -> list[Column]:
    """The order asked for.

    :raises Invalid: one that the versions keep no column for.
    """
    text = parameters.get("ordering", "") or ("-date" if kind.main_date else "key")
    descending, name = text.startswith("-"), text.lstrip("-")
    if name == "date":
        return [Column("undated"), Column("date_sort", descending), Column("key", descending)]
    if name == "key":
        return [Column("key", descending)]
    raise bad_parameter("ordering", "with known_at is key or date, each also with -")


# --- events -------------------------------------------------------------------------------------------------------


def events(parameters: QueryDict, versions: QuerySet[DocumentVersion]) -> Iterator[Json]:
    """The events of a query as some versions tell them, in no order.

    :raises Invalid: a filter that events themselves cannot answer, or a wrong value.
    """
    for name in parameters:
        if name in TimelineFilter.base_filters and name not in EVENT_FILTERS:
            raise bad_parameter(name, f"does not go with known_at; these do: {', '.join(EVENT_FILTERS)}")
    types = parameters.getlist("type")
    for type_ in types:
        require_type("type", type_)
    start, end = _date("date_from", parameters), _date("date_to", parameters)
    for text in _telling(parameters, versions).values_list("events", flat=True):
        for event in canonical.loads(text):
            if (not types or event["type"] in types) and _lies_in(event, start, end):
                yield event


def _telling(parameters: QueryDict, versions: QuerySet[DocumentVersion]) -> QuerySet[DocumentVersion]:
    """The versions whose events a query asks for."""
    queryset = versions.exclude(events="[]")
    if wanted := parameters.getlist("kind"):
        for name in wanted:
            require_kind(name)
        queryset = queryset.filter(kind__in=wanted)
    if entries := parameters.getlist("entry"):
        identities = [text.partition("/")[::2] for text in entries]
        for kind, key in identities:
            require_kind(kind)
            require_entries(kind, "entry", [key])
        queryset = queryset.filter(_any_of(identities))
    if places := parameters.getlist("place"):
        require_entries("place", "place", places)
        queryset = queryset.filter(pk__in=_in_places(queryset, places))
    return queryset


def _any_of(identities: Iterable[tuple[str, str]]) -> Q:
    condition = Q(pk__in=())
    for kind, key in identities:
        condition |= Q(kind=kind, key=key)
    return condition


def _lies_in(event: Json, start: edtf.Edtf | None, end: edtf.Edtf | None) -> bool:
    early = start and start.lower and event["upper"] and event["upper"] < start.lower.isoformat()
    late = end and end.upper and event["lower"] and event["lower"] > end.upper.isoformat()
    return not (early or late)
