"""Sources and the citations that rest on them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.entries.models import Detail, Entry
from tracker.values.codes import BilingualChoices, Rank
from tracker.values.fields import ByteOrderedField, EdtfField, bounds


class Source(Detail):
    publisher = models.CharField("发布者", max_length=200, blank=True)
    author = models.CharField("作者", max_length=200, blank=True)
    published = EdtfField("日期")
    published_lower, published_upper = bounds("published")
    url = models.URLField("网址", max_length=500, blank=True)
    sha256 = models.CharField("文件哈希", max_length=64, blank=True)
    retrieved = EdtfField("取得日期")
    retrieved_lower, retrieved_upper = bounds("retrieved")
    public = models.BooleanField("原件公开", null=True)
    licence = models.CharField("许可", max_length=120, blank=True)

    class Meta(Detail.Meta):
        verbose_name = _("来源")
        verbose_name_plural = _("来源")


class Finding(BilingualChoices):
    """What looking for something found, as far as one looked."""

    NONE = "none", "未见 found none"
    PARTIAL = "partial", "部分 partial"
    COMPLETE = "complete", "齐全 complete"


class Topic(BilingualChoices):
    """What one looks for: entries of a kind, or a sort of fact."""

    POLICY = "policy", "政策 policies"
    PARK = "park", "园区 parks"
    LAYOUT = "layout", "产业布局 layouts"
    PLATFORM = "platform", "创新平台 platforms"
    ZONE = "zone", "先导区/试验区 pilot zones"
    INITIATIVE = "initiative", "举措 initiatives"
    ORGANISATION = "organisation", "机构 organisations"
    SERIES = "series", "指标 series"
    SITING = "siting", "选址指标 siting indicators"


class Coverage(Detail):
    """How well a topic is covered in the entry's places, as of the day somebody looked."""

    topic = models.CharField("主题", max_length=16, choices=Topic.choices, db_index=True)
    finding = models.CharField("结果", max_length=8, choices=Finding.choices, db_index=True)
    looked = EdtfField("查考日期")
    looked_lower, looked_upper = bounds("looked")
    scope = models.CharField("范围", max_length=300, blank=True)

    class Meta(Detail.Meta):
        verbose_name = _("覆盖情况")
        verbose_name_plural = _("覆盖情况")


class Citation(models.Model):
    """One source for one fact (or for all facts below a path) of one entry."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="citations")
    position = models.PositiveIntegerField()
    path = models.CharField(max_length=200, blank=True)
    source = models.ForeignKey(Entry, models.PROTECT, related_name="cited_by")
    named = ByteOrderedField("所写的键", max_length=80, blank=True, help_text="where it leads to another: a successor")
    locator = models.JSONField(default=dict)
    stated = models.TextField(blank=True)
    printed = models.CharField(max_length=40, blank=True)
    rank = models.CharField(max_length=12, choices=Rank.choices, default=Rank.NORMAL)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["entry_id", "position"]
        indexes = [
            models.Index(fields=["source", "entry"], name="citation_by_source"),
            models.Index(fields=["named"], name="citation_by_named"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}{self.path} ← {self.source_id}"


class Conflict(models.Model):
    """Live citations of one path that cannot both hold; derived at publish, ruled on in the payload."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="conflicts")
    path = models.CharField(max_length=200)
    declared = models.BooleanField(default=False)
    ruling = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("来源不一")
        verbose_name_plural = _("来源不一")
        constraints = [models.UniqueConstraint(fields=["entry", "path"], name="conflict_unique_per_path")]
        indexes = [models.Index(fields=["ruling", "entry"], name="conflict_by_ruling")]

    def __str__(self) -> str:
        return f"{self.entry_id}{self.path}"
