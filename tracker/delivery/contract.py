"""The schemas of the public shapes, made from the kinds' declarations; names as in the contract, version 1."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from tracker.accounts.roles import ADMINISTRATOR, Role
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.rest.schema import Parameter

from . import terms
from .contract_applicable import APPLICABLE
from .contract_changes import CHANGELOG
from .contract_feed import FEED
from .contract_moments import MOMENTS
from .contract_quality import QUALITY
from .contract_snapshots import SNAPSHOTS
from .webhooks.contract import WEBHOOKS

TEXT: Json = {"type": "string"}
TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_ROLES = ", ".join([*(role.value for role in Role), ADMINISTRATOR])
ROLE: Json = {"type": ["string", "null"], "description": f"of a person only the role: {_ROLES}; null: by rule"}
MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
_REFERENCES: Json = {"type": "array", "items": {"$ref": "#/components/schemas/Reference"}}
_BOTH: Json = {"type": "object", "properties": {"zh": TEXT, "en": TEXT}, "required": ["zh", "en"]}

SHARED: dict[str, Json] = {
    "Reference": {
        "type": "object",
        "description": "An entry referred to; a place also has adcode, level, city and province. key is null where "
                       "only a title is known.",
        "properties": {"kind": TEXT, "key": TEXT_OR_NULL, "name": TEXT_OR_NULL, "name_en": TEXT_OR_NULL},
        "required": ["kind", "key", "name", "name_en"],
    },
    "Brief": {
        "type": "object",
        "description": "What brief=true says of an entry: its reference, and what tells that it has changed. Reference "
                       "data have no status.",
        "properties": {"kind": TEXT, "key": TEXT, "name": TEXT_OR_NULL, "name_en": TEXT_OR_NULL, "status": TEXT,
                       "version": {"type": "integer"}, "updated_at": MOMENT},
        "required": ["kind", "key", "name", "name_en", "version", "updated_at"],
    },
    "Citation": {
        "type": "object",
        "properties": {
            "path": TEXT,
            "source": {"type": "object", "properties": {
                "key": TEXT, "title": TEXT, "publisher": TEXT_OR_NULL, "date": TEXT_OR_NULL, "url": TEXT_OR_NULL}},
            "locator": {"type": "object"}, "stated": {}, "printed": TEXT_OR_NULL,
            "rank": {"enum": ["preferred", "normal", "deprecated"]}, "reason": TEXT_OR_NULL,
        },
        "required": ["path", "source", "locator", "stated", "printed", "rank"],
    },
    "Conflict": {
        "type": "object",
        "properties": {
            "path": TEXT, "ruling": TEXT_OR_NULL, "reason": TEXT_OR_NULL,
            "values": {"type": "array", "items": {"type": "object", "properties": {
                "stated": {}, "citation": {"$ref": "#/components/schemas/Citation"}}}},
        },
        "required": ["path", "values", "ruling", "reason"],
    },
    "Event": {
        "type": "object",
        "properties": {
            "id": TEXT, "date": TEXT, "lower": TEXT_OR_NULL, "upper": TEXT_OR_NULL, "date_text": _BOTH,
            "title": _BOTH, "type": TEXT, "entry": {"$ref": "#/components/schemas/Reference"},
            "places": _REFERENCES,
            "caused_by": {"anyOf": [{"$ref": "#/components/schemas/Reference"}, {"type": "null"}]},
            "conflict": {"anyOf": [{"$ref": "#/components/schemas/Conflict"}, {"type": "null"}]},
            "citations": {"type": "array", "items": {"$ref": "#/components/schemas/Citation"}},
            "certain": {"type": "boolean", "description": "with as_of: false where it only possibly had happened"},
        },
        "required": ["id", "date", "lower", "upper", "date_text", "title", "type", "entry", "places", "caused_by",
                     "conflict", "citations"],
    },
    "EventCounts": {
        "type": "object",
        "description": "How many events there are in each year or month, oldest first; an event counts in that of its "
                       "first possible day, imprecise says how many are not known to that precision.",
        "properties": {
            "by": {"enum": ["year", "month"]}, "count": {"type": "integer"},
            "results": {"type": "array", "items": {"type": "object", "properties": {
                "date": {"type": "string", "format": "edtf"}, "count": {"type": "integer"},
                "imprecise": {"type": "integer"},
                "kinds": {"type": "object", "additionalProperties": {"type": "integer"}}},
                "required": ["date", "count", "imprecise", "kinds"]}},
        },
        "required": ["by", "count", "results"],
    },
    "Revision": {
        "type": "object",
        "properties": {
            "number": {"type": "integer"}, "recorded_at": MOMENT, "nature": TEXT, "origin": TEXT,
            "reason": TEXT_OR_NULL, "forced": {"type": "boolean"},
            "author_role": ROLE, "approver_role": ROLE,
            "changed_fields": {"type": "array", "items": TEXT}, "schema": {"type": "integer"},
            "payload": {"type": "object"},
        },
        "required": ["number", "recorded_at", "nature", "origin", "reason", "forced", "author_role", "approver_role",
                     "changed_fields", "schema"],
    },
    "RevisionDifferences": {
        "type": "object",
        "properties": {
            "from": {"$ref": "#/components/schemas/Revision"}, "to": {"$ref": "#/components/schemas/Revision"},
            "differences": {"type": "array", "items": {"type": "object", "properties": {
                "path": TEXT, "old": {}, "new": {}}}},
        },
        "required": ["from", "to", "differences"],
    },
    "SearchResult": {
        "type": "object",
        "properties": {
            "kind": TEXT, "key": TEXT, "url": TEXT, "name": TEXT, "name_en": TEXT_OR_NULL, "matched_field": TEXT,
            "highlight": {"type": "array", "items": {"type": "object", "properties": {
                "text": TEXT, "match": {"type": "boolean"}}, "required": ["text", "match"]}},
            "date": TEXT_OR_NULL, "places": _REFERENCES,
        },
        "required": ["kind", "key", "name", "matched_field", "highlight"],
    },
    "Redirect": {
        "type": "object",
        "properties": {"kind": TEXT, "old_key": TEXT, "new_key": TEXT, "reason": TEXT,
                       "leads_to": {**TEXT, "description": "the key that stands for it now, if new_key moved on"}},
        "required": ["kind", "old_key", "new_key", "leads_to", "reason"],
    },
    "Observation": {
        "type": "object",
        "properties": {
            "series": {"$ref": "#/components/schemas/Reference"},
            "indicator": {"$ref": "#/components/schemas/Reference"},
            "subject": {"$ref": "#/components/schemas/Reference"},
            "key": TEXT, "value": {"type": "number"}, "qualifier": TEXT_OR_NULL, "unit": TEXT_OR_NULL,
            "printed": TEXT_OR_NULL, "date": TEXT_OR_NULL, "nature": TEXT_OR_NULL,
            "asserted_by": {"anyOf": [{"$ref": "#/components/schemas/Reference"}, {"type": "null"}]},
        },
        "required": ["series", "indicator", "subject", "key", "value"],
    },
    "Facets": {
        "type": "object",
        "properties": {"count": {"type": "integer"}},
        "required": ["count"],
        "additionalProperties": {"type": "array", "items": {"type": "object", "properties": {
            "key": TEXT, "name": TEXT_OR_NULL, "name_en": TEXT_OR_NULL, "count": {"type": "integer"}},
            "required": ["key", "count"]}},
    },
    "Profile": {
        "type": "object",
        "properties": {
            "place": {"$ref": "#/components/schemas/Reference"},
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
            "series": {"type": "array", "items": {"$ref": "#/components/schemas/Series"}},
            "layouts": {"type": "array", "items": {"$ref": "#/components/schemas/Layout"}},
        },
        "required": ["place", "counts", "series", "layouts"],
    },
    "Problem": {
        "type": "object",
        "description": "RFC 9457 problem details",
        "properties": {
            "type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT,
            "errors": {"type": "array", "items": {"type": "object", "properties": {"name": TEXT, "message": TEXT},
                                                  "required": ["name", "message"]}},
        },
        "required": ["type", "title", "status", "detail"],
    },
}  # fmt: skip


def component(kind: Kind) -> str:
    """The name of a kind's schema: Park, Policy …"""
    return kind.name.capitalize()


