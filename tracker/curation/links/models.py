"""What the last look at each source's address found."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from tracker.entries.models import Entry
from tracker.values.codes import BilingualChoices


class SourceCheckQuerySet(models.QuerySet["SourceCheck"]):
    def due(self, now: datetime) -> Self:
        return self.filter(due_at__lte=now)


class SourceCheck(models.Model):
    """One source's address: when it was last asked, what it answered, since when it fails or says something else."""

    class State(BilingualChoices):
        UNKNOWN = "unknown", "未查 not looked yet"
        FINE = "fine", "正常 fine"
        FAILING = "failing", "暂不可达 failing"
        BROKEN = "broken", "失效 broken"

    source = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="check_of_address")
    url = models.CharField("网址", max_length=500)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.UNKNOWN)
    due_at = models.DateTimeField("下次查看")
    checked_at = models.DateTimeField("查看于", null=True)
    fine_at = models.DateTimeField("最近正常", null=True)
    status = models.PositiveSmallIntegerField("HTTP 状态", null=True)
    trouble = models.CharField("问题", max_length=300, blank=True)
    failures = models.PositiveIntegerField("连续失败", default=0)
    failing_since = models.DateTimeField("失败始于", null=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    digest = models.CharField("内容指纹", max_length=64, blank=True)
    changed_at = models.DateTimeField("内容有变", null=True, help_text="when another text was first seen there")

    objects = SourceCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "来源网址"
        verbose_name_plural = "来源网址"
        ordering = ["source_id"]
        constraints = [
            models.CheckConstraint(condition=~Q(state__in=["failing", "broken"]) | Q(failing_since__isnull=False),
                                   name="source_check_fails_since", violation_error_message="失败须有起始时刻。"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["due_at"], name="source_check_by_due"),
            models.Index(fields=["state"], name="source_check_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.url} {self.state}"
