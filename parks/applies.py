"""What applies to a park or place on a day: its policies, zones, programmes and the layout parts that name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from parks.layout_roles import roles_of
from parks.models import Parent
from policies import applies
from policies.applies import Ground, Inside
from policies.titles import titles_of, zones_of
from tracker.delivery.as_of import Held, held
from tracker.entries.fields import Json
from tracker.entries.models import Containment, Entry, Reference, State
from tracker.entries.successors import successors
from tracker.values import canonical

NAMING = {"policy": ("places", "parks"), "zone": ("places", "parks"), "layout": ("parts/places", "parts/parks")}
"""The fields by which each kind names the ground it concerns."""

TITLE = "designations/programme"
"""The field by which zones and parks name the programme of a title."""

RESTING = ("legal_basis", "batches/document", "designations/document")
"""The fields by which programmes, zones and parks name the policies their titles rest on."""

MERGED = ("park", "place", "policy", "programme")
"""The kinds whose entries are looked for under what was merged into them, too."""

Heirs = Mapping[int, int]
"""For each entry that gave way to another, which one stands for it."""


@dataclass(frozen=True)
class Found:
    """Documents that may concern a ground, as they are stored."""

    ground: Ground
    holders: list[Json]
    """The park itself and the parks that contain it: they may hold titles."""
    policies: list[Json]
    zones: list[Json]
    layouts: list[Json]
    programmes: list[Json]


def on(entry: Entry, day: date) -> Json:
    """The whole answer for a live park or place, in a number of queries that does not grow with what applies."""
    return answer(gather(entry, day), day)


def answer(found: Found, day: date) -> Json:
    """Sort out what was gathered. Pure."""
    zones = list(zones_of(found.zones, found.ground, day))
    programmes = {programme["key"]: programme for programme in found.programmes}
    titles = titles_of([*(document for document, _ in zones), *found.holders], programmes, day)
    subject = found.ground.subject
    return {
        "subject": subject,
        "as_of": day.isoformat(),
        **applies.answer(found.policies, found.ground, titles, day),
        "zones": [shown for _, shown in zones],
        "programmes": [title.shown for title in titles],
        "layouts": roles_of(found.layouts, found.ground, day),
    }


# --- gathering ----------------------------------------------------------------------------------------------------


def gather(entry: Entry, day: date) -> Found:
    """Read what may concern a park or place: a number of queries that does not depend on the data."""
    heirs = successors(MERGED)
    around = _parks_around(entry, day, heirs) if entry.kind == "park" else {}
    parks = list(Entry.objects.filter(pk__in=around).order_by("key")) if len(around) > 1 else [entry] * len(around)
    places = _places_around(entry, parks, heirs)
    ground = Ground(
        _reference(entry), {place["key"]: place for place in places.values()},
        {row.key: Inside(_reference(row), around[row.pk]) for row in parks},
    )  # fmt: skip
    naming = list(_naming({entry.pk, *around, *places}, heirs))
    resting = _resting([entry.pk, *around, *(row.pk for row in naming if row.kind == "zone")], heirs)
    documents = {row.pk: canonical.loads(row.document) for row in (*naming, *resting)}
    of_kind = {name: [document for document in documents.values() if document["kind"] == name]
               for name in ("policy", "zone", "layout", "programme")}  # fmt: skip
    return Found(ground, [canonical.loads(row.document) for row in parks], of_kind["policy"], of_kind["zone"],
                 of_kind["layout"], of_kind["programme"])  # fmt: skip


def _reference(entry: Entry) -> Json:
    reference: Json = canonical.loads(entry.reference)
    return reference


def _parks_around(entry: Entry, day: date, heirs: Heirs) -> dict[int, bool]:
    """The park and those that contain it on the day, however deep, with whether that is certain; one query."""
    above: dict[int, list[tuple[int, bool]]] = {}
    rows = Parent.objects.filter(Q(park__state=State.LIVE) | Q(park__in=heirs), entry__state=State.LIVE)
    for child, parent, *dates in rows.values_list("entry_id", "park_id", "valid_from", "valid_to", "stated_on"):
        on_the_day = held(dates[0] or None, dates[1] or None, day, dates[2] or None)
        if on_the_day is not Held.NO:
            above.setdefault(child, []).append((heirs.get(parent, parent), on_the_day is Held.CERTAINLY))
    found = {entry.pk: True}
    waiting = [entry.pk]
    while waiting:
        child = waiting.pop()
        for parent, certain in above.get(child, []):
            if parent not in found or (found[child] and certain and not found[parent]):
                found[parent] = found[child] and certain
                waiting.append(parent)
    return found


def _places_around(entry: Entry, parks: list[Entry], heirs: Heirs) -> dict[int, Json]:
    """The places the entry lies in; a park that states none lies where the parks around it lie.

    A place that was merged looks like its successor, so that its reference names that one.
    """
    there = Q(container__state=State.LIVE) | Q(container__in=heirs)
    rows = Containment.objects.filter(there, entry__in=[entry, *parks], container__kind="place")
    own: dict[int, Json] = {}
    theirs: dict[int, Json] = {}
    for entry_id, place, reference in rows.order_by("container__key").values_list(
        "entry_id", "container_id", "container__reference"
    ):
        (own if entry_id == entry.pk else theirs)[heirs.get(place, place)] = canonical.loads(reference)
    return own or theirs


def _naming(grounds: set[int], heirs: Heirs) -> QuerySet[Entry]:
    """The policies, zones and layouts that name the ground or what contains it, or what was merged into these."""
    meant = grounds | {old for old, new in heirs.items() if new in grounds}
    of_kind = (Q(entry__kind=kind, field__in=fields) for kind, fields in NAMING.items())
    references = Reference.objects.filter(reduce(or_, of_kind), target__in=meant)
    return Entry.objects.live().filter(pk__in=references.values("entry_id")).order_by("kind", "key")


def _resting(holders: list[int], heirs: Heirs) -> QuerySet[Entry]:
    """The programmes the holders have titles of, and the policies those titles rest on."""
    titled = Reference.objects.filter(entry__in=holders, field=TITLE).values("target_id")
    telling = Q(entry__in=[*holders, *heirs.values()]) | Q(entry__in=titled)
    found = Reference.objects.filter(telling, field__in=(TITLE, *RESTING), target__isnull=False)
    meant = [(teller, field, heirs.get(target, target))
             for teller, field, target in found.values_list("entry_id", "field", "target_id")]  # fmt: skip
    titles = {target for teller, field, target in meant if field == TITLE and teller in holders}
    cited = {target for teller, field, target in meant if field != TITLE and teller in titles.union(holders)}
    return Entry.objects.live().filter(pk__in=titles | cited, kind__in=("programme", "policy")).order_by("kind", "key")
