"""How many events there are in each year or month, for charts: from the database, or over events in memory.

An event counts once, in the year or month of its first possible day, where timelines put it; ``imprecise`` says how
many of a bucket are not known to that precision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Case, CharField, Count, F, Q, QuerySet, When
from django.db.models.functions import Cast, Substr
from django.db.models.lookups import Exact

from tracker.entries.fields import Json

from .models import Event


class By(StrEnum):
    YEAR = "year"
    MONTH = "month"


LENGTH = {By.YEAR: 4, By.MONTH: 7}
"""How much of an ISO date a bucket is."""


class Share(NamedTuple):
    """So many events of a kind in one bucket."""

    bucket: str
    """``2017`` or ``2017-09``"""
    kind: str
    imprecise: bool
    number: int


def counts(shares: Iterable[Share], by: By) -> Json:
    """``{by, count, results: [{date, count, imprecise, kinds: {kind: n}}]}``, oldest first, without empty buckets."""
    buckets: dict[str, Json] = {}
    for share in sorted(shares):
        bucket = buckets.setdefault(share.bucket, {"date": share.bucket, "count": 0, "imprecise": 0, "kinds": {}})
        bucket["count"] += share.number
        bucket["imprecise"] += share.number if share.imprecise else 0
        bucket["kinds"][share.kind] = bucket["kinds"].get(share.kind, 0) + share.number
    found = list(buckets.values())
    return {"by": by.value, "count": sum(bucket["count"] for bucket in found), "results": found}


def in_query(events: QuerySet[Event], by: By) -> Iterator[Share]:
    """One GROUP BY over the events of a query. The text for sorting begins with the first possible day."""
    last = Substr(Cast("date_upper", CharField()), 1, LENGTH[by])
    rows = (
        events.order_by()
        .annotate(bucket=Substr("sort", 1, LENGTH[by]))
        .annotate(imprecise=Case(When(Q(date_lower__isnull=False) & Exact(last, F("bucket")), then=0), default=1))
        .values_list("bucket", "entry__kind", "imprecise")
        .annotate(number=Count("pk"))
    )
    for bucket, kind, imprecise, number in rows:
        yield Share(bucket, kind, bool(imprecise), number)


def in_memory(events: Iterable[Json], by: By) -> Iterator[Share]:
    """The same over events as the API shows them."""
    for event in events:
        first, last = (event["lower"] or event["upper"])[: LENGTH[by]], (event["upper"] or "")[: LENGTH[by]]
        yield Share(first, event["entry"]["kind"], not (event["lower"] and first == last), 1)
