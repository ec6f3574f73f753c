"""Which policies apply to a park or place on a day, and why. Pure: documents in, JSON out.

A policy applies because it names the park or place (or a park that contains it), because its place contains this one,
or because of a title held here whose programme rests on it. A policy of zone level that names parks holds in those
parks alone: the places beside them say only where they lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from policies.models import Level
from policies.status import PolicyStatus, evidence, period_ended, policy_status, start_of
from tracker.delivery.as_of import Held, held
from tracker.entries.fields import Json
from tracker.entries.kinds import plain_reference
from tracker.values import edtf

SOON = timedelta(days=180)
"""How far ahead “about to start” and “about to end” look."""

DATES = ("issued", "effective", "expires", "period")


class Standing(StrEnum):
    CONFIRMED = "confirmed"
    UNVERIFIED = "unverified"
    NOT_YET = "not_yet"
    ENDED = "ended"


@dataclass(frozen=True)
class Inside:
    """A park that contains the ground; whether it certainly did on the day."""

    reference: Json
    certain: bool = True


@dataclass(frozen=True)
class Ground:
    """A park or place on a day: the places that contain it (a place contains itself), the parks (a park itself)."""

    subject: Json
    places: dict[str, Json]
    parks: dict[str, Inside]


@dataclass(frozen=True)
class Title:
    """A designation held here on the day, with the documents it rests on."""

    shown: Json
    rests_on: frozenset[str]
    """Keys of policies: the programme's legal basis, the batch's document, the designation's own."""


# --- why ----------------------------------------------------------------------------------------------------------


def because(policy: Json, ground: Ground, titles: Iterable[Title]) -> list[Json]:
    """The reasons for which a policy applies here; none: it does not.

    Each is ``{type: named|containment|designation, through: reference, programme, certain}``.
    """
    return [*_by_parks(policy, ground), *_by_places(policy, ground), *_by_titles(policy, titles)]


def _by_parks(policy: Json, ground: Ground) -> Iterator[Json]:
    for key in _keys(policy["parks"]):
        if inside := ground.parks.get(key):
            yield _reason("named", inside.reference, inside.certain)


def _by_places(policy: Json, ground: Ground) -> Iterator[Json]:
    if policy["level"] == Level.ZONE and policy["parks"]:
        return
    for key in _keys(policy["places"]):
        if key in ground.places:
            named = ground.subject["kind"] == "place" and ground.subject["key"] == key
            yield _reason("named" if named else "containment", ground.places[key], True)


def _by_titles(policy: Json, titles: Iterable[Title]) -> Iterator[Json]:
    for title in titles:
        if policy["key"] in title.rests_on:
            programme = title.shown["programme"]
            yield _reason("designation", title.shown["holder"], title.shown["certain"]) | {"programme": programme}


def _reason(type_: str, through: Json, certain: bool) -> Json:
    return {"type": type_, "through": through, "programme": None, "certain": certain}


def _keys(references: Iterable[Json]) -> list[str]:
    return [reference["key"] for reference in references if reference["key"]]


# --- when ---------------------------------------------------------------------------------------------------------


def standing(policy: Json, day: date) -> Standing:
    """Confirmed only where evidence says that it was in force; a plan past its period is unverified, not ended."""
    status = policy_status(policy, day)
    if status == PolicyStatus.NOT_YET:
        return Standing.NOT_YET
    if status == PolicyStatus.ENDED:
        return Standing.ENDED
    return Standing.CONFIRMED if evidence(policy, day) else Standing.UNVERIFIED


def starts_soon(policy: Json, day: date) -> bool:
    start = start_of(policy)
    lower = edtf.parse(start).lower if start else None
    return lower is not None and day < lower <= day + SOON


def ends_soon(policy: Json, day: date) -> list[Json]:
    """``{type: expires|period, date}`` for each end within 180 days; type ``period`` is 规划期届满, not expiry."""
    found = []
    for type_ in ("expires", "period"):
        upper = edtf.parse(policy[type_]).upper if policy[type_] else None
        if upper and day < upper <= day + SOON:
            found.append({"type": type_, "date": upper.isoformat() if type_ == "period" else policy[type_]})
    return found


# --- what is shown ------------------------------------------------------------------------------------------------


def applicable(policy: Json, reasons: list[Json], day: date) -> Json:
    """One policy as it applies on the day."""
    return {
        "policy": plain_reference(policy),
        "level": policy["level"],
        "status": policy_status(policy, day),
        **{name: policy[name] for name in DATES},
        "period_ended": bool(period_ended(policy, day)),
        "certain": _certain(policy, reasons, day),
        "evidence": evidence(policy, day),
        "measures": measures(policy, day),
        "because": reasons,
    }


def _certain(policy: Json, reasons: list[Json], day: date) -> bool:
    """Whether it certainly applied; of one not begun or ended, whether it certainly would."""
    possibly = held(start_of(policy), policy["expires"], day) is Held.POSSIBLY
    return not possibly and any(reason["certain"] for reason in reasons)


def measures(policy: Json, day: date) -> list[Json]:
    """The measures whose window holds on the day; one without a window of its own holds as long as the policy."""
    found = []
    for measure in policy["measures"]:
        windowed = measure["from"] or measure["to"]
        start = measure["from"] or (start_of(policy) if windowed else None)
        on_the_day = held(start, measure["to"], day) if windowed else Held.CERTAINLY
        if on_the_day is not Held.NO:
            found.append(measure | {"certain": on_the_day is Held.CERTAINLY})
    return found


def by_level(items: Iterable[Json]) -> list[Json]:
    """``[{level, policies}]`` from national to zone, unknown last; in each the latest first, undated last."""
    ordered = sorted(items, key=lambda item: str(item["policy"]["key"]))
    ordered.sort(key=_date_of, reverse=True)
    groups = {level: [item for item in ordered if (item["level"] or None) == level] for level in (*Level.values, None)}
    return [{"level": level, "policies": found} for level, found in groups.items() if found]


def _date_of(item: Json) -> str:
    dated = item["effective"] or item["issued"]
    return edtf.sort_text(edtf.parse(dated)) if dated else ""


def answer(policies: Iterable[Json], ground: Ground, titles: list[Title], day: date) -> dict[str, Any]:
    """``{confirmed, unverified, about_to_start, about_to_end, ended}``: policies by level, ends in order of date."""
    sorted_out: dict[Standing, list[Json]] = {each: [] for each in Standing}
    starting, ending = [], []
    for policy in policies:
        reasons = because(policy, ground, titles)
        if not reasons:
            continue
        item, stands = applicable(policy, reasons, day), standing(policy, day)
        sorted_out[stands].append(item)
        if stands is Standing.NOT_YET and starts_soon(policy, day):
            starting.append(item)
        if stands in (Standing.CONFIRMED, Standing.UNVERIFIED):
            ending += [{"policy": item["policy"], **end} for end in ends_soon(policy, day)]
    return {
        "confirmed": by_level(sorted_out[Standing.CONFIRMED]),
        "unverified": by_level(sorted_out[Standing.UNVERIFIED]),
        "about_to_start": by_level(starting),
        "about_to_end": sorted(ending, key=lambda end: (edtf.sort_text(edtf.parse(end["date"])), end["policy"]["key"])),
        "ended": by_level(sorted_out[Standing.ENDED]),
    }
