"""What this installation's settings say about sending."""

from __future__ import annotations

from django.conf import settings

from .guard import Policy
from .sending import Courier


def policy() -> Policy:
    return Policy(
        ports=frozenset(settings.WEBHOOK_PORTS),
        plain_http=settings.WEBHOOK_ALLOW_HTTP,
        trusted_hosts=frozenset(host.lower() for host in settings.WEBHOOK_ALLOWED_HOSTS),
    )


def courier() -> Courier:
    agent = f"china-ai-tracker-webhooks/1 (+{settings.SITE_URL})"
    return Courier(policy(), settings.WEBHOOK_TIMEOUT_SECONDS, agent)
