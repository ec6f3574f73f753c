"""The schemas of what applies to a park or place on a day."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_REFERENCE: Json = {"$ref": "#/components/schemas/Reference"}
_REFERENCE_OR_NULL: Json = {"anyOf": [_REFERENCE, {"type": "null"}]}
_CERTAIN: Json = {"type": "boolean", "description": "false where it only possibly holds on the day"}


def _object(description: str, properties: Json, optional: tuple[str, ...] = ()) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "description": description, "properties": properties, "required": required}


def _list(name: str) -> Json:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


APPLICABLE: dict[str, Json] = {
    "Applicable": _object(
        "What applies to a park or place on a day. confirmed: evidence says it was in force; unverified: not known "
        "to have ended; about to start or end: within 180 days.",
        {
            "subject": _REFERENCE, "as_of": {"type": "string", "format": "date"},
            "confirmed": _list("ApplicableLevel"), "unverified": _list("ApplicableLevel"),
            "about_to_start": _list("ApplicableLevel"), "about_to_end": _list("ApplicableEnd"),
            "ended": _list("ApplicableLevel"), "zones": _list("ApplicableZone"),
            "programmes": _list("ApplicableTitle"), "layouts": _list("ApplicableLayout"),
        },
        ("ended",),
    ),
    "ApplicableLevel": _object("The policies of one level, latest first; level is null where it is not known.", {
        "level": {"enum": ["national", "provincial", "city", "district", "zone", None]},
        "policies": _list("ApplicablePolicy"),
    }),
    "ApplicablePolicy": _object("A policy that applies, and why.", {
        "policy": _REFERENCE, "level": _TEXT_OR_NULL,
        "status": {"type": "string", "description": "as of the day"},
        "issued": _TEXT_OR_NULL, "effective": _TEXT_OR_NULL, "expires": _TEXT_OR_NULL, "period": _TEXT_OR_NULL,
        "period_ended": {"type": "boolean", "description": "规划期届满: the planning period is over; not expiry"},
        "certain": _CERTAIN, "evidence": _list("ApplicableEvidence"),
        "measures": {"type": "array", "description": "those whose window holds on the day", "items": {
            "type": "object", "properties": {"key": _TEXT, "subject": _REFERENCE, "certain": _CERTAIN},
            "required": ["key", "subject", "certain"]}},
        "because": _list("ApplicableReason") | {"minItems": 1},
    }),
    "ApplicableEvidence": _object("What says that it was in force: its own expiry or period.", {
        "type": {"enum": ["expires", "period"]}, "date": _TEXT_OR_NULL,
    }),
    "ApplicableReason": _object(
        "through: the park or place named, the place that contains this one, or what holds the title.",
        {"type": {"enum": ["named", "containment", "designation"]}, "through": _REFERENCE,
         "programme": _REFERENCE_OR_NULL, "certain": _CERTAIN},
    ),
    "ApplicableEnd": _object("A policy's end ahead; period: the planning period ends, the policy does not.", {
        "policy": _REFERENCE, "type": {"enum": ["expires", "period"]}, "date": _TEXT,
    }),
    "ApplicableZone": _object("A zone it belongs to, by a park or place of it.", {
        "zone": _REFERENCE, "through": _REFERENCE, "status": _TEXT, "focus": _TEXTS, "certain": _CERTAIN,
    }),
    "ApplicableTitle": _object("A title held or sought by a zone it belongs to, by it or by a park around it.", {
        "programme": _REFERENCE, "holder": _REFERENCE, "batch": _TEXT_OR_NULL, "approved": _TEXT_OR_NULL,
        "approved_within": {"type": ["string", "null"], "description": "bounds of a date that is not known"},
        "assessed": _TEXT_OR_NULL, "withdrawn": _TEXT_OR_NULL, "wording": _TEXT_OR_NULL,
        "document": _REFERENCE_OR_NULL,
        "holds": {"type": "boolean", "description": "false while it is only applied for"}, "certain": _CERTAIN,
    }),
    "ApplicableLayout": _object("A layout in force on the day, with the parts that name it or what contains it.", {
        "layout": _REFERENCE, "subject": _REFERENCE, "pattern": _TEXT_OR_NULL, "basis": _TEXT_OR_NULL,
        "adopted": _TEXT_OR_NULL, "certain": _CERTAIN,
        "parts": {"type": "array", "items": _object("", {
            "key": _TEXT, "role": _REFERENCE, "name": _TEXT, "positioning": _TEXTS, "function": _TEXT_OR_NULL,
            "from": _TEXT_OR_NULL, "to": _TEXT_OR_NULL,
            "within": {"type": ["string", "null"], "description": "name of the part in which it stands"},
            "because": _object("location: a place in which a park that the part names lies.", {
                "type": {"enum": ["named", "containment", "location"]}, "through": _REFERENCE, "certain": _CERTAIN}),
        })},
    }),
}  # fmt: skip
