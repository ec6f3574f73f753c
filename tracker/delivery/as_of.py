"""``as_of``: a document cut to one day. Pure; the rules of the valid-time clock stand here and nowhere else.

``from`` and ``to`` are half-open: what holds ``to`` a day no longer holds on it. What is only possibly valid — the day
lies inside an imprecise date, or no start is known and no source had told it yet — is kept and marked
``certain: false``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from typing import Any, NamedTuple

from tracker.entries import kinds
from tracker.entries.fields import Children, Json
from tracker.entries.rendering import first_date, on_day
from tracker.values import edtf
from tracker.values.paths import covering_paths


class Held(Enum):
    NO = 0
    POSSIBLY = 1
    CERTAINLY = 2


class Told(NamedTuple):
    """One entry: its document, and what of it held on the day; the same where no day is asked for."""

    whole: Json
    then: Json


def held(start: str | None, end: str | None, day: date, stated_on: str | None = None) -> Held:
    """Whether something that began at ``start`` and ended at ``end`` (EDTF, may be unknown) held on a day."""
    begun = _begun(start, day, stated_on)
    if begun is Held.NO or not end:
        return begun
    value = edtf.parse(end)
    if value.upper and day >= value.upper:
        return Held.NO
    if value.lower and day >= value.lower:
        return Held.POSSIBLY
    return begun


def _begun(start: str | None, day: date, stated_on: str | None) -> Held:
    if not start:
        stated = edtf.parse(stated_on) if stated_on else None
        seen = stated and stated.lower and stated.upper and stated.lower <= day <= stated.upper
        return Held.CERTAINLY if seen else Held.POSSIBLY
    value = edtf.parse(start)
    if value.lower and day < value.lower:
        return Held.NO
    return Held.CERTAINLY if value.upper and day >= value.upper else Held.POSSIBLY


def cut(document: Json, day: date) -> Json | None:
    """The document as of a day, with ``certain``; None when the entry was not there yet or no longer."""
    there = there_on(document, day)
    return None if there is Held.NO else trimmed(document, day) | {"certain": there is Held.CERTAINLY}


def cut_or_last(document: Json, day: date) -> Json | None:
    """The document as of a day or, of what had ended by then, as it last stood; None when it was not there yet."""
    if begun_by(document, day) is Held.NO:
        return None
    start, end = life(document)
    over = edtf.parse(end).upper if end else None
    if over is None or day < over:
        return cut(document, day)
    begun = edtf.parse(start).lower if start else None
    last = over - timedelta(days=1)
    return trimmed(document, max(last, begun) if begun else last) | {"certain": True}


def there_on(document: Json, day: date) -> Held:
    """Whether an entry was there; the sorts of reference data that have no dates of their own always are."""
    kind = kinds.get(document["kind"])
    return Held.CERTAINLY if kind.reference_data and not kind.since else held(*life(document), day)


def begun_by(document: Json, day: date) -> Held:
    """Whether an entry had begun by a day, whether or not it had ended since."""
    return held(life(document)[0], None, day)


def life(document: Json) -> tuple[str | None, str | None]:
    """From when until when an entry was there, as EDTF; a start that is not known is bounded by its earliest source."""
    kind = kinds.get(document["kind"])
    seen = list(_sightings(document))
    start, end = first_date(document, kind.since), first_date(document, kind.until)
    dated = first_date(document, kind.main_date)
    if dated and (upper := edtf.parse(dated).upper):
        seen = [*seen, Sighting("", upper)]
    return start or _seen_by(seen, ""), end or None


def trimmed(document: Json, day: date) -> Json:
    """What of a document held or had happened on a day, whether or not the entry itself was there."""
    kind = kinds.get(document["kind"])
    seen = list(_sightings(document))
    shown = dict(document)
    for field in kind.children():
        shown[field.name] = _cut_children(field, document[field.name], seen, day)
    for backref in kind.backrefs:
        shown[backref.name] = [item for item in document[backref.name] if _had_happened(item.get("date"), day)]
    if kind.derive:
        shown |= kind.derive(shown)
    return shown | on_day(shown, day)


def _had_happened(start: Any, day: date) -> bool:
    return held(start, None, day) is not Held.NO


def _cut_children(field: Children, children: list[Json], seen: list[Sighting], day: date) -> list[Json]:
    starts, ends = field.window
    if not starts and not ends:
        return children
    kept = []
    for child in children:
        start = next((child[name] for name in starts if child.get(name)), None)
        if not start and not child.get("stated_on"):
            start = _seen_by(seen, f"/{field.name}/{child['key']}")
        found = held(start, child.get(ends), day, child.get("stated_on"))
        if found is not Held.NO:
            kept.append(child | {"certain": found is Held.CERTAINLY})
    return kept


class Sighting(NamedTuple):
    """By which day a source had told a fact."""

    path: str
    by: date


def _sightings(document: Json) -> Iterator[Sighting]:
    for citation in document["citations"]:
        stated = citation["source"]["date"]
        if stated and (upper := edtf.parse(stated).upper):
            yield Sighting(citation["path"], upper)


def _seen_by(seen: list[Sighting], path: str) -> str | None:
    """What bounds an unknown start, as ``../2021-03-31``: it was there by the date of the earliest source."""
    covering, below = covering_paths(path), f"{path}/"
    days = [fact.by for fact in seen if fact.path in covering or fact.path.startswith(below)]
    return f"../{min(days).isoformat()}" if days else None
