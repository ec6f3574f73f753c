"""How long the log is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tracker.accounts.models import User
from tracker.delivery.webhooks import log
from tracker.delivery.webhooks.models import WebhookAttempt, WebhookDelivery

from .factories import NOW, deliver, publish_parks, webhook
from .receiver import Receiver


def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(owner: User, receiver: Receiver, settings: Any) -> None:
    settings.WEBHOOK_LOG_DAYS = 30
    hook = webhook(owner, receiver.url)
    publish_parks(2)
    deliver(hook)
    kept = hook.deliveries.latest("id")
    WebhookDelivery.objects.filter(pk=kept.pk).update(state="pending", ended_at=None)
    assert log.trim(NOW + timedelta(days=30)) == 0
    assert hook.deliveries.count() == 2
    assert log.trim(NOW + timedelta(days=30, seconds=1)) == 1
    assert hook.deliveries.get() == kept
    assert WebhookAttempt.objects.count() == 1
