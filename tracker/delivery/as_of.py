"""``as_of``: a document cut to one day. Pure; the rules of the valid-time clock stand here and nowhere else.

``from`` and ``to`` are half-open: what holds ``to`` a day no longer holds on it. What is only possibly valid — the day
lies inside an imprecise date, or no start is known — is kept and marked ``certain: false``.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

from tracker.entries import kinds
from tracker.entries.fields import Children, Json
from tracker.entries.rendering import first_date
from tracker.values import edtf


class Held(Enum):
    NO = 0
    POSSIBLY = 1
    CERTAINLY = 2


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
    kind = kinds.get(document["kind"])
    whole = Held.CERTAINLY
    if kind.since:
        start, end = first_date(document, kind.since), first_date(document, kind.until)
        whole = held(start or None, end or None, day)
        if whole is Held.NO:
            return None
    shown = dict(document)
    for field in kind.children():
        shown[field.name] = _cut_children(field, document[field.name], day)
    for backref in kind.backrefs:
        shown[backref.name] = [item for item in document[backref.name] if _had_happened(item.get("date"), day)]
    if kind.derive:
        shown |= kind.derive(shown)
    if "status" in shown:
        shown["status"] = kind.status(shown, {ref.name: shown[ref.name] for ref in kind.backrefs}, day)
    return shown | {"certain": whole is Held.CERTAINLY}


def _had_happened(start: Any, day: date) -> bool:
    return held(start, None, day) is not Held.NO


def _cut_children(field: Children, children: list[Json], day: date) -> list[Json]:
    starts, ends = field.window
    if not starts and not ends:
        return children
    kept = []
    for child in children:
        found = held(child.get(starts), child.get(ends), day, child.get("stated_on"))
        undated = not child.get(starts) and not child.get(ends) and not child.get("stated_on")
        if found is not Held.NO:
            kept.append(child | {"certain": found is Held.CERTAINLY and not undated})
    return kept
