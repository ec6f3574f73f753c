"""REST collections of the park side, and the figures of all series as rows."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from parks import applies, kinds
from parks.filters import ParkFilter
from parks.models import Basis, Figure, FigureNature
from tracker.delivery import conditional
from tracker.delivery.contract import list_of, parameters_of, plain_parameters
from tracker.delivery.filters import (
    EntryFilter,
    day_of,
    many,
    one,
    reaches_after,
    reaches_before,
    require_entries,
    wants_count,
)
from tracker.delivery.views import EntryViewSet, PublicViewSet, live_or_gone
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, Reference, State
from tracker.rest import fields, keyset
from tracker.rest.keyset import Column
from tracker.rest.parameters import cleaned, refuse_unknown
from tracker.rest.problems import bad_parameter
from tracker.rest.renderers import page
from tracker.rest.schema import Contract
from tracker.values import canonical, edtf


class SubjectFilter(EntryFilter):
    subject = many("by_subject", "what it is about: an adcode or key, or kind/key")

    def by_subject(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        """Entries about one of the subjects; a bare key may be of any kind."""
        about = Reference.objects.filter(field="subject", target__isnull=False)
        found: set[int] = set()
        for text in value:
            kind, _, key = text.rpartition("/")
            subjects = Entry.objects.filter(key=key, **({"kind": kind} if kind else {}))
            if not subjects.exists():
                raise bad_parameter(name, f"there is nothing of key {text!r}")
            found |= set(about.filter(target__in=subjects).values_list("entry_id", flat=True))
        return queryset.filter(pk__in=found)


class LayoutFilter(SubjectFilter):
    kind: ClassVar[Kind] = kinds.LAYOUT
    basis = many("by_basis", "official or analyst", Basis.values)

    def by_basis(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        return queryset.filter(layout__basis__in=value)


class SeriesFilter(SubjectFilter):
    kind: ClassVar[Kind] = kinds.SERIES
    indicator = many("by_indicator", "key of an indicator")

    def by_indicator(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        value = require_entries("indicator", name, value)
        return queryset.filter(series__indicator__key__in=value)


class ParkViewSet(EntryViewSet):
    kind = kinds.PARK
    filterset_class = ParkFilter
    filtered_by = {
        "measure_subject": ("policy", "zone", "programme"), "layout_role": ("layout",), "layout_roles_min": ("layout",),
        "near_platform": ("platform",),
    }  # fmt: skip


class LayoutViewSet(EntryViewSet):
    kind = kinds.LAYOUT
    filterset_class = LayoutFilter


class SeriesViewSet(EntryViewSet):
    kind = kinds.SERIES
    filterset_class = SeriesFilter


class ApplicableViewSet(PublicViewSet):
    """What applies to a park or place on a day; ``kind`` says of which it is the address."""

    kind: Kind = kinds.PARK
    parameters: ClassVar[dict[str, str]] = {
        "as_of": "the day, such as 2018-06-01; today in Asia/Shanghai unless told",
        "ended": "include: also what had ended by the day",
    }

    @conditional.on(conditional.everything_today)
    def list(self, request: Request, key: str) -> Response:
        refuse_unknown(request.query_params, self.parameters)
        day = day_of(request.query_params) or timezone.localdate()
        ended = request.query_params.get("ended", "")
        if ended not in ("", "include"):
            raise bad_parameter("ended", "is include, or left out")
        found = applies.on(live_or_gone(self.kind, key), day)
        return Response({name: value for name, value in found.items() if name != "ended" or ended})

    def contract(self, action: str) -> Contract:
        return Contract(f"policies_of_{self.kind.name}", "此地适用 what applies here, on that date",
                        {"$ref": "#/components/schemas/Applicable"}, plain_parameters(self.parameters),
                        self.kind.plural, (400, 404, 410))  # fmt: skip


VIEWSETS = (ParkViewSet, LayoutViewSet, SeriesViewSet)


class ObservationFilter(django_filters.FilterSet):
    """Filters over figures."""

    series = many("by_series", "keys of series")
    subject = many("by_subject", "key of the subject")
    place = many("by_place", "adcode or region key of the subject; includes what lies inside")
    indicator = many("by_indicator", "key of an indicator")
    nature = many("by_nature", "actual, target or forecast", FigureNature.values)
    date_from = one(fields.EdtfField, "by_date_from", "EDTF date, not before")
    date_to = one(fields.EdtfField, "by_date_to", "EDTF date, not after")

    class Meta:
        model = Figure
        fields: ClassVar[list[str]] = []

    def by_series(self, queryset: QuerySet[Figure], name: str, value: list[str]) -> QuerySet[Figure]:
        value = require_entries("series", name, value)
        return queryset.filter(entry__key__in=value)

    def by_subject(self, queryset: QuerySet[Figure], name: str, value: list[str]) -> QuerySet[Figure]:
        return queryset.filter(entry__series__subject__key__in=value)

    def by_place(self, queryset: QuerySet[Figure], name: str, value: list[str]) -> QuerySet[Figure]:
        value = require_entries("place", name, value)
        return queryset.filter(entry__in=Entry.objects.within(value))

    def by_indicator(self, queryset: QuerySet[Figure], name: str, value: list[str]) -> QuerySet[Figure]:
        value = require_entries("indicator", name, value)
        return queryset.filter(entry__series__indicator__key__in=value)

    def by_nature(self, queryset: QuerySet[Figure], name: str, value: list[str]) -> QuerySet[Figure]:
        return queryset.filter(nature__in=value)

    def by_date_from(self, queryset: QuerySet[Figure], name: str, value: edtf.Edtf) -> QuerySet[Figure]:
        return queryset.filter(reaches_after(value.lower))

    def by_date_to(self, queryset: QuerySet[Figure], name: str, value: edtf.Edtf) -> QuerySet[Figure]:
        return queryset.filter(reaches_before(value.upper))


class ObservationViewSet(PublicViewSet):
    """The figures of all series as rows: one observation each."""

    kind: ClassVar[Kind] = kinds.SERIES
    filterset_class = ObservationFilter
    extra_parameters: ClassVar[dict[str, str]] = {
        "cursor": "where the page begins", "page_size": "1 to 200", "count": "true: say how many there are",
    }  # fmt: skip

    def contract(self, action: str) -> Contract:
        parameters = (*parameters_of(ObservationFilter.base_filters), *plain_parameters(self.extra_parameters))
        return Contract("list_observations", "数据点 the figures of all series", list_of("Observation"), parameters,
                        "series", (400,))  # fmt: skip

    @conditional.on(conditional.own_kind)
    def list(self, request: Request) -> Response:
        refuse_unknown(request.query_params, [*ObservationFilter.base_filters, *self.extra_parameters])
        figures = Figure.objects.filter(entry__state=State.LIVE).select_related("entry")
        queryset = cleaned(ObservationFilter(request.query_params, queryset=figures)).qs
        found = keyset.paginate(queryset, [Column("entry__key"), Column("position")], request.query_params,
                                request.path)  # fmt: skip
        documents: dict[int, Json] = {}
        rows = (canonical.dumps_ordered(observation(figure, documents)) for figure in found.rows)
        parameters, path = request.query_params, request.path
        return Response(page(rows, keyset.link(path, parameters, found.following),
                             keyset.link(path, parameters, found.previous),
                             queryset.count() if wants_count(parameters) else None))  # fmt: skip


def observation(figure: Figure, documents: dict[int, Json]) -> Json:
    """One figure with what it measures; read from its series' document, so that both always agree."""
    document = documents.setdefault(figure.entry_id, {}) or documents[figure.entry_id]
    if not document:
        document.update(canonical.loads(figure.entry.document))
    shown: dict[str, Any] = next(item for item in document["figures"] if item["key"] == figure.key)
    reference = {"kind": "series", "key": document["key"], "name": document["title"], "name_en": document["title_en"]}
    return {"series": reference, "indicator": document["indicator"], "subject": document["subject"], **shown}
