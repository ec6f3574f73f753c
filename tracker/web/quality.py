"""The page on the quality of the data: the figures in words, each leading to the list of what it counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from tracker.delivery import gaps, quality
from tracker.delivery.quality import Figures
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry

from .language import Spoken, label, many, spoken

FIRST_CITIES = 100
"""Cities listed at first, those with most entries; the others when asked for."""


@dataclass(frozen=True)
class Cell:
    """A count, the list behind it, and its share of the whole in per cent."""

    number: int
    href: str
    share: int


@dataclass(frozen=True)
class FieldLine:
    """One field that one expects to know."""

    name: str
    known: int
    unknown: Cell
    share: int


@dataclass(frozen=True)
class Line:
    """A kind, or a city."""

    name: Spoken
    tone: str
    href: str
    entries: int
    known: int
    expected: int
    share: int
    stale: Cell
    unsourced: Cell
    conflicts: Cell
    last: datetime | None
    fields: Sequence[FieldLine] = ()


@dataclass(frozen=True)
class Page:
    """Everything on the page."""

    kinds: list[Line]
    cities: list[Line]
    all_cities: int
    """How many there are; more than are listed."""
    total: Line | None


def of(kinds_: Sequence[Kind], place: Entry | None, kind: Kind | None, most: int | None, today: date) -> Page:
    """The figures of all kinds or of one, everywhere or in one place; of so many cities at most."""
    places = [place.key] if place else []
    found = quality.Quality(kinds_, places, today)
    counted = [one for one in found.kinds if one.entries]
    key = place.key if place else ""
    return Page(
        kinds=[_of_kind(one, key) for one in counted],
        cities=[_sum(city.figures, spoken(city.name, city.name_en), kind, city.key) for city in found.cities[:most]],
        all_cities=len(found.cities),
        total=_sum(counted, Spoken("", ""), kind, key) if len(counted) > 1 else None,
    )  # fmt: skip


def _of_kind(one: Figures, place: str) -> Line:
    fields = [FieldLine(label(one.kind.field(name)), one.entries - unknown,
                        _cell(one.kind, name, unknown, one.entries, place), _share(one.entries - unknown, one.entries))
              for name, unknown in one.unknown.items()]  # fmt: skip
    return Line(
        name=Spoken(many(one.kind), ""), tone=one.kind.name, href=_list(one.kind, place), entries=one.entries,
        known=one.known, expected=one.expected, share=_share(one.known, one.expected),
        stale=_cell(one.kind, gaps.STALE, one.stale, one.entries, place),
        unsourced=_cell(one.kind, gaps.UNSOURCED, one.unsourced, one.entries, place),
        conflicts=_cell(one.kind, gaps.CONFLICT, one.conflicts, one.entries, place), last=one.last, fields=fields,
    )  # fmt: skip


def _sum(figures: Iterable[Figures], name: Spoken, kind: Kind | None, place: str) -> Line:
    """Several kinds together; a figure of one kind leads to its list, of several to the page of the place."""
    rows = list(figures)
    entries = sum(one.entries for one in rows)
    known, expected = sum(one.known for one in rows), sum(one.expected for one in rows)
    here = f"{reverse('quality')}?{urlencode({'place': place})}" if place else reverse("quality")

    def cell(gap: str, number: int) -> Cell:
        return _cell(kind, gap, number, entries, place) if kind else Cell(number, here, _share(number, entries))

    return Line(
        name=name, tone="", href=_list(kind, place) if kind else here, entries=entries, known=known,
        expected=expected, share=_share(known, expected), stale=cell(gaps.STALE, sum(one.stale for one in rows)),
        unsourced=cell(gaps.UNSOURCED, sum(one.unsourced for one in rows)),
        conflicts=cell(gaps.CONFLICT, sum(one.conflicts for one in rows)),
        last=max((one.last for one in rows if one.last), default=None),
    )  # fmt: skip


def _cell(kind: Kind, gap: str, number: int, entries: int, place: str) -> Cell:
    return Cell(number, _list(kind, place, gap), _share(number, entries))


def _list(kind: Kind, place: str, gap: str = "") -> str:
    asked = {name: value for name, value in (("place", place), ("gap", gap)) if value}
    address = reverse("list", args=[kind.plural])
    return f"{address}?{urlencode(asked)}" if asked else address


def _share(part: int, whole: int) -> int:
    """In per cent; what is not whole is never 100, what is not nothing never 0."""
    if not whole:
        return 0
    rounded = round(part / whole * 100)
    return min(rounded, 99) if part < whole and rounded == 100 else max(rounded, 1) if part else 0
