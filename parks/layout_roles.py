"""The layout parts that a park or place belongs to on a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from policies.applies import Ground
from tracker.delivery.as_of import cut
from tracker.entries.fields import Json
from tracker.entries.kinds import plain_reference


def roles_of(layouts: Iterable[Json], ground: Ground, day: date) -> list[Json]:
    """The layouts in force on the day with the parts that the ground belongs to, oldest first, undated last.

    Each part says ``because: {type, through, certain}``: ``named`` it is named itself, ``containment`` a park or place
    around it is, ``location`` it is a place in which a park that is named lies.
    """
    found = []
    for layout in layouts:
        then = cut(layout, day)
        parts = list(_parts(then, ground)) if then else []
        if then and parts:
            shown = {name: then[name] for name in ("subject", "pattern", "basis", "adopted", "certain")}
            found.append({"layout": plain_reference(layout), **shown, "parts": parts})
    return sorted(found, key=lambda item: (not item["adopted"], item["adopted"] or "", item["layout"]["key"]))


def _parts(layout: Json, ground: Ground) -> Iterator[Json]:
    names = {part["key"]: part["name"] for part in layout["parts"]}
    for part in layout["parts"]:
        if because := _because(part, ground):
            members = ("key", "role", "name", "positioning", "function", "from", "to")
            shown = {name: part[name] for name in members}
            yield shown | {"within": names.get(part["part_of"]), "because": because}


def _because(part: Json, ground: Ground) -> Json | None:
    """Why the ground belongs to a part; beside parks, places only say where those lie."""
    subject = ground.subject
    for reference in (*part["parks"], *part["places"]):
        if (reference["kind"], reference["key"]) == (subject["kind"], subject["key"]):
            located = reference["kind"] == "place" and part["parks"]
            return _reason("location" if located else "named", subject, True)
    for park in part["parks"]:
        if inside := ground.parks.get(park["key"]):
            return _reason("containment", inside.reference, inside.certain)
    for place in () if part["parks"] else part["places"]:
        if place["key"] in ground.places:
            return _reason("containment", ground.places[place["key"]], True)
    return None


def _reason(type_: str, through: Json, certain: bool) -> Json:
    return {"type": type_, "through": through, "certain": certain}
