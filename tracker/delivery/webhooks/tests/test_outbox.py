"""What is listed for whom, in the transaction that publishes it."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import check
from tracker.curation.tests import factories as curation
from tracker.delivery.interest import Interest
from tracker.delivery.webhooks import outbox, subscribing
from tracker.delivery.webhooks.models import Webhook, WebhookDelivery
from tracker.entries.models import Change, Entry
from tracker.values.errors import Invalid

from .factories import NOW, publish_parks, webhook
from .receiver import Receiver

ANYWHERE = "https://8.8.8.8/hook"


def listed(of: Webhook) -> list[int | None]:
    return list(of.deliveries.order_by("id").values_list("change_id", flat=True))


def test_every_change_is_listed_once_in_the_order_of_the_feed(owner: User) -> None:
    hook = webhook(owner, ANYWHERE)
    numbers = publish_parks(3)
    assert listed(hook) == numbers
    messages = set(hook.deliveries.values_list("message", flat=True))
    assert len(messages) == 3


def test_each_of_several_webhooks_has_its_own_message(owner: User, other: User) -> None:
    hooks = [webhook(owner, ANYWHERE), webhook(other, ANYWHERE)]
    [number] = publish_parks(1)
    assert [listed(hook) for hook in hooks] == [[number], [number]]
    assert WebhookDelivery.objects.values("message").distinct().count() == 2


def test_what_was_published_before_is_not_listed(owner: User) -> None:
    publish_parks(1)
    hook = webhook(owner, ANYWHERE)
    assert listed(hook) == []
    assert hook.after == Change.objects.latest("seq").seq


@pytest.mark.parametrize(("interest", "wanted"), [
    (Interest(kinds=("park",)), {"park"}),
    (Interest(kinds=("policy",)), {"policy"}),
    (Interest(places=("320000",)), {"park", "policy"}),
    (Interest(places=("100000",), kinds=("policy",)), {"policy"}),
    (Interest(natures=("new",)), {"park", "policy"}),
    (Interest(natures=("world",)), set()),
    (Interest(fields=("/issued",)), {"policy"}),
])  # fmt: skip
def test_only_what_is_of_interest_is_listed(owner: User, interest: Interest, wanted: set[str]) -> None:
    hook = webhook(owner, ANYWHERE, interest=interest)
    curation.live(curation.park(), curation.policy())
    assert set(hook.deliveries.values_list("change__kind", flat=True)) == wanted


def test_after_a_merge_what_stands_for_the_place_is_of_interest(owner: User, chief: User) -> None:
    author = curation.user("zuozhe", Role.CONTRIBUTOR)
    curation.live(curation.place("320111", "浦口区", "district", "320100"))
    hook = webhook(owner, ANYWHERE, interest=Interest(places=("320111",)))
    curation.merge(author, chief, Entry.objects.get(kind="place", key="320111"), "320100")
    [merged] = hook.deliveries.values_list("change__action", flat=True)
    assert merged == "merged"
    [published] = publish_parks(1)
    assert listed(hook)[1:] == [published]


def test_what_follows_from_another_change_is_listed_too(owner: User, chief: User) -> None:
    author = curation.user("zuozhe", Role.CONTRIBUTOR)
    curation.live(curation.park())
    hook = webhook(owner, ANYWHERE, interest=Interest(kinds=("park",)))
    curation.change(author, chief, curation.place("320100", "南京", "city", "320000"), nature="correction")
    assert set(hook.deliveries.values_list("change__nature", flat=True)) == {"derived"}


def test_a_publication_that_fails_lists_nothing(owner: User) -> None:
    hook = webhook(owner, ANYWHERE)
    with pytest.raises(Invalid):
        curation.live(curation.park(), curation.park("broken", parents=[{"key": "p", "park": "no-such-park"}]))
    assert listed(hook) == []


def test_a_rehearsal_lists_nothing(owner: User) -> None:
    hook = webhook(owner, ANYWHERE)
    assert check.check(curation.park()) == []
    assert listed(hook) == []


def test_a_stopped_webhook_is_listed_nothing(owner: User) -> None:
    hook = webhook(owner, ANYWHERE)
    subscribing.pause(actor=owner, webhook=hook)
    publish_parks(1)
    assert listed(hook) == []


def test_workers_are_told_once_and_only_after_the_commit(owner: User, django_capture_on_commit_callbacks: Any) -> None:
    for _ in range(3):
        webhook(owner, ANYWHERE)
    with django_capture_on_commit_callbacks() as callbacks:
        publish_parks(2)
    assert [callback.args for callback in callbacks] == [(outbox.SWEEP,)]


def test_where_nobody_subscribes_nobody_is_told(owner: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        publish_parks(2)
    assert callbacks == []


def test_publishing_sends_nothing_itself(owner: User, receiver: Receiver) -> None:
    hook = webhook(owner, receiver.url)
    publish_parks(1)
    assert receiver.received == []
    assert hook.deliveries.get().state == WebhookDelivery.State.PENDING


def test_listing_costs_one_question_and_one_write_a_webhook_however_many_changes(
    owner: User, django_assert_max_num_queries: Any
) -> None:
    numbers = publish_parks(20)
    hook = webhook(owner, ANYWHERE)
    fresh = Change.objects.filter(seq__range=(numbers[0], numbers[-1]))
    with django_assert_max_num_queries(4):  # two of them begin and end the writing
        assert outbox.enlist(hook, fresh, NOW) == 20
