"""Snapshots that were published: what each holds, and where in the feed it stands."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.entries.fields import Json
from tracker.values import canonical


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def kept(self) -> Self:
        """Those whose files are still there."""
        return self.filter(dropped_at__isnull=True)


class Snapshot(models.Model):
    """Written once its files are whole and in their place; a number is never given out twice."""

    number = models.PositiveIntegerField(_("编号"), primary_key=True)
    seq = models.BigIntegerField(_("变更编号"), help_text=_("快照停在哪一次变更；之后的变更从此编号续接"))
    made_at = models.DateTimeField(_("制作"))
    documents = models.PositiveIntegerField(_("文档数"))
    size = models.BigIntegerField(_("字节"))
    manifest = models.TextField(editable=False)
    dropped_at = models.DateTimeField(_("文件已清除"), null=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("快照")
        verbose_name_plural = _("快照")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"快照 {self.number}"

    @cached_property
    def contents(self) -> Json:
        """The manifest, as the API shows it."""
        contents: Json = canonical.loads(self.manifest)
        return contents

    def file(self, name: str) -> dict[str, Any] | None:
        """What the manifest says of a file; None when it has no such file."""
        return next((file for file in self.contents["files"] if file["name"] == name), None)
