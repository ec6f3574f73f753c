"""Tables of the kinds organisation, programme, policy, platform, zone and initiative."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.entries.models import Child, Detail
from tracker.values.codes import BilingualChoices, Qualifier
from tracker.values.fields import EdtfField, bounds


def reference(*, null: bool = True, verbose_name: str = "") -> models.ForeignKey:  # type: ignore[type-arg]
    """A column that points to an entry."""
    return models.ForeignKey(
        "tracker.Entry", models.PROTECT, null=null, related_name="+", verbose_name=verbose_name or None
    )


class QuantityColumns(models.Model):
    """A quantity as printed."""

    value = models.DecimalField("数值", max_digits=24, decimal_places=6, null=True)
    qualifier = models.CharField("限定", max_length=8, choices=Qualifier.choices, blank=True)
    unit = models.CharField("单位", max_length=40, blank=True)
    printed = models.CharField("原文写法", max_length=40, blank=True)

    class Meta:
        abstract = True


class Level(BilingualChoices):
    NATIONAL = "national", "国家级 national"
    PROVINCIAL = "provincial", "省级 provincial"
    CITY = "city", "市级 city"
    DISTRICT = "district", "区县级 district"
    ZONE = "zone", "园区级 zone"


class Organisation(Detail):
    parent = reference()

    class Meta(Detail.Meta):
        verbose_name = _("机构")
        verbose_name_plural = _("机构")


class Presence(Child):
    """Where an organisation is present, where no park is named."""

    place = reference()
    activity = models.CharField(max_length=200, blank=True)
    since = EdtfField()
    since_lower, since_upper = bounds("since")


class Programme(Detail):
    legal_basis = reference()
    legal_basis_title = models.CharField(max_length=300, blank=True)

    class Meta(Detail.Meta):
        verbose_name = _("认定计划")
        verbose_name_plural = _("认定计划")


class Batch(Child):
    number = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=120, blank=True)
    date = EdtfField()
    date_lower, date_upper = bounds("date")
    count = models.PositiveIntegerField(null=True)
    document = reference()
    document_title = models.CharField(max_length=300, blank=True)


class Wording(BilingualChoices):
    """What the document says was done; applying for a title is not holding it."""

    APPROVED = "approved", "批复 approved"
    SUPPORTED = "supported", "支持创建 support to create"
    UNVEILED = "unveiled", "挂牌 unveiled"
    SELECTED = "selected", "入选 selected"
    RECOGNISED = "recognised", "认定 recognised"
    LISTED = "listed", "列入 listed"
    APPLYING = "applying", "创建中 applying"


class Designation(Child):
    """A title that a platform, a zone or a park holds under a programme."""

    programme = reference(null=False)
    batch = models.CharField(max_length=80, blank=True)
    approved = EdtfField()
    approved_lower, approved_upper = bounds("approved")
    unveiled = EdtfField()
    unveiled_lower, unveiled_upper = bounds("unveiled")
    assessed = EdtfField()
    assessed_lower, assessed_upper = bounds("assessed")
    extended = EdtfField()
    extended_lower, extended_upper = bounds("extended")
    renamed = EdtfField()
    renamed_lower, renamed_upper = bounds("renamed")
    withdrawn = EdtfField()
    withdrawn_lower, withdrawn_upper = bounds("withdrawn")
    wording = models.CharField(max_length=12, choices=Wording.choices, blank=True)
    document = reference()
    document_title = models.CharField(max_length=300, blank=True)


class Policy(Detail):
    level = models.CharField("层级", max_length=12, choices=Level.choices, blank=True, db_index=True)
    doc_number = models.CharField("文号", max_length=80, blank=True)
    consultation = EdtfField("征求意见")
    consultation_lower, consultation_upper = bounds("consultation")
    issued = EdtfField("成文")
    issued_lower, issued_upper = bounds("issued")
    effective = EdtfField("施行")
    effective_lower, effective_upper = bounds("effective")
    expires = EdtfField("失效")
    expires_lower, expires_upper = bounds("expires")
    period = EdtfField("规划期")
    period_lower, period_upper = bounds("period")

    class Meta(Detail.Meta):
        verbose_name = _("政策")
        verbose_name_plural = _("政策")


class PolicyTarget(QuantityColumns, Child):
    indicator = reference()
    name = models.CharField(max_length=200, blank=True)
    by = EdtfField()
    by_lower, by_upper = bounds("by")


class Measure(Child):
    """Something a policy grants: who qualifies, at what rate, up to which cap."""

    subject = reference(null=False)
    text = models.CharField(max_length=300, blank=True)
    qualifies = models.CharField(max_length=300, blank=True)
    rate = models.CharField(max_length=80, blank=True)
    cap_value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    cap_unit = models.CharField(max_length=40, blank=True)
    cap_period = models.CharField(max_length=40, blank=True)
    valid_from = EdtfField()
    valid_from_lower, valid_from_upper = bounds("valid_from")
    valid_to = EdtfField()
    valid_to_lower, valid_to_upper = bounds("valid_to")


class RelationType(BilingualChoices):
    IMPLEMENTS = "implements", "落实 implements"
    AMENDS = "amends", "修改 amends"
    SUPERSEDES = "supersedes", "替代 supersedes"
    REPEALS = "repeals", "废止 repeals"
    PARTLY_REPEALS = "partly_repeals", "部分废止 partly repeals"
    RENAMES = "renames", "更名 renames"
    FOLLOWS = "follows", "承接 follows"


class PolicyRelation(Child):
    type = models.CharField(max_length=16, choices=RelationType.choices)
    policy = reference()
    policy_title = models.CharField(max_length=300, blank=True)

    class Meta(Child.Meta):
        constraints = [
            *Child.Meta.constraints,
            models.CheckConstraint(
                condition=Q(policy__isnull=False) | ~Q(policy_title=""), name="relation_names_a_policy",
                violation_error_message="关系须指向一份政策或写明其名称。"),
        ]  # fmt: skip


class Located(models.Model):
    location_lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    location_lng = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    location_address = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Platform(Located, Detail):
    field = models.CharField("领域", max_length=200, blank=True)
    founded = EdtfField("成立")
    founded_lower, founded_upper = bounds("founded")

    class Meta(Detail.Meta):
        verbose_name = _("创新平台")
        verbose_name_plural = _("创新平台")


class PilotZone(Detail):
    focus = models.JSONField("方向", default=list)

    class Meta(Detail.Meta):
        verbose_name = _("先导区/试验区")
        verbose_name_plural = _("先导区/试验区")


class AreaMeasure(BilingualChoices):
    JURISDICTION = "jurisdiction", "管辖面积 jurisdiction"
    SITE = "site", "规划面积 planned site"
    LAND = "land", "占地面积 land"
    CONSTRUCTION_LAND = "construction_land", "建设用地 construction land"
    INDUSTRIAL_LAND = "industrial_land", "工业用地 industrial land"
    INDUSTRIAL_SUPPLIED = "industrial_supplied", "已供工业用地 industrial land supplied"
    INDUSTRIAL_DEVELOPABLE = "industrial_developable", "可开发工业用地 industrial land developable"
    FLOOR = "floor", "建筑面积 floor area"


class AreaState(BilingualChoices):
    PLANNED = "planned", "规划 planned"
    ACTUAL = "actual", "实际 actual"


class Area(QuantityColumns, Child):
    """An area in the unit printed, kept in square metres as well."""

    measure = models.CharField(max_length=24, choices=AreaMeasure.choices)
    state = models.CharField(max_length=8, choices=AreaState.choices, blank=True)
    value_m2 = models.DecimalField(max_digits=24, decimal_places=0, null=True)
    valid_from = EdtfField()
    valid_from_lower, valid_from_upper = bounds("valid_from")
    valid_to = EdtfField()
    valid_to_lower, valid_to_upper = bounds("valid_to")
    stated_on = EdtfField()
    stated_on_lower, stated_on_upper = bounds("stated_on")

    class Meta(Child.Meta):
        constraints = [
            *Child.Meta.constraints,
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="area_not_negative",
                                   violation_error_message="面积不能为负。"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["measure", "value_m2"], name="area_by_measure"),
            models.Index(fields=["value_m2", "entry"], name="area_by_size"),
        ]


class Initiative(Detail):
    date_stated = EdtfField("日期")
    date_stated_lower, date_stated_upper = bounds("date_stated")
    ended = EdtfField("结束")
    ended_lower, ended_upper = bounds("ended")
    stage = models.CharField(max_length=60, blank=True)
    terms = models.JSONField("内容", default=list)

    class Meta(Detail.Meta):
        verbose_name = _("举措")
        verbose_name_plural = _("举措")


class Party(Child):
    party = reference()
    party_title = models.CharField(max_length=300, blank=True)
    role = models.CharField(max_length=60, blank=True)


class InitiativeQuantity(QuantityColumns, Child):
    name = models.CharField(max_length=120)
    date = EdtfField()
    date_lower, date_upper = bounds("date")
