"""What the page of a park shows besides its facts: its part in layouts, what is near, and what nobody knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from parks.explore.facets import fact_labels
from parks.explore.lines import in_km
from parks.filters import NAMED_IN_PARTS
from tracker.delivery.distance import box_around, km_from
from tracker.delivery.filters import held_on
from tracker.entries.fields import Json
from tracker.entries.models import Entry, Reference
from tracker.values import canonical
from tracker.values.circles import RADIUS_KM, Circle, between, circle
from tracker.web import dossier, phrases
from tracker.web.glyph import Glyph
from tracker.web.language import Spoken, name_of, spoken
from tracker.web.sections import Section

NEAR = 6
REACH_KM = 150.0
LAYOUTS = 3


def _explore(query: str) -> str:
    return f"{reverse('list', args=['parks'])}?{query}"


# --- its part in layouts ------------------------------------------------------------------------------------------


class Part(NamedTuple):
    role: Spoken
    name: str
    positioning: list[str]


@dataclass(frozen=True)
class InLayout:
    """A layout that names the park, as a schematic, with the parts that do."""

    name: Spoken
    href: str
    pattern: str
    glyph: Glyph | None
    parts: list[Part]


def in_layouts(entry: Entry, parameters: QueryDict, today: date) -> list[InLayout]:
    """The layouts in force that name the park, the newest first; one query."""
    naming = Reference.objects.filter(field=NAMED_IN_PARTS, target=entry).values("entry_id")
    rows = Entry.objects.live().filter(held_on(today, "since_lower", "until_upper"), pk__in=naming)
    return [_in_layout(row, entry.key) for row in rows.order_by("undated", "-date_sort", "key")[:LAYOUTS]]


def _in_layout(row: Entry, park: str) -> InLayout:
    document: Json = canonical.loads(row.document)
    parts = [Part(name_of(part["role"]), part["name"], part["positioning"]) for part in document["parts"]
             if park in {reference["key"] for reference in part["parks"]}]  # fmt: skip
    return InLayout(spoken(row.name, row.name_en), phrases.address("layout", row.key), document["pattern"] or "",
                    dossier.layout_glyph(document), parts)  # fmt: skip


# --- what is near -------------------------------------------------------------------------------------------------


class Near(NamedTuple):
    name: Spoken
    href: str
    km: str


@dataclass(frozen=True)
class Nearby:
    """Parks and platforms near, and how exactly the park's own place is known; None where it is not known at all."""

    parks: list[Near]
    platforms: list[Near]
    unsure: float
    explore: str


def nearby(entry: Entry, parameters: QueryDict, today: date) -> Nearby | None:
    """The nearest by their points, each with the range of its distance; two queries."""
    if entry.lat is None or entry.lng is None:
        return None
    here = circle(entry.lat, entry.lng, entry.precision)
    others = Entry.objects.live().of_kind("park").exclude(pk=entry.pk)
    query = f"near={entry.lat:.4f},{entry.lng:.4f}&radius_km=50&distance=yes&distance=maybe"
    return Nearby(
        list(_nearest(others, here)), list(_nearest(Entry.objects.live().of_kind("platform"), here)), here.radius,
        _explore(query),
    )  # fmt: skip


def _nearest(rows: QuerySet[Entry], here: Circle) -> Iterator[Near]:
    point = here[:2]
    found: Any = (
        rows.filter(box_around(point, REACH_KM)).annotate(km=km_from(point)).order_by("km", "precision", "key")
        .values_list("kind", "key", "name", "name_en", "lat", "lng", "precision")[:NEAR]
    )  # fmt: skip
    for kind, key, name, name_en, *where in found:
        yield Near(spoken(name, name_en), phrases.address(kind, key), in_km(*between(here, circle(*where))))


# --- what nobody knows --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """Open questions: facts that nobody knows, disagreements without a ruling, evidence past its shelf life."""

    unknown: list[tuple[str, str]]
    """(fact, parks of which nobody knows it either)."""
    disputed: int
    stale_after: date | None
    precision_km: float | None
    """Where the place is not known exactly: within how many km."""

    @property
    def any(self) -> bool:
        return bool(self.unknown or self.disputed or self.stale_after or self.precision_km)


def open_questions(entry: Entry, parameters: QueryDict, today: date) -> Open:
    """Read from the document; no query."""
    document: Json = canonical.loads(entry.document)
    stale = entry.stale_after if entry.stale_after and entry.stale_after < today else None
    vague = RADIUS_KM.get(entry.precision) if entry.lat is not None and entry.precision != "site" else None
    return Open(
        [(label, _explore(f"lacks={fact}")) for fact, label in fact_labels().items()
         if not _known(fact, document, entry)],
        sum(1 for conflict in document["conflicts"] if not conflict["ruling"]), stale, vague,
    )  # fmt: skip


def _known(fact: str, document: Json, entry: Entry) -> bool:
    areas = [area for area in document["areas"] if area["value"] is not None]
    return {
        "area": bool(areas),
        "developable": any(area["measure"] == "industrial_developable" for area in areas),
        "location": entry.lat is not None,
    }.get(fact, bool(document.get(fact)))


IN_LAYOUTS = Section(("park",), "web/parts/in_layouts.html", in_layouts)
NEARBY = Section(("park",), "web/parts/nearby.html", nearby)
OPEN_QUESTIONS = Section(("park",), "web/parts/open_questions.html", open_questions)
