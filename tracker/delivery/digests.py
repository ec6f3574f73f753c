"""Digests: by which a partner proves that its copy is equal, and finds where it is not.

An entry is a line ``key version``, ended by a line feed, in UTF-8. A digest is the SHA-256 of the lines in the order of
their bytes. A key falls into the bucket whose number is the first byte of the SHA-256 of the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from tracker.entries.fields import Json

from . import recorded

BUCKETS = 256
BATCH = 2000


class Line(NamedTuple):
    kind: str
    key: str
    version: int


@dataclass(frozen=True)
class Digest:
    """Of the documents of one kind: how many they are, the SHA-256 of all, and that of each bucket, in order."""

    kind: str
    count: int
    sha256: str
    buckets: list[str]

    def summary(self) -> Json:
        return {"kind": self.kind, "count": self.count, "sha256": self.sha256}


def of_kinds(kinds: Sequence[str], through: int) -> list[Digest]:
    """The digests of these kinds as they stood at a feed number, by one query."""
    counts = dict.fromkeys(kinds, 0)
    wholes = {kind: sha256() for kind in kinds}
    buckets = {kind: [sha256() for _ in range(BUCKETS)] for kind in kinds}
    for kind, key, version in _lines(kinds, through):
        line = f"{key} {version}\n".encode()
        counts[kind] += 1
        wholes[kind].update(line)
        buckets[kind][bucket_of(key)].update(line)
    return [Digest(kind, counts[kind], wholes[kind].hexdigest(), [bucket.hexdigest() for bucket in buckets[kind]])
            for kind in kinds]  # fmt: skip


def in_bucket(kind: str, bucket: int, through: int) -> list[Json]:
    """Key and version of every document of a kind that falls into a bucket, by key."""
    return [{"key": key, "version": version} for _, key, version in _lines([kind], through)
            if bucket_of(key) == bucket]  # fmt: skip


def bucket_of(key: str) -> int:
    return sha256(key.encode()).digest()[0]


def _lines(kinds: Sequence[str], through: int) -> Iterator[Line]:
    """By kind and key. A blank comes before every character of a key, so this is the order of the lines' bytes too."""
    rows = recorded.at(through).filter(kind__in=kinds).order_by("kind", "key")
    yield from map(Line._make, rows.values_list("kind", "key", "seq_from").iterator(BATCH))
