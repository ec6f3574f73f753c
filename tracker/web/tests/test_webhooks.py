"""The pages of who is signed in: webhooks made, changed, tested and read without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.delivery.webhooks import stopping
from tracker.delivery.webhooks.models import Webhook
from tracker.delivery.webhooks.tests.factories import NOW, deliver, publish_parks, webhook
from tracker.delivery.webhooks.tests.receiver import Receiver, fails, is_gone, serving
from tracker.jobs import services as jobs
from tracker.jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tracker.web.tests.addresses")]

LIST = "/account/webhooks/"
ASKED: dict[str, Any] = {"name": "园区数据库", "url": "https://8.8.8.8/hook"}


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    with serving() as found:
        yield found


@pytest.fixture
def partner(db: None) -> User:
    factories.ensure_world()
    return factories.user("partner", Role.API_PARTNER)


@pytest.fixture
def signed_in(partner: User) -> Client:
    return client_of(partner)


@pytest.fixture
def hook(partner: User, receiver: Receiver) -> Webhook:
    return webhook(partner, receiver.url)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown_secret(answer: Any) -> str:
    found = re.search(r">(whsec_[\w+/=]+)<", answer.content.decode())
    assert found, "no secret is shown"
    return found[1]


def test_the_pages_are_for_who_is_signed_in(hook: Webhook) -> None:
    for address in (LIST, f"{LIST}{hook.key}/"):
        assert Client().get(address).headers["Location"].startswith("/account/login/")


def test_a_webhook_is_made_and_its_secret_shown_once(signed_in: Client, partner: User) -> None:
    asked = {**ASKED, "kinds": ["park"], "places": "320100", "natures": ["new", "world"], "changed": "areas",
             "include_document": "on"}  # fmt: skip
    answer = signed_in.post(LIST, asked)
    made = Webhook.objects.get(owner=partner)
    secret = shown_secret(answer)
    assert secret == made.secret
    assert made.interest == {"place": ["320100"], "kind": ["park"], "field": ["/areas"], "nature": ["new", "world"]}
    assert made.include_document
    assert "no-store" in answer.headers["Cache-Control"]
    for address in (LIST, f"{LIST}{made.key}/"):
        text = signed_in.get(address).content.decode()
        assert secret not in text
        assert "南京市" in text


@pytest.mark.parametrize(("wrong", "field", "said"), [
    ({"name": ""}, "e-name", ""),
    ({"url": ""}, "e-url", ""),
    ({"url": "https://10.0.0.1/"}, "e-url", "不是公网地址"),
    ({"url": "https://[::1]/"}, "e-url", "不是公网地址"),
    ({"url": "http://8.8.8.8/"}, "e-url", "https://"),
    ({"url": "https://2130706433/"}, "e-url", "IP"),
    ({"places": "320100 999999"}, "e-places", "999999"),
    ({"changed": "areas colour"}, "e-changed", "colour"),
])  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(signed_in: Client, wrong: Any, field: str,
                                                                          said: str) -> None:  # fmt: skip
    answer = signed_in.post(LIST, {**ASKED, "natures": ["world"], **wrong})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert said in text.partition(f'id="{field}">')[2][:200]
    assert 'value="world" checked' in text
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("wrong", [{"kinds": ["castle"]}, {"natures": ["nice"]}, {"name": "x" * 81}, {"name": "a\0b"},
                                   {"url": "https://8.8.8.8/" + "x" * 500}])  # fmt: skip
def test_a_form_that_is_wrong_makes_nothing(signed_in: Client, wrong: Any) -> None:
    assert signed_in.post(LIST, {**ASKED, **wrong}).status_code == 400
    assert not Webhook.objects.exists()


def test_an_account_without_a_role_is_told_whom_to_ask(db: None) -> None:
    client = client_of(factories.user("nobody"))
    assert "主编" in client.get(LIST).content.decode()
    assert client.post(LIST, ASKED).status_code == 400


def test_the_webhooks_of_others_are_not_there(hook: Webhook) -> None:
    publish_parks(1)
    stranger = client_of(factories.user("other", Role.CHIEF_EDITOR))
    message = hook.deliveries.get().message
    assert hook.key not in stranger.get(LIST).content.decode()
    for address in ("", f"{message}/"):
        assert stranger.get(f"{LIST}{hook.key}/{address}").status_code == 404
    for move in ("change", "secret", "test", "pause", "resume", "redeliver", "delete", f"{message}/redeliver"):
        assert stranger.post(f"{LIST}{hook.key}/{move}/", ASKED).status_code == 404
    assert Webhook.objects.get().secret == hook.secret


def test_moves_are_posted_with_a_token_of_the_form(hook: Webhook, partner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(partner)
    for move in ("change", "secret", "test", "pause", "resume", "redeliver", "delete"):
        assert client.post(f"{LIST}{hook.key}/{move}/", ASKED).status_code == 403
        assert client.get(f"{LIST}{hook.key}/{move}/").status_code == (405 if move == "delete" else 302)
    assert Webhook.objects.get().state == Webhook.State.ACTIVE


def test_a_webhook_is_changed_and_the_form_shows_what_it_is(signed_in: Client, hook: Webhook) -> None:
    asked = {**ASKED, "kinds": ["park"], "changed": "areas"}
    answer = signed_in.post(f"{LIST}{hook.key}/change/", asked, follow=True)
    text = answer.content.decode()
    assert 'value="https://8.8.8.8/hook"' in text
    assert 'value="park" checked' in text
    assert 'value="/areas"' in text
    refused = signed_in.post(f"{LIST}{hook.key}/change/", {**asked, "url": "https://127.0.0.9/"})
    assert refused.status_code == 400
    assert 'value="https://127.0.0.9/"' in refused.content.decode()
    assert Webhook.objects.get().url == "https://8.8.8.8/hook"


def test_a_secret_is_rotated_with_an_overlap_and_shown_once(signed_in: Client, hook: Webhook) -> None:
    answer = signed_in.post(f"{LIST}{hook.key}/secret/", {"overlap": "168"})
    assert shown_secret(answer) == Webhook.objects.get().secret != hook.secret
    assert "旧密钥有效至" in answer.content.decode()
    assert signed_in.post(f"{LIST}{hook.key}/secret/", {"overlap": "9999"}).status_code == 400


def test_a_test_leads_to_its_fate(signed_in: Client, hook: Webhook) -> None:
    answer = signed_in.post(f"{LIST}{hook.key}/test/", follow=True)
    assert "还没有尝试" in answer.content.decode()
    deliver(hook, timezone.now())
    text = signed_in.get(answer.redirect_chain[-1][0]).content.decode()
    assert "已送达" in text
    assert "thanks" in text


def test_the_log_lists_deliveries_with_the_last_answer_and_can_be_filtered(signed_in: Client, hook: Webhook,
                                                                           receiver: Receiver) -> None:  # fmt: skip
    receiver.answer = fails
    [number] = publish_parks(1)
    deliver(hook)
    page = f"{LIST}{hook.key}/"
    text = signed_in.get(page).content.decode()
    assert f">{number}</td>" in text
    assert "园区 0号园" in text
    assert "<td>500</td>" in text
    assert "持续失败自" in text
    assert "0号园" not in signed_in.get(f"{page}?state=delivered").content.decode()
    assert signed_in.get(f"{page}?state=lost").status_code == 400
    assert signed_in.get(f"{page}?cursor=x").status_code == 400


def test_a_long_log_is_read_page_by_page_at_the_same_few_queries(
    signed_in: Client, hook: Webhook, django_assert_max_num_queries: Any
) -> None:
    publish_parks(60)
    with django_assert_max_num_queries(12):
        text = signed_in.get(f"{LIST}{hook.key}/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', text)
    assert following
    second = signed_in.get(following[1].replace("&amp;", "&")).content.decode()
    assert "园区 0号园" in second
    assert "59号园" not in second


def test_why_a_webhook_was_disabled_is_said_and_it_is_resumed(signed_in: Client, hook: Webhook,
                                                              receiver: Receiver) -> None:  # fmt: skip
    receiver.answer = is_gone
    publish_parks(1)
    deliver(hook)
    page = f"{LIST}{hook.key}/"
    assert "接收端答复410，已停用" in signed_in.get(page).content.decode()
    assert "接收端已撤销" in signed_in.get(LIST).content.decode()
    signed_in.post(f"{page}resume/")
    assert Webhook.objects.get().state == Webhook.State.ACTIVE
    assert signed_in.post(f"{page}resume/").status_code == 400


def test_a_webhook_is_paused_and_what_was_missed_sent_after_all(signed_in: Client, hook: Webhook,
                                                                receiver: Receiver) -> None:  # fmt: skip
    page = f"{LIST}{hook.key}/"
    signed_in.post(f"{page}pause/")
    missed = publish_parks(2)
    signed_in.post(f"{page}resume/")
    stopped_after = Webhook.objects.get().stopped_after
    assert f'name="after" inputmode="numeric" required value="{stopped_after}"' in signed_in.get(page).content.decode()
    answer = signed_in.post(f"{page}redeliver/", {"after": str(stopped_after)})
    assert "正在重新列入" in answer.content.decode()
    jobs.run(Job.objects.get().pk)
    deliver(hook, timezone.now() + timedelta(hours=1))
    assert sorted(receiver.seqs) == missed


@pytest.mark.parametrize("after", ["", "x", "-1", "999999999", "1" * 40])
def test_a_number_that_is_none_is_refused_beside_its_field(signed_in: Client, hook: Webhook, after: str) -> None:
    answer = signed_in.post(f"{LIST}{hook.key}/redeliver/", {"after": after})
    assert answer.status_code == 400
    assert 'id="e-after"' in answer.content.decode()


def test_one_delivery_is_sent_again(signed_in: Client, hook: Webhook, receiver: Receiver) -> None:
    publish_parks(1)
    deliver(hook)
    address = f"{LIST}{hook.key}/{hook.deliveries.get().message}/"
    signed_in.post(f"{address}redeliver/")
    deliver(hook, timezone.now() + timedelta(hours=1))
    assert len(receiver.received) == 2


def test_a_blocked_webhook_offers_nothing_but_the_reason(signed_in: Client, hook: Webhook) -> None:
    chief = factories.user("zhubian", Role.CHIEF_EDITOR)
    stopping.block(actor=chief, webhook=hook, reason="接收端不明", now=NOW)
    text = signed_in.get(f"{LIST}{hook.key}/").content.decode()
    assert "接收端不明" in text
    assert "/test/" not in text
    assert "/resume/" not in text
    assert signed_in.post(f"{LIST}{hook.key}/test/").status_code == 400
    assert signed_in.post(f"{LIST}{hook.key}/resume/").status_code == 400


def test_a_webhook_is_deleted(signed_in: Client, hook: Webhook) -> None:
    assert signed_in.post(f"{LIST}{hook.key}/delete/").headers["Location"] == LIST
    assert not Webhook.objects.exists()


def test_what_a_receiver_answers_is_only_text(signed_in: Client, hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = lambda handler: handler.reply(500, b"<script>alert(1)</script>")
    publish_parks(1)
    deliver(hook)
    text = signed_in.get(f"{LIST}{hook.key}/{hook.deliveries.get().message}/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
