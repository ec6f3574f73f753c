"""The schemas of proposals over REST, and of the payloads they carry."""

from __future__ import annotations

from typing import Any

from tracker.delivery.contract import MOMENT, TEXT, TEXT_OR_NULL, component
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.values.codes import Nature

from .models import Proposal
from .publish import REASON_MAX

MOST = 1000
"""Proposals that one call may bring."""
NATURES = (Nature.CORRECTION, Nature.WORLD, Nature.EVIDENCE)

WISH: Json = {
    "type": "object",
    "description": "A payload as you would like to see it published: all facts of the entry, with their citations.",
    "additionalProperties": False,
    "required": ["payload", "reason"],
    "properties": {
        "payload": {"type": "object"},
        "reason": {"type": "string", "minLength": 1, "maxLength": REASON_MAX, "pattern": r"\S",
                   "description": "why; editors read it, and it stays with the revision"},
        "nature": {"enum": [nature.value for nature in NATURES],
                   "description": "correction unless told; world: reality changed; evidence: only sources were added"},
        "if_match": {"type": "string", "maxLength": 100,
                     "description": "the ETag of the entry that you wrote on; 412 when its facts have changed since"},
        "base_revision": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1,
                          "description": "the same by its revision; 0: the entry must be new"},
    },
}  # fmt: skip
BATCH: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["proposals"],
    "properties": {
        "proposals": {"type": "array", "minItems": 1, "maxItems": MOST, "items": {"type": "object"}},
    },
}

_SUMMARY: Json = {
    "id": {"type": "integer"}, "url": TEXT, "kind": TEXT, "key": TEXT, "action": {"enum": Proposal.Action.values},
    "state": {"enum": Proposal.State.values}, "nature": {"enum": Nature.values}, "reason": TEXT, "batch": TEXT_OR_NULL,
    "base_revision": {"type": "integer", "description": "the revision it was written on; 0: the entry was new"},
    "created_at": MOMENT, "decided_at": MOMENT,
    "review_note": {"type": ["string", "null"], "description": "what the editors said to it"},
    "published": {
        "type": ["object", "null"],
        "description": "as which revision it was published, and its number in the feed; both null when it changed "
                       "nothing",
        "properties": {"revision": {"type": ["integer", "null"]}, "seq": {"type": ["integer", "null"]}, "url": TEXT},
        "required": ["revision", "seq", "url"],
    },
}  # fmt: skip

SCHEMAS: dict[str, Json] = {
    "ProposalWish": {**WISH, "properties": {**WISH["properties"], "payload": {"$ref": "#/components/schemas/Payload"}}},
    "ProposalBatch": {
        "type": "object",
        "description": "Up to 1,000 proposals; they may refer to one another.",
        "required": ["proposals"],
        "properties": {"proposals": {"type": "array", "minItems": 1, "maxItems": MOST,
                                     "items": {"$ref": "#/components/schemas/ProposalWish"}}},
    },
    "Proposal": {
        "type": "object",
        "description": "A proposal of yours and its fate.",
        "properties": {**_SUMMARY, "payload": {"type": "object"}},
        "required": list(_SUMMARY),
    },
    "ProposalResult": {
        "type": "object",
        "description": "What became of one proposal sent: created, unchanged (the entry says so already), checked (a "
                       "dry run, and it could be handed over) or refused, with the problem.",
        "properties": {
            "status": {"type": "integer"}, "outcome": {"enum": ["created", "unchanged", "checked", "refused"]},
            "kind": TEXT_OR_NULL, "key": TEXT_OR_NULL, "id": {"type": ["integer", "null"]}, "url": TEXT_OR_NULL,
            "problem": {"anyOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}]},
        },
        "required": ["status", "outcome", "kind", "key", "id", "url", "problem"],
    },
    "ProposalResults": {
        "type": "object",
        "description": "One result for each proposal sent, in their order.",
        "properties": {
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/ProposalResult"}},
            **{name: {"type": "integer"} for name in ("created", "unchanged", "checked", "refused")},
        },
        "required": ["results", "created", "unchanged", "checked", "refused"],
    },
}  # fmt: skip


def add_components(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """Put the shapes of proposals, and the payload of every kind, into the OpenAPI document."""
    schemas = result["components"]["schemas"] | SCHEMAS
    payloads = {kind.name: f"{component(kind)}Payload" for kind in kinds.every()}
    schemas |= {payloads[kind.name]: kind.payload_json_schema() for kind in kinds.every()}
    references = {kind: f"#/components/schemas/{name}" for kind, name in payloads.items()}
    schemas["Payload"] = {
        "oneOf": [{"$ref": reference} for reference in references.values()],
        "discriminator": {"propertyName": "kind", "mapping": references},
    }
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return result
