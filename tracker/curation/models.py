"""Proposals: every change of what the public sees begins as one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker.values.codes import Nature
from tracker.values.fields import ByteOrderedField


class Proposal(models.Model):
    """A payload somebody would like to see published, on the revision it was written against."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        IN_REVIEW = "in_review", "待审"
        CHANGES_REQUESTED = "changes_requested", "待修改"
        APPROVED = "approved", "已批准"
        PUBLISHED = "published", "已发布"
        REJECTED = "rejected", "已退回"
        SUPERSEDED = "superseded", "已过时"
        CANCELLED = "cancelled", "已取消"

    class Action(models.TextChoices):
        PUT = "put", "新增或修改"
        WITHDRAW = "withdraw", "撤下"
        MERGE = "merge", "合并"
        RESTORE = "restore", "恢复"

    MOVES = {
        State.DRAFT: {State.IN_REVIEW, State.CANCELLED},
        State.IN_REVIEW: {State.CHANGES_REQUESTED, State.APPROVED, State.REJECTED, State.CANCELLED},
        State.CHANGES_REQUESTED: {State.IN_REVIEW, State.CANCELLED},
        State.APPROVED: {State.PUBLISHED, State.CHANGES_REQUESTED, State.SUPERSEDED, State.CANCELLED},
        State.PUBLISHED: set(),
        State.REJECTED: set(),
        State.SUPERSEDED: set(),
        State.CANCELLED: set(),
    }

    kind = models.CharField("种类", max_length=24)
    key = ByteOrderedField("键", max_length=80)
    action = models.CharField("动作", max_length=10, choices=Action.choices, default=Action.PUT)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.DRAFT)
    payload = models.TextField("内容", blank=True)
    schema_version = models.PositiveSmallIntegerField(default=1)
    base_revision = models.PositiveIntegerField("所据修订", default=0, help_text="0：新条目")
    successor = ByteOrderedField("继任键", max_length=80, blank=True)
    nature = models.CharField("性质", max_length=12, choices=Nature.choices, default=Nature.CORRECTION)
    origin = models.CharField("来路", max_length=24, default="admin")
    batch = models.CharField("批次", max_length=80, blank=True, db_index=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="proposals")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    review_note = models.CharField("审稿意见", max_length=500, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField("建立")
    decided_at = models.DateTimeField("决定", null=True)

    class Meta:
        verbose_name = "修改提案"
        verbose_name_plural = "修改提案"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="published") | Q(approver__isnull=False) | Q(origin="founding"),
                                   name="proposal_published_only_if_approved",
                                   violation_error_message="只有批准过的提案才能发布。"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["kind", "key", "state"], name="proposal_by_entry")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key} #{self.pk}"
