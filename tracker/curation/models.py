"""Proposals: every change of what the public sees begins as one. Sets: those that were written in one sitting."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.values.codes import BilingualChoices, Nature
from tracker.values.fields import ByteOrderedField


class ProposalSet(models.Model):
    """Proposals of one sitting: written from one document, reviewed on one page, published in one transaction.

    It has no state of its own: what is to be done with it follows from its proposals.
    """

    class Purpose(BilingualChoices):
        DOCUMENT = "document", "据一份文件 from a document"
        CONFIRMATION = "confirmation", "核实 confirmation"
        REVERSAL = "reversal", "整批撤回 reversal"

    purpose = models.CharField(_("用途"), max_length=16, choices=Purpose.choices, default=Purpose.DOCUMENT)
    title = models.CharField(_("题名"), max_length=300)
    source = ByteOrderedField(_("来源键"), max_length=80, blank=True,
                               help_text=_("现有的，或本组提出的 live or proposed here"))  # fmt: skip
    locator = models.JSONField(_("出处"), default=dict, blank=True, help_text=_("此后存下的事实引到这里"))
    note = models.TextField(_("记录"), max_length=4000, blank=True, help_text=_("来电、走访的记录；只在编辑部内看"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposal_sets",
                               verbose_name=_("作者"))  # fmt: skip
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    origin = models.CharField(_("来路"), max_length=24)
    request_id = models.CharField(max_length=40)
    created_at = models.DateTimeField(_("建立"))
    publish_at = models.DateTimeField(_("定时发布"), null=True, blank=True, db_index=True)
    scheduler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
                                  verbose_name=_("定时者"))  # fmt: skip
    refusal = models.TextField(_("未能发布"), blank=True, help_text=_("最近一次定时发布为何没有成"))

    class Meta:
        verbose_name = _("提案组")
        verbose_name_plural = _("提案组")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(publish_at__isnull=True) ^ Q(scheduler__isnull=False),
                                   name="set_scheduled_by_somebody",
                                   violation_error_message="定时发布须有定时者。"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


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
        CONFIRM = "confirm", "核实"

    MOVES = {
        State.DRAFT: {State.IN_REVIEW, State.SUPERSEDED, State.CANCELLED},
        State.IN_REVIEW: {State.CHANGES_REQUESTED, State.APPROVED, State.REJECTED, State.SUPERSEDED, State.CANCELLED},
        State.CHANGES_REQUESTED: {State.IN_REVIEW, State.SUPERSEDED, State.CANCELLED},
        State.APPROVED: {State.PUBLISHED, State.CHANGES_REQUESTED, State.SUPERSEDED, State.CANCELLED},
        State.PUBLISHED: set(),
        State.REJECTED: set(),
        State.SUPERSEDED: set(),
        State.CANCELLED: set(),
    }

    kind = models.CharField(_("种类"), max_length=24)
    key = ByteOrderedField(_("键"), max_length=80)
    action = models.CharField(_("动作"), max_length=10, choices=Action.choices, default=Action.PUT)
    state = models.CharField(_("状态"), max_length=20, choices=State.choices, default=State.DRAFT)
    payload = models.TextField(_("内容"), blank=True)
    schema_version = models.PositiveSmallIntegerField(default=1)
    base_revision = models.PositiveIntegerField(_("所据修订"), default=0, help_text=_("0：新条目"))
    successor = ByteOrderedField(_("继任键"), max_length=80, blank=True)
    nature = models.CharField(_("性质"), max_length=12, choices=Nature.choices, default=Nature.CORRECTION)
    origin = models.CharField(_("来路"), max_length=24, default="admin")
    batch = models.CharField(_("批次"), max_length=80, blank=True, db_index=True)
    proposal_set = models.ForeignKey(ProposalSet, models.PROTECT, null=True, blank=True, related_name="proposals",
                                     verbose_name=_("提案组"))  # fmt: skip
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes",
                                      verbose_name=_("由何接替"))  # fmt: skip
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="proposals")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    review_note = models.CharField(_("审稿意见"), max_length=500, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(_("建立"))
    decided_at = models.DateTimeField(_("决定"), null=True)

    class Meta:
        verbose_name = _("修改提案")
        verbose_name_plural = _("修改提案")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="published") | Q(approver__isnull=False) | Q(origin="founding"),
                                   name="proposal_published_only_if_approved",
                                   violation_error_message="只有批准过的提案才能发布。"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["kind", "key", "state"], name="proposal_by_entry")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key} #{self.pk}"


class Step(models.Model):
    """What somebody did or said after a proposal, a set of them or an import was made; never rewritten."""

    class Act(BilingualChoices):
        EDITED = "edited", "改写 edited"
        SUBMITTED = "submitted", "提交 handed over"
        CHANGES_REQUESTED = "changes_requested", "请作者修改 asked for changes"
        APPROVED = "approved", "批准 approved"
        REJECTED = "rejected", "退回 rejected"
        CANCELLED = "cancelled", "取消 cancelled"
        SUPERSEDED = "superseded", "按现版重写 rewritten on what is live"
        PUBLISHED = "published", "发布 published"
        FORCED = "forced", "强制发布 forced"
        SCHEDULED = "scheduled", "定时 scheduled"
        UNSCHEDULED = "unscheduled", "取消定时 no longer scheduled"
        REFUSED = "refused", "到时未能发布 refused when it was due"
        COMMENTED = "commented", "留言 said"
        CHECKED_AGAIN = "checked_again", "重新检查 checked again"
        RESUMED = "resumed", "从停下处继续 resumed"
        REVERTED = "reverted", "提出撤回 asked to revert"

    proposal = models.ForeignKey(Proposal, models.CASCADE, null=True, related_name="steps")
    proposal_set = models.ForeignKey(ProposalSet, models.CASCADE, null=True, related_name="steps")
    of_import = models.ForeignKey("Import", models.CASCADE, null=True, related_name="steps")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=20, choices=Act.choices)
    text = models.CharField(max_length=2000, blank=True)
    origin = models.CharField(max_length=24)
    request_id = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=False, proposal_set__isnull=True, of_import__isnull=True)
                | Q(proposal__isnull=True, proposal_set__isnull=False, of_import__isnull=True)
                | Q(proposal__isnull=True, proposal_set__isnull=True, of_import__isnull=False),
                name="step_of_one_thing", violation_error_message="一步属于一份提案、一组提案或一次导入。"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.act} {self.proposal or self.proposal_set or self.of_import}"
