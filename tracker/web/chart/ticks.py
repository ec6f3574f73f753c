"""Where the axis is labelled. Pure; the words are made where the language is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .marks import Axis
from .steps import DAY, MONTH, STEPS, YEAR, Step

_LABELLED = [step for step in STEPS if step.name not in ("two-months", "half-year")]


@dataclass(frozen=True)
class Tick:
    x: float
    day: date
    unit: str
    """What the label says: year, month or day."""
    whole: bool
    """Whether it must say the larger unit too: the first label, and where a year or month begins."""


def ticks(axis: Axis, most: int) -> list[Tick]:
    """Labels at the beginning of days, months or years, not more than so many."""
    window = axis.window
    step = next((step for step in _LABELLED if step.fits(window.first, window.last, most)), _LABELLED[-1])
    starts = [piece.first for piece in step.pieces(window.first, window.last) if step.start(piece.first) == piece.first]
    starts = starts or [window.first]
    unit = _unit(step)
    return [Tick(axis.at(day), day, unit, number == 0 or _begins(day, unit)) for number, day in enumerate(starts)]


def _unit(step: Step) -> str:
    if step.months >= YEAR.months:
        return "year"
    return "month" if step.months >= MONTH.months else DAY.name


def _begins(day: date, unit: str) -> bool:
    return day.day == 1 if unit == "day" else day.month == 1
