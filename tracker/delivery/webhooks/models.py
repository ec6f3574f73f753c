"""Webhooks as rows: who wants what where, what is to be sent, each attempt, and what the owner must know.

The deliveries are the queue: a worker holds one webhook under a lease and sends what is due of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tracker.accounts.models import User
from tracker.entries.models import Change
from tracker.values.codes import BilingualChoices

from .trouble import Trouble


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def of(self, owner: User) -> Self:
        return self.filter(owner=owner)

    def active(self) -> Self:
        """Those that are sent to; nobody listens for an account that is closed."""
        return self.filter(state=Webhook.State.ACTIVE, owner__is_active=True)

    def due(self, now: datetime) -> Self:
        """Webhooks with something to send, whose receiver is not resting and which no worker has."""
        waiting = WebhookDelivery.objects.sendable(now).filter(webhook=OuterRef("pk"))
        return self.free(now).filter(Q(resting_until__isnull=True) | Q(resting_until__lte=now), Exists(waiting))

    def free(self, now: datetime) -> Self:
        """Webhooks that no worker has: never leased, or under a lease that is past."""
        return self.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now))


class Webhook(models.Model):
    class State(BilingualChoices):
        ACTIVE = "active", "启用 active"
        PAUSED = "paused", "已暂停 paused"
        FAILING = "failing", "屡次失败已停用 disabled after failures"
        GONE = "gone", "接收端已撤销 receiver gone"
        BLOCKED = "blocked", "已由主编停用 blocked"

    key = models.CharField(_("键"), max_length=24, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("所有者"))
    name = models.CharField(_("名称"), max_length=80)
    url = models.CharField(_("接收地址"), max_length=500)
    interest = models.JSONField(_("订阅范围"), default=dict)
    include_document = models.BooleanField(_("附公开文档"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ACTIVE)
    after = models.BigIntegerField(_("起于编号"), help_text=_("此编号之后、符合范围的变更都列入投递"))
    stopped_after = models.BigIntegerField(
        _("止于编号"), null=True, help_text=_("上次停用时的编号；其后至恢复之间的变更未列入")
    )
    created_at = models.DateTimeField(_("建立"))

    secret = models.CharField(max_length=80, editable=False)
    former_secret = models.CharField(max_length=80, blank=True, editable=False)
    former_until = models.DateTimeField(_("旧密钥有效至"), null=True)

    failing_since = models.DateTimeField(_("持续失败自"), null=True, help_text=_("最近一次成功之后的首次失败"))
    failures = models.PositiveIntegerField(_("连续失败批次"), default=0)
    resting_until = models.DateTimeField(_("暂歇至"), null=True)
    turn = models.PositiveIntegerField(default=0, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("订阅")
        verbose_name_plural = _("订阅（webhook）")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(former_secret="") ^ Q(former_until__isnull=False), name="webhook_former_secret_has_its_end",
                violation_error_message="旧密钥须有失效时刻。"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["owner", "id"], name="webhook_by_owner")]

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"

    def secrets(self, now: datetime) -> list[str]:
        """Those to sign with, the newest first."""
        rotating = self.former_until is not None and now < self.former_until
        return [self.secret, self.former_secret] if rotating else [self.secret]


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def sendable(self, now: datetime) -> Self:
        """Due now: of an active webhook, or a test of one that is not blocked."""
        active = Q(webhook__state=Webhook.State.ACTIVE, webhook__owner__is_active=True)
        test = Q(type=WebhookDelivery.TEST) & ~Q(webhook__state=Webhook.State.BLOCKED)
        return self.filter(active | test, state=WebhookDelivery.State.PENDING, due_at__lte=now)


class WebhookDelivery(models.Model):
    """One message for one webhook: a change of the feed, or a test."""

    TEST = "test"

    class State(BilingualChoices):
        PENDING = "pending", "待投递 pending"
        DELIVERED = "delivered", "已送达 delivered"
        FAILED = "failed", "已放弃 given up"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("订阅"))
    message = models.CharField(_("消息编号"), max_length=40, unique=True)
    type = models.CharField(_("类型"), max_length=24)
    change = models.ForeignKey(Change, models.CASCADE, null=True, related_name="+", verbose_name=_("变更"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(_("建立"))
    due_at = models.DateTimeField(_("下次尝试"))
    first_tried_at = models.DateTimeField(_("首次尝试"), null=True)
    tries = models.PositiveIntegerField(_("本轮尝试次数"), default=0)
    ended_at = models.DateTimeField(_("结束"), null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("投递")
        verbose_name_plural = _("投递")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "change"], name="delivery_once_per_change",
                                    violation_error_message="此变更已列入该订阅的投递。"),
            models.CheckConstraint(
                condition=Q(type="test", change__isnull=True) | (~Q(type="test") & Q(change__isnull=False)),
                name="delivery_is_change_or_test", violation_error_message="投递须指向变更，测试除外。"),
            models.CheckConstraint(
                condition=Q(state="pending", ended_at__isnull=True) | (~Q(state="pending") & Q(ended_at__isnull=False)),
                name="delivery_ended_or_pending", violation_error_message="已结束的投递须有结束时间。"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["webhook", "state", "due_at"], name="delivery_by_due"),
            models.Index(fields=["webhook", "id"], name="delivery_by_webhook"),
            models.Index(fields=["ended_at"], name="delivery_by_end"),
        ]

    def __str__(self) -> str:
        return self.message


class WebhookAttempt(models.Model):
    """One request that was made, and what was answered."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="attempts", verbose_name=_("投递"))
    began_at = models.DateTimeField(_("时间"))
    milliseconds = models.PositiveIntegerField(_("毫秒"))
    status = models.PositiveSmallIntegerField(_("状态码"), null=True)
    trouble = models.CharField(_("失败原因"), max_length=12, choices=Trouble.choices, blank=True)
    detail = models.TextField(_("说明"), blank=True)
    answer = models.TextField(_("答复开头"), blank=True)

    class Meta:
        verbose_name = _("尝试")
        verbose_name_plural = _("尝试")
        ordering = ["delivery_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__isnull=False) | ~Q(trouble=""), name="attempt_has_status_or_trouble",
                violation_error_message="尝试须有状态码或失败原因。"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status or self.trouble}"


class WebhookNotice(models.Model):
    """What happened to a webhook without its owner's doing, or by an editor's; kept with it for its owner to read."""

    class Code(BilingualChoices):
        FAILING = "failing", "屡次投递失败，已停用 disabled: nothing but failures for days"
        GONE = "gone", "接收端答复410，已停用 disabled: the receiver answered 410 Gone"
        BLOCKED = "blocked", "主编已停用 blocked by the chief editor"
        UNBLOCKED = "unblocked", "主编已解除停用 no longer blocked"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="notices", verbose_name=_("订阅"))
    recorded_at = models.DateTimeField(_("时间"))
    code = models.CharField(_("事由"), max_length=12, choices=Code.choices)
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("订阅通知")
        verbose_name_plural = _("订阅通知")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.code} {self.recorded_at:%Y-%m-%d}"
