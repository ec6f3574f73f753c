"""The schemas of snapshots."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "integer"}

_SUMMARY: Json = {
    "number": _NUMBER, "url": _TEXT,
    "seq": {"type": "integer", "description": "the feed number at which everything in it stands"},
    "made_at": {"type": "string", "format": "date-time"}, "documents": _NUMBER,
    "counts": {"type": "object", "description": "documents by kind", "additionalProperties": _NUMBER},
    "bytes": {"type": "integer", "description": "of all files together"},
    "changes": {"type": "string", "description": "where the feed goes on"},
    "licence": {"type": "object", "properties": {"name": _TEXT, "url": _TEXT}, "required": ["name", "url"]},
    "attribution": _TEXT, "contract_version": _TEXT,
}  # fmt: skip

SNAPSHOTS: dict[str, Json] = {
    "SnapshotFile": {
        "type": "object",
        "properties": {
            "name": _TEXT, "kind": {"type": ["string", "null"], "description": "null where it holds several"},
            "format": {"enum": ["jsonl", "csv", "geojson", "sqlite", "json", "txt"]},
            "compression": {"enum": ["gzip", None]},
            "count": {"type": "integer", "description": "documents, rows or features in it"}, "bytes": _NUMBER,
            "sha256": {"type": "string", "description": "hexadecimal; the entity tag of the file"},
            "media_type": _TEXT, "url": _TEXT,
        },
        "required": ["name", "kind", "format", "compression", "count", "bytes", "sha256", "media_type", "url"],
    },
    "SnapshotSummary": {"type": "object", "properties": _SUMMARY, "required": list(_SUMMARY)},
    "Snapshot": {
        "type": "object",
        "properties": _SUMMARY | {"files": {"type": "array", "items": {"$ref": "#/components/schemas/SnapshotFile"}}},
        "required": [*_SUMMARY, "files"],
    },
}  # fmt: skip
