"""The search index: for each entry two token texts, one of its names and one of everything else."""

from __future__ import annotations

from django.db import models

from tracker.entries.models import Entry


class SearchText(models.Model):
    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="search_text")
    starts = models.TextField(blank=True, help_text="how the names begin in pinyin and initials, each after a bar")
    names = models.TextField()
    others = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.entry_id}"
