"""``manage.py check_fixtures``: what is wrong in the founding data, before it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.curation import fixtures


class Command(BaseCommand):
    help = "Validate fixture files: shapes, dates, citations, references. Reads no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.FIXTURES_DIR)
        parser.add_argument("--show", help="report only files whose name contains this")

    def handle(self, *args: Any, folder: Path, show: str | None, **options: Any) -> None:
        entries = fixtures.read(folder)
        problems = fixtures.problems_in(entries)
        for problem in problems:
            if not show or show in problem.file:
                self.stdout.write(str(problem))
        if problems:
            raise CommandError(f"{len(problems)} problems in {len(entries)} entries")
        self.stdout.write(f"{len(entries)} entries, no problem")