def document_schema(kind: Kind) -> Json:
    """The schema of a kind's public document."""
    properties: Json = {"kind": {"const": kind.name}, "key": TEXT, "url": TEXT}
    properties |= {member.name: member.document_schema() for member in kind.head}
    if not kind.reference_data:
        codes = kind.statuses.values if kind.statuses else ["current"]
        properties["status"] = {"type": "string", "enum": list(codes)}
    properties |= {
        "schema": {"type": "integer"}, "version": {"type": "integer"}, "revision": {"type": "integer"},
        "published_at": MOMENT, "updated_at": MOMENT, "verified_at": MOMENT,
        "stale_after": {"type": ["string", "null"], "format": "date"},
    }  # fmt: skip
    properties |= {member.name: member.document_schema() for member in kind.fields}
    if "location" in properties:
        properties["location"] = LOCATION
    properties |= dict(kind.derived)
    properties |= {backref.name: {"title": f"{backref.zh} {backref.en}"} | _REFERENCES for backref in kind.backrefs}
    properties |= {
        "note": TEXT_OR_NULL,
        "citations": {"type": "array", "items": {"$ref": "#/components/schemas/Citation"}},
        "conflicts": {"type": "array", "items": {"$ref": "#/components/schemas/Conflict"}},
        "certain": {"type": "boolean", "description": "with as_of: false where it only possibly holds on the day"},
    }
    return {"title": f"{kind.zh} {kind.en}", "type": "object", "properties": properties, "required": ["kind", "key"]}


LOCATION: Json = {
    "title": "位置 Location",
    "type": "object",
    "description": "WGS 84; precision says what the point is of: the site, a parent park, the district, the city",
    "properties": {
        "lat": {"type": ["number", "null"]}, "lng": {"type": ["number", "null"]},
        "precision": {"enum": ["site", "park", "district", "city", "province", "region", "country", None]},
        "of": TEXT_OR_NULL, "address": TEXT_OR_NULL,
    },
}  # fmt: skip


