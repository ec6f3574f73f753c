"""Sending again: one message, or everything since a number, whether it was listed before or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tracker.accounts.models import User
from tracker.delivery import feed
from tracker.delivery.interest import Interest
from tracker.entries.models import Change
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.jobs.progress import Progress
from tracker.values.errors import Invalid, Refused

from . import outbox
from .models import Webhook, WebhookDelivery

REDELIVER = "webhooks-redeliver"
"""Name of the job."""
STEP = 1000
"""Feed numbers gone through in one transaction."""


@transaction.atomic
def one(*, actor: User, delivery: WebhookDelivery, now: datetime) -> WebhookDelivery:
    """Have a message sent again under its old id, however it ended.

    :raises Refused: the webhook is another's or stopped.
    """
    _refuse(actor, delivery.webhook)
    _make_due(WebhookDelivery.objects.filter(pk=delivery.pk), now)
    outbox.tell_after_commit()
    return WebhookDelivery.objects.get(pk=delivery.pk)


def since(*, actor: User, webhook: Webhook, after: int, now: datetime) -> Job:
    """Have every change after a number that is of interest sent again; what was never listed is listed now.

    :raises Refused: the webhook is another's or stopped.
    :raises Invalid: a number that the feed has not reached.
    """
    last = feed.last_number()
    if not 0 <= after <= last:
        raise Invalid(f"编号须在 0 与 {last} 之间 must be a feed number from 0 to {last}",
                      [("after", f"0 – {last}")])  # fmt: skip
    with transaction.atomic():
        _refuse(actor, webhook)
        arguments = {"webhook": webhook.pk, "after": after, "to": last}
        return jobs.enqueue(actor=actor, name=REDELIVER, arguments=arguments, now=now)


def _refuse(actor: User, webhook: Webhook) -> None:
    locked = Webhook.objects.of(actor).select_for_update(no_key=True).filter(pk=webhook.pk).first()
    if locked is None:
        raise Refused("只有所有者能补投 only its owner has messages sent again")
    if locked.state != Webhook.State.ACTIVE:
        raise Refused("订阅已停，请先恢复 the webhook is stopped: resume it first")


def redeliver(*, actor: User | None, arguments: dict[str, Any], progress: Progress) -> str:
    """The job: go through the feed from ``after`` up to ``to``, a step at a time."""
    begin, end = arguments["after"], arguments["to"]
    for start in range(progress.cursor.get("next", begin), end, STEP):
        stop = min(start + STEP, end)
        with transaction.atomic():
            progress.step(stop - begin, end - begin, cursor={"next": stop})
            webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=arguments["webhook"]).first()
            if webhook is None:
                raise Refused("订阅已删除 the webhook was deleted")
            _list_again(webhook, Change.objects.filter(seq__gt=start, seq__lte=stop), timezone.now())
    return f"changes {begin + 1} to {end} are listed again"


def _list_again(webhook: Webhook, changes: QuerySet[Change], now: datetime) -> None:
    wanted = Interest.recall(webhook.interest).followed().narrow(changes)
    _make_due(webhook.deliveries.filter(change__in=wanted.values("pk")), now)
    outbox.enlist(webhook, changes, now)
    outbox.tell_after_commit()


def _make_due(deliveries: QuerySet[WebhookDelivery], now: datetime) -> None:
    deliveries.update(state=WebhookDelivery.State.PENDING, due_at=now, tries=0, first_tried_at=None, ended_at=None)
