"""Places: rows of GB/T 2260 and the regions above them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.entries.models import Detail
from tracker.values.codes import BilingualChoices
from tracker.values.fields import EdtfField, bounds


class Level(BilingualChoices):
    COUNTRY = "country", "国家 country"
    REGION = "region", "区域 region"
    PROVINCE = "province", "省级 province"
    CITY = "city", "地级 city"
    DISTRICT = "district", "县级 district"


class Place(Detail):
    level = models.CharField(max_length=10, choices=Level.choices, db_index=True)
    parent = models.ForeignKey("tracker.Entry", models.PROTECT, null=True, related_name="+")
    short_name = models.CharField(max_length=60, blank=True)
    pinyin = models.CharField(max_length=120, blank=True)
    valid_from = EdtfField("设立")
    valid_from_lower, valid_from_upper = bounds("valid_from")
    valid_to = EdtfField("撤销")
    valid_to_lower, valid_to_upper = bounds("valid_to")
    point_lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    point_lng = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    point_source = models.CharField(max_length=40, blank=True)

    class Meta(Detail.Meta):
        verbose_name = _("地区")
        verbose_name_plural = _("地区")
        constraints = [
            models.CheckConstraint(
                condition=Q(point_lat__isnull=True) | Q(point_lat__range=(-90, 90), point_lng__range=(-180, 180)),
                name="place_point_on_earth", violation_error_message="坐标不在地球上：纬度 ±90，经度 ±180。"),
        ]  # fmt: skip
