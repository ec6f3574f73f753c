"""The order in which people read the kinds; kinds load in another, by who refers to whom."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.entries import kinds
from tracker.entries.kinds import Kind

READING = (
    "policy",
    "park",
    "layout",
    "platform",
    "zone",
    "initiative",
    "series",
    "organisation",
    "programme",
    "coverage",
)


def rank(kind: Kind) -> tuple[int, int]:
    return (READING.index(kind.name) if kind.name in READING else len(READING), kind.order)


def in_reading_order(found: Iterable[Kind]) -> list[Kind]:
    return sorted(found, key=rank)


def entry_kinds() -> list[Kind]:
    """The curated kinds, as the front page and every legend lists them."""
    return in_reading_order(kinds.entry_kinds())
