"""REST collections of the reference data: places, terms, industries, indicators, sources."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.entries.kinds import Kind
from tracker.entries.models import Entry
from tracker.geography.kinds import PLACE
from tracker.geography.models import Level
from tracker.sources.kinds import SOURCE
from tracker.vocabulary.kinds import INDICATOR, INDUSTRY, TERM

from . import conditional
from .filters import EntryFilter, many
from .profiles import profile
from .views import EntryViewSet, live_or_gone


class PlaceFilter(EntryFilter):
    kind: ClassVar[Kind] = PLACE
    level = many("by_level", "country, region, province, city or district", Level.values)

    def by_level(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        return queryset.filter(place__level__in=value)


class TermFilter(EntryFilter):
    kind: ClassVar[Kind] = TERM
    vocabulary = many("by_vocabulary", "the vocabulary, such as park-category")

    def by_vocabulary(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        return queryset.filter(term__vocabulary__in=value)


class IndustryFilter(EntryFilter):
    kind: ClassVar[Kind] = INDUSTRY


class IndicatorFilter(EntryFilter):
    kind: ClassVar[Kind] = INDICATOR


class SourceFilter(EntryFilter):
    kind: ClassVar[Kind] = SOURCE


class PlaceViewSet(EntryViewSet):
    kind = PLACE
    filterset_class = PlaceFilter

    @conditional.on(conditional.everything)
    def profile(self, request: Request, key: str) -> Response:
        """What this tracker holds on a place: counts, figures, layouts."""
        return Response(profile(live_or_gone(PLACE, key)))


class TermViewSet(EntryViewSet):
    kind = TERM
    filterset_class = TermFilter


class IndustryViewSet(EntryViewSet):
    kind = INDUSTRY
    filterset_class = IndustryFilter


class IndicatorViewSet(EntryViewSet):
    kind = INDICATOR
    filterset_class = IndicatorFilter


class SourceViewSet(EntryViewSet):
    kind = SOURCE
    filterset_class = SourceFilter


VIEWSETS = (PlaceViewSet, TermViewSet, SourceViewSet, IndustryViewSet, IndicatorViewSet)
