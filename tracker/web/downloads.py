"""What there is to download, as a table for people: one row a kind, one column a format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings

from tracker.delivery.snapshots.models import Snapshot
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind

FORMATS = ("jsonl", "csv", "geojson")
EARLIER = 10


class Offer(NamedTuple):
    """One file, and the same compressed."""

    href: str
    bytes: int
    zipped_href: str
    zipped_bytes: int


@dataclass(frozen=True)
class Row:
    kind: Kind
    count: int
    offers: list[Offer | None]
    """One for each of ``FORMATS``; None where the kind has no such file."""


@dataclass(frozen=True)
class Offered:
    """The newest snapshot as the page shows it, and those before it."""

    snapshot: Snapshot
    rows: list[Row]
    database: Offer
    metadata: str
    events: Offer
    earlier: list[Snapshot]


def offered() -> Offered | None:
    """What can be fetched now; None before the first snapshot."""
    kept = list(Snapshot.objects.kept().order_by("-number")[: EARLIER + 1])
    if not kept:
        return None
    newest = kept[0]
    files = {file["name"]: file for file in newest.contents["files"]}
    rows = [Row(kind, newest.contents["counts"].get(kind.name, 0),
                [_offer(files, f"{kind.plural}.{suffix}") for suffix in FORMATS])
            for kind in kinds.every()]  # fmt: skip
    database, events = _offer(files, "tracker.sqlite3"), _offer(files, "events.jsonl")
    assert database and events
    return Offered(newest, rows, database, files["datasette.json"]["url"], events, kept[1:])


def _offer(files: dict[str, Json], name: str) -> Offer | None:
    if name not in files:
        return None
    plain, zipped = files[name], files[f"{name}.gz"]
    return Offer(plain["url"], plain["bytes"], zipped["url"], zipped["bytes"])


def recipes() -> dict[str, str]:
    """How to load the data in three lines, for each of the programs that people use."""
    latest = f"{settings.SITE_URL}/api/v1/snapshots/latest"
    return {
        "python": f"import gzip, json, urllib.request\n"
                  f'answer = urllib.request.urlopen("{latest}/parks.jsonl.gz")\n'
                  f"parks = [json.loads(line) for line in gzip.open(answer)]",
        "ogr": f"ogrinfo OAPIF:{settings.SITE_URL}/ogc/\n"
               f"ogr2ogr parks.gpkg OAPIF:{settings.SITE_URL}/ogc/ parks\n"
               f"qgis parks.gpkg",
        "datasette": f"curl -LO {latest}/tracker.sqlite3\n"
                     f"curl -LO {latest}/datasette.json\n"
                     f"datasette tracker.sqlite3 -m datasette.json -o",
    }  # fmt: skip
