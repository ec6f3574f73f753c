"""Areas in the unit printed, compared in square metres.

1 亩 = 2000/3 m² (GB 3100 keeps it beside the hectare as the customary unit of land).
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

SQUARE_METRES: dict[str, Decimal] = {
    "m2": Decimal(1),
    "万m2": Decimal(10_000),
    "ha": Decimal(10_000),
    "km2": Decimal(1_000_000),
    "亩": Decimal(2000) / Decimal(3),
    "万亩": Decimal(20_000_000) / Decimal(3),
}

UNIT_LABELS: dict[str, tuple[str, str]] = {
    "m2": ("m²", "m²"),
    "万m2": ("万m²", "10,000 m²"),
    "ha": ("公顷", "ha"),
    "km2": ("km²", "km²"),
    "亩": ("亩", "mu"),
    "万亩": ("万亩", "10,000 mu"),
    "万元": ("万元", "ten thousand yuan"),
    "亿元": ("亿元", "hundred million yuan"),
    "万亿元": ("万亿元", "trillion yuan"),
    "万美元": ("万美元", "ten thousand US dollars"),
    "亿美元": ("亿美元", "hundred million US dollars"),
    "万亿美元": ("万亿美元", "trillion US dollars"),
}
"""Of areas and of money. In words where a number would stand beside another: not “134 100 million yuan”."""


_SPELLINGS = {
    "m2": ("平方米", "平米", "sqm", "sq m"), "万m2": ("万平方米", "万平", "万平米"), "ha": ("hectare", "hectares"),
    "km2": ("平方公里", "平方千米", "sqkm", "sq km"), "亩": ("mu",), "万亩": (),
}  # fmt: skip


def read_area_unit(text: str) -> str:
    """The unit of an area that people write: ``平方公里`` and ``km²`` are km2.

    :raises KeyError: for what is no unit of area.
    """
    return _UNITS_BY_SPELLING[_folded(text)]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").casefold()


_UNITS_BY_SPELLING = {
    _folded(spelling): unit for unit in SQUARE_METRES for spelling in (unit, *UNIT_LABELS[unit], *_SPELLINGS[unit])
}


def to_square_metres(value: Decimal, unit: str) -> Decimal:
    """Convert an area to m², rounded to one square metre.

    :raises KeyError: for a unit that is not an area.
    """
    return (value * SQUARE_METRES[unit]).quantize(Decimal(1))
