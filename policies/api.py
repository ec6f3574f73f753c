"""REST collections of the policy side: each kind's filters and its view."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from operator import or_
from typing import ClassVar

from django.db.models import FloatField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.forms import ChoiceField

from policies import kinds
from policies.models import Area, AreaMeasure, Level, Measure
from tracker.delivery.filters import EntryFilter, held_on, many, one, require_entries
from tracker.delivery.views import EntryViewSet
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry
from tracker.rest.fields import AreaField
from tracker.values.units import SQUARE_METRES, to_square_metres

WINDOW = ("valid_from_lower", "valid_to_upper")
"""The columns of a dated child's window."""

AREA_ANSWERS = ("yes", "no", "unknown")


class AreaFilter(EntryFilter):
    """Filters by area, for kinds that have ``areas``; an entry whose area nobody knows is unknown, not small."""

    min_area = one(AreaField, "by_area", "some area of that measure is at least this; in area_unit")
    max_area = one(AreaField, "by_area", "some area of that measure is at most this; in area_unit")
    area_unit = one(ChoiceField, "keep", "unit of min_area and max_area; m2 unless told",
                    choices=[(unit, unit) for unit in SQUARE_METRES])  # fmt: skip
    measure = many("keep", "which measure of area; without it any", AreaMeasure.values)
    area = many("by_area", "yes: within min_area and max_area (without these: known); no: known, and not within; "
                           "unknown: nobody knows it. yes unless told", AREA_ANSWERS)  # fmt: skip

    def by_area(self, queryset: QuerySet[Entry], name: str, value: object) -> QuerySet[Entry]:
        """Both bounds must hold for one and the same area."""
        asked = self.form.cleaned_data
        if name != next(name for name in ("min_area", "max_area", "area") if asked.get(name) not in (None, [])):
            return queryset  # applied together, with the first of them
        answers = set(asked["area"] or ["yes"]) | ({"unknown"} if self.include_unknown else set())
        known = self._known_areas()
        fitting = known
        if asked.get("min_area") is not None:
            fitting = fitting.filter(value_m2__gte=self._square_metres("min_area"))
        if asked.get("max_area") is not None:
            fitting = fitting.filter(value_m2__lte=self._square_metres("max_area"))
        conditions = {
            "yes": Q(pk__in=fitting.values("entry_id")),
            "no": Q(pk__in=known.values("entry_id")) & ~Q(pk__in=fitting.values("entry_id")),
            "unknown": ~Q(pk__in=known.values("entry_id")),
        }
        return queryset.filter(reduce(or_, (conditions[answer] for answer in AREA_ANSWERS if answer in answers)))

    def _known_areas(self) -> QuerySet[Area]:
        """Areas of the measures asked for, on the day asked for."""
        areas = Area.objects.filter(value_m2__isnull=False)
        if self.day:
            areas = areas.filter(held_on(self.day, *WINDOW))
        if measures := self.form.cleaned_data["measure"]:
            areas = areas.filter(measure__in=measures)
        return areas

    def fits_area(self, square_metres: Decimal) -> bool:
        """Whether an area lies within the bounds asked for."""
        asked = self.form.cleaned_data
        return (asked.get("min_area") is None or square_metres >= self._square_metres("min_area")) and (
            asked.get("max_area") is None or square_metres <= self._square_metres("max_area")
        )

    def _square_metres(self, name: str) -> Decimal:
        unit = self.form.cleaned_data["area_unit"] or "m2"
        return to_square_metres(self.form.cleaned_data[name], unit)

    def filter_queryset(self, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """Annotated with what the order asks for."""
        if self.data.get("ordering", "").lstrip("-") == "area":
            queryset = queryset.annotate(area_m2=self.largest_area())
        filtered: QuerySet[Entry] = super().filter_queryset(queryset)
        return filtered

    def largest_area(self) -> Coalesce:
        """The largest area of the measures asked for in m²; -1 where none is known."""
        areas = self._known_areas().filter(entry=OuterRef("pk")).order_by("-value_m2")
        return Coalesce(Cast(Subquery(areas.values("value_m2")[:1]), FloatField()), -1.0)


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
