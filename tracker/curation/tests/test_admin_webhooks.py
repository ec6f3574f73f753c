"""Webhooks in the admin: editors look, the chief editor blocks, nobody sees a secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.delivery.interest import Interest
from tracker.delivery.webhooks.models import Webhook, WebhookAttempt
from tracker.delivery.webhooks.tests.factories import NOW, deliver, publish_parks, webhook

LIST = "/admin/tracker/webhook/"
LOG = "/admin/tracker/webhookdelivery/"


@pytest.fixture
def hook(world: None) -> Webhook:
    owner = factories.user("huoban", Role.API_PARTNER)
    return webhook(owner, "https://8.8.8.8/hook", interest=Interest(places=("320100",), kinds=("park",)))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(user: User, action: str, hook: Webhook, **details: str) -> str:
    asked = {"action": action, "_selected_action": [hook.pk], **details}
    return client_of(user).post(LIST, asked, follow=True).content.decode()


def test_an_editor_sees_every_webhook_and_no_secret(editor: User, hook: Webhook) -> None:
    for address in (LIST, f"{LIST}{hook.pk}/change/"):
        text = client_of(editor).get(address).content.decode()
        assert "https://8.8.8.8/hook" in text
        assert "320100；园区" in text
        assert hook.secret not in text


def test_an_editor_reads_the_log_with_every_attempt(editor: User, hook: Webhook, settings: Any) -> None:
    publish_parks(1)
    Webhook.objects.update(url="https://127.0.0.1/hook")
    deliver(hook)
    delivery = hook.deliveries.get()
    assert delivery.message in client_of(editor).get(LOG).content.decode()
    text = client_of(editor).get(f"{LOG}{delivery.pk}/change/").content.decode()
    assert "地址不可用" in text
    assert WebhookAttempt.objects.get().detail.partition("，")[0] in text


def test_a_list_of_many_costs_no_more_queries_than_one_of_one(editor: User, hook: Webhook) -> None:
    publish_parks(1)
    client = client_of(editor)
    before = [queries(client, address) for address in (LIST, LOG)]
    for _ in range(5):
        webhook(hook.owner, "https://8.8.8.8/")
    publish_parks(5, start=1)
    assert [queries(client, address) for address in (LIST, LOG)] == before


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_chief_editor_blocks_with_a_reason_that_is_shown_and_lifts_it(chief: User, hook: Webhook) -> None:
    assert "理由" in post(chief, "block", hook)
    assert Webhook.objects.get().state == Webhook.State.ACTIVE
    post(chief, "block", hook, reason="接收端不明")
    assert Webhook.objects.get().state == Webhook.State.BLOCKED
    text = client_of(chief).get(f"{LIST}{hook.pk}/change/").content.decode()
    assert "主编已停用" in text
    assert "接收端不明" in text
    post(chief, "unblock", hook)
    assert Webhook.objects.get().state == Webhook.State.PAUSED


def test_an_editor_blocks_nothing_and_a_contributor_sees_nothing(editor: User, contributor: User,
                                                                 hook: Webhook) -> None:  # fmt: skip
    post(editor, "block", hook, reason="x")
    assert Webhook.objects.get().state == Webhook.State.ACTIVE
    for address in (LIST, LOG, f"{LIST}{hook.pk}/change/"):
        assert client_of(contributor).get(address).status_code == 403


def test_nobody_adds_changes_or_deletes_by_hand(chief: User, hook: Webhook) -> None:
    client = client_of(chief)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{hook.pk}/change/", {"url": "https://10.0.0.1/"}).status_code == 403
    assert client.post(f"{LIST}{hook.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Webhook.objects.get().created_at == NOW
