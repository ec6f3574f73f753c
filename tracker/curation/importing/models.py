"""A file that somebody brought, what it is found to say row by row, and how far it has come."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.curation.models import Proposal
from tracker.jobs.models import Job
from tracker.values.codes import BilingualChoices, Nature


class Import(models.Model):
    """One file on its way to becoming one batch of proposals; or the undoing of such a batch."""

    class State(BilingualChoices):
        CHECKING = "checking", "检查中 checking"
        UNREADABLE = "unreadable", "读不了 unreadable"
        WRONG = "wrong", "有误 with errors"
        READY = "ready", "可提交 ready"
        NOTHING = "nothing", "没有变化 nothing to change"
        PROPOSED = "proposed", "已成批次 proposed"

    class Format(BilingualChoices):
        CSV = "csv", "CSV CSV"
        XLSX = "xlsx", "Excel Excel"
        JSON = "json", "JSON JSON"
        JSONL = "jsonl", "JSONL JSONL"
        GEOJSON = "geojson", "GeoJSON GeoJSON"
        REVERT = "revert", "撤回批次 revert of a batch"

    file_name = models.CharField(_("文件"), max_length=200)
    stored_as = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(_("文件哈希"), max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(_("大小"), default=0)
    kind = models.CharField(_("种类"), max_length=24, blank=True, help_text=_("空：每行自带种类（JSON、JSONL）"))
    format = models.CharField(_("格式"), max_length=8, choices=Format.choices)
    encoding = models.CharField(_("编码"), max_length=20, blank=True)
    header = models.JSONField(_("列"), default=list)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.CHECKING)
    counts = models.JSONField(_("计数"), default=dict)
    trouble = models.JSONField(default=list)
    """What is wrong with the file as a whole, in sentences."""
    reason = models.CharField(_("理由"), max_length=240)
    nature = models.CharField(_("性质"), max_length=12, choices=Nature.choices, default=Nature.CORRECTION)
    source = models.CharField(_("默认来源"), max_length=80, blank=True)
    batch = models.CharField(_("批次"), max_length=80, blank=True, db_index=True)
    reverts = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reverted_by")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("导入人"))
    origin = models.CharField(_("来路"), max_length=24, default="admin")
    request_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(_("建立"))
    trimmed_at = models.DateTimeField(_("文件与行已清"), null=True)

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="import_has_a_reason",
                                   violation_error_message="导入须写明理由。"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.file_name} #{self.pk}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def landing(self) -> Self:
        """The rows that become proposals."""
        return self.filter(outcome__in=ImportRow.LANDING)


class ImportRow(models.Model):
    """What one row is found to say."""

    class Outcome(BilingualChoices):
        INSERT = "insert", "新增 new"
        UPDATE = "update", "更新 changed"
        UNCHANGED = "unchanged", "无变化 unchanged"
        DRIFT = "drift", "底本已变 drift"
        WRONG = "wrong", "有误 wrong"

    LANDING = (Outcome.INSERT, Outcome.UPDATE)

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("行"))
    kind = models.CharField(max_length=24, blank=True)
    key = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    action = models.CharField(max_length=10, choices=Proposal.Action.choices, default=Proposal.Action.PUT)
    payload = models.TextField(blank=True)
    base_revision = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    """[column, value, reason] each."""
    notes = models.JSONField(default=list)
    """[column, as written, as understood] each."""
    noted = models.BooleanField(default=False)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_row_unique_number")]
        indexes = [
            models.Index(fields=["of", "outcome", "number"], name="import_row_by_outcome"),
            models.Index(fields=["of", "kind", "key"], name="import_row_by_entry"),
            models.Index(fields=["of", "number"], name="import_row_noted", condition=Q(noted=True)),
        ]

    def __str__(self) -> str:
        return f"{self.of_id}:{self.number} {self.kind}/{self.key} {self.outcome}"
