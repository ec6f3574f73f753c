"""Tables of the kinds park, layout and series."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.teams.models import Invitation, Membership, OwnValue, Share, Shortlist, ShortlistPark, Team
from policies.models import Located, QuantityColumns, reference
from tracker.entries.models import Child, Detail
from tracker.values.codes import BilingualChoices
from tracker.values.fields import EdtfField, bounds

__all__ = ["Basis", "Figure", "FigureNature", "Invitation", "Layout", "LayoutPart", "Membership", "Milestone",
           "MilestoneType", "OwnValue", "Parent", "Park", "Phase", "Precision", "Series", "Share", "Shortlist",
           "ShortlistPark", "SitingFact", "Stage", "Team", "Tenant", "TenantCount"]  # fmt: skip


class Stage(BilingualChoices):
    PLANNED = "planned", "规划 planned"
    UNDER_CONSTRUCTION = "under_construction", "在建 under construction"
    PARTLY_OPEN = "partly_open", "部分投用 partly open"
    OPEN = "open", "投用 open"
    CLOSED = "closed", "关闭 closed"


class Precision(BilingualChoices):
    SITE = "site", "园区位置 the site itself"
    PARK = "park", "上级园区 a parent park"
    DISTRICT = "district", "区县代表点 the district"
    CITY = "city", "城市代表点 the city"
    PROVINCE = "province", "省代表点 the province"


class MilestoneType(BilingualChoices):
    PLANNED = "planned", "提出规划 planned"
    APPROVED = "approved", "批准 approved"
    CONSTRUCTION_STARTED = "construction_started", "开工 construction started"
    TOPPED_OUT = "topped_out", "封顶 topped out"
    PHASE_OPENED = "phase_opened", "部分投用 phase opened"
    OPENED = "opened", "投用 opened"
    EXPANDED = "expanded", "扩区 expanded"
    UNVEILED = "unveiled", "挂牌 unveiled"
    RENAMED = "renamed", "更名 renamed"
    OTHER = "other", "其他 other"


class Park(Located, Detail):
    stage = models.CharField("阶段", max_length=20, choices=Stage.choices, blank=True, db_index=True)
    opened = EdtfField("投用")
    opened_lower, opened_upper = bounds("opened")
    positioning = models.JSONField("定位", default=list)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=60, blank=True)
    contact_email = models.CharField(max_length=120, blank=True)
    contact_url = models.CharField(max_length=300, blank=True)

    class Meta(Detail.Meta):
        verbose_name = _("园区")
        verbose_name_plural = _("园区")


class Parent(Child):
    park = reference(null=False)
    valid_from = EdtfField()
    valid_from_lower, valid_from_upper = bounds("valid_from")
    valid_to = EdtfField()
    valid_to_lower, valid_to_upper = bounds("valid_to")
    stated_on = EdtfField()
    stated_on_lower, stated_on_upper = bounds("stated_on")


class Phase(QuantityColumns, Child):
    name = models.CharField(max_length=120)
    stage = models.CharField(max_length=20, choices=Stage.choices, blank=True)
    measure = models.CharField(max_length=24, blank=True)
    started = EdtfField()
    started_lower, started_upper = bounds("started")
    opened = EdtfField()
    opened_lower, opened_upper = bounds("opened")


class Tenant(Child):
    organisation = reference()
    organisation_title = models.CharField(max_length=300, blank=True)
    activity = models.CharField(max_length=200, blank=True)
    valid_from = EdtfField()
    valid_from_lower, valid_from_upper = bounds("valid_from")
    valid_to = EdtfField()
    valid_to_lower, valid_to_upper = bounds("valid_to")
    stated_on = EdtfField()
    stated_on_lower, stated_on_upper = bounds("stated_on")


class TenantCount(QuantityColumns, Child):
    what = models.CharField(max_length=120)
    date = EdtfField()
    date_lower, date_upper = bounds("date")


class Milestone(Child):
    type = models.CharField(max_length=24, choices=MilestoneType.choices)
    date = EdtfField()
    date_lower, date_upper = bounds("date")
    text = models.CharField(max_length=200, blank=True)


class SitingFact(QuantityColumns, Child):
    indicator = reference(null=False)
    date = EdtfField()
    date_lower, date_upper = bounds("date")


class Basis(BilingualChoices):
    OFFICIAL = "official", "官方 official"
    ANALYST = "analyst", "分析者 analyst"


class Layout(Detail):
    subject = reference(null=False)
    pattern = models.CharField("格局", max_length=120, blank=True)
    basis = models.CharField("依据", max_length=10, choices=Basis.choices, blank=True)
    declared_by = reference()
    declared_by_title = models.CharField(max_length=300, blank=True)
    adopted = EdtfField("提出")
    adopted_lower, adopted_upper = bounds("adopted")

    class Meta(Detail.Meta):
        verbose_name = _("产业布局")
        verbose_name_plural = _("产业布局")
        indexes = [models.Index(fields=["basis"], name="layout_by_basis")]


class LayoutPart(Child):
    role = reference(null=False)
    name = models.CharField(max_length=300)
    part_of = models.CharField(max_length=80, blank=True)
    positioning = models.JSONField(default=list)
    function = models.CharField(max_length=500, blank=True)
    since = EdtfField()
    since_lower, since_upper = bounds("since")
    valid_from = EdtfField()
    valid_from_lower, valid_from_upper = bounds("valid_from")
    valid_to = EdtfField()
    valid_to_lower, valid_to_upper = bounds("valid_to")


class FigureNature(BilingualChoices):
    ACTUAL = "actual", "实际 actual"
    TARGET = "target", "目标 target"
    FORECAST = "forecast", "预测 forecast"


class Series(Detail):
    indicator = reference(null=False)
    subject = reference(null=False)
    definition = models.CharField("口径", max_length=500, blank=True)

    class Meta(Detail.Meta):
        verbose_name = _("指标序列")
        verbose_name_plural = _("指标序列")


class Figure(QuantityColumns, Child):
    date = EdtfField()
    date_lower, date_upper = bounds("date")
    nature = models.CharField(max_length=10, choices=FigureNature.choices, blank=True)
    asserted_by = reference()
    asserted_by_title = models.CharField(max_length=300, blank=True)

    class Meta(Child.Meta):
        constraints = [
            *Child.Meta.constraints,
            models.CheckConstraint(condition=Q(value__isnull=False), name="figure_has_a_value",
                                   violation_error_message="数据点须有数值。"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["date_lower"], name="figure_by_date"),
            models.Index(fields=["date_upper"], name="figure_by_last_day"),
            models.Index(fields=["nature"], name="figure_by_nature"),
        ]
