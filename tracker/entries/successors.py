"""Who took the place of whom, however many steps it took: a merged into b, b into c leads from a to c at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

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


def standing_for(kind: str, keys: Collection[str]) -> dict[str, str]:
    """For each key that gave way to another, the key that stands for it in the end; a query for each step."""
    leads_to: dict[str, str] = {}
    asked = set(keys)
    while asked:
        rows = Redirect.objects.filter(kind=kind, old_key__in=asked).values_list("old_key", "new_key")
        found = dict(rows)
        leads_to |= found
        asked = set(found.values()) - set(leads_to)
    return {key: _end(key, leads_to) for key in keys if key in leads_to}


def _end(key: str, leads_to: Mapping[str, str]) -> str:
    seen = {key}
    while (following := leads_to.get(key)) and following not in seen:
        seen.add(following)
        key = following
    return key


def given_way_to(kind: str, key: str) -> list[Redirect]:
    """Whatever this entry stands for today, the nearest first; a query for each step."""
    found: list[Redirect] = []
    asked, seen = {key}, {key}
    while asked:
        rows = list(Redirect.objects.filter(kind=kind, new_key__in=asked).order_by("recorded_at", "old_key"))
        new = [row for row in rows if row.old_key not in seen]
        found += new
        asked = {row.old_key for row in new}
        seen |= asked
    return found


def _last(pk: int, gave_way: Mapping[int, int]) -> int:
    seen = {pk}
    while (following := gave_way.get(pk)) and following not in seen:
        seen.add(following)
        pk = following
    return pk
