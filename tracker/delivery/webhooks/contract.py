"""The shapes of webhooks in the API: what is asked for and what is answered."""

from __future__ import annotations

from tracker.delivery.interest import FILTERS
from tracker.entries.fields import Json
from tracker.entries.models import Change

from .models import Webhook, WebhookDelivery, WebhookNotice
from .trouble import Trouble

_TEXT: Json = {"type": "string"}
_MOMENT: Json = {"type": "string", "format": "date-time"}
_MOMENT_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
_NUMBER: Json = {"type": "integer", "minimum": 0}
_NUMBER_OR_NULL: Json = {"type": ["integer", "null"]}


def _object(properties: Json, *, required: list[str] | None = None, closed: bool = False) -> Json:
    found: Json = {"type": "object", "properties": properties}
    found["required"] = list(properties) if required is None else required
    return found | ({"additionalProperties": False} if closed else {})


_FILTERS: Json = {
    "type": "object",
    "description": "As in the feed; a filter that is left out lets everything through.",
    "properties": {name: {"type": "array", "items": _TEXT, "maxItems": 200, "description": text}
                   for name, text in FILTERS.items()},
    "additionalProperties": False,
}  # fmt: skip

_WISHES: Json = {
    "name": {"type": "string", "minLength": 1, "maxLength": 80},
    "url": {"type": "string", "maxLength": 500, "description": "https, a public address, port 443 or 8443"},
    "filters": _FILTERS,
    "include_document": {"type": "boolean", "description": "send the document along; false unless told"},
}  # fmt: skip

CREATION = _object(_WISHES, required=["name", "url"], closed=True) | {"title": "WebhookCreation"}
ALTERATION = _object(_WISHES, required=[], closed=True) | {"title": "WebhookAlteration"}
ROTATION = _object({"overlap_hours": {"type": "integer", "minimum": 0, "maximum": 720,
                                      "description": "how long the former secret signs too; 24 unless told"}},
                   required=[], closed=True) | {"title": "SecretRotation"}  # fmt: skip
REDELIVERY = _object({"after": {**_NUMBER, "description": "a feed number; everything after it is sent again"}},
                     closed=True) | {"title": "Redelivery"}  # fmt: skip
NOTHING = _object({}, closed=True) | {"title": "Nothing"}

_WEBHOOK: Json = {
    "key": _TEXT, "name": _TEXT, "url": _TEXT, "filters": _FILTERS, "include_document": {"type": "boolean"},
    "state": {"type": "string", "enum": Webhook.State.values},
    "after": {**_NUMBER, "description": "every change of interest after this number is delivered"},
    "stopped_after": {**_NUMBER_OR_NULL, "description": "when it last stopped: changes after this number and up to "
                                                        "`after` were not listed; redelivery sends them"},
    "created_at": _MOMENT,
    "former_secret_until": _MOMENT_OR_NULL,
    "failing_since": {**_MOMENT_OR_NULL, "description": "the first failure since the last message was accepted"},
    "notices": {"type": "array", "items": _object({
        "code": {"type": "string", "enum": WebhookNotice.Code.values}, "recorded_at": _MOMENT,
        "reason": {"type": ["string", "null"]}})},
}  # fmt: skip

_DELIVERY: Json = {
    "message": {**_TEXT, "description": "the webhook-id of every attempt"},
    "type": {**_TEXT, "description": "change.published, change.withdrawn, change.merged, change.restored or test"},
    "seq": {**_NUMBER_OR_NULL, "description": "number of the change; null of a test"},
    "kind": {"type": ["string", "null"]}, "key": {"type": ["string", "null"]},
    "state": {"type": "string", "enum": WebhookDelivery.State.values},
    "created_at": _MOMENT, "next_attempt_at": _MOMENT_OR_NULL, "ended_at": _MOMENT_OR_NULL,
    "attempts": {"type": "array", "items": _object({
        "began_at": _MOMENT, "milliseconds": _NUMBER, "status": _NUMBER_OR_NULL,
        "trouble": {"enum": [*Trouble.values, None]}, "detail": {"type": ["string", "null"]},
        "answer": {"type": ["string", "null"], "description": "its first 1,000 bytes"}})},
}  # fmt: skip

_CHANGED: Json = {"allOf": [{"$ref": "#/components/schemas/Change"}, _object({
    "url": {**_TEXT, "format": "uri", "description": "where the document is"}})]}  # fmt: skip
_TESTED = _object({"webhook": _TEXT, "name": _TEXT})

WEBHOOKS: dict[str, Json] = {
    "WebhookMessage": _object(
        {
            "type": {"enum": ["test", *(f"change.{action}" for action in Change.Action.values)]},
            "timestamp": _MOMENT,
            "data": {"description": "of a test: which webhook; else the change", "anyOf": [_CHANGED, _TESTED]},
        }
    ),
    "Webhook": _object(_WEBHOOK),
    "IssuedWebhook": _object({**_WEBHOOK, "secret": {**_TEXT, "description": "shown this once"}}),
    "WebhookDelivery": _object(_DELIVERY),
    "WebhookRedelivery": _object({"after": _NUMBER, "to": _NUMBER}),
}
