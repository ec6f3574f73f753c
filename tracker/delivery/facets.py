"""Facets: how many entries there are for each value worth filtering by — now, on a day, and as they were told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Count, QuerySet

from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Containment, Entry
from tracker.timeline.models import Span

_CONTAINERS = {
    "province": Containment.PROVINCES,
    "city": Containment.CITIES,
    "district": (Containment.Level.DISTRICT,),
    "industry": (Containment.Level.INDUSTRY,),
}


def facets(kind: Kind, queryset: QuerySet[Entry], day: date | None = None) -> Json:
    """``{count, province, city, district, industry, category, status, …}``, each ``[{key, count, name, name_en}]``.

    With a day, the status (and a park's stage) are those of the day.
    """
    pks = queryset.values("pk")
    found: Json = {"count": queryset.count()}
    inside = Containment.objects.filter(kind=kind.name, entry_id__in=pks)
    for name, levels in _CONTAINERS.items():
        found[name] = _counted(inside.filter(level__in=levels), "container")
    found["category"] = _counted(queryset.exclude(category=None), "category")
    for name in ("status", *kind.faceted):
        found[name] = _counted_codes(kind, name, queryset, day)
    return found


def _counted(rows: QuerySet[Containment] | QuerySet[Entry], to: str) -> list[Json]:
    names = [f"{to}__{name}" for name in ("key", "name", "name_en")]
    counted = rows.order_by().values_list(*names).annotate(n=Count("pk")).order_by("-n", names[0])
    return [_value(key, number, name, name_en) for key, name, name_en, number in counted]


def _counted_codes(kind: Kind, name: str, queryset: QuerySet[Entry], day: date | None) -> list[Json]:
    rows: QuerySet[Entry] | QuerySet[Span] = queryset
    column = name if name == "status" else f"{kind.name_of_detail}__{name}"
    if day and name in ("status", "stage") and kind.statuses:
        rows, column = Span.objects.on(day).filter(entry__in=queryset.values("pk")), name
    counted = rows.order_by().values_list(column).annotate(n=Count("pk")).order_by("-n", column)
    return [{"key": code, "count": number} for code, number in counted if code]


def _value(key: str, number: int, name: str, name_en: str | None) -> Json:
    return {"key": key, "name": name, "name_en": name_en or "", "count": number}


# --- over documents in memory -------------------------------------------------------------------------------------


def facets_of(kind: Kind, documents: Iterable[Json]) -> Json:
    """The same over documents, as they were told once; how industries lie in each other is asked of today's tree."""
    counters: dict[str, Counter[str]] = {name: Counter() for name in (*_CONTAINERS, "category")}
    codes: dict[str, Counter[str]] = {name: Counter() for name in ("status", *kind.faceted)}
    seen: dict[tuple[str, str], Json] = {}
    above = _industries_above()
    total = 0
    for document in documents:
        total += 1
        found = {(name, reference["key"]): reference for name, reference in _references(kind, document, above)}
        seen |= found
        for name, key in found:
            counters[name][key] += 1
        for name, counter in codes.items():
            counter.update(filter(None, [document.get(name)]))
    return {
        "count": total,
        **{name: [_value(key, number, seen[name, key]["name"], seen[name, key]["name_en"])
                  for key, number in _most_first(counter)] for name, counter in counters.items()},
        **{name: [{"key": code, "count": number} for code, number in _most_first(counter)]
           for name, counter in codes.items()},
    }  # fmt: skip


def _most_first(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def _references(kind: Kind, document: Json, above: dict[str, list[Json]]) -> Iterator[tuple[str, Json]]:
    for place in [document] if kind.name == "place" else document.get("places", []):
        for name in ("province", "city"):
            if place[name]:
                yield name, place[name]
        if place["level"] == Containment.Level.DISTRICT:
            yield "district", place
    for industry in [document] if kind.name == "industry" else document.get("industries", []):
        for reference in above.get(industry["key"], [industry]):
            yield "industry", reference
    if document.get("category"):
        yield "category", document["category"]


def _industries_above() -> dict[str, list[Json]]:
    """For each industry the references of those it lies in, itself first among them."""
    found: dict[str, list[Json]] = {}
    rows = Containment.objects.filter(kind="industry").values_list(
        "entry__key", "container__key", "container__name", "container__name_en"
    )
    for key, *container in rows:
        found.setdefault(key, []).append(dict(zip(("key", "name", "name_en"), container, strict=True)))
    return found
