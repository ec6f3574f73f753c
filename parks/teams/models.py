"""Teams that choose a site, their shortlists, and their own values: the only tables whose rows are not public.

Nothing here is an entry: no revision, no document, no change of the feed, no search token. What is removed keeps its
row with the moment, so that removing can be undone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker.values.codes import BilingualChoices


def person(related_name: str = "+", *, null: bool = False) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name=related_name, null=null)


class Team(models.Model):
    name = models.CharField("名称", max_length=80)
    created_by = person()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "团队"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Who belongs to a team; who left keeps the row, so that it can be undone."""

    class Role(BilingualChoices):
        OWNER = "owner", "负责人 owner"
        MEMBER = "member", "成员 member"

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = person("memberships")
    role = models.CharField("角色", max_length=8, choices=Role.choices)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "团队成员"
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="membership_unique")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"

    @property
    def role_code(self) -> Role:
        return self.Role(self.role)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> Self:
        """Neither used, revoked nor expired."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


class Invitation(models.Model):
    """A link that lets one person join, once; its secret is kept hashed."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True, help_text="empty: whoever has the link")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = person()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = person(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "邀请"

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.team_id}"


class Shortlist(models.Model):
    """Parks a team considers, with its criteria, frozen at a moment of both clocks: the versions hold the rest."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="shortlists")
    name = models.CharField("名称", max_length=80)
    criteria = models.JSONField(default=list, help_text="as the API asks for a score")
    as_of = models.DateField("情况截至")
    known_at = models.DateTimeField("记录截至")
    number = models.BigIntegerField("变更编号", help_text="the feed number of known_at")
    created_by = person()
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField("保存于", help_text="when it was frozen")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "候选名单"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class ShortlistPark(models.Model):
    shortlist = models.ForeignKey(Shortlist, models.CASCADE, related_name="parks")
    key = models.CharField(max_length=80)
    note = models.CharField("备注", max_length=1000, blank=True)
    position = models.PositiveIntegerField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["shortlist", "key"], name="shortlist_park_unique")]

    def __str__(self) -> str:
        return f"{self.key} in {self.shortlist_id}"


class Share(models.Model):
    """A link by which a shortlist is read without a login; its secret is kept hashed."""

    shortlist = models.ForeignKey(Shortlist, models.CASCADE, related_name="shares")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = person()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"share {self.pk} of {self.shortlist_id}"


class OwnValue(models.Model):
    """What a team itself knows of a park: a quoted rent, promised terms, what a visit found. For that team alone."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="own_values")
    park = models.CharField(max_length=80)
    about = models.CharField(max_length=100, blank=True, help_text="area:measure or siting:indicator; empty: a label")
    label = models.CharField("项目", max_length=80)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    unit = models.CharField("单位", max_length=40, blank=True)
    text = models.CharField("内容", max_length=300, blank=True)
    date = models.CharField("日期", max_length=32, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)
    author = person()
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "本团队的值"
        ordering = ["id"]
        indexes = [models.Index(fields=["team", "park"], name="own_value_by_park")]
        constraints = [
            models.CheckConstraint(condition=Q(value__isnull=False) | ~Q(text=""), name="own_value_says_something",
                                   violation_error_message="须写数值或内容。"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label} of {self.park}"

    @property
    def unit_words(self) -> str:
        """The unit as people write it: m² for m2."""
        return self.unit.replace("m2", "m²")
