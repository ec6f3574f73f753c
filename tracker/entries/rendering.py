"""From payload to public document: references expanded, derived members added, one stable order of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from tracker.values import canonical, edtf

from . import kinds
from .fields import Json, Target, World
from .kinds import Kind
from .models import Entry, Reference, State

ENVELOPE = ("version", "revision", "published_at", "updated_at", "verified_at")
"""Members that say when and how often, and not what: a document that differs only here has not changed."""


def render(entry: Entry, payload: Json, world: World, backrefs: dict[str, list[Json]], evidence: Json,
           today: date) -> Json:  # fmt: skip
    """The public document of one entry, its envelope still empty.

    :param backrefs: for each backreference of the kind, the references to show.
    :param evidence: ``{"citations": […], "conflicts": […], "stale_after": …}`` as ``sources.evidence`` renders them.
    """
    kind = kinds.get(entry.kind)
    document: Json = {"kind": kind.name, "key": entry.key, "url": url_of(kind, entry.key)}
    for member in kind.head:
        document[member.name] = member.render(payload.get(member.name), world)
    if not kind.reference_data:
        document["status"] = None
    document |= {"schema": kind.payload_schema} | dict.fromkeys((*ENVELOPE, "stale_after"))
    for member in kind.fields:
        document[member.name] = member.render(payload.get(member.name), world)
    if "location" in document:
        document["location"] = location(payload, world)
    if kind.derive:
        document |= kind.derive(document)
    for name, _schema in kind.derived:
        document.setdefault(name, None)
    document |= backrefs
    document["note"] = payload.get("note")
    document |= evidence
    return document | on_day(document, today)


def on_day(document: Json, day: date) -> Json:
    """What the passing of days changes in a document: its status and its kind's members of that sort."""
    kind = kinds.get(document["kind"])
    members = kind.on_day(document, day) if kind.on_day else {}
    return members if kind.reference_data else members | {"status": kind.status(document | members, day)}


def location(payload: Json, world: World) -> Json:
    """The entry's own point, else that of a parent park, a district, a city, a province; ``precision`` says which."""
    own = payload.get("location") or {}
    found: Json = {"lat": own.get("lat"), "lng": own.get("lng"), "precision": None, "of": None,
                   "address": own.get("address")}  # fmt: skip
    if own.get("lat") is not None:
        return found | {"precision": "site"}
    for target, precision in _containers(payload, world):
        if point := world.point(target):
            return found | {"lat": point[0], "lng": point[1], "precision": precision, "of": world.key(target)}
    return found


def _containers(payload: Json, world: World) -> Iterator[tuple[Target, str]]:
    parks = [parent["park"] for parent in payload.get("parents", [])] + payload.get("parks", [])
    yield from ((Target("park", key), "park") for key in parks)
    if len(payload.get("places", [])) != 1:
        return  # spread over several places: no one point stands for it
    place = Target("place", payload["places"][0])
    reference = world.reference(place)
    city = reference.get("city")
    yield place, "city" if city and city["key"] == place.key else str(reference.get("level"))
    if city:
        yield Target("place", city["key"]), "city"


def set_columns(entry: Entry, document: Json) -> None:
    """Set what lists filter and order by, from the document."""
    kind = kinds.get(entry.kind)
    entry.status = document.get("status", "")
    entry.date = first_date(document, kind.main_date)
    entry.date_sort = edtf.sort_text(edtf.parse(entry.date)) if entry.date else ""
    entry.since = first_date(document, kind.since)
    entry.until = first_date(document, kind.until)
    point = document.get("location") or document.get("point") or {}
    known = point.get("lat") is not None
    entry.lat = float(point["lat"]) if known else None
    entry.lng = float(point["lng"]) if known else None
    entry.precision = point.get("precision") or ""
    stale_after = document["stale_after"]
    entry.stale_after = date.fromisoformat(stale_after) if stale_after else None


def first_date(document: Json, paths: str) -> str:
    """The first known date at ``a|b/c``: a member, or the earliest in a list of children."""
    for path in filter(None, paths.split("|")):
        name, _, member = path.partition("/")
        if not member:
            if document.get(name):
                return str(document[name])
            continue
        dates = [item[member] for item in document.get(name) or [] if item.get(member)]
        if dates:
            return str(min(dates, key=lambda text: edtf.sort_text(edtf.parse(text))))
    return ""


def url_of(kind: Kind, key: str) -> str:
    """The path of the entry in the API; a document is the same wherever it is served."""
    return f"/api/v1/{kind.plural}/{key}/"


def fill_envelope(document: Json, entry: Entry) -> None:
    document["version"] = entry.version
    document["revision"] = entry.revision
    for name in ("published_at", "updated_at", "verified_at"):
        document[name] = moment(getattr(entry, name))


def moment(moment: datetime | None) -> str | None:
    """A moment as documents write it: to the second, UTC."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def content(document: str) -> Any:
    """A stored document without its envelope, for comparing."""
    parsed = canonical.loads(document) if document else {}
    for name in ENVELOPE:
        parsed.pop(name, None)
    return parsed


def backreferences(entries: Sequence[Entry]) -> dict[int, dict[str, list[Json]]]:
    """For each entry the derived lists its kind declares, one query for all."""
    found: dict[int, dict[str, list[Json]]] = {
        entry.pk: {backref.name: [] for backref in kinds.get(entry.kind).backrefs} for entry in entries
    }
    kind_of = {entry.pk: entry.kind for entry in entries}
    names = {(backref.kind, backref.field, backref.role, kind): backref.name
             for kind in set(kind_of.values()) for backref in kinds.get(kind).backrefs}  # fmt: skip
    if not names:
        return found
    rows = (
        Reference.objects.filter(target_id__in=list(kind_of), field__in={name[1] for name in names})
        .filter(entry__state=State.LIVE)
        .order_by("entry__kind", "entry__key", "position")
        .values_list("target_id", "entry__kind", "field", "role", "entry__reference")
    )
    for target_id, kind, field, role, reference in rows:
        name = names.get((kind, field, role, kind_of[target_id]))
        shown = canonical.loads(reference)
        if name and shown not in found[target_id][name]:
            found[target_id][name].append(shown)
    return found


def reference(entry: Entry, payload: Json, world: World) -> Json:
    """What others show of this entry, without rendering its lists."""
    kind = kinds.get(entry.kind)
    partial: Json = {"kind": kind.name, "key": entry.key}
    for member in (*kind.head, *kind.fields):
        value = None if member.many else payload.get(member.name)
        partial[member.name] = member.render(value, world)
    if kind.derive and kind.look_is_derived:
        partial |= kind.derive(partial)
    return kind.reference(partial)
