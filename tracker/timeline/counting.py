"""How many events there are in each year or month, for charts: from the database, or over events in memory.

An event counts once, in the year or month of its first possible day, where timelines put it; ``imprecise`` says how
many of a bucket are not known to that precision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear

from tracker.entries.fields import Json

from .models import Event


class By(StrEnum):
    YEAR = "year"
    MONTH = "month"


class Share(NamedTuple):
    """So many events of a kind in one bucket."""

    year: int
    month: int
    """0 when counted by year."""
    kind: str
    imprecise: bool
    number: int


def counts(shares: Iterable[Share], by: By) -> Json:
    """``{by, count, results: [{date, count, imprecise, kinds: {kind: n}}]}``, oldest first, without empty buckets."""
    buckets: dict[str, Json] = {}
    for share in sorted(shares):
        stated = f"{share.year:04}-{share.month:02}" if share.month else f"{share.year:04}"
        bucket = buckets.setdefault(stated, {"date": stated, "count": 0, "imprecise": 0, "kinds": {}})
        bucket["count"] += share.number
        bucket["imprecise"] += share.number if share.imprecise else 0
        bucket["kinds"][share.kind] = bucket["kinds"].get(share.kind, 0) + share.number
    found = list(buckets.values())
    return {"by": by.value, "count": sum(bucket["count"] for bucket in found), "results": found}


def in_query(events: QuerySet[Event], by: By) -> Iterator[Share]:
    """One GROUP BY over the events of a query."""
    names = ("year", "month") if by is By.MONTH else ("year",)
    parts: dict[str, Any] = {"year": ExtractYear, "month": ExtractMonth}
    known = Q(date_lower__isnull=False, date_upper__isnull=False)
    same = Q(**{f"last_{name}": F(name) for name in names})
    rows = (
        events.order_by()
        .annotate(first=Coalesce("date_lower", "date_upper"))
        .annotate(**{name: parts[name]("first") for name in names})
        .annotate(**{f"last_{name}": parts[name]("date_upper") for name in names})
        .annotate(imprecise=Case(When(known & same, then=0), default=1))
        .values_list(*names, "entry__kind", "imprecise")
        .annotate(number=Count("pk"))
    )
    for year, *rest in rows:
        month, kind, imprecise, number = rest if by is By.MONTH else [0, *rest]
        yield Share(year, month, kind, bool(imprecise), number)


def in_memory(events: Iterable[Json], by: By) -> Iterator[Share]:
    """The same over events as the API shows them."""
    for event in events:
        lower, upper = (event[name] and date.fromisoformat(event[name]) for name in ("lower", "upper"))
        first = lower or upper
        precise = lower and upper and _bucket(lower, by) == _bucket(upper, by)
        yield Share(*_bucket(first, by), event["entry"]["kind"], not precise, 1)


def _bucket(day: date, by: By) -> tuple[int, int]:
    return (day.year, day.month if by is By.MONTH else 0)
