"""The schemas of what is read at one moment of both clocks: parks compared, layouts and their versions."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_REFERENCE: Json = {"$ref": "#/components/schemas/Reference"}
_REFERENCE_OR_NULL: Json = {"anyOf": [_REFERENCE, {"type": "null"}]}
_REFERENCES: Json = {"type": "array", "items": _REFERENCE}
_CHANGES = ["appeared", "gone", "role", "part", "positioning", "function", "same"]
_CLOCKS: Json = {
    "as_of": {"type": ["string", "null"], "format": "date"},
    "known_at": {"type": ["string", "null"], "format": "date-time"},
}


def _object(description: str, properties: Json) -> Json:
    return {"type": "object", "description": description, "properties": properties, "required": list(properties)}


def _list(name: str) -> Json:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def _both(schema: Json) -> Json:
    return _object("", {"before": schema, "after": schema})


_WORDS = _object("", {"zh": _TEXT, "en": _TEXT})
_CODE_OR_NULL: Json = {"anyOf": [_object("A code with its words.", {"code": _TEXT, "zh": _TEXT, "en": _TEXT}),
                                 {"type": "null"}]}  # fmt: skip
_FACT: Json = {
    "path": {"type": ["string", "null"], "description": "of the fact in that park's document"},
    "value": {"description": "a number, an EDTF date, a text, a code with its words, a reference, a list, a point"},
    "unit": _TEXT_OR_NULL, "qualifier": _TEXT_OR_NULL,
    "printed": {"type": ["string", "null"], "description": "the words of the source, else value and unit as stated"},
    "nature": _CODE_OR_NULL | {"description": "of an area: planned or actual, where it is stated"},
    "certain": {"type": ["boolean", "null"], "description": "false where it only possibly holds on the day"},
    "citations": _list("Citation"),
    "conflict": {"anyOf": [{"$ref": "#/components/schemas/Conflict"}, {"type": "null"}]},
}  # fmt: skip

MOMENTS: dict[str, Json] = {
    "Comparison": _object("Parks side by side on a day, as told at a moment.", {
        **_CLOCKS, "parks": _REFERENCES, "rows": _list("ComparisonRow"),
    }),
    "ComparisonRow": _object("One declared fact; the cells stand in the order of the parks.", {
        "path": {"type": "string", "description": "children are named by what they are about, not by their keys: "
                                                  "/areas/site/value"},
        "label": _WORDS,
        "unit": {"type": ["string", "null"], "description": "where all cells have the same; areas are in m2"},
        "cells": _list("ComparisonCell"),
        "differs": {"type": "boolean", "description": "two known values differ; an unknown one does not count"},
    }),
    "ComparisonCell": _object("What one park has in a row.", {
        "state": {"enum": ["known", "unknown", "none"],
                  "description": "unknown is not no; none: by its dates it did not hold on the day"},
        **_FACT,
        "more": {"type": "array", "items": _object("", _FACT), "description": "further values of the same sort"},
    }),
    "LayoutDifferences": _object("What differs between two layouts, by the place or park that their parts name.", {
        **_CLOCKS, "from": _REFERENCE, "to": _REFERENCE, "patterns": _both(_TEXT_OR_NULL),
        "subjects": _both(_REFERENCE), "items": _list("LayoutDifference"),
        "counts": _object("Items by change.", {name: {"type": "integer"} for name in _CHANGES}),
    }),
    "LayoutDifference": _object("One place, park or name, with the parts of either layout that name it.", {
        "about": _REFERENCE | {"description": "kind is part, and key null, where a part names no place and no park"},
        "location": {"type": "boolean", "description": "a place only named beside parks: it says where they lie"},
        "change": {"enum": _CHANGES, "description": "the first of changes, or same"},
        "changes": {"type": "array", "items": {"enum": _CHANGES}},
        "before": _list("LayoutDifferencePart"), "after": _list("LayoutDifferencePart"),
    }),
    "LayoutDifferencePart": _object("", {
        "key": _TEXT, "role": _REFERENCE, "name": _TEXT,
        "within": {"type": ["string", "null"], "description": "name of the part in which it stands"},
        "positioning": _TEXTS, "function": _TEXT_OR_NULL,
        "since": _TEXT_OR_NULL, "from": _TEXT_OR_NULL, "to": _TEXT_OR_NULL,
    }),
    "LayoutVersions": _object("The layouts that replaced one another, the earliest first.", {
        **_CLOCKS, "versions": _list("LayoutVersion"),
    }),
    "LayoutVersion": _object("One layout of a chain.", {
        "layout": _REFERENCE, "subject": _REFERENCE, "pattern": _TEXT_OR_NULL, "basis": _TEXT_OR_NULL,
        "declared_by": _REFERENCE_OR_NULL, "adopted": _TEXT_OR_NULL,
        "superseded": {"type": ["string", "null"], "description": "when what replaced it was adopted"},
        "supersedes": _REFERENCES, "superseded_by": _REFERENCES,
        "status": {"enum": ["not_yet", "in_force", "superseded"], "description": "on the day, else today"},
        "certain": {"type": "boolean", "description": "false where the status only possibly holds"},
        "previous": _REFERENCE_OR_NULL | {"description": "the latest of those that it replaced"},
    }),
}  # fmt: skip
