"""What the sources of a conflict say of one fact of a comparison. Pure.

A conflict may be about a whole child or more; a fact is one member of it, and of that alone is told here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tracker.entries.fields import Json
from tracker.values import canonical
from tracker.values.paths import value_at
from tracker.values.units import SQUARE_METRES, to_square_metres


def said(fact: Json, document: Json) -> list[tuple[Any, Json]]:
    """``(stated, citation)`` of each source; empty where they agree with one another and with what is served.

    A quantity is ``{value, unit, qualifier}`` in the unit stated. What stands below the fact has a row of its own.
    """
    conflict = fact["conflict"]
    if not conflict or conflict["path"].startswith(f"{fact['path']}/"):
        return []
    found = [(_of_fact(fact["path"], item["stated"], item["citation"]["path"], document), item["citation"])
             for item in conflict["values"]]  # fmt: skip
    told = [(stated, citation) for stated, citation in found if stated is not None]
    served = _of_fact(fact["path"], document, "", document)
    return told if len({_sense(stated) for stated in (served, *(stated for stated, _ in told))}) > 1 else []


def _of_fact(path: str, stated: Any, at: str, document: Json) -> Any:
    """The part of what is stated at one path that is about the fact; None where it says nothing of it."""
    rest = path.removeprefix(at)
    holder = value_at(document, path.rpartition("/")[0])
    if path.endswith("/value") and isinstance(holder, dict):
        return _quantity(value_at(stated, rest.removesuffix("/value")), holder)
    found = value_at(stated, rest)
    return None if isinstance(found, list) and any(_is_child(item) for item in found) else found


def _is_child(item: Any) -> bool:
    """Children are listed or counted in their row: what sources say of them stands with each."""
    return isinstance(item, dict) and "key" in item and "kind" not in item


def _quantity(stated: Any, holder: Json) -> Json | None:
    """A number alone is in the unit and with the qualifier of the fact that it is stated for."""
    if isinstance(stated, dict):
        own = {name: stated[name] for name in ("value", "unit", "qualifier") if stated.get(name) is not None}
        return {"unit": holder["unit"], "qualifier": "exact"} | own if "value" in own else None
    if isinstance(stated, int | float | Decimal):
        return {"value": stated, "unit": holder["unit"], "qualifier": holder["qualifier"] or "exact"}
    return None


def _sense(stated: Any) -> str:
    """Equal for what says the same: areas in any unit, references by key or in full, lists in any order."""
    match stated:
        case {"value": value, "unit": unit, "qualifier": qualifier}:
            number = to_square_metres(Decimal(str(value)), unit) if unit in SQUARE_METRES else Decimal(str(value))
            return canonical.dumps([number.normalize(), "m2" if unit in SQUARE_METRES else unit, qualifier])
        case {"lat": lat, "lng": lng}:
            return canonical.dumps([lat, lng])
        case dict():
            return str(stated.get("key") or stated.get("title") or canonical.dumps(stated))
        case list():
            return canonical.dumps(sorted(map(_sense, stated)))
    return str(stated)
