"""What happened when, one row for each dated fact that a kind's rules name; and what holds from when to when."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.entries.models import Entry
from tracker.values.fields import ByteOrderedField, EdtfField, bounds


class Event(models.Model):
    id = ByteOrderedField(primary_key=True, max_length=280)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="events")
    type = models.CharField(max_length=32, db_index=True)
    date = EdtfField()
    date_lower, date_upper = bounds("date", db_index=True)
    sort = ByteOrderedField(max_length=320, unique=True)
    title_zh = models.CharField(max_length=700)
    title_en = models.CharField(max_length=700)
    conflict = models.BooleanField(default=False)
    document = models.TextField()

    class Meta:
        verbose_name = _("事件")
        verbose_name_plural = _("事件")
        ordering = ["sort"]
        indexes = [
            # holds all that the lanes of the timeline count by, so that the rows with their documents stay unread
            models.Index(fields=["entry", "sort", "date_lower", "date_upper", "conflict"], name="event_in_time"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title_zh


class SpanQuerySet(models.QuerySet["Span"]):
    def on(self, day: date) -> Self:
        """The one span of each entry in which a day lies."""
        return self.filter(Q(since__lte=day) | Q(since__isnull=True), Q(until__gt=day) | Q(until__isnull=True))


class Span(models.Model):
    """What an entry's status is from one day until the day before another; derived at publish."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="spans")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    status = models.CharField(max_length=24)
    stage = models.CharField(max_length=24, blank=True)

    objects = SpanQuerySet.as_manager()

    class Meta:
        ordering = ["entry_id", "since"]
        constraints = [
            models.CheckConstraint(condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")),
                                   name="span_ends_after_it_begins"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["since"], name="span_by_start")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.status} [{self.since}, {self.until})"
