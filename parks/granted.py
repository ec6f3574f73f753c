"""In which parks a policy applies that grants something: the rules of ``policies.applies``, asked for all parks.

A policy reaches parks by naming them, by the places it names, and by the titles whose programmes rest on it. So each
policy comes down to a few parks, with all that lies in them, and a few places, with all that lies in those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from parks.inside import all_inside, inner_parks
from policies.api import WINDOW
from policies.applies import Title
from policies.models import Level, Measure
from policies.status import PolicyStatus
from policies.titles import titles_of
from tracker.delivery.as_of import cut
from tracker.delivery.filters import held_on
from tracker.entries.fields import Json
from tracker.entries.models import Containment, Entry, Reference
from tracker.timeline.models import Span
from tracker.values import canonical


@dataclass
class Ground:
    """Where the policies with a measure apply: in parks and in places, by primary key."""

    parks: set[int] = field(default_factory=set)
    places: set[int] = field(default_factory=set)

    def add(self, named: str, pk: int) -> None:
        """:param named: ``parks`` or ``places``"""
        (self.parks if named == "parks" else self.places).add(pk)


def grounds(day: date) -> dict[str, Ground]:
    """By subject of a measure, where the policies apply that grant it on the day; five queries.

    Those in force and those nobody has verified count; what has ended or not begun does not.
    """
    granting = _granting(day)
    found: dict[str, Ground] = defaultdict(Ground)
    for subject, named, pk in _named(granting):
        found[subject].add(named, pk)
    if resting := _resting(_documents(), day):
        borne = _borne([holder["key"] for holders in resting.values() for holder in holders])
        policies = granting.filter(entry__key__in=resting).values_list("subject__key", "entry__key")
        for subject, policy in policies:
            for holder in resting[policy]:
                found[subject].parks |= borne[holder["kind"], holder["key"]].parks
                found[subject].places |= borne[holder["kind"], holder["key"]].places
    return dict(found)


def _granting(day: date) -> QuerySet[Measure]:
    """The measures that hold on a day, of public policies that had begun and were not over."""
    standing = Span.objects.on(day).exclude(status__in=(PolicyStatus.NOT_YET, PolicyStatus.ENDED))
    return Measure.objects.filter(held_on(day, *WINDOW), entry__in=standing.values("entry_id")).order_by()


def _named(granting: QuerySet[Measure]) -> Iterable[Any]:
    """(subject, ``parks`` or ``places``, primary key) of what the policies name; what is of a zone holds in its parks
    alone."""
    rows = granting.annotate(field=F("entry__references__field"), named=F("entry__references__target_id"))
    parks = Reference.objects.filter(entry=OuterRef("entry"), field="parks", target__isnull=False)
    of_a_zone = Q(field="places", entry__policy__level=Level.ZONE) & Exists(parks)
    rows = rows.filter(field__in=("parks", "places"), named__isnull=False).exclude(of_a_zone)
    return rows.values_list("subject__key", "field", "named").distinct()


def _documents() -> dict[str, list[Json]]:
    """By kind, the programmes and whoever may hold their titles."""
    titled = Reference.objects.filter(entry__kind="park", field="designations/programme")
    telling = Q(kind__in=("zone", "programme")) | Q(kind="park", pk__in=titled.values("entry_id"))
    documents: dict[str, list[Json]] = defaultdict(list)
    for kind, text in Entry.objects.live().filter(telling).values_list("kind", "document"):
        documents[kind].append(canonical.loads(text))
    return documents


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
            yield then


def _borne(keys: Sequence[str]) -> dict[tuple[str, str], Ground]:
    """Where the titles hold of the parks and zones of those keys: in a park itself, in what a zone names."""
    found: dict[tuple[str, str], Ground] = defaultdict(Ground)
    for key, pk in Entry.objects.of_kind("park").filter(key__in=keys).values_list("key", "pk"):
        found["park", key].add("parks", pk)
    zones = Reference.objects.filter(entry__kind="zone", entry__key__in=keys, field__in=("parks", "places"))
    for key, named, pk in zones.filter(target__isnull=False).values_list("entry__key", "field", "target_id"):
        found["zone", key].add(named, pk)
    for ground in found.values():
        if ground.parks:
            ground.places.clear()
    return found


# --- the parks there ----------------------------------------------------------------------------------------------


def parks_on(ground: Ground, day: date) -> Q:
    """The parks of a ground, as a condition on entries; one query."""
    there = Containment.objects.filter(kind="park", container__in=ground.places)
    return Q(pk__in=all_inside(ground.parks, inner_parks(day))) | Q(pk__in=there.values("entry_id"))
