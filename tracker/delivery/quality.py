"""How good the data are, in figures: how much is known of what one expects, how old the evidence is, what is disputed.

Counted by the database, by kind and by city and kind, each in one query a kind; every figure counts what the filter
``gap`` finds (``gaps.py``), so that each can be opened as a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max

from tracker.entries.kinds import Kind
from tracker.entries.models import Containment, Entry

from . import gaps


@dataclass(frozen=True)
class Figures:
    """Counts over some entries of one kind.

    :param unknown: by name of an expected field, of how many entries it is not known.
    :param last: when the last of them was verified.
    """

    kind: Kind
    entries: int
    stale: int
    unsourced: int
    conflicts: int
    unknown: Mapping[str, int]
    last: datetime | None

    @property
    def expected(self) -> int:
        """How many facts one expects to know."""
        return self.entries * len(self.unknown)

    @property
    def known(self) -> int:
        return self.expected - sum(self.unknown.values())


@dataclass(frozen=True)
class City:
    """The figures of one city, kind by kind."""

    key: str
    name: str
    name_en: str
    figures: Sequence[Figures]

    @property
    def entries(self) -> int:
        return sum(one.entries for one in self.figures)


def by_kind(kinds: Sequence[Kind], places: Sequence[str], today: date) -> list[Figures]:
    """Of each kind, in the places or everywhere; a query a kind."""
    found = []
    for kind in kinds:
        rows = Entry.objects.live().of_kind(kind.name)
        if places:
            rows = rows.within(list(places))
        found.append(_figures(kind, rows.aggregate(**_counts(kind, today))))
    return found


def by_city(kinds: Sequence[Kind], places: Sequence[str], today: date) -> list[City]:
    """Of each city that has entries, those with most first; an entry in two cities counts in both."""
    names: dict[str, tuple[str, str]] = {}
    figures: dict[str, list[Figures]] = {}
    for kind in kinds:
        for key, name, name_en, counted in _in_cities(kind, places, today):
            names[key] = (name, name_en)
            figures.setdefault(key, []).append(_figures(kind, counted))
    cities = [City(key, *names[key], found) for key, found in figures.items()]
    return sorted(cities, key=lambda city: (-city.entries, city.key))


def _in_cities(kind: Kind, places: Sequence[str], today: date) -> list[tuple[str, str, str, dict[str, Any]]]:
    rows = Entry.objects.live().of_kind(kind.name)
    if places:
        rows = rows.within(list(places))
    names = [f"containments__container__{name}" for name in ("key", "name", "name_en")]
    in_cities = rows.filter(containments__kind=kind.name, containments__level__in=Containment.CITIES)
    counted = in_cities.order_by().values(*names)
    return [(*(row.pop(name) for name in names), row)
            for row in counted.annotate(**_counts(kind, today))]  # fmt: skip


def _counts(kind: Kind, today: date) -> dict[str, Any]:
    """What the database is to count: one column for each gap."""
    counted: dict[str, Any] = {
        f"gap_{name}": Count("pk", filter=gaps.condition(kind, name, today)) for name in gaps.names(kind)
    }
    return {"number": Count("pk"), "last": Max("verified_at"), **counted}


def _figures(kind: Kind, counted: dict[str, Any]) -> Figures:
    common = {name: counted.get(f"gap_{name}", 0) for name in gaps.COMMON}
    return Figures(
        kind, counted["number"], common[gaps.STALE], common[gaps.UNSOURCED], common[gaps.CONFLICT],
        {name: counted[f"gap_{name}"] for name in kind.expected}, counted["last"],
    )  # fmt: skip
