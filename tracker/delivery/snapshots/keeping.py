"""How many snapshots are kept, and what becomes of the others."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from tracker.jobs.models import Job

from . import folder
from .models import Snapshot
from .plan import SNAPSHOT


def keep_newest(*, now: datetime) -> None:
    """Drop all but the newest ``SNAPSHOT_KEEP``, and what dead jobs have left; their numbers stay taken."""
    newest = Snapshot.objects.kept().order_by("-number")
    last = newest.values_list("number", flat=True)[settings.SNAPSHOT_KEEP - 1 : settings.SNAPSHOT_KEEP].first()
    if last is not None:
        newest.filter(number__lt=last).update(dropped_at=now)
    folder.clear({*newest.values_list("number", flat=True), *_in_the_making()})


def _in_the_making() -> set[int]:
    """The numbers of snapshots that a worker makes at this moment."""
    cursors = Job.objects.filter(name=SNAPSHOT, state=Job.State.RUNNING).values_list("cursor", flat=True)
    return {cursor["number"] for cursor in cursors if "number" in cursor}