FEATURES: Json = {
    "title": "FeatureCollection",
    "type": "object",
    "description": "RFC 7946, with members of its own that say what the file is",
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": {"type": "object"}}},
    "required": ["type", "features"],
}

EXPORTS: dict[str, tuple[str, Json]] = {
    "csv": ("text/csv", TEXT),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
             {"type": "string", "format": "binary"}),
    "geojson": ("application/geo+json", FEATURES),
    "jsonl": ("application/jsonl", TEXT),
}  # fmt: skip
"""The formats of a whole list, by suffix: media type and schema."""


def list_of(name: str, *, counted: bool = True) -> Json:
    """The schema of one page."""
    properties: Json = {"results": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
                        "next": TEXT_OR_NULL, "previous": TEXT_OR_NULL}  # fmt: skip
    if counted:
        properties["count"] = {"type": "integer", "description": "with count=true: how many there are in all"}
    return {"title": f"{name}Page", "type": "object", "properties": properties,
            "required": ["results", "next", "previous"]}  # fmt: skip


def parameters_of(filters: dict[str, Any]) -> tuple[Parameter, ...]:
    """The query parameters of a filter set, from its declared filters."""
    found = []
    for name, filter_ in filters.items():
        allowed = filter_.extra.get("allowed")
        schema: Json = {"type": "string", "enum": list(allowed)} if allowed else {"type": "string"}
        if name in ("min_area", "max_area"):
            schema = {"type": "number", "minimum": 0}
        elif name == "radius_km":
            schema = {"type": "number", "minimum": 0.01, "maximum": 5000}
        many = filter_.field_class.__name__ == "ManyField"
        found.append(Parameter(name, filter_.extra["help_text"], schema, many=many))
    return tuple(found)


_SCHEMAS: Json = {
    "page_size": {"type": "integer", "minimum": 1, "maximum": 200},
    "count": {"type": "boolean"},
    "brief": {"type": "boolean"},
    "after": {"type": "integer", "minimum": 0},
    "by": {"type": "string", "enum": ["year", "month"]},
    "future": {"type": "string", "enum": ["include"]},
    "ended": {"type": "string", "enum": ["include"]},
    "atomic": {"type": "boolean"},
    "dry_run": {"type": "boolean"},
    "through": {"type": "integer", "minimum": 0},
    "bucket": {"type": "integer", "minimum": 0, "maximum": 255},
}


SINGLE = tuple(_SCHEMAS)
"""Parameters that take one number, code, yes or no."""
NEVER_BLANK = (*SINGLE, "min_area", "max_area", "radius_km", "unknown")


def plain_parameters(described: dict[str, str], many: tuple[str, ...] = ()) -> tuple[Parameter, ...]:
    """Query parameters that need no filter: paging and shaping."""
    return tuple(Parameter(name, text, _SCHEMAS.get(name, TEXT), many=name in many)
                 for name, text in described.items())  # fmt: skip


def add_components(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """Put every shared shape and every kind's document into the OpenAPI document."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas |= SHARED | APPLICABLE | CHANGELOG | FEED | MOMENTS | QUALITY | SNAPSHOTS | WEBHOOKS
    schemas |= {component(kind): document_schema(kind) for kind in kinds.every()}
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    result["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token from /account/tokens/"}
    }
    result["info"] |= {
        "description": f"{result['info']['description']} {terms.ATTRIBUTION}. Stability and changes: "
                       f"{settings.SITE_URL}/about/interface/",
        "termsOfService": f"{settings.SITE_URL}/about/terms/",
        "license": {"name": "Data: CC BY 4.0 (places: GeoNames CC BY 4.0); code: Apache-2.0", "url": terms.LICENCE_URL},
    }  # fmt: skip
    result["externalDocs"] = {"description": "变更与稳定性 Changes and stability",
                              "url": f"{settings.SITE_URL}/about/interface/"}  # fmt: skip
    result["security"] = [{}, {"token": []}]
    result["tags"] = _tags()
    return result


_OTHER_TAGS = {
    "timeline": "时间线 events of all kinds", "search": "搜索 search over all kinds",
    "changes": "变更流 the change feed, and digests that prove a copy equal", "redirects": "旧键 old keys",
    "snapshots": "快照 everything at one feed number", "webhooks": "推送 signed messages to your server",
    "proposals": "修改提案 what you propose, and its fate",
    "contract": "接口约定 changes of this interface",
}  # fmt: skip


def _tags() -> list[Json]:
    """Entries, reference data, then what covers all kinds; this is the order in which the documentation shows them."""
    ordered = sorted(kinds.every(), key=lambda kind: kind.reference_data)
    own = [{"name": kind.plural, "description": f"{kind.zh} {kind.en}"} for kind in ordered]
    return [*own, *({"name": name, "description": text} for name, text in _OTHER_TAGS.items())]
