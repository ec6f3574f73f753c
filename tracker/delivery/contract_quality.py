"""The schema of the figures on data quality."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

QUALITY: Json = {
    "Quality": {
        "type": "object",
        "description": "How good the data are on a day. Each figure but the first counts what gap=… of the list finds.",
        "properties": {
            "date": {"type": "string", "format": "date"},
            "results": {"type": "array", "items": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string"},
                    "city": {"anyOf": [{"type": "null"}, {"type": "object", "properties": {
                        "key": {"type": "string"}, "name": {"type": "string"}, "name_en": {"type": ["string", "null"]},
                    }}]},
                    "entries": {"type": "integer"},
                    "stale": {"type": "integer", "description": "evidence past its shelf life"},
                    "unsourced": {"type": "integer", "description": "with a fact that rests on judgement alone"},
                    "conflicts": {"type": "integer", "description": "with a conflict nobody has ruled on"},
                    "fields": {"type": "array", "items": {"type": "object", "properties": {
                        "name": {"type": "string"}, "known": {"type": "integer"}}, "required": ["name", "known"]}},
                    "last_verified_at": {"type": ["string", "null"], "format": "date-time"},
                },
                "required": ["kind", "city", "entries", "stale", "unsourced", "conflicts", "fields",
                             "last_verified_at"],
            }},
        },
        "required": ["date", "results"],
    },
}  # fmt: skip
