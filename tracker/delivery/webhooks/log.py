"""The log of deliveries and attempts, and how long it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from tracker.accounts.models import User
from tracker.jobs.progress import Progress
from tracker.jobs.registry import Arguments

from .models import WebhookDelivery

TRIM_LOG = "trim-webhook-log"


def trim_log(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """The daily job."""
    return f"{trim(timezone.now())} deliveries forgotten"


def trim(now: datetime) -> int:
    """Delete deliveries that ended longer ago than the log is kept, with their attempts; returns how many."""
    end = now - timedelta(days=settings.WEBHOOK_LOG_DAYS)
    _, deleted = WebhookDelivery.objects.filter(ended_at__lt=end).delete()
    return deleted.get(WebhookDelivery._meta.label, 0)
