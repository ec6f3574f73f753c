"""What is to be sent, written in the transaction that writes the changes; nothing is ever sent inside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from tracker.delivery.feed import Recorded
from tracker.delivery.interest import Interest
from tracker.entries.inserting import BATCH
from tracker.entries.models import Change
from tracker.jobs import nudge

from . import signing
from .models import Webhook, WebhookDelivery

SWEEP = "tracker.webhooks.sweep"
"""Name of the Celery task that looks for webhooks with something to send."""


def write(changes: Sequence[Recorded], now: datetime) -> None:
    """List the numbered and written changes for each webhook that wants them; a worker hears of it after the commit.

    The numbers are still held, so that a webhook made meanwhile either is seen here or begins after them.
    """
    if not changes:
        return
    numbers = [change.entry.version for change in changes]
    written = Change.objects.filter(seq__range=(min(numbers), max(numbers)))
    found = [enlist(webhook, written, now) for webhook in Webhook.objects.active()]
    if any(found):
        tell_after_commit()


def enlist(webhook: Webhook, changes: QuerySet[Change], now: datetime) -> int:
    """List those of the changes that the webhook wants and has not been given; returns how many.

    Bound ``changes`` by their numbers.
    """
    wanted = (
        Interest.recall(webhook.interest)
        .followed()
        .narrow(changes)
        .exclude(pk__in=webhook.deliveries.filter(change__in=changes).values("change_id"))
    )
    made = [_delivery(webhook, change, now) for change in wanted.order_by("seq").only("seq", "action")]
    WebhookDelivery.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    return len(made)


def _delivery(webhook: Webhook, change: Change, now: datetime) -> WebhookDelivery:
    return WebhookDelivery(webhook=webhook, message=signing.new_message_id(), type=f"change.{change.action}",
                    change=change, created_at=now, due_at=now)  # fmt: skip


def tell_after_commit() -> None:
    transaction.on_commit(partial(nudge.tell, SWEEP))
