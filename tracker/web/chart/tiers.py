"""The two drawings of everything: for wide windows and for narrow ones; the style sheet shows one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from .words import Told

Address = Callable[[date, date], str]
"""The address of the page for the days from first to last."""


@dataclass(frozen=True)
class Tier:
    name: str
    cells: int
    """At most so many across."""
    labels: int
    gutter: float
    least: float
    """How wide a target must be, in per cent: 44 px on a telephone."""
    row: int
    """Height of a row of cells, in px."""
    span_row: int


WIDE = Tier("wide", cells=40, labels=14, gutter=5.0, least=2.2, row=40, span_row=22)
NARROW = Tier("narrow", cells=7, labels=4, gutter=12.5, least=12.4, row=52, span_row=44)
TIERS = (WIDE, NARROW)


@dataclass(frozen=True)
class Pen:
    """What every mark of a drawing needs to know."""

    tier: Tier
    events: Mapping[str, Told]
    """The events that are drawn by themselves, by sort key."""
    address: Address
