"""The user of the tracker, a model of our own from the first migration; and the tokens programs come with."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.values.codes import BilingualChoices

from .secret import digest


class User(AbstractUser):
    display_name = models.CharField(_("显示名"), max_length=80, blank=True)
    kinds = models.JSONField(_("限于种类"), default=list, blank=True, help_text=_("空：不限"))
    places = models.JSONField(_("限于地区"), default=list, blank=True, help_text=_("空：不限；含所辖地区"))

    class Meta(AbstractUser.Meta):
        verbose_name = _("用户")  # type: ignore[assignment]  # Django's own user has plain texts
        verbose_name_plural = _("用户")  # type: ignore[assignment]  # Django's own user has plain texts


class Scope(BilingualChoices):
    """What a token may be used for."""

    READ = "read", "读取 read"
    PROPOSE = "propose", "提案 propose"
    WEBHOOKS = "webhooks", "推送 webhooks"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, now: datetime) -> Self:
        """Neither revoked nor expired."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)


class ApiToken(models.Model):
    """What a program shows instead of a password: a public prefix, by which it is known, and a secret kept hashed.

    While a rotation lasts the former secret is valid too, until ``former_until``.
    """

    class State(BilingualChoices):
        USABLE = "usable", "有效 valid"
        EXPIRED = "expired", "已到期 expired"
        REVOKED = "revoked", "已撤销 revoked"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens", verbose_name=_("持有人"))
    name = models.CharField(_("用途"), max_length=80)
    prefix = models.CharField(_("前缀"), max_length=16, unique=True)
    secret_digest = models.CharField(max_length=64, editable=False)
    former_digest = models.CharField(max_length=64, blank=True, editable=False)
    former_until = models.DateTimeField(_("旧密钥有效至"), null=True, blank=True)
    scopes = models.JSONField(_("权限"), default=list)
    kinds = models.JSONField(_("限于种类"), default=list, blank=True, help_text=_("空：不限"))
    places = models.JSONField(_("限于地区"), default=list, blank=True, help_text=_("空：不限；含所辖地区"))
    created_at = models.DateTimeField(_("建立"))
    expires_at = models.DateTimeField(_("到期"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销"), null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
                                   verbose_name=_("撤销人"))  # fmt: skip

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(former_digest="") ^ Q(former_until__isnull=False),
                                   name="token_former_secret_has_its_end",
                                   violation_error_message="旧密钥须有失效时刻。"),
            models.CheckConstraint(condition=Q(expires_at__isnull=True) | Q(expires_at__gt=models.F("created_at")),
                                   name="token_expires_after_it_was_made",
                                   violation_error_message="到期须晚于建立。"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"

    def is_opened_by(self, secret: str, now: datetime) -> bool:
        """Whether the secret is the token's, or its former one while that still counts; in constant time."""
        given = digest(secret)
        present, former = compare_digest(given, self.secret_digest), compare_digest(given, self.former_digest)
        return present or (former and self.former_until is not None and now < self.former_until)

    def state(self, now: datetime) -> State:
        if self.revoked_at is not None:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at is not None and self.expires_at <= now else self.State.USABLE

    def has_scope(self, scope: Scope) -> bool:
        return scope.value in self.scopes


class TokenUsage(models.Model):
    """How often a token was used on one day, Asia/Shanghai."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="usage")
    day = models.DateField()
    requests = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0, help_text="answers 304")
    errors = models.PositiveBigIntegerField(default=0, help_text="answers 4xx and 5xx but 429")
    throttled = models.PositiveBigIntegerField(default=0, help_text="answers 429")

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["token", "day"], name="token_usage_unique_per_day")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.day} {self.requests}"


class KeptAnswer(models.Model):
    """The answer to a request with an Idempotency-Key, for when it is sent again."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="idempotency_key_unique_per_token")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.key}"
