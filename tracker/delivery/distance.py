"""How far apart entries lie, asked of the database; what a distance means is in ``tracker/values/circles.py``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from math import cos, radians, sin
from operator import or_
from typing import Any

from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import ACos, Cos, Greatest, Least, Radians, Sin

from tracker.entries.models import Entry
from tracker.values.circles import EARTH_KM, RADIUS_KM, UNSURE_KM, Circle, circle


def circles(rows: QuerySet[Entry]) -> dict[str, Circle]:
    """By key, where entries are; one query. Those whose place nobody knows are left out."""
    found: Any = rows.filter(lat__isnull=False).values_list("key", "lat", "lng", "precision")
    return {key: circle(lat, lng, precision) for key, lat, lng, precision in found}


def km_from(point: tuple[float, float]) -> Any:
    """Great-circle distance from a point to an entry's, by the spherical law of cosines."""
    lat, lng = (radians(degrees) for degrees in point)
    angle = Sin(Radians(F("lat"))) * sin(lat) + Cos(Radians(F("lat"))) * cos(lat) * Cos(Radians(F("lng")) - lng)
    return ACos(Least(Greatest(angle, -1.0), 1.0)) * EARTH_KM


def box_around(point: tuple[float, float], km: float) -> Q:
    """A box around the circle of that radius, which an index can answer."""
    lat, lng = point
    north = km / 111.0
    east = km / max(111.0 * cos(radians(lat)), 1e-6)
    return Q(lat__range=(lat - north, lat + north), lng__range=(lng - east, lng + east))


def answering(queryset: QuerySet[Entry], centres: Sequence[Circle], km: float,
              answers: Collection[str]) -> QuerySet[Entry]:  # fmt: skip
    """Entries of which one of the answers holds: whether they lie within so many km of the nearest centre."""
    wanted = Q(lat__isnull=True) if "unknown" in answers else Q(pk__in=[])
    if "no" not in answers:
        reach = km + UNSURE_KM + max(centre.radius for centre in centres)
        wanted |= reduce(or_, (box_around(centre[:2], reach) for centre in centres))
        queryset = queryset.filter(wanted)
    queryset = queryset.annotate(least_km=_nearest(centres, -1), greatest_km=_nearest(centres, 1))
    # the least of a number and NULL is NULL on SQLite, but the number on PostgreSQL: what is nowhere would be far away
    conditions = {
        "yes": Q(greatest_km__lte=km), "maybe": Q(least_km__lte=km, greatest_km__gt=km),
        "no": Q(lat__isnull=False, least_km__gt=km), "unknown": Q(lat__isnull=True),
    }  # fmt: skip
    return queryset.filter(reduce(or_, (conditions[name] for name in answers)))


def _nearest(centres: Sequence[Circle], sign: int) -> Any:
    """The least over the centres of the distance less (``-1``) or more (``1``) what is unsure."""
    unsure = Case(*(When(precision=name, then=Value(km)) for name, km in RADIUS_KM.items()),
                  default=Value(UNSURE_KM), output_field=FloatField())  # fmt: skip
    each = [km_from(centre[:2]) + sign * centre.radius + sign * unsure for centre in centres]
    return Least(*each) if len(each) > 1 else each[0]
