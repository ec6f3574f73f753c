"""What Celery calls: thin, and without arguments that matter; everything a job needs is in its row."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from . import services

SWEEP = "tracker.jobs.sweep"


@shared_task(name=services.LOOK)
def look(job_id: int) -> None:
    services.run(job_id)


@shared_task(name=SWEEP)
def sweep() -> None:
    services.sweep()


@worker_ready.connect
def sweep_at_start(**signal: Any) -> None:
    """A worker that starts looks at once for what the last one left."""
    sweep.delay()
