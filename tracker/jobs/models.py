"""Long work as rows: the database is the queue, Celery messages only say “look at job N”."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, now: datetime) -> Self:
        """Jobs that no worker has: waiting, or running under a lease that is past."""
        return self.filter(Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, leased_until__lt=now))


class Job(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"

    name = models.CharField(_("工作"), max_length=60)
    arguments = models.JSONField(_("参数"), default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("建立"))
    started_at = models.DateTimeField(_("开始"), null=True)
    finished_at = models.DateTimeField(_("结束"), null=True)
    leased_until = models.DateTimeField(
        _("租约至"), null=True, help_text=_("过了此刻仍在进行，说明工作进程已失，将被重新拾起")
    )
    attempts = models.PositiveIntegerField(_("次数"), default=0)
    done = models.PositiveIntegerField(_("已完成"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    cursor = models.JSONField(_("断点"), default=dict)
    message = models.TextField(_("消息"), blank=True)
    cancel_requested = models.BooleanField(default=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "leased_until"], name="job_by_lease"),
            models.Index(fields=["name", "created_at"], name="job_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk} {self.state}"
