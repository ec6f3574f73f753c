"""What an owner does with webhooks: make, change, pause, resume, delete, rotate the secret, test."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.delivery import feed
from tracker.delivery.interest import Interest
from tracker.values.errors import Invalid, Refused

from . import configured, guard, outbox, signing
from .models import Webhook, WebhookDelivery

MOST = 20
"""Subscriptions one person may have."""
OVERLAP = timedelta(days=1)
"""For how long the former secret signs too, unless the owner says otherwise."""
LONGEST_OVERLAP = timedelta(days=30)
_LONGEST_NAME = 80
RESUMABLE = (Webhook.State.PAUSED, Webhook.State.FAILING, Webhook.State.GONE)


class Issued(NamedTuple):
    """A webhook and its secret, which is shown this once."""

    webhook: Webhook
    secret: str


class Wish(NamedTuple):
    """What an owner says of a webhook."""

    name: str
    url: str
    interest: Interest
    include_document: bool


def create(*, actor: User, wish: Wish, now: datetime) -> Issued:
    """Subscribe; every change after ``webhook.after`` that is of interest will be delivered.

    :raises Invalid: no name, or an address where webhooks may not go.
    :raises Refused: the person has no role, or as many webhooks as one may have.
    """
    _check(wish)
    if roles.role_of(actor) is None:
        raise Refused("您的账号还没有角色，请主编给予 your account has no role: ask the chief editor for one")
    with transaction.atomic():
        after = feed.hold_numbers()
        if Webhook.objects.of(actor).count() >= MOST:
            raise Refused(f"订阅最多 {MOST} 个，请先删除不用的 delete one first: there are {MOST} already")
        secret = signing.new_secret()
        webhook = Webhook.objects.create(
            key=secrets.token_hex(8), owner=actor, name=wish.name.strip(), url=wish.url, secret=secret, after=after,
            interest=wish.interest.as_json(), include_document=wish.include_document, created_at=now,
        )  # fmt: skip
    return Issued(webhook, secret)


def change(*, actor: User, webhook: Webhook, wish: Wish) -> Webhook:
    """Say something else of it; what is listed already stays so.

    :raises Invalid: no name, or an address where webhooks may not go.
    :raises Refused: it is another's.
    """
    _check(wish)
    with transaction.atomic():
        locked = _locked(actor, webhook)
        if locked.url != wish.url:
            locked.failing_since, locked.failures, locked.resting_until = None, 0, None
        locked.name, locked.url, locked.include_document = wish.name.strip(), wish.url, wish.include_document
        locked.interest = wish.interest.as_json()
        locked.save(update_fields=["name", "url", "interest", "include_document", "failing_since", "failures",
                                   "resting_until"])  # fmt: skip
    return locked


@transaction.atomic
def pause(*, actor: User, webhook: Webhook) -> Webhook:
    """List and send nothing more; ``stopped_after`` says from which number on.

    :raises Refused: it is another's, or not active.
    """
    number = feed.hold_numbers()
    locked = _locked(actor, webhook)
    if locked.state != Webhook.State.ACTIVE:
        raise Refused(f"现为“{locked.get_state_display()}”，不能暂停 only an active webhook can be paused")
    locked.state, locked.stopped_after = Webhook.State.PAUSED, number
    locked.save(update_fields=["state", "stopped_after"])
    return locked


@transaction.atomic
def resume(*, actor: User, webhook: Webhook) -> Webhook:
    """List and send again, what still waits and every change from now on; what lies between can be redelivered.

    :raises Refused: it is another's, active, or blocked by the chief editor.
    """
    number = feed.hold_numbers()
    locked = _locked(actor, webhook)
    if locked.state not in RESUMABLE:
        raise Refused(f"现为“{locked.get_state_display()}”，不能恢复 it cannot be resumed in this state")
    locked.state, locked.after = Webhook.State.ACTIVE, number
    locked.failing_since, locked.failures, locked.resting_until = None, 0, None
    locked.save(update_fields=["state", "after", "failing_since", "failures", "resting_until"])
    outbox.tell_after_commit()
    return locked


@transaction.atomic
def delete(*, actor: User, webhook: Webhook) -> None:
    """Delete it with its deliveries and their log.

    :raises Refused: it is another's.
    """
    feed.hold_numbers()  # no publication may be listing changes for it
    _locked(actor, webhook).delete()


@transaction.atomic
def rotate_secret(*, actor: User, webhook: Webhook, now: datetime, overlap: timedelta = OVERLAP) -> Issued:
    """Give it a new secret; the present one signs too for a while, one before that no longer.

    :raises Refused: it is another's.
    :raises Invalid: an overlap that is negative or longer than 30 days.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Invalid("重叠期为 0 至 30 天 overlap is 0 to 30 days", [("overlap", "0 至 30 天 0 to 30 days")])
    locked = _locked(actor, webhook)
    locked.former_secret = locked.secret if overlap else ""
    locked.former_until = now + overlap if overlap else None
    locked.secret = signing.new_secret()
    locked.save(update_fields=["secret", "former_secret", "former_until"])
    return Issued(locked, locked.secret)


@transaction.atomic
def send_test(*, actor: User, webhook: Webhook, now: datetime) -> WebhookDelivery:
    """Have a signed ``test`` message sent at once, and only once; also while the webhook is stopped.

    :raises Refused: it is another's, or blocked by the chief editor.
    """
    locked = _locked(actor, webhook)
    if locked.state == Webhook.State.BLOCKED:
        raise Refused("已由主编停用 it is blocked by the chief editor")
    locked.resting_until = None
    locked.save(update_fields=["resting_until"])
    outbox.tell_after_commit()
    return WebhookDelivery.objects.create(webhook=locked, message=signing.new_message_id(), type=WebhookDelivery.TEST,
                                   created_at=now, due_at=now)  # fmt: skip


def _check(wish: Wish) -> None:
    """:raises Invalid: naming each wrong member."""
    errors = []
    if not 0 < len(wish.name.strip()) <= _LONGEST_NAME:
        errors.append(("name", f"1 至 {_LONGEST_NAME} 个字符 1 to {_LONGEST_NAME} characters"))
    try:
        guard.check(wish.url, configured.policy())
    except guard.Forbidden as error:
        errors += error.errors
    if errors:
        raise Invalid("; ".join(f"{name}: {sentence}" for name, sentence in errors), errors)


def _locked(actor: User, webhook: Webhook) -> Webhook:
    """:raises Refused: the webhook is another's, or was deleted meanwhile."""
    locked = Webhook.objects.of(actor).select_for_update(no_key=True).filter(pk=webhook.pk).first()
    if locked is None:
        raise Refused("只有所有者能改动订阅 only its owner changes a webhook")
    return locked
