"""Tasks, and what people did with them."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.curation.models import Proposal
from tracker.entries.models import Containment, Entry
from tracker.values.codes import BilingualChoices
from tracker.values.fields import ByteOrderedField


class Sort(BilingualChoices):
    """What sort of work it is; one file of ``sorts/`` each. The order is the order in which they are shown."""

    IN_REVIEW = "in_review", "待审 to review"
    CONFLICT = "conflict", "来源不一 conflict"
    SOURCE_CHANGED = "source_changed", "来源有变 source changed"
    SOURCE_LOST = "source_lost", "来源丢失 source lost"
    BROKEN_LINK = "broken_link", "链接失效 broken link"
    MISSING_SOURCE = "missing_source", "缺来源 missing source"
    AMENDED_PARENT = "amended_parent", "上位有变 amended parent"
    PERIOD_ENDED = "period_ended", "规划期届满 planning period ended"
    UNMATCHED_NAME = "unmatched_name", "名称未对上 unmatched name"
    MISSING_FIELD = "missing_field", "缺要项 missing key field"
    STALE = "stale", "证据过期 stale"


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> Self:
        return self.filter(state=Task.State.OPEN)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due__lt=today)

    def within(self, keys: list[str]) -> Self:
        """Tasks about what lies in one of the places, however deep, whether it is published already or not."""
        inside = Containment.objects.filter(container__kind="place", container__key__in=keys).values("entry_id")
        return self.filter(Q(entry__in=inside) | Q(place__in=inside))


class Task(models.Model):
    """One thing to be done about one entry, at one path of it.

    ``identity`` says what it is about and is never reused; ``fingerprint`` is what was wrong. A task that was dismissed
    stays so as long as its fingerprint does.
    """

    class State(BilingualChoices):
        OPEN = "open", "未了 open"
        CLOSED = "closed", "已了 closed"
        DISMISSED = "dismissed", "已免 dismissed"

    sort = models.CharField("类型", max_length=16, choices=Sort.choices)
    identity = models.CharField(max_length=64, unique=True, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    kind = models.CharField("种类", max_length=24)
    key = ByteOrderedField("键", max_length=80)
    name = models.CharField("名称", max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    path = models.CharField("事实", max_length=200, blank=True)
    about = models.JSONField(default=dict, help_text="what the sort says of its cause")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="tasks")
    proposal = models.ForeignKey(Proposal, models.CASCADE, null=True, related_name="tasks")
    place = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="tasks")
    due = models.DateField("期限")
    reason = models.CharField("理由", max_length=300, blank=True)
    opened_at = models.DateTimeField("出现")
    ended_at = models.DateTimeField("了结", null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("待办")
        verbose_name_plural = _("待办")
        ordering = ["due", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="dismissed") | ~Q(reason=""), name="task_dismissed_with_reason",
                                   violation_error_message="免去待办须写明理由。"),
            models.CheckConstraint(condition=Q(entry__isnull=False) | Q(proposal__isnull=False),
                                   name="task_is_about_something", violation_error_message="待办须指向条目或提案。"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "due", "id"], name="task_by_due"),
            models.Index(fields=["state", "sort", "due", "id"], name="task_by_sort"),
            models.Index(fields=["state", "kind", "due", "id"], name="task_by_kind"),
            models.Index(fields=["owner", "state", "due", "id"], name="task_by_owner"),
            models.Index(fields=["entry", "sort"], name="task_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.kind}/{self.key}{self.path}"


class TaskMove(models.Model):
    """What somebody did with one task, and how it stood before, so that it can be undone."""

    class Action(BilingualChoices):
        ASSIGN = "assign", "指派 assigned"
        SET_DUE = "set_due", "改期 due date set"
        DISMISS = "dismiss", "免去 dismissed"
        REOPEN = "reopen", "重开 reopened"
        UNDO = "undo", "撤销 undone"

    task = models.ForeignKey(Task, models.CASCADE, related_name="moves")
    batch = models.CharField(max_length=32, help_text="what was done in one go, and is undone in one")
    action = models.CharField("动作", max_length=10, choices=Action.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField("理由", max_length=300, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    origin = models.CharField("来路", max_length=24)
    request_id = models.CharField(max_length=40)
    made_at = models.DateTimeField("时间")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["batch"], name="task_move_by_batch")]

    def __str__(self) -> str:
        return f"{self.action} {self.task_id}"
