"""REST collections of the policy side: each kind's filters and its view."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet

from policies import kinds
from policies.models import Area, AreaMeasure, Level, Measure
from tracker.delivery.filters import EntryFilter, held_on, many, one, require_entries
from tracker.delivery.views import EntryViewSet
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry
from tracker.rest.fields import AreaField

WINDOW = ("valid_from_lower", "valid_to_upper")
"""The columns of a dated child's window."""


class AreaFilter(EntryFilter):
    """Filters by area, for kinds that have ``areas``; an entry whose area nobody knows is unknown, not small."""

    min_area = one(AreaField, "by_area", "m²; some area of that measure is at least this")
    max_area = one(AreaField, "by_area", "m²; some area of that measure is at most this")
    measure = many("keep", "which measure of area; without it any", AreaMeasure.values)

    def by_area(self, queryset: QuerySet[Entry], name: str, value: object) -> QuerySet[Entry]:
        """Both bounds must hold for one and the same area."""
        cleaned = self.form.cleaned_data
        if name == "max_area" and cleaned.get("min_area") is not None:
            return queryset  # applied together with min_area
        areas = Area.objects.filter(value_m2__isnull=False)
        if self.day:
            areas = areas.filter(held_on(self.day, *WINDOW))
        if measures := cleaned["measure"]:
            areas = areas.filter(measure__in=measures)
        fitting = areas
        if cleaned.get("min_area") is not None:
            fitting = fitting.filter(value_m2__gte=cleaned["min_area"])
        if cleaned.get("max_area") is not None:
            fitting = fitting.filter(value_m2__lte=cleaned["max_area"])
        matching = queryset.filter(pk__in=fitting.values("entry_id"))
        if not self.include_unknown:
            return matching
        return queryset.filter(pk__in=fitting.values("entry_id")) | queryset.exclude(pk__in=areas.values("entry_id"))


class OrganisationFilter(EntryFilter):
    kind: ClassVar[Kind] = kinds.ORGANISATION


class ProgrammeFilter(EntryFilter):
    kind: ClassVar[Kind] = kinds.PROGRAMME


class PolicyFilter(EntryFilter):
    kind: ClassVar[Kind] = kinds.POLICY
    level = many("by_level", "national, provincial, city, district or zone", Level.values)
    measure_subject = many("by_measure_subject", "policies that grant something of this subject (key of a term)")

    def by_level(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        levels = [*value, ""] if self.include_unknown else value
        return queryset.filter(policy__level__in=levels)

    def by_measure_subject(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        value = require_entries("term", name, value)
        granting = Measure.objects.filter(subject__key__in=value)
        if self.day:
            granting = granting.filter(held_on(self.day, *WINDOW))
        return queryset.filter(pk__in=granting.values("entry_id"))


class PlatformFilter(EntryFilter):
    kind: ClassVar[Kind] = kinds.PLATFORM


class ZoneFilter(AreaFilter):
    kind: ClassVar[Kind] = kinds.ZONE


class InitiativeFilter(EntryFilter):
    kind: ClassVar[Kind] = kinds.INITIATIVE


class OrganisationViewSet(EntryViewSet):
    kind = kinds.ORGANISATION
    filterset_class = OrganisationFilter


class ProgrammeViewSet(EntryViewSet):
    kind = kinds.PROGRAMME
    filterset_class = ProgrammeFilter


class PolicyViewSet(EntryViewSet):
    kind = kinds.POLICY
    filterset_class = PolicyFilter


class PlatformViewSet(EntryViewSet):
    kind = kinds.PLATFORM
    filterset_class = PlatformFilter


class ZoneViewSet(EntryViewSet):
    kind = kinds.ZONE
    filterset_class = ZoneFilter


class InitiativeViewSet(EntryViewSet):
    kind = kinds.INITIATIVE
    filterset_class = InitiativeFilter


VIEWSETS = (OrganisationViewSet, ProgrammeViewSet, PolicyViewSet, PlatformViewSet, ZoneViewSet, InitiativeViewSet)
