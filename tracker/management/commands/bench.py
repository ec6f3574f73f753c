"""``manage.py bench``: fill a database to size, and measure how fast it is read."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from tracker.curation import bench, bench_import, bench_read
from tracker.entries.models import Entry

UNHINDERED: dict[str, Any] = {"API_ANONYMOUS_LIMIT": 10**9, "PAGES_KEPT_SECONDS": 0}
"""Nobody is told to come back later, and every page is made anew: this is what the first reader waits for."""


class Command(BaseCommand):
    help = (
        "load: publish about 10,000 made-up entries (marked 示例). read: measure what partners and people "
        "read. import: measure a file becoming one batch and the batch becoming public."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        load = actions.add_parser("load", help="publish made-up entries through the publish path")
        load.add_argument("--entries", type=int, default=10_000)
        brought = actions.add_parser("import", help="bring a file of made-up entries, as one batch, and publish it")
        brought.add_argument("--rows", type=int, default=100_000)
        read = actions.add_parser("read", help="measure requests in this process")
        read.add_argument("--times", type=int, default=5, help="how often each is asked, after one to warm up")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "load":
            self._load(options["entries"])
        elif action == "import":
            self._import(options["rows"])
        else:
            self._read(options["times"])

    def _import(self, rows: int) -> None:
        if not bench.sites():
            raise CommandError("there are no places yet: manage.py load_founding_data first")
        self.stdout.write(f"{rows:,} rows on {connection.vendor}")
        for stage in bench_import.run(rows, now=timezone.now(), say=self.stdout.write):
            spent = (f"{stage.seconds:>8.1f} s, {stage.cpu:.1f} s of processor here, at most {stage.peak} MB, "
                     f"load {stage.load:.1f}")  # fmt: skip
            self.stdout.write(f"{stage.name:<8}{spent}: {stage.message}")

    def _load(self, entries: int) -> None:
        if not bench.sites():
            raise CommandError("there are no places yet: manage.py load_founding_data first")
        started = time.monotonic()
        for present in bench.load(entries, now=timezone.now()):
            self.stdout.write(f"{present} entries after {time.monotonic() - started:.0f} s")

    def _read(self, times: int) -> None:
        client = Client(headers={"host": next(iter(settings.ALLOWED_HOSTS))})
        self.stdout.write(f"{Entry.objects.count()} entries on {connection.vendor}, {times} times each")
        self.stdout.write(f"{'':<32}{'queries':>8}{'cpu ms':>8}{'wait ms':>8}{'kB':>8}{'gzip kB':>8}")
        excesses = 0
        with override_settings(**UNHINDERED):
            for cost in bench_read.costs(client, times, timezone.localdate()):
                self.stdout.write(f"{cost.name:<32}{cost.queries:>8}{cost.processor:>8.0f}{cost.waited:>8.0f}"
                                  f"{cost.kilobytes:>8.0f}{cost.packed:>8.0f}  {cost.excess}".rstrip())  # fmt: skip
                excesses += bool(cost.excess)
        limits = f"{bench_read.MOST_MILLISECONDS} ms of processor or {bench_read.MOST_KILOBYTES} kB"
        self.stdout.write(f"{excesses} over {limits}")
