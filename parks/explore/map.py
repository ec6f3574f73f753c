"""The layers of the map as small GeoJSON documents: points, each with how far from it the thing may lie.

A point of district precision is drawn as the circle in which the park lies, not as a pin. Zones and layouts, which are
nowhere but in what they name, are the points of those.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from parks.models import LayoutPart
from tracker.delivery.filters import held_on
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry, Reference
from tracker.values.circles import RADIUS_KM, UNSURE_KM
from tracker.web import dossier, phrases
from tracker.web.language import many, spoken
from tracker.web.lists import MUNICIPALITIES
from tracker.web.views.kept import kept_page
from tracker.web.views.page import public_page

from . import asked as asking
from .asked import Asked

LAYERS = {"parks": "park", "zones": "zone", "platforms": "platform", "layouts": "layout"}
"""By name in the address, the kind."""
LABELLED = 400
"""Cities whose names the map may write."""


@public_page
@kept_page
def layer(request: HttpRequest, layer: str) -> HttpResponse:
    """One layer; of parks those that the address asks for, of the others those in its places.

    :raises Http404: there is no such layer.
    """
    gather = {"cities": _cities, "parks": _parks, "platforms": _platforms, "zones": _zones, "layouts": _layouts}
    if layer not in gather:
        raise Http404(layer)
    asked = asking.read(request.GET)
    answer = HttpResponse(_document(gather[layer](asked)), content_type="application/geo+json; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _document(features: Iterable[Json]) -> str:
    found = {"type": "FeatureCollection", "features": list(features)}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _feature(name: str, href: str, lat: float, lng: float, precision: str, **more: Any) -> Json:
    properties = {"name": name, "href": href, "precision": precision, "km": RADIUS_KM.get(precision, UNSURE_KM)}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [round(lng, 5), round(lat, 5)]},
            "properties": properties | more}  # fmt: skip


# --- the layers ---------------------------------------------------------------------------------------------------


def _located(kind: str, rows: QuerySet[Entry]) -> Iterator[Json]:
    located = rows.filter(lat__isnull=False).order_by("key")
    named: Any = located.values_list("key", "name", "name_en", "lat", "lng", "precision")
    for key, name, name_en, *point in named:
        yield _feature(spoken(name, name_en).text, phrases.address(kind, key), *point)


def _parks(asked: Asked) -> Iterator[Json]:
    return _located("park", asked.select())


def _platforms(asked: Asked) -> Iterator[Json]:
    return _located("platform", _here("platform", asked))


def _here(kind: str, asked: Asked) -> QuerySet[Entry]:
    """The entries of another kind in the places chosen; without any, all."""
    rows = Entry.objects.live().of_kind(kind)
    return rows.within(asked.chosen("place")) if asked.chosen("place") else rows


def _by_names(kind: str, asked: Asked) -> QuerySet[Reference]:
    """The points of what entries name."""
    fields = kinds.get(kind).drawn_by
    rows = Reference.objects.filter(entry__in=_here(kind, asked).values("pk"), field__in=fields)
    return rows.filter(target__lat__isnull=False).order_by("entry__key", "position")


def _zones(asked: Asked) -> Iterator[Json]:
    named: Any = _by_names("zone", asked).values_list("entry__key", "entry__name", "entry__name_en", "target__lat",
                                                 "target__lng", "target__precision")  # fmt: skip
    for key, name, name_en, *point in named:
        yield _feature(spoken(name, name_en).text, phrases.address("zone", key), *point)


def _layouts(asked: Asked) -> Iterator[Json]:
    """The parts of layouts that nothing has replaced, at what they name; with their roles."""
    rows = _by_names("layout", asked).filter(held_on(dossier.today(), "entry__since_lower", "entry__until_upper"))
    columns = ("entry_id", "child", "entry__key", "target__name", "target__name_en", "target__lat", "target__lng",
               "target__precision")  # fmt: skip
    found: list[Any] = list(rows.values_list(*columns))
    parts = LayoutPart.objects.filter(entry__in={row[0] for row in found})
    roles = {(entry, key): (name, spoken(role, role_en).text) for entry, key, name, role, role_en in
             parts.values_list("entry_id", "key", "name", "role__name", "role__name_en")}  # fmt: skip
    for entry, child, layout, name, name_en, *point in found:
        part, role = roles.get((entry, child), ("", ""))
        words = " · ".join(dict.fromkeys(filter(None, (role, part, spoken(name, name_en).text))))
        yield _feature(words, phrases.address("layout", layout), *point)


def _cities(asked: Asked) -> Iterator[Json]:
    """The cities whose names stand on the map, those with most entries first."""
    cities = Q(contained__kind__in=tuple(LAYERS.values()))
    found = Entry.objects.live().of_kind("place").filter(lat__isnull=False, until="")
    rows = found.filter(Q(place__level="city") | Q(key__in=MUNICIPALITIES))
    counted = rows.annotate(number=Count("contained", filter=cities)).order_by("-number", "key")
    named: Any = counted.values_list("key", "name", "place__short_name", "name_en", "lat", "lng")[:LABELLED]
    for key, name, short, name_en, lat, lng in named:
        yield _feature(spoken(short or name, name_en).text, phrases.address("place", key), lat, lng, "city")


# --- what the page says to the map --------------------------------------------------------------------------------


def map_context(asked: Asked) -> Json:
    """What the map's element tells its script: addresses of layers, and words."""
    filters = asked.filters.copy()
    filters.pop("ordering", None)
    places = urlencode([("place", key) for key in asked.chosen("place")])
    layers = [{"name": name, "kind": kind, "words": many(kinds.get(kind)),
               "url": f"{reverse('map-layer', args=[name])}?{filters.urlencode() if name == 'parks' else places}"}
              for name, kind in LAYERS.items()]  # fmt: skip
    words = {"many": _("处"), "precision": _precisions(), "in": _("放大"),
             "out": _("缩小"), "failed": _("这一层没有读到；请重新载入本页。")}  # fmt: skip
    return {"layers": layers, "cities": f"{reverse('map-layer', args=['cities'])}", "words": words, **settings.MAP,
            "radii": RADIUS_KM}  # fmt: skip


def _precisions() -> dict[str, str]:
    return {
        "site": _("园区位置"), "park": _("上级园区的位置"), "district": _("只知在此区县"),
        "city": _("只知在此城市"), "province": _("只知在此省"),
    }  # fmt: skip
