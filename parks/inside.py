"""Which parks lie in others, however deep, on a day or ever."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from parks.models import Parent
from tracker.delivery.filters import held_on
from tracker.entries.models import State

Inner = dict[int, set[int]]
"""For each park those directly in it, by primary key."""


def inner_parks(day: date | None) -> Inner:
    """One query; with a day what possibly held on it."""
    rows = Parent.objects.filter(entry__state=State.LIVE, park__state=State.LIVE)
    if day:
        rows = rows.filter(held_on(day, "valid_from_lower", "valid_to_upper"))
    found: Inner = defaultdict(set)
    for child, parent in rows.values_list("entry_id", "park_id"):
        found[parent].add(child)
    return found


def all_inside(parks: Iterable[int], inner: Inner) -> set[int]:
    """The parks and all that lie in them. Pure."""
    found: set[int] = set()
    waiting = list(parks)
    while waiting:
        park = waiting.pop()
        if park not in found:
            found.add(park)
            waiting.extend(inner.get(park, ()))
    return found
