"""The body of a message, by the Standard Webhooks specification: ``{type, timestamp, data}``.

It is made when it is sent, of rows that never change; what is redacted meanwhile is not sent.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from tracker.delivery.changes import with_documents
from tracker.delivery.interest import Interest
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Change
from tracker.entries.rendering import url_of
from tracker.values import canonical

from .models import Webhook, WebhookDelivery


def body(delivery: WebhookDelivery, webhook: Webhook) -> str:
    """JSON: of a change its line of the feed with ``url`` and, by choice, ``document``; of a test who asked for it."""
    if delivery.change is None:
        return canonical.dumps_ordered(_envelope(delivery, delivery.created_at) | {"data": _test(webhook)})
    envelope = canonical.dumps_ordered(_envelope(delivery, delivery.change.recorded_at))
    return f'{envelope[:-1]},"data":{_change(delivery.change, webhook)}}}'


def _envelope(delivery: WebhookDelivery, moment: datetime) -> Json:
    return {"type": delivery.type, "timestamp": moment.isoformat(timespec="seconds").replace("+00:00", "Z")}


def _test(webhook: Webhook) -> Json:
    return {"webhook": webhook.key, "name": webhook.name}


def _change(change: Change, webhook: Webhook) -> str:
    places = Interest.recall(webhook.interest).followed().places
    [line] = with_documents([change], ["document"] if webhook.include_document else [], inside=places)
    url = f"{settings.SITE_URL}{url_of(kinds.get(change.kind), change.key)}"
    return f'{{"url":{canonical.dumps(url)},{line[1:]}'
