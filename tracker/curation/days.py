"""The passing of days: what comes into force, ends or goes stale today changes public documents as derived changes.

Missed days are caught up one by one, in order, so that the feed tells them as they would have come. A day is passed
once: the counter ``day`` holds the last one, in the same transaction as the day's changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Min, QuerySet
from django.utils import timezone

from tracker.accounts.models import User
from tracker.entries.models import Change, Counter, Entry
from tracker.jobs.progress import Cancelled, Progress
from tracker.jobs.registry import Arguments

from .publish import rerender

PASS_DAYS = "pass-days"
COUNTER = "day"


def pass_days(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """The daily job: pass every day up to today, Asia/Shanghai."""
    due = list(days_due(timezone.localdate()))
    changed = 0
    for done, day in enumerate(due, start=1):
        if progress.cancelled:
            raise Cancelled(f"取消，已过 {done - 1}/{len(due)} 天 cancelled, {done - 1} of {len(due)} days passed")
        with transaction.atomic():
            changed += pass_day(day, now=timezone.now())
            progress.step(done, len(due))
    return f"过了 {len(due)} 天，{changed} 份文档随之变化 {len(due)} days passed, {changed} documents changed"


def days_due(today: date) -> Iterator[date]:
    """The days that have not been passed yet, oldest first; from the day of the first publication on."""
    last = last_passed()
    while last and last < today:
        last += timedelta(days=1)
        yield last


def last_passed() -> date | None:
    """The last day that was passed, else the day of the first publication; None while nothing is published."""
    ordinal = Counter.objects.filter(name=COUNTER).values_list("value", flat=True).first()
    if ordinal:
        return date.fromordinal(ordinal)
    first = Change.objects.aggregate(first=Min("recorded_at"))["first"]
    return timezone.localdate(first) if first else None


@transaction.atomic
def pass_day(day: date, *, now: datetime) -> int:
    """Write what one day brings; passing it again changes nothing.

    :returns: how many public documents changed.
    """
    counter, _ = Counter.objects.select_for_update().get_or_create(name=COUNTER)
    if counter.value >= day.toordinal():
        return 0
    changed = rerender(_turning(day).values_list("pk", flat=True), day=day, now=now)
    counter.value = day.toordinal()
    counter.save(update_fields=["value"])
    return changed


def _turning(day: date) -> QuerySet[Entry]:
    """The entries whose status or the like changes on a day; those published since then know of it already."""
    begins = timezone.make_aware(datetime.combine(day, time.min))
    written_before = {"changes__seq": F("version"), "changes__recorded_at__lt": begins}
    return Entry.objects.live().filter(spans__since=day, **written_before)
