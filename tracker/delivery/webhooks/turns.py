"""A worker's turn at one webhook: it holds the lease, sends what is due, records each attempt, and lets go.

The turn's number is the fence: once another worker takes the webhook over, every write of the first fails. A
message is recorded after it was sent, so a worker that is killed in between leaves it due: it is sent again.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from tracker.jobs import nudge
from tracker.jobs.progress import Clock, LeaseLost, lease_end

from . import backoff, configured, message, signing, stopping
from .models import Webhook, WebhookAttempt, WebhookDelivery
from .sending import Answer, Courier
from .trouble import Trouble

logger = logging.getLogger(__name__)

DELIVER = "tracker.webhooks.deliver"
"""Name of the Celery task that takes a turn at one webhook."""

PARALLEL = 8
"""Messages sent to one receiver at a time."""
BATCHES = 25
"""After so many batches a turn ends, for other webhooks to have theirs."""
DISABLE_AFTER = timedelta(days=5)
"""A webhook is disabled when a message is given up and none was accepted for so long."""

GONE = 410
_BROKEN = Answer(0, trouble=Trouble.PROGRAM, detail="看日志 see the log")


def sweep(*, clock: Clock = timezone.now) -> None:
    """Tell the workers of every webhook that has something to send and that none of them has."""
    for webhook_id in Webhook.objects.due(clock()).order_by("id").values_list("pk", flat=True):
        if not nudge.tell(DELIVER, webhook_id):
            return


def run(webhook_id: int, *, clock: Clock = timezone.now) -> None:
    """Send what is due of a webhook; do nothing when nothing is, or another worker is at it."""
    webhook = _lease(webhook_id, clock())
    if webhook is None:
        return
    try:
        _Turn(webhook, configured.courier(), clock).run()
    except LeaseLost as error:
        logger.warning("%s", error)
    except OperationalError as error:
        logger.warning("the database failed during a turn at %s, the sweep will resume it: %s", webhook, error)


def _lease(webhook_id: int, now: datetime) -> Webhook | None:
    """Take the webhook, if it is to be had: one conditional UPDATE, so that only one worker gets it."""
    due = Webhook.objects.due(now).filter(pk=webhook_id)
    taken = due.update(turn=F("turn") + 1, leased_until=_batch_end(now))
    return Webhook.objects.get(pk=webhook_id) if taken else None


def _batch_end(now: datetime) -> datetime:
    """Until when a batch keeps its lease: the slowest receiver first, then the time to record it."""
    return lease_end(now) + timedelta(seconds=settings.WEBHOOK_TIMEOUT_SECONDS)


@dataclass(frozen=True)
class _Made:
    """An attempt that was made."""

    delivery: WebhookDelivery
    began_at: datetime
    answer: Answer


class _Turn:
    def __init__(self, webhook: Webhook, courier: Courier, clock: Clock) -> None:
        self._webhook, self._courier, self._clock = webhook, courier, clock
        self._number = webhook.turn

    def run(self) -> None:
        for _ in range(BATCHES):
            batch = self._due()
            if not batch:
                break
            self._write(leased_until=_batch_end(self._clock()))
            self._webhook.refresh_from_db()  # the owner may have another address or secret by now
            if not any(self._send(batch)):
                self._rest()
                break
        self._write(leased_until=None)
        if Webhook.objects.due(self._clock()).filter(pk=self._webhook.pk).exists():
            nudge.tell(DELIVER, self._webhook.pk)

    def _due(self) -> list[WebhookDelivery]:
        due = WebhookDelivery.objects.sendable(self._clock()).filter(webhook=self._webhook)
        return list(due.select_related("change").order_by("due_at", "id")[:PARALLEL])

    def _send(self, batch: list[WebhookDelivery]) -> list[bool]:
        """Send the messages side by side and record each attempt as it ends; which were accepted."""
        with ThreadPoolExecutor(PARALLEL) as pool:
            attempts = [pool.submit(self._attempt, delivery, self._body(delivery)) for delivery in batch]
            return [self._record(attempt.result()) for attempt in as_completed(attempts)]

    def _body(self, delivery: WebhookDelivery) -> str | None:
        """None when a program error keeps it from being made: that message must not hold up the others."""
        try:
            return message.body(delivery, self._webhook)
        except OperationalError:
            raise
        except Exception:
            logger.exception("the message %s cannot be made", delivery)
            return None

    def _attempt(self, delivery: WebhookDelivery, body: str | None) -> _Made:
        """In a thread of its own, which must not touch the database."""
        began = self._clock()
        try:
            answer = _BROKEN if body is None else self._post(delivery.message, body, began)
        except Exception:
            logger.exception("the message %s cannot be sent", delivery)
            answer = _BROKEN
        return _Made(delivery, began, answer)

    def _post(self, message_id: str, body: str, moment: datetime) -> Answer:
        headers = signing.headers(self._webhook.secrets(moment), message_id, moment, body)
        return self._courier.post(self._webhook.url, headers, body.encode())

    def _record(self, made: _Made) -> bool:
        """Whether it was accepted; what it means for the webhook as a whole is decided in a transaction of its own.

        That one holds the feed's numbers first, as whatever stops or resumes a webhook does.
        """
        answer = made.answer
        state = self._record_attempt(made)
        if answer.status == GONE:
            stopping.gone(self._webhook, self._clock())
        elif state == WebhookDelivery.State.FAILED:
            now = self._clock()
            stopping.failing(self._webhook, since=now - DISABLE_AFTER, now=now)
        return answer.accepted

    def _record_attempt(self, made: _Made) -> str:
        """The attempt, what becomes of the delivery, and how the receiver is doing: together or not at all."""
        answer = made.answer
        with transaction.atomic():
            if answer.accepted:
                self._write(failing_since=None, failures=0, resting_until=None)
            else:
                self._write(failing_since=Coalesce("failing_since", Value(made.began_at)))
            WebhookAttempt.objects.create(
                delivery=made.delivery, began_at=made.began_at, milliseconds=answer.milliseconds, status=answer.status,
                trouble=answer.trouble, detail=answer.detail, answer=answer.text,
            )  # fmt: skip
            return _conclude(made, self._clock())

    def _rest(self) -> None:
        """Nothing of a batch was accepted: leave the receiver alone for a while."""
        failures = self._webhook.failures + 1
        self._write(failures=failures, resting_until=self._clock() + backoff.rest(failures, random()))

    def _write(self, **columns: Any) -> None:
        """
        :raises LeaseLost: another worker has the webhook now, or it is deleted.
        """
        mine = Webhook.objects.filter(pk=self._webhook.pk, turn=self._number)
        if not mine.update(**columns):
            raise LeaseLost(f"{self._webhook} is no longer this worker's")


def _conclude(made: _Made, now: datetime) -> str:
    """Write what becomes of the delivery, and return its state."""
    delivery = made.delivery
    delivery.tries += 1
    delivery.first_tried_at = delivery.first_tried_at or made.began_at
    again = None if made.answer.accepted else _next(delivery, now)
    if again:
        delivery.due_at = again
    else:
        delivery.state = WebhookDelivery.State.DELIVERED if made.answer.accepted else WebhookDelivery.State.FAILED
        delivery.ended_at = now
    delivery.save(update_fields=["tries", "first_tried_at", "due_at", "state", "ended_at"])
    return delivery.state


def _next(delivery: WebhookDelivery, now: datetime) -> datetime | None:
    """When to try again; a test is tried once."""
    if delivery.type == WebhookDelivery.TEST or delivery.first_tried_at is None:
        return None
    return backoff.next_attempt(first=delivery.first_tried_at, tries=delivery.tries, now=now, chance=random())
