"""What Celery's beat calls once a day."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from . import ordering

DAILY = "tracker.delivery.snapshots.daily"


@shared_task(name=DAILY)
def daily() -> None:
    ordering.order_if_changed(now=timezone.now())
