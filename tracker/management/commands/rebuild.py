"""``manage.py rebuild``: make everything that follows from the payloads anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker.curation import rebuilding


class Command(BaseCommand):
    help = "Make documents, events and index rows anew from the payloads; what differs is told as derived changes."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = rebuilding.rebuild_all(now=timezone.now())
        self.stdout.write(f"everything was made anew; {changed} documents differ")
