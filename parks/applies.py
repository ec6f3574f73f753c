"""What applies to a park or place on a day: its policies, zones, programmes and the layout parts that name it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from parks.models import Parent
from policies import applies
from policies.applies import Ground, Inside
from policies.titles import titles_of, zones_of
from tracker.delivery.as_of import Held, cut, held
from tracker.entries.fields import Json
from tracker.entries.kinds import plain_reference
from tracker.entries.models import Containment, Entry, Reference, State
from tracker.values import canonical

NAMING = {"policy": ("places", "parks"), "zone": ("places", "parks"), "layout": ("parts/places", "parts/parks")}
"""The fields by which each kind names the ground it concerns."""

RESTING = ("legal_basis", "batches/document", "designations/document")
"""The fields by which programmes, zones and parks name the policies their titles rest on."""


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
    """The whole answer for a live park or place, in at most five queries however much applies."""
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
        "layouts": layouts_naming(found.layouts, subject, day),
    }


def layouts_naming(layouts: Iterable[Json], subject: Json, day: date) -> list[Json]:
    """The layouts in force on the day with their parts that name the park or place, oldest first. Pure."""
    found = []
    member = "places" if subject["kind"] == "place" else "parks"
    for layout in layouts:
        then = cut(layout, day)
        parts = [part for part in then["parts"] if _names(part[member], subject)] if then else []
        if then and parts:
            shown = {name: then[name] for name in ("subject", "pattern", "basis", "adopted", "certain")}
            found.append({"layout": plain_reference(layout), **shown, "parts": [_part(part) for part in parts]})
    return sorted(found, key=lambda item: (not item["adopted"], item["adopted"] or "", item["layout"]["key"]))


def _names(references: Iterable[Json], subject: Json) -> bool:
    return any(reference["key"] == subject["key"] for reference in references)


def _part(part: Json) -> Json:
    return {name: part[name] for name in ("key", "role", "name", "positioning", "function", "from", "to")}


# --- gathering ----------------------------------------------------------------------------------------------------


def gather(entry: Entry, day: date) -> Found:
    """Read what may concern a park or place: a number of queries that does not depend on the data."""
    around = _parks_around(entry, day) if entry.kind == "park" else {}
    parks = list(Entry.objects.filter(pk__in=around).order_by("key")) if len(around) > 1 else [entry] * len(around)
    inside = {row.key: Inside(_reference(row), around[row.pk]) for row in parks}
    ground = Ground(_reference(entry), _places_around(entry, parks), inside)
    naming = list(_naming(entry, [entry.pk, *around]))
    resting = list(_resting([entry.pk, *around, *(row.pk for row in naming if row.kind == "zone")]))
    documents = {row.pk: canonical.loads(row.document) for row in (*naming, *resting)}
    of_kind = {name: [document for document in documents.values() if document["kind"] == name]
               for name in ("policy", "zone", "layout", "programme")}  # fmt: skip
    return Found(ground, [canonical.loads(row.document) for row in parks], of_kind["policy"], of_kind["zone"],
                 of_kind["layout"], of_kind["programme"])  # fmt: skip


def _reference(entry: Entry) -> Json:
    reference: Json = canonical.loads(entry.reference)
    return reference


def _parks_around(entry: Entry, day: date) -> dict[int, bool]:
    """The park and those that contain it on the day, however deep, with whether that is certain; one query."""
    above: dict[int, list[tuple[int, bool]]] = {}
    rows = Parent.objects.filter(entry__state=State.LIVE, park__state=State.LIVE)
    for child, parent, *dates in rows.values_list("entry_id", "park_id", "valid_from", "valid_to", "stated_on"):
        on_the_day = held(dates[0] or None, dates[1] or None, day, dates[2] or None)
        if on_the_day is not Held.NO:
            above.setdefault(child, []).append((parent, on_the_day is Held.CERTAINLY))
    found = {entry.pk: True}
    waiting = [entry.pk]
    while waiting:
        child = waiting.pop()
        for parent, certain in above.get(child, []):
            if parent not in found or (found[child] and certain and not found[parent]):
                found[parent] = found[child] and certain
                waiting.append(parent)
    return found


def _places_around(entry: Entry, parks: list[Entry]) -> dict[str, Json]:
    """The places the entry lies in; a park that states none lies where the parks around it lie."""
    rows = Containment.objects.filter(entry__in=[entry, *parks], container__kind="place", container__state=State.LIVE)
    own: dict[str, Json] = {}
    theirs: dict[str, Json] = {}
    for entry_id, key, reference in rows.order_by("container__key").values_list(
        "entry_id", "container__key", "container__reference"
    ):
        (own if entry_id == entry.pk else theirs)[key] = canonical.loads(reference)
    return own or theirs


def _naming(entry: Entry, grounds: list[int]) -> QuerySet[Entry]:
    """The policies and zones that name the ground or what contains it, and the layouts that name the entry."""
    containing = Containment.objects.filter(entry__in=grounds, container__kind="place").values("container_id")
    wide = Q(target__in=containing) | Q(target__in=grounds)
    references = Reference.objects.filter(
        Q(wide, entry__kind="policy", field__in=NAMING["policy"])
        | Q(wide, entry__kind="zone", field__in=NAMING["zone"])
        | Q(entry__kind="layout", field__in=NAMING["layout"], target=entry)
    )
    return Entry.objects.live().filter(pk__in=references.values("entry_id")).order_by("kind", "key")


def _resting(holders: list[int]) -> QuerySet[Entry]:
    """The programmes the holders have titles of, and the policies those titles rest on."""
    titles = Reference.objects.filter(entry__in=holders, field="designations/programme").values("target_id")
    cited = Reference.objects.filter(field__in=RESTING, target__kind="policy").filter(
        Q(entry__in=holders) | Q(entry__in=titles)
    )
    return Entry.objects.live().filter(Q(pk__in=titles) | Q(pk__in=cited.values("target_id"))).order_by("kind", "key")
