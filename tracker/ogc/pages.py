"""An answer as a page for people: the same words, in lists and tables."""

from __future__ import annotations

from typing import Any, NamedTuple

from tracker.delivery import columns
from tracker.entries import kinds

Json = dict[str, Any]


class Feature(NamedTuple):
    """One line of the table of features."""

    href: str
    id: str
    name: str
    geometry: str
    points: int
    precision: str


def context(body: Json) -> Json:
    """What the template shows beside the body itself."""
    shown: Json = {"title": body.get("title") or body.get("id"), "body": body}
    if body.get("type") == "FeatureCollection":
        shown["features"] = [_line(feature) for feature in body["features"]]
    elif body.get("type") == "Feature":
        said = body["properties"]
        shown["title"] = said.get("name") or said.get("title")
        shown["facts"] = [("geometry", _geometry(body)), ("coordinates", _coordinates(body)),
                          *((name, columns.text(value)) for name, value in said.items())]  # fmt: skip
    return shown


def _line(feature: Json) -> Feature:
    said = feature["properties"]
    href = f"/ogc/collections/{kinds.get(said['kind']).plural}/items/{feature['id']}"
    name = said.get("name") or said.get("title") or ""
    return Feature(href, feature["id"], name, _geometry(feature), len(_points(feature)), _precision(said))


def _precision(said: Json) -> str:
    """How exact the points are; each degree once."""
    precise = said["precision"]
    return columns.text(list(dict.fromkeys(precise)) if isinstance(precise, list) else precise)


def _geometry(feature: Json) -> str:
    return str(feature["geometry"]["type"]) if feature["geometry"] else "—"


def _coordinates(feature: Json) -> str:
    return columns.SEPARATOR.join(", ".join(map(columns.text, point)) for point in _points(feature))


def _points(feature: Json) -> list[Any]:
    if not feature["geometry"]:
        return []
    found = feature["geometry"]["coordinates"]
    return list(found) if feature["geometry"]["type"] == "MultiPoint" else [found]
