"""Who took the place of whom: references keep pointing to an entry that was merged; this says what they mean today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import OuterRef, Subquery

from .models import Entry, Redirect


def successors(kinds: Iterable[str]) -> dict[int, int]:
    """For each entry of some kinds that gave way to another, which one stands for it in the end; one query."""
    here = Entry.objects.filter(kind=OuterRef("kind"))
    rows = Redirect.objects.filter(kind__in=kinds).annotate(
        old=Subquery(here.filter(key=OuterRef("old_key")).values("pk")),
        new=Subquery(here.filter(key=OuterRef("new_key")).values("pk")),
    )
    gave_way = {old: new for old, new in rows.values_list("old", "new") if old and new}
    return {old: _last(old, gave_way) for old in gave_way}


def _last(pk: int, gave_way: Mapping[int, int]) -> int:
    seen = {pk}
    while (following := gave_way.get(pk)) and following not in seen:
        seen.add(following)
        pk = following
    return pk
