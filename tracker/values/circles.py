"""Distances between what is known to lie somewhere, to a precision: a range, and with it yes, maybe or no. Pure.

A point that stands for a district may lie anywhere in it. So an entry is a circle, whose radius depends on the
precision of its point; two entries are as near as their circles allow and as far. The radii are conventions, about the
size of such places in China's cities; a map draws the same circles.
"""

from __future__ import annotations

from math import acos, cos, radians, sin
from typing import NamedTuple

EARTH_KM = 6371.0088

RADIUS_KM = {"site": 0.5, "park": 3.0, "district": 15.0, "city": 50.0, "province": 250.0}
"""How far from its point an entry may lie, by the point's precision."""
UNSURE_KM = RADIUS_KM["province"]
"""Of a precision that is not stated."""

ANSWERS = ("yes", "maybe", "no", "unknown")
"""Within the distance surely; possibly; surely not; nobody knows where it is."""


class Circle(NamedTuple):
    """Where something is: within ``radius`` km of a point."""

    lat: float
    lng: float
    radius: float = 0.0


def circle(lat: float, lng: float, precision: str) -> Circle:
    return Circle(lat, lng, RADIUS_KM.get(precision, UNSURE_KM))


def between(one: Circle, other: Circle) -> tuple[float, float]:
    """The least and the greatest distance in km at which two circles may lie."""
    lat, lng, to_lat, to_lng = (radians(degrees) for degrees in (one.lat, one.lng, other.lat, other.lng))
    angle = sin(lat) * sin(to_lat) + cos(lat) * cos(to_lat) * cos(lng - to_lng)
    apart = acos(max(-1.0, min(1.0, angle))) * EARTH_KM
    unsure = one.radius + other.radius
    return max(0.0, apart - unsure), apart + unsure


def answer(least: float, greatest: float, km: float) -> str:
    """Whether something at such a distance is within so many km: yes, maybe or no."""
    if greatest <= km:
        return "yes"
    return "maybe" if least <= km else "no"
