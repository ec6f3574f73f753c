"""How good the data are, in figures: how much is known of what one expects, how old the evidence is, what is disputed.

Counted by the database, by kind and by city and kind, each in one query a kind; every figure counts what the filter
``gap`` finds (``gaps.py``), so that each can be opened as a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, FilteredRelation, Max, OuterRef, Q

from tracker.entries.kinds import Kind
from tracker.entries.models import Containment, Entry

from . import gaps

Counts = Mapping[str, Any]
"""What the database has counted, by the name of the column."""


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


@dataclass(frozen=True)
class Quality:
    """The same figures twice: of each kind, and of each city that has entries, those with most first.

    An entry in two cities counts in both, and once in its kind.
    """

    kinds: Sequence[Figures]
    cities: Sequence[City]


def of(kinds: Sequence[Kind], places: Sequence[str], today: date) -> Quality:
    """Of some kinds, in the places or everywhere; a query a kind."""
    totals: list[Figures] = []
    figures: dict[int, list[Figures]] = {}
    for kind in kinds:
        once: list[Counts] = []
        in_city: dict[int, list[Counts]] = {}
        for city, again, counts in _counted(kind, places, today):
            if not again:
                once.append(counts)
            if city is not None:
                in_city.setdefault(city, []).append(counts)
        totals.append(_sum(kind, once))
        for city, rows in in_city.items():
            figures.setdefault(city, []).append(_sum(kind, rows))
    named = Entry.objects.filter(pk__in=figures).order_by("key").values_list("pk", "key", "name", "name_en")
    cities = [City(key, name, name_en, figures[pk]) for pk, key, name, name_en in named]
    return Quality(totals, sorted(cities, key=lambda city: -city.entries))


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


def _counts(kind: Kind, today: date) -> dict[str, Any]:
    """What the database is to count: one column for each gap."""
    counted: dict[str, Any] = {
        f"gap_{name}": Count("pk", filter=gaps.condition(kind, name, today)) for name in gaps.names(kind)
    }
    return {"number": Count("pk"), "last": Max("verified_at"), **counted}


def _sum(kind: Kind, rows: Sequence[Counts]) -> Figures:
    def total(name: str) -> int:
        return sum(row.get(name, 0) for row in rows)

    return Figures(
        kind, total("number"), total(f"gap_{gaps.STALE}"), total(f"gap_{gaps.UNSOURCED}"),
        total(f"gap_{gaps.CONFLICT}"), {name: total(f"gap_{name}") for name in kind.expected},
        max((row["last"] for row in rows if row["last"]), default=None),
    )  # fmt: skip
