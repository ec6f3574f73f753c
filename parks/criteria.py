"""The criteria a team may set: how each is asked for, what a park's document says to it, and the points it gives. Pure.

A hard criterion has a bound (``at_least``, ``at_most``) or is a ``must``. A soft one has a weight and a value function:
straight from ``worst`` (0 points) to ``best`` (1 point) for numbers, 0 or 1 for the rest. One criterion may be both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from parks.models import Stage
from parks.scoring import ANY, Points, Verdict
from policies.models import AreaMeasure
from tracker.entries.fields import Json
from tracker.values.errors import Invalid
from tracker.values.units import SQUARE_METRES, UNIT_LABELS

MOST = 20
MOST_WEIGHT = 1000
NUMBERS = ("area", "siting", "distance")
CHOICES = {"category": "term", "place": "place", "industry": "industry", "designation": "programme", "policy": "term"}
"""Kinds of what ``any_of`` names, by type of criterion; stages are codes."""
NAMING = {"area": "measure", "siting": "indicator", "distance": "to"}
"""The member that says which number is meant."""


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Criterion:
    key: str
    type: str
    of: str = ""
    """Of a number: the measure of the area, the key of the indicator, ``kind/key`` of where the distance leads."""
    any_of: tuple[str, ...] = ()
    unit: str = ""
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    worst: Decimal | None = None
    best: Decimal | None = None
    must: bool = False
    weight: Decimal = Decimal(0)

    @property
    def numeric(self) -> bool:
        return self.type in NUMBERS

    @property
    def hard(self) -> bool:
        return self.must or self.at_least is not None or self.at_most is not None

    @property
    def soft(self) -> bool:
        return self.weight > 0


@dataclass(frozen=True)
class Reading:
    """What a park's document says to a criterion: a number as a range in the criterion's unit, else an answer."""

    low: Decimal | None = None
    high: Decimal | None = None
    """Without end where open; both None: not known."""
    answer: Answer = Answer.UNKNOWN
    named: tuple[Json, ...] = ()
    """References that say why: the policy, the title, the stage as text."""
    paths: tuple[str, ...] = ()
    """The facts it rests on, in the park's document."""
    doubt: str = ""
    """Why a fact that is there does not count: ``possibly``, ``unit``."""
    own: bool = False
    """A value of the team's own."""

    @property
    def known(self) -> bool:
        return self.low is not None or self.high is not None


# --- asking -------------------------------------------------------------------------------------------------------

_NUMBER: Json = {"type": "number", "minimum": -(10**15), "maximum": 10**15}
CRITERION: Json = {
    "type": "object", "additionalProperties": False, "required": ["type"],
    "properties": {
        "type": {"enum": [*NUMBERS, "stage", *CHOICES]},
        "measure": {"enum": AreaMeasure.values, "description": "of an area"},
        "indicator": {"type": "string", "maxLength": 80, "description": "of a siting fact: key of the indicator"},
        "to": {"type": "string", "maxLength": 120, "description": "of a distance: platform/key, park/key, place/key"},
        "unit": {"type": "string", "maxLength": 40, "description": "of the bounds: m2, 万m2, ha, 亩, km2; km for a "
                                                                  "distance; of a siting fact, as it is recorded"},
        "at_least": {**_NUMBER, "description": "hard: less is eliminated"},
        "at_most": {**_NUMBER, "description": "hard: more is eliminated"},
        "worst": {**_NUMBER, "description": "soft: 0 points"},
        "best": {**_NUMBER, "description": "soft: 1 point; less than worst where less is better"},
        "any_of": {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "maxLength": 80},
                   "description": "stages; or keys: of terms, places, industries, programmes, subjects of measures"},
        "must": {"type": "boolean", "description": "hard: what is known not to be so is eliminated"},
        "weight": {"type": "number", "minimum": 0, "maximum": MOST_WEIGHT, "description": "soft, where above 0"},
    },
}  # fmt: skip


def parsed(asked: Sequence[Json]) -> list[Criterion]:
    """Criteria out of what :data:`CRITERION` allows.

    :raises Invalid: naming each member that is missing, too much, or cannot be meant, as ``criteria/0/unit``.
    """
    errors = [(f"criteria/{at}{name}", words) for at, one in enumerate(asked) for name, words in _wrong(one)]
    if errors:
        raise Invalid("; ".join(f"{name}: {words}" for name, words in errors), errors)
    return [_criterion(str(at), one) for at, one in enumerate(asked, start=1)]


def _wrong(one: Json) -> Iterator[tuple[str, str]]:
    yield from (_wrong_number(one) if one["type"] in NUMBERS else _wrong_choice(one))
    hard = any(name in one for name in ("at_least", "at_most")) or one.get("must")
    if not hard and not one.get("weight"):
        yield "", "须有界限或权重 needs a bound, a must or a weight"


