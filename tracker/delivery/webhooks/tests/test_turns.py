"""A worker's turn against a real receiver that fails, hangs, redirects, closes early, never ends, and comes back."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

import pytest
from django.db import connection
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from tracker.accounts.models import User
from tracker.delivery.interest import Interest
from tracker.delivery.webhooks import configured, subscribing, turns
from tracker.delivery.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookNotice
from tracker.delivery.webhooks.trouble import Trouble
from tracker.entries.models import Change
from tracker.jobs.progress import LeaseLost
from tracker.testing.api import has_shape

from . import receiver as behaviour
from .factories import NOW, deliver, publish_parks, reread, webhook, wish
from .receiver import Answering, Received, Receiver

State = WebhookDelivery.State


def verified(received: Received, secret: str) -> object:
    """What the specification's own library reads of a message, at the time it says it was sent."""
    return Verifier(secret).verify(received.body, received.headers)


def states(of: Webhook) -> list[str]:
    return list(of.deliveries.order_by("id").values_list("state", flat=True))


@pytest.fixture
def hook(owner: User, receiver: Receiver) -> Webhook:
    return webhook(owner, receiver.url)


def test_each_change_arrives_once_with_its_number_and_is_logged(hook: Webhook, receiver: Receiver) -> None:
    numbers = publish_parks(20)
    deliver(hook)
    assert sorted(receiver.seqs) == numbers
    assert set(states(hook)) == {State.DELIVERED}
    attempts = WebhookAttempt.objects.filter(delivery__webhook=hook)
    assert attempts.count() == 20
    assert set(attempts.values_list("status", "trouble", "answer")) == {(200, "", "thanks")}
    assert {received.message for received in receiver.received} == set(
        hook.deliveries.values_list("message", flat=True)
    )


def test_a_message_says_what_changed_and_where_the_document_is(hook: Webhook, receiver: Receiver) -> None:
    [number] = publish_parks(1)
    deliver(hook)
    body = json.loads(receiver.received[0].body)
    change = hook.deliveries.get().change
    assert change
    assert (body["type"], body["timestamp"]) == ("change.published", _moment(change.recorded_at))
    data = body["data"]
    assert {name: data[name] for name in ("seq", "kind", "key", "nature", "action")} == {
        "seq": number, "kind": "park", "key": "park-0", "nature": "new", "action": "published"}  # fmt: skip
    assert data["url"] == "http://localhost:8000/api/v1/parks/park-0/"
    assert "/name" in data["changed_fields"]
    assert "document" not in data
    has_shape("WebhookMessage", body)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def test_the_document_comes_along_where_that_is_wanted(owner: User, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url, include_document=True)
    publish_parks(1)
    deliver(hook)
    assert receiver.received[0].data["document"]["name"] == "0号园"


def test_what_is_sent_verifies_and_while_a_secret_is_rotated_with_both(owner: User, receiver: Receiver) -> None:
    now = datetime.now(tz=NOW.tzinfo)  # the library compares with the time of day
    hook, first = subscribing.create(actor=owner, wish=wish(receiver.url), now=now)
    publish_parks(1)
    deliver(hook, now)
    assert verified(receiver.received[0], first)
    second = subscribing.rotate_secret(actor=owner, webhook=hook, now=now, overlap=timedelta(minutes=1)).secret
    publish_parks(1, start=1)
    deliver(hook, now)
    assert verified(receiver.received[1], first) == verified(receiver.received[1], second)
    publish_parks(1, start=2)
    deliver(hook, now + timedelta(minutes=1))
    assert verified(receiver.received[2], second)
    with pytest.raises(WebhookVerificationError):
        verified(receiver.received[2], first)


MISBEHAVIOUR = [
    (behaviour.fails, 500, Trouble.STATUS, "out of order"),
    (behaviour.hangs, None, Trouble.TIMEOUT, ""),
    (behaviour.drips_headers, None, Trouble.TIMEOUT, ""),
    (behaviour.redirects, 302, Trouble.REDIRECT, ""),
    (behaviour.closes_early, None, Trouble.CLOSED, ""),
    (behaviour.babbles, None, Trouble.CLOSED, ""),
]


@pytest.mark.parametrize(("how", "status", "trouble", "answer"), MISBEHAVIOUR)
def test_a_receiver_that_misbehaves_gets_the_message_again_when_it_comes_back(
    hook: Webhook, receiver: Receiver, how: Answering, status: int | None, trouble: Trouble, answer: str
) -> None:
    normal = receiver.answer
    [number] = publish_parks(1)
    receiver.answer = how
    deliver(hook)
    delivery = hook.deliveries.get()
    assert (delivery.state, delivery.tries, delivery.first_tried_at) == (State.PENDING, 1, NOW)
    receiver.answer = normal
    deliver(hook, NOW + timedelta(minutes=1))
    assert states(hook) == [State.DELIVERED]
    assert receiver.seqs == [number, number]
    assert len({received.message for received in receiver.received}) == 1
    logged = list(delivery.attempts.values_list("status", "trouble", "answer"))
    assert logged == [(status, trouble, answer), (200, "", "thanks")]


