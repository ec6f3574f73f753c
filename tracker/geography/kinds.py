"""The kind ``place``: 中国 > 省级 > 地级 > 县级 by GB/T 2260, and regions with their members."""

from __future__ import annotations

from tracker.entries.fields import Code, Date, Group, Json, Number, Ref, Refs, Text
from tracker.entries.kinds import Kind, plain_reference

from .models import Level

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
"""Provinces that are cities: their districts have no prefecture between."""

_PLACE = {"anyOf": [{"$ref": "#/components/schemas/Reference"}, {"type": "null"}]}


def _short(reference: Json) -> Json:
    return {name: reference[name] for name in ("kind", "key", "name", "name_en")}


def city_and_province(document: Json) -> Json:
    """The city and the province a place is in; a municipality is both to its districts and to itself."""
    city = province = None
    if document["level"] == Level.PROVINCE:
        province = document
        city = document if document["key"] in MUNICIPALITIES else None
    elif document["level"] == Level.CITY:
        city, province = document, document["parent"]
    elif document["level"] == Level.DISTRICT and (parent := document["parent"]):
        if parent["level"] == Level.CITY:
            city, province = parent, parent["province"]
        else:
            province = parent
            city = parent if parent["key"] in MUNICIPALITIES else None
    return {"city": city and _short(city), "province": province and _short(province)}


def reference(document: Json) -> Json:
    adcode = document["key"] if document["key"].isdigit() else None
    return plain_reference(document) | {
        "adcode": adcode, "short_name": document["short_name"], "level": document["level"],
        "city": document["city"], "province": document["province"],
    }  # fmt: skip


PLACE = Kind(
    thing="AdministrativeArea", thing_words=(("parent", "containedInPlace"),),
    name="place", plural="places", zh="地区", en="Place", model="tracker.Place", order=10, reference_data=True,
    fields=(
        Code(name="level", zh="层级", en="Level", choices=Level, required=True, indexed=True),
        Text(name="short_name", zh="简称", en="Short name", max_length=60),
        Text(name="pinyin", zh="拼音", en="Pinyin", max_length=120, cited=False),
        Ref(name="parent", zh="上级", en="Parent", kinds=("place",)),
        Refs(name="members", zh="成员", en="Members", kinds=("place",), help="the places a region consists of"),
        Date(name="from", zh="设立", en="From", column="valid_from"),
        Date(name="to", zh="撤销", en="To", column="valid_to"),
        Refs(name="successors", zh="继任", en="Successors", kinds=("place",)),
        Group(name="point", zh="代表点", en="Representative point", cited=False, fields=(
            Number(name="lat", zh="纬度", en="Latitude", minimum=-90, maximum=90, column="point_lat"),
            Number(name="lng", zh="经度", en="Longitude", minimum=-180, maximum=180, column="point_lng"),
            Text(name="source", zh="坐标来源", en="Source of the point", max_length=40, column="point_source"),
        )),
    ),
    since="from", until="to", containers="parent",
    derive=city_and_province, derived=(("city", _PLACE), ("province", _PLACE)),
    reference=reference, searched=("short_name", "pinyin"),
)  # fmt: skip
