"""A park as Explore shows it, in a row or on a card: read from its stored document, without a query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parks.models import Precision, Stage
from policies.models import AreaMeasure
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import edtf
from tracker.values.circles import Circle, answer, between, circle
from tracker.web import phrases, rows
from tracker.web.language import label

from .asked import Asked
from .facets import fact_labels


@dataclass(frozen=True)
class Area:
    measure: str
    value: SafeString


@dataclass(frozen=True)
class Distance:
    """How far it is at least and at most, and whether that is within what was asked."""

    words: str
    answer: str


@dataclass(frozen=True)
class Line:
    row: rows.Line
    area: Area | None
    developable: SafeString
    stage: str
    stage_code: str
    tenants: int
    positioning: list[str]
    precision: str
    distance: Distance | None
    unknown: list[str]
    """What nobody knows of it, of the facts that teams ask for first."""


def lines(entries: Iterable[Entry], *, asked: Asked, centres: list[Circle], km: float, today: date) -> list[Line]:
    return [_line(entry, asked, centres, km, today) for entry in entries]


def _line(entry: Entry, asked: Asked, centres: list[Circle], km: float, today: date) -> Line:
    row = rows.line(entry)
    document = row.document
    areas = [area for area in document["areas"] if area["value"] is not None and _held(area, today)]
    return Line(
        row=row, area=_area(areas, asked),
        developable=_developable(areas, asked.unit),
        stage=label(Stage(document["stage"])) if document["stage"] else "", stage_code=document["stage"] or "",
        tenants=len(document["tenants"]), positioning=document["positioning"],
        precision=label(Precision(entry.precision)) if entry.precision else "",
        distance=_distance(entry, centres, km), unknown=list(_unknown(document, areas, entry)),
    )  # fmt: skip


def _held(area: Json, today: date) -> bool:
    """What was replaced by a later area is left to the park's own page."""
    upper = edtf.parse(area["to"]).upper if area["to"] else None
    return upper is None or upper > today


def _area(areas: list[Json], asked: Asked) -> Area | None:
    """Of the measures asked for the largest within the bounds; without any, of the whole site before its floors."""
    measures = asked.chosen("measure")
    found = [area for area in areas if area["measure"] in measures] if measures else list(areas)
    order = list(AreaMeasure.values)
    found.sort(key=lambda area: (not asked.filterset.fits_area(area["value_m2"]),
                                 0 if measures else order.index(area["measure"]), -area["value_m2"]))  # fmt: skip
    if not found:
        return None
    return Area(label(AreaMeasure(found[0]["measure"])), phrases.quantity(found[0], asked.unit))


def _developable(areas: list[Json], unit: str) -> SafeString:
    found = (area for area in areas if area["measure"] == AreaMeasure.INDUSTRIAL_DEVELOPABLE)
    return phrases.quantity(next(found, None), unit)


def _distance(entry: Entry, centres: list[Circle], km: float) -> Distance | None:
    if not centres:
        return None
    if entry.lat is None or entry.lng is None:
        return Distance(_("未知"), "unknown")
    here = circle(entry.lat, entry.lng, entry.precision)
    ranges = [between(here, centre) for centre in centres]
    least, greatest = min(low for low, _high in ranges), min(high for _low, high in ranges)
    return Distance(in_km(least, greatest), answer(least, greatest, km))


def in_km(least: float, greatest: float) -> str:
    """``0–31 km``."""
    return f"{least:.0f}–{greatest:.0f} km"


def _unknown(document: Json, areas: list[Json], entry: Entry) -> Iterable[str]:
    told: dict[str, Any] = {
        "area": areas, "opened": document["opened"], "stage": document["stage"], "location": entry.lat is not None,
        "operators": document["operators"], "tenants": document["tenants"], "positioning": document["positioning"],
        "siting": document["siting"],
    }  # fmt: skip
    labels = fact_labels()
    return (labels[fact] for fact, value in told.items() if not value)
