"""The schemas of ``POST parks/score/``."""

from __future__ import annotations

from parks.criteria import CRITERION, MOST
from tracker.entries.fields import Json

_TEXT: Json = {"type": "string"}
_REFERENCE: Json = {"$ref": "#/components/schemas/Reference"}
_SHARE: Json = {"type": "number", "minimum": 0, "maximum": 1}
_SHARE_OR_NULL: Json = {"type": ["number", "null"]}
_KEYS: Json = {"type": "array", "items": {"type": "string", "maxLength": 80}, "minItems": 1, "maxItems": 300}


def _object(description: str, properties: Json) -> Json:
    return {"type": "object", "description": description, "properties": properties, "required": list(properties)}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


_SAID = _object("The same sentence twice.", {"zh": _TEXT, "en": _TEXT})
QUESTION: Json = {
    "type": "object", "additionalProperties": False, "required": ["criteria"],
    "description": "Which parks, by which criteria, at which moment of both clocks.",
    "properties": {
        "parks": {"type": "object", "additionalProperties": False,
                  "description": "key, place, category, status; without: all, where there are at most 300",
                  "properties": dict.fromkeys(("key", "place", "category", "status"), _KEYS)},
        "criteria": {"type": "array", "minItems": 1, "maxItems": MOST, "items": CRITERION},
        "as_of": {"type": "string", "maxLength": 40, "description": "a day; today unless told"},
        "known_at": {"type": "string", "maxLength": 40, "description": "a moment or date; the last change unless told"},
    },
}  # fmt: skip
_RANGE: Json = {"low": _SHARE, "middle": _SHARE, "high": _SHARE}
ANSWER: Json = _object("Parks in the order of their fit; request is the same question pinned for ever.", {
    "as_of": _TEXT, "known_at": _TEXT, "request": QUESTION,
    "criteria": _list(_object("", {"key": _TEXT, "type": _TEXT, "title": _SAID, "hard": {"type": "boolean"},
                                   "soft": {"type": "boolean"}, "share": _SHARE})),
    "results": _list(_object("One park; rank is null where a hard criterion is known to fail.", {
        "park": _REFERENCE, "rank": {"type": ["integer", "null"]}, **_RANGE,
        "eliminated_by": _list(_TEXT), "open": _list(_TEXT),
        "criteria": _list(_object("One criterion of it; low to high: worst to best case of what is not known.", {
            "criterion": _TEXT, "verdict": {"enum": ["passes", "fails", "open", None]},
            **dict.fromkeys(_RANGE, _SHARE_OR_NULL), "said": _SAID, "own": {"type": "boolean"},
            "paths": _list(_TEXT), "citations": _list({"$ref": "#/components/schemas/Citation"}),
        })),
    })),
    "swings": _list(_object("A missing fact of park that alone could put second above first.", {
        "first": _REFERENCE, "second": _REFERENCE, "park": _REFERENCE, "criterion": _TEXT, "said": _SAID,
    })),
    "not_yet": _list(_REFERENCE),
    "parts": _list(_object("A park that lies within another one of the answer: the two are no rivals.", {
        "park": _REFERENCE, "within": _REFERENCE,
    })),
})  # fmt: skip
