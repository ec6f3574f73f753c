"""``manage.py data_report``: what the tracker holds, what does not close, what is still empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tracker.curation import reporting

REPORT = Path(settings.BASE_DIR) / "docs" / "data-report.md"


class Command(BaseCommand):
    help = "Write docs/data-report.md from the data in the database; load the founding data into an empty one first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=REPORT)

    def handle(self, *args: Any, output: Path, **options: Any) -> None:
        output.write_text(reporting.report(), encoding="utf-8")
        self.stdout.write(f"written to {output}")
