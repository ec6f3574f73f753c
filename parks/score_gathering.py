"""What a fit score reads: parks, and what the criteria name, all as the tracker told it at one feed number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from parks import applies, rivals
from parks.applies import Found
from parks.criteria import CHOICES, NAMING, Criterion
from parks.filters import ParkFilter
from parks.kinds import PARK
from parks.moment import Moment
from parks.rivals import Part
from parks.score_readings import Own, Subject, Target, World
from policies.applies import Ground, Inside
from tracker.delivery import past
from tracker.delivery.as_of import cut_or_last
from tracker.entries.fields import Json
from tracker.entries.kinds import plain_reference
from tracker.entries.models import DocumentVersion
from tracker.values import canonical
from tracker.values.circles import Circle, circle
from tracker.values.errors import Invalid

MOST_SCORED = 300
"""Parks in one score: each is read whole."""
COUNTRY = "100000"
SELECTING = ("key", "place", "category", "status")


class TooMany(Invalid):
    """More parks than one score reads."""


@dataclass(frozen=True)
class Gathered:
    subjects: list[Subject]
    world: World
    references: Mapping[tuple[str, str], Json]
    """Of all that the criteria name, by kind and key."""
    not_yet: list[Json]
    """Parks that were not there on the day."""
    parts: list[Part]
    """Of two subjects one may lie within the other."""


def gather(selection: Mapping[str, Sequence[str]], asked: Sequence[Criterion], moment: Moment,
           own: Mapping[str, Sequence[Own]]) -> Gathered:  # fmt: skip
    """Read it all; the number of queries hangs on the types of the criteria, not on the parks.

    :param selection: filters of parks: ``key``, ``place``, ``category``, ``status``.
    :raises TooMany: the selection is too wide.
    :raises Invalid: a filter or a criterion names what was not here.
    """
    documents = _parks(selection, moment)
    named = _named(asked, moment)
    regions = _regions(moment)
    then = {document["key"]: cut_or_last(document, moment.as_of) for document in documents}
    there = [shown for shown in then.values() if shown is not None]
    industries = _above_industries(moment) if any(one.type == "industry" for one in asked) else {}
    parents = _parents(there, moment)
    applicable = _applicable(there, parents, regions, moment) if any(one.type == "policy" for one in asked) else {}
    subjects = [
        Subject(document, _places(document, regions), _industries(document, industries),
                applicable.get(document["key"]), tuple(own.get(document["key"], ())))
        for document in there
    ]  # fmt: skip
    world = World(_targets(asked, named), _above(asked, named))
    references = {identity: plain_reference(document) for identity, document in named.items()}
    not_yet = [plain_reference(document) for document in documents if then[document["key"]] is None]
    parts = rivals.parts([document["key"] for document in there],
                         {key: rivals.parents_of(document) for key, document in parents.items()})  # fmt: skip
    return Gathered(subjects, world, references, not_yet, parts)


def _parks(selection: Mapping[str, Sequence[str]], moment: Moment) -> list[Json]:
    query = QueryDict(mutable=True)
    for name, values in selection.items():
        query.setlist(name, list(values))
    versions = past.asked(ParkFilter, query, moment.known_at, ()).order_by("key")
    texts = dict(versions.values_list("key", "document")[: MOST_SCORED + 1])
    if len(texts) > MOST_SCORED:
        words = f"最多 {MOST_SCORED} 个园区，请缩小范围 at most {MOST_SCORED} parks: choose fewer"
        raise TooMany(words, [("parks", words)])
    for key in selection.get("key", ()):
        if key not in texts:
            words = f"那时没有园区“{key}” this tracker had no park {key!a} at that time"
            raise Invalid(words, [("parks/key", words)])
    return [canonical.loads(text) for text in texts.values()]


def _versions(moment: Moment, kind: str) -> QuerySet[DocumentVersion]:
    return past.versions_at(moment.known_at).filter(kind=kind)


# --- what criteria name -------------------------------------------------------------------------------------------


def _identities(one: Criterion) -> list[tuple[str, str]]:
    if one.type in CHOICES:
        return [(CHOICES[one.type], key) for key in one.any_of]
    if one.type == "siting":
        return [("indicator", one.of)]
    kind, _slash, key = one.of.partition("/")
    return [(kind, key)] if one.type == "distance" else []


def _named(asked: Sequence[Criterion], moment: Moment) -> dict[tuple[str, str], Json]:
    """:raises Invalid: naming the criterion whose key leads nowhere."""
    wanted = {identity for one in asked for identity in _identities(one)}
    versions = past.versions_at(moment.known_at).filter(kind__in={kind for kind, _ in wanted},
                                                        key__in={key for _, key in wanted})  # fmt: skip
    found = {(row.kind, row.key): canonical.loads(row.document) for row in versions.order_by("kind", "key")}
    for at, one in enumerate(asked):
        for kind, key in _identities(one):
            if (kind, key) not in found:
                words = f"没有这一项 there was no {kind} {key!r}"
                raise Invalid(words, [(f"criteria/{at}/{NAMING.get(one.type, 'any_of')}", words)])
    return found


def _targets(asked: Sequence[Criterion], named: Mapping[tuple[str, str], Json]) -> dict[str, Target]:
    found = {}
    for one in asked:
        if one.type == "distance":
            kind, _slash, key = one.of.partition("/")
            document = named[kind, key]
            point = document["point"] if kind == "place" else document["location"]
            if point and point["lat"] is not None:
                lat, lng = float(point["lat"]), float(point["lng"])
                there = Circle(lat, lng) if kind == "place" else circle(lat, lng, point["precision"])
                found[one.of] = Target(plain_reference(document), there)
    return found


def _above(asked: Sequence[Criterion], named: Mapping[tuple[str, str], Json]) -> dict[str, frozenset[str]]:
    """Of each place asked for, its city and province; of a region those of its members."""
    places = {key: named["place", key] for one in asked if one.type == "place" for key in one.any_of}
    return {key: frozenset(found for part in (place, *place["members"]) for found in _chain(part)) - {key}
            for key, place in places.items()}  # fmt: skip


def _chain(place: Json) -> list[str]:
    above = (place.get("city"), place.get("province"))
    return [place["key"], *(item["key"] for item in above if item and item.get("key"))]


# --- where parks lie ----------------------------------------------------------------------------------------------


def _regions(moment: Moment) -> dict[str, frozenset[str]]:
    """The members of each region."""
    rows = _versions(moment, "place").filter(document__contains='"level":"region"').order_by("key")
    documents = [canonical.loads(row.document) for row in rows]
    return {one["key"]: frozenset(member["key"] for member in one["members"]) for one in documents}


def _places(document: Json, regions: Mapping[str, frozenset[str]]) -> frozenset[str]:
    direct = {key for place in document["places"] if place["key"] for key in _chain(place)}
    if not direct:
        return frozenset()
    around = {region for region, members in regions.items() if direct & members}
    return frozenset(direct | around | {COUNTRY})


def _above_industries(moment: Moment) -> dict[str, str]:
    documents = [canonical.loads(row.document) for row in _versions(moment, "industry")]
    return {one["key"]: one["parent"]["key"] for one in documents if one["parent"] and one["parent"]["key"]}


def _industries(document: Json, above: Mapping[str, str]) -> frozenset[str]:
    found = set()
    for industry in document["industries"]:
        key = industry["key"]
        while key and key not in found:
            found.add(key)
            key = above.get(key)
    return frozenset(found)


# --- what applies there -------------------------------------------------------------------------------------------


def _applicable(documents: Sequence[Json], parents: Mapping[str, Json], regions: Mapping[str, frozenset[str]],
                moment: Moment) -> dict[str, Json]:  # fmt: skip
    """What applies to each park on the day, worked out as its page does, but from what was told then."""
    of_kind = {kind: [canonical.loads(row.document) for row in _versions(moment, kind)]
               for kind in ("policy", "zone", "programme")}  # fmt: skip
    offering = [policy for policy in of_kind["policy"] if policy["measures"]]
    return {
        document["key"]: applies.answer(
            Found(_ground(document, parents, regions), _holders(document, parents), offering,
                  of_kind["zone"], [], of_kind["programme"]), moment.as_of)
        for document in documents
    }  # fmt: skip


def _parents(documents: Sequence[Json], moment: Moment) -> dict[str, Json]:
    """All parks around some, as of the day; one query for each step up."""
    found = {document["key"]: document for document in documents}
    for _step in range(rivals.DEEPEST):
        waiting = rivals.unread({key: rivals.parents_of(document) for key, document in found.items()})
        if not waiting:
            break
        rows = _versions(moment, PARK.name).filter(key__in=waiting)
        read = {row.key: cut_or_last(canonical.loads(row.document), moment.as_of) for row in rows}
        found |= {key: read.get(key) or {"parents": [], "places": []} for key in waiting}
    return found


def _around(document: Json, parents: Mapping[str, Json]) -> list[str]:
    above = {key: rivals.parents_of(one) for key, one in parents.items()}
    return [document["key"], *sorted(key for key in rivals.ancestors(document["key"], above) if "key" in parents[key])]


def _holders(document: Json, parents: Mapping[str, Json]) -> list[Json]:
    return [parents[key] for key in _around(document, parents)]


def _ground(document: Json, parents: Mapping[str, Json], regions: Mapping[str, frozenset[str]]) -> Ground:
    around = _around(document, parents)
    lying = document if document["places"] else next((parents[key] for key in around if parents[key]["places"]),
                                                     document)  # fmt: skip
    references = {key: {"kind": "place", "key": key, "name": None, "name_en": None} for key in _places(lying, regions)}
    references |= {place["key"]: place for place in lying["places"] if place["key"]}
    perhaps = {parent["park"]["key"] for key in around for parent in parents[key]["parents"]
               if parent.get("certain") is False}  # fmt: skip
    inside = {key: Inside(plain_reference(parents[key]), key not in perhaps) for key in around}
    return Ground(plain_reference(document), references, inside)