def test_nothing_is_sent_before_it_is_due(hook: Webhook, receiver: Receiver) -> None:
    publish_parks(1)
    receiver.answer = behaviour.fails
    deliver(hook)
    deliver(hook, NOW + timedelta(seconds=1))
    assert len(receiver.received) == 1


def live_through(hook: Webhook, until: datetime) -> None:
    """Take every turn that comes due up to a moment, each at its time, as the sweep would."""
    while moment := _next_turn(hook):
        if moment > until:
            return
        turns.run(hook.pk, clock=lambda at=moment: at)  # type: ignore[misc]


def _next_turn(hook: Webhook) -> datetime | None:
    if reread(hook).state != Webhook.State.ACTIVE:
        return None
    due = hook.deliveries.filter(state=State.PENDING).order_by("due_at").values_list("due_at", flat=True).first()
    resting = reread(hook).resting_until
    return max(due, resting) if due and resting else due


def test_a_message_is_tried_for_three_days_and_then_given_up(hook: Webhook, receiver: Receiver) -> None:
    publish_parks(1)
    hook.deliveries.update(due_at=NOW)
    receiver.answer = behaviour.fails
    live_through(hook, NOW + timedelta(days=30))
    delivery = hook.deliveries.get()
    assert delivery.state == State.FAILED
    assert delivery.ended_at
    assert timedelta(days=3) <= delivery.ended_at - NOW < timedelta(days=3, minutes=10)
    assert delivery.attempts.count() == len(receiver.received) == delivery.tries
    assert 15 <= delivery.tries <= 25
    assert {received.message for received in receiver.received} == {delivery.message}
    assert reread(hook).state == Webhook.State.ACTIVE  # three days are not five


