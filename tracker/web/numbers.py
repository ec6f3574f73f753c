"""Numbers as people read them: thousands, units, and areas in the unit the reader chose. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from tracker.values.units import SQUARE_METRES, UNIT_LABELS

AREA_UNITS = ("km2", "ha", "亩", "万m2")
"""The units a reader may choose; without a choice an area stands in the unit printed."""

_QUALIFIERS = {
    "about": ("约", "about "),
    "nearly": ("近", "nearly "),
    "over": ("超过", "over "),
    "under": ("不足", "under "),
}


class Amount(NamedTuple):
    """A quantity ready to show: ``约`` ``1,200`` ``亿元``."""

    qualifier: str
    number: str
    unit: str


def grouped(value: Any) -> str:
    """1234567.5 → 1,234,567.5; trailing zeros are dropped, digits never."""
    number = Decimal(str(value))
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(quantity: dict[str, Any], *, english: bool) -> Amount:
    """A quantity in its own unit."""
    unit = quantity.get("unit") or ""
    labels = UNIT_LABELS.get(unit, (unit, unit))
    return Amount(_word(quantity, english), grouped(quantity["value"]), labels[english])


def area(child: dict[str, Any], unit: str, *, english: bool) -> Amount:
    """An area in the unit chosen, to four significant figures; in its own where none is chosen or none fits."""
    if not unit or child.get("unit") == unit or child.get("unit") not in SQUARE_METRES:
        return amount(child, english=english)
    square_metres = Decimal(str(child["value"])) * SQUARE_METRES[child["unit"]]
    converted = _significant(square_metres / SQUARE_METRES[unit], 4)
    return Amount(_word(child, english), grouped(converted), UNIT_LABELS[unit][english])


def _significant(value: Decimal, figures: int) -> Decimal:
    if not value:
        return value
    step = Decimal(1).scaleb(value.adjusted() - figures + 1)
    return value.quantize(min(step, Decimal(1)))


def _word(quantity: dict[str, Any], english: bool) -> str:
    return _QUALIFIERS.get(quantity.get("qualifier") or "", ("", ""))[english]
