"""OGC API - Features, Part 1: Core (17-069r4): landing page, conformance, definition, collections, items."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from tracker.delivery import terms
from tracker.delivery.views import live_or_gone
from tracker.entries.fields import Json
from tracker.rest.parameters import refuse_unknown
from tracker.values import canonical

from . import definition, items
from .answers import answer, endpoint, media_of
from .collections import CRS84, Collection, extent
from .links import GEOJSON, HTML, JSON, OPENAPI, Link, Links

CONFORMS_TO = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson", "oas30")
]
DESCRIPTION = (
    "园区、布局与先导区在地图上的位置：知道多少写多少，precision 与 of 说明点是谁的、准到哪一级。"
    " Where parks, layouts and pilot zones are, as exactly as is known: precision and of say whose point it is, and "
    "how exact it is."
)  # fmt: skip
ROOT = ("/ogc/", "OGC API - Features")


class Service:
    """The views over a fixed set of collections."""

    def __init__(self, collections: Sequence[Collection]) -> None:
        self.collections = {collection.id: collection for collection in collections}

    def urls(self) -> list[URLPattern]:
        return [
            path("", endpoint(self.landing)),
            path("conformance", endpoint(self.conformance)),
            path("api", endpoint(self.api)),
            path("collections", endpoint(self.list)),
            path("collections/<str:name>", endpoint(self.collection)),
            path("collections/<str:name>/items", endpoint(self.items)),
            path("collections/<str:name>/items/<str:key>", endpoint(self.item)),
        ]

    def landing(self, request: HttpRequest) -> HttpResponseBase:
        refuse_unknown(request.GET, ("f",))
        shown, links = media_of(request, JSON), Links(request, JSON)
        body: Json = {
            "title": terms.TITLE, "description": DESCRIPTION, "attribution": terms.ATTRIBUTION,
            "links": [
                *links.itself(shown),
                links.to("api", "service-desc", OPENAPI, "OpenAPI 3.0"),
                links.to("conformance", "conformance", JSON, "满足的规范 Conformance"),
                links.to("collections", "data", JSON, "要素集 Collections"),
                links.licence(),
            ],
        }  # fmt: skip
        return answer(request, body, JSON, shown, [ROOT])

    def conformance(self, request: HttpRequest) -> HttpResponseBase:
        refuse_unknown(request.GET, ("f",))
        shown, links = media_of(request, JSON), Links(request, JSON)
        body: Json = {"conformsTo": CONFORMS_TO, "title": "满足的规范 Conformance", "links": links.itself(shown)}
        return answer(request, body, JSON, shown, [ROOT])

    def api(self, request: HttpRequest) -> HttpResponseBase:
        refuse_unknown(request.GET, ())
        document = definition.document(list(self.collections.values()), request.build_absolute_uri("/ogc"))
        return HttpResponse(canonical.dumps_ordered(document), content_type=OPENAPI)

    def list(self, request: HttpRequest) -> HttpResponseBase:
        refuse_unknown(request.GET, ("f",))
        shown, links = media_of(request, JSON), Links(request, JSON)
        body: Json = {
            "title": "要素集 Collections", "links": [*links.itself(shown), links.licence()],
            "collections": [_described(collection, links, []) for collection in self.collections.values()],
        }  # fmt: skip
        return answer(request, body, JSON, shown, [ROOT])

    def collection(self, request: HttpRequest, name: str) -> HttpResponseBase:
        refuse_unknown(request.GET, ("f",))
        found = self._collection(name)
        shown, links = media_of(request, JSON), Links(request, JSON)
        return answer(request, _described(found, links, links.itself(shown)), JSON, shown, _way())

    def items(self, request: HttpRequest, name: str) -> HttpResponseBase:
        found = self._collection(name)
        page = items.page(found, request.GET, request.path)
        shown, links = media_of(request, GEOJSON), Links(request, GEOJSON)
        made = [*links.itself(shown), links.to(f"collections/{found.id}", "collection", JSON, found.title)]
        if page.following:
            made.append(links.page("html" if shown == HTML else "json", "next", shown, page.following))
        body: Json = {
            "type": "FeatureCollection", "title": found.title, "numberMatched": page.matched,
            "numberReturned": len(page.features), "attribution": terms.ATTRIBUTION, "links": made,
            "features": page.features,
        }  # fmt: skip
        return answer(request, body, GEOJSON, shown, _way(found))

    def item(self, request: HttpRequest, name: str, key: str) -> HttpResponseBase:
        refuse_unknown(request.GET, ("f",))
        found = self._collection(name)
        feature = next(items.drawn([live_or_gone(found.kind, key).document], found, None))
        shown, links = media_of(request, GEOJSON), Links(request, GEOJSON)
        made = [*links.itself(shown), links.to(f"collections/{found.id}", "collection", JSON, found.title)]
        return answer(request, feature | {"attribution": terms.ATTRIBUTION, "links": made}, GEOJSON, shown, _way(found))

    def _collection(self, name: str) -> Collection:
        if name not in self.collections:
            raise Http404(f"There is no collection {name}; there are {', '.join(self.collections)}.")
        return self.collections[name]


def _described(collection: Collection, links: Links, own: list[Link]) -> Json:
    """A collection, the same in the list of all as by itself."""
    where = f"collections/{collection.id}"
    return {
        "id": collection.id, "title": collection.title, "description": collection.description,
        "extent": extent(collection), "itemType": "feature", "crs": [CRS84],
        "links": [
            *(own or [links.to(where, "self", JSON)]),
            links.to(f"{where}/items", "items", GEOJSON, collection.title),
            links.to(f"{where}/items", "items", HTML, collection.title),
            links.licence(),
        ],
    }  # fmt: skip


def _way(collection: Collection | None = None) -> list[tuple[str, str]]:
    """The pages that lead to a page."""
    way = [ROOT, ("/ogc/collections", "要素集 Collections")]
    return way if collection is None else [*way, (f"/ogc/collections/{collection.id}", collection.title)]
