"""What Celery calls: thin; everything a worker needs is in the rows."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from . import outbox, turns


@shared_task(name=outbox.SWEEP)
def sweep() -> None:
    turns.sweep()


@shared_task(name=turns.DELIVER)
def deliver(webhook_id: int) -> None:
    turns.run(webhook_id)


@worker_ready.connect
def sweep_at_start(**signal: Any) -> None:
    """A worker that starts looks at once for what the last one left."""
    sweep.delay()
