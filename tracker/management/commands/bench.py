"""``manage.py bench``: fill a database to size, and measure how fast it is read."""

from __future__ import annotations

import time
from http import HTTPStatus
from statistics import quantiles
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from tracker.curation import bench, bench_import
from tracker.entries.models import Entry

READS = {
    "policies": "/api/v1/policies/?page_size=50",
    "policies of a place": "/api/v1/policies/?place={place}",
    "parks by area": "/api/v1/parks/?min_area=1000000",
    "a policy": "/api/v1/policies/bench-policy-000000/",
    "a park": "/api/v1/parks/bench-park-000000/",
    "timeline": "/api/v1/timeline/?page_size=50",
    "timeline of a place": "/api/v1/timeline/?place={place}",
    "timeline by month": "/api/v1/timeline/counts/?by=month",
    "policies on a day": "/api/v1/policies/?as_of=2019-06-01&status=in_force",
    "facets on a day": "/api/v1/policies/facets/?as_of=2019-06-01",
    "policies as told": "/api/v1/policies/?known_at={today}",
    "facets as told": "/api/v1/policies/facets/?known_at={today}",
    "timeline as told": "/api/v1/timeline/?known_at={today}",
    "a place's as told": "/api/v1/timeline/?known_at={today}&place={place}",
    "search, two characters": "/api/v1/search/?q=芯片",
    "search, a name": "/api/v1/search/?q=产业园",
    "changes": "/api/v1/changes/?after=0",
    "front page": "/",
    "policies page": "/policies/",
    "search page": "/search/?q=产业园",
    "parks page": "/parks/",
    "parks of a city": "/parks/?place={place}&sort=area",
    "parks, many filters": "/parks/?place={place}&min_area=1&area_unit=km2&unknown=include&lacks=siting&q=园区",
    "parks near a platform": "/parks/?near=32.06,118.79&radius_km=60&distance=yes&distance=maybe",
    "map of parks": "/parks/map/parks.json",
    "a park's page": "/parks/bench-park-000000/",
    "a city's page": "/places/{place}/",
    "two cities": "/places/compare/?keys={place},440300",
    "suggestions": "/search/suggest/?q=产业",
    "timeline page": "/timeline/",
    "timeline page, cities": "/timeline/?lanes=city",
    "timeline page, a year": "/timeline/?from=2019&to=2019",
    "timeline page, two cities": "/timeline/?side=cities&place={place}&place=310000",
}

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
        read.add_argument("--times", type=int, default=50, help="how often each is asked, after one to warm up")

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
            spent = f"{stage.seconds:>8.1f} s, {stage.cpu:.1f} s of processor here, at most {stage.peak} MB"
            self.stdout.write(f"{stage.name:<8}{spent}: {stage.message}")

    def _load(self, entries: int) -> None:
        if not bench.sites():
            raise CommandError("there are no places yet: manage.py load_founding_data first")
        started = time.monotonic()
        for present in bench.load(entries, now=timezone.now()):
            self.stdout.write(f"{present} entries after {time.monotonic() - started:.0f} s")

    def _read(self, times: int) -> None:
        client = Client(headers={"host": next(iter(settings.ALLOWED_HOSTS))})
        self.stdout.write(f"{Entry.objects.count()} entries on {connection.vendor}, {times} times each, milliseconds")
        self.stdout.write(f"{'':<26}{'status':>7}{'queries':>8}{'p50':>8}{'p95':>8}{'max':>8}{'kB':>8}")
        with override_settings(**UNHINDERED):
            for name, path in READS.items():
                address = path.format(place="320100", today=timezone.localdate())
                self.stdout.write(self._measure(client, name, address, times))

    def _measure(self, client: Client, name: str, path: str, times: int) -> str:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
            asked = len(queries)
        if response.status_code != HTTPStatus.OK:
            raise CommandError(f"{path} answered {response.status_code}, so there is nothing to measure")
        taken = sorted(_milliseconds(client, path) for _ in range(times))
        percentiles = quantiles(taken, n=20, method="inclusive") if len(taken) > 1 else taken * 19
        return (f"{name:<26}{response.status_code:>7}{asked:>8}{percentiles[9]:>8.1f}{percentiles[18]:>8.1f}"
                f"{taken[-1]:>8.1f}{len(response.content) / 1000:>8.1f}")  # fmt: skip


def _milliseconds(client: Client, path: str) -> float:
    started = time.perf_counter()
    client.get(path)
    return (time.perf_counter() - started) * 1000
