"""Industries, indicators and terms: the words entries are sorted and measured by, kept as data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.entries.models import Detail


class Industry(Detail):
    parent = models.ForeignKey("tracker.Entry", models.PROTECT, null=True, related_name="+")

    class Meta(Detail.Meta):
        verbose_name = _("产业")
        verbose_name_plural = _("产业")


class Indicator(Detail):
    unit = models.CharField("单位", max_length=40, blank=True)
    shelf_life_months = models.PositiveIntegerField("有效月数", null=True)
    definition = models.CharField("口径", max_length=500, blank=True)

    class Meta(Detail.Meta):
        verbose_name = _("指标")
        verbose_name_plural = _("指标")


class Term(Detail):
    vocabulary = models.CharField("词表", max_length=40, db_index=True)
    rank = models.PositiveIntegerField("次序", null=True)

    class Meta(Detail.Meta):
        verbose_name = _("术语")
        verbose_name_plural = _("术语")
