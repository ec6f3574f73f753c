"""Several publish, subscribe and deliver at once: only PostgreSQL lets them, so only there can it go wrong."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from tracker.accounts.models import User
from tracker.curation.tests.turmoil import at_once
from tracker.delivery.webhooks import subscribing, turns
from tracker.delivery.webhooks.models import Webhook, WebhookAttempt
from tracker.entries.models import Change

from .factories import NOW, publish_parks, webhook
from .receiver import Receiver

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ANYWHERE = "https://8.8.8.8/hook"
WRITERS = 3
EACH = 10


@pytest.fixture(autouse=True)
def on_postgres() -> None:
    assert connection.vendor == "postgresql", "these tests prove something only on PostgreSQL: set DATABASE_URL"


def write(writer: int) -> None:
    for number in range(EACH):
        publish_parks(1, start=100 * writer + number)


def test_a_webhook_made_while_others_publish_misses_nothing_after_its_number(owner: User) -> None:
    def subscribe() -> None:
        for _ in range(8):
            webhook(owner, ANYWHERE)

    assert at_once(*(partial(write, writer) for writer in range(WRITERS)), subscribe) == []
    for hook in Webhook.objects.all():
        later = Change.objects.filter(seq__gt=hook.after).order_by("seq").values_list("seq", flat=True)
        assert list(hook.deliveries.order_by("change_id").values_list("change_id", flat=True)) == list(later)


def test_pausing_and_resuming_while_others_publish_says_exactly_what_was_missed(owner: User) -> None:
    hook = webhook(owner, ANYWHERE)
    missed: set[int] = set()

    def stop_and_go() -> None:
        for _ in range(8):
            subscribing.pause(actor=owner, webhook=hook)
            resumed = subscribing.resume(actor=owner, webhook=hook)
            missed.update(range((resumed.stopped_after or 0) + 1, resumed.after + 1))

    assert at_once(*(partial(write, writer) for writer in range(WRITERS)), stop_and_go) == []
    later = set(Change.objects.filter(seq__gt=hook.after).values_list("seq", flat=True))
    assert set(hook.deliveries.values_list("change_id", flat=True)) == later - missed


def test_deleting_webhooks_while_others_publish_troubles_nobody(owner: User) -> None:
    def come_and_go() -> None:
        for _ in range(8):
            subscribing.delete(actor=owner, webhook=webhook(owner, ANYWHERE))

    assert at_once(*(partial(write, writer) for writer in range(WRITERS)), come_and_go) == []
    assert not Webhook.objects.exists()


def test_workers_that_all_hear_of_one_webhook_send_each_message_once(owner: User, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url)
    numbers = publish_parks(40)
    hook.deliveries.update(due_at=NOW)
    assert at_once(*[partial(turns.run, hook.pk, clock=lambda: NOW)] * 4) == []
    assert sorted(receiver.seqs) == numbers
    assert WebhookAttempt.objects.count() == 40
