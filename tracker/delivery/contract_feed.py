"""The schemas of the change feed and its digests."""

from __future__ import annotations

from tracker.entries.fields import Json
from tracker.entries.models import Change
from tracker.values.codes import Nature

_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_NUMBER: Json = {"type": "integer"}
_SHA256: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_CHANGE: Json = {
    "seq": _NUMBER, "action": {"enum": Change.Action.values}, "kind": _TEXT, "key": _TEXT, "revision": _NUMBER,
    "nature": {"enum": Nature.values}, "changed_fields": {"type": "array", "items": _TEXT},
    "recorded_at": {"type": "string", "format": "date-time"}, "source": _TEXT_OR_NULL,
    "successor": {**_TEXT_OR_NULL, "description": "the key that what was merged or withdrawn leads to"},
}  # fmt: skip

FEED: dict[str, Json] = {
    "Change": {
        "type": "object",
        "properties": {
            **_CHANGE,
            "inside": {"type": "boolean", "description": "with place: whether the entry lies there after the change"},
            "document": {"type": ["object", "null"], "description": "what it was at this number; null once it is gone"},
            "events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}},
        },
        "required": [*_CHANGE],
    },
    "ChangesPage": {
        "type": "object",
        "properties": {
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Change"}},
            "next": {**_TEXT_OR_NULL, "description": "the same query, after=through; null when through is last"},
            "previous": {"type": "null"},
            "through": {**_NUMBER, "description": "everything up to this number has been told: go on after it"},
            "last": {**_NUMBER, "description": "the last number given out"},
        },
        "required": ["results", "next", "previous", "through", "last"],
    },
    "Digests": {
        "type": "object",
        "description": "SHA-256 of the lines “key version”, each ended by a line feed, in the order of their bytes",
        "properties": {
            "through": {**_NUMBER, "description": "the feed number at which the documents stood so"},
            "kinds": {"type": "array", "items": {
                "type": "object",
                "properties": {
                    "kind": _TEXT, "count": _NUMBER, "sha256": _SHA256,
                    "buckets": {"type": "array", "items": _SHA256, "minItems": 256, "maxItems": 256,
                                "description": "of the keys whose own SHA-256 begins with the byte 0, 1 … 255"},
                    "bucket": _NUMBER,
                    "entries": {"type": "array", "items": {
                        "type": "object", "properties": {"key": _TEXT, "version": _NUMBER},
                        "required": ["key", "version"]}},
                },
                "required": ["kind"],
            }},
        },
        "required": ["through", "kinds"],
    },
}  # fmt: skip
