"""How far one looked for what, over REST: none, partial or complete, by place and topic."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet

from tracker.entries.kinds import Kind
from tracker.entries.models import Entry
from tracker.sources.kinds import COVERAGE
from tracker.sources.models import Finding, Topic

from .filters import EntryFilter, many
from .views import EntryViewSet


class CoverageFilter(EntryFilter):
    kind: ClassVar[Kind] = COVERAGE
    topic = many("by_topic", "what was looked for", Topic.values)
    finding = many("by_finding", "none, partial or complete", Finding.values)

    def by_topic(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        return queryset.filter(coverage__topic__in=value)

    def by_finding(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        return queryset.filter(coverage__finding__in=value)


class CoverageViewSet(EntryViewSet):
    kind = COVERAGE
    filterset_class = CoverageFilter