def _wrong_number(one: Json) -> Iterator[tuple[str, str]]:
    naming = NAMING[one["type"]]
    if not one.get(naming):
        yield f"/{naming}", "缺少 is missing"
    yield from _surplus(one, {naming, "unit", "at_least", "at_most", "worst", "best", "weight"})
    units = {"area": tuple(SQUARE_METRES), "distance": ("km",)}.get(one["type"])
    if units and one.get("unit", units[0]) not in units:
        yield "/unit", f"可用 one of {', '.join(units)}"
    if one.get("weight") and not {"worst", "best"} <= set(one):
        yield "/weight", "有权重须写 worst 与 best 两项 a weight needs worst and best"
    if "worst" in one and one["worst"] == one.get("best"):
        yield "/best", "不能与 worst 相同 must differ from worst"
    if {"at_least", "at_most"} <= set(one) and one["at_least"] > one["at_most"]:
        yield "/at_least", "不能大于 at_most 的值 must not be above at_most"
    if one["type"] == "distance" and one.get("to", "").partition("/")[0] not in ("platform", "park", "place"):
        yield "/to", "写成 platform/键、park/键 或 place/键 write platform/key, park/key or place/key"


def _wrong_choice(one: Json) -> Iterator[tuple[str, str]]:
    if not one.get("any_of"):
        yield "/any_of", "缺少 is missing"
    yield from _surplus(one, {"any_of", "must", "weight"})
    for stage in one.get("any_of", ()) if one["type"] == "stage" else ():
        if stage not in Stage.values:
            yield "/any_of", f"可用 one of {', '.join(Stage.values)}"


def _surplus(one: Json, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(set(one) - {"type", *known}):
        yield f"/{name}", f"不能用于 {one['type']} 标准 does not go with {one['type']}"


def _criterion(key: str, one: Json) -> Criterion:
    of = one.get(NAMING.get(one["type"], ""), "")
    unit = one.get("unit") or {"area": "m2", "distance": "km"}.get(one["type"], "")
    numbers = {name: Decimal(str(one[name])) for name in ("at_least", "at_most", "worst", "best") if name in one}
    return Criterion(key, one["type"], of, tuple(dict.fromkeys(one.get("any_of", ()))), unit,
                     must=bool(one.get("must")), weight=Decimal(str(one.get("weight", 0))), **numbers)  # fmt: skip


def as_asked(one: Criterion) -> Json:
    """The criterion as one would ask for it; the inverse of :func:`parsed`."""
    said: dict[str, Any] = {"type": one.type}
    if one.numeric:
        said |= {NAMING[one.type]: one.of} | ({"unit": one.unit} if one.unit else {})
        said |= {name: value for name in ("at_least", "at_most", "worst", "best")
                 if (value := getattr(one, name)) is not None}  # fmt: skip
    else:
        said |= {"any_of": list(one.any_of)} | ({"must": True} if one.must else {})
    return said | ({"weight": one.weight} if one.weight else {})


# --- judging ------------------------------------------------------------------------------------------------------


def points(one: Criterion, reading: Reading) -> Points:
    """From the worst case to the best case of what is known."""
    if not one.numeric:
        sure = {Answer.YES: Points(Fraction(1), Fraction(1)), Answer.NO: Points(Fraction(0), Fraction(0))}
        return sure.get(reading.answer, ANY)
    if not reading.known:
        return ANY
    ends = sorted((_value(one, reading.low, below=True), _value(one, reading.high, below=False)))
    return Points(ends[0], ends[1])


def _value(one: Criterion, number: Decimal | None, *, below: bool) -> Fraction:
    """The value function at a number; at an open end its limit."""
    assert one.worst is not None and one.best is not None
    worst, best = Fraction(one.worst), Fraction(one.best)
    if number is None:
        return Fraction(int((best < worst) is below))
    return min(Fraction(1), max(Fraction(0), (Fraction(number) - worst) / (best - worst)))


def verdict(one: Criterion, reading: Reading) -> Verdict:
    """Only what is known to fail fails."""
    if not one.numeric:
        return {Answer.YES: Verdict.PASSES, Answer.NO: Verdict.FAILS}.get(reading.answer, Verdict.OPEN)
    too_little = _beyond(one.at_least, reading.low, reading.high)
    too_much = _beyond(_minus(one.at_most), _minus(reading.high), _minus(reading.low))
    found = {too_little, too_much}
    return next(word for word in (Verdict.FAILS, Verdict.OPEN, Verdict.PASSES) if word in found)


def _minus(number: Decimal | None) -> Decimal | None:
    return None if number is None else -number


def _beyond(bound: Decimal | None, low: Decimal | None, high: Decimal | None) -> Verdict:
    """Of a range that must reach at least a bound."""
    if bound is None or (low is not None and low >= bound):
        return Verdict.PASSES
    return Verdict.FAILS if high is not None and high < bound else Verdict.OPEN


def unit_label(unit: str) -> tuple[str, str]:
    return UNIT_LABELS.get(unit, (unit, unit))
