"""Webhooks over REST: every answer held to the contract, everything wrong refused by name, nothing of another's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tracker.accounts import tokens
from tracker.accounts.models import Scope, User
from tracker.delivery.webhooks import subscribing
from tracker.delivery.webhooks.models import Webhook, WebhookDelivery
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.testing.api import send

from . import receiver as behaviour
from .factories import NOW, deliver, last_number, publish_parks, reread, webhook
from .receiver import Receiver

ANYWHERE = "https://8.8.8.8/hook"


def token_of(user: User, *scopes: Scope, **limits: Any) -> str:
    return tokens.create(actor=user, name="推送", scopes=scopes or [Scope.WEBHOOKS], now=timezone.now(), **limits).text


@pytest.fixture
def token(owner: User) -> str:
    return token_of(owner)


@pytest.fixture
def hook(owner: User) -> Webhook:
    return webhook(owner, ANYWHERE)


def wrong(answer: Any) -> dict[str, str]:
    return {error["name"]: error["message"] for error in answer["errors"]}


def wish(**details: Any) -> dict[str, Any]:
    return {"name": "数据仓库", "url": ANYWHERE, **details}


def test_a_webhook_is_made_and_its_secret_shown_once(token: str, owner: User) -> None:
    asked = wish(filters={"place": ["320100"], "kind": ["park"]}, include_document=True)
    made = send("POST", "webhooks/", 201, token=token, body=asked)
    assert made["secret"].startswith("whsec_")
    assert (made["filters"], made["include_document"]) == (asked["filters"], True)
    assert (made["state"], made["after"], made["notices"]) == ("active", last_number(), [])
    for path in ("webhooks/", f"webhooks/{made['key']}/"):
        assert made["secret"] not in str(send("GET", path, 200, token=token))
    assert Webhook.objects.get(key=made["key"]).owner == owner


def test_a_new_webhook_says_where_it_is(token: str) -> None:
    answer = Client().post(
        "/api/v1/webhooks/", wish(), "application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer["Location"] == f"/api/v1/webhooks/{answer.json()['key']}/"
    assert answer["Cache-Control"] == "no-store"


def test_only_what_is_said_is_changed(token: str, hook: Webhook) -> None:
    path = f"webhooks/{hook.key}/"
    assert send("PATCH", path, 200, token=token, body={"name": "另一个"})["name"] == "另一个"
    changed = send("PATCH", path, 200, token=token, body={"filters": {"nature": ["new"]}})
    assert (changed["name"], changed["url"], changed["filters"]) == ("另一个", ANYWHERE, {"nature": ["new"]})
    assert reread(hook).secret == hook.secret


def test_a_webhook_is_paused_resumed_and_deleted(token: str, hook: Webhook) -> None:
    path = f"webhooks/{hook.key}/"
    paused = send("POST", f"{path}pause/", 200, token=token)
    assert (paused["state"], paused["stopped_after"]) == ("paused", last_number())
    assert send("POST", f"{path}pause/", 403, token=token)["title"] == "不允许 Not allowed"
    assert send("POST", f"{path}resume/", 200, token=token)["state"] == "active"
    send("DELETE", path, 204, token=token)
    send("GET", path, 404, token=token)


def test_a_secret_is_rotated_with_an_overlap(token: str, hook: Webhook) -> None:
    path = f"webhooks/{hook.key}/rotate-secret/"
    rotated = send("POST", path, 200, token=token, body={"overlap_hours": 48})
    assert rotated["secret"] == reread(hook).secret != hook.secret
    assert rotated["former_secret_until"]
    assert send("POST", path, 200, token=token, body={"overlap_hours": 0})["former_secret_until"] is None
    assert "overlap_hours" in wrong(send("POST", path, 400, token=token, body={"overlap_hours": 721}))


def test_a_test_message_is_asked_for_and_its_fate_read(owner: User, token: str, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url)
    asked = send("POST", f"webhooks/{hook.key}/test/", 202, token=token)
    assert (asked["type"], asked["state"], asked["seq"]) == ("test", "pending", None)
    deliver(hook)
    [attempt] = send("GET", f"webhooks/{hook.key}/deliveries/{asked['message']}/", 200, token=token)["attempts"]
    assert (attempt["status"], attempt["trouble"], attempt["answer"]) == (200, None, "thanks")


def test_the_log_names_every_delivery_newest_first_with_its_attempts(owner: User, token: str,
                                                                     receiver: Receiver) -> None:  # fmt: skip
    hook = webhook(owner, receiver.url)
    receiver.answer = behaviour.fails
    numbers = publish_parks(5)
    deliver(hook)
    page = send("GET", f"webhooks/{hook.key}/deliveries/?page_size=2", 200, token=token)
    rows = page["results"]
    while page["next"]:
        page = send("GET", page["next"].removeprefix("/api/v1/"), 200, token=token)
        rows += page["results"]
    assert [row["seq"] for row in rows] == numbers[::-1]
    assert (rows[0]["kind"], rows[0]["key"], rows[0]["state"]) == ("park", "park-4", "pending")
    assert [attempt["trouble"] for attempt in rows[0]["attempts"]] == ["status"]
    assert send("GET", f"webhooks/{hook.key}/deliveries/?state=delivered", 200, token=token)["results"] == []


def test_the_log_costs_the_same_few_queries_however_long_it_is(owner: User, token: str,
                                                               django_assert_max_num_queries: Any) -> None:  # fmt: skip
    hook = webhook(owner, ANYWHERE)
    publish_parks(30)
    with django_assert_max_num_queries(6):  # token, webhooks with notices, deliveries with attempts
        send("GET", f"webhooks/{hook.key}/deliveries/", 200, token=token)


def test_one_message_is_sent_again(owner: User, token: str, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url)
    publish_parks(1)
    deliver(hook)
    path = f"webhooks/{hook.key}/deliveries/{hook.deliveries.get().message}/"
    assert send("GET", path, 200, token=token)["state"] == "delivered"
    assert send("POST", f"{path}redeliver/", 202, token=token)["state"] == "pending"


def test_everything_since_a_number_is_sent_again(owner: User, token: str) -> None:
    numbers = publish_parks(3)
    hook = webhook(owner, ANYWHERE)
    path = f"webhooks/{hook.key}/redeliver/"
    assert send("POST", path, 202, token=token, body={"after": numbers[0]}) == {"after": numbers[0], "to": numbers[-1]}
    jobs.run(Job.objects.get().pk)
    assert list(hook.deliveries.order_by("id").values_list("change_id", flat=True)) == numbers[1:]
    assert "after" in wrong(send("POST", path, 400, token=token, body={"after": 10**9}))
    assert "after" in wrong(send("POST", path, 400, token=token, body={"after": -1}))
    assert "after" in wrong(send("POST", path, 400, token=token, body={}))


# --- who may --------------------------------------------------------------------------------------------------------

MOVES = [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "rotate-secret/"), ("POST", "test/"), ("POST", "pause/"),
         ("POST", "resume/"), ("POST", "redeliver/"), ("GET", "deliveries/"), ("GET", "deliveries/{message}/"),
         ("POST", "deliveries/{message}/redeliver/")]  # fmt: skip


def addresses(hook: Webhook) -> list[tuple[str, str]]:
    publish_parks(1)
    message = hook.deliveries.get().message
    return [(method, f"webhooks/{hook.key}/{rest.format(message=message)}") for method, rest in MOVES]


def body_of(method: str) -> Any:
    return None if method == "GET" else {}


def test_without_a_token_or_with_one_for_something_else_nothing_is_answered(owner: User, hook: Webhook) -> None:
    reading = token_of(owner, Scope.READ)
    for method, path in [*addresses(hook), ("GET", "webhooks/"), ("POST", "webhooks/")]:
        send(method, path, 401, body=body_of(method))
        send(method, path, 401, token="cat_k3m9x2pd_wrong", body=body_of(method))
        answer = send(method, path, 403, token=reading, body=body_of(method))
        assert "webhooks" in answer["detail"]
    assert reread(hook).state == Webhook.State.ACTIVE


def test_what_is_anothers_is_not_there(hook: Webhook, other: User, chief: User) -> None:
    for stranger in (other, chief):
        token = token_of(stranger)
        for method, path in addresses(hook) if stranger == other else [("GET", f"webhooks/{hook.key}/")]:
            send(method, path, 404, token=token, body=body_of(method))
        assert send("GET", "webhooks/", 200, token=token)["results"] == []
    assert reread(hook).secret == hook.secret


@pytest.mark.parametrize(("limits", "filters", "allowed"), [
    ({"kinds": ["park"]}, {"kind": ["park"]}, True),
    ({"kinds": ["park"]}, {"kind": ["park"], "place": ["320100"]}, True),
    ({"kinds": ["park"]}, {}, False),
    ({"kinds": ["park"]}, {"kind": ["park", "policy"]}, False),
    ({"places": ["320000"]}, {"place": ["320000"]}, True),
    ({"places": ["320000"]}, {"place": ["320100"]}, True),
    ({"places": ["320100"]}, {"place": ["320000"]}, False),
    ({"places": ["320100"]}, {"kind": ["park"]}, False),
])  # fmt: skip
def test_a_limited_token_subscribes_to_nothing_beyond_its_limits(owner: User, limits: Any, filters: Any,
                                                                 allowed: bool) -> None:  # fmt: skip
    token = token_of(owner, **limits)
    send("POST", "webhooks/", 201 if allowed else 403, token=token, body=wish(filters=filters))
    assert Webhook.objects.count() == allowed


def test_a_limited_token_does_not_reach_a_wider_webhook_of_its_own_holder(owner: User, hook: Webhook) -> None:
    token = token_of(owner, kinds=["park"])
    for method, path in addresses(hook):
        send(method, path, 404, token=token, body=body_of(method))
    assert send("GET", "webhooks/", 200, token=token)["results"] == []


def test_a_limited_token_widens_nothing(owner: User) -> None:
    token = token_of(owner, kinds=["park"])
    made = send("POST", "webhooks/", 201, token=token, body=wish(filters={"kind": ["park"]}))
    send("PATCH", f"webhooks/{made['key']}/", 403, token=token, body={"filters": {}})


# --- what is wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("details", "name", "message"), [
    ({"url": "https://10.0.0.1/"}, "url", "not a public address"),
    ({"url": "https://[::ffff:127.0.0.1]/"}, "url", "not a public address"),
    ({"url": "https://169.254.169.254/latest/"}, "url", "not a public address"),
    ({"url": "https://2130706433/"}, "url", "not an IP address in its ordinary form"),
    ({"url": "https://localhost/"}, "url", "not a public address"),
    ({"url": "http://8.8.8.8/"}, "url", "plain http"),
    ({"url": "https://8.8.8.8:22/"}, "url", "port"),
    ({"url": "https://u:p@8.8.8.8/"}, "url", "user name"),
    ({"url": 7}, "url", "not of type 'string'"),
    ({"url": "https://8.8.8.8/" + "x" * 500}, "url", "too long"),
    ({"name": ""}, "name", "non-empty"),
    ({"name": "   "}, "name", "1 to 80"),
    ({"name": "x" * 81}, "name", "too long"),
    ({"name": None}, "name", "not of type"),
    ({"urll": "x"}, "urll", "did you mean url?"),
    ({"include_document": "yes"}, "include_document", "not of type 'boolean'"),
    ({"filters": []}, "filters", "not of type 'object'"),
    ({"filters": {"places": ["320100"]}}, "filters/places", "did you mean place?"),
    ({"filters": {"place": "320100"}}, "filters/place", "not of type 'array'"),
    ({"filters": {"place": [320100]}}, "filters/place/0", "not of type 'string'"),
    ({"filters": {"place": ["999999"]}}, "place", "there is no place"),
    ({"filters": {"kind": ["castle"]}}, "kind", "castle"),
    ({"filters": {"nature": ["nice"]}}, "nature", "nice"),
    ({"filters": {"field": ["colour"]}}, "field", "colour"),
    ({"secret": "whsec_mine"}, "secret", "unknown member"),
])  # fmt: skip
def test_what_is_wrong_with_a_wish_is_named(token: str, details: Any, name: str, message: str) -> None:
    errors = wrong(send("POST", "webhooks/", 400, token=token, body=wish(**details)))
    assert message in errors[name], errors
    assert not Webhook.objects.exists()


def test_what_is_missing_is_named(token: str) -> None:
    errors = wrong(send("POST", "webhooks/", 400, token=token, body={}))
    assert errors == {"name": "is missing", "url": "is missing"}


@pytest.mark.parametrize(("raw", "code"), [
    (b"", 400), (b"{", 400), (b"null", 400), (b"[]", 400), (b"7", 400), (b'{"name": "\xff\xfe"}', 400),
    (b'{"name": "a\\u0000", "url": "https://8.8.8.8/"}', 400), (b'{"name": "\\ud800", "url": "https://8.8.8.8/"}', 400),
    (b'{"name": NaN, "url": ""}', 400), (b"[" * 60_000, 400), (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
    (b'{"name": "' + b"x" * 70_000 + b'"}', 413), (b"[" * 10_000_000, 413), (b"1" * 5_000, 400),
])  # fmt: skip
def test_a_body_that_is_no_small_json_object_is_refused(token: str, raw: bytes, code: int) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    answer = Client().post("/api/v1/webhooks/", raw, "application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (code, "application/problem+json"), answer.content[:200]
    assert not Webhook.objects.exists()


def test_a_body_of_another_sort_is_refused(token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    answer = Client().post("/api/v1/webhooks/", wish(), headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


def test_unknown_parameters_and_methods_are_refused(token: str, hook: Webhook) -> None:
    assert "sate" in wrong(send("GET", f"webhooks/{hook.key}/deliveries/?sate=failed", 400, token=token))
    assert "state" in wrong(send("GET", f"webhooks/{hook.key}/deliveries/?state=lost", 400, token=token))
    assert "cursor" in wrong(send("GET", f"webhooks/{hook.key}/deliveries/?cursor=x", 400, token=token))
    assert "a" in wrong(send("GET", "webhooks/?a=1", 400, token=token))
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().put(f"/api/v1/webhooks/{hook.key}/", {}, "application/json", headers=headers).status_code == 405


def test_a_cursor_of_one_log_does_not_open_another(owner: User, token: str) -> None:
    first, second = webhook(owner, ANYWHERE), webhook(owner, ANYWHERE)
    publish_parks(3)
    page = send("GET", f"webhooks/{first.key}/deliveries/?page_size=1", 200, token=token)
    query = page["next"].partition("?")[2]
    assert "cursor" in wrong(send("GET", f"webhooks/{second.key}/deliveries/?{query}", 400, token=token))


def test_the_twenty_first_is_refused_with_its_reason(owner: User, token: str) -> None:
    for _ in range(subscribing.MOST):
        webhook(owner, ANYWHERE)
    assert "20" in send("POST", "webhooks/", 403, token=token, body=wish())["detail"]


def test_an_owner_reads_why_a_webhook_was_disabled(owner: User, token: str, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url)
    receiver.answer = behaviour.is_gone
    publish_parks(1)
    deliver(hook, NOW)
    found = send("GET", f"webhooks/{hook.key}/", 200, token=token)
    assert found["state"] == "gone"
    assert found["notices"] == [{"code": "gone", "recorded_at": "2026-11-20T08:00:00Z", "reason": None}]
    assert WebhookDelivery.objects.get().state == "pending"
