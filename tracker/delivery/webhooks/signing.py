"""Secrets and signatures by the Standard Webhooks specification, by its own library."""

from __future__ import annotations

import base64
import secrets as random
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

PREFIX = "whsec_"
_SECRET_BYTES = 32  # the specification asks for 24 to 64


def new_secret() -> str:
    return PREFIX + base64.b64encode(random.token_bytes(_SECRET_BYTES)).decode()


def new_message_id() -> str:
    return f"msg_{random.token_hex(12)}"


def headers(secrets: Sequence[str], message_id: str, moment: datetime, body: str) -> dict[str, str]:
    """The three headers; one signature for each secret, the newest first, while a secret is being rotated."""
    moment = moment.astimezone(UTC)
    signatures = [Webhook(secret).sign(message_id, moment, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
