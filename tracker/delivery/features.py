"""Documents as GeoJSON features (RFC 7946): where a thing is, as exactly as it is known, and how exactly that is.

No coordinate is made up. An entry with a point of its own is drawn there (``precision`` is ``site``); one whose place
alone is known at the representative point of that park, district, city or province (``precision`` and ``of`` say so);
a zone and a layout, which are nowhere but in what they name, as the points of those. What has none has no geometry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from django.db.models import QuerySet

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import DocumentVersion
from tracker.values import canonical

from . import columns
from .columns import Column

BATCH = 200
DRAWN = ("location", "point")
"""Members that the geometry shows; a feature has no columns for them."""

Identity = tuple[str, str]
"""Kind and key."""


class Point(NamedTuple):
    lng: Decimal
    lat: Decimal
    precision: str
    of: str
    """The key of the park or place whose point it is; '' for the entry's own."""


Points = dict[Identity, Point]


class Named(NamedTuple):
    """Something an entry is drawn by: in which of its parts it is named, and what it is."""

    part: str
    kind: str
    key: str


def own_point(document: Json) -> Point | None:
    """Where the entry itself is, as its document says; None when that is unknown."""
    location, point = document.get("location"), document.get("point")
    if location and location["lat"] is not None:
        return Point(location["lng"], location["lat"], location["precision"], location["of"] or "")
    if point and point["lat"] is not None:
        is_city = document["city"] is not None and document["city"]["key"] == document["key"]
        return Point(point["lng"], point["lat"], "city" if is_city else document["level"], document["key"])
    return None


def named(document: Json) -> list[Named]:
    """What an entry without a location of its own is drawn by, in order."""
    found = []
    for path in kinds.get(document["kind"]).drawn_by:
        name, _, member = path.partition("/")
        if member:
            found += [Named(child["key"], item["kind"], item["key"])
                      for child in document[name] for item in child[member]]  # fmt: skip
        else:
            found += [Named("", item["kind"], item["key"]) for item in document[name]]
    return [item for item in found if item.key]


def with_points(documents: Iterable[Json], versions: QuerySet[DocumentVersion]) -> Iterator[tuple[Json, Points]]:
    """Each document with the points of what it names, looked up a batch at a time in the versions of its moment."""
    rest = iter(documents)
    while batch := list(islice(rest, BATCH)):
        points = _points(versions, {(item.kind, item.key) for document in batch for item in named(document)})
        yield from ((document, points) for document in batch)


def _points(versions: QuerySet[DocumentVersion], wanted: set[Identity]) -> Points:
    found: Points = {}
    for kind in sorted({kind for kind, _ in wanted}):
        keys = sorted(key for name, key in wanted if name == kind)
        for start in range(0, len(keys), BATCH):
            rows = versions.filter(kind=kind, key__in=keys[start : start + BATCH])
            for key, text in rows.values_list("key", "document"):
                if point := own_point(canonical.loads(text)):
                    found[kind, key] = point
    return found


def feature(document: Json, points: Points, shown: Sequence[Column]) -> Json:
    """One feature; its id is the entry's key, its properties are the columns, ``precision`` and ``of``."""
    kind = kinds.get(document["kind"])
    geometry, said = _by_names(kind, document, points) if kind.drawn_by else _by_itself(document)
    properties = {column.name: column.read(document) for column in shown}
    return {"type": "Feature", "id": document["key"], "geometry": geometry, "properties": properties | said}


def _by_itself(document: Json) -> tuple[Json | None, Json]:
    point = own_point(document)
    said = {"precision": point and point.precision, "of": (point and point.of) or None}
    if "location" in document:
        said["address"] = (document["location"] or {}).get("address")
    return point and {"type": "Point", "coordinates": [point.lng, point.lat]}, said


def _by_names(kind: Kind, document: Json, points: Points) -> tuple[Json | None, Json]:
    """A MultiPoint of what the entry names, and beside it, point by point, of what, how exact, in which part."""
    known = [(item, points[item.kind, item.key]) for item in named(document) if (item.kind, item.key) in points]
    said = {"precision": [point.precision for _, point in known],
            "of": [f"{item.kind}/{item.key}" for item, _ in known]}  # fmt: skip
    if any("/" in path for path in kind.drawn_by):
        said["of_parts"] = [item.part for item, _ in known]
    coordinates = [[point.lng, point.lat] for _, point in known]
    return {"type": "MultiPoint", "coordinates": coordinates} if known else None, said


def drawable(kind: Kind) -> bool:
    """Whether entries of the kind can be anywhere on a map."""
    return bool(kind.drawn_by) or any(member.name in DRAWN for member in kind.fields)


def shown_columns(kind: Kind) -> tuple[Column, ...]:
    """The columns of a kind's features: all but those of the place on the map."""
    return tuple(column for column in columns.of_kind(kind) if column.member not in DRAWN)
