"""Events: what happened when, one row for each dated fact that a kind's rules name."""

from __future__ import annotations

from django.db import models

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
        verbose_name = "事件"
        verbose_name_plural = "事件"
        ordering = ["sort"]
        indexes = [models.Index(fields=["entry", "sort"], name="event_by_entry")]

    def __str__(self) -> str:
        return self.title_zh
