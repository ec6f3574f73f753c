"""A webhook that is stopped without its owner's doing: its owner is told why, and from which number on."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.delivery import feed
from tracker.values.errors import Invalid, Refused

from .models import Webhook, WebhookNotice, WebhookQuerySet

logger = logging.getLogger(__name__)


@transaction.atomic
def gone(webhook: Webhook, now: datetime) -> None:
    """The receiver says that it wants no more (410)."""
    _stop(_active(webhook), Webhook.State.GONE, WebhookNotice.Code.GONE, now)


@transaction.atomic
def failing(webhook: Webhook, *, since: datetime, now: datetime) -> None:
    """Stop it if the receiver has accepted nothing since then."""
    long_failing = _active(webhook).filter(failing_since__lte=since)
    _stop(long_failing, Webhook.State.FAILING, WebhookNotice.Code.FAILING, now)


@transaction.atomic
def block(*, actor: User, webhook: Webhook, reason: str, now: datetime) -> None:
    """The chief editor's move; its owner cannot undo it.

    :raises Refused: the actor is no chief editor, or it is blocked already.
    :raises Invalid: without a reason.
    """
    _refuse_others(actor)
    if not reason.strip():
        raise Invalid("请写明理由 say why", [("reason", "请写明理由 say why")])
    others = Webhook.objects.filter(pk=webhook.pk).exclude(state=Webhook.State.BLOCKED)
    if not _stop(others, Webhook.State.BLOCKED, WebhookNotice.Code.BLOCKED, now, reason):
        raise Refused("已经停用 it is blocked already")


@transaction.atomic
def unblock(*, actor: User, webhook: Webhook, now: datetime) -> None:
    """Let its owner use it again: it is paused then.

    :raises Refused: the actor is no chief editor, or it is not blocked.
    """
    _refuse_others(actor)
    blocked = Webhook.objects.filter(pk=webhook.pk, state=Webhook.State.BLOCKED)
    if not blocked.update(state=Webhook.State.PAUSED):
        raise Refused("并未被主编停用 it is not blocked")
    WebhookNotice.objects.create(webhook=webhook, code=WebhookNotice.Code.UNBLOCKED, recorded_at=now)


def _refuse_others(actor: User) -> None:
    if not roles.may_force(actor):
        raise Refused("须由主编操作 only a chief editor may do that")


def _active(webhook: Webhook) -> WebhookQuerySet:
    return Webhook.objects.active().filter(pk=webhook.pk)


def _stop(rows: WebhookQuerySet, state: Webhook.State, code: WebhookNotice.Code, now: datetime,
          reason: str = "") -> bool:  # fmt: skip
    """Stop the one webhook among the rows, if it is there; whether it was.

    One that was stopped before keeps the number from which on it has missed something.
    """
    number = feed.hold_numbers()
    webhook = rows.first()
    if webhook is None:
        return False
    columns = {"stopped_after": number} if webhook.state == Webhook.State.ACTIVE else {}
    Webhook.objects.filter(pk=webhook.pk).update(state=state, **columns)
    WebhookNotice.objects.create(webhook=webhook, code=code, reason=reason, recorded_at=now)
    logger.warning("webhook %s of %s is stopped: %s", webhook, webhook.owner, code.en)
    return True
