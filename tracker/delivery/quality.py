"""How good the data are, in figures: how much is known of what one expects, how old the evidence is, what is disputed.

Counted by the database, one query a kind for the kind and its cities; every figure counts what the filter
``gap`` finds (``gaps.py``), so that each can be opened as a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, FilteredRelation, Max, OuterRef, Q

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


Counts = Mapping[str, Any]
"""What the database has counted, by the name of the column."""


class Quality:
    """The same counts summed up twice: by kind, and by city and kind.

    An entry in two cities counts in both, and once in its kind.
    """

    def __init__(self, kinds: Sequence[Kind], places: Sequence[str], today: date) -> None:
        """Of some kinds, in the places or everywhere; a query a kind."""
        self._counted = [(kind, list(_counted(kind, places, today))) for kind in kinds]

    @cached_property
    def kinds(self) -> list[Figures]:
        return [_figures(kind, _sum([counts for _city, again, counts in rows if not again]))
                for kind, rows in self._counted]  # fmt: skip

    @cached_property
    def cities(self) -> list[City]:
        """Those that have entries, those with most first."""
        figures: dict[int, list[Figures]] = {}
        for kind, rows in self._counted:
            found: dict[int, list[Counts]] = {}
            for city, _again, counts in rows:
                if city is not None:
                    found.setdefault(city, []).append(counts)
            for city, in_city in found.items():
                figures.setdefault(city, []).append(_figures(kind, _sum(in_city)))
        named = Entry.objects.filter(pk__in=figures).order_by("key").values_list("pk", "key", "name", "name_en")
        cities = [City(key, name, name_en, figures[pk]) for pk, key, name, name_en in named]
        return sorted(cities, key=lambda city: -city.entries)


def _counted(kind: Kind, places: Sequence[str], today: date) -> Iterator[tuple[int | None, bool, Counts]]:
    """Counts by city (None: of entries in none), and apart those of entries that another city counts already."""
    rows = Entry.objects.live().of_kind(kind.name)
    if places:
        rows = rows.within(list(places))
    in_city = Q(kind=kind.name, level__in=Containment.CITIES)
    several = Containment.objects.filter(in_city).values("entry").annotate(number=Count("pk")).filter(number__gt=1)
    before = Containment.objects.filter(in_city, entry=OuterRef("pk"), pk__lt=OuterRef("city__pk"))
    rows = rows.annotate(
        city=FilteredRelation("containments", condition=Q(containments__kind=kind.name,
                                                          containments__level__in=Containment.CITIES)),
        again=ExpressionWrapper(Q(pk__in=several.values("entry")) & Q(Exists(before)), BooleanField()),
    )  # fmt: skip
    by_city = rows.order_by().values("city__container", "again")  # type: ignore[misc]  # its types know no FilteredRelation
    for row in by_city.annotate(**_counts(kind, today)):
        yield row.pop("city__container"), row.pop("again"), row


@lru_cache(maxsize=50)
def _counts(kind: Kind, today: date) -> Mapping[str, Any]:
    """What the database is to count: one column for each gap. Kept, as writing it down takes as long as counting."""
    counted: dict[str, Any] = {
        f"gap_{name}": Count("pk", filter=gaps.condition(kind, name, today)) for name in gaps.names(kind)
    }
    return {"number": Count("pk"), "last": Max("verified_at"), **counted}


def _sum(rows: Sequence[Counts]) -> Counts:
    if len(rows) == 1:
        return rows[0]
    added = {name: sum(row[name] for row in rows) for name in (rows[0] if rows else ()) if name != "last"}
    return {**added, "last": max((row["last"] for row in rows if row["last"]), default=None)}


def _figures(kind: Kind, counted: Counts) -> Figures:
    number, stale, unsourced, conflicts = (
        counted.get(name, 0)
        for name in ("number", f"gap_{gaps.STALE}", f"gap_{gaps.UNSOURCED}", f"gap_{gaps.CONFLICT}")
    )
    unknown = {name: counted.get(f"gap_{name}", 0) for name in kind.expected}
    return Figures(kind, number, stale, unsourced, conflicts, unknown, counted["last"])
