"""How tests make a snapshot and read it back."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.utils import timezone

from tracker.delivery.snapshots import folder
from tracker.delivery.snapshots.models import Snapshot
from tracker.delivery.snapshots.plan import SNAPSHOT
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.values import canonical


@dataclass(frozen=True)
class Made:
    """A snapshot that was published: its manifest and where its files lie."""

    manifest: dict[str, Any]
    folder: Path

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def lines(self, plural: str) -> list[str]:
        return self.text(f"{plural}.jsonl").splitlines()

    def documents(self, plural: str) -> list[Any]:
        return [canonical.loads(line) for line in self.lines(plural)]

    def rows(self, plural: str) -> list[dict[str, str]]:
        text = (self.folder / f"{plural}.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(StringIO(text, newline="")))

    def features(self, plural: str) -> list[Any]:
        found: list[Any] = canonical.loads(self.text(f"{plural}.geojson"))["features"]
        return found

    def row(self) -> Snapshot:
        """Its row, written again where a test has rolled it back."""
        shown = self.manifest
        return Snapshot.objects.create(
            number=shown["number"], seq=shown["seq"], made_at=shown["made_at"], documents=shown["documents"],
            size=shown["bytes"], manifest=canonical.dumps_ordered(shown),
        )  # fmt: skip


def ordered() -> Job:
    return jobs.enqueue(actor=None, name=SNAPSHOT, arguments={}, now=timezone.now())


def made() -> Made:
    """Make a snapshot of what is public now."""
    job = ordered()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.message
    return newest()


def newest() -> Made:
    snapshot = Snapshot.objects.latest("number")
    return Made(snapshot.contents, folder.of(snapshot.number))