def test_after_days_of_nothing_but_failures_a_webhook_is_disabled_and_its_owner_told(
    hook: Webhook, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answer = behaviour.fails
    [first] = publish_parks(1)
    hook.deliveries.update(due_at=NOW)
    live_through(hook, NOW + timedelta(days=2, hours=12))
    [second] = publish_parks(1, start=1)
    hook.deliveries.filter(change=second).update(due_at=NOW + timedelta(days=2, hours=12))
    with caplog.at_level(logging.WARNING, "tracker.delivery.webhooks"):
        live_through(hook, NOW + timedelta(days=30))
    disabled = reread(hook)
    assert (disabled.state, disabled.failing_since) == (Webhook.State.FAILING, NOW)
    assert disabled.stopped_after == second > first
    notice = WebhookNotice.objects.get(webhook=hook)
    assert notice.code == WebhookNotice.Code.FAILING
    assert NOW + timedelta(days=5) <= notice.recorded_at <= NOW + timedelta(days=6)
    assert f"webhook {hook} of huoban is stopped" in caplog.text


def test_one_message_accepted_in_days_of_failures_keeps_a_webhook_alive(hook: Webhook, receiver: Receiver) -> None:
    publish_parks(1)
    hook.deliveries.update(due_at=NOW)
    normal, receiver.answer = receiver.answer, behaviour.fails
    live_through(hook, NOW + timedelta(days=4))
    receiver.answer = normal
    publish_parks(1, start=1)
    deliver(hook, NOW + timedelta(days=4))
    assert reread(hook).failing_since is None
    receiver.answer = behaviour.fails
    publish_parks(1, start=2)
    hook.deliveries.filter(state=State.PENDING).update(due_at=NOW + timedelta(days=4))
    live_through(hook, NOW + timedelta(days=30))
    assert reread(hook).state == Webhook.State.ACTIVE
    assert not WebhookNotice.objects.exists()


def test_a_receiver_that_is_gone_is_written_to_no_more(hook: Webhook, receiver: Receiver) -> None:
    [number] = publish_parks(1)
    receiver.answer = behaviour.is_gone
    deliver(hook)
    publish_parks(1, start=1)
    deliver(hook, NOW + timedelta(days=1))
    assert len(receiver.received) == 1
    assert (reread(hook).state, reread(hook).stopped_after) == (Webhook.State.GONE, number)
    assert WebhookNotice.objects.get(webhook=hook).code == WebhookNotice.Code.GONE


def test_a_receiver_that_fails_is_left_alone_for_a_while(hook: Webhook, receiver: Receiver) -> None:
    numbers = publish_parks(turns.PARALLEL + 5)
    normal, receiver.answer = receiver.answer, behaviour.fails
    deliver(hook)
    assert len(receiver.received) == turns.PARALLEL
    assert not Webhook.objects.due(NOW + timedelta(seconds=1)).exists()
    receiver.answer = normal
    deliver(hook, NOW + timedelta(minutes=1))
    assert set(states(hook)) == {State.DELIVERED}
    assert set(receiver.seqs) == set(numbers)
    assert (reread(hook).failures, reread(hook).resting_until) == (0, None)


def test_one_message_that_is_refused_holds_up_no_other(hook: Webhook, receiver: Receiver) -> None:
    numbers = publish_parks(turns.PARALLEL * 2)

    def picky(handler: behaviour.Handler) -> None:
        handler.reply(422 if handler.got.data["seq"] == numbers[0] else 200)

    receiver.answer = picky
    deliver(hook)
    assert states(hook) == [State.PENDING] + [State.DELIVERED] * (len(numbers) - 1)


def test_a_webhook_that_leads_to_this_network_by_now_is_not_followed(hook: Webhook, receiver: Receiver,
                                                                     settings: object) -> None:  # fmt: skip
    publish_parks(1)
    settings.WEBHOOK_ALLOWED_HOSTS = []  # type: ignore[attr-defined]
    deliver(hook)
    assert receiver.received == []
    assert WebhookAttempt.objects.get().trouble == Trouble.ADDRESS


def test_a_test_is_signed_tried_once_and_no_change(hook: Webhook, owner: User, receiver: Receiver) -> None:
    test = subscribing.send_test(actor=owner, webhook=hook, now=NOW)
    receiver.answer = behaviour.fails
    deliver(hook)
    deliver(hook, NOW + timedelta(days=1))
    [received] = receiver.received
    assert json.loads(received.body)["type"] == "test"
    assert received.message == test.message
    assert states(hook) == [State.FAILED]


def test_a_test_goes_out_though_the_webhook_is_paused_and_nothing_else_does(hook: Webhook, owner: User,
                                                                            receiver: Receiver) -> None:  # fmt: skip
    publish_parks(1)
    subscribing.pause(actor=owner, webhook=hook)
    subscribing.send_test(actor=owner, webhook=hook, now=NOW)
    deliver(hook)
    assert [json.loads(received.body)["type"] for received in receiver.received] == ["test"]
    subscribing.resume(actor=owner, webhook=hook)
    deliver(hook)
    assert len(receiver.received) == 2


def test_a_webhook_that_another_worker_has_is_left_alone(hook: Webhook, receiver: Receiver) -> None:
    publish_parks(1)
    Webhook.objects.update(leased_until=NOW + timedelta(seconds=1))
    deliver(hook)
    assert receiver.received == []
    deliver(hook, NOW + timedelta(seconds=2))
    assert len(receiver.received) == 1
    assert reread(hook).leased_until is None


def test_a_worker_that_was_overtaken_sends_nothing_more(hook: Webhook, receiver: Receiver) -> None:
    publish_parks(1)
    overtaken = reread(hook)
    Webhook.objects.update(turn=7)
    with pytest.raises(LeaseLost):
        turns._Turn(overtaken, configured.courier(), lambda: NOW + timedelta(days=365)).run()
    assert receiver.received == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_overtaken_while_it_waits_records_nothing(hook: Webhook, receiver: Receiver) -> None:
    publish_parks(1)

    def overtake(handler: behaviour.Handler) -> None:
        Webhook.objects.update(turn=7)
        connection.close()
        handler.reply(200)

    receiver.answer = overtake
    deliver(hook)
    assert not WebhookAttempt.objects.exists()
    assert states(hook) == [State.PENDING]
    assert reread(hook).turn == 7


def test_a_webhook_deleted_while_a_worker_waits_leaves_nothing(hook: Webhook, owner: User, receiver: Receiver) -> None:
    publish_parks(1)
    stale = reread(hook)
    subscribing.delete(actor=owner, webhook=hook)
    with pytest.raises(LeaseLost):
        turns._Turn(stale, configured.courier(), lambda: NOW)._write(leased_until=None)
    turns.run(stale.pk, clock=lambda: NOW)
    assert receiver.received == []


def test_a_message_that_cannot_be_made_is_logged_and_holds_up_no_other(hook: Webhook, receiver: Receiver) -> None:
    numbers = publish_parks(2)
    Change.objects.filter(seq=numbers[0]).update(kind="no-such-kind")
    deliver(hook)
    assert states(hook) == [State.PENDING, State.DELIVERED]
    assert WebhookAttempt.objects.get(delivery__change=numbers[0]).trouble == Trouble.PROGRAM
    assert receiver.seqs == numbers[1:]


def test_nothing_is_listed_or_sent_for_an_account_that_is_closed(
    hook: Webhook, owner: User, receiver: Receiver
) -> None:
    publish_parks(1)
    owner.is_active = False
    owner.save(update_fields=["is_active"])
    publish_parks(1, start=1)
    deliver(hook)
    assert receiver.received == []
    assert hook.deliveries.count() == 1


def test_who_follows_a_place_is_told_whether_the_entry_lies_there_still(owner: User, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url, interest=Interest(places=("320100",)))
    publish_parks(1)
    deliver(hook)
    assert receiver.received[0].data["inside"] is True
