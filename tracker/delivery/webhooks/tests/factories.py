"""Webhooks for tests, and publications for them to carry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tracker.accounts.models import User
from tracker.curation.tests import factories
from tracker.delivery.interest import Interest
from tracker.delivery.webhooks import subscribing, turns
from tracker.delivery.webhooks.models import Webhook, WebhookDelivery
from tracker.delivery.webhooks.subscribing import Wish
from tracker.entries.models import Change

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def wish(url: str, **details: Any) -> Wish:
    told = {"name": "数据仓库", "interest": Interest(), "include_document": False, **details}
    return Wish(url=url, **told)


def webhook(owner: User, url: str, **details: Any) -> Webhook:
    return subscribing.create(actor=owner, wish=wish(url, **details), now=NOW).webhook


def publish_parks(count: int, start: int = 0) -> list[int]:
    """Publish parks; the numbers of their changes."""
    before = last_number()
    factories.live(*(factories.park(f"park-{number}", f"{number}号园") for number in range(start, start + count)))
    return list(Change.objects.filter(seq__gt=before, nature="new").order_by("seq").values_list("seq", flat=True))


def last_number() -> int:
    return Change.objects.latest("seq").seq


def deliver(webhook: Webhook, at: datetime = NOW) -> None:
    """A worker's turn at that moment; so is the time of every message that is due by then."""
    WebhookDelivery.objects.filter(due_at__gt=at, tries=0).update(due_at=at)
    turns.run(webhook.pk, clock=lambda: at)


def reread(webhook: Webhook) -> Webhook:
    return Webhook.objects.get(pk=webhook.pk)
