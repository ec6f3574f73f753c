"""In which parks a policy applies that grants something: the rules of ``policies.applies``, asked for all parks.

A policy reaches parks by naming them, by the places it names, and by the titles whose programmes rest on it. So each
policy comes down to a few parks, with all that lies in them, and a few places, with all that lies in those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from parks.inside import all_inside, inner_parks
from policies import applies
from policies.applies import Standing, Title
from policies.models import Level, Measure
from policies.titles import titles_of
from tracker.delivery.as_of import cut
from tracker.entries.fields import Json
from tracker.entries.models import Containment, Entry, Reference
from tracker.values import canonical


@dataclass
class Ground:
    """Where the policies with a measure apply: in parks and in places, by key."""

    parks: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)


def grounds(day: date, subjects: Iterable[str] | None = None) -> dict[str, Ground]:
    """By subject of a measure, where the policies apply that grant it on the day; three queries.

    Those in force and those nobody has verified count; what has ended or not begun does not.
    """
    granting = Measure.objects.all() if subjects is None else Measure.objects.filter(subject__key__in=list(subjects))
    telling = Q(kind="policy", pk__in=granting.values("entry_id")) | Q(kind__in=("zone", "programme"))
    titled = Reference.objects.filter(entry__kind="park", field="designations/programme")
    holding = Q(kind="park", pk__in=titled.values("entry_id"))
    rows = Entry.objects.live().filter(telling | holding).values_list("kind", "document")
    documents: dict[str, list[Json]] = defaultdict(list)
    for kind, text in rows:
        documents[kind].append(canonical.loads(text))
    resting = _resting(documents, day)
    found: dict[str, Ground] = defaultdict(Ground)
    for policy in documents["policy"]:
        for subject in _granted(policy, day):
            _add(found[subject], policy, resting.get(policy["key"], []))
    return {subject: ground for subject, ground in found.items() if subjects is None or subject in subjects}


def _granted(policy: Json, day: date) -> set[str]:
    if applies.standing(policy, day) not in (Standing.CONFIRMED, Standing.UNVERIFIED):
        return set()
    return {measure["subject"]["key"] for measure in applies.measures(policy, day)}


def _add(ground: Ground, policy: Json, holders: Iterable[Json]) -> None:
    ground.parks |= _keys(policy["parks"])
    if not (policy["level"] == Level.ZONE and policy["parks"]):
        ground.places |= _keys(policy["places"])
    for holder in holders:
        if holder["kind"] == "park":
            ground.parks.add(holder["key"])
        elif holder["parks"]:
            ground.parks |= _keys(holder["parks"])
        else:
            ground.places |= _keys(holder["places"])


def _resting(documents: dict[str, list[Json]], day: date) -> dict[str, list[Json]]:
    """By policy, the zones and parks whose titles rest on it."""
    programmes = {programme["key"]: programme for programme in documents["programme"]}
    found: dict[str, list[Json]] = defaultdict(list)
    for holder in _holders(documents, day):
        titles: list[Title] = titles_of([holder], programmes, day)
        for key in {key for title in titles for key in title.rests_on}:
            found[key].append(holder)
    return found


def _holders(documents: dict[str, list[Json]], day: date) -> Iterator[Json]:
    yield from documents["park"]
    for zone in documents["zone"]:
        if (then := cut(zone, day)) is not None:
            yield then | {"parks": zone["parks"], "places": zone["places"]}


def _keys(references: Iterable[Json]) -> set[str]:
    return {reference["key"] for reference in references if reference["key"]}


# --- the parks there ----------------------------------------------------------------------------------------------


def parks_on(ground: Ground, day: date) -> Q:
    """The parks of a ground, as a condition on entries; two queries."""
    inner = inner_parks(day)
    named = Entry.objects.live().of_kind("park").filter(key__in=ground.parks).values_list("pk", flat=True)
    there = Containment.objects.filter(kind="park", container__kind="place", container__key__in=ground.places)
    return Q(pk__in=all_inside(named, inner)) | Q(pk__in=there.values("entry_id"))
