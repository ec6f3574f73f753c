"""The zones a park or place belongs to on a day, and the titles held there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from policies.applies import Ground, Title
from policies.models import Wording
from tracker.delivery.as_of import Held, cut, held
from tracker.entries.fields import Json
from tracker.entries.kinds import plain_reference


def through(zone: Json, ground: Ground) -> Json | None:
    """By what the ground belongs to a zone: a park the zone covers, or the place that bears its title.

    A zone that names parks covers those; another park in the same city does not lie in it.
    """
    for park in zone["parks"]:
        if park["key"] in ground.parks:
            return ground.parks[park["key"]].reference
    for place in zone["places"]:
        itself = ground.subject["kind"] == "place" and ground.subject["key"] == place["key"]
        if place["key"] in ground.places and (itself or not zone["parks"]):
            return ground.places[place["key"]]
    return None


def zones_of(zones: Iterable[Json], ground: Ground, day: date) -> Iterator[tuple[Json, Json]]:
    """The zones the ground belongs to on the day: the document as of the day, and what is shown."""
    for zone in zones:
        by, then = through(zone, ground), cut(zone, day)
        if by is not None and then is not None:
            shown = {name: then[name] for name in ("status", "focus", "certain")}
            yield then, {"zone": plain_reference(zone), "through": by, **shown}


def titles_of(holders: Iterable[Json], programmes: dict[str, Json], day: date) -> list[Title]:
    """The titles the holders — zones and parks — had or sought on the day.

    A title whose date is not known is bounded by its batch. Applying for one is not holding it: it rests on nothing.
    """
    found = []
    for holder in holders:
        for designation in holder["designations"]:
            programme = programmes.get(designation["programme"]["key"], {})
            batch = _batch(programme, designation["batch"])
            on_the_day = held(designation["approved"] or designation["approved_within"], designation["withdrawn"], day)
            if on_the_day is not Held.NO:
                found.append(_title(holder, designation, programme, batch, on_the_day is Held.CERTAINLY))
    return found


def _batch(programme: Json, key: str | None) -> Json:
    return next((batch for batch in programme.get("batches", []) if batch["key"] == key), {})


def _title(holder: Json, designation: Json, programme: Json, batch: Json, certain: bool) -> Title:
    holds = designation["wording"] != Wording.APPLYING
    documents = (designation["document"], batch.get("document"), programme.get("legal_basis")) if holds else ()
    names = ("programme", "batch", "approved", "approved_within", "assessed", "withdrawn", "wording", "document")
    shown = {name: designation[name] for name in names}
    shown |= {"holder": plain_reference(holder), "holds": holds, "certain": certain}
    return Title(shown, frozenset(document["key"] for document in documents if document and document["key"]))
