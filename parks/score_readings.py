"""What a park's document, as of a day, says to a criterion. Pure: unknown stays unknown; what disagrees is a range."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from parks.criteria import Answer, Criterion, Reading
from policies.models import Wording
from tracker.entries.fields import Json
from tracker.values.circles import RADIUS_KM, Circle, between, circle
from tracker.values.quantity import possible_range
from tracker.values.units import SQUARE_METRES

NOT_YET_HELD = (Wording.APPLYING, Wording.SUPPORTED)


@dataclass(frozen=True)
class Own:
    """A value of the team's own on a park: an indicator, or an area measure."""

    about: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Subject:
    """One park on a day, with what the criteria need beside its document."""

    document: Json
    places: frozenset[str] = frozenset()
    """Keys of all places and regions it lies in; empty: not known."""
    industries: frozenset[str] = frozenset()
    """Keys of its industries and of those above them."""
    applicable: Json | None = None
    """What applies there, where a criterion asks for policies."""
    own: tuple[Own, ...] = field(default=())


@dataclass(frozen=True)
class World:
    """What criteria name beside parks."""

    targets: Mapping[str, Target]
    """Where distances lead to, by ``kind/key``."""
    above: Mapping[str, frozenset[str]]
    """Of each place asked for, the places of which it is a part."""


@dataclass(frozen=True)
class Target:
    """Where a distance leads to."""

    reference: Json
    circle: Circle


def read(one: Criterion, subject: Subject, world: World) -> Reading:
    if one.type == "distance":
        return _distance(subject.document, world.targets.get(one.of))
    if one.type == "place":
        return _place(one, subject, world)
    return _READERS[one.type](one, subject)


# --- numbers ------------------------------------------------------------------------------------------------------


def _area(one: Criterion, subject: Subject) -> Reading:
    areas = [area for area in subject.document["areas"] if area["measure"] == one.of]
    return _number(one, subject, "areas", areas, SQUARE_METRES)


def _siting(one: Criterion, subject: Subject) -> Reading:
    facts = [fact for fact in subject.document["siting"] if fact["indicator"]["key"] == one.of]
    return _number(one, subject, "siting", facts, {one.unit: Decimal(1)})


def _number(one: Criterion, subject: Subject, name: str, facts: list[Json], units: Mapping[str, Decimal]) -> Reading:
    """The hull of all that is said of one number, the sources that disagree with it included; own values come first."""
    own = [mine for mine in subject.own if mine.about == f"{one.type}:{one.of}" and mine.unit in units]
    if own:
        scaled = [mine.value * units[mine.unit] / units[one.unit] for mine in own]
        return Reading(min(scaled), max(scaled), own=True)
    fitting = [fact for fact in facts if fact["unit"] in units]
    paths = tuple(f"/{name}/{fact['key']}/value" for fact in facts)
    if facts and not fitting:
        return Reading(doubt="unit", paths=paths)
    if any(fact.get("certain") is False for fact in fitting):
        return Reading(doubt="possibly", paths=paths)
    ends = [ends for fact in fitting for ends in _ends(one, subject.document, name, fact, units)]
    if not ends:
        return Reading()
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    return Reading(_finite(min(lows)), _finite(max(highs)), paths=paths)


def _ends(one: Criterion, document: Json, name: str, fact: Json,
          units: Mapping[str, Decimal]) -> Iterator[tuple[Decimal, Decimal]]:  # fmt: skip
    """The possible range of a fact in the criterion's unit, and of every other value that a source states for it."""
    path = f"/{name}/{fact['key']}/value"
    stated = [{}, *(item["stated"] for conflict in document["conflicts"] if conflict["path"] == path
                    for item in conflict["values"])]  # fmt: skip
    for other in stated:
        said = fact | (other if isinstance(other, dict) else {"value": other})
        if isinstance(said["value"], int | float | Decimal) and said["unit"] in units:
            scale = units[said["unit"]] / units[one.unit]
            found = possible_range(Decimal(str(said["value"])), said["qualifier"] or "exact")
            yield found.low * scale, found.high * scale


