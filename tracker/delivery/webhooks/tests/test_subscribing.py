"""What an owner, and only an owner, does with webhooks; and what the chief editor may."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories as curation
from tracker.delivery.interest import Interest
from tracker.delivery.webhooks import redelivery, stopping, subscribing
from tracker.delivery.webhooks.models import Webhook, WebhookDelivery, WebhookNotice
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.values.errors import Invalid, Refused

from . import receiver as behaviour
from .factories import NOW, deliver, last_number, publish_parks, reread, webhook, wish
from .receiver import Receiver

ANYWHERE = "https://8.8.8.8/hook"


@pytest.fixture
def hook(owner: User) -> Webhook:
    return webhook(owner, ANYWHERE)


def test_a_secret_is_given_out_when_it_is_made_and_never_again(owner: User) -> None:
    issued = subscribing.create(actor=owner, wish=wish(ANYWHERE), now=NOW)
    again = subscribing.rotate_secret(actor=owner, webhook=issued.webhook, now=NOW)
    assert issued.secret.startswith("whsec_")
    assert again.secret.startswith("whsec_")
    assert issued.secret != again.secret
    assert reread(issued.webhook).secrets(NOW) == [again.secret, issued.secret]


def test_the_former_secret_signs_for_a_day_and_one_before_that_no_longer(owner: User, hook: Webhook) -> None:
    first = hook.secret
    second = subscribing.rotate_secret(actor=owner, webhook=hook, now=NOW).secret
    third = subscribing.rotate_secret(actor=owner, webhook=hook, now=NOW).secret
    assert first not in reread(hook).secrets(NOW)
    assert reread(hook).secrets(NOW + timedelta(hours=23)) == [third, second]
    assert reread(hook).secrets(NOW + timedelta(hours=24)) == [third]


def test_a_secret_that_leaked_is_replaced_at_once(owner: User, hook: Webhook) -> None:
    secret = subscribing.rotate_secret(actor=owner, webhook=hook, now=NOW, overlap=timedelta(0)).secret
    assert reread(hook).secrets(NOW) == [secret]


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=31)])
def test_an_overlap_out_of_bounds_is_refused(owner: User, hook: Webhook, overlap: timedelta) -> None:
    with pytest.raises(Invalid, match="0 to 30 days"):
        subscribing.rotate_secret(actor=owner, webhook=hook, now=NOW, overlap=overlap)


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://[::1]/", "http://8.8.8.8/", "https://127.0.0.2/",
                                 "https://169.254.169.254/latest/meta-data/", "https://2130706433/"])  # fmt: skip
def test_nobody_subscribes_to_a_private_address(owner: User, url: str) -> None:
    with pytest.raises(Invalid) as caught:
        subscribing.create(actor=owner, wish=wish(url), now=NOW)
    assert [name for name, _ in caught.value.errors] == ["url"]
    assert not Webhook.objects.exists()


def test_nobody_changes_a_webhook_to_a_private_address(owner: User, hook: Webhook) -> None:
    with pytest.raises(Invalid):
        subscribing.change(actor=owner, webhook=hook, wish=wish("https://192.168.1.1/"))
    assert reread(hook).url == ANYWHERE


def test_everything_that_is_wrong_is_said_at_once(owner: User) -> None:
    with pytest.raises(Invalid) as caught:
        subscribing.create(actor=owner, wish=wish("nonsense", name="  "), now=NOW)
    assert [name for name, _ in caught.value.errors] == ["name", "url"]


def test_an_account_without_a_role_subscribes_to_nothing(owner: User) -> None:
    with pytest.raises(Refused, match="no role"):
        subscribing.create(actor=curation.user("moshengren"), wish=wish(ANYWHERE), now=NOW)


def test_one_person_has_no_more_than_twenty(owner: User, other: User) -> None:
    for _ in range(subscribing.MOST):
        webhook(owner, ANYWHERE)
    with pytest.raises(Refused, match="there are 20 already"):
        webhook(owner, ANYWHERE)
    assert webhook(other, ANYWHERE)


def test_a_change_takes_effect_with_the_next_publication(owner: User, hook: Webhook) -> None:
    publish_parks(1)
    subscribing.change(actor=owner, webhook=hook, wish=wish(ANYWHERE, interest=Interest(kinds=("policy",))))
    publish_parks(1, start=1)
    assert hook.deliveries.count() == 1


def test_nobody_else_does_anything_with_a_webhook(hook: Webhook, other: User, chief: User) -> None:
    publish_parks(1)
    moves: list[Any] = [
        partial(subscribing.change, webhook=hook, wish=wish(ANYWHERE)),
        partial(subscribing.pause, webhook=hook),
        partial(subscribing.resume, webhook=hook),
        partial(subscribing.delete, webhook=hook),
        partial(subscribing.rotate_secret, webhook=hook, now=NOW),
        partial(subscribing.send_test, webhook=hook, now=NOW),
        partial(redelivery.since, webhook=hook, after=0, now=NOW),
        partial(redelivery.one, delivery=hook.deliveries.get(), now=NOW),
    ]
    for move in moves:
        for stranger in (other, chief):
            with pytest.raises(Refused):
                move(actor=stranger)
    assert reread(hook).secret == hook.secret


def test_pausing_says_from_which_number_on_and_resuming_begins_after_the_last(owner: User, hook: Webhook) -> None:
    before = last_number()
    subscribing.pause(actor=owner, webhook=hook)
    missed = publish_parks(2)
    resumed = subscribing.resume(actor=owner, webhook=hook)
    assert (resumed.stopped_after, resumed.after) == (before, missed[-1])


def test_a_webhook_is_paused_and_resumed_once(owner: User, hook: Webhook) -> None:
    with pytest.raises(Refused):
        subscribing.resume(actor=owner, webhook=hook)
    subscribing.pause(actor=owner, webhook=hook)
    with pytest.raises(Refused):
        subscribing.pause(actor=owner, webhook=hook)


def test_deleting_takes_the_log_along(owner: User, hook: Webhook) -> None:
    publish_parks(1)
    subscribing.delete(actor=owner, webhook=hook)
    assert not WebhookDelivery.objects.exists()


# --- again ----------------------------------------------------------------------------------------------------------


def test_one_message_is_sent_again_under_its_old_id(owner: User, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url)
    publish_parks(2)
    deliver(hook)
    delivery = hook.deliveries.earliest("id")
    redelivery.one(actor=owner, delivery=delivery, now=NOW)
    deliver(hook, NOW + timedelta(hours=1))
    assert [received.message for received in receiver.received].count(delivery.message) == 2
    assert len(receiver.received) == 3
    assert delivery.attempts.count() == 2


def test_a_message_that_was_given_up_has_three_days_again(owner: User, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url)
    publish_parks(1)
    hook.deliveries.update(state="failed", ended_at=NOW, first_tried_at=NOW - timedelta(days=3), tries=20)
    again = redelivery.one(actor=owner, delivery=hook.deliveries.get(), now=NOW)
    assert (again.state, again.tries, again.first_tried_at) == ("pending", 0, None)


def run_job(job: Job) -> Job:
    jobs.run(job.pk)
    return Job.objects.get(pk=job.pk)


def test_everything_since_a_number_is_sent_again_and_what_was_missed_is_sent(owner: User, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url)
    delivered = publish_parks(3)
    deliver(hook)
    subscribing.pause(actor=owner, webhook=hook)
    missed = publish_parks(3, start=3)
    hook = subscribing.resume(actor=owner, webhook=hook)
    job = run_job(redelivery.since(actor=owner, webhook=hook, after=delivered[0], now=NOW))
    assert job.state == Job.State.DONE, job.message
    receiver.received.clear()
    deliver(hook, NOW + timedelta(days=20))
    assert sorted(receiver.seqs) == delivered[1:] + missed
    assert hook.deliveries.count() == 6


def test_only_what_is_of_interest_is_sent_again(owner: User, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url, interest=Interest(kinds=("park",)))
    numbers = publish_parks(2)
    run_job(redelivery.since(actor=owner, webhook=hook, after=0, now=NOW))
    assert sorted(hook.deliveries.values_list("change_id", flat=True)) == numbers


def test_redelivering_is_resumed_where_it_stopped(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = webhook(owner, ANYWHERE)
    numbers = publish_parks(6)
    hook.deliveries.all().delete()
    monkeypatch.setattr(redelivery, "STEP", 2)
    job = redelivery.since(actor=owner, webhook=hook, after=numbers[0] - 1, now=NOW)
    Job.objects.filter(pk=job.pk).update(cursor={"next": numbers[1]})
    run_job(job)
    assert sorted(hook.deliveries.values_list("change_id", flat=True)) == numbers[2:]


@pytest.mark.parametrize("after", [-1, 10**9])
def test_a_number_that_the_feed_has_not_reached_is_refused(owner: User, hook: Webhook, after: int) -> None:
    with pytest.raises(Invalid, match="must be a feed number"):
        redelivery.since(actor=owner, webhook=hook, after=after, now=NOW)


def test_a_stopped_webhook_is_resumed_before_anything_is_sent_again(owner: User, hook: Webhook) -> None:
    publish_parks(1)
    subscribing.pause(actor=owner, webhook=hook)
    with pytest.raises(Refused, match="resume it first"):
        redelivery.since(actor=owner, webhook=hook, after=0, now=NOW)
    with pytest.raises(Refused, match="resume it first"):
        redelivery.one(actor=owner, delivery=hook.deliveries.get(), now=NOW)


# --- the chief editor -------------------------------------------------------------------------------------------------


def test_the_chief_editor_blocks_a_webhook_and_its_owner_cannot_resume_it(owner: User, chief: User,
                                                                          receiver: Receiver) -> None:  # fmt: skip
    hook = webhook(owner, receiver.url)
    publish_parks(1)
    stopping.block(actor=chief, webhook=hook, reason="接收端不明", now=NOW)
    deliver(hook)
    assert receiver.received == []
    for move in (subscribing.resume, partial(subscribing.send_test, now=NOW)):
        with pytest.raises(Refused):
            move(actor=owner, webhook=hook)
    notice = WebhookNotice.objects.get(webhook=hook)
    assert (notice.code, notice.reason) == ("blocked", "接收端不明")


def test_what_is_unblocked_is_its_owners_again_from_the_number_where_it_stopped(owner: User, chief: User) -> None:
    hook = webhook(owner, ANYWHERE)
    stopping.block(actor=chief, webhook=hook, reason="核实中", now=NOW)
    stopped_after = reread(hook).stopped_after
    publish_parks(1)
    stopping.unblock(actor=chief, webhook=hook, now=NOW)
    assert reread(hook).state == Webhook.State.PAUSED
    assert subscribing.resume(actor=owner, webhook=hook).stopped_after == stopped_after


def test_blocking_a_paused_webhook_keeps_the_number_where_it_stopped(owner: User, chief: User, hook: Webhook) -> None:
    stopped_after = subscribing.pause(actor=owner, webhook=hook).stopped_after
    publish_parks(1)
    stopping.block(actor=chief, webhook=hook, reason="核实中", now=NOW)
    assert reread(hook).stopped_after == stopped_after


def test_only_a_chief_editor_blocks_with_a_reason_and_once(owner: User, chief: User, hook: Webhook) -> None:
    editor = curation.user("bianji", Role.EDITOR)
    for stranger in (owner, editor):
        with pytest.raises(Refused):
            stopping.block(actor=stranger, webhook=hook, reason="x", now=NOW)
    with pytest.raises(Invalid):
        stopping.block(actor=chief, webhook=hook, reason=" ", now=NOW)
    with pytest.raises(Refused):
        stopping.unblock(actor=chief, webhook=hook, now=NOW)
    stopping.block(actor=chief, webhook=hook, reason="核实中", now=NOW)
    with pytest.raises(Refused, match="already"):
        stopping.block(actor=chief, webhook=hook, reason="再来", now=NOW)


def test_a_disabled_webhook_can_be_resumed_and_begins_afresh(owner: User, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url)
    publish_parks(1)
    normal, receiver.answer = receiver.answer, behaviour.is_gone
    deliver(hook)
    receiver.answer = normal
    resumed = subscribing.resume(actor=owner, webhook=hook)
    assert (resumed.failing_since, resumed.failures, resumed.resting_until) == (None, 0, None)
    deliver(hook, NOW + timedelta(minutes=1))
    assert hook.deliveries.get().state == "delivered"
