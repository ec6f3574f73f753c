"""After a release that derives more: what follows from the payloads is made anew, once, as derived changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from tracker.entries import kinds
from tracker.entries.models import Counter, Entry

from .publish import rebuild

RELEASE = 3
"""Raised by each release whose documents or derived rows hold more than those before it.

2: bounds of unknown approvals, 规划期届满, dates of titles; spans.
3: references to what was merged lead to its successor.
"""

COUNTER = "derived"
CHUNK = 200


def outdated() -> bool:
    """Whether what is stored was derived by an earlier release."""
    return Entry.objects.exists() and not Counter.objects.filter(name=COUNTER, value__gte=RELEASE).exists()


def rebuild_all(*, now: datetime) -> int:
    """Make everything derived anew, in the order in which kinds load; safe to stop and to begin again.

    :returns: how many public documents changed.
    """
    changed = sum(rebuild(pks, day=timezone.localdate(now), now=now) for pks in _chunks())
    mark()
    return changed


def mark() -> None:
    """Note that everything stored was derived by this release."""
    Counter.objects.update_or_create(name=COUNTER, defaults={"value": RELEASE})


def _chunks() -> Iterator[list[int]]:
    for kind in kinds.every():
        pks = list(Entry.objects.of_kind(kind.name).order_by("key").values_list("pk", flat=True))
        yield from (pks[start : start + CHUNK] for start in range(0, len(pks), CHUNK))
