"""Quantities as printed: a value with a qualifier is a range, and two ranges may or may not both hold."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

_TENTH = Decimal("0.1")
INFINITE = Decimal("Infinity")


class Range(NamedTuple):
    low: Decimal
    high: Decimal

    def meets(self, other: Range) -> bool:
        return self.low <= other.high and other.low <= self.high


def possible_range(value: Decimal, qualifier: str = "exact") -> Range:
    """What the printed figure may mean: about (约) ±10 %, nearly (近) 0.9 to 1, over (余, 超) and under are open.

    :param qualifier: exact, about, nearly, over or under; another one raises KeyError.
    """
    margin = abs(value) * _TENTH
    return {
        "exact": Range(value, value),
        "about": Range(value - margin, value + margin),
        "nearly": Range(value - margin, value),
        "over": Range(value, INFINITE),
        "under": Range(-INFINITE, value),
    }[qualifier]
