"""Fit score: options, each with a range of points for each criterion, set in an order that says how sure it is. Pure.

Points lie between 0 and 1. What is not known is a range: worst case to best case, never a no. An option's total is the
weighted mean of its points, itself a range; options stand in the order of the middles of their ranges, and equal
middles share a rank. A hard criterion eliminates only what is known to fail it. Sums are exact fractions, so that
neither the order of the input nor the scale of the weights can change anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

WATCHED = 6
"""Among how many of the best a missing fact is watched for what it could change."""


class Verdict(StrEnum):
    PASSES = "passes"
    FAILS = "fails"
    OPEN = "open"
    """Not known: neither eliminated nor confirmed."""


class Points(NamedTuple):
    """From the worst case to the best case."""

    low: Fraction
    high: Fraction

    @property
    def middle(self) -> Fraction:
        return (self.low + self.high) / 2

    @property
    def known(self) -> bool:
        return self.low == self.high


ANY = Points(Fraction(0), Fraction(1))
"""Nothing is known."""


@dataclass(frozen=True)
class Option:
    """One park: its points for each soft criterion, its verdict for each hard one, by the criterion's key."""

    key: str
    points: Mapping[str, Points] = field(default_factory=dict)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """An option in the order; ``rank`` is None for what was eliminated."""

    option: Option
    total: Points
    rank: int | None
    failed: tuple[str, ...]
    open: tuple[str, ...]


class Swing(NamedTuple):
    """A missing fact of ``holder`` that alone could put ``second`` above ``first``."""

    first: str
    second: str
    holder: str
    criterion: str


def place(options: Sequence[Option], weights: Mapping[str, Fraction]) -> list[Placed]:
    """The options from best to worst, those eliminated last; ties by key.

    :param weights: of the soft criteria, not negative; only their proportions count.
    """
    totals = {option.key: total(option, weights) for option in options}
    staying = sorted((one for one in options if not _failed(one)), key=lambda one: (-totals[one.key].middle, one.key))
    going = sorted((one for one in options if _failed(one)), key=lambda one: one.key)
    placed = [Placed(one, totals[one.key], _rank(one, staying, totals), (), _open(one)) for one in staying]
    return [*placed, *(Placed(one, totals[one.key], None, _failed(one), _open(one)) for one in going)]


def total(option: Option, weights: Mapping[str, Fraction]) -> Points:
    """The weighted mean of the points; 0 where nothing has weight."""
    whole = sum(weights.values(), Fraction(0))
    if not whole:
        return Points(Fraction(0), Fraction(0))
    low = sum((weight * option.points[key].low for key, weight in weights.items()), Fraction(0))
    high = sum((weight * option.points[key].high for key, weight in weights.items()), Fraction(0))
    return Points(low / whole, high / whole)


def _rank(option: Option, staying: Sequence[Option], totals: Mapping[str, Points]) -> int:
    middle = totals[option.key].middle
    return 1 + sum(totals[other.key].middle > middle for other in staying)


def _failed(option: Option) -> tuple[str, ...]:
    return tuple(key for key, verdict in option.verdicts.items() if verdict is Verdict.FAILS)


def _open(option: Option) -> tuple[str, ...]:
    return tuple(key for key, verdict in option.verdicts.items() if verdict is Verdict.OPEN)


def swings(placed: Sequence[Placed], weights: Mapping[str, Fraction]) -> list[Swing]:
    """The missing facts each of which alone could turn the order of two of the best.

    The fact is set to its worst or best case while everything else stays in the middle.
    """
    whole = sum(weights.values(), Fraction(0))
    best = [one for one in placed if one.rank is not None][:WATCHED]
    return [swing for first, second in combinations(best, 2) if first.rank != second.rank
            for swing in _between(first, second, weights, whole)]  # fmt: skip


def _between(first: Placed, second: Placed, weights: Mapping[str, Fraction], whole: Fraction) -> Iterator[Swing]:
    lead = (first.total.middle - second.total.middle) * whole
    for key, weight in weights.items():
        for holder in (first, second):
            points = holder.option.points[key]
            if weight * (points.high - points.low) / 2 > lead:
                yield Swing(first.option.key, second.option.key, holder.option.key, key)
