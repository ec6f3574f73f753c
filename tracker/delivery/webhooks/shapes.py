"""Webhooks, deliveries and attempts as the API shows them; never a secret."""

from __future__ import annotations

from datetime import datetime

from tracker.entries.fields import Json

from .models import Webhook, WebhookAttempt, WebhookDelivery, WebhookNotice


def webhook(found: Webhook) -> Json:
    """Reads ``notices``: prefetch them for many."""
    return {
        "key": found.key, "name": found.name, "url": found.url, "filters": found.interest,
        "include_document": found.include_document, "state": found.state, "after": found.after,
        "stopped_after": found.stopped_after, "created_at": _moment(found.created_at),
        "former_secret_until": _moment(found.former_until), "failing_since": _moment(found.failing_since),
        "notices": [_notice(row) for row in found.notices.all()],
    }  # fmt: skip


def _notice(row: WebhookNotice) -> Json:
    return {"code": row.code, "recorded_at": _moment(row.recorded_at), "reason": row.reason or None}


def delivery(found: WebhookDelivery) -> Json:
    """Reads ``change`` and ``attempts``: select and prefetch them for many."""
    change = found.change
    pending = found.state == WebhookDelivery.State.PENDING
    return {
        "message": found.message, "type": found.type, "seq": change.seq if change else None,
        "kind": change.kind if change else None, "key": change.key if change else None, "state": found.state,
        "created_at": _moment(found.created_at), "next_attempt_at": _moment(found.due_at) if pending else None,
        "ended_at": _moment(found.ended_at), "attempts": [_attempt(row) for row in found.attempts.all()],
    }  # fmt: skip


def _attempt(row: WebhookAttempt) -> Json:
    return {"began_at": _moment(row.began_at), "milliseconds": row.milliseconds, "status": row.status,
            "trouble": row.trouble or None, "detail": row.detail or None, "answer": row.answer or None}  # fmt: skip


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
