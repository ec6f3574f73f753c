"""The formats as streams: however many documents there are, few are in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tracker.delivery import columns, features, formats
from tracker.delivery.snapshots import database
from tracker.entries import kinds

MEGABYTES = 1024 * 1024
PARK = kinds.get("park")
LISTS = ("aliases", "places", "parents", "areas", "phases", "operators", "tenants", "tenant_counts", "industries",
         "positioning", "milestones", "designations", "siting", "sub_parks", "citations", "conflicts")  # fmt: skip


def parks(number: int) -> Iterator[Any]:
    """Made-up documents of about 2 kB each."""
    for at in range(number):
        yield {"kind": "park", "key": f"park-{at:06}", "name": f"园区{at}", "name_en": None, "note": "很长" * 500,
               "location": None, **{name: [] for name in LISTS}}  # fmt: skip


def as_table(documents: Iterable[Any]) -> Iterable[Any]:
    return formats.table(columns.of_kind(PARK), documents)


def as_features(documents: Iterable[Any]) -> Iterable[Any]:
    located: Iterable[Any] = ((document, {}) for document in documents)
    return formats.feature_collection(features.shown_columns(PARK), located, {})


def peak(work: Callable[[], Any]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("write", [as_table, as_features])
def test_ten_thousand_documents_take_no_more_memory_than_a_few(write: Callable[[Iterable[Any]], Iterable[str]]) -> None:
    assert sum(len(text) for text in write(parks(10_000))) > 10 * MEGABYTES
    assert peak(lambda: [None for text in write(parks(10_000)) if not text]) < 2 * MEGABYTES


def test_the_sqlite_file_is_filled_a_batch_at_a_time(tmp_path: Path) -> None:
    def fill() -> None:
        with database.opened(tmp_path / "t.sqlite3") as connection:
            database.create(connection)
            database.fill(connection, PARK, parks(5_000))

    assert peak(fill) < 8 * MEGABYTES
    assert (tmp_path / "t.sqlite3").stat().st_size > 5 * MEGABYTES
