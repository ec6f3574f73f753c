"""``manage.py snapshot``: make one now, here, or wait for the worker that has taken it up."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.delivery.snapshots import folder, ordering
from tracker.delivery.snapshots.models import Snapshot
from tracker.jobs import services as jobs
from tracker.jobs.models import Job

PAUSE_SECONDS = 1


class Command(BaseCommand):
    help = "Make a snapshot of all public data: JSON Lines, CSV, GeoJSON and one SQLite file, at one feed number."

    def handle(self, *args: Any, **options: Any) -> None:
        job = ordering.order(actor=None, now=timezone.now())
        jobs.run(job.pk)
        job.refresh_from_db()
        while job.state in (Job.State.WAITING, Job.State.RUNNING):
            self.stdout.write(f"a worker makes it: {job.done} of {job.total}")
            time.sleep(PAUSE_SECONDS)
            job.refresh_from_db()
        if job.state != Job.State.DONE:
            raise CommandError(f"no snapshot was made: {job.message}")
        number = Snapshot.objects.order_by("-number").values_list("number", flat=True)[0]
        self.stdout.write(f"{job.message}\n{folder.of(number)}")
