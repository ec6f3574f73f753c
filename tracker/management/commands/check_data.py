"""``manage.py check_data``: prove that what is stored is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.curation import checking
from tracker.entries.models import Change, Entry
from tracker.sources.models import Citation


class Command(BaseCommand):
    help = (
        "Every fact cited, references whole, rows equal to payloads, documents and events equal to a fresh "
        "rendering, the feed equal to the revisions; with --sources, printed words against the documents."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sources", type=Path, help="a folder with the founding documents, found by hash")

    def handle(self, *args: Any, sources: Path | None, **options: Any) -> None:
        findings = list(checking.everything())
        if sources:
            findings += checking.against_sources(sources)
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} findings")
        self.stdout.write(
            f"{Entry.objects.live().count()} entries, {Citation.objects.count()} citations, "
            f"{Change.objects.count()} changes: all is whole"
        )
