"""The OpenAPI 3.0 document of the service, made from its collections and their filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.delivery import terms
from tracker.delivery.contract import parameters_of
from tracker.rest.schema import Parameter

from . import parameters as read
from .answers import FORMATS
from .collections import Collection
from .links import GEOJSON, HTML, JSON, OPENAPI

Json = dict[str, Any]


def document(collections: Sequence[Collection], server: str) -> Json:
    paths: Json = {
        "/": _operation("getLandingPage", "入口 landing page", "landingPage"),
        "/conformance": _operation("getConformance", "满足的规范 conformance classes", "confClasses"),
        "/api": {"get": {
            "operationId": "getApi", "summary": "本文件 this document", "tags": ["service"],
            "responses": {"200": {"description": "OK", "content": {OPENAPI: {"schema": {"type": "object"}}}},
                          "400": _problem()},
        }},
        "/collections": _operation("getCollections", "要素集 collections", "collections"),
    }  # fmt: skip
    for collection in collections:
        paths |= _of_collection(collection)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"{terms.TITLE} · OGC API - Features", "version": f"{terms.CONTRACT_VERSION}.0.0",
            "description": "Features in WGS 84, longitude before latitude.",
            "license": {"name": terms.LICENCE, "url": terms.LICENCE_URL},
        },
        "servers": [{"url": server}], "paths": paths,
        "components": {"schemas": SCHEMAS, "parameters": PARAMETERS},
    }  # fmt: skip


def _of_collection(collection: Collection) -> Json:
    name, tag = collection.kind.name.capitalize(), collection.id
    where = f"/collections/{collection.id}"
    filters = [_parameter(parameter) for parameter in parameters_of(collection.filters)]
    standard = [{"$ref": f"#/components/parameters/{name}"} for name in ("limit", "bbox", "datetime", "cursor")]
    key = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"},
           "description": "key of the entry"}  # fmt: skip
    return {
        where: _operation(f"describe{name}", collection.title, "collection", tag),
        f"{where}/items": _operation(f"get{name}Features", f"{collection.title}: features", "featureCollectionGeoJSON",
                                     tag, [*standard, *filters], GEOJSON),
        f"{where}/items/{{featureId}}": _operation(f"get{name}Feature", f"{collection.title}: one feature",
                                                   "featureGeoJSON", tag, [key], GEOJSON, ("404", "410")),
    }  # fmt: skip


def _operation(operation: str, summary: str, schema: str, tag: str = "service", parameters: Sequence[Json] = (),
               media: str = JSON, problems: Sequence[str] = ()) -> Json:  # fmt: skip
    content: Json = {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}},
                     HTML: {"schema": {"type": "string"}}}  # fmt: skip
    return {"get": {
        "operationId": operation, "summary": summary, "tags": [tag],
        "parameters": [*parameters, {"$ref": "#/components/parameters/f"}],
        "responses": {"200": {"description": "OK", "content": content},
                      **{code: _problem() for code in ("400", *problems)}},
    }}  # fmt: skip


def _problem() -> Json:
    schema = {"$ref": "#/components/schemas/exception"}
    return {"description": "RFC 9457 problem", "content": {"application/problem+json": {"schema": schema}}}


def _parameter(parameter: Parameter) -> Json:
    schema: Json = {"type": "array", "items": parameter.schema} if parameter.many else parameter.schema
    return {"name": parameter.name, "in": "query", "required": False, "description": parameter.description,
            "schema": schema, "style": "form", "explode": parameter.many}  # fmt: skip


def _query(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema,
            "style": "form", "explode": False}  # fmt: skip


_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "number"}
_COUNT: Json = {"type": "integer", "minimum": 0}

PARAMETERS: Json = {
    "limit": _query("limit", "how many features at most", {
        "type": "integer", "minimum": 1, "maximum": read.MOST, "default": read.DEFAULT_LIMIT}),
    "bbox": _query("bbox", "west,south,east,north in degrees; features without a geometry match too", {
        "type": "array", "minItems": 4, "maxItems": 6, "items": _NUMBER}),
    "datetime": _query("datetime", "an instant: features as of that day; an interval: those that were there in it",
                       _TEXT),
    "cursor": _query("cursor", "where the page begins; taken from the link next", _TEXT),
    "f": _query("f", "the format; else Accept decides", {"type": "string", "enum": list(FORMATS)}),
}  # fmt: skip

_LINKS: Json = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
_COORDINATES: Json = {"type": "array", "minItems": 2, "items": _NUMBER}

SCHEMAS: Json = {
    "link": {
        "type": "object", "required": ["href", "rel", "type"],
        "properties": {"href": _TEXT, "rel": _TEXT, "type": _TEXT, "title": _TEXT},
    },
    "landingPage": {
        "type": "object", "required": ["links"],
        "properties": {"title": _TEXT, "description": _TEXT, "attribution": _TEXT, "links": _LINKS},
    },
    "confClasses": {
        "type": "object", "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": _TEXT}, "title": _TEXT, "links": _LINKS},
    },
    "collections": {
        "type": "object", "required": ["links", "collections"],
        "properties": {"title": _TEXT, "links": _LINKS, "collections": {
            "type": "array", "items": {"$ref": "#/components/schemas/collection"}}},
    },
    "collection": {
        "type": "object", "required": ["id", "links"],
        "properties": {
            "id": _TEXT, "title": _TEXT, "description": _TEXT, "links": _LINKS,
            "itemType": {"type": "string", "enum": ["feature"]}, "crs": {"type": "array", "items": _TEXT},
            "extent": {"type": "object", "properties": {
                "spatial": {"type": "object", "properties": {
                    "bbox": {"type": "array", "minItems": 1, "items": {
                        "type": "array", "minItems": 4, "maxItems": 6, "items": _NUMBER}},
                    "crs": _TEXT}},
                "temporal": {"type": "object", "properties": {
                    "interval": {"type": "array", "minItems": 1, "items": {
                        "type": "array", "minItems": 2, "maxItems": 2,
                        "items": {"type": "string", "format": "date-time", "nullable": True}}}}},
            }},
        },
    },
    "featureCollectionGeoJSON": {
        "type": "object", "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]}, "title": _TEXT, "attribution": _TEXT,
            "numberMatched": _COUNT, "numberReturned": _COUNT, "links": _LINKS,
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/featureGeoJSON"}},
        },
    },
    "featureGeoJSON": {
        "type": "object", "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]}, "id": _TEXT, "attribution": _TEXT, "links": _LINKS,
            "geometry": {"nullable": True, "type": "object", "required": ["type", "coordinates"], "properties": {
                "type": {"type": "string", "enum": ["Point", "MultiPoint"]},
                "coordinates": {"type": "array", "items": {"oneOf": [_NUMBER, _COORDINATES]}}}},
            "properties": {"type": "object", "nullable": True},
        },
    },
    "exception": {
        "type": "object", "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT,
            "errors": {"type": "array", "items": {
                "type": "object", "properties": {"name": _TEXT, "message": _TEXT}}},
        },
    },
}  # fmt: skip
