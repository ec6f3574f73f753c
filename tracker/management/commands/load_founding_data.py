"""``manage.py load_founding_data``: fill an empty database through the publish path, or report drift."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.curation import founding
from tracker.values.errors import Invalid


class Command(BaseCommand):
    help = "Load the founding data into an empty database; into any other, report how the fixtures differ from it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.FIXTURES_DIR)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not founding.is_empty():
            self._report_drift(folder)
            return
        started = time.monotonic()
        try:
            outcome = founding.load(folder)
        except (Invalid, ValueError) as error:
            for where, sentence in getattr(error, "errors", [])[:50]:
                self.stderr.write(f"{where}: {sentence}")
            raise CommandError(f"nothing was loaded: {error}") from error
        self.stdout.write(f"{outcome.published} entries published in {time.monotonic() - started:.0f} s")

    def _report_drift(self, folder: Path) -> None:
        drift = founding.drift(folder)
        self.stdout.write(f"the database is not empty; nothing was changed. {drift.same} fixtures equal live entries")
        for word, identities in (("edited since", drift.changed), ("not in the database", drift.missing)):
            for kind, key in identities[:20]:
                self.stdout.write(f"  {word}: {kind}/{key}")
            if len(identities) > 20:
                self.stdout.write(f"  … and {len(identities) - 20} more {word}")