def _finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


def _distance(document: Json, target: Target | None) -> Reading:
    """Between the two points, give or take how roughly each is known."""
    location = document["location"]
    if target is None or location["lat"] is None or location["precision"] not in RADIUS_KM:
        return Reading()
    here = circle(float(location["lat"]), float(location["lng"]), location["precision"])
    low, high = (Decimal(f"{end:.1f}") for end in between(here, target.circle))
    return Reading(low, high, paths=("/location",))


# --- answers ------------------------------------------------------------------------------------------------------


def _stage(one: Criterion, subject: Subject) -> Reading:
    return _one_of(one, subject.document["stage"], ({"code": subject.document["stage"]},), "/stage")


def _category(one: Criterion, subject: Subject) -> Reading:
    category = subject.document["category"]
    return _one_of(one, category and category["key"], (category,) if category else (), "/category")


def _one_of(one: Criterion, value: str | None, named: tuple[Json, ...], path: str) -> Reading:
    """A single value, which is one of those asked for or is not."""
    if not value:
        return Reading()
    return Reading(answer=Answer.YES if value in one.any_of else Answer.NO, named=named, paths=(path,))


def _place(one: Criterion, subject: Subject, world: World) -> Reading:
    """Another place is a no; but of a park known by its city alone no district is."""
    named = tuple(subject.document["places"])
    if not subject.places.isdisjoint(one.any_of):
        return Reading(answer=Answer.YES, named=named, paths=("/places",))
    own = {place["key"] for place in named}
    perhaps = any(own & world.above.get(key, frozenset()) for key in one.any_of)
    return Reading(answer=Answer.NO, named=named, paths=("/places",)) if own and not perhaps else Reading()


def _industry(one: Criterion, subject: Subject) -> Reading:
    """A list of industries is never known to be whole."""
    if subject.industries.isdisjoint(one.any_of):
        return Reading()
    return Reading(answer=Answer.YES, named=tuple(subject.document["industries"]), paths=("/industries",))


def _designation(one: Criterion, subject: Subject) -> Reading:
    """Held on the day, certainly; support to build one is not a title yet."""
    held = [title for title in subject.document["designations"] if title["programme"]["key"] in one.any_of
            and title["wording"] not in NOT_YET_HELD and title.get("certain") is not False]  # fmt: skip
    paths = tuple(f"/designations/{title['key']}" for title in held)
    return Reading(answer=Answer.YES, named=tuple(title["programme"] for title in held), paths=paths) \
        if held else Reading()  # fmt: skip


def _policy(one: Criterion, subject: Subject) -> Reading:
    """Confirmed on the day is a yes; unverified, or not found, is unknown."""
    assert subject.applicable is not None
    confirmed = tuple(_offering(one, subject.applicable["confirmed"], certainly=True))
    if confirmed:
        return Reading(answer=Answer.YES, named=confirmed)
    unverified = tuple(policy for name in ("confirmed", "unverified")
                       for policy in _offering(one, subject.applicable[name], certainly=False))  # fmt: skip
    return Reading(named=unverified, doubt="unverified" if unverified else "")


def _offering(one: Criterion, levels: Iterable[Json], *, certainly: bool) -> Iterator[Json]:
    for level in levels:
        for item in level["policies"]:
            measures = [measure for measure in item["measures"] if measure["subject"]["key"] in one.any_of]
            if any((item["certain"] and measure["certain"]) or not certainly for measure in measures):
                yield item["policy"]


_READERS: dict[str, Callable[[Criterion, Subject], Reading]] = {
    "area": _area, "siting": _siting, "stage": _stage, "category": _category, "industry": _industry,
    "designation": _designation, "policy": _policy,
}  # fmt: skip
